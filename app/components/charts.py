"""Charts by Altair: axes readable at a glance, tooltips with the exact figure."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

_HEIGHT = 240
_TICKS = 8
NOW, BEFORE = "this period", "previous period"


def show_days(
    now: pd.DataFrame, before: pd.DataFrame | None, column: str, title: str, form: str, grain: str = "day"
) -> None:
    """A figure over days or weeks: this period as a solid line, the one before dashed and paler, day upon day.

    Args:
        now: with `day` and the column.
        before: of the period before, or none.
        column: what is shown.
        title: what it is called, with its unit.
        form: how it is written, as d3-format has it.
        grain: day, or week, whose `day` is its Monday.

    """
    when = {"day": "day", "week": "week from Monday"}[grain]
    now = _each_day(now, column)
    parts = [now.assign(period=NOW, when=now["day"])]
    if before is not None and not before.empty and not now.empty:
        before = _each_day(before, column)
        shift = now["day"].min() - before["day"].min()
        parts.append(before.assign(period=BEFORE, when=before["day"] + shift))
    found = pd.concat(parts, ignore_index=True)
    # one legend for both: the same field, title and place
    legend = None if len(parts) == 1 else alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=400)
    chart = (
        alt.Chart(found)
        .mark_line(point={"size": 18}, strokeWidth=2)
        .encode(
            x=alt.X("when:T", title=when, axis=alt.Axis(format="%d %b %y", labelOverlap=True, values=_ticks(found))),
            y=alt.Y(f"{column}:Q", title=title, axis=alt.Axis(format="~s", tickCount=5)),
            strokeDash=alt.StrokeDash("period:N", scale=_by_period([1, 0], [5, 4]), legend=legend),
            opacity=alt.Opacity("period:N", scale=_by_period(1, 0.45), legend=legend),
            tooltip=[
                alt.Tooltip("day:T", title=when, format="%d %b %Y"),
                alt.Tooltip("period:N", title="period"),
                alt.Tooltip(f"{column}:Q", title=title, format=form),
            ],
        )
        .properties(height=_HEIGHT)
    )
    st.altair_chart(chart, alt=f"{title} by {grain}, {len(now)} {grain}s")


def _by_period(now: Any, before: Any) -> alt.Scale:
    """What belongs to each period, whichever of them has figures first."""
    return alt.Scale(domain=[NOW, BEFORE], range=[now, before])


def _ticks(found: pd.DataFrame) -> list[str]:
    """At most nine days for the axis, the same number of days apart."""
    days = sorted(set(found["when"]))
    span = (days[-1] - days[0]).days
    step = max(1, -(-span // _TICKS))
    return [str(day.date()) for day in pd.date_range(days[0], days[-1], freq=f"{step}D")]


def _each_day(found: pd.DataFrame, column: str) -> pd.DataFrame:
    """A row for each day from the first to the last; those without figures are empty, so that a line breaks there."""
    days = found.assign(day=pd.to_datetime(found["day"])).set_index("day")[[column]]
    step = days.index.to_series().diff().min()
    if pd.isna(step) or step <= pd.Timedelta(0):
        return days.reset_index()
    return days.reindex(pd.date_range(days.index.min(), days.index.max(), freq=step)).rename_axis("day").reset_index()


def show_bars(found: pd.DataFrame, column: str, title: str, form: str, names: str, most: int = 12) -> None:
    """A figure by name, the largest first.

    Args:
        found: with `label` and the column.
        column: what is shown.
        title: what it is called, with its unit.
        form: how it is written, as d3-format has it.
        names: what the names are of.
        most: how many there are at most.

    """
    shown = found.head(most)
    chart = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            y=alt.Y("label:N", sort=None, title=names, axis=alt.Axis(labelLimit=220)),
            x=alt.X(f"{column}:Q", title=title, axis=alt.Axis(format="~s", tickCount=5)),
            tooltip=[alt.Tooltip("label:N", title=names), alt.Tooltip(f"{column}:Q", title=title, format=form)],
        )
        .properties(height=alt.Step(26))
    )
    st.altair_chart(chart, alt=f"{title} by name, {len(shown)} bars")


def show_months(found: pd.DataFrame, column: str, title: str, form: str) -> None:
    """A figure by month.

    Args:
        found: with `day`, the first of each month, and the column.
        column: what is shown.
        title: what it is called, with its unit.
        form: how it is written, as d3-format has it.

    """
    shown = found.assign(month=pd.to_datetime(found["day"]).dt.strftime("%b %Y"))
    chart = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X("month:N", sort=None, title="month", axis=alt.Axis(labelOverlap=True, labelAngle=0)),
            y=alt.Y(f"{column}:Q", title=title, axis=alt.Axis(format="~s", tickCount=5)),
            tooltip=["month:N", alt.Tooltip(f"{column}:Q", title=title, format=form)],
        )
        .properties(height=_HEIGHT)
    )
    st.altair_chart(chart, alt=f"{title}, {len(shown)} months")


def show_pairs(found: pd.DataFrame, name: str, columns: tuple[str, str], title: str) -> None:
    """Two figures side by side for each name.

    Args:
        found: with the columns.
        name: the column of names, in the order in which they are shown.
        columns: the two figures.
        title: what they are.

    """
    long = found.melt(id_vars=[name], value_vars=list(columns), var_name="what", value_name="value")
    chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X(f"{name}:O", title=name, axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("what:N", sort=list(columns)),
            y=alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=5)),
            color=alt.Color("what:N", sort=list(columns), legend=alt.Legend(title=None, orient="top")),
            tooltip=[f"{name}:O", "what:N", alt.Tooltip("value:Q", format=",.4f")],
        )
        .properties(height=_HEIGHT)
    )
    st.altair_chart(chart, alt=f"{title}: {columns[0]} and {columns[1]}")
