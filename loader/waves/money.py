"""The currency and the unit of a file's spend, as its header, a column, the cells or a line above say; or the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from loader.errors import Answer, FileRefusedError
from loader.files.headers import CURRENCIES, SMALL_CURRENCIES, split_currency
from loader.files.profiling import Profiler
from loader.files.table import IS_DATA, TABLE, ColumnFormat, ColumnProfile
from loader.names import quote_identifier, quote_text
from loader.waves.columns import MappedColumn
from loader.waves.targets import MICROS, ReadFile

_TITLE = re.compile(r'"?[^\W\d][^:;,|\t\d]{2,30}[:;,|\t]\s*"?([A-Z]{3})"?[;,|\t\s]*')
_MOST_CODES = 20
_CELLS, _LINES = "the cells of the spend", "the lines above the header"
_PLURAL = (_CELLS, _LINES)
# the currencies of which a sign can be
_SHARED_SIGNS = {
    "$": "USD AUD CAD NZD HKD SGD MXN ARS CLP COP TWD BRL UYU DOP JMD TTD BSD BBD BZD FJD NAD BND LRD SRD",
    "¥": "JPY CNY",
    "kr": "SEK NOK DKK ISK",
}


@dataclass(frozen=True)
class Currencies:
    """What a file says of the currency of its spend.

    Args:
        code: of all rows; none where a column has it, or nothing does.
        reason: where the code is from, for the mapping.
        signs: the codes and signs in the cells of the spend.
        are_in_cells: they alone say which row is in which.
        are_coded: the column names some of them otherwise than by their codes.
        is_given: the user gave it, whatever the file says.

    """

    code: str | None = None
    reason: str = ""
    signs: tuple[str, ...] = ()
    are_in_cells: bool = False
    are_coded: bool = False
    is_given: bool = False


def find_currencies(file: ReadFile, profiles: Mapping[str, ColumnProfile]) -> Currencies:
    """Find the currency of a file's spend.

    Args:
        file: with the formats of a workbook's cells, which name currencies too.
        profiles: what its columns hold.

    Raises:
        FileRefusedError: the file names several that contradict each other.

    """
    profiler = file.profiler
    spend = file.columns_of("amount_spent")
    if profiler.options.currency:
        return Currencies(profiler.options.currency, "given by the user", is_given=True)
    header = next((code for name in spend if (code := split_currency(name)[1])), None)
    has_signs = [name for name in spend if profiles[name].format.value_format in ("point", "comma", "native")]
    in_cells = _symbols_in(profiler, has_signs[0], profiles[has_signs[0]].format) if has_signs else set()
    signs = tuple(sorted(in_cells | _in_formats(file, spend)))
    known = dict(profiler.project.local_macros.call("currency_signs")) | {code: code for code in CURRENCIES}
    named = {known[sign] for sign in signs if sign in known}
    above = [match[1] for title in file.dialect.titles if (match := _TITLE.fullmatch(title)) and match[1] in CURRENCIES]
    of_rows = file.columns_of("currency")[:1]
    column, are_coded = codes_in(profiler, of_rows[0]) if of_rows else (set(), False)
    _refuse_unknown_signs(file.export.original, in_cells - set(known), spend)
    elsewhere = {header} if header else column | set(above)
    said = {
        "the header of the spend": {header} if header else set(),
        "the currency column": column,
        _CELLS: named | {sign for sign in signs if _contradicts(sign, elsewhere)},
        _LINES: set(above) if spend else set(),
    }
    _refuse_contradiction(file.export.original, said, is_by_row=bool(column) and not header and not above)
    if column:
        return Currencies(signs=signs, are_coded=are_coded)
    if header:
        return Currencies(header, f"from the header '{spend[0]}'", signs)
    if above and named <= set(above):
        return Currencies(above[0], "from a line above the header", signs)
    if len(named) == 1 and set(signs) <= set(known):
        return Currencies(named.pop(), "from the cells of amount_spent", signs)
    return Currencies(signs=signs, are_in_cells=len(in_cells) > 1 and set(signs) == in_cells)


def _in_formats(file: ReadFile, spend: Sequence[str]) -> set[str]:
    """Codes and signs of currencies in the formats of a workbook's cells of the spend; of a format, the last counts."""
    sheet = file.export.sheet
    if not sheet or not spend:
        return set()
    symbol = re.compile(file.profiler.project.local_macros.call("currency_pattern"))
    found = ([unit for unit in units if symbol.fullmatch(unit.replace("kr.", "kr"))]
             for units in sheet.units.get(file.dialect.columns.index(spend[0]), ()))  # fmt: skip
    return {symbols[-1] for symbols in found if symbols}


