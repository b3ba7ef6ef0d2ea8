"""Open questions about the figures of a file: missing columns, blank cells, others in their place, unsure amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from loader.files.headers import SMALL_CURRENCIES
from loader.files.table import ValueFormat
from loader.names import normalised_header, quote_identifier, quote_text
from loader.waves.columns import DAYS, NAME_COLUMNS, MappedColumn
from loader.waves.file_rows import FEW, ROWS, SPEND, FileRows
from loader.waves.money import codes_in
from loader.waves.questions import NO_ROWS, FoundRows, OpenQuestion
from loader.words import counted

_MANY_ROWS = 20
_LEAST_CLICKS = 5
# rows with so many times more clicks than impressions are not delivered, and so few of them are a mistake
_TOO_MANY, _LEAST_SWAPPED = 2, 2
_MOST_NAMED = 3
_SURE = 100
_WORDS = {SPEND: "spend", "clicks": "a click", "impressions": "an impression"}
_LEAST_AMOUNTS = 20
_FAR = 3
# of the spend; bounds below it change no report
_TRIFLE = Decimal("0.001")
# of the clicks; fewer without a spend come after the end of a campaign
_LEAST_FREE = Decimal("0.01")
_LEAST_LIKE = 2
# of an amount that is in cents
_IN_EXCESS = Decimal("0.99")


def figure_questions(file: FileRows) -> Iterator[OpenQuestion]:
    """The figures that a file may lack, or have in each other's place."""
    yield from _changed_sources(file)
    yield from _missing_columns(file)
    yield from list(_columns_that_differ(file)) or _rivals_of_spend(file)
    yield from _missing_names(file)
    yield from _blank_figures(file)
    yield from _short_rows(file)
    yield from _changed_headers(file)


def amount_questions(file: FileRows) -> Iterator[OpenQuestion]:
    """The amounts that may be another one."""
    yield from _negative_spend(file)
    yield from _bounds_of_spend(file)
    yield from _free_clicks(file)
    yield from _open_thousands(file)
    yield from _amounts_without_decimals(file)


def _missing_columns(file: FileRows) -> Iterator[OpenQuestion]:
    """No column of the spend, or of the days: figures of others can't be set beside it."""
    filled = {row.target_column for row in file.mapping if row.ordinal or row.default_value is not None}
    if SPEND not in filled and "impressions" in filled:
        unknown = [row for row in file.mapping if row.is_unknown and row.control_sum and row.column_type != "percent"]
        decimals = [row for row in unknown if row.column_type == "decimal"]
        sums = {row.column_name: row.control_sum or Decimal(0) for row in decimals or unknown}
        named = " or ".join(f"'{name}' ({total:,.2f} in all)" for name, total in list(sums.items())[:_MOST_NAMED])
        shown = f"; it may be {named}" if named else ""
        yield file.asked("column-missing.spend", NO_ROWS, None, max(sums.values(), default=None), shown=shown)
    likely = [name for name, meaning in file.meanings.items() if meaning.standard_column == "impressions"]
    if "impressions" not in filled and likely:
        row = next(row for row in file.mapping if row.column_name == likely[0] and row.ordinal)
        yield file.asked("column-missing.impressions", NO_ROWS, row, sum=row.control_sum)
    if DAYS[0] not in filled and (DAYS[1] in filled or _repeats_keys(file)):
        spend = file.all_rows.spend
        yield file.asked("column-missing.day", FoundRows(spend=spend), None, abs(spend))
    elif DAYS[0] not in file.core and _repeats_keys(file):
        found = file.all_rows
        yield file.asked("column-missing.day-above", NO_ROWS, None, abs(found.spend), count=found.count)


def _repeats_keys(file: FileRows) -> bool:
    """Whether most rows are told apart by no text, in a file whose rows have no days of their own."""
    key = [row for row in file.mapping if row.ordinal and row.is_key]
    if not key:
        return False
    rows, keys = file.aggregates(f"count(*), count(distinct ({_cells(key)}))")
    return bool(rows > _MANY_ROWS and rows > 2 * keys)


