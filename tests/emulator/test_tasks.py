"""What runs inside Snowflake: streams, graphs of tasks and their history, dbt project objects."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from snowflake.connector.errors import ProgrammingError

from tests.emulator.process import Emulator, running
from tests.emulator.test_emulator import run

HISTORY = (
    "select name, state, error_message from table(information_schema.task_history("
    "scheduled_time_range_start => dateadd('day', -7, current_timestamp()))) where schema_name = '{}' order by query_start_time"
)


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One for all tests here."""
    with running(tmp_path_factory.mktemp("emulator")) as started:
        run(started, "create warehouse w", "create role runner", "grant execute task on account to role runner")
        yield started


def ran(emulator: Emulator, schema: str, count: int) -> list[tuple[object, ...]]:
    """The runs of the tasks of a schema, once so many have ended."""
    for _ in range(600):
        rows = run(emulator, HISTORY.format(schema.upper()))
        if len(rows) >= count and all(row[1] != "EXECUTING" for row in rows):
            return rows
        time.sleep(0.05)
    raise AssertionError(rows)


def test_a_stream_has_what_was_inserted_until_dml_reads_it(emulator: Emulator) -> None:
    has_data = "select system$stream_has_data('spark_no9_main.s1.new_rows')"
    asked = "select a, metadata$action from s1.new_rows order by a"
    run(emulator, "create schema s1", "create table s1.t (a integer)", "create table s1.seen (a integer)")
    run(emulator, "insert into s1.t values (1)", "create stream s1.new_rows on table s1.t append_only = true")
    assert run(emulator, has_data) == [(False,)], "it begins where the table stands"
    run(
        emulator,
        "insert into s1.t values (2), (3)",
        "update s1.t set a = 5 where a = 1",
        "delete from s1.t where a = 2",
    )
    assert run(emulator, asked) == [(2, "INSERT"), (3, "INSERT")], "no update and no delete is in an append-only stream"
    assert run(emulator, asked) == [(2, "INSERT"), (3, "INSERT")], "a query leaves it"
    run(emulator, "begin", "insert into s1.seen select a from s1.new_rows", "rollback")
    assert run(emulator, has_data) == [(True,)], "a rollback takes back that it was read"
    run(emulator, "begin", "insert into s1.t values (4)", "rollback")
    run(emulator, "alter table s1.t add column b varchar", "insert into s1.t values (6, 'x')")
    assert run(emulator, "insert into s1.seen select a from s1.new_rows") == [(3,)]
    assert run(emulator, "select a from s1.seen order by a") == [(2,), (3,), (6,)]
    assert run(emulator, has_data) == [(False,)]
    with pytest.raises(ProgrammingError, match="has no SELECT on STREAM"):
        run(emulator, "select * from s1.new_rows", role="runner")
    run(emulator, "create or replace table s1.t (a integer)")
    with pytest.raises(ProgrammingError, match=r"Base table 'SPARK_NO9_MAIN\.S1\.T' dropped"):
        run(emulator, asked)


def test_a_graph_runs_from_its_root_up_to_what_fails_or_is_suspended(emulator: Emulator) -> None:
    run(emulator, "create schema s2", "create table s2.t (a varchar)")
    run(emulator, "create task s2.first warehouse = w as insert into s2.t values ('first')")
    for name, after, body in (
        ("second", "first", "insert into s2.t values ('second')"),
        ("fails", "first", "insert into s2.not_there values (1)"),
        ("never", "fails", "insert into s2.t values ('never')"),
        ("both", "second, s2.first", "insert into s2.t values ('both')"),
        ("asleep", "first", "insert into s2.t values ('asleep')"),
    ):
        run(emulator, f"create task s2.{name} warehouse = w after s2.{after} as {body}")
        run(emulator, *([f"alter task s2.{name} resume"] if name != "asleep" else []))
    said = run(emulator, "execute task s2.first")
    assert said == [("Task FIRST is scheduled to run immediately.",)], "a suspended root runs, and stays suspended"
    rows = {row[0]: row[1:] for row in ran(emulator, "s2", 4)}
    assert {name: state for name, (state, _) in rows.items()} == {
        "FIRST": "SUCCEEDED", "SECOND": "SUCCEEDED", "FAILS": "FAILED", "BOTH": "SUCCEEDED",
    }  # fmt: skip
    assert "NOT_THERE" in str(rows["FAILS"][1])
    assert run(emulator, "select a from s2.t order by a") == [("both",), ("first",), ("second",)]
    with pytest.raises(ProgrammingError, match="is not the root"):
        run(emulator, "execute task s2.second")
    with pytest.raises(ProgrammingError, match=r"S2\.MISSING' does not exist"):
        run(emulator, "execute task s2.missing")
    with pytest.raises(ProgrammingError, match="does not exist or not authorized"):
        run(emulator, "execute task s2.first", role="runner")


