"""What all commands share: the options of `spark9` itself, and the project that they select."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from loader.cli.output import print_note

if TYPE_CHECKING:
    from loader.project.project import Project
    from loader.warehouses.interface import Waiting


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
    def project(self) -> Project:
        """The project; found when a command first needs it."""
        from loader.project.project import find_project

        return find_project(self.project_dir, self.target)

    @property
    def waiting(self) -> Waiting:
        """How commands wait for the warehouse, and notify the user."""
        return {"wait_seconds": self.wait, "on_wait": print_note}
