"""The loads of a client, from the client's own tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loader.clients.tables import ClientTables
from loader.errors import WaveRefusedError
from loader.log import SUCCESS, LogEntry
from loader.waves.columns import (
    FIELDS,
    RULE_FIELDS,
    ColumnRule,
    MappedColumn,
    as_row,
    core_columns,
    rules_for_wave,
)
from loader.waves.mapping import missing_columns
from loader.waves.questions import settle_comparisons


@dataclass(frozen=True)
class LoadedFile:
    """A file that counts now.

    Args:
        wave_number: none for a file of naming keys.

    """

    load_id: str
    wave_number: int | None
    wave_name: str | None
    file_name: str
    upload_timestamp: datetime
    row_count: int
    is_processed: bool


def loads(tables: ClientTables, where: str = "true", parameters: Sequence[object] = ()) -> list[LoadedFile]:
    """The loads of a client by wave and upload; `where` is a condition on raw_data_staging with ? for parameters."""
    rows = tables.query(
        "select load_id, wave_number, max(wave_name), max(file_name), max(upload_timestamp), "
        "count(case when row_kind = 'data' then 1 end), min(case when processed_flag then 1 else 0 end) "
        f"from {tables.schema}.raw_data_staging where {where} group by load_id, wave_number "
        "order by wave_number, max(upload_timestamp), load_id",
        parameters,
    )
    return [
        LoadedFile(load, wave, wave_name, file, uploaded, count, bool(processed))
        for load, wave, wave_name, file, uploaded, count, processed in rows
    ]


def loads_of_wave(tables: ClientTables, wave: int) -> list[LoadedFile]:
    """The loads of one wave, in the order of their upload."""
    return loads(tables, "wave_number = ?", [wave])


def require_wave(tables: ClientTables, wave: int) -> list[LoadedFile]:
    """The loads of one wave.

    Raises:
        WaveRefusedError: it is not loaded; the message says which are.

    """
    files = loads_of_wave(tables, wave)
    if not files:
        numbers = sorted({str(load.wave_number) for load in loads(tables)}, key=int)
        known = f"the loaded waves are {', '.join(numbers)}" if numbers else "no wave is loaded yet"
        raise WaveRefusedError("no-such-wave", f"Wave {wave} of {tables.key} is not loaded; {known}.")
    return files


def load_of(tables: ClientTables, load_id: str) -> LoadedFile | None:
    """The load of a file, if it counts now; a file of naming keys too."""
    mapped, *keys = tables.query(
        f"select (select count(*) from {tables.schema}.wave_schema_mapping where load_id = ?), "
        f"max(file_name), max(upload_timestamp), count(*) from {tables.schema}.naming_keys where load_id = ?",
        [load_id, load_id],
    )[0]
    if mapped:
        return loads(tables, "load_id = ?", [load_id])[0]
    return LoadedFile(load_id, None, None, keys[0], keys[1], keys[2], is_processed=True) if keys[2] else None


def logged_load(tables: ClientTables, load_id: str) -> tuple[str, dict[str, Any]]:
    """The SHA-256 and details of a load as the log noted them when it landed; empty where it does not know it."""
    rows = tables.query(
        f"select file_hash, cast(details as varchar) from {tables.schema}.processing_log "
        "where load_id = ? and processing_stage in ('UPLOAD', 'NAMING_KEYS') and status = 'SUCCESS' "
        "order by processing_timestamp desc limit 1",
        [load_id],
    )
    return (rows[0][0], json.loads(rows[0][1] or "{}")) if rows else ("", {})


def earlier_columns(tables: ClientTables, wave: int) -> list[MappedColumn]:
    """The mappings of all waves before one, the latest last."""
    rows = tables.query(
        f"select {', '.join(FIELDS)} from {tables.schema}.wave_schema_mapping where wave_number < ? "
        "order by wave_number, updated_timestamp, ordinal nulls last, target_column",
        [wave],
    )
    return [MappedColumn(*row) for row in rows]


@dataclass(frozen=True)
class LoadMapping:
    """The mapping of one load."""

    load_id: str
    wave: int
    rows: list[MappedColumn]


def load_mappings(tables: ClientTables) -> list[LoadMapping]:
    """The mappings of all loads of a client, by wave and load."""
    found: dict[str, LoadMapping] = {}
    for load, wave, *values in tables.query(
        f"select load_id, wave_number, {', '.join(FIELDS)} from {tables.schema}.wave_schema_mapping "
        "order by wave_number, min(updated_timestamp) over (partition by load_id), load_id, ordinal nulls last, "
        "target_column"
    ):
        found.setdefault(load, LoadMapping(load, wave, [])).rows.append(MappedColumn(*values))
    return list(found.values())


def insert_mapping(
    tables: ClientTables, load_id: str, wave: int, columns: Sequence[MappedColumn], now: datetime
) -> None:
    """Record what the columns of a load are, inside the caller's transaction."""
    tables.insert(
        "wave_schema_mapping",
        ("load_id", "wave_number", *FIELDS, "updated_timestamp"),
        [(load_id, wave, *as_row(column), now) for column in columns],
    )


