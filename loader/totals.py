"""Rows of an export that are no data: totals and notes. They stay in raw_data_staging, marked, unprocessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from loader.names import quote_identifier
from loader.profiling import Profiler, Reading
from loader.reading import ROW_NUMBER, TABLE

_TOTAL = (
    "(grand |overall |sub)?totals?( results)?|total ?[:-].*|total of .*|summary|results? from .*"
    "|gesamt|gesamtsumme|summe|ergebnisse von .*|total général|résultats de .*|total general|totales|resultados de .*"
)
_EDGE_ROWS = 1000


@dataclass(frozen=True)
class TotalCheck:
    """A figure of the file's own totals row beside the sum of the rows.

    Args:
        column: the header.
        given: what the totals row says.
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


def mark_rows(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], name_columns: Sequence[str]
) -> dict[str, int]:
    """Give each row of TABLE its row_kind: 'data', 'total' or 'note'.

    Only rows at either end of the file can be other than data, and only where every name (campaign, ad set, ad) is
    empty or says 'total'; a row in the middle stays data whatever it holds.

    Args:
        connection: the DuckDB that read the file.
        columns: all columns of the file.
        name_columns: those that name or number the campaign, ad set or ad; the first column when there are none.

    Returns:
        How many rows are of each kind other than data.

    """
    names = list(name_columns) or [columns[0]]
    others = [name for name in columns if name not in names]
    empty_names = " and ".join(f"{_text(name)} = ''" for name in names)
    # platforms write 'Total' in a name or in the first column, whichever that is
    is_total_word = " or ".join(f"regexp_full_match(lower({_text(name)}), '{_TOTAL}')" for name in {columns[0], *names})
    only_total_words = " and ".join(
        f"({_text(name)} = '' or regexp_full_match(lower({_text(name)}), '{_TOTAL}'))" for name in names
    )
    filled = _count_filled(columns)
    figures = _count_filled(others)
    number = quote_identifier(ROW_NUMBER)
    connection.execute(f"alter table {TABLE} add column row_kind varchar default 'data'")
    judged = f"""
        select
            {number} as row_number,
            case
                when ({only_total_words}) and ({is_total_word}) and ({figures}) > 0 then 'total'
                when ({empty_names}) and {len(name_columns)} > 0 and ({figures}) > 1 then 'total'
                when ({filled}) <= 1 and {len(columns)} > 2 then 'note'
                else 'data'
            end as row_kind
        from {TABLE}
    """
    last = connection.execute(f"select max({number}) from {TABLE}").fetchall()[0][0] or 0
    # the first and last data row are nearly always among these; judging every row of a large file takes seconds
    edges = f"where {number} <= {_EDGE_ROWS} or {number} > {last - _EDGE_ROWS}"
    for rows in (edges, ""):
        connection.execute(f"create or replace temp table judged_rows as {judged} {rows}")
        first_data, last_data = connection.execute(
            "select min(row_number), max(row_number) from judged_rows where row_kind = 'data'"
        ).fetchall()[0]
        if first_data is not None and first_data <= _EDGE_ROWS and last_data > last - _EDGE_ROWS:
            break
    connection.execute(
        "create or replace temp table marked_rows as select * from judged_rows "
        "where row_kind <> 'data' and (row_number < ? or row_number > ?)",
        [first_data, last_data],
    )
    connection.execute(
        f"update {TABLE} as rows set row_kind = marked.row_kind from marked_rows as marked "
        f"where rows.{number} = marked.row_number"
    )
    return dict(connection.execute("select row_kind, count(*) from marked_rows group by all").fetchall())


def check_totals(
    connection: duckdb.DuckDBPyConnection, profiler: Profiler, additive: Mapping[str, Reading]
) -> list[TotalCheck]:
    """Compare the file's own totals row with the sums of the rows; none without exactly one totals row.

    Args:
        connection: the DuckDB that read the file, after `mark_rows`.
        profiler: parses the cells.
        additive: the columns whose total is a sum (not reach, not a rate), and how each is read.

    """
    rows = connection.execute(f"select count(*) from {TABLE} where row_kind = 'total'").fetchall()
    if rows != [(1,)] or not additive:
        return []
    expressions = []
    for column, reading in additive.items():
        value = profiler.parsed(column, reading)
        expressions += [
            f"cast(sum({value}) filter (row_kind = '{kind}') as decimal(38, 6))" for kind in ("total", "data")
        ]
    sql = f"select {', '.join(expressions)} from {TABLE}"
    figures = iter(connection.execute(sql).fetchall()[0])
    checks = []
    for column in additive:
        given, computed = next(figures), next(figures)
        if given is not None:
            checks.append(TotalCheck(column, given, computed or Decimal(0)))
    return checks


def _count_filled(columns: Sequence[str]) -> str:
    """How many of the cells are not empty; a sum of thousands of terms would exceed DuckDB's expression depth."""
    return f"list_count([{', '.join(f'nullif({_text(name)}, {chr(39) * 2})' for name in columns)}])" if columns else "0"


def _text(column: str) -> str:
    # Google Ads writes -- under the columns that a total does not name
    return f"coalesce(nullif(nullif(trim({quote_identifier(column)}), '--'), '-'), '')"
