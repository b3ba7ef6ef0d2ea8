"""Customer 360 inside Snowflake: the procedures, the tasks of a Sunday and the stream's task, on the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from snowflake.connector.errors import ProgrammingError

from areas.customer_360.generating import generate_customers, generate_transactions
from areas.customer_360.plan import GenerationRequest, install
from tests.support import VARIABLES, ProjectUnderTest, copy_project
from tests.warehouses.snowflake.conftest import accounts  # noqa: F401 - a fixture
from tests.warehouses.snowflake.native import deploy_project, executed
from tests.warehouses.snowflake.support import (
    Accounts,
    SnowflakeProject,
    differences,
    table_of_duckdb,
    table_of_snowflake,
)

pytestmark = pytest.mark.slow

CLOCKS = frozenset({"ingested_at", "run_id", "generated_at", "done_by"})
SUNDAY = (
    "GENERATE_CUSTOMER_DATA", "GENERATE_TRANSACTION_DATA", "RUN_DBT_TRANSFORMATIONS", "TRAIN_CHURN_MODEL",
    "REFRESH_ANALYTICS_VIEWS",
)  # fmt: skip


@pytest.fixture
def deployed(accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SnowflakeProject]:
    """The area's tables, without a row, and its procedures, tasks and project object."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    root = copy_project(tmp_path / "project", "customer_360")
    with accounts.forks.running(tmp_path, accounts.set_up) as emulator:
        for name, value in emulator.environment().items():
            monkeypatch.setenv(name, value)
        project = SnowflakeProject(root, emulator)
        with project.project.warehouse.session() as session:
            install(project.project, session)
        for name, given in (
            ("deploy_customer_360_native", "{execute_it: true, customers: 300}"),
            ("resume_customer_360_native", "{}"),
        ):
            done = project.dbt_command("--quiet", "run-operation", name, "--args", given)
            assert done.code == 0, done.text
        yield project


def test_a_sunday_generates_builds_trains_and_refreshes(deployed: SnowflakeProject, tmp_path: Path) -> None:
    deploy_project(deployed, "spark9_customer_360")
    ended = executed(deployed, "bronze.generate_customer_data", len(SUNDAY))
    assert ended == dict.fromkeys(SUNDAY, "SUCCEEDED")
    compare_with_the_commands(deployed, tmp_path)
    assert deployed.query("select count(*) > 250 from gold.churn_predictions", "spark9_analyst") == [(True,)]
    assert deployed.query("select count(*) > 12 from gold.v_data_quality_dashboard", "spark9_analyst") == [(True,)]
    printed = deployed.dbt_command("run-operation", "customer_360_task_runs")
    assert (printed.code, all(task in printed.out for task in SUNDAY)) == (0, True), printed.text

    again = {
        name: deployed.query(f"call bronze.{name}")[0][0]
        for name in ("generate_customers(300, 42)", "generate_transactions()")
    }
    assert all(said.endswith("are there already") for said in again.values()), again
    for wrong, said in (("301, 42", "another number of customers"), ("0, 42", "from 1 to 2000000")):
        with pytest.raises(ProgrammingError, match=said):
            deployed.query(f"call bronze.generate_customers({wrong})")
    merge_by_the_stream(deployed)


def compare_with_the_commands(project: SnowflakeProject, folder: Path) -> None:
    """The procedures' rows are those of the commands on DuckDB, for the same day."""
    ((as_of,),) = project.query("select max(last_day) from bronze.generation_telemetry where kind = 'customers'")
    ours = ProjectUnderTest(copy_project(folder / "duckdb" / "project", "customer_360"))
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        generate_customers(ours.project, GenerationRequest(300, as_of=as_of))
        generate_transactions(ours.project)
        for table in ("raw_customers", "raw_transactions", "spending_habits", "customer_traits"):
            one = table_of_duckdb(ours, f"bronze.{table}", CLOCKS | {"batch_id"})
            other = table_of_snowflake(project.emulator, f"bronze.{table}", CLOCKS | {"batch_id"})
            assert one, table
            assert not differences(table, one, other)[:5]


def merge_by_the_stream(project: SnowflakeProject) -> None:
    """What the Sunday generated is in the stream; merged again it changes nothing, and a new row is added."""
    asked = "select count(*), sum(transaction_amount), max(transaction_id) from gold.fct_transactions"
    ((count, amount, last),) = project.query(asked)
    once = {"PROCESS_INCREMENTAL_TRANSACTIONS": "SUCCEEDED"}
    assert executed(project, "bronze.process_incremental_transactions", 1) == once
    assert project.query(asked) == [(count, amount, last)]
    columns = "customer_id, transaction_date, transaction_amount, merchant_name, merchant_category, channel, status"
    project.change(
        f"insert into bronze.raw_transactions (transaction_id, batch_id, {columns}) select 999999999999, 99, {columns} "
        "from bronze.raw_transactions where transaction_id = (select min(transaction_id) from bronze.raw_transactions)"
    )
    assert executed(project, "bronze.process_incremental_transactions", 1) == once
    assert project.query(asked)[0][0] == count + 1
    assert (
        "SKIPPED" in executed(project, "bronze.process_incremental_transactions", 1)["PROCESS_INCREMENTAL_TRANSACTIONS"]
    )


def test_the_procedures_call_for_customers_first(deployed: SnowflakeProject) -> None:
    with pytest.raises(ProgrammingError, match="call generate_customers first"):
        deployed.query("call bronze.generate_transactions()")
