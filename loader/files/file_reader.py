"""Read the rows of an export into DuckDB, each cell as the text in the file.

DuckDB reads a regular file; one that it refuses, or that needs a closer look (ragged rows, empty lines, several tables,
escaped quotes, mixed line ends), is first normalized to a regular one, without losing a cell.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from loader.errors import Answer, FileRefusedError
from loader.files.containers import Export
from loader.files.csv_text import LARGEST_CELL, csv_reader, write_plain_csv
from loader.files.dialects import Dialect
from loader.files.headers import PlatformColumns
from loader.files.normalize import (
    LineEnds,
    Table,
    broken_line,
    has_empty_line,
    normalize_rows,
    scan_line_ends,
    swallows_rows,
)
from loader.files.options import ReadingOptions
from loader.files.table import CELLS, ROW_KIND, ROW_NUMBER, ROW_REASON, TABLE, count_rows, number_where_needed
from loader.filesystem import one_file, temporary_folder
from loader.names import quote_identifier, quote_text
from loader.words import counted

_CHUNK = 1 << 20
# DuckDB reads a file in buffers of several lines of this size, so it has to be small for both cores to get some
_USUAL_LINE, _LONGEST_LINE = 1 << 20, 64 << 20
_COLUMNS_A_QUERY = 500
_MOST_SHOWN_TABLES = 5
_MOST_FIRST_CELLS = 5000


def read_rows(
    export: Export,
    dialect: Dialect,
    connection: duckdb.DuckDBPyConnection,
    known: PlatformColumns,
    options: ReadingOptions | None = None,
) -> Dialect:
    """Read all rows of a file into the table TABLE: row_number (from 1), a text column a header, and the row_kind.

    Args:
        export: from `unpacked()`.
        dialect: from `recognise()`.
        connection: an in-memory DuckDB.
        known: the headers by which a second table is told from rows of the first.
        options: given by the user.

    Returns:
        The dialect, with columns added for cells beyond the last header.

    Raises:
        FileRefusedError: the file has no rows under its header, holds several tables, or can be read in two ways.

    """
    with temporary_folder() as folder:
        try:
            return _FileReader(export, connection, known, options or ReadingOptions(), folder, export.path).run(dialect)
        except csv.Error as error:
            raise FileRefusedError(
                "quotes-unsure",
                f"{export.original} has a cell of more than {LARGEST_CELL >> 20} MB, so a quote is never closed: in "
                f"the row that begins in line {_line_of_endless_cell(export, dialect)}.",
                "Fix the quote in the file, or use --quote none.",
                [Answer("quote", "none", "quotes are ordinary characters")],
            ) from error


def _line_of_endless_cell(export: Export, dialect: Dialect) -> int:
    """The line in which the row with a cell begins that the csv module refuses."""
    before = 0
    with suppress(csv.Error), export.path.open(encoding=dialect.encoding, errors="replace", newline="") as lines:
        given = (dialect.backslash, dialect.skips_spaces)
        reader = csv_reader(lines, dialect.delimiter, dialect.quote, backslash=given[0], skips_spaces=given[1])
        for _ in reader:
            before = reader.line_num
    return before + 1


@dataclass
class _FileReader:
    """The steps of reading one file, with what they share; the source is the file, or what was written of it."""

    export: Export
    connection: duckdb.DuckDBPyConnection
    known: PlatformColumns
    options: ReadingOptions
    folder: Path
    source: Path

    def run(self, dialect: Dialect) -> Dialect:
        """See `read_rows`."""
        if dialect.encoding not in ("utf-8", "utf-8-sig"):
            self.source = self.folder / "text.csv"
            _to_utf8(self.export.path, dialect, self.source)
        lines = scan_line_ends(self.source, _LONGEST_LINE)
        if lines.endless_line:
            raise FileRefusedError(
                "file-unreadable",
                f"{self.export.original} has a line of more than {_LONGEST_LINE >> 20} MB: line {lines.endless_line}.",
                "Export it again: no row is that long, so line breaks or a quote must be missing.",
            )
        if dialect.repair:
            return self._run_repaired(dialect, lines)
        is_regular = self.options.table is None and not (lines.are_mixed or lines.has_nul) and _is_regular(dialect)
        is_read = is_regular and self._load(self.source, dialect)
        if is_read and count_rows(self.connection) == 0:
            is_regular = is_read = False  # DuckDB skips all rows under a header whose quotes are none
        # a row a line: then no line is empty, and no quoted cell holds any
        is_plain = is_read and lines.lines == count_rows(self.connection) + dialect.skipped_lines
        if not (is_plain and len(dialect.columns) > 1) and has_empty_line(self.source):
            is_regular = is_read = False
        if is_read and self._has_other_header(dialect):
            is_read = False
        elif is_regular and not is_read and self.options.quote is None and self._quotes_mean_nothing(dialect):
            return replace(dialect, quote="")
        if not is_read:
            dialect = self._read_closely(dialect, lines)
        return self._with_rows(dialect, lines)

    def _run_repaired(self, dialect: Dialect, lines: LineEnds) -> Dialect:
        """Read an irregular file after rewriting it as a regular one."""
        usual = self.folder / "usual.csv"
        with self.source.open(encoding="utf-8-sig", errors="replace", newline="") as text:
            write_plain_csv(
                *(text, dialect.delimiter, dialect.quote, dialect.skipped_lines, len(dialect.headers)),
                repair=dialect.repair,
                backslash=dialect.backslash,
                goal=usual,
            )
        if not lines.has_last_end:
            os.truncate(usual, usual.stat().st_size - 1)
        self.source = usual
        plain = replace(dialect, encoding="utf-8", delimiter=",", quote='"', backslash=False, repair="",
                        skips_spaces=False, skipped_lines=0)  # fmt: skip
        read = self.run(plain)
        return replace(dialect, headers=read.headers, is_cut_off=read.is_cut_off, nul_bytes=read.nul_bytes)

    def _with_rows(self, dialect: Dialect, lines: LineEnds) -> Dialect:
        """The dialect, or that of the same file without quotes where one swallows rows; refuses a file without rows."""
        count = count_rows(self.connection)
        may_swallow = dialect.quote and lines.count > count + dialect.skipped_lines + 1
        if may_swallow and swallows_rows(self.connection, dialect):
            return self._read_without_quotes(dialect)
        if count == 0:
            raise FileRefusedError(
                "no-rows",
                f"{self.export.original} has a header with {len(dialect.headers)} columns, but no rows.",
                "Export the file again, and check the date range.",
            )
        return dialect

    def _read_closely(self, dialect: Dialect, lines: LineEnds) -> Dialect:
        """Normalize the file, and read the result."""
        regular = self.folder / "regular.csv"
        with self.source.open(encoding="utf-8-sig", errors="replace", newline="") as text:
            found = normalize_rows(text, dialect, self.known, regular, self.options.table or 1)
            text.seek(0)
            broken = broken_line(text, dialect)
        dialect = self._of_table(dialect, found.tables)
        dialect = replace(
            dialect,
            headers=dialect.headers + ("",) * (found.width - len(dialect.headers)),
            nul_bytes=lines.has_nul,
            broken_line=broken,
        )
        # DuckDB fills up short rows of a file that the csv module wrote
        written = replace(dialect, delimiter=",", quote='"', skipped_lines=0)
        if not self._load(regular, written, is_written_here=True):
            raise FileRefusedError(
                "file-unreadable",
                f"{self.export.original} can't be read as CSV.",
                "Export it again, or save it as CSV.",
            )
        is_short = not lines.has_last_end and found.last_width < len(dialect.headers)
        is_begun = found.last_width > 1 or self._begins_row(found.last_cell, dialect.columns[0])
        return replace(dialect, is_cut_off=is_short and is_begun)

    def _begins_row(self, cell: str, column: str) -> bool:
        """Whether other rows begin with a cell that begins like this one, which is no note then."""
        first = f"trim({quote_identifier(column)})"
        begins = f"select 1 from {TABLE} where starts_with({first}, $1) and {first} <> $1 limit 1"
        return bool(cell) and bool(self.connection.execute(begins, [cell]).fetchall())

    def _of_table(self, dialect: Dialect, tables: Sequence[Table]) -> Dialect:
        """The dialect of the table that the user chose, or of the only one."""
        wanted = self.options.table
        if wanted is None and len(tables) > 1:
            shown = "; ".join(
                f"table {number} from line {table.line}: {', '.join(table.headers[:4])} ({table.rows} rows)"
                for number, table in enumerate(tables[:_MOST_SHOWN_TABLES], 1)
            )
            raise FileRefusedError(
                "several-tables",
                f"{self.export.original} holds {len(tables)} tables: {shown}.",
                "Choose one with --table; each table is a load of its own.",
                [
                    Answer(
                        "table", number, f"from line {table.line}: {', '.join(table.headers[:4])} ({table.rows} rows)"
                    )
                    for number, table in enumerate(tables, 1)
                ],
            )
        if wanted is None:
            return dialect
        if wanted > len(tables):
            raise FileRefusedError(
                "no-such-part",
                f"{self.export.original} has {counted(len(tables), 'table')}, so there is no table {wanted}.",
                "Choose one of them with --table.",
            )
        chosen = tables[wanted - 1]
        return replace(dialect, headers=tuple(chosen.headers), header_line=chosen.line, table=wanted)

    def _load(self, source: Path, dialect: Dialect, *, is_written_here: bool = False) -> bool:
        """Have DuckDB read the rows under the header; whether it took the file.

        Strict as it must be with files of others, it refuses cells with other line ends than those of the rows.
        """
        for longest_line in (_USUAL_LINE, _LONGEST_LINE):
            try:
                self._create_cells(source, dialect, longest_line, is_written_here=is_written_here)
                break
            except (duckdb.OutOfMemoryException, duckdb.IOException):
                raise  # caused by the machine, not by the file
            except duckdb.Error as error:
                if longest_line == _LONGEST_LINE or "maximum line size" not in str(error).lower():
                    return False
        number = "" if number_where_needed(dialect.columns) else f"rowid + 1 as {quote_identifier(ROW_NUMBER)}, "
        self.connection.execute(f"create or replace view {TABLE} as select {number}* from {CELLS}")
        return True

    def _create_cells(self, source: Path, dialect: Dialect, longest_line: int, *, is_written_here: bool) -> None:
        columns = dialect.columns
        struct = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in columns)
        cells = ", ".join(quote_identifier(name) for name in columns)
        self.connection.execute(
            f"create or replace table {CELLS} as select {number_where_needed(columns)}{cells}, "
            f"'data' as {quote_identifier(ROW_KIND)}, cast(null as varchar) as {quote_identifier(ROW_REASON)} "
            f"from read_csv(?, auto_detect = false, header = false, all_varchar = true, delim = ?, quote = ?, "
            f"escape = ?, skip = {dialect.skipped_lines}, max_line_size = {longest_line}, "
            f"strict_mode = {not is_written_here}, parallel = {not is_written_here}, columns = {{{struct}}})",
            [one_file(source), dialect.delimiter, dialect.quote, dialect.quote],
        )

    def _has_other_header(self, dialect: Dialect) -> bool:
        """Whether a row among the data is the header of another table, told by its first cell."""
        if len(dialect.columns) < 2:
            return False
        first = quote_identifier(dialect.columns[0])
        cells = self.connection.execute(
            f"select distinct {first} from {TABLE} where length({first}) < 60 limit {_MOST_FIRST_CELLS}"
        ).fetchall()
        names = [cell for (cell,) in cells if self.known.is_known(cell)]
        shown = ", ".join(quote_identifier(name) for name in dialect.columns)
        for name in names[:_MOST_SHOWN_TABLES]:
            rows = self.connection.execute(f"select distinct {shown} from {TABLE} where {first} = ? limit 9", [name])
            for row in rows.fetchall():
                others = [(cell or "").strip() for cell in row[1:]]
                if others != list(dialect.headers[1:]) and self.known.are_all_known(others):
                    return True
        return False

    def _quotes_mean_nothing(self, dialect: Dialect) -> bool:
        """Whether each row has its width without quotes, and no cell begins and ends with one."""
        if not dialect.quote or not self._load(self.source, replace(dialect, quote="")):
            return False
        names = [quote_identifier(name) for name in dialect.columns]
        quote = quote_text(dialect.quote)
        quoted = [f"bool_or(starts_with({name}, {quote}) and ends_with({name}, {quote}))" for name in names]
        for start in range(0, len(quoted), _COLUMNS_A_QUERY):
            query = f"select {', '.join(quoted[start : start + _COLUMNS_A_QUERY])} from {TABLE}"
            if any(self.connection.execute(query).fetchall()[0]):
                return False
        return True

    def _read_without_quotes(self, dialect: Dialect) -> Dialect:
        """Read a file in which a quote swallows rows as one without quotes, if every row then has its width."""
        plain = replace(dialect, quote="")
        with_quotes = count_rows(self.connection)
        if self.options.quote is not None:
            return dialect
        if self._load(self.source, plain):
            return plain
        raise FileRefusedError(
            "quotes-unsure",
            f"{self.export.original} has a quote that is never closed. Read with quotes, it has {with_quotes} rows, "
            "some of them inside a cell; read without, its rows differ in width.",
            "Fix the quote in the file, or use --quote none or --quote double.",
            [
                Answer("quote", "double", f"quotes enclose cells: {with_quotes} rows, some of them inside a cell"),
                Answer("quote", "none", "quotes are ordinary characters: rows differ in width"),
            ],
        )


def _is_regular(dialect: Dialect) -> bool:
    return not dialect.backslash and dialect.delimiter != " " and len(dialect.delimiter.encode()) == 1


def _to_utf8(path: Path, dialect: Dialect, goal: Path) -> None:
    with (
        path.open(encoding=dialect.encoding, errors="replace", newline="") as source,
        goal.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(_CHUNK):
            copy.write(text)
