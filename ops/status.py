"""The data for `spark9 status` and `spark9 log`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from loader.builds.failures import failures_of_last_build
from loader.clients.registry import RegisteredClient, Registry
from loader.clients.tables import LOADER_TABLES, ClientTables, open_client
from loader.log import LogEntry
from loader.names import ClientKey
from loader.waves.questions import OpenQuestion, at_stake, questions_of
from loader.waves.state import loads
from loader.workspace import Workspace

_LOOKED_AT, _SHOWN_FAILURES, _RECENT = 100, 5, timedelta(days=30)
_FAILED_ONLY = "where status = 'ERROR'"
# the steps of a load have the time of its commit
_LATER_STEP = "case processing_stage when 'READ' then 1 when 'PROFILE' then 2 when 'STAGE' then 3 when 'LAND' then 4 "
_LATER_STEP += "when 'MAP' then 5 when 'RECOGNISE' then 0 else 6 end"
_SHOWN = tuple(field.name for field in fields(LogEntry) if field.name not in ("column_names", "details"))


@dataclass(frozen=True)
class WaveStatus:
    """A wave, loaded and perhaps built.

    Args:
        row_count: data rows that are loaded.
        is_built: all of them are processed and scored; the fields below are none otherwise.
        is_failed: the last build failed because of it.
        is_superseded: none of its rows counts, since other exports have the same days.
        open_questions: what could change its figures and nobody has settled.
        amount_at_stake: the spend that these concern; none where no question names any.

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
    is_superseded: bool = False
    is_failed: bool = False
    open_questions: int = 0
    amount_at_stake: Decimal | None = None


@dataclass(frozen=True)
class ClientStatus:
    """A client of the registry.

    Args:
        has_tables: whether the target has its tables; the fields below are empty otherwise.
        failed_steps: those of the last thirty days, the latest first, without loads that succeeded later.

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


def client_statuses(workspace: Workspace) -> list[ClientStatus]:
    """All active clients with their waves and failed steps."""
    clients = Registry(workspace).active_clients()
    with workspace.warehouse.session() as session:
        return [_client_status(ClientTables(workspace, client, session)) for client in clients]


def read_log(
    workspace: Workspace,
    client: ClientKey,
    *,
    errors_only: bool = False,
    limit: int = 100,
) -> list[LoggedStep]:
    """The log of a client, the latest first.

    Raises:
        ClientUnknownError: the client is not in the registry, or has no tables.

    """
    with open_client(workspace, client, archived_too=True) as tables:
        return _steps(tables, errors_only=errors_only, limit=limit)


def _client_status(tables: ClientTables) -> ClientStatus:
    there = tables.session.tables(tables.schema)
    if not there >= LOADER_TABLES:
        return ClientStatus(tables.client, has_tables=False)
    built = _built_waves(tables) if "wave_quality" in there else {}
    failed = {failure.wave_number for failure in failures_of_last_build(tables)}
    asked: dict[int, list[OpenQuestion]] = {}
    for each in questions_of(tables):
        asked.setdefault(each.wave_number, []).append(each.question)
    waves: dict[int, WaveStatus] = {}
    for load in loads(tables):
        number = load.wave_number or 0
        known = waves.get(number, WaveStatus(number, load.wave_name, 0, 0, is_built=True))
        is_built = known.is_built and load.is_processed and number in built
        status = WaveStatus(
            number,
            load.wave_name or known.wave_name,
            known.files + 1,
            known.row_count + load.row_count,
            is_built,
            *(built[number] if is_built else ()),
        )
        waves[number] = replace(
            status,
            is_failed=number in failed,
            open_questions=len(asked.get(number, ())),
            amount_at_stake=at_stake(asked.get(number, ())),
        )
    return ClientStatus(
        tables.client,
        has_tables=True,
        waves=list(waves.values()),
        failed_steps=_failed_steps(tables),
    )


def _failed_steps(tables: ClientTables) -> list[LoggedStep]:
    """The latest failed steps of the last thirty days, without those of files that were loaded afterwards."""
    loaded = tables.query(
        f"select file_name, wave_number, max(processing_timestamp) from {tables.schema}.processing_log "
        "where status = 'SUCCESS' and processing_stage in ('UPLOAD', 'NAMING_KEYS') group by file_name, wave_number"
    )

    def is_loaded(step: LoggedStep) -> bool:
        failed, file = step.entry, step.entry.file_name
        return failed.processing_stage == "UPLOAD" and any(
            when > step.when
            and (name == file or name.startswith((f"{file}:", f"{file}#")))  # a sheet or member, or a table of it
            and failed.wave_number in (None, wave)
            for name, wave, when in loaded
        )

    since = datetime.now(UTC).replace(tzinfo=None) - _RECENT
    steps = [step for step in _steps(tables, errors_only=True, limit=_LOOKED_AT) if step.when > since]
    return [step for step in steps if not is_loaded(step)][:_SHOWN_FAILURES]


def _built_waves(tables: ClientTables) -> dict[int, tuple[list[str], list[str], Decimal, Decimal, str, bool]]:
    rows = tables.query(
        "select wave_number, cast(new_columns as varchar), cast(missing_columns as varchar), data_quality_score, "
        f"amount_spent, currency, row_count from {tables.built_schema}.wave_quality"
    )
    return {row[0]: (json.loads(row[1]), json.loads(row[2]), row[3], row[4], row[5], row[6] == 0) for row in rows}


def _steps(tables: ClientTables, *, errors_only: bool, limit: int) -> list[LoggedStep]:
    rows = tables.query(
        f"select processing_timestamp, {', '.join(_SHOWN)} from {tables.schema}.processing_log "
        f"{_FAILED_ONLY if errors_only else ''} "
        f"order by processing_timestamp desc, {_LATER_STEP} desc limit {int(limit)}"
    )
    return [LoggedStep(when, LogEntry(**dict(zip(_SHOWN, values, strict=True)))) for when, *values in rows]
