"""Days across clients: figures spread over the days of their row, and amounts in one currency."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import ProjectUnderTest
from tests.written import as_csv

RATES = "day,currency,rate\n2024-01-05,USD,1.100000\n2024-01-05,GBP,0.850000\n2024-01-08,USD,1.200000\n"


def load_days(project: ProjectUnderTest) -> None:
    header = [
        "Reporting starts",
        "Reporting ends",
        "Campaign name",
        "Currency",
        "Impressions",
        "Results",
        "Amount spent",
    ]
    rows = [
        ["2024-01-05", "2024-01-05", "a", "USD", 10, 1, "11.00"],
        ["2024-01-06", "2024-01-08", "a", "USD", 100, 5, "10.00"],
        ["2024-01-05", "2024-01-05", "b", "EUR", 10, 2, "7.00"],
        ["2024-01-05", "2024-01-05", "c", "CHF", 10, 2, "9.00"],
        ["2024-01-05", "2024-01-05", "d", "", 10, 2, "3.00"],
    ]
    project.load(project.write("a.csv", as_csv([header, *rows])), 1)


def days(project: ProjectUnderTest, columns: str) -> list[tuple[Any, ...]]:
    return project.query(f"select {columns} from marts.performance_by_day order by campaign_name, date_day")


def test_rows_of_several_days_are_spread_to_the_last_cent(acme: ProjectUnderTest) -> None:
    load_days(acme)
    run = acme.dbt("build")
    assert run.success
    assert run.statuses["performance_by_day__days_agree_with_campaigns"] == "pass"
    found = days(
        acme, "date_day::varchar, days_in_row, row_count, impressions, conversions::double, amount_spent::varchar"
    )
    assert found[:4] == [
        ("2024-01-05", 1, 1, 10, 1.0, "11.000000"),
        ("2024-01-06", 3, 1, 33, 1.666667, "3.333333"),
        ("2024-01-07", 3, 0, 34, 1.666666, "3.333334"),
        ("2024-01-08", 3, 0, 33, 1.666667, "3.333333"),
    ]
    acme.change("update marts.performance_by_day set amount_spent = amount_spent + 0.01 where campaign_name = 'b'")
    assert acme.dbt("test", "--select", "performance_by_day").statuses[
        "performance_by_day__days_agree_with_campaigns"
    ] == "fail"  # fmt: skip


@pytest.mark.slow
def test_rows_of_several_days_can_be_left_out(acme: ProjectUnderTest) -> None:
    load_days(acme)
    assert acme.dbt("build", "--vars", "rows_of_several_days: leave_out").success
    assert days(acme, "campaign_name, amount_spent::integer") == [("a", 11), ("b", 7), ("c", 9), ("d", 3)]


@pytest.mark.slow
def test_amounts_are_given_in_one_currency_and_missing_rates_are_said(acme: ProjectUnderTest) -> None:
    (acme.root / "seeds" / "exchange_rates.csv").write_text(RATES, encoding="utf-8")
    load_days(acme)
    assert acme.dbt("build", "--vars", "reporting_currency: GBP").success
    found = days(
        acme,
        "campaign_name, date_day::varchar, currency, exchange_rate_status, round(amount_spent_reported::double, 2)",
    )
    assert found == [
        ("a", "2024-01-05", "USD", "rate of the day", 8.5),
        ("a", "2024-01-06", "USD", "rate of an earlier day", 2.58),
        ("a", "2024-01-07", "USD", "rate of an earlier day", 2.58),
        ("a", "2024-01-08", "USD", "rate of an earlier day", 2.36),
        ("b", "2024-01-05", "EUR", "rate of the day", 5.95),
        ("c", "2024-01-05", "CHF", "no rate", None),
        ("d", "2024-01-05", None, "no currency", None),
    ]
    assert acme.dbt("build", "--vars", "reporting_currency: EUR").success
    assert days(acme, "exchange_rate_status, round(amount_spent_reported::double, 2)")[:5] == [
        ("rate of the day", 10),
        ("rate of an earlier day", 3.03),
        ("rate of an earlier day", 3.03),
        ("rate of the day", 2.78),
        ("reporting currency", 7),
    ]


@pytest.mark.slow
def test_amounts_are_given_in_every_currency_that_has_rates(acme: ProjectUnderTest) -> None:
    (acme.root / "seeds" / "exchange_rates.csv").write_text(RATES, encoding="utf-8")
    load_days(acme)
    assert acme.dbt("build").success
    found = acme.query(
        "select reporting_currency, campaign_name, count(*), sum(amount_spent)::decimal(18, 4)::varchar, "
        "sum(amount_spent_without_rate)::decimal(18, 2)::varchar, sum(clicks), bool_or(reports_amount_spent) "
        "from marts.performance_in_currency group by all order by all"
    )
    # 11 and three days of 10 dollars, by the rates of the 5th (1.10 and 0.85) and the 8th (1.20)
    euros, pounds = 11 / 1.1 + 6.666667 / 1.1 + 3.333333 / 1.2, 0.85 * (11 / 1.1 + 6.666667 / 1.1 + 3.333333 / 1.2)
    spent = {"EUR": (euros, 7), "GBP": (pounds, 5.95), "USD": (21, 7.7)}
    assert found == [
        row
        for currency, (a, b) in spent.items()
        for row in (
            (currency, "a", 4, f"{a:.4f}", None, None, True),
            (currency, "b", 1, f"{b:.4f}", None, None, True),
            (currency, "c", 1, None, "9.00", None, False),
            (currency, "d", 1, None, "3.00", None, False),
        )
    ]


@pytest.mark.slow
def test_two_rates_of_one_day_are_none_and_no_row_counts_twice(acme: ProjectUnderTest) -> None:
    rates = RATES + "2024-01-05,USD,1.300000\n2024-01-05,GBP,0.850000\n2024-01-08,GBP,0\n"
    (acme.root / "seeds" / "exchange_rates.csv").write_text(rates, encoding="utf-8")
    load_days(acme)
    run = acme.dbt("build", "--vars", "reporting_currency: GBP")
    assert run.statuses["exchange_rates__one_row_each"] == "warn"
    found = days(acme, "campaign_name, date_day::varchar, exchange_rate_status, amount_spent, amount_spent_reported")
    assert [(name, day[-2:], status) for name, day, status, _, _ in found] == [
        ("a", "05", "no rate"),
        ("a", "06", "no rate"),
        ("a", "07", "no rate"),
        ("a", "08", "rate of an earlier day"),
        ("b", "05", "rate of the day"),
        ("c", "05", "no rate"),
        ("d", "05", "no currency"),
    ]


@pytest.mark.slow
def test_rates_without_a_day_or_currency_or_of_the_base_change_nothing(acme: ProjectUnderTest) -> None:
    rates = (
        RATES
        + ",USD,7\n,USD,8\n2024-01-05,,9\n2024-01-04,EUR,0.9\n2024-01-05,EUR,1.7\n2024-01-05,EUR,1\n2024-01-06,chf,0.9\n2024-01-05, Usd,1.1\n"
    )
    (acme.root / "seeds" / "exchange_rates.csv").write_text(rates, encoding="utf-8")
    load_days(acme)
    run = acme.dbt("build", "--vars", "reporting_currency: EUR")
    assert run.success
    assert run.statuses["exchange_rates__one_row_each"] == "warn"
    assert days(acme, "exchange_rate_status, round(amount_spent_reported::double, 2)")[:5] == [
        ("rate of the day", 10),
        ("rate of an earlier day", 3.03),
        ("rate of an earlier day", 3.03),
        ("rate of the day", 2.78),
        ("reporting currency", 7),
    ]
    found = acme.query(
        "select reporting_currency, count(*) from marts.performance_in_currency group by all order by all"
    )
    assert found == [(currency, 7) for currency in ("CHF", "EUR", "GBP", "USD")]


@pytest.mark.slow
@pytest.mark.parametrize("day", ["05/01/2024", "1/5/2024", "5.1.2024"])
def test_days_of_rates_that_a_spreadsheet_wrote_are_refused(acme: ProjectUnderTest, day: str) -> None:
    (acme.root / "seeds" / "exchange_rates.csv").write_text(f"day,currency,rate\n{day},USD,1.1\n", encoding="utf-8")
    run = acme.dbt("build", "--select", "+daily_exchange_rates")
    assert (run.statuses["exchange_rates"], run.statuses["daily_exchange_rates"]) == ("success", "error")


@pytest.mark.slow
def test_rates_for_one_of_a_small_currency_keep_their_places(acme: ProjectUnderTest) -> None:
    rates = "day,currency,rate\n2024-01-05,USD,0.0000384615\n2024-01-05,EUR,0.0000354610\n"
    (acme.root / "seeds" / "exchange_rates.csv").write_text(rates, encoding="utf-8")
    load_days(acme)
    assert acme.dbt("build", "--vars", "{reporting_currency: VND, exchange_rate_base: VND}").success
    # 11 dollars and 7 euros of the 5th
    assert days(acme, "round(amount_spent_reported::double)")[0] == (286000,)
    assert days(acme, "round(amount_spent_reported::double)")[4] == (197400,)


@pytest.mark.slow
def test_a_wave_in_several_currencies_has_no_sum(acme: ProjectUnderTest) -> None:
    load_days(acme)
    assert acme.dbt("build").success
    assert acme.query("select currency, amount_spent from marts.waves") == [("mixed", None)]
