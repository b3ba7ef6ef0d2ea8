"""Format figures, days and times for people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import streamlit as st

NONE = "–"


def money(amount: float | Decimal | None, currency: str | None) -> str:
    """An amount with two decimals and its currency."""
    return NONE if _is_none(amount) else f"{amount:,.2f} {currency or ''}".strip()


def whole(number: float | Decimal | None) -> str:
    """A count, with thousands."""
    return NONE if _is_none(number) else f"{number:,.0f}"


def decimals(number: float | Decimal | None, places: int = 2) -> str:
    """A figure with some decimals."""
    return NONE if _is_none(number) else f"{number:,.{places}f}"


def percent(number: float | Decimal | None, places: int = 2) -> str:
    """Per cents, given as such."""
    return NONE if _is_none(number) else f"{number:,.{places}f} %"


def score(number: float | Decimal | None) -> str:
    """A score from 0 to 1; what is nearly 1 is not shown as 1."""
    return "not built yet" if _is_none(number) else f"{number:.4f}"


def days(first: date | None, last: date | None) -> str:
    """One day, or from the first to the last."""
    if _is_none(first) or _is_none(last):
        return "no days"
    return f"{first}" if first == last else f"{first} to {last}"


def moment(when: datetime | None) -> str:
    """A time in UTC, shown in the viewer's time zone."""
    return NONE if when is None or _is_none(when) else f"{local(when):%Y-%m-%d %H:%M}"


def clock(when: datetime) -> str:
    """The same; for today only the time of day."""
    here = local(when)
    return f"{here:%H:%M}" if here.date() == local(_now()).date() else f"{here:%Y-%m-%d %H:%M}"


def local(when: datetime) -> datetime:
    """A time in UTC, converted to the viewer's time zone."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return when.replace(tzinfo=UTC).astimezone(zone)


def results(number: float, kind: str) -> str:
    """'12,998 link clicks': a conversion type as people write it, without Meta's 'actions:' before it."""
    name = kind.removeprefix("actions:").replace("_", " ")
    return f"{whole(number)} {name}{'' if number == 1 or name.endswith('s') or kind == 'not named' else 's'}"


def listed(names: list[str], most: int = 6) -> str:
    """Names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) + more) or NONE


def _is_none(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
