"""setup_account and deploy_native."""

from __future__ import annotations

import re

import pytest

from loader import find_project
from tests.warehouses.snowflake.support import SnowflakeProject

pytestmark = pytest.mark.slow

ADMINISTRATOR = {"SNOWFLAKE_ROLE": "accountadmin"}


def state(project: SnowflakeProject) -> dict[str, list[tuple[object, ...]]]:
    """All that setup_account makes, as SHOW tells it."""
    roles = [f"spark9_{job}" for job in ("admin", "loader", "transformer", "analyst", "developer")]
    return {
        "warehouses": project.query("show warehouses"),
        "monitors": project.query("show resource monitors"),
        "roles": project.query("show roles"),
        **{role: project.query(f"show grants to role {role}") for role in roles},
    }


def test_setup_account_makes_everything_once(empty_account: SnowflakeProject) -> None:
    done = empty_account.dbt_command("run-operation", "setup_account", env=ADMINISTRATOR)
    assert done.code == 0, done.text
    made = state(empty_account)
    assert [row[:4] for row in made["warehouses"]] == [
        ("BI_WH", "SMALL", "120", "BI_WH_MONITOR"),
        ("DEV_WH", "XSMALL", "60", "DEV_WH_MONITOR"),
        ("LOADING_WH", "XSMALL", "60", "LOADING_WH_MONITOR"),
        ("TRANSFORMING_WH", "SMALL", "60", "TRANSFORMING_WH_MONITOR"),
    ]
    assert ("LOADING_WH_MONITOR", "50") in made["monitors"]
    inherited = {(inner, to) for inner in ("spark9_loader", "spark9_transformer", "spark9_analyst", "spark9_admin")
                 for _, _, to in empty_account.query(f"show grants of role {inner}")}  # fmt: skip
    assert inherited == {
        ("spark9_loader", "SPARK9_ADMIN"), ("spark9_transformer", "SPARK9_ADMIN"), ("spark9_analyst", "SPARK9_ADMIN"),
        ("spark9_admin", "SYSADMIN"), ("spark9_loader", "SPARK9_LOADER_SERVICE"),
        ("spark9_transformer", "SPARK9_TRANSFORMER_SERVICE"), ("spark9_admin", "SPARK9_ADMIN_SERVICE"),
    }  # fmt: skip
    again = empty_account.dbt_command("run-operation", "setup_account", env=ADMINISTRATOR)
    assert again.code == 0
    assert state(empty_account) == made


def test_the_dry_run_prints_every_statement_and_sends_none(empty_account: SnowflakeProject) -> None:
    before = empty_account.query("show roles")
    done = empty_account.dbt_command("--quiet", "run-operation", "setup_account", "--args", "{dry_run: true}")
    assert done.code == 0
    for needed in (
        "create database if not exists spark_no9_main",
        "create warehouse if not exists loading_wh",
        "statement_timeout_in_seconds = 7200",
        "on 75 percent do notify on 100 percent do suspend",
        "grant role spark9_admin to role sysadmin",
        "create user if not exists spark9_loader_service type = service default_role = spark9_loader default_secondary_roles = ()",
        "grant select on future tables in schema spark_no9_main.marts to role spark9_analyst",
    ):
        assert needed in done.out
    assert "max_cluster_count" not in done.out
    assert empty_account.query("show roles") == before


def test_the_enterprise_edition_has_clusters_for_bi_and_a_longer_time_travel(empty_account: SnowflakeProject) -> None:
    settings = empty_account.root / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("edition: standard", "edition: enterprise"), encoding="utf-8")
    macros = find_project(empty_account.root).macros
    ddl = macros.call("account_ddl")
    assert ddl.count("max_cluster_count = 3") == 1
    tables = macros.call("client_schema_ddl", "client_acme_meta_2024")
    made = re.findall(r"create (transient )?table if not exists client_acme_meta_2024\.(\w+)", tables)
    kinds = {name: kind for kind, name in made}
    assert kinds["raw_data_staging"] == "transient "
    assert kinds["wave_schema_mapping"] == ""
    assert tables.count("data_retention_time_in_days = 14;") == 5


