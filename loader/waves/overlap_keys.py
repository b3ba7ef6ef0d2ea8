"""What a file and the loads of its client speak of on the same days: keys, levels and spend, in the file's reader."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from loader.clients.tables import ClientTables
from loader.files.rows import IS_DATA, ROW_NUMBER, TABLE
from loader.names import quote_identifier
from loader.waves.columns import DAYS, NAME_COLUMNS, MappedColumn, as_macro_rows
from loader.waves.state import LoadMapping, load_mappings

FILE_KEYS = "file_keys"
EARLIER_KEYS = "earlier_keys"
_TYPES = {"date_start": "date", "date_end": "date"}
_FIGURES = (("row_count", "bigint"), ("amount_spent", "decimal(38, 6)"))
# a period can reach to days that another reaches from, and so on
_MOST_STEPS = 20


@dataclass(frozen=True)
class OverlapKeys:
    """The keys of a file and of all loads that touch its days, as tables in the reader.

    Args:
        tables: the client's.
        connection: the DuckDB that read the file, with the tables FILE_KEYS and EARLIER_KEYS.
        wave: the file's wave.
        mappings: of each load, by load_id.
        files: the name of each load's file.
        waves: the wave of each load.

    """

    tables: ClientTables
    connection: duckdb.DuckDBPyConnection
    wave: int
    mappings: Mapping[str, Sequence[MappedColumn]]
    files: Mapping[str, str]
    waves: Mapping[str, int]

    def query(self, macro: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Run a macro's statement on the reader."""
        return self.connection.execute(self.tables.project.local_macros.call(macro, *arguments)).fetchall()


def overlap_keys_of(
    tables: ClientTables,
    connection: duckdb.DuckDBPyConnection,
    wave: int,
    columns: Sequence[MappedColumn],
    days: tuple[date, date],
    left_out: Sequence[str] = (),
) -> OverlapKeys | None:
    """Bring together what a file and the client's loads speak of; none where no load touches the file's days.

    Args:
        tables: the client's, in a session whose reader is `connection`.
        connection: the DuckDB that read and marked the file.
        wave: the file's wave.
        columns: the file's mapping.
        days: the first and last day that the file speaks of.
        left_out: loads that are about to go.

    """
    # keys of a million rows take seconds, and most waves speak of days that none before them did
    pending = _pending_on(tables, days) - set(left_out)
    if not pending and not _is_built_on(tables, days):
        return None
    mappings = load_mappings(tables)
    _make_file_keys(tables, connection, columns)
    if not _bring_earlier_keys(tables, mappings, _reached(tables, days), pending, left_out):
        return None
    names: dict[str, str] = dict(
        tables.query(f"select load_id, max(file_name) from {tables.schema}.raw_data_staging group by load_id")
    )
    return OverlapKeys(
        tables,
        connection,
        wave,
        {mapping.load_id: mapping.rows for mapping in mappings},
        names,
        {mapping.load_id: mapping.wave for mapping in mappings},
    )


def _pending_on(tables: ClientTables, days: tuple[date, date]) -> set[str]:
    """The loads that are not built and may speak of any of these days.

    The log has the days of a load as its first mapping reads them; with another mapping, nobody knows them.
    """
    raw = f"{tables.schema}.raw_data_staging"
    pending: dict[str, int] = dict(
        tables.query(f"select load_id, max(schema_version) from {raw} where not processed_flag group by load_id")
    )
    if not pending:
        return set()
    entries = tables.query(
        f"select load_id, cast(details as varchar) from {tables.schema}.processing_log "
        "where processing_stage = 'load' and status = 'completed' "
        f"and load_id in (select load_id from {raw} where not processed_flag) order by processing_timestamp"
    )
    known = {load: json.loads(details or "{}").get("days") for load, details in entries}
    return {load for load, version in pending.items() if version > 1 or _may_meet(known.get(load), days)}


def _may_meet(known: Sequence[str] | None, days: tuple[date, date]) -> bool:
    """Whether the days that a load's log entry has, none for not known, are any of these."""
    if not known:
        return known is None
    return known[0] <= str(days[1]) and known[-1] >= str(days[0])


