"""Results of the campaigns: totals against the previous period, over time, and by level down to rows and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.charts import show_bars, show_days
from app.components.messages import link_to, plain
from app.components.tables import figures_of, show_table
from app.components.words import days, decimals, money, percent, results, whole
from app.queries import performance, waves
from app.queries.performance import LEVELS, RATES, Filters
from app.service import Service
from loader.words import counted

_TITLES = {"client_schema": "Client", "campaign": "Campaign", "ad_set": "Ad set", "ad": "Ad"}
# how a figure is called, how tooltips write it, whether it is an amount
_MEASURES = {
    "amount_spent": ("Spend", ",.2f", True),
    "impressions": ("Impressions", ",.0f", False),
    "clicks": ("Clicks", ",.0f", False),
    "ctr_percent": ("CTR %", ".2f", False),
    "cpc": ("CPC", ",.2f", True),
    "cpm": ("CPM", ",.2f", True),
    "roas": ("ROAS", ",.2f", False),
}
# what a rate divides by, and what some clients do not report
_PARTS = {
    "ctr_percent": ("impressions", "clicks are"),
    "cpc": ("clicks", "spend is"),
    "cpm": ("impressions", "spend is"),
    "roas": ("spend", "conversion value is"),
}
_SPARKS = 60
_MOST_SINGLE_DAYS = 120
_MOST_NAMES = 500


def show_performance(service: Service, filters: Filters, currencies: pd.DataFrame) -> None:
    """Draw the figures.

    Args:
        service: of who looks.
        filters: what is looked at.
        currencies: from `days_and_currencies()`.

    """
    codes = [value if isinstance(value, str) else None for value in currencies["currency"]]
    shown = currencies if filters.reporting else currencies.iloc[[codes.index(filters.currency)]]
    _show_figures(service, filters, shown)
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
    _show_deeper(service, filters)


def _show_exchange_rates(service: Service, filters: Filters) -> None:
    """Which rates were used, and what is left out for want of one."""
    for row in cached(service.marts, performance.exchange_rates_used, filters).to_dict("records"):
        currency = row["currency"] if isinstance(row["currency"], str) else None
        if row["rows_left_out"]:
            why = "without a currency" if currency is None else "without an exchange rate"
            spent = money(row["spend_left_out"], currency)
            rows = counted(int(row["rows_left_out"]), "row")
            st.warning(f"Not included: {spent} {why} ({rows}).", icon=":material/currency_exchange:")
        if not pd.isna(row["first_rate"]):
            st.caption(f"{currency} by the exchange rates of {days(row['first_rate'], row['last_rate'])}.")


def leave_path() -> None:
    """Forget the campaign, ad set and ad that clicks led to: they are another client's."""
    for level in LEVELS[1:]:
        st.query_params.pop(level, None)


def narrowed(service: Service, filters: Filters) -> Filters:
    """The filters with the campaign, ad set and ad that clicks led to; each can be left again."""
    given = {name: st.query_params.get(name) for name in LEVELS[1:]}
    path: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    found = replace(filters, **path)
    with st.container(horizontal=True, vertical_alignment="center"):
        for name in path:
            label = _label(service, found, name)
            if st.button(f"{_TITLES[name]}: {label}  ✕", key=f"leave {name}", help="Remove this filter"):
                for level in LEVELS[LEVELS.index(name) :]:
                    st.query_params.pop(level, None)
                st.rerun()
    return found


def _label(service: Service, filters: Filters, level: str) -> str:
    """What people call the object that a level is narrowed to."""
    wider: dict[str, Any] = dict.fromkeys(("first", "last", *LEVELS[LEVELS.index(level) + 1 :]))
    found = cached(service.marts, performance.by_level, replace(filters, **wider), level)
    label = found["label"].iloc[0] if not found.empty else None
    return plain(str(label or "not named"))


def _days_of(filters: Filters, found: pd.DataFrame) -> int:
    """How many days are looked at."""
    first, last = filters.first or found["first_day"].min(), filters.last or found["last_day"].max()
    return 0 if pd.isna(first) or pd.isna(last) else (pd.Timestamp(last) - pd.Timestamp(first)).days + 1


def _show_figures(service: Service, filters: Filters, found: pd.DataFrame) -> None:
    """The sums with a line each, and the change against the period before, where the two are comparable."""
    reason = cached(service.marts, performance.why_not_comparable, filters)
    earlier = filters.before() if reason is None else None
    now = cached(service.marts, performance.totals, filters).iloc[0]
    before = cached(service.marts, performance.totals, earlier).iloc[0] if earlier else None
    grain = "day" if _days_of(filters, found) <= _MOST_SINGLE_DAYS else "week"
    lines = cached(service.marts, performance.by_day, filters, grain)
    if filters.first is not None:
        against = (
            f"not comparable with the previous days: {plain(reason)}"
            if reason
            else "changes are against the same number of previous days"
        )
        st.caption(f"{filters.first} to {filters.last}; {against}.")
    shown = [name for name in _MEASURES if not pd.isna(now[name])] or ["amount_spent"]
    _show_tiles(shown, filters.unit, now, before, lines)
    _show_what_rates_leave_out(shown, now, " or has no exchange rate" if filters.reporting else "")
    _show_conversions(service, filters)
    measure = st.segmented_control(
        "Over time", shown, default=shown[0], required=True, format_func=lambda name: _MEASURES[name][0], key="measure",
        bind="query-params",
    )  # fmt: skip
    if measure and len(lines):
        title, form, is_amount = _MEASURES[measure]
        days_before = cached(service.marts, performance.by_day, earlier, grain) if earlier else None
        unit = f" {filters.unit}" if is_amount and filters.unit else ""
        show_days(lines, days_before, measure, title + unit, form, grain)


