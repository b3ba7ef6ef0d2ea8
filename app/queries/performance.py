"""Spend and results, from the marts performance_by_day and performance_in_currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from app.marts import Marts, literal
from app.periods import Days, starts
from app.queries.filters import KEYS, LABELS, LEVELS, Filters

__all__ = ["FIGURES", "LEVELS", "RATES", "Filters"]
FIGURES = ("amount_spent", "impressions", "clicks", "conversions", "conversion_value")
RATES = ("ctr_percent", "cpc", "cpm", "roas")
MOST_NAMES = 500
MOST_CHOICES = 1_000
_DAYS = {
    "day": "date_day",
    "week": "cast(date_trunc('week', date_day) as date)",
    "month": "cast(date_trunc('month', date_day) as date)",
}
# whose an object of a level is: its id or name says nothing without it
OWNERS = {"campaign": "client_schema", "ad_set": "client_schema", "ad": "client_schema", "campaign_name": "brand"}


def days_and_currencies(marts: Marts, filters: Filters | None = None) -> pd.DataFrame:
    """A row a currency, most rows first: currency, first_day, last_day, rows, and rows and spend without a day.

    Args:
        marts: who looks at what.
        filters: whose; their days and currency don't matter.

    """
    where = (filters or Filters()).of_objects()
    return marts.frame(
        "select currency, min(date_day) as first_day, max(date_day) as last_day, sum(row_count) as row_count, "
        "sum(case when date_day is null then row_count else 0 end) as rows_without_day, "
        "sum(case when date_day is null then amount_spent else 0 end) as spend_without_day "
        f"from {marts.mart('performance_by_day')} where {where} group by currency order by row_count desc, currency"
    )


def choices(marts: Marts, filters: Filters, level: str, asked: tuple[str, ...] = ()) -> pd.DataFrame:
    """A row a value that can be chosen, most rows first: key, label, clients (how many have it), client_schema.

    Args:
        marts: who looks at what.
        filters: what it is chosen from; their days and currency don't matter.
        level: one of KEYS.
        asked: keys that come first, so that what an address asks for is not cut off.

    """
    first = f"case when {KEYS[level]} in ({', '.join(map(literal, asked))}) then 0 else 1 end, " if asked else ""
    return marts.frame(
        f"select {KEYS[level]} as key, {LABELS[level]} as label, count(distinct client_schema) as clients, "
        f"max(client_schema) as client_schema from {marts.mart('performance_by_day')} where {filters.of_objects()} "
        f"group by {KEYS[level]} order by {first}sum(row_count) desc, {KEYS[level]} limit {MOST_CHOICES}"
    )


def reporting_currencies(marts: Marts) -> list[str]:
    """The currencies that amounts can be converted to: those that have exchange rates, and their base."""
    if not marts.has_mart("daily_exchange_rates"):
        return []
    rows = marts.rows(f"select distinct currency from {marts.shared('daily_exchange_rates')}")
    found = {str(row["currency"]) for row in rows}
    return sorted(found | {str(marts.runtime.project.variables["exchange_rate_base"])}) if found else []


def exchange_rates_used(marts: Marts, filters: Filters) -> pd.DataFrame:
    """A row a currency but the reporting one: first_rate and last_rate (days), and what has no rate.

    That is rows_left_out, spend_left_out and percent_left_out, of the spend in that currency.
    """
    # ordered here: DuckDB 2.0 takes sums over this view for smaller than they are, and stops where it orders them
    found = marts.frame(
        "with used as (select currency, min(rate_day) as first_rate, max(rate_day) as last_rate, "
        "sum(case when amount_spent_without_rate is not null then row_count else 0 end) as rows_left_out, "
        f"sum(amount_spent_without_rate) as spend_left_out from {marts.mart(filters.mart)} "
        f"where {filters.condition()} and currency is distinct from reporting_currency group by currency), "
        f"spent as (select currency, sum(amount_spent) as spend from {marts.mart('performance_by_day')} "
        f"where {filters.of_rows()} group by currency) "
        "select used.currency, used.first_rate, used.last_rate, used.rows_left_out, used.spend_left_out, "
        "100 * cast(used.spend_left_out as double) / nullif(spent.spend, 0) as percent_left_out "
        "from used left join spent on used.currency is not distinct from spent.currency"
    )
    return found.sort_values("currency", ignore_index=True)


def spend_of_other_rows(marts: Marts, filters: Filters) -> float:
    """The spend that the choice of levels and kinds of conversions leaves out."""
    wider = filters.without("level", "conversion_type")
    [row] = marts.rows(
        f"select sum(case when {filters.of_objects()} then 0 else amount_spent end) as spend "
        f"from {marts.mart(filters.mart)} where {wider.condition()}"
    )
    return float(row["spend"] or 0)


def totals(marts: Marts, filters: Filters) -> pd.DataFrame:
    """One row: the sums and rates of what is looked at."""
    return _grouped(marts, filters, [])


def by_day(
    marts: Marts, filters: Filters, grain: str = "day", split: str | None = None, *, exact: bool = False
) -> pd.DataFrame:
    """A row a day, week or month: `day`, days_with_figures, sums and rates.

    Args:
        marts: who looks at what.
        filters: what is looked at.
        grain: day, week (`day` is its Monday) or month (`day` is its first).
        split: brand or platform, for a row each; a column of this name has it.
        exact: amounts as decimals, for a file.

    """
    groups = [("day", _DAYS[grain]), *([(split, split)] if split else [])]
    counted = [("days_with_figures", "count(distinct date_day)")]
    found = _grouped(marts, filters, groups, "date_day is not null", counted, exact=exact)
    return found.sort_values([name for name, _ in groups], ignore_index=True)


def by_level(
    marts: Marts, filters: Filters, level: str, most: int = MOST_NAMES, *, exact: bool = False
) -> pd.DataFrame:
    """A row for each brand, client, platform, campaign, ad set or ad, most spend first: `key`, `label`, sums and rates.

    Campaigns, ad sets and ads of two clients are two rows, whatever their keys, and have a column `client_schema`.
    Names of campaigns are added up over the platforms of a brand, and have a column `brand`.

    Args:
        marts: who looks at what.
        filters: what is looked at.
        level: one of KEYS.
        most: how many rows there are at most.
        exact: amounts as decimals, for a file.

    """
    owner = OWNERS.get(level)
    groups = [("key", KEYS[level]), *([(owner, owner)] if owner else [])]
    found = _grouped(marts, filters, groups, also=[("label", LABELS[level])], exact=exact)
    order = ["amount_spent", *(name for name, _ in groups)]
    return found.sort_values(
        order, ascending=[False, *[True] * len(groups)], ignore_index=True, na_position="last"
    ).head(most)


def sparklines(
    marts: Marts, filters: Filters, level: str, keys: Sequence[tuple[str, str]], days: Days, grain: str = "day"
) -> dict[tuple[str, str], list[float | None]]:
    """Spend by day, week or month of some objects of a level; where there are no figures, it is none.

    Args:
        marts: who looks at what.
        filters: what is looked at.
        level: one of KEYS.
        keys: of the objects, each with its owner (OWNERS); the empty text where they have none.
        days: from the first to the last.
        grain: day, week or month.

    """
    if not keys:
        return {}
    listed = ", ".join(map(literal, sorted({key for key, _ in keys})))
    owner = OWNERS.get(level, "cast('' as varchar)")
    rows = marts.rows(
        f"select {KEYS[level]} as object, {owner} as owner, {_DAYS[grain]} as day, sum(amount_spent) as spend "
        f"from {marts.mart(filters.mart)} "
        f"where {filters.condition()} and date_day is not null and {KEYS[level]} in ({listed}) "
        f"group by {KEYS[level]}, {owner}, {_DAYS[grain]}"
    )
    places = {start: place for place, start in enumerate(starts(days, grain))}
    lines: dict[tuple[str, str], list[float | None]] = {key: [None] * len(places) for key in keys}
    for row in rows:
        if (row["object"], row["owner"]) in lines and row["spend"] is not None:
            lines[row["object"], row["owner"]][places[row["day"]]] = float(row["spend"])
    return lines


def conversion_types(marts: Marts, filters: Filters) -> pd.DataFrame:
    """A row a kind of conversion: conversion_type, conversions, conversion_value; kinds are never added up."""
    found = marts.frame(
        "select coalesce(conversion_type, 'not named') as conversion_type, sum(conversions) as conversions, "
        f"sum(conversion_value) as conversion_value from {marts.mart(filters.mart)} "
        f"where {filters.condition()} and conversions is not null "
        "group by coalesce(conversion_type, 'not named')"
    )
    return found.sort_values(["conversions", "conversion_type"], ascending=[False, True], ignore_index=True)


def _grouped(
    marts: Marts,
    filters: Filters,
    groups: Sequence[tuple[str, str]],
    where: str = "1 = 1",
    also: Sequence[tuple[str, str]] = (),
    *,
    exact: bool = False,
) -> pd.DataFrame:
    """Sums by groups, with the rates that the marts give; conversions of several kinds have no sum.

    A rate is of the clients that report both of its parts; `<rate>_without` is the share of what it divides by (such as
    the spend, for ROAS) of those that do not. `also` are aggregates beside the sums.
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
    named = [name for name, _ in (*groups, *also)]
    selected = [f"{expression} as {name}" for name, expression in (*groups, *also)]
    by = f" group by {', '.join(expression for _, expression in groups)}" if groups else ""
    return marts.frame(
        f"with totals as (select {', '.join([*selected, *sums])} from {marts.mart(filters.mart)} "
        f"where {filters.condition()} and {where}{by}) "
        f"select {', '.join([*named, *FIGURES, 'conversion_kinds'])}, {rates}, {without} from totals",
        exact=exact,
    )


def _of_those_that_report_both(rate: Mapping[str, str], kinds: str) -> list[str]:
    """The two sums of a rate, of the clients whose rows have both figures."""
    over, under = rate["over"], rate["under"]
    both = f"sum(case when reports_{over} and reports_{under} then {{}} end)"
    top = both.format(over)
    if over == "conversion_value":
        top = f"case when {kinds.format(over)} <= 1 then {top} end"
    return [f"{top} as {rate['name']}_over", f"{both.format(under)} as {rate['name']}_under"]
