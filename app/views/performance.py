"""Results of the campaigns: totals against another period, over time, and then by level (breakdown.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.address import Address
from app.components.charts import WHEN, each_day, show_days, show_stacked
from app.components.downloads import FileOf, file_name, offer_chart, offer_table
from app.components.messages import plain
from app.components.style import show_on_paper
from app.components.tables import for_file
from app.components.words import decimals, money, percent, results, whole
from app.periods import Days
from app.queries import performance
from app.queries.filters import Filters
from app.queries.performance import RATES
from app.service import Service
from app.views.breakdown import show_breakdown
from app.views.selection import Selection
from loader.words import counted

# how a figure is called, how tooltips write it, whether it is an amount
_MEASURES = {
    "amount_spent": ("Spend", ",.2f", True),
    "impressions": ("Impressions", ",.0f", False),
    "clicks": ("Clicks", ",.0f", False),
    "ctr_percent": ("CTR %", ".2f", False),
    "cpc": ("CPC", ",.2f", True),
    "cpm": ("CPM", ",.2f", True),
    "conversions": ("Conversions", ",.0f", False),
    "conversion_value": ("Conversion value", ",.2f", True),
    "roas": ("ROAS", ",.2f", False),
}
# what a rate divides by, and what some clients do not report
_PARTS = {
    "ctr_percent": ("impressions", "clicks are"),
    "cpc": ("clicks", "spend is"),
    "cpm": ("impressions", "spend is"),
    "roas": ("spend", "conversion value is"),
}
_MOST_SINGLE_DAYS = 120


def show_performance(service: Service, selection: Selection, address: Address) -> None:
    """Draw the figures of what is looked at."""
    filters, found = selection.filters, selection.currencies
    codes = [value if isinstance(value, str) else None for value in found["currency"]]
    shown = found if filters.reporting else found[[code == filters.currency for code in codes]]
    _show_figures(service, selection, address, shown)
    for row in shown[shown["rows_without_day"] > 0].to_dict("records") if filters.first is not None else ():
        spent = money(row["spend_without_day"], row["currency"] if isinstance(row["currency"], str) else None)
        st.warning(
            f"{counted(int(row['rows_without_day']), 'row')} with {spent} have no date; they are included only in "
            f"'All days'.",
            icon=":material/event_busy:",
        )
    if filters.reporting:
        _show_exchange_rates(service, filters)
    elif others := [code or "not named" for code in codes if code != filters.currency]:
        st.caption(f"Not included: amounts in {', '.join(others)}. Choose the currency above.")
    show_breakdown(service, selection, address)


def _show_exchange_rates(service: Service, filters: Filters) -> None:
    """Which rates were used, and what is left out for want of one."""
    for row in cached(service.marts, performance.exchange_rates_used, filters).to_dict("records"):
        currency = row["currency"] if isinstance(row["currency"], str) else None
        if row["rows_left_out"]:
            why = "without a currency" if currency is None else "without an exchange rate"
            spent = money(row["spend_left_out"], currency)
            share = percent(row["percent_left_out"], 1)
            rows = counted(int(row["rows_left_out"]), "row")
            of = f"{share} of the spend {f'in {currency}' if currency else 'that names none'}"
            st.warning(f"Not included: {spent} {why} ({rows}, {of}).", icon=":material/currency_exchange:")
        if not pd.isna(row["first_rate"]):
            rates = Days(_day(row["first_rate"]), _day(row["last_rate"]))
            st.caption(f"{currency} by the exchange rates of {rates}.")


def _show_figures(service: Service, selection: Selection, address: Address, found: pd.DataFrame) -> None:
    """The sums with a line each, and the change against the other period, where the two are comparable."""
    filters, other = selection.filters, selection.other.days
    now = cached(service.marts, performance.totals, filters).iloc[0]
    before = cached(service.marts, performance.totals, filters.over(other)).iloc[0] if other else None
    grain = "day" if selection.span.count <= _MOST_SINGLE_DAYS else "week"
    lines = cached(service.marts, performance.by_day, filters, grain)
    st.caption(_told(selection) + (" Lines are by week, from Monday." if grain == "week" else ""))
    show_on_paper(escape("; ".join(f"{name}: {fact}" for name, fact in selection.facts.items())))
    shown = [name for name in _MEASURES if not pd.isna(now[name])]
    if not shown:
        last = found["last_day"].max()
        latest = "" if pd.isna(last) else f" The latest are of {Days(_day(last), _day(last))}."
        st.info(
            f"This selection has no figures {f'in {filters.unit}' if filters.unit else 'without a currency'}.{latest}"
        )
        return
    _show_tiles(shown, selection, now, before, lines, grain)
    _show_what_rates_leave_out(shown, now, " or has no exchange rate" if filters.reporting else "")
    if (filters.level or filters.conversion_type) and (
        rest := cached(service.marts, performance.spend_of_other_rows, filters)
    ):
        st.caption(
            f"Rows of other levels or kinds of conversions are left out. Their spend: {money(rest, filters.unit)}."
        )
    _show_conversions(service, filters)
    _show_over_time(service, selection, address, shown, lines, grain)


def _show_over_time(
    service: Service, selection: Selection, address: Address, shown: list[str], lines: pd.DataFrame, grain: str
) -> None:
    """One figure as a chart: against the other period, or stacked."""
    filters, other = selection.filters, selection.other.days
    with st.container(key="over-time"):
        measure = address.segment("Over time", "measure", {name: _MEASURES[name][0] for name in shown}, shown[0])
        stacked = address.flag("Stacked by platform", "stacked")
    title, form, is_amount = _MEASURES[measure]
    title += f" {filters.unit}" if is_amount and filters.unit else ""
    if lines.empty:
        st.info("None of these rows has a day.")
        return
    split = None
    if stacked and measure in RATES:
        st.caption("Rates of several platforms don't add up, so this one is not stacked.")
    elif stacked:
        split = "platform"
        found = cached(service.marts, performance.by_day, filters, grain, split)
        titles = service.platform_titles()
        found = found.assign(platform=[titles.get(name, name) for name in found["platform"]])
        chart = show_stacked(found, measure, title, form, selection.span, split, grain)
    if split is None:
        then = (cached(service.marts, performance.by_day, filters.over(other), grain), other) if other else None
        chart = show_days(lines, measure, title, form, selection.span, grain, then)
    if grain == "week":
        st.caption(_told_of_weeks(lines))
    of = FileOf(file_name(_MEASURES[measure][0], "by", grain, selection.dates), selection.facts)
    with st.container(horizontal=True, key="downloads-days"):
        offer_chart(chart, of, "over time")
        offer_table(lambda: _days_for_file(service, filters, grain, split), of, "over time")


def _told_of_weeks(lines: pd.DataFrame) -> str:
    """That points are weeks, and which of them are lower because not all of their days have figures."""
    part = lines[lines["days_with_figures"] < 7]
    shown = part.head(4)
    mondays = pd.to_datetime(shown["day"]).dt.strftime("%d %b %Y")
    listed = [f"{day} ({count})" for day, count in zip(mondays, shown["days_with_figures"], strict=True)]
    more = f" and {len(part) - len(listed)} more" if len(part) > len(listed) else ""
    weeks = f" Weeks with figures on fewer than 7 days (how many): {', '.join(listed)}{more}." if listed else ""
    return f"Each point is a week from Monday.{weeks}"


def _days_for_file(service: Service, filters: Filters, grain: str, split: str | None) -> pd.DataFrame:
    """The figures by day or week, and platform where it is stacked."""
    found = performance.by_day(service.marts, filters, grain, split, exact=True)
    first = {WHEN[grain]: pd.to_datetime(found["day"])}
    if split:
        first |= {split: found[split]}
    return for_file(found, first, filters.unit)


def _told(selection: Selection) -> str:
    """The period and what it is compared with, with their dates."""
    period = f"{selection.name}: {selection.span}" if selection.name else f"{selection.span}"
    other, wanted, filters = selection.other, selection.wanted, selection.filters
    if other.days:
        same = ", as many days" if selection.name.endswith("so far") else ""
        return f"{period}, compared with {other.days}{same}."
    if not other.reason:
        return f"{period}."
    against = f" with {wanted}" if wanted else ""
    is_of_a_year = filters.client_schema and wanted and wanted.first.year < selection.span.first.year
    hint = " A client is of one year: choose its brand to see its other years, too." if is_of_a_year else ""
    return f"{period}. Not comparable{against}: {plain(other.reason)}.{hint}"


def _show_tiles(
    shown: list[str],
    selection: Selection,
    now: pd.Series[Any],
    before: pd.Series[Any] | None,
    lines: pd.DataFrame,
    grain: str,
) -> None:
    unit = selection.filters.unit
    forms: dict[str, Callable[[float], str]] = {
        **{name: lambda value: money(value, unit) for name, (_, _, is_amount) in _MEASURES.items() if is_amount},
        "impressions": whole,
        "clicks": whole,
        "conversions": whole,
        "ctr_percent": percent,
    }
    other = selection.other
    sparks = (
        each_day(lines, shown, selection.span, grain).astype(dict.fromkeys(shown, float)) if len(lines) > 1 else None
    )
    for start in range(0, len(shown), 5):
        for tile, name in zip(st.columns(5), shown[start : start + 5], strict=False):
            change, reason = _change(now[name], before[name]) if before is not None else (None, other.reason)
            tile.metric(
                _MEASURES[name][0].removesuffix(" %"),
                forms.get(name, decimals)(now[name]),
                delta=change or ("not comparable" if reason and selection.filters.first else None),
                delta_color="off",
                delta_arrow="auto" if change else "off",
                help=f"Not comparable: {reason}." if reason and not change and selection.filters.first else None,
                chart_data=None if sparks is None else sparks[name].tolist(),
                border=True,
            )


def _show_what_rates_leave_out(shown: list[str], now: pd.Series[Any], also: str) -> None:
    """The share of spend, clicks or impressions of clients that do not report both parts of a rate, `also` for why."""
    for name in (name for name in RATES if name in shown and now[f"{name}_without"] > 0):
        under, over = _PARTS[name]
        share = percent(100 * now[f"{name}_without"], 1)
        st.caption(
            f"{_MEASURES[name][0].removesuffix(' %')} excludes {share} of the {under}: {over} not reported{also} there."
        )


def _change(now: float, before: float) -> tuple[str | None, str]:
    """The change in per cent, or why there is none."""
    if pd.isna(before):
        return None, "it has no value in the other period"
    if not before:
        return None, "it is 0 in the other period"
    return f"{100 * (now - before) / before:+.1f} %", ""


def _show_conversions(service: Service, filters: Filters) -> None:
    """Conversions by type; they are never added up."""
    kinds = cached(service.marts, performance.conversion_types, filters)
    if kinds.empty:
        return
    words = ", ".join(
        plain(results(row["conversions"], row["conversion_type"])) for row in kinds.head(6).to_dict("records")
    )
    st.markdown(f"Conversions: {words}")


def _day(value: date) -> date:
    return pd.Timestamp(value).date()
