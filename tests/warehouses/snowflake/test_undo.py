"""Undo by Time Travel: the statements are Snowflake's, and what the emulator can't do changes nothing."""

from __future__ import annotations

import pytest
import sqlglot

from loader import rollback_wave
from tests.support import ACME, SCHEMA
from tests.warehouses.snowflake.support import SnowflakeProject
from tests.written import meta_csv


def test_undo_sends_one_transaction_of_snowflakes_statements(snowflake: SnowflakeProject) -> None:
    macros = snowflake.project.macros
    sql = str(macros.call("undo_client_sql", SCHEMA, "2026-11-30 18:00:00"))
    parsed = [statement for statement in sqlglot.parse(sql, read="snowflake") if statement]
    assert not [statement for statement in parsed if isinstance(statement, sqlglot.exp.Command)]
    assert {type(statement).__name__ for statement in parsed} == {"Delete", "Insert", "Update"}
    assert sql.count("at (timestamp => '2026-11-30 18:00:00 +0000'::timestamp_tz)") == 5
    assert "processing_log;" not in sql
    assert str(macros.call("undrop_schema_ddl", SCHEMA)).strip() == f"undrop schema {SCHEMA};"
    assert "replication_schedule = '10 MINUTE'" in str(macros.call("failover_group_ddl", "dr", ["agency.dr"], 10))


@pytest.mark.slow
def test_what_is_refused_changes_nothing(acme: SnowflakeProject) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    before = acme.snapshot()
    rolled_back = acme.spark9("undo", "acme/meta/2024")
    assert (rolled_back.code, "error (no-backup)" in rolled_back.text) == (3, True), rolled_back.text
    run = acme.spark9("undo", "acme/meta/2024", "--at", "2026-11-30T18:00")
    assert (run.code, "error (statement-refused)" in run.text) == (1, True), run.text
    assert acme.snapshot() == before
    rollback_wave(acme.project, ACME, 1)
    for command in (("backup", "x"), ("restore", "x"), ("rebuild", "--all")):
        refused = acme.spark9(*command)
        assert (refused.code, "error (no-database-file)" in refused.text) == (1, True), refused.text
