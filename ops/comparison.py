"""Compare a processed wave with the output of the process that it replaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from loader.clients.registry import Registry
from loader.clients.tables import ClientTables, failures_logged, tables_of
from loader.errors import FileRefusedError, NameRefusedError, WaveRefusedError
from loader.files.containers import unpacked
from loader.files.dialects import recognise
from loader.files.file_reader import read_rows
from loader.files.headers import PlatformColumns
from loader.files.options import ReadingOptions
from loader.files.profiling import Profiler
from loader.files.row_kinds import mark_rows
from loader.files.table import IS_DATA, TABLE
from loader.log import SUCCESS, LogEntry
from loader.names import ClientKey, normalised_header, quote_identifier
from loader.waves.columns import core_columns
from loader.waves.state import load_mappings
from loader.workspace import Workspace

_WAVE = "wave_rows"
_REFERENCE = "reference_rows"
_TYPES = {
    "text": "varchar",
    "id": "varchar",
    "date": "date",
    "integer": "decimal(38, 8)",
    "decimal": "decimal(38, 8)",
    "percent": "decimal(38, 8)",
}
_NUMERIC = ("integer", "decimal", "percent")


@dataclass(frozen=True)
class CellDifference:
    """One entry of the report.

    Args:
        key: the values of the columns that rows are matched on.
        problem: 'differs', 'only in the wave' or 'only in the reference'.
        column: the column that differs; none for a row on one side.
        in_wave: as the wave has it.
        in_reference: as the reference has it.

    """

    key: tuple[Any, ...]
    problem: str
    column: str | None = None
    in_wave: Any = None
    in_reference: Any = None


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Args:
        on: the columns that rows are matched on.
        compared: the columns that both sides have.
        not_compared: columns of the reference that the wave does not have.
        matching_rows: keys whose columns all agree.
        differing_rows: keys with a column that does not.
        only_in_wave: keys that the reference lacks.
        only_in_reference: keys that the wave lacks.
        repeated_keys: rows that share their key with another of the same side; figures were added up.
        tolerance: the largest difference of two figures that agree.
        differences_by_column: how many keys differ in each column.
        differences: each of them.

    """

    on: tuple[str, ...]
    compared: tuple[str, ...]
    not_compared: tuple[str, ...]
    matching_rows: int
    differing_rows: int
    only_in_wave: int
    only_in_reference: int
    repeated_keys: int
    tolerance: Decimal
    differences_by_column: dict[str, int]
    differences: list[CellDifference]

    @property
    def agrees(self) -> bool:
        """Whether both sides agree."""
        return not (self.differing_rows or self.only_in_wave or self.only_in_reference)


def compare_wave(
    workspace: Workspace,
    client: ClientKey,
    wave: int,
    reference: Path,
    on: Sequence[str],
    *,
    tolerance: Decimal = Decimal("0.005"),
    options: ReadingOptions | None = None,
) -> Comparison:
    """Compare the rows of a wave that count with a reference file.

    Rows of one key are added up on both sides. A header of the reference is a column of the wave by its own name, by
    the header that the wave's files have, or by platform_columns.csv.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        wave: the wave's number; it must be built.
        reference: a file in any form that `load_wave` takes.
        on: the columns that rows are matched on, by their names in the wave.
        tolerance: the largest difference of two figures that agree.
        options: how the reference is written.

    Raises:
        WaveRefusedError: the wave is not loaded, or not built.
        FileRefusedError: the reference can't be read, or lacks a column of `on`.
        NameRefusedError: the wave has no such column.

    """
    registered = Registry(workspace).get(client, archived_too=True)
    with duckdb.connect() as connection:
        with (
            failures_logged(workspace, client, "compare", wave, reference),
            tables_of(workspace, registered, workspace.warehouse, connection) as tables,
        ):
            tables.require()
            built = _BuiltWave(tables, wave)
            built.require(on)
            found, not_compared = _read_reference(built, reference, options or ReadingOptions(), connection)
            if missing := [name for name in on if name not in found]:
                raise FileRefusedError(
                    "no-such-column", f"{reference} has no column for {', '.join(missing)}.", "Match on other columns."
                )
            built.copy_to_reader(found)
            tables.log(LogEntry("compare", SUCCESS, wave, file_name=reference.name))
        return _compared(connection, tuple(on), {name: built.types[name] for name in found}, not_compared, tolerance)


