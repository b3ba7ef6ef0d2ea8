"""Open questions about rows that may count twice: repeated figures, parts that overlap, totals on each row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from loader.files.table import IS_DATA, ROW_NUMBER, TABLE
from loader.names import quote_identifier
from loader.waves.columns import DAYS, NAME_COLUMNS, MappedColumn
from loader.waves.file_rows import MOST_ROWS, SPEND, FileRows, FoundRows
from loader.waves.questions import OpenQuestion

# what is repeated on each row of an action type; conversions differ there
_DELIVERED = ("amount_spent", "impressions", "clicks", "reach")
# by which results are broken down, and the delivery is not
_RESULTS = ("conversion_type", "conversion_action", "conversion_category")
# so many different amounts are no chance where nothing but the spend is repeated
_LEAST_AMOUNTS = 3
# so many days of a campaign show whether each has the same spend, or more than the one before
_LEAST_DAYS = 7
# days grow unevenly; what grows by the same each day is a plan
_UNEVEN = Decimal("0.05")
# two sums that differ by less are those of the same rows
_ALIKE = Decimal("0.01")
_COMPARE = "Compare with the platform. "


class RowQuestions(FileRows):
    """Finds rows of one file that may count twice."""

    def find(self) -> Iterator[OpenQuestion]:
        """The questions."""
        if SPEND not in self.core:
            return
        yield from list(self._repeated_rows()) or self._joined_parts()
        yield from self._repeated_spend()
        yield from self._stacked_breakdowns()
        yield from self._cumulative_spend()

    def _grain(self) -> list[MappedColumn]:
        return [row for row in self.mapping if row.ordinal and row.in_grain and row.mapping_rule != "ignore"]

    def _key(self, columns: Sequence[MappedColumn]) -> str:
        """The SQL expressions by which rows are the same; parsed only where that makes cells equal."""
        return ", ".join(self._same(row) for row in columns)

    def _same(self, row: MappedColumn) -> str:
        by = next((other.default_value or "" for other in self.mapping if other.target_column == "breakdowns"), "")
        if row.column_type == "date" and "hour_of_day" in by:
            return quote_identifier(row.column_name)
        cells, values = self.of_cells(row, "count(distinct cell), count(distinct value)")
        column = quote_identifier(row.column_name)
        return self.value(row) if values < cells else f"trim({column})" if row in self._with_spaces else column

    @cached_property
    def _with_spaces(self) -> list[MappedColumn]:
        """The columns by which rows are the same with cells that have blanks around them; a trim of all takes long."""
        columns = [row for row in self.mapping if row.ordinal and (row.in_grain or row.is_key)]
        tests = (f"starts_with({it}, ' ') or ends_with({it}, ' ')" for it in map(_column, columns))
        found = self.connection.execute(
            f"select {', '.join(f'bool_or({test})' for test in tests) or 'null'} from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        return list(itertools.compress(columns, found))

    def _are_unique(self, key: str) -> bool:
        """Whether no two rows have the same key; quicker than to group a million of them."""
        rows, keys = self.connection.execute(
            f"select count(*), count(distinct hash({key})) from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        return bool(rows == keys)

    def _of_some_groups(self, key: str) -> str:
        """The SQL condition that a row is of the group of one of three rows, from the start to the end of the file."""
        number = quote_identifier(ROW_NUMBER)
        places = f"1, {self.row_count // 2 + 1}, {self.row_count}"
        return f"hash({key}) in (select hash({key}) from {TABLE} where {number} in ({places}))"

    def _repeated_rows(self) -> Iterator[OpenQuestion]:
        """Rows equal in what identifies them and in delivery, as where the spend is repeated per action type."""
        grain = self._grain()
        of_results = [row for row in grain if row.target_column in _RESULTS]
        others = [row for row in grain if row not in of_results]
        is_open = [row.mapping_rule != "core" or row.target_column == "currency" for row in others]
        breakdowns = [row for row in itertools.compress(others, is_open) if row.target_column != "hour_of_day"]
        for left_out in (of_results, *([row] for row in breakdowns)):
            key = [row for row in grain if row not in left_out]
            found = self._repeated(key, is_by_currency=left_out == [self.core.get("currency")]) if key else None
            if found:
                per = f"'{left_out[0].column_name}'" if left_out else "action type, or per value of another column"
                yield self.asked(
                    found,
                    "rows-repeated",
                    f"{found.named} {'repeats' if found.count == 1 else 'repeat'} the figures of another row of the "
                    f"same day and ad; all are counted, and without them the spend is {found.spend:,.2f} lower",
                    f"{_COMPARE}If the spend is repeated per {per}, export without that column, and load the file with "
                    "--replace.",
                    amount_at_stake=found.spend,
                )
                return

    def _repeated(self, key: Sequence[MappedColumn], *, is_by_currency: bool) -> FoundRows | None:
        """The rows that repeat another one of the same key, where most keys with several rows are such."""
        compared = [name for name in _DELIVERED if name in self.core and not (is_by_currency and name == SPEND)]
        figures = [self.value(self.core[name]) for name in compared] or [self.spend()]
        if self._are_unique(self._key(key)):
            return None
        number = quote_identifier(ROW_NUMBER)
        groups = (
            f"select list({number} order by {number}) as numbers, count(*) as size, any_value({self.spend()}) as "
            f"spend, count(distinct ({', '.join(figures)})) as variants from {TABLE} where {IS_DATA} "
            f"group by {self._key(key)} having size > 1"
        )
        several, repeated, amounts, numbers, spend = self.connection.execute(
            "select count(*), count(*) filter (is_repeated), count(distinct spend) filter (is_repeated), "
            "flatten(list(numbers[2:] order by numbers[2]) filter (is_repeated)), "
            "coalesce(sum(spend * (size - 1)) filter (is_repeated), 0) from "
            f"(select *, variants = 1 and coalesce(spend, 0) <> 0 as is_repeated from ({groups}))"
        ).fetchall()[0]
        # rows of two keywords can have the same figures by chance; where most of them do, it is no chance
        if repeated * 2 > several and (len(figures) > 1 or amounts >= _LEAST_AMOUNTS):
            return FoundRows(len(numbers), tuple(sorted(numbers)[:MOST_ROWS]), Decimal(spend))
        return None

    def _joined_parts(self) -> Iterator[OpenQuestion]:
        """Days of which each row is there twice with other figures, as where two exports that overlap were joined."""
        key = [row for row in self.mapping if row.ordinal and row.is_key and row.mapping_rule != "ignore"]
        days = [row for row in key if row.target_column == DAYS[0]]
        if not days or len(key) < 2 or self._are_unique(self._key(key)):
            return
        day, number = self._same(days[0]), quote_identifier(ROW_NUMBER)
        groups = (
            f"select {day} as day, count(*) as size, sum({self.spend()}) as spend, arg_max({self.spend()}, {number}) "
            f"as last_spend, min({number}) as first_row from {TABLE} where {IS_DATA} group by {self._key(key)}, day"
        )
        by_day = (
            "select count(*) as keys, count(*) filter (size > 1) as doubled, sum(spend - last_spend) as spend, "
            f"min(first_row) as first_row from ({groups}) group by day having keys > 1 and doubled = keys"
        )
        doubled, rows, first, spend = self.connection.execute(
            f"select count(*), sum(keys), min(first_row), coalesce(sum(spend), 0) from ({by_day})"
        ).fetchall()[0]
        if doubled and spend:
            found = FoundRows(rows, (first,), Decimal(spend))
            yield self.asked(
                found,
                "rows-twice",
                f"each row of {doubled} days is there twice or more with other figures, such as row {first}; all are "
                f"counted, and without the earlier ones the spend is {spend:,.2f} lower",
                f"{_COMPARE}If two exports were joined, load each by itself; the later one then counts.",
                amount_at_stake=abs(found.spend),
            )

    def _repeated_spend(self) -> Iterator[OpenQuestion]:
        """One spend on all rows of a campaign's day, or on all days of a campaign, though the delivery differs."""
        if "impressions" not in self.core:
            return
        grain = self._grain()
        campaign = [row for row in grain if row.target_column in NAME_COLUMNS[:2]]
        day = [row for row in grain if row.target_column in DAYS]
        wider = [row for row in grain if row.target_column == "currency" or row.target_column.startswith("account")]
        names = [row for row in grain if row not in day]
        for key, least, amounts, what in (
            ([*day, *campaign, *wider], 2, _LEAST_AMOUNTS, "rows of one campaign and day"),
            (names, _LEAST_DAYS, 2, "days of one campaign or ad"),
        ):
            if not campaign or not day or len(key) == len(grain):
                continue
            keys, impressions = self._key(key), self.value(self.core["impressions"])
            repeated = f"min({self.spend()}) = max({self.spend()}) and min({impressions}) < max({impressions})"
            of_groups = (
                f"select count(*) as size, any_value({self.spend()}) as spend, coalesce({repeated}, false) as repeats"
            )
            rows_of = f"from {TABLE} where {IS_DATA}"
            grouped = f"group by {keys} having size >= {least}"
            some = f"{of_groups} {rows_of} and {self._of_some_groups(keys)} {grouped}"
            if self.connection.execute(f"select 1 from ({some}) where not repeats limit 1").fetchall():
                continue
            groups = f"{of_groups} {rows_of} {grouped}"
            several, repeated, rows, different, spend = self.connection.execute(
                "select count(*), count(*) filter (is_repeated), sum(size) filter (is_repeated), "
                "count(distinct spend) filter (is_repeated), "
                "coalesce(sum(spend * (size - 1)) filter (is_repeated), 0) from (select *, "
                f"repeats and coalesce(spend, 0) <> 0 as is_repeated from ({groups}))"
            ).fetchall()[0]
            if different >= amounts and repeated * 10 > several * 9:
                yield self.asked(
                    FoundRows(rows, (), Decimal(spend)),
                    "spend-repeated",
                    f"all {what} have the same spend and another delivery, in {repeated} of {several} cases; it may be "
                    f"a total that stands on each row, and without the repetitions the spend is {spend:,.2f} lower",
                    f"{_COMPARE}Export the spend of each row, and load the file with --replace.",
                    self.core[SPEND].column_name,
                    amount_at_stake=abs(Decimal(spend)),
                )
                return

    def _stacked_breakdowns(self) -> Iterator[OpenQuestion]:
        """Rows by one breakdown, then the same by another one: both add up to the same."""
        breakdowns = [row for row in self._grain() if row.mapping_rule != "core" and self.may_be_blank(row)]
        for one, two in itertools.combinations(breakdowns, 2):
            blank = [self.is_blank(row) for row in (one, two)]
            neither, both, first, second = self.connection.execute(
                f"select count(*) filter ({blank[0]} and {blank[1]}), "
                f"count(*) filter (not ({blank[0]} or {blank[1]})), "
                f"sum({self.spend()}) filter ({blank[1]}), sum({self.spend()}) filter ({blank[0]}) "
                f"from {TABLE} where {IS_DATA}"
            ).fetchall()[0]
            if neither or both or not first or not second or abs(first - second) > _ALIKE * abs(first):
                continue
            yield OpenQuestion(
                "breakdowns-stacked",
                f"some rows are by '{one.column_name}' and add up to {first:,.2f}, the others by '{two.column_name}' "
                f"and add up to {second:,.2f}; they may be the same figures twice",
                f"{_COMPARE}Export each breakdown by itself, and load one of them with --replace.",
                one.column_name,
                amount_at_stake=min(abs(Decimal(first)), abs(Decimal(second))),
            )
            return

    def _cumulative_spend(self) -> Iterator[OpenQuestion]:
        """Spend that grows from day to day in each campaign or ad, as where each day has the sum of all before."""
        grain = self._grain()
        days = [row for row in grain if row.target_column == DAYS[0]]
        names = [row for row in grain if row.target_column not in DAYS]
        if not days or not names or days[0].column_type != "date":
            return
        key = self._key(names)
        if self.connection.execute(
            f"select 1 from ({self._growth(days[0], key, self._of_some_groups(key))}) where growth <= 0 limit 1"
        ).fetchall():
            return
        of_names = (
            "select count(*) as days, bool_and(coalesce(growth > 0, true)) "
            f"and stddev_pop(growth) > {_UNEVEN} * avg(growth) as grows, sum(spend) as spend, "
            f"max(spend) as largest from ({self._growth(days[0], key, 'true')}) group by name "
            f"having days >= {_LEAST_DAYS}"
        )
        several, growing, days_there, spend, largest = self.connection.execute(
            f"select count(*), count(*) filter (grows), sum(days), sum(spend), sum(largest) from ({of_names})"
        ).fetchall()[0]
        if several and growing == several and days_there >= 2 * _LEAST_DAYS:
            yield self.asked(
                FoundRows(days_there, (), Decimal(spend)),
                "spend-cumulative",
                f"the spend grows from each day to the next, in all {several} campaigns or ads; it may be the sum of "
                f"all days before. As it stands, it is {spend:,.2f}; the largest amounts alone are {largest:,.2f}",
                f"{_COMPARE}Export the spend of each day, and load the file with --replace.",
                self.core[SPEND].column_name,
                amount_at_stake=Decimal(spend) - Decimal(largest),
            )

    def _growth(self, days: MappedColumn, key: str, condition: str) -> str:
        """A select of the spend of each day and key, and by how much more it is than that of the day before."""
        return (
            "select *, spend - lag(spend) over (partition by name order by day) as growth from ("
            f"select hash({key}) as name, {self.value(days)} as day, sum({self.spend()}) as spend "
            f"from {TABLE} where {IS_DATA} and {condition} group by all)"
        )


def _column(row: MappedColumn) -> str:
    return quote_identifier(row.column_name)
