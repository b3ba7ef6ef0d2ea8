"""What the columns of a file hold: type, format, filled cells and control sum, over the whole column.

The cells are parsed by the same macros as the models use, so what is proposed here parses there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import duckdb

from loader.macros import MacroLibrary
from loader.names import quote_identifier
from loader.reading import ROW_NUMBER, TABLE
from loader.reading_options import ReadingOptions

_SAMPLE_ROWS = 10_000
_COLUMNS_A_QUERY = 40
_WITH_FRACTION = ".*[.,][0-9]{1,2}[^0-9]*"
_WITH_MARKS = "[0-9][.,][0-9]"
_LIKELY_ROWS = 100
# stands for the cell while an expression is rendered
_PLACE = "the_cell_itself"
_NUMERIC = ("integer", "decimal", "percent")
# the plainest first
_NUMBER_FORMATS = {None: ("plain", "point", "comma"), "point": ("plain", "point"), "comma": ("comma",)}
_MARKS = {"plain": ".", "point": ".", "comma": ","}


@dataclass(frozen=True)
class Reading:
    """One way to read a column: a column_type and its value_format (none for text)."""

    column_type: str
    value_format: str | None


@dataclass(frozen=True)
class _Choice:
    """How a column is read, what it could be as well, and whether its numbers have marks."""

    reading: Reading
    ambiguous_with: str | None = None
    has_marks: bool = False


@dataclass(frozen=True)
class ColumnProfile:
    """What a column of a file holds.

    Args:
        reading: the way in which most of its cells parse; text when none fits.
        filled: cells that hold a value.
        parsed: filled cells that parse; of ids, those that no spreadsheet damaged.
        control_sum: the sum of a numeric column over the data rows; none for others.
        example: the first filled cell.
        ambiguous_with: another format that fits every cell as well, and gives other values.
        has_marks: whether any cell of a numeric column has a decimal mark or sets thousands apart.

    """

    reading: Reading
    filled: int
    parsed: int
    control_sum: Decimal | None
    example: str | None
    ambiguous_with: str | None = None
    has_marks: bool = False


class Profiler:
    """Profiles the table that `read_rows` made. Needs row_kind, so `find_totals` comes first."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, macros: MacroLibrary, options: ReadingOptions | None = None
    ) -> None:
        """Keep the connection that read the file, the project's macros for DuckDB, and what the user says."""
        self._connection = connection
        self._macros = macros
        self._options = options or ReadingOptions()
        self._numbers: dict[str, str] = _patterns(macros.call("number_formats"))
        self._dates: dict[str, str] = _patterns(macros.call("date_formats"))
        self._damaged_id = str(macros.call("damaged_id_pattern"))
        self._rendered: dict[Reading | None, str] = {}

    def profile(
        self, columns: Sequence[str], wanted: Mapping[str, str | None], formats: Mapping[str, str] | None = None
    ) -> dict[str, ColumnProfile]:
        """Profile columns.

        A column of numbers that fits two decimal marks takes the one of the columns that fit only one.

        Args:
            columns: names in the table.
            wanted: the type that a column must have because its header is known; none where it is to be found.
            formats: the value_format that a person gave a column.

        """
        formats = formats or {}
        profiles: dict[str, ColumnProfile] = {}
        for start in range(0, len(columns), _COLUMNS_A_QUERY):
            chunk = columns[start : start + _COLUMNS_A_QUERY]
            candidates = self._likely(chunk, wanted) | _given(chunk, wanted, formats)
            choices = self._choose(candidates, wanted, sample=True)
            measured = self._measure(chunk, {name: choice.reading for name, choice in choices.items()})
            # the sample can miss what the whole column shows
            doubtful = [name for name in chunk if measured[name].parsed < measured[name].filled]
            doubtful += [name for name, choice in choices.items() if choice.ambiguous_with and name not in doubtful]
            if doubtful:
                everything = {name: list(self._candidates(wanted.get(name))) for name in doubtful}
                everything |= _given(doubtful, wanted, formats)
                choices |= self._choose(everything, wanted, sample=False)
                measured |= self._measure(doubtful, {name: choices[name].reading for name in doubtful})
            for name in chunk:
                choice = choices[name]
                profiles[name] = replace(
                    measured[name], ambiguous_with=choice.ambiguous_with, has_marks=choice.has_marks
                )
        return self._settled(profiles)

    def _settled(self, profiles: dict[str, ColumnProfile]) -> dict[str, ColumnProfile]:
        """The profiles, with numbers that could be read in two ways read as the file's other numbers are."""
        unsure = {
            name: profile
            for name, profile in profiles.items()
            if profile.ambiguous_with and profile.reading.column_type in _NUMERIC
        }
        marks = {
            _MARKS[profile.reading.value_format or "plain"]
            for name, profile in profiles.items()
            if profile.reading.column_type in _NUMERIC and profile.has_marks and name not in unsure
        }
        if not unsure or len(marks) != 1:
            return profiles
        mark = marks.pop()
        readings = {
            name: profile.reading
            if _MARKS[profile.reading.value_format or "plain"] == mark
            else Reading(profile.reading.column_type, profile.ambiguous_with)
            for name, profile in unsure.items()
        }
        return profiles | {
            name: replace(profile, has_marks=True) for name, profile in self._measure(list(unsure), readings).items()
        }

    def currencies(self, column: str) -> list[str]:
        """The currency codes and signs that stand in the cells of a column."""
        symbol = "[A-Z]{3}|[A-Z]{0,3}[$€£¥₹₽₺₩₪฿₫₴]|kr|zł|Kč|Ft|lei|Rs|Fr"
        rows = self._connection.execute(
            f"select distinct regexp_extract({quote_identifier(column)}, '{symbol}') as symbol from {TABLE} "
            "where row_kind = 'data' order by 1"
        ).fetchall()
        return [symbol for (symbol,) in rows if symbol]

    def parsed(self, column: str, reading: Reading) -> str:
        """The SQL expression that reads a column's cells as `reading` says."""
        return self._parsed(_cell(column), reading)

    def _parsed(self, cell: str, reading: Reading) -> str:
        """The same for an expression; the macro is rendered once a reading."""
        if reading not in self._rendered:
            text = self._macros.call("parse_cell", _PLACE, reading.column_type, reading.value_format)
            self._rendered[reading] = str(text).strip()
        return self._rendered[reading].replace(_PLACE, cell)

    def _likely(self, columns: Sequence[str], wanted: Mapping[str, str | None]) -> dict[str, list[Reading]]:
        """The readings whose pattern fits any cell of a few rows; all where those rows are empty or fit none.

        Asking DuckDB for each of forty readings takes it 25 ms a column to plan (docs/decisions.md).
        """
        number = quote_identifier(ROW_NUMBER)
        names = ", ".join(f"{_cell(name)} as {quote_identifier(name)}" for name in columns)
        rows = self._connection.execute(
            f"select {names} from {TABLE} where row_kind = 'data' "
            f"and ({number} <= {_LIKELY_ROWS} or {number} % 997 = 0) limit {2 * _LIKELY_ROWS}"
        ).fetchall()
        likely = {}
        for position, name in enumerate(columns):
            cells = {row[position] for row in rows if row[position] is not None}
            readings = list(self._candidates(wanted.get(name)))
            fits = {
                value_format: any(re.fullmatch(pattern, cell) for cell in cells)
                for value_format, pattern in (self._numbers | self._dates).items()
            }
            fitting = [reading for reading in readings if fits[reading.value_format or ""]]
            if cells and all(re.fullmatch(self._numbers["plain"], cell) for cell in cells):
                # 'point' reads such cells alike; 'comma' does not where they have a point
                has_marks = any("." in cell for cell in cells)
                fitting = [
                    reading
                    for reading in fitting
                    if reading.value_format != "point" and (has_marks or reading.value_format != "comma")
                ]
            likely[name] = fitting if fitting or (cells and wanted.get(name) is None) else readings
        return likely

    def _choose(
        self, candidates: Mapping[str, Sequence[Reading]], wanted: Mapping[str, str | None], *, sample: bool
    ) -> dict[str, _Choice]:
        choices = {name: _Choice(self._fallback(wanted.get(name))) for name in candidates}
        asked = [name for name in candidates if candidates[name]]
        if not asked:
            return choices
        expressions = []
        for position, name in enumerate(asked):
            cell = f"cell_{position}"
            expressions += [
                f"count({self._filled(cell)})",
                f"count(*) filter (position('%' in {cell}) > 0)",
                f"count(*) filter (regexp_full_match({cell}, '{_WITH_FRACTION}'))",
                f"count(*) filter (regexp_matches({cell}, '{_WITH_MARKS}'))",
            ]
            expressions += [f"count({self._parsed(cell, reading)})" for reading in candidates[name]]
        number = quote_identifier(ROW_NUMBER)
        counts = iter(
            self._counted(
                asked, expressions, f"({number} <= {_SAMPLE_ROWS} or {number} % 1009 = 0)" if sample else "true"
            )
        )
        for name in asked:
            filled, percents, fractions, marks = next(counts), next(counts), next(counts), next(counts)
            scores = {reading: next(counts) for reading in candidates[name]}
            choices[name] = _best(scores, filled, percents, fractions, marks, self._fallback(wanted.get(name)))
        return choices

    def _candidates(self, wanted: str | None) -> Iterator[Reading]:
        """The readings to try, the plainest first."""
        if wanted in ("text", "id"):
            return
        if wanted in (None, "integer", "decimal", "percent"):
            kinds = ("integer", "decimal") if wanted is None else (wanted,)
            for value_format in _NUMBER_FORMATS[self._options.numbers]:
                for kind in kinds:
                    yield Reading(kind, value_format)
        if wanted in (None, "date"):
            excluded = {"day-first": "mdy_", "month-first": "dmy_", None: "-"}[self._options.dates]
            for value_format in self._dates:
                if not value_format.startswith(excluded):
                    yield Reading("date", value_format)

    def _measure(self, columns: Sequence[str], readings: Mapping[str, Reading]) -> dict[str, ColumnProfile]:
        expressions = []
        for position, name in enumerate(columns):
            cell = f"cell_{position}"
            reading = readings[name]
            value = self._parsed(cell, reading)
            is_text = reading.column_type in ("text", "id")
            if reading.column_type == "id":
                value = f"case when not regexp_full_match({cell}, '{self._damaged_id}') then {cell} end"
            expressions += [
                f"count({cell if is_text else self._filled(cell)})",
                f"count({value})",
                f"cast(coalesce(sum({value}), 0) as decimal(38, 8))" if reading.column_type in _NUMERIC else "null",
                f"any_value({cell})",
            ]
        figures = iter(self._counted(columns, expressions, "true"))
        return {
            name: ColumnProfile(readings[name], next(figures), next(figures), next(figures), next(figures))
            for name in columns
        }

    def _counted(self, columns: Sequence[str], expressions: Sequence[str], rows: str) -> tuple[Any, ...]:
        """Aggregates over the data rows, in which cell_0, cell_1, ... are the trimmed cells of the columns."""
        cells = ", ".join(f"{_cell(name)} as cell_{position}" for position, name in enumerate(columns))
        figures: tuple[Any, ...] = self._connection.execute(
            f"select {', '.join(expressions)} from (select {cells} from {TABLE} where row_kind = 'data' and {rows})"
        ).fetchall()[0]
        return figures

    def _fallback(self, wanted: str | None) -> Reading:
        """What a column is taken for when no cell says: the type that it must have, else text."""
        column_type = wanted or "text"
        return Reading(column_type, self._macros.call("default_format", column_type))

    def _filled(self, cell: str) -> str:
        """A cell that must parse: neither empty nor only a bound, such as '<10'."""
        if None not in self._rendered:
            filled = str(self._macros.call("filled_cell", _PLACE)).strip()
            bound = self._macros.call("text_matches", _PLACE, self._macros.call("bound_pattern"))
            self._rendered[None] = f"case when not {str(bound).strip()} then {filled} end"
        return self._rendered[None].replace(_PLACE, cell)


