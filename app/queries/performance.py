"""Spend and results, from the mart performance_by_day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from app.marts import Marts, literal

# deeper from left to right: what a table is grouped by, and what a click narrows to
LEVELS = ("client_schema", "campaign", "ad_set", "ad")
FIGURES = ("amount_spent", "impressions", "clicks", "conversions", "conversion_value")
RATES = ("ctr_percent", "cpc", "cpm", "roas")
# the part of days that must have figures for a period to be compared with
ENOUGH_DAYS = 0.8
# an object is its id, or its name where exports have no id
_KEYS = {
    "brand": "brand",
    "client_schema": "client_schema",
    "platform": "platform",
    "campaign": "coalesce(campaign_id, campaign_name, '')",
    "ad_set": "coalesce(ad_set_id, ad_set_name, '')",
    "ad": "coalesce(ad_id, ad_name, '')",
}
_LABELS = {
    "brand": "max(brand)",
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
        reporting: the currency that all amounts are converted to, whatever theirs is; none to convert nothing.
        brand: one brand; none for all.
        client_schema: one client; none for all.
        platform: one platform.
        campaign: its key.
        ad_set: its key.
        ad: its key.

    """

    first: date | None = None
    last: date | None = None
    currency: str | None = None
    reporting: str | None = None
    brand: str | None = None
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

    def with_period_before(self) -> Filters:
        """The same over both: as many days before, and these."""
        earlier = self.before()
        return self if earlier is None else replace(self, first=earlier.first)

    @property
    def unit(self) -> str | None:
        """The currency of amounts."""
        return self.reporting or self.currency

    @property
    def mart(self) -> str:
        """The mart that has the figures."""
        return "performance_in_currency" if self.reporting else "performance_by_day"

    def condition(self) -> str:
        """As a condition over the mart."""
        parts = [
            f"reporting_currency = {literal(self.reporting)}"
            if self.reporting
            else f"currency is not distinct from {literal(self.currency)}"
        ]
        if self.first is not None and self.last is not None:
            parts.append(f"date_day between {literal(self.first)} and {literal(self.last)}")
        return " and ".join([*parts, self.of_objects()])

    def of_objects(self) -> str:
        """That part of it that does not ask for days and currencies."""
        given = {name: getattr(self, name) for name in _KEYS}
        chosen = [f"{_KEYS[name]} = {literal(value)}" for name, value in given.items() if value is not None]
        return " and ".join(chosen) or "1 = 1"


def days_and_currencies(
    marts: Marts, brand: str | None = None, client_schema: str | None = None, platform: str | None = None
) -> pd.DataFrame:
    """A row a currency, most rows first: currency, first_day, last_day, rows, and rows and spend without a day."""
    given = {"brand": brand, "client_schema": client_schema, "platform": platform}
    where = " and ".join(f"{name} = {literal(value)}" for name, value in given.items() if value is not None) or "1 = 1"
    return marts.frame(
        "select currency, min(date_day) as first_day, max(date_day) as last_day, sum(row_count) as row_count, "
        "sum(case when date_day is null then row_count else 0 end) as rows_without_day, "
        "sum(case when date_day is null then amount_spent else 0 end) as spend_without_day "
        f"from {marts.mart('performance_by_day')} where {where} group by currency order by row_count desc, currency"
    )


def reporting_currencies(marts: Marts) -> list[str]:
    """The currencies that amounts can be converted to: those that have exchange rates, and their base."""
    if not marts.has_mart("daily_exchange_rates"):
        return []
    rows = marts.rows(f"select distinct currency from {marts.shared('daily_exchange_rates')}")
    found = {str(row["currency"]) for row in rows}
    return sorted(found | {str(marts.runtime.project.variables["exchange_rate_base"])}) if found else []


def exchange_rates_used(marts: Marts, filters: Filters) -> pd.DataFrame:
    """A row a currency but the reporting one: first_rate, last_rate (days), and rows and spend without a rate."""
    return marts.frame(
        "select currency, min(rate_day) as first_rate, max(rate_day) as last_rate, "
        "sum(case when amount_spent_without_rate is not null then row_count else 0 end) as rows_left_out, "
        f"sum(amount_spent_without_rate) as spend_left_out from {marts.mart(filters.mart)} "
        f"where {filters.condition()} and currency is distinct from reporting_currency "
        "group by currency order by currency"
    )


