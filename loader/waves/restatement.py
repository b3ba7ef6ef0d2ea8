"""Which loads speak of the same days and ads as a file, row by row: platforms restate past days in later exports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from loader.clients.tables import ClientTables
from loader.exports.rows import IS_DATA, ROW_NUMBER, TABLE
from loader.names import quote_identifier
from loader.waves.columns import MappedColumn, as_macro_rows
from loader.waves.state import LoadMapping, load_mappings

_FILE_KEYS = "file_keys"
_EARLIER_KEYS = "earlier_keys"
_CORE = ("date_start", "date_end", "campaign_id", "campaign_name", "ad_set_id", "ad_set_name", "ad_id", "ad_name")
_KEY_COLUMNS = (
    ("load_id", "varchar"),
    ("row_key", "varchar"),
    ("id_key", "varchar"),
    ("campaign", "varchar"),
    ("date_start", "date"),
    ("row_count", "bigint"),
    ("amount_spent", "decimal(38, 6)"),
)


@dataclass(frozen=True)
class RestatedLoad:
    """A load that speaks of the same as a file.

    Args:
        load_id: the load that is there.
        wave_number: its wave.
        file_name: its file.
        is_later: it belongs to a later wave than the file, so its values are the ones that count.
        matched_rows: its rows that the file speaks of too.
        file_rows: the file's rows that match them.
        first_date: of the matched rows.
        last_date: of the matched rows.
        spend_before: what the matched rows spent as the load has it.
        spend_after: the same as the file has it.
        rows_at_other_level: its rows of the same days and campaigns at another level or by other breakdowns, which both
            count.

    """

    load_id: str
    wave_number: int
    file_name: str
    is_later: bool
    matched_rows: int
    file_rows: int
    first_date: date | None
    last_date: date | None
    spend_before: Decimal
    spend_after: Decimal
    rows_at_other_level: int

    def sentence(self, policy: str) -> str:
        """What it means, for people."""
        whom = f"wave {self.wave_number} ({self.file_name})"
        if not self.matched_rows:
            return (
                f"{self.rows_at_other_level} rows of {whom} speak of the same days and campaigns at another level or "
                "by other breakdowns; both count"
            )
        before, after = (f"{figure:,.2f}" for figure in (self.spend_before, self.spend_after))
        if self.is_later:
            outcome = f"that later wave counts, this file's rows are kept as superseded: spend there stays {before}"
        else:
            change = self.spend_after - self.spend_before
            outcome = (
                f"the later value counts, the earlier stays as superseded: spend there goes from {before} to {after}"
            )
            outcome += f" ({change:+,.2f})"
        if policy == "both":
            outcome = f"both count, as the registry says: {before} and {after} of spend"
        days = f"{self.first_date}" if self.first_date == self.last_date else f"{self.first_date} to {self.last_date}"
        return f"{self.file_rows} rows restate {self.matched_rows} rows of {whom}, {days}; {outcome}"


def restated_loads(
    tables: ClientTables,
    connection: duckdb.DuckDBPyConnection,
    wave: int,
    columns: Sequence[MappedColumn],
    days: tuple[date, date],
) -> list[RestatedLoad]:
    """Compare a file that was read with all loads of its client, by the keys that the models use.

    Args:
        tables: the client's, in a session whose reader is `connection`.
        connection: the DuckDB that read and marked the file.
        wave: the file's wave.
        columns: the file's mapping.
        days: the first and last day that the file speaks of.

    Returns:
        One entry a load that has any of the file's rows, by wave.

    """
    # keys of a million rows take seconds, and most waves speak of days that none before them did
    pending = _pending_on(tables, days)
    if not pending and not _is_built_on(tables, days):
        return []
    mappings = load_mappings(tables)
    _make_file_keys(tables, connection, columns)
    if not _bring_earlier_keys(tables, mappings, days, pending):
        return []
    return _compared(tables, connection, wave, _level(columns), mappings)


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
    built = f"select 1 from {tables.schema}.processed_campaign_data where {_between(days)} limit 1"
    return tables.have("processed_campaign_data") and bool(tables.query(built))


def _between(days: tuple[date, date]) -> str:
    return f"date_start between date '{days[0]}' and date '{days[1]}'"


def _make_file_keys(
    tables: ClientTables, connection: duckdb.DuckDBPyConnection, columns: Sequence[MappedColumn]
) -> None:
    used = _used(columns)
    cells = ", ".join(f"nullif(trim({quote_identifier(row.column_name)}), '') as cell_{row.ordinal}" for row in used)
    source = f"select {quote_identifier(ROW_NUMBER)} as row_number, {cells} from {TABLE} where {IS_DATA}"
    keys = tables.project.local_macros.call(
        "grain_of_cells", f"select '' as load_id, source.* from ({source}) as source", as_macro_rows(used)
    )
    connection.execute(f"create or replace temp table {_FILE_KEYS} as {keys}")


def _bring_earlier_keys(
    tables: ClientTables, mappings: Sequence[LoadMapping], days: tuple[date, date], pending: set[str]
) -> bool:
    """Bring the keys of all loads on the file's days to the reader; whether there are any."""
    schema, macros = tables.schema, tables.project.macros
    names = ", ".join(name for name, _ in _KEY_COLUMNS)
    selects = []
    if tables.have("processed_campaign_data"):
        selects.append(
            f"select load_id, row_key, id_key, coalesce(campaign_name, campaign_id) as campaign, date_start, "
            "count(*) as row_count, coalesce(sum(amount_spent), 0) as amount_spent "
            f"from {schema}.processed_campaign_data where {_between(days)} and load_id not in "
            f"(select load_id from {schema}.raw_data_staging where not processed_flag) group by 1, 2, 3, 4, 5"
        )
    for mapping in mappings:
        used = _used(mapping.rows)
        if mapping.load_id not in pending or not any(row.target_column == "date_start" for row in used):
            continue
        cells = macros.call("raw_cells", f"{schema}.raw_data_staging", as_macro_rows(used), [mapping.load_id])
        keys = macros.call("grain_of_cells", cells, as_macro_rows(used))
        selects.append(f"select {names} from ({keys}) as keys where {_between(days)}")
    together = " union all ".join(f"select {names} from ({select}) as part" for select in selects)
    return bool(selects) and tables.session.bring(_EARLIER_KEYS, _KEY_COLUMNS, together) > 0


