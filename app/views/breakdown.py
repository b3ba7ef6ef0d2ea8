"""The figures by brand, client, platform, campaign, ad set or ad; at the end the rows and files behind them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.address import Address, choose
from app.components.charts import show_bars
from app.components.downloads import FileOf, file_name, offer_chart, offer_table
from app.components.messages import link_to
from app.components.style import show_on_paper
from app.components.tables import figures_of, for_file, show_table
from app.queries import performance, waves
from app.queries.filters import LEVELS, Filters
from app.queries.performance import MOST_NAMES, OWNERS
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
_SPARKS, _MOST_ON_PAPER = 60, 50
_MOST_ROWS_OF_FILES = 100_000
# how many days a small chart has a bar for each day, or week
_MOST_BARS = {"day": 45, "week": 300}


def show_breakdown(service: Service, selection: Selection, address: Address) -> None:
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
    span = selection.span
    grain = next((grain for grain, most in _MOST_BARS.items() if span.count <= most), "month")
    lines = cached(service.marts, performance.sparklines, filters, level, tuple(keys[:_SPARKS]), span, grain)
    # a day, week or month without figures has no bar
    found["spark"] = pd.Series([[spend or 0.0 for spend in lines.get(key, [])] for key in keys], dtype=object)
    of = FileOf(file_name("by", title, selection.dates), selection.facts)
    if len(found) > 1:
        unit = f"Spend {filters.unit or ''}".strip()
        chart = show_bars(found, "amount_spent", unit, ",.2f", title, period=str(span))
        offer_chart(chart, of, "by level")
    columns = {
        "label": st.column_config.TextColumn(title.lower(), width="medium"),
        **({"whose": "client" if OWNERS[level] == "client_schema" else "brand"} if level in OWNERS else {}),
        "spark": st.column_config.BarChartColumn(f"spend by {grain}", width="small"),
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
    shown = for_file(found, {_TITLES[level].lower(): found["label"]}, filters.unit).dropna(axis="columns", how="all")
    rate = "{:,.2f}".format
    counts = dict.fromkeys(("impressions", "clicks", "conversions"), "{:,.0f}".format)
    return str(shown.to_html(index=False, border=0, na_rep="–", float_format=rate, formatters=counts, escape=True))


def _with_names(service: Service, found: pd.DataFrame, level: str) -> pd.DataFrame:
    """The rows with what people call them, once each, and whose they are."""
    words = service.words()
    owner = OWNERS.get(level)
    owners = list(found[owner]) if owner else [""] * len(found)
    labels = [label or key or "not named" for label, key in zip(found["label"], found["key"], strict=True)]
    if level in ("client_schema", "platform"):
        known = words if level == "client_schema" else service.platform_titles()
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
    return for_file(found, first, filters.unit)


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
    of = FileOf(file_name("rows", word, selection.dates), selection.facts)
    offer_table(
        lambda: waves.processed_rows(service.marts, client, filters, _MOST_ROWS_OF_FILES, exact=True), of, "rows"
    )
    with st.container(horizontal=True):
        for wave in sorted(set(found["wave_number"]))[:8]:
            link_to("waves", f"Wave {wave}", client=word, wave=str(wave))
