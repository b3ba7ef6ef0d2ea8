"""Open questions about a file beside earlier loads: sums that differ, other accounts, campaigns under another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from loader.waves.overlaps import EARLIER_KEYS, FILE_KEYS, OverlapKeys, OverlappingRows
from loader.waves.questions import OpenQuestion
from loader.waves.restated import RestatedLoad

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
    return [*_sums_that_differ(overlapping), *_unlike_restatements(restated), *_renamed_campaigns(keys)]


def _sums_that_differ(overlapping: Sequence[OverlappingRows]) -> Iterator[OpenQuestion]:
    """Exports of the same days at two levels or over two periods that do not add up to the same."""
    for rows in overlapping:
        if rows.difference:
            yield OpenQuestion(
                "sums-differ",
                rows.sentence("finest"),
                f"{_COMPARE}: what counts may lack deleted ads, or other channels of the campaign. If the other export "
                "is right, roll back the one that counts.",
                row_count=rows.row_count,
                amount_at_stake=abs(rows.difference),
            )


def _unlike_restatements(restated: Sequence[RestatedLoad]) -> Iterator[OpenQuestion]:
    """Rows matched by names alone whose figures change more than a platform restates."""
    for load in restated:
        figures, count = load.unlike
        if count:
            before, after = (f"{figure:,.2f}" for figure in (load.spend_before, load.spend_after))
            if "impressions" in figures:
                before += f" and {load.impressions_before or 0:,}"
                after += f" and {load.impressions_after or 0:,} impressions"
            yield OpenQuestion(
                "restated-unlike",
                f"{load.file_rows} rows have the days and names of wave {load.wave_number} ({load.file_name}), but "
                f"{'all' if count == load.compared_rows else 'most'} have {figures}: {after} in place of {before}. "
                "If they are of another account, both should count",
                f"{_COMPARE}. Export with a column of the account or of ids, and load both files again.",
                row_count=load.file_rows,
                amount_at_stake=min(load.spend_before, load.spend_after),
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
        yield OpenQuestion(
            "campaign-renamed",
            f"'{before}' of earlier waves is not in this file, and the new '{after}' has the same spend on "
            f"{days} {'day' if days == 1 else 'days'}: {spend:,.2f}. If the campaign was renamed, it counts twice",
            f"{_COMPARE}. If it was renamed, roll the earlier wave back, or export with campaign ids.",
            row_count=days,
            amount_at_stake=Decimal(spend),
        )
