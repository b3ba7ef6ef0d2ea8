"""The steps of one load: told to whoever watches, and kept for the client's log."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from loader.log import LogEntry

StepNotice = Callable[[str, float], None]


def no_notice(_step: str, _share: float) -> None:
    """For callers that show no progress."""


class Steps:
    """Notes each step of a load with its seconds.

    Args:
        wave: the wave's number; none for naming keys.
        notice: is told each step and the share of the work done, 0 to 1.

    """

    def __init__(self, wave: int | None, notice: StepNotice = no_notice) -> None:
        """Start the clock."""
        self._wave = wave
        self._notice = notice
        self._started = self._last = time.monotonic()
        self._entries: list[LogEntry] = []

    def begin(self) -> None:
        """Tell that the file is being read."""
        self._notice("reading", 0.0)

    def done(
        self,
        step: str,
        share: float,
        file_name: str,
        row_count: int | None = None,
        column_count: int | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Note that a step has just ended."""
        now = time.monotonic()
        self._entries.append(
            LogEntry(
                step,
                "completed",
                self._wave,
                None,
                file_name,
                row_count=row_count,
                column_count=column_count,
                duration_seconds=now - self._last,
                details=details or None,
            )
        )
        self._last = now
        self._notice(step, share)

    def end(self) -> None:
        """Tell that all is done."""
        self._notice("done", 1.0)

    @property
    def seconds(self) -> float:
        """How long the load has taken so far."""
        return time.monotonic() - self._started

    def entries(self, load_id: str, file_hash: str) -> list[LogEntry]:
        """The log's entries, of a load whose file is known by now."""
        return [entry.of_load(load_id, file_hash) for entry in self._entries]
