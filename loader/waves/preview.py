"""What the rows of a file will be once they are built, and how they will score: known before anything is written.

The rows are made by the macro that the models use, over the file as it was read, so that plan and build agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from loader.clients.tables import ClientTables
from loader.files.table import ROW_KIND, ROW_NUMBER, TABLE, row_as_json
from loader.names import quote_identifier
from loader.project.project import Project
from loader.waves.columns import MappedColumn, as_macro_rows
from loader.waves.plan import LoadPlan, LoadRequest, planned_alone

_RAW, _KEYS, _ROWS = "preview_raw", "preview_naming_keys", "preview_rows"
# more rows would hardly change the score, but take seconds
_MOST_JUDGED = 100_000
_SHOWN_ROWS = 50


@dataclass(frozen=True)
class Preview:
    """A file's rows as the next build makes them.

    Args:
        columns: the typed columns that any row fills, in table order, then additional_metrics.
        rows: the first rows, with the row number of each before its values.
        issues: the issues of each of these rows, in words.
        parts: the expected score by part, from 0 to 1, of the file's own rows.
        score: of all parts together.
        judged_rows: how many rows the score is computed from.

    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    issues: list[str]
    parts: dict[str, Decimal]
    score: Decimal
    judged_rows: int


def preview_rows(
    tables: ClientTables, connection: duckdb.DuckDBPyConnection, plan: LoadPlan, wave: int
) -> Preview | None:
    """Make the rows of a file that was read as the next build will make them; nothing is written.

    Args:
        tables: the client's, in a session whose reader is `connection`.
        connection: the DuckDB that read the file.
        plan: of the file.
        wave: its number.

    Returns:
        None for a file of naming keys, which has no figures.

    """
    tables.session.copy_to_reader(
        _KEYS, [("ad_set_name", "varchar")], f"select distinct ad_set_name from {tables.schema}.naming_keys"
    )
    return _preview(tables.project, connection, plan, wave)


def plan_and_preview_alone(project: Project, request: LoadRequest) -> tuple[LoadPlan, Preview | None]:
    """Plan a load for a client that has no tables yet, and make its rows; nothing is changed. See `planned_alone`."""
    with planned_alone(project, request) as (plan, connection):
        connection.execute(f"create or replace temp table {_KEYS} (ad_set_name varchar)")
        return plan, _preview(project, connection, plan, request.wave or 0)


def _preview(project: Project, connection: duckdb.DuckDBPyConnection, plan: LoadPlan, wave: int) -> Preview | None:
    if plan.is_naming_keys:
        return None
    _make_rows(project, connection, plan, wave)
    parts: list[str] = project.local_macros.call("row_parts")
    means = ", ".join(f"avg(cast({part} as double))" for part in parts)
    *found, judged = connection.execute(f"select {means}, count(*) from {_ROWS}").fetchall()[0]
    shares = {part: _share(value) for part, value in zip(parts, found, strict=True)} | {"coverage": _coverage(plan)}
    score = _score(project, connection, shares)
    columns = _filled_columns(project, connection, plan.columns)
    listed = ", ".join(f"cast({name} as varchar)" if name == "additional_metrics" else name for name in columns)
    rows = connection.execute(
        f"select row_number, array_to_string(from_json(cast(row_issues as json), '[\"VARCHAR\"]'), '; '), {listed} "
        f"from {_ROWS} order by row_number limit {_SHOWN_ROWS}"
    ).fetchall()
    return Preview(columns, [(row[0], *row[2:]) for row in rows], [row[1] or "" for row in rows], shares, score, judged)


def _make_rows(project: Project, connection: duckdb.DuckDBPyConnection, plan: LoadPlan, wave: int) -> None:
    number, kind = quote_identifier(ROW_NUMBER), quote_identifier(ROW_KIND)
    connection.execute(
        f"create or replace temp table {_RAW} as select '{plan.load_id}' as load_id, {number} as row_number, "
        f"{wave} as wave_number, cast(null as varchar) as wave_name, cast(null as varchar) as file_name, "
        "cast(null as timestamp) as upload_timestamp, 1 as schema_version, "
        f"{kind} as row_kind, {row_as_json(plan.dialect.columns)} as raw_data from {TABLE} "
        f"order by {number} limit {_MOST_JUDGED}"
    )
    group = {"load_ids": [plan.load_id], "columns": as_macro_rows(plan.columns)}
    rows = project.local_macros.call("processed_rows", _RAW, _KEYS, [group], _promoted(plan.columns), "")
    connection.execute(f"create or replace temp table {_ROWS} as {rows}")


def _promoted(columns: Sequence[MappedColumn]) -> list[dict[str, str]]:
    types = {row.target_column: row.column_type for row in columns if row.mapping_rule == "promote"}
    return [{"name": name, "type": types[name]} for name in sorted(types)]


def _filled_columns(
    project: Project, connection: duckdb.DuckDBPyConnection, columns: Sequence[MappedColumn]
) -> list[str]:
    core = [row["name"] for row in project.local_macros.call("core_columns")]
    named = [*core, *(row["name"] for row in _promoted(columns))]
    counts = connection.execute(f"select {', '.join(f'count({name})' for name in named)} from {_ROWS}").fetchall()[0]
    filled = [name for name, count in zip(named, counts, strict=True) if count]
    others = any(row.mapping_rule == "additional" and row.ordinal is not None for row in columns)
    return filled + ["additional_metrics"] * others


def _coverage(plan: LoadPlan) -> Decimal:
    """The share of the columns of earlier waves that the file has, as the model wave_quality counts it."""
    present = {row.target_column for row in plan.columns if row.ordinal is not None and row.mapping_rule != "ignore"}
    expected = len(present) - len(plan.new_columns) + len(plan.missing_columns)
    return _share((len(present) - len(plan.new_columns)) / expected if plan.new_columns or plan.missing_columns else 1)


def _share(value: float | None) -> Decimal:
    return Decimal(1 if value is None else value).quantize(Decimal("0.0001"))


def _score(project: Project, connection: duckdb.DuckDBPyConnection, shares: Mapping[str, Decimal]) -> Decimal:
    values = ", ".join(f"{share} as {part}" for part, share in shares.items())
    weighted = project.local_macros.call("weighted_score", list(shares))
    score: Decimal = connection.execute(f"select {weighted} from (select {values})").fetchall()[0][0]
    return score
