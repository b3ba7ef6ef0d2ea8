"""Open questions about what spreadsheets do to exports: ids, days, errors, hidden rows and columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date

from loader.files.mixed_days import FORMS_OF_SPREADSHEETS
from loader.files.table import IS_DATA, TABLE, ColumnFormat, ValueFormat
from loader.names import quote_identifier
from loader.waves.columns import DAYS
from loader.waves.file_rows import FIGURES, SPEND, FileRows
from loader.waves.questions import OpenQuestion

_LEAST_MONTHS = 3


class SpreadsheetQuestions(FileRows):
    """Finds what a spreadsheet may have changed in a file."""

    def find(self) -> Iterator[OpenQuestion]:
        """The questions."""
        yield from self._rounded_ids()
        yield from self._exchanged_days()
        yield from self._hidden_rows()
        yield from self._hidden_columns()

    def _rounded_ids(self) -> Iterator[OpenQuestion]:
        """Ids whose digits beyond the fifteenth are all 0, as a spreadsheet leaves them."""
        for row in self.core.values():
            if row.column_type != "id":
                continue
            value = self.value(row)
            is_long, is_rounded = (
                f"regexp_full_match({value}, '[0-9]{{17,}}')",
                f"regexp_full_match({value}, '[0-9]{{15}}0+')",
            )
            long, rounded, zeros = self.connection.execute(
                f"select count(distinct {value}) filter ({is_long}), count(distinct {value}) filter ({is_rounded}), "
                f"max(length({value}) - 15) from {TABLE} where {IS_DATA} and {is_long}"
            ).fetchall()[0]
            # three digits are 000 by chance once in a thousand ids
            if rounded > 1 or (rounded == long == 1 and zeros > 2):
                found = self.rows(f"{is_long} and {is_rounded}")
                cell = self.cell(row.column_name, found.numbers[0])
                yield self.asked(
                    found,
                    OpenQuestion(
                        "ids-rounded",
                        f"{rounded} of {long} ids of '{row.column_name}' end in zeros from the sixteenth digit on, "
                        f"such as '{cell}', as after a spreadsheet; rows of one ad may count twice, or rows of two ads "
                        "as one",
                        "Export the file again without opening it in a spreadsheet, and load it with --replace.",
                        row.column_name,
                        amount_at_stake=found.spend,
                    ),
                )

    def _exchanged_days(self) -> Iterator[OpenQuestion]:
        """Days that are one day of many months, and consecutive days with day and month exchanged.

        A spreadsheet makes 8 January to 8 December of 1 to 12 August, and the file then has no other days.
        """
        row = self.core.get("date_start")
        if row is None or ValueFormat.of(row.value_format).form not in FORMS_OF_SPREADSHEETS:
            return
        span = self.profiler.days({row.column_name: ColumnFormat("date", row.value_format)})
        # of distinct cells; most files end here
        if span is None or span[0].day != span[1].day or span[0] == span[1]:
            return
        found = self.rows("true")
        day = self.value(row)
        first, last, days, months, of_month = self.connection.execute(
            f"select min({day}), max({day}), count(distinct {day}), max(month({day})) - min(month({day})) + 1, "
            f"case when count(distinct (year({day}), day({day}))) = 1 then any_value(day({day})) end "
            f"from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if of_month and 1 < of_month <= 12 and days == months >= _LEAST_MONTHS:
            other = [date(first.year, of_month, each.month) for each in (first, last)]
            yield self.asked(
                found,
                OpenQuestion(
                    "days-unlikely",
                    f"the only days of '{row.column_name}' are day {of_month} of {days} months, {first} to {last}; if "
                    f"a spreadsheet has exchanged day and month, they are {other[0]} to {other[1]}",
                    "Check the days; if they are exchanged, export again and load the file unchanged with --replace.",
                    row.column_name,
                    amount_at_stake=found.spend,
                ),
            )

    def _hidden_rows(self) -> Iterator[OpenQuestion]:
        """Rows that a spreadsheet hides, as where a filter is on: they may not be meant."""
        if self.export.hidden_rows is None:
            return
        columns = [row.column_name for row in self.mapping if row.ordinal]
        width = len(columns)
        with self.export.hidden_rows.open(encoding="utf-8", newline="") as text:
            hidden = [(row + [""] * width)[:width] for row in csv.reader(text)]
        self.connection.execute("create or replace temp table hidden_rows as select unnest(?) as cells", [hidden])
        found = self.rows(f"{_whole_row(columns)} in (select cells from hidden_rows)")
        if found.count:
            yield self.asked(
                found,
                OpenQuestion(
                    "rows-hidden",
                    f"the sheet hides {found.named}, {found.count} in all; they are loaded with {found.spend:,.2f} of "
                    "spend",
                    "If they do not belong to the wave: delete them from the sheet and load it with --replace.",
                    amount_at_stake=found.spend,
                ),
            )

    def _hidden_columns(self) -> Iterator[OpenQuestion]:
        """Columns of figures that a spreadsheet hides: another one may be meant."""
        hidden = self.export.sheet.hidden_columns if self.export.sheet else ()
        for name in (*FIGURES, *DAYS):
            row = self.core.get(name)
            if row and row.ordinal and row.ordinal - 1 in hidden:
                yield OpenQuestion(
                    "column-hidden",
                    f"the sheet hides the column '{row.column_name}', which fills {name}",
                    "Check that this is the column that counts; otherwise delete it and load the file with --replace.",
                    row.column_name,
                    amount_at_stake=self.rows("true").spend if name == SPEND else None,
                )


def _whole_row(columns: Sequence[str]) -> str:
    """The SQL expression of all cells of a row, which rows can be compared by."""
    cells = (f"coalesce({quote_identifier(name)}, '')" for name in columns)
    return f"[{', '.join(cells)}]"
