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
from loader.files.table import ColumnProfile
from loader.names import quote_identifier
from loader.waves.targets import Target

_TITLE = re.compile(r'"?[^\W\d][^:;,|\t\d]{2,30}[:;,|\t]\s*"?([A-Z]{3})"?[;,|\t\s]*')
_MOST_CODES = 20


@dataclass(frozen=True)
class Currencies:
    """What a file says of the currency of its spend.

    Args:
        code: of all rows; none where a column has it, or nothing does.
        reason: where the code is from, for the mapping.
        signs: the codes and signs in the cells of the spend.
        is_given: the user gave it, whatever the file says.

    """

    code: str | None = None
    reason: str = ""
    signs: tuple[str, ...] = ()
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
    signs = _signs(export, profiler, dialect, spend, has_signs)
    named = {code for sign in signs if (code := CURRENCIES.get(sign))}
    above = [match[1] for title in dialect.titles if (match := _TITLE.fullmatch(title)) and match[1] in CURRENCIES]
    of_rows = next((name for name, target in targets.items() if target.column == "currency"), None)
    column = codes_in(profiler, of_rows) if of_rows else set()
    said = {
        "the header of the spend": {header} if header else set(),
        "the currency column": column,
        "the cells of the spend": named,
        "the lines above the header": set(above) if spend else set(),
    }
    _refuse_contradiction(export.original, said, is_by_row=bool(column) and not header and not above)
    if column:
        return Currencies(signs=signs)
    if header:
        return Currencies(header, f"from the header '{spend[0]}'", signs)
    if len(signs) == 1 and named:
        return Currencies(named.pop(), "from the cells of amount_spent", signs)
    if above and not signs:
        return Currencies(above[0], "from a line above the header", signs)
    return Currencies(signs=signs)


def _signs(
    export: Export, profiler: Profiler, dialect: Dialect, spend: Sequence[str], has_signs: Sequence[str]
) -> tuple[str, ...]:
    """Codes and signs in the cells of the spend, and in their formats in a workbook."""
    formats = export.sheet.currencies if export.sheet else {}
    shown = formats.get(dialect.columns.index(spend[0]), ()) if spend else ()
    return tuple(sorted({*shown, *(_symbols_in(profiler, has_signs[0]) if has_signs else ())}))


def codes_in(profiler: Profiler, column: str) -> set[str]:
    """The codes of currencies in a column.

    Args:
        profiler: has profiled the file.
        column: its header.

    """
    rows = profiler.connection.execute(
        f"select distinct upper(cell) as code from ({profiler.cells(column)}) "
        f"where regexp_full_match(code, '[A-Z]{{3}}') limit {_MOST_CODES}"
    ).fetchall()
    return {code for (code,) in rows}


def _symbols_in(profiler: Profiler, column: str) -> set[str]:
    """The codes and signs of currencies in the cells of a column of amounts."""
    symbol = "[A-Z]{3}|[A-Z]{0,3}[$€£¥₹₽₺₩₪฿₫₴]|kr|zł|Kč|Ft|lei|Rs|Fr"
    rows = profiler.connection.execute(
        f"select distinct regexp_extract(cell, '{symbol}') from ({profiler.cells(column)})"
    ).fetchall()
    return {found for (found,) in rows if found}


def _refuse_contradiction(file: Path, said: Mapping[str, set[str]], *, is_by_row: bool) -> None:
    """Stop where two places name other currencies; a column and cells may both have several, row by row."""
    sources = {where: codes for where, codes in said.items() if codes}
    together = set().union(*sources.values()) if sources else set()
    rows_agree = is_by_row and said["the cells of the spend"] <= said["the currency column"]
    if len(sources) < 2 or len(together) == 1 or rows_agree:
        return
    shown = ", ".join(f"{where} says {_listed(codes)}" for where, codes in sources.items())
    raise FileRefusedError(
        "currency-unsure",
        f"{file}: {shown}.",
        "Compare with the platform, then name the currency of the spend with --currency, or correct the file.",
        [Answer("currency", code, f"all spend is in {code}") for code in sorted(together)],
    )


def _listed(codes: set[str]) -> str:
    return " and ".join(sorted(codes))


def unknown_codes(column: str) -> str:
    """The SQL condition that a cell of a currency column names none, such as a blank one or '$'.

    Args:
        column: its header.

    """
    cell = f"trim({quote_identifier(column)})"
    signs = ", ".join(f"'{sign}'" for sign in CURRENCIES if not sign.isalpha() or len(sign) != 3)
    return f"coalesce({cell}, '') not in ({signs}) and not regexp_full_match(coalesce({cell}, ''), '[A-Za-z]{{3}}')"
