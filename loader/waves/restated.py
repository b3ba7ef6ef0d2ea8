"""A file beside earlier loads: rows that it restates, and what is uncertain about those that both have."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from loader.waves.overlaps import EARLIER_KEYS, FILE_KEYS, OverlapKeys, OverlappingRows
from loader.waves.questions import FoundRows, OpenQuestion, asked
from loader.words import counted

# how many of the rows have other figures where they are of something else; of many rows, half are no chance
_SHARE_OF_FEW, _MANY, _SHARE_OF_MANY = 0.8, 10, 0.5
# platforms take back few clicks
_LOWER = Decimal("0.9")


@dataclass(frozen=True)
class RestatedLoad:
    """A load that covers the same days and ads as a file.

    Args:
        load_id: the load that is there.
        wave_number: its wave.
        file_name: its file.
        is_later: it belongs to a later wave than the file, so its values are the ones that count.
        matched_rows: its rows that the file has too.
        file_rows: the file's rows that match them.
        first_date: of the matched rows.
        last_date: of the matched rows.
        spend_before: what the matched rows spent as the load has it.
        spend_after: the same as the file has it.
        impressions_before: of the matched rows as the load has them; none if it has none.
        impressions_after: the same as the file has them.
        compared_rows: the rows that are matched by names alone, but for those of a last day that was not over.
        unlike_spend: those of them with quite another spend.
        unlike_impressions: those with quite other impressions.
        unlike_rows: those with either.

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
    impressions_before: int | None = None
    impressions_after: int | None = None
    compared_rows: int = 0
    unlike_spend: int = 0
    unlike_impressions: int = 0
    unlike_rows: int = 0

    @property
    def unlike(self) -> tuple[str, int]:
        """Which figures are not those of the same rows, and in how many rows; '' and 0 if none."""
        for figures, count in (
            ("another spend", self.unlike_spend),
            ("other impressions", self.unlike_impressions),
            ("another spend or other impressions", self.unlike_rows),
        ):
            if count and self._are_most(count):
                return figures, count
        return "", 0

    @property
    def is_lower(self) -> bool:
        """Whether the spend that will count is so much lower that rows may be missing."""
        return not self.is_later and self.spend_after < _LOWER * self.spend_before

    def _are_most(self, count: int) -> bool:
        """Whether so many rows are no restatement; a single one may be of a day that was not over."""
        if self.compared_rows == 1:
            has_less = (self.impressions_after or 0) < (self.impressions_before or 0)
            return self.spend_after < self.spend_before or has_less
        share = _SHARE_OF_MANY if self.compared_rows >= _MANY else _SHARE_OF_FEW
        return count >= share * self.compared_rows

    def sentence(self, policy: str) -> str:
        """What it means, for people."""
        whom = f"wave {self.wave_number} ({self.file_name})"
        before, after = (f"{figure:,.2f}" for figure in (self.spend_before, self.spend_after))
        if self.is_later:
            outcome = (
                f"that later wave counts, and this file's rows are marked as superseded: spend there stays {before}"
            )
            if self.spend_after != self.spend_before:
                outcome += f", this file has {after} ({self.spend_after - self.spend_before:+,.2f})"
        else:
            change = self.spend_after - self.spend_before
            outcome = "the later values count, and the earlier ones are marked as superseded: "
            outcome += f"spend there changes from {before} to {after}"
            outcome += f" ({change:+,.2f})"
        if policy == "both":
            outcome = f"both count, as set in the registry: {before} and {after} of spend"
        days = f"{self.first_date}" if self.first_date == self.last_date else f"{self.first_date} to {self.last_date}"
        rows = f"{counted(self.file_rows, 'row')} {'restates' if self.file_rows == 1 else 'restate'}"
        return f"{rows} {counted(self.matched_rows, 'row')} of {whom}, {days}; {outcome}"


def restated_loads(keys: OverlapKeys) -> list[RestatedLoad]:
    """Compare a file that was read with all loads of its client, by the keys that the models use.

    Args:
        keys: the keys of the file and of the loads.

    Returns:
        One entry a load that has any of the file's rows, by wave.

    """
    found = [
        RestatedLoad(
            load, keys.waves[load], keys.files[load], keys.waves[load] > keys.wave, matched, of_file, first, last,
            before or Decimal(0), after or Decimal(0), *compared,
        )
        for load, matched, of_file, first, last, before, after, *compared in keys.query(
            "restated_loads_sql", EARLIER_KEYS, FILE_KEYS
        )
    ]  # fmt: skip
    return sorted(found, key=lambda load: (load.wave_number, load.load_id))


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