def _is_built_on(tables: ClientTables, days: tuple[date, date]) -> bool:
    """Whether processed_campaign_data has rows of any of these days."""
    built = f"select 1 from {tables.schema}.processed_campaign_data where {_touches(days)} limit 1"
    return tables.have("processed_campaign_data") and bool(tables.query(built))


def _touches(days: tuple[date, date]) -> str:
    return f"date_start <= date '{days[1]}' and coalesce(date_end, date_start) >= date '{days[0]}'"


def _reached(tables: ClientTables, days: tuple[date, date]) -> tuple[date, date]:
    """The days, with all that rows of several days connect them with."""
    if not tables.have("processed_campaign_data"):
        return days
    for _ in range(_MOST_STEPS):
        first, last = tables.query(
            "select min(date_start), max(coalesce(date_end, date_start)) "
            f"from {tables.schema}.processed_campaign_data where {_touches(days)}"
        )[0]
        wider = (min(first or days[0], days[0]), max(last or days[1], days[1]))
        if wider == days:
            break
        days = wider
    return days


def _make_file_keys(
    tables: ClientTables, connection: duckdb.DuckDBPyConnection, columns: Sequence[MappedColumn]
) -> None:
    used = _used(columns)
    number = quote_identifier(ROW_NUMBER)
    below = f"over (order by {number} rows between unbounded preceding and current row)"
    cells = []
    for row in used:
        cell = f"nullif(trim({quote_identifier(row.column_name)}), '')"
        if row.ordinal is not None:
            is_filled = (row.value_format or "").endswith("down")
            cells.append(f"{f'last_value({cell} ignore nulls) {below}' if is_filled else cell} as cell_{row.ordinal}")
    of_all = f"select {number} as row_number, {', '.join(cells)}, {IS_DATA} as is_data from {TABLE}"
    source = f"select * exclude (is_data) from ({of_all}) where is_data"
    keys = tables.project.local_macros.call(
        "grain_of_cells", f"select '' as load_id, source.* from ({source}) as source", as_macro_rows(used)
    )
    connection.execute(f"create or replace temp table {FILE_KEYS} as {keys}")


def _bring_earlier_keys(
    tables: ClientTables,
    mappings: Sequence[LoadMapping],
    days: tuple[date, date],
    pending: set[str],
    left_out: Sequence[str],
) -> bool:
    """Bring the keys of all loads on the file's days to the reader; whether there are any."""
    schema, macros = tables.schema, tables.project.macros
    grain: list[str] = macros.call("grain_columns")
    columns = [(name, _TYPES.get(name, "varchar")) for name in grain] + list(_FIGURES)
    names = ", ".join(name for name, _ in columns)
    selects = []
    if tables.have("processed_campaign_data"):
        selects.append(
            f"select {', '.join(grain)}, count(*) as row_count, coalesce(sum(amount_spent), 0) as amount_spent "
            f"from {schema}.processed_campaign_data where {_touches(days)} and load_id not in "
            f"(select load_id from {schema}.raw_data_staging where not processed_flag) group by {', '.join(grain)}"
        )
    for mapping in mappings:
        used = _used(mapping.rows)
        if mapping.load_id not in pending or not any(row.target_column == "date_start" for row in used):
            continue
        in_file = [row for row in used if row.ordinal is not None]
        cells = macros.call("raw_cells", f"{schema}.raw_data_staging", as_macro_rows(in_file), [mapping.load_id])
        keys = macros.call("grain_of_cells", cells, as_macro_rows(used))
        selects.append(f"select {names} from ({keys}) as keys where {_touches(days)}")
    together = " union all ".join(f"select {names} from ({select}) as part" for select in selects)
    gone = " where load_id not in ({})".format(", ".join(f"'{load}'" for load in left_out)) if left_out else ""
    kept = f"select {names} from ({together}) as brought{gone}"
    return bool(selects) and tables.session.bring(EARLIER_KEYS, columns, kept) > 0


def _used(columns: Sequence[MappedColumn]) -> list[MappedColumn]:
    """The columns and constants that keys, level and spend are made of."""
    wanted = (*DAYS, *NAME_COLUMNS, "level", "breakdowns", "amount_spent")
    return [
        row
        for row in columns
        if row.mapping_rule not in ("ignore", "missing", "retired")
        and (row.ordinal is not None or row.default_value is not None)
        and (row.in_grain or row.target_column in wanted)
    ]
