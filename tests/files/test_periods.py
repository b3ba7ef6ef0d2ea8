"""The period that the lines above a header name, and what names none."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from loader import find_project
from loader.files.dates import Period, find_period
from loader.files.profiling import Profiler
from tests.support import ROOT

SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))


def found(*titles: str) -> Period | None:
    with duckdb.connect() as connection:
        return find_period(titles, Profiler(connection, find_project(ROOT)))


@pytest.mark.parametrize(
    "titles",
    [
        ("Campaign report", "September 1, 2026 - September 30, 2026"),
        ("1 de setembro de 2026 - 30 de setembro de 2026",),
        ("Report Time: 9/1/2026,9/30/2026",),
        ("Report Start: September 1, 2026, 12:00 AM", "Report End: September 30, 2026, 11:59 PM"),
        ("Report Start: 2026-09-01", "Report End: 2026-09-30", "Date Generated: October 2, 2026, 9:00 AM"),
        ("Zeitraum: 01.09.2026 - 30.09.2026", "Vergleich mit vorherigem: 01.08.2026 - 31.08.2026"),
        ("1. September 2026–30. September 2026",),
        ("September 2026",),
        ("Date range: 2026-09-01 to 2026-09-30", "2026-09-01..2026-09-30"),
    ],
)
def test_a_period_is_found_in_each_dress(titles: tuple[str, ...]) -> None:
    period = found(*titles)
    assert period
    assert period.days == SEPTEMBER


@pytest.mark.parametrize(
    "titles",
    [
        ("All time",),
        ("Downloaded 2026-10-02 10:00",),
        ("October 2, 2026",),
        ("Report for 45 campaigns, 2026 edition",),
        ("2026-09-01 to 2026-09-30", "2026-08-01 to 2026-08-31"),
        ("Compared to August 1, 2026 - August 31, 2026",),
        ("September 30, 2026 - September 1, 2026",),
    ],
)
def test_what_names_no_period_or_two_is_none(titles: tuple[str, ...]) -> None:
    assert found(*titles) is None


def test_a_period_that_can_be_read_in_two_ways_keeps_both() -> None:
    period = found("9/1/2026 - 9/7/2026")
    assert period
    assert period.days is None
    assert dict(period.days_by_order) == {
        "day-first": (date(2026, 1, 9), date(2026, 7, 9)),
        "month-first": (date(2026, 9, 1), date(2026, 9, 7)),
    }
