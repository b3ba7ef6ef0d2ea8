"""Python's CSV reader, told how an export is written; it never refuses a row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Protocol, TextIO

LARGEST_CELL = 64 << 20
csv.field_size_limit(LARGEST_CELL)


class CsvRows(Protocol):
    """What csv.reader gives: rows, and the line that it has come to."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """The rows."""

    def __next__(self) -> list[str]:
        """The next row."""


class CsvWriter(Protocol):
    """What csv.writer gives."""

    def writerow(self, row: Sequence[str], /) -> object:
        """Write a row."""


def csv_reader(
    lines: io.TextIOBase | Iterator[str], delimiter: str, quote: str, *, backslash: bool, skips_spaces: bool
) -> CsvRows:
    """Python's CSV reader for a dialect; it never refuses a row."""
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, skipinitialspace=skips_spaces)
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote,
        escapechar="\\" if backslash else None,
        strict=False,
        skipinitialspace=skips_spaces,
    )


def with_plain_backslashes(text: str, quote: str) -> str:
    """Text for a reader that takes backslashes for escapes: those that escape no quote are doubled."""
    return re.sub(r"\\(\\|" + (quote or '"') + r")|\\", lambda found: found[0] if found[1] else r"\\", text)


def physical_lines(file: TextIO) -> Iterator[str]:
    """Lines ended by any of the three line ends; csv takes a return alone only at the end of what it is given."""
    for line in file:
        if "\r" in line[:-2]:
            yield from io.StringIO(line, newline="")
        else:
            yield line
