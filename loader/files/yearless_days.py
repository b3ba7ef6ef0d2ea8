"""Days without a year, such as 'Sep 30', where the lines above the header name the days of the export."""

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
