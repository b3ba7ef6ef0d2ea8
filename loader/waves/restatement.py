"""Which loads speak of the same days and ads as a file, row by row: platforms restate past days in later exports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from loader.waves.overlap_keys import EARLIER_KEYS, FILE_KEYS, OverlapKeys


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

    def sentence(self, policy: str) -> str:
        """What it means, for people."""
        whom = f"wave {self.wave_number} ({self.file_name})"
        before, after = (f"{figure:,.2f}" for figure in (self.spend_before, self.spend_after))
        if self.is_later:
            outcome = f"that later wave counts, this file's rows are kept as superseded: spend there stays {before}"
            if self.spend_after != self.spend_before:
                outcome += f", this file has {after} ({self.spend_after - self.spend_before:+,.2f})"
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


def restated_loads(grain: OverlapKeys) -> list[RestatedLoad]:
    """Compare a file that was read with all loads of its client, by the keys that the models use.

    Args:
        grain: what the file and the loads speak of.

    Returns:
        One entry a load that has any of the file's rows, by wave.

    """
    rows = grain.query("restated_loads_sql", EARLIER_KEYS, FILE_KEYS)
    found = [
        RestatedLoad(
            load, grain.waves[load], grain.files[load], grain.waves[load] > grain.wave, matched, of_file, first, last,
            before or Decimal(0), after or Decimal(0),
        )
        for load, matched, of_file, first, last, before, after in rows
    ]  # fmt: skip
    return sorted(found, key=lambda load: (load.wave_number, load.load_id))
