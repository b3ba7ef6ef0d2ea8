"""What a load does, known before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from loader.clients.registry import RegisteredClient
from loader.errors import FileRefusedError, WaveRefusedError
from loader.exports.containers import Export
from loader.exports.currencies import CURRENCIES
from loader.exports.date_orders import DateColumns, DateOrders, Hint, known_orders
from loader.exports.dialects import Dialect, recognise
from loader.exports.headers import PlatformColumns
from loader.exports.options import ReadingOptions
from loader.exports.periods import Period, find_period
from loader.exports.profiling import Profiler
from loader.exports.reading import read_rows
from loader.exports.readings import ColumnProfile, Reading
from loader.exports.row_kinds import MarkedRows, mark_rows
from loader.exports.rows import TABLE
from loader.exports.totals import TotalCheck, check_totals
from loader.project.project import Project
from loader.waves import naming_keys
from loader.waves.columns import DAYS, NAME_COLUMNS, ColumnRule, MappedColumn, core_columns
from loader.waves.levels import Level, level_of
from loader.waves.mapping import propose
from loader.waves.overlaps import OverlappingRows
from loader.waves.restatement import RestatedLoad
from loader.waves.steps import Steps
from loader.waves.targets import Target, choose_targets

# what a totals row adds up; reach counts people once, rates are no sums
_ADDITIVE = ("impressions", "clicks", "conversions", "amount_spent")


@dataclass(frozen=True)
class LoadRequest:
    """What the user asks for.

    Args:
        file: the export.
        client: the registry's row.
        wave: its number; none for a file of naming keys.
        wave_name: what people call the wave; none for the name that it has.
        replace: put the file in place of the wave's earlier file of the same name.
        as_naming_keys: the file holds naming keys; found out from its header otherwise.
        options: how the file is written, as far as the user says.

    """

    file: Path
    client: RegisteredClient
    wave: int | None
    wave_name: str | None = None
    replace: bool = False
    as_naming_keys: bool = False
    options: ReadingOptions = field(default_factory=ReadingOptions)


@dataclass(frozen=True)
class EarlierColumns:
    """What the client's tables say about columns, for a wave.

    Args:
        mappings: of all waves before it, the latest last.
        rules: what people decided that holds for it, by header.

    """

    mappings: Sequence[MappedColumn]
    rules: Mapping[str, ColumnRule]


@dataclass(frozen=True)
class LoadPlan:
    """What a load does, known before anything is written.

    Args:
        file: the file that the user named.
        file_name: how the client's tables name it: with the sheet, member or table where it has several.
        file_hash: the SHA-256 of the export's text, in hexadecimal.
        options: what the user said about the file.
        dialect: how it is written.
        row_count: data rows.
        other_rows: rows of other kinds, by kind ('total', 'note', 'header').
        columns: the proposed mapping.
        new_columns: targets that no earlier wave has; none for the first wave.
        missing_columns: targets of earlier waves that this file lacks.
        total_checks: the file's own totals beside the sums of its rows.
        doubtful_rows: rows between rows of data that could be totals, and count as data.
        cell_currencies: codes and signs in the cells of the spend.
        days: the first and last day that its rows speak of; none where nothing says.
        is_naming_keys: the file holds naming keys, no wave.
        restated: the loads that speak of the same days and ads.
        policy: what then happens, as the registry says.
        overlapping: rows that speak of the same days as others at other levels, by breakdowns or over other periods.
        overlaps: what then happens, as the registry says.

    """

    file: Path
    file_name: str
    file_hash: str
    options: ReadingOptions
    dialect: Dialect
    row_count: int
    other_rows: dict[str, int]
    columns: list[MappedColumn]
    new_columns: list[str]
    missing_columns: list[str]
    total_checks: list[TotalCheck]
    doubtful_rows: list[int]
    cell_currencies: list[str]
    days: tuple[date, date] | None = None
    is_naming_keys: bool = False
    restated: list[RestatedLoad] = field(default_factory=list)
    policy: str = "supersede"
    overlapping: list[OverlappingRows] = field(default_factory=list)
    overlaps: str = "finest"

    @property
    def level(self) -> Level:
        """The level of its rows, and by what they are broken down."""
        return level_of(self.columns)

    @property
    def load_id(self) -> str:
        """The load's name in all tables: the start of the file's SHA-256."""
        return self.file_hash[:16]


def plan_load(
    project: Project,
    request: LoadRequest,
    export: Export,
    connection: duckdb.DuckDBPyConnection,
    earlier: EarlierColumns,
    steps: Steps,
) -> LoadPlan:
    """Read a file and find out what it holds; nothing of it is written anywhere.

    Args:
        project: from `find_project()`.
        request: what the user asks for.
        export: from `unpacked()`.
        connection: from `reader()`; the file's rows are in it afterwards, for landing.
        earlier: what the client's tables say about columns.
        steps: notes what was done.

    Raises:
        FileRefusedError: the file can't be read, or can be read in two ways.
        WaveRefusedError: it belongs to a wave, and none is named.

    """
    return _Planning(project, request, export, connection, earlier, steps).run()


class _Planning:
    """The steps of planning one load, with what they share."""

    def __init__(
        self,
        project: Project,
        request: LoadRequest,
        export: Export,
        connection: duckdb.DuckDBPyConnection,
        earlier: EarlierColumns,
        steps: Steps,
    ) -> None:
        self._project = project
        self._request = request
        self._options = request.options
        self._export = export
        self._connection = connection
        self._earlier = earlier
        self._steps = steps
        self._known = PlatformColumns(project)
        self._core = core_columns(project)
        self._profiler = Profiler(connection, project.local_macros, self._options)

    def run(self) -> LoadPlan:
        """See `plan_load`."""
        dialect = self._read()
        targets = choose_targets(
            dialect.columns, self._request.client.platform, self._known, self._core, self._earlier.rules
        )
        is_naming_keys = self._is_naming_keys(targets)
        marked, row_count = self._mark_rows(dialect, targets, is_naming_keys=is_naming_keys)
        profiles = self._profile(dialect.columns, targets)
        profiles, period = self._settle_dates(dialect, profiles, targets, is_naming_keys=is_naming_keys)
        currencies = self._cell_currencies(profiles, targets)
        known_currency = CURRENCIES.get(currencies[0]) if len(currencies) == 1 else None
        earlier = self._earlier
        mapping = propose(
            dialect.columns, targets, profiles, self._core, earlier.mappings, earlier.rules, known_currency, period
        )
        checks = self._check_totals(mapping, profiles) if marked.kept_out.get("total") else []
        self._done("profile", 0.6, row_count=row_count)
        before = {row.target_column for row in earlier.mappings if row.ordinal is not None}
        present = {row.target_column for row in mapping if row.ordinal is not None}
        missing = sorted(row.target_column for row in mapping if row.mapping_rule == "missing")
        return LoadPlan(
            file=self._request.file,
            file_name=self._export.name,
            file_hash=self._export.sha256,
            options=self._options,
            dialect=dialect,
            row_count=row_count,
            other_rows=marked.kept_out,
            columns=mapping,
            new_columns=sorted(present - before) if before else [],
            missing_columns=[] if is_naming_keys else missing,
            total_checks=checks,
            doubtful_rows=marked.doubtful,
            cell_currencies=currencies,
            days=self._days(mapping),
            is_naming_keys=is_naming_keys,
        )

    def _done(self, step: str, share: float, row_count: int | None = None, column_count: int | None = None) -> None:
        self._steps.done(step, share, self._export.name, row_count, column_count)

    def _read(self) -> Dialect:
        dialect = recognise(self._export, self._known, self._options)
        self._done("recognise", 0.1, column_count=len(dialect.headers))
        return read_rows(self._export, dialect, self._connection, self._known, self._options)

    def _is_naming_keys(self, targets: Mapping[str, Target]) -> bool:
        found = self._request.as_naming_keys or naming_keys.looks_like(
            [(target.column, target.role) for target in targets.values()]
        )
        if self._request.wave is None and not found:
            raise WaveRefusedError(
                "no-wave", f"{self._export.name} holds figures, so it belongs to a wave.", "Name the wave with --wave."
            )
        return found

    def _mark_rows(
        self, dialect: Dialect, targets: Mapping[str, Target], *, is_naming_keys: bool
    ) -> tuple[MarkedRows, int]:
        """Tell data from totals and notes; what was found, and how many rows are data."""
        names = [name for name in dialect.columns if targets[name].column in NAME_COLUMNS and not is_naming_keys]
        marked = mark_rows(self._connection, dialect.columns, dialect.headers, names, self._options.skip_footer)
        total = self._connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0]
        row_count = total - sum(marked.kept_out.values())
        if row_count == 0:
            raise FileRefusedError(
                "no-rows", f"{self._request.file} has a totals row, but no rows of data.", "Check the date range."
            )
        self._done("read", 0.4, row_count=total, column_count=len(dialect.columns))
        return marked, row_count

    def _profile(self, columns: Sequence[str], targets: Mapping[str, Target]) -> dict[str, ColumnProfile]:
        profiles = self._profiler.profile(
            columns,
            {name: targets[name].wanted_type for name in columns},
            {name: form for name in columns if (rule := targets[name].decision) and (form := rule.value_format)},
        )
        _refuse_unsure_money(self._request.file, profiles, targets)
        return profiles

    def _settle_dates(
        self,
        dialect: Dialect,
        profiles: dict[str, ColumnProfile],
        targets: Mapping[str, Target],
        *,
        is_naming_keys: bool,
    ) -> tuple[dict[str, ColumnProfile], Period | None]:
        """The profiles with day and month in their places, and the period that stands above the header."""
        dates: dict[str, str] = {}
        for name, target in targets.items():
            if target.column in DAYS and not is_naming_keys:
                dates.setdefault(target.column, name)
        period = find_period(dialect.titles, self._profiler)
        columns = DateColumns(dates.get("date_start"), dates.get("date_end"), None if is_naming_keys else period)
        hints = self._date_hints(dialect, profiles)
        return DateOrders(self._request.file, self._profiler, columns, hints).settle(profiles)

    def _date_hints(self, dialect: Dialect, profiles: Mapping[str, ColumnProfile]) -> list[list[Hint]]:
        """What speaks for an order of day and month beside the dates themselves."""
        platform = self._request.client.platform
        language = self._known.language(platform, dialect.headers)
        hints, habits = known_orders(self._project, platform, language)
        if any(profile.has_sure_comma for profile in profiles.values()):
            hints.append(Hint("day-first", "as its numbers have decimal commas"))
        earlier = {
            str(form["order"])
            for row in self._earlier.mappings
            if row.column_type == "date" and "twin" in (form := self._profiler.form(row.value_format))
        }
        if len(earlier) == 1:
            hints.append(Hint(earlier.pop(), "as in the client's earlier loads"))
        return [hints, habits]

    def _cell_currencies(self, profiles: Mapping[str, ColumnProfile], targets: Mapping[str, Target]) -> list[str]:
        """The currency signs in the cells of the spend, where they can hold any."""
        for name, target in targets.items():
            if target.column == "amount_spent" and profiles[name].reading.value_format in ("point", "comma"):
                return self._profiler.currencies(name)
        return []

    def _check_totals(self, mapping: Sequence[MappedColumn], profiles: Mapping[str, ColumnProfile]) -> list[TotalCheck]:
        additive = {
            row.column_name: profiles[row.column_name].reading
            for row in mapping
            if row.target_column in _ADDITIVE and row.ordinal is not None
        }
        return check_totals(self._connection, self._profiler, additive)

    def _days(self, mapping: Sequence[MappedColumn]) -> tuple[date, date] | None:
        """The first and last day that the rows speak of, in cells or above the header."""
        dates = [row for row in mapping if row.target_column in DAYS and row.column_type == "date"]
        found = self._profiler.days(
            {
                row.column_name: Reading("date", row.value_format)
                for row in dates
                if row.ordinal is not None and row.mapping_rule == "core"
            }
        )
        constants = [date.fromisoformat(row.default_value) for row in dates if row.default_value and not row.ordinal]
        return found or ((min(constants), max(constants)) if constants else None)


def _refuse_unsure_money(file: Path, profiles: Mapping[str, ColumnProfile], targets: Mapping[str, Target]) -> None:
    """A factor of a thousand is no doubt to load with."""
    for name, profile in profiles.items():
        other = profile.ambiguous_with
        if other and targets[name].wanted_type == "decimal" and profile.reading.column_type == "decimal":
            example = profile.example or ""
            raise FileRefusedError(
                "numbers-unsure",
                f"{file}: nothing in the column '{name}' says whether its point or comma is a decimal mark: "
                f"{example} is {_as_number(example, '.')} with a point, {_as_number(example, ',')} with a comma.",
                "Say --numbers point or --numbers comma.",
            )


def _as_number(cell: str, mark: str) -> str:
    return "".join(
        "." if character == mark else character for character in cell if character.isdigit() or character == mark
    )
