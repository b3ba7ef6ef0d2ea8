"""What all commands share: the options of `spark9` itself, and the project that they select."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from loader.cli.output import print_note

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
