"""What is looked at: days, currency, and the chosen brands, clients, platforms, campaigns and so on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.marts import literal
from app.periods import Days

# deeper from left to right: what a table is grouped by, and what a click narrows to
LEVELS = ("client_schema", "campaign", "ad_set", "ad")
# an object is its id, or its name where exports have no id
KEYS: Mapping[str, str] = {
    "brand": "brand",
    "client_schema": "client_schema",
    "platform": "platform",
    "campaign": "coalesce(campaign_id, campaign_name, '')",
    "campaign_name": "coalesce(campaign_name, campaign_id, '')",
    "ad_set": "coalesce(ad_set_id, ad_set_name, '')",
    "ad": "coalesce(ad_id, ad_name, '')",
    "level": "coalesce(level, '')",
    "conversion_type": "coalesce(conversion_type, '')",
}
LABELS: Mapping[str, str] = {
    **{name: f"max({name})" for name in ("brand", "client_schema", "platform", "level", "conversion_type")},
    "campaign": "max(coalesce(campaign_name, campaign_id))",
    "campaign_name": "max(coalesce(campaign_name, campaign_id))",
    "ad_set": "max(coalesce(ad_set_name, ad_set_id))",
    "ad": "max(coalesce(ad_name, ad_id))",
}


@dataclass(frozen=True)
class Filters:
    """What is looked at. Of brands, clients and so on, all are looked at where none is chosen.

    Args:
        first: the first day; none for all days, rows without a day too.
        last: the last day.
        currency: amounts are of this one alone; none for rows without a currency.
        reporting: the currency that all amounts are converted to, whatever theirs is; none to convert nothing.
        brand: the chosen brands.
        client_schema: the chosen clients.
        platform: the chosen platforms.
        campaign: keys of campaigns (KEYS).
        campaign_name: names of campaigns, whatever their platform.
        ad_set: keys of ad sets.
        ad: keys of ads.
        level: what rows are of, such as ad.
        conversion_type: kinds of conversions; the empty text is rows that name none.

    """

    first: date | None = None
    last: date | None = None
    currency: str | None = None
    reporting: str | None = None
    brand: tuple[str, ...] = ()
    client_schema: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    campaign_name: tuple[str, ...] = ()
    ad_set: tuple[str, ...] = ()
    ad: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    conversion_type: tuple[str, ...] = ()

    @property
    def unit(self) -> str | None:
        """The currency of amounts."""
        return self.reporting or self.currency

    @property
    def mart(self) -> str:
        """The mart that has the figures."""
        return "performance_in_currency" if self.reporting else "performance_by_day"

    def over(self, days: Days | None) -> Filters:
        """The same over other days."""
        return replace(self, first=days.first if days else None, last=days.last if days else None)

    def without(self, *names: str) -> Filters:
        """The same with no choice of these."""
        empty: dict[str, Any] = dict.fromkeys(names, ())
        return replace(self, **empty)

    def condition(self) -> str:
        """As a condition over the mart."""
        parts = [f"reporting_currency = {literal(self.reporting)}"] if self.reporting else []
        return " and ".join([*parts, self.of_rows()])

    def of_rows(self) -> str:
        """The same over performance_by_day, whose amounts are in their own currency."""
        parts = [] if self.reporting else [f"currency is not distinct from {literal(self.currency)}"]
        if self.first is not None and self.last is not None:
            parts.append(f"date_day between {literal(self.first)} and {literal(self.last)}")
        return " and ".join([*parts, self.of_objects()])

    def of_objects(self) -> str:
        """That part of it that does not ask for days and currencies."""
        chosen = [_among(expression, getattr(self, name)) for name, expression in KEYS.items() if getattr(self, name)]
        return " and ".join(chosen) or "1 = 1"


def _among(expression: str, values: tuple[str, ...]) -> str:
    """The condition that a value is one of several."""
    return f"{expression} in ({', '.join(map(literal, values))})"
