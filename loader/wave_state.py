"""What of a client is loaded, as the client's own tables say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loader.errors import ClientUnknownError
from loader.log import LogEntry, write_log
from loader.mapping import FIELDS, MappedColumn
from loader.names import ClientSchema
from loader.project import Project
from loader.warehouse import Session

LOADER_TABLES = frozenset({"raw_data_staging", "wave_schema_mapping", "processing_log", "naming_keys"})


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


def remove_load(session: Session, project: Project, schema: str, load: LoadedFile, stage: str) -> None:
    """Take a load out of all tables, inside the caller's transaction; log and stage keep it.

    Args:
        session: a session of the warehouse, in a transaction.
        project: gives the macros.
        schema: the client's schema on this target.
        load: what to remove.
        stage: what the log calls it: 'rollback' or 'replace'.

    """
    built = sorted(session.tables(schema) & {"processed_campaign_data", "wave_quality"})
    session.run(project.macros.call("remove_load_sql", schema, load.load_id, load.wave_number, built))
    entry = LogEntry(stage, "completed", load.wave_number, load.load_id, load.file_name, row_count=load.row_count)
    write_log(session, schema, [entry])
