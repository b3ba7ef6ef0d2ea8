"""Open questions about a file beside earlier loads: sums that differ, other accounts, campaigns under another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from loader.waves.overlaps import EARLIER_KEYS, FILE_KEYS, OverlapKeys, OverlappingRows, RestatedLoad
from loader.waves.questions import OpenQuestion
from loader.words import counted

_COMPARE = "Compare with the platform"


def overlap_questions(
    keys: OverlapKeys, restated: Sequence[RestatedLoad], overlapping: Sequence[OverlappingRows]
) -> list[OpenQuestion]:
    """What is uncertain about the rows that a file has in common with earlier loads.

    Args:
        keys: of the file and of the loads.
        restated: from `restated_loads()`; none where both count.
        overlapping: from `overlapping_rows()`; none where both count.

    """
    unlike = _unlike_restatements(keys.wave, restated)
    return [*_sums_that_differ(keys, overlapping), *unlike, *_renamed_campaigns(keys)]


def _sums_that_differ(keys: OverlapKeys, overlapping: Sequence[OverlappingRows]) -> Iterator[OpenQuestion]:
    """Exports of the same days at two levels or over two periods that do not add up to the same."""
    for rows in overlapping:
        if rows.difference:
            yield OpenQuestion(
                "sums-differ",
                rows.sentence("finest"),
                f"{_COMPARE}: what counts may lack deleted ads, or other channels of the campaign. If the other export "
                f"is right, roll back the one that counts: {_rollback(keys)}",
                row_count=rows.row_count,
                amount_at_stake=abs(rows.difference),
                other_loads=rows.other_loads,
            )


def _unlike_restatements(wave: int, restated: Sequence[RestatedLoad]) -> Iterator[OpenQuestion]:
    """Rows matched by names alone whose spend changes more than a platform restates."""
    for load in restated:
        if load.is_unlike:
            other = f"wave {load.wave_number} ({load.file_name})"
            counts, lost = (other, f"this file of wave {wave}") if load.is_later else ("this file", other)
            yield OpenQuestion(
                "restated-unlike",
                f"{counted(load.file_rows, 'row')} with the days and names of {other}, each with another spend: "
                f"{load.spend_after:,.2f} here, {load.spend_before:,.2f} there. Now {counts} counts, and {lost} does "
                "not; if they are of two accounts, both should count",
                f"{_COMPARE}. If they are of two accounts, export both again with a column of the account or of ids, "
                "give each export the name of the file that it replaces, and load it into the same wave with "
                "--replace.",
                row_count=load.file_rows,
                amount_at_stake=load.spend_after if load.is_later else load.spend_before,
                other_loads=(load.load_id,),
            )


def _renamed_campaigns(keys: OverlapKeys) -> Iterator[OpenQuestion]:
    """Campaigns without ids that are gone, beside new ones with the same spend on all of their days."""

    def by_day(table: str) -> str:
        return (
            f"select campaign_name, date_start, sum(amount_spent) as spend from {table} "
            "where campaign_name is not null group by all"
        )

    once = f"(select distinct * exclude (load_id) from {EARLIER_KEYS})"
    found = keys.connection.execute(
        f"with file as ({by_day(FILE_KEYS)}), earlier as ({by_day(once)}), "
        "gone as (select * from earlier where campaign_name not in (select campaign_name from file) "
        "and date_start in (select date_start from file)), "
        "new as (select * from file where campaign_name not in (select campaign_name from earlier)), "
        "pairs as (select gone.campaign_name as before, new.campaign_name as after, count(*) as days, "
        "sum(spend) as spend from gone inner join new using (date_start, spend) where spend > 0 group by all) "
        "select before, after, days, spend from pairs "
        "where days = (select count(*) from gone where campaign_name = before and spend > 0) "
        f"and not exists (select 1 from {EARLIER_KEYS} where campaign_name = before and campaign_id in "
        f"(select campaign_id from {FILE_KEYS})) order by spend desc, before, after"
    ).fetchall()
    for before, after, days, spend in found:
        loads = _loads_with(keys, before)
        others = " and ".join(f"wave {keys.waves[load]} ({keys.files[load]})" for load in loads)
        yield OpenQuestion(
            "campaign-renamed",
            f"'{before}' of {others} is not in this file of wave {keys.wave}, and '{after}' is only in this file, with "
            f"the same spend on {counted(days, 'day')}: {spend:,.2f}. If they are one campaign, it counts twice",
            f"{_COMPARE}. If they are one campaign, export with campaign ids, or with one name, and load that in place "
            "of each file that lacks it, under its name and with --replace; or roll back the one that you do not need: "
            f"{_rollback(keys)}",
            row_count=days,
            amount_at_stake=Decimal(spend),
            other_loads=tuple(loads),
        )


def _loads_with(keys: OverlapKeys, campaign: str) -> list[str]:
    """The loads that have a campaign on days of the file, by wave."""
    found = keys.connection.execute(
        f"select distinct load_id from {EARLIER_KEYS} where campaign_name = ? "
        f"and date_start in (select date_start from {FILE_KEYS})",
        [campaign],
    ).fetchall()
    return sorted((load for (load,) in found), key=lambda load: (keys.waves[load], load))


def _rollback(keys: OverlapKeys) -> str:
    return f"spark9 wave rollback --client {keys.tables.key} --wave ... --file ..."