def _cell(column: str) -> str:
    return f"nullif(trim({quote_identifier(column)}), '')"


def _given(
    columns: Sequence[str], wanted: Mapping[str, str | None], formats: Mapping[str, str]
) -> dict[str, list[Reading]]:
    return {name: [Reading(wanted.get(name) or "text", formats[name])] for name in columns if name in formats}


def _patterns(formats: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {name: form["pattern"] for name, form in formats.items()}


def _best(
    scores: Mapping[Reading, int], filled: int, percents: int, fractions: int, marks: int, fallback: Reading
) -> _Choice:
    """The reading that parses most cells, the plainest of equals; and another that fits as well with other values."""
    is_unknown = fallback.column_type == "text"
    top = max(scores.values())
    best = [reading for reading, count in scores.items() if count == top]
    if not filled or top == 0 or (is_unknown and top < filled):
        return _Choice(fallback)
    choice = best[0]
    if choice.column_type in ("integer", "decimal") and is_unknown:
        if percents * 2 >= filled:
            choice = Reading("percent", choice.value_format)
        elif fractions:  # 5.00 is a whole number today, but its column is not one of whole numbers
            choice = Reading("decimal", choice.value_format)
    if choice.column_type == "date":
        rivals = [reading.value_format for reading in best[1:] if reading.column_type == "date"]
    else:
        mark = _MARKS[choice.value_format or "plain"]
        rivals = [
            reading.value_format
            for reading in best[1:]
            if marks and reading.column_type in _NUMERIC and _MARKS[reading.value_format or "plain"] != mark
        ]
    return _Choice(choice, rivals[0] if rivals else None, marks > 0)
