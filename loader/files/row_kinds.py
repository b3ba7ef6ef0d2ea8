"""Rows of an export that are not data: totals, notes and repeated headers. They stay raw, marked, unprocessed.

A total is compared with the sums of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import duckdb

from loader.files.headers import ExportWords
from loader.files.profiling import Profiler
from loader.files.table import CELLS, IS_DATA, ROW_KIND, ROW_NUMBER, ROW_REASON, TABLE, ColumnFormat, number_in_cells
from loader.names import quote_identifier, quote_text

_EDGE_ROWS = 1000
_COMPARED_HEADERS = 20
_FOOTER = "left out by --skip-footer"
# what spreadsheets and platforms write in place of a name
_NO_NAME = ("N/A", "n/a", "#N/A")

_SAYS_SUBTOTAL, _ADDS_UP = "says that it is a subtotal", "adds up the rows of its group: a subtotal"
IS_SUBTOTAL = f"{quote_identifier(ROW_REASON)} in ({quote_text(_SAYS_SUBTOTAL)}, {quote_text(_ADDS_UP)})"


@dataclass(frozen=True)
class MarkedRows:
    """What `mark_rows` found.

    Args:
        excluded: how many rows are no data, by kind.
        possible_totals: rows between rows of data that could be totals, and count as data.

    """

    excluded: dict[str, int]
    possible_totals: list[int]


def mark_rows(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    headers: Sequence[str],
    name_columns: Sequence[str],
    words: ExportWords,
    skip_footer: int = 0,
    breakdowns: Sequence[str] = (),
    days: Sequence[str] = (),
) -> MarkedRows:
    """Give each row of TABLE its row_kind, 'data', 'total', 'note' or 'header', and the row_reason if it is not data.

    At either end of the file, a row is a total where its names say so or are empty, and a note where it has one cell or
    is an average.
    Between rows of data it is one only where it says 'total' and lacks a name that every row of data has; a campaign
    can be called 'Total' after all. Empty rows and repeated headers are never data.

    Args:
        connection: the DuckDB that read the file.
        columns: all columns of the file.
        headers: as they stand in the file.
        name_columns: those that name or number the campaign, ad set or ad; the first column when there are none.
        words: from `export_words()`.
        skip_footer: rows at the end that are not data, as given by the user.
        breakdowns: those of name_columns that break a level down; 'All' names nothing there.
        days: the columns of dates; several rows without a name that have days of their own are data.

    """
    names = name_columns or columns[:1]
    marking = _Marking(connection, columns, headers, names, breakdowns, days, words, has_names=bool(name_columns))
    return marking.run(skip_footer)


def mark_subtotals(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], rows: Sequence[int]
) -> dict[str, int]:
    """Mark rows as subtotals; how many rows are no data then, by kind."""
    kind, reason = quote_identifier(ROW_KIND), quote_identifier(ROW_REASON)
    connection.execute(
        f"update {CELLS} set {kind} = 'total', {reason} = {quote_text(_ADDS_UP)} "
        f"where {number_in_cells(columns)} in ({', '.join(map(str, rows))})"
    )
    return _excluded(connection)


def _excluded(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    kind = quote_identifier(ROW_KIND)
    query = f"select {kind}, count(*) from {TABLE} where not {IS_DATA} group by all order by all"
    return dict(connection.execute(query).fetchall())


@dataclass(frozen=True)
class _Marking:
    """The steps of marking the rows of one file, with what they share."""

    connection: duckdb.DuckDBPyConnection
    columns: Sequence[str]
    headers: Sequence[str]
    names: Sequence[str]
    breakdowns: Sequence[str]
    days: Sequence[str]
    words: ExportWords
    has_names: bool
    totals: dict[str, list[str]] = field(default_factory=dict)
    subtotals: dict[str, list[str]] = field(default_factory=dict)

    @property
    def worded(self) -> list[str]:
        """The columns in which platforms write 'Total': names, or the first column, whichever that is."""
        return list(dict.fromkeys([self.columns[0], *self.names]))

    def run(self, skip_footer: int) -> MarkedRows:
        """See `mark_rows`."""
        number, kind, reason = (quote_identifier(name) for name in (ROW_NUMBER, ROW_KIND, ROW_REASON))
        self._find_words()
        last = self.connection.execute(f"select max({number}) from {TABLE}").fetchall()[0][0] or 0
        first_data, last_data = self._judge_rows(last, last - skip_footer)
        self.connection.execute(
            f"update {CELLS} set {kind} = judged.row_kind, {reason} = judged.row_reason "
            f"from judged_rows as judged where {number_in_cells(self.columns)} = judged.row_number "
            "and judged.row_kind <> 'data' and (judged.row_number < ? or judged.row_number > ? or judged.is_sure)",
            [first_data, last_data],
        )
        if skip_footer:
            self.connection.execute(
                f"update {CELLS} set {kind} = 'note', {reason} = '{_FOOTER}' "
                f"where {number_in_cells(self.columns)} > ? and {IS_DATA}",
                [last - skip_footer],
            )
        possible_totals = self.connection.execute(
            "select row_number from judged_rows where row_kind = 'total' and not is_sure "
            "and row_number between ? and ? order by 1 limit 100",
            [first_data, last_data],
        ).fetchall()
        return MarkedRows(_excluded(self.connection), [row for (row,) in possible_totals])

    def _judge_rows(self, last: int, last_possible: int) -> tuple[int, int]:
        """Make the table judged_rows, of as many rows as need it; the first and last row of data.

        The first and last row of data are nearly always among those at the ends and the suspects; judging every row of
        a large file takes seconds.
        """
        number = quote_identifier(ROW_NUMBER)
        # each by itself, so that DuckDB reads no more of the table than these
        start, end = min(_EDGE_ROWS, last), max(last - _EDGE_ROWS, _EDGE_ROWS)
        between = f"select {number} from {TABLE} where {number} > {start} and {number} <= {end} and {self._suspects()}"
        edges_and_suspects = " union all ".join(
            f"select * from {TABLE} where {condition}"
            for condition in (f"{number} <= {start}", f"{number} > {end}", f"{number} in ({between})")
        )
        for rows in (f"({edges_and_suspects})", TABLE):
            self._judge(rows)
            first_data, last_data = self.connection.execute(
                "select min(row_number), max(row_number) from judged_rows where row_kind = 'data' and row_number <= ?",
                [last_possible],
            ).fetchall()[0]
            if first_data is not None and first_data <= _EDGE_ROWS and last_data > last_possible - _EDGE_ROWS:
                break
        return first_data or last + 1, last_data or last

    def _find_words(self) -> None:
        """The cells that label a row as a total or subtotal, by column; patterns take longer on every row."""
        any_total = quote_text(self.words.any_total)
        patterns = re.compile(self.words.total), re.compile(self.words.subtotal)
        for name in self.worded:
            column = quote_identifier(name)
            # a table of its own: DuckDB would ask each row before it makes them distinct
            self.connection.execute(
                f"create or replace temp table distinct_names as select distinct {column} as cell from {TABLE}"
            )
            found = self.connection.execute(f"select cell from distinct_names where regexp_matches(cell, {any_total})")
            cells = [(cell, cell.strip().lower()) for (cell,) in found.fetchall()]
            self.totals[name], self.subtotals[name] = (
                [cell for cell, text in cells if pattern.fullmatch(text)] for pattern in patterns
            )

    def _suspects(self) -> str:
        """A cheap condition that every total, empty row and repeated header fulfils, wherever it stands."""
        first = f"trim({quote_identifier(self.columns[0])}) = {quote_text(self.headers[0])}"
        without_names = " and ".join(f"{quote_identifier(name)} is null" for name in self.names)
        words = [_is_one_of(name, cells) for name, cells in self.subtotals.items() if cells]
        return f"({' or '.join([f'({without_names})', f'coalesce({first}, false)', *words])})"

    def _judge(self, rows: str) -> None:
        """Make the table judged_rows of some rows of TABLE; `rows` is what to select them from."""
        says_subtotal = " or ".join(_is_one_of(name, cells) for name, cells in self.subtotals.items())
        says_total = " or ".join(_is_one_of(name, cells) for name, cells in self.totals.items())
        only_total_words = [f"({_text(name)} = '' or {_is_one_of(name, self.totals[name])})" for name in self.names]
        self.connection.execute(f"""
            create or replace temp table judged_rows as
            select
                row_number,
                case
                    when filled = 0 then ['note', 'has no cells']
                    when is_header then ['header', 'repeats the header']
                    when only_total_words and says_total and filled > filled_names
                        then ['total', 'says that it is a total']
                    when says_subtotal and lacks_a_name and filled > filled_names
                        then ['total', {quote_text(_SAYS_SUBTOTAL)}]
                    when filled_names = 0 and {self.has_names} and filled > 1 and days_without_names < 2
                        then ['total', 'has figures, but no names']
                    when says_average and filled > filled_names then ['note', 'says that it is an average']
                    when filled <= 1 and {len(self.columns)} > 2 then ['note', 'has one cell']
                    else ['data', null]
                end as judgement,
                judgement[1] as row_kind,
                judgement[2] as row_reason,
                filled = 0 or is_header or (says_subtotal and lacks_a_name and filled > filled_names) as is_sure
            from (
                select
                    {quote_identifier(ROW_NUMBER)} as row_number,
                    {_count_filled(self.columns)} as filled,
                    {self._count_names()} as filled_names,
                    ({says_total}) as says_total,
                    ({says_subtotal}) as says_subtotal,
                    ({" or ".join(_says(name, self.words.average) for name in self.worded)}) as says_average,
                    ({" and ".join(only_total_words)}) as only_total_words,
                    ({self._lacks_a_name(says_subtotal)}) as lacks_a_name,
                    ({self._is_header()}) as is_header,
                    count(case when {self._count_names()} = 0 then {self._day()} end) over ()
                        as days_without_names
                from {rows}
            )
        """)

    def _count_names(self) -> str:
        """How many cells name something."""
        return f"({_count_filled(self.names, *_NO_NAME)} - {self._count_all()})"

    def _day(self) -> str:
        """What tells one day from another."""
        return f"nullif(concat_ws(' ', {', '.join(_text(name) for name in self.days) or 'null'}), '')"

    def _count_all(self) -> str:
        """How many breakdowns say 'All': they name nothing."""
        says_all = [f"(case when {_says(name, self.words.says_all)} then 1 else 0 end)" for name in self.breakdowns]
        return f"({' + '.join(says_all) or '0'})"

    def _is_header(self) -> str:
        """The condition that a row repeats the header."""
        first = list(zip(self.columns, self.headers, strict=True))[:_COMPARED_HEADERS]
        return " and ".join(f"coalesce(trim({quote_identifier(c)}), '') = {quote_text(h)}" for c, h in first)

    def _lacks_a_name(self, says_subtotal: str) -> str:
        """The condition that a row lacks a name or day that every row has which is no total."""
        names = list(dict.fromkeys([*self.names, *self.days]))
        if len(names) < 2:
            return "false"
        tests = ", ".join(f"bool_and({quote_identifier(name)} is not null or ({says_subtotal}))" for name in names)
        any_empty = " or ".join(f"{quote_identifier(name)} is null" for name in names)
        query = f"select {tests} from (select * from {TABLE} where {any_empty})"
        share = self.connection.execute(query).fetchall()[0]
        always = [name for name, is_filled in zip(names, share, strict=True) if is_filled in (True, None)]
        return " or ".join(f"{_text(name)} = ''" for name in always) or "false"


def _is_one_of(column: str, cells: Sequence[str]) -> str:
    """The condition that a cell is one of these, as they stand in the file."""
    if not cells:
        return "false"
    return f"coalesce({quote_identifier(column)} in ({', '.join(map(quote_text, cells))}), false)"


def _says(column: str, words: str) -> str:
    """The condition that a cell is one of these words, whole."""
    return f"regexp_full_match(lower({_text(column)}), {quote_text(words)})"


def _count_filled(columns: Sequence[str], *empty: str) -> str:
    """How many of the cells are not empty. An expression a column takes DuckDB minutes to plan for thousands."""
    cells = ", ".join(quote_identifier(name) for name in columns)
    blank = ", ".join(map(quote_text, ("", "-", "--", *empty)))
    return f"len(list_filter([{cells}], lambda cell: trim(cell) not in ({blank})))"


def _text(column: str) -> str:
    # Google Ads writes -- under the columns that a total does not name
    return f"coalesce(nullif(nullif(trim({quote_identifier(column)}), '--'), '-'), '')"


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


def check_totals(profiler: Profiler, additive: Mapping[str, ColumnFormat]) -> list[TotalCheck]:
    """Compare the file's own totals row with the sums of the rows; none without a totals row.

    Args:
        profiler: has profiled the file, after `mark_rows()`.
        additive: the columns whose total is a sum (not reach, not a rate), and how each is read.

    """
    connection = profiler.connection
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
