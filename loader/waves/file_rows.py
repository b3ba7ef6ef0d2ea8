"""The rows of one file that was read and mapped, for asking what is uncertain about them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from loader.files.containers import Export
from loader.files.headers import Suggestion
from loader.files.profiling import Profiler
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ColumnFormat, ValueFormat
from loader.names import quote_identifier
from loader.waves.columns import MappedColumn
from loader.waves.questions import OpenQuestion

FIGURES = ("amount_spent", "impressions", "clicks", "conversions", "conversion_value", "reach")
SPEND = "amount_spent"
MOST_ROWS = 20


@dataclass(frozen=True)
class FoundRows:
    """Rows that a question is about."""

    count: int
    numbers: tuple[int, ...]
    spend: Decimal

    @property
    def named(self) -> str:
        """The first of them, for a sentence."""
        more = " and more" if self.count > len(self.numbers[:3]) else ""
        return f"row{'s' * (self.count > 1)} {', '.join(map(str, self.numbers[:3]))}{more}"


@dataclass(frozen=True)
class KnownOfColumns:
    """What is known of a file's columns beside the file.

    Args:
        earlier: the mappings of the client's earlier waves.
        meanings: what the headers of the columns mean or resemble that fill no standard column.

    """

    earlier: Sequence[MappedColumn] = ()
    meanings: Mapping[str, Suggestion] = field(default_factory=dict)


class FileRows:
    """The rows of one file, and what its columns are."""

    def __init__(
        self, export: Export, profiler: Profiler, mapping: Sequence[MappedColumn], year: int, today: date
    ) -> None:
        """Store what is known of the file.

        Args:
            export: the file.
            profiler: has profiled the file, and has its rows in its connection.
            mapping: what its columns are.
            year: the client's.
            today: the day of the upload.

        """
        self.export = export
        self.profiler = profiler
        self.connection = profiler.connection
        self.options = profiler.options
        self.mapping = mapping
        self.year = year
        self.today = today
        self.core = {row.target_column: row for row in mapping if row.ordinal and row.mapping_rule == "core"}
        self.largest_share = Decimal(str(profiler.project.variables["largest_open_share"]))

    @property
    def rollback(self) -> str:
        """The command that rolls the file back, once it is loaded."""
        return f"spark9 wave rollback --client ... --wave ... --file {shlex.quote(self.export.name)}"

    def value(self, row: MappedColumn, cell: str | None = None) -> str:
        """The SQL expression of a mapped column's value; of another column with its cells, if one is named."""
        of_cells = str(ValueFormat.of(row.value_format).of_cells) or None
        return self.profiler.parsed(cell or row.column_name, ColumnFormat(row.column_type, of_cells))

    def of_cells(self, row: MappedColumn, aggregates: str) -> tuple[Any, ...]:
        """Aggregates over the cells of a column that differ, which are few: of cell, value and occurrences."""
        cells = self.profiler.cells(row.column_name)
        values = f"select cell, occurrences, {self.value(row, 'cell')} as value from ({cells})"
        return self.connection.execute(f"select {aggregates} from ({values})").fetchall()[0]

    def spend(self) -> str:
        """The SQL expression of a row's spend; null where the file has none."""
        return self.value(self.core[SPEND]) if SPEND in self.core else "cast(null as decimal(38, 6))"

    def is_blank(self, row: MappedColumn) -> str:
        """The SQL condition that a column's cell is empty, or holds what platforms write for that."""
        cell = f"nullif(trim({quote_identifier(row.column_name)}), '')"
        return f"({self.profiler.project.local_macros.call('filled_cell', cell)}) is null"

    def rows(self, condition: str) -> FoundRows:
        """The data rows that meet a condition."""
        number = quote_identifier(ROW_NUMBER)
        count, numbers, spend = self.connection.execute(
            f"select count(*), min(number, {MOST_ROWS}), coalesce(sum(spend), 0) from ("
            f"select {number} as number, {self.spend()} as spend from {TABLE} where {IS_DATA} and ({condition}))"
        ).fetchall()[0]
        return FoundRows(count, tuple(numbers or ()), Decimal(spend))

    @cached_property
    def row_count(self) -> int:
        """How many rows are data."""
        return int(self.connection.execute(f"select count(*) from {TABLE} where {IS_DATA}").fetchall()[0][0])

    def may_be_blank(self, row: MappedColumn) -> bool:
        """Whether cells of a column are blank, as far as its profile says."""
        return (row.filled_cells or 0) < self.row_count

    @cached_property
    def all_rows(self) -> FoundRows:
        """All data rows."""
        return self.rows("true")

    def asked(
        self,
        found: FoundRows,
        kind: str,
        question: str,
        remedy: str,
        column_name: str | None = None,
        amount_at_stake: Decimal | None = None,
    ) -> OpenQuestion:
        """A question about these rows; see OpenQuestion for the rest."""
        return OpenQuestion(kind, question, remedy, column_name, found.count, found.numbers, amount_at_stake)

    def cell(self, column: str, row_number: int) -> str:
        """The start of a cell as it stands in the file."""
        cell = self.connection.execute(
            f"select {quote_identifier(column)} from {TABLE} where {quote_identifier(ROW_NUMBER)} = ?", [row_number]
        ).fetchall()
        return str(cell[0][0] or "")[:40]