class _BuiltWave:
    """A wave that is built: its columns with their types, and what the headers of its files fill."""

    def __init__(self, tables: ClientTables, wave: int) -> None:
        """Refuse a wave that is not loaded, or not built."""
        self.tables = tables
        self._wave = wave
        self._require_built()
        mappings = load_mappings(tables)
        self._own = [row for mapping in mappings if mapping.wave == wave for row in mapping.rows]
        self._core = core_columns(tables.project)
        self._typed = set(self._core) | {
            row.target_column for mapping in mappings for row in mapping.rows if row.mapping_rule == "promote"
        }

    def _require_built(self) -> None:
        tables, wave = self.tables, self._wave
        count, is_built = tables.query(
            "select count(*), min(case when processed_flag then 1 else 0 end) "
            f"from {tables.schema}.raw_data_staging where wave_number = ?",
            [wave],
        )[0]
        if not count:
            raise WaveRefusedError("no-such-wave", f"Wave {wave} of {tables.key} is not loaded.")
        if not is_built:
            raise WaveRefusedError(
                "wave-not-built",
                f"Wave {wave} of {tables.key} is not built yet.",
                f"Build it first: dbt build --select clients.{tables.key.name}",
            )

    def require(self, columns: Sequence[str]) -> None:
        """Refuse columns that the wave has not."""
        for name in columns:
            if name not in self.types:
                raise NameRefusedError(
                    f"Wave {self._wave} of {self.tables.key} has no column '{name}'; it has {', '.join(self.types)}."
                )

    @cached_property
    def types(self) -> dict[str, str]:
        """The columns of the wave with their types, core columns first."""
        types = {name: column.type for name, column in self._core.items()}
        for row in self._own:
            if row.mapping_rule in ("additional", "promote"):
                types.setdefault(row.target_column, row.column_type)
        return types

    @cached_property
    def headers(self) -> dict[str, str]:
        """What each header of the wave's files fills."""
        return {
            normalised_header(row.column_name): row.target_column for row in self._own if row.mapping_rule != "ignore"
        }

    def copy_to_reader(self, columns: Sequence[str]) -> None:
        """Copy the rows that count to the reader, as the table _WAVE."""
        tables, types = self.tables, self.types
        cells = ", ".join(f"{self._expression(name)} as {quote_identifier(name)}" for name in columns)
        tables.session.copy_to_reader(
            _WAVE,
            [(name, _TYPES[types[name]]) for name in columns],
            f"select {cells} from {tables.built_schema}.processed_campaign_data "
            f"where wave_number = {int(self._wave)} and superseded_by is null",
        )

    def _expression(self, name: str) -> str:
        if name in self._typed:
            return name
        return str(self.tables.project.macros.call("json_text", "additional_metrics", name)).strip()


def _read_reference(
    built: _BuiltWave, reference: Path, options: ReadingOptions, connection: duckdb.DuckDBPyConnection
) -> tuple[list[str], list[str]]:
    """Read the reference into the table _REFERENCE, typed as the wave is; the columns found, and the headers left."""
    project, types = built.tables.project, built.types
    known = PlatformColumns(project)
    with unpacked(reference, options) as export:
        dialect = read_rows(export, recognise(export, known, options), connection, known, options)
    columns, left = _matched_headers(built, dialect.columns, known)
    name_columns = [columns[name] for name in ("campaign_name", "ad_set_name", "ad_name") if name in columns]
    profiler = Profiler(connection, project, options)
    mark_rows(connection, dialect.columns, dialect.headers, name_columns, profiler.words, options.skip_footer)
    profiles = profiler.profile(list(columns.values()), {header: types[name] for name, header in columns.items()})
    values = {name: profiler.parsed(header, profiles[header].format) for name, header in columns.items()}
    cells = ", ".join(
        f"cast({value} as {_TYPES[types[name]]}) as {quote_identifier(name)}" for name, value in values.items()
    )
    connection.execute(f"create or replace temp table {_REFERENCE} as select {cells} from {TABLE} where {IS_DATA}")
    return list(columns), left


def _matched_headers(
    built: _BuiltWave, headers: Sequence[str], known: PlatformColumns
) -> tuple[dict[str, str], list[str]]:
    """Which header of the reference is which column of the wave, each once; and the headers that are none."""
    types, own_headers, platform = built.types, built.headers, built.tables.key.platform
    by_name = {normalised_header(name.replace("_", " ")): name for name in types}
    columns: dict[str, str] = {}
    left = []
    for header in headers:
        offers = [by_name.get(normalised_header(header.replace("_", " "))), own_headers.get(normalised_header(header))]
        offers += [entry.standard_column for entry in known.lookup(platform, header)]
        target = next((name for name in offers if name in types and name not in columns), None)
        if target is None:
            left.append(header)
        else:
            columns[target] = header
    return columns, left


