"""Formats and types in the words of people, each with an example: chosen from lists, never typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from loader.errors import NameRefusedError
from loader.files.options import ReadingOptions, reading_options
from loader.files.table import ValueFormat

AS_DETECTED = "as detected"
TYPES = {
    "text": "text",
    "id": "id, kept as it is written (007)",
    "integer": "whole number (1,234)",
    "decimal": "number with decimals (1,234.56)",
    "percent": "per cent (2.5 %)",
    "date": "date (2024-01-31)",
}
_ORDERS = {"day-first": "day first", "month-first": "month first"}
_NUMBERS = {
    "plain": "no thousands, decimal point",
    "point": "decimal point",
    "comma": "comma decimals",
    "native": "Arabic, Persian or full-width digits",
    "power": "powers of ten",
    "micros": "millionths: this is 1,234.56",
}
_SPANS = {"week": "first day of a week", "month": "first day of a month", "quarter": "first day of a quarter",
          "year": "first day of a year", "range": "first and last day"}  # fmt: skip
CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "AUD", "BRL", "CAD", "CNY", "CZK", "DKK", "HUF", "INR", "JPY", "KRW", "MXN", "NOK",
    "NZD", "PLN", "RON", "SEK", "SGD", "TRY", "ZAR",
)  # fmt: skip
# how a file is written: what each choice means, by the reading option
WRITTEN: dict[str, tuple[str, dict[str, str]]] = {
    "dates": ("Dates", {"day-first": "31/01/2024 (day first)", "month-first": "01/31/2024 (month first)"}),
    "numbers": ("Numbers", {"comma": "1.234,56 (comma decimals)", "point": "1,234.56 (decimal point)"}),
    "currency": ("Currency of the spend", {code: code for code in CURRENCIES}),
    "money": ("Whole amounts", {"units": "1234 is 1,234.00", "micros": "1234000000 is 1,234.00 (millionths)"}),
    "subtotals": ("Rows that could be subtotals", {"keep": "are data", "drop": "are subtotals: leave them out"}),
    "delimiter": (
        "Cells are separated by",
        {",": "comma (a,b)", ";": "semicolon (a;b)", "\t": "tab", "|": "pipe (a|b)"},
    ),
    "encoding": (
        "Encoding",
        {
            "utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Western European (Windows)",
            "cp1250": "Central European (Windows)", "cp1251": "Cyrillic (Windows)", "mac-roman": "Mac",
        },
    ),
    "quote": ("Quotes", {'"': 'enclose cells ("a, b")', "": "are ordinary characters"}),
}  # fmt: skip


def format_words(value_format: str | None, formats: Mapping[str, Mapping[str, Any]]) -> str:
    """A value_format by its example: '1.234,56 (comma decimals)'.

    Args:
        value_format: as mappings have it; none for text.
        formats: of its type, from `formats_by_type()`.

    """
    found = ValueFormat.of(value_format)
    form = formats.get(found.form)
    if form is None:
        return ""
    what = _NUMBERS.get(found.form) or _ORDERS.get(str(form.get("order")), "")
    repeats = "blank cells repeat the one above" if found.fills_down else ""
    parts = ", ".join(filter(None, (what, _SPANS.get(found.span), repeats)))
    return f"{form['example']}{f' ({parts})' if parts else ''}"


def formats_by_type(macro: Callable[[str], Any]) -> dict[str, dict[str, Any]]:
    """The ways to write a number and a date, by the type that has them.

    Args:
        macro: gives what a macro of the project returns.

    """
    numbers, dates = macro("number_formats"), macro("date_formats")
    dates = {name: form for name, form in dates.items() if not form.get("yearless")}
    return {"integer": numbers, "decimal": numbers, "percent": numbers, "date": dates, "text": {}, "id": {}}


def _meaning(values: Mapping[str, str], value: str) -> str:
    return values.get(value, value)


def choose_written(options: ReadingOptions, key: str) -> ReadingOptions | None:
    """Let a person choose how a file is written, in a popover; the new options, none while nothing is changed.

    Args:
        options: given so far.
        key: of the file.

    """
    given: dict[str, Any] = {}
    for name, (label, values) in WRITTEN.items():
        now = getattr(options, name)
        listed = [AS_DETECTED, *values, *([now] if now is not None and now not in values else [])]
        given[name] = st.selectbox(
            label,
            listed,
            listed.index(now) if now is not None else 0,
            format_func=partial(_meaning, values),
            key=f"{key} {name} {now}",
        )
    chosen = {name: None if value == AS_DETECTED else value for name, value in given.items()}
    if all(getattr(options, name) == value for name, value in chosen.items()):
        return None
    others = {name: value for name, value in vars(options).items() if name not in chosen}
    try:
        return reading_options(**others, **chosen)
    except NameRefusedError:  # all are of the lists above
        return None
