"""Open questions about the days of a file: of other years, blank, or with day and month exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from loader.files.table import ColumnFormat, ValueFormat
from loader.files.unusual_days import FORMS_OF_SPREADSHEETS
from loader.waves.columns import MappedColumn
from loader.waves.contents import has_hours
from loader.waves.file_rows import ROWS, FileRows
from loader.waves.questions import FoundRows, OpenQuestion

_Days = tuple[date, date]
_YEARS_AROUND = 1
_LEAST_MONTHS, _MANY_MONTHS = 3, 6
# days without any between two parts of a file, of which the smaller has another year by mistake
_LEAST_GAP = 150
# where the account's time zone is ahead of the loader's, or its clock
_SLACK = timedelta(days=2)
# how much shorter the days of a file are in the order of day and month that is likely
_SHORTER = 3
_UTC = "(Z|UTC|GMT|[+-]00(:?00)?)$"
_HOUR, _NOON = 60, 12 * 60


def day_questions(file: FileRows) -> Iterator[OpenQuestion]:
    """What is uncertain about the days of a file."""
    row = file.core.get("date_start") or file.core.get("date_end")
    if row is None or row.column_type != "date":
        return
    yield from _blank_days(file, row)
    # of distinct cells; most files are of one year, and end here
    span = file.profiler.days({row.column_name: ColumnFormat("date", row.value_format)})
    if span is None:
        return
    future = list(_future_days(file, row)) if span[1] > file.today + _SLACK else []
    yield from future
    if {day.year for day in span} != {file.year}:
        rows = {question.row_numbers for question in future}
        others = (it for it in _days_of_another_year(file, row) if it.row_numbers not in rows)
        yield from list(_days_outside(file, row)) or others
    yield from _midnights_in_utc(file, row)
    if file.contents.profiles[row.column_name].is_guessed:
        yield from _other_order(file, row, span)
    if 12 * (span[1].year - span[0].year) + span[1].month - span[0].month + 1 >= _LEAST_MONTHS:
        exchanged = (_exchanged_days, _exchanged_in_months, _exchanged_early_days)
        yield from next((asked for find in exchanged if (asked := list(find(file, row)))), [])


def _asked(
    file: FileRows, way: str, found: FoundRows, row: MappedColumn, span: Sequence[date], /, **words: object
) -> OpenQuestion:
    words |= {"start": span[0], "end": span[1], "year": file.year}
    return file.asked(f"days-unlikely.{way}", found, row, found.spend, **words)


def _blank_days(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Rows without a day in a file that has days."""
    if ValueFormat.of(row.value_format).fills_down or not file.may_be_blank(row):
        return
    found = file.rows(file.is_blank(row))
    if 0 < found.count < file.contents.row_count:
        yield file.asked("days-blank", found, row, found.spend)


