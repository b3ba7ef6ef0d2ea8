"""Open questions about a file beside earlier loads: sums that differ, other accounts, campaigns under another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    return [
        *_sums_that_differ(overlapping),
        *_unlike_restatements(restated),
        *_renamed_campaigns(keys),
        *_renamed_accounts(keys),
        *_other_currencies(keys),
    ]


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
    """Campaigns that no id matches and that are gone, beside new ones with the same spend on most of their days."""
    for before, after, days, spend, common_days, common_spend, is_gone, is_equal in keys.query(
        "renamed_campaigns_sql", EARLIER_KEYS, FILE_KEYS
    ):
        is_missing = "is not in this file" if is_gone else "is not in this file on all of its days"
        of_days = f"{days} {'day' if days == 1 else 'days'}" if days == common_days else f"{days} of {common_days} days"
        yield OpenQuestion(
            "campaign-renamed",
            f"'{before}' of earlier waves {is_missing}, and the new '{after}' has the same "
            f"{'spend' if is_equal else 'spend or impressions'} on {of_days}: {spend:,.2f}. "
            "If the campaign was renamed, it counts twice",
            f"{_COMPARE}. If it was renamed, roll the earlier wave back, or export with campaign ids.",
            row_count=common_days,
            amount_at_stake=Decimal(common_spend),
        )


def _renamed_accounts(keys: OverlapKeys) -> Iterator[OpenQuestion]:
    """Accounts of earlier loads beside others, written otherwise, with the same campaigns, days and spend."""
    if not _lacks_some(keys, "coalesce(own_account_id, own_account_name)"):
        return
    for before, after, same, common, spend in keys.query("renamed_accounts_sql", EARLIER_KEYS, FILE_KEYS):
        yield OpenQuestion(
            "account-renamed",
            f"The account '{before}' of earlier waves is not in this file, and '{after}' has the same figures in "
            f"{same} of {counted(common, 'row')} with the same days and campaigns: {spend:,.2f}. "
            "If it is one account, it counts twice",
            f"{_COMPARE}. If it is one account, write it alike in both files, or export with account ids, and load the "
            "corrected file with --replace.",
            row_count=common,
            amount_at_stake=Decimal(spend),
        )


def _other_currencies(keys: OverlapKeys) -> Iterator[OpenQuestion]:
    """Rows with the same impressions as earlier ones in another currency."""
    if not _lacks_some(keys, "currency"):
        return
    for before, after, same, common, spend in keys.query("other_currency_sql", EARLIER_KEYS, FILE_KEYS):
        yield OpenQuestion(
            "currency-changed",
            f"{counted(common, 'row')} with the days and campaigns of earlier waves in {before}, {same} of them with "
            f"the same impressions, are in {after} in this file: {spend:,.2f}. "
            "If both are one account, it counts in both",
            f"{_COMPARE}. If it is one account, roll back the wave whose currency is not that of the account.",
            row_count=common,
            amount_at_stake=Decimal(spend),
        )


def _lacks_some(keys: OverlapKeys, value: str) -> bool:
    """Whether earlier loads have a value that the file lacks; comparing a million rows takes a while."""
    values = f"select {value} as value from"
    lacked = f"select 1 from ({values} {EARLIER_KEYS} except {values} {FILE_KEYS}) where value is not null"
    return bool(keys.connection.execute(lacked).fetchall())
