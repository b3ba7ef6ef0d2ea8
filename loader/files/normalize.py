"""Normalize an irregular file: rewrite it as regular CSV without losing a cell; and detect which files need it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import duckdb

from loader.files.csv_text import (
    CsvWriter,
    csv_reader,
    physical_lines,
    with_plain_backslashes,
    with_stray_quotes_mended,
)
from loader.files.dialects import Dialect
from loader.files.header_rows import looks_like_values
from loader.files.headers import PlatformColumns
from loader.files.table import TABLE
from loader.names import quote_identifier, quote_text


@dataclass
class Table:
    """One of the tables in a file."""

    line: int
    headers: list[str]
    rows: int = 0


@dataclass
class NormalizedRows:
    """A file written again: its tables, the widest row of the chosen one, and the first cell and width of its last."""

    tables: list[Table] = field(default_factory=list)
    width: int = 0
    last_width: int = 0
    last_cell: str = ""


def normalize_rows(text: TextIO, dialect: Dialect, known: PlatformColumns, goal: Path, wanted: int) -> NormalizedRows:
    """Write the rows of the wanted table with as many cells in each; count the rows of all tables."""
    found = NormalizedRows([Table(dialect.header_line, list(dialect.headers))])
    first_pass = goal.with_suffix(".rows")
    with first_pass.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, quoting=csv.QUOTE_ALL)
        held: list[str] | None = None
        is_after_gap = False
        first_row: list[str] = []
        for line, row in _records(text, dialect):
            filled = [cell for cell in row if cell.strip()]
            table = found.tables[-1]
            if _begins_table(row, table, first_row, known, is_after_gap=is_after_gap):
                held = None  # the title of the next table
                found.tables.append(Table(line, _without_empty_end(row)))
                is_after_gap, first_row = False, []
                continue
            if held is not None:
                _keep(writer, found, held, wanted)
                held = None
            is_after_gap = len(filled) <= 1 and len(table.headers) > 1
            if not row:
                continue
            first_row = first_row or row
            if is_after_gap and filled:
                held = row
            else:
                _keep(writer, found, row, wanted)
        if held is not None:
            _keep(writer, found, held, wanted)
    width = max(found.width, len(found.tables[min(wanted, len(found.tables)) - 1].headers))
    found.width = width
    with first_pass.open(encoding="utf-8", newline="") as rows, goal.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in csv.reader(rows):
            writer.writerow(row + [""] * (width - len(row)))
    return found


def broken_line(file: TextIO, dialect: Dialect) -> int:
    """The first line in which something else than a delimiter follows a quote that closes a cell; 0 for none.

    The csv module goes on there with the same cell, and what was meant nobody knows.
    """
    if not dialect.quote or dialect.backslash:
        return 0
    rows = csv.reader(
        physical_lines(file),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        strict=True,
        skipinitialspace=dialect.skips_spaces,
    )
    try:
        for _ in rows:
            pass
    except csv.Error:
        return rows.line_num
    return 0


def _keep(writer: CsvWriter, found: NormalizedRows, row: list[str], wanted: int) -> None:
    table = found.tables[-1]
    table.rows += 1
    if len(found.tables) == wanted:
        row = row if len(row) <= len(table.headers) else _without_empty_end(row, len(table.headers))
        found.width = max(found.width, len(row))
        found.last_width, found.last_cell = len(row), row[0].strip()
        writer.writerow(row)


def _without_empty_end(row: list[str], least: int = 1) -> list[str]:
    end = len(row)
    while end > least and not row[end - 1].strip():
        end -= 1
    return [cell.strip() if least == 1 else cell for cell in row[:end]]


def _begins_table(
    row: Sequence[str], table: Table, first_row: Sequence[str], known: PlatformColumns, *, is_after_gap: bool
) -> bool:
    """Whether a row is the header of another table: known names only, or names after a gap where figures were."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) < 2 or cells == [header for header in table.headers if header]:
        return False
    if known.are_all_known(cells):
        return True
    has_names = looks_like_values(first_row) and not looks_like_values(cells)
    return is_after_gap and has_names and known.count_known(cells) > 0


def _records(file: TextIO, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """The rows under the header with their lines; an empty line is a row without cells."""
    text: Iterator[str] = (line.replace("\0", "") for line in physical_lines(file))
    before = dialect.skipped_lines
    for _ in range(before):
        next(text, None)
    if dialect.backslash:
        text = (with_plain_backslashes(line, dialect.quote) for line in text)
    else:
        text = with_stray_quotes_mended(text, dialect.delimiter, dialect.quote, len(dialect.headers))
    reader = csv_reader(
        text, dialect.delimiter, dialect.quote, backslash=dialect.backslash, skips_spaces=dialect.skips_spaces
    )
    for row in reader:
        yield before + 1, row
        before = dialect.skipped_lines + reader.line_num


_CHUNK = 1 << 20


@dataclass(frozen=True)
class LineEnds:
    """What the line ends of a UTF-8 file tell.

    Args:
        count: how many there are.
        are_mixed: of several kinds.
        has_nul: the file has NUL bytes.
        has_last_end: the last line has an end.
        endless_line: the number of a line that is so long that no row can be; 0 where there is none.

    """

    count: int
    are_mixed: bool
    has_nul: bool
    has_last_end: bool
    endless_line: int

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return self.count + (not self.has_last_end)


def scan_line_ends(path: Path, longest: int) -> LineEnds:
    """Count the line ends of a file, in one pass over its bytes; no line is taken into memory for it."""
    line_feeds = returns = pairs = length = endless_line = 0
    has_nul = False
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            length = 0 if b"\n" in chunk or b"\r" in chunk else length + len(chunk)
            if length > longest and not endless_line:
                endless_line = line_feeds + returns - pairs + 1
            has_nul = has_nul or b"\0" in chunk
            line_feeds += chunk.count(b"\n")
            if b"\r" in chunk or last == b"\r":
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            last = chunk[-1:]
    kinds = (line_feeds - pairs, returns - pairs, pairs)
    are_mixed = sum(count > 0 for count in kinds) > 1
    return LineEnds(sum(kinds), are_mixed, has_nul, last in (b"\n", b"\r"), endless_line)


def has_empty_line(path: Path) -> bool:
    """Whether a file has an empty line before its last row."""
    ends_in_gap, last = False, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            gaps = [b"\n\n"] + [b"\n\r\n", b"\r\r"] * (b"\r" in chunk or b"\r" in last)
            # what spans two chunks is seen with the one before
            filled, joint = chunk.rstrip(b"\r\n"), last + chunk[:3]
            if filled and (ends_in_gap or any(gap in joint or gap in filled for gap in gaps)):
                return True
            ends_in_gap = any(gap in chunk[len(filled) :] for gap in gaps) or (ends_in_gap and not filled)
            last = chunk[-3:]
    return False


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