def totals(marts: Marts, filters: Filters) -> pd.DataFrame:
    """One row: the sums and rates of what is looked at."""
    return _grouped(marts, filters, [])


def why_not_comparable(marts: Marts, filters: Filters) -> str | None:
    """Why a change from the previous period would be misleading, in words; none if it can be shown.

    Comparable is a period before that has figures on ENOUGH_DAYS of its days, of the same clients on the same
    platforms, each on about as many days as now (ENOUGH_DAYS of them, either way).

    Args:
        marts: who looks at what.
        filters: what is looked at.

    """
    earlier = filters.before()
    if earlier is None or filters.first is None or filters.last is None:
        return "all days are shown"
    name = "client || '/' || platform"
    rows = marts.rows(
        f"select {name} as name, date_day, date_day >= {literal(filters.first)} as is_now "
        f"from {marts.mart(filters.mart)} where {filters.with_period_before().condition()} "
        f"group by {name}, date_day, date_day >= {literal(filters.first)}"
    )
    now, before = (Counter(row["name"] for row in rows if row["is_now"] is is_now) for is_now in (True, False))
    days = (filters.last - filters.first).days + 1
    covered = len({row["date_day"] for row in rows if not row["is_now"]})
    if covered < ENOUGH_DAYS * days:
        return f"only {covered} of the previous {days} days have figures"
    for only, when in ((now.keys() - before.keys(), "now"), (before.keys() - now.keys(), "before")):
        if only:
            return f"{', '.join(sorted(only)[:3])} has figures only {when}"
    uneven = [each for each in sorted(now) if min(now[each], before[each]) < ENOUGH_DAYS * max(now[each], before[each])]
    if uneven:
        each = uneven[0]
        return f"{each} has figures on {before[each]} of the previous {days} days, but on {now[each]} now"
    return None


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
        f"from {marts.mart(filters.mart)} "
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
        f"sum(conversion_value) as conversion_value from {marts.mart(filters.mart)} "
        f"where {filters.condition()} and conversions is not null "
        "group by coalesce(conversion_type, 'not named') order by 2 desc"
    )


def _grouped(
    marts: Marts, filters: Filters, groups: Sequence[tuple[str, str]], also: str = "1 = 1", label: str = ""
) -> pd.DataFrame:
    """Sums by groups, with the rates that the marts give; conversions of several kinds have no sum.

    A rate is of the clients that report both of its parts; `<rate>_without` is the share of what it divides by (such as
    the spend, for ROAS) of those that do not.
    """
    kinds = "count(distinct case when {} is not null then coalesce(conversion_type, '') end)"
    sums = [
        *(f"sum({name}) as {name}" for name in ("amount_spent", "impressions", "clicks")),
        *(
            f"case when {kinds.format(name)} <= 1 then sum({name}) end as {name}"
            for name in ("conversions", "conversion_value")
        ),
        f"{kinds.format('conversions')} as conversion_kinds",
    ]
    parts = marts.macro("rate_parts")
    sums += [column for rate in parts for column in _of_those_that_report_both(rate, kinds)]
    rates = ", ".join(f"{expression} as {name}" for name, expression in marts.macro("performance_rates", "", True))
    without = ", ".join(
        f"1 - cast(coalesce({rate['name']}_under, 0) as double) / nullif({rate['under']}, 0) as {rate['name']}_without"
        for rate in parts
    )
    named = [name for name, _ in groups] + (["label"] if label else [])
    selected = [*(f"{expression} as {name}" for name, expression in groups), *([f"{label} as label"] if label else [])]
    by = f" group by {', '.join(expression for _, expression in groups)}" if groups else ""
    return marts.frame(
        f"with totals as (select {', '.join([*selected, *sums])} from {marts.mart(filters.mart)} "
        f"where {filters.condition()} and {also}{by}) "
        f"select {', '.join([*named, *FIGURES, 'conversion_kinds'])}, {rates}, {without} from totals"
    )


def _of_those_that_report_both(rate: Mapping[str, str], kinds: str) -> list[str]:
    """The two sums of a rate, of the clients whose rows have both figures."""
    over, under = rate["over"], rate["under"]
    both = f"sum(case when reports_{over} and reports_{under} then {{}} end)"
    top = both.format(over)
    if over == "conversion_value":
        top = f"case when {kinds.format(over)} <= 1 then {top} end"
    return [f"{top} as {rate['name']}_over", f"{both.format(under)} as {rate['name']}_under"]
