"""Open questions about amounts: negative and bounded ones, clicks without a spend, and lost or unsure marks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from loader.files.headers import SMALL_CURRENCIES
from loader.files.table import IS_DATA, TABLE, ValueFormat
from loader.names import quote_identifier, quote_text
from loader.waves.currencies import codes_in
from loader.waves.file_rows import SPEND, FileRows
from loader.waves.questions import OpenQuestion
from loader.words import counted

_LEAST_AMOUNTS = 20
_LEAST_CLICKS = 5
_FAR = 3
# of the spend; bounds below it change no report
_TRIFLE = Decimal("0.001")
# of the clicks; fewer without a spend come after the end of a campaign
_LEAST_FREE = Decimal("0.01")
_LEAST_LIKE = 2


class AmountQuestions(FileRows):
    """Finds amounts that may be another one."""

    def find(self) -> Iterator[OpenQuestion]:
        """The questions."""
        yield from self._negative_spend()
        yield from self._bounds_of_spend()
        yield from self._free_clicks()
        yield from self._open_thousands()
        yield from self._amounts_without_decimals()

    def _negative_spend(self) -> Iterator[OpenQuestion]:
        """Spend below zero in rows that were delivered; credits have no impressions."""
        if SPEND not in self.core or "impressions" not in self.core:
            return
        if not self.of_cells(self.core[SPEND], "bool_or(value < 0)")[0]:
            return
        found = self.rows(f"{self.spend()} < 0 and {self.value(self.core['impressions'])} > 0")
        if found.count:
            yield self.asked(
                found,
                "spend-negative",
                f"{counted(found.count, 'row')} with impressions and a spend below zero, such as row "
                f"{found.numbers[0]}: {found.spend:,.2f} together; without the minus the sum is "
                f"{-2 * found.spend:,.2f} higher",
                "Compare with the platform; correct the cells and load the file with --replace.",
                self.core[SPEND].column_name,
                amount_at_stake=-2 * found.spend,
            )

    def _bounds_of_spend(self) -> Iterator[OpenQuestion]:
        """Cells of the spend that only bound it, such as '<1000', where the bounds are no trifle."""
        row = self.core.get(SPEND)
        if row is None:
            return
        bound = quote_text(self.profiler.project.local_macros.call("bound_pattern"))
        bounds = (
            "select ltrim(cell, '<>≤≥ ') as cell, cell as whole, occurrences "
            f"from ({self.profiler.cells(row.column_name)}) where regexp_full_match(cell, {bound})"
        )
        most, is_open = self.connection.execute(
            f"select sum(occurrences * {self.value(row, 'cell')}), bool_or(whole[1] in ('>', '≥')) from ({bounds})"
        ).fetchall()[0]
        if most is None or not (is_open or most > _TRIFLE * abs(row.control_sum or Decimal(0))):
            return
        found = self.rows(f"regexp_full_match(trim({quote_identifier(row.column_name)}), {bound})")
        cell = self.cell(row.column_name, found.numbers[0])
        yield self.asked(
            found,
            "spend-bounded",
            f"{counted(found.count, 'cell')} of '{row.column_name}' with only a bound, such as '{cell}' in row "
            f"{found.numbers[0]}; that counts as no spend, and the bounds add up to {most:,.2f}",
            "Compare with the platform; correct the cells and load the file with --replace.",
            row.column_name,
            amount_at_stake=Decimal(most),
        )

    def _free_clicks(self) -> Iterator[OpenQuestion]:
        """Rows with clicks and a spend of zero, where clicks cost something in the others."""
        if SPEND not in self.core or "clicks" not in self.core:
            return
        clicks = self.value(self.core["clicks"])
        free = f"{self.spend()} = 0 and {clicks} >= {_LEAST_CLICKS}"
        of_free, of_others, spend = self.connection.execute(
            f"select sum({clicks}) filter ({free}), sum({clicks}) filter ({self.spend()} > 0), sum({self.spend()}) "
            f"from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if not of_free or not of_others or not spend or Decimal(of_free) < _LEAST_FREE * Decimal(of_others):
            return
        found, expected = self.rows(free), Decimal(of_free) * Decimal(spend) / Decimal(of_others)
        if found.count > 1:
            yield self.asked(
                found,
                "spend-zero",
                f"{counted(found.count, 'row')} with clicks and a spend of 0, such as row {found.numbers[0]}; as "
                f"clicks cost in the others, {expected:,.2f} is missing",
                "Compare with the platform; a formula or a script may have written 0 for what it did not find.",
                self.core[SPEND].column_name,
                amount_at_stake=round(expected, 2),
            )

    def _open_thousands(self) -> Iterator[OpenQuestion]:
        """Figures whose marks all stand before three digits, and are read as decimal marks."""
        for name in ("conversions", "conversion_value", "impressions", "clicks"):
            row = self.core.get(name)
            if row is None or row.column_type != "decimal":
                continue
            cut = "regexp_full_match(cell, '[1-9][0-9]{0,2}[.,][0-9]{3}')"
            like, unlike, example, total = self.of_cells(
                row,
                f"count(*) filter ({cut} and value <> trunc(value)), "
                f"count(*) filter (regexp_matches(cell, '[.,]') and not {cut}), min(cell) filter ({cut}), "
                "sum(value * occurrences)",
            )
            if like >= _LEAST_LIKE and not unlike:
                yield OpenQuestion(
                    "thousands-unsure",
                    f"'{row.column_name}' adds up to {total:,.2f}, with cells such as '{example}' read as decimals; "
                    "each of its marks stands before three digits, and may set thousands apart",
                    "Compare with the platform; if so, write these figures without marks and load with --replace.",
                    row.column_name,
                )

    def _amounts_without_decimals(self) -> Iterator[OpenQuestion]:
        """Whole amounts of a currency that has cents: rounded, in cents, or without the mark that they had."""
        row = self.core.get(SPEND)
        if row is None or ValueFormat.of(row.value_format).form in ("micros", "native") or self._has_no_cents():
            return
        has_mark = _has_decimals("value", "cell")
        whole, different, marked, fractions, largest, is_fixed, total = self.of_cells(
            row,
            f"coalesce(sum(occurrences) filter (not {has_mark} and value <> 0), 0), count(distinct value), "
            f"coalesce(sum(occurrences) filter ({has_mark} and value <> 0), 0), "
            "count(*) filter (value <> trunc(value)), "
            f"max(value) filter ({has_mark}), "
            f"coalesce(bool_and(regexp_matches(cell, '[.,٫][0-9]{{2}}[^0-9]*$')) filter ({has_mark}), false) "
            "and count(*) filter (regexp_matches(cell, '[.,٫][0-9]0[^0-9]*$')) > 0, "
            "coalesce(sum(value * occurrences), 0)",
        )
        if different >= _LEAST_AMOUNTS and not fractions:
            whole += marked
            yield OpenQuestion(
                "amounts-whole",
                f"all {whole} amounts of '{row.column_name}' are whole numbers: {total:,.0f}. They may be rounded; if "
                f"they are in cents, it is {total / 100:,.2f}",
                "Compare with the platform; export with decimals, and load that with --replace.",
                row.column_name,
                whole,
                amount_at_stake=abs(total) * Decimal("0.99"),
            )
        elif whole and marked >= 4 * whole:
            spend = self.spend()
            is_far = "true" if is_fixed else f"abs({spend}) > {_FAR} * {largest}"
            has_decimals = _has_decimals(spend, f"trim({quote_identifier(row.column_name)})")
            found = self.rows(f"{spend} <> 0 and not {has_decimals} and {is_far}")
            if found.count:
                yield self.asked(
                    found,
                    "amounts-uneven",
                    f"{counted(found.count, 'amount')} of '{row.column_name}' without the decimals that the others "
                    f"have, such as '{self.cell(row.column_name, found.numbers[0])}' in row {found.numbers[0]}; if "
                    f"their mark is lost, {found.spend:,.2f} of spend is {found.spend / 100:,.2f}",
                    "Compare with the platform; correct the cells and load the file with --replace.",
                    row.column_name,
                    amount_at_stake=abs(found.spend) * Decimal("0.99"),
                )

    def _has_no_cents(self) -> bool:
        """Whether the file names a currency whose amounts are often whole."""
        named = [row for row in self.mapping if row.target_column == "currency"]
        codes = {row.default_value for row in named if row.default_value}
        for row in named:
            codes |= codes_in(self.profiler, row.column_name)[0] if row.ordinal else set()
        spend = self.core[SPEND]
        if codes & SMALL_CURRENCIES or any("\u3040" <= character <= "\ud7a3" for character in spend.column_name):
            return True
        return bool(self.of_cells(spend, "bool_or(regexp_matches(cell, '[¥￥₩]'))")[0])


def _has_decimals(value: str, cell: str) -> str:
    """The SQL condition that an amount is written with decimals, such as 12.00, or has some."""
    return f"({value} <> trunc({value}) or regexp_matches({cell}, '[.,٫][0-9]{{1,2}}[^0-9]*$'))"
