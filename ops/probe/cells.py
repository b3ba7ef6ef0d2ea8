"""Cells that both warehouses must read alike, and the statement that reads them.

Beside these, each format of macros/parsing is read by its own example. What they must be is what DuckDB makes of them:
it reads and profiles every file, whatever the warehouse is.
"""

from __future__ import annotations

from loader.project.macros import MacroLibrary

# its value_format and its text
Cell = tuple[str, str]
# by value_format: days and periods, impossible ones among them
DAYS: dict[str, list[str]] = {
    "mdy_slash": ["01/31/2024", "31/01/2024"],
    "dmy_slash_time": ["31/01/2024 10:00 AM"],
    "month_name": [
        "10 de dez. de 2022",
        "1. Okt. 2026",
        "1 sept. 2026",
        "Sep 01, 2026",
        "1-Sep-26",
        "30 février 2026",
        "Tuesday, September 01, 2026",
        "mar. 1 sept. 2026",
        "mar. 1, 2026",
    ],
    "month_name_short": ["Sep-26", "sept. '26", "Sep 2026"],
    "month_compact": ["202609", "202613"],
    "ymd_dot_space": ["2026. 9. 1.", "2026. 13. 1."],
    "month_name_year": ["September 2026", "set. de 2026", "2026"],
    "month": ["2024-02"],
    "month_slash": ["09/2026"],
    "iso_week": ["2026-W36", "2025-W53", "2026-W53", "2026-W00", "W36 2026", "2026 W36"],
    "iso_space_stamp": ["2026-09-01 23:30 +0200"],
    "iso_stamp": ["2026-09-01T23:30:00-07:00"],
    "excel_serial": ["46266"],
    "ymd_native": ["٢٠٢٦-٠٩-٠٣", "２０２６年９月３日", "２０２６-１３-０１"],
    "quarter": ["Q3 2026", "2026-Q4", "Q5 2026"],
    "dmy_slash+swapped_iso": ["2024-08-03", "13/03/2024", "2024-03-13"],
    "iso+excel_serial": ["2024-08-03", "46266"],
    "iso:range": ["2026-09-01 - 2026-09-07", "2026-09-01"],
    "dmy_dot:range": ["14.04.2025 - 27.04.2025"],
    "mdy_slash_short:range": ["9/1/26–9/7/26"],
    "month_name:range": ["1. Sept. 2026 bis 7. Sept. 2026"],
    "ymd_kanji": ["2026年9月3日", "2026年13月3日"],
    "ymd_kanji:range": ["2026年9月1日 - 2026年9月30日"],
    "iso:week": ["2026-08-31"],
    "iso:quarter": ["2026-07-01"],
    "iso:year": ["2026-01-01"],
    "month_day=2025-12": ["Dec 31", "Thu, Jan 1", "1er janv.", "30. Februar"],
}
NUMBERS: dict[str, list[str]] = {
    "native": ["١٬٢٣٤٫٥٦", "۱۲٫۵", "－１，２３４．５", "١,٢٣٤"],
    "point": ['="1,234.56"', "1\u2009234.5", "(2.5)", "1,234.50-", "-"],
    "comma": ["1.234,50-", "€ -3,5", "192,-", "-192,-", "'41,9"],
    "power": [
        "1.2345678E7",
        "5e-05",
        "0E-8",
        "1e+05",
        "12.5",
        "1.25E+01",
        "1.23e+06",
        "9e99",
        "100000000000000004764.7",
        "9.9e10",
    ],
}


def cells_of_days(macros: MacroLibrary) -> list[Cell]:
    """Every date format with its example, and the cells of DAYS."""
    formats = macros.call("date_formats")
    own = [(name, form["example"]) for name, form in formats.items() if not form.get("yearless")]
    return own + [(name, cell) for name, cells in DAYS.items() for cell in cells]


def cells_of_numbers(macros: MacroLibrary) -> list[Cell]:
    """Every number format with its example, and the cells of NUMBERS."""
    own = [(name, form["example"]) for name, form in macros.call("number_formats").items()]
    return own + [(name, cell) for name, cells in NUMBERS.items() for cell in cells]


def days_select(macros: MacroLibrary, cells: list[Cell]) -> str:
    """One statement that reads cells: the place, first and last day of each."""
    selects = []
    for place, (value_format, cell) in enumerate(cells):
        first = macros.call("parse_cell", "cell", "date", value_format)
        last = macros.call("period_end", "cell", value_format) or "cast(null as date)"
        selects.append(
            f"select {place} as place, {first} as first_day, {last} as last_day from ({_given(macros, cell)})"
        )
    return " union all ".join(selects) + " order by place"


def numbers_select(macros: MacroLibrary, cells: list[Cell]) -> str:
    """One statement that reads cells: the place and value of each."""
    selects = [
        f"select {place} as place, {macros.call('parse_cell', 'cell', 'decimal', form)} as value "
        f"from ({_given(macros, cell)})"
        for place, (form, cell) in enumerate(cells)
    ]
    return " union all ".join(selects) + " order by place"


def _given(macros: MacroLibrary, cell: str) -> str:
    return f"select {macros.call('text_literal', cell)} as cell"
