"""The period that the lines above a header name: 'August 1, 2026 - August 31, 2026', 'Report Start: ...'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from loader.files.column_formats import ColumnFormat
from loader.files.profiling import Profiler

# digits alone and counts of days are no dates in running text
_NOT_IN_TEXT = ("excel_serial", "ymd_compact", "iso_week", "month_slash")


@dataclass(frozen=True)
class _Written:
    """A date as it stands in a line."""

    text: str
    value_format: str


@dataclass(frozen=True)
class Period:
    """The first and last day of an export, as the lines above its header write them.

    Args:
        line: where it stands, from 1.
        first: as it is written.
        last: as it is written; the same as first where one text names a month.
        days_by_order: the two days, by the order of day and month in which they can be read; under '' where they can be
            read in one way.
        separator: between day and month where their order is open; else ''.

    """

    line: int
    first: str
    last: str
    days_by_order: Mapping[str, tuple[date, date]]
    separator: str

    @property
    def days(self) -> tuple[date, date] | None:
        """The two days, where they can be read in one way only."""
        different = set(self.days_by_order.values())
        return different.pop() if len(different) == 1 else None

    def days_in(self, order: str) -> tuple[date, date] | None:
        """The two days, read with day and month in this order."""
        return self.days_by_order.get("") or self.days_by_order.get(order)

    def in_order(self, order: str) -> Period:
        """The same with the order decided."""
        return replace(self, days_by_order={order: self.days_by_order[order]})


def find_period(titles: Sequence[str], profiler: Profiler) -> Period | None:
    """The period that the lines above a header name; none where they name none, or several.

    A line with two dates is one, and so is a month alone, and a line with a start before a line with an end. A single
    day is none: it can be the day on which the file was made. 'All time' names no date.

    Args:
        titles: the lines, in their order.
        profiler: reads the dates as the macros do.

    """
    if not any(character.isdigit() for title in titles for character in title):
        return None
    finders, words = _finders(profiler), profiler.words
    found: list[Period] = []
    start: tuple[int, _Written] | None = None
    for number, title in enumerate(titles, 1):
        text = title.lower()
        dates = list(_dates_in(text, finders))
        label = re.sub(r"[^\w]+", " ", text[: text.find(dates[0].text)]) if dates else ""
        if not dates or words.other_period.search(text):
            continue
        if len(dates) == 2:
            found.append(_period(number, dates[0], dates[1], profiler))
        elif len(dates) == 1 and profiler.form(dates[0].value_format).get("span") and not label.strip():
            found.append(_period(number, dates[0], dates[0], profiler))
        elif len(dates) == 1 and start and words.period_end.search(label):
            found.append(_period(start[0], start[1], dates[0], profiler))
        start = (number, dates[0]) if len(dates) == 1 and words.period_start.search(label) else None
    possible = {tuple(sorted(period.days_by_order.items())): period for period in found if period.days_by_order}
    return next(iter(possible.values())) if len(possible) == 1 else None


def _finders(profiler: Profiler) -> list[tuple[str, re.Pattern[str]]]:
    edges = r"(?<![0-9a-z/]){}(?![0-9]|/[0-9])"
    return [
        (name, re.compile(edges.format(f"({form['pattern'].lower()})")))
        for name, form in profiler.forms.items()
        if name not in _NOT_IN_TEXT and ("names" in form or not re.search("[a-z]{3}|A-Za-z", form["pattern"]))
    ]


def _dates_in(text: str, finders: Sequence[tuple[str, re.Pattern[str]]]) -> Iterator[_Written]:
    """The dates of a line from left to right, the longest where several begin in one place."""
    matches = [
        (match.start(), -len(match.group()), name, match.group())
        for name, pattern in finders
        for match in pattern.finditer(text)
    ]
    end = 0
    for begin, length, name, found in sorted(matches):
        if begin >= end:
            yield _Written(found, name)
            end = begin - length


def _period(line: int, first: _Written, last: _Written, profiler: Profiler) -> Period:
    """The days of a period, in each order in which both can be read and the first is not after the last."""
    forms = [profiler.form(written.value_format) for written in (first, last)]
    separator = next((str(form["separator"]) for form in forms if "twin" in form), "")
    days = {}
    for order in ("day-first", "month-first") if separator else ("",):
        begin = profiler.read_texts([first.text], _format_of(first, forms[0], order))[0]
        end = _last_day(profiler, last, forms[1], order)
        if begin and end and begin <= end:
            days[order] = (begin, end)
    if len(days) == 1:
        days = {"": next(iter(days.values()))}
    return Period(line, first.text, last.text, days, separator)


def _format_of(written: _Written, form: Mapping[str, Any], order: str) -> ColumnFormat:
    is_other = "twin" in form and form["order"] != order
    return ColumnFormat("date", form["twin"] if is_other else written.value_format)


def _last_day(profiler: Profiler, written: _Written, form: Mapping[str, Any], order: str) -> date | None:
    column_format = _format_of(written, form, order)
    return (
        profiler.last_day_of(written.text, column_format)
        if form.get("span")
        else profiler.read_texts([written.text], column_format)[0]
    )
