"""The currency of a file's spend: in its header, a column, the cells or above the header, which have to agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.errors import Answer, FileRefusedError
from loader.files.containers import Export
from loader.files.dialects import Dialect
from loader.files.headers import CURRENCIES, split_currency
from loader.files.profiling import Profiler
from loader.files.table import ColumnFormat, ColumnProfile
from loader.names import quote_identifier, quote_text
from loader.waves.columns import MappedColumn
from loader.waves.targets import Target

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


def find_currencies(
    export: Export,
    profiler: Profiler,
    dialect: Dialect,
    targets: Mapping[str, Target],
    profiles: Mapping[str, ColumnProfile],
) -> Currencies:
    """Find the currency of a file's spend.

    Args:
        export: from `unpacked()`; the formats of a workbook's cells name currencies too.
        profiler: has profiled the file.
        dialect: its columns, and the lines above the header.
        targets: what its headers fill.
        profiles: what its columns hold.

    Raises:
        FileRefusedError: the file names several that contradict each other.

    """
    spend = [name for name in dialect.columns if targets[name].column == "amount_spent"]
    if profiler.options.currency:
        return Currencies(profiler.options.currency, "given by the user", is_given=True)
    header = next((code for name in spend if (code := split_currency(name)[1])), None)
    has_signs = [name for name in spend if profiles[name].format.value_format in ("point", "comma", "native")]
    in_cells = _symbols_in(profiler, has_signs[0], profiles[has_signs[0]].format) if has_signs else set()
    signs = tuple(sorted(in_cells | _in_formats(export, profiler, dialect, spend)))
    known = dict(profiler.project.local_macros.call("currency_signs")) | {code: code for code in CURRENCIES}
    named = {known[sign] for sign in signs if sign in known}
    above = [match[1] for title in dialect.titles if (match := _TITLE.fullmatch(title)) and match[1] in CURRENCIES]
    of_rows = next((name for name, target in targets.items() if target.column == "currency"), None)
    column, are_coded = codes_in(profiler, of_rows) if of_rows else (set(), False)
    _refuse_unknown_signs(export.original, in_cells - set(known), spend)
    elsewhere = {header} if header else column | set(above)
    said = {
        "the header of the spend": {header} if header else set(),
        "the currency column": column,
        _CELLS: named | {sign for sign in signs if _contradicts(sign, elsewhere)},
        _LINES: set(above) if spend else set(),
    }
    _refuse_contradiction(export.original, said, is_by_row=bool(column) and not header and not above)
    if column:
        return Currencies(signs=signs, are_coded=are_coded)
    if header:
        return Currencies(header, f"from the header '{spend[0]}'", signs)
    if above and named <= set(above):
        return Currencies(above[0], "from a line above the header", signs)
    if len(named) == 1 and set(signs) <= set(known):
        return Currencies(named.pop(), "from the cells of amount_spent", signs)
    return Currencies(signs=signs, are_in_cells=len(in_cells) > 1 and set(signs) == in_cells)


def _in_formats(export: Export, profiler: Profiler, dialect: Dialect, spend: Sequence[str]) -> set[str]:
    """Codes and signs of currencies in the formats of a workbook's cells of the spend; of a format, the last counts."""
    if not export.sheet or not spend:
        return set()
    symbol = re.compile(profiler.project.local_macros.call("currency_pattern"))
    found = ([unit for unit in units if symbol.fullmatch(unit.replace("kr.", "kr"))]
             for units in export.sheet.units.get(dialect.columns.index(spend[0]), ()))  # fmt: skip
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
