"""The processing_log of a client: every step, append-only; and progress events of a load."""

from __future__ import annotations

import getpass
import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Protocol

# the founding documents look for these statuses, and for stages in capitals, such as UPLOAD
SUCCESS, ERROR = "SUCCESS", "ERROR"


@dataclass(frozen=True)
class LogEntry:
    """One step; docs/data_contract.md describes each field."""

    processing_stage: str
    status: str
    wave_number: int | None = None
    load_id: str | None = None
    file_name: str | None = None
    file_hash: str | None = None
    row_count: int | None = None
    column_count: int | None = None
    column_names: list[str] | None = None
    error_code: str | None = None
    error_message: str | None = None
    duration_seconds: float | None = None
    details: dict[str, Any] | None = None
    done_by: str | None = None

    def of_load(self, load_id: str, file_hash: str) -> LogEntry:
        """The same entry, of a load whose file is known by now."""
        return replace(self, load_id=load_id, file_hash=file_hash)


class _TakesEntries(Protocol):
    """What the log asks of a session of the warehouse."""

    def insert(self, schema: str, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows in a table."""

    def now(self) -> datetime:
        """The warehouse's time in UTC."""


_COLUMNS = ("processing_timestamp", *(field.name for field in fields(LogEntry)))


def current_actor() -> str | None:
    """The user named in the log: SPARK9_USER, which the web pages set to the signed-in user, else the system user."""
    if named := os.environ.get("SPARK9_USER"):
        return named
    with suppress(OSError, KeyError, ImportError):  # a container may have no name for its user
        return getpass.getuser()
    return None


def write_log(session: _TakesEntries, schema: str, entries: Sequence[LogEntry]) -> None:
    """Append entries, all with the current time and user.

    Args:
        session: a session of the warehouse; inside its transaction, the entries are committed or rolled back with it.
        schema: the client's schema on this target.
        entries: the steps, in their order.

    """
    now, who = session.now(), current_actor()
    named = [
        replace(entry, processing_stage=entry.processing_stage.upper(), done_by=entry.done_by or who)
        for entry in entries
    ]
    rows = [(now, *(_as_text(getattr(entry, name)) for name in _COLUMNS[1:])) for entry in named]
    session.insert(schema, "processing_log", _COLUMNS, rows)


def _as_text(value: object) -> object:
    """Lists and details as JSON, as the table keeps them; anything else as it is."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


StepNotice = Callable[[str, float], None]


def no_notice(_step: str, _share: float) -> None:
    """For callers that show no progress."""


class Steps:
    """Notes each step of a load with its seconds.

    Args:
        wave: the wave's number; none for naming keys.
        notice: called with each step and the share of the work done, 0 to 1.

    """

    def __init__(self, wave: int | None, notice: StepNotice = no_notice) -> None:
        """Start the clock."""
        self._wave = wave
        self._notice = notice
        self._started = self._last = time.monotonic()
        self._entries: list[LogEntry] = []

    def begin(self) -> None:
        """Report that the file is being read."""
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
        """Record that a step has just ended."""
        now = time.monotonic()
        self._entries.append(
            LogEntry(
                step,
                SUCCESS,
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
        """Report that everything is done."""
        self._notice("done", 1.0)

    @property
    def seconds(self) -> float:
        """How long the load has taken so far."""
        return time.monotonic() - self._started

    def entries(self, load_id: str, file_hash: str) -> list[LogEntry]:
        """The log's entries, of a load whose file is known by now."""
        return [entry.of_load(load_id, file_hash) for entry in self._entries]