def _compared(
    connection: duckdb.DuckDBPyConnection,
    on: tuple[str, ...],
    types: Mapping[str, str],
    not_compared: Sequence[str],
    tolerance: Decimal,
) -> Comparison:
    """Count what agrees and what does not; only what differs comes out of DuckDB."""
    others = [name for name in types if name not in on]
    _join(connection, on, {name: types[name] for name in others}, tolerance)
    is_other = "list_bool_or(differs)"
    only_in_reference, only_in_wave, differing, keys, repeated = connection.execute(
        f"select count(*) filter (wave_rows is null), count(*) filter (reference_rows is null), "
        f"count(*) filter ({is_other}), count(*), "
        "cast(coalesce(sum(coalesce(wave_rows, 1) - 1 + coalesce(reference_rows, 1) - 1), 0) as bigint) from joined"
    ).fetchall()[0]
    rows = connection.execute(
        f"select * from joined where wave_rows is null or reference_rows is null or {is_other} order by all"
    ).fetchall()
    differences = [found for row in rows for found in _differences(row, len(on), others)]
    return Comparison(
        on=on,
        compared=tuple(others),
        not_compared=tuple(not_compared),
        matching_rows=keys - only_in_reference - only_in_wave - differing,
        differing_rows=differing,
        only_in_wave=only_in_wave,
        only_in_reference=only_in_reference,
        repeated_keys=repeated,
        tolerance=tolerance,
        differences_by_column=dict(Counter(found.column for found in differences if found.column is not None)),
        differences=differences,
    )


def _join(
    connection: duckdb.DuckDBPyConnection, on: Sequence[str], others: Mapping[str, str], tolerance: Decimal
) -> None:
    """Make the table joined: the key, how many rows of each side have it, the cells of both, and which differ."""
    keys = ", ".join(quote_identifier(name) for name in on)
    figures = "".join(
        f", {'sum' if kind in _NUMERIC else 'min'}({quote_identifier(name)}) as {quote_identifier(name)}"
        for name, kind in others.items()
    )
    wave, reference = (
        f"(select {keys}, count(*) as rows_of_key{figures} from {table} group by {keys})"
        for table in (_WAVE, _REFERENCE)
    )
    matched = " and ".join(f"w.{quote_identifier(name)} is not distinct from r.{quote_identifier(name)}" for name in on)
    shown = [
        f"coalesce(w.{quote_identifier(name)}, r.{quote_identifier(name)}) as key_{at}" for at, name in enumerate(on)
    ]
    cells = [
        f"{side}.{quote_identifier(name)} as cell_{side}_{at}" for at, name in enumerate(others) for side in ("w", "r")
    ]
    both = "w.rows_of_key is not null and r.rows_of_key is not null"
    flags = ", ".join(f"{both} and ({_differs(name, kind, tolerance)})" for name, kind in others.items())
    selected = [*shown, "w.rows_of_key as wave_rows", "r.rows_of_key as reference_rows", *cells]
    connection.execute(
        f"create or replace temp table joined as select {', '.join(selected)}, [{flags or 'false'}] as differs "
        f"from {wave} as w full join {reference} as r on {matched}"
    )


def _differs(name: str, kind: str, tolerance: Decimal) -> str:
    left, right = f"w.{quote_identifier(name)}", f"r.{quote_identifier(name)}"
    if kind in _NUMERIC:
        return f"({left} is null) <> ({right} is null) or coalesce(abs({left} - {right}) > {tolerance:f}, false)"
    return f"{left} is distinct from {right}"


def _differences(row: tuple[Any, ...], keys: int, others: Sequence[str]) -> Iterator[CellDifference]:
    """The differences in a row of the join, one entry a column."""
    key, (wave_rows, reference_rows), cells, flags = row[:keys], row[keys : keys + 2], row[keys + 2 : -1], row[-1]
    if wave_rows is None:
        yield CellDifference(key, "only in the reference")
    elif reference_rows is None:
        yield CellDifference(key, "only in the wave")
    else:
        for at, name in enumerate(others):
            if flags[at]:
                yield CellDifference(key, "differs", name, cells[2 * at], cells[2 * at + 1])