def _contradicts(sign: str, codes: set[str]) -> bool:
    """Whether a sign that several currencies have is that of none of these."""
    possible = _SHARED_SIGNS.get(sign.rstrip("."))
    return bool(possible and codes and not codes & set(possible.split()))


def codes_in(profiler: Profiler, column: str) -> tuple[set[str], bool]:
    """The codes of currencies in a column, and whether it has any that are not written as codes, such as '€'.

    Args:
        profiler: has profiled the file.
        column: its header.

    """
    code = profiler.project.local_macros.call("currency_code", "cell")
    rows = profiler.connection.execute(
        f"select distinct {code} as code, code <> cell from ({profiler.cells(column)}) "
        f"where regexp_full_match(code, '[A-Z]{{3}}') limit {_MOST_CODES}"
    ).fetchall()
    return {code for code, _ in rows}, any(is_coded for _, is_coded in rows)


def _symbols_in(profiler: Profiler, column: str, column_format: ColumnFormat) -> set[str]:
    """The codes and signs of currencies in the cells of a column that are amounts."""
    symbol = quote_text(profiler.project.local_macros.call("currency_pattern"))
    rows = profiler.connection.execute(
        f"select distinct regexp_extract(cell, {symbol}) from ({profiler.cells(column)}) "
        f"where {profiler.parsed('cell', column_format)} is not null"
    ).fetchall()
    return {found for (found,) in rows if found}


def _refuse_unknown_signs(file: Path, signs: set[str], spend: Sequence[str]) -> None:
    """Stop where a sign beside amounts is that of no currency: 'T€' and 'MIO' can mean thousands and millions."""
    unknown = sorted(sign for sign in signs if sign.rstrip(".") not in _SHARED_SIGNS)
    if unknown:
        raise FileRefusedError(
            "currency-unsure",
            f"{file}: '{unknown[0]}' in cells of '{spend[0]}' is no sign of a currency; it may mean thousands or "
            "millions.",
            "Write the amounts in full. If they are, name the currency of the spend with --currency.",
        )


def _refuse_contradiction(file: Path, said: Mapping[str, set[str]], *, is_by_row: bool) -> None:
    """Stop where two places name other currencies; a column and cells may both have several, row by row."""
    sources = {where: codes for where, codes in said.items() if codes}
    together = set().union(*sources.values()) if sources else set()
    rows_agree = is_by_row and said[_CELLS] <= said["the currency column"]
    if len(sources) < 2 or len(together) == 1 or rows_agree:
        return
    shown = ", ".join(
        f"{where} {'say' if where in _PLURAL else 'says'} {_listed(codes)}" for where, codes in sources.items()
    )
    raise FileRefusedError(
        "currency-unsure",
        f"{file}: {shown}.",
        "Compare with the platform, then name the currency of the spend with --currency, or correct the file.",
        [Answer("currency", code, f"all spend is in {code}") for code in sorted(together) if code.isalpha()],
    )


def _listed(codes: set[str]) -> str:
    return " and ".join(sorted(codes))


def unknown_codes(profiler: Profiler, row: MappedColumn) -> str:
    """The SQL condition that the currency of a row is not known: no cell says it, or a sign of several.

    Args:
        profiler: has profiled the file.
        row: the column that names it: of currencies, or of amounts.

    """
    cell = f"nullif(trim({quote_identifier(row.column_name)}), '')"
    macro = "currency_code" if row.target_column == "currency" else "currency_of_amount"
    code = profiler.project.local_macros.call(macro, cell)
    return f"not regexp_full_match(coalesce({code}, ''), '[A-Z]{{3}}')"