def _missing_names(file: FileRows) -> Iterator[OpenQuestion]:
    """Rows of one day that no known name tells apart, though other texts do: a later wave replaces them all."""
    grain = [row for row in file.mapping if row.ordinal and row.in_grain]
    texts = [row for row in file.mapping if row.ordinal and row.is_key and row not in grain]
    if any(name in file.core for name in NAME_COLUMNS) or not texts or not grain or SPEND not in file.core:
        return
    of_names = f"count(distinct ({_cells([*grain, *texts])}))"
    count, keys, named = file.aggregates(f"count(*), count(distinct ({_cells(grain)})), {of_names}")
    if keys < named:
        shown = " and ".join(f"'{row.column_name}'" for row in texts[:_MOST_NAMED])
        words = {"count": count, "keys": keys, "shown": shown}
        yield file.asked("column-missing.name", NO_ROWS, texts[0], abs(file.all_rows.spend), **words)


def _cells(columns: Sequence[MappedColumn]) -> str:
    return ", ".join(quote_identifier(row.column_name) for row in columns)


def _rivals_of_spend(file: FileRows) -> Iterator[OpenQuestion]:
    """Another column whose header means the spend too, with other figures."""
    row = file.core.get(SPEND)
    if row is None or row.decided_by == "person" or not row.control_sum:
        return
    for other in file.mapping:
        meaning = file.meanings.get(other.column_name)
        is_rival = meaning and meaning.score == _SURE and meaning.standard_column == SPEND
        if is_rival and other.control_sum not in (None, 0, row.control_sum):
            sums = (row.control_sum, other.control_sum or Decimal(0))
            words = {"counting": row.column_name, "sums": sums}
            yield file.asked("columns-differ.rivals", NO_ROWS, other, abs(sums[0] - sums[1]), **words)
            return


def _columns_that_differ(file: FileRows) -> Iterator[OpenQuestion]:
    """Two columns of one header with other figures, as of two periods: the first one fills the core column."""
    names = {row.column_name: file.dialect.headers[row.ordinal - 1] for row in file.mapping if row.ordinal}
    keys = {name: normalised_header(header) for name, header in names.items()}
    for name, row in file.core.items():
        for other in file.mapping:
            is_same = other.ordinal != row.ordinal and keys.get(other.column_name) == keys[row.column_name]
            if not is_same or row.control_sum is None or other.control_sum in (None, row.control_sum):
                continue
            sums = (row.control_sum, other.control_sum or Decimal(0))
            at_stake = abs(sums[0] - sums[1]) if name == SPEND else None
            words = {"header": names[row.column_name], "target": name, "sums": sums}
            yield file.asked("columns-differ.twins", NO_ROWS, row, at_stake, **words)


def _changed_sources(file: FileRows) -> Iterator[OpenQuestion]:
    """A figure that another column filled in an earlier wave, where that file or this one has both of them."""
    there = [row for row in file.earlier if row.ordinal is not None]
    filled = {row.target_column: row for row in there if row.mapping_rule == "core"}
    was_beside = {normalised_header(row.column_name) for row in there if row.mapping_rule == "additional"}
    beside = {normalised_header(row.column_name): row for row in file.mapping if row.mapping_rule == "additional"}
    for target, row in file.core.items():
        was = filled.get(target)
        if was is None or row.control_sum is None or row.decided_by == "person":
            continue
        before, now = normalised_header(was.column_name), normalised_header(row.column_name)
        other = beside.get(before)
        if before == now or not (other or now in was_beside) or (other and other.control_sum == row.control_sum):
            continue
        of_other = f" and '{other.column_name}' to {other.control_sum or 0:,.2f}" if other else ""
        at_stake = abs(row.control_sum - (other.control_sum or 0)) if other and target == SPEND else None
        words = {"target": target, "was": was.column_name, "sum": row.control_sum, "other": of_other}
        yield file.asked("source-changed", NO_ROWS, row, at_stake, **words)


def _blank_figures(file: FileRows) -> Iterator[OpenQuestion]:
    """Blank cells of the spend or the clicks in rows that have other figures."""
    for name, of_row in ((SPEND, "clicks"), (SPEND, "impressions"), ("clicks", SPEND), ("impressions", SPEND)):
        if name not in file.core or of_row not in file.core or not file.may_be_blank(file.core[name]):
            continue
        row, value, other = file.core[name], file.value(name), file.value(of_row)
        is_blank = f"{file.is_blank(row)} and {other} > 0 and not {_is_fee(file)}"
        blank, filled, zeros, known, of_blank, of_filled = file.aggregates(
            f"count(*) filter ({is_blank}), count({value}), count(*) filter ({value} = 0), sum({value}), "
            f"sum({other}) filter ({is_blank}), sum({other}) filter ({value} is not null)",
            f"{other} > 0",
        )
        if not blank or not known or not of_filled:
            continue
        expected = Decimal(of_blank) * Decimal(known) / Decimal(of_filled)
        is_likely = name == SPEND or expected >= _LEAST_CLICKS * blank
        if zeros or (blank <= FEW * (blank + filled) and is_likely):
            at_stake = round(expected, 2) if name == SPEND else None
            words = {
                "cells": counted(blank, "blank cell"),
                "other": _WORDS[of_row],
                "expected": expected,
            }
            yield file.asked("figures-blank", file.rows(is_blank), row, at_stake, **words)
            if name == SPEND:
                return


