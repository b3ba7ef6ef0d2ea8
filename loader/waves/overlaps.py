"""Which rows of a file and of earlier loads speak of the same days at other levels or over other periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from loader.waves.columns import MappedColumn
from loader.waves.overlap_keys import EARLIER_KEYS, FILE_KEYS, OverlapKeys

_ROWS, _BEFORE, _AFTER, _LOADS = "grain_rows", "judged_before", "judged_after", "grain_loads"


@dataclass(frozen=True)
class OverlappingRows:
    """Rows that give way to those of another load, since both speak of the same days and campaigns.

    Args:
        whose: what gives way: 'this file', or the waves and files of earlier loads, with their levels.
        to_whom: what counts instead, likewise.
        because: why, as superseded_because says it.
        row_count: how many rows give way.
        first_date: of these rows.
        last_date: of these rows.
        spend: of these rows.
        spend_instead: of what counts of the same campaigns and days.

    """

    whose: str
    to_whom: str
    because: str
    row_count: int
    first_date: date
    last_date: date
    spend: Decimal
    spend_instead: Decimal

    @property
    def difference(self) -> Decimal:
        """What counts instead, less what gives way; zero where it is no more than rounding."""
        difference = self.spend_instead - self.spend
        return difference if abs(difference) > Decimal("0.005") * (1 + self.row_count) else Decimal(0)

    def sentence(self, policy: str) -> str:
        """What it means, for people."""
        days = f"{self.first_date}" if self.first_date == self.last_date else f"{self.first_date} to {self.last_date}"
        counted = "1 row of {} speaks" if self.row_count == 1 else f"{self.row_count} rows of {{}} speak"
        rows = f"{counted.format(self.whose)} of the same days and campaigns as {self.to_whom}, {days}"
        if policy == "both":
            return f"{rows}; both count, as the registry says: {self.spend:,.2f} and {self.spend_instead:,.2f} of spend"
        outcome = f"{rows}: {self.because}, they are kept as superseded"
        if not self.difference:
            return f"{outcome}; the spend is the same"
        return (
            f"{outcome}; they spent {self.spend:,.2f}, what counts of these days {self.spend_instead:,.2f} "
            f"({self.difference:+,.2f})"
        )


def overlapping_rows(
    grain: OverlapKeys, load_id: str, columns: Sequence[MappedColumn], restatement: str, now: datetime
) -> list[OverlappingRows]:
    """What a file changes in which rows count, by the rules by which the next build judges all rows.

    Args:
        grain: what the file and the loads speak of.
        load_id: of the file.
        columns: its mapping.
        restatement: the client's policy.
        now: when it is loaded.

    """
    if not _can_overlap(grain):
        return []
    _make_rows(grain, load_id, now)
    for table, condition in ((_BEFORE, f"load_id <> '{load_id}'"), (_AFTER, "true")):
        candidates = f"select * from {_ROWS} where {condition}"
        judged = grain.tables.project.local_macros.call("judged_rows_sql", candidates, restatement, "finest")
        grain.connection.execute(f"create or replace temp table {table} as {judged}")
    levels = {load: _level(rows) for load, rows in grain.mappings.items()} | {load_id: _level(columns)}
    named = {load: f"wave {wave} ({grain.files[load]}, by {levels[load]})" for load, wave in grain.waves.items()} | {
        load_id: f"this file (by {levels[load_id]})"
    }

    def listed(loads: str) -> str:
        return " and ".join(named[load] for load in dict.fromkeys(loads.split(",")))

    return [
        OverlappingRows(listed(loads), listed(by_loads), because, rows, first, last, Decimal(spend), Decimal(instead))
        for loads, by_loads, because, rows, first, last, spend, instead in grain.query(
            "overlapping_loads_sql", _ROWS, _BEFORE, _AFTER, load_id
        )
    ]


def _can_overlap(grain: OverlapKeys) -> bool:
    """Whether there are several kinds of exports, or rows of several days; most clients load one kind, day by day."""
    kinds, periods = grain.connection.execute(
        "select count(distinct coalesce(level, '') || ' by ' || coalesce(breakdowns, '')), "
        "count(*) filter (date_end > date_start) "
        f"from (select * from {EARLIER_KEYS} union all by name select * from {FILE_KEYS})"
    ).fetchall()[0]
    return bool(kinds > 1 or periods)


def _make_rows(grain: OverlapKeys, load_id: str, now: datetime) -> None:
    """All keys in one table, with the wave and time that decide which is later."""
    times: dict[str, datetime] = dict(
        grain.tables.query(
            f"select load_id, max(upload_timestamp) from {grain.tables.schema}.raw_data_staging group by load_id"
        )
    )
    loads = [(load, wave, times.get(load, now)) for load, wave in grain.waves.items()] + [(load_id, grain.wave, now)]
    columns = "load_id varchar, wave_number integer, upload_timestamp timestamp"
    grain.connection.execute(f"create or replace temp table {_LOADS} ({columns})")
    grain.connection.executemany(f"insert into {_LOADS} values (?, ?, ?)", loads)
    grain.connection.execute(
        f"create or replace temp table {_ROWS} as "
        "select keys.*, loads.wave_number, loads.upload_timestamp, row_number() over () as row_number from ("
        f"select * from {EARLIER_KEYS} union all by name select * replace ('{load_id}' as load_id) from {FILE_KEYS}"
        f") as keys inner join {_LOADS} as loads on keys.load_id = loads.load_id"
    )


def _level(columns: Sequence[MappedColumn]) -> str:
    """The level and breakdowns of a load, as its mapping has them."""
    said = {row.target_column: row.default_value or "" for row in columns if row.mapping_rule == "constant"}
    level = said.get("level") or "row"
    by = [name for name in said.get("breakdowns", "").split(", ") if name and name != level]
    return (level + (f" and {' and '.join(by)}" if by else "")).replace("_", " ")
