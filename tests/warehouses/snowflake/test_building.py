"""dbt on Snowflake."""

from __future__ import annotations

import re
import shutil

import pytest

from ops import audit_access
from tests.support import NAMED, SCHEMA
from tests.warehouses.snowflake.support import SnowflakeProject
from tests.written import meta_csv


@pytest.mark.slow
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
    assert acme.dbt("build", "--vars", "{nightly: true}").success
    comments = dict(acme.query("show comments in table client_acme_meta_2024.processed_campaign_data"))
    assert comments["AMOUNT_SPENT"] == "Spend, in `currency`."
    assert len(comments) > 25
    committed = [entry["sql"] for entry in acme.emulator.statements() if entry["committed"]]
    assert not committed, "a statement that is no DML ended a transaction"
    sent = [entry["sql"] for entry in acme.emulator.statements()]
    assert not any("processed_campaign_data cluster by" in sql for sql in sent), "it is small"
    assert any(re.search(r"create or replace transient table \S*marts\.waves", sql) for sql in sent)
    # whoever has a future grant sees a table at its first creation
    assert acme.query("select count(*) from marts.waves", "spark9_analyst") == [(1,)]
    assert acme.query(f"select count(*) from {SCHEMA}.processed_campaign_data", f"{SCHEMA}_reader") == [(3,)]
    assert acme.query("select count(*) from marts.performance_in_currency", "spark9_analyst"), "a view"
    blocks = [sql for sql in sent if sql.lstrip().startswith("execute immediate") and "load_lock" in sql]
    assert len(blocks) == 1, "the post-hook that finishes loads"
    assert sent[sent.index(blocks[0]) - 1] == "commit"
    assert f"begin transaction;\nupdate {SCHEMA}.load_lock set locked_at = locked_at;" in blocks[0]
    tags = {
        entry["query_tag"]
        for entry in acme.emulator.statements()
        if "create or replace transient table" in entry["sql"]
    }
    assert any(tag == '{"app": "spark9", "target": "prod", "client_schema": "client_acme_meta_2024"}' for tag in tags)
    costs = acme.query("select client_schema, client, credits from marts.client_credits order by 1")
    assert [(schema, client, float(spent)) for schema, client, spent in costs] == [
        ("all clients", None, 1.0), ("client_acme_meta_2024", "acme", 0.25),
    ]  # fmt: skip
    stored = acme.query(
        "select client_schema, active_bytes, time_travel_bytes, failsafe_bytes from marts.client_storage"
    )
    assert [(schema, *map(int, sizes)) for schema, *sizes in stored] == [("client_acme_meta_2024", 100, 20, 3)]


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_client_that_was_never_onboarded_has_no_rows_and_is_named_until_it_is(acme: SnowflakeProject) -> None:
    acme.add("never", "meta", 2024)
    acme.change("drop schema client_never_meta_2024")
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    run = acme.dbt_command("build")
    assert run.code == 0, run.text
    said = (
        "clients without tables, of which the marts have no rows: never/meta/2024 (onboard a client with: spark9 client"
    )
    assert said in " ".join(run.text.split())
    assert acme.query("select distinct client from marts.waves") == [("acme",)]
    never = acme.add("never", "meta", 2024)
    acme.load(acme.write("b.csv", meta_csv(3)), 1, never)
    assert acme.dbt_command("build").code == 0
    assert acme.query("select distinct client from marts.waves order by 1") == [("acme",), ("never",)]
    assert audit_access(acme.project) == []
    assert not [entry for entry in acme.emulator.statements() if entry["error"]]


@pytest.mark.slow
def test_freshness_and_critical_tests_are_those_of_waves(acme: SnowflakeProject) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    assert acme.dbt_command("build").code == 0
    run = acme.dbt_command("source", "freshness")
    assert (run.code, "PASS freshness of client_acme_meta_2024.raw_data_staging" in run.text) == (0, True), run.text
    acme.change(
        "update client_acme_meta_2024.raw_data_staging set upload_timestamp = dateadd(hour, -40, upload_timestamp)"
    )
    run = acme.dbt_command("source", "freshness")
    assert (run.code, "ERROR STALE freshness of client_acme_meta_2024.raw_data_staging" in run.text) == (1, True), (
        run.text
    )
    run = acme.dbt_command("test", "--select", "tag:critical")
    assert (run.code, "client_acme_meta_2024__client_integrity" in run.text) == (0, True), run.text
    assert "unit_test" not in acme.dbt_command("ls").text
    assert not [entry for entry in acme.emulator.statements() if entry["error"]]


@pytest.mark.slow
def test_spark9_build_builds_again_with_the_loaders_and_the_transformers_roles(acme: SnowflakeProject) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    for wave, day in ((2, "2024-02-01"), (3, "2024-03-01")):
        done = acme.spark9("build")
        assert done.code == 0, done.text
        acme.load(acme.write(f"{wave}.csv", meta_csv(3, day=day)), wave)
    done = acme.spark9("build")
    assert done.code == 0, done.text
    assert acme.query("select sum(row_count) from marts.waves", "spark9_analyst") == [(9,)]
    assert not [entry for entry in acme.emulator.statements() if entry["error"] or entry["committed"]]


