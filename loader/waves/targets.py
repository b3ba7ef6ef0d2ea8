"""What each header of a file fills, before its cells are parsed, and which columns give the days of its rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from loader.files.containers import Export
from loader.files.dialects import Dialect
from loader.files.headers import KnownHeader, PlatformColumns, split_currency
from loader.files.options import ReadingOptions
from loader.files.profiling import Profiler
from loader.files.table import TABLE
from loader.names import normalised_header, quote_identifier, snake_case
from loader.waves.columns import DAYS, NAME_COLUMNS, ColumnRule, CoreColumn, MappedColumn

MICROS, PERIOD = "micros", "period"
# core columns that describe the export as a whole; a header of that name is something else
_OF_THE_EXPORT = {"level", "breakdowns"}


@dataclass(frozen=True)
class Target:
    """What a header is taken for, before its cells are examined.

    Args:
        column: the target column.
        rule: 'core' or 'additional', or what a person decided in an earlier wave.
        role: the header's role in platform_columns.csv, or none for an unknown header.
        wanted_type: the type that the column must have; none where the cells decide.
        reason: why, for the plan.
        decision: the person's decision that holds for the wave.
        span: 'week', 'month', 'quarter' or 'year' where a date under the header is the first day of one; else ''.
        conversion_type: the kind of result that the column counts, where its header says so; else ''.
        unit: as in `KnownHeader`.
        is_unknown: no platform that counts here has the header.

    """

    column: str
    rule: str
    role: str | None
    wanted_type: str | None
    reason: str
    decision: ColumnRule | None = None
    span: str = ""
    conversion_type: str = ""
    unit: str = ""
    is_unknown: bool = False


@dataclass(frozen=True)
class ReadFile:
    """A file whose rows were read, and what its headers fill.

    Args:
        export: the file.
        dialect: how it is written.
        profiler: has its rows in its connection.
        targets: what its headers fill.
        platform: the client's.
        is_naming_keys: it lists naming keys, and has no figures.

    """

    export: Export
    dialect: Dialect
    profiler: Profiler
    targets: Mapping[str, Target]
    platform: str
    is_naming_keys: bool

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB that has the rows."""
        return self.profiler.connection

    @property
    def options(self) -> ReadingOptions:
        """How the file is written, as given by the user."""
        return self.profiler.options

    def columns_of(self, *targets: str) -> list[str]:
        """The columns that fill any of these targets, in the file's order."""
        return [name for name in self.dialect.columns if self.targets[name].column in targets]

    @property
    def dimensions(self) -> list[str]:
        """The columns that tell rows apart: days, names and breakdowns; none of naming keys."""
        if self.is_naming_keys:
            return []
        return [
            name
            for name in self.dialect.columns
            if self.targets[name].column in (*DAYS, *NAME_COLUMNS) or self.targets[name].role == "breakdown"
        ]

    @property
    def days(self) -> list[str]:
        """Those of the dimensions that are days."""
        return [name for name in self.dimensions if self.targets[name].column in DAYS]

    @property
    def breakdowns(self) -> list[str]:
        """Those of the dimensions that are neither days nor names."""
        return [name for name in self.dimensions if self.targets[name].column not in (*DAYS, *NAME_COLUMNS)]


def choose_targets(
    columns: Sequence[str],
    platform: str,
    known: PlatformColumns,
    core: Mapping[str, CoreColumn],
    rules: Mapping[str, ColumnRule],
) -> dict[str, Target]:
    """Decide what each header of a file fills; every target column once.

    Args:
        columns: the file's columns, in order.
        platform: the client's platform.
        known: platform_columns.csv.
        core: the core columns.
        rules: from `rules_for_wave()`.

    """
    decisions = {
        name: rule
        for name in columns
        if (rule := rules.get(normalised_header(name))) and rule.mapping_rule not in ("missing", "constant")
    }
    lookups = {name: known.lookup(platform, name) for name in columns}
    taken = {rule.target_column for rule in decisions.values()}
    winners = _winners({name: found for name, found in lookups.items() if name not in decisions}, core, taken)
    targets: dict[str, Target] = {}
    used = taken | {entry.standard_column for entry in winners.values()} | _OF_THE_EXPORT
    for name in columns:
        decision = decisions.get(name)
        entry = winners.get(name)
        if decision:
            targets[name] = _decided(name, decision, lookups[name])
        elif entry:
            standard = core.get(entry.standard_column)
            mapping_rule = "core" if standard else "additional"
            targets[name] = Target(
                entry.standard_column, mapping_rule, entry.role, _wanted(name, entry, standard),
                f"known header of {platform if platform in known.platforms() else 'other platforms'}",
                span=entry.span, conversion_type=entry.conversion_type, unit=entry.unit,
            )  # fmt: skip
        elif whole := _completes(lookups[name], winners):
            target = lookups[name][0].standard_column
            targets[name] = Target(target, "add", "rest", core[target].type, f"added to '{whole}'")
        else:
            targets[name] = _own_key(name, lookups[name], used, platform)
            used.add(targets[name].column)
    return _with_suggestions(targets, lookups, platform, known)


