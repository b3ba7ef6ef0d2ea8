"""The file's own totals rows, compared with the sums of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from loader.files.profiling import Profiler
from loader.files.row_kinds import IS_SUBTOTAL
from loader.files.table import IS_DATA, ROW_KIND, ROW_NUMBER, TABLE, ColumnFormat
from loader.names import quote_identifier

_MOST_TOTALS = 20


@dataclass(frozen=True)
class TotalCheck:
    """A figure of the file's own totals row beside the sum of the rows.

    Args:
        column: the header.
        given: the figure in the totals row.
        computed: the sum of the data rows.

    """

    column: str
    given: Decimal
    computed: Decimal

    @property
    def agrees(self) -> bool:
        """Whether they are the same but for the rounding of the given figure."""
        exponent = self.given.normalize().as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        return abs(self.given - self.computed) <= Decimal(1).scaleb(-max(digits, 2)) / 2 + Decimal("0.005")


def check_totals(
    connection: duckdb.DuckDBPyConnection, profiler: Profiler, additive: Mapping[str, ColumnFormat]
) -> list[TotalCheck]:
    """Compare the file's own totals row with the sums of the rows; none without a totals row.

    Args:
        connection: the DuckDB that read the file, after `mark_rows()`.
        profiler: parses the cells.
        additive: the columns whose total is a sum (not reach, not a rate), and how each is read.

    """
    number, kind = (quote_identifier(name) for name in (ROW_NUMBER, ROW_KIND))
    rows = connection.execute(
        f"select {number} from {TABLE} where {kind} = 'total' and not {IS_SUBTOTAL} order by 1 limit {_MOST_TOTALS}"
    ).fetchall()
    if not rows or not additive:
        return []
    checks = []
    for column, column_format in additive.items():
        value = profiler.parsed(column, column_format)
        sums = [f"cast(sum({value}) filter ({number} = {row}) as decimal(38, 6))" for (row,) in rows]
        sums.append(f"cast(coalesce(sum({value}) filter ({IS_DATA}), 0) as decimal(38, 6))")
        *given, computed = connection.execute(f"select {', '.join(sums)} from {TABLE}").fetchall()[0]
        found = [TotalCheck(column, figure, computed) for figure in given if figure is not None]
        if found:
            # Google gives several totals, such as that of the campaigns shown and that of the account
            checks.append(next((check for check in found if check.agrees), found[-1]))
    return checks
