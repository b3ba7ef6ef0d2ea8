"""Which rows of a file are data, and what its columns hold: totals, notes and subtotals apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import duckdb

from loader.errors import Answer, FileRefusedError
from loader.files.column_formats import ColumnFormat, ColumnProfile
from loader.files.dialects import Dialect
from loader.files.grouping import Grouping, find_groups
from loader.files.options import ReadingOptions
from loader.files.profiling import Profiler
from loader.files.row_kinds import MarkedRows, mark_rows, mark_subtotals
from loader.files.rows import IS_DATA, ROW_NUMBER, TABLE
from loader.names import quote_identifier
from loader.waves.columns import DAYS, NAME_COLUMNS, MappedColumn
from loader.waves.targets import Target
from loader.waves.units import formats_of_units, refuse_unsure_units

# what a totals row adds up, the most telling first; reach counts people once, rates are no sums
ADDITIVE = ("amount_spent", "impressions", "clicks", "conversions", "conversion_value")
# a doubt that changes a sum by more than this stops the load
_MOST_DOUBT = Decimal("0.01")


@dataclass(frozen=True)
class ClassifiedRows:
    """The rows of a file, told apart and profiled.

    Args:
        marked: how many rows are no data, and which could be totals and count as data.
        row_count: data rows.
        profiles: what each column holds, over the data rows.
        fills_down: columns whose blank cells mean what stands above them.

    """

    marked: MarkedRows
    row_count: int
    profiles: dict[str, ColumnProfile]
    fills_down: Sequence[str] = ()

    @property
    def total(self) -> int:
        """Rows of all kinds."""
        return self.row_count + sum(self.marked.excluded.values())


class RowClassifier:
    """Tells the rows of one file apart and profiles its columns."""

    def __init__(
        self,
        file: Path,
        connection: duckdb.DuckDBPyConnection,
        profiler: Profiler,
        dialect: Dialect,
        targets: Mapping[str, Target],
        options: ReadingOptions,
    ) -> None:
        """Keep what is known of the file; `connection` has read it."""
        self._file = file
        self._connection = connection
        self._profiler = profiler
        self._dialect = dialect
        self._targets = targets
        self._options = options

    def mark(self, *, is_naming_keys: bool) -> ClassifiedRows:
        """Tell data from totals and notes; nothing is profiled yet.

        Raises:
            FileRefusedError: no row is data.

        """
        names = (
            [] if is_naming_keys else [name for name in self._dimensions() if self._targets[name].column not in DAYS]
        )
        dialect = self._dialect
        breakdowns = [name for name in names if self._targets[name].column not in NAME_COLUMNS]
        words, footer = self._profiler.words, self._options.skip_footer
        marked = mark_rows(self._connection, dialect.columns, dialect.headers, names, words, footer, breakdowns)
        row_count = self._count() - sum(marked.excluded.values())
        if row_count == 0:
            raise FileRefusedError(
                "no-rows", f"{self._file} has a totals row, but no rows of data.", "Check the date range."
            )
        return ClassifiedRows(marked, row_count, {})

    def profile(self, rows: ClassifiedRows) -> ClassifiedRows:
        """Profile all columns.

        Raises:
            FileRefusedError: nothing says whether money has a decimal point or comma, or is in millionths.

        """
        targets = self._targets
        profiles = self._profiler.profile(
            self._dialect.columns,
            {name: targets[name].wanted_type for name in self._dialect.columns},
            formats_of_units(targets, self._options)
            | {
                name: form
                for name in self._dialect.columns
                if (rule := targets[name].decision) and (form := _format_of_cells(rule.value_format))
            },
        )
        refuse_unsure_units(self._file, self._connection, targets, profiles, self._options)
        _refuse_unsure_money(self._file, profiles, targets)
        return replace(rows, profiles=profiles)

    def group(self, rows: ClassifiedRows) -> ClassifiedRows:
        """Keep subtotals out, and find the columns that give a name once for the rows below.

        Raises:
            FileRefusedError: rows could be subtotals, and would change the sum by more than 1 %.

        """
        figures = self._figures(rows.profiles)
        found = find_groups(self._connection, self._profiler, self._dimensions(), self._days(), figures)
        doubtful = sorted({*rows.marked.doubtful, *found.doubtful})
        dropped = list(found.subtotals)
        if doubtful and figures and self._options.subtotals is None:
            self._refuse_unsure(found, doubtful, dropped, figures)
        if self._options.subtotals == "drop":
            dropped += doubtful
        if self._options.subtotals is not None:
            doubtful = []
        self._profiler.filled_down = found.fills_down
        if dropped:
            excluded = mark_subtotals(self._connection, self._dialect.columns, dropped)
            rows = self.profile(replace(rows, row_count=self._count() - sum(excluded.values())))
            rows = replace(rows, marked=MarkedRows(excluded, doubtful))
        return replace(rows, marked=replace(rows.marked, doubtful=doubtful), fills_down=found.fills_down)

    def _count(self) -> int:
        count: int = self._connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0]
        return count

    def _dimensions(self) -> list[str]:
        targets = self._targets
        return [
            name
            for name in self._dialect.columns
            if targets[name].column in (*DAYS, *NAME_COLUMNS) or targets[name].role == "breakdown"
        ]

    def _days(self) -> list[str]:
        return [name for name in self._dimensions() if self._targets[name].column in DAYS]

    def _figures(self, profiles: Mapping[str, ColumnProfile]) -> dict[str, ColumnFormat]:
        """The columns whose totals are sums, the most telling first."""
        by_target = {self._targets[name].column: name for name in reversed(self._dialect.columns)}
        names = [by_target[target] for target in ADDITIVE if target in by_target]
        return {name: profiles[name].format for name in names if profiles[name].control_sum is not None}

    def _refuse_unsure(
        self, found: Grouping, doubtful: Sequence[int], dropped: Sequence[int], figures: Mapping[str, ColumnFormat]
    ) -> None:
        """Stop where rows that could be subtotals have more than 1 % of the sum of the others."""
        column, column_format = next(iter(figures.items()))
        number, value = quote_identifier(ROW_NUMBER), self._profiler.parsed(column, column_format)
        gone = ", ".join(map(str, [*dropped, 0]))
        rows = ", ".join(map(str, doubtful))
        unsure, others = self._connection.execute(
            f"select coalesce(sum({value}) filter ({number} in ({rows})), 0), "
            f"coalesce(sum({value}) filter ({number} not in ({rows}) and {number} not in ({gone})), 0) "
            f"from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if abs(unsure) > _MOST_DOUBT * abs(others):
            self._refuse(found, doubtful, column, Decimal(unsure), Decimal(others))

    def _refuse(
        self, found: Grouping, doubtful: Sequence[int], column: str, unsure: Decimal, others: Decimal
    ) -> NoReturn:
        rows = ", ".join(map(str, doubtful[:5])) + (" and more" if len(doubtful) > 5 else "")
        shown = ""
        if found.example:
            row, own, of_group, _ = found.example
            shown = f" Row {row} has {_plain(own)}, the rows of its group {_plain(of_group)}."
        raise FileRefusedError(
            "subtotals-unsure",
            f"{self._file}: row {rows} could be a subtotal, and nothing proves it.{shown} With it as data, '{column}' "
            f"adds up to {_plain(unsure + others)}; without it, to {_plain(others)}.",
            "Compare with the platform, then say --subtotals keep (it is data) or --subtotals drop (it is a subtotal).",
            [
                Answer("subtotals", "keep", f"row {rows} is data: '{column}' adds up to {_plain(unsure + others)}"),
                Answer("subtotals", "drop", f"row {rows} is a subtotal: '{column}' adds up to {_plain(others)}"),
            ],
        )


def filled_down(columns: Sequence[MappedColumn], fills_down: Sequence[str]) -> list[MappedColumn]:
    """The mapping, with the columns marked whose blank cells mean what stands above them."""
    return [
        replace(
            row,
            value_format=f"{row.value_format}:down" if row.value_format else "down",
            reason=f"{row.reason}, blank cells mean the one above",
        )
        if row.ordinal is not None and row.column_name in fills_down
        else row
        for row in columns
    ]


def without_filling(columns: Sequence[MappedColumn]) -> list[MappedColumn]:
    """The mapping as the cells stand in the file, blank ones too."""
    return [replace(row, value_format=_format_of_cells(row.value_format)) for row in columns]


def _format_of_cells(value_format: str | None) -> str | None:
    return (value_format or "").removesuffix("down").removesuffix(":") or None


def _plain(figure: Decimal) -> str:
    return f"{figure:,.2f}"


def _refuse_unsure_money(file: Path, profiles: Mapping[str, ColumnProfile], targets: Mapping[str, Target]) -> None:
    """A factor of a thousand is no doubt to load with."""
    for name, profile in profiles.items():
        other = profile.ambiguous_with
        if other and targets[name].wanted_type == "decimal" and profile.format.column_type == "decimal":
            example = profile.example or ""
            read = {word: _as_number(example, mark) for word, mark in (("point", "."), ("comma", ","))}
            raise FileRefusedError(
                "numbers-unsure",
                f"{file}: nothing in the column '{name}' says whether its point or comma is a decimal mark: "
                f"{example} is {read['point']} with a point, {read['comma']} with a comma.",
                "Say --numbers point or --numbers comma.",
                [Answer("numbers", word, f"decimal {word}: {example} is {figure}") for word, figure in read.items()],
            )


def _as_number(cell: str, mark: str) -> str:
    return "".join(
        "." if character == mark else character for character in cell if character.isdigit() or character == mark
    )
