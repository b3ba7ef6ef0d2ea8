"""COPY INTO a table from a stage with a select over $1, which fakesnow takes only without functions.

https://docs.snowflake.com/en/sql-reference/sql/copy-into-table: files of the path are loaded whole or not at all
(on_error = abort_statement), a file that the table's load metadata knows is skipped unless force = true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import snowflake.connector.errors
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.transforms import stage

from tests.emulator.names import NAME
from tests.emulator.statements import Answer, Session, full_name

_COPY = re.compile(
    rf"\s*copy\s+into\s+({NAME})\s*\(([^)]*)\)\s+from\s*\(\s*select\s+(.*?)\s+from\s+@({NAME})/?([^\s)]*)\s*\)"
    r"(?:\s*files\s*=\s*\(([^)]*)\))?\s*file_format\s*=\s*\(([^)]*)\)(.*)",
    re.IGNORECASE | re.DOTALL,
)
COLUMNS = (
    "file",
    "status",
    "rows_parsed",
    "rows_loaded",
    "error_limit",
    "errors_seen",
    "first_error",
    "first_error_line",
    "first_error_character",
    "first_error_column_name",
)


def copy_with_transformation(cursor: FakeSnowflakeCursor, session: Session, sql: str) -> Answer | None:
    """Run such a COPY of Parquet files; none when the statement is another one."""
    match = _COPY.fullmatch(sql.strip().rstrip(";"))
    if match is None:
        return None
    table, columns, select, stage_name, path, listed, _file_format, options = match.groups()
    target = full_name(session, "TABLE", table)
    folder = Path(stage.internal_dir(full_name(session, "STAGE", stage_name)))
    files = sorted(
        file for file in folder.rglob("*") if file.is_file() and file.relative_to(folder).as_posix().startswith(path)
    )
    if listed is not None:
        files = [folder / path / name for name in re.findall(r"'([^']*)'", listed)]
        _require(files)
    if not files:
        return Answer(["status"], [["Copy executed with 0 files processed."]])
    # a backslash begins an escape in Snowflake's literals, and is a character in DuckDB's
    select = re.sub(
        r"'(?:[^'\\]|''|\\.)*'", lambda literal: re.sub(r"\\(.)", r"\1", literal[0]), select, flags=re.DOTALL
    )
    expressions = re.sub(r"\$1:(\w+)", r'"\1"', select)
    expressions = re.sub(r"parse_json\(", "json(", expressions, flags=re.IGNORECASE)
    expressions = re.sub(r"::timestamp_ntz(\(\d\))?", "::timestamp", expressions, flags=re.IGNORECASE)
    force = re.search(r"force\s*=\s*true", options, re.IGNORECASE)
    rows = []
    connection = cursor._duck_conn
    for file in files:
        staged = file.relative_to(folder).as_posix()
        if was_loaded(cursor, target, str(file)) and not force:
            rows.append([staged, "LOAD_SKIPPED", "0", "0", None, "1", "File was loaded before.", None, None, None])
            continue
        try:
            connection.execute(
                f"insert into {target} ({columns}) select {expressions} from read_parquet(?)", [str(file)]
            )
        except duckdb.Error as error:
            raise snowflake.connector.errors.ProgrammingError(
                msg=f"{str(error).splitlines()[0]} File '{staged}'", errno=100038, sqlstate="22018"
            ) from error
        count = str(connection.fetchall()[0][0])
        was_loaded(cursor, target, str(file), note=int(count))
        rows.append([staged, "LOADED", count, count, "1", "0", None, None, None, None])
    return Answer(COLUMNS, rows)


def _require(files: Sequence[Path]) -> None:
    if missing := next((file for file in files if not file.is_file()), None):
        raise snowflake.connector.errors.ProgrammingError(
            msg=f"Remote file '{missing.name}' was not found.", errno=91016, sqlstate="22000"
        )


def was_loaded(cursor: FakeSnowflakeCursor, target: str, file: str, note: int | None = None) -> bool:
    """Whether the table's load metadata knows a file; with `note`, that many of its rows are noted as loaded.

    It is part of the transaction, as fakesnow keeps it in a table.
    """
    connection = cursor._duck_conn
    database, schema, name = target.split(".")
    history = f"{database}._fs_information_schema._fs_load_history"
    known = connection.execute(
        f"select 1 from {history} where file_name = ? and table_name = ? and schema_name = ?", [file, name, schema]
    ).fetchall()
    if note is not None:
        connection.execute(
            f"insert into {history} values (?, ?, ?, now(), 'LOADED', ?, ?, null, null, null, null, 0, 1)",
            [schema, file, name, str(note), str(note)],
        )
    return bool(known)
