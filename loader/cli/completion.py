"""Shell completion for clients and waves, from the registry and the client's tables."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from loader.cli.context import Context, required_client

if TYPE_CHECKING:
    from loader.clients.registry import RegisteredClient


def complete_client(ctx: typer.Context, incomplete: str) -> list[str]:
    """The clients of the registry as acme/meta/2024."""
    return _starting(incomplete, (str(client.key) for client in _registered(ctx)))


def complete_platform(ctx: typer.Context, incomplete: str) -> list[str]:
    """The platforms that the named client is on."""
    return _starting(incomplete, (client.platform for client in _registered(ctx)))


def complete_year(ctx: typer.Context, incomplete: str) -> list[str]:
    """The years of the named client and platform."""
    return _starting(incomplete, (str(client.year) for client in _registered(ctx)))


def complete_wave(ctx: typer.Context, incomplete: str) -> list[str]:
    """The waves of the named client that are loaded; none if the warehouse is busy or not on this machine."""
    # a shell has nowhere to show an error, and nobody waits for it
    with suppress(Exception):
        from loader.clients.tables import open_client
        from loader.waves.state import loads

        workspace = _settings(ctx).workspace.waiting(0.0)
        client = required_client(ctx.params)
        if workspace.warehouse.is_on_this_machine:
            with open_client(workspace, client, archived_too=True) as tables:
                return _starting(incomplete, (str(load.wave_number) for load in loads(tables)))
    return []


def _registered(ctx: typer.Context) -> list[RegisteredClient]:
    """The clients that fit what is typed so far."""
    with suppress(Exception):
        from loader.clients.registry import Registry

        typed = {name: value for name in ("client", "platform", "year") if (value := ctx.params.get(name)) is not None}
        clients = Registry(_settings(ctx).workspace).clients()
        return [client for client in clients if all(getattr(client, name) == value for name, value in typed.items())]
    return []


def _settings(ctx: Any) -> Context:
    """The options before the command, which were parsed but not yet acted upon."""
    given = ctx.find_root().params
    return Context(given.get("project_dir"), given.get("target"))


def _starting(incomplete: str, offers: Any) -> list[str]:
    return [offer for offer in dict.fromkeys(offers) if offer.startswith(incomplete)]
