"""Progress bars on the error stream, for one slow file and for many files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from loader.cli.output import error_console, escape

if TYPE_CHECKING:
    from rich.progress import Progress

_BAR_AFTER_SECONDS = 1.0


@contextmanager
def file_bar(what: str, count: int) -> Iterator[Callable[[str], None]]:
    """A bar for many files; yields the callback that takes each file's name before it is processed.

    Args:
        what: is done with them.
        count: of files.

    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[file]}"))
    with Progress(*columns, TimeElapsedColumn(), console=error_console(), transient=True) as progress:
        task = progress.add_task("", total=count, file="")
        begun = 0

        def on_file(name: str) -> None:
            nonlocal begun
            progress.update(task, completed=begun, file=escape(name))
            begun += 1

        yield on_file
        progress.update(task, completed=count, file="")


class StepBar:
    """A progress bar that appears only when a file takes more than a second.

    Args:
        label: what is being loaded.

    """

    def __init__(self, label: str) -> None:
        """Nothing is shown yet."""
        self._label = label
        self._step, self._share = "reading", 0.0
        self._progress: Progress | None = None
        self._timer = threading.Timer(_BAR_AFTER_SECONDS, self._show)

    def _show(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn(escape(self._label)),
            BarColumn(),
            TextColumn("{task.fields[step]}"),
            TimeElapsedColumn(),
            console=error_console(),
            transient=True,
        )
        task = self._progress.add_task("", total=1.0, step=self._step)
        self._progress.update(task, completed=self._share)
        self._progress.start()

    def step(self, name: str, share: float) -> None:
        """Show the step that has just ended, and the share of the work done."""
        self._step, self._share = name, share
        if self._progress and self._progress.task_ids:
            self._progress.update(self._progress.task_ids[0], completed=share, step=name)

    def __enter__(self) -> StepBar:
        """Start the clock."""
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._timer.cancel()
        self._timer.join()
        if self._progress:
            self._progress.stop()