@pytest.mark.slow
def test_a_hook_that_fails_is_rolled_back_before_anything_else_is_sent(acme: SnowflakeProject) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    acme.load(acme.write("b.csv", meta_csv(4)), 2)  # supersedes rows of the first, in the hook
    acme.change(f"alter table {SCHEMA}.processing_log rename to {SCHEMA}.kept")
    acme.change(f"create table {SCHEMA}.processing_log as select * from {SCHEMA}.kept")
    acme.change(f"alter table {SCHEMA}.processing_log drop column file_name")
    run = acme.dbt_command("build", "--select", "clients.client_acme_meta_2024")
    assert run.code == 1
    superseded = f"select count(*) from {SCHEMA}.processed_campaign_data where superseded_by is not null"
    assert acme.query(superseded) == [(0,)]
    assert not [entry for entry in acme.emulator.statements() if entry["committed"]]
    acme.change(f"drop table {SCHEMA}.processing_log")
    acme.change(f"alter table {SCHEMA}.kept rename to {SCHEMA}.processing_log")
    assert acme.dbt_command("build", "--select", "clients.client_acme_meta_2024").code == 0
    assert acme.query(superseded) == [(3,)]


@pytest.mark.slow
def test_a_build_finishes_loads_only_when_no_load_holds_the_clients_lock(acme: SnowflakeProject) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    flags = f"select count(*) from {SCHEMA}.raw_data_staging where processed_flag"
    with acme.emulator.connect() as other:
        other.cursor().execute("begin")
        other.cursor().execute(f"update {SCHEMA}.load_lock set locked_at = sysdate()")
        assert acme.dbt_command("build", "--select", "clients.client_acme_meta_2024").code == 1
        assert acme.query(flags) == [(0,)]
        other.cursor().execute("rollback")
    assert acme.dbt_command("build", "--select", "clients.client_acme_meta_2024").code == 0
    assert acme.query(flags) == [(3,)]


@pytest.mark.slow
def test_rows_whose_replacement_is_cancelled_stay_as_they_are(acme: SnowflakeProject) -> None:
    """What dbt sends next on a connection whose statement failed would commit a delete without its insert."""
    asked = f"select count(*), sum(amount_spent), max(processed_timestamp) from {SCHEMA}.processed_campaign_data"
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    assert acme.dbt("build").success
    built = acme.query(asked)
    assert acme.spark9("reprocess", *NAMED, "--wave", "1").code == 0
    acme.change(f"alter account set emulator_cancels = 'insert into \\S*{SCHEMA}.processed_campaign_data'")
    failed = acme.dbt("build")
    assert failed.statuses[f"{SCHEMA}__processed_campaign_data"] == "error"
    assert acme.query(asked) == built, "the rows before are there"
    acme.change("alter account set emulator_cancels = ''")
    assert acme.dbt("build").success
    assert [row[:2] for row in acme.query(asked)] == [row[:2] for row in built]
    assert acme.query(asked) != built


@pytest.mark.slow
def test_a_developer_clones_production_and_builds_what_is_new(
    acme: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    assert acme.dbt("build", artifacts=True).success
    state = acme.root / "production"
    state.mkdir()
    shutil.copy(acme.root / "target" / "manifest.json", state)
    monkeypatch.setenv("SPARK9_TARGET", "snowflake_dev")
    monkeypatch.setenv("DBT_USER", "ann")
    cloned = acme.dbt_command("clone", "--state", str(state))
    assert cloned.code == 0, cloned.text
    sent = [entry["sql"] for entry in acme.emulator.statements() if not entry["error"]]
    table = rf"ann_{SCHEMA}.processed_campaign_data\s+clone\s+\S*{SCHEMA}.processed_campaign_data"
    assert any(re.search(table, sql, re.IGNORECASE) for sql in sent)
    asked = "select count(*), sum(amount_spent) from {}.processed_campaign_data"
    assert acme.query(asked.format(f"ann_{SCHEMA}")) == acme.query(asked.format(SCHEMA))
    monkeypatch.setenv("SPARK9_TARGET", "prod")
    acme.load(acme.write("b.csv", meta_csv(2)), 2)
    monkeypatch.setenv("SPARK9_TARGET", "snowflake_dev")
    assert acme.dbt("build").success
    assert acme.query(f"select wave_number, count(*) from ann_{SCHEMA}.processed_campaign_data group by 1 order by 1") == [
        (1, 3), (2, 2),
    ]  # fmt: skip
    assert acme.query(asked.format(SCHEMA))[0][0] == 3


@pytest.mark.slow
def test_schemas_of_old_pull_requests_are_dropped(acme: SnowflakeProject) -> None:
    for schema in ("pr_12_marts", "dbt_cloud_pr_7_13_marts", "spring_12_marts"):
        acme.query(f"create schema {schema}", role="SPARK9_TRANSFORMER")
    schemas = "select lower(schema_name) from information_schema.schemata where schema_name ilike '%_marts' order by 1"
    # the emulator has made all schemas at the beginning of 1970
    kept = acme.dbt_command("run-operation", "drop_pull_request_schemas", "--args", "{days: 100000}")
    assert "0 schemas of pull requests dropped" in kept.text
    dropped = acme.dbt_command("run-operation", "drop_pull_request_schemas")
    assert "2 schemas of pull requests dropped: dbt_cloud_pr_7_13_marts, pr_12_marts" in dropped.text
    assert acme.query(schemas) == [("spring_12_marts",)]
