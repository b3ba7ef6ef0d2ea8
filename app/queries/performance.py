"""Spend and what it brought, from the mart performance_by_day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from app.marts import Marts, literal

# deeper from left to right: what a table is grouped by, and what a click narrows to
LEVELS = ("client_schema", "campaign", "ad_set", "ad")
FIGURES = ("amount_spent", "impressions", "clicks", "conversions", "conversion_value")
RATES = ("ctr_percent", "cpc", "cpm", "roas")
# an object is its id, or its name where exports have no id
_KEYS = {
    "client_schema": "client_schema",
    "platform": "platform",
    "campaign": "coalesce(campaign_id, campaign_name, '')",
    "ad_set": "coalesce(ad_set_id, ad_set_name, '')",
    "ad": "coalesce(ad_id, ad_name, '')",
}
_LABELS = {
    "client_schema": "max(client_schema)",
    "platform": "max(platform)",
    "campaign": "max(coalesce(campaign_name, campaign_id))",
    "ad_set": "max(coalesce(ad_set_name, ad_set_id))",
    "ad": "max(coalesce(ad_name, ad_id))",
}


@dataclass(frozen=True)
class Filters:
    """What is looked at.

    Args:
        first: the first day; none for all days, rows without a day too.
        last: the last day.
        currency: amounts are of this one alone; none for rows without a currency.
        client_schema: one client; none for all.
        platform: one platform.
        campaign: its key.
        ad_set: its key.
        ad: its key.

    """

    first: date | None = None
    last: date | None = None
    currency: str | None = None
    client_schema: str | None = None
    platform: str | None = None
    campaign: str | None = None
    ad_set: str | None = None
    ad: str | None = None

    def before(self) -> Filters | None:
        """The same over as many days just before; none for all days."""
        if self.first is None or self.last is None:
            return None
        days = (self.last - self.first).days + 1
        return replace(self, first=self.first - timedelta(days), last=self.first - timedelta(1))

    def condition(self) -> str:
        """As a condition over performance_by_day."""
        parts = [f"currency is not distinct from {literal(self.currency)}"]
        if self.first is not None and self.last is not None:
            parts.append(f"date_day between {literal(self.first)} and {literal(self.last)}")
        parts += [
            f"{_KEYS[name]} = {literal(getattr(self, name))}" for name in _KEYS if getattr(self, name) is not None
        ]
        return " and ".join(parts)


def days_and_currencies(marts: Marts, client_schema: str | None = None, platform: str | None = None) -> pd.DataFrame:
    """A row a currency, most rows first: currency, first_day, last_day, rows, and rows and spend without a day."""
    given = {"client_schema": client_schema, "platform": platform}
    where = " and ".join(f"{name} = {literal(value)}" for name, value in given.items() if value is not None) or "1 = 1"
    return marts.frame(
        "select currency, min(date_day) as first_day, max(date_day) as last_day, sum(row_count) as row_count, "
        "sum(case when date_day is null then row_count else 0 end) as rows_without_day, "
        "sum(case when date_day is null then amount_spent else 0 end) as spend_without_day "
        f"from {marts.mart('performance_by_day')} where {where} group by currency order by row_count desc, currency"
    )


def totals(marts: Marts, filters: Filters) -> pd.DataFrame:
    """One row: the sums and rates of what is looked at."""
    return _grouped(marts, filters, [])


def by_day(marts: Marts, filters: Filters, grain: str = "day") -> pd.DataFrame:
    """A row a day, week or month: `day`, sums and rates."""
    day = {
        "day": "date_day",
        "week": "cast(date_trunc('week', date_day) as date)",
        "month": "cast(date_trunc('month', date_day) as date)",
    }[grain]
    return _grouped(marts, filters, [("day", day)], "date_day is not null").sort_values("day", ignore_index=True)


def by_level(marts: Marts, filters: Filters, level: str, most: int = 500) -> pd.DataFrame:
    """A row for each client, platform, campaign, ad set or ad, most spend first: `key`, `label`, sums and rates.

    Args:
        marts: who looks at what.
        filters: what is looked at.
        level: one of LEVELS, or platform.
        most: how many rows there are at most.

    """
    found = _grouped(marts, filters, [("key", _KEYS[level])], label=_LABELS[level])
    return found.sort_values("amount_spent", ascending=False, ignore_index=True, na_position="last").head(most)


def sparklines(marts: Marts, filters: Filters, level: str, keys: Sequence[str]) -> dict[str, list[float]]:
    """Spend by day of some objects of a level, by key; days without any are zero."""
    if not keys:
        return {}
    listed = ", ".join(map(literal, keys))
    rows = marts.rows(
        f"select {_KEYS[level]} as object, date_day, sum(amount_spent) as spend "
        f"from {marts.mart('performance_by_day')} "
        f"where {filters.condition()} and date_day is not null and {_KEYS[level]} in ({listed}) "
        f"group by {_KEYS[level]}, date_day order by date_day"
    )
    days = sorted({row["date_day"] for row in rows})
    if not days:
        return {}
    span = (days[-1] - days[0]).days + 1
    lines = {key: [0.0] * span for key in keys}
    for row in rows:
        lines[row["object"]][(row["date_day"] - days[0]).days] = float(row["spend"] or 0)
    return lines


def conversion_types(marts: Marts, filters: Filters) -> pd.DataFrame:
    """A row a kind of conversion: conversion_type, conversions, conversion_value; kinds are never added up."""
    return marts.frame(
        "select coalesce(conversion_type, 'not named') as conversion_type, sum(conversions) as conversions, "
        f"sum(conversion_value) as conversion_value from {marts.mart('performance_by_day')} "
        f"where {filters.condition()} and conversions is not null "
        "group by coalesce(conversion_type, 'not named') order by 2 desc"
    )


def _grouped(
    marts: Marts, filters: Filters, groups: Sequence[tuple[str, str]], also: str = "1 = 1", label: str = ""
) -> pd.DataFrame:
    """Sums by groups, with the rates that the marts give; conversions of several kinds have no sum."""
    kinds = "count(distinct case when {} is not null then coalesce(conversion_type, '') end)"
    sums = [
        *(f"sum({name}) as {name}" for name in ("amount_spent", "impressions", "clicks")),
        *(
            f"case when {kinds.format(name)} <= 1 then sum({name}) end as {name}"
            for name in ("conversions", "conversion_value")
        ),
        f"{kinds.format('conversions')} as conversion_kinds",
    ]
    rates = ", ".join(f"{expression} as {name}" for name, expression in marts.macro("performance_rates"))
    named = [name for name, _ in groups] + (["label"] if label else [])
    selected = [*(f"{expression} as {name}" for name, expression in groups), *([f"{label} as label"] if label else [])]
    by = f" group by {', '.join(expression for _, expression in groups)}" if groups else ""
    return marts.frame(
        f"with totals as (select {', '.join([*selected, *sums])} from {marts.mart('performance_by_day')} "
        f"where {filters.condition()} and {also}{by}) "
        f"select {', '.join([*named, *FIGURES, 'conversion_kinds'])}, {rates} from totals"
    )
