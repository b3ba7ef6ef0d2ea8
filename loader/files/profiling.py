"""What the columns of a file hold; their cells are parsed by the macros that the models use, so that both agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import duckdb

from loader.files.headers import export_words
from loader.files.options import ReadingOptions
from loader.files.table import (
    CELLS,
    IS_DATA,
    MARKS,
    NUMERIC,
    ROW_KIND,
    TABLE,
    Choice,
    ColumnFormat,
    ColumnProfile,
    ValueFormat,
    best_choice,
)
from loader.names import quote_identifier, quote_text
from loader.project.project import Project

_COUNTED = "counted_cells"
_COLUMNS_A_QUERY = 100
_WITH_FRACTION = ".*[.,][0-9]{1,2}[^0-9]*"
_WITH_MARKS = "[0-9][.,][0-9]"
_MOST_LIKELY_CELLS, _LEAST_LIKELY_CELLS = 200, 25
# stands for the cell while an expression is rendered
_PLACE = "the_cell_itself"
# the plainest first
_POINT = ("plain", "point", "native", "power")
_MARKED = {None: ("plain", "point", "comma", "native", "power"), "point": _POINT, "comma": ("comma",)}


class Profiler:
    """Profiles the table that `read_rows` made. Needs row_kind, so `mark_rows()` comes first."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, project: Project, options: ReadingOptions | None = None
    ) -> None:
        """Keep the connection that read the file, the project's macros and words, and the user's options."""
        self.connection = connection
        self.project = project
        self._macros = macros = project.local_macros
        self.options = options or ReadingOptions()
        self.words = export_words(project)
        self._numbers: dict[str, str] = {name: form["pattern"] for name, form in macros.call("number_formats").items()}
        forms: dict[str, dict[str, Any]] = macros.call("date_formats")
        self.forms = {name: form for name, form in forms.items() if not {"yearless", "under"} & form.keys()}
        self._dates: dict[str, str] = {name: form["pattern"] for name, form in self.forms.items()} | {
            f"{name}:range": str(macros.call("range_pattern", name))
            for name, f in self.forms.items()
            if f.get("ranges")
        }
        self._damaged_id = str(macros.call("damaged_id_pattern"))
        self._rendered: dict[ColumnFormat | None, str] = {}
        self._positions: dict[str, int] = {}

    def profile(
        self,
        columns: Sequence[str],
        wanted: Mapping[str, str | None],
        formats: Mapping[str, str] | None = None,
        fills_down: Sequence[str] = (),
    ) -> dict[str, ColumnProfile]:
        """Profile columns.

        A column of numbers that fits two decimal marks takes the one of the columns that fit only one.

        Args:
            columns: names in the table.
            wanted: the type that a column must have because its header is known; none where it is to be found.
            formats: the value_format that a person gave a column.
            fills_down: columns whose cells, those of subtotals too, hold for the blank ones below.

        """
        self._count_cells(columns, fills_down)
        given = {name: [ColumnFormat(wanted.get(name) or "text", form)] for name, form in (formats or {}).items()}
        candidates = self._likely(columns, wanted) | given
        choices = self._choose(candidates, wanted)
        choices |= self._repaired_texts(choices)
        profiles = self.measure({name: choice.format for name, choice in choices.items()})
        # the likely formats are those of a few cells, and all cells count
        ambiguous = {
            name: list(self._candidates(wanted.get(name)))
            for name, choice in choices.items()
            if profiles[name].parsed < profiles[name].filled or choice.ambiguous_with
        }
        if ambiguous:
            choices |= self._choose(ambiguous | {name: given[name] for name in ambiguous if name in given}, wanted)
            profiles |= self.measure({name: choices[name].format for name in ambiguous})
        return self._settled(
            {
                name: replace(profiles[name], ambiguous_with=choice.ambiguous_with, has_marks=choice.has_marks)
                for name, choice in choices.items()
            }
        )

    def _repaired_texts(self, choices: Mapping[str, Choice]) -> dict[str, Choice]:
        """The columns of ids with quotes or '.0' around them, and of texts with invisible characters."""
        found: dict[str, Choice] = {}
        for repaired in (ColumnFormat("id", "unwrapped"), ColumnFormat("text", "clean")):
            names = [name for name, choice in choices.items() if choice.format.column_type == repaired.column_type]
            cells = f"select * from {_COUNTED} where position in ({self._positions_of(names) or 'null'})"
            changed = self._by_position(f"bool_or({self._parsed('cell', repaired)} is distinct from cell)", cells)
            found |= {name: Choice(repaired) for name in names if changed.get(self._positions[name]) == (True,)}
        return found

    def _count_cells(self, columns: Sequence[str], fills_down: Sequence[str]) -> None:
        """Make the table of the cells that differ in each column, trimmed, with how many rows have them.

        A column of an export has few: what is asked of a cell is asked of a tenth or less (docs/decisions/0003).
        """
        self._positions = {name: position for position, name in enumerate(columns)}
        self.connection.execute(
            f"create or replace temp table {_COUNTED}_as_they_are (position integer, cell varchar, occurrences bigint)"
        )
        for start in range(0, len(columns), _COLUMNS_A_QUERY):
            branches = " union all ".join(
                f"select {self._positions[name]}, {quote_identifier(name)}, count(*) "
                f"from {CELLS} where {self._counted_rows(name, fills_down)} group by {quote_identifier(name)}"
                for name in columns[start : start + _COLUMNS_A_QUERY]
            )
            self.connection.execute(f"insert into {_COUNTED}_as_they_are {branches}")
        # a statement of its own: DuckDB would trim each row before it counts
        self.connection.execute(
            f"create or replace temp table {_COUNTED} as select position, trim(cell) as cell, occurrences "
            f"from {_COUNTED}_as_they_are where trim(cell) <> ''"
        )

    def _counted_rows(self, name: str, fills_down: Sequence[str]) -> str:
        """Which rows' cells of a column are looked at."""
        if name not in fills_down:
            return IS_DATA
        says_all = f"regexp_full_match(lower(trim({quote_identifier(name)})), {quote_text(self.words.says_all)})"
        return f"{quote_identifier(ROW_KIND)} in ('data', 'total') and not {says_all}"

    def _settled(self, profiles: dict[str, ColumnProfile]) -> dict[str, ColumnProfile]:
        """The profiles, with numbers that could be read in two ways read as the file's other numbers are."""
        unsure = {
            name: profile
            for name, profile in profiles.items()
            if profile.ambiguous_with and profile.format.column_type in NUMERIC
        }
        marks = {
            MARKS[profile.format.value_format or "plain"]
            for name, profile in profiles.items()
            if profile.format.column_type in NUMERIC and profile.has_marks and name not in unsure
        }
        if not unsure or len(marks) != 1:
            return profiles
        mark = marks.pop()
        formats = {
            name: profile.format
            if MARKS[profile.format.value_format or "plain"] == mark
            else ColumnFormat(profile.format.column_type, profile.ambiguous_with)
            for name, profile in unsure.items()
        }
        return profiles | {name: replace(profile, has_marks=True) for name, profile in self.measure(formats).items()}

    def with_open_cells(self, columns: Sequence[str]) -> list[str]:
        """Which of these columns name something in some rows, and in others nothing, or all at once."""
        rows: int = self.connection.execute(f"select count(*) from {TABLE} where {IS_DATA}").fetchall()[0][0]
        all_or_dash = quote_text(f"{self.words.says_sum}|-|--")
        named = self._by_position(
            f"sum(occurrences) filter (length(cell) > 25 or not regexp_full_match(lower(cell), {all_or_dash}))",
            f"select * from {_COUNTED} where position in ({self._positions_of(columns) or 'null'})",
        )
        return [name for name in columns if 0 < ((named.get(self._positions[name]) or (0,))[0] or 0) < rows]

    def read_otherwise(self, column: str, value_format: str, other: str) -> tuple[str, date, date] | None:
        """The first cell of a date column that two formats read as different days, and these; none without any."""
        one, two = (self._parsed("cell", ColumnFormat("date", form)) for form in (value_format, other))
        found = self.connection.execute(
            f"select cell, {one}, {two} from {_COUNTED} where position = ? and {one} <> {two} order by cell limit 1",
            [self._positions[column]],
        ).fetchone()
        return (str(found[0]), found[1], found[2]) if found else None

    def only_otherwise(self, column: str, value_format: str, other: str) -> str | None:
        """A cell of a date column that one format does not read and another does; none where there is none."""
        one, two = (self._parsed("cell", ColumnFormat("date", form)) for form in (value_format, other))
        rows = self.connection.execute(
            f"select min(cell) from {_COUNTED} where position = ? and {one} is null and {two} is not null",
            [self._positions[column]],
        ).fetchall()
        return str(rows[0][0]) if rows[0][0] else None

    def read_texts(self, texts: Sequence[str], column_format: ColumnFormat) -> list[date | None]:
        """Texts of the lines above the header as days; none for what is no day."""
        values = ", ".join(f"({position}, {quote_text(text)})" for position, text in enumerate(texts))
        parsed = f"select {self._parsed('cell', column_format)} from (values {values}) as texts (position, cell)"
        return [day for (day,) in self.connection.execute(f"{parsed} order by position").fetchall()]

    def last_day_of(self, text: str, column_format: ColumnFormat) -> date | None:
        """The last day of a text that names a period, such as a month."""
        end = self._period_end(quote_text(text), column_format)
        rows = self.connection.execute(f"select {end}").fetchall() if end else [(None,)]
        return cast("date | None", rows[0][0])

    def _period_end(self, cell: str, column_format: ColumnFormat) -> str | None:
        return cast("str | None", self._macros.call("period_end", cell, column_format.value_format))

    def cells(self, column: str, *, trimmed: bool = True) -> str:
        """A select of the cells of a column that differ, trimmed and not blank, with how many rows have each."""
        table = _COUNTED if trimmed else f"{_COUNTED}_as_they_are"
        return f"select cell, occurrences from {table} where position = {self._positions[column]}"

    def days(self, formats: Mapping[str, ColumnFormat]) -> tuple[date, date] | None:
        """The first and last day in columns that were profiled; of a period, its last day too.

        Args:
            formats: by column, how its cells are read as dates.

        Returns:
            None where no cell is a date.

        """
        selects = " union all ".join(
            f"select {day} as day from {_COUNTED} where position = {self._positions[name]}"
            for name, column_format in formats.items()
            for day in filter(None, (self._parsed("cell", column_format), self._period_end("cell", column_format)))
        )
        found = self.connection.execute(f"select min(day), max(day) from ({selects})").fetchall() if selects else []
        return found[0] if found and found[0][0] else None

    def parsed(self, column: str, column_format: ColumnFormat) -> str:
        """The SQL that reads a column's cells as `column_format` says."""
        return self._parsed(_cell(column), column_format)

    def unread(self, column: str, column_format: ColumnFormat) -> str:
        """The SQL condition that a cell holds a value which `column_format` can't read, or a damaged id."""
        cell = _cell(column)
        if column_format.column_type == "id":
            return f"regexp_full_match({cell}, {quote_text(self._damaged_id)})"
        return f"{self._filled(cell)} is not null and {self._parsed(cell, column_format)} is null"

    def _parsed(self, cell: str, column_format: ColumnFormat) -> str:
        """The same for an expression; the macro is rendered once a format."""
        if column_format not in self._rendered:
            text = self._macros.call("parse_cell", _PLACE, column_format.column_type, column_format.value_format)
            self._rendered[column_format] = str(text).strip()
        return self._rendered[column_format].replace(_PLACE, cell)

    def _likely(self, columns: Sequence[str], wanted: Mapping[str, str | None]) -> dict[str, list[ColumnFormat]]:
        """The formats whose pattern fits any of a few cells; all where the column is empty or fits none."""
        # a column that none of these fits is tried with all formats
        patterns = self._numbers | {name: it for name, it in self._dates.items() if not name.endswith(":range")}
        fits = ", ".join(
            f"bool_or(regexp_full_match({'lower(cell)' if self.form(form).get('names') else 'cell'}, {quote_text(it)}))"
            for form, it in patterns.items()
        )
        # the same cells each time, whichever row they stand in
        cells = max(_LEAST_LIKELY_CELLS, min(_MOST_LIKELY_CELLS, 100 * _MOST_LIKELY_CELLS // len(columns)))
        found = self._by_position(
            f"bool_and(regexp_full_match(cell, {quote_text(self._numbers['plain'])})), bool_or(contains(cell, '.')), "
            f"{fits}",
            f"select position, unnest(arg_min(cell, hash(cell), {cells})) as cell from {_COUNTED} group by position",
        )
        likely = {}
        for name in columns:
            formats = list(self._candidates(wanted.get(name)))
            are_plain, have_points, *matches = found.get(self._positions[name], (False, False))
            fitting_formats = {form for form, matched in zip(patterns, matches, strict=False) if matched}
            fitting = [each for each in formats if each.value_format in fitting_formats]
            if are_plain:
                # 'point' reads such cells alike; 'comma' does not where they have a point
                alike = ("point",) if have_points else ("point", "comma")
                fitting = [each for each in fitting if each.value_format not in alike]
            likely[name] = fitting if fitting or (matches and wanted.get(name) is None) else formats
        return likely

    def _choose(
        self, candidates: Mapping[str, Sequence[ColumnFormat]], wanted: Mapping[str, str | None]
    ) -> dict[str, Choice]:
        choices = {name: Choice(self._fallback(wanted.get(name))) for name in candidates}
        alike: dict[tuple[ColumnFormat, ...], list[str]] = {}
        for name, formats in candidates.items():
            if formats:
                alike.setdefault(tuple(formats), []).append(name)
        for formats, names in alike.items():
            counts = self._counted(
                names,
                [
                    self._filled("cell"),
                    "case when contains(cell, '%') then cell end",
                    f"case when regexp_full_match(cell, '{_WITH_FRACTION}') then cell end",
                    f"case when regexp_matches(cell, '{_WITH_MARKS}') then cell end",
                    *(self._parsed("cell", column_format) for column_format in formats),
                ],
            )
            for name in names:
                filled, percents, fractions, marks, *parsed = counts.get(name, [0] * (4 + len(formats)))
                scores = dict(zip(formats, parsed, strict=True))
                choice = best_choice(scores, filled, percents, fractions, marks, self._fallback(wanted.get(name)))
                choices[name] = self._with_twin(choice, scores)
        return choices

    def _with_twin(self, choice: Choice, scores: Mapping[ColumnFormat, int]) -> Choice:
        """The choice, with the format that reads as many of its dates, with day and month in each other's place."""
        value_format = choice.format.value_format
        twin = self.twin(value_format) if choice.format.column_type == "date" else None
        is_tie = twin and scores.get(ColumnFormat("date", twin)) == scores.get(choice.format)
        return replace(choice, ambiguous_with=twin) if is_tie else choice

    def twin(self, value_format: str | None) -> str | None:
        """The format that has day and month in each other's place; none where no other reads the same cells."""
        found = ValueFormat.of(value_format)
        twin = self.forms.get(found.form, {}).get("twin")
        return str(found._replace(form=twin)) if twin else None

    def _candidates(self, wanted: str | None) -> Iterator[ColumnFormat]:
        """The formats to try, the plainest first."""
        if wanted in ("text", "id"):
            return
        if wanted in (None, "integer", "decimal", "percent"):
            kinds = ("integer", "decimal") if wanted is None else (wanted,)
            for value_format in _MARKED[self.options.numbers]:
                for kind in kinds:
                    yield ColumnFormat(kind, value_format)
        if wanted in (None, "date"):
            for value_format in self._dates:
                form = self.form(value_format)
                is_excluded = "twin" in form and self.options.dates not in (None, form["order"])
                # where nothing says that the column is a date, 'Q3 2026' is a name, and the last day of a range is lost
                is_unsure = ValueFormat.of(value_format).span == "range" or value_format == "quarter"
                if not is_excluded and not (wanted is None and is_unsure):
                    yield ColumnFormat("date", value_format)

    def form(self, value_format: str | None) -> dict[str, Any]:
        """The entry of date_formats() that a date's value_format is made of; empty for what is no date."""
        return self.forms.get(ValueFormat.of(value_format).form, {})

    def measure(self, formats: Mapping[str, ColumnFormat]) -> dict[str, ColumnProfile]:
        """Filled and parsed cells and the sum of columns that were profiled, read in the given formats."""
        alike: dict[ColumnFormat, list[str]] = {}
        for name, column_format in formats.items():
            alike.setdefault(column_format, []).append(name)
        profiles = {}
        for column_format, names in alike.items():
            value = self._parsed("cell", column_format)
            is_text = column_format.column_type in ("text", "id")
            if column_format.column_type == "id":
                value = f"case when not regexp_full_match(cell, '{self._damaged_id}') then cell end"
            # whole numbers have 18 digits at most, which times their occurrences is more than 64 bits hold
            wide = f"cast({value} as {'hugeint' if column_format.column_type == 'integer' else 'decimal(38, 8)'})"
            total = f"cast(coalesce(sum({wide} * occurrences), 0) as decimal(38, 8))"
            measured = self._by_position(
                f"{_occurrences('cell' if is_text else self._filled('cell'))}, {_occurrences(value)}, "
                f"{total if column_format.column_type in NUMERIC else 'null'}, min(cell)",
                f"select * from {_COUNTED} where position in ({self._positions_of(names)})",
            )
            nothing = (0, 0, Decimal(0) if column_format.column_type in NUMERIC else None, None)
            for name in names:
                profiles[name] = ColumnProfile(column_format, *measured.get(self._positions[name], nothing))
        return profiles

    def _counted(self, columns: Sequence[str], expressions: Sequence[str]) -> dict[str, list[int]]:
        """How many rows of each column have a cell for which each expression is not null; none for empty columns."""
        counts = self._by_position(
            ", ".join(_occurrences(expression) for expression in expressions),
            f"select * from {_COUNTED} where position in ({self._positions_of(columns)})",
        )
        return {name: list(counts[at]) for name in columns if (at := self._positions[name]) in counts}

    def _by_position(self, aggregates: str, cells: str) -> dict[int, tuple[Any, ...]]:
        rows = self.connection.execute(f"select position, {aggregates} from ({cells}) group by position").fetchall()
        return {position: tuple(figures) for position, *figures in rows}

    def _positions_of(self, columns: Sequence[str]) -> str:
        return ", ".join(str(self._positions[name]) for name in columns)

    def _fallback(self, wanted: str | None) -> ColumnFormat:
        """What a column is taken for when no cell says: the type that it must have, else text."""
        return ColumnFormat(wanted or "text", self._macros.call("default_format", wanted or "text"))

    def _filled(self, cell: str) -> str:
        """A cell that must parse: neither empty nor only a bound, such as '<10'."""
        if None not in self._rendered:
            bound = self._macros.call("text_matches", _PLACE, self._macros.call("bound_pattern"))
            self._rendered[None] = f"case when not {bound} then {self._macros.call('filled_cell', _PLACE)} end"
        return self._rendered[None].replace(_PLACE, cell)


def _occurrences(expression: str) -> str:
    """How many rows have a cell for which an expression is not null."""
    return f"cast(coalesce(sum(occurrences) filter (({expression}) is not null), 0) as bigint)"


def _cell(column: str) -> str:
    return f"nullif(trim({quote_identifier(column)}), '')"
