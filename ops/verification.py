"""Verify a load: that every table holds what its original in the stage contains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from loader.clients.registry import RegisteredClient, Registry
from loader.clients.tables import LOADER_TABLES, ClientTables, tables_of
from loader.errors import Spark9Error, WaveRefusedError
from loader.files.containers import unpacked
from loader.files.dialects import recognise
from loader.files.file_reader import read_rows
from loader.files.headers import PlatformColumns
from loader.files.options import reading_options
from loader.files.table import ROW_NUMBER, TABLE, ValueFormat
from loader.filesystem import sha256_of, temporary_folder
from loader.log import ERROR, SUCCESS, LogEntry
from loader.names import ClientKey, quote_identifier
from loader.project.project import Project
from loader.warehouses.interface import Warehouse
from loader.waves.columns import MappedColumn, as_macro_rows, core_columns
from loader.waves.state import LoadedFile, LoadMapping, load_mappings, loads, logged_load
from loader.workspace import Workspace

_COLUMNS_A_QUERY = 100
_LOGGED_DIFFERENCES = 5


@dataclass(frozen=True)
class Difference:
    """A difference between the original and a table.

    Args:
        what: what was counted or added up.
        in_file: as the original has it.
        in_table: as the table has it.

    """

    what: str
    in_file: object
    in_table: object

    def __str__(self) -> str:
        """For reports."""
        return f"{self.what}: {self.in_file} in the file, {self.in_table} in the table"


@dataclass(frozen=True)
class VerifiedLoad:
    """The result of verifying one load.

    Args:
        rows: rows of the original.
        cells: filled cells of its data rows.
        sums: columns whose sum was compared.
        is_built: processed_campaign_data was compared too.
        differences: none when all agrees.

    """

    client: ClientKey
    wave_number: int
    load_id: str
    file_name: str
    rows: int = 0
    cells: int = 0
    sums: int = 0
    is_built: bool = False
    differences: list[Difference] = field(default_factory=list)


def verify_waves(
    workspace: Workspace, client: ClientKey | None = None, wave: int | None = None
) -> Iterator[VerifiedLoad]:
    """Compare originals with tables, one load after the other: hash, rows, cells, sums raw and processed.

    Args:
        workspace: from `open_workspace()`.
        client: the client; none for all active ones.
        wave: one wave; none for all.

    Raises:
        ClientUnknownError: the client is not in the registry, or has no tables; of all clients, only where the marts
            show that it had some.
        WaveRefusedError: the wave is not loaded.

    """
    registry = Registry(workspace)
    clients = registry.active_clients() if client is None else [registry.get(client, archived_too=True)]
    warehouse = workspace.warehouse
    return _verified(workspace, warehouse, clients, wave, is_passed_over=client is None)


def _verified(
    project: Project,
    warehouse: Warehouse,
    clients: Sequence[RegisteredClient],
    wave: int | None,
    *,
    is_passed_over: bool,
) -> Iterator[VerifiedLoad]:
    known = PlatformColumns(project)
    for client in clients:
        with tables_of(project, client, warehouse) as tables:
            if is_passed_over and not tables.session.tables(tables.schema) & LOADER_TABLES:
                if _were_there(tables):
                    tables.require()
                continue  # of all clients, those that were never onboarded here
            tables.require()
            there = [load for load in loads(tables) if wave in (None, load.wave_number)]
        if wave is not None and not there:
            raise WaveRefusedError("no-such-wave", f"Wave {wave} of {client.key} is not loaded.")
        for load in there:
            yield _Verification(project, warehouse, client, load, known).run()


def _were_there(tables: ClientTables) -> bool:
    """Whether the marts show waves of a client whose tables are gone."""
    marts = tables.project.schema_name("marts")
    if "waves" not in tables.session.tables(marts):
        return False
    shown = f"select 1 from {marts}.waves where client_schema = ? limit 1"
    return bool(tables.query(shown, [tables.client.client_schema]))


class _Verification:
    """The steps of verifying one load."""

    def __init__(
        self,
        project: Project,
        warehouse: Warehouse,
        client: RegisteredClient,
        load: LoadedFile,
        known: PlatformColumns,
    ) -> None:
        self._project = project
        self._warehouse = warehouse
        self._client = client
        self._load = load
        self._known = known
        self._differences: list[Difference] = []

    def run(self) -> VerifiedLoad:
        """Compare the load with its original, and record the result in the client's log."""
        connection = duckdb.connect()
        figures: dict[str, Any] = {}
        try:
            with temporary_folder() as folder:
                figures = self._compare(connection, folder)
        except Spark9Error as error:
            self._differences.append(Difference("the original", error.problem, "expected to be readable"))
        finally:
            connection.close()
        with self._tables() as tables:
            tables.log(self._entry())
        load = self._load
        return VerifiedLoad(
            self._client.key,
            load.wave_number or 0,
            load.load_id,
            load.file_name,
            **figures,
            differences=self._differences,
        )

    def _tables(self, reader: duckdb.DuckDBPyConnection | None = None) -> AbstractContextManager[ClientTables]:
        return tables_of(self._project, self._client, self._warehouse, reader)

    def _entry(self) -> LogEntry:
        found = "; ".join(map(str, self._differences[:_LOGGED_DIFFERENCES]))
        return LogEntry(
            "verify",
            ERROR if found else SUCCESS,
            self._load.wave_number,
            self._load.load_id,
            self._load.file_name,
            error_code="not-as-in-file" if found else None,
            error_message=found or None,
        )

    def _compare(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Any]:
        with self._tables() as tables:
            logged, details = logged_load(tables, self._load.load_id)
        staged = details.get("staged_as")
        if not staged:
            self._differences.append(Difference("the original", "not in the log", f"load {self._load.load_id}"))
            return {}
        schema = self._project.raw_schema_name(self._client.client_schema)
        path = self._warehouse.fetch_file(schema, staged, folder)
        self._note("SHA-256 of the original", sha256_of(path), details["original_sha256"])
        options = reading_options(**details["options"])
        with unpacked(path, options) as export:
            self._note("SHA-256 of the export", export.sha256, logged)
            read_rows(export, recognise(export, self._known, options), connection, self._known, options)
        with self._tables(connection) as tables:
            return self._compare_tables(tables, connection)

    def _compare_tables(self, tables: ClientTables, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
        mapping = next(m for m in load_mappings(tables) if m.load_id == self._load.load_id)
        of_load = f"from {tables.schema}.raw_data_staging where load_id = ?"
        landed = tables.query(f"select count(*) {of_load}", [self._load.load_id])[0][0]
        others = tables.query(f"select row_number {of_load} and row_kind <> 'data'", [self._load.load_id])
        excluded = ", ".join(str(int(row)) for (row,) in others) or "0"
        rows = connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0]
        self._note("rows", rows, landed)
        columns = [
            replace(row, value_format=str(ValueFormat.of(row.value_format).of_cells) or None)
            for row in mapping.rows
            if row.ordinal is not None
        ]
        cells = 0
        sums: dict[str, Decimal] = {}
        for start in range(0, len(columns), _COLUMNS_A_QUERY):
            some = columns[start : start + _COLUMNS_A_QUERY]
            in_file = self._file_figures(connection, some, excluded)
            in_raw = self._raw_figures(tables, some)
            for row, (filled, total), (raw_filled, raw_total) in zip(some, in_file, in_raw, strict=True):
                self._note(f"filled cells of '{row.column_name}'", filled, raw_filled)
                cells += filled
                if total is not None:
                    self._note(f"sum of '{row.column_name}', raw", total, raw_total)
                    sums[row.column_name] = total
        is_built = self._load.is_processed and tables.have("processed_campaign_data")
        if is_built:
            self._compare_processed(tables, mapping, sums, landed - len(others))
        return {"rows": rows, "cells": cells, "sums": len(sums), "is_built": is_built}

    def _file_figures(
        self, connection: duckdb.DuckDBPyConnection, columns: Sequence[MappedColumn], excluded: str
    ) -> list[tuple[int, Decimal | None]]:
        macros = self._project.local_macros
        cells = ", ".join(
            f"nullif(trim({quote_identifier(row.column_name)}), '') as {macros.call('part_of', vars(row), 'cell')}"
            for row in columns
        )
        source = f"select {cells} from {TABLE} where {quote_identifier(ROW_NUMBER)} not in ({excluded})"
        return _pairs(
            connection.execute(macros.call("column_figures_sql", source, as_macro_rows(columns))).fetchall()[0]
        )

    def _raw_figures(self, tables: ClientTables, columns: Sequence[MappedColumn]) -> list[tuple[int, Decimal | None]]:
        macros = self._project.macros
        source = macros.call(
            "raw_cells", f"{tables.schema}.raw_data_staging", as_macro_rows(columns), [self._load.load_id]
        )
        return _pairs(tables.query(macros.call("column_figures_sql", source, as_macro_rows(columns)))[0])

    def _compare_processed(
        self, tables: ClientTables, mapping: LoadMapping, file_sums: dict[str, Decimal], data_rows: int
    ) -> None:
        core = core_columns(self._project)
        headers: dict[str, list[MappedColumn]] = {}
        for row in mapping.rows:
            if row.mapping_rule in ("core", "promote") and row.ordinal is not None:
                headers.setdefault(row.target_column, []).append(row)
        # a default, or two headers for one column, makes another sum than the file's
        plain = {
            target: rows[0].column_name
            for target, rows in headers.items()
            if len(rows) == 1 and rows[0].default_value is None and rows[0].column_name in file_sums
        }
        ordered = sorted(plain, key=lambda target: (target not in core, target))
        figures = "".join(f", cast(coalesce(sum({target}), 0) as decimal(38, 8))" for target in ordered)
        count, *totals = tables.query(
            f"select count(*){figures} from {tables.built_schema}.processed_campaign_data where load_id = ?",
            [self._load.load_id],
        )[0]
        self._note("rows of data, processed", data_rows, count)
        for target, total in zip(ordered, totals, strict=True):
            self._note(f"sum of {target}, processed", file_sums[plain[target]], total)

    def _note(self, what: str, in_file: object, in_table: object) -> None:
        if in_file != in_table:
            self._differences.append(Difference(what, in_file, in_table))


def _pairs(figures: Sequence[Any]) -> list[tuple[int, Decimal | None]]:
    return [
        (figures[at], None if figures[at + 1] is None else Decimal(figures[at + 1])) for at in range(0, len(figures), 2)
    ]
