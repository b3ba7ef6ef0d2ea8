"""A load on Snowflake: the original in the stage, the rows by COPY, all of it or nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
import snowflake.connector.cursor
from snowflake.connector.errors import OperationalError

import ops
from loader import load_wave, reprocess_wave, rollback_wave, undo_rollback
from loader.errors import OutcomeUnknownError, Spark9Error, WarehouseBusyError, WarehouseRefusedError
from loader.warehouses.snowflake.session import SnowflakeSession
from tests.support import ACME, SCHEMA
from tests.warehouses.snowflake.support import SnowflakeProject
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows

pytestmark = pytest.mark.slow

STAGE = f"@{SCHEMA}.{SCHEMA}_stage"


def statements_of(project: SnowflakeProject, file: Path, wave: int) -> list[str]:
    """What a load sends, in order."""
    before = len(project.emulator.statements())
    project.load(file, wave)
    return [entry["sql"] for entry in project.emulator.statements()[before:]]


def test_the_number_of_statements_does_not_depend_on_the_rows(acme: SnowflakeProject) -> None:
    acme.load(acme.write("first.csv", meta_csv(2, day="2024-02-01")), 1)
    few = statements_of(acme, acme.write("few.csv", meta_csv(2)), 2)
    many = statements_of(acme, acme.write("many.csv", meta_csv(20_000, day="2024-03-01")), 3)
    assert len(many) == len(few)
    kinds = Counter(sql.split()[0].lower() for sql in many)
    # the connector asks twice for each PUT here: fakesnow lets it upload as to Google Cloud Storage
    assert (kinds["put"], kinds["copy"], kinds["remove"]) == (4, 1, 1)
    assert len(many) <= 32
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging where wave_number = 3") == [(20_000,)]


def test_what_is_sent_is_less_than_half_of_the_file(acme: SnowflakeProject) -> None:
    file = acme.write("many.csv", meta_csv(50_000))
    acme.load(file, 1)
    staged = {name: size for name, size, *_ in acme.query(f"list {STAGE}")}
    original = sum(size for name, size in staged.items() if "/wave_1/" in name)
    assert 0 < original < file.stat().st_size / 2


def test_the_original_lies_compressed_in_the_stage_and_nothing_else_does(acme: SnowflakeProject) -> None:
    plan = acme.load(acme.write("march.csv", meta_csv()), 3).plan
    assert plan
    names = [name for name, *_ in acme.query(f"list {STAGE}")]
    assert [name.partition("/")[2] for name in names] == [f"wave_3/{SCHEMA}__wave_3__{plan.load_id}.csv.gz"]
    assert plan.load_id == hashlib.sha256(meta_csv().encode()).hexdigest()[: len(plan.load_id)]


def test_copys_own_count_is_in_the_log(acme: SnowflakeProject) -> None:
    acme.load(acme.write("march.csv", meta_csv(5)), 1)
    rows = acme.query(f"select details from {SCHEMA}.processing_log where processing_stage = 'LAND'")
    assert json.loads(rows[0][0]) == {
        "files": 1, "rows_parsed": 5, "rows_loaded": 5, "errors_seen": 0, "first_error": None,
    }  # fmt: skip


def test_the_same_file_again_changes_nothing(acme: SnowflakeProject) -> None:
    file = acme.write("march.csv", meta_csv())
    assert acme.load(file, 1).outcome == "loaded"
    assert acme.load(file, 1).outcome == "already loaded"
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(3,)]


def test_a_lost_original_comes_back_with_the_same_file(acme: SnowflakeProject) -> None:
    file = acme.write("march.csv", meta_csv())
    acme.load(file, 1)
    acme.query(f"remove {STAGE}/wave_1/")
    assert acme.load(file, 1).message.endswith("and is back.")
    assert len(acme.query(f"list {STAGE}")) == 1
    assert acme.load(file, 1).message.endswith("nothing was changed.")


def test_a_file_can_be_loaded_again_after_it_was_rolled_back(acme: SnowflakeProject) -> None:
    file = acme.write("march.csv", meta_csv())
    for _ in range(3):
        acme.load(file, 1)
        rollback_wave(acme.project, ACME, 1)
    acme.load(file, 1)
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(3,)]


def test_copys_load_metadata_keeps_rows_from_landing_twice(acme: SnowflakeProject) -> None:
    file = acme.write("march.csv", meta_csv())
    acme.load(file, 1)
    # rows and mapping are gone behind everybody's back, the log still has the load's first landing
    acme.change(f"delete from {SCHEMA}.raw_data_staging")
    acme.change(f"delete from {SCHEMA}.wave_schema_mapping")
    acme.change(f"delete from {SCHEMA}.processing_log")
    with pytest.raises(WarehouseRefusedError, match="COPY loaded 0 of 3 rows"):
        acme.load(file, 1)
    for table in ("raw_data_staging", "wave_schema_mapping"):
        assert acme.query(f"select count(*) from {SCHEMA}.{table}") == [(0,)]


@pytest.mark.parametrize("table", ["wave_schema_mapping", "processing_log"])
def test_a_load_that_is_cut_off_leaves_nothing(acme: SnowflakeProject, table: str) -> None:
    file = acme.write("march.csv", meta_csv())
    acme.change(f"alter table {SCHEMA}.{table} rename to {SCHEMA}.hidden")
    acme.change(f"create table {SCHEMA}.{table} as select * from {SCHEMA}.hidden where false")
    column = "mapping_rule" if table == "wave_schema_mapping" else "processing_stage"
    acme.change(f"alter table {SCHEMA}.{table} drop column {column}")
    with pytest.raises(Spark9Error):
        acme.load(file, 1)
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(0,)]
    acme.change(f"drop table {SCHEMA}.{table}")
    acme.change(f"alter table {SCHEMA}.hidden rename to {SCHEMA}.{table}")
    assert acme.load(file, 1).outcome == "loaded"
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(3,)]


def test_files_that_a_cut_off_load_left_behind_are_not_landed(acme: SnowflakeProject, tmp_path: Path) -> None:
    file = acme.write("march.csv", meta_csv())
    load_id = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    stale = tmp_path / "data_7.parquet"
    duckdb.execute(
        f"copy (select 1 as row_number, '{{}}' as raw_data, 'data' as row_kind) to '{stale}' (format parquet)"
    )
    acme.change(f"put 'file://{stale}' {STAGE}/landing/{load_id}_1/ auto_compress = false source_compression = none")
    plan = acme.load(file, 1).plan
    assert plan
    assert plan.load_id == load_id
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(3,)]


def test_a_load_waits_for_another_and_then_says_that_it_is_busy(acme: SnowflakeProject) -> None:
    file = acme.write("march.csv", meta_csv())
    notices: list[str] = []
    with acme.emulator.connect() as other:
        other.cursor().execute("begin")
        other.cursor().execute(f"update {SCHEMA}.load_lock set locked_at = sysdate()")
        with pytest.raises(WarehouseBusyError):
            load_wave(acme.project.waiting(1, notices.append), file, ACME, 1)
        other.cursor().execute("rollback")
    assert any("Another load" in notice for notice in notices)
    assert acme.load(file, 1).outcome == "loaded"


def test_a_load_that_waits_says_so_while_snowflake_waits(
    acme: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Snowflake answers once it has the lock or gives up; the emulator answers at once, so the wait is put in here."""
    notices: list[str] = []
    real = SnowflakeSession.query

    def slow(session: SnowflakeSession, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        if sql.startswith(f"update {SCHEMA}.load_lock"):
            time.sleep(0.3)
        return real(session, sql, parameters)

    monkeypatch.setattr(SnowflakeSession, "query", slow)
    file = acme.write("march.csv", meta_csv())
    monkeypatch.setattr("loader.warehouses.snowflake.session._NOTICE_SECONDS", 0.1)
    assert load_wave(acme.project.waiting(60, notices.append), file, ACME, 1).outcome == "loaded"
    assert notices == [f"Another load of {SCHEMA} is running; waiting up to 60 s."]


def test_a_load_that_another_keeps_out_leaves_that_ones_files_alone(acme: SnowflakeProject) -> None:
    file = acme.write("march.csv", meta_csv())
    with acme.emulator.connect() as other:
        other.cursor().execute("begin")
        other.cursor().execute(f"update {SCHEMA}.load_lock set locked_at = sysdate()")
        with pytest.raises(WarehouseBusyError):
            load_wave(acme.project.waiting(0), file, ACME, 1)
        left = [name for name, *_ in acme.query(f"list {STAGE}") if "/landing/" in name]
        other.cursor().execute("rollback")
    assert len(left) == 1
    assert acme.load(file, 1).outcome == "loaded"
    assert not [name for name, *_ in acme.query(f"list {STAGE}") if "/landing/" in name]


def test_loads_at_once_land_a_file_once(acme: SnowflakeProject) -> None:
    file = acme.write("march.csv", meta_csv(50))
    processes = [
        subprocess.Popen(
            [
                str(Path(sys.executable).parent / "spark9"),
                "load",
                str(file),
                "--client",
                "acme/meta/2024",
                "--wave",
                "1",
            ],
            cwd=acme.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert sum("already loaded" in text for text in said) == 2, said
    assert acme.query(f"select count(*), count(distinct row_number) from {SCHEMA}.raw_data_staging") == [(50, 50)]


def test_hostile_names_and_cells_land_as_they_stand(acme: SnowflakeProject) -> None:
    header = [*META_HEADER, "x'); drop table y; --", "back\\'slash", 'q"uote']
    row = [*meta_rows(1)[0], "'; delete from t; --", "\\' or 1=1", "$$ {{ 1 }} \\u0041"]
    file = acme.write("it's $HOME; x.csv", as_csv([header, row]))
    acme.load(file, 1, wave_name='O\'Brien \\ "q" $$')
    landed = acme.query(f"select raw_data, file_name, wave_name from {SCHEMA}.raw_data_staging")
    assert json.loads(landed[0][0]) == dict(zip(header, map(str, row), strict=True))
    assert landed[0][1:] == ("it's $HOME; x.csv", 'O\'Brien \\ "q" $$')


def test_a_lost_warehouse_is_said_in_one_sentence_without_secrets(acme: SnowflakeProject) -> None:
    done = acme.spark9_alone("status", SNOWFLAKE_PORT="1", SNOWFLAKE_PASSWORD="hunter2-secret")
    assert done.code == 1
    assert "Snowflake can't be reached" in done.text
    assert "spark9 doctor" in done.text
    assert "hunter2" not in done.text
    assert "Traceback" not in done.text


def test_a_missing_privilege_is_named(acme: SnowflakeProject) -> None:
    acme.change(f"revoke insert on table {SCHEMA}.raw_data_staging from role spark9_loader")
    done = acme.spark9(
        "load", str(acme.write("march.csv", meta_csv())), "--client", "acme", "--platform", "meta", "--year", "2024",
        "--wave", "1",
    )  # fmt: skip
    assert done.code == 1
    assert "SPARK9_LOADER has no INSERT" in done.text
    assert "spark9 audit" in done.text


def test_constants_go_to_copy_as_literals_of_their_type(acme: SnowflakeProject) -> None:
    plan = acme.load(acme.write("it's.csv", meta_csv()), 1).plan
    assert plan
    copy = next(entry["sql"] for entry in acme.emulator.statements() if entry["sql"].startswith("copy into"))
    assert f"'{plan.load_id}'::varchar, 1, null, '" in copy
    assert "'::timestamp_ntz(6), 'it''s.csv'::varchar, false, 1 from @" in copy


def test_what_the_loader_sends_is_tagged_with_the_client(acme: SnowflakeProject) -> None:
    acme.load(acme.write("march.csv", meta_csv()), 1)
    copies = [entry for entry in acme.emulator.statements() if re.match(r"copy\s", entry["sql"])]
    assert {json.loads(entry["query_tag"])["client_schema"] for entry in copies} == {SCHEMA}
    assert {(entry["role"], entry["warehouse"]) for entry in copies} == {("SPARK9_LOADER", "LOADING_WH")}


def test_reprocess_and_rollback_hold_the_lock_and_end_their_transaction(acme: SnowflakeProject) -> None:
    acme.load(acme.write("march.csv", meta_csv()), 1)
    before = len(acme.emulator.statements())
    reprocess_wave(acme.project, ACME, 1)
    rollback_wave(acme.project, ACME, 1)
    words = [entry["sql"].split()[0].lower() for entry in acme.emulator.statements()[before:]]
    assert words.count("begin") == words.count("commit") == 2
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(0,)]


def test_a_rollback_is_undone_from_the_stage(acme: SnowflakeProject) -> None:
    acme.load(acme.write("march.csv", meta_csv(4)), 1, wave_name="Spring push")
    acme.load(acme.write("more.csv.gz", gzip.compress(meta_csv(3).replace("1.50", "9.50").encode())), 1)
    tables = {
        "raw_data_staging": "load_id, row_number, wave_number, wave_name, file_name, upload_timestamp, raw_data, row_kind",
        "wave_schema_mapping": "load_id, column_name, wave_number, target_column, mapping_rule, control_sum",
        "open_questions": "load_id, question_id, answer",
    }

    def snapshot() -> list[Any]:
        return [acme.query(f"select {columns} from {SCHEMA}.{name} order by 1, 2") for name, columns in tables.items()]

    before = snapshot()
    rollback_wave(acme.project, ACME, 1)
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(0,)]
    assert [result.outcome for result in undo_rollback(acme.project, ACME, 1)] == ["loaded", "loaded"]
    assert snapshot() == before
    assert acme.dbt("build").success
    assert [load.differences for load in ops.verify_waves(acme.project, ACME)] == [[], []]


def test_originals_come_back_from_the_stage_and_prove_the_tables(acme: SnowflakeProject) -> None:
    acme.load(acme.write("march.csv", meta_csv(5)), 1)
    acme.load(acme.write("april.csv.gz", gzip.compress(meta_csv(4, day="2024-04-01").encode())), 2)
    assert acme.dbt("build").success
    loads = list(ops.verify_waves(acme.project, ACME))
    assert [(load.rows, load.is_built, load.differences) for load in loads] == [(5, True, []), (4, True, [])]
    acme.query(f"delete from {SCHEMA}.raw_data_staging where wave_number = 2 and row_number = 1")
    found = [str(found) for load in ops.verify_waves(acme.project, ACME) for found in load.differences]
    assert any("rows: 4 in the file, 3 in the table" in text for text in found)


@pytest.mark.parametrize("statement", ["put", "copy into", "insert into"])
def test_a_connection_that_is_lost_within_a_load_leaves_nothing(
    acme: SnowflakeProject, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    acme.load(acme.write("first.csv", meta_csv(2)), 1)
    whole = snowflake.connector.cursor.SnowflakeCursor.execute
    is_lost = False

    def execute(cursor: Any, *arguments: Any, **options: Any) -> Any:
        nonlocal is_lost
        if not is_lost and str(arguments[0]).lstrip().lower().startswith(statement):
            is_lost = True
            cursor.connection.close()
            raise OperationalError("Connection reset by peer", errno=250001)
        return whole(cursor, *arguments, **options)

    file = acme.write("second.csv", meta_csv(3, day="2024-02-01"))
    with monkeypatch.context() as lost:
        lost.setattr(snowflake.connector.cursor.SnowflakeCursor, "execute", execute)
        with pytest.raises(WarehouseRefusedError) as caught:
            acme.load(file, 2)
    assert caught.value.code in ("connection-lost", "connection-failed")
    rows = acme.query(f"select count(*) from {SCHEMA}.raw_data_staging where wave_number = 2")[0][0]
    mapped = acme.query(f"select count(distinct load_id) from {SCHEMA}.wave_schema_mapping where wave_number = 2")[0][0]
    assert (rows, mapped) in ((0, 0), (3, 1))
    acme.load(file, 2)
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging where wave_number = 2") == [(3,)]
    assert [load.differences for load in ops.verify_waves(acme.project, ACME)] == [[], []]


@pytest.mark.parametrize("is_done", [True, False])
def test_after_a_commit_that_was_cut_off_a_new_connection_sees_whether_it_took_effect(
    acme: SnowflakeProject, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    real = SnowflakeSession.query
    told: list[str] = []

    def cut_off(session: SnowflakeSession, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        if sql != "commit":
            return real(session, sql, parameters)
        real(session, "commit" if is_done else "rollback")
        raise WarehouseRefusedError("connection-lost", "The connection to Snowflake was lost.", "Run it again.")

    monkeypatch.setattr(SnowflakeSession, "query", cut_off)
    file = acme.write("march.csv", meta_csv(3))
    if is_done:
        assert acme.load(file, 1, on_wait=told.append).outcome == "loaded"
        assert "the change is complete" in told[-1]
    else:
        with pytest.raises(WarehouseRefusedError, match="Nothing was changed"):
            acme.load(file, 1)
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(3 if is_done else 0,)]


def test_where_no_new_connection_can_be_made_the_outcome_is_said_to_be_open(
    acme: SnowflakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = SnowflakeSession.query

    def cut_off(session: SnowflakeSession, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        if sql == "commit":
            monkeypatch.setattr("snowflake.connector.connect", refused)
            raise WarehouseRefusedError("connection-lost", "The connection to Snowflake was lost.", "Run it again.")
        return real(session, sql, parameters)

    def refused(**_settings: object) -> None:
        raise OperationalError("no route")

    monkeypatch.setattr(SnowflakeSession, "query", cut_off)
    with pytest.raises(OutcomeUnknownError, match="not known"):
        acme.load(acme.write("march.csv", meta_csv(3)), 1)
