"""What pages ask of the marts is what the marts say, on both warehouses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from app.periods import Days
from app.queries import operations, performance, waves
from app.queries.performance import RATES, Filters
from app.service import Service
from loader import client_schema, reading_options
from tests.support import ProjectUnderTest

ACME, NIKE = client_schema("acme", "meta", 2024), client_schema("nike", "meta", 2024)


def test_totals_are_those_of_the_marts(agency: ProjectUnderTest, service: Service) -> None:
    for currency in ("USD", "EUR"):
        found = performance.totals(service.marts, Filters(currency=currency)).iloc[0]
        spend, impressions, clicks = agency.query(
            f"select sum(amount_spent), sum(impressions), sum(clicks) from marts.campaign_performance where currency = '{currency}'"
        )[0]
        assert (found["amount_spent"], found["impressions"], found["clicks"]) == (float(spend), impressions, clicks)


def test_rates_are_those_of_campaign_performance(agency: ProjectUnderTest, service: Service) -> None:
    found = performance.by_level(service.marts, Filters(currency="EUR"), "ad_set").set_index("label")
    for name, *rates in agency.query(
        f"select ad_set_name, {', '.join(RATES)} from marts.campaign_performance where currency = 'EUR'"
    ):
        shown = [None if pd.isna(found.loc[name, rate]) else found.loc[name, rate] for rate in RATES]
        assert shown == [None if rate is None else float(rate) for rate in rates]


def test_levels_add_up_to_the_total_and_narrow_down(service: Service) -> None:
    filters = Filters(currency="USD", client_schema=(ACME.name,))
    total = performance.totals(service.marts, filters)["amount_spent"].iloc[0]
    for level in ("client_schema", "platform", "campaign", "ad_set", "ad"):
        assert performance.by_level(service.marts, filters, level)["amount_spent"].sum() == pytest.approx(total)
    one = performance.by_level(service.marts, Filters(currency="USD", ad_set=("Set 2",)), "ad")
    assert list(one["label"]) == ["Ad 2"]


def test_days_are_those_of_the_period(service: Service) -> None:
    january = Filters(date(2024, 1, 1), date(2024, 1, 31), "USD")
    assert [str(day)[:10] for day in performance.by_day(service.marts, january)["day"]] == ["2024-01-01"]
    assert performance.by_day(service.marts, Filters(currency="USD"), "month")["amount_spent"].tolist() == [12.0, 12.0]


def test_sparklines_have_a_gap_where_there_are_no_figures(service: Service) -> None:
    spring = ("Spring", ACME.name)

    def line(first: date, last: date, grain: str = "day") -> list[float | None]:
        filters = Filters(first, last, "USD")
        return performance.sparklines(service.marts, filters, "campaign", [spring], Days(first, last), grain)[spring]

    # from the first day of the period, whenever figures begin
    assert line(date(2023, 12, 31), date(2024, 1, 2)) == [None, 12.0, None]
    assert line(date(2023, 12, 31), date(2024, 1, 9), "week") == [None, 12.0, None]
    assert line(date(2023, 12, 31), date(2024, 3, 31), "month") == [None, 12.0, 12.0, None]


def test_currencies_are_never_added_up(service: Service) -> None:
    found = performance.days_and_currencies(service.marts)
    assert dict(zip(found["currency"], found["row_count"], strict=True)) == {"EUR": 8, "USD": 8}


@pytest.mark.slow
def test_amounts_of_all_currencies_are_shown_in_one(agency: ProjectUnderTest, service: Service) -> None:
    assert performance.reporting_currencies(service.marts) == []
    rates = agency.root / "seeds" / "exchange_rates.csv"
    rates.write_text("day,currency,rate\n2024-01-01,USD,1.25\n2024-03-01,USD,1.6\n", encoding="utf-8")
    assert agency.spark9("build").code == 0
    assert agency.spark9("client", "set", "nike/meta/2024", "--brand", "Nike & Co").code == 0
    assert agency.spark9("build").code == 0
    fresh = Service(service.runtime, service.viewer, service.runtime.snapshot())
    marts = fresh.marts
    assert performance.reporting_currencies(marts) == ["EUR", "USD"]
    days = agency.query(
        "select currency, date_day::varchar, sum(amount_spent)::double, sum(clicks) from marts.performance_by_day group by all"
    )
    worth = {("USD", "2024-01-01"): 1.25, ("USD", "2024-02-01"): None, ("EUR", "2024-03-01"): 1.0}
    assert {(currency, day) for currency, day, _, _ in days} == worth.keys()
    known = [(spend / rate, clicks) for currency, day, spend, clicks in days if (rate := worth[currency, day])]
    total = performance.totals(marts, Filters(reporting="EUR")).iloc[0]
    assert total["amount_spent"] == pytest.approx(sum(spend for spend, _ in known))
    assert total["cpc"] == pytest.approx(
        sum(spend for spend, _ in known) / float(sum(clicks for _, clicks in known)), abs=1e-4
    )
    assert total["clicks"] == sum(clicks for _, _, _, clicks in days)
    used = performance.exchange_rates_used(marts, Filters(reporting="EUR")).to_dict("records")
    assert [
        (row["currency"], str(row["first_rate"])[:10], row["rows_left_out"], row["spend_left_out"]) for row in used
    ] == [("USD", "2024-01-01", 4, 12.0)]
    assert used[0]["percent_left_out"] == pytest.approx(50)
    by_brand = performance.by_level(marts, Filters(reporting="EUR"), "brand")
    assert set(by_brand["label"]) == {"acme", "Nike & Co"}
    one = performance.totals(marts, Filters(reporting="EUR", brand=("Nike & Co",))).iloc[0]
    assert one["amount_spent"] == pytest.approx(sum(spend for currency, _, spend, _ in days if currency == "EUR"))
    rows = waves.processed_rows(marts, ACME, Filters(reporting="EUR", client_schema=(ACME.name,)))
    assert set(rows["currency"]) == {"USD"}


def test_conversions_of_several_kinds_have_no_sum(agency: ProjectUnderTest, service: Service) -> None:
    agency.change(
        "update marts.performance_by_day set conversions = 2, conversion_type = ad_set_name where currency = 'USD'"
    )
    fresh = Service(service.runtime, service.viewer, service.runtime.snapshot())
    found = performance.totals(fresh.marts, Filters(currency="USD")).iloc[0]
    assert pd.isna(found["conversions"])
    assert found["conversion_kinds"] == 4
    by_ad_set = performance.by_level(fresh.marts, Filters(currency="USD"), "ad_set")
    assert set(by_ad_set["conversions"]) == {4.0}
    assert set(performance.conversion_types(fresh.marts, Filters(currency="USD"))["conversions"]) == {4.0}


def test_figures_lead_to_rows_that_add_up_to_them(service: Service) -> None:
    filters = Filters(currency="EUR", client_schema=(NIKE.name,))
    rows = waves.processed_rows(service.marts, NIKE, filters)
    assert rows["amount_spent"].sum() == performance.totals(service.marts, filters)["amount_spent"].iloc[0]
    assert set(rows["file_name"]) == {"nike.csv"}
    assert rows["row_number"].is_unique


def test_doubtful_rows_stand_beside_the_cell_of_the_file(agency: ProjectUnderTest, service: Service) -> None:
    file = agency.write("bad.csv", "Day,Campaign name,Ad set name,Ad name,Impressions,Link clicks,Amount spent (USD)\n"
                        "2024-05-01,c,s,a,100,1,2.50\n2024-05-02,c,s,a,100,1,n/k\n")  # fmt: skip
    agency.load(file, 3, options=reading_options(unread="keep"))
    agency.dbt("build", "--select", f"clients.{ACME.name}")
    fresh = Service(service.runtime, service.viewer, service.runtime.snapshot())
    cells = waves.cells_with_issues(fresh.marts, ACME, 3)
    shown = cells[cells["header"] == "Amount spent (USD)"].iloc[0]
    assert (shown["file"], shown["row"], shown["cell"]) == ("bad.csv", 2, "n/k")
    assert any(issue.startswith("amount_spent") for issue in waves.issue_kinds(fresh.marts, ACME, 3))


def test_waves_are_those_of_the_mart(agency: ProjectUnderTest, service: Service) -> None:
    found = waves.waves(service.marts)
    assert len(found) == agency.query("select count(*) from marts.waves")[0][0] == 3
    score = agency.query("select data_quality_score from marts.waves where client_schema = 'client_nike_meta_2024'")[0][
        0
    ]
    assert Decimal(str(found.set_index("client_schema").loc[NIKE.name, "data_quality_score"])) == score.normalize()
    assert list(waves.waves(service.marts, ACME.name)["wave_number"]) == [2, 1]


def test_a_wave_that_waits_is_said(agency: ProjectUnderTest, service: Service) -> None:
    assert waves.pending_waves(service.marts, {ACME.name: ACME, NIKE.name: NIKE}).empty
    agency.spark9("reprocess", "--client", "acme/meta/2024", "--wave", "2")
    fresh = Service(service.runtime, service.viewer, service.runtime.snapshot())
    found = waves.pending_waves(fresh.marts, {ACME.name: ACME, NIKE.name: NIKE})
    assert found.to_dict("records") == [{"client_schema": ACME.name, "wave_number": 2, "row_count": 4}]


@pytest.mark.slow
def test_uploads_agree_with_the_success_of_the_week(agency: ProjectUnderTest, service: Service) -> None:
    agency.write("empty.csv", "")
    assert (
        agency.spark9("load", str(agency.root.parent / "empty.csv"), "--client", "acme/meta/2024", "--wave", "9").code
        == 3
    )
    agency.dbt("build", "--select", "marts")
    fresh = Service(service.runtime, service.viewer, service.runtime.snapshot())
    found = operations.week(fresh.marts).iloc[0]
    rate, seconds = agency.query("select upload_success_rate, load_seconds_per_wave from marts.success_last_7_days")[0]
    assert found["loaded_percent"] == pytest.approx(100 * float(rate), abs=1e-2)
    assert found["seconds_per_wave"] == pytest.approx(float(seconds), abs=1e-3)
    failed = operations.failed_steps(fresh.marts).iloc[0]
    assert (failed["error_code"], failed["wave_number"]) == ("file-empty", 9)


@pytest.mark.slow
def test_who_did_it_is_in_the_log_and_its_mart(
    agency: ProjectUnderTest, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_USER", "ann@example.com")
    agency.spark9("reprocess", "--client", "acme/meta/2024", "--wave", "2")
    agency.dbt("build")
    fresh = Service(service.runtime, service.viewer, service.runtime.snapshot())
    runs = operations.runs(fresh.marts)
    by_stage = dict(zip(runs["processing_stage"], runs["done_by"], strict=True))
    assert by_stage["REPROCESS"] == "ann@example.com"
    by_ann = {step.entry.processing_stage for step in fresh.log(ACME) if step.entry.done_by == "ann@example.com"}
    assert by_ann == {"REPROCESS", "PROCESS", "TEST", "BUILD"}


def test_a_rate_is_of_clients_that_report_both_of_its_parts(agency: ProjectUnderTest, service: Service) -> None:
    agency.change("update marts.performance_by_day set currency = 'USD'")
    agency.change(
        f"update marts.performance_by_day set conversion_value = 10 where client_schema = '{NIKE.name}' and ad_set_name = 'Set 1'"
    )
    agency.change(f"update marts.performance_by_day set clicks = null where client_schema = '{ACME.name}'")
    # as a build would give them
    agency.change(
        f"update marts.performance_by_day set reports_conversion_value = client_schema = '{NIKE.name}', "
        f"reports_clicks = client_schema <> '{ACME.name}'"
    )
    fresh = Service(service.runtime, service.viewer, service.runtime.snapshot())
    found = performance.totals(fresh.marts, Filters(currency="USD")).iloc[0]
    spend = dict(agency.query("select client_schema, sum(amount_spent) from marts.performance_by_day group by all"))
    [(value, clicks, impressions)] = agency.query(
        "select sum(conversion_value), sum(clicks), sum(impressions) from marts.performance_by_day "
        f"where client_schema = '{NIKE.name}'"
    )
    assert found["roas"] == pytest.approx(float(value) / float(spend[NIKE.name]), abs=1e-4)
    assert found["cpc"] == pytest.approx(float(spend[NIKE.name]) / float(clicks), abs=1e-4)
    assert found["ctr_percent"] == pytest.approx(100 * float(clicks) / float(impressions), abs=1e-4)
    share = float(spend[ACME.name]) / sum(map(float, spend.values()))
    assert found["roas_without"] == pytest.approx(share)
    assert found["cpm_without"] == 0
    assert found["ctr_percent_without"] > 0
    # a day or ad set on which a client that reports values has none is no reason to leave its spend out
    by_ad_set = performance.by_level(fresh.marts, Filters(currency="USD", client_schema=(NIKE.name,)), "ad_set")
    assert by_ad_set["roas"].notna().tolist() == [label == "Set 1" for label in by_ad_set["label"]]


def test_filters_of_several_values_select_each_of_them(agency: ProjectUnderTest, service: Service) -> None:
    sets = ("Set 1", "Set 3")
    [(spend,)] = agency.query(
        "select sum(amount_spent) from marts.performance_by_day where ad_set_name in ('Set 1', 'Set 3') and currency = 'USD'"
    )
    found = performance.totals(service.marts, Filters(currency="USD", ad_set=sets))["amount_spent"].iloc[0]
    assert found == float(spend)
    total = performance.totals(service.marts, Filters(currency="USD"))["amount_spent"].iloc[0]
    assert 0 < found < total
    assert (
        performance.totals(service.marts, Filters(currency="USD", platform=("meta", "x' or '1' = '1"))).iloc[0][
            "amount_spent"
        ]
        == total
    )
    assert performance.days_and_currencies(service.marts, Filters(client_schema=(ACME.name,)))["currency"].tolist() == [
        "USD"
    ]


def test_a_kind_of_conversion_selects_its_rows_and_the_rest_is_told(agency: ProjectUnderTest, service: Service) -> None:
    agency.change(
        "update marts.performance_by_day set conversion_type = 'purchases', conversions = 2 where ad_set_name = 'Set 1'"
    )
    agency.change(
        "update marts.performance_by_day set conversion_type = null, conversions = null where ad_set_name <> 'Set 1'"
    )
    marts = Service(service.runtime, service.viewer, service.runtime.snapshot()).marts
    purchases = Filters(currency="USD", conversion_type=("purchases",))
    [(inside, outside)] = agency.query(
        "select sum(case when ad_set_name = 'Set 1' then amount_spent end), sum(case when ad_set_name <> 'Set 1' then "
        "amount_spent end) from marts.performance_by_day where currency = 'USD'"
    )
    assert performance.totals(marts, purchases)["amount_spent"].iloc[0] == float(inside)
    assert performance.spend_of_other_rows(marts, purchases) == float(outside)
    unnamed = performance.choices(marts, Filters(), "conversion_type")
    assert set(unnamed["key"]) == {"purchases", ""}


def test_days_split_by_platform_add_up_to_the_days(agency: ProjectUnderTest, service: Service) -> None:
    agency.change("update marts.performance_by_day set currency = 'USD', date_day = '2024-03-01'")
    agency.change("update marts.performance_by_day set platform = 'linkedin' where client = 'nike'")
    marts = Service(service.runtime, service.viewer, service.runtime.snapshot()).marts
    days = performance.by_day(marts, Filters(currency="USD"))
    split = performance.by_day(marts, Filters(currency="USD"), "day", "platform")
    assert set(split["platform"]) == {"meta", "linkedin"}
    for name in ("amount_spent", "impressions", "clicks"):
        assert split[name].sum() == days[name].sum()
    assert days["days_with_figures"].tolist() == [1]


def test_campaigns_of_two_clients_are_two_rows_and_one_name_of_a_brand_is_one(
    agency: ProjectUnderTest, service: Service
) -> None:
    agency.change("update marts.performance_by_day set currency = 'USD', campaign_id = null, campaign_name = 'Spring'")
    marts = Service(service.runtime, service.viewer, service.runtime.snapshot()).marts
    assert set(performance.by_level(marts, Filters(currency="USD"), "campaign")["client_schema"]) == {
        ACME.name,
        NIKE.name,
    }
    assert performance.choices(marts, Filters(), "campaign")[["key", "clients"]].values.tolist() == [["Spring", 2]]
    assert len(performance.by_level(marts, Filters(currency="USD"), "campaign_name")) == 2
    agency.change("update marts.performance_by_day set brand = 'Both', campaign_id = client")
    marts = Service(service.runtime, service.viewer, service.runtime.snapshot()).marts
    [row] = performance.by_level(marts, Filters(currency="USD"), "campaign_name").to_dict("records")
    assert (row["label"], row["brand"]) == ("Spring", "Both")
    assert row["amount_spent"] == performance.totals(marts, Filters(currency="USD"))["amount_spent"].iloc[0]


def test_what_an_address_asks_for_is_among_the_choices(service: Service) -> None:
    asked = performance.choices(service.marts, Filters(), "ad_set", ("Set 4", "x' or 1 = 1 --"))
    assert asked["key"].iloc[0] == "Set 4"


def test_amounts_for_a_file_are_exact(agency: ProjectUnderTest, service: Service) -> None:
    [(spend,)] = agency.query("select sum(amount_spent) from marts.performance_by_day where currency = 'USD'")
    found = performance.by_level(service.marts, Filters(currency="USD"), "client_schema", exact=True)[
        "amount_spent"
    ].iloc[0]
    assert isinstance(found, Decimal)
    assert found == spend
