"""The keys of a file and of earlier loads, and the rows that cover the same at other levels and over other periods."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from loader.clients.tables import ClientTables
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ValueFormat
from loader.names import quote_identifier
from loader.waves.columns import ACCOUNT_COLUMNS, DAYS, NAME_COLUMNS, MappedColumn, as_macro_rows
from loader.waves.state import LoadMapping, load_mappings

FILE_KEYS = "file_keys"
EARLIER_KEYS = "earlier_keys"
_TYPES = {"date_start": "date", "date_end": "date"}
_FIGURES = (("row_count", "bigint"), ("amount_spent", "decimal(38, 6)"), ("impressions", "bigint"))
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
        files, waves: the name and the wave of each load's file.

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
    """Collect the keys of a file and of the client's loads; none if no load touches the file's days.

    Args:
        tables: the client's, in a session whose reader is `connection`.
        connection: the DuckDB that read and marked the file.
        wave: the file's wave.
        columns: the file's mapping.
        days: the first and last day that the file covers.
        left_out: loads that are about to be removed.

    """
    # keys of a million rows take seconds, and most waves cover days that no earlier wave has
    pending, is_built = _loads_on(tables, days)
    pending -= set(left_out)
    if not pending and not is_built:
        return None
    mappings = load_mappings(tables)
    _make_file_keys(tables, connection, columns)
    if not _bring_earlier_keys(tables, mappings, _reached(tables, days), pending, left_out):
        return None
    raw = f"{tables.schema}.raw_data_staging"
    files: dict[str, str] = dict(tables.query(f"select load_id, max(file_name) from {raw} group by load_id"))
    columns_of = {mapping.load_id: mapping.rows for mapping in mappings}
    waves = {mapping.load_id: mapping.wave for mapping in mappings}
    return OverlapKeys(tables, connection, wave, columns_of, files, waves)


def _loads_on(tables: ClientTables, days: tuple[date, date]) -> tuple[set[str], bool]:
    """The loads that are not built and may cover any of these days, and whether rows of any of them are built.

    The log has the days of a load as its first mapping reads them; with another mapping, they are unknown.
    """
    asked = (
        "select pending.load_id, pending.version, logged.details, logged.processing_timestamp "
        f"from (select load_id, max(schema_version) as version from {tables.schema}.raw_data_staging "
        "where not processed_flag group by load_id) as pending left join (select load_id, processing_timestamp, "
        f"cast(details as varchar) as details from {tables.schema}.processing_log where processing_stage = 'UPLOAD' "
        "and status = 'SUCCESS') as logged on pending.load_id = logged.load_id"
    )
    if tables.have("processed_campaign_data"):
        built = f"select 1 from {tables.built_schema}.processed_campaign_data where {_touches(days)} limit 1"
        asked += f" union all select null, count(*), null, null from ({built}) as built_rows"
    found = tables.query(f"{asked} order by 4")
    waiting = {
        load: version > 1 or _may_meet(json.loads(details or "{}").get("days"), days)
        for load, version, details, _ in found
        if load
    }
    is_built = any(count for load, count, *_ in found if load is None)
    return {load for load, may_meet in waiting.items() if may_meet}, is_built


def _may_meet(known: Sequence[str] | None, days: tuple[date, date]) -> bool:
    """Whether the days that a load's log entry has, none for not known, are any of these."""
    if not known:
        return known is None
    return known[0] <= str(days[1]) and known[-1] >= str(days[0])


def _touches(days: tuple[date, date]) -> str:
    return f"date_start <= date '{days[1]}' and coalesce(date_end, date_start) >= date '{days[0]}'"


