"""What a file holds: which rows are data, what its columns hold, and which days it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from loader.errors import Answer, FileRefusedError
from loader.files.dates import DateColumns, DateOrders, Hint, Period, find_period, known_orders
from loader.files.grouping import Grouping, find_groups
from loader.files.headers import PlatformColumns
from loader.files.profiling import Profiler
from loader.files.row_kinds import MarkedRows, mark_rows, mark_subtotals
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ColumnFormat, ColumnProfile, ValueFormat, count_rows
from loader.files.unusual_days import settle_months
from loader.names import normalised_header, quote_identifier
from loader.waves.columns import DAYS, MappedColumn
from loader.waves.money import find_millionths, formats_of_units
from loader.waves.targets import MICROS, ReadFile

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


def mark(file: ReadFile) -> MarkedRows:
    """Tell data from totals and notes.

    Raises:
        FileRefusedError: no row is data.

    """
    names = [name for name in file.dimensions if name not in file.days]
    marked = mark_rows(
        *(file.connection, file.dialect.columns, file.dialect.headers, names, file.profiler.words),
        skip_footer=file.options.skip_footer,
        breakdowns=file.breakdowns,
        days=file.days,
    )
    if _count_data(file, marked.excluded) == 0:
        problem = f"{file.export.original} has a totals row but no rows of data."
        raise FileRefusedError("no-rows", problem, "Check the date range of the export.")
    return marked


def read_contents(
    file: ReadFile, marked: MarkedRows, known: PlatformColumns, earlier: Sequence[MappedColumn]
) -> FileContents:
    """Profile the columns, keep subtotals out, and settle which days the file covers.

    Args:
        file: the file.
        marked: from `mark()`.
        known: the headers that the project knows.
        earlier: the mappings of the client's earlier waves.

    Raises:
        FileRefusedError: nothing says whether rows are subtotals, money has a decimal point or comma or is in
            millionths, or a day or a month comes first.

    """
    profiles = _profiles(file)
    excluded, possible_totals = marked.excluded, marked.possible_totals
    fills_down: Sequence[str] = ()
    if not file.is_naming_keys:
        figures = _figures(file, profiles)
        found = find_groups(file.profiler, file.dimensions, file.days, figures, file.breakdowns)
        possible_totals, dropped = _subtotals(file, marked, found, figures, profiles)
        fills_down = found.fills_down
        if dropped:
            excluded = mark_subtotals(file.connection, file.dialect.columns, dropped)
            profiles = _profiles(file, fills_down)
    profiles, period = _settle_days(file, profiles, known, earlier)
    row_count = _count_data(file, excluded)
    is_hourly = any(has_hours(file.profiler, name, profiles[name].format) for name in file.days)
    return FileContents(excluded, possible_totals, row_count, profiles, fills_down, period, is_hourly)


def _subtotals(
    file: ReadFile,
    marked: MarkedRows,
    found: Grouping,
    figures: Mapping[str, ColumnFormat],
    profiles: Mapping[str, ColumnProfile],
) -> tuple[list[int], list[int]]:
    """The rows that could be totals and count as data, and those that are subtotals."""
    unresolved = sorted({*marked.possible_totals, *found.unresolved, *_sums_of_all_others(file, figures, profiles)})
    if file.options.subtotals is not None:
        return [], [*found.subtotals, *(unresolved if file.options.subtotals == "drop" else ())]
    if unresolved and figures:
        _refuse_unsure_subtotals(file, found, unresolved, figures)
    return unresolved, list(found.subtotals)


def _sums_of_all_others(
    file: ReadFile, figures: Mapping[str, ColumnFormat], profiles: Mapping[str, ColumnProfile]
) -> list[int]:
    """A row with names of its own whose figures are each the sum of all other rows: a total, whatever its name."""
    names = [name for name in file.dimensions if name not in file.days]
    # a look at the cells that differ tells of most files that no row is: to compare a million rows takes a second
    if not names or sum(_has_half_of_sum(file, name, profiles[name]) for name in figures) < 2:
        return []
    values = [file.profiler.parsed(name, column_format) for name, column_format in figures.items()]
    rows = ", ".join(f"coalesce({value}, 0) as f{at}" for at, value in enumerate(values))
    sums = " + ".join(
        f"(f{at} <> 0 and abs(2 * f{at} - sum(f{at}) over ()) <= 0.005 * count(*) over ())::int"
        for at in range(len(values))
    )
    filled = " + ".join(f"(f{at} <> 0)::int" for at in range(len(values)))
    found = file.connection.execute(
        f"select number from (select *, {sums} as sums, {filled} as filled, count(*) over () as rows_of_data, "
        "count(*) over (partition by names) as namesakes from "
        f"(select {quote_identifier(ROW_NUMBER)} as number, {rows}, "
        f"concat_ws('|', {', '.join(map(quote_identifier, names))}) as names from {TABLE} where {IS_DATA})) "
        "where rows_of_data > 2 and sums > 1 and sums = filled and namesakes = 1"
    ).fetchall()
    return [row for (row,) in found] if len(found) == 1 else []


def _has_half_of_sum(file: ReadFile, column: str, profile: ColumnProfile) -> bool:
    """Whether any cell of a column is the sum of all other rows."""
    value = file.profiler.parsed("cell", profile.format)
    tolerance = Decimal("0.005") * count_rows(file.connection)
    found = file.connection.execute(
        f"select 1 from (select {value} as value from ({file.profiler.cells(column)})) "
        f"where value <> 0 and abs(2 * value - {profile.control_sum:f}) <= {tolerance} limit 1"
    )
    return bool(found.fetchall())


def _count_data(file: ReadFile, excluded: Mapping[str, int]) -> int:
    return count_rows(file.connection) - sum(excluded.values())


def _profiles(file: ReadFile, fills_down: Sequence[str] = ()) -> dict[str, ColumnProfile]:
    columns, targets = file.dialect.columns, file.targets
    given = {
        name: form
        for name in columns
        if (rule := targets[name].decision) and (form := str(ValueFormat.of(rule.value_format).of_cells))
    }
    wanted = {name: targets[name].wanted_type for name in columns}
    profiles = file.profiler.profile(columns, wanted, formats_of_units(file) | given, fills_down)
    in_millionths = find_millionths(file, profiles)
    profiles |= file.profiler.measure(dict.fromkeys(in_millionths, ColumnFormat("decimal", MICROS)))
    _refuse_unsure_money(file, profiles)
    return profiles


def _settle_days(
    file: ReadFile, profiles: Mapping[str, ColumnProfile], known: PlatformColumns, earlier: Sequence[MappedColumn]
) -> tuple[dict[str, ColumnProfile], Period | None]:
    """The profiles with day and month in their places, and the period above the header."""
    dates: dict[str, str] = {}
    for name in file.days:
        if profiles[name].filled:
            dates.setdefault(file.targets[name].column, name)
    period = None if file.is_naming_keys else find_period(file.dialect.titles, file.profiler)
    given = [name for name, target in file.targets.items() if target.decision and target.decision.value_format]
    settled = {
        name: settle_months(name, profiles[name], file.targets[name].span, file.profiler)
        for name in set(dates.values()) - set(given)
    }
    columns = DateColumns(dates.get("date_start"), dates.get("date_end"), period, given)
    orders = DateOrders(file.export.original, file.profiler, columns, _hints(file, profiles, known, earlier))
    return orders.settle({**profiles, **settled})


def _hints(
    file: ReadFile, profiles: Mapping[str, ColumnProfile], known: PlatformColumns, earlier: Sequence[MappedColumn]
) -> list[list[Hint]]:
    """Evidence for an order of day and month other than the dates themselves, the strongest first."""
    headers = file.dialect.headers
    hints, habits = known_orders(file.profiler.project, file.platform, known.language(file.platform, headers))
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
        and "twin" in (form := file.profiler.form(row.value_format))
    }
    if len(orders) == 1:
        hints.append(Hint(orders.pop(), "as in the client's earlier loads", is_weak=True))
    return [hints, habits]


def _figures(file: ReadFile, profiles: Mapping[str, ColumnProfile]) -> dict[str, ColumnFormat]:
    """The columns whose totals are sums, the most telling first."""
    names = [name for target in ADDITIVE for name in file.columns_of(target)[:1]]
    return {name: profiles[name].format for name in names if profiles[name].control_sum is not None}


def _refuse_unsure_subtotals(
    file: ReadFile, found: Grouping, unresolved: Sequence[int], figures: Mapping[str, ColumnFormat]
) -> None:
    """Stop where rows that could be subtotals have more than 1 % of the sum of the others."""
    column, column_format = next(iter(figures.items()))
    number, value = quote_identifier(ROW_NUMBER), file.profiler.parsed(column, column_format)
    gone = ", ".join(map(str, [*found.subtotals, 0]))
    among = ", ".join(map(str, unresolved))
    unsure, others = file.connection.execute(
        f"select coalesce(sum({value}) filter ({number} in ({among})), 0), "
        f"coalesce(sum({value}) filter ({number} not in ({among}) and {number} not in ({gone})), 0) "
        f"from {TABLE} where {IS_DATA}"
    ).fetchall()[0]
    if abs(unsure) <= _LARGEST_OPEN_SHARE * abs(others):
        return
    rows = ", ".join(map(str, unresolved[:5])) + (" and more" if len(unresolved) > 5 else "")
    as_data, as_subtotal = f"{unsure + others:,.2f}", f"{others:,.2f}"
    shown = ""
    if found.example:
        row, own, of_group, _ = found.example
        shown = f" Row {row} has {own:,.2f}, the rows of its group {of_group:,.2f}."
    raise FileRefusedError(
        "subtotals-unsure",
        f"{file.export.original}: row {rows} could be a subtotal, but its figures do not prove it.{shown} As data, "
        f"'{column}' adds up to {as_data}; as a subtotal, to {as_subtotal}.",
        "Compare with the platform, then use --subtotals keep (it is data) or --subtotals drop (it is a subtotal).",
        [
            Answer("subtotals", "keep", f"row {rows} is data: '{column}' adds up to {as_data}"),
            Answer("subtotals", "drop", f"row {rows} is a subtotal: '{column}' adds up to {as_subtotal}"),
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


def _refuse_unsure_money(file: ReadFile, profiles: Mapping[str, ColumnProfile]) -> None:
    """Refuse a file whose numbers could be off by a factor of a thousand."""
    for name, profile in profiles.items():
        other = profile.ambiguous_with
        if other and file.targets[name].wanted_type == "decimal" and profile.format.column_type == "decimal":
            example = profile.example or ""
            read = {word: _as_number(example, mark) for word, mark in (("point", "."), ("comma", ","))}
            raise FileRefusedError(
                "numbers-unsure",
                f"{file.export.original}: nothing in the column '{name}' shows whether its point or comma is a decimal "
                f"mark: {example} is {read['point']} with a point, {read['comma']} with a comma.",
                "Use --numbers point or --numbers comma.",
                [Answer("numbers", word, f"decimal {word}: {example} is {figure}") for word, figure in read.items()],
            )


def _as_number(cell: str, mark: str) -> str:
    return "".join(
        "." if character == mark else character for character in cell if character.isdigit() or character == mark
    )
