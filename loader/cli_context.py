"""What all commands share: the options of `spark9` itself, and the project that they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from loader.cli_output import print_note
from loader.names import ClientSchema, client_schema

if TYPE_CHECKING:
    from loader.project import Project


@dataclass(frozen=True)
class Context:
    """The options given before the command.

    Args:
        project_dir: --project-dir.
        target: --target.
        wait: --wait, in seconds.

    """

    project_dir: Path | None
    target: str | None
    wait: float

    @cached_property
    def project(self) -> Project:
        """The project; found when a command first needs it."""
        from loader.project import find_project

        return find_project(self.project_dir, self.target)

    def names(self, client: str, platform: str, year: int) -> ClientSchema:
        """The checked names of a client."""
        return client_schema(client, platform, year)

    def on_wait(self, message: str) -> None:
        """Tell the user that the warehouse is waited for."""
        print_note(message)
