"""What a file holds: which rows are data, what its columns hold, and which days it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from loader.errors import Answer, FileRefusedError
from loader.files.dates import DateColumns, DateOrders, Hint, Period, find_period, known_orders
from loader.files.dialects import Dialect
from loader.files.grouping import Grouping, find_groups
from loader.files.headers import PlatformColumns
from loader.files.options import ReadingOptions
from loader.files.profiling import Profiler
from loader.files.row_kinds import MarkedRows, mark_rows, mark_subtotals
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ColumnFormat, ColumnProfile, ValueFormat, count_rows
from loader.files.yearless_days import settle_months
from loader.names import normalised_header, quote_identifier
from loader.waves.columns import DAYS, NAME_COLUMNS, MappedColumn
from loader.waves.targets import MICROS, Target, find_millionths, formats_of_units

# what a totals row adds up, the most telling first; reach counts people once, rates are no sums
ADDITIVE = ("amount_spent", "impressions", "clicks", "conversions", "conversion_value")
# an open question that could change a sum by more than this share stops the load
_LARGEST_OPEN_SHARE = Decimal("0.01")


@dataclass(frozen=True)
class FileContents:
    """What a file holds.

    Args:
        excluded: how many rows are no data, by kind.
        possible_totals: rows that could be totals, and count as data.
        row_count: data rows.
        profiles: what each column holds, over the data rows, with day and month in their places.
        fills_down: columns whose blank cells repeat the one above.
        period: the days that the lines above the header name.
        is_hourly: the cells of its days name several hours of one day.

    """

    excluded: dict[str, int]
    possible_totals: list[int]
    row_count: int
    profiles: dict[str, ColumnProfile]
    fills_down: Sequence[str] = ()
    period: Period | None = None
    is_hourly: bool = False


class ContentsReader:
    """Classifies the rows of one file, profiles its columns and settles its dates."""

    def __init__(
        self,
        file: Path,
        platform: str,
        options: ReadingOptions,
        profiler: Profiler,
        dialect: Dialect,
        targets: Mapping[str, Target],
        *,
        is_naming_keys: bool,
    ) -> None:
        """Store what is known of the file, which the profiler's connection has read."""
        self._file = file
        self._platform = platform
        self._options = options
        self._profiler = profiler
        self._connection = profiler.connection
        self._dialect = dialect
        self._targets = targets
        self._is_naming_keys = is_naming_keys

    def mark(self) -> MarkedRows:
        """Tell data from totals and notes.

        Raises:
            FileRefusedError: no row is data.

        """
        dimensions = [] if self._is_naming_keys else self._dimensions()
        names = [name for name in dimensions if self._targets[name].column not in DAYS]
        dialect = self._dialect
        breakdowns = [name for name in names if self._targets[name].column not in NAME_COLUMNS]
        words, footer = self._profiler.words, self._options.skip_footer
        days = [] if self._is_naming_keys else self._days()
        marked = mark_rows(self._connection, dialect.columns, dialect.headers, names, words, footer, breakdowns, days)
        if self._count_data(marked.excluded) == 0:
            raise FileRefusedError(
                "no-rows", f"{self._file} has a totals row but no rows of data.", "Check the date range of the export."
            )
        return marked

    def read(self, marked: MarkedRows, known: PlatformColumns, earlier: Sequence[MappedColumn]) -> FileContents:
        """Profile the columns, keep subtotals out, and settle which days the file covers.

        Args:
            marked: from `mark()`.
            known: the headers that the project knows.
            earlier: the mappings of the client's earlier waves.

        Raises:
            FileRefusedError: nothing says whether rows are subtotals, money has a decimal point or comma or is in
                millionths, or a day or a month comes first.

        """
        profiles = self._profiles()
        excluded, possible_totals = marked.excluded, marked.possible_totals
        fills_down: Sequence[str] = ()
        if not self._is_naming_keys:
            figures = self._figures(profiles)
            dimensions = self._dimensions()
            by = [name for name in dimensions if self._targets[name].column not in (*DAYS, *NAME_COLUMNS)]
            found = find_groups(self._connection, self._profiler, dimensions, self._days(), figures, by)
            possible_totals, dropped = self._subtotals(marked, found, figures)
            fills_down = found.fills_down
            if dropped:
                excluded = mark_subtotals(self._connection, self._dialect.columns, dropped)
                profiles = self._profiles(fills_down)
        profiles, period = self._settle_days(profiles, known, earlier)
        row_count = self._count_data(excluded)
        is_hourly = any(has_hours(self._profiler, name, profiles[name].format) for name in self._days())
        return FileContents(excluded, possible_totals, row_count, profiles, fills_down, period, is_hourly)

    def _subtotals(
        self, marked: MarkedRows, found: Grouping, figures: Mapping[str, ColumnFormat]
    ) -> tuple[list[int], list[int]]:
        """The rows that could be totals and count as data, and those that are subtotals."""
        unresolved = sorted({*marked.possible_totals, *found.unresolved, *self._sums_of_all_others(figures)})
        if self._options.subtotals is not None:
            return [], [*found.subtotals, *(unresolved if self._options.subtotals == "drop" else ())]
        if unresolved and figures:
            self._refuse_unsure_subtotals(found, unresolved, found.subtotals, figures)
        return unresolved, list(found.subtotals)

    def _sums_of_all_others(self, figures: Mapping[str, ColumnFormat]) -> list[int]:
        """A row with names of its own whose figures are each the sum of all other rows: a total, whatever its name."""
        names = [name for name in self._dimensions() if self._targets[name].column not in DAYS]
        if len(figures) < 2 or not names:
            return []
        values = [self._profiler.parsed(name, column_format) for name, column_format in figures.items()]
        rows = ", ".join(f"coalesce({value}, 0) as f{at}" for at, value in enumerate(values))
        sums = " + ".join(
            f"(f{at} <> 0 and abs(2 * f{at} - sum(f{at}) over ()) <= 0.005 * count(*) over ())::int"
            for at in range(len(values))
        )
        filled = " + ".join(f"(f{at} <> 0)::int" for at in range(len(values)))
        found = self._connection.execute(
            f"select number from (select *, {sums} as sums, {filled} as filled, count(*) over () as rows_of_data, "
            "count(*) over (partition by names) as namesakes from "
            f"(select {quote_identifier(ROW_NUMBER)} as number, {rows}, "
            f"concat_ws('|', {', '.join(map(quote_identifier, names))}) as names from {TABLE} where {IS_DATA})) "
            "where rows_of_data > 2 and sums > 1 and sums = filled and namesakes = 1"
        ).fetchall()
        return [row for (row,) in found] if len(found) == 1 else []

    def _count_data(self, excluded: Mapping[str, int]) -> int:
        return count_rows(self._connection) - sum(excluded.values())

    def _profiles(self, fills_down: Sequence[str] = ()) -> dict[str, ColumnProfile]:
        targets = self._targets
        given = {
            name: form
            for name in self._dialect.columns
            if (rule := targets[name].decision) and (form := str(ValueFormat.of(rule.value_format).of_cells))
        }
        profiles = self._profiler.profile(
            self._dialect.columns,
            {name: targets[name].wanted_type for name in self._dialect.columns},
            formats_of_units(targets, self._options) | given,
            fills_down,
        )
        in_millionths = find_millionths(self._file, self._profiler, targets, profiles, self._options)
        profiles |= self._profiler.measure(dict.fromkeys(in_millionths, ColumnFormat("decimal", MICROS)))
        _refuse_unsure_money(self._file, profiles, targets)
        return profiles

    def _settle_days(
        self, profiles: Mapping[str, ColumnProfile], known: PlatformColumns, earlier: Sequence[MappedColumn]
    ) -> tuple[dict[str, ColumnProfile], Period | None]:
        """The profiles with day and month in their places, and the period above the header."""
        dates: dict[str, str] = {}
        for name, target in self._targets.items():
            if target.column in DAYS and not self._is_naming_keys and profiles[name].filled:
                dates.setdefault(target.column, name)
        period = None if self._is_naming_keys else find_period(self._dialect.titles, self._profiler)
        given = [name for name, target in self._targets.items() if target.decision and target.decision.value_format]
        settled = {
            name: settle_months(name, profiles[name], self._targets[name].span, self._profiler)
            for name in set(dates.values()) - set(given)
        }
        columns = DateColumns(dates.get("date_start"), dates.get("date_end"), period, given)
        hints = self._hints(profiles, known, earlier)
        return DateOrders(self._file, self._profiler, columns, hints).settle({**profiles, **settled})

    def _hints(
        self, profiles: Mapping[str, ColumnProfile], known: PlatformColumns, earlier: Sequence[MappedColumn]
    ) -> list[list[Hint]]:
        """Evidence for an order of day and month other than the dates themselves, the strongest first."""
        headers = self._dialect.headers
        hints, habits = known_orders(self._profiler.project, self._platform, known.language(self._platform, headers))
        if any(profile.has_sure_comma for profile in profiles.values()):
            hints.append(Hint("day-first", "as its numbers have decimal commas"))
        # the same headers come from the same report, and mostly from the same person's settings
        dates = {normalised_header(header) for header in headers}
        orders = {
            str(form["order"])
            for row in earlier
            if row.column_type == "date"
            and row.target_column in DAYS
            and normalised_header(row.column_name) in dates
            and "twin" in (form := self._profiler.form(row.value_format))
        }
        if len(orders) == 1:
            hints.append(Hint(orders.pop(), "as in the client's earlier loads", is_weak=True))
        return [hints, habits]

    def _dimensions(self) -> list[str]:
        targets = self._targets
        return [
            name
            for name in self._dialect.columns
            if targets[name].column in (*DAYS, *NAME_COLUMNS) or targets[name].role == "breakdown"
        ]

    def _days(self) -> list[str]:
        return [name for name in self._dimensions() if self._targets[name].column in DAYS]

    def _figures(self, profiles: Mapping[str, ColumnProfile]) -> dict[str, ColumnFormat]:
        """The columns whose totals are sums, the most telling first."""
        by_target = {self._targets[name].column: name for name in reversed(self._dialect.columns)}
        names = [by_target[target] for target in ADDITIVE if target in by_target]
        return {name: profiles[name].format for name in names if profiles[name].control_sum is not None}

    def _refuse_unsure_subtotals(
        self, found: Grouping, unresolved: Sequence[int], dropped: Sequence[int], figures: Mapping[str, ColumnFormat]
    ) -> None:
        """Stop where rows that could be subtotals have more than 1 % of the sum of the others."""
        column, column_format = next(iter(figures.items()))
        number, value = quote_identifier(ROW_NUMBER), self._profiler.parsed(column, column_format)
        gone = ", ".join(map(str, [*dropped, 0]))
        rows = ", ".join(map(str, unresolved))
        unsure, others = self._connection.execute(
            f"select coalesce(sum({value}) filter ({number} in ({rows})), 0), "
            f"coalesce(sum({value}) filter ({number} not in ({rows}) and {number} not in ({gone})), 0) "
            f"from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if abs(unsure) > _LARGEST_OPEN_SHARE * abs(others):
            self._refuse(found, unresolved, column, Decimal(unsure), Decimal(others))

    def _refuse(
        self, found: Grouping, unresolved: Sequence[int], column: str, unsure: Decimal, others: Decimal
    ) -> NoReturn:
        rows = ", ".join(map(str, unresolved[:5])) + (" and more" if len(unresolved) > 5 else "")
        shown = ""
        if found.example:
            row, own, of_group, _ = found.example
            shown = f" Row {row} has {_plain(own)}, the rows of its group {_plain(of_group)}."
        raise FileRefusedError(
            "subtotals-unsure",
            f"{self._file}: row {rows} could be a subtotal, but its figures do not prove it.{shown} As data, "
            f"'{column}' "
            f"adds up to {_plain(unsure + others)}; as a subtotal, to {_plain(others)}.",
            "Compare with the platform, then use --subtotals keep (it is data) or --subtotals drop (it is a subtotal).",
            [
                Answer("subtotals", "keep", f"row {rows} is data: '{column}' adds up to {_plain(unsure + others)}"),
                Answer("subtotals", "drop", f"row {rows} is a subtotal: '{column}' adds up to {_plain(others)}"),
            ],
        )


def has_hours(profiler: Profiler, column: str, column_format: ColumnFormat) -> bool:
    """Whether the cells of a column of days name several hours of one day.

    Args:
        profiler: has profiled the file.
        column: its header.
        column_format: how its cells are read.

    """
    macros, form = profiler.project.local_macros, column_format.value_format
    if column_format.column_type != "date" or not macros.call("has_clock", form):
        return False
    day, hour = macros.call("parse_cell", "cell", "date", form), macros.call("hour_of", "cell")
    hours = f"select {day} as day, {hour} as hour from ({profiler.cells(column)}) where {day} is not null"
    several = f"select 1 from ({hours}) group by day having count(distinct hour) > 1 limit 1"
    return bool(profiler.connection.execute(several).fetchall())


def days_of(mapping: Sequence[MappedColumn], profiler: Profiler) -> tuple[date, date] | None:
    """The first and last day that the rows of a mapped file cover, in cells or above the header."""
    dates = [row for row in mapping if row.target_column in DAYS and row.column_type == "date"]
    found = profiler.days(
        {
            row.column_name: ColumnFormat("date", row.value_format)
            for row in dates
            if row.ordinal is not None and row.mapping_rule == "core"
        }
    )
    constants = [date.fromisoformat(row.default_value) for row in dates if row.default_value and not row.ordinal]
    return found or ((min(constants), max(constants)) if constants else None)


def _plain(figure: Decimal) -> str:
    return f"{figure:,.2f}"


def _refuse_unsure_money(file: Path, profiles: Mapping[str, ColumnProfile], targets: Mapping[str, Target]) -> None:
    """Refuse a file whose numbers could be off by a factor of a thousand."""
    for name, profile in profiles.items():
        other = profile.ambiguous_with
        if other and targets[name].wanted_type == "decimal" and profile.format.column_type == "decimal":
            example = profile.example or ""
            read = {word: _as_number(example, mark) for word, mark in (("point", "."), ("comma", ","))}
            raise FileRefusedError(
                "numbers-unsure",
                f"{file}: nothing in the column '{name}' shows whether its point or comma is a decimal mark: "
                f"{example} is {read['point']} with a point, {read['comma']} with a comma.",
                "Use --numbers point or --numbers comma.",
                [Answer("numbers", word, f"decimal {word}: {example} is {figure}") for word, figure in read.items()],
            )


def _as_number(cell: str, mark: str) -> str:
    return "".join(
        "." if character == mark else character for character in cell if character.isdigit() or character == mark
    )
