"""Open questions about a file beside earlier loads: sums that differ, other accounts, campaigns under another name."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from decimal import Decimal

from loader.waves.overlaps import EARLIER_KEYS, FILE_KEYS, OverlapKeys, OverlappingRows
from loader.waves.questions import FoundRows, OpenQuestion, asked
from loader.waves.restated import RestatedLoad
from loader.words import counted


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
        *_unlike_restatements(keys, restated),
        *_renamed_campaigns(keys),
    ]
    renamed = {load for question in found if question.kind == "campaign-renamed" for load in question.other_loads}
    return [*found, *_rows_alike(keys, renamed)]


def _asked(
    keys: OverlapKeys, kind: str, rows: int, at_stake: Decimal, loads: Sequence[str], /, **words: object
) -> OpenQuestion:
    words["rollback"] = f"spark9 wave rollback --client {keys.tables.key} --wave ... --file ..."
    found = FoundRows(rows, spend=at_stake)
    return asked(kind, found, None, at_stake, loads, **words)


def _sums_that_differ(keys: OverlapKeys, overlapping: Sequence[OverlappingRows]) -> Iterator[OpenQuestion]:
    """Exports of the same days at two levels or over two periods that do not add up to the same."""
    for rows in overlapping:
        if rows.is_asked:
            words = {"sentence": rows.sentence("finest")}
            yield _asked(keys, "sums-differ", rows.row_count, abs(rows.difference), rows.other_loads, **words)


def _unlike_restatements(keys: OverlapKeys, restated: Sequence[RestatedLoad]) -> Iterator[OpenQuestion]:
    """Rows matched by names alone whose figures change more than a platform restates, and a sum that falls."""
    for load in restated:
        figures, count = load.unlike
        other = f"wave {load.wave_number} ({load.file_name})"
        of_load = (load.file_rows, load.spend_after if load.is_later else load.spend_before, [load.load_id])
        if count:
            counts, lost = (other, f"this file of wave {keys.wave}") if load.is_later else ("this file", other)
            here, there = (f"{figure:,.2f}" for figure in (load.spend_after, load.spend_before))
            if "impressions" in figures:
                here += f" and {load.impressions_after or 0:,} impressions"
                there += f" and {load.impressions_before or 0:,}"
            words = {
                "other": other,
                "most": "each" if count == load.compared_rows else "most",
                "figures": figures,
            }
            words |= {"here": here, "there": there, "counts": counts, "lost": lost}
            yield _asked(keys, "restated-unlike", *of_load, **words)
        elif load.is_lower:
            less = load.spend_before - load.spend_after
            words = {"other": other, "matched": counted(load.matched_rows, "row")}
            spends = {"here": load.spend_after, "there": load.spend_before}
            yield _asked(keys, "restated-lower", load.file_rows, less, [load.load_id], **words, **spends)


def _renamed_campaigns(keys: OverlapKeys) -> Iterator[OpenQuestion]:
    """Campaigns that no id matches and that are gone, beside new ones with the same spend on most of their days."""
    for before, after, days, spend, common_days, common_spend, is_gone, is_equal in keys.query(
        "renamed_campaigns_sql", EARLIER_KEYS, FILE_KEYS
    ):
        loads = _loads_with(keys, before)
        words = {
            "before": before,
            "after": after,
            "others": " and ".join(f"wave {keys.waves[load]} ({keys.files[load]})" for load in loads),
            "is_missing": "is not in" if is_gone else "is not on all of its days in",
            "what": "spend" if is_equal else "spend or impressions",
            "of_days": counted(days, "day") if days == common_days else f"{days} of {common_days} days",
            "same": spend,
            "wave": keys.wave,
        }
        yield _asked(keys, "campaign-renamed", common_days, Decimal(common_spend), loads, **words)


def _rows_alike(keys: OverlapKeys, renamed: Container[str]) -> Iterator[OpenQuestion]:
    """Rows that count beside earlier ones with the same days and figures, whatever they are called."""
    for load, rows, spend, common, before, after in keys.query("rows_alike_sql", EARLIER_KEYS, FILE_KEYS):
        if load not in renamed:
            names = "of the same campaigns" if before == after else f"such as '{before}' there and '{after}' here"
            words = {
                "other": f"wave {keys.waves[load]} ({keys.files[load]})",
                "common": counted(common, "row"),
            }
            yield _asked(keys, "rows-alike", rows, Decimal(spend), [load], **words, count=rows, names=names)


def _loads_with(keys: OverlapKeys, campaign: str) -> list[str]:
    """The loads that have a campaign on days of the file, by wave."""
    found = keys.connection.execute(
        f"select distinct load_id from {EARLIER_KEYS} where campaign_name = ? "
        f"and date_start in (select date_start from {FILE_KEYS})",
        [campaign],
    ).fetchall()
    return sorted((load for (load,) in found), key=lambda load: (keys.waves[load], load))