def _with_suggestions(
    targets: dict[str, Target], lookups: Mapping[str, Sequence[KnownHeader]], platform: str, known: PlatformColumns
) -> dict[str, Target]:
    """The targets; the reason of an unknown header names the known one that it resembles."""
    filled = {target.column for name, target in targets.items() if lookups[name] or target.decision}
    for name, target in targets.items():
        if not lookups[name] and target.decision is None:
            suggestion = known.suggest(platform, name, filled)
            if suggestion:
                targets[name] = replace(target, reason=f"{target.reason}, {suggestion}")
    return targets


def _winners(
    lookups: Mapping[str, Sequence[KnownHeader]], core: Mapping[str, CoreColumn], taken: set[str]
) -> dict[str, KnownHeader]:
    """The standard column that each header fills: the header of lowest priority wins it, and wins only one."""
    offers = sorted(
        (
            (entry.standard_column not in core, entry.priority, position, name, entry)
            for position, (name, entries) in enumerate(lookups.items())
            for entry in entries
            if entry.standard_column not in taken and entry.role != "rest"
        ),
        key=lambda offer: offer[:3],
    )
    winners: dict[str, KnownHeader] = {}
    placed: set[str] = set()
    for _, _, _, name, entry in offers:
        if name not in winners and entry.standard_column not in placed:
            winners[name] = entry
            placed.add(entry.standard_column)
    return winners


def _decided(name: str, decision: ColumnRule, known: Sequence[KnownHeader]) -> Target:
    """What a person decided that a header fills."""
    mapping_rule = "additional" if decision.mapping_rule == "retired" else decision.mapping_rule
    wanted = decision.column_type or (_wanted(name, known[0], None) if known else _wanted_of_unknown(name))
    role = known[0].role if known else None
    return Target(decision.target_column, mapping_rule, role, wanted, "decided by a person", decision)


def _completes(entries: Sequence[KnownHeader], winners: Mapping[str, KnownHeader]) -> str | None:
    """The header of a metric that lacks what this header counts, as paid impressions lack the earned ones."""
    wanted = {entry.standard_column for entry in entries if entry.role == "rest"}
    return next((it for it, won in winners.items() if won.role == "part" and won.standard_column in wanted), None)


def _wanted(name: str, entry: KnownHeader, standard: CoreColumn | None) -> str | None:
    if standard:
        return standard.type
    if entry.standard_column.endswith("_id") or normalised_header(name).split()[-1:] == ["id"]:
        return "id"
    if entry.unit == "micros":
        return "decimal"
    return "text" if entry.role in ("breakdown", "account", "attribute", PERIOD) else None


def _own_key(name: str, known: Sequence[KnownHeader], used: set[str], platform: str) -> Target:
    """A header that fills no standard column keeps a key of its own in additional_metrics."""
    key = free_key(name, used)
    role = known[0].role if known else None
    reason = _filled_already(known[0].standard_column) if known else f"unknown header of {platform}"
    return Target(key, "additional", role, _wanted_of_unknown(name), reason, is_unknown=not known)


def _filled_already(standard: str) -> str:
    return f"another column already fills {standard}"


def reason_now(row: MappedColumn, rows: Sequence[MappedColumn], meant: Sequence[KnownHeader]) -> str:
    """Why a column is mapped as it is, of which a decision about another column can have changed a part since the load.

    Args:
        row: the column's mapping.
        rows: the mapping of its load.
        meant: from `PlatformColumns.lookup()`.

    """
    standard = meant[0].standard_column if meant else ""
    of_load = (it for it in rows if it.mapping_rule not in ("ignore", "missing", "retired"))
    if not standard or any(it.target_column == standard for it in of_load):
        return row.reason
    since = f"another column filled {standard} when the file was loaded, and none does now"
    return row.reason.replace(_filled_already(standard), since)


def free_key(name: str, used: Collection[str]) -> str:
    """The key of a header in additional_metrics, with a number behind it where another column has it."""
    base = key = snake_case(split_currency(name)[0])
    copy = 2
    while key in used:
        key = f"{base}_{copy}"
        copy += 1
    return key


def _wanted_of_unknown(name: str) -> str | None:
    return "id" if normalised_header(name).split()[-1:] == ["id"] else None


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
