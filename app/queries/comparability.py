"""Why a change from another period would mislead."""

from __future__ import annotations

from datetime import date, timedelta

from app.marts import Marts, literal
from app.periods import Days
from app.queries.filters import Filters

# the part of days that must have figures for a period to be compared with
ENOUGH_DAYS = 0.8
_SHOWN = 3


def why_not_comparable(marts: Marts, filters: Filters, other: Days) -> str | None:
    """Why a change from another period would be misleading, in words; none if it can be shown.

    Comparable is a period that has figures on ENOUGH_DAYS of its days, of the same clients on the same platforms in the
    same currencies, each on about as many days as now (ENOUGH_DAYS of them, either way); where no row of several days
    reaches over an end of either period, and all spend has an exchange rate, if it is converted.

    Args:
        marts: who looks at what.
        filters: what is looked at, with its days.
        other: what it is compared with.

    """
    if filters.first is None or filters.last is None:
        return "all days are shown"
    now = Days(filters.first, filters.last)
    if now.count != other.count:
        return f"it has {other.count} days, this period {now.count}"
    return (
        _why_days_differ(marts, filters, now, other)
        or _why_rows_reach_over(marts, filters, now, other)
        or _why_rates_are_missing(marts, filters, now, other)
    )


def _why_days_differ(marts: Marts, filters: Filters, now: Days, other: Days) -> str | None:
    """Figures on too few days, or of others than now."""
    mart = marts.mart("performance_by_day")
    within = filters.over(None).of_rows()
    there = f"{within} and {_between(other)}"
    [row] = marts.rows(f"select count(distinct date_day) as days from {mart} where {there}")
    covered = int(row["days"])
    if covered < ENOUGH_DAYS * other.count:
        of = f"of the {other.count} days" if other.count > 1 else "of them"
        return f"only {covered} {of} have figures" if covered else "there are no figures for those days"
    # a currency tells clients apart only where several are added up
    currency = "currency" if filters.reporting else "cast(null as varchar)"
    rows = marts.rows(
        f"select client, platform, {currency} as currency, "
        f"count(distinct case when {_between(now)} then date_day end) as days_now, "
        f"count(distinct case when {_between(other)} then date_day end) as days_then "
        f"from {mart} where {within} and ({_between(now)} or {_between(other)}) "
        "group by client, platform, currency order by client, platform, currency"
    )
    counts = {_name(row): (int(row["days_now"]), int(row["days_then"])) for row in rows}
    for only, when in (
        ([name for name, (_, then) in counts.items() if not then], "in this period"),
        ([name for name, (here, _) in counts.items() if not here], "in the other period"),
    ):
        if only:
            more = f" and {len(only) - _SHOWN} more" if len(only) > _SHOWN else ""
            return f"{', '.join(only[:_SHOWN])}{more} {'has' if len(only) == 1 else 'have'} figures only {when}"
    for name, (here, then) in counts.items():
        if min(here, then) < ENOUGH_DAYS * max(here, then):
            return f"{name} has figures on {then} of those {other.count} days, but on {here} days of this period"
    return None


def _why_rows_reach_over(marts: Marts, filters: Filters, now: Days, other: Days) -> str | None:
    """A row of several days that is in a period in part: its figures are spread evenly, whenever they happened.

    Only the first day of such a row counts a row (`row_count`), so one that counts none began before.
    """
    borders = sorted({day for days in (now, other) for day in (days.first, days.last + timedelta(days=1))})
    listed = ", ".join(map(literal, borders))
    rows = marts.rows(
        f"select client, platform, cast(null as varchar) as currency, min(date_day) as day "
        f"from {marts.mart('performance_by_day')} "
        f"where {filters.over(None).of_rows()} and days_in_row > 1 and row_count = 0 and date_day in ({listed}) "
        "group by client, platform order by client, platform"
    )
    if not rows:
        return None
    start = f"across the start of {_written(rows[0]['day'])}"
    return f"rows of {_name(rows[0])} span several days {start}; their figures are spread evenly"


def _why_rates_are_missing(marts: Marts, filters: Filters, now: Days, other: Days) -> str | None:
    """Spend that is left out of one of the periods for want of an exchange rate."""
    if not filters.reporting:
        return None
    rows = marts.rows(
        f"select distinct currency from {marts.mart(filters.mart)} where {filters.over(None).condition()} "
        f"and amount_spent_without_rate is not null and ({_between(now)} or {_between(other)}) "
    )
    if not rows:
        return None
    without = ", ".join(sorted(row["currency"] or "no currency" for row in rows)[:_SHOWN])
    return f"spend in {without} without an exchange rate is left out"


def _between(days: Days) -> str:
    return f"date_day between {literal(days.first)} and {literal(days.last)}"


def _name(row: dict[str, object]) -> str:
    """A client on a platform, with its currency where that matters."""
    currency = f" in {row['currency']}" if row["currency"] else ""
    return f"{row['client']}/{row['platform']}{currency}"


def _written(day: date) -> str:
    return str(Days(day, day))