def _future_days(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Days with spend that were still to come when the file was uploaded, of a year that the client can have."""
    if row.target_column != "date_start":
        return  # a report may run to the end of its month
    day, latest = file.value(row), f"date '{file.today + _SLACK}'"
    is_future = f"{day} > {latest} and year({day}) <= {file.year + _YEARS_AROUND} and {file.spend} <> 0"
    found = file.rows(is_future)
    if found.count:
        yield _asked(file, "future", found, row, file.aggregates(f"min({day}), max({day})", is_future))


def _days_outside(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Days of other years than the client's and its neighbours."""
    first, last = file.year - _YEARS_AROUND, file.year + _YEARS_AROUND
    found = file.rows(f"year({file.value(row)}) not between {first} and {last}")
    if found.count:
        words = {
            "start": first,
            "end": last,
            "year": file.year,
            "as_read": _as_read(file, row, found.numbers[0]),
        }
        yield file.asked("days-unlikely.outside", found, row, found.spend, **words)


def _as_read(file: FileRows, row: MappedColumn, number: int) -> str:
    """A cell with its row, and the day that it was read as where it is written otherwise."""
    cell, day = file.cell(row.column_name, number), file.of_row(file.value(row), number)
    return f"'{cell}' in row {number}" + ("" if cell.strip() == str(day) else f", read as {day}")


def _days_of_another_year(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Days of a neighbouring year, where none is of the client's, or far from the others."""
    day = file.value(row)
    years = file.query(
        f"select year({day}), min({day}), max({day}) {ROWS} and {day} is not null group by 1 order by count(*) desc"
    )
    if years and file.year not in {year for year, *_ in years}:
        days = (min(first for _, first, _ in years), max(last for _, _, last in years))
        yield _asked(file, "other-year", file.all_rows, row, days)
        return
    for year, first, last in years[1:]:
        _, *others = years[0]
        if max((first - others[1]).days, (others[0] - last).days) > _LEAST_GAP:
            yield _asked(file, "far", file.rows(f"year({day}) = {year}"), row, (first, last), others=others)


def _exchanged_days(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Days that are one day of many months, and consecutive days with day and month exchanged.

    A spreadsheet makes 8 January to 8 December of 1 to 12 August; those from the 13th on stay as they are.
    """
    day = file.value(row)
    early = f"filter (day({day}) <= 12)"
    first, last, days, months, of_month, late = file.aggregates(
        f"min({day}) {early}, max({day}) {early}, count(distinct {day}) {early}, "
        f"max(month({day})) {early} - min(month({day})) {early} + 1, "
        f"case when count(distinct (year({day}), day({day}))) {early} = 1 then any_value(day({day})) {early} end, "
        f"list(distinct month({day})) filter (day({day}) > 12)"
    )
    # as text, one day of each month may be meant; days from the 13th on, all of that month or the one before, say
    # that it is not
    is_many = days >= _MANY_MONTHS or ValueFormat.of(row.value_format).form in FORMS_OF_SPREADSHEETS
    is_likely = late in ([of_month], [(of_month or 0) - 1]) if late else is_many
    if of_month and of_month > 1 and days == months >= _LEAST_MONTHS and is_likely:
        yield _asked(
            *(file, "one-of-each-month", file.rows(f"day({day}) <= 12"), row, (first, last)),
            day=of_month,
            days=days,
            beside=f" beside days of month {late[0]}" if late else "",
            other=[date(first.year, of_month, each.month) for each in (first, last)],
        )


def _exchanged_in_months(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Days that only lie in months of their own if day and month are exchanged, in a file of several months.

    The days from the 13th on stay where they are, and tell the months of the file, but for a last one that ends early;
    those up to the twelfth lie in all months, and each has the number of one of the file's.
    """
    day = file.value(row)
    late = f"select distinct month({day}) {ROWS} and day({day}) > 12"
    strays = f"day({day}) <= 12 and month({day}) not in ({late})"
    is_of_file = f"day({day}) in ({late}) or (day({day}) + 10) % 12 + 1 in ({late})"
    of_file, months, numbers, are_of_file, first, last = file.aggregates(
        f"(select list(month order by month) from ({late}) as months (month)), count(distinct month({day})), "
        f"list(distinct day({day}) order by day({day})), bool_and({is_of_file}), min({day}), max({day})",
        strays,
    )
    # of one number are the first days of months, in a file by month
    if months >= _LEAST_MONTHS and len(numbers) > 1 and are_of_file:
        words = {"months": _listed("month", of_file), "days": _listed("day", numbers)}
        yield _asked(file, "other-months", file.rows(strays), row, (first, last), **words)


def _exchanged_early_days(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Days up to the twelfth alone that lie far apart, and close together if day and month are exchanged."""
    day = file.value(row)
    exchanged = f"case when day({day}) <= 12 then make_date(year({day}), day({day}), month({day})) end"
    late, days, numbers, *limits = file.aggregates(
        f"count(*) filter (day({day}) > 12), count(distinct {day}), count(distinct day({day})), "
        f"min({day}), max({day}), min({exchanged}), max({exchanged})"
    )
    if late or numbers != 2 or days < _MANY_MONTHS:
        return
    read, other = (limits[0], limits[1]), (limits[2], limits[3])
    if _SHORTER * _length(other) <= _length(read) and _length(other) <= _SHORTER * days:
        yield _asked(file, "early", file.all_rows, row, read, other=other, days=days)


def _other_order(file: FileRows, row: MappedColumn, span: _Days) -> Iterator[OpenQuestion]:
    """Days that lie far closer together in the order of day and month that was not chosen.

    Where the language or the numbers of the file tell the order, the first days of months are right.
    """
    read = str(ValueFormat.of(row.value_format).of_cells)
    twin = file.profiler.twin(read)
    other = file.profiler.days({row.column_name: ColumnFormat("date", twin)}) if twin else None
    if other is None or _SHORTER * _length(other) > _length(span):
        return
    is_of_file = not file.contents.profiles[row.column_name].is_unsure_of_history
    if not is_of_file or file.rows(f"day({file.value(row)}) > 1").count:
        order = file.profiler.form(read)["order"]
        yield _asked(file, "order", file.all_rows, row, span, other=other, order=order)


def _midnights_in_utc(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Days whose cells all have the hour at which a day begins somewhere else, as where a script has moved them.

    Where summer time ends or begins there are two such hours.
    """
    column_format = ColumnFormat(row.column_type, str(ValueFormat.of(row.value_format).of_cells))
    macros = file.profiler.project.local_macros
    if not macros.call("has_clock", column_format.value_format):
        return
    minutes = "try_cast(regexp_extract(cell, '[0-9]{1,2}:([0-9]{2})', 1) as integer)"
    minute = f"60 * ({macros.call('hour_of', 'cell')}) + {minutes}"
    all_utc, times = file.of_cells(
        row,
        f"bool_and(regexp_matches(cell, '{_UTC}')) filter (value is not null), "
        f"list(distinct {minute} order by {minute}) filter (value is not null and {minute} is not null)",
    )
    if not all_utc or not times or not _are_midnights(times):
        return
    if not has_hours(file.profiler, row.column_name, column_format):
        first = file.rows(f"{file.value(row)} is not null").numbers[0]
        yield file.asked(
            *("days-in-utc", file.all_rows, row, file.all_rows.spend),
            times=" or ".join(f"{time // _HOUR:02}:{time % _HOUR:02}" for time in times),
            as_read=_as_read(file, row, first),
            day=file.of_row(file.value(row), first) + timedelta(days=1),
        )


def _listed(what: str, numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"{what}s {', '.join(others)} and {last}" if others else f"{what} {last}"


def _length(days: _Days) -> int:
    return (days[1] - days[0]).days + 1


def _are_midnights(times: Sequence[int]) -> bool:
    """Whether times of day, in minutes, can be midnight in a time zone whose day is the next one in UTC."""
    is_one = len(times) == 1 or (len(times) == 2 and (times[1] - times[0]) in (_HOUR, 23 * _HOUR))
    return is_one and times[-1] >= _NOON and all(time % 15 == 0 for time in times)