def test_tasks_have_the_warehouse_of_the_transformer_whatever_its_name(acme: SnowflakeProject) -> None:
    settings = acme.root / "dbt_project.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("transforming_wh:", "big_wh:"), encoding="utf-8")
    ddl = find_project(acme.root).macros.call("native_ddl")
    assert "transforming_wh" not in ddl
    assert ddl.count("    warehouse = big_wh\n") == 2
    assert "grant usage on warehouse big_wh to role spark9_admin;" in ddl


def test_setup_on_duckdb_says_that_it_is_for_snowflake(
    empty_account: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_TARGET", "dev")
    done = empty_account.dbt_command("run-operation", "setup_account")
    assert done.code == 1
    assert "account_ddl is only for Snowflake, but this target is of type 'duckdb'" in done.text


def test_native_objects_are_made_suspended_resumed_and_dropped(acme: SnowflakeProject) -> None:
    def run(operation: str, arguments: str = "{}") -> None:
        done = acme.dbt_command("--quiet", "run-operation", operation, "--args", arguments)
        assert done.code == 0, done.text

    printed = acme.dbt_command("--quiet", "run-operation", "deploy_native").out
    for needed in (
        "create or replace procedure spark_no9_main.native.create_client_platform_schema(client varchar, platform varchar, year number)",
        "create or replace procedure spark_no9_main.native.process_wave_data(schema_name varchar, wave number)",
        "create stream if not exists spark_no9_main.client_acme_meta_2024.new_raw_rows",
        "when system$stream_has_data('spark_no9_main.native.new_build_requests') or system$stream_has_data('spark_no9_main.client_acme_meta_2024.new_raw_rows')",
        "execute dbt project spark_no9_main.native.spark9 args = 'build --target prod'",
    ):
        assert needed in printed
    assert acme.query("show tasks in schema spark_no9_main.native") == []
    run("deploy_native", '{execute_it: true, source: "@git.public.spark9/branches/main"}')
    run("deploy_native", "{execute_it: true}")
    suspended = [("BUILD_NEW_ROWS", "suspended"), ("NOTE_NEW_ROWS", "suspended")]
    assert acme.query("show tasks in schema spark_no9_main.native") == suspended
    run("resume_native")
    started = [("BUILD_NEW_ROWS", "started"), ("NOTE_NEW_ROWS", "started")]
    assert acme.query("show tasks in schema spark_no9_main.native") == started
    run("deploy_native", "{execute_it: true}")
    assert acme.query("show tasks in schema spark_no9_main.native") == started, "what ran runs again"
    run("suspend_native")
    assert acme.query("show tasks in schema spark_no9_main.native") == suspended
    refused = acme.dbt_command("run-operation", "drop_native")
    assert refused.code == 1
    assert "nothing was dropped; add `confirm: true`" in refused.text
    run("drop_native", "{confirm: true}")
    assert acme.query("show tasks in schema spark_no9_main.native") == []


def test_the_procedures_run_the_statements_of_the_commands(acme: SnowflakeProject) -> None:
    macros = acme.project.macros
    onboarding = macros.call("create_client_procedure_ddl")
    for statement in macros.call("client_schema_ddl", "client_beta_meta_2025").split(";"):
        if statement.strip():
            literal = macros.call("text_literal", statement.strip().replace("client_beta_meta_2025", "__schema__"))
            assert literal in onboarding
    reprocessing = macros.call("process_wave_procedure_ddl")
    for statement in macros.call("reprocess_wave_sql", "client_beta_meta_2025", 7, "current_user()").split(";"):
        if statement.strip():
            text = statement.strip().replace("client_beta_meta_2025", "__schema__")
            assert macros.call("text_literal", text.replace("wave_number = 7", "wave_number = 999999")) in reprocessing
