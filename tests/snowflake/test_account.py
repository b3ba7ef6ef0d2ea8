"""setup_account, deploy_native, the profile and spark9 doctor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from dbt.adapters.snowflake.connections import SnowflakeCredentials

from loader import find_project
from loader.errors import ProjectError
from loader.warehouses.snowflake.connecting import connection_settings
from tests.snowflake.support import SnowflakeProject
from tests.support import ROOT, meta_csv

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
        ("spark9_admin", "SYSADMIN"),
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
    assert tables.count("data_retention_time_in_days = 14;") == 4


def test_setup_on_duckdb_says_that_it_is_for_snowflake(
    empty_account: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_TARGET", "dev")
    done = empty_account.dbt_command("run-operation", "setup_account")
    assert done.code == 1
    assert "account_ddl has no version for the warehouse 'duckdb'" in done.text


def test_native_objects_are_made_suspended_resumed_and_dropped(acme: SnowflakeProject) -> None:
    def run(operation: str, arguments: str = "{}") -> None:
        done = acme.dbt_command("--quiet", "run-operation", operation, "--args", arguments)
        assert done.code == 0, done.text

    printed = acme.dbt_command("--quiet", "run-operation", "deploy_native").out
    for needed in (
        "create or replace procedure spark_no9_main.native.create_client_platform_schema(client varchar, platform varchar, year number)",
        "create or replace procedure spark_no9_main.native.process_wave_data(schema_name varchar, wave number)",
        "create stream if not exists spark_no9_main.client_acme_meta_2024.new_raw_rows",
        "when system$stream_has_data('spark_no9_main.client_acme_meta_2024.new_raw_rows')",
        "execute dbt project spark_no9_main.native.spark9 args = 'build --target prod'",
    ):
        assert needed in printed
    assert acme.query("show tasks in schema spark_no9_main.native") == []
    run("deploy_native", '{execute_it: true, source: "@git.public.spark9/branches/main"}')
    run("deploy_native", "{execute_it: true}")
    suspended = [("BUILD_NEW_ROWS", "suspended"), ("BUILD_NOW", "suspended"), ("NOTE_NEW_ROWS", "suspended")]
    assert acme.query("show tasks in schema spark_no9_main.native") == suspended
    run("resume_native")
    assert ("NOTE_NEW_ROWS", "started") in acme.query("show tasks in schema spark_no9_main.native")
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
    for statement in macros.call("reprocess_wave_sql", "client_beta_meta_2025", 7).split(";"):
        if statement.strip():
            text = statement.strip().replace("client_beta_meta_2025", "__schema__")
            assert macros.call("text_literal", text.replace("wave_number = 7", "wave_number = 999999")) in reprocessing


def test_every_target_of_the_profile_is_what_dbt_and_the_connector_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "key.p8"
    key.write_text("not read here", encoding="utf-8")
    for name, value in {
        "SNOWFLAKE_ACCOUNT": "org-account", "SNOWFLAKE_USER": "spark9", "SNOWFLAKE_PRIVATE_KEY_PATH": str(key),
        "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": "s3cret", "DBT_USER": "sean", "PULL_REQUEST_NUMBER": "123",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in (
        "SPARK9_TARGET",
        "DBT_PROFILES_DIR",
        "SNOWFLAKE_ROLE",
        "SNOWFLAKE_HOST",
        "SNOWFLAKE_PORT",
        "SNOWFLAKE_PROTOCOL",
        "SNOWFLAKE_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)
    for file in ("dbt_project.yml", "profiles.yml.example"):
        (tmp_path / file.removesuffix(".example")).write_text(
            (ROOT / file).read_text(encoding="utf-8"), encoding="utf-8"
        )
    expected = {
        "prod": ("main", "spark9_transformer", "transforming_wh", "spark9_loader", "loading_wh"),
        "snowflake_dev": ("sean", "spark9_developer", "dev_wh", "spark9_developer", "dev_wh"),
        "ci": ("pr_123", "spark9_developer", "dev_wh", "spark9_developer", "dev_wh"),
    }
    for name, (schema, role, warehouse, loader_role, loader_warehouse) in expected.items():
        target = find_project(tmp_path, name).target
        assert (target.schema, target.settings["role"], target.settings["warehouse"]) == (schema, role, warehouse)
        settings = connection_settings(target)
        assert (settings["role"], settings["warehouse"]) == (loader_role, loader_warehouse)
        assert settings["private_key_file"] == str(key)
        assert settings["private_key_file_pwd"] == "s3cret"
        assert "password" not in settings
        assert "authenticator" not in settings
        fields = SnowflakeCredentials.__dataclass_fields__
        assert set(target.settings) - {"type", "threads"} <= set(fields), "dbt knows every setting"
    assert find_project(tmp_path).target.type == "duckdb", "the default needs no variable"


def test_single_sign_on_and_a_password_are_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in ("dbt_project.yml", "profiles.yml.example"):
        (tmp_path / file.removesuffix(".example")).write_text(
            (ROOT / file).read_text(encoding="utf-8"), encoding="utf-8"
        )
    for name in ("SNOWFLAKE_PRIVATE_KEY_PATH", "SNOWFLAKE_PRIVATE_KEY", "SNOWFLAKE_PORT", "SNOWFLAKE_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SNOWFLAKE_ACCOUNT", "org-account")
    monkeypatch.setenv("SNOWFLAKE_USER", "ann")
    monkeypatch.setenv("SNOWFLAKE_AUTHENTICATOR", "externalbrowser")
    assert connection_settings(find_project(tmp_path, "prod").target)["authenticator"] == "externalbrowser"
    monkeypatch.setenv("SNOWFLAKE_PASSWORD", "pw")
    assert connection_settings(find_project(tmp_path, "prod").target)["password"] == "pw"
    monkeypatch.setenv("SNOWFLAKE_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----")
    with pytest.raises(ProjectError, match="private key of the profile can't be read") as refused:
        connection_settings(find_project(tmp_path, "prod").target)
    assert "nonsense" not in str(refused.value)


def test_a_prefix_that_is_no_name_is_refused_before_anything_is_sent(
    empty_account: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_TARGET", "snowflake_dev")
    monkeypatch.setenv("DBT_USER", "sean; drop schema marts")
    done = empty_account.spark9("client", "add", "acme", "meta", "2024")
    assert done.code == 2
    assert "is not a valid name: letters, digits and underscores" in done.text
    assert not [entry for entry in empty_account.emulator.statements() if "drop schema marts" in entry["sql"]]


def test_the_native_profile_asks_for_no_environment_variable() -> None:
    text = (ROOT / "native" / "profiles.yml").read_text(encoding="utf-8")
    assert "env_var(" not in text
    native = yaml.safe_load(text)["spark9"]["outputs"]["prod"]
    assert (native["role"], native["warehouse"], native["schema"]) == ("spark9_transformer", "transforming_wh", "main")


def test_doctor_finds_everything_in_order(acme: SnowflakeProject) -> None:
    done = acme.spark9("doctor")
    assert done.code == 0, done.text
    for line in ("role of spark9: SPARK9_LOADER", "warehouse of dbt: TRANSFORMING_WH", "stage @client_acme_meta_2024."):
        assert line in done.text
    assert acme.query("list @client_acme_meta_2024.client_acme_meta_2024_stage") == []


@pytest.mark.parametrize(
    ("statement", "env", "said"),
    [
        ("drop role spark9_loader", {}, "spark9 client add acme meta 2024"),
        (
            "revoke write on stage client_acme_meta_2024.client_acme_meta_2024_stage from role spark9_loader",
            {},
            "has no WRITE on STAGE",
        ),
        ("drop table client_acme_meta_2024.naming_keys", {}, "no table naming_keys"),
        ("select 1", {"SNOWFLAKE_PORT": "1"}, "Snowflake can't be reached"),
        ("select 1", {"SNOWFLAKE_PRIVATE_KEY_PATH": "/nowhere/key.p8"}, "/nowhere/key.p8 is not there"),
    ],
)
def test_doctor_says_what_to_mend(acme: SnowflakeProject, statement: str, env: dict[str, str], said: str) -> None:
    acme.change(statement)
    done = acme.spark9("doctor", env=env)
    assert done.code == 1, done.text
    assert said in done.text
    assert "Traceback" not in done.text


def test_doctor_works_on_duckdb_too(empty_account: SnowflakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK9_TARGET", "dev")
    assert empty_account.spark9("client", "add", "acme", "meta", "2024").code == 0
    assert empty_account.spark9("doctor").code == 0
    (empty_account.root / "seeds" / "clients.csv").write_text(
        "client_schema,client,platform,year,status,added_on\n", encoding="utf-8"
    )
    done = empty_account.spark9("doctor")
    assert done.code == 1
    assert "spark9 client check --fix" in done.text


def test_dbt_on_snowflake_comments_clusters_tags_and_counts_costs(acme: SnowflakeProject) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    for tag, spent in (
        ('{"app": "spark9", "client_schema": "client_acme_meta_2024"}', 0.25),
        ('{"app": "spark9"}', 1),
        ("x", 9),
    ):
        acme.change(
            "insert into snowflake.account_usage.query_attribution_history "
            f"select uuid_string(), '{tag}', '2026-11-05'::timestamp_ntz, {spent}"
        )
    acme.change(
        "insert into snowflake.account_usage.table_storage_metrics "
        "values ('SPARK_NO9_MAIN', 'CLIENT_ACME_META_2024', 'RAW_DATA_STAGING', 100, 20, 3, 0), ('OTHER', 'CLIENT_ACME_META_2024', 'X', 7, 7, 7, 7)"
    )
    assert acme.dbt("build").success
    comments = dict(acme.query("show comments in table client_acme_meta_2024.processed_campaign_data"))
    assert comments["AMOUNT_SPENT"] == "What was spent, in `currency`."
    assert len(comments) > 25
    sent = [entry["sql"] for entry in acme.emulator.statements()]
    assert any(
        re.search(r"alter table \S*processed_campaign_data cluster by \(wave_number, date_start\)", sql) for sql in sent
    )
    assert any(re.search(r"create or replace transient table \S*marts\.waves\s+copy grants", sql) for sql in sent)
    tags = {
        entry["query_tag"]
        for entry in acme.emulator.statements()
        if "create or replace transient table" in entry["sql"]
    }
    assert any(
        '"client_schema": "client_acme_meta_2024", "node": "client_acme_meta_2024__processed_campaign_data"' in tag
        for tag in tags
    )
    costs = acme.query("select client_schema, client, credits from marts.client_credits order by 1")
    assert [(schema, client, float(spent)) for schema, client, spent in costs] == [
        ("all clients", None, 1.0), ("client_acme_meta_2024", "acme", 0.25),
    ]  # fmt: skip
    stored = acme.query(
        "select client_schema, active_bytes, time_travel_bytes, failsafe_bytes from marts.client_storage"
    )
    assert [(schema, *map(int, sizes)) for schema, *sizes in stored] == [("client_acme_meta_2024", 100, 20, 3)]


def test_a_second_wave_is_deleted_and_inserted_by_load(acme: SnowflakeProject) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    assert acme.dbt("build").success
    acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2)
    before = len(acme.emulator.statements())
    assert acme.dbt("build", "--select", "clients.client_acme_meta_2024").success
    sent = [entry["sql"].lower() for entry in acme.emulator.statements()[before:]]
    assert any(re.search(r"delete from \S*processed_campaign_data", sql) for sql in sent)
    assert acme.query(
        "select wave_number, count(*) from client_acme_meta_2024.processed_campaign_data group by 1 order by 1"
    ) == [(1, 3), (2, 4)]
    assert acme.query("select count(*) from client_acme_meta_2024.raw_data_staging where not processed_flag") == [(0,)]
    assert not [entry for entry in acme.emulator.statements() if entry["error"]]
