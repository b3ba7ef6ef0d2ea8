"""The filters and periods of Overview: what is looked at, and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.address import Address, choose
from app.components.messages import plain
from app.periods import (
    ALL_DAYS,
    CHOSEN,
    COMPARISONS,
    CUSTOM,
    NOTHING,
    PERIODS,
    PREVIOUS,
    Days,
    OtherPeriod,
    Period,
    other_period,
    period_named,
)
from app.queries import performance
from app.queries.comparability import why_not_comparable
from app.queries.filters import Filters
from app.queries.performance import MOST_CHOICES
from app.service import Service

ALL_IN, NO_CURRENCY = "all in ", "not named"
_WORDS = {
    "brand": "brand",
    "client_schema": "client",
    "platform": "platform",
    "campaign": "campaign",
    "campaign_name": "campaign name",
    "ad_set": "ad set",
    "ad": "ad",
    "level": "level",
    "conversion_type": "conversion type",
}
_LEVELS = {"ad_set": "ad set", "": "not named"}


@dataclass(frozen=True)
class Selection:
    """What is looked at.

    Args:
        filters: with the days of the period.
        name: of the period, as people say it.
        span: the period, or all days that there are.
        other: what it is compared with.
        wanted: the days that it would be compared with, where it can't be.
        currencies: a row a currency of the selection (`days_and_currencies`).
        facts: all of it in words, for downloads.

    """

    filters: Filters
    name: str
    span: Days
    other: OtherPeriod
    wanted: Days | None
    currencies: pd.DataFrame
    facts: Mapping[str, str]

    @property
    def dates(self) -> str:
        """The period, for the name of a file."""
        return f"{self.span.first}_{self.span.last}"


def choose_selection(service: Service, address: Address) -> Selection | None:
    """Draw the filters; none where they select no client."""
    periods, objects = st.container(key="periods"), st.container(key="filters")
    with objects:
        filters, chosen = _choose_objects(service, address)
    scope = Filters(brand=filters.brand, client_schema=filters.client_schema)
    bounds = cached(service.marts, performance.days_and_currencies, scope)
    found = cached(service.marts, performance.days_and_currencies, replace(scope, platform=filters.platform))
    if address.selects_nothing or found.empty:
        return None
    with periods:
        columns = st.columns([2, 2, 2])
    with columns[2]:
        filters = _choose_currency(service, address, filters, found)
    first, last = bounds["first_day"].min(), bounds["last_day"].max()
    there = None if pd.isna(first) or pd.isna(last) else Days(pd.Timestamp(first).date(), pd.Timestamp(last).date())
    name, period = _choose_period(address, columns[0], there)
    other = _choose_other(address, columns[1], period, there)
    filters = filters.over(period.days if period else None)
    wanted, span = other.days, period.days if period else there
    if other.days and (reason := cached(service.marts, why_not_comparable, filters, other.days)):
        other = OtherPeriod(None, reason)
    facts = {
        "Period": str(span or "no days"),
        "Compared with": str(other.days or "nothing"),
        "Currency": filters.unit or NO_CURRENCY,
        **{_WORDS[name].capitalize(): ", ".join(values) for name, values in chosen.items()},
    }
    first_day = pd.Timestamp.today().date()
    return Selection(filters, name, span or Days(first_day, first_day), other, wanted, found, facts)


def _choose_objects(service: Service, address: Address) -> tuple[Filters, dict[str, list[str]]]:
    """The chosen brands, clients and so on; and how each is called."""
    line = st.columns(5)
    clients = service.clients()
    with line[0]:
        brands = {brand: brand for brand in sorted({client.brand for client in clients}, key=str.lower)}
        brand = address.several("Brand", "brand", brands, "brand", "A client across its platforms and years.")
    clients = [client for client in clients if not brand or client.brand in brand]
    words = {str(client.key): client.client_schema for client in clients}
    with line[1]:
        client = address.several("Client", "client", {word: word for word in words}, "client")
    schemas = tuple(words[word] for word in client)
    titles = service.platform_titles()
    platforms = {
        c.platform: titles.get(c.platform, c.platform) for c in clients if not schemas or c.client_schema in schemas
    }
    with line[2]:
        platform = address.several("Platform", "platform", platforms, "platform")
    filters = Filters(brand=brand, client_schema=schemas, platform=platform)
    names = {"brand": list(brand), "client_schema": list(client), "platform": [platforms[key] for key in platform]}
    with line[3]:
        filters, names = _choose(service, address, filters, names, "campaign", "Campaign")
    asked = sum(len(st.query_params.get_all(name)) for name in ("ad_set", "level", "conversion_type"))
    with line[4], st.container(key="more"), st.popover(f"More filters ({asked})" if asked else "More filters"):
        for level, label in (("ad_set", "Ad set"), ("level", "Level"), ("conversion_type", "Kind of conversion")):
            filters, names = _choose(service, address, filters, names, level, label)
    for level in ("campaign_name", "ad"):
        filters, names = _drilled(service, address, filters, names, level)
    _show_path(names)
    return filters, {name: values for name, values in names.items() if values}


def _choose(
    service: Service, address: Address, filters: Filters, names: dict[str, list[str]], level: str, label: str
) -> tuple[Filters, dict[str, list[str]]]:
    """Some of the campaigns, ad sets, levels or kinds of conversions of what is chosen so far."""
    asked = tuple(st.query_params.get_all(level))
    found = cached(service.marts, performance.choices, filters, level, asked)
    options = _labels(service, found, level)
    cut = f"The {MOST_CHOICES:,} with the most rows can be chosen here." if len(found) == MOST_CHOICES else None
    chosen = address.several(label, level, options, _WORDS[level], cut)
    return _with(filters, level, chosen), {**names, level: [options[key] for key in chosen]}


def _drilled(
    service: Service, address: Address, filters: Filters, names: dict[str, list[str]], level: str
) -> tuple[Filters, dict[str, list[str]]]:
    """What a click on a row led to."""
    options: dict[str, str] = {}

    def found(asked: tuple[str, ...]) -> Mapping[str, str]:
        options.update(_labels(service, cached(service.marts, performance.choices, filters, level, asked), level))
        return options

    chosen = address.drilled(level, found, _WORDS[level])
    return _with(filters, level, chosen), {**names, level: [options[key] for key in chosen]}


def _with(filters: Filters, level: str, chosen: tuple[str, ...]) -> Filters:
    """The filters with a choice."""
    values: dict[str, tuple[str, ...]] = {level: chosen}
    return replace(filters, **values)  # type: ignore[arg-type]


def _labels(service: Service, found: pd.DataFrame, level: str) -> dict[str, str]:
    """What each key is called, and whose it is where there are several clients; each label is there once."""
    words = service.words()
    several = level not in ("level", "conversion_type") and found["client_schema"].nunique() > 1
    labels: dict[str, str] = {}
    for row in found.to_dict("records"):
        label = row["label"] if isinstance(row["label"], str) and row["label"] else row["key"]
        label = _LEVELS.get(label, label) if level == "level" else label or "not named"
        if several:
            clients = int(row["clients"])
            label += f" · {words.get(row['client_schema'], '')}" if clients == 1 else f" · {clients} clients"
        labels[row["key"]] = label
    counts = pd.Series(labels, dtype=object).value_counts()
    return {key: f"{label} · {key}" if counts[label] > 1 else label for key, label in labels.items()}


def _show_path(names: dict[str, list[str]]) -> None:
    """What is chosen and not seen in a filter on the page, each with the way back."""
    shown = [
        (name, names[name]) for name in ("campaign_name", "ad_set", "ad", "level", "conversion_type") if names[name]
    ]
    if not shown:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, values in shown:
            more = f" and {len(values) - 2} more" if len(values) > 2 else ""
            label = plain(f"{_WORDS[name].capitalize()}: {', '.join(values[:2])}{more}")
            st.button(f"{label}  ✕", key=f"leave {name}", help="Remove this filter", on_click=choose, args=(name, []))


def _choose_currency(service: Service, address: Address, filters: Filters, found: pd.DataFrame) -> Filters:
    """One currency, or all converted to one."""
    currencies = [value if isinstance(value, str) else NO_CURRENCY for value in found["currency"]]
    converted = [f"{ALL_IN}{code}" for code in cached(service.marts, performance.reporting_currencies)]
    options = [*currencies, *converted]
    currency = address.one(
        "Currency", "currency", options, currencies[0],
        "Amounts of several currencies are added up in one alone, by the exchange rates of their days.",
    )  # fmt: skip
    if len(options) > 1:
        address.state("currency", currency)
    if currency in converted:
        return replace(filters, reporting=currency.removeprefix(ALL_IN))
    return replace(filters, currency=None if currency == NO_CURRENCY else currency)


def _choose_period(
    address: Address, place: st.delta_generator.DeltaGenerator, there: Days | None
) -> tuple[str, Period | None]:
    """The period and its name; none for all days."""
    with place:
        name = address.one("Period", "period", PERIODS, "Last 28 days")
        if there is None or name == ALL_DAYS:
            return ALL_DAYS, None
        if name == CUSTOM:
            first, last = st.columns(2)
            with first:
                given = address.day("From", "from", there.first, there.first, there.last)
            with last:
                until = address.day("To", "to", there.last, there.first, there.last)
            return "", Period(Days(min(given, until), max(given, until)))
    period = period_named(name, there.last)
    if period is None:
        return ALL_DAYS, None
    return (name if period.is_whole else f"{name} so far"), period


def _choose_other(
    address: Address, place: st.delta_generator.DeltaGenerator, period: Period | None, there: Days | None
) -> OtherPeriod:
    """What the period is compared with."""
    with place:
        how = address.one(
            "Compare with",
            "against",
            COMPARISONS,
            PREVIOUS,
            "As many days as the period has; the line above the figures has them.",
        )
        if period is None or there is None:
            return OtherPeriod(None)
        if how == NOTHING:
            return OtherPeriod(None)
        start = None
        if how == CHOSEN:
            days = period.days
            default = max(there.first, days.first - timedelta(days=days.count))
            start = address.day("From the day", "since", default, there.first, there.last)
    return other_period(period, how, start)
