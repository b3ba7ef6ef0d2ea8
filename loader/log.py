"""The processing_log of a client: every step, append-only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from loader.warehouse import Session


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

    def of_load(self, load_id: str, file_hash: str) -> LogEntry:
        """The same entry, of a load whose file is known by now."""
        return replace(self, load_id=load_id, file_hash=file_hash)


_COLUMNS = (
    "processing_timestamp",
    "processing_stage",
    "status",
    "wave_number",
    "load_id",
    "file_name",
    "file_hash",
    "row_count",
    "column_count",
    "column_names",
    "error_code",
    "error_message",
    "duration_seconds",
    "details",
)


def write_log(session: Session, schema: str, entries: Sequence[LogEntry]) -> None:
    """Append entries, all with the current time.

    Args:
        session: a session of the warehouse; inside its transaction, the entries stand or fall with the rest.
        schema: the client's schema on this target.
        entries: the steps, in their order.

    """
    now = session.now()
    session.insert(schema, "processing_log", _COLUMNS, [_values(entry, now) for entry in entries])


def _values(entry: LogEntry, now: datetime) -> tuple[object, ...]:
    names = None if entry.column_names is None else json.dumps(entry.column_names, ensure_ascii=False)
    return (
        now,
        entry.processing_stage,
        entry.status,
        entry.wave_number,
        entry.load_id,
        entry.file_name,
        entry.file_hash,
        entry.row_count,
        entry.column_count,
        names,
        entry.error_code,
        entry.error_message,
        entry.duration_seconds,
        json.dumps(entry.details, ensure_ascii=False) if entry.details else None,
    )
