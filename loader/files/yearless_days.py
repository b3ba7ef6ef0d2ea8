"""Days that something else in the file explains: 'Sep 30' the period above the header, 'Jan-26' a header of months."""

from __future__ import annotations

from datetime import date, timedelta

from loader.files.profiling import Profiler
from loader.files.table import ColumnFormat, ColumnProfile

_MOST_DAYS = timedelta(days=365)


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
    if profile.parsed or not profile.filled or period is None or period[1] - period[0] > _MOST_DAYS:
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
