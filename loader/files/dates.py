"""The days of an export: day and month in their places, and the period that the lines above the header name."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from loader.errors import Answer, FileRefusedError
from loader.files.profiling import Profiler
from loader.files.table import IS_DATA, TABLE, ColumnFormat, ColumnProfile
from loader.files.unusual_days import settle_mixed_days, settle_yearless_days
from loader.names import quote_identifier
from loader.project.project import Project

ORDERS = ("day-first", "month-first")
_TEXT = ColumnFormat("text", None)


@dataclass(frozen=True)
class Hint:
    """Evidence for an order of day and month that no cell proves.

    Args:
        order: 'day-first' or 'month-first'.
        why: for people.
        is_weak: it comes from other exports, so the load notes which order was used.

    """

    order: str
    why: str
    is_weak: bool = False


def known_orders(project: Project, platform: str, language: str | None) -> tuple[list[Hint], list[Hint]]:
    """The hints of seeds/date_orders.csv for a language, and for a platform in that language."""
    of_language, of_platform = [], []
    with (project.seeds / "date_orders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["language"] != language:
                continue
            if not row["platform"]:
                of_language.append(
                    Hint(row["date_order"], f"as dates are written in the language of its headers ({language})")
                )
            elif row["platform"] == platform:
                why = f"as {platform} writes dates in this language ({language})"
                of_platform.append(Hint(row["date_order"], why, is_weak=True))
    return of_language, of_platform


@dataclass(frozen=True)
class DateColumns:
    """The dates of a file that matter.

    Args:
        start: the column that fills date_start, or none.
        end: the column that fills date_end, or none.
        period: what the lines above the header say.
        given: columns whose format a person has set.

    """

    start: str | None
    end: str | None
    period: Period | None = None
    given: Collection[str] = ()

    @property
    def names(self) -> Collection[str]:
        """The columns whose days must be certain."""
        return [name for name in (self.start, self.end) if name]


@dataclass(frozen=True)
class DateOrders:
    """Decides the order of day and month in one file, for each separator ('/' or '-') on its own.

    Args:
        file: for messages.
        profiler: has profiled the file.
        columns: those whose days must be sure.
        hints: what speaks for an order beside the cells, the strongest first; those of one rank must agree.

    """

    file: Path
    profiler: Profiler
    columns: DateColumns
    hints: Sequence[Sequence[Hint]]

    def settle(self, profiles: Mapping[str, ColumnProfile]) -> tuple[dict[str, ColumnProfile], Period | None]:
        """The profiles and the period with their days read in the order that was decided.

        A column of no weight whose order stays open is text: neither day is asserted.

        Raises:
            FileRefusedError: the order of a column that matters stays open, or its cells need both.

        """
        period, profiles = self.columns.period, dict(profiles)
        for name in set(self.columns.names) - set(self.columns.given):
            mixed = settle_mixed_days(self.file, name, profiles[name], self.profiler)
            profiles[name] = settle_yearless_days(name, mixed, period.days if period else None, self.profiler)
        settled = dict(profiles)
        separators = {str(form["separator"]) for profile in profiles.values() if (form := self._form(profile))}
        for separator in sorted(separators | ({period.separator} if period and period.separator else set())):
            names = [name for name, profile in profiles.items() if self._form(profile).get("separator") == separator]
            for name in names:
                self._refuse_mixed(name, profiles[name])
            is_open = {name for name in names if self._is_open(name, profiles[name])}
            open_period = period if period and period.separator == separator and period.days is None else None
            if not is_open and not open_period:
                continue
            decided = self._decide(profiles, names, is_open)
            if decided is None and (is_open & set(self.columns.names) or (open_period and not self.columns.start)):
                self._refuse(profiles, is_open)
            settled |= self._parsed_again({name: profiles[name] for name in sorted(is_open)}, decided)
            if decided and open_period:
                period = open_period.in_order(decided.order) if decided.order in open_period.days_by_order else None
        return settled, period

    def _form(self, profile: ColumnProfile) -> Mapping[str, str]:
        form = self.profiler.form(profile.format.value_format) if profile.format.column_type == "date" else {}
        return form if "twin" in form else {}

    def _is_open(self, name: str, profile: ColumnProfile) -> bool:
        """Whether both orders read all of a column's cells, and as different days."""
        twin, value_format = profile.ambiguous_with, profile.format.value_format
        return bool(twin and value_format and self.profiler.read_otherwise(name, value_format, twin))

    def _refuse_mixed(self, name: str, profile: ColumnProfile) -> None:
        value_format = profile.format.value_format
        twin = self.profiler.twin(value_format)
        if name not in self.columns.names or profile.parsed == profile.filled or not (value_format and twin):
            return
        other = self.profiler.only_otherwise(name, value_format, twin)
        if other is None or self.profiler.options.dates:
            return
        one = self.profiler.only_otherwise(name, twin, value_format)
        raise FileRefusedError(
            "dates-unsure",
            f"{self.file}: the column '{name}' has dates in both orders: {one} is a date only if read "
            f"{self._form(profile)['order']}, {other} only the other way round. A spreadsheet may have changed "
            f"some of them.",
            "Export the file again and load it unchanged, or use --dates day-first or --dates month-first; cells that"
            " do not fit are then reported as issues.",
            [Answer("dates", order, f"{order}; cells that do not fit are reported as issues") for order in ORDERS],
        )

    def _decide(
        self, profiles: Mapping[str, ColumnProfile], names: Sequence[str], is_open: Collection[str]
    ) -> Hint | None:
        """The order of the open columns: by other columns, by rows, by the period, then by what is known."""
        sure = {self._form(profiles[name])["order"]: name for name in names if self._is_proof(name, profiles, is_open)}
        if len(sure) == 1:
            order, name = next(iter(sure.items()))
            return Hint(order, f"as the column '{name}' has days over 12")
        possible = [order for order in ORDERS if self._runs_forward(order, profiles)]
        if len(possible) == 1:
            return Hint(possible[0], "else rows would end before they start")
        within = [order for order in ORDERS if self._is_within_period(order, profiles, is_open)]
        if len(within) == 1:
            return Hint(within[0], "as the period above the header says")
        for rank in self.hints:
            orders = {hint.order for hint in rank}
            if len(orders) == 1:
                return next((hint for hint in rank if not hint.is_weak), rank[0])
            if orders:
                return None
        return None

    def _is_proof(self, name: str, profiles: Mapping[str, ColumnProfile], is_open: Collection[str]) -> bool:
        profile = profiles[name]
        return name not in is_open and profile.ambiguous_with is None and profile.parsed == profile.filled > 0

    def _read_as(self, profile: ColumnProfile, order: str) -> ColumnFormat:
        """How a column is read in an order; a column whose order is sure keeps its own."""
        form = self._form(profile)
        if not form or not profile.ambiguous_with or form["order"] == order:
            return profile.format
        return ColumnFormat("date", profile.ambiguous_with)

    def _runs_forward(self, order: str, profiles: Mapping[str, ColumnProfile]) -> bool:
        start, end = self.columns.start, self.columns.end
        if not start or not end or not self._form(profiles[start]):
            return True
        first = self.profiler.parsed(start, self._read_as(profiles[start], order))
        last = self.profiler.parsed(end, self._read_as(profiles[end], order))
        pairs = f"select distinct {quote_identifier(start)}, {quote_identifier(end)} from {TABLE} where {IS_DATA}"
        return not self.profiler.connection.execute(
            f"select 1 from ({pairs}) where {first} > {last} limit 1"
        ).fetchall()

    def _is_within_period(self, order: str, profiles: Mapping[str, ColumnProfile], is_open: Collection[str]) -> bool:
        period = self.columns.period
        start = self.columns.start
        if not period or not start or start not in is_open:
            return True
        limits = period.days_in(order)
        days = self.profiler.days({start: self._read_as(profiles[start], order)})
        return bool(limits and days and limits[0] <= days[0] and days[1] <= limits[1])

    def _parsed_again(self, profiles: Mapping[str, ColumnProfile], decided: Hint | None) -> dict[str, ColumnProfile]:
        if decided is None:
            measured = self.profiler.measure(dict.fromkeys(profiles, _TEXT))
            why = "text, since nothing shows which number in its dates is the month"
            return {name: replace(profile, why=why) for name, profile in measured.items()}
        measured = self.profiler.measure(
            {name: self._read_as(profile, decided.order) for name, profile in profiles.items()}
        )
        why = f"{decided.order}, {decided.why}"
        # one note for all dates of the file
        noted = (
            next((name for name in (*self.columns.names, *measured) if name in measured), None)
            if decided.is_weak
            else None
        )
        is_guessed = any(decided in rank for rank in self.hints)
        return {
            name: replace(profile, why=why, is_unsure_of_history=name == noted, is_guessed=is_guessed)
            for name, profile in measured.items()
        }

    def _refuse(self, profiles: Mapping[str, ColumnProfile], is_open: Collection[str]) -> NoReturn:
        name = next((name for name in self.columns.names if name in is_open), None)
        if name is None:
            period = self.columns.period
            assert period is not None  # noqa: S101 - nothing else can be open
            what = f"'{period.first}' to '{period.last}' above the header"
            shown = {order: f"{_day(days[0])} to {_day(days[1])}" for order, days in period.days_by_order.items()}
        else:
            profile = profiles[name]
            days = {order: self.profiler.days({name: self._read_as(profile, order)}) for order in ORDERS}
            cells = self.profiler.read_otherwise(
                name, *(self._read_as(profile, order).value_format or "" for order in ORDERS)
            )
            assert cells is not None  # noqa: S101 - else nothing is open
            cell, *formats = cells
            what = f"{cell} in the column '{name}'"
            shown = {
                order: f"{_day(day)} (and the file {_span(days[order])})"
                for order, day in zip(ORDERS, formats, strict=True)
            }
        raise FileRefusedError(
            "dates-unsure",
            f"{self.file}: nothing shows which number is the month: {what} is "
            + " if read day-first, ".join((shown["day-first"], shown["month-first"]))
            + " if read month-first.",
            "Check the export's date range on the platform, then use --dates day-first or --dates month-first.",
            [Answer("dates", order, f"{order}: {what} is {shown[order]}") for order in ORDERS],
        )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _span(days: tuple[date, date] | None) -> str:
    return f"{days[0]} to {days[1]}" if days else "without days"


# digits alone and counts of days are no dates in running text
_NOT_IN_TEXT = ("excel_serial", "ymd_compact", "iso_week", "month_slash", "quarter")


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
