"""Find what a file leaves open that could change a figure, with the amount at stake."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from loader.errors import Answer, FileRefusedError
from loader.files.table import ColumnProfile
from loader.names import quote_identifier
from loader.waves.columns import DAYS, MappedColumn
from loader.waves.day_questions import day_questions
from loader.waves.figure_questions import amount_questions, figure_questions
from loader.waves.file_rows import FEW, FIGURES, NUMBER, ROWS, SPEND, FileRows
from loader.waves.money import unknown_codes
from loader.waves.questions import NO_ROWS, FoundRows, OpenQuestion
from loader.waves.row_questions import name_questions, row_questions
from loader.words import counted


def find_questions(file: FileRows) -> list[OpenQuestion]:
    """The open questions of one file that was read and mapped, those about the most important columns first.

    Raises:
        FileRefusedError: more cells of the spend or the days can't be read than the dbt var largest_open_share
            allows, or figures have slipped into other columns.

    """
    parts = (
        _longer_rows, _unread_cells, _currencies, _broken_file, _totals, day_questions, row_questions,
        figure_questions, amount_questions, name_questions, _rounded_ids, _hidden_rows, _hidden_columns,
    )  # fmt: skip
    return [question for part in parts for question in part(file)]


def _longer_rows(file: FileRows) -> Iterator[OpenQuestion]:
    """Rows that are longer than the header: a comma stood in a cell without quotes, and cells slipped."""
    headers = file.dialect.headers
    columns = [quote_identifier(name) for name in file.dialect.columns]
    named = max((at for at, header in enumerate(headers, 1) if header), default=0)
    if file.dialect.header_line == 0:
        return
    is_beyond = named < len(columns)
    longer = "more cells than the header"
    if not is_beyond and _is_nearly_blank(file, columns[-1]):
        named, longer = named - 1, f"a cell under '{headers[-1]}', which others leave blank"
    is_longer = " or ".join(f"nullif(trim({column}), '') is not null" for column in columns[named:]) or "false"
    found = file.rows(is_longer)
    if not found.count:
        return
    # where most rows are longer, the header may lack a name: decimals tell a number that was cut, numbers a slip
    is_most = found.count * 2 > file.contents.row_count
    split = _cut_number(file, columns, is_longer, has_decimals=is_most)
    if not split and not is_beyond:
        return
    beyond = " and ".join(f"regexp_matches(coalesce({column}, ''), '^[-0-9., ]*$')" for column in columns[named:])
    if (
        is_most
        and not split
        and (file.export.sheet or file.rows(f"({is_longer}) and {beyond}").count * 2 < found.count)
    ):
        return  # the header lacks the names of columns of texts that rows have
    longer = f"{found.named} {'has' if found.count == 1 else 'have'} {longer}"
    if split and file.options.unread != "keep":
        row, whole = split[0]
        raise FileRefusedError(
            "rows-shifted",
            f"{file.export.original}: {longer}; in row {row}, '{whole}' may be one number that lacks its quotes. "
            f"As the cells stand, the spend of these rows is {found.spend:,.2f}.",
            "Put quotes around such numbers, or export with semicolons or tabs. --unread keep loads the cells as "
            "they stand; the question then stays open.",
            [Answer("unread", "keep", f"the cells are right as they stand: {found.spend:,.2f} of spend")],
        )
    yield file.asked("rows-shifted.longer", found, None, abs(found.spend), longer=longer)


def _cut_number(file: FileRows, columns: Sequence[str], condition: str, *, has_decimals: bool) -> list[tuple[int, str]]:
    """The first of some rows with a number cut in two at the mark between its thousands, and that number."""
    behind = f"[0-9]{{3}}([.][0-9]+){'' if has_decimals else '?'}"
    halves = (
        f"case when regexp_full_match(trim({one}), '[0-9]{{1,3}}') and regexp_full_match(trim({other}), '{behind}') "
        f"then {one} || ',' || {other} end"
        for one, other in itertools.pairwise(columns)
    )
    whole = f"coalesce({', '.join(halves)})"
    return file.query(
        f"select {NUMBER}, {whole} as whole {ROWS} and ({condition}) and whole is not null order by 1 limit 1"
    )


def _is_nearly_blank(file: FileRows, column: str) -> bool:
    """Whether few rows have a cell in a column, and any has."""
    filled: int = file.aggregates(f"count(nullif(trim({column}), ''))")[0]
    return 0 < filled <= FEW * file.contents.row_count


def _unread_cells(file: FileRows) -> Iterator[OpenQuestion]:
    """Cells of figures and days that are not of their type, and ids that a spreadsheet has damaged."""
    conditions: list[str] = []
    errors = _errors_of_spreadsheets(file)
    for row in file.core.values():
        profile = file.contents.profiles[row.column_name]
        profile = replace(profile, filled=profile.filled + errors.get(row.column_name, 0))
        lost = profile.filled - profile.parsed
        if not lost or not (row.target_column in (*FIGURES, *DAYS) or row.column_type == "id"):
            continue
        is_error = f" or {_is_error(row.column_name)}" if row.column_name in errors else ""
        unread = f"({file.profiler.unread(row.column_name, profile.format)}{is_error})"
        found = file.rows(unread)
        if row.column_type == "id":
            yield file.asked("ids-damaged", found, row, found.spend, lost=lost, filled=profile.filled)
            continue
        conditions.append(unread)
        is_day = row.target_column in DAYS
        outcome = (
            f"{found.spend:,.2f} of spend has no day" if is_day else f"the others add up to {profile.control_sum:,.2f}"
        )
        _refuse_unread(file, row, found, profile, outcome)
        words = {
            "lost": lost,
            "filled": profile.filled,
            "type": row.column_type,
            "outcome": f"and {outcome}",
        }
        yield file.asked("cells-unread", found, row, found.spend if is_day else None, **words)
    together = " + ".join(f"cast({condition} as integer)" for condition in conditions)
    found = file.rows(f"{together} > 1") if len(conditions) > 1 else NO_ROWS
    if found.count:  # where several cells are not what their columns are, others may have slipped too
        yield file.asked("rows-shifted.slipped", found, None, abs(found.spend))


def _errors_of_spreadsheets(file: FileRows) -> Mapping[str, int]:
    """How many cells of figures and days hold the error of a formula, which counts as empty in other columns."""
    names = [row.column_name for name, row in file.core.items() if name in (*FIGURES, *DAYS)]
    occurrences = f"coalesce(sum(occurrences) filter ({_is_error('cell')}), 0)"
    counts = {name: file.query(f"select {occurrences} from ({file.profiler.cells(name)})")[0][0] for name in names}
    return {name: count for name, count in counts.items() if count}


def _is_error(column: str) -> str:
    """The condition that a cell is an error that counts as empty in other columns, such as the rate of nothing."""
    cell = quote_identifier(column)
    return f"(starts_with({cell}, '#') and lower(trim({cell})) in ('#n/a', '#div/0!'))"


def _refuse_unread(file: FileRows, row: MappedColumn, found: FoundRows, profile: ColumnProfile, outcome: str) -> None:
    """Stop where more cells of the spend or the days can't be read than may stay open."""
    is_telling = row.target_column in (SPEND, *DAYS) and row.decided_by != "person"
    share = Decimal(found.count) / max(profile.filled, 1)
    largest = Decimal(str(file.profiler.project.variables["largest_open_share"]))
    if not is_telling or file.options.unread == "keep" or share <= largest:
        return
    raise FileRefusedError(
        "cells-unread",
        f"{file.export.original}: {found.count} of {profile.filled} cells of '{row.column_name}' can't be read as "
        f"{row.column_type}, such as '{file.cell(row.column_name, found.numbers[0])}' in row {found.numbers[0]}. "
        f"Left empty, {outcome}.",
        "Correct these cells, or use --unread keep to leave them empty; the question then stays open.",
        [Answer("unread", "keep", f"{found.count} cells stay empty, and the question stays open")],
    )


