"""Every way to write a day is read as that day, and what names a period as its first and last day."""

from __future__ import annotations

import itertools
import re
from datetime import date

import duckdb
import pytest
from babel import Locale
from babel.dates import format_date

from loader import find_project
from loader.project.macros import MacroLibrary
from tests.support import ROOT

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "tr")


@pytest.fixture(scope="module")
def macros() -> MacroLibrary:
    """The project's macros as they are on DuckDB."""
    return find_project(ROOT).local_macros


def read(macros: MacroLibrary, value_format: str, *cells: str) -> list[tuple[date | None, date | None]]:
    """The first and last day of each cell."""
    first = macros.call("parse_cell", "cell", "date", value_format)
    last = macros.call("period_end", "cell", value_format) or "null"
    with duckdb.connect() as connection:
        found: list[tuple[date | None, date | None]] = connection.execute(
            f"select {first}, {last} from (select unnest(?) as cell)", [list(cells)]
        ).fetchall()
        return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_month_names_are_those_of_the_common_locale_data(language: str, macros: MacroLibrary) -> None:
    known: dict[str, str] = macros.call("month_names")
    months = Locale.parse(language).months
    for month in range(1, 13):
        for names in (
            months[context][width] for context in ("format", "stand-alone") for width in ("abbreviated", "wide")
        ):
            assert known[names[month].lower().rstrip(".")] == f"{month:02d}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_weekdays_are_those_of_the_common_locale_data(language: str, macros: MacroLibrary) -> None:
    days = Locale.parse(language).days
    for context, width in itertools.product(("format", "stand-alone"), ("abbreviated", "wide")):
        for name in days[context][width].values():
            assert re.fullmatch(macros.call("weekday_pattern"), f"{name.lower()}, "), name


WITH_NAMES = [
    (language, width)
    for language in LANGUAGES
    for width in ("medium", "long")
    if any(letter.isalpha() for letter in format_date(date(2026, 9, 1), width, locale=language))
]


@pytest.mark.parametrize(("language", "width"), WITH_NAMES)
def test_dates_with_month_names_are_read_in_each_language(language: str, width: str, macros: MacroLibrary) -> None:
    days = [date(2026, month, 2 * month) for month in range(1, 13)]
    written = [format_date(day, width, locale=language) for day in days]
    assert [first for first, _ in read(macros, "month_name", *written)] == days, written
    behind = [format_date(day, "EEE, ", locale=language) + cell for day, cell in zip(days, written, strict=True)]
    assert [first for first, _ in read(macros, "month_name", *behind)] == days, behind