def _reached(tables: ClientTables, days: tuple[date, date]) -> tuple[date, date]:
    """The days, with all that rows of several days connect them with."""
    if not tables.have("processed_campaign_data"):
        return days
    for _ in range(_MOST_STEPS):
        first, last = tables.query(
            "select min(date_start), max(coalesce(date_end, date_start)) "
            f"from {tables.built_schema}.processed_campaign_data where {_touches(days)}"
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
    macros = tables.project.local_macros
    number = quote_identifier(ROW_NUMBER)
    below = f"over (order by {number} rows between unbounded preceding and current row)"
    cells = []
    for row in used:
        cell = f"nullif(trim({quote_identifier(row.column_name)}), '')"
        if row.ordinal is not None:
            is_filled = ValueFormat.of(row.value_format).fills_down
            text = f"last_value({cell} ignore nulls) {below}" if is_filled else cell
            cells.append(f"{text} as {macros.call('part_of', vars(row), 'cell')}")
    of_all = f"select {number} as row_number, {', '.join(cells)}, {IS_DATA} as is_data from {TABLE}"
    source = f"select * exclude (is_data) from ({of_all}) where is_data"
    keys = macros.call(
        "overlap_keys_of_cells", f"select '' as load_id, source.* from ({source}) as source", as_macro_rows(used)
    )
    connection.execute(f"create or replace temp table {FILE_KEYS} as {keys}")


def _bring_earlier_keys(
    tables: ClientTables,
    mappings: Sequence[LoadMapping],
    days: tuple[date, date],
    pending: set[str],
    left_out: Sequence[str],
) -> bool:
    """Copy the keys of all loads on the file's days to the reader; whether there are any."""
    schema, macros = tables.schema, tables.project.macros
    key: list[str] = macros.call("overlap_key_columns")
    built = [f"{macros.call('account_of_row', name)} as {name}" if name.startswith("own_") else name for name in key]
    columns = [(name, _TYPES.get(name, "varchar")) for name in key] + list(_FIGURES)
    names = ", ".join(name for name, _ in columns)
    selects = []
    if tables.have("processed_campaign_data"):
        selects.append(
            f"select {', '.join(built)}, count(*) as row_count, coalesce(sum(amount_spent), 0) as amount_spent, "
            "sum(impressions) as impressions "
            f"from {tables.built_schema}.processed_campaign_data where {_touches(days)} and load_id not in "
            f"(select load_id from {schema}.raw_data_staging where not processed_flag) group by all"
        )
    for mapping in mappings:
        used = _used(mapping.rows)
        if mapping.load_id not in pending or not any(row.target_column == "date_start" for row in used):
            continue
        in_file = [row for row in used if row.ordinal is not None]
        cells = macros.call("raw_cells", f"{schema}.raw_data_staging", as_macro_rows(in_file), [mapping.load_id])
        keys = macros.call("overlap_keys_of_cells", cells, as_macro_rows(used))
        selects.append(f"select {names} from ({keys}) as keys where {_touches(days)}")
    together = " union all ".join(f"select {names} from ({select}) as part" for select in selects)
    gone = " where load_id not in ({})".format(", ".join(f"'{load}'" for load in left_out)) if left_out else ""
    remaining = f"select {names} from ({together}) as keys{gone}"
    return bool(selects) and tables.session.copy_to_reader(EARLIER_KEYS, columns, remaining) > 0


def _used(columns: Sequence[MappedColumn]) -> list[MappedColumn]:
    """The columns and constants that keys, level, spend and impressions are made of."""
    wanted = (*DAYS, *NAME_COLUMNS, *ACCOUNT_COLUMNS, "level", "breakdowns", "amount_spent", "impressions")
    return [
        row
        for row in columns
        if row.mapping_rule not in ("ignore", "missing", "retired")
        and (row.ordinal is not None or row.default_value is not None)
        and (row.in_grain or row.target_column in wanted)
    ]


_ROWS, _BEFORE, _AFTER, _LOADS = "key_rows", "judged_before", "judged_after", "key_loads"


@dataclass(frozen=True)
class OverlappingRows:
    """Rows superseded by those of another load, since both cover the same days and campaigns.

    Args:
        whose: what is superseded: 'this file', or the waves and files of earlier loads, with their levels.
        to_whom: what counts instead, likewise.
        because: why, as superseded_because says it.
        row_count: how many rows are superseded.
        first_date, last_date, spend: of these rows.
        spend_instead: of what counts of the same campaigns and days.
        is_wider: what counts has other days too, so that more spend is no difference.
        other_loads: the loads on both sides, without this file.

    """

    whose: str
    to_whom: str
    because: str
    row_count: int
    first_date: date
    last_date: date
    spend: Decimal
    spend_instead: Decimal
    is_wider: bool
    other_loads: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        """What counts instead, less what is superseded; zero if it is only rounding."""
        difference = self.spend_instead - self.spend
        return difference if abs(difference) > Decimal("0.005") * (1 + self.row_count) else Decimal(0)

    @property
    def is_asked(self) -> bool:
        """Whether the sums differ in a way that more days do not explain; what is not asked is warned of."""
        return bool(self.difference) and not (self.is_wider and self.difference > 0)

    def sentence(self, policy: str) -> str:
        """What it means, for people."""
        days = f"{self.first_date}" if self.first_date == self.last_date else f"{self.first_date} to {self.last_date}"
        counted = "1 row of {} covers" if self.row_count == 1 else f"{self.row_count} rows of {{}} cover"
        rows = f"{counted.format(self.whose)} the same days and campaigns as {self.to_whom}, {days}"
        if policy == "both":
            both = f"{self.spend:,.2f} and {self.spend_instead:,.2f} of spend"
            return f"{rows}; both count, as set in the registry: {both}"
        outcome = f"{rows}: {self.because}, and they are marked as superseded"
        if not self.difference:
            return f"{outcome}; the spend is the same"
        days = "these and other days" if self.is_wider else "these days"
        instead = f"{self.spend_instead:,.2f} ({self.difference:+,.2f})"
        return f"{outcome}; their spend is {self.spend:,.2f}, the spend that counts for {days} is {instead}"


def overlapping_rows(
    keys: OverlapKeys, load_id: str, columns: Sequence[MappedColumn], restatement: str, now: datetime
) -> list[OverlappingRows]:
    """What a file changes in which rows count, by the rules by which the next build judges all rows.

    Args:
        keys: the keys of the file and of the loads.
        load_id: of the file.
        columns: its mapping.
        restatement: the client's policy.
        now: when it is loaded.

    """
    if not _can_overlap(keys):
        return []
    _make_rows(keys, load_id, now)
    for table, condition in ((_BEFORE, f"load_id <> '{load_id}'"), (_AFTER, "true")):
        candidates = f"select * from {_ROWS} where {condition}"
        judged = keys.tables.project.local_macros.call("judged_rows_sql", candidates, restatement, "finest")
        keys.connection.execute(f"create or replace temp table {table} as {judged}")
    levels = {load: _level(rows) for load, rows in keys.mappings.items()} | {load_id: _level(columns)}
    named = {load: f"wave {wave} ({keys.files[load]}, by {levels[load]})" for load, wave in keys.waves.items()} | {
        load_id: f"this file (by {levels[load_id]})"
    }

    def listed(loads: str) -> str:
        return " and ".join(named[load] for load in dict.fromkeys(loads.split(",")))

    return [
        OverlappingRows(
            listed(loads), listed(by_loads), because, rows, first, last, Decimal(spend), Decimal(instead), is_wider,
            tuple({*f"{loads},{by_loads}".split(",")} - {load_id}))
        for loads, by_loads, because, rows, first, last, spend, instead, is_wider in keys.query(
            "overlapping_loads_sql", _ROWS, _BEFORE, _AFTER, load_id
        )
    ]  # fmt: skip


def _can_overlap(keys: OverlapKeys) -> bool:
    """Whether there are several kinds of exports, or rows of several days; most clients load one kind, day by day."""
    kinds, periods = keys.connection.execute(
        "select count(distinct coalesce(level, '') || ' by ' || coalesce(breakdowns, '')), "
        "count(*) filter (date_end > date_start) "
        f"from (select * from {EARLIER_KEYS} union all by name select * from {FILE_KEYS})"
    ).fetchall()[0]
    return bool(kinds > 1 or periods)


def _make_rows(keys: OverlapKeys, load_id: str, now: datetime) -> None:
    """All keys in one table, with the wave and time that decide which is later."""
    times: dict[str, datetime] = dict(
        keys.tables.query(
            f"select load_id, max(upload_timestamp) from {keys.tables.schema}.raw_data_staging group by load_id"
        )
    )
    loads = [(load, wave, times.get(load, now)) for load, wave in keys.waves.items()] + [(load_id, keys.wave, now)]
    columns = "load_id varchar, wave_number integer, upload_timestamp timestamp"
    keys.connection.execute(f"create or replace temp table {_LOADS} ({columns})")
    keys.connection.executemany(f"insert into {_LOADS} values (?, ?, ?)", loads)
    keys.connection.execute(
        f"create or replace temp table {_ROWS} as "
        "select keys.*, loads.wave_number, loads.upload_timestamp, row_number() over () as row_number from ("
        f"select * from {EARLIER_KEYS} union all by name select * replace ('{load_id}' as load_id) from {FILE_KEYS}"
        f") as keys inner join {_LOADS} as loads on keys.load_id = loads.load_id"
    )


def _level(columns: Sequence[MappedColumn]) -> str:
    """The level and breakdowns of a load, as its mapping has them."""
    constants = {row.target_column: row.default_value or "" for row in columns if row.mapping_rule == "constant"}
    level = constants.get("level") or "row"
    by = [name for name in constants.get("breakdowns", "").split(", ") if name and name != level]
    return (level + (f" and {' and '.join(by)}" if by else "")).replace("_", " ")
