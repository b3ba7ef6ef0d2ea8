"""Compare a processed wave with the output of the process that it replaces."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment

from loader.containers import unpacked
from loader.dialects import recognise
from loader.errors import FileRefusedError, NameRefusedError, WaveRefusedError
from loader.failures import failures_logged
from loader.headers import PlatformColumns
from loader.mapping import core_columns
from loader.names import ClientSchema, normalised_header, quote_identifier
from loader.profiling import Profiler
from loader.project import Project
from loader.reading import IS_DATA, TABLE, read_rows
from loader.reading_options import ReadingOptions
from loader.registry import Registry
from loader.totals import mark_rows
from loader.warehouse import Session, WaitNotice, open_warehouse
from loader.wave_state import load_mappings, require_tables

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
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}
td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}</style></head><body>
<h1>{{ title }}</h1>
<p>{{ comparison.matching_rows }} rows agree, {{ comparison.differing_rows }} differ, {{ comparison.only_in_wave }}
stand in the wave only, {{ comparison.only_in_reference }} in the reference only.
Tolerance: {{ comparison.tolerance }}.</p>
<table><tr><th>column</th><th>rows that differ</th></tr>
{% for column, count in comparison.differences_by_column.items() %}<tr><td>{{ column }}</td><td>{{ count }}</td></tr>
{% endfor %}</table>
<table><tr>{% for name in header %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ "" if cell is none else cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>
"""


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
        not_compared: columns of the reference that the wave has nothing for.
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
        """Whether both sides say the same."""
        return not (self.differing_rows or self.only_in_wave or self.only_in_reference)


def compare_wave(
    project: Project,
    names: ClientSchema,
    wave: int,
    reference: Path,
    on: Sequence[str],
    *,
    tolerance: Decimal = Decimal("0.005"),
    options: ReadingOptions | None = None,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> Comparison:
    """Compare the rows of a wave that count with a reference file.

    Rows of one key are added up on both sides. A header of the reference is a column of the wave by its own name, by
    the header that the wave's files have, or by platform_columns.csv.

    Args:
        project: from `find_project()`.
        names: the client.
        wave: the wave's number; it must be built.
        reference: a file in any form that `load_wave` takes.
        on: the columns that rows are matched on, by their names in the wave.
        tolerance: the largest difference of two figures that agree.
        options: how the reference is written.
        wait_seconds: how long to wait for a locked warehouse.
        on_wait: is told when the warehouse is waited for.

    Raises:
        WaveRefusedError: the wave is not loaded, or not built.
        FileRefusedError: the reference can't be read, or lacks a column of `on`.
        NameRefusedError: the wave has no such column.

    """
    Registry(project).get(names, archived_too=True)
    schema = project.schema_name(names.name)
    options = options or ReadingOptions()
    known = PlatformColumns(project)
    connection = duckdb.connect()
    try:
        with (
            failures_logged(project, names, "compare", wave, reference),
            open_warehouse(project, wait_seconds).session(connection, on_wait) as session,
        ):
            require_tables(session, project, names)
            types = _wave_columns(project, session, schema, names, wave)
            for name in on:
                if name not in types:
                    raise NameRefusedError(f"Wave {wave} of {names} has no column '{name}'; it has {', '.join(types)}.")
            headers = _wave_headers(session, schema, wave)
            found, not_compared = _read_reference(project, names, reference, options, known, connection, types, headers)
            missing = [name for name in on if name not in found]
            if missing:
                raise FileRefusedError(
                    "no-such-column", f"{reference} has no column for {', '.join(missing)}.", "Match on other columns."
                )
            _bring_wave(project, session, schema, wave, {name: types[name] for name in found})
        return _compared(connection, tuple(on), {name: types[name] for name in found}, not_compared, tolerance)
    finally:
        connection.close()


def write_report(comparison: Comparison, path: Path, title: str) -> None:
    """Write every difference, as HTML where the name ends so, else as CSV; no cell of it is run by a spreadsheet.

    Args:
        comparison: from `compare_wave()`.
        path: the report.
        title: of the page.

    """
    header = [*comparison.on, "problem", "column", "in_wave", "in_reference"]
    rows = [
        [*found.key, found.problem, found.column, found.in_wave, found.in_reference] for found in comparison.differences
    ]
    if path.suffix.lower() in (".html", ".htm"):
        page = Environment(autoescape=True).from_string(_PAGE)
        path.write_text(page.render(title=title, comparison=comparison, header=header, rows=rows), encoding="utf-8")
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: object) -> object:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _wave_columns(project: Project, session: Session, schema: str, names: ClientSchema, wave: int) -> dict[str, str]:
    """The columns of a wave with their types, core columns first."""
    state = session.query(
        f"select count(*), min(case when processed_flag then 1 else 0 end) from {schema}.raw_data_staging "
        "where wave_number = ?",
        [wave],
    )[0]
    if not state[0]:
        raise WaveRefusedError("no-such-wave", f"Wave {wave} of {names} is not loaded.")
    if not state[1]:
        raise WaveRefusedError(
            "wave-not-built", f"Wave {wave} of {names} is not built yet.", f"dbt build --select clients.{names.name}"
        )
    types = {name: column.type for name, column in core_columns(project).items()}
    for mapping in load_mappings(session, schema):
        for row in mapping.rows if mapping.wave == wave else []:
            if row.mapping_rule in ("additional", "promote"):
                types.setdefault(row.target_column, row.column_type)
    return types


