"""What all commands share: the options of `spark9` itself, the project that they select, and how a client is named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loader.cli.output import print_note
from loader.errors import NameRefusedError
from loader.names import ClientKey, client_from_word, client_schema

if TYPE_CHECKING:
    from loader.workspace import Workspace


@dataclass(frozen=True)
class Context:
    """The options given before the command.

    Args:
        project_dir: --project-dir.
        target: --target.
        wait: --wait, in seconds.

    """

    project_dir: Path | None = None
    target: str | None = None
    wait: float = 300.0

    @cached_property
    def workspace(self) -> Workspace:
        """The project, found when a command first needs it; the user is notified of waits."""
        from loader.workspace import open_workspace

        return open_workspace(self.project_dir, self.target, wait_seconds=self.wait, on_wait=print_note)


CLIENT_VARIABLE = "SPARK9_CLIENT"


def given_client(given: Mapping[str, Any]) -> ClientKey | None:
    """The client of --client, --platform and --year, or of --client alone; none where none of them is given.

    Raises:
        NameRefusedError: some are missing, or a part breaks its rule.

    """
    client, platform, year = (given.get(name) for name in ("client", "platform", "year"))
    if client is None and platform is None and year is None:
        return None
    if client is not None and platform is None and year is None:
        return client_from_word(client)
    if client is None or platform is None or year is None or "/" in client:
        raise NameRefusedError(
            "Name a client with --client acme/meta/2024, or with --client, --platform and --year together."
        )
    return client_schema(client, platform, year)


def default_client() -> ClientKey | None:
    """The client that SPARK9_CLIENT names, for commands that are given none.

    Raises:
        NameRefusedError: what it names is no client.

    """
    word = os.environ.get(CLIENT_VARIABLE)
    return client_from_word(word) if word else None


def required_client(given: Mapping[str, Any]) -> ClientKey:
    """The client given by the user, or the default one.

    Raises:
        NameRefusedError: there is neither, or what names it is no client.

    """
    client = given_client(given) or default_client()
    if client is None:
        raise NameRefusedError(
            f"No client is named. Use --client acme/meta/2024, or set {CLIENT_VARIABLE} for all commands."
        )
    return client
