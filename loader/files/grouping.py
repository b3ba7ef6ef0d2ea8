"""Exports like pivot tables: a name is given once for the rows below it, and groups have subtotals among their rows."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from loader.files.profiling import Profiler
from loader.files.table import IS_DATA, ROW_KIND, ROW_NUMBER, TABLE, ColumnFormat
from loader.names import quote_identifier, quote_text

_ROWS = "grouped_rows"
_MOST_OPEN = 6
# fewer blank cells than this are cells that lack a name, not groups
_LEAST_BLANK = Decimal("0.33")


@dataclass(frozen=True)
class Grouping:
    """What was found of groups in a file.

    Args:
        fills_down: columns whose cells hold for the blank ones below them.
        subtotals: rows that add up the rows of their group, to the cent.
        unresolved: rows labelled as subtotals, or placed like the others, that are not the sum of their group.
        example: of an unresolved row: its number, its figure, the sum of its group, and the column of both.

    """

    fills_down: tuple[str, ...] = ()
    subtotals: tuple[int, ...] = ()
    unresolved: tuple[int, ...] = ()
    example: tuple[int, Decimal, Decimal, str] | None = None


@dataclass(frozen=True)
class _Row:
    """A row beside the sum of its group."""

    number: int
    agrees: bool
    is_nothing: bool
    says_all: bool
    own: Decimal
    of_group: Decimal


def find_groups(
    profiler: Profiler,
    dimensions: Sequence[str],
    days: Sequence[str],
    figures: Mapping[str, ColumnFormat],
    breakdowns: Collection[str] = (),
) -> Grouping:
    """Find names that are given once, and subtotals; most files have neither, which takes one pass over their names.

    Args:
        profiler: has profiled the file, after `mark_rows()`.
        dimensions: the columns that tell rows apart, in the file's order.
        days: those of them that are dates: a group's subtotal can have the days of the whole group.
        figures: the columns whose totals are sums, and how each is read.
        breakdowns: the dimensions that are no names and no days.

    """
    open_columns = profiler.with_open_cells(dimensions)
    if not open_columns or not figures:
        return Grouping()
    return _Groups(profiler, dimensions, days, figures, breakdowns).find(open_columns)


@dataclass(frozen=True)
class _Groups:
    """The steps of finding groups, with what they share."""

    profiler: Profiler
    dimensions: Sequence[str]
    days: Sequence[str]
    figures: Mapping[str, ColumnFormat]
    breakdowns: Collection[str]

    def find(self, open_columns: Sequence[str]) -> Grouping:
        """See `find_groups`."""
        fills_down = [name for name in open_columns if self._fills_down(name)]
        self._make_rows(fills_down)
        if fills_down and self._has_doubles():
            fills_down = []
            self._make_rows(fills_down)
        unresolved: dict[int, tuple[Decimal, Decimal]] = {}
        subtotals: list[int] = []
        for of_each_day in (True, False) if self.days else (True,):
            for pattern in self._patterns(open_columns):
                found, unsure = self._judge(pattern, of_each_day=of_each_day)
                subtotals += found
                unresolved |= unsure
                gone = ", ".join(map(str, found))
                if gone:
                    self.profiler.connection.execute(f"delete from {_ROWS} where row_number in ({gone})")
        left = {row: sums for row, sums in unresolved.items() if row not in subtotals}
        worst = max(left, key=lambda row: left[row][0], default=None)
        return Grouping(
            tuple(fills_down),
            tuple(sorted(subtotals)),
            tuple(sorted(left)),
            None if worst is None else (worst, *left[worst], next(iter(self.figures))),
        )

    def _fills_down(self, name: str) -> bool:
        """Whether blank cells of a column repeat the one above: no two consecutive rows repeat a name."""
        cell = self._own(name)
        others = " or ".join(f"{self._own(other)} is not null" for other in self.dimensions if other != name) or "false"
        rows, blank, repeated, lone, first = self.profiler.connection.execute(
            "select count(*), count(*) filter (cell is null), count(*) filter (cell = before), "
            "count(*) filter (cell is null and not has_others), arg_min(cell is not null, row_number) "
            f"from (select {quote_identifier(ROW_NUMBER)} as row_number, {cell} as cell, ({others}) as has_others, "
            f"lag({cell}) over (order by {quote_identifier(ROW_NUMBER)}) as before from {TABLE} where {IS_DATA})"
        ).fetchall()[0]
        return bool(first and not repeated and not lone and blank >= _LEAST_BLANK * rows)

    def _all(self, name: str) -> str:
        """The pattern of cells that say 'All'."""
        words = self.profiler.words
        return quote_text(words.says_sum if name in self.breakdowns else words.says_all)

    def _own(self, name: str) -> str:
        """A cell that names something; null where it is blank or says 'All'."""
        cell = f"nullif(nullif(nullif(trim({quote_identifier(name)}), ''), '--'), '-')"
        return f"case when not regexp_full_match(lower({cell}), {self._all(name)}) then {cell} end"

    def _make_rows(self, fills_down: Sequence[str]) -> None:
        """The rows with their names filled down, whether a cell says 'All', and their figures as numbers."""
        number = quote_identifier(ROW_NUMBER)
        below = f"over (order by {number} rows between unbounded preceding and current row)"
        columns = []
        for position, name in enumerate(self.dimensions):
            own = self._own(name)
            # a group's own row says 'All' in the cell that its rows fill
            cell = f"lower(trim({quote_identifier(name)}))"
            says_all = f"coalesce(regexp_full_match({cell}, {self._all(name)}), false)"
            filled = f"last_value({own} ignore nulls) {below}" if name in fills_down else own
            columns.append(f"case when {says_all} then null else {filled} end as name_{position}")
            columns.append(f"{says_all} as says_{position}")
        for position, (name, column_format) in enumerate(self.figures.items()):
            columns.append(f"{self.profiler.parsed(name, column_format)} as figure_{position}")
        self.profiler.connection.execute(
            f"create or replace temp table {_ROWS} as select * exclude (kind) from ("
            f"select {number} as row_number, {quote_identifier(ROW_KIND)} as kind, {', '.join(columns)} from {TABLE}"
            ") where kind = 'data'"
        )

    def _has_doubles(self) -> bool:
        """Whether filling names down makes two rows identical."""
        names = ", ".join(f"name_{position}, says_{position}" for position in range(len(self.dimensions)))
        rows = self.profiler.connection.execute(
            f"select 1 from {_ROWS} group by {names} having count(*) > 1 limit 1"
        ).fetchall()
        return bool(rows)

    def _patterns(self, open_columns: Sequence[str]) -> list[tuple[int, ...]]:
        """The sets of names that rows leave open, the smallest first: a group's subtotal before that of its groups."""
        positions = [self.dimensions.index(name) for name in open_columns][:_MOST_OPEN]
        flags = ", ".join(f"name_{position} is null" for position in positions)
        found = self.profiler.connection.execute(f"select distinct {flags} from {_ROWS}").fetchall()
        patterns = [tuple(itertools.compress(positions, row)) for row in found]
        return sorted((pattern for pattern in patterns if pattern), key=lambda pattern: (len(pattern), pattern))

    def _judge(
        self, pattern: Sequence[int], *, of_each_day: bool
    ) -> tuple[list[int], dict[int, tuple[Decimal, Decimal]]]:
        """The rows that leave these names open and are the sum of their group, and those that should be and are not."""
        rows = self._beside_their_groups(pattern, of_each_day=of_each_day)
        agreeing = [row for row in rows if row.agrees]
        # one row without a name that happens to be a sum proves nothing
        is_rule = len(agreeing) * 2 > len([row for row in rows if not row.is_nothing])
        judged = [row for row in rows if row.says_all or is_rule]
        subtotals = [row.number for row in judged if row.agrees or row.is_nothing]
        unresolved = {row.number: (row.own, row.of_group) for row in judged if not row.agrees and not row.is_nothing}
        return subtotals, unresolved

    def _beside_their_groups(self, pattern: Sequence[int], *, of_each_day: bool) -> list[_Row]:
        """The rows that leave these names open, each beside the sum of the rows that share its other names."""
        left_out = {*pattern, *(() if of_each_day else map(self.dimensions.index, self.days))}
        others = [at for at in range(len(self.dimensions)) if at not in left_out and self._is_named(at)]
        figures = range(len(self.figures))

        def of_pattern(alias: str) -> str:
            tests = [f"{alias}.name_{position} is null" for position in pattern]
            return " and ".join(tests + [f"{alias}.name_{position} is not null" for position in others])

        same = " and ".join(f"whole.name_{position} = part.name_{position}" for position in others) or "true"
        agree = " and ".join(
            f"coalesce(abs(own_{at} - coalesce(sum_{at}, 0)) <= 0.005 * (1 + parts), true)" for at in figures
        )
        some = " or ".join(f"coalesce(own_{at}, 0) <> 0" for at in figures)
        says_all = " or ".join(f"whole.says_{position}" for position in pattern)
        sums = ", ".join(
            f"any_value(whole.figure_{at}) as own_{at}, sum(part.figure_{at}) as sum_{at}" for at in figures
        )
        found = self.profiler.connection.execute(
            f"select row_number, ({agree}) and ({some}), not ({some}), says_all, own_0, sum_0 "
            f"from (select whole.row_number, any_value({says_all}) as says_all, count(*) as parts, {sums} "
            f"from {_ROWS} as whole inner join {_ROWS} as part on {same} "
            f"where {of_pattern('whole')} and not ({of_pattern('part')}) group by whole.row_number)"
        ).fetchall()
        return [
            _Row(number, agrees, nothing, says, Decimal(own or 0), Decimal(of_group or 0))
            for number, agrees, nothing, says, own, of_group in found
        ]

    def _is_named(self, position: int) -> bool:
        """Whether any row names something in a column; one that is blank throughout is open in no row."""
        named: int = self.profiler.connection.execute(f"select count(name_{position}) from {_ROWS}").fetchall()[0][0]
        return named > 0
