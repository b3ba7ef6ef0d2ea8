"""Load one export as part of a wave: one transaction, known by the file's SHA-256."""

from __future__ import annotations

import dataclasses
import errno
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from loader import naming_keys
from loader.containers import Export, sha256_of_part, unpacked
from loader.currencies import CURRENCIES
from loader.dialects import Dialect, recognise
from loader.errors import FileRefusedError, Spark9Error, WarehouseRefusedError, WaveRefusedError
from loader.failures import failures_logged
from loader.headers import PlatformColumns
from loader.log import LogEntry, write_log
from loader.mapping import (
    FIELDS,
    NAME_COLUMNS,
    ColumnRule,
    MappedColumn,
    Target,
    as_row,
    choose_targets,
    core_columns,
    propose,
    rules_for_wave,
)
from loader.names import ClientSchema, quote_identifier, safe_file_name, wave_number
from loader.profiling import ColumnProfile, Profiler, Reading
from loader.project import Project
from loader.reading import ROW_KIND, ROW_NUMBER, ROW_REASON, TABLE, read_rows, reader, row_as_json
from loader.reading_options import ReadingOptions
from loader.registry import Registry
from loader.restatement import RestatedLoad, restated_loads
from loader.totals import TotalCheck, check_totals, mark_rows
from loader.warehouse import Landing, Session, Warehouse, open_warehouse
from loader.wave_state import (
    LoadedFile,
    align_missing_columns,
    column_rules,
    earlier_columns,
    load_of,
    loads_of_wave,
    remove_load,
    require_tables,
)

_MOST_NAMED = 12
# what a totals row adds up; reach counts people once, rates are no sums
_ADDITIVE = ("impressions", "clicks", "conversions", "amount_spent")

StepNotice = Callable[[str, float], None]


def _no_notice(_step: str, _share: float) -> None:
    """For callers that show no progress."""


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
        days: the first and last day of its rows (date_start); none where no cell is a date.
        is_naming_keys: the file holds naming keys, no wave.
        restated: the loads that speak of the same days and ads.
        policy: what then happens, as the registry says.

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

    @property
    def load_id(self) -> str:
        """The load's name in all tables: the start of the file's SHA-256."""
        return self.file_hash[:16]


@dataclass(frozen=True)
class LoadResult:
    """What a load did.

    Args:
        outcome: 'loaded', 'already loaded' or 'planned' (a dry run).
        message: one sentence for the user.
        plan: none when the file was already loaded.
        warnings: doubts that the user should know of, one sentence each.

    """

    outcome: str
    message: str
    plan: LoadPlan | None = None
    warnings: list[str] = field(default_factory=list)


def load_wave(
    project: Project,
    file: Path,
    names: ClientSchema,
    wave: int | None,
    *,
    wave_name: str | None = None,
    replace: bool = False,
    dry_run: bool = False,
    as_naming_keys: bool = False,
    options: ReadingOptions | None = None,
    wait_seconds: float = 300.0,
    on_step: StepNotice = _no_notice,
    on_wait: Callable[[str], None] | None = None,
) -> LoadResult:
    """Load an export as (part of) a wave; either all of it is there afterwards, or nothing.

    Args:
        project: from `find_project()`.
        file: the export.
        names: the client, in the registry.
        wave: its number, from 1; none for a file of naming keys.
        wave_name: what people call the wave; the name that the wave has stays when none is given.
        replace: put the file in place of the wave's earlier file of the same name.
        dry_run: only plan.
        as_naming_keys: the file holds naming keys; found out from its header otherwise.
        options: how the file is written, as far as the user says; from `reading_options()`.
        wait_seconds: how long to wait for a locked warehouse.
        on_step: is told each step and the share of the work done, 0 to 1.
        on_wait: is told when the warehouse is waited for.

    Raises:
        ClientUnknownError: the client is not registered, or has no tables.
        FileRefusedError: the file can't be read.
        WaveRefusedError: the same file is loaded as another wave, or there is nothing to replace.
        WarehouseBusyError: the warehouse stayed locked.

    """
    if wave is not None:
        wave_number(wave)
    policy = Registry(project).get(names).restatement
    warehouse = open_warehouse(project, wait_seconds)
    load = _Load(
        project, warehouse, file, names, policy, wave, wave_name, replace, options or ReadingOptions(), on_step, on_wait
    )
    logged = nullcontext() if dry_run else failures_logged(project, names, "load", wave, file)
    with logged:
        try:
            return load.run(dry_run=dry_run, as_naming_keys=as_naming_keys)
        except (duckdb.Error, OSError) as error:
            raise _as_told(file, error) from error