def test_a_task_runs_as_its_owner_who_needs_the_warehouse(emulator: Emulator) -> None:
    run(emulator, "create schema s3", "create table s3.t (a varchar)", "grant usage on database spark_no9_main to role runner",
        "grant usage, create task on schema s3 to role runner")  # fmt: skip
    run(emulator, "create task s3.mine warehouse = w as insert into s3.t values (current_role())", role="runner")
    with pytest.raises(ProgrammingError, match="RUNNER has no USAGE WAREHOUSE W"):
        run(emulator, "execute task s3.mine")
    run(emulator, "grant usage on warehouse w to role runner", "execute task s3.mine")
    ((_, state, error),) = ran(emulator, "s3", 1)
    assert (state, "RUNNER has no INSERT" in str(error)) == ("FAILED", True)
    run(emulator, "grant insert on table s3.t to role runner", "execute task s3.mine")
    assert [row[1] for row in ran(emulator, "s3", 2)] == ["FAILED", "SUCCEEDED"]
    assert run(emulator, "select a from s3.t") == [("RUNNER",)]


def test_a_task_whose_condition_is_false_is_skipped_with_all_behind_it(emulator: Emulator) -> None:
    run(emulator, "create schema s4", "create table s4.t (a integer)", "create table s4.n (a integer)",
        "create stream s4.new on table s4.t append_only = true",
        "create view s4.runs as select name, state from table(spark_no9_main.information_schema.task_history(result_limit => 9)) where schema_name = 'S4'",
        "create task s4.taken warehouse = w when system$stream_has_data('spark_no9_main.s4.new') as insert into s4.n select a from spark_no9_main.s4.new",
        "create task s4.behind warehouse = w after s4.taken as insert into s4.n values (0)",
        "alter task s4.behind resume", "execute task s4.taken")  # fmt: skip
    assert [row[:2] for row in ran(emulator, "s4", 1)] == [("TAKEN", "SKIPPED")]
    run(emulator, "insert into s4.t values (7)", "execute task s4.taken")
    assert [row[1] for row in ran(emulator, "s4", 3)] == ["SKIPPED", "SUCCEEDED", "SUCCEEDED"]
    assert run(emulator, "select a from s4.n order by a") == [(0,), (7,)]
    assert run(emulator, "select name, state from s4.runs order by name") == [
        ("BEHIND", "SUCCEEDED"), ("TAKEN", "SKIPPED"), ("TAKEN", "SUCCEEDED"),
    ]  # fmt: skip


def test_a_procedure_has_branches_and_several_values_of_one_row(emulator: Emulator) -> None:
    run(emulator, "create schema s5", "create table s5.t (a integer, d date)",
        "insert into s5.t values (1, '2026-01-31'), (3, '2026-02-28')")  # fmt: skip
    run(emulator, """create procedure s5.p(wanted number) returns varchar language sql execute as owner as
$$
declare
    lowest number;
    last date;
    next date default dateadd(day, 1, cast('2026-02-28' as date));
begin
    select min(a), max(d) into :lowest, :last from s5.t;
    if (wanted < lowest) then
        return 'below';
    else
        if (wanted > (case when lowest = 1 then 2 else 0 end)) then
            for i in 1 to wanted do
                insert into s5.t select :i, :next;
            end for;
            return to_varchar(last) || ' and ' || to_varchar(next);
        end if;
    end if;
    return 'between';
end;
$$""")  # fmt: skip
    assert run(emulator, "call s5.p(0)") == [("below",)]
    assert run(emulator, "call s5.p(2)") == [("between",)]
    assert run(emulator, "call s5.p(3)") == [("2026-02-28 and 2026-03-01",)]
    assert run(emulator, "select count(*) from s5.t where d = '2026-03-01'") == [(3,)]


@pytest.mark.slow
def test_a_project_object_runs_dbt_once_at_a_time(emulator: Emulator, tmp_path: Path) -> None:
    run(emulator, "create schema s6", "create stage s6.files", "create stage s6.empty")
    files = {
        "dbt_project.yml": "name: p\nversion: 1.0.0\nprofile: p\nflags: {send_anonymous_usage_stats: false}\n",
        "profiles.yml": (
            "p:\n  target: prod\n  outputs:\n    prod: {type: snowflake, account: '', user: '', role: accountadmin, "
            "database: spark_no9_main, warehouse: w, schema: s6, threads: 1}\n"
        ),
        "models/m.sql": "select {{ var('given', 1) }} as a",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        place = f"@s6.files/{name.rpartition('/')[0]}"
        run(emulator, f"put 'file://{tmp_path / name}' {place} auto_compress = false")
    with pytest.raises(ProgrammingError, match=r"does not exist in '@s6\.empty'"):
        run(emulator, "create dbt project s6.nothing from '@s6.empty'")
    run(emulator, "create dbt project s6.p from '@s6.files'")
    assert run(emulator, "show dbt projects in schema s6") == [("P", "S6")]
    asked = "execute dbt project s6.p args = 'run --vars ''{given: 7}''' dbt_version = '1.10.15'"

    def execute() -> str:
        try:
            return str(run(emulator, asked)[0][2])
        except ProgrammingError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        first, second = sorted(pool.map(lambda _: execute(), range(2)), key=lambda text: "several" in text)
    assert "Completed successfully" in first
    assert "several at once on one object are not supported" in second
    assert run(emulator, "select a from s6.m") == [(7,)]
    with pytest.raises(ProgrammingError, match="dbt failed"):
        run(emulator, "execute dbt project s6.p args = 'run --select nothing+ --no-such-option'")
    with pytest.raises(ProgrammingError, match="does not exist"):
        run(emulator, "execute dbt project s6.missing")
