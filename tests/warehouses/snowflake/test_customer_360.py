"""The area customer 360 on Snowflake: the same rows from the same seed as on DuckDB, and the same tables of gold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from snowflake.connector.errors import ProgrammingError

from loader.customer_360.generating import generate_customers, generate_transactions
from tests.conftest import VARIABLES
from tests.support import ProjectUnderTest, copy_project
from tests.warehouses.snowflake.support import (
    Accounts,
    SnowflakeProject,
    differences,
    table_of_duckdb,
    table_of_snowflake,
    unknown_statements,
)

TABLES = {
    "bronze": ("raw_customers", "raw_transactions", "generation_telemetry", "spending_habits", "customer_traits"),
    "silver": ("customers", "transactions", "customer_versions"),
    "gold": (
        "dim_customer", "dim_date", "dim_merchant_category", "fct_transactions", "spend_days", "customer_months",
        "customer_segments", "customer_360_profile", "metric_customer_ltv", "metric_mom_spend_change",
        "metric_avg_transaction_value", "segment_telemetry", "v_segment_performance", "eda_metrics",
    ),
}  # fmt: skip
# when and in which run; dbt's own hash of a version
CLOCKS = frozenset({"ingested_at", "run_id", "generated_at", "done_by", "dbt_scd_id"})


@pytest.fixture(scope="module")
def both(
    accounts: Accounts, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ProjectUnderTest, SnowflakeProject]]:
    """DuckDB and Snowflake after a history of 1,000 customers, and a month that was generated and built later."""
    folder = tmp_path_factory.mktemp("customer_360")
    parsed = ProjectUnderTest(copy_project(folder / "parsed" / "project", "customer_360"))
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        with accounts.forks.running(folder, accounts.set_up) as emulator:
            ours = parsed.copy(folder / "duckdb")
            theirs = SnowflakeProject(parsed.copy(folder / "snowflake").root, emulator)
            for project in (ours, theirs):
                with pytest.MonkeyPatch.context() as target:
                    for name, value in (emulator.environment() if project is theirs else {}).items():
                        target.setenv(name, value)
                    for day in (date(2026, 2, 28), date(2026, 3, 10)):
                        generate_customers(project.project, 1000 if day.month == 2 else None, as_of=day, months=2)
                        generate_transactions(project.project)
                        run = project.dbt("build", "--selector", "customer_360_models")
                        assert run.success, run.failures
            for name, value in emulator.environment().items():
                patch.setenv(name, value)
            yield ours, theirs


def test_every_table_is_the_same(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    ours, theirs = both
    found = []
    for schema, tables in TABLES.items():
        for table in tables:
            one = table_of_duckdb(ours, f"{schema}.{table}", CLOCKS)
            other = table_of_snowflake(theirs.emulator, f"{schema}.{table}", CLOCKS)
            assert one, table
            found += differences(f"{schema}.{table}", one, other)
    assert not found, "\n".join(found[:40])
    assert ours.query("select count(*) > 20000 from bronze.raw_transactions") == [(True,)]
    assert ours.query("select count(*) > 0 from gold.dim_customer where version_number = 2") == [(True,)]


def test_every_statement_sent_is_snowflakes_sql(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    sent = {entry["sql"] for entry in both[1].emulator.statements() if not entry["error"]}
    assert not unknown_statements(sent)


def test_analysts_read_gold_and_nothing_with_names(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    project = both[1]

    def may(role: str, sql: str) -> bool:
        try:
            project.query(sql, role)
        except ProgrammingError as error:
            assert "access control" in str(error), error
            return False
        return True

    asked = {
        "select count(*) from gold.fct_transactions": "transformer analyst",
        "select count(*) from gold.v_segment_performance": "transformer analyst",
        "select count(*) from silver.customers": "transformer",
        "select count(*) from bronze.raw_customers": "loader transformer",
        "insert into bronze.raw_transactions select * from bronze.raw_transactions where 1 = 0": "loader",
    }
    for sql, allowed in asked.items():
        roles = [job for job in ("loader", "transformer", "analyst", "developer") if may(f"spark9_{job}", sql)]
        assert roles == allowed.split(), sql
    columns = project.query("select column_name from information_schema.columns where table_schema = 'GOLD'")
    assert columns
    assert not {name for (name,) in columns} & {"FIRST_NAME", "LAST_NAME", "EMAIL"}
