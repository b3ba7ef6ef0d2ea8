"""Periods are those of the calendar, and what one is compared with has as many days and none of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.periods import (
    ALL_DAYS,
    CHOSEN,
    CUSTOM,
    NOTHING,
    PERIODS,
    PREVIOUS,
    YEAR_BEFORE,
    Days,
    Period,
    beginning,
    other_period,
    period_named,
    starts,
)

DAY = timedelta(days=1)
DATES = st.dates(date(1950, 1, 1), date(2100, 1, 1))


def days(first: str, last: str | None = None) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last or first))


@pytest.mark.parametrize(
    ("name", "last_day", "found", "is_whole"),
    [
        ("Last 7 days", "2026-11-30", days("2026-11-24", "2026-11-30"), True),
        ("This week", "2026-11-26", days("2026-11-23", "2026-11-26"), False),
        ("This week", "2026-11-29", days("2026-11-23", "2026-11-29"), True),
        ("Last week", "2027-01-03", days("2026-12-21", "2026-12-27"), True),
        ("This month", "2026-11-17", days("2026-11-01", "2026-11-17"), False),
        ("This month", "2026-11-30", days("2026-11-01", "2026-11-30"), True),
        ("Last month", "2024-03-31", days("2024-02-01", "2024-02-29"), True),
        ("This quarter", "2026-05-05", days("2026-04-01", "2026-05-05"), False),
        ("Last quarter", "2026-02-01", days("2025-10-01", "2025-12-31"), True),
        ("This year", "2026-12-31", days("2026-01-01", "2026-12-31"), True),
        ("Last year", "2025-01-01", days("2024-01-01", "2024-12-31"), True),
    ],
)
def test_periods_end_with_the_last_day_that_has_figures(name: str, last_day: str, found: Days, is_whole: bool) -> None:
    period = period_named(name, date.fromisoformat(last_day))
    assert period is not None
    assert (period.days, period.is_whole) == (found, is_whole)


def test_all_days_and_days_of_ones_own_are_no_periods_of_the_calendar() -> None:
    assert [name for name in PERIODS if period_named(name, date(2026, 1, 1)) is None] == [ALL_DAYS, CUSTOM]


@pytest.mark.parametrize(
    ("name", "last_day", "how", "found"),
    [
        ("Last 28 days", "2026-11-30", PREVIOUS, days("2026-10-06", "2026-11-02")),
        # a month so far, and a whole one: the beginning of the month before
        ("This month", "2026-11-17", PREVIOUS, days("2026-10-01", "2026-10-17")),
        ("This month", "2026-11-30", PREVIOUS, days("2026-10-01", "2026-10-30")),
        # February has no 31 days
        ("This month", "2026-03-31", PREVIOUS, days("2026-01-29", "2026-02-28")),
        ("This month", "2024-02-29", YEAR_BEFORE, days("2023-02-01", "2023-03-01")),
        ("This quarter", "2026-03-31", PREVIOUS, days("2025-10-01", "2025-12-29")),
        ("Last week", "2026-11-30", PREVIOUS, days("2026-11-16", "2026-11-22")),
        # the same ISO week, from a Monday
        ("Last week", "2026-11-30", YEAR_BEFORE, days("2025-11-24", "2025-11-30")),
        ("This year", "2024-12-31", YEAR_BEFORE, days("2022-12-31", "2023-12-31")),
        ("This year", "2026-11-30", YEAR_BEFORE, days("2025-01-01", "2025-11-30")),
        ("Last 7 days", "2024-03-06", YEAR_BEFORE, days("2023-02-28", "2023-03-06")),
    ],
)
def test_other_periods(name: str, last_day: str, how: str, found: Days) -> None:
    period = period_named(name, date.fromisoformat(last_day))
    assert period is not None
    assert other_period(period, how).days == found


def test_the_29th_of_february_is_compared_with_the_28th() -> None:
    assert other_period(Period(days("2024-02-29")), YEAR_BEFORE).days == days("2023-02-28")


@pytest.mark.parametrize(
    ("period", "how", "start", "reason"),
    [
        (Period(days("2026-12-28", "2027-01-03"), "week"), YEAR_BEFORE, None, "2025 has no week 53"),
        (Period(days("2024-01-01", "2026-01-01")), YEAR_BEFORE, None, "the period is longer than a year"),
        (Period(days("2026-11-01", "2026-11-30")), CHOSEN, date(2026, 10, 3), "3 Oct – 1 Nov 2026 overlaps 1–30 Nov 2026"),
        (Period(days("0001-01-02", "0001-01-09")), YEAR_BEFORE, None, "the calendar has no such days"),
        (Period(days("0001-01-02", "0001-01-09")), PREVIOUS, None, "the calendar has no such days"),
        (Period(days("2026-11-01")), NOTHING, None, "no other period is chosen"),
    ],
)  # fmt: skip
def test_where_there_is_no_other_period_the_reason_is_told(
    period: Period, how: str, start: date | None, reason: str
) -> None:
    found = other_period(period, how, start)
    assert (found.days, found.reason) == (None, reason)


@given(st.sampled_from(PERIODS), DATES, st.sampled_from([PREVIOUS, YEAR_BEFORE]))
def test_what_a_period_is_compared_with_has_as_many_days_and_is_over(name: str, last_day: date, how: str) -> None:
    period = period_named(name, last_day)
    if period is None:
        return
    assert period.days.first <= period.days.last <= last_day
    if period.unit:
        assert beginning(period.days.first, period.unit) == period.days.first
        assert period.is_whole == (beginning(period.days.last + DAY, period.unit) == period.days.last + DAY)
    other = other_period(period, how)
    if other.days is None:
        assert other.reason.endswith("has no week 53")
        return
    assert other.days.count == period.days.count
    assert other.days.last < period.days.first
    if period.unit == "week":
        assert other.days.first.weekday() == 0


@given(DATES, st.integers(0, 800), DATES)
def test_days_of_ones_own_are_compared_with_days_apart(first: date, more: int, start: date) -> None:
    period = Period(Days(first, first + more * DAY))
    for how in (PREVIOUS, YEAR_BEFORE, CHOSEN):
        other = other_period(period, how, start)
        assert other.days is not None or other.reason
        assert other.days is None or (other.days.count == more + 1 and not other.days.meets(period.days))


@given(DATES, st.integers(0, 500), st.sampled_from(["day", "week", "month"]))
def test_each_day_is_in_one_of_the_starts(first: date, more: int, grain: str) -> None:
    days = Days(first, first + more * DAY)
    found = starts(days, grain)
    every = [first + number * DAY for number in range(more + 1)]
    assert found == sorted({day if grain == "day" else beginning(day, grain) for day in every})


@pytest.mark.parametrize(
    ("given_days", "told"),
    [
        (days("2026-11-01", "2026-11-30"), "1–30 Nov 2026"),
        (days("2026-11-01"), "1 Nov 2026"),
        (days("2026-10-28", "2026-11-03"), "28 Oct – 3 Nov 2026"),
        (days("2025-12-28", "2026-01-03"), "28 Dec 2025 – 3 Jan 2026"),
    ],
)
def test_days_are_told_as_people_write_them(given_days: Days, told: str) -> None:
    assert str(given_days) == told