def _currencies(file: FileRows) -> Iterator[OpenQuestion]:
    """Several currencies in the cells of the spend, and cells of a currency column that are none."""
    currencies = file.currencies
    by_cell = file.core.get(SPEND) if currencies.are_in_cells else None
    column = next((row for row in file.mapping if row.target_column == "currency" and row.ordinal), by_cell)
    if column is None and len(currencies.signs) > 1 and not currencies.code:
        found = replace(file.all_rows, numbers=())
        yield file.asked("currencies-mixed", found, None, abs(found.spend), signs=", ".join(currencies.signs))
    elif column is not None and (found := _without_currency(file, column)).count:
        words = {"cells": counted(found.count, "cell"), "name": "names" if found.count == 1 else "name"}
        way = "spend" if by_cell else "column"
        yield file.asked(f"currency-unknown.{way}", found, column, abs(found.spend), **words)


def _without_currency(file: FileRows, column: MappedColumn) -> FoundRows:
    """Rows with spend whose cell names no currency; none where the whole column is blank."""
    cell = f"trim({quote_identifier(column.column_name)})"
    is_filled = file.query(f"select 1 {ROWS} and {cell} <> '' limit 1")
    unknown = unknown_codes(file.profiler, column)
    return file.rows(f"{unknown} and coalesce({file.spend}, 0) <> 0" if is_filled else "false")


