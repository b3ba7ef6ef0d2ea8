"""The rows of an export as DuckDB has them, one text column a header, and how a column of them is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

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


NUMERIC = ("integer", "decimal", "percent")
MARKS = {"plain": ".", "point": ".", "comma": ",", "native": ".", "power": ".", "micros": "."}


class ValueFormat(NamedTuple):
    """A value_format taken apart; the macros date_format_parts() and fills_down() read the same text.

    Args:
        form: how a cell is written: a key of the macros number_formats() or date_formats(); '' for text.
        span: 'range' where a cell names two days, 'week', 'month', 'quarter' or 'year' where it names the first of
            more, 'currency' where an amount names its currency; else ''.
        fills_down: a blank cell repeats the one above it.

    """

    form: str
    span: str = ""
    fills_down: bool = False

    @classmethod
    def of(cls, text: str | None) -> ValueFormat:
        """Take a value_format apart, such as 'iso:week', 'plain:down', 'down' or none."""
        parts = (text or "").split(":")
        fills_down = parts[-1] == "down"
        form, *span = (parts[:-1] if fills_down else parts) or [""]
        return cls(form, ":".join(span), fills_down)

    @property
    def of_cells(self) -> ValueFormat:
        """The same of a cell by itself, whatever stands above it."""
        return self._replace(fills_down=False)

    def __str__(self) -> str:
        """The value_format; empty for text."""
        return ":".join(filter(None, (self.form, self.span, "down" if self.fills_down else "")))


@dataclass(frozen=True)
class ColumnFormat:
    """One way to read a column: a column_type and its value_format (none for text)."""

    column_type: str
    value_format: str | None


@dataclass(frozen=True)
class Choice:
    """How a column is read, what else it could be, and whether its numbers have marks."""

    format: ColumnFormat
    ambiguous_with: str | None = None
    has_marks: bool = False


@dataclass(frozen=True)
class ColumnProfile:
    """What a column of a file holds.

    Args:
        format: the way in which most of its cells parse; text when none fits.
        filled: cells that hold a value.
        parsed: filled cells that parse; of ids, those that no spreadsheet damaged.
        control_sum: the sum of a numeric column over the data rows; none for others.
        example: the first filled cell in the order of its characters.
        ambiguous_with: another format that fits every cell as well, and gives other values.
        has_marks: whether any cell of a numeric column has a decimal mark or sets thousands apart.
        why: what decided between two ways to read it, where the cells alone do not.
        is_unsure_of_history: that evidence comes from other exports than this one.
        is_guessed: which number of its dates is the month, no date of the file proves.

    """

    format: ColumnFormat
    filled: int
    parsed: int
    control_sum: Decimal | None
    example: str | None
    ambiguous_with: str | None = None
    has_marks: bool = False
    why: str | None = None
    is_unsure_of_history: bool = False
    is_guessed: bool = False

    @property
    def has_sure_comma(self) -> bool:
        """Whether its numbers have a decimal comma, or points between thousands, without ambiguity."""
        return self.has_marks and self.format.value_format == "comma" and self.ambiguous_with is None


def best_choice(
    scores: Mapping[ColumnFormat, int], filled: int, percents: int, fractions: int, marks: int, fallback: ColumnFormat
) -> Choice:
    """The format that parses most cells, the plainest of equals; and another that fits as well with other values."""
    is_unknown = fallback.column_type == "text"
    top = max(scores.values())
    best = [column_format for column_format, count in scores.items() if count == top]
    if not filled or top == 0 or (is_unknown and top < filled):
        return Choice(fallback)
    choice = best[0]
    if choice.column_type in ("integer", "decimal") and is_unknown:
        if percents * 2 >= filled:
            choice = ColumnFormat("percent", choice.value_format)
        elif fractions:  # 5.00 is a whole number today, but its column is not one of whole numbers
            choice = ColumnFormat("decimal", choice.value_format)
    if choice.column_type == "date":
        return Choice(choice)
    mark = MARKS[choice.value_format or "plain"]
    rivals = [
        column_format.value_format
        for column_format in best[1:]
        if marks and column_format.column_type in NUMERIC and MARKS[column_format.value_format or "plain"] != mark
    ]
    return Choice(choice, rivals[0] if rivals else None, marks > 0)