# millionths of less than a cent are no figure that an API reports
_LEAST_MICROS = 10_000


def formats_of_units(file: ReadFile) -> dict[str, str]:
    """The columns in millionths, with the value_format that says so: by their header, or as given by the user."""
    if file.options.money == "units":
        return {}
    is_given = file.options.money == MICROS
    return {
        name: MICROS
        for name, target in file.targets.items()
        if target.decision is None
        and (target.unit == MICROS or (is_given and (target.unit == "unsure" or target.column == "amount_spent")))
    }


# what no click, and no thousand impressions, cost: in a currency of which a dollar buys less than 100, in others of
# CURRENCIES, and in one that is not known
_TOO_DEAR = {"usual": (1_000, 20_000), "small": (2_000_000, 20_000_000), "unknown": (20_000, 1_000_000)}


def _costs_too_much(file: ReadFile, name: str, profiles: Mapping[str, ColumnProfile]) -> bool:
    """Whether a column of spend is so large beside clicks or impressions that it is hardly in units of its currency."""
    sums = {
        target.column: profiles[other].control_sum or Decimal(0)
        for other, target in file.targets.items()
        if target.rule == "core" and target.column in ("clicks", "impressions")
    }
    currency = split_currency(name)[1]
    for other in file.columns_of("currency"):
        code = file.profiler.project.local_macros.call("currency_code", f"trim({quote_identifier(other)})")
        found = file.connection.execute(f"select any_value({code}) from {TABLE} where {IS_DATA}").fetchall()
        currency = found[0][0] or currency
    kind = "small" if currency in SMALL_CURRENCIES else "usual" if currency in CURRENCIES else "unknown"
    spend = profiles[name].control_sum or Decimal(0)
    a_click, a_thousand = _TOO_DEAR[kind]
    clicks, impressions = sums.get("clicks", Decimal(0)), sums.get("impressions", Decimal(0))
    return (clicks > 0 and spend >= a_click * clicks) or (impressions > 0 and 1000 * spend >= a_thousand * impressions)


def find_millionths(file: ReadFile, profiles: Mapping[str, ColumnProfile]) -> list[str]:
    """The columns of money in millionths of which only other headers of the file tell that they are.

    A fraction proves units, and so does a column that has nothing of 10,000 and more. Under a header that platforms
    write in units, whole numbers are asked about where a click or a thousand impressions would cost what none does;
    beside headers that only an API has, such numbers are in millionths.

    Raises:
        FileRefusedError: it is not clear which.

    """
    found = []
    is_of_api = any(target.unit == "api" for target in file.targets.values())
    for name, target in file.targets.items():
        if target.unit == MICROS or target.column != "amount_spent" or target.decision or file.options.money:
            continue
        is_too_much = _costs_too_much(file, name, profiles)
        if target.unit != "unsure" and not is_too_much:
            continue
        if profiles[name].format.value_format != "plain" or not profiles[name].parsed:
            continue
        cell = f"try_cast(trim({quote_identifier(name)}) as decimal(38, 6))"
        largest, is_whole = file.connection.execute(
            f"select max({cell}), bool_and({cell} = trunc({cell})) from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if is_whole and largest >= _LEAST_MICROS and is_of_api and is_too_much:
            found.append(name)
        elif is_whole and largest >= _LEAST_MICROS:
            _refuse_units(file.export.original, name, Decimal(largest))
    return found


def _refuse_units(file: Path, name: str, largest: Decimal) -> NoReturn:
    units, millionths = f"{largest:,.2f}", f"{largest / 1_000_000:,.2f}"
    raise FileRefusedError(
        "units-unsure",
        f"{file}: '{name}' may be in millionths, as APIs write amounts: its largest cell is {units} as written, or "
        f"{millionths} if in millionths.",
        "Compare with the platform, then use --money units or --money micros.",
        [
            Answer("money", "units", f"as written: the largest cell of '{name}' is {units}"),
            Answer("money", "micros", f"in millionths: the largest is {millionths}"),
        ],
    )
