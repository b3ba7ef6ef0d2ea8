"""The rows of one file that was read and mapped, for asking what is uncertain about them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from loader.files.headers import Suggestion
from loader.files.row_kinds import TotalCheck
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ColumnFormat, ValueFormat
from loader.names import quote_identifier
from loader.waves.columns import MappedColumn
from loader.waves.contents import FileContents
from loader.waves.money import Currencies
from loader.waves.questions import NO_ROWS, FoundRows, OpenQuestion, asked
from loader.waves.targets import ReadFile

FIGURES = ("amount_spent", "impressions", "clicks", "conversions", "conversion_value", "reach")
SPEND = "amount_spent"
MOST_ROWS = 20
FEW = Decimal("0.2")
NUMBER = quote_identifier(ROW_NUMBER)
ROWS = f"from {TABLE} where {IS_DATA}"


@dataclass(frozen=True, kw_only=True)
class FileRows(ReadFile):
    """The rows of one file, and what is known of them.

    Args:
        mapping: what its columns are.
        contents: what they hold, and rows that could be totals.
        checks: the file's own totals beside the sums of its rows.
        currencies: of the spend.
        year: the client's.
        today: the day of the upload.
        earlier: the mappings of the client's earlier waves.
        meanings: what the headers of the columns mean or resemble that fill no standard column.

    """

    mapping: Sequence[MappedColumn]
    contents: FileContents
    checks: Sequence[TotalCheck]
    currencies: Currencies
    year: int
    today: date
    earlier: Sequence[MappedColumn]
    meanings: Mapping[str, Suggestion]

    @cached_property
    def core(self) -> dict[str, MappedColumn]:
        """The columns of the file that fill core columns."""
        return {row.target_column: row for row in self.mapping if row.ordinal and row.mapping_rule == "core"}

    def value(self, column: MappedColumn | str, cell: str | None = None) -> str:
        """The SQL expression of a column's value, null where the file has no such core column; or of such a cell."""
        if isinstance(column, str):
            if column not in self.core:
                return "cast(null as decimal(38, 6))"
            column = self.core[column]
        of_cells = str(ValueFormat.of(column.value_format).of_cells) or None
        return self.profiler.parsed(cell or column.column_name, ColumnFormat(column.column_type, of_cells))

    @property
    def spend(self) -> str:
        """The SQL expression of a row's spend."""
        return self.value(SPEND)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        return self.connection.execute(sql).fetchall()

    def aggregates(self, aggregates: str, condition: str = "true") -> tuple[Any, ...]:
        """Aggregates over the data rows that meet a condition."""
        return self.query(f"select {aggregates} {ROWS} and ({condition})")[0]

    def of_cells(self, row: MappedColumn, aggregates: str) -> tuple[Any, ...]:
        """Aggregates over the cells of a column that differ, which are few: of cell, value and occurrences."""
        cells = self.profiler.cells(row.column_name)
        return self.query(
            f"select {aggregates} from (select cell, occurrences, {self.value(row, 'cell')} as value from ({cells}))"
        )[0]

    def is_blank(self, row: MappedColumn) -> str:
        """The SQL condition that a column's cell is empty, or holds what platforms write for that."""
        cell = f"nullif(trim({quote_identifier(row.column_name)}), '')"
        return f"({self.profiler.project.local_macros.call('filled_cell', cell)}) is null"

    def may_be_blank(self, row: MappedColumn) -> bool:
        """Whether cells of a column are blank, as far as its profile says."""
        return (row.filled_cells or 0) < self.contents.row_count

    def rows(self, condition: str) -> FoundRows:
        """The data rows that meet a condition."""
        count, numbers, spend = self.query(
            f"select count(*), min(number, {MOST_ROWS}), coalesce(sum(spend), 0) "
            f"from (select {NUMBER} as number, {self.spend} as spend {ROWS} and ({condition}))"
        )[0]
        return FoundRows(count, tuple(numbers or ()), Decimal(spend))

    @cached_property
    def all_rows(self) -> FoundRows:
        """All data rows."""
        return self.rows("true")

    def of_row(self, value: str, number: int) -> Any:
        """A value of one row."""
        return self.query(f"select {value} from {TABLE} where {NUMBER} = {number}")[0][0]

    def cell(self, column: str, row_number: int) -> str:
        """The start of a cell as it stands in the file."""
        return str(self.of_row(quote_identifier(column), row_number) or "")[:40]

    def asked(
        self,
        name: str,
        found: FoundRows = NO_ROWS,
        column: MappedColumn | None = None,
        at_stake: Decimal | None = None,
        /,
        **words: object,
    ) -> OpenQuestion:
        """A question about rows of this file; see `loader.waves.questions.asked()`."""
        header = column.column_name if column else None
        if header:
            words["cell"] = self.cell(header, found.numbers[0]) if found.numbers else ""
        words["rollback"] = f"spark9 wave rollback --client ... --wave ... --file {shlex.quote(self.export.name)}"
        return asked(name, found, header, at_stake, (), **words)
