"""What each chart says without a word beside it: axes with titles, and a legend wherever there are two series."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

import altair as alt
import pandas as pd
import pytest
import streamlit as st

from app.components import charts
from app.periods import Days

JUNE, BEFORE = Days(date(2024, 6, 11), date(2024, 6, 14)), Days(date(2024, 6, 7), date(2024, 6, 10))
# the 13th is not there
DAYS = pd.DataFrame({"day": pd.to_datetime(["2024-06-11", "2024-06-12", "2024-06-14"]), "spend": [4.0, 5.0, 7.0]})
EARLIER = pd.DataFrame({"day": pd.date_range("2024-06-07", periods=4), "spend": [1.0, 2.0, 3.0, 4.0]})
MONTHS = Days(date(2024, 5, 1), date(2024, 6, 30))
WEEKS = pd.DataFrame(
    {
        "day": pd.to_datetime(["2024-04-29", "2024-05-06", "2024-06-24"]),
        "spend": [1.0, 2.0, 3.0],
        "days_with_figures": [5, 7, 7],
    }
)
PLATFORMS = pd.DataFrame(
    {
        "day": pd.to_datetime(["2024-06-11", "2024-06-11", "2024-06-12", "2024-06-14"]),
        "platform": ["Meta Ads", "Google Ads", "Google Ads", "Meta Ads"],
        "spend": [3.0, 1.0, 5.0, 7.0],
    }
)
NAMES = pd.DataFrame({"label": ["a", "b"], "spend": [2.0, 1.0]})
PAIRS = pd.DataFrame({"decile": [1, 2], "predicted": [0.1, 0.2], "observed": [0.2, 0.1]})
DRAWN: dict[str, list[Callable[[], alt.Chart]]] = {
    "show_days": [
        lambda: charts.show_days(DAYS, "spend", "Spend USD", ",.2f", JUNE, other=(EARLIER, BEFORE)),
        lambda: charts.show_days(DAYS, "spend", "Spend USD", ",.2f", JUNE),
        lambda: charts.show_days(WEEKS, "spend", "Spend USD", ",.2f", MONTHS, "week"),
    ],
    "show_stacked": [
        lambda: charts.show_stacked(PLATFORMS, "spend", "Spend USD", ",.2f", JUNE, "platform"),
    ],
    "show_bars": [lambda: charts.show_bars(NAMES, "spend", "Spend USD", ",.2f", "Campaign", period=str(JUNE))],
    "show_months": [lambda: charts.show_months(DAYS, "spend", "Spend USD", ",.2f")],
    "show_pairs": [lambda: charts.show_pairs(PAIRS, "decile", ("predicted", "observed"), "share that left")],
}
# what tells series apart
CHANNELS = ("color", "strokeDash", "opacity", "shape", "xOffset", "yOffset", "detail")


Spec = Callable[[Callable[[], alt.Chart]], dict[str, Any]]


@pytest.fixture
def spec(monkeypatch: pytest.MonkeyPatch) -> Spec:
    """The Vega-Lite specification of what a function draws."""
    seen: list[alt.Chart] = []
    monkeypatch.setattr(st, "altair_chart", lambda chart, **_: seen.append(chart))

    def of(draw: Callable[[], alt.Chart]) -> dict[str, Any]:
        assert draw() is seen[-1], "what is downloaded is what is on the screen"
        found: dict[str, Any] = seen[-1].to_dict()
        return found

    return of


def test_every_chart_is_looked_at_here() -> None:
    made = [name for name, value in vars(charts).items() if inspect.isfunction(value) and name.startswith("show_")]
    assert sorted(made) == sorted(DRAWN)


@pytest.mark.parametrize("draw", [draw for each in DRAWN.values() for draw in each])
def test_a_chart_names_its_axes_and_its_series(spec: Spec, draw: Callable[[], alt.Chart]) -> None:
    found = spec(draw)
    encoding = found["encoding"]
    assert all(encoding[axis]["title"] for axis in ("x", "y"))
    assert found["title"]["text"]
    rows = rows_of(found)
    apart = [encoding[channel] for channel in CHANNELS if channel in encoding]
    several = [each for each in apart if len({row[each["field"]] for row in rows}) > 1]
    if several:
        assert any("legend" in each and each["legend"] is not None for each in several)
        assert any(tip["field"] == several[0]["field"] for tip in encoding["tooltip"])


def rows_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a chart's marks."""
    rows: list[dict[str, Any]] = next(iter(found["datasets"].values()))
    return rows


