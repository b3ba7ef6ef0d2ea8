"""Open questions about a file beside earlier loads: sums that differ, other accounts, campaigns under another name."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from decimal import Decimal

from loader.waves.overlaps import EARLIER_KEYS, FILE_KEYS, OverlapKeys, OverlappingRows
from loader.waves.questions import OpenQuestion
from loader.waves.restated import RestatedLoad
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
    found = [
        *_sums_that_differ(keys, overlapping),
        *_unlike_restatements(keys.wave, restated),
        *_renamed_campaigns(keys),
    ]
    renamed = {load for question in found if question.kind == "campaign-renamed" for load in question.other_loads}
    return [*found, *_rows_alike(keys, renamed)]


def _sums_that_differ(keys: OverlapKeys, overlapping: Sequence[OverlappingRows]) -> Iterator[OpenQuestion]:
    """Exports of the same days at two levels or over two periods that do not add up to the same."""
    for rows in overlapping:
        if rows.is_asked:
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
    """Rows matched by names alone whose figures change more than a platform restates, and a sum that falls."""
    for load in restated:
        figures, count = load.unlike
        other = f"wave {load.wave_number} ({load.file_name})"
        counts, lost = (other, f"this file of wave {wave}") if load.is_later else ("this file", other)
        if count:
            here, there = (f"{figure:,.2f}" for figure in (load.spend_after, load.spend_before))
            if "impressions" in figures:
                here += f" and {load.impressions_after or 0:,} impressions"
                there += f" and {load.impressions_before or 0:,}"
            yield OpenQuestion(
                "restated-unlike",
                f"{counted(load.file_rows, 'row')} with the days and names of {other}, "
                f"{'each' if count == load.compared_rows else 'most'} with {figures}: {here} here, {there} there. Now "
                f"{counts} counts, and {lost} does not; if they are of two accounts, both should count",
                f"{_COMPARE}. If they are of two accounts, export both again with a column of the account or of ids, "
                "give each export the name of the file that it replaces, and load it into the same wave with "
                "--replace.",
                row_count=load.file_rows,
                amount_at_stake=load.spend_after if load.is_later else load.spend_before,
                other_loads=(load.load_id,),
            )
        elif load.is_lower:
            yield OpenQuestion(
                "restated-lower",
                f"{counted(load.file_rows, 'row')} with the days and names of {counted(load.matched_rows, 'row')} of "
                f"{other}, with less spend: {load.spend_after:,.2f} here, {load.spend_before:,.2f} there. This file "
                f"counts, and {other} does not; a part of the rows or figures may be missing here",
                f"{_COMPARE}. If a part is missing, export all of it and load that with --replace.",
                row_count=load.file_rows,
                amount_at_stake=load.spend_before - load.spend_after,
                other_loads=(load.load_id,),
            )


def _renamed_campaigns(keys: OverlapKeys) -> Iterator[OpenQuestion]:
    """Campaigns that no id matches and that are gone, beside new ones with the same spend on most of their days."""
    for before, after, days, spend, common_days, common_spend, is_gone, is_equal in keys.query(
        "renamed_campaigns_sql", EARLIER_KEYS, FILE_KEYS
    ):
        loads = _loads_with(keys, before)
        others = " and ".join(f"wave {keys.waves[load]} ({keys.files[load]})" for load in loads)
        is_missing = "is not in" if is_gone else "is not on all of its days in"
        of_days = counted(days, "day") if days == common_days else f"{days} of {common_days} days"
        yield OpenQuestion(
            "campaign-renamed",
            f"'{before}' of {others} {is_missing} this file of wave {keys.wave}, and '{after}' is only in this file, "
            f"with the same {'spend' if is_equal else 'spend or impressions'} on {of_days}: {spend:,.2f}. If they are "
            "one campaign, it counts twice",
            f"{_COMPARE}. If they are one campaign, export with campaign ids, or with one name, and load that in place "
            "of each file that lacks it, under its name and with --replace; or roll back the one that you do not need: "
            f"{_rollback(keys)}",
            row_count=common_days,
            amount_at_stake=Decimal(common_spend),
            other_loads=tuple(loads),
        )


def _rows_alike(keys: OverlapKeys, renamed: Container[str]) -> Iterator[OpenQuestion]:
    """Rows that count beside earlier ones with the same days and figures, whatever they are called."""
    for load, rows, spend, common, before, after in keys.query("rows_alike_sql", EARLIER_KEYS, FILE_KEYS):
        if load not in renamed:
            names = "of the same campaigns" if before == after else f"such as '{before}' there and '{after}' here"
            yield OpenQuestion(
                "rows-alike",
                f"{rows} of {counted(common, 'row')} have the days and figures of rows of wave {keys.waves[load]} "
                f"({keys.files[load]}) by another name, breakdown, account or currency, {names}. If they are the same, "
                f"{spend:,.2f} counts twice",
                f"{_COMPARE}. If they are the same, export with ids or with the same names, and load that in place of "
                "the file that lacks them, with --replace; or roll back the one that you do not need: "
                f"{_rollback(keys)}",
                row_count=rows,
                amount_at_stake=Decimal(spend),
                other_loads=(load,),
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
