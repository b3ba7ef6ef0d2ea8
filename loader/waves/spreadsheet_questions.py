"""Open questions about what spreadsheets do to exports: ids, hidden rows and columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from loader.names import quote_identifier
from loader.waves.columns import DAYS
from loader.waves.file_rows import FIGURES, SPEND, FileRows
from loader.waves.questions import OpenQuestion


class SpreadsheetQuestions(FileRows):
    """Finds what a spreadsheet may have changed in a file."""

    def find(self) -> Iterator[OpenQuestion]:
        """The questions."""
        yield from self._rounded_ids()
        yield from self._hidden_rows()
        yield from self._hidden_columns()

    def _rounded_ids(self) -> Iterator[OpenQuestion]:
        """Ids whose digits beyond the fifteenth are all 0, as a spreadsheet leaves them."""
        for row in self.core.values():
            if row.column_type != "id":
                continue
            of_long = "filter (regexp_full_match(value, '[0-9]{17,}'))"
            is_rounded = "regexp_full_match({}, '[0-9]{{15}}0{{2,}}')"
            long, zeros, rounded = self.of_cells(
                row,
                f"count(distinct value) {of_long}, max(length(value) - 15) {of_long}, "
                f"count(distinct value) filter ({is_rounded.format('value')})",
            )
            # three digits are 000 by chance once in a thousand ids
            if rounded > 1 or (rounded == long == 1 and zeros > 2):
                found = self.rows(is_rounded.format(self.value(row)))
                cell = self.cell(row.column_name, found.numbers[0])
                yield self.asked(
                    found,
                    "ids-rounded",
                    f"{rounded} of {long} ids of '{row.column_name}' end in zeros from the sixteenth digit on, "
                    f"such as '{cell}', as after a spreadsheet; rows of one ad may count twice, or rows of two ads "
                    "as one",
                    "Export the file again without opening it in a spreadsheet, and load it with --replace.",
                    row.column_name,
                    amount_at_stake=found.spend,
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
            in_all = f", {found.count:,} in all" if found.count > len(found.numbers[:3]) else ""
            are = "it is" if found.count == 1 else "they are"
            yield self.asked(
                found,
                "rows-hidden",
                f"the sheet hides {found.named}{in_all}; {are} loaded with {found.spend:,.2f} of spend",
                "If they do not belong to the wave: delete them from the sheet and load it with --replace.",
                amount_at_stake=found.spend,
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
                    amount_at_stake=self.all_rows.spend if name == SPEND else None,
                )


def _whole_row(columns: Sequence[str]) -> str:
    """The SQL expression of all cells of a row, which rows can be compared by."""
    cells = (f"coalesce({quote_identifier(name)}, '')" for name in columns)
    return f"[{', '.join(cells)}]"
