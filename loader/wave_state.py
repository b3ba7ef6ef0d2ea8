"""What of a client is loaded, as the client's own tables say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loader.errors import ClientUnknownError
from loader.log import LogEntry, write_log
from loader.mapping import (
    FIELDS,
    RULE_FIELDS,
    ColumnRule,
    MappedColumn,
    as_row,
    core_columns,
    missing_columns,
    rules_for_wave,
)
from loader.names import ClientSchema
from loader.project import Project
from loader.warehouse import Session

LOADER_TABLES = frozenset({"raw_data_staging", "wave_schema_mapping", "column_rules", "processing_log", "naming_keys"})


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


def require_tables(session: Session, project: Project, names: ClientSchema) -> None:
    """Check that a client's tables are there.

    Raises:
        ClientUnknownError: they are not.

    """
    missing = LOADER_TABLES - session.tables(project.schema_name(names.name))
    if missing:
        raise ClientUnknownError(
            f"{names} is in the registry, but has no table {', '.join(sorted(missing))}"
            f" on target '{project.target.name}'.",
            f"Make them with: spark9 client add {names.client} {names.platform} {names.year}",
        )


def loads(session: Session, schema: str, where: str = "true", parameters: Sequence[object] = ()) -> list[LoadedFile]:
    """The loads of a client by wave and upload; `where` is a condition on raw_data_staging with ? for parameters."""
    rows = session.query(
        "select load_id, wave_number, max(wave_name), max(file_name), max(upload_timestamp), "
        "count(case when row_kind = 'data' then 1 end), min(case when processed_flag then 1 else 0 end) "
        f"from {schema}.raw_data_staging where {where} group by load_id, wave_number "
        "order by wave_number, max(upload_timestamp), load_id",
        parameters,
    )
    return [
        LoadedFile(load, wave, wave_name, file, uploaded, count, bool(processed))
        for load, wave, wave_name, file, uploaded, count, processed in rows
    ]


def loads_of_wave(session: Session, schema: str, wave: int) -> list[LoadedFile]:
    """The loads of one wave, in the order of their upload."""
    return loads(session, schema, "wave_number = ?", [wave])


def load_of(session: Session, schema: str, load_id: str) -> LoadedFile | None:
    """The load of a file, if it counts now; a file of naming keys too."""
    is_wave = session.query(f"select 1 from {schema}.wave_schema_mapping where load_id = ? limit 1", [load_id])
    if is_wave:
        return loads(session, schema, "load_id = ?", [load_id])[0]
    keys = session.query(
        f"select max(file_name), max(upload_timestamp), count(*) from {schema}.naming_keys where load_id = ?", [load_id]
    )[0]
    return LoadedFile(load_id, None, None, keys[0], keys[1], keys[2], is_processed=True) if keys[2] else None


def earlier_columns(session: Session, schema: str, wave: int) -> list[MappedColumn]:
    """The mappings of all waves before one, the latest last."""
    rows = session.query(
        f"select {', '.join(FIELDS)} from {schema}.wave_schema_mapping where wave_number < ? "
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


def load_mappings(session: Session, schema: str) -> list[LoadMapping]:
    """The mappings of all loads of a client, by wave and load."""
    found: dict[str, LoadMapping] = {}
    for load, wave, *values in session.query(
        f"select load_id, wave_number, {', '.join(FIELDS)} from {schema}.wave_schema_mapping "
        "order by wave_number, updated_timestamp, load_id, ordinal nulls last, target_column"
    ):
        found.setdefault(load, LoadMapping(load, wave, [])).rows.append(MappedColumn(*values))
    return list(found.values())


def column_rules(session: Session, schema: str) -> list[ColumnRule]:
    """What people decided about the columns of a client."""
    rows = session.query(f"select {', '.join(RULE_FIELDS)} from {schema}.column_rules order by from_wave, column_name")
    return [ColumnRule(*row) for row in rows]


def align_missing_columns(session: Session, project: Project, schema: str, wave: int) -> None:
    """Have the waves after one miss what they must miss now that it has changed, inside the caller's transaction.

    A column is missing against the waves before, whichever of them was loaded first.

    Args:
        session: a session of the warehouse, in a transaction.
        project: gives the core columns and the macros.
        schema: the client's schema on this target.
        wave: the wave that was loaded, taken out or decided upon.

    """
    if not session.query(f"select 1 from {schema}.wave_schema_mapping where wave_number > ? limit 1", [wave]):
        return
    core = core_columns(project)
    rules = column_rules(session, schema)
    mappings = load_mappings(session, schema)
    for mapping in mappings:
        if mapping.wave <= wave:
            continue
        earlier = [row for other in mappings if other.wave < mapping.wave for row in other.rows]
        own = [row for row in mapping.rows if not _is_missing(row)]
        was = [row for row in mapping.rows if _is_missing(row)]
        now = missing_columns(own, core, earlier, rules_for_wave(rules, mapping.wave))
        if sorted(map(as_row, was), key=str) == sorted(map(as_row, now), key=str):
            continue
        session.query(
            f"delete from {schema}.wave_schema_mapping where load_id = ? and ordinal is null "
            "and (mapping_rule in ('missing', 'retired') or decided_by = 'person')",
            [mapping.load_id],
        )
        session.insert(
            schema,
            "wave_schema_mapping",
            ("load_id", "wave_number", *FIELDS, "updated_timestamp"),
            [(mapping.load_id, mapping.wave, *as_row(row), session.now()) for row in now],
        )
        session.query(
            f"update {schema}.raw_data_staging set processed_flag = false, schema_version = schema_version + 1 "
            "where load_id = ?",
            [mapping.load_id],
        )


def _is_missing(row: MappedColumn) -> bool:
    return row.ordinal is None and (row.mapping_rule in ("missing", "retired") or row.decided_by == "person")


def remove_load(session: Session, project: Project, schema: str, load: LoadedFile, stage: str, policy: str) -> None:
    """Take a load out of all tables, inside the caller's transaction; log and stage keep it.

    Args:
        session: a session of the warehouse, in a transaction.
        project: gives the macros.
        schema: the client's schema on this target.
        load: what to remove.
        stage: what the log calls it: 'rollback' or 'replace'.
        policy: what happens to restated rows of the client.

    """
    built = sorted(session.tables(schema) & {"processed_campaign_data", "wave_quality"})
    session.run(project.macros.call("remove_load_sql", schema, load.load_id, load.wave_number, built, policy))
    entry = LogEntry(stage, "completed", load.wave_number, load.load_id, load.file_name, row_count=load.row_count)
    write_log(session, schema, [entry])
