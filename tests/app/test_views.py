"""What pages draw, without a browser: figures are the marts', and an empty page says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.saved_views import SavedView, SavedViews
from tests.app.conftest import OWNER, READER
from tests.support import ProjectUnderTest, witnesses


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

    def of(view: str, root: Path | None = None, person: str = "", **parameters: str | list[str]) -> AppTest:
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
    acme = {"client": "acme/meta/2024", "currency": "USD"}
    nearly_empty = drawn("overview", agency.root, period="Last 28 days", **acme)
    told = "Not comparable with 8 Dec 2023 – 4 Jan 2024: only 1 of the 28 days have figures."
    assert f"Last 28 days: 5 Jan – 1 Feb 2024. {told}" in words(nearly_empty)
    assert {metric.delta for metric in nearly_empty.metric[6:]} == {"not comparable"}
    assert set(drawn_rows(nearly_empty)["period"]) == {"5 Jan – 1 Feb 2024"}
    agency.change(
        "insert into marts.performance_by_day by name select performance_by_day.* replace (day as date_day, 'USD' as currency, "
        "10 + extract(day from day) as amount_spent, 1 as row_count, null as impressions, null as clicks, "
        "null as conversions, null as conversion_value) from marts.performance_by_day, "
        "generate_series(date '2024-06-01', date '2024-06-14', interval 1 day) as days (day) "
        "where client = 'acme' and date_day = '2024-01-01' and ad_name = 'Ad 1'"
    )
    whole = drawn("overview", agency.root, period="Last 7 days", **acme)
    assert "Last 7 days: 8–14 Jun 2024, compared with 1–7 Jun 2024." in words(whole)
    assert [metric.delta for metric in whole.metric if metric.label == "Spend"] == ["+50.0 %"]
    assert set(drawn_rows(whole)["period"]) == {"8–14 Jun 2024", "1–7 Jun 2024"}
    so_far = drawn("overview", agency.root, period="This month", against="Last year", **acme)
    assert "This month so far: 1–14 Jun 2024. Not comparable with 1–14 Jun 2023: there are no figures" in words(so_far)
    chosen = drawn(
        "overview", agency.root, period="Custom", **{"from": "2024-06-12", "to": "2024-06-14"}, against="From a day", since="2024-06-03", **acme
    )  # fmt: skip
    assert "12–14 Jun 2024, compared with 3–5 Jun 2024." in words(chosen)
    overlapping = drawn("overview", agency.root, period="Last 7 days", against="From a day", since="2024-06-03", **acme)
    assert "8–14 Jun 2024. Not comparable: 3–9 Jun 2024 overlaps 8–14 Jun 2024." in words(overlapping)


def drawn_rows(test: AppTest) -> pd.DataFrame:
    """What the marks of the first chart are made of."""
    chart = test.get("vega_lite_chart")[0].proto
    data = [each.data.data for each in chart.datasets] or [chart.data.data]
    rows: pd.DataFrame = pa.ipc.open_stream(data[0]).read_pandas()
    return rows


def test_the_marks_of_charts_have_the_sums_of_the_mart(drawn: Draw, agency: ProjectUnderTest) -> None:
    agency.change("update marts.performance_by_day set currency = 'USD'")
    agency.change("update marts.performance_by_day set platform = 'linkedin' where client = 'nike'")
    whole = {"period": "Custom", "from": "2024-01-01", "to": "2024-03-01", "against": "Nothing", "currency": "USD"}
    days = "select date_day::varchar, {} from marts.performance_by_day group by all order by all"
    for measure, column in (("Spend", "amount_spent"), ("Clicks", "clicks")):
        lines = drawn_rows(drawn("overview", agency.root, measure=measure, **whole)).dropna(subset=[column])
        assert [(str(day)[:10], value) for day, value in zip(lines["day"], lines[column], strict=True)] == [
            (day, float(value)) for day, value in agency.query(days.format(f"sum({column})"))
        ]
        bars = drawn_rows(drawn("overview", agency.root, measure=measure, stacked="yes", **whole))
        titles = {"meta": "Meta Ads", "linkedin": "LinkedIn Ads"}
        assert list(bars[["day", "platform", column]].itertuples(index=False, name=None)) == [
            (day, titles[platform], float(value))
            for day, platform, value in agency.query(days.format(f"platform, sum({column})"))
        ]


@pytest.mark.slow
def test_a_rate_is_not_stacked(drawn: Draw) -> None:
    shown = drawn("overview", period="All days", currency="USD", measure="CTR %", stacked="yes")
    assert "Rates of several platforms don't add up, so this one is not stacked." in words(shown)


def figures(test: AppTest) -> dict[str, tuple[str, str]]:
    return {metric.label: (metric.value, metric.delta) for metric in test.metric[6:]}


@pytest.mark.slow
def test_an_address_with_several_filters_shows_a_colleague_the_same(drawn: Draw) -> None:
    address = {"period": "All days", "currency": "USD", "ad_set": ["Set 1", "Set 2"], "level": "ad", "by": "Ad set"}
    shown, again = drawn("overview", **address), drawn("overview", person=READER, **address)
    assert figures(shown) == figures(again) != figures(drawn("overview", period="All days", currency="USD"))
    # what is the default for one may not be for the other
    assert {"USD", "EUR"} & set(drawn("overview", period="All days").query_params.values())
    # some of them the reader may not see, and is told without a name
    some = drawn("overview", person=READER, period="All days", client=["acme/meta/2024", "nike/meta/2024"])
    assert "This address asks for 1 client that you have no figures of; left out here." in words(some)
    assert figures(some) == figures(drawn("overview", person=READER, period="All days"))


@pytest.mark.parametrize(
    ("name", "value"),
    witnesses([("client", "nike/meta/2024"), ("brand", "nike"), ("campaign", "x' or 1 = 1 --"), ("ad", "")]),
)
def test_where_nothing_of_a_filter_is_left_not_everything_is_shown(drawn: Draw, name: str, value: str) -> None:
    none = drawn("overview", person=READER, period="All days", **{name: value})
    assert "Nothing is left of what it selects, so no figures are shown." in words(none)
    assert figures(none) == {}
    assert "nike" not in str(none.main)


def test_unknown_values_of_an_address_are_told(drawn: Draw) -> None:
    odd = drawn("overview", period="Yesterday", against="<b>", measure="x", by="y", currency="EUR'", stacked="1")
    said = words(odd)
    assert "Compare with (Previous period)" in said
    for part in ("Period (Last 28 days)", "Currency (", "<b>"):
        assert (part in said) == (part != "<b>")
    days = drawn("overview", period="Custom", **{"from": "2024-13-01", "to": "1999-01-01"})
    assert "From (2024-01-01), To (2024-03-01)" in words(days)


@pytest.mark.slow
def test_a_view_is_saved_under_a_name_and_opened_by_its_owner_alone(drawn: Draw, agency: ProjectUnderTest) -> None:
    mine = drawn("overview", agency.root, OWNER, period="All days", ad_set=["Set 1", "Set 2"])
    mine.text_input(key="view name").set_value("Monday *report*").run()
    press(mine, "Save this view")
    # elsewhere, at another time
    later = drawn("overview", agency.root, OWNER)
    press(later, "Monday \\*report\\*")
    assert later.query_params["ad_set"] == ["Set 1", "Set 2"]
    assert figures(later) == figures(mine)
    assert "Monday" not in str(drawn("overview", agency.root, READER).main)
    later.selectbox(key="view to change").set_value("Monday *report*").run()
    press(later, "Delete")
    assert "Monday" not in str(later.main)
    file = agency.root / "warehouse" / "saved_views.sqlite"
    SavedViews(file, OWNER).save(SavedView("by hand", "embed=true&period=All+days&&=&client=nike/meta/2024&%zz"))
    by_hand = drawn("overview", agency.root, OWNER)
    press(by_hand, "by hand")
    assert "This address asks for 1 client that you have no figures of" in words(by_hand)
    file.write_bytes(b"damaged " * 500)
    damaged = drawn("overview", agency.root, OWNER, period="All days")
    assert any("The saved views in saved" in error.value for error in damaged.error)
    assert figures(damaged)


def press(test: AppTest, label: str) -> None:
    next(button for button in test.button if button.label == label).click().run()
    assert not test.exception, test.exception[0].value


@pytest.mark.slow
def test_one_currency_for_all_says_its_rates_and_what_has_none(drawn: Draw, agency: ProjectUnderTest) -> None:
    rates = agency.root / "seeds" / "exchange_rates.csv"
    rates.write_text("day,currency,rate\n2024-01-01,USD,1.25\n2024-03-01,USD,1.6\n", encoding="utf-8")
    assert agency.spark9("build").code == 0
    test = drawn("overview", agency.root, currency="all in EUR", period="All days")
    said = words(test)
    assert "USD by the exchange rates of 1 Jan 2024." in said
    assert "Not included: 12.00 USD without an exchange rate (4 rows, 50.0 % of the spend in USD)" in said
    [spend] = agency.query(
        "select sum(amount_spent) from marts.performance_in_currency where reporting_currency = 'EUR'"
    )
    assert f"{float(spend[0]):,.2f} EUR" in [element.value for element in test.metric]
    named = drawn("overview", agency.root, currency="USD", brand="acme", period="All days")
    assert named.multiselect(key="address brand").value == ["acme"]
    assert named.multiselect(key="address client").options == ["acme/meta/2024"]


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
