"""Whether quotes in a file are quotes: one that is never closed swallows rows."""

from __future__ import annotations

import duckdb

from loader.exports.dialects import Dialect
from loader.exports.rows import TABLE
from loader.names import quote_identifier, quote_text

_COLUMNS_A_QUERY = 500


def swallows_rows(connection: duckdb.DuckDBPyConnection, dialect: Dialect) -> bool:
    """Whether a cell holds a line that is a row by itself: a quote was never closed."""
    columns = dialect.columns
    for start in range(0, len(columns), _COLUMNS_A_QUERY):
        names = [quote_identifier(name) for name in columns[start : start + _COLUMNS_A_QUERY]]
        with_breaks = connection.execute(
            f"select {', '.join(f'bool_or(contains({name}, chr(10)) or contains({name}, chr(13)))' for name in names)} "
            f"from {TABLE}"
        ).fetchall()[0]
        for name, has_breaks in zip(names, with_breaks, strict=True):
            if has_breaks and _has_whole_row(connection, name, dialect):
                return True
    return False


def _has_whole_row(connection: duckdb.DuckDBPyConnection, name: str, dialect: Dialect) -> bool:
    needed = max(len(dialect.headers) - 1, 1)
    delimiter = quote_text(dialect.delimiter)
    return bool(
        connection.execute(
            f"select 1 from (select unnest(regexp_split_to_array({name}, '\\r\\n|\\n|\\r')) as line from {TABLE} "
            f"where contains({name}, chr(10)) or contains({name}, chr(13))) "
            f"where length(line) - length(replace(line, {delimiter}, '')) >= {needed} limit 1"
        ).fetchall()
    )
