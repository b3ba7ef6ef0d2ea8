"""Periods of the calendar that the figures have, and the periods that they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ROLLING = {"Last 7 days": 7, "Last 28 days": 28, "Last 90 days": 90}
UNITS = ("week", "month", "quarter", "year")
ALL_DAYS, CUSTOM = "All days", "Custom"
PERIODS = (*ROLLING, *(f"{which} {unit}" for unit in UNITS for which in ("This", "Last")), ALL_DAYS, CUSTOM)
PREVIOUS, YEAR_BEFORE, CHOSEN, NOTHING = "Previous period", "Last year", "From a day", "Nothing"
COMPARISONS = (PREVIOUS, YEAR_BEFORE, CHOSEN, NOTHING)
_DAY = timedelta(days=1)
_LONGEST_YEAR = 366


@dataclass(frozen=True)
class Days:
    """All days from the first to the last."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    def meets(self, other: Days) -> bool:
        """Whether a day is in both."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        """As people write it: 1–30 Nov 2026."""
        first, last = self.first, self.last
        if first == last:
            return f"{first.day} {first:%b %Y}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{last.day} {last:%b %Y}"
        year = "" if first.year == last.year else f" {first.year}"
        return f"{first.day} {first:%b}{year} – {last.day} {last:%b %Y}"


@dataclass(frozen=True)
class Period:
    """Days with their place in the calendar.

    Args:
        days: from the first to the last.
        unit: of UNITS, if the period is one or its beginning.
        is_whole: whether all days of the unit are there; a period without a unit is whole.

    """

    days: Days
    unit: str | None = None
    is_whole: bool = True


@dataclass(frozen=True)
class OtherPeriod:
    """What a period is compared with.

    Args:
        days: as many as the period has; none where there is no such period.
        reason: why there is none, in words.

    """

    days: Days | None
    reason: str = ""


def period_named(name: str, last_day: date) -> Period | None:
    """A period of PERIODS.

    Args:
        name: of PERIODS.
        last_day: the last day with figures; 'this month' is that of this day, and ends with it.

    Returns:
        The period; none for ALL_DAYS and CUSTOM, which no calendar decides.

    """
    if name in ROLLING:
        return Period(Days(last_day - timedelta(days=ROLLING[name] - 1), last_day))
    which, _, unit = name.partition(" ")
    if unit not in UNITS:
        return None
    first = beginning(last_day, unit)
    if which == "Last":
        last = first - _DAY
        return Period(Days(beginning(last, unit), last), unit)
    return Period(Days(first, last_day), unit, is_whole=beginning(last_day + _DAY, unit) > last_day)


def beginning(day: date, unit: str) -> date:
    """The first day of the week (a Monday), month, quarter or year that a day is in."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return date(day.year, 1, 1)


def starts(days: Days, grain: str) -> list[date]:
    """The first day of each day, week or month that has some of the days."""
    if grain == "day":
        return [days.first + timedelta(days=number) for number in range(days.count)]
    found = [beginning(days.first, grain)]
    while (following := beginning(found[-1] + timedelta(days=7 if grain == "week" else 31), grain)) <= days.last:
        found.append(following)
    return found


def other_period(period: Period, how: str, start: date | None = None) -> OtherPeriod:
    """The days that a period is compared with: always as many as it has, and none of its own.

    The previous period of a month is the beginning of the month before; where that has too few days, as February has
    for 31 days of March, it is the days just before. Likewise for weeks, quarters and years. Last year begins on the
    same day of the year before; a week is that of the same ISO number.

    Args:
        period: what is looked at.
        how: of COMPARISONS.
        start: the first day, for CHOSEN.

    """
    days = period.days
    try:
        if how == PREVIOUS:
            return OtherPeriod(_previous(period))
        if how == YEAR_BEFORE:
            return _year_before(period)
        if how == CHOSEN and start is not None:
            return _apart(Days(start, start + timedelta(days=days.count - 1)), days)
    except OverflowError:
        return OtherPeriod(None, "the calendar has no such days")
    return OtherPeriod(None, "no other period is chosen")


def _previous(period: Period) -> Days:
    days = period.days
    if period.unit:
        found = _from(beginning(days.first - _DAY, period.unit), days.count)
        if not found.meets(days):
            return found
    return _from(days.first - days.count * _DAY, days.count)


def _year_before(period: Period) -> OtherPeriod:
    days = period.days
    if days.count > _LONGEST_YEAR:
        return OtherPeriod(None, "the period is longer than a year")
    if days.first.year == 1:
        return OtherPeriod(None, "the calendar has no such days")
    if period.unit == "week":
        year, week, _ = days.first.isocalendar()
        try:
            return OtherPeriod(_from(date.fromisocalendar(year - 1, week, 1), days.count))
        except ValueError:
            return OtherPeriod(None, f"{year - 1} has no week {week}")
    is_leap_day = (days.first.month, days.first.day) == (2, 29)
    start = days.first.replace(year=days.first.year - 1, day=28 if is_leap_day else days.first.day)
    found = _from(start, days.count)
    # a leap year has a day more than the year before
    return OtherPeriod(_from(days.first - days.count * _DAY, days.count) if found.meets(days) else found)


def _apart(found: Days, days: Days) -> OtherPeriod:
    return OtherPeriod(None, f"{found} overlaps {days}") if found.meets(days) else OtherPeriod(found)


def _from(first: date, count: int) -> Days:
    return Days(first, first + timedelta(days=count - 1))
