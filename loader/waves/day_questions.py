"""Open questions about the days of a file: of other years, blank, or with day and month exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from loader.files.mixed_days import FORMS_OF_SPREADSHEETS
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ColumnFormat, ColumnProfile, ValueFormat
from loader.names import quote_identifier
from loader.waves.columns import MappedColumn
from loader.waves.contents import has_hours
from loader.waves.file_rows import FileRows, FoundRows
from loader.waves.questions import OpenQuestion
from loader.words import counted

_YEARS_AROUND = 1
_LEAST_MONTHS, _MANY_MONTHS = 3, 6
# days without any between two parts of a file, of which the smaller has another year by mistake
_LEAST_GAP = 150
_ADD_DAYS = "Compare with the platform; export again with a day in each row, and load that with --replace."
# where the account's time zone is ahead of the loader's, or its clock
_SLACK = timedelta(days=2)
# how much shorter the days of a file are in the order of day and month that is likely
_SHORTER = 3
_UTC = "(Z|UTC|GMT|[+-]00(:?00)?)$"
_HOUR, _NOON = 60, 12 * 60


class DayQuestions(FileRows):
    """Finds days that may not be those of the figures."""

    def find(self, profiles: Mapping[str, ColumnProfile]) -> Iterator[OpenQuestion]:
        """The questions.

        Args:
            profiles: what each column holds.

        """
        row = self.core.get("date_start") or self.core.get("date_end")
        if row is None or row.column_type != "date":
            return
        yield from self._blank_days(row)
        # of distinct cells; most files are of one year, and end here
        span = self.profiler.days({row.column_name: ColumnFormat("date", row.value_format)})
        if span is None:
            return
        future = list(self._future_days(row)) if span[1] > self.today + _SLACK else []
        yield from future
        if {day.year for day in span} != {self.year}:
            outside = list(self._days_outside(row))
            rows = {question.row_numbers for question in future}
            yield from outside or (it for it in self._days_of_another_year(row) if it.row_numbers not in rows)
        yield from self._midnights_in_utc(row)
        if profiles[row.column_name].is_guessed:
            yield from self._other_order(row, span, is_of_file=not profiles[row.column_name].is_unsure_of_history)
        if 12 * (span[1].year - span[0].year) + span[1].month - span[0].month + 1 >= _LEAST_MONTHS:
            yield from self._exchanged_days(row) or self._exchanged_in_months(row) or self._exchanged_early_days(row)

    def _asked(self, row: MappedColumn, found: FoundRows, question: str) -> OpenQuestion:
        check = (
            "Check the days. If they are wrong, correct them and load the file with --replace. If they are of another "
            f"year, roll the file back here ({self.rollback}) and load it for the client of that year."
        )
        return self.asked(found, "days-unlikely", question, check, row.column_name, found.spend)

    def _blank_days(self, row: MappedColumn) -> Iterator[OpenQuestion]:
        """Rows without a day in a file that has days."""
        if ValueFormat.of(row.value_format).fills_down or not self.may_be_blank(row):
            return
        found = self.rows(self.is_blank(row))
        if found.count and found.count < self.row_count:
            yield self.asked(
                found,
                "days-blank",
                f"{counted(found.count, 'row')} without a day in '{row.column_name}', such as row {found.numbers[0]}: "
                f"{found.spend:,.2f} of spend is on no day of the marts",
                _ADD_DAYS,
                row.column_name,
                found.spend,
            )

    def _future_days(self, row: MappedColumn) -> Iterator[OpenQuestion]:
        """Days with spend that were still to come when the file was uploaded, of a year that the client can have."""
        if row.target_column != "date_start":
            return  # a report may run to the end of its month
        day = self.value(row)
        latest = f"date '{self.today + _SLACK}'"
        is_future = f"{day} > {latest} and year({day}) <= {self.year + _YEARS_AROUND} and {self.spend()} <> 0"
        found = self.rows(is_future)
        if found.count:
            first, last = self.connection.execute(
                f"select min({day}), max({day}) from {TABLE} where {IS_DATA} and {is_future}"
            ).fetchall()[0]
            yield self._asked(
                row,
                found,
                f"{counted(found.count, 'row')} of {first} to {last}, such as row {found.numbers[0]}, after the day of "
                f"the upload; {found.spend:,.2f} of spend can't be of these days: day and month may be exchanged, or "
                "the year may be wrong",
            )

    def _days_outside(self, row: MappedColumn) -> Iterator[OpenQuestion]:
        """Days of other years than the client's and its neighbours."""
        first, last = self.year - _YEARS_AROUND, self.year + _YEARS_AROUND
        found = self.rows(f"year({self.value(row)}) not between {first} and {last}")
        if found.count:
            yield self._asked(
                row,
                found,
                f"{counted(found.count, 'row')} with a day in '{row.column_name}' outside {first} to {last}, such as "
                f"{self._as_read(row, found.numbers[0])}; the client's year is {self.year}, and such days have "
                f"{found.spend:,.2f} of spend",
            )

    def _as_read(self, row: MappedColumn, number: int) -> str:
        """A cell with its row, and the day that it was read as where it is written otherwise."""
        cell = self.cell(row.column_name, number)
        day = self._day(row, number)
        return f"'{cell}' in row {number}" + ("" if cell.strip() == str(day) else f", read as {day}")

    def _day(self, row: MappedColumn, number: int) -> date:
        day: date = self.connection.execute(
            f"select {self.value(row)} from {TABLE} where {quote_identifier(ROW_NUMBER)} = ?", [number]
        ).fetchall()[0][0]
        return day

    def _days_of_another_year(self, row: MappedColumn) -> Iterator[OpenQuestion]:
        """Days of a neighbouring year, where none is of the client's, or far from the others."""
        day = self.value(row)
        years = self.connection.execute(
            f"select year({day}), min({day}), max({day}), count(*) from {TABLE} where {IS_DATA} and {day} is not null "
            "group by 1 order by 4 desc"
        ).fetchall()
        if years and self.year not in {year for year, *_ in years}:
            found = self.all_rows
            yield self._asked(
                row,
                found,
                f"none of the days of '{row.column_name}' is of {self.year}, the client's year: "
                f"{min(first for _, first, _, _ in years)} to {max(last for _, _, last, _ in years)}",
            )
            return
        for year, first, last, _ in years[1:]:
            gap = max((first - years[0][2]).days, (years[0][1] - last).days)
            if gap > _LEAST_GAP:
                found = self.rows(f"year({day}) = {year}")
                yield self._asked(
                    row,
                    found,
                    f"{counted(found.count, 'row')} of {first} to {last}, such as row {found.numbers[0]}, far from the "
                    f"other days ({years[0][1]} to {years[0][2]}); if the year is wrong, so are the days of "
                    f"{found.spend:,.2f} of spend",
                )

    def _exchanged_days(self, row: MappedColumn) -> list[OpenQuestion]:
        """Days that are one day of many months, and consecutive days with day and month exchanged.

        A spreadsheet makes 8 January to 8 December of 1 to 12 August; those from the 13th on stay as they are.
        """
        day = self.value(row)
        early = f"filter (day({day}) <= 12)"
        first, last, days, months, of_month, late = self.connection.execute(
            f"select min({day}) {early}, max({day}) {early}, count(distinct {day}) {early}, "
            f"max(month({day})) {early} - min(month({day})) {early} + 1, "
            f"case when count(distinct (year({day}), day({day}))) {early} = 1 then any_value(day({day})) {early} end, "
            f"list(distinct month({day})) filter (day({day}) > 12) from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        # as text, one day of each month may be meant; days from the 13th on, all of that month or the one before, say
        # that it is not
        is_many = days >= _MANY_MONTHS or self._is_of_spreadsheet(row)
        is_likely = late in ([of_month], [(of_month or 0) - 1]) if late else is_many
        if of_month and of_month > 1 and days == months >= _LEAST_MONTHS and is_likely:
            other = [date(first.year, of_month, each.month) for each in (first, last)]
            found = self.rows(f"day({day}) <= 12")
            beside = f" beside days of month {late[0]}" if late else ""
            question = (
                f"the days of '{row.column_name}' up to the twelfth are day {of_month} of {days} months, {first} to "
                f"{last}{beside}; if a spreadsheet has exchanged day and month, they are {other[0]} to {other[1]}"
            )
            return [self._asked(row, found, question)]
        return []

    def _exchanged_in_months(self, row: MappedColumn) -> list[OpenQuestion]:
        """Days that only lie in months of their own if day and month are exchanged, in a file of several months.

        The days from the 13th on stay where they are, and tell the months of the file, but for a last one that ends
        early; those up to the twelfth lie in all months, and each has the number of one of the file's.
        """
        day = self.value(row)
        late = f"select distinct month({day}) from {TABLE} where {IS_DATA} and day({day}) > 12"
        strays = f"day({day}) <= 12 and month({day}) not in ({late})"
        is_of_file = f"day({day}) in ({late}) or (day({day}) + 10) % 12 + 1 in ({late})"
        of_file, months, numbers, are_of_file, first, last = self.connection.execute(
            f"select (select list(month order by month) from ({late}) as months (month)), "
            f"count(distinct month({day})), list(distinct day({day}) order by day({day})), bool_and({is_of_file}), "
            f"min({day}), max({day}) from {TABLE} where {IS_DATA} and {strays}"
        ).fetchall()[0]
        # of one number are the first days of months, in a file by month
        if months < _LEAST_MONTHS or len(numbers) < 2 or not are_of_file:
            return []
        found = self.rows(strays)
        question = (
            f"the days of '{row.column_name}' from the thirteenth on are all in {_listed('month', of_file)}, but "
            f"{counted(found.count, 'row')} of {first} to {last}, such as row {found.numbers[0]}, are on "
            f"{_listed('day', numbers)} of other months; if day and month are exchanged there, {found.spend:,.2f} of "
            "spend is on wrong days"
        )
        return [self._asked(row, found, question)]

    def _exchanged_early_days(self, row: MappedColumn) -> list[OpenQuestion]:
        """Days up to the twelfth alone that lie far apart, and close together if day and month are exchanged."""
        day = self.value(row)
        exchanged = f"case when day({day}) <= 12 then make_date(year({day}), day({day}), month({day})) end"
        late, days, numbers, *limits = self.connection.execute(
            f"select count(*) filter (day({day}) > 12), count(distinct {day}), count(distinct day({day})), min({day}), "
            f"max({day}), min({exchanged}), max({exchanged}) "
            f"from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if late or numbers != 2 or days < _MANY_MONTHS:
            return []
        read, other = (limits[0], limits[1]), (limits[2], limits[3])
        if _SHORTER * _length(other) > _length(read) or _length(other) > _SHORTER * days:
            return []
        question = (
            f"the days of '{row.column_name}' are {days} of {read[0]} to {read[1]}, none of them after the twelfth of "
            f"a month; if day and month are exchanged, they are of {other[0]} to {other[1]}"
        )
        return [self._asked(row, self.all_rows, question)]

    def _other_order(self, row: MappedColumn, span: tuple[date, date], *, is_of_file: bool) -> Iterator[OpenQuestion]:
        """Days that lie far closer together in the order of day and month that was not chosen.

        Where the language or the numbers of the file tell the order, the first days of months are right.
        """
        read = ValueFormat.of(row.value_format).of_cells
        twin = self.profiler.twin(str(read))
        other = self.profiler.days({row.column_name: ColumnFormat("date", twin)}) if twin else None
        if other is None or _SHORTER * _length(other) > _length(span):
            return
        if is_of_file and not self.rows(f"day({self.value(row)}) > 1").count:
            return
        found = self.all_rows
        order = str(self.profiler.form(str(read))["order"])
        yield self._asked(
            row,
            found,
            f"no cell of '{row.column_name}' shows which number is the month: {order}, as it is read, its days run "
            f"from {span[0]} to {span[1]}, and with day and month exchanged from {other[0]} to {other[1]}; "
            f"{found.spend:,.2f} of spend is on these days",
        )

    def _midnights_in_utc(self, row: MappedColumn) -> Iterator[OpenQuestion]:
        """Days whose cells all have the hour at which a day begins somewhere else, as where a script has moved them.

        Where summer time ends or begins there are two such hours.
        """
        column_format = ColumnFormat(row.column_type, str(ValueFormat.of(row.value_format).of_cells))
        macros = self.profiler.project.local_macros
        if not macros.call("has_clock", column_format.value_format):
            return
        minutes = "try_cast(regexp_extract(cell, '[0-9]{1,2}:([0-9]{2})', 1) as integer)"
        minute = f"60 * ({macros.call('hour_of', 'cell')}) + {minutes}"
        all_utc, times = self.of_cells(
            row,
            f"bool_and(regexp_matches(cell, '{_UTC}')) filter (value is not null), "
            f"list(distinct {minute} order by {minute}) filter (value is not null and {minute} is not null)",
        )
        if (
            not all_utc
            or not times
            or not _are_midnights(times)
            or has_hours(self.profiler, row.column_name, column_format)
        ):
            return
        found = self.all_rows
        first = self.rows(f"{self.value(row)} is not null").numbers[0]
        day = self._day(row, first)
        yield self.asked(
            found,
            "days-in-utc",
            f"all times of '{row.column_name}' are {_listed_times(times)} in UTC, which is midnight in another time "
            f"zone: {self._as_read(row, first)}, is {day + timedelta(days=1)} there; {found.spend:,.2f} of spend may "
            "be a day early",
            "Compare with the platform; export the days without a time, and load that with --replace.",
            row.column_name,
            found.spend,
        )

    def _is_of_spreadsheet(self, row: MappedColumn) -> bool:
        return ValueFormat.of(row.value_format).form in FORMS_OF_SPREADSHEETS


def _listed(what: str, numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"{what}s {', '.join(others)} and {last}" if others else f"{what} {last}"


def _length(days: tuple[date, date]) -> int:
    return (days[1] - days[0]).days + 1


def _are_midnights(times: Sequence[int]) -> bool:
    """Whether times of day, in minutes, can be midnight in a time zone whose day is the next one in UTC."""
    is_one = len(times) == 1 or (len(times) == 2 and (times[1] - times[0]) in (_HOUR, 23 * _HOUR))
    return is_one and times[-1] >= _NOON and all(time % 15 == 0 for time in times)


def _listed_times(times: Sequence[int]) -> str:
    return " or ".join(f"{time // _HOUR:02}:{time % _HOUR:02}" for time in times)
