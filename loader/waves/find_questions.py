"""Find what a file leaves open that could change a figure, with the amount at stake."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from loader.errors import Answer, FileRefusedError
from loader.files.dialects import Dialect
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ColumnProfile
from loader.files.totals import TotalCheck
from loader.names import quote_identifier
from loader.waves.amount_questions import AmountQuestions
from loader.waves.columns import DAYS, MappedColumn
from loader.waves.currencies import Currencies, unknown_codes
from loader.waves.day_questions import DayQuestions
from loader.waves.figure_questions import FigureQuestions
from loader.waves.file_rows import FIGURES, SPEND, FileRows, FoundRows, KnownOfColumns
from loader.waves.name_questions import NameQuestions
from loader.waves.questions import OpenQuestion
from loader.waves.row_questions import RowQuestions
from loader.waves.spreadsheet_questions import SpreadsheetQuestions
from loader.words import counted

_FEW = Decimal("0.2")


class QuestionFinder(FileRows):
    """Finds the open questions of one file that was read and mapped."""

    def find(
        self,
        profiles: Mapping[str, ColumnProfile],
        checks: Sequence[TotalCheck],
        possible_totals: Sequence[int],
        currencies: Currencies,
        dialect: Dialect,
        known: KnownOfColumns,
    ) -> list[OpenQuestion]:
        """The questions, those about the most important columns first.

        Args:
            profiles: what each column holds.
            checks: the file's own totals beside the sums of its rows.
            possible_totals: rows that could be totals, and count as data.
            currencies: of the spend.
            dialect: the headers, and whether the file was cut off.
            known: what is known of its columns otherwise.

        Raises:
            FileRefusedError: more cells of the spend or the days can't be read than the dbt var largest_open_share
                allows, or figures have slipped into other columns.

        """
        parts = (self.export, self.profiler, self.mapping, self.year, self.today)
        return [
            *self._shifted_rows(dialect),
            *self._unread_cells(profiles),
            *self._currencies(currencies),
            *self._broken_file(dialect),
            *self._wrong_totals(checks),
            *self._possible_totals(possible_totals),
            *DayQuestions(*parts).find(profiles),
            *RowQuestions(*parts).find(),
            *FigureQuestions(*parts).find(dialect.headers, known),
            *AmountQuestions(*parts).find(),
            *NameQuestions(*parts).find(),
            *SpreadsheetQuestions(*parts).find(),
        ]

    def _shifted_rows(self, dialect: Dialect) -> Iterator[OpenQuestion]:
        """Rows that are longer than the header: a comma stood in a cell without quotes, and cells slipped."""
        columns = [quote_identifier(name) for name in dialect.columns]
        named = max((at for at, header in enumerate(dialect.headers, 1) if header), default=0)
        if dialect.header_line == 0:
            return
        is_beyond = named < len(columns)
        longer = "more cells than the header"
        if not is_beyond and self._is_nearly_blank(columns[-1]):
            named, longer = named - 1, f"a cell under '{dialect.headers[-1]}', which others leave blank"
        is_longer = " or ".join(f"nullif(trim({column}), '') is not null" for column in columns[named:]) or "false"
        found = self.rows(is_longer)
        if not found.count:
            return
        # where most rows are longer, the header may lack a name: decimals tell a number that was cut, numbers a slip
        is_most = found.count * 2 > self.row_count
        split = self._cut_number(columns, is_longer, has_decimals=is_most)
        longer = f"{found.named} {'has' if found.count == 1 else 'have'} {longer}"
        beyond = " and ".join(f"regexp_matches(coalesce({column}, ''), '^[-0-9., ]*$')" for column in columns[named:])
        if not split and not is_beyond:
            return
        if (
            is_most
            and not split
            and (self.export.sheet or self.rows(f"({is_longer}) and {beyond}").count * 2 < found.count)
        ):
            return  # the header lacks the names of columns of texts that rows have
        if split and self.options.unread != "keep":
            row, whole = split[0]
            raise FileRefusedError(
                "rows-shifted",
                f"{self.export.original}: {longer}; in row {row}, '{whole}' may be one number that lacks its quotes. "
                f"As the cells stand, the spend of these rows is {found.spend:,.2f}.",
                "Put quotes around such numbers, or export with semicolons or tabs. --unread keep loads the cells as "
                "they stand; the question then stays open.",
                [Answer("unread", "keep", f"the cells are right as they stand: {found.spend:,.2f} of spend")],
            )
        yield self.asked(
            found,
            "rows-shifted",
            f"{longer}; their cells may have slipped, and their spend reads {found.spend:,.2f}",
            "Look at these rows in the file: a delimiter or a decimal comma may stand in a cell without quotes. "
            "Correct them, and load the file with --replace.",
            amount_at_stake=abs(found.spend),
        )

    def _cut_number(self, columns: Sequence[str], condition: str, *, has_decimals: bool) -> list[tuple[int, str]]:
        """The first of some rows with a number cut in two at the mark between its thousands, and that number."""
        halves = [
            f"case when {_is_half(one, other, has_decimals=has_decimals)} then {one} || ',' || {other} end"
            for one, other in itertools.pairwise(columns)
        ]
        return self.connection.execute(
            f"select {quote_identifier(ROW_NUMBER)}, coalesce({', '.join(halves)}) as whole from {TABLE} "
            f"where {IS_DATA} and ({condition}) and whole is not null order by 1 limit 1"
        ).fetchall()

    def _is_nearly_blank(self, column: str) -> bool:
        """Whether few rows have a cell in a column, and any has."""
        filled: int = self.connection.execute(
            f"select count(nullif(trim({column}), '')) from {TABLE} where {IS_DATA}"
        ).fetchall()[0][0]
        return 0 < filled <= _FEW * self.row_count

    def _errors_of_spreadsheets(self) -> dict[str, int]:
        """How many cells of figures and days hold the error of a formula, which counts as empty in other columns."""
        names = [row.column_name for name, row in self.core.items() if name in (*FIGURES, *DAYS)]
        counts = ", ".join(f"count(*) filter ({_is_error(name)})" for name in names) or "0"
        found = self.connection.execute(f"select {counts} from {TABLE} where {IS_DATA}").fetchall()[0]
        return {name: count for name, count in zip(names, found, strict=False) if count}

    def _unread_cells(self, profiles: Mapping[str, ColumnProfile]) -> Iterator[OpenQuestion]:
        """Cells of figures and days that are not of their type, and ids that a spreadsheet has damaged."""
        errors = self._errors_of_spreadsheets()
        conditions: dict[str, str] = {}
        for row in self.core.values():
            profile = profiles[row.column_name]
            profile = replace(profile, filled=profile.filled + errors.get(row.column_name, 0))
            lost = profile.filled - profile.parsed
            if not lost or not (row.target_column in (*FIGURES, *DAYS) or row.column_type == "id"):
                continue
            unread = self.profiler.unread(row.column_name, profile.format)
            unread = f"({unread} or {_is_error(row.column_name)})" if row.column_name in errors else f"({unread})"
            found = self.rows(unread)
            cell = self.cell(row.column_name, found.numbers[0]) if found.numbers else ""
            shown = f"{lost} of {profile.filled} cells of '{row.column_name}'"
            if row.column_type == "id":
                yield self.asked(
                    found,
                    "ids-damaged",
                    f"{shown} are ids that a spreadsheet has damaged, such as '{cell}'; rows of one ad may count "
                    "twice, or rows of two ads as one",
                    "Export the file again without opening it in a spreadsheet, and load it with --replace.",
                    row.column_name,
                    amount_at_stake=found.spend,
                )
                continue
            conditions[row.column_name] = unread
            is_day = row.target_column in DAYS
            self._refuse_unread(row, found, profile, cell)
            yield self.asked(
                found,
                "cells-unread",
                f"{shown} can't be read as {row.column_type}, such as '{cell}' in row {found.numbers[0]}; they "
                f"are left empty, {self._outcome(row, found, profile)}",
                "Correct the cells and load the file with --replace, or set the format with `mapping set`.",
                row.column_name,
                amount_at_stake=found.spend if is_day else None,
            )
        yield from self._slipped_cells(conditions)

    def _slipped_cells(self, conditions: Mapping[str, str]) -> Iterator[OpenQuestion]:
        """Rows in which several cells are not what their columns are: the others may have slipped too."""
        together = " + ".join(f"cast({condition} as integer)" for condition in conditions.values())
        found = self.rows(f"{together} > 1") if len(conditions) > 1 else FoundRows(0, (), Decimal(0))
        if found.count:
            yield self.asked(
                found,
                "rows-shifted",
                f"{counted(found.count, 'row')}, such as row {found.numbers[0]}, with several cells that are not "
                f"what their columns are; the others may have slipped too, and the spend reads {found.spend:,.2f}",
                "Look at these rows in the file: a cell may be missing, or a delimiter too many. Correct them, and "
                "load the file with --replace.",
                amount_at_stake=abs(found.spend),
            )

    def _outcome(self, row: MappedColumn, found: FoundRows, profile: ColumnProfile) -> str:
        if row.target_column in DAYS:
            return f"and {found.spend:,.2f} of spend has no day"
        return f"and the others add up to {profile.control_sum:,.2f}"

    def _refuse_unread(self, row: MappedColumn, found: FoundRows, profile: ColumnProfile, cell: str) -> None:
        """Stop where more cells of the spend or the days can't be read than may stay open."""
        is_telling = row.target_column in (SPEND, *DAYS) and row.decided_by != "person"
        share = Decimal(found.count) / max(profile.filled, 1)
        if not is_telling or self.options.unread == "keep" or share <= self.largest_share:
            return
        raise FileRefusedError(
            "cells-unread",
            f"{self.export.original}: {found.count} of {profile.filled} cells of '{row.column_name}' can't be read as "
            f"{row.column_type}, such as '{cell}' in row {found.numbers[0]}. Left empty, "
            f"{self._outcome(row, found, profile).removeprefix('and ')}.",
            "Correct these cells, or use --unread keep to leave them empty; the question then stays open.",
            [Answer("unread", "keep", f"{found.count} cells stay empty, and the question stays open")],
        )

    def _currencies(self, currencies: Currencies) -> Iterator[OpenQuestion]:
        """Several currencies in the cells of the spend, and cells of a currency column that are none."""
        by_cell = self.core.get(SPEND) if currencies.are_in_cells else None
        column = next((row for row in self.mapping if row.target_column == "currency" and row.ordinal), by_cell)
        if column is None and len(currencies.signs) > 1 and not currencies.code:
            found = self.all_rows
            yield replace(
                self.asked(
                    found,
                    "currencies-mixed",
                    f"the cells of the spend are in several currencies ({', '.join(currencies.signs)}), and no column "
                    f"says which row is in which; their sum of {found.spend:,.2f} means nothing",
                    self._by_currency,
                    amount_at_stake=abs(found.spend),
                ),
                row_numbers=(),
            )
        elif column is not None and (found := self._without_currency(column)).count:
            cell = self.cell(column.column_name, found.numbers[0])
            none = f"{counted(found.count, 'cell')} of '{column.column_name}'"
            slipped = "" if by_cell else "the cells of these rows may have slipped, and "
            yield self.asked(
                found,
                "currency-unknown",
                f"{none} {'names' if found.count == 1 else 'name'} no currency, such as '{cell}' in row "
                f"{found.numbers[0]}; {slipped}their spend reads {found.spend:,.2f}",
                "Look at these rows in the file: a delimiter may be missing, or stand in a cell without quotes. "
                "Correct them, and load the file with --replace."
                if slipped
                else self._by_currency,
                column.column_name,
                amount_at_stake=abs(found.spend),
            )

    @property
    def _by_currency(self) -> str:
        return (
            "Export again with a column of the currency, and load that with --replace; or roll this file back "
            f"({self.rollback}), and load one export for each account."
        )

    def _without_currency(self, column: MappedColumn) -> FoundRows:
        """Rows with spend whose cell names no currency; none where the whole column is blank."""
        cell = f"trim({quote_identifier(column.column_name)})"
        is_filled = self.connection.execute(f"select 1 from {TABLE} where {IS_DATA} and {cell} <> '' limit 1")
        has_spend = f"coalesce({self.spend()}, 0) <> 0"
        unknown = unknown_codes(self.profiler, column)
        return self.rows(f"{unknown} and {has_spend}" if is_filled.fetchall() else "false")

    def _broken_file(self, dialect: Dialect) -> Iterator[OpenQuestion]:
        """A file that ends within a row, and a quote that nothing closes where it should."""
        if dialect.is_cut_off:
            yield OpenQuestion(
                "file-cut-off",
                "the last row has fewer cells than the header and no line break at its end; the file may be cut off, "
                "and rows may be missing",
                "Compare with the platform; if rows are missing, export again and load the file with --replace.",
            )
        if dialect.broken_line:
            yield OpenQuestion(
                "quote-open",
                f"text follows a closing quote, first in line {dialect.broken_line} of the file; these rows "
                "may be split in the wrong places",
                "Look at these lines; export again, or correct the quotes and load the file with --replace.",
            )

    def _wrong_totals(self, checks: Sequence[TotalCheck]) -> Iterator[OpenQuestion]:
        for check in checks:
            if not check.agrees:
                is_spend = SPEND in self.core and check.column == self.core[SPEND].column_name
                yield OpenQuestion(
                    "total-differs",
                    f"the file's own total of '{check.column}' is {check.given.normalize():f}, "
                    f"but its rows add up to {check.computed.normalize():f}",
                    "Compare with the platform: rows may be missing from the file, or counted twice in it.",
                    check.column,
                    amount_at_stake=abs(check.given - check.computed) if is_spend else None,
                )

    def _possible_totals(self, rows: Sequence[int]) -> Iterator[OpenQuestion]:
        if rows:
            found = self.rows(f"{quote_identifier(ROW_NUMBER)} in ({', '.join(map(str, rows))})")
            yield self.asked(
                found,
                "total-or-data",
                f"{found.named} could be totals, but count as data with {found.spend:,.2f} of spend",
                "Compare with the platform. If they are totals: load the file with --replace --subtotals drop.",
                amount_at_stake=found.spend,
            )


def _is_half(one: str, other: str, *, has_decimals: bool) -> str:
    """The SQL condition that two cells are a number cut at the mark between its thousands."""
    behind = f"[0-9]{{3}}([.][0-9]+){'' if has_decimals else '?'}"
    return f"regexp_full_match(trim({one}), '[0-9]{{1,3}}') and regexp_full_match(trim({other}), '{behind}')"


def _is_error(column: str) -> str:
    """The condition that a cell is an error that counts as empty in other columns, such as the rate of nothing."""
    cell = quote_identifier(column)
    return f"(starts_with({cell}, '#') and lower(trim({cell})) in ('#n/a', '#div/0!'))"