def test_this_period_is_solid_and_the_other_dashed_and_paler(spec: Spec) -> None:
    found = spec(DRAWN["show_days"][0])
    encoding = found["encoding"]
    dash, opacity = encoding["strokeDash"]["scale"], encoding["opacity"]["scale"]
    assert dict(zip(dash["domain"], dash["range"], strict=True)) == {str(JUNE): [1, 0], str(BEFORE): [5, 4]}
    assert opacity["domain"] == [str(JUNE), str(BEFORE)]
    assert opacity["range"][0] > opacity["range"][1]
    # else Vega draws two legends
    assert encoding["strokeDash"]["legend"] == encoding["opacity"]["legend"]
    assert found["title"]["text"] == ["Spend USD by day", "11–14 Jun 2024 compared with 7–10 Jun 2024"]
    alone = spec(DRAWN["show_days"][1])["encoding"]
    assert alone["strokeDash"]["legend"] is None


def test_each_point_has_the_figure_of_its_day_and_a_day_without_one_is_a_gap(spec: Spec) -> None:
    rows = rows_of(spec(DRAWN["show_days"][0]))
    points = {(row["period"], row["day"][:10]): (row["when"][:10], row["spend"]) for row in rows}
    assert points == {
        (str(JUNE), "2024-06-11"): ("2024-06-11", 4.0),
        (str(JUNE), "2024-06-12"): ("2024-06-12", 5.0),
        (str(JUNE), "2024-06-13"): ("2024-06-13", None),
        (str(JUNE), "2024-06-14"): ("2024-06-14", 7.0),
        # day upon day of the other period, though figures of this one may begin later
        **{(str(BEFORE), f"2024-06-{7 + at:02}"): (f"2024-06-{11 + at}", 1.0 + at) for at in range(4)},
    }


def test_a_period_begins_with_its_first_day_and_not_with_its_first_figure(spec: Spec) -> None:
    late = Days(date(2024, 6, 9), date(2024, 6, 14))
    rows = rows_of(spec(lambda: charts.show_days(DAYS, "spend", "Spend USD", ",.2f", late)))
    assert [row["spend"] for row in rows] == [None, None, 4.0, 5.0, None, 7.0]


def test_weekly_points_are_called_so_and_have_their_number_of_days(spec: Spec) -> None:
    found = spec(DRAWN["show_days"][2])
    assert found["encoding"]["x"]["title"] == "week from Monday"
    assert found["title"]["text"] == ["Spend USD by week", "1 May – 30 Jun 2024"]
    assert {"field": "days_with_figures", "title": "days with figures", "type": "quantitative"} in found["encoding"][
        "tooltip"
    ]
    rows = rows_of(found)
    assert [row["day"][:10] for row in rows[:3]] == ["2024-04-29", "2024-05-06", "2024-05-13"]
    assert [row["spend"] for row in rows] == [1.0, 2.0, *[None] * 6, 3.0]


def test_stacked_bars_add_up_to_the_days(spec: Spec) -> None:
    found = spec(DRAWN["show_stacked"][0])
    encoding = found["encoding"]
    assert (encoding["y"]["stack"], encoding["color"]["field"]) == ("zero", "platform")
    # a day without figures has a place and no bar
    assert encoding["x"]["scale"]["domain"] == ["2024-06-11", "2024-06-12", "2024-06-13", "2024-06-14"]
    sums: dict[str, float] = {}
    for row in rows_of(found):
        sums[row["day"]] = sums.get(row["day"], 0) + row["spend"]
    assert sums == {f"{row.day:%Y-%m-%d}": row.spend for row in DAYS.assign(spend=[4.0, 5.0, 7.0]).itertuples()}


def test_a_chart_of_some_of_many_names_says_so(spec: Spec) -> None:
    many = pd.DataFrame({"label": [f"c{number}" for number in range(20)], "spend": range(20, 0, -1)})
    found = spec(lambda: charts.show_bars(many, "spend", "Spend USD", ",.2f", "Campaign"))
    assert found["title"]["text"] == ["Spend USD by campaign, the 12 highest"]
    assert [row["spend"] for row in rows_of(found)] == list(range(20, 8, -1))