def _broken_file(file: FileRows) -> Iterator[OpenQuestion]:
    """A file that ends within a row, and a quote that nothing closes where it should."""
    if file.dialect.is_cut_off:
        yield file.asked("file-cut-off")
    if file.dialect.broken_line:
        yield file.asked("quote-open", line=file.dialect.broken_line)


def _totals(file: FileRows) -> Iterator[OpenQuestion]:
    """Totals of the file that its rows do not add up to, and rows that could be totals."""
    columns = {row.column_name: row for row in file.mapping if row.ordinal}
    for check in file.checks:
        if not check.agrees:
            row = columns[check.column]
            differs = abs(check.given - check.computed) if row is file.core.get(SPEND) else None
            given, computed = check.given.normalize(), check.computed.normalize()
            yield file.asked("total-differs", NO_ROWS, row, differs, given=given, computed=computed)
    if file.contents.possible_totals:
        found = file.rows(f"{NUMBER} in ({', '.join(map(str, file.contents.possible_totals))})")
        yield file.asked("total-or-data", found, None, found.spend)


def _rounded_ids(file: FileRows) -> Iterator[OpenQuestion]:
    """Ids whose digits beyond the fifteenth are all 0, as a spreadsheet leaves them."""
    for row in file.core.values():
        if row.column_type != "id":
            continue
        of_long = "filter (regexp_full_match(value, '[0-9]{17,}'))"
        is_rounded = "regexp_full_match({}, '[0-9]{{15}}0{{2,}}')"
        long, zeros, rounded = file.of_cells(
            row,
            f"count(distinct value) {of_long}, max(length(value) - 15) {of_long}, "
            f"count(distinct value) filter ({is_rounded.format('value')})",
        )
        # three digits are 000 by chance once in a thousand ids
        if rounded > 1 or (rounded == long == 1 and zeros > 2):
            found = file.rows(is_rounded.format(file.value(row)))
            yield file.asked("ids-rounded", found, row, found.spend, rounded=rounded, long=long)


def _hidden_rows(file: FileRows) -> Iterator[OpenQuestion]:
    """Rows that a spreadsheet hides, as where a filter is on: they may not be meant."""
    if file.export.hidden_rows is None:
        return
    columns = [row.column_name for row in file.mapping if row.ordinal]
    width = len(columns)
    with file.export.hidden_rows.open(encoding="utf-8", newline="") as text:
        hidden = [(row + [""] * width)[:width] for row in csv.reader(text)]
    file.connection.execute("create or replace temp table hidden_rows as select unnest(?) as cells", [hidden])
    cells = ", ".join(f"coalesce({quote_identifier(name)}, '')" for name in columns)
    found = file.rows(f"[{cells}] in (select cells from hidden_rows)")
    if found.count:
        in_all = f", {found.count:,} in all" if found.count > len(found.numbers[:3]) else ""
        are = "it is" if found.count == 1 else "they are"
        yield file.asked("rows-hidden", found, None, found.spend, in_all=in_all, are=are)


def _hidden_columns(file: FileRows) -> Iterator[OpenQuestion]:
    """Columns of figures that a spreadsheet hides: another one may be meant."""
    hidden = file.export.sheet.hidden_columns if file.export.sheet else ()
    for name in (*FIGURES, *DAYS):
        row = file.core.get(name)
        if row and row.ordinal and row.ordinal - 1 in hidden:
            at_stake = file.all_rows.spend if name == SPEND else None
            yield file.asked("column-hidden", NO_ROWS, row, at_stake, target=name)
