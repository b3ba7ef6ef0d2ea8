"""Rows on their way into a table of Snowflake: Parquet on this machine, PUT in the client's stage, COPY."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import duckdb

from loader.errors import Spark9Error, WarehouseBusyError, WarehouseRefusedError
from loader.filesystem import sha256_of, temporary_folder
from loader.names import quote_text
from loader.warehouses.interface import Landing, Row

_PARALLEL_UPLOADS = 8
_PARQUET_BYTES = 100_000_000


class _RunsStatements(Protocol):
    """What landing asks of a session."""

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """See Session."""

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """See Session."""

    def column_types(self, table: str) -> dict[str, str]:
        """The SQL types of a table, by column."""

    def macro(self, name: str, *arguments: object) -> str:
        """The SQL that a macro gives."""

    def literal(self, value: object, sql_type: str) -> str:
        """A value as a literal of a type."""

    def local_file(self, path: str) -> str:
        """A file of this machine, as PUT takes it."""


@contextmanager
def prepared_rows(
    session: _RunsStatements,
    reader: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    columns: Sequence[str],
    rows_select: str,
    name: str,
) -> Iterator[Landing]:
    """Put rows of the reader in the client's stage as Parquet files; see `Session.prepared`."""
    types, json_type = session.column_types(table), session.macro("type_json")
    cells = ", ".join(
        f"cast({column} as varchar) as {column}" if types[column] == json_type else column for column in columns
    )
    with temporary_folder() as folder:
        reader.execute(
            f"copy (select {cells} from ({rows_select})) to '{folder}/rows' "
            f"(format parquet, compression zstd, per_thread_output true, file_size_bytes {_PARQUET_BYTES})"
        )
        stage = f"@{schema}.{schema}_stage/landing/{name}/"
        files = _named_by_content(folder / "rows")
        session.query(
            f"put {session.local_file(f'{folder}/rows/*')} {stage} "
            f"parallel = {_PARALLEL_UPLOADS} auto_compress = false source_compression = none overwrite = true"
        )
        is_ours = True
        try:
            yield Landing(schema, table, tuple(columns), stage, name, files)
        except WarehouseBusyError:  # whoever holds the lock may be landing the same file
            is_ours = False
            raise
        finally:
            # what stays behind costs storage and counts for nothing, so a failure to remove it is no failure
            if is_ours:
                with suppress(Spark9Error):
                    session.query(f"remove {stage}")


def _named_by_content(folder: Path) -> tuple[str, ...]:
    """The files of a folder, each under its hash: two processes that land one file never mix their halves of it."""
    names = []
    for path in sorted(folder.iterdir()):
        names.append(f"{sha256_of(path)[:32]}{path.suffix}")
        path.rename(folder / names[-1])
    return tuple(names)


def land_rows(
    session: _RunsStatements, landing: Landing, constants: Sequence[tuple[str, object]], expected_rows: int
) -> dict[str, Any]:
    """Have the prepared rows copied into their table; see `Session.land`."""
    details = _copy_details(_copy(session, landing, constants))
    if details["rows_loaded"] != expected_rows:
        raise WarehouseRefusedError(
            "copy-incomplete",
            f"COPY loaded {details['rows_loaded']} of {expected_rows} rows in {landing.schema}.{landing.table}"
            f" ({details['first_error'] or 'its load metadata knows these files already'}).",
            remedy="Run the load again. If it fails again, see docs/snowflake.md, 'Recovery'.",
        )
    return details


def _copy(session: _RunsStatements, landing: Landing, constants: Sequence[tuple[str, object]]) -> list[dict[str, Any]]:
    types, json_type = session.column_types(landing.table), session.macro("type_json")
    selected = [
        f"parse_json($1:{column}::varchar)" if types[column] == json_type else f"$1:{column}::{types[column]}"
        for column in landing.columns
    ]
    selected += [session.literal(value, types[name]) for name, value in constants]
    names = [*landing.columns, *(name for name, _ in constants)]
    return session.rows(
        f"copy into {landing.schema}.{landing.table} ({', '.join(names)}) "
        f"from (select {', '.join(selected)} from {landing.source}) "
        f"files = ({', '.join(map(quote_text, landing.files))}) "
        "file_format = (type = parquet use_vectorized_scanner = true) on_error = abort_statement"
    )


def _copy_details(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What COPY answered, added up over its files.

    Columns as in https://docs.snowflake.com/en/sql-reference/sql/copy-into-table#output.
    """
    files = [row for row in rows if "file" in row]
    return {
        "files": len(files),
        "rows_parsed": sum(int(row["rows_parsed"] or 0) for row in files),
        "rows_loaded": sum(int(row["rows_loaded"] or 0) for row in files),
        "errors_seen": sum(int(row["errors_seen"] or 0) for row in files),
        "first_error": next((row["first_error"] for row in files if row["first_error"]), None),
    }
