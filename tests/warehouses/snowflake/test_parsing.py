"""Cells are read as the same days on Snowflake as on DuckDB."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from loader.project.macros import MacroLibrary
from tests.warehouses.snowflake.support import SnowflakeProject

pytestmark = pytest.mark.slow

CELLS = {
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


def select_of(macros: MacroLibrary) -> str:
    """One statement that reads every cell: its place, first and last day."""
    selects: list[str] = []
    for value_format, cells in CELLS.items():
        for cell in cells:
            first = macros.call("parse_cell", "cell", "date", value_format)
            last = macros.call("period_end", "cell", value_format) or "cast(null as date)"
            literal = macros.call("text_literal", cell)
            selects.append(
                f"select {len(selects)} as place, {first} as first_day, {last} as last_day from (select {literal} as cell)"
            )
    return " union all ".join(selects) + " order by place"


def test_days_are_read_alike_on_both_warehouses(snowflake: SnowflakeProject) -> None:
    of_snowflake = snowflake.query(select_of(snowflake.project.macros))
    with duckdb.connect() as connection:
        of_duckdb: list[tuple[Any, ...]] = connection.execute(select_of(snowflake.project.local_macros)).fetchall()
    assert of_snowflake == of_duckdb
    assert sum(first is not None for _, first, _ in of_duckdb) == 45


def test_numbers_are_read_alike_on_both_warehouses(snowflake: SnowflakeProject) -> None:
    cells = {
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

    def select_of_cells(macros: MacroLibrary) -> str:
        parts: list[str] = []
        for form, cell in ((form, cell) for form, texts in cells.items() for cell in texts):
            value = macros.call("parse_cell", "cell", "decimal", form)
            literal = macros.call("text_literal", cell)
            parts.append(f"select {len(parts)} as place, {value} as value from (select {literal} as cell)")
        return " union all ".join(parts) + " order by place"

    of_snowflake = snowflake.query(select_of_cells(snowflake.project.macros))
    with duckdb.connect() as connection:
        of_duckdb = connection.execute(select_of_cells(snowflake.project.local_macros)).fetchall()
    assert of_snowflake == of_duckdb
    assert [None if value is None else float(value) for _, value in of_duckdb] == [
        1234.56, 12.5, -1234.5, None, 1234.56, 1234.5, -2.5, -1234.5, None, -1234.5, -3.5, 192, -192, 41.9,
        12345678, 0.00005, 0, 100000, 12.5, None, None, None, None, 99000000000,
    ]  # fmt: skip


def test_millionths_are_divided_alike_on_both_warehouses(snowflake: SnowflakeProject) -> None:
    cells = ["1234560000", "-1", "999999999999999999", "1.5", "20.0", "1,000", "x"]

    def select_of_cells(macros: MacroLibrary) -> str:
        value = macros.call("parse_cell", "cell", "decimal", "micros")
        parts = [f"select {place} as place, {value} as value from (select '{cell}' as cell)"
                 for place, cell in enumerate(cells)]  # fmt: skip
        return " union all ".join(parts) + " order by place"

    of_snowflake = snowflake.query(select_of_cells(snowflake.project.macros))
    with duckdb.connect() as connection:
        of_duckdb = connection.execute(select_of_cells(snowflake.project.local_macros)).fetchall()
    assert of_snowflake == of_duckdb
    assert [None if value is None else f"{value:f}" for _, value in of_duckdb] == [
        "1234.560000", "-0.000001", "999999999999.999999", None, "0.000020", None, None,
    ]  # fmt: skip


TEXTS = {
    ("text", "clean"): [
        "a\u200bb",
        "\ufeffc\u00a0d ",
        "\u202aשלום\u202c",
        "می\u200cخواهم",
        "two\nlines",
        "plain",
        "\u200b",
    ],
    ("id", "unwrapped"): [
        *('="1202"', "'1202", "1202.0", "120,212,345", "120.212.345", "120.212", "120 212 345", "a1"),
        *("cg:1301", "c:1301", "as:1301", "a:1301", "s:1301", "b:1301"),
        *("urn:li:sponsoredCampaign:1302", "urn:li:1302:x", "206-612-3456", "2066-123-456", "00123"),
    ],
    ("text", "code"): ["EUR", "eur", "€", "zł", "lei", "$", "Euro"],
}


def test_names_and_ids_are_read_alike_on_both_warehouses(snowflake: SnowflakeProject) -> None:
    def texts_of(macros: MacroLibrary) -> str:
        values = [
            f"select {macros.call('parse_cell', macros.call('text_literal', cell), *kind)} as value"
            for kind, cells in TEXTS.items()
            for cell in cells
        ]
        return f"select value from ({' union all '.join(values)}) as read order by value"

    of_snowflake = snowflake.query(texts_of(snowflake.project.macros))
    with duckdb.connect() as connection:
        assert of_snowflake == connection.execute(texts_of(snowflake.project.local_macros)).fetchall()
    found = {value for (value,) in of_snowflake}
    assert {
        "ab",
        "c d",
        "שלום",
        "two lines",
        "1202",
        "120212345",
        "120.212",
        "a1",
        "1301",
        "b:1301",
        "1302",
        "urn:li:1302:x",
        "2066123456",
        "2066-123-456",
        "00123",
        "EUR",
        "PLN",
        "RON",
        "$",
        "Euro",
        None,
    } <= found


def test_ids_are_compared_alike_on_both_warehouses(snowflake: SnowflakeProject) -> None:
    def select_of_ids(macros: MacroLibrary) -> str:
        of = (
            f"{macros.call('compared_id', 'x')} as id, {macros.call('account_label', 'own_account_id', 'x')} as account"
        )
        values = " union all ".join(f"select '{text}' as x" for text in ("0012", "12", "0a1", "012-3"))
        return f"select {of} from ({values}) as ids order by x"

    of_snowflake = snowflake.query(select_of_ids(snowflake.project.macros))
    with duckdb.connect() as connection:
        assert of_snowflake == connection.execute(select_of_ids(snowflake.project.local_macros)).fetchall()
    assert of_snowflake == [("12", "12"), ("012-3", "123"), ("0a1", "1"), ("12", "12")]
