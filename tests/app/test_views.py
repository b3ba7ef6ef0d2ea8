"""What pages draw, without a browser: figures are the marts', and an empty page says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.app.conftest import READER
from tests.support import ProjectUnderTest


def draw(root: str, view: str, name: str, is_admin: bool) -> None:
    """One view, for one person: what streamlit_app.py does once it knows who looks."""
    from importlib import import_module
    from pathlib import Path

    from app.access import Viewer, viewer_named
    from app.runtime import Runtime
    from app.service import Service
    from app.settings import AppSettings
    from loader import find_project

    runtime = Runtime(find_project(Path(root)), AppSettings())
    viewer = Viewer(name, is_admin=True) if is_admin else viewer_named(runtime.project, name, frozenset())
    import_module(view if "." in view else f"app.views.{view}").show(Service(runtime, viewer, runtime.snapshot()))


Draw = Callable[..., AppTest]


@pytest.fixture
def drawn(request: pytest.FixtureRequest) -> Draw:
    """Draws a view of the two clients for an admin, or another person."""

    def of(view: str, root: Path | None = None, person: str = "", **parameters: str) -> AppTest:
        root = root or request.getfixturevalue("two_clients").root
        test = AppTest.from_function(
            draw, default_timeout=60, kwargs={"root": str(root), "view": view, "name": person, "is_admin": not person}
        )
        for name, value in parameters.items():
            test.query_params[name] = value
        st.cache_data.clear()  # each runtime counts its copies from one
        test.run()
        assert not test.exception, test.exception[0].value
        return test

    return of


def words(test: AppTest) -> str:
    return " ".join(
        str(getattr(element, "value", "")) for kind in ("info", "warning", "error", "success", "caption", "markdown", "title") for element in test.get(kind)
    )  # fmt: skip


@pytest.mark.parametrize("view", ["overview", "waves", "operations", "clients", "upload"])
def test_an_empty_page_says_what_to_do(drawn: Draw, project: ProjectUnderTest, view: str) -> None:
    shown = drawn(view, project.root)
    said = words(shown)
    assert "Upload an export to get started." in said or "Nothing is written until you have reviewed each file." in said


def test_the_overview_has_the_marts_figures(drawn: Draw, two_clients: ProjectUnderTest) -> None:
    shown = drawn("overview", period="All days", currency="USD")
    figures = {metric.label: metric.value for metric in shown.metric}
    spend, impressions, clicks = two_clients.query(
        "select sum(amount_spent), sum(impressions), sum(clicks) from marts.campaign_performance where currency = 'USD'"
    )[0]
    assert figures["Spend"] == f"{spend:,.2f} USD"
    assert (figures["Impressions"], figures["Clicks"]) == (f"{impressions:,}", f"{clicks:,}")
    assert (figures["Waves below 0.80"], figures["Waves below 0.95"]) == ("0", "0")
    assert "Not included: amounts in EUR. Choose the currency above." in words(shown)
    euros = drawn("overview", period="All days", currency="EUR")
    assert {metric.label: metric.value for metric in euros.metric}["Spend"].endswith(" EUR")


def test_a_change_is_shown_only_against_a_comparable_period(drawn: Draw, agency: ProjectUnderTest) -> None:
    nearly_empty = drawn("overview", agency.root, period="Last 28 days", currency="USD")
    assert "not comparable with the previous days: only 1 of the previous 28 days have figures." in words(nearly_empty)
    assert not any(metric.delta for metric in nearly_empty.metric)
    assert len(series(nearly_empty)) == 1
    agency.change(
        "insert into marts.performance_by_day by name select performance_by_day.* replace (day as date_day, 'USD' as currency, "
        "10 + extract(day from day) as amount_spent, 1 as row_count, null as impressions, null as clicks, "
        "null as conversions, null as conversion_value) from marts.performance_by_day, "
        "generate_series(date '2024-06-01', date '2024-06-14', interval 1 day) as days (day) "
        "where client = 'acme' and date_day = '2024-01-01' and ad_name = 'Ad 1'"
    )
    whole = drawn("overview", agency.root, period="Last 7 days", currency="USD")
    assert "2024-06-08 to 2024-06-14; changes are against the same number of previous days." in words(whole)
    assert [metric.delta for metric in whole.metric if metric.label == "Spend"] == ["+50.0 %"]
    assert series(whole) == {"this period", "previous period"}


def series(test: AppTest) -> set[str]:
    """The periods of the chart over days."""
    chart = test.get("vega_lite_chart")[0].proto
    data = [each.data.data for each in chart.datasets] or [chart.data.data]
    rows = pa.ipc.open_stream(data[0]).read_pandas()
    assert '"strokeDash"' in chart.spec
    return set(rows["period"])


@pytest.mark.slow
def test_one_currency_for_all_says_its_rates_and_what_has_none(drawn: Draw, agency: ProjectUnderTest) -> None:
    rates = agency.root / "seeds" / "exchange_rates.csv"
    rates.write_text("day,currency,rate\n2024-01-01,USD,1.25\n2024-03-01,USD,1.6\n", encoding="utf-8")
    assert agency.spark9("build").code == 0
    test = drawn("overview", agency.root, currency="all in EUR", period="All days")
    said = words(test)
    assert "USD by the exchange rates of 2024\\-01\\-01" in said or "USD by the exchange rates of 2024-01-01" in said
    assert "Not included: 12.00 USD without an exchange rate (4 rows)" in said
    [spend] = agency.query(
        "select sum(amount_spent) from marts.performance_in_currency where reporting_currency = 'EUR'"
    )
    assert f"{float(spend[0]):,.2f} EUR" in [element.value for element in test.metric]
    named = drawn("overview", agency.root, currency="USD", brand="acme", period="All days")
    assert named.selectbox(key="brand").value == "acme"
    assert named.selectbox(key="client").options == ["All", "acme/meta/2024"]


def test_a_rate_says_what_it_leaves_out(drawn: Draw, agency: ProjectUnderTest) -> None:
    agency.change("update marts.performance_by_day set currency = 'USD'")
    agency.change(
        "update marts.performance_by_day set conversion_value = case when client = 'nike' then 10 end, "
        "reports_conversion_value = client = 'nike'"
    )
    [(share,)] = agency.query(
        "select 100 * sum(case when client = 'acme' then amount_spent end) / sum(amount_spent) from marts.performance_by_day"
    )
    said = words(drawn("overview", agency.root, period="All days", currency="USD"))
    assert f"ROAS excludes {share:.1f} % of the spend: conversion value is not reported there." in said
    assert "CPM leaves out" not in said


def test_a_wave_explains_its_score(drawn: Draw, two_clients: ProjectUnderTest) -> None:
    shown = drawn("waves", client="nike/meta/2024", wave="1")
    score = two_clients.query(
        "select data_quality_score from marts.waves where client_schema = 'client_nike_meta_2024'"
    )[0][0]
    assert next(metric.value for metric in shown.metric if metric.label == "Score") == f"{score:.4f}"
    assert "2 × same row as an earlier one of the file" in words(shown)


def test_a_wave_that_is_not_there_is_said_and_no_other_shown(drawn: Draw, agency: ProjectUnderTest) -> None:
    assert "acme/meta/2024, wave 1" in words_of_headings(drawn("waves", client="acme/meta/2024", wave="1"))
    for gone in ("99", "x"):
        test = drawn("waves", client="acme/meta/2024", wave=gone)
        assert f"has no wave {gone}" in words(test)
        assert not test.subheader
        assert test.selectbox(key="wave").value is None
    # a roll-back of the wave that is looked at
    test = drawn("waves", agency.root, client="acme/meta/2024", wave="2")
    assert agency.spark9("wave", "rollback", "--client", "acme/meta/2024", "--wave", "2").code == 0
    st.cache_data.clear()
    test.run()
    assert not test.exception
    assert "has no wave 2" in words(test)
    assert not test.subheader


def words_of_headings(test: AppTest) -> str:
    return " ".join(element.value for element in test.subheader)


def test_a_reader_gets_no_form(drawn: Draw) -> None:
    shown = drawn("clients", person=READER)
    assert not shown.text_input
    assert "nike" not in str(shown.main)
    shown = drawn("waves", person=READER, client="acme/meta/2024", wave="1", show="Files")
    assert [button.label for button in shown.button] == []
    assert "Only owners of the client can replace, verify, compare and roll back." in words(shown)
    assert "owners can upload" in words(drawn("upload", person=READER))
