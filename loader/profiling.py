"""What the columns of a file hold: type, format, filled cells and control sum, over the whole column.

The cells are parsed by the same macros as the models use, so what is proposed here parses there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from loader.macros import MacroLibrary
from loader.names import quote_identifier
from loader.reading import ROW_NUMBER, TABLE

_SAMPLE_ROWS = 10_000
_COLUMNS_A_QUERY = 40
_WITH_FRACTION = ".*[.,][0-9]{1,2}[^0-9]*"
_NUMBER_ORDER = ("plain", "point", "comma")


@dataclass(frozen=True)
class Reading:
    """One way to read a column: a column_type and its value_format (none for text)."""

    column_type: str
    value_format: str | None


@dataclass(frozen=True)
class ColumnProfile:
    """What a column of a file holds.

    Args:
        reading: the way in which most of its cells parse; text when none fits.
        filled: cells that hold a value.
        parsed: filled cells that parse.
        control_sum: the sum of a numeric column over the data rows; none for others.
        example: the first filled cell.
        ambiguous_with: another format that fits every cell as well.

    """

    reading: Reading
    filled: int
    parsed: int
    control_sum: Decimal | None
    example: str | None
    ambiguous_with: str | None = None


class Profiler:
    """Profiles the table that `read_rows` made. Needs row_kind, so `find_totals` comes first."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, macros: MacroLibrary) -> None:
        """Keep the connection that read the file, and the project's macros for DuckDB."""
        self._connection = connection
        self._macros = macros

    def profile(self, columns: Sequence[str], wanted: Mapping[str, str | None]) -> dict[str, ColumnProfile]:
        """Profile columns.

        Args:
            columns: names in the table.
            wanted: the type that a column must have because its header is known; none where it is to be found.

        """
        profiles: dict[str, ColumnProfile] = {}
        for start in range(0, len(columns), _COLUMNS_A_QUERY):
            chunk = columns[start : start + _COLUMNS_A_QUERY]
            choices = self._choose(chunk, wanted, sample=True)
            measured = self._measure(chunk, {name: choice[0] for name, choice in choices.items()})
            # the sample can miss what the whole column shows
            doubtful = [name for name in chunk if measured[name].parsed < measured[name].filled]
            if doubtful:
                choices |= self._choose(doubtful, wanted, sample=False)
                measured |= self._measure(doubtful, {name: choices[name][0] for name in doubtful})
            for name in chunk:
                found = measured[name]
                profiles[name] = ColumnProfile(
                    found.reading, found.filled, found.parsed, found.control_sum, found.example, choices[name][1]
                )
        return profiles

    def parsed(self, column: str, reading: Reading) -> str:
        """The SQL expression that reads a column's cells as `reading` says."""
        return str(self._macros.call("parse_cell", _cell(column), reading.column_type, reading.value_format)).strip()

    def _choose(
        self, columns: Sequence[str], wanted: Mapping[str, str | None], *, sample: bool
    ) -> dict[str, tuple[Reading, str | None]]:
        candidates = {name: list(self._candidates(wanted.get(name))) for name in columns}
        expressions = []
        for name in columns:
            filled = self._filled(name)
            expressions += [
                f"count({filled})",
                f"count(*) filter (position('%' in {_cell(name)}) > 0)",
                f"count(*) filter (regexp_full_match({_cell(name)}, '{_WITH_FRACTION}'))",
            ]
            expressions += [f"count({self.parsed(name, reading)})" for reading in candidates[name]]
        step = f"where {quote_identifier(ROW_NUMBER)} <= {_SAMPLE_ROWS} or {quote_identifier(ROW_NUMBER)} % 1009 = 0"
        counts = iter(
            self._connection.execute(
                f"select {', '.join(expressions)} from {TABLE} {step if sample else ''}"
            ).fetchall()[0]
        )
        choices = {}
        for name in columns:
            filled, percents, fractions = next(counts), next(counts), next(counts)
            scores = {reading: next(counts) for reading in candidates[name]}
            choices[name] = _best(scores, filled, percents, fractions, self._fallback(wanted.get(name)))
        return choices

    def _candidates(self, wanted: str | None) -> Iterator[Reading]:
        """The readings to try, the plainest first."""
        if wanted in ("text", "id"):
            return
        if wanted in (None, "integer", "decimal", "percent"):
            kinds = ("integer", "decimal") if wanted is None else (wanted,)
            for value_format in _NUMBER_ORDER:
                for kind in kinds:
                    yield Reading(kind, value_format)
        if wanted in (None, "date"):
            for value_format in self._macros.call("date_formats"):
                yield Reading("date", value_format)

    def _measure(self, columns: Sequence[str], readings: Mapping[str, Reading]) -> dict[str, ColumnProfile]:
        expressions = []
        for name in columns:
            reading = readings[name]
            value = self.parsed(name, reading)
            numeric = reading.column_type in ("integer", "decimal", "percent")
            is_text = reading.column_type in ("text", "id")
            expressions += [
                f"count({_cell(name) if is_text else self._filled(name)})",
                f"count({value})",
                f"cast(coalesce(sum({value}), 0) as decimal(38, 8))" if numeric else "null",
                f"any_value({_cell(name)})",
            ]
        figures = iter(
            self._connection.execute(
                f"select {', '.join(expressions)} from {TABLE} where row_kind = 'data'"
            ).fetchall()[0]
        )
        return {
            name: ColumnProfile(readings[name], next(figures), next(figures), next(figures), next(figures))
            for name in columns
        }

    def _fallback(self, wanted: str | None) -> Reading:
        """What a column is taken for when no cell says: the type that it must have, else text."""
        column_type = wanted or "text"
        return Reading(column_type, self._macros.call("default_format", column_type))

    def _filled(self, column: str) -> str:
        return str(self._macros.call("filled_cell", _cell(column))).strip()


def _cell(column: str) -> str:
    return f"nullif(trim({quote_identifier(column)}), '')"


def _best(
    scores: Mapping[Reading, int], filled: int, percents: int, fractions: int, fallback: Reading
) -> tuple[Reading, str | None]:
    """The reading that parses most cells, the plainest of equals; and another date order that fits as well."""
    is_unknown = fallback.column_type == "text"
    if not scores or not filled:
        return fallback, None
    top = max(scores.values())
    best = [reading for reading, count in scores.items() if count == top]
    if top == 0 or (is_unknown and top < filled):
        return fallback, None
    choice = best[0]
    if choice.column_type in ("integer", "decimal") and is_unknown:
        if percents * 2 >= filled:
            choice = Reading("percent", choice.value_format)
        elif fractions:  # 5.00 is a whole number today, but its column is not one of whole numbers
            choice = Reading("decimal", choice.value_format)
    rivals = [reading.value_format for reading in best[1:] if choice.column_type == "date" == reading.column_type]
    return choice, rivals[0] if rivals else None
