"""The waves inside Snowflake: rows and requests are noted by the streams' task, and the task behind it builds them."""

from __future__ import annotations

import pytest

from tests.support import SCHEMA
from tests.warehouses.snowflake.native import deploy_project, executed
from tests.warehouses.snowflake.support import SnowflakeProject
from tests.written import meta_csv

pytestmark = pytest.mark.slow

BOTH = {"NOTE_NEW_ROWS": "SUCCEEDED", "BUILD_NEW_ROWS": "SUCCEEDED"}


def test_the_tasks_note_new_rows_and_requests_and_build_them(acme: SnowflakeProject) -> None:
    for operation, arguments in (("deploy_native", "{execute_it: true}"), ("resume_native", "{}")):
        done = acme.dbt_command("--quiet", "run-operation", operation, "--args", arguments)
        assert done.code == 0, done.text
    deploy_project(acme, "spark9")
    skipped = executed(acme, "native.note_new_rows", 1)
    assert list(skipped) == ["NOTE_NEW_ROWS"], "without anything new nothing is built"
    assert skipped["NOTE_NEW_ROWS"].startswith("SKIPPED")

    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    assert executed(acme, "native.note_new_rows", 2) == BOTH
    built = f"select count(*), min(processed_timestamp) from {SCHEMA}.processed_campaign_data"
    ((rows, first),) = acme.query(built)
    assert rows == 3
    assert acme.query("select client_schema, row_count from native.new_rows") == [(SCHEMA, 3)]
    assert acme.query("select count(*) from marts.waves", "spark9_analyst") == [(1,)]
    assert acme.query(f"select processed_flag, count(*) from {SCHEMA}.raw_data_staging group by all") == [(True, 3)]
    assert list(executed(acme, "native.note_new_rows", 1)) == ["NOTE_NEW_ROWS"], "that rows are flagged is nothing new"

    said = acme.emulator.query(f"call spark_no9_main.native.process_wave_data('{SCHEMA}', 1)", "spark9_loader")
    assert "wave 1 of client_acme_meta_2024 is marked for reprocessing" in said[0][0]
    assert executed(acme, "native.note_new_rows", 2) == BOTH
    ((rows, second),) = acme.query(built)
    assert (rows, second > first) == (3, True), "the wave was processed again"
    states = "select distinct name, state from native.task_runs where state = 'SUCCEEDED' order by name"
    assert acme.query(states) == [("BUILD_NEW_ROWS", "SUCCEEDED"), ("NOTE_NEW_ROWS", "SUCCEEDED")]


def test_a_build_that_fails_is_told_and_loses_nothing(acme: SnowflakeProject) -> None:
    for operation, arguments in (("deploy_native", "{execute_it: true}"), ("resume_native", "{}")):
        assert acme.dbt_command("--quiet", "run-operation", operation, "--args", arguments).code == 0
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    failed = executed(acme, "native.note_new_rows", 2)
    assert "DBT project 'SPARK_NO9_MAIN.NATIVE.SPARK9' does not exist" in failed["BUILD_NEW_ROWS"]
    deploy_project(acme, "spark9")
    # the streams have moved on, and what is pending is still there
    acme.change(f"insert into native.build_requests select '{SCHEMA}', 'somebody', current_timestamp()::timestamp_ntz")
    assert executed(acme, "native.note_new_rows", 2) == BOTH
    assert acme.query(f"select count(*) from {SCHEMA}.processed_campaign_data") == [(3,)]


def test_tasks_that_run_can_be_resumed_again(acme: SnowflakeProject) -> None:
    operations = (("deploy_native", "{execute_it: true}"), ("resume_native", "{}"), ("resume_native", "{}"))
    for operation, arguments in operations:
        done = acme.dbt_command("--quiet", "run-operation", operation, "--args", arguments)
        assert done.code == 0, done.text
    states = acme.emulator.query("show tasks in schema spark_no9_main.native", "spark9_admin")
    assert {row[-1] for row in states} == {"started"}
