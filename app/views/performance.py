"""Results of the campaigns: totals against another period, over time, and by level down to rows and files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.address import Address, choose
from app.components.charts import WHEN, each_day, show_bars, show_days, show_stacked
from app.components.downloads import FileOf, file_name, offer_chart, offer_table
from app.components.messages import link_to, plain
from app.components.style import show_on_paper
from app.components.tables import figures_of, show_table
from app.components.words import decimals, money, percent, results, whole
from app.periods import Days
from app.queries import performance, waves
from app.queries.filters import LEVELS, Filters
from app.queries.performance import MOST_NAMES, OWNERS, RATES
from app.service import Service
from app.views.selection import Selection
from loader.words import counted

_TITLES = {
    "brand": "Brand",
    "client_schema": "Client",
    "platform": "Platform",
    "campaign": "Campaign",
    "campaign_name": "Campaign across platforms",
    "ad_set": "Ad set",
    "ad": "Ad",
}
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
# the columns of files, in their order
_FILE_COLUMNS = {
    "amount_spent": "spend",
    "impressions": "impressions",
    "clicks": "clicks",
    "ctr_percent": "CTR %",
    "cpc": "CPC",
    "cpm": "CPM",
    "conversions": "conversions",
    "conversion_value": "conversion value",
    "roas": "ROAS",
}
_SPARKS, _MOST_ON_PAPER = 60, 50
_MOST_SINGLE_DAYS = 120
_MOST_ROWS_OF_FILES = 100_000


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
    _show_deeper(service, selection, address)


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
    st.caption(_told(selection))
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
    of = FileOf(file_name(_MEASURES[measure][0], "by", grain, _dates(selection)), selection.facts)
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
    return _for_file(found, first, filters)


def _for_file(found: pd.DataFrame, first: dict[str, Any], filters: Filters) -> pd.DataFrame:
    """Figures with the columns of files, after those that say of what they are."""
    figures = {title: found[name] for name, title in _FILE_COLUMNS.items()}
    return pd.DataFrame({**first, "currency": filters.unit or "", **figures})


def _told(selection: Selection) -> str:
    """The period and what it is compared with, with their dates."""
    period = f"{selection.name}: {selection.span}" if selection.name else f"{selection.span}"
    other, wanted = selection.other, selection.wanted
    if other.days:
        same = ", as many days" if selection.name.endswith("so far") else ""
        return f"{period}, compared with {other.days}{same}."
    if not other.reason:
        return f"{period}."
    against = f" with {wanted}" if wanted else ""
    return f"{period}. Not comparable{against}: {plain(other.reason)}."


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
    for start in range(0, len(shown), 5):
        for tile, name in zip(st.columns(5), shown[start : start + 5], strict=False):
            change, reason = _change(now[name], before[name]) if before is not None else (None, other.reason)
            spark = each_day(lines, name, selection.span, grain)[name] if len(lines) > 1 else None
            tile.metric(
                _MEASURES[name][0].removesuffix(" %"),
                forms.get(name, decimals)(now[name]),
                delta=change or ("not comparable" if reason and selection.filters.first else None),
                delta_color="off",
                delta_arrow="auto" if change else "off",
                help=f"Not comparable: {reason}." if reason and not change and selection.filters.first else None,
                chart_data=None if spark is None else spark.astype(float).tolist(),
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


def _show_deeper(service: Service, selection: Selection, address: Address) -> None:
    """The next level as a table, or the one that was chosen; at the end, the rows and files."""
    filters = selection.filters
    deeper = next((level for level in LEVELS if len(getattr(filters, level)) != 1), None)
    with st.container(key="group-by"):
        level = address.segment("Group by", "by", _TITLES, deeper or LEVELS[-1])
    if deeper is not None or level != LEVELS[-1]:
        _show_level(service, selection, level)
    if len(filters.client_schema) == 1:
        if deeper is None:
            _show_rows(service, selection)
        else:
            with st.expander("Rows and files behind these figures"):
                _show_rows(service, selection)


def _show_level(service: Service, selection: Selection, level: str) -> None:
    filters, title = selection.filters, _TITLES[level]
    found = cached(service.marts, performance.by_level, filters, level)
    if found.empty:
        st.info("There are no figures for this selection. Choose a longer period, or remove a filter.")
        return
    found = _with_names(service, found, level)
    st.subheader(f"By {title.lower()}")
    keys = list(zip(found["key"], found["owner"], strict=True))
    lines = cached(service.marts, performance.sparklines, filters, level, tuple(keys[:_SPARKS]))
    # a day without figures has no bar
    found["spark"] = pd.Series([[spend or 0.0 for spend in lines.get(key, [])] for key in keys], dtype=object)
    of = FileOf(file_name("by", title, _dates(selection)), selection.facts)
    if len(found) > 1:
        unit = f"Spend {filters.unit or ''}".strip()
        chart = show_bars(found, "amount_spent", unit, ",.2f", title, subtitle=str(selection.span))
        offer_chart(chart, of, "by level")
    columns = {
        "label": st.column_config.TextColumn(title.lower(), width="medium"),
        **({"whose": "client" if OWNERS[level] == "client_schema" else "brand"} if level in OWNERS else {}),
        "spark": st.column_config.BarChartColumn("spend by day", width="small"),
        **figures_of(filters.unit),
    }

    def deeper(row: int) -> None:
        """Narrow to the row that was clicked."""
        chosen = found.iloc[row]
        choose("by", [])
        if level in OWNERS:
            choose("client" if OWNERS[level] == "client_schema" else "brand", [str(chosen["whose"])])
        name, key = ("client", chosen["label"]) if level == "client_schema" else (level, chosen["key"])
        choose(name, [str(key)])

    show_table(found, columns, f"Figures by {title.lower()}", f"by {level} {filters}", deeper)
    show_on_paper(_as_html(found.head(_MOST_ON_PAPER), level, filters))
    offer_table(lambda: _level_for_file(service, selection, level), of, "by level")
    with st.container(key="drill-down"):
        st.caption(
            "Click a row to drill down."
            + (f" Only the {MOST_NAMES} with the highest spend are shown." if len(found) == MOST_NAMES else "")
        )


def _as_html(found: pd.DataFrame, level: str, filters: Filters) -> str:
    """The rows for paper."""
    shown = _for_file(found, {_TITLES[level].lower(): found["label"]}, filters).dropna(axis="columns", how="all")
    rate = "{:,.2f}".format
    counts = dict.fromkeys(("impressions", "clicks", "conversions"), "{:,.0f}".format)
    return str(shown.to_html(index=False, border=0, na_rep="–", float_format=rate, formatters=counts, escape=True))


def _with_names(service: Service, found: pd.DataFrame, level: str) -> pd.DataFrame:
    """The rows with what people call them, once each, and whose they are."""
    words, titles = service.words(), service.platform_titles()
    owner = OWNERS.get(level)
    owners = list(found[owner]) if owner else [""] * len(found)
    labels = [label or key or "not named" for label, key in zip(found["label"], found["key"], strict=True)]
    if level in ("client_schema", "platform"):
        known = words if level == "client_schema" else titles
        labels = [known.get(key, key) for key in found["key"]]
    whose = [words.get(each, each) for each in owners]
    if len(set(labels)) < len(labels) and owner:
        labels = [
            f"{label} · {of}" if labels.count(label) > 1 else label for label, of in zip(labels, whose, strict=True)
        ]
    keys = list(found["key"])
    labels = [f"{label} · {key}" if labels.count(label) > 1 else label for label, key in zip(labels, keys, strict=True)]
    return found.assign(label=labels, owner=owners, whose=whose)


def _level_for_file(service: Service, selection: Selection, level: str) -> pd.DataFrame:
    """All rows of the table, not only those that fit on the screen."""
    filters = selection.filters
    found = performance.by_level(service.marts, filters, level, _MOST_ROWS_OF_FILES, exact=True)
    found = _with_names(service, found, level)
    first: dict[str, Any] = {_TITLES[level].lower(): found["label"]}
    if level in OWNERS:
        first["client" if OWNERS[level] == "client_schema" else "brand"] = found["whose"]
    first |= {"from": pd.Timestamp(selection.span.first), "to": pd.Timestamp(selection.span.last)}
    return _for_file(found, first, filters)


def _day(value: date) -> date:
    return pd.Timestamp(value).date()


def _dates(selection: Selection) -> str:
    return f"{selection.span.first}_{selection.span.last}"


def _show_rows(service: Service, selection: Selection) -> None:
    filters = selection.filters
    word = service.words()[filters.client_schema[0]]
    client = service.client(word)
    found = cached(service.marts, waves.processed_rows, client, filters)
    if found.empty:
        st.info("No rows match this selection.")
        return
    first = " (the first)" if len(found) == MOST_NAMES else ""
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
        "currency": "currency",
        "data_quality_score": st.column_config.NumberColumn("score", format="%.4f"),
    }
    show_table(found, columns, "The rows behind the figures")
    with st.container(horizontal=True):
        for wave in sorted(set(found["wave_number"]))[:8]:
            link_to("waves", f"Wave {wave}", client=word, wave=str(wave))