def _wave_headers(session: Session, schema: str, wave: int) -> dict[str, str]:
    """What each header of the wave's files fills."""
    return {
        normalised_header(row.column_name): row.target_column
        for mapping in load_mappings(session, schema)
        if mapping.wave == wave
        for row in mapping.rows
        if row.mapping_rule != "ignore"
    }


def _read_reference(
    project: Project,
    names: ClientSchema,
    reference: Path,
    options: ReadingOptions,
    known: PlatformColumns,
    connection: duckdb.DuckDBPyConnection,
    types: dict[str, str],
    headers: dict[str, str],
) -> tuple[list[str], list[str]]:
    """Read the reference into the table _REFERENCE, typed as the wave is; the columns found, and the headers left."""
    with unpacked(reference, options) as export:
        dialect = read_rows(export, recognise(export, known, options), connection, known, options)
    columns: dict[str, str] = {}
    left = []
    by_name = {normalised_header(name.replace("_", " ")): name for name in types}
    for header in dialect.columns:
        plain = normalised_header(header.replace("_", " "))
        offers = [by_name.get(plain), headers.get(normalised_header(header))]
        offers += [entry.standard_column for entry in known.lookup(names.platform, header)]
        target = next((name for name in offers if name in types and name not in columns), None)
        if target is None:
            left.append(header)
        else:
            columns[target] = header
    name_columns = [columns[name] for name in ("campaign_name", "ad_set_name", "ad_name") if name in columns]
    mark_rows(connection, dialect.columns, dialect.headers, name_columns, options.skip_footer)
    profiler = Profiler(connection, project.local_macros, options)
    profiles = profiler.profile(list(columns.values()), {header: types[name] for name, header in columns.items()})
    values = {name: profiler.parsed(header, profiles[header].reading) for name, header in columns.items()}
    cells = ", ".join(
        f"cast({value} as {_TYPES[types[name]]}) as {quote_identifier(name)}" for name, value in values.items()
    )
    connection.execute(f"create or replace temp table {_REFERENCE} as select {cells} from {TABLE} where {IS_DATA}")
    return list(columns), left


