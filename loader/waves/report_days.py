"""Which columns give the days of rows, and which the period of a whole report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from loader.files.headers import KnownHeader, PlatformColumns
from loader.files.table import TABLE
from loader.names import quote_identifier
from loader.waves.columns import DAYS, CoreColumn
from loader.waves.targets import PERIOD, Target, free_key


def with_days_of_rows(
    targets: Mapping[str, Target],
    connection: duckdb.DuckDBPyConnection,
    platform: str,
    known: PlatformColumns,
    core: Mapping[str, CoreColumn],
) -> dict[str, Target]:
    """The targets, with the day of each row as its day where the column that fills it has one day for all rows.

    'Reporting starts' and 'Reporting ends' are the day of a row in some exports; beside 'Day' they can be the period of
    the whole report, which stays additional.

    Args:
        targets: from `choose_targets()`.
        connection: has read the file.
        platform: the client's platform.
        known: platform_columns.csv.
        core: the core columns.

    """
    filled = {
        target.column: name for name, target in targets.items() if target.rule == "core" and target.decision is None
    }
    start, end = (filled.get(column) for column in DAYS)
    if start is None or targets[start].span:
        return dict(targets)
    others = [
        (entry.priority, name, entry)
        for name, target in targets.items()
        if target.rule == "additional" and target.decision is None
        for entry in known.lookup(platform, name)[:1]
        if entry.standard_column == DAYS[0]
    ]
    for _, name, entry in sorted(others, key=lambda other: other[0]):
        of_report = _same_in_all(connection, name, start, end, may_be_same=not entry.span)
        if of_report:
            return {**targets, **_exchanged(targets, name, entry, of_report, core)}
    return dict(targets)


def _exchanged(
    targets: Mapping[str, Target],
    day: str,
    entry: KnownHeader,
    of_report: Sequence[str],
    core: Mapping[str, CoreColumn],
) -> dict[str, Target]:
    """The column that gives each row its day, and those that now give the period of the report alone."""
    start = targets[of_report[0]]
    used = {*core, *(target.column for target in targets.values())}
    reason = f"{start.reason}, the day of each row: '{of_report[0]}' is the same in all"
    found = replace(start, role=entry.role, span=entry.span, reason=reason)
    of_all = f"the period of the report: '{day}' has the day of each row"
    return {day: found} | {
        name: replace(
            targets[name], column=free_key(name, used), rule="additional", role=PERIOD, wanted_type=None, reason=of_all
        )
        for name in of_report
    }


def _same_in_all(
    connection: duckdb.DuckDBPyConnection, day: str, start: str, end: str | None, *, may_be_same: bool
) -> list[str]:
    """The start and the end of a report, if they are the same in all rows, and the days of rows are others.

    One day may be the same in all rows too, and is another than the report's, which is longer.
    """
    cells = [f"nullif(trim({quote_identifier(name)}), '')" for name in (day, start, end or start)]
    days, starts, ends, is_report, filled, rows = connection.execute(
        f"select count(distinct day), count(distinct first), count(distinct last), "
        f"bool_and(coalesce(day = first and day = last, false)), count(*), any_value(of_file) from "
        f"(select {cells[0]} as day, {cells[1]} as first, {cells[2]} as last, count({cells[1]}) over () as of_file "
        f"from {TABLE}) where day is not null"
    ).fetchall()[0]
    is_day = days > 1 or (days == 1 and may_be_same and not is_report)
    if starts != 1 or not is_day or 2 * filled < rows:
        return []
    return [start, end] if end and ends == 1 else [start]


def with_report_period(
    targets: Mapping[str, Target], connection: duckdb.DuckDBPyConnection, core: Mapping[str, CoreColumn]
) -> dict[str, Target]:
    """The targets, with the columns that give the period of a report as its days, where no other column has any.

    In a list of campaigns the same headers give the first and last day of each campaign, which are no days of its
    figures. A report breaks its figures down, and has one period in all rows.

    Args:
        targets: from `choose_targets()`.
        connection: has read the file.
        core: the core columns.

    """
    names = [name for name, target in targets.items() if target.role == PERIOD and target.decision is None]
    breakdowns = [name for name, target in targets.items() if target.role == "breakdown"]
    has_days = any(target.column in DAYS and target.rule == "core" for target in targets.values())
    if has_days or len(names) != len(DAYS) or not breakdowns:
        return dict(targets)
    cells = ", ".join(f"coalesce(trim({quote_identifier(name)}), '')" for name in names)
    is_filled = " or ".join(f"trim({quote_identifier(name)}) <> ''" for name in breakdowns)
    periods = connection.execute(f"select distinct {cells} from {TABLE} where {is_filled} limit 2").fetchall()
    if len(periods) != 1 or not all(periods[0]):
        return dict(targets)
    reason = "the period of the report, the same in all rows"
    of_report = {
        name: replace(
            targets[name],
            column={"starts": DAYS[0], "ends": DAYS[1]}[targets[name].column],
            rule="core",
            role="dimension",
            wanted_type=core[DAYS[0]].type,
            reason=reason,
        )
        for name in names
    }
    return {**targets, **of_report}
