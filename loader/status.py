"""What `spark9 status` and `spark9 log` show."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from loader.log import LogEntry
from loader.names import ClientSchema
from loader.project import Project
from loader.registry import RegisteredClient, Registry
from loader.warehouse import Row, Session, WaitNotice, open_warehouse
from loader.wave_state import LOADER_TABLES, loads, require_tables

_FAILED_ONLY = "where status = 'failed'"


@dataclass(frozen=True)
class WaveStatus:
    """A wave, loaded and perhaps built.

    Args:
        row_count: data rows that are loaded.
        is_built: all of them are processed and scored; the fields below are none otherwise.

    """

    wave_number: int
    wave_name: str | None
    files: int
    row_count: int
    is_built: bool
    new_columns: list[str] = field(default_factory=list)
    missing_columns: list[str] = field(default_factory=list)
    data_quality_score: Decimal | None = None
    amount_spent: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True)
class ClientStatus:
    """A client of the registry.

    Args:
        has_tables: whether the target has its tables; the fields below are empty otherwise.
        failed_steps: failed steps in the log, the latest first.

    """

    client: RegisteredClient
    has_tables: bool
    waves: list[WaveStatus] = field(default_factory=list)
    failed_steps: list[LoggedStep] = field(default_factory=list)


@dataclass(frozen=True)
class LoggedStep:
    """One row of the processing_log."""

    when: datetime
    entry: LogEntry


def client_statuses(
    project: Project, *, wait_seconds: float = 300.0, on_wait: WaitNotice | None = None
) -> list[ClientStatus]:
    """All active clients with their waves and failed steps."""
    clients = Registry(project).active_clients()
    with open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session:
        return [_client_status(session, project.schema_name(client.client_schema), client) for client in clients]


def read_log(
    project: Project,
    names: ClientSchema,
    *,
    errors_only: bool = False,
    limit: int = 100,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> list[LoggedStep]:
    """The log of a client, the latest first.

    Raises:
        ClientUnknownError: the client is not in the registry, or has no tables.

    """
    Registry(project).get(names, archived_too=True)
    with open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session:
        require_tables(session, project, names)
        return _steps(session, project.schema_name(names.name), errors_only=errors_only, limit=limit)


def _client_status(session: Session, schema: str, client: RegisteredClient) -> ClientStatus:
    tables = session.tables(schema)
    if not tables >= LOADER_TABLES:
        return ClientStatus(client, has_tables=False)
    built = _built_waves(session, schema) if "wave_quality" in tables else {}
    waves: dict[int, WaveStatus] = {}
    for load in loads(session, schema):
        number = load.wave_number or 0
        known = waves.get(number, WaveStatus(number, load.wave_name, 0, 0, is_built=True))
        is_built = known.is_built and load.is_processed and number in built
        waves[number] = WaveStatus(
            number,
            load.wave_name or known.wave_name,
            known.files + 1,
            known.row_count + load.row_count,
            is_built,
            *(built[number] if is_built else ()),
        )
    return ClientStatus(
        client,
        has_tables=True,
        waves=list(waves.values()),
        failed_steps=_steps(session, schema, errors_only=True, limit=5),
    )


def _built_waves(session: Session, schema: str) -> dict[int, tuple[list[str], list[str], Decimal, Decimal, str]]:
    rows = session.query(
        "select wave_number, cast(new_columns as varchar), cast(missing_columns as varchar), data_quality_score, "
        f"amount_spent, currency from {schema}.wave_quality"
    )
    return {row[0]: (json.loads(row[1]), json.loads(row[2]), row[3], row[4], row[5]) for row in rows}


def _steps(session: Session, schema: str, *, errors_only: bool, limit: int) -> list[LoggedStep]:
    rows = session.query(
        "select processing_timestamp, processing_stage, status, wave_number, load_id, file_name, file_hash, row_count, "
        f"column_count, error_code, error_message, duration_seconds from {schema}.processing_log "
        f"{_FAILED_ONLY if errors_only else ''} "
        f"order by processing_timestamp desc limit {int(limit)}"
    )
    return [LoggedStep(row[0], _entry(row)) for row in rows]


def _entry(row: Row) -> LogEntry:
    stage, status, wave, load, file, file_hash, rows, columns, code, message, duration = row[1:]
    return LogEntry(stage, status, wave, load, file, file_hash, rows, columns, None, code, message, duration)
