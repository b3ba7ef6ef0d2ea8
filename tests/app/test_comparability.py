"""A change is shown only where both periods are of the same."""

from __future__ import annotations

from datetime import date

import pytest

from app.periods import Days
from app.queries.comparability import why_not_comparable
from app.queries.filters import Filters
from app.runtime import Runtime
from app.service import Service
from tests.app.conftest import ADMIN
from tests.support import ProjectUnderTest, witnesses

JUNE = Filters(date(2024, 6, 11), date(2024, 6, 20), "USD")
BEFORE = Days(date(2024, 6, 1), date(2024, 6, 10))
NEEDED = (
    "client_schema, client, platform, date_day, currency, amount_spent, row_count, reports_impressions, reports_clicks, "
    "reports_conversions, reports_conversion_value, reports_amount_spent, days_in_row"
)


def days_of(marts_of: ProjectUnderTest, *spent: tuple[str, int], currency: str = "USD") -> None:
    """Spend of clients on days of June, in the mart."""
    rows = ", ".join(
        f"('client_{name}_meta_2024', '{name}', 'meta', '2024-06-{number:02}', '{currency}', 10, 1{', true' * 5}, 1)"
        for name, number in spent
    )
    marts_of.change(f"insert into marts.performance_by_day ({NEEDED}) values {rows}")


def every_day(name: str, first: int = 1, last: int = 20) -> list[tuple[str, int]]:
    return [(name, day) for day in range(first, last + 1)]


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ({"acme": 10, "nike": 9}, {"acme": 10, "nike": 10}, None),
        ({"acme": 8}, {"acme": 10}, None),
        ({"acme": 2}, {"acme": 10}, "only 2 of the 10 days have figures"),
        ({}, {"acme": 10}, "there are no figures for those days"),
        ({"acme": 10}, {"acme": 10, "nike": 5}, "nike/meta has figures only in this period"),
        ({"acme": 10, "nike": 10}, {"acme": 10}, "nike/meta has figures only in the other period"),
        (
            {"acme": 10, "nike": 1},
            {"acme": 10, "nike": 9},
            "nike/meta has figures on 1 of those 10 days, but on 9 days of this period",
        ),
        ({"acme": 10}, {"acme": 3}, "acme/meta has figures on 10 of those 10 days, but on 3 days of this period"),
    ],
)
def test_periods_are_compared_only_where_that_says_something(
    agency: ProjectUnderTest, runtime: Runtime, before: dict[str, int], now: dict[str, int], reason: str | None
) -> None:
    spent = [
        (name, first + number)
        for days, first in ((before, 1), (now, 11))
        for name, count in days.items()
        for number in range(count)
    ]
    days_of(agency, *spent)
    marts = Service(runtime, ADMIN, runtime.snapshot()).marts
    assert why_not_comparable(marts, JUNE, BEFORE) == reason
    assert why_not_comparable(marts, Filters(currency="USD"), BEFORE) == "all days are shown"
    assert why_not_comparable(marts, JUNE, Days(date(2024, 6, 1), date(2024, 6, 9))) == "it has 9 days, this period 10"


@pytest.mark.parametrize(
    ("day", "is_told"),
    witnesses([("2024-06-01", True), ("2024-06-15", False), ("2024-06-11", True), ("2024-06-21", True)], quick=2),
)
def test_a_row_of_several_days_over_an_end_of_a_period_is_told(
    agency: ProjectUnderTest, runtime: Runtime, day: str, is_told: bool
) -> None:
    days_of(agency, *every_day("acme"))
    agency.change(
        f"insert into marts.performance_by_day ({NEEDED}) values "
        f"('client_acme_meta_2024', 'acme', 'meta', '{day}', 'USD', 10, 0{', true' * 5}, 7)"
    )
    marts = Service(runtime, ADMIN, runtime.snapshot()).marts
    written = str(Days(date.fromisoformat(day), date.fromisoformat(day)))
    told = (
        f"rows of acme/meta span several days across the start of {written}; their figures are spread evenly"
        if is_told
        else None
    )
    assert why_not_comparable(marts, JUNE, BEFORE) == told


@pytest.mark.slow
def test_of_converted_spend_currencies_and_rates_are_the_same_in_both(
    agency: ProjectUnderTest, runtime: Runtime
) -> None:
    rates = "day,currency,rate\n" + "".join(f"2024-06-{day:02},USD,1.25\n" for day in range(1, 21))
    (agency.root / "seeds" / "exchange_rates.csv").write_text(rates, encoding="utf-8")
    assert agency.spark9("build").code == 0
    days_of(agency, *every_day("acme"))
    in_euros = Filters(JUNE.first, JUNE.last, reporting="EUR")

    def reason() -> str | None:
        return why_not_comparable(Service(runtime, ADMIN, runtime.snapshot()).marts, in_euros, BEFORE)

    assert reason() is None
    days_of(agency, *every_day("nike", 1, 10), currency="USD")
    days_of(agency, *every_day("nike", 11, 20), currency="EUR")
    assert reason() == "nike/meta in EUR has figures only in this period"
    days_of(agency, *every_day("nike", 1, 10), currency="EUR")
    days_of(agency, *every_day("nike", 11, 20), currency="USD")
    assert reason() is None
    days_of(agency, *every_day("nike"), currency="GBP")
    assert reason() == "spend in GBP without an exchange rate is left out"
