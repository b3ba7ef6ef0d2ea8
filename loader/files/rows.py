"""The rows of an export as DuckDB has them: one text column a header, the row's number and kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from loader.filesystem import temporary_folder
from loader.names import quote_identifier, quote_text

TABLE = "memory.main.export_rows"
# what `mark_rows` updates; TABLE shows it with the row number, which is the order of the file
CELLS = "memory.main.export_cells"
# names that no header can have: headers are trimmed
ROW_NUMBER, ROW_KIND, ROW_REASON = " row number", " row kind", " row reason"
IS_DATA = f"{quote_identifier(ROW_KIND)} = 'data'"
# of DuckDB; Python and what DuckDB does not count come to 300 MB more
_MEMORY = "1200MB"


@contextmanager
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB for one file; rows that its share of the memory can't hold wait on disk."""
    with temporary_folder() as folder:
        connection = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(folder)})
        try:
            yield connection
        finally:
            connection.close()


def row_as_json(columns: Sequence[str]) -> str:
    """The SQL expression of a row of TABLE as one JSON object, keyed by header."""
    cells = ", ".join(f"{quote_text(name)}: {quote_identifier(name)}" for name in columns)
    return f"to_json({{{cells}}})"


def number_in_cells(columns: Sequence[str]) -> str:
    """The SQL expression of the row number in CELLS, where TABLE can't be updated."""
    return f"export_cells.{quote_identifier(ROW_NUMBER)}" if number_where_needed(columns) else "export_cells.rowid + 1"


def number_where_needed(columns: Sequence[str]) -> str:
    """The expression of the row number, where a header hides DuckDB's rowid.

    A table keeps the order of the file, so rowid tells; row_number() over () would have DuckDB read on one core.
    """
    if all(name.casefold() != "rowid" for name in columns):
        return ""
    return f"row_number() over () as {quote_identifier(ROW_NUMBER)}, "


def count_rows(connection: duckdb.DuckDBPyConnection) -> int:
    """How many rows were read, of all kinds."""
    count: int = connection.execute(f"select count(*) from {CELLS}").fetchall()[0][0]
    return count