@pytest.mark.parametrize(
    ("cell", "value_format", "first", "last"),
    [
        ("10 de dez. de 2022", "month_name", "2022-12-10", None),
        ("1. Okt. 2026", "month_name", "2026-10-01", None),
        ("1 sept. 2026", "month_name", "2026-09-01", None),
        ("Sep 01, 2026", "month_name", "2026-09-01", None),
        ("SEPTEMBER 1, 2026", "month_name", "2026-09-01", None),
        ("1-Sep-26", "month_name", "2026-09-01", None),
        ("1er août 2026", "month_name", "2026-08-01", None),
        ("Sep 1, 2026, 12:00 AM", "month_name", "2026-09-01", None),
        ("30 février 2026", "month_name", None, None),
        ("Tuesday, September 01, 2026", "month_name", "2026-09-01", None),
        ("Tue 01 Sep 2026", "month_name", "2026-09-01", None),
        ("Di., 1. Sept. 2026", "month_name", "2026-09-01", None),
        ("mar. 1 sept. 2026", "month_name", "2026-09-01", None),
        ("mar. 1, 2026", "month_name", "2026-03-01", None),
        ("terça-feira, 1 de setembro de 2026", "month_name", "2026-09-01", None),
        ("Week 01 Sep 2026", "month_name", None, None),
        ("to 01 Sep 2026", "month_name", None, None),
        ("2026. 9. 1.", "ymd_dot_space", "2026-09-01", None),
        ("2026. 12. 31.", "ymd_dot_space", "2026-12-31", None),
        ("2026. 13. 1.", "ymd_dot_space", None, None),
        ("W36 2026", "iso_week", "2026-08-31", "2026-09-06"),
        ("2026 W36", "iso_week", "2026-08-31", "2026-09-06"),
        ("2026W36", "iso_week", "2026-08-31", "2026-09-06"),
        ("W54 2026", "iso_week", None, None),
        ("202602", "month_compact", "2026-02-01", "2026-02-28"),
        ("202613", "month_compact", None, None),
        ("Sep-26", "month_name_short", "2026-09-01", "2026-09-30"),
        ("sept. '26", "month_name_short", "2026-09-01", "2026-09-30"),
        ("Sep-2026", "month_name_year", "2026-09-01", "2026-09-30"),
        ("1 Foo 2026", "month_name", None, None),
        ("2026-09-01 - 2026-09-07", "iso:range", "2026-09-01", "2026-09-07"),
        ("9/1/26–9/7/26", "mdy_slash_short:range", "2026-09-01", "2026-09-07"),
        ("9/1/26–9/7/26", "dmy_slash_short:range", "2026-01-09", "2026-07-09"),
        ("1. Sept. 2026 bis 7. Sept. 2026", "month_name:range", "2026-09-01", "2026-09-07"),
        ("2026-W36", "iso_week", "2026-08-31", "2026-09-06"),
        ("2026-W53", "iso_week", "2026-12-28", "2027-01-03"),
        ("2025-W53", "iso_week", None, None),
        ("2026-W00", "iso_week", None, None),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("September 2026", "month_name_year", "2026-09-01", "2026-09-30"),
        ("set. de 2026", "month_name_year", "2026-09-01", "2026-09-30"),
        ("09/2026", "month_slash", "2026-09-01", "2026-09-30"),
        ("2026-08-31", "iso:week", "2026-08-31", "2026-09-06"),
        ("2026-07-01", "iso:quarter", "2026-07-01", "2026-09-30"),
        ("2026-01-01", "iso:year", "2026-01-01", "2026-12-31"),
        ("2026-09-01T23:30:00-07:00", "iso_stamp", "2026-09-01", None),
        ("2026-09-01 23:30 +0200", "iso_space_stamp", "2026-09-01", None),
        ("46266", "excel_serial", "2026-09-01", None),
        *(
            (cell, "quarter", "2026-07-01", "2026-09-30")
            for cell in ("Q3 2026", "2026-Q3", "2026 Q3", "Q3/2026", "q3-2026")
        ),
        ("Q5 2026", "quarter", None, None),
        *(
            (cell, "ymd_native", "2026-09-03", None)
            for cell in ("٢٠٢٦-٠٩-٠٣", "۲۰۲۶/۹/۳", "２０２６．０９．０３", "２０２６年９月３日")
        ),
        ("03/08/2024", "dmy_slash+swapped_iso", "2024-08-03", None),
        ("2024-08-03", "dmy_slash+swapped_iso", "2024-03-08", None),
        ("2024-08-13", "dmy_slash+swapped_iso", None, None),
        ("1/9/2026 10:00 AM", "dmy_slash_time", "2026-09-01", None),
    ],
)
def test_a_cell_is_read_as_its_days(
    cell: str, value_format: str, first: str | None, last: str | None, macros: MacroLibrary
) -> None:
    expected = tuple(date.fromisoformat(day) if day else None for day in (first, last))
    assert read(macros, value_format, cell) == [expected]


def test_each_order_has_a_twin_that_reads_the_same_cells_the_other_way_round(macros: MacroLibrary) -> None:
    forms = macros.call("date_formats")
    ordered = {name: form for name, form in forms.items() if "order" in form}
    assert len(ordered) >= 12
    for name, form in ordered.items():
        twin = ordered[form["twin"]]
        assert (twin["twin"], twin["pattern"], twin["separator"]) == (name, form["pattern"], form["separator"])
        assert {form["order"], twin["order"]} == {"day-first", "month-first"}
