"""Cells are read as the same days on Snowflake as on DuckDB."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from loader.project.macros import MacroLibrary
from ops.probe.cells import DAYS, NUMBERS, days_select, numbers_select
from tests.warehouses.snowflake.support import SnowflakeProject

pytestmark = pytest.mark.slow


def test_days_are_read_alike_on_both_warehouses(snowflake: SnowflakeProject) -> None:
    cells = [(name, cell) for name, found in DAYS.items() for cell in found]
    of_snowflake = snowflake.query(days_select(snowflake.project.macros, cells))
    with duckdb.connect() as connection:
        of_duckdb: list[tuple[Any, ...]] = connection.execute(
            days_select(snowflake.project.local_macros, cells)
        ).fetchall()
    assert of_snowflake == of_duckdb
    assert sum(first is not None for _, first, _ in of_duckdb) == 45


def test_numbers_are_read_alike_on_both_warehouses(snowflake: SnowflakeProject) -> None:
    cells = [(form, cell) for form, found in NUMBERS.items() for cell in found]
    of_snowflake = snowflake.query(numbers_select(snowflake.project.macros, cells))
    with duckdb.connect() as connection:
        of_duckdb = connection.execute(numbers_select(snowflake.project.local_macros, cells)).fetchall()
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
