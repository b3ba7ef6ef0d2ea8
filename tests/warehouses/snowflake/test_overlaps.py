"""Periods that overlap are judged alike on both warehouses, however many there are."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest
from snowflake.connector.errors import ProgrammingError

from loader import find_project
from tests.support import ROOT
from tests.warehouses.snowflake.support import SnowflakeProject, unknown_statements

COLUMNS = (
    "load_id varchar, row_number integer, row_key varchar, id_key varchar, wave_number integer, upload_timestamp timestamp, "
    "level varchar, breakdowns varchar, date_start date, date_end date, campaign_id varchar, campaign_name varchar, "
    "ad_set_id varchar, ad_set_name varchar, ad_id varchar, ad_name varchar, amount_spent decimal(18, 6), "
    "currency varchar, own_account_id varchar, own_account_name varchar"
)


def weeks(count: int) -> str:
    """Candidates: each day an export of the last seven days, one row a campaign."""
    rows = []
    for number in range(count):
        end = date(2026, 1, 7) + timedelta(number)
        start, key = end - timedelta(6), f"x {end}"
        rows.append(
            f"('{number:016d}', 1, '{key}', null, {number + 1}, timestamp '2026-11-01 00:00:00', 'campaign', '', date '{start}', "
            f"date '{end}', null, 'x', null, null, null, null, {number % 5 + 7}, null, null, null)"
        )
    names = ", ".join(column.split()[0] for column in COLUMNS.split(", ") if not column.startswith("6)"))
    return f"select *, 1 as row_count from (values {', '.join(rows)}) as candidates ({names})"


@pytest.mark.slow
def test_a_year_of_overlapping_weeks_is_judged_alike(snowflake: SnowflakeProject) -> None:
    sql = "judged_rows_sql", weeks(365), "supersede", "finest"
    asked = "select load_id, superseded_by, superseded_because from ({}) as judged order by load_id"
    of_snowflake = snowflake.query(asked.format(snowflake.project.macros.call(*sql)))
    with duckdb.connect() as connection:
        of_duckdb = connection.execute(asked.format(snowflake.project.local_macros.call(*sql))).fetchall()
    assert of_snowflake == of_duckdb
    # from the latest back, every seventh week counts
    assert [int(load) for load, by, _ in of_duckdb if by is None] == list(range(0, 365, 7))
    assert {because for *_, because in of_duckdb} == {None, "a later period that overlaps counts"}


@pytest.mark.parametrize("year", ["0099", "1898", "2026", "4700", "9998"])
def test_periods_of_any_year_overlap_alike(year: str) -> None:
    macros = find_project(ROOT).local_macros
    sql = macros.call("judged_rows_sql", weeks(3).replace("2026-01", f"{year}-01"), "supersede", "finest")
    with duckdb.connect() as connection:
        found = connection.execute(f"select load_id, superseded_by from ({sql}) as judged order by 1").fetchall()
    assert [int(load) for load, by in found if by is None] == [2]


@pytest.mark.slow
def test_an_expression_that_reads_itself_is_found_without_the_word_recursive() -> None:
    counted = (
        "with counted as (select 1 as n union all select n + 1 from counted where n < 3) select max(n) from counted"
    )
    assert unknown_statements({counted}) == [f"reads itself: counted: {counted}"]
    assert unknown_statements({"with counted as (select 1 as n from s.counted) select max(n) from counted"}) == []


def test_the_emulator_lets_no_recursion_through(snowflake: SnowflakeProject) -> None:
    counted = "with recursive counted as (select 1 as n union all select n + 1 from counted where n < {}) select max(n) from counted"
    with pytest.raises(ProgrammingError, match="100189"):
        snowflake.query(counted.format(200))
