"""Load one export as part of a wave: one transaction, known by the file's SHA-256."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb

from loader.clients.registry import Registry
from loader.clients.tables import ClientTables, failures_logged, tables_of
from loader.errors import WaveRefusedError
from loader.files.containers import Export, unpacked
from loader.files.options import ReadingOptions
from loader.files.table import ROW_KIND, ROW_NUMBER, ROW_REASON, TABLE, reader, row_as_json
from loader.log import SUCCESS, LogEntry, StepNotice, Steps, no_notice
from loader.names import ClientKey, quote_identifier, wave_number
from loader.warehouses.interface import Landing, Warehouse
from loader.warehouses.machine_errors import as_spark9_error
from loader.waves import naming_keys
from loader.waves.columns import rules_for_wave
from loader.waves.known_loads import already_loaded, original_put_back, wave_taken
from loader.waves.overlaps import overlap_keys_of, overlapping_rows
from loader.waves.plan import EarlierColumns, LoadPlan, LoadRequest, plan_load, refuse_by_policy, warnings_of
from loader.waves.preview import Preview, preview_rows
from loader.waves.questions import insert_questions, reopen_comparisons, restore_answers
from loader.waves.restated import overlap_questions, restated_loads
from loader.waves.rolled_back import gone_because
from loader.waves.state import (
    LoadedFile,
    align_missing_columns,
    column_rules,
    earlier_columns,
    insert_mapping,
    loads,
    loads_of_wave,
    remove_load,
)
from loader.workspace import Workspace


@dataclass(frozen=True)
class LoadResult:
    """What a load did.

    Args:
        outcome: 'loaded', 'already loaded' or 'planned' (a dry run).
        message: one sentence for the user.
        plan: none when the file was already loaded.
        warnings: what the user should know, one sentence each.
        preview: of a dry run, the rows as the next build makes them; none for naming keys.

    """

    outcome: str
    message: str
    plan: LoadPlan | None = None
    warnings: list[str] = field(default_factory=list)
    preview: Preview | None = None


def load_wave(
    workspace: Workspace,
    file: Path,
    client: ClientKey,
    wave: int | None,
    *,
    wave_name: str | None = None,
    replace: bool = False,
    dry_run: bool = False,
    as_naming_keys: bool = False,
    other_platform: bool = False,
    is_new_wave: bool = False,
    options: ReadingOptions | None = None,
    on_step: StepNotice = no_notice,
) -> LoadResult:
    """Load an export as (part of) a wave; either all of it is there afterwards, or nothing.

    Args:
        workspace: from `open_workspace()`.
        file: the export.
        client: the client, in the registry.
        wave: its number, from 1; none for a file of naming keys.
        wave_name: a name for the wave; by default it keeps the name it has.
        replace: replace the wave's earlier file of the same name.
        dry_run: only plan.
        as_naming_keys: the file holds naming keys; otherwise detected from its header.
        other_platform: load it even though its headers are those of another platform.
        is_new_wave: refuse it if the wave has a file by the time that it is loaded.
        options: how the file is written, as far as the user states it; from `reading_options()`.
        on_step: called with each step and the share of the work done, 0 to 1.

    Raises:
        ClientUnknownError: the client is not registered, or has no tables.
        FileRefusedError: the file can't be read.
        WaveRefusedError: the same file is loaded as another wave or with other options, or there is nothing to
            replace, or a new wave is taken.
        WarehouseBusyError: the warehouse stayed locked.

    """
    if wave is not None:
        wave_number(wave)
    registered = Registry(workspace).get(client)
    request = LoadRequest(
        file, registered, wave, wave_name, replace, as_naming_keys, other_platform, options or ReadingOptions(),
        is_new_wave=is_new_wave,
    )  # fmt: skip
    with nullcontext() if dry_run else failures_logged(workspace, client, "upload", wave, file):
        return load_as_requested(workspace, request, dry_run=dry_run, on_step=on_step)


def load_as_requested(
    workspace: Workspace, request: LoadRequest, *, dry_run: bool = False, on_step: StepNotice = no_notice
) -> LoadResult:
    """See `load_wave`; errors are not logged."""
    return _loaded(workspace, request, Steps(request.wave, on_step), dry_run=dry_run)


def _loaded(workspace: Workspace, request: LoadRequest, steps: Steps, *, dry_run: bool) -> LoadResult:
    steps.begin()
    try:
        with unpacked(request.file, request.options) as export:
            return _Load(workspace, request, export, steps).run(dry_run=dry_run)
    except (duckdb.Error, OSError) as error:
        raise as_spark9_error(request.file, error) from error


@dataclass(frozen=True)
class _Load:
    """The steps of one load, with what they share."""

    workspace: Workspace
    request: LoadRequest
    export: Export
    steps: Steps

    @cached_property
    def warehouse(self) -> Warehouse:
        """One connection for the whole load."""
        return self.workspace.warehouse

    def run(self, *, dry_run: bool) -> LoadResult:
        """See `load_wave`."""
        if not dry_run:
            self.workspace.require_own_raw_rows()
        wave = self.request.wave or 0
        with self._tables() as tables:
            there = tables.require()
            known = already_loaded(tables, self.request, self.export)
            if known:
                is_back = not dry_run and original_put_back(tables, self.warehouse, self.request, self.export)
                what = "its original was missing from the stage, and is back" if is_back else "nothing was changed"
                return LoadResult("already loaded", f"{known}; {what}.")
            earlier = EarlierColumns(earlier_columns(tables, wave), rules_for_wave(column_rules(tables), wave))
        with reader() as connection:
            plan = plan_load(self.workspace, self.request, self.export, connection, earlier, self.steps)
            if not dry_run:
                return self._carry_out(connection, plan, there)
            with self._tables(connection) as tables:
                plan = self._with_restatements(tables, connection, plan)
                preview = preview_rows(tables, connection, plan, wave)
            return LoadResult("planned", self._planned(plan), plan, warnings_of(plan), preview)

    def _tables(
        self, connection: duckdb.DuckDBPyConnection | None = None, there: frozenset[str] = frozenset()
    ) -> AbstractContextManager[ClientTables]:
        return tables_of(self.workspace, self.request.client, self.warehouse, connection, there)

    def _planned(self, plan: LoadPlan) -> str:
        goal = "naming keys" if plan.is_naming_keys else f"wave {self.request.wave}"
        of_client = f"{goal} of {self.request.client.key}"
        return f"{plan.file_name}: {plan.row_count} rows would be loaded as {of_client}; nothing was changed."

    def _carry_out(self, connection: duckdb.DuckDBPyConnection, plan: LoadPlan, there: frozenset[str]) -> LoadResult:
        """Stage the original, then land rows, mapping and log in one transaction."""
        wave = None if plan.is_naming_keys else self.request.wave
        client = self.request.client.key
        staged = plan.staged_as(client, wave)
        schema = self.workspace.raw_schema_name(client.name)
        self.warehouse.stage_file(schema, self.request.file, staged, self.export.original_sha256)
        self.steps.done("stage", 0.7, self.export.name)
        with (
            self._tables(connection, there) as tables,
            self._prepared(tables, plan, wave) as landing,
            tables.transaction(),
        ):
            known = already_loaded(tables, self.request, self.export)  # another process may have been faster
            if known:
                return LoadResult("already loaded", f"{known}; nothing was changed.")
            if wave is None or landing is None:
                result = self._land_naming_keys(tables, connection, plan)
            else:
                result = self._land_wave(tables, connection, plan, wave, landing)
            entries = self.steps.entries(plan.load_id, plan.file_hash)
            tables.log(*entries, self._entry(plan, wave, staged))
        self.steps.end()
        return result

    def _land_naming_keys(
        self, tables: ClientTables, connection: duckdb.DuckDBPyConnection, plan: LoadPlan
    ) -> LoadResult:
        keys = naming_keys.read(connection, self.export.name, plan.columns)
        now = tables.session.now()
        count = naming_keys.land(tables, keys, load_id=plan.load_id, file_name=self.export.name, now=now)
        message = f"{self.export.name}: {count} naming keys loaded for {tables.key}. The next build rescores all waves."
        return LoadResult("loaded", message, plan, warnings_of(plan))

    def _land_wave(
        self,
        tables: ClientTables,
        connection: duckdb.DuckDBPyConnection,
        plan: LoadPlan,
        wave: int,
        landing: Landing,
    ) -> LoadResult:
        now = tables.session.now()
        from_here = loads(tables, "wave_number >= ?", [wave])
        of_wave = [load for load in from_here if load.wave_number == wave]
        if self.request.is_new_wave and of_wave:
            raise wave_taken(tables, of_wave)
        warnings = self._replace_or_warn(tables, wave, of_wave, plan.load_id)
        plan = self._with_restatements(tables, connection, plan)
        refuse_by_policy(plan, tables.key)
        if restored := self.request.restored:
            restored.refuse_if_read_otherwise(plan.load_id, plan.columns, plan.row_count)
            plan = dataclasses.replace(plan, questions=[each for each in plan.questions if restored.asks(each)])
        warnings += warnings_of(plan)
        warnings += naming_keys.unknown_ad_sets(tables, connection, plan.columns)
        self._land(tables, landing, plan, wave, self._name_of_wave(tables, wave, of_wave), now)
        if len(from_here) > len(of_wave):
            align_missing_columns(tables, wave)
        excluded = "".join(
            f", {count} {kind} row{'s' if count > 1 else ''} excluded"
            for kind, count in sorted(plan.other_rows.items())
        )
        message = (
            f"{self.export.name}: {plan.row_count} rows{excluded}, {len(plan.dialect.columns)} columns "
            f"loaded as wave {wave} of {tables.key}."
        )
        return LoadResult("loaded", message, plan, warnings)

    def _entry(self, plan: LoadPlan, wave: int | None, staged: str) -> LogEntry:
        """The log's entry of the load as a whole, with what verifying it needs."""
        return LogEntry(
            "naming_keys" if wave is None else "upload",
            SUCCESS,
            wave,
            plan.load_id,
            self.export.name,
            plan.file_hash,
            plan.row_count + sum(plan.other_rows.values()),
            len(plan.dialect.columns),
            list(plan.dialect.columns),
            duration_seconds=self.steps.seconds,
            details={
                "original": self.request.file.name,
                "original_sha256": self.export.original_sha256,
                "staged_as": staged,
                "options": plan.options.given(),
                "totals": [
                    {"column": check.column, "given": f"{check.given:f}", "computed": f"{check.computed:f}"}
                    for check in plan.total_checks
                ],
                "days": [str(day) for day in plan.days or ()],
                **({"restored": True} if self.request.restored else {}),
            },
        )

    def _with_restatements(
        self, tables: ClientTables, connection: duckdb.DuckDBPyConnection, plan: LoadPlan
    ) -> LoadPlan:
        """The plan, with what it restates of the loads that are there at this moment."""
        wave = self.request.wave
        if plan.is_naming_keys or wave is None or plan.days is None:
            return plan
        of_wave = loads_of_wave(tables, wave) if self.request.replace else []
        gone = [load.load_id for load in self._replaced(of_wave, plan.load_id)]
        keys = overlap_keys_of(tables, connection, wave, plan.columns, plan.days, gone)
        if keys is None:
            return plan
        client = self.request.client
        now = tables.session.now()
        restated = restated_loads(keys)
        overlapping = overlapping_rows(keys, plan.load_id, plan.columns, client.restatement, now)
        asked = overlap_questions(
            keys,
            restated if client.restatement == "supersede" else [],
            overlapping if client.overlap == "finest" else [],
        )
        return dataclasses.replace(
            plan,
            restated=restated,
            policy=client.restatement,
            overlapping=overlapping,
            overlap=client.overlap,
            questions=[*plan.questions, *asked],
        )

    def _replaced(self, loads: Sequence[LoadedFile], load_id: str) -> list[LoadedFile]:
        """The loads of the wave that the user wants replaced: of the same name, or of the same file as it was read."""
        return [
            load
            for load in loads
            if self.request.replace and (load.file_name == self.export.name or load.load_id == load_id)
        ]

    def _replace_or_warn(self, tables: ClientTables, wave: int, loads: Sequence[LoadedFile], load_id: str) -> list[str]:
        name = self.export.name
        if not self.request.replace:
            warning = (
                f"wave {wave} already had a file named {name} with other content; rows that only that file has still "
                "count. To replace it, roll this file back and load it with --replace."
            )
            return [warning] if any(load.file_name == name for load in loads) else []
        replaced = self._replaced(loads, load_id)
        if not replaced:
            names = ", ".join(load.file_name for load in loads) or "no file"
            raise WaveRefusedError(
                "nothing-to-replace",
                f"Wave {wave} of {tables.key} has no file named {name}; it has {names}.",
                "Give the file the name of the one it replaces, or load it without --replace.",
            )
        for load in replaced:
            remove_load(tables, load, "replace", gone_because(load.file_name, wave, "replace"))
        return []

    @contextmanager
    def _prepared(self, tables: ClientTables, plan: LoadPlan, wave: int | None) -> Iterator[Landing | None]:
        """The file's rows, ready to be landed; none for naming keys, which are few."""
        if wave is None:
            yield None
            return
        earlier = tables.query(
            f"select count(*) from {tables.schema}.processing_log "
            "where load_id = ? and processing_stage = 'UPLOAD' and status = 'SUCCESS'",
            [plan.load_id],
        )[0][0]
        rows = (
            f"select {quote_identifier(ROW_NUMBER)} as row_number, {row_as_json(plan.dialect.columns)} as raw_data, "
            f"{quote_identifier(ROW_KIND)} as row_kind, {quote_identifier(ROW_REASON)} as row_reason from {TABLE}"
        )
        columns = ("row_number", "raw_data", "row_kind", "row_reason")
        with tables.session.prepared(
            tables.schema, "raw_data_staging", columns, rows, f"{plan.load_id}_{earlier + 1}"
        ) as landing:
            yield landing

    def _land(
        self,
        tables: ClientTables,
        landing: Landing,
        plan: LoadPlan,
        wave: int,
        wave_name: str | None,
        now: datetime,
    ) -> None:
        restored = self.request.restored
        constants: list[tuple[str, object]] = [
            ("load_id", plan.load_id),
            ("wave_number", wave),
            ("wave_name", wave_name),
            ("upload_timestamp", restored.uploaded if restored else now),
            ("file_name", self.export.name),
            ("processed_flag", False),
            ("schema_version", 1),
        ]
        rows = plan.row_count + sum(plan.other_rows.values())
        details = tables.session.land(landing, constants, rows)
        self.steps.done("land", 0.9, self.export.name, row_count=rows, details=details)
        insert_mapping(tables, plan.load_id, wave, plan.columns, now)
        insert_questions(tables, plan.load_id, wave, plan.questions, now)
        if restored:
            restore_answers(tables, plan.load_id, restored.questions or {})
            reopen_comparisons(tables, plan.load_id, restored.reason)
        self.steps.done("map", 0.95, self.export.name, column_count=len(plan.columns))

    def _name_of_wave(self, tables: ClientTables, wave: int, loads: Sequence[LoadedFile]) -> str | None:
        """One name a wave: a new name renames the whole wave, no name keeps the one it has."""
        name = self.request.wave_name
        if name is None:
            return loads[0].wave_name if loads else None
        if any(load.wave_name != name for load in loads):
            tables.query(
                f"update {tables.schema}.raw_data_staging set wave_name = ?, processed_flag = false, "
                "schema_version = schema_version + 1 where wave_number = ?",
                [name, wave],
            )
        return name
