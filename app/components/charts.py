"""Charts by Altair: a title with the unit, axes readable at a glance, tooltips with the exact figure.

Each function draws its chart and returns it, for a download.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from app.periods import Days, starts

_HEIGHT = 340
_TICKS = 8
# days are days, whatever the browser's time zone is
_DAY_LABEL = "utcFormat(toDate(datum.value), '%d %b %y')"
WHEN = {"day": "day", "week": "week from Monday"}


def show_days(
    found: pd.DataFrame,
    column: str,
    title: str,
    form: str,
    days: Days,
    grain: str = "day",
    other: tuple[pd.DataFrame, Days] | None = None,
) -> alt.Chart:
    """A figure over days or weeks: this period as a solid line, the other dashed and paler, day upon day.

    A line breaks where a day has no figures.

    Args:
        found: with `day`, `days_with_figures` and the column.
        column: what is shown.
        title: what it is called, with its unit.
        form: how it is written, as d3-format has it.
        days: the period.
        grain: day, or week, whose `day` is its Monday.
        other: the same of the period that it is compared with, and its days.

    """
    when = WHEN[grain]
    shown, names = _day_upon_day(found, column, days, grain, other)
    # one legend for both: the same field, title and place
    legend = None if len(names) == 1 else alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=400)
    dash, opacity = ([[1, 0], [5, 4]][: len(names)], [1, 0.45][: len(names)])
    chart: alt.Chart = (
        alt.Chart(shown)
        .mark_line(point={"size": 18}, strokeWidth=2)
        .encode(
            x=alt.X("when:T", title=when, axis=alt.Axis(format="%d %b %y", labelOverlap=True, values=_ticks(shown))),
            y=alt.Y(f"{column}:Q", title=title, axis=alt.Axis(format="~s", tickCount=5)),
            strokeDash=alt.StrokeDash("period:N", scale=alt.Scale(domain=names, range=dash), legend=legend),
            opacity=alt.Opacity("period:N", scale=alt.Scale(domain=names, range=opacity), legend=legend),
            tooltip=[
                alt.Tooltip("day:T", title=when, format="%d %b %Y"),
                alt.Tooltip("period:N", title="period"),
                alt.Tooltip(f"{column}:Q", title=title, format=form),
                *([alt.Tooltip("days_with_figures:Q", title="days with figures")] if grain == "week" else []),
            ],
        )
        .properties(height=_HEIGHT, title=_title(title, grain, " compared with ".join(names)))
    )
    st.altair_chart(chart, alt=f"{title} by {grain}, {len(found)} {grain}s with figures")
    return chart


def _day_upon_day(
    found: pd.DataFrame, column: str, days: Days, grain: str, other: tuple[pd.DataFrame, Days] | None
) -> tuple[pd.DataFrame, list[str]]:
    """The points of both periods, those of the other moved to this one (`when`); and how the periods are called."""
    now = each_day(found, [column], days, grain)
    parts = [now.assign(period=str(days), when=now["day"])]
    if other is not None:
        shift = _first_of(days, grain) - _first_of(other[1], grain)
        then = each_day(other[0], [column], other[1], grain)
        parts.append(then.assign(period=str(other[1]), when=then["day"] + shift))
    return pd.concat(parts, ignore_index=True), [str(days), *([str(other[1])] if other else [])]


def show_stacked(
    found: pd.DataFrame, column: str, title: str, form: str, days: Days, split: str, grain: str = "day"
) -> alt.Chart:
    """A sum over days or weeks, stacked by platform or brand; a day without figures has no bar.

    Args:
        found: with `day`, the column and `split`.
        column: what is shown.
        title: what it is called, with its unit.
        form: how it is written, as d3-format has it.
        days: the period.
        split: the column that bars are stacked by; it is the legend's title, too.
        grain: day, or week, whose `day` is its Monday.

    """
    shown = found.assign(day=pd.to_datetime(found["day"]).dt.strftime("%Y-%m-%d")).dropna(subset=[column])
    every = [f"{day:%Y-%m-%d}" for day in _range(days, grain)]
    step = max(1, -(-len(every) // _TICKS))
    chart: alt.Chart = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X(
                "day:O", title=WHEN[grain], scale=alt.Scale(domain=every),
                axis=alt.Axis(labelExpr=_DAY_LABEL, labelAngle=0, labelOverlap=True, values=every[::step]),
            ),
            y=alt.Y(f"{column}:Q", title=title, stack="zero", axis=alt.Axis(format="~s", tickCount=5)),
            color=alt.Color(f"{split}:N", legend=alt.Legend(title=split, orient="top")),
            tooltip=[
                alt.Tooltip("day:O", title=WHEN[grain]),
                alt.Tooltip(f"{split}:N"),
                alt.Tooltip(f"{column}:Q", title=title, format=form),
            ],
        )
        .properties(height=_HEIGHT, title=_title(title, f"{grain} and {split}", str(days)))
    )  # fmt: skip
    st.altair_chart(chart, alt=f"{title} by {grain} and {split}, {len(shown)} bars")
    return chart


def _title(what: str, grain: str, period: str) -> alt.TitleParams:
    # no subtitle: its colour does not follow the theme
    return alt.TitleParams(text=[f"{what} by {grain}", period], anchor="start")


def _ticks(found: pd.DataFrame) -> list[str]:
    """At most nine days for the axis, the same number of days apart."""
    first, last = found["when"].min(), found["when"].max()
    step = max(1, -(-(last - first).days // _TICKS))
    return [str(day.date()) for day in pd.date_range(first, last, freq=f"{step}D")]


def _first_of(days: Days, grain: str) -> pd.Timestamp:
    """The first point of a period: its first day, or the Monday of that."""
    return pd.Timestamp(starts(days, grain)[0])


def _range(days: Days, grain: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(starts(days, grain))


def each_day(found: pd.DataFrame, columns: Sequence[str], days: Days, grain: str) -> pd.DataFrame:
    """A row for each day or week of a period; those without figures are empty, so that a line breaks there."""
    kept = [name for name in (*columns, "days_with_figures") if name in found]
    by_day = found.assign(day=pd.to_datetime(found["day"])).set_index("day")[kept]
    return by_day.reindex(_range(days, grain)).rename_axis("day").reset_index()


def show_bars(
    found: pd.DataFrame, column: str, title: str, form: str, names: str, most: int = 12, period: str = ""
) -> alt.Chart:
    """A figure by name, the largest first.

    Args:
        found: with `label` and the column.
        column: what is shown.
        title: what it is called, with its unit.
        form: how it is written, as d3-format has it.
        names: what the names are of.
        most: how many there are at most.
        period: for the title.

    """
    shown = found.head(most)
    highest = f", the {most} highest" if len(found) > most else ""
    text = [f"{title} by {names.lower()}{highest}", *([period] if period else [])]
    heading = alt.TitleParams(text=text, anchor="start")
    chart: alt.Chart = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            y=alt.Y("label:N", sort=None, title=names, axis=alt.Axis(labelLimit=220)),
            x=alt.X(f"{column}:Q", title=title, axis=alt.Axis(format="~s", tickCount=5)),
            tooltip=[alt.Tooltip("label:N", title=names), alt.Tooltip(f"{column}:Q", title=title, format=form)],
        )
        .properties(height=alt.Step(26), title=heading)
    )
    st.altair_chart(chart, alt=f"{title} by name, {len(shown)} bars")
    return chart


def show_months(found: pd.DataFrame, column: str, title: str, form: str) -> alt.Chart:
    """A figure by month.

    Args:
        found: with `day`, the first of each month, and the column.
        column: what is shown.
        title: what it is called, with its unit.
        form: how it is written, as d3-format has it.

    """
    shown = found.assign(month=pd.to_datetime(found["day"]).dt.strftime("%b %Y"))
    chart: alt.Chart = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X("month:N", sort=None, title="month", axis=alt.Axis(labelOverlap=True, labelAngle=0)),
            y=alt.Y(f"{column}:Q", title=title, axis=alt.Axis(format="~s", tickCount=5)),
            tooltip=["month:N", alt.Tooltip(f"{column}:Q", title=title, format=form)],
        )
        .properties(height=_HEIGHT, title=alt.TitleParams(text=title, anchor="start"))
    )
    st.altair_chart(chart, alt=f"{title}, {len(shown)} months")
    return chart


def show_pairs(found: pd.DataFrame, name: str, columns: tuple[str, str], title: str) -> alt.Chart:
    """Two figures side by side for each name.

    Args:
        found: with the columns.
        name: the column of names, in the order in which they are shown.
        columns: the two figures.
        title: what they are.

    """
    long = found.melt(id_vars=[name], value_vars=list(columns), var_name="what", value_name="value")
    chart: alt.Chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X(f"{name}:O", title=name, axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("what:N", sort=list(columns)),
            y=alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=5)),
            color=alt.Color("what:N", sort=list(columns), legend=alt.Legend(title=None, orient="top")),
            tooltip=[f"{name}:O", "what:N", alt.Tooltip("value:Q", format=",.4f")],
        )
        .properties(height=_HEIGHT, title=alt.TitleParams(text=title, anchor="start"))
    )
    st.altair_chart(chart, alt=f"{title}: {columns[0]} and {columns[1]}")
    return chart