def _compared(
    tables: ClientTables,
    connection: duckdb.DuckDBPyConnection,
    wave: int,
    level: str,
    mappings: Sequence[LoadMapping],
) -> list[RestatedLoad]:
    rows = connection.execute(
        tables.project.local_macros.call("restated_loads_sql", _EARLIER_KEYS, _FILE_KEYS)
    ).fetchall()
    names: dict[str, str] = dict(
        tables.query(f"select load_id, max(file_name) from {tables.schema}.raw_data_staging group by load_id")
    )
    waves = {mapping.load_id: mapping.wave for mapping in mappings}
    levels = {mapping.load_id: _level(mapping.rows) for mapping in mappings}
    found = []
    for load, matched, of_file, first, last, before, after, same in rows:
        elsewhere = (same or 0) if levels[load] != level and not matched else 0
        if matched or elsewhere:
            found.append(
                RestatedLoad(
                    load, waves[load], names[load], waves[load] > wave, matched or 0, of_file or 0, first, last,
                    before or Decimal(0), after or Decimal(0), elsewhere,
                )
            )  # fmt: skip
    return sorted(found, key=lambda load: (load.wave_number, load.load_id))


def _level(columns: Sequence[MappedColumn]) -> str:
    """The lowest level and the breakdowns of a mapping."""
    filled = {row.target_column for row in columns if row.ordinal is not None and row.mapping_rule != "ignore"}
    lowest = next((level for level in ("ad", "ad_set", "campaign") if {f"{level}_name", f"{level}_id"} & filled), "")
    breakdowns = sorted(
        row.target_column
        for row in columns
        if row.in_grain and row.ordinal is not None and row.target_column not in _CORE
    )
    return " ".join([lowest, *(name for name in breakdowns if name != "currency")])


def _used(columns: Sequence[MappedColumn]) -> list[MappedColumn]:
    """The columns that keys and spend are made of."""
    return [
        row
        for row in columns
        if row.ordinal is not None
        and row.mapping_rule != "ignore"
        and (row.in_grain or row.target_column in (*_CORE, "amount_spent"))
    ]
