"""How a column of a file is read: its type and format, what else it could be, and the choice between formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

NUMERIC = ("integer", "decimal", "percent")
MARKS = {"plain": ".", "point": ".", "comma": ",", "micros": "."}


@dataclass(frozen=True)
class ColumnFormat:
    """One way to read a column: a column_type and its value_format (none for text)."""

    column_type: str
    value_format: str | None


@dataclass(frozen=True)
class Choice:
    """How a column is read, what it could be as well, and whether its numbers have marks."""

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
        is_unsure_of_history: that speaks of other exports than this one.

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

    @property
    def has_sure_comma(self) -> bool:
        """Whether its numbers have a decimal comma, or points between thousands, without a doubt."""
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
