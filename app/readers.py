"""Uploads are read in separate processes within limits, so that a file that takes too much can't take down the pages.

A process is kept for the next file, so that only the first has to wait until it has started.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

from loader.clients.registry import RegisteredClient
from loader.files.containers import each_export
from loader.files.options import ReadingOptions
from loader.limits import LimitedProcess, Limits
from loader.names import ClientKey
from loader.project.project import Project
from loader.waves.loading import LoadResult, load_wave
from loader.waves.plan import LoadRequest, warnings_of
from loader.waves.preview import plan_and_preview_alone
from loader.workspace import Workspace


class Readers:
    """The processes; as many files are read at once as there are cores, and at least two.

    Args:
        limits: what reading one file may take.

    """

    def __init__(self, limits: Limits) -> None:
        """Start none yet."""
        self._limits = limits
        self._turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))
        self._free: LifoQueue[LimitedProcess] = LifoQueue()
        self._is_warm = False
        atexit.register(self.close)

    def run(
        self, file: Path, function: Callable[..., Any], *values: Any, on_news: Callable[[Any], None] | None = None
    ) -> Any:
        """The result of a function of a module for a file; see LimitedProcess.run."""
        with self._turns:
            process = self._acquired()
            try:
                return process.run(file, function, *values, on_news=on_news)
            finally:
                if process.is_alive:
                    self._free.put(process)

    def warm_up(self) -> None:
        """Start one, and have it import what it needs, before anybody waits for it."""
        if not self._is_warm:
            self._is_warm = True
            threading.Thread(target=self.run, args=(Path(), ready), daemon=True).start()

    def close(self) -> None:
        """End them."""
        while not self._free.empty():
            self._free.get().close()

    def _acquired(self) -> LimitedProcess:
        try:
            return self._free.get_nowait()
        except Empty:
            return LimitedProcess(self._limits)


def ready() -> None:
    """Calling it imports what the others need."""


def exports_of(file: Path) -> list[ReadingOptions]:
    """A file, or each export of an archive, as options that name it."""
    return [options for _, options in each_export([file], ReadingOptions())]


def planned(
    workspace: Workspace,
    file: Path,
    client: ClientKey,
    wave: int | None,
    options: ReadingOptions,
    given: Mapping[str, Any],
) -> LoadResult:
    """What loading a file would do; see load_wave."""
    return load_wave(
        *(workspace, file, client, wave),
        dry_run=True,
        as_naming_keys=wave is None,
        options=options,
        **given,
    )


def planned_alone(
    project: Project, file: Path, client: RegisteredClient, wave: int | None, options: ReadingOptions, other: bool
) -> LoadResult:
    """The same for a client that is new and has no tables to compare with."""
    request = LoadRequest(file, client, wave, options=options, other_platform=other)
    plan, preview = plan_and_preview_alone(project, request)
    return LoadResult("planned", f"{plan.file_name}: {plan.row_count} rows", plan, warnings_of(plan), preview)