def _show_tiles(
    shown: list[str], currency: str | None, now: pd.Series[Any], before: pd.Series[Any] | None, lines: pd.DataFrame
) -> None:
    forms: dict[str, Callable[[float], str]] = {
        "amount_spent": lambda value: money(value, currency),
        "impressions": whole,
        "clicks": whole,
        "ctr_percent": percent,
    }
    for start in range(0, len(shown), 4):
        for tile, name in zip(st.columns(4), shown[start : start + 4], strict=False):
            tile.metric(
                _MEASURES[name][0].removesuffix(" %"),
                forms.get(name, decimals)(now[name]),
                delta=_change(now[name], None if before is None else before[name]),
                delta_color="off",
                # a day without a rate is none with a rate of 0
                chart_data=(lines[name].dropna() if name in RATES else lines[name].fillna(0)).tolist() or None
                if len(lines) > 1
                else None,
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


def _change(now: float, before: float | None) -> str | None:
    if before is None or pd.isna(before) or pd.isna(now) or not before:
        return None
    return f"{100 * (now - before) / before:+.1f} %"


def _show_conversions(service: Service, filters: Filters) -> None:
    """Conversions by type; they are never added up."""
    kinds = cached(service.marts, performance.conversion_types, filters)
    if kinds.empty:
        return
    words = ", ".join(
        plain(results(row["conversions"], row["conversion_type"])) for row in kinds.head(6).to_dict("records")
    )
    st.markdown(f"Conversions: {words}")


def _show_deeper(service: Service, filters: Filters) -> None:
    """The next level as a table; at the end, the rows and files."""
    level = _next_level(filters)
    if level is None:
        _show_rows(service, filters)
        return
    found = cached(service.marts, performance.by_level, filters, level)
    if found.empty:
        st.info("There are no figures for this selection. Choose a longer period, or remove a filter.")
        return
    if level == "client_schema":
        words = service.words()
        found = found.assign(label=[words.get(key, key) for key in found["key"]])
    found = found.assign(label=[label or "not named" for label in found["label"]])
    st.subheader(f"By {_TITLES[level].lower()}")
    lines = cached(service.marts, performance.sparklines, filters, level, tuple(found["key"].head(_SPARKS)))
    found["spark"] = pd.Series([lines.get(key, []) for key in found["key"]], dtype=object)
    if len(found) > 1:
        show_bars(found, "amount_spent", f"Spend {filters.unit or ''}".strip(), ",.2f", _TITLES[level])
    columns = {
        "label": st.column_config.TextColumn(_TITLES[level].lower(), width="medium"),
        "spark": st.column_config.LineChartColumn("spend by day", width="small"),
        **figures_of(filters.unit),
    }

    def deeper(row: int) -> None:
        key = str(found["key"].iloc[row])
        if level == "client_schema":
            st.session_state["client"] = service.words()[key]
        else:
            st.query_params[level] = key

    show_table(found, columns, f"Figures by {_TITLES[level].lower()}", f"by {level} {filters}", deeper)
    st.caption(
        "Click a row to drill down."
        + (f" Only the {_MOST_NAMES} with the highest spend are shown." if len(found) == _MOST_NAMES else "")
    )
    if filters.client_schema and level != "client_schema":
        with st.expander("Rows and files behind these figures"):
            _show_rows(service, filters)


def _next_level(filters: Filters) -> str | None:
    return next((level for level in LEVELS if getattr(filters, level) is None), None)


def _show_rows(service: Service, filters: Filters) -> None:
    if filters.client_schema is None:
        return
    word = service.words()[filters.client_schema]
    client = service.client(word)
    found = cached(service.marts, waves.processed_rows, client, filters)
    if found.empty:
        st.info("No rows match this selection.")
        return
    first = " (the first)" if len(found) == _MOST_NAMES else ""
    st.caption(
        f"{counted(len(found), 'row')}{first}, each with its file and row number. Rows that span several days are "
        f"shown whole."
    )
    columns = {
        "wave_number": st.column_config.NumberColumn("wave", format="%d"),
        "file_name": "file",
        "row_number": st.column_config.NumberColumn("row", format="%d"),
        "date_start": "from",
        "date_end": "to",
        "campaign_name": "campaign",
        "ad_set_name": "ad set",
        "ad_name": "ad",
        "impressions": st.column_config.NumberColumn("impressions", format="localized"),
        "clicks": st.column_config.NumberColumn("clicks", format="localized"),
        "amount_spent": st.column_config.NumberColumn("spend", format="accounting"),
        "data_quality_score": st.column_config.NumberColumn("score", format="%.4f"),
    }
    show_table(found, columns, "The rows behind the figures")
    with st.container(horizontal=True):
        for wave in sorted(set(found["wave_number"]))[:8]:
            link_to("waves", f"Wave {wave}", client=word, wave=str(wave))
