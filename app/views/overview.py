"""What needs attention, and the results of the campaigns: the filters, and the figures they select."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.messages import link_to, plain, show_nothing_yet
from app.components.words import decimals, listed, percent, whole
from app.queries import operations, performance, waves
from app.queries.performance import Filters
from app.service import Service
from app.settings import FAIL_BELOW, WARN_BELOW
from app.views.performance import leave_path, narrowed, show_performance
from loader.words import counted

_ALL, _NO_CURRENCY, _ALL_IN = "All", "not named", "all in "
_SHOWN_CLIENTS = 5
_PERIODS = {"Last 7 days": 7, "Last 28 days": 28, "Last 90 days": 90, "All days": None, "From … to": 0}


def show(service: Service) -> None:
    """Draw the page."""
    st.title("Overview")
    if not service.marts.are_built():
        show_nothing_yet(service, "Nothing has been built yet.")
        return
    if cached(service.marts, performance.days_and_currencies).empty:
        show_nothing_yet(service, "None of your clients has figures yet.")
        return
    _show_state(service)
    filters, currencies = _choose(service)
    if currencies.empty:
        st.info("There are no figures for this selection. Choose another client or platform.")
        return
    show_performance(service, filters, currencies)


def _show_state(service: Service) -> None:
    """Today, failed steps, scores below the limits, seconds per wave, success of uploads."""
    marts = service.marts
    steps, week, all_waves = (cached(marts, ask) for ask in (operations.today, operations.week, waves.waves))
    variables = service.runtime.project.variables
    warn, fail = float(variables[WARN_BELOW]), float(variables[FAIL_BELOW])
    scores = all_waves["data_quality_score"] if not all_waves.empty else pd.Series(dtype=float)
    failed = int(steps["failed_steps"].sum()) if not steps.empty else 0
    under, to_review = int((scores < fail).sum()), int(((scores >= fail) & (scores < warn)).sum())
    loaded, seconds = week.iloc[0]["loaded_percent"], week.iloc[0]["seconds_per_wave"]
    tiles = st.columns(6)
    loads = int(steps["loads_completed"].sum()) if not steps.empty else 0
    tiles[0].metric("Loads today", whole(loads), help="Days are in UTC, as of the last build.")
    tiles[1].metric("Failed steps today", whole(failed))
    tiles[2].metric(f"Waves below {fail:.2f}", whole(under), help="These fail the build.")
    tiles[3].metric(f"Waves below {warn:.2f}", whole(to_review), help=f"At least {fail:.2f}; these waves need review.")
    tiles[4].metric(
        "Uploads loaded, 7 days",
        percent(loaded, 1),
        help="Share of uploaded files that were loaded; the others were refused.",
    )
    tiles[5].metric("Seconds per wave, 7 days", decimals(seconds, 1), help="The total time of all loads of a wave.")
    _show_attention(service, steps, all_waves, warn, fail)


def _show_attention(service: Service, steps: pd.DataFrame, all_waves: pd.DataFrame, warn: float, fail: float) -> None:
    """What needs attention, with a link each; red is reserved for these."""
    names = service.words()
    if not steps.empty:
        for row in steps[steps["failed_steps"] > 0].head(5).to_dict("records"):
            st.error(
                f"{plain(names.get(row['client_schema'], row['client_schema']))}: "
                f"{counted(int(row['failed_steps']), 'failed step')} today",
                icon=":material/error:",
            )
    if all_waves.empty:
        return
    _show_questions(names, all_waves[all_waves["open_questions"] > 0])
    to_review = all_waves[all_waves["data_quality_score"] < warn].sort_values("data_quality_score").head(5)
    for row in to_review.to_dict("records"):
        name = names.get(row["client_schema"], row["client_schema"])
        words = f"{plain(name)}, wave {row['wave_number']}: score {row['data_quality_score']:.4f}"
        show, icon = (
            (st.error, ":material/error:")
            if row["data_quality_score"] < fail
            else (st.warning, ":material/visibility:")
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            show(words, icon=icon)
            link_to("waves", "Review", client=name, wave=str(row["wave_number"]))


def _show_questions(names: dict[str, str], asked: pd.DataFrame) -> None:
    """How many questions are open, by client; most first."""
    counts = asked.groupby("client_schema")["open_questions"].sum().sort_values(ascending=False)
    for schema, count in counts.head(_SHOWN_CLIENTS).items():
        name = names.get(str(schema), str(schema))
        numbers = sorted(asked.loc[asked["client_schema"] == schema, "wave_number"])
        where = f"wave{'s' if len(numbers) > 1 else ''} {listed([str(number) for number in numbers])}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(plain(f"{name}, {where}: {counted(int(count), 'open question')}"), icon=":material/help:")
            link_to("waves", "Review", client=name, wave=str(numbers[0]), show="Questions")
    if len(counts) > _SHOWN_CLIENTS:
        st.caption(f"and {counted(len(counts) - _SHOWN_CLIENTS, 'other client')} with open questions, see Waves")


def _choose(service: Service) -> tuple[Filters, pd.DataFrame]:
    """The filters, which are in the address, so that a view can be shared; and the available currencies."""
    line = st.columns([2, 2, 2, 2, 1])
    with line[0]:
        period = st.selectbox("Period", list(_PERIODS), index=1, key="period", bind="query-params")
    brands = {client.client_schema: client.brand for client in service.clients()}
    with line[1]:
        chosen_brand = st.selectbox(
            "Brand", [_ALL, *sorted(set(brands.values()))], key="brand", bind="query-params", on_change=leave_path,
            help="A client across its platforms and years.",
        )  # fmt: skip
    brand = None if chosen_brand == _ALL else chosen_brand
    schemas = {word: schema for schema, word in service.words().items() if brand in (None, brands.get(schema))}
    with line[2]:
        client = schemas.get(
            st.selectbox("Client", [_ALL, *schemas], key="client", bind="query-params", on_change=leave_path)
        )
    titles = service.platform_titles()
    platforms = {titles.get(client.platform, client.platform): client.platform for client in service.clients()}
    with line[3]:
        platform = platforms.get(
            st.selectbox("Platform", [_ALL, *sorted(platforms)], key="platform", bind="query-params")
        )
    found = cached(service.marts, performance.days_and_currencies, brand, client, platform)
    currencies = [value if isinstance(value, str) else _NO_CURRENCY for value in found["currency"]]
    converted = [f"{_ALL_IN}{code}" for code in cached(service.marts, performance.reporting_currencies)]
    with line[4]:
        currency = st.selectbox(
            "Currency", [*currencies, *converted], key="currency", bind="query-params",
            help="Amounts of several currencies are added up in one alone, by the exchange rates of their days.",
        )  # fmt: skip
    filters = Filters(brand=brand, client_schema=client, platform=platform)
    if currency in converted and not found.empty:
        first, last = _days(period, found["first_day"].min(), found["last_day"].max())
        filters = replace(filters, first=first, last=last, reporting=currency.removeprefix(_ALL_IN))
    elif currency in currencies:
        chosen = found.iloc[currencies.index(currency)]
        first, last = _days(period, chosen["first_day"], chosen["last_day"])
        filters = replace(filters, first=first, last=last, currency=None if currency == _NO_CURRENCY else currency)
    else:
        return filters, found
    return narrowed(service, filters), found


def _days(period: str, first_day: date | None, last_day: date | None) -> tuple[date | None, date | None]:
    """The days of a period; periods end on the last day that there is."""
    if first_day is None or last_day is None or pd.isna(first_day) or pd.isna(last_day):
        return None, None
    first_day, last_day = _as_day(first_day), _as_day(last_day)
    days = _PERIODS[period]
    if days is None:
        return None, None
    if days:
        return max(first_day, last_day - timedelta(days=days - 1)), last_day
    with st.columns([2, 2, 3])[0]:
        given = st.date_input(
            "Days", (first_day, last_day), min_value=first_day, max_value=last_day, key="days", format="YYYY-MM-DD",
            bind="query-params",
        )  # fmt: skip
    chosen = tuple(given) if isinstance(given, tuple | list) else (given, given)
    return (chosen[0], chosen[-1]) if chosen else (first_day, last_day)


def _as_day(value: date) -> date:
    return pd.Timestamp(value).date()
