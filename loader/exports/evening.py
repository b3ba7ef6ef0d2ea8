"""Write an uneven file again as a regular one, losing no cell: ragged rows, empty lines, several tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from loader.exports.csv_text import CsvWriter, csv_reader, physical_lines, with_plain_backslashes
from loader.exports.dialects import Dialect
from loader.exports.header_rows import looks_like_names, looks_like_values
from loader.exports.headers import PlatformColumns


@dataclass
class Table:
    """One of the tables in a file."""

    line: int
    headers: list[str]
    rows: int = 0


@dataclass
class Evened:
    """A file written again: its tables, the widest row of the chosen one, and the width of its last."""

    tables: list[Table] = field(default_factory=list)
    width: int = 0
    last_width: int = 0


def even_out(text: TextIO, dialect: Dialect, known: PlatformColumns, goal: Path, wanted: int) -> Evened:
    """Write the rows of the wanted table with as many cells in each; count the rows of all tables."""
    found = Evened([Table(dialect.header_line, list(dialect.headers))])
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


def _keep(writer: CsvWriter, found: Evened, row: list[str], wanted: int) -> None:
    table = found.tables[-1]
    table.rows += 1
    if len(found.tables) == wanted:
        row = row if len(row) <= len(table.headers) else _without_empty_end(row, len(table.headers))
        found.width = max(found.width, len(row))
        found.last_width = len(row)
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
    has_names = looks_like_names(cells) and looks_like_values(first_row)
    return is_after_gap and has_names and known.count_known(cells) > 0


def _records(file: TextIO, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """The rows under the header with their lines; an empty line is a row without cells."""
    text: Iterator[str] = (line.replace("\0", "") for line in physical_lines(file))
    if dialect.backslash:
        text = (with_plain_backslashes(line, dialect.quote) for line in text)
    reader = csv_reader(
        text, dialect.delimiter, dialect.quote, backslash=dialect.backslash, skips_spaces=dialect.skips_spaces
    )
    before = dialect.skipped_lines
    for _ in range(before):
        next(text, None)
    for row in reader:
        yield before + 1, row
        before = dialect.skipped_lines + reader.line_num