def _is_fee(file: FileRows) -> str:
    """The SQL condition that a row has a charge alone, of a campaign that was never delivered: a fee, a credit."""
    names = [file.core[name] for name in ("campaign_name", "campaign_id") if name in file.core]
    if not names or "impressions" not in file.core:
        return "false"
    campaign, delivered = quote_identifier(names[0].column_name), file.value("impressions")
    never = f"select {campaign} {ROWS} group by 1 having coalesce(sum({delivered}), 0) = 0"
    return f"(coalesce({delivered}, 0) = 0 and coalesce({campaign} in ({never}), false))"


def _short_rows(file: FileRows) -> Iterator[OpenQuestion]:
    """Few rows whose last cell is blank where others write at least 0: a cell before it may be missing."""
    last = max((row for row in file.mapping if row.ordinal), key=lambda row: row.ordinal or 0, default=None)
    if last is None or last.column_type not in ("integer", "decimal") or last.target_column in (SPEND, "clicks"):
        return
    if not file.may_be_blank(last):
        return
    value, is_blank = file.value(last), file.is_blank(last)
    blank, filled, zeros = file.aggregates(
        f"count(*) filter ({is_blank}), count({value}), count(*) filter ({value} = 0)"
    )
    if blank and zeros and blank <= FEW * filled:
        found = file.rows(is_blank)
        yield file.asked("rows-shifted.shorter", found, None, abs(found.spend), last=last.column_name)


def _changed_headers(file: FileRows) -> Iterator[OpenQuestion]:
    """More clicks than impressions in most rows, or many more in some: figures may have changed places."""
    if "clicks" not in file.core or "impressions" not in file.core:
        return
    clicks, impressions = file.value("clicks"), file.value("impressions")
    found = file.rows(f"{clicks} > {impressions}")
    if not found.count:
        return
    if found.count * 2 <= file.rows(f"{clicks} > 0").count:
        found = file.rows(f"{clicks} >= {_LEAST_CLICKS} and {clicks} > {_TOO_MANY} * {impressions}")
    if found.count >= _LEAST_SWAPPED or found.count == file.contents.row_count:
        named = file.core["impressions"].column_name
        yield file.asked("columns-swapped", found, file.core["clicks"], impressions=named)


def _negative_spend(file: FileRows) -> Iterator[OpenQuestion]:
    """Spend below zero in rows that were delivered; credits have no impressions."""
    row = file.core.get(SPEND)
    if row is None or "impressions" not in file.core or not file.of_cells(row, "bool_or(value < 0)")[0]:
        return
    found = file.rows(f"{file.spend} < 0 and {file.value('impressions')} > 0")
    if found.count:
        yield file.asked("spend-negative", found, row, -2 * found.spend, lost=-2 * found.spend)


def _bounds_of_spend(file: FileRows) -> Iterator[OpenQuestion]:
    """Cells of the spend that only bound it, such as '<1000', where the bounds are no trifle."""
    row = file.core.get(SPEND)
    if row is None:
        return
    bound = quote_text(file.profiler.project.local_macros.call("bound_pattern"))
    most, is_open = file.query(
        f"select sum(occurrences * {file.value(row, 'cell')}), bool_or(whole[1] in ('>', '≥')) from ("
        "select ltrim(cell, '<>≤≥ ') as cell, cell as whole, occurrences "
        f"from ({file.profiler.cells(row.column_name)}) where regexp_full_match(cell, {bound}))"
    )[0]
    if most is None or not (is_open or most > _TRIFLE * abs(row.control_sum or Decimal(0))):
        return
    found = file.rows(f"regexp_full_match(trim({quote_identifier(row.column_name)}), {bound})")
    yield file.asked("spend-bounded", found, row, Decimal(most), cells=counted(found.count, "cell"), most=most)