def column_rules(tables: ClientTables) -> list[ColumnRule]:
    """What people decided about the columns of a client."""
    rows = tables.query(
        f"select {', '.join(RULE_FIELDS)} from {tables.schema}.column_rules order by from_wave, column_name"
    )
    return [ColumnRule(*row) for row in rows]


def align_missing_columns(tables: ClientTables, wave: int) -> None:
    """Update the missing columns of the waves after one that has changed, inside the caller's transaction.

    A column is missing against the waves before, whichever of them was loaded first.

    Args:
        tables: the client's, in a transaction.
        wave: the wave that was loaded, rolled back or remapped.

    """
    if not tables.query(f"select 1 from {tables.schema}.wave_schema_mapping where wave_number > ? limit 1", [wave]):
        return
    core = core_columns(tables.project)
    rules = column_rules(tables)
    mappings = load_mappings(tables)
    for mapping in mappings:
        if mapping.wave <= wave:
            continue
        earlier = [row for other in mappings if other.wave < mapping.wave for row in other.rows]
        own = [row for row in mapping.rows if not _is_missing(row)]
        was = [row for row in mapping.rows if _is_missing(row)]
        now = missing_columns(own, core, earlier, rules_for_wave(rules, mapping.wave))
        if sorted(map(as_row, was), key=str) == sorted(map(as_row, now), key=str):
            continue
        tables.query(
            f"delete from {tables.schema}.wave_schema_mapping where load_id = ? and ordinal is null "
            "and (mapping_rule in ('missing', 'retired') or decided_by = 'person')",
            [mapping.load_id],
        )
        insert_mapping(tables, mapping.load_id, mapping.wave, now, tables.session.now())
        tables.query(
            f"update {tables.schema}.raw_data_staging set processed_flag = false, schema_version = schema_version + 1 "
            "where load_id = ?",
            [mapping.load_id],
        )


def _is_missing(row: MappedColumn) -> bool:
    return row.ordinal is None and (row.mapping_rule in ("missing", "retired") or row.decided_by == "person")


def remove_load(
    tables: ClientTables, load: LoadedFile, step: str, reason: str, details: dict[str, Any] | None = None
) -> None:
    """Remove a load from all tables, inside the caller's transaction; log and stage keep it.

    Questions of other loads about this one are settled by it.

    Args:
        tables: the client's, in a transaction.
        load: what to remove.
        step: what the log calls it: 'rollback' or 'replace'.
        reason: what became of it, as the answer to these questions.
        details: for the log.

    """
    built = sorted(tables.session.tables(tables.schema) & {"processed_campaign_data", "wave_quality"})
    client = tables.client
    tables.run("remove_load_sql", load.load_id, load.wave_number, built, client.restatement, client.overlap)
    tables.log(
        LogEntry(
            step, SUCCESS, load.wave_number, load.load_id, load.file_name, row_count=load.row_count, details=details
        )
    )
    settle_comparisons(tables, load.load_id, reason)
