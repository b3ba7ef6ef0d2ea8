"""Open questions about the figures of a file: missing columns, blank cells, figures in each other's places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from loader.files.headers import Suggestion
from loader.files.table import IS_DATA, TABLE
from loader.names import normalised_header, quote_identifier
from loader.waves.columns import DAYS, NAME_COLUMNS, MappedColumn
from loader.waves.file_rows import SPEND, FileRows, KnownOfColumns
from loader.waves.questions import OpenQuestion
from loader.words import counted

_MANY_ROWS = 20
_LEAST_CLICKS = 5
_FEW = Decimal("0.2")
# rows with so many times more clicks than impressions are not delivered, and so few of them are a mistake
_TOO_MANY, _LEAST_SWAPPED = 2, 2
_MOST_NAMED = 3
_SURE = 100
_WORDS = {SPEND: "spend", "clicks": "a click", "impressions": "an impression"}


class FigureQuestions(FileRows):
    """Finds figures that a file may lack, or have in another unit."""

    def find(self, headers: Sequence[str], known: KnownOfColumns) -> Iterator[OpenQuestion]:
        """The questions.

        Args:
            headers: the file's, as they stand there.
            known: what is known of its columns otherwise.

        """
        yield from self._changed_sources(known.earlier)
        yield from self._missing_columns(known.meanings)
        yield from list(self._columns_that_differ(headers)) or self._rivals_of_spend(known.meanings)
        yield from self._missing_names()
        yield from self._blank_figures()
        yield from self._short_rows()
        yield from self._changed_headers()

    def _missing_columns(self, meanings: Mapping[str, Suggestion]) -> Iterator[OpenQuestion]:
        """No column of the spend, or of the days: figures of others can't be set beside it."""
        filled = {row.target_column for row in self.mapping if row.ordinal or row.default_value is not None}
        if SPEND not in filled and "impressions" in filled:
            unknown = [row for row in self.mapping if row.control_sum and row.reason.startswith("unknown header")]
            unknown = [row for row in unknown if row.column_type != "percent"]
            decimals = [row for row in unknown if row.column_type == "decimal"]
            likely = {row.column_name: row.control_sum or Decimal(0) for row in decimals or unknown}
            named = " or ".join(f"'{name}' ({total:,.2f} in all)" for name, total in list(likely.items())[:_MOST_NAMED])
            shown = f"; it may be {named}" if named else ""
            yield OpenQuestion(
                "column-missing",
                f"no column is known as the spend{shown}. Until then the file counts with no spend at all",
                "Name it with spark9 mapping set --rule core --target amount_spent, or export again with the spend.",
                amount_at_stake=max(likely.values(), default=None),
            )
        sums = {row.column_name: row.control_sum for row in self.mapping}
        of_impressions = [name for name, meaning in meanings.items() if meaning.standard_column == "impressions"]
        if "impressions" not in filled and of_impressions:
            name = of_impressions[0]
            yield OpenQuestion(
                "column-missing",
                f"no column is known as the impressions; it may be '{name}' ({sums[name]:,.0f} in all)",
                "Name it with spark9 mapping set --rule core --target impressions, or export again.",
                name,
            )
        if DAYS[0] not in filled and (DAYS[1] in filled or self._repeats_keys()):
            found = self.all_rows
            yield OpenQuestion(
                "column-missing",
                f"no column is known as the day, so {found.spend:,.2f} of spend is on no day of the marts",
                "Export again by day, or name the column with spark9 mapping set --rule core --target date_start.",
                amount_at_stake=abs(found.spend),
            )
        elif DAYS[0] not in self.core and self._repeats_keys():
            found = self.all_rows
            yield OpenQuestion(
                "column-missing",
                f"the only days are those above the header, and most of the {found.count} rows are of the campaign and "
                "ad of another; a column of days may be missing",
                "Compare with the platform; if the report was by day, export it again with the day.",
                amount_at_stake=abs(found.spend),
            )

    def _missing_names(self) -> Iterator[OpenQuestion]:
        """Rows of one day that no known name tells apart, though other texts do: a later wave replaces them all."""
        grain = [row for row in self.mapping if row.ordinal and row.in_grain]
        texts = [row for row in self.mapping if row.ordinal and row.is_key and row not in grain]
        if any(name in self.core for name in NAME_COLUMNS) or not texts or not grain or SPEND not in self.core:
            return
        rows, keys, named = self.connection.execute(
            f"select count(*), count(distinct ({_cells(grain)})), count(distinct ({_cells([*grain, *texts])})) "
            f"from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if keys < named:
            found = self.all_rows
            shown = " and ".join(f"'{row.column_name}'" for row in texts[:_MOST_NAMED])
            yield OpenQuestion(
                "column-missing",
                f"no column names a campaign, ad set or ad, though {rows} rows of {keys} days differ by "
                f"{shown}; a later wave of the same days replaces all of them",
                "Name it with spark9 mapping set --rule core --target campaign_name.",
                texts[0].column_name,
                amount_at_stake=abs(found.spend),
            )

    def _repeats_keys(self) -> bool:
        """Whether most rows are told apart by no text, in a file whose rows have no days of their own."""
        key = [quote_identifier(row.column_name) for row in self.mapping if row.ordinal and row.is_key]
        if not key:
            return False
        rows, keys = self.connection.execute(
            f"select count(*), count(distinct ({', '.join(key)})) from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        return bool(rows > _MANY_ROWS and rows > 2 * keys)

    def _rivals_of_spend(self, meanings: Mapping[str, Suggestion]) -> Iterator[OpenQuestion]:
        """Another column whose header means the spend too, with other figures."""
        row = self.core.get(SPEND)
        if row is None or row.decided_by == "person" or not row.control_sum:
            return
        for other in self.mapping:
            meaning = meanings.get(other.column_name)
            is_rival = meaning and meaning.score == _SURE and meaning.standard_column == SPEND
            if is_rival and other.control_sum not in (None, 0, row.control_sum):
                yield OpenQuestion(
                    "columns-differ",
                    f"'{row.column_name}' and '{other.column_name}' are both headers of the spend, and add up to "
                    f"{row.control_sum:,.2f} and {other.control_sum or 0:,.2f}; the first of them counts",
                    "Compare with the platform; if the other is right, use spark9 mapping set --target amount_spent.",
                    other.column_name,
                    amount_at_stake=abs(row.control_sum - (other.control_sum or 0)),
                )
                return

    def _columns_that_differ(self, headers: Sequence[str]) -> Iterator[OpenQuestion]:
        """Two columns of one header with other figures, as of two periods: the first one fills the core column."""
        names = {row.column_name: headers[row.ordinal - 1] for row in self.mapping if row.ordinal}
        keys = {name: normalised_header(header) for name, header in names.items()}
        for name, row in self.core.items():
            for other in self.mapping:
                is_same = other.ordinal != row.ordinal and keys.get(other.column_name) == keys[row.column_name]
                if not is_same or row.control_sum is None or other.control_sum in (None, row.control_sum):
                    continue
                one, two = Decimal(row.control_sum), Decimal(other.control_sum or 0)
                yield OpenQuestion(
                    "columns-differ",
                    f"two columns have the header '{names[row.column_name]}', and add up to {one:,.2f} and "
                    f"{two:,.2f}; the first fills {name}",
                    "Compare with the platform; delete the wrong column and load the file with --replace.",
                    row.column_name,
                    amount_at_stake=abs(one - two) if name == SPEND else None,
                )

    def _changed_sources(self, earlier: Sequence[MappedColumn]) -> Iterator[OpenQuestion]:
        """A figure that another column filled in an earlier wave, where that file or this one has both of them."""
        there = [row for row in earlier if row.ordinal is not None]
        filled = {row.target_column: row for row in there if row.mapping_rule == "core"}
        was_beside = {normalised_header(row.column_name) for row in there if row.mapping_rule == "additional"}
        beside = {normalised_header(row.column_name): row for row in self.mapping if row.mapping_rule == "additional"}
        for target, row in self.core.items():
            was = filled.get(target)
            if was is None or row.control_sum is None or row.decided_by == "person":
                continue
            before, now = normalised_header(was.column_name), normalised_header(row.column_name)
            other = beside.get(before)
            if before == now or not (other or now in was_beside) or (other and other.control_sum == row.control_sum):
                continue
            sums = f" and '{other.column_name}' to {other.control_sum or 0:,.2f}" if other else ""
            differs = abs(row.control_sum - (other.control_sum or 0)) if other and target == SPEND else None
            yield OpenQuestion(
                "source-changed",
                f"'{row.column_name}' fills {target}, and '{was.column_name}' did in an earlier wave; they count "
                f"different things, and here '{row.column_name}' adds up to {row.control_sum:,.2f}{sums}",
                f"Compare with the platform; let one of them fill {target} in all waves with spark9 mapping set.",
                row.column_name,
                amount_at_stake=differs,
            )

    def _blank_figures(self) -> Iterator[OpenQuestion]:
        """Blank cells of the spend or the clicks in rows that have other figures."""
        for name, of_row in ((SPEND, "clicks"), (SPEND, "impressions"), ("clicks", SPEND), ("impressions", SPEND)):
            if name not in self.core or of_row not in self.core or not self.may_be_blank(self.core[name]):
                continue
            row, value = self.core[name], self.value(self.core[name])
            other = self.value(self.core[of_row])
            is_blank = f"{self.is_blank(row)} and {other} > 0 and not {self._is_fee()}"
            blank, filled, zeros, known, of_blank, of_filled = self.connection.execute(
                f"select count(*) filter ({is_blank}), count({value}), count(*) filter ({value} = 0), sum({value}), "
                f"sum({other}) filter ({is_blank}), sum({other}) filter ({value} is not null) "
                f"from {TABLE} where {IS_DATA} and {other} > 0"
            ).fetchall()[0]
            if not blank or not known or not of_filled:
                continue
            expected = Decimal(of_blank) * Decimal(known) / Decimal(of_filled)
            is_likely = name == SPEND or expected >= _LEAST_CLICKS * blank
            if zeros or (blank <= _FEW * (blank + filled) and is_likely):
                found = self.rows(is_blank)
                yield self.asked(
                    found,
                    "figures-blank",
                    f"{counted(blank, 'blank cell')} of '{row.column_name}', such as in row {found.numbers[0]}, "
                    f"where there is {_WORDS[of_row]}; by the other rows, {expected:,.2f} is missing",
                    "Compare with the platform; if the figures are missing, export again and load with --replace.",
                    row.column_name,
                    amount_at_stake=round(expected, 2) if name == SPEND else None,
                )
                if name == SPEND:
                    return

    def _is_fee(self) -> str:
        """The SQL condition that a row has a charge alone, of a campaign that was never delivered: a fee, a credit."""
        names = [self.core[name] for name in ("campaign_name", "campaign_id") if name in self.core]
        if not names or "impressions" not in self.core:
            return "false"
        campaign, delivered = quote_identifier(names[0].column_name), self.value(self.core["impressions"])
        never = f"select {campaign} from {TABLE} where {IS_DATA} group by 1 having coalesce(sum({delivered}), 0) = 0"
        return f"(coalesce({delivered}, 0) = 0 and coalesce({campaign} in ({never}), false))"

    def _short_rows(self) -> Iterator[OpenQuestion]:
        """Few rows whose last cell is blank where others write at least 0: a cell before it may be missing."""
        last = max((row for row in self.mapping if row.ordinal), key=lambda row: row.ordinal or 0, default=None)
        if last is None or last.column_type not in ("integer", "decimal") or last.target_column in (SPEND, "clicks"):
            return
        if not self.may_be_blank(last):
            return
        value = self.value(last)
        blank, filled, zeros = self.connection.execute(
            f"select count(*) filter ({self.is_blank(last)}), count({value}), count(*) filter ({value} = 0) "
            f"from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if blank and zeros and blank <= _FEW * filled:
            found = self.rows(self.is_blank(last))
            yield self.asked(
                found,
                "rows-shifted",
                f"{counted(found.count, 'row')} without a last cell ('{last.column_name}'), such as row "
                f"{found.numbers[0]}, where others have at least 0; a cell before it may be missing, and the "
                f"spend reads {found.spend:,.2f}",
                "Look at these rows in the file: a cell may be missing.",
                amount_at_stake=abs(found.spend),
            )

    def _changed_headers(self) -> Iterator[OpenQuestion]:
        """More clicks than impressions in most rows, or many more in some: figures may have changed places."""
        if "clicks" not in self.core or "impressions" not in self.core:
            return
        clicks, impressions = (self.value(self.core[name]) for name in ("clicks", "impressions"))
        found = self.rows(f"{clicks} > {impressions}")
        if not found.count:
            return
        if found.count * 2 <= self.rows(f"{clicks} > 0").count:
            found = self.rows(f"{clicks} >= {_LEAST_CLICKS} and {clicks} > {_TOO_MANY} * {impressions}")
        if found.count >= _LEAST_SWAPPED or found.count == self.row_count:
            names = [self.core[name].column_name for name in ("clicks", "impressions")]
            yield self.asked(
                found,
                "columns-swapped",
                f"{counted(found.count, 'row')} with more clicks ('{names[0]}') than impressions ('{names[1]}'), such "
                f"as row {found.numbers[0]}; they may stand in each other's places",
                "Compare with the platform; correct the header or the rows and load the file with --replace.",
                names[0],
            )


def _cells(columns: Sequence[MappedColumn]) -> str:
    return ", ".join(quote_identifier(row.column_name) for row in columns)
