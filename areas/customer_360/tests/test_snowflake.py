"""The area customer 360 on Snowflake: the same rows from the same seed as on DuckDB, and the same tables of gold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from snowflake.connector.errors import ProgrammingError

from areas.customer_360.generating import generate_customers, generate_transactions
from areas.customer_360.plan import GenerationRequest
from tests.support import VARIABLES, ProjectUnderTest, Run, copy_project
from tests.warehouses.snowflake.conftest import accounts  # noqa: F401 - a fixture
from tests.warehouses.snowflake.support import (
    Accounts,
    SnowflakeProject,
    differences,
    table_of_duckdb,
    table_of_snowflake,
    unknown_statements,
)

pytestmark = pytest.mark.slow

TABLES = {
    "bronze": ("raw_customers", "raw_transactions", "generation_telemetry", "spending_habits", "customer_traits"),
    "silver": ("customers", "transactions", "customer_versions"),
    "gold": (
        "dim_customer", "dim_date", "dim_merchant_category", "fct_transactions", "spend_days", "customer_months",
        "customer_segments", "customer_360_profile", "metric_customer_ltv", "metric_mom_spend_change",
        "metric_avg_transaction_value", "segment_telemetry", "v_segment_performance", "eda_metrics",
    ),
    "insights": ("segment_insights", "state_insights", "month_insights", "category_insights"),
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
                        generate_customers(project.project, GenerationRequest(1000, as_of=day, months=2))
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


def test_the_churn_model_runs_as_a_procedure_and_sql_finds_its_columns(
    both: tuple[ProjectUnderTest, SnowflakeProject],
) -> None:
    """The history of this module is too short to learn from, so the features are made up."""
    project = both[1]
    drawn = "abs(hash(customer_id, as_of_day, '{}')) % 1000 / 100.0"
    features = [
        "recency_days", "recency_in_gaps", "recency_in_usual_gaps", "purchases_30", "purchases_60", "purchases_90",
        "spend_30", "spend_60", "spend_90", "average_amount_90", "purchases_30_to_90", "purchases_90_to_180",
        "spend_30_to_90", "spend_90_to_180", "declined_90", "travel_share_90", "online_share_90", "credit_use_30",
        "credit_limit", "tenure_days",
    ]  # fmt: skip
    columns = ", ".join(f"({drawn.format(name)})::double as {name}" for name in features)
    project.change(
        "create or replace table gold.churn_features as "
        "select *, case when block > 1 then recency_days > 6 end as is_churned, "
        f"'Gold' as card_type, 'Declining' as segment from (select *, {columns} from ("
        "select c.n::bigint as customer_id, b.n::bigint as block, dateadd(day, -30 * b.n, '2026-06-30'::date) as as_of_day "
        "from (select row_number() over (order by 1) as n from bronze.raw_customers limit 150) as c "
        "cross join (select column1 as n from values (0), (2), (3), (5), (6)) as b))"
    )
    project.change("grant select on table gold.churn_features to role spark9_transformer")
    models = ("gold__churn_scores", "gold__churn_predictions", "gold__churn_calibration")
    run = project.dbt_command("run", "--select", *models)
    assert run.code == 0, run.text
    assert project.query("select count(*), count(distinct churn_decile) from gold.churn_predictions") == [(150, 10)]
    assert project.query("select sum(customers) from gold.churn_calibration") == [(300,)]
    project.change("revoke create stage on schema gold from role spark9_transformer")
    assert "no CREATE STAGE on SCHEMA" in project.dbt_command("run", "--select", models[0]).text


def operation(project: SnowflakeProject, name: str, arguments: str = "{}") -> Run:
    """Run an operation of dbt."""
    return project.dbt_command("--quiet", "run-operation", name, "--args", arguments)


def test_tasks_are_made_suspended_resumed_and_dropped(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    project = both[1]
    asked = "show tasks in schema spark_no9_main.bronze"
    printed = operation(project, "deploy_customer_360_native").out
    for needed in (
        "create or replace procedure spark_no9_main.bronze.generate_customers(customer_count number, seed number)",
        "schedule = 'using cron 0 2 * * 0 UTC'",
        "call spark_no9_main.bronze.generate_customers(50000, 42);",
        "args = 'build --selector customer_360_churn --target prod'",
        "when system$stream_has_data('spark_no9_main.bronze.bronze_transactions_stream')",
    ):
        assert needed in printed, needed
    assert project.query(asked) == []
    for _ in range(2):
        done = operation(project, "deploy_customer_360_native", "{execute_it: true, customers: 1000}")
        assert done.code == 0, done.text
    tasks = sorted(project.project.macros.call("customer_360_tasks"))
    assert project.query(asked) == [(task.upper(), "suspended") for task in tasks]
    assert operation(project, "resume_customer_360_native").code == 0
    assert project.query(asked) == [(task.upper(), "started") for task in tasks]
    assert operation(project, "suspend_customer_360_native").code == 0
    assert project.query(asked) == [(task.upper(), "suspended") for task in tasks]
    refused = operation(project, "drop_customer_360_native")
    assert refused.code == 1
    assert "nothing was dropped" in refused.text
    assert operation(project, "drop_customer_360_native", "{confirm: true}").code == 0
    assert project.query(asked) == []


def test_the_streams_task_merges_as_the_model_does(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    project = both[1]
    columns = frozenset({"changed_by", "batch_id"})
    rows = table_of_snowflake(project.emulator, "gold.fct_transactions", columns)
    project.change("create table gold.kept as select * from gold.fct_transactions")
    project.change("delete from gold.fct_transactions where transaction_date >= '2026-03-01'")
    project.change("update gold.fct_transactions set status = 'declined' where transaction_date = '2026-01-05'")
    project.change("update bronze.raw_transactions set batch_id = 100 where transaction_date = '2026-01-05'")
    merge = project.project.macros.call("merge_transactions_sql", "gold", "bronze.raw_transactions")
    for _ in range(2):
        project.change(merge)
        assert rows == table_of_snowflake(project.emulator, "gold.fct_transactions", columns)


def test_nothing_but_secure_views_without_small_groups_is_shared(
    both: tuple[ProjectUnderTest, SnowflakeProject],
) -> None:
    project = both[1]
    done = operation(project, "share_customer_360", "{accounts: [partner_org.partner_account]}")
    assert done.code == 0, done.text
    views = sorted(project.project.macros.call("customer_360_shared_views"))
    place = "SPARK_NO9_MAIN.INSIGHTS"
    expected = [("SELECT", "VIEW", f"{place}.{view.upper()}") for view in views]
    expected += [("USAGE", "DATABASE", "SPARK_NO9_MAIN"), ("USAGE", "SCHEMA", place)]
    assert sorted(project.query("show grants to share customer_360_insights")) == sorted(expected)
    assert project.query("show shares like 'customer_360_insights'") == [
        ("CUSTOMER_360_INSIGHTS", "PARTNER_ORG.PARTNER_ACCOUNT")
    ]
    columns = {
        name
        for (name,) in project.query(
            "select column_name from information_schema.columns where table_schema = 'INSIGHTS'"
        )
    }
    assert not columns & {"FIRST_NAME", "LAST_NAME", "EMAIL", "EMAIL_HASH", "CUSTOMER_ID", "CUSTOMER_KEY", "CITY"}
    for view in views:
        counted = "active_customers" if view == "month_insights" else "customers"
        assert project.query(f"select min({counted}) >= 20, count(*) > 0 from insights.{view}") == [(True, True)]
    with pytest.raises(ProgrammingError, match="Non-secure object"):
        project.change("grant select on view gold.v_segment_performance to share customer_360_insights")
    wrong = operation(project, "share_customer_360", "{accounts: ['x; drop']}")
    assert wrong.code == 1
    assert "is not an account" in wrong.text
    assert operation(project, "unshare_customer_360").code == 1
    assert operation(project, "unshare_customer_360", "{confirm: true}").code == 0
    assert project.query("show shares like 'customer_360_insights'") == []


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


def test_of_two_exports_of_a_day_the_last_counts(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    """MERGE compares keys of versions; of one day they would be one."""
    project = both[1]
    for name in ("Albany", "Tampa", "Reno"):
        project.change(f"update bronze.raw_customers set city = '{name}' where customer_id = '7'")
        built = project.dbt(
            "build", "--select", "silver__customers", "silver__customer_versions", "gold__dim_customer",
            "--exclude-resource-type", "unit_test",
        )  # fmt: skip
        assert built.statuses["gold__dim_customer"] == "success", built.failures
        current = "select city from gold.dim_customer where customer_id = 7 and is_current"
        assert project.query(current) == [(name,)]