def _free_clicks(file: FileRows) -> Iterator[OpenQuestion]:
    """Rows with clicks and a spend of zero, where clicks cost something in the others."""
    if SPEND not in file.core or "clicks" not in file.core:
        return
    clicks = file.value("clicks")
    is_free = f"{file.spend} = 0 and {clicks} >= {_LEAST_CLICKS}"
    of_free, of_others, spend = file.aggregates(
        f"sum({clicks}) filter ({is_free}), sum({clicks}) filter ({file.spend} > 0), sum({file.spend})"
    )
    if not of_free or not of_others or not spend or Decimal(of_free) < _LEAST_FREE * Decimal(of_others):
        return
    found, expected = file.rows(is_free), Decimal(of_free) * Decimal(spend) / Decimal(of_others)
    if found.count > 1:
        yield file.asked("spend-zero", found, file.core[SPEND], round(expected, 2), expected=expected)


def _open_thousands(file: FileRows) -> Iterator[OpenQuestion]:
    """Figures whose marks all stand before three digits, and are read as decimal marks."""
    for name in ("conversions", "conversion_value", "impressions", "clicks"):
        row = file.core.get(name)
        if row is None or row.column_type != "decimal":
            continue
        is_cut = "regexp_full_match(cell, '[1-9][0-9]{0,2}[.,][0-9]{3}')"
        like, unlike, example, total = file.of_cells(
            row,
            f"count(*) filter ({is_cut} and value <> trunc(value)), "
            f"count(*) filter (regexp_matches(cell, '[.,]') and not {is_cut}), min(cell) filter ({is_cut}), "
            "sum(value * occurrences)",
        )
        if like >= _LEAST_LIKE and not unlike:
            yield file.asked("thousands-unsure", NO_ROWS, row, sum=total, example=example)


def _amounts_without_decimals(file: FileRows) -> Iterator[OpenQuestion]:
    """Whole amounts of a currency that has cents: rounded, in cents, or without the mark that they had."""
    row = file.core.get(SPEND)
    if row is None or ValueFormat.of(row.value_format).form in ("micros", "native") or _has_no_cents(file, row):
        return
    has_mark = _has_decimals("value", "cell")
    whole, different, marked, fractions, largest, is_fixed, total = file.of_cells(
        row,
        f"coalesce(sum(occurrences) filter (not {has_mark} and value <> 0), 0), count(distinct value), "
        f"coalesce(sum(occurrences) filter ({has_mark} and value <> 0), 0), "
        f"count(*) filter (value <> trunc(value)), max(value) filter ({has_mark}), "
        f"coalesce(bool_and(regexp_matches(cell, '[.,٫][0-9]{{2}}[^0-9]*$')) filter ({has_mark}), false) "
        "and count(*) filter (regexp_matches(cell, '[.,٫][0-9]0[^0-9]*$')) > 0, "
        "coalesce(sum(value * occurrences), 0)",
    )
    if different >= _LEAST_AMOUNTS and not fractions:
        count = whole + marked
        words = {"count": count, "sum": total, "cents": total / 100}
        yield file.asked("amounts-whole", FoundRows(count), row, abs(total) * _IN_EXCESS, **words)
    elif whole and marked >= 4 * whole:
        is_far = "true" if is_fixed else f"abs({file.spend}) > {_FAR} * {largest}"
        has_decimals = _has_decimals(file.spend, f"trim({quote_identifier(row.column_name)})")
        found = file.rows(f"{file.spend} <> 0 and not {has_decimals} and {is_far}")
        if found.count:
            words = {"amounts": counted(found.count, "amount"), "cents": found.spend / 100}
            yield file.asked("amounts-uneven", found, row, abs(found.spend) * _IN_EXCESS, **words)


def _has_no_cents(file: FileRows, spend: MappedColumn) -> bool:
    """Whether the file names a currency whose amounts are often whole."""
    named = [row for row in file.mapping if row.target_column == "currency"]
    codes = {row.default_value for row in named if row.default_value}
    for row in named:
        codes |= codes_in(file.profiler, row.column_name)[0] if row.ordinal else set()
    if codes & SMALL_CURRENCIES or any("\u3040" <= character <= "\ud7a3" for character in spend.column_name):
        return True
    return bool(file.of_cells(spend, "bool_or(regexp_matches(cell, '[¥￥₩]'))")[0])


def _has_decimals(value: str, cell: str) -> str:
    """The SQL condition that an amount is written with decimals, such as 12.00, or has some."""
    return f"({value} <> trunc({value}) or regexp_matches({cell}, '[.,٫][0-9]{{1,2}}[^0-9]*$'))"
