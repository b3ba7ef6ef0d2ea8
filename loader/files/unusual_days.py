"""Columns of days that only the rest of the file explains: changed by a spreadsheet, without a year, or of months.

A spreadsheet takes '08/03/2024' for a date in the order of its own country, here 3 August, and leaves '13/03/2024' as
text. Whether day and month have changed places, the days of the other cells show, or nothing does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

from loader.errors import Answer, FileRefusedError
from loader.files.profiling import Profiler
from loader.files.table import ColumnFormat, ColumnProfile

# how date cells of a workbook are written, and how a spreadsheet counts days
FORMS_OF_SPREADSHEETS = ("excel_serial", "iso_time", "iso")
# days further than this from the others are hardly of the same export
_MOST_BETWEEN = timedelta(days=31)
_KEEP, _SWAP = "keep", "swap"


@dataclass(frozen=True)
class _Mixture:
    """A column with cells of two formats.

    Args:
        text: the format of the cells that are as they were exported.
        changed: the format of those that a spreadsheet has made.
        profiles: what the column then holds, with the changed cells kept as they are, or with day and month swapped.

    """

    text: str
    changed: str
    profiles: Mapping[str, ColumnProfile]

    @property
    def parsed(self) -> int:
        """How many cells are days."""
        return self.profiles[_KEEP].parsed


def settle_mixed_days(file: Path, name: str, profile: ColumnProfile, profiler: Profiler) -> ColumnProfile:
    """The profile of a column of days, with cells of two formats read in both.

    Args:
        file: for messages.
        name: the column.
        profile: what it holds if read in one format.
        profiler: has profiled the file.

    Raises:
        FileRefusedError: day and month may have changed places in some cells, and nothing shows whether they have.

    """
    mixture = None if profile.parsed == profile.filled else _find(name, profile, profiler)
    if mixture is None:
        return profile
    others = profiler.days({name: ColumnFormat("date", mixture.text)})
    days = {way: profiler.days({name: found.format}) for way, found in mixture.profiles.items()}
    near = [way for way, span in days.items() if _is_near(span, others)]
    is_sure = len(near) == 1 or (near and len(set(days.values())) == 1)
    chosen = profiler.options.date_cells or (near[0] if is_sure else None)
    if chosen in days:
        return mixture.profiles[chosen]
    if _SWAP in days:
        _refuse(file, name, profiler, mixture, days)
    return profile


def _is_near(days: tuple[date, date] | None, others: tuple[date, date] | None) -> bool:
    return bool(days and others and others[0] - _MOST_BETWEEN <= days[0] and days[1] <= others[1] + _MOST_BETWEEN)


def _find(name: str, profile: ColumnProfile, profiler: Profiler) -> _Mixture | None:
    """The two formats that read most cells together; none where one reads as many, or the order of the text is open."""
    order = profiler.options.dates
    there = [
        form
        for form, known in profiler.forms.items()
        if order in (None, known.get("order", order))
        and profiler.measure({name: ColumnFormat("date", form)})[name].parsed
    ]
    pairs = [
        (text, changed)
        for at, changed in enumerate(FORMS_OF_SPREADSHEETS)
        for text in there
        if changed in there and text not in FORMS_OF_SPREADSHEETS[: at + 1]
    ]
    mixtures = [_read(name, text, changed, profiler) for text, changed in pairs]
    best = max(mixtures, key=lambda mixture: mixture.parsed, default=None)
    if best is None or best.parsed <= profile.parsed:
        return None
    twin = profiler.twin(best.text)
    is_open = any(other.text == twin and other.parsed == best.parsed for other in mixtures)
    return None if is_open else best


def _read(name: str, text: str, changed: str, profiler: Profiler) -> _Mixture:
    profiles = {}
    for way in (_KEEP, _SWAP) if profiler.twin(text) else (_KEEP,):
        value_format = f"{text}+{'swapped_' if way == _SWAP else ''}{changed}"
        found = profiler.measure({name: ColumnFormat("date", value_format)})[name]
        done = "exchanged in" if way == _SWAP else "kept of"
        profiles[way] = replace(found, why=f"day and month {done} the cells that a spreadsheet has changed")
    # a day over 12 is no month
    return _Mixture(text, changed, {w: f for w, f in profiles.items() if f.parsed == profiles[_KEEP].parsed})


def _refuse(
    file: Path, name: str, profiler: Profiler, mixture: _Mixture, days: Mapping[str, tuple[date, date] | None]
) -> NoReturn:
    cell = profiler.only_otherwise(name, mixture.text, mixture.changed)
    text = profiler.only_otherwise(name, mixture.changed, mixture.text)
    spans = {way: f"{span[0]} to {span[1]}" for way, span in days.items() if span}
    raise FileRefusedError(
        "dates-unsure",
        f"{file}: a spreadsheet has made dates of some cells of '{name}', such as '{cell}', and left others as text, "
        f"such as '{text}'. It may have exchanged day and month: as they are, the days run from {spans[_KEEP]}; "
        f"with day and month exchanged in the dates, from {spans[_SWAP]}.",
        "Export the file again and load it unchanged, or use --date-cells keep or --date-cells swap.",
        [
            Answer("date_cells", _KEEP, f"the dates are right: the days run from {spans[_KEEP]}"),
            Answer("date_cells", _SWAP, f"day and month are exchanged: the days run from {spans[_SWAP]}"),
        ],
    )


_MOST_OF_YEAR = timedelta(days=365)


def settle_yearless_days(
    name: str, profile: ColumnProfile, period: tuple[date, date] | None, profiler: Profiler
) -> ColumnProfile:
    """The profile of a column of days, with the year of the export where its cells have none.

    All cells have to be days of the export. 'Sep 26', 'Oct 26' of 2026 are more likely months, and stay unread.

    Args:
        name: the column.
        profile: what it holds otherwise.
        period: the first and last day of the export, from `find_period()`.
        profiler: has profiled the file.

    """
    if profile.parsed or not profile.filled or period is None or period[1] - period[0] > _MOST_OF_YEAR:
        return profile
    read = ColumnFormat("date", f"month_day={period[0]:%Y-%m}")
    found, days = profiler.measure({name: read})[name], profiler.days({name: read})
    is_within = days is not None and period[0] <= days[0] and days[1] <= period[1]
    is_month = days is not None and {day.day for day in days} == {period[0].year % 100}
    return found if found.parsed == found.filled and is_within and not is_month else profile


def settle_months(name: str, profile: ColumnProfile, span: str, profiler: Profiler) -> ColumnProfile:
    """The profile of a column under a header that names months, whose cells elsewhere could be something else.

    'Jan-26' can be a day of January, and 202601 a number.

    Args:
        name: the column.
        profile: what it holds otherwise.
        span: what a date under its header stands for.
        profiler: has profiled the file.

    """
    if not span or profile.parsed or not profile.filled:
        return profile
    forms: dict[str, dict[str, object]] = profiler.project.local_macros.call("date_formats")
    for form in (form for form, entry in forms.items() if entry.get("under") == span):
        found = profiler.measure({name: ColumnFormat("date", form)})[name]
        if found.parsed == found.filled:
            return found
    return profile
