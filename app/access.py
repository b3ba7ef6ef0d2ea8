"""The viewer, and which clients they may see and change: seeds/client_access.csv, read again each time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from loader.clients.registry import Registry
from loader.errors import ClientUnknownError, ExitCode, Spark9Error
from loader.names import ClientKey
from loader.project.project import Project


class NotAllowedError(Spark9Error):
    """A person requested something that they are not allowed to do."""

    def __init__(self, problem: str) -> None:
        """Say who may."""
        super().__init__("not-allowed", problem, exit_code=ExitCode.REFUSED)


@dataclass(frozen=True)
class Viewer:
    """A person who is signed in.

    Args:
        name: as the registry and the log have it.
        is_admin: sees every client, onboards and grants.
        accesses: 'owner' or 'reader', by client schema.

    """

    name: str
    is_admin: bool = False
    accesses: Mapping[str, str] = field(default_factory=dict)

    def may_see(self, client_schema: str) -> bool:
        """Whether the client exists for this person."""
        return self.is_admin or client_schema in self.accesses

    def may_change(self, client_schema: str) -> bool:
        """Whether this person may load and correct."""
        return self.is_admin or self.accesses.get(client_schema) == "owner"

    def require_seeing(self, client: ClientKey) -> None:
        """Stop if the client is not this person's; the message is the same as for a client that does not exist.

        Raises:
            ClientUnknownError: it is not.

        """
        if not self.may_see(client.name):
            raise ClientUnknownError(
                f"There is no client {client} that you have access to.", "Choose one of your clients."
            )

    def require_changing(self, client: ClientKey) -> None:
        """Stop if this person may only read.

        Raises:
            ClientUnknownError: the client is not this person's.
            NotAllowedError: they may read it.

        """
        self.require_seeing(client)
        if not self.may_change(client.name):
            raise NotAllowedError(f"You have read access to {client}; only its owners can load and correct.")

    def require_admin(self) -> None:
        """Stop if this person is not an admin.

        Raises:
            NotAllowedError: they are not.

        """
        if not self.is_admin:
            raise NotAllowedError("Only admins can do that.")


def viewer_named(project: Project, name: str, admins: frozenset[str]) -> Viewer:
    """A person as the registry knows them at this moment; names of mail addresses are the same in any case.

    Args:
        project: from `find_project()`.
        name: who signed in.
        admins: who sees everything.

    """
    wanted = name.casefold()
    held = {row.client_schema: row.access for row in Registry(project).accesses() if row.user_name.casefold() == wanted}
    return Viewer(name, wanted in {admin.casefold() for admin in admins}, held)


def masked(value: Any, hidden: Sequence[str]) -> Any:
    """A value without these names, in each of its texts: 'another client' stands in their place."""
    if not hidden:
        return value
    if isinstance(value, str):
        # a schema can be part of a longer name, such as a test's; acme/meta/2024 is no part of my_acme/meta/2024
        listed = "|".join(f"{'(?<![a-z0-9_])' if '/' in name else ''}{re.escape(name)}" for name in hidden)
        return re.sub(rf"({listed})(?![0-9])", "another client", value, flags=re.IGNORECASE)
    if isinstance(value, list | tuple):
        return type(value)(masked(each, hidden) for each in value)
    if isinstance(value, Spark9Error):
        words = {part: masked(getattr(value, part), hidden) for part in ("problem", "unchanged", "remedy")}
        return Spark9Error(value.code, words.pop("problem"), **words)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: masked(getattr(value, part.name), hidden) for part in fields(value)})
    return value
