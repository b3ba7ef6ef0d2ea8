"""Rows of an export that are no data: totals and notes. They stay in raw_data_staging, marked, unprocessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from loader.names import quote_identifier, quote_text
from loader.profiling import Profiler, Reading
from loader.reading import CELLS, IS_DATA, ROW_KIND, ROW_NUMBER, ROW_REASON, TABLE, number_in_cells

_TOTAL = (
    "(grand |overall |sub)?totals?( results)?|total ?[:-].*|total of .*|totals? \\(.*|summary|results? from .*"
    "|gesamt|gesamtsumme|gesamtergebnis|insgesamt|summe|summe .*|ergebnisse (von|aus) .*"
    "|total général|totaux|résultats (de|pour) .*|total general|totales|suma total|resultados de .*"
    "|totale|totale generale|totaal"
)
# a pivot table names its subtotals for what they add up
_SUBTOTAL = f"{_TOTAL}|.* (sub)?totals?|.* gesamt|.*-ergebnis|.* ergebnis"
# what every cell that these patterns match has in it; twice as fast to look for
_ANY_WORD = "(?i)tota|gesamt|summ(ary|e$|e[^r])|suma|ergebni|r[eé]sul"
_EDGE_ROWS = 1000
_MOST_TOTALS = 20
_COMPARED_HEADERS = 20
_FOOTER = "left out by --skip-footer"


@dataclass(frozen=True)
class MarkedRows:
    """What `mark_rows` found.

    Args:
        kept_out: how many rows are no data, by kind.
        doubtful: rows between rows of data that could be totals, and count as data.

    """

    kept_out: dict[str, int]
    doubtful: list[int]


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
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    headers: Sequence[str],
    name_columns: Sequence[str],
    skip_footer: int = 0,
) -> MarkedRows:
    """Give each row of TABLE its row_kind, 'data', 'total', 'note' or 'header', and the row_reason where it is no data.

    At either end of the file, a row is a total where its names say so or are empty, and a note where it has one cell.
    Between rows of data it is one only where it says 'total' and lacks a name that every row of data has; a campaign
    can be called 'Total' after all. Empty rows and repeated headers are no data anywhere.

    Args:
        connection: the DuckDB that read the file.
        columns: all columns of the file.
        headers: as they stand in the file.
        name_columns: those that name or number the campaign, ad set or ad; the first column when there are none.
        skip_footer: rows at the end that the user says are no data.

    """
    number, kind, reason = (quote_identifier(name) for name in (ROW_NUMBER, ROW_KIND, ROW_REASON))
    last = connection.execute(f"select max({number}) from {TABLE}").fetchall()[0][0] or 0
    names = list(name_columns) or [columns[0]]
    suspects = _suspects(connection, list(dict.fromkeys([columns[0], *names])), names, columns, headers)
    # the first and last row of data are nearly always among these; judging every row of a large file takes seconds
    # each by itself, so that DuckDB reads no more of the table than these
    start, end = min(_EDGE_ROWS, last), max(last - _EDGE_ROWS, _EDGE_ROWS)
    between = f"select {number} from {TABLE} where {number} > {start} and {number} <= {end} and {suspects}"
    edges_and_suspects = " union all ".join(
        f"select * from {TABLE} where {condition}"
        for condition in (f"{number} <= {start}", f"{number} > {end}", f"{number} in ({between})")
    )
    for rows in (f"({edges_and_suspects})", TABLE):
        _judge(connection, rows, columns, headers, names, has_names=bool(name_columns))
        first_data, last_data = connection.execute(
            "select min(row_number), max(row_number) from judged_rows where row_kind = 'data' and row_number <= ?",
            [last - skip_footer],
        ).fetchall()[0]
        if first_data is not None and first_data <= _EDGE_ROWS and last_data > last - skip_footer - _EDGE_ROWS:
            break
    first_data, last_data = first_data or last + 1, last_data or last
    connection.execute(
        f"update {CELLS} set {kind} = judged.row_kind, {reason} = judged.row_reason "
        f"from judged_rows as judged where {number_in_cells(columns)} = judged.row_number "
        "and judged.row_kind <> 'data' and (judged.row_number < ? or judged.row_number > ? or judged.is_sure)",
        [first_data, last_data],
    )
    if skip_footer:
        connection.execute(
            f"update {CELLS} set {kind} = 'note', {reason} = '{_FOOTER}' "
            f"where {number_in_cells(columns)} > ? and {IS_DATA}",
            [last - skip_footer],
        )
    doubtful = connection.execute(
        "select row_number from judged_rows where row_kind = 'total' and not is_sure and row_number between ? and ? "
        "order by 1 limit 100",
        [first_data, last_data],
    ).fetchall()
    kept_out = connection.execute(
        f"select {kind}, count(*) from {TABLE} where not {IS_DATA} group by all order by all"
    ).fetchall()
    return MarkedRows(dict(kept_out), [row for (row,) in doubtful])


def _suspects(
    connection: duckdb.DuckDBPyConnection,
    first_and_names: Sequence[str],
    names: Sequence[str],
    columns: Sequence[str],
    headers: Sequence[str],
) -> str:
    """A cheap condition that every total, empty row and repeated header fulfils, wherever it stands."""
    parts = ["(" + " and ".join(f"{quote_identifier(name)} is null" for name in names) + ")"]
    for name in first_and_names:
        column = quote_identifier(name)
        # a table of its own: DuckDB would ask each row before it makes them distinct
        connection.execute(f"create or replace temp table distinct_names as select distinct {column} from {TABLE}")
        is_header = f"or trim({column}) = {quote_text(headers[0])}" if name == columns[0] else ""
        words = connection.execute(
            f"select {column} from distinct_names where regexp_matches({column}, '{_ANY_WORD}') "
            f"and regexp_full_match(lower({_text(name)}), '{_SUBTOTAL}') {is_header}"
        ).fetchall()
        if words:
            parts.append(f"{column} in ({', '.join(quote_text(word) for (word,) in words)})")
    return "(" + " or ".join(parts) + ")"


def _judge(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    columns: Sequence[str],
    headers: Sequence[str],
    names: Sequence[str],
    *,
    has_names: bool,
) -> None:
    """Make the table judged_rows of some rows of TABLE; `rows` is what to select them from."""
    # platforms write 'Total' in a name or in the first column, whichever that is
    words = list(dict.fromkeys([columns[0], *names]))
    says_total = " or ".join(f"regexp_full_match(lower({_text(name)}), '{_TOTAL}')" for name in words)
    says_subtotal = " or ".join(f"regexp_full_match(lower({_text(name)}), '{_SUBTOTAL}')" for name in words)
    only_total_words = " and ".join(
        f"({_text(name)} = '' or regexp_full_match(lower({_text(name)}), '{_TOTAL}'))" for name in names
    )
    always_filled = _always_filled(connection, names, says_subtotal)
    lacks_a_name = " or ".join(f"{_text(name)} = ''" for name in always_filled) or "false"
    first = list(zip(columns, headers, strict=True))[:_COMPARED_HEADERS]
    is_header = " and ".join(f"coalesce(trim({quote_identifier(c)}), '') = {quote_text(h)}" for c, h in first)
    connection.execute(f"""
        create or replace temp table judged_rows as
        select
            row_number,
            case
                when filled = 0 then ['note', 'has no cells']
                when is_header then ['header', 'repeats the header']
                when only_total_words and says_total and filled > filled_names then ['total', 'says that it is a total']
                when says_subtotal and lacks_a_name and filled > filled_names
                    then ['total', 'says that it is a subtotal']
                when filled_names = 0 and {has_names} and filled > 1 then ['total', 'has figures, but no names']
                when filled <= 1 and {len(columns)} > 2 then ['note', 'has one cell']
                else ['data', null]
            end as judgement,
            judgement[1] as row_kind,
            judgement[2] as row_reason,
            filled = 0 or is_header or (says_subtotal and lacks_a_name and filled > filled_names) as is_sure
        from (
            select
                {quote_identifier(ROW_NUMBER)} as row_number,
                {_count_filled(columns)} as filled,
                {_count_filled(names)} as filled_names,
                ({says_total}) as says_total,
                ({says_subtotal}) as says_subtotal,
                ({only_total_words}) as only_total_words,
                ({lacks_a_name}) as lacks_a_name,
                ({is_header}) as is_header
            from {rows}
        )
    """)


def _always_filled(connection: duckdb.DuckDBPyConnection, names: Sequence[str], says_subtotal: str) -> list[str]:
    """The names that every row has which is no total."""
    if len(names) < 2:
        return []
    tests = ", ".join(f"bool_and({quote_identifier(name)} is not null or ({says_subtotal}))" for name in names)
    any_empty = " or ".join(f"{quote_identifier(name)} is null" for name in names)
    query = f"select {tests} from (select * from {TABLE} where {any_empty})"
    share = connection.execute(query).fetchall()[0]
    return [name for name, is_filled in zip(names, share, strict=True) if is_filled in (True, None)]


def check_totals(
    connection: duckdb.DuckDBPyConnection, profiler: Profiler, additive: Mapping[str, Reading]
) -> list[TotalCheck]:
    """Compare the file's own totals row with the sums of the rows; none without a totals row.

    Args:
        connection: the DuckDB that read the file, after `mark_rows`.
        profiler: parses the cells.
        additive: the columns whose total is a sum (not reach, not a rate), and how each is read.

    """
    number, kind, reason = (quote_identifier(name) for name in (ROW_NUMBER, ROW_KIND, ROW_REASON))
    rows = connection.execute(
        f"select {number} from {TABLE} where {kind} = 'total' and {reason} not like '%subtotal' "
        f"order by 1 limit {_MOST_TOTALS}"
    ).fetchall()
    if not rows or not additive:
        return []
    checks = []
    for column, reading in additive.items():
        value = profiler.parsed(column, reading)
        sums = [f"cast(sum({value}) filter ({number} = {row}) as decimal(38, 6))" for (row,) in rows]
        sums.append(f"cast(coalesce(sum({value}) filter ({IS_DATA}), 0) as decimal(38, 6))")
        *given, computed = connection.execute(f"select {', '.join(sums)} from {TABLE}").fetchall()[0]
        found = [TotalCheck(column, figure, computed) for figure in given if figure is not None]
        if found:
            # Google gives several totals, such as that of the campaigns shown and that of the account
            checks.append(next((check for check in found if check.agrees), found[-1]))
    return checks


def _count_filled(columns: Sequence[str]) -> str:
    """How many of the cells are not empty. An expression a column takes DuckDB minutes to plan for thousands."""
    cells = ", ".join(quote_identifier(name) for name in columns)
    return f"len(list_filter([{cells}], lambda cell: trim(cell) not in ('', '-', '--')))"


def _text(column: str) -> str:
    # Google Ads writes -- under the columns that a total does not name
    return f"coalesce(nullif(nullif(trim({quote_identifier(column)}), '--'), '-'), '')"
