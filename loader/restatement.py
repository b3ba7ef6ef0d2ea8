"""Which loads speak of the same days and ads as a file, row by row: platforms restate past days in later exports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from loader.mapping import MappedColumn
from loader.names import quote_identifier
from loader.project import Project
from loader.reading import IS_DATA, ROW_NUMBER, TABLE
from loader.warehouse import Session
from loader.wave_state import LoadMapping, load_mappings

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
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    schema: str,
    wave: int,
    columns: Sequence[MappedColumn],
    days: tuple[date, date],
) -> list[RestatedLoad]:
    """Compare a file that was read with all loads of its client, by the keys that the models use.

    Args:
        session: a session of the warehouse, with `connection` as its reader.
        connection: the DuckDB that read and marked the file.
        project: gives the macros.
        schema: the client's schema on this target.
        wave: the file's wave.
        columns: the file's mapping.
        days: the first and last day that the file speaks of.

    Returns:
        One entry a load that has any of the file's rows, by wave.

    """
    # keys of a million rows take seconds, and most waves speak of days that none before them did
    pending = _pending_on(session, schema, days)
    if not pending and not _is_built_on(session, schema, days):
        return []
    mappings = load_mappings(session, schema)
    _make_file_keys(connection, project, columns)
    if not _bring_earlier_keys(session, project, schema, mappings, days, pending):
        return []
    return _compared(session, connection, schema, wave, _level(columns), mappings)


def _pending_on(session: Session, schema: str, days: tuple[date, date]) -> set[str]:
    """The loads that are not built and may speak of any of these days.

    The log has the days of a load as its first mapping reads them; with another mapping, nobody knows them.
    """
    pending: dict[str, int] = dict(
        session.query(
            f"select load_id, max(schema_version) from {schema}.raw_data_staging "
            "where not processed_flag group by load_id"
        )
    )
    if not pending:
        return set()
    entries = session.query(
        f"select load_id, cast(details as varchar) from {schema}.processing_log "
        "where processing_stage = 'load' and status = 'completed' "
        f"and load_id in (select load_id from {schema}.raw_data_staging where not processed_flag) "
        "order by processing_timestamp"
    )
    known = {load: json.loads(details or "{}").get("days") for load, details in entries}
    return {load for load, version in pending.items() if version > 1 or _may_meet(known.get(load), days)}


def _may_meet(known: Sequence[str] | None, days: tuple[date, date]) -> bool:
    """Whether the days that a load's log entry has, none for not known, are any of these."""
    if not known:
        return known is None
    return known[0] <= str(days[1]) and known[-1] >= str(days[0])


def _is_built_on(session: Session, schema: str, days: tuple[date, date]) -> bool:
    """Whether processed_campaign_data has rows of any of these days."""
    return "processed_campaign_data" in session.tables(schema) and bool(
        session.query(f"select 1 from {schema}.processed_campaign_data where {_between(days)} limit 1")
    )


def _between(days: tuple[date, date]) -> str:
    return f"date_start between date '{days[0]}' and date '{days[1]}'"


def _make_file_keys(connection: duckdb.DuckDBPyConnection, project: Project, columns: Sequence[MappedColumn]) -> None:
    used = _used(columns)
    cells = ", ".join(f"nullif(trim({quote_identifier(row.column_name)}), '') as cell_{row.ordinal}" for row in used)
    source = f"select {quote_identifier(ROW_NUMBER)} as row_number, {cells} from {TABLE} where {IS_DATA}"
    keys = project.local_macros.call(
        "grain_of_cells", f"select '' as load_id, source.* from ({source}) as source", _rows(used)
    )
    connection.execute(f"create or replace temp table {_FILE_KEYS} as {keys}")


def _bring_earlier_keys(
    session: Session,
    project: Project,
    schema: str,
    mappings: Sequence[LoadMapping],
    days: tuple[date, date],
    pending: set[str],
) -> bool:
    """Bring the keys of all loads on the file's days to the reader; whether there are any."""
    built = "processed_campaign_data" in session.tables(schema)
    names = ", ".join(name for name, _ in _KEY_COLUMNS)
    selects = []
    if built:
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
        cells = project.macros.call("raw_cells", f"{schema}.raw_data_staging", _rows(used), [mapping.load_id])
        keys = project.macros.call("grain_of_cells", cells, _rows(used))
        selects.append(f"select {names} from ({keys}) as keys where {_between(days)}")
    if not selects:
        return False
    return (
        session.bring(
            _EARLIER_KEYS, _KEY_COLUMNS, " union all ".join(f"select {names} from ({s}) as part" for s in selects)
        )
        > 0
    )


def _compared(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    wave: int,
    level: str,
    mappings: Sequence[LoadMapping],
) -> list[RestatedLoad]:
    """Join by ids where both have one, else by names."""
    rows = connection.execute(f"""
        with
        matched as (
            select earlier.*, file.row_key as file_row_key, file.id_key as file_id_key
            from {_EARLIER_KEYS} as earlier
            inner join {_FILE_KEYS} as file
                on earlier.row_key = file.row_key and (earlier.id_key is null or file.id_key is null)
            union
            select earlier.*, file.row_key, file.id_key
            from {_EARLIER_KEYS} as earlier
            inner join {_FILE_KEYS} as file on earlier.id_key = file.id_key
        ),
        of_load as (
            select load_id, sum(row_count) as matched_rows, sum(amount_spent) as spend, min(date_start) as first_date,
                max(date_start) as last_date
            from (select distinct load_id, row_key, id_key, campaign, date_start, row_count, amount_spent from matched)
            group by load_id
        ),
        of_file as (
            select matched.load_id, sum(file.row_count) as file_rows, sum(file.amount_spent) as spend
            from (select distinct load_id, file_row_key, file_id_key from matched) as matched
            inner join {_FILE_KEYS} as file
                on matched.file_row_key is not distinct from file.row_key
                and matched.file_id_key is not distinct from file.id_key
            group by matched.load_id
        ),
        same_campaigns as (
            select earlier.load_id, sum(earlier.row_count) as row_count
            from {_EARLIER_KEYS} as earlier
            where exists (
                select 1 from {_FILE_KEYS} as file
                where file.date_start = earlier.date_start and file.campaign = earlier.campaign
            )
            group by earlier.load_id
        )
        select load_id, of_load.matched_rows, of_file.file_rows, first_date, last_date, of_load.spend, of_file.spend,
            same_campaigns.row_count
        from (select distinct load_id from {_EARLIER_KEYS})
        left join of_load using (load_id)
        left join of_file using (load_id)
        left join same_campaigns using (load_id)
    """).fetchall()
    names: dict[str, str] = dict(
        session.query(f"select load_id, max(file_name) from {schema}.raw_data_staging group by load_id")
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


def _rows(columns: Sequence[MappedColumn]) -> list[dict[str, object]]:
    """Mapping rows as the macros take them."""
    return [vars(row) for row in columns]
