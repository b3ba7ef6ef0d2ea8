"""Find what a file leaves open that could change a figure, with the amount at stake."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from loader.errors import Answer, FileRefusedError
from loader.files.containers import Export
from loader.files.mixed_days import FORMS_OF_SPREADSHEETS
from loader.files.profiling import Profiler
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ColumnFormat, ColumnProfile, ValueFormat
from loader.files.totals import TotalCheck
from loader.names import quote_identifier
from loader.waves.columns import DAYS, MappedColumn
from loader.waves.questions import OpenQuestion

FIGURES = ("amount_spent", "impressions", "clicks", "conversions", "conversion_value", "reach")
_SPEND = "amount_spent"
_MOST_ROWS = 20
_YEARS_AROUND = 1
_LEAST_MONTHS = 3


@dataclass(frozen=True)
class _Found:
    """Rows that a question is about."""

    count: int
    numbers: tuple[int, ...]
    spend: Decimal

    @property
    def named(self) -> str:
        """The first of them, for a sentence."""
        more = " and more" if self.count > len(self.numbers[:3]) else ""
        return f"row{'s' * (self.count > 1)} {', '.join(map(str, self.numbers[:3]))}{more}"


class QuestionFinder:
    """Finds the open questions of one file that was read and mapped."""

    def __init__(self, export: Export, profiler: Profiler, mapping: Sequence[MappedColumn], year: int) -> None:
        """Store what is known of the file.

        Args:
            export: the file.
            profiler: has profiled the file, and has its rows in its connection.
            mapping: what its columns are.
            year: the client's.

        """
        self._export = export
        self._profiler = profiler
        self._connection = profiler.connection
        self._options = profiler.options
        self._mapping = mapping
        self._year = year
        self._core = {row.target_column: row for row in mapping if row.ordinal and row.mapping_rule == "core"}
        self._largest_share = Decimal(str(profiler.project.variables["largest_open_share"]))

    def find(
        self,
        profiles: Mapping[str, ColumnProfile],
        checks: Sequence[TotalCheck],
        possible_totals: Sequence[int],
        *,
        is_cut_off: bool,
    ) -> list[OpenQuestion]:
        """The questions, those about the most important columns first.

        Args:
            profiles: what each column holds.
            checks: the file's own totals beside the sums of its rows.
            possible_totals: rows that could be totals, and count as data.
            is_cut_off: the last row is shorter than the header, and no line end follows.

        Raises:
            FileRefusedError: more cells of the spend or the days can't be read than the dbt var largest_open_share
                allows, or figures have slipped into other columns.

        """
        return [
            *self._unread_cells(profiles),
            *self._cut_off(is_cut_off),
            *self._wrong_totals(checks),
            *self._possible_totals(possible_totals),
            *self._unlikely_days(),
            *self._exchanged_days(),
            *self._repeated_rows(),
            *self._hidden_rows(),
            *self._hidden_columns(),
        ]

    def _value(self, row: MappedColumn) -> str:
        """The SQL expression of a mapped column's value."""
        of_cells = str(ValueFormat.of(row.value_format).of_cells) or None
        return self._profiler.parsed(row.column_name, ColumnFormat(row.column_type, of_cells))

    def _spend(self) -> str:
        return self._value(self._core[_SPEND]) if _SPEND in self._core else "cast(null as decimal(38, 6))"

    def _rows(self, condition: str) -> _Found:
        """The data rows that meet a condition."""
        number = quote_identifier(ROW_NUMBER)
        count, numbers, spend = self._connection.execute(
            f"select count(*), list(number order by number)[:{_MOST_ROWS}], coalesce(sum(spend), 0) from ("
            f"select {number} as number, {self._spend()} as spend from {TABLE} where {IS_DATA} and ({condition}))"
        ).fetchall()[0]
        return _Found(count, tuple(numbers or ()), Decimal(spend))

    def _asked(self, found: _Found, question: OpenQuestion) -> OpenQuestion:
        return replace(question, row_count=found.count, row_numbers=found.numbers)

    def _unread_cells(self, profiles: Mapping[str, ColumnProfile]) -> Iterator[OpenQuestion]:
        """Cells of figures and days that are not of their type, and ids that a spreadsheet has damaged."""
        errors = self._errors_of_spreadsheets()
        for row in self._core.values():
            profile = profiles[row.column_name]
            profile = replace(profile, filled=profile.filled + errors.get(row.column_name, 0))
            lost = profile.filled - profile.parsed
            if not lost or not (row.target_column in (*FIGURES, *DAYS) or row.column_type == "id"):
                continue
            unread = self._profiler.unread(row.column_name, profile.format)
            found = self._rows(f"{unread} or {_is_error(row.column_name)}" if row.column_name in errors else unread)
            cell = self._cell(row.column_name, found.numbers[0]) if found.numbers else ""
            shown = f"{lost} of {profile.filled} cells of '{row.column_name}'"
            if row.column_type == "id":
                yield self._asked(
                    found,
                    OpenQuestion(
                        "ids-damaged",
                        f"{shown} are ids that a spreadsheet has damaged, such as '{cell}'; rows of one ad may count "
                        "twice, or rows of two ads as one",
                        "Export the file again without opening it in a spreadsheet, and load it with --replace.",
                        row.column_name,
                        amount_at_stake=found.spend,
                    ),
                )
                continue
            is_day = row.target_column in DAYS
            self._refuse_unread(row, found, profile, cell)
            yield self._asked(
                found,
                OpenQuestion(
                    "cells-unread",
                    f"{shown} can't be read as {row.column_type}, such as '{cell}' in row {found.numbers[0]}; they "
                    f"are left empty, {self._outcome(row, found, profile)}",
                    "Correct the cells and load the file with --replace, or set the format with `mapping set`.",
                    row.column_name,
                    amount_at_stake=found.spend if is_day else None,
                ),
            )

    def _errors_of_spreadsheets(self) -> dict[str, int]:
        """How many cells of figures and days hold the error of a formula, which counts as empty in other columns."""
        names = [row.column_name for name, row in self._core.items() if name in (*FIGURES, *DAYS)]
        counts = ", ".join(f"count(*) filter ({_is_error(name)})" for name in names) or "0"
        found = self._connection.execute(f"select {counts} from {TABLE} where {IS_DATA}").fetchall()[0]
        return {name: count for name, count in zip(names, found, strict=False) if count}

    def _outcome(self, row: MappedColumn, found: _Found, profile: ColumnProfile) -> str:
        if row.target_column in DAYS:
            return f"and {found.spend:,.2f} of spend has no day"
        return f"and the others add up to {profile.control_sum:,.2f}"

    def _cell(self, column: str, row_number: int) -> str:
        cell = self._connection.execute(
            f"select {quote_identifier(column)} from {TABLE} where {quote_identifier(ROW_NUMBER)} = ?", [row_number]
        ).fetchall()
        return str(cell[0][0])[:40]

    def _refuse_unread(self, row: MappedColumn, found: _Found, profile: ColumnProfile, cell: str) -> None:
        """Stop where more cells of the spend or the days can't be read than may stay open."""
        is_telling = row.target_column in (_SPEND, *DAYS) and row.decided_by != "person"
        share = Decimal(found.count) / max(profile.filled, 1)
        if not is_telling or self._options.unread == "keep" or share <= self._largest_share:
            return
        raise FileRefusedError(
            "cells-unread",
            f"{self._export.original}: {found.count} of {profile.filled} cells of '{row.column_name}' can't be read as "
            f"{row.column_type}, such as '{cell}' in row {found.numbers[0]}. Left empty, "
            f"{self._outcome(row, found, profile).removeprefix('and ')}.",
            "Correct these cells, or use --unread keep to leave them empty; the question then stays open.",
            [Answer("unread", "keep", f"{found.count} cells stay empty, and the question stays open")],
        )

    def _cut_off(self, is_cut_off: bool) -> Iterator[OpenQuestion]:
        if is_cut_off:
            yield OpenQuestion(
                "file-cut-off",
                "the last row has fewer cells than the header and no line break at its end; the file may be cut off, "
                "and rows may be missing",
                "Compare with the platform; if rows are missing, export again and load the file with --replace.",
            )

    def _wrong_totals(self, checks: Sequence[TotalCheck]) -> Iterator[OpenQuestion]:
        for check in checks:
            if not check.agrees:
                is_spend = _SPEND in self._core and check.column == self._core[_SPEND].column_name
                yield OpenQuestion(
                    "total-differs",
                    f"the file's own total of '{check.column}' is {check.given.normalize():f}, "
                    f"but its rows add up to {check.computed.normalize():f}",
                    "Compare with the platform: rows may be missing from the file, or counted twice in it.",
                    check.column,
                    amount_at_stake=abs(check.given - check.computed) if is_spend else None,
                )

    def _possible_totals(self, rows: Sequence[int]) -> Iterator[OpenQuestion]:
        if rows:
            found = self._rows(f"{quote_identifier(ROW_NUMBER)} in ({', '.join(map(str, rows))})")
            yield self._asked(
                found,
                OpenQuestion(
                    "total-or-data",
                    f"{found.named} could be totals, but count as data with {found.spend:,.2f} of spend",
                    "Compare with the platform. If they are totals: load the file with --replace --subtotals drop.",
                    amount_at_stake=found.spend,
                ),
            )

    def _unlikely_days(self) -> Iterator[OpenQuestion]:
        """Days of other years than the client's and its neighbours."""
        first, last = self._year - _YEARS_AROUND, self._year + _YEARS_AROUND
        row = self._core.get("date_start") or self._core.get("date_end")
        if row is None:
            return
        found = self._rows(f"year({self._value(row)}) not between {first} and {last}")
        if found.count:
            cell = self._cell(row.column_name, found.numbers[0])
            yield self._asked(
                found,
                OpenQuestion(
                    "days-unlikely",
                    f"{found.count} days of '{row.column_name}' are not of {first} to {last}, such as '{cell}' in "
                    f"row {found.numbers[0]}; the client's year is {self._year}, and {found.spend:,.2f} of spend is "
                    "on these days",
                    "Check the days; load the file for the client of its year, or correct them.",
                    row.column_name,
                    amount_at_stake=found.spend,
                ),
            )

    def _exchanged_days(self) -> Iterator[OpenQuestion]:
        """Days that are one day of many months, and consecutive days with day and month exchanged.

        A spreadsheet makes 8 January to 8 December of 1 to 12 August, and the file then has no other days.
        """
        row = self._core.get("date_start")
        if row is None or ValueFormat.of(row.value_format).form not in FORMS_OF_SPREADSHEETS:
            return
        span = self._profiler.days({row.column_name: ColumnFormat("date", row.value_format)})
        # of distinct cells; most files end here
        if span is None or span[0].day != span[1].day or span[0] == span[1]:
            return
        found = self._rows("true")
        day = self._value(row)
        first, last, days, months, of_month = self._connection.execute(
            f"select min({day}), max({day}), count(distinct {day}), max(month({day})) - min(month({day})) + 1, "
            f"case when count(distinct (year({day}), day({day}))) = 1 then any_value(day({day})) end "
            f"from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if of_month and 1 < of_month <= 12 and days == months >= _LEAST_MONTHS:
            other = [date(first.year, of_month, each.month) for each in (first, last)]
            yield self._asked(
                found,
                OpenQuestion(
                    "days-unlikely",
                    f"the only days of '{row.column_name}' are day {of_month} of {days} months, {first} to {last}; if "
                    f"a spreadsheet has exchanged day and month, they are {other[0]} to {other[1]}",
                    "Check the days; if they are exchanged, export again and load the file unchanged with --replace.",
                    row.column_name,
                    amount_at_stake=found.spend,
                ),
            )

    def _repeated_rows(self) -> Iterator[OpenQuestion]:
        """Rows equal in what identifies them and in all figures, as where the spend is repeated per action type."""
        figures = [self._value(row) for name, row in self._core.items() if name in FIGURES]
        key = [quote_identifier(row.column_name) for row in self._mapping if row.ordinal and row.in_grain]
        if _SPEND not in self._core or len(figures) < 2 or not key:
            return
        number, facts = quote_identifier(ROW_NUMBER), ", ".join(figures)
        groups = (
            f"select list({number} order by {number}) as numbers, count(*) as size, any_value({self._spend()}) as "
            f"spend, count(distinct ({facts})) as variants from {TABLE} where {IS_DATA} group by {', '.join(key)} "
            "having size > 1"
        )
        several, repeated, numbers, spend = self._connection.execute(
            "select count(*), count(*) filter (is_repeated), "
            "flatten(list(numbers[2:] order by numbers[2]) filter (is_repeated)), "
            "coalesce(sum(spend * (size - 1)) filter (is_repeated), 0) from "
            f"(select *, variants = 1 and coalesce(spend, 0) <> 0 as is_repeated from ({groups}))"
        ).fetchall()[0]
        # rows of two keywords can have the same figures by chance; where most of them do, it is no chance
        if repeated * 2 > several:
            found = _Found(len(numbers), tuple(sorted(numbers)[:_MOST_ROWS]), Decimal(spend))
            yield self._asked(
                found,
                OpenQuestion(
                    "rows-repeated",
                    f"{found.named} repeat the figures of another row of the same day and ad; all are counted, and "
                    f"without them the spend is {found.spend:,.2f} lower",
                    "Compare with the platform. If the spend is repeated per action type, export without that column.",
                    amount_at_stake=found.spend,
                ),
            )

    def _hidden_rows(self) -> Iterator[OpenQuestion]:
        """Rows that a spreadsheet hides, as where a filter is on: they may not be meant."""
        if self._export.hidden_rows is None:
            return
        columns = [row.column_name for row in self._mapping if row.ordinal]
        width = len(columns)
        with self._export.hidden_rows.open(encoding="utf-8", newline="") as text:
            hidden = [(row + [""] * width)[:width] for row in csv.reader(text)]
        self._connection.execute("create or replace temp table hidden_rows as select unnest(?) as cells", [hidden])
        found = self._rows(f"{_whole_row(columns)} in (select cells from hidden_rows)")
        if found.count:
            yield self._asked(
                found,
                OpenQuestion(
                    "rows-hidden",
                    f"the sheet hides {found.named}, {found.count} in all; they are loaded with {found.spend:,.2f} of "
                    "spend",
                    "If they do not belong to the wave: delete them from the sheet and load it with --replace.",
                    amount_at_stake=found.spend,
                ),
            )

    def _hidden_columns(self) -> Iterator[OpenQuestion]:
        """Columns of figures that a spreadsheet hides: another one may be meant."""
        hidden = self._export.sheet.hidden_columns if self._export.sheet else ()
        for name in (*FIGURES, *DAYS):
            row = self._core.get(name)
            if row and row.ordinal and row.ordinal - 1 in hidden:
                yield OpenQuestion(
                    "column-hidden",
                    f"the sheet hides the column '{row.column_name}', which fills {name}",
                    "Check that this is the column that counts; otherwise delete it and load the file with --replace.",
                    row.column_name,
                    amount_at_stake=self._rows("true").spend if name == _SPEND else None,
                )


def _is_error(column: str) -> str:
    """The condition that a cell is an error that counts as empty in other columns, such as the rate of nothing."""
    cell = quote_identifier(column)
    return f"(starts_with({cell}, '#') and lower(trim({cell})) in ('#n/a', '#div/0!'))"


def _whole_row(columns: Sequence[str]) -> str:
    """The SQL expression of all cells of a row, which rows can be compared by."""
    cells = (f"coalesce({quote_identifier(name)}, '')" for name in columns)
    return f"[{', '.join(cells)}]"
