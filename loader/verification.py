"""Prove of a load, from its original in the stage, that every table holds what stood in the file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from loader.containers import sha256_of, sha256_of_part, unpacked
from loader.dialects import recognise
from loader.errors import Spark9Error, WaveRefusedError
from loader.headers import PlatformColumns
from loader.log import LogEntry, write_log
from loader.mapping import MappedColumn, core_columns
from loader.names import ClientSchema, quote_identifier
from loader.project import Project
from loader.reading import ROW_NUMBER, TABLE, read_rows
from loader.reading_options import reading_options
from loader.registry import Registry
from loader.warehouse import Session, WaitNotice, Warehouse, open_warehouse
from loader.wave_state import LoadedFile, LoadMapping, load_mappings, loads, require_tables

_COLUMNS_A_QUERY = 100
_LOGGED_DIFFERENCES = 5
_NUMERIC = ("integer", "decimal", "percent")


@dataclass(frozen=True)
class Difference:
    """Something that the original says otherwise than a table.

    Args:
        what: what was counted or added up.
        in_file: as the original has it.
        in_table: as the table has it.

    """

    what: str
    in_file: object
    in_table: object

    def __str__(self) -> str:
        """As reports show it."""
        return f"{self.what}: {self.in_file} in the file, {self.in_table} in the table"


@dataclass(frozen=True)
class VerifiedLoad:
    """What was found of one load.

    Args:
        rows: rows of the original.
        cells: filled cells of its data rows.
        sums: columns whose sum was compared.
        is_built: processed_campaign_data was compared too.
        differences: none when all agrees.

    """

    names: ClientSchema
    wave_number: int
    load_id: str
    file_name: str
    rows: int = 0
    cells: int = 0
    sums: int = 0
    is_built: bool = False
    differences: list[Difference] = field(default_factory=list)


def verify_waves(
    project: Project,
    names: ClientSchema | None = None,
    wave: int | None = None,
    *,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> Iterator[VerifiedLoad]:
    """Compare originals with tables, one load after the other: hash, rows, cells, sums raw and processed.

    Args:
        project: from `find_project()`.
        names: the client; none for all active ones.
        wave: one wave; none for all.
        wait_seconds: how long to wait for a locked warehouse.
        on_wait: is told when the warehouse is waited for.

    Raises:
        ClientUnknownError: the client is not in the registry, or has no tables.
        WaveRefusedError: the wave is not loaded.

    """
    registry = Registry(project)
    clients = [client.names for client in registry.active_clients()]
    if names is not None:
        registry.get(names, archived_too=True)
        clients = [names]
    warehouse = open_warehouse(project, wait_seconds)
    known = PlatformColumns(project)
    for client in clients:
        schema = project.schema_name(client.name)
        with warehouse.session(on_wait=on_wait) as session:
            require_tables(session, project, client)
            there = [load for load in loads(session, schema) if wave in (None, load.wave_number)]
        if wave is not None and not there:
            raise WaveRefusedError("no-such-wave", f"Wave {wave} of {client} is not loaded.")
        for load in there:
            yield _Verification(project, warehouse, client, load, known, on_wait).run()


class _Verification:
    """The steps of verifying one load."""

    def __init__(
        self,
        project: Project,
        warehouse: Warehouse,
        names: ClientSchema,
        load: LoadedFile,
        known: PlatformColumns,
        on_wait: WaitNotice | None,
    ) -> None:
        self._project = project
        self._warehouse = warehouse
        self._names = names
        self._schema = project.schema_name(names.name)
        self._load = load
        self._known = known
        self._on_wait = on_wait
        self._differences: list[Difference] = []

    def run(self) -> VerifiedLoad:
        connection = duckdb.connect()
        figures: dict[str, Any] = {}
        try:
            with tempfile.TemporaryDirectory(prefix="spark9-") as folder:
                figures = self._compare(connection, Path(folder))
        except Spark9Error as error:
            self._differences.append(Difference("the original", error.problem, "expected to be readable"))
        finally:
            connection.close()
        self._log()
        return VerifiedLoad(
            self._names,
            self._load.wave_number or 0,
            self._load.load_id,
            self._load.file_name,
            differences=self._differences,
            **figures,
        )

    def _log(self) -> None:
        """Note in the client's log what was found."""
        found = "; ".join(map(str, self._differences[:_LOGGED_DIFFERENCES]))
        entry = LogEntry(
            "verify",
            "failed" if found else "completed",
            self._load.wave_number,
            self._load.load_id,
            self._load.file_name,
            error_code="not-as-in-file" if found else None,
            error_message=found or None,
        )
        with self._warehouse.session(on_wait=self._on_wait) as session:
            write_log(session, self._schema, [entry])

    def _compare(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Any]:
        with self._warehouse.session(on_wait=self._on_wait) as session:
            logged, details = self._logged(session)
        staged = details.get("staged_as")
        if not staged:
            self._differences.append(Difference("the original", "not known by the log", f"load {self._load.load_id}"))
            return {}
        path = self._warehouse.fetch_file(self._schema, staged, folder)
        self._note("SHA-256 of the original", sha256_of(path), details["original_sha256"])
        options = reading_options(**details["options"])
        with unpacked(path, options) as export:
            table = options.table
            file_hash = export.sha256 if table is None else sha256_of_part(export.sha256, f"table {table}")
            self._note("SHA-256 of the export", file_hash, logged)
            dialect = recognise(export, self._known, options)
            read_rows(export, dialect, connection, self._known, options)
        with self._warehouse.session(connection, self._on_wait) as session:
            return self._compare_tables(session, connection)

    def _logged(self, session: Session) -> tuple[str, dict[str, Any]]:
        """Hash and details as the log noted them when the load landed."""
        rows = session.query(
            f"select file_hash, cast(details as varchar) from {self._schema}.processing_log "
            "where load_id = ? and processing_stage = 'load' and status = 'completed' "
            "order by processing_timestamp desc limit 1",
            [self._load.load_id],
        )
        return (rows[0][0], json.loads(rows[0][1] or "{}")) if rows else ("", {})

    def _compare_tables(self, session: Session, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
        mapping = next(m for m in load_mappings(session, self._schema) if m.load_id == self._load.load_id)
        raw = f"{self._schema}.raw_data_staging"
        counts = session.query(
            f"select count(*), count(case when row_kind = 'data' then 1 end) from {raw} where load_id = ?",
            [self._load.load_id],
        )[0]
        others = session.query(
            f"select row_number from {raw} where load_id = ? and row_kind <> 'data'", [self._load.load_id]
        )
        kept_out = ", ".join(str(int(row)) for (row,) in others) or "0"
        rows = connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0]
        self._note("rows", rows, counts[0])
        columns = [row for row in mapping.rows if row.ordinal is not None]
        cells = sums = 0
        file_sums: dict[str, Decimal] = {}
        for start in range(0, len(columns), _COLUMNS_A_QUERY):
            some = columns[start : start + _COLUMNS_A_QUERY]
            in_file = self._file_figures(connection, some, kept_out)
            in_raw = self._raw_figures(session, some)
            for row, (filled, total), (raw_filled, raw_total) in zip(some, in_file, in_raw, strict=True):
                self._note(f"filled cells of '{row.column_name}'", filled, raw_filled)
                cells += filled
                if total is not None:
                    self._note(f"sum of '{row.column_name}', raw", total, raw_total)
                    file_sums[row.column_name] = total
                    sums += 1
        is_built = self._load.is_processed and "processed_campaign_data" in session.tables(self._schema)
        if is_built:
            self._compare_processed(session, mapping, file_sums, counts[1])
        return {"rows": rows, "cells": cells, "sums": sums, "is_built": is_built}

    def _file_figures(
        self, connection: duckdb.DuckDBPyConnection, columns: Sequence[MappedColumn], kept_out: str
    ) -> list[tuple[int, Decimal | None]]:
        cells = ", ".join(
            f"nullif(trim({quote_identifier(row.column_name)}), '') as cell_{row.ordinal}" for row in columns
        )
        source = f"select {cells} from {TABLE} where {quote_identifier(ROW_NUMBER)} not in ({kept_out})"
        return _pairs(connection.execute(self._figures(columns, source, self._project.local_macros)).fetchall()[0])

    def _raw_figures(self, session: Session, columns: Sequence[MappedColumn]) -> list[tuple[int, Decimal | None]]:
        macros = self._project.macros
        rows = [vars(row) for row in columns]
        source = macros.call("raw_cells", f"{self._schema}.raw_data_staging", rows, [self._load.load_id])
        return _pairs(session.query(self._figures(columns, source, macros))[0])

    def _figures(self, columns: Sequence[MappedColumn], source: str, macros: Any) -> str:
        expressions = []
        for row in columns:
            cell = f"cell_{row.ordinal}"
            value = macros.call("parse_cell", cell, row.column_type, row.value_format)
            is_numeric = row.column_type in _NUMERIC
            expressions += [
                f"count({cell})",
                f"cast(coalesce(sum({value}), 0) as decimal(38, 8))" if is_numeric else "null",
            ]
        return f"select {', '.join(expressions)} from ({source}) as cells"

    def _compare_processed(
        self, session: Session, mapping: LoadMapping, file_sums: dict[str, Decimal], data_rows: int
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
        count, *totals = session.query(
            f"select count(*){figures} from {self._schema}.processed_campaign_data where load_id = ?",
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