def _as_told(file: Path, error: duckdb.Error | OSError) -> Spark9Error:
    """What the machine or DuckDB refused, as an error that says what to do."""
    first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if is_full or any(words in first_line for words in ("No space left", "Could not write all bytes")):
        return WarehouseRefusedError(
            "disk-full",
            f"{file}: there is no room left: {first_line}.",
            "Make room (in the database's folder, the stage and the folder for temporary files), then load it again.",
        )
    if isinstance(error, OSError):
        return FileRefusedError("file-unreadable", f"{file} can't be read: {first_line}.", "Try again.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return WarehouseRefusedError(
            "out-of-memory", f"{file}: {first_line}.", "Split the file, or use a larger machine."
        )
    return WarehouseRefusedError(
        "warehouse-error",
        f"{file}: the warehouse refused a statement: {first_line}.",
        "Report it with the file's header row.",
    )


class _Load:
    """The steps of one load, with what they hand on to each other."""

    def __init__(
        self,
        project: Project,
        warehouse: Warehouse,
        file: Path,
        names: ClientSchema,
        policy: str,
        wave: int | None,
        wave_name: str | None,
        replace: bool,
        options: ReadingOptions,
        on_step: StepNotice,
        on_wait: Callable[[str], None] | None,
    ) -> None:
        self._project = project
        self._warehouse = warehouse
        self._file = file
        self._name = file.name
        self._options = options
        self._names = names
        self._policy = policy
        self._schema = project.schema_name(names.name)
        self._wave = wave
        self._wave_name = wave_name
        self._replace = replace
        self._on_step = on_step
        self._on_wait = on_wait
        self._started = time.monotonic()
        self._step_started = self._started
        self._steps: list[LogEntry] = []
        self._known = PlatformColumns(project)

    def run(self, *, dry_run: bool, as_naming_keys: bool) -> LoadResult:
        self._on_step("reading", 0.0)
        with unpacked(self._file, self._options) as export:
            table = self._options.table
            self._name = export.name if table is None else f"{export.name}#{table}"
            file_hash = export.sha256 if table is None else sha256_of_part(export.sha256, f"table {table}")
            with self._warehouse.session(on_wait=self._on_wait) as session:
                require_tables(session, self._project, self._names)
                known = self._already_loaded(session, file_hash[:16])
                if known:
                    return known
                wave = self._wave or 0
                earlier = earlier_columns(session, self._schema, wave)
                rules = rules_for_wave(column_rules(session, self._schema), wave)
            with reader() as connection:
                plan = self._plan(connection, export, file_hash, earlier, rules, as_naming_keys)
                if dry_run:
                    with self._warehouse.session(connection, self._on_wait) as session:
                        plan = self._with_restatements(session, connection, plan)
                    return LoadResult("planned", _planned(plan, self._names, self._wave), plan, _doubts(plan))
                return self._carry_out(connection, export, plan)

    def _already_loaded(self, session: Session, load_id: str) -> LoadResult | None:
        loaded = load_of(session, self._schema, load_id)
        if loaded is None:
            return None
        when = loaded.upload_timestamp.strftime("%Y-%m-%d %H:%M")
        if loaded.wave_number is None:
            return LoadResult("already loaded", f"{self._name}: already loaded as naming keys on {when} UTC.")
        if loaded.wave_number == self._wave:
            name = "" if loaded.file_name == self._name else f" (as {loaded.file_name})"
            return LoadResult(
                "already loaded",
                f"{self._name}: already loaded as wave {loaded.wave_number} on {when} UTC{name}; nothing changes.",
            )
        raise WaveRefusedError(
            "loaded-as-other-wave",
            f"{self._name} is already loaded as wave {loaded.wave_number} of {self._names} on {when} UTC"
            f" (as {loaded.file_name}).",
            f"If it belongs to wave {self._wave}, take it out first: spark9 wave rollback {_flags(self._names)}"
            f" --wave {loaded.wave_number} --file {loaded.file_name}",
        )

    def _plan(
        self,
        connection: duckdb.DuckDBPyConnection,
        export: Export,
        file_hash: str,
        earlier: Sequence[MappedColumn],
        rules: Mapping[str, ColumnRule],
        as_naming_keys: bool,
    ) -> LoadPlan:
        dialect = recognise(export, self._known, self._options)
        self._step("recognise", 0.1, column_count=len(dialect.headers))
        dialect = read_rows(export, dialect, connection, self._known, self._options)
        columns = dialect.columns
        core = core_columns(self._project)
        targets = choose_targets(columns, self._names.platform, self._known, core, rules)
        name_columns = [name for name in columns if targets[name].column in NAME_COLUMNS]
        is_naming_keys = as_naming_keys or naming_keys.looks_like(
            [(targets[name].column, targets[name].role) for name in columns]
        )
        if self._wave is None and not is_naming_keys:
            raise WaveRefusedError(
                "no-wave", f"{self._name} holds figures, so it belongs to a wave.", "Name the wave with --wave."
            )
        marked = mark_rows(
            connection,
            columns,
            dialect.headers,
            [] if is_naming_keys else name_columns,
            self._options.skip_footer,
        )
        other_rows = marked.kept_out
        total = connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0]
        row_count = total - sum(other_rows.values())
        if row_count == 0:
            raise FileRefusedError(
                "no-rows", f"{self._file} has a totals row, but no rows of data.", "Check the date range."
            )
        self._step("read", 0.4, row_count=total, column_count=len(columns))
        profiler = Profiler(connection, self._project.local_macros, self._options)
        profiles = profiler.profile(
            columns,
            {name: targets[name].wanted_type for name in columns},
            {name: form for name in columns if (rule := targets[name].decision) and (form := rule.value_format)},
        )
        _refuse_unsure_money(self._file, profiles, targets)
        cell_currencies = _cell_currencies(profiler, profiles, targets)
        known_currency = CURRENCIES.get(cell_currencies[0]) if len(cell_currencies) == 1 else None
        mapping = propose(columns, targets, profiles, core, earlier, rules, known_currency)
        additive = {
            row.column_name: profiles[row.column_name].reading
            for row in mapping
            if row.target_column in _ADDITIVE and row.ordinal is not None
        }
        checks = check_totals(connection, profiler, additive) if other_rows.get("total") else []
        self._step("profile", 0.6, row_count=row_count)
        before = {row.target_column for row in earlier if row.ordinal is not None}
        present = {row.target_column for row in mapping if row.ordinal is not None}
        missing = sorted(row.target_column for row in mapping if row.mapping_rule == "missing")
        return LoadPlan(
            file=self._file,
            file_name=self._name,
            file_hash=file_hash,
            options=self._options,
            dialect=dialect,
            row_count=row_count,
            other_rows=other_rows,
            columns=mapping,
            new_columns=sorted(present - before) if before else [],
            missing_columns=[] if is_naming_keys else missing,
            total_checks=checks,
            doubtful_rows=marked.doubtful,
            cell_currencies=cell_currencies,
            days=profiler.days(
                {
                    row.column_name: Reading(row.column_type, row.value_format)
                    for row in mapping
                    if row.target_column == "date_start" and row.ordinal is not None and row.column_type == "date"
                }
            ),
            is_naming_keys=is_naming_keys,
        )

    def _carry_out(self, connection: duckdb.DuckDBPyConnection, export: Export, plan: LoadPlan) -> LoadResult:
        wave = None if plan.is_naming_keys else self._wave
        folder = "naming_keys" if wave is None else f"wave_{wave}"
        suffix = "".join(Path(safe_file_name(self._file.name)).suffixes[-1:]) or ".csv"
        staged = f"{folder}/{self._names.name}__{folder}__{plan.load_id}{suffix}"
        self._warehouse.stage_file(self._schema, self._file, staged, export.original_sha256)
        self._step("stage", 0.7)
        with (
            self._warehouse.session(connection, self._on_wait) as session,
            self._prepared(session, plan, wave) as landing,
            session.transaction(lock=self._schema),
        ):
            known = self._already_loaded(session, plan.load_id)  # another process may have been faster
            if known:
                return known
            now = session.now()
            if wave is None:
                keys = naming_keys.read(connection, self._name, plan.columns)
                count = naming_keys.land(
                    session, self._project, self._schema, keys, load_id=plan.load_id, file_name=self._name, now=now
                )
                warnings = _doubts(plan)
                message = (
                    f"{self._name}: {count} naming keys loaded for {self._names}; "
                    "the next build scores all waves again."
                )
            else:
                loads = loads_of_wave(session, self._schema, wave)
                warnings = self._replace_or_warn(session, wave, loads)
                plan = self._with_restatements(session, connection, plan)
                self._refuse_restatements(plan)
                warnings += _doubts(plan)
                unknown = naming_keys.unknown_ad_sets(session, self._schema, connection, plan.columns)
                warnings += _unknown_ad_sets(unknown)
                if landing:
                    self._land(session, landing, plan, wave, self._name_of_wave(session, wave, loads), now)
                kept_out = "".join(
                    f", {count} {kind} row{'s' if count > 1 else ''} kept out"
                    for kind, count in sorted(plan.other_rows.items())
                )
                message = (
                    f"{self._name}: {plan.row_count} rows{kept_out}, {len(plan.dialect.columns)} columns "
                    f"loaded as wave {wave} of {self._names}."
                )
            self._steps.append(
                LogEntry(
                    "naming_keys" if wave is None else "load",
                    "completed",
                    wave,
                    plan.load_id,
                    self._name,
                    plan.file_hash,
                    plan.row_count + sum(plan.other_rows.values()),
                    len(plan.dialect.columns),
                    list(plan.dialect.columns),
                    duration_seconds=time.monotonic() - self._started,
                    details={
                        "original": self._file.name,
                        "original_sha256": export.original_sha256,
                        "staged_as": staged,
                        "options": plan.options.given(),
                        "totals": [
                            {"column": check.column, "given": f"{check.given:f}", "computed": f"{check.computed:f}"}
                            for check in plan.total_checks
                        ],
                        "days": [str(day) for day in plan.days or ()],
                    },
                )
            )
            write_log(session, self._schema, [entry.of_load(plan.load_id, plan.file_hash) for entry in self._steps])
        self._on_step("done", 1.0)
        return LoadResult("loaded", message, plan, warnings)

    def _with_restatements(self, session: Session, connection: duckdb.DuckDBPyConnection, plan: LoadPlan) -> LoadPlan:
        """The plan, with what it restates of the loads that are there at this moment."""
        if plan.is_naming_keys or self._wave is None or plan.days is None:
            return plan
        found = restated_loads(session, connection, self._project, self._schema, self._wave, plan.columns, plan.days)
        if self._replace:
            gone = {
                load.load_id
                for load in loads_of_wave(session, self._schema, self._wave)
                if load.file_name == self._name
            }
            found = [load for load in found if load.load_id not in gone]
        return dataclasses.replace(plan, restated=found, policy=self._policy)

    def _refuse_restatements(self, plan: LoadPlan) -> None:
        restated = [load for load in plan.restated if load.matched_rows]
        if self._policy == "refuse" and restated:
            first = restated[0]
            raise WaveRefusedError(
                "rows-restated",
                f"{self._name} speaks again of {first.matched_rows} rows of {first.file_name} "
                f"(wave {first.wave_number}), {first.first_date} to {first.last_date}, and {self._names} refuses that.",
                f"Roll that file back first, or let the later value count: spark9 client set {self._names.client} "
                f"{self._names.platform} {self._names.year} --restatement supersede",
            )

    def _replace_or_warn(self, session: Session, wave: int, loads: Sequence[LoadedFile]) -> list[str]:
        same_name = [load for load in loads if load.file_name == self._name]
        if not self._replace:
            return (
                [
                    f"wave {wave} had a file named {self._name} already, with other content; what only that one has"
                    " still counts. To put this one in its place, roll it back and load it with --replace."
                ]
                if same_name
                else []
            )
        if not same_name:
            names = ", ".join(load.file_name for load in loads) or "no file"
            raise WaveRefusedError(
                "nothing-to-replace",
                f"Wave {wave} of {self._names} has no file named {self._name}; it has {names}.",
                "Give the file the name of the one it replaces, or load it without --replace.",
            )
        for load in same_name:
            remove_load(session, self._project, self._schema, load, "replace", self._policy)
        return []

    @contextmanager
    def _prepared(self, session: Session, plan: LoadPlan, wave: int | None) -> Iterator[Landing | None]:
        """The file's rows, ready to be landed; none for naming keys, which are few."""
        if wave is None:
            yield None
            return
        earlier = session.query(
            f"select count(*) from {self._schema}.processing_log "
            "where load_id = ? and processing_stage = 'load' and status = 'completed'",
            [plan.load_id],
        )[0][0]
        rows = (
            f"select {quote_identifier(ROW_NUMBER)} as row_number, {row_as_json(plan.dialect.columns)} as raw_data, "
            f"{quote_identifier(ROW_KIND)} as row_kind, {quote_identifier(ROW_REASON)} as row_reason from {TABLE}"
        )
        columns = ("row_number", "raw_data", "row_kind", "row_reason")
        with session.prepared(
            self._schema, "raw_data_staging", columns, rows, f"{plan.load_id}_{earlier + 1}"
        ) as landing:
            yield landing

    def _land(
        self, session: Session, landing: Landing, plan: LoadPlan, wave: int, wave_name: str | None, now: datetime
    ) -> None:
        constants: list[tuple[str, object]] = [
            ("load_id", plan.load_id),
            ("wave_number", wave),
            ("wave_name", wave_name),
            ("upload_timestamp", now),
            ("file_name", self._name),
            ("processed_flag", False),
            ("schema_version", 1),
        ]
        rows = plan.row_count + sum(plan.other_rows.values())
        details = session.land(landing, constants, rows)
        self._step("land", 0.9, row_count=rows, details=details)
        session.insert(
            self._schema,
            "wave_schema_mapping",
            ("load_id", "wave_number", *FIELDS, "updated_timestamp"),
            [(plan.load_id, wave, *as_row(column), now) for column in plan.columns],
        )
        align_missing_columns(session, self._project, self._schema, wave)
        self._step("map", 0.95, column_count=len(plan.columns))

    def _name_of_wave(self, session: Session, wave: int, loads: Sequence[LoadedFile]) -> str | None:
        """One name a wave: a new name renames the whole wave, no name keeps the one it has."""
        if self._wave_name is None:
            return loads[0].wave_name if loads else None
        if any(load.wave_name != self._wave_name for load in loads):
            session.query(
                f"update {self._schema}.raw_data_staging set wave_name = ?, processed_flag = false, "
                "schema_version = schema_version + 1 where wave_number = ?",
                [self._wave_name, wave],
            )
        return self._wave_name

    def _step(
        self,
        stage: str,
        share: float,
        row_count: int | None = None,
        column_count: int | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        now = time.monotonic()
        self._steps.append(
            LogEntry(
                stage,
                "completed",
                self._wave,
                None,
                self._name,
                row_count=row_count,
                column_count=column_count,
                duration_seconds=now - self._step_started,
                details=details or None,
            )
        )
        self._step_started = now
        self._on_step(stage, share)


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


def _cell_currencies(
    profiler: Profiler, profiles: Mapping[str, ColumnProfile], targets: Mapping[str, Target]
) -> list[str]:
    """The currency signs in the cells of the spend, where they can hold any."""
    for name, target in targets.items():
        reading = profiles[name].reading
        if target.column == "amount_spent" and reading.value_format in ("point", "comma"):
            return profiler.currencies(name)
    return []


def _flags(names: ClientSchema) -> str:
    return f"--client {names.client} --platform {names.platform} --year {names.year}"


def _planned(plan: LoadPlan, names: ClientSchema, wave: int | None) -> str:
    goal = f"naming keys of {names}" if plan.is_naming_keys else f"wave {wave} of {names}"
    return f"{plan.file_name}: {plan.row_count} rows would be loaded as {goal}; nothing was changed."


def _unknown_ad_sets(rows_by_name: Mapping[str, int]) -> list[str]:
    """One sentence on the ad sets that are not in the naming keys; none when all are."""
    if not rows_by_name:
        return []
    names = ", ".join(f"'{name}'" for name in list(rows_by_name)[:3])
    more = f" and {len(rows_by_name) - 3} more" if len(rows_by_name) > 3 else ""
    return [f"{sum(rows_by_name.values())} rows have an ad set that is not in the naming keys: {names}{more}"]


def _doubts(plan: LoadPlan) -> list[str]:
    """What the plan is not sure of, one sentence each."""
    if plan.is_naming_keys:
        return []
    unclear = [row for row in plan.columns if "; " in row.reason]
    doubts = [f"column '{row.column_name}': {row.reason.partition('; ')[2]}" for row in unclear[:_MOST_NAMED]]
    if len(unclear) > _MOST_NAMED:
        doubts.append(f"{len(unclear) - _MOST_NAMED} more columns are unclear; --dry-run names them")
    doubts += [
        f"the totals row gives {check.given.normalize():f} for '{check.column}', "
        f"but its rows add up to {check.computed.normalize():f}"
        for check in plan.total_checks
        if not check.agrees
    ]
    doubts += [load.sentence(plan.policy) for load in plan.restated]
    if len(plan.cell_currencies) > 1:
        doubts.append(f"the spend is in several currencies: {', '.join(plan.cell_currencies)}; its sum means nothing")
    elif plan.cell_currencies and plan.cell_currencies[0] not in CURRENCIES:
        doubts.append(f"'{plan.cell_currencies[0]}' is the sign of several currencies; the column currency stays empty")
    if plan.dialect.is_cut_off:
        doubts.append("the last row has fewer cells than the header and no line end: the file may be cut off")
    if plan.dialect.nul_bytes:
        doubts.append("the file has NUL bytes, which no table can hold; they are left out")
    if plan.doubtful_rows:
        rows = ", ".join(map(str, plan.doubtful_rows[:5])) + (" and more" if len(plan.doubtful_rows) > 5 else "")
        doubts.append(
            f"row {rows} could be a total, but stands between rows of data; it counts as data"
            if len(plan.doubtful_rows) == 1
            else f"rows {rows} could be totals, but stand between rows of data; they count as data"
        )
    missing = [row for row in plan.columns if row.mapping_rule == "missing" and row.default_value is None]
    doubts += [f"column '{row.target_column}' is missing: {row.reason}" for row in missing[:_MOST_NAMED]]
    if len(missing) > _MOST_NAMED:
        doubts.append(f"{len(missing) - _MOST_NAMED} more columns are missing; --dry-run names them")
    return doubts