def _bring_wave(project: Project, session: Session, schema: str, wave: int, columns: dict[str, str]) -> None:
    table = f"{schema}.processed_campaign_data"
    core = core_columns(project)
    typed = set(core) | {
        row.target_column
        for mapping in load_mappings(session, schema)
        for row in mapping.rows
        if row.mapping_rule == "promote"
    }
    cells = ", ".join(
        f"{name} as {name}"
        if name in typed
        else f"{str(project.macros.call('json_text', 'additional_metrics', name)).strip()} as {quote_identifier(name)}"
        for name in columns
    )
    session.bring(
        _WAVE,
        [(name, _TYPES[kind]) for name, kind in columns.items()],
        f"select {cells} from {table} where wave_number = {int(wave)} and superseded_by is null",
    )


def _compared(
    connection: duckdb.DuckDBPyConnection,
    on: tuple[str, ...],
    types: dict[str, str],
    not_compared: list[str],
    tolerance: Decimal,
) -> Comparison:
    others = [name for name in types if name not in on]
    keys = ", ".join(quote_identifier(name) for name in on)
    figures = ", ".join(
        f"{'sum' if types[name] in _NUMERIC else 'min'}({quote_identifier(name)}) as {quote_identifier(name)}"
        for name in others
    )
    for table in (_WAVE, _REFERENCE):
        connection.execute(
            f"create or replace temp table {table}_by_key as "
            f"select {keys}, count(*) as rows_of_key{', ' + figures if figures else ''} from {table} group by {keys}"
        )
    matched = " and ".join(f"w.{quote_identifier(name)} is not distinct from r.{quote_identifier(name)}" for name in on)
    differs = [_differs(name, types[name], tolerance) for name in others]
    shown = ", ".join(f"coalesce(w.{quote_identifier(name)}, r.{quote_identifier(name)})" for name in on)
    cells = "".join(
        f", w.{quote_identifier(name)}, r.{quote_identifier(name)}, {condition}"
        for name, condition in zip(others, differs, strict=True)
    )
    rows = connection.execute(
        f"select {shown}, w.rows_of_key, r.rows_of_key{cells} from {_WAVE}_by_key as w "
        f"full join {_REFERENCE}_by_key as r on {matched} order by all"
    )
    return _counted(rows, on, others, not_compared, tolerance)


def _differs(name: str, kind: str, tolerance: Decimal) -> str:
    left, right = f"w.{quote_identifier(name)}", f"r.{quote_identifier(name)}"
    if kind in _NUMERIC:
        return f"({left} is null) <> ({right} is null) or abs({left} - {right}) > {tolerance:f}"
    return f"{left} is distinct from {right}"


def _counted(
    rows: duckdb.DuckDBPyConnection,
    on: tuple[str, ...],
    others: Sequence[str],
    not_compared: Sequence[str],
    tolerance: Decimal,
) -> Comparison:
    matching = differing = in_wave = in_reference = repeated = 0
    by_column: dict[str, int] = {}
    found: list[CellDifference] = []
    for row in iter(rows.fetchone, None):
        key = row[: len(on)]
        wave_rows, reference_rows = row[len(on) : len(on) + 2]
        repeated += max((wave_rows or 1) - 1, 0) + max((reference_rows or 1) - 1, 0)
        if wave_rows is None:
            in_reference += 1
            found.append(CellDifference(key, "only in the reference"))
        elif reference_rows is None:
            in_wave += 1
            found.append(CellDifference(key, "only in the wave"))
        else:
            cells = row[len(on) + 2 :]
            bad = [at for at in range(len(others)) if cells[3 * at + 2]]
            for at in bad:
                by_column[others[at]] = by_column.get(others[at], 0) + 1
                found.append(CellDifference(key, "differs", others[at], cells[3 * at], cells[3 * at + 1]))
            differing += bool(bad)
            matching += not bad
    return Comparison(
        on=on,
        compared=tuple(others),
        not_compared=tuple(not_compared),
        matching_rows=matching,
        differing_rows=differing,
        only_in_wave=in_wave,
        only_in_reference=in_reference,
        repeated_keys=repeated,
        tolerance=tolerance,
        differences_by_column=by_column,
        differences=found,
    )
