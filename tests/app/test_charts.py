"""What each chart says without a word beside it: axes with titles, and a legend wherever there are two series."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import pytest
import streamlit as st

from app.components import charts
from app.components.charts import BEFORE, NOW

DAYS = pd.DataFrame({"day": pd.date_range("2024-06-11", periods=4), "spend": [4.0, 5.0, None, 7.0]})
EARLIER = pd.DataFrame({"day": pd.date_range("2024-06-07", periods=4), "spend": [1.0, 2.0, 3.0, 4.0]})
NAMES = pd.DataFrame({"label": ["a", "b"], "spend": [2.0, 1.0]})
PAIRS = pd.DataFrame({"decile": [1, 2], "predicted": [0.1, 0.2], "observed": [0.2, 0.1]})
DRAWN: dict[str, list[Callable[[], None]]] = {
    "show_days": [
        lambda: charts.show_days(DAYS, EARLIER, "spend", "Spend USD", ",.2f"),
        lambda: charts.show_days(DAYS, None, "spend", "Spend USD", ",.2f"),
    ],
    "show_bars": [lambda: charts.show_bars(NAMES, "spend", "Spend USD", ",.2f", "Campaign")],
    "show_months": [lambda: charts.show_months(DAYS, "spend", "Spend USD", ",.2f")],
    "show_pairs": [lambda: charts.show_pairs(PAIRS, "decile", ("predicted", "observed"), "share that left")],
}
# what tells series apart
CHANNELS = ("color", "strokeDash", "opacity", "shape", "xOffset", "yOffset", "detail")


@pytest.fixture
def spec(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], dict[str, Any]]:
    """The Vega-Lite specification of what a function draws."""
    seen: list[alt.Chart] = []
    monkeypatch.setattr(st, "altair_chart", lambda chart, **_: seen.append(chart))

    def of(draw: Callable[[], None]) -> dict[str, Any]:
        draw()
        found: dict[str, Any] = seen[-1].to_dict()
        return found

    return of


Spec = Callable[[Callable[[], None]], dict[str, Any]]


def test_every_chart_is_looked_at_here() -> None:
    made = [name for name, value in vars(charts).items() if inspect.isfunction(value) and name.startswith("show_")]
    assert sorted(made) == sorted(DRAWN)


@pytest.mark.parametrize("draw", [draw for each in DRAWN.values() for draw in each])
def test_a_chart_names_its_axes_and_its_series(spec: Spec, draw: Callable[[], None]) -> None:
    found = spec(draw)
    encoding = found["encoding"]
    assert all(encoding[axis]["title"] for axis in ("x", "y"))
    rows = next(iter(found["datasets"].values()))
    apart = [encoding[channel] for channel in CHANNELS if channel in encoding]
    several = [each for each in apart if len({row[each["field"]] for row in rows}) > 1]
    if several:
        assert any("legend" in each and each["legend"] is not None for each in several)
        assert any(tip["field"] == several[0]["field"] for tip in encoding["tooltip"])


def test_this_period_is_solid_and_the_one_before_dashed_and_paler(spec: Spec) -> None:
    encoding = spec(DRAWN["show_days"][0])["encoding"]
    dash, opacity = encoding["strokeDash"]["scale"], encoding["opacity"]["scale"]
    assert dict(zip(dash["domain"], dash["range"], strict=True)) == {NOW: [1, 0], BEFORE: [5, 4]}
    assert opacity["domain"] == [NOW, BEFORE]
    assert opacity["range"][0] > opacity["range"][1]
    # else Vega draws two legends
    assert encoding["strokeDash"]["legend"] == encoding["opacity"]["legend"]
    alone = spec(DRAWN["show_days"][1])["encoding"]
    assert alone["strokeDash"]["legend"] is None
    assert alone["strokeDash"]["scale"] == dash
