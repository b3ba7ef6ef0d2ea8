"""The emulator keeps its books as Snowflake does, as far as the tests of the project rest on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from snowflake.connector.errors import DatabaseError, ProgrammingError

from tests.emulator.process import Emulator, running
from tests.emulator.statements import is_known, plain
from tests.support import witnesses


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One for all tests here; each works in a schema of its own."""
    with running(tmp_path_factory.mktemp("emulator")) as started:
        yield started


def run(emulator: Emulator, *statements: str, role: str = "ACCOUNTADMIN") -> list[tuple[object, ...]]:
    """Run statements on one connection; the rows of the last."""
    rows: list[tuple[object, ...]] = []
    with emulator.connect(role) as connection:
        for statement in statements:
            rows = list(connection.cursor().execute(statement).fetchall())  # type: ignore[union-attr]
    return rows


def test_a_role_has_what_is_granted_what_it_inherits_and_what_it_owns(emulator: Emulator) -> None:
    run(emulator, "create role r1", "create role r2", "create role r3", "create schema s1", "create table s1.t (a int)",
        "insert into s1.t values (1)", "grant usage on database spark_no9_main to role r1",
        "grant usage on schema s1 to role r1", "grant role r1 to role r2")  # fmt: skip
    with pytest.raises(ProgrammingError, match="R1 has no SELECT on TABLE"):
        run(emulator, "select * from s1.t", role="r1")
    run(emulator, "grant select on table s1.t to role r1")
    assert run(emulator, "select * from s1.t", role="r1") == [(1,)]
    assert run(emulator, "select * from s1.t", role="r2") == [(1,)]
    with pytest.raises(ProgrammingError, match="R3 has no USAGE on DATABASE"):
        run(emulator, "select * from s1.t", role="r3")
    with pytest.raises(ProgrammingError, match="R2 has no DELETE"):
        run(emulator, "delete from s1.t", role="r2")
    run(emulator, "grant create table on schema s1 to role r1")
    assert run(
        emulator, "create table s1.mine (a int)", "insert into s1.mine values (7)", "select a from s1.mine", role="r1"
    ) == [(7,)]
    run(emulator, "revoke usage on schema s1 from role r1")
    with pytest.raises(ProgrammingError, match="has no USAGE on SCHEMA"):
        run(emulator, "select * from s1.t", role="r2")


def test_future_grants_reach_new_tables_and_only_those(emulator: Emulator) -> None:
    run(emulator, "create role f1", "create schema s2", "create table s2.old (a int)",
        "grant select on future tables in schema s2 to role f1", "create table s2.new (a int)")  # fmt: skip
    held = {row[2] for row in run(emulator, "show grants to role f1")}
    assert held == {"SPARK_NO9_MAIN.S2.NEW"}
    assert [row[2] for row in run(emulator, "show future grants to role f1")] == ["SPARK_NO9_MAIN.S2.<TABLE>"]
    run(emulator, "grant select on all tables in schema s2 to role f1")
    assert len(run(emulator, "show grants to role f1")) == 2


def test_a_replaced_table_keeps_its_grants_only_when_they_are_copied(emulator: Emulator) -> None:
    run(
        emulator,
        "create role c1",
        "create schema s3",
        "create table s3.t as select 1 as a",
        "grant select on table s3.t to role c1",
    )
    run(emulator, "create or replace table s3.t copy grants as select 2 as a")
    assert ("SELECT", "TABLE", "SPARK_NO9_MAIN.S3.T") in [row[:3] for row in run(emulator, "show grants to role c1")]
    run(emulator, "create or replace table s3.t as select 3 as a")
    assert run(emulator, "show grants to role c1") == []


def test_future_grants_reach_no_table_that_is_made_with_copied_ones(emulator: Emulator) -> None:
    run(emulator, "create role c2", "create schema s13", "grant select on future tables in schema s13 to role c2",
        "create or replace table s13.first copy grants as select 1 as a", "create or replace table s13.second as select 1 as a")  # fmt: skip
    assert [row[2] for row in run(emulator, "show grants to role c2")] == ["SPARK_NO9_MAIN.S13.SECOND"]
    run(
        emulator,
        "create or replace table s13.first as select 1 as a",
        "create or replace table s13.second copy grants as select 1 as a",
    )
    assert [row[2] for row in run(emulator, "show grants to role c2")] == [
        "SPARK_NO9_MAIN.S13.FIRST",
        "SPARK_NO9_MAIN.S13.SECOND",
    ]


def test_what_is_dropped_takes_its_grants_with_it(emulator: Emulator) -> None:
    run(emulator, "create role d1", "create schema s4", "create table s4.t (a int)", "grant select on table s4.t to role d1",
        "grant usage on schema s4 to role d1", "grant select on future tables in schema s4 to role d1", "drop schema s4 cascade")  # fmt: skip
    assert run(emulator, "show grants to role d1") == []
    assert run(emulator, "show future grants to role d1") == []
    run(emulator, "drop role d1")
    with pytest.raises(ProgrammingError, match="Role 'D1' does not exist"):
        run(emulator, "grant role d1 to role sysadmin")


@pytest.mark.parametrize(
    "statement",
    [
        "grant select on table s_nowhere.t to role public",
        "grant role nobody to role public",
        "grant role public to user nobody",
        "use role nobody",
        "alter warehouse nothing_wh set auto_suspend = 5",
        "create role public",
        "remove @nowhere.stage/x",
        "alter task nothing resume",
    ],
)
def test_what_does_not_exist_or_is_there_already_is_refused(emulator: Emulator, statement: str) -> None:
    with pytest.raises(ProgrammingError):
        run(emulator, "create schema if not exists s5", statement)


def test_warehouses_and_monitors_keep_what_they_are_set_to(emulator: Emulator) -> None:
    run(emulator, "create warehouse if not exists w_wh with warehouse_size = 'small' auto_suspend = 60",
        "create warehouse if not exists w_wh with warehouse_size = 'large'",
        "create resource monitor if not exists w_mon with credit_quota = 5 triggers on 100 percent do suspend",
        "alter warehouse w_wh set auto_suspend = 90 resource_monitor = w_mon")  # fmt: skip
    assert run(emulator, "show warehouses like 'w_wh'") == [("W_WH", "SMALL", "90", "W_MON")]
    assert run(emulator, "show resource monitors") == [("W_MON", "5")]


def test_copy_with_a_select_loads_a_file_once(emulator: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    duckdb.execute(
        f"copy (select 1 as n, '{{\"a b\": \"x\"}}' as j union all select 2, '{{}}') to '{file}' (format parquet)"
    )
    copy = (
        "copy into s6.t (n, j, note) from (select $1:n::bigint, parse_json($1:j::varchar), 'it''s \\\\ here'::varchar "
        "from @s6.files/in/) file_format = (type = parquet) on_error = abort_statement"
    )
    run(emulator, "create schema s6", "create stage s6.files", "create table s6.t (n bigint, j variant, note varchar)")
    assert run(emulator, copy) == [("Copy executed with 0 files processed.",)]
    run(emulator, f"put 'file://{file}' @s6.files/in/ auto_compress = false source_compression = none")
    assert run(emulator, copy)[0][1:4] == ("LOADED", "2", "2")
    assert run(emulator, copy)[0][1:4] == ("LOAD_SKIPPED", "0", "0")
    assert run(emulator, "select n, j['a b']::varchar, note from s6.t order by n") == [
        (1, "x", "it's \\ here"), (2, None, "it's \\ here"),
    ]  # fmt: skip
    assert run(emulator, copy + " force = true")[0][1] == "LOADED"
    assert run(emulator, "begin", copy + " force = true", "rollback", "select count(*) from s6.t") == [(4,)]
    assert run(emulator, "remove @s6.files/in/") == [("files/in/rows.parquet", "removed")]
    assert run(emulator, "list @s6.files") == []


def test_a_file_that_does_not_fit_loads_nothing(emulator: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "bad.parquet"
    duckdb.execute(f"copy (select 'x' as n union all select '1') to '{file}' (format parquet)")
    run(emulator, "create schema s7", "create stage s7.files", "create table s7.t (n bigint)",
        f"put 'file://{file}' @s7.files/in/ auto_compress = false source_compression = none")  # fmt: skip
    with pytest.raises(ProgrammingError, match=r"File 'in/bad.parquet'"):
        run(emulator, "copy into s7.t (n) from (select $1:n::bigint from @s7.files/in/) file_format = (type = parquet)")
    assert run(emulator, "select count(*) from s7.t") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    witnesses(
        [
            "create table s8.{0} (a int)",
            "alter session set lock_timeout = 5",
            "alter session set query_tag = 'x'",
            "use role sysadmin",
            "set v = 1",
            "grant usage on schema s8 to role public",
            "show roles",
            "list @s8.files",
            "remove @s8.files/{0}",
        ]
    ),
)
def test_whatever_is_no_dml_and_no_query_commits_the_open_transaction(emulator: Emulator, statement: str) -> None:
    run(
        emulator,
        "create schema if not exists s8",
        "create stage if not exists s8.files",
        "create or replace table s8.t (a int)",
    )
    unique = f"u{len(emulator.statements())}"
    with emulator.connect() as connection:
        cursor = connection.cursor()
        for sql in ("begin", "insert into s8.t values (1)", statement.format(unique), "rollback"):
            cursor.execute(sql)
    assert [entry["committed"] for entry in emulator.statements()[-4:]] == [False, False, True, False]
    assert run(emulator, "select count(*) from s8.t") == [(1,)]


def test_dml_and_queries_stay_in_the_transaction_and_a_second_begin_does_nothing(emulator: Emulator) -> None:
    run(emulator, "create schema s11", "create table s11.t (a int)")
    assert run(emulator, "begin", "insert into s11.t values (1)", "begin transaction", "select 1", "with x as (select 1 as a) select a from x",
               "update s11.t set a = 2", "delete from s11.t where a = 3", "rollback", "select count(*) from s11.t") == [(0,)]  # fmt: skip


def test_a_block_takes_effect_as_a_whole_or_is_rolled_back(emulator: Emulator) -> None:
    block = "execute immediate {}begin\nbegin transaction;\n{}\ncommit;\nexception\nwhen other then\nrollback;\nraise;\nend;{}"
    run(emulator, "create schema s12", "create table s12.t (a varchar)", "insert into s12.t values ('there')")
    whole = "delete from s12.t; insert into s12.t values (''it''''s; here'');"
    run(emulator, block.format("'", whole, "'"))
    assert run(emulator, "select a from s12.t") == [("it's; here",)]
    with emulator.connect() as connection:
        with pytest.raises(ProgrammingError):
            connection.cursor().execute(
                block.format("$$", "delete from s12.t; insert into s12.nowhere values (1);", "$$")
            )
        connection.cursor().execute("create table s12.next (a int)")
    assert run(emulator, "select a from s12.t") == [("it's; here",)]
    assert not any(entry["committed"] for entry in emulator.statements() if "s12" in entry["sql"])


def test_temporary_tables_take_a_full_name(emulator: Emulator) -> None:
    assert run(emulator, "create schema s9", "create or replace temporary table spark_no9_main.s9.t as (select 5 as a)",
               "select a from spark_no9_main.s9.t") == [(5,)]  # fmt: skip


def test_semi_structured_values_are_as_snowflake_has_them(emulator: Emulator) -> None:
    assert run(
        emulator,
        "select array_agg(x) within group (order by x) from (select 'b' as x union all select 'a' union all select null)",
    ) == [('["a","b"]',)]
    assert run(emulator, "select array_agg(x) from (select null::varchar as x)") == [("[]",)]
    assert run(emulator, "select array_cat(a, array_construct('c')) from (select array_construct('b') as a)") == [
        ('["b","c"]',)
    ]
    assert (
        run(emulator, "select sum(x) from (select 0.1::number(9, 1) as x union all select 0.2)")[0][
            0
        ].__class__.__name__
        == "Decimal"
    )
    for key in ("it''s", "a.b[0]", "$.x", "~/c", 'say "hi"'):
        assert run(emulator, f"select object_construct_keep_null('{key}', 'v')['{key}']::varchar") == [("v",)]


@pytest.mark.slow
def test_a_statement_is_measured_as_it_travels(emulator: Emulator) -> None:
    assert emulator.query(f"select length('{'a' * 3_000_000}')") == [(3_000_000,)]
    with pytest.raises(ProgrammingError, match="too long"):
        emulator.query(f"select length('{os.urandom(1_200_000).hex()}')")


def test_a_cast_to_text_takes_the_accounts_format_and_to_varchar_its_own(emulator: Emulator) -> None:
    values = (
        "(select cast('2026-02-11' as date) as day, cast('2026-02-11 01:02:03.456789' as timestamp_ntz(6)) as time)"
    )
    asked = f"select cast(day as varchar), time::varchar, to_varchar(time, 'YYYY-MM-DD HH24:MI:SS.FF6') from {values}"
    exact = "2026-02-11 01:02:03.456789"
    assert emulator.query(asked) == [("2026-02-11", exact[:-3], exact)], "Snowflake's default ends at milliseconds"
    emulator.query("alter account set date_output_format = 'DD/MM/YYYY'")
    emulator.query("alter account set timestamp_ntz_output_format = 'DD/MM/YYYY HH24:MI'")
    assert emulator.query(asked) == [("11/02/2026", "11/02/2026 01:02", exact)]


def test_a_session_knows_its_role_warehouse_and_tag(emulator: Emulator) -> None:
    with emulator.connect("SYSADMIN", warehouse="some_wh") as connection:
        cursor = connection.cursor()
        assert cursor.execute("select current_role(), current_warehouse()").fetchone() == ("SYSADMIN", "SOME_WH")  # type: ignore[union-attr]
        cursor.execute("use role public")
        cursor.execute("alter session set query_tag = 'client /*x*/ ->> y'")
        cursor.execute("select 1 as tagged")
    noted = [entry for entry in emulator.statements() if entry["sql"] == "select 1 as tagged"]
    assert [(entry["role"], entry["query_tag"]) for entry in noted] == [("PUBLIC", "client /*x*/ ->> y")]


def test_a_user_has_the_roles_that_were_granted_and_all_of_them_at_once_unless_told_otherwise(
    emulator: Emulator,
) -> None:
    run(emulator, "create user v1 type = service", "create role v_r1", "create role v_r2", "create role v_inner",
        "grant role v_inner to role v_r1", "grant role v_r1 to user v1", "grant role v_r2 to user v1",
        "create schema s14", "create table s14.t (a int)", "grant usage on database spark_no9_main to role v_r2",
        "grant usage on schema s14 to role v_r2", "grant select on table s14.t to role v_r2",
        "grant create table on schema s14 to role v_r2")  # fmt: skip

    def as_v1(sql: str, role: str = "v_r1") -> list[tuple[object, ...]]:
        with emulator.connect(role, user="v1") as connection:
            return list(connection.cursor().execute(sql).fetchall())  # type: ignore[union-attr]

    assert as_v1("select * from s14.t") == [], "the other role's privileges count too"
    assert as_v1("select current_user(), current_secondary_roles()") == [("V1", '{"roles":"V_R1,V_R2","value":"ALL"}')]
    with pytest.raises(ProgrammingError, match="V_R1 has no CREATE TABLE"):
        as_v1("create table s14.mine (a int)")
    run(emulator, "alter user v1 set default_secondary_roles = ()")
    with pytest.raises(ProgrammingError, match="V_R1 has no"):
        as_v1("select * from s14.t")
    assert as_v1("select current_role()", "v_inner") == [("V_INNER",)]
    with pytest.raises(ProgrammingError, match="is not assigned to the executing user"):
        as_v1("use role accountadmin")
    with pytest.raises(DatabaseError, match="is not assigned"):
        as_v1("select 1", "accountadmin")


def test_a_graph_of_tasks_is_changed_while_its_root_is_suspended_and_has_a_project_of_its_own(
    emulator: Emulator,
) -> None:
    body = "warehouse = w as execute dbt project s15.p args = 'build'"
    run(emulator, "create schema s15", "create task s15.root warehouse = w schedule = '5 minutes' as select 1",
        f"create task s15.child after s15.root {body}", f"create task s15.grandchild after s15.child {body}")  # fmt: skip
    with pytest.raises(ProgrammingError, match=r"could execute S15\.P at once"):
        run(emulator, f"create task s15.other {body}")
    run(emulator, "alter task s15.child resume", "alter task s15.root resume")
    for statement in (f"create or replace task s15.child after s15.root {body}", "alter task s15.child suspend"):
        with pytest.raises(ProgrammingError, match="root task is not suspended"):
            run(emulator, statement)
    run(emulator, "alter task s15.root suspend", f"create or replace task s15.child after s15.root {body}")
    assert run(emulator, "show tasks in database spark_no9_main")[0] == (
        "CHILD", "S15", "suspended", "execute dbt project s15.p args = 'build'", '["SPARK_NO9_MAIN.S15.ROOT"]',
    )  # fmt: skip


def test_a_frame_of_a_python_procedure_keeps_the_case_of_its_names_and_needs_a_stage(emulator: Emulator) -> None:
    code = (
        "import pandas\ndef main(session):\n    session.use_schema('s16')\n"
        "    rows = session.createDataFrame(pandas.DataFrame({'lower': [1], 'UPPER': [2]}))\n"
        "    rows.write.mode('overwrite').save_as_table('spark_no9_main.s16.t', table_type='transient')\n    return 'OK'"
    )
    call = (
        "with p as procedure () returns string language python runtime_version = 'VERSION' packages = ('pandas') "
        f"handler = 'main' execute as caller as $${code}$$ call p();"
    )
    run(emulator, "create schema s16", "create role w1", "grant usage on database spark_no9_main to role w1",
        "grant usage, create table, create file format on schema s16 to role w1")  # fmt: skip
    with pytest.raises(ProgrammingError, match="W1 has no CREATE STAGE"):
        run(emulator, call.replace("VERSION", "3.11"), role="w1")
    run(emulator, "grant create stage on schema s16 to role w1")
    assert run(emulator, call.replace("VERSION", "3.11"), role="w1") == [("OK",)]
    assert run(emulator, "select upper from s16.t") == [(2,)]
    with pytest.raises(ProgrammingError, match="LOWER"):
        run(emulator, "select lower from s16.t")
    with pytest.raises(ProgrammingError, match=r"Python 3\.9 is not supported"):
        run(emulator, call.replace("VERSION", "3.9"))


def test_making_and_giving_need_the_right_to(emulator: Emulator) -> None:
    run(emulator, "create role g1", "create role g2", "grant usage on database spark_no9_main to role g1")
    for statement, lacking in (
        ("create schema g_s", "no CREATE SCHEMA on DATABASE SPARK_NO9_MAIN"),
        ("create role g3", "no CREATE ROLE on ACCOUNT"),
        ("create warehouse g_wh", "no CREATE WAREHOUSE on ACCOUNT"),
        ("grant usage on database spark_no9_main to role g2", "may not give USAGE on DATABASE"),
        ("grant role g2 to role g1", "may not give OWNERSHIP on ROLE G2"),
        ("drop role g2", "may not give OWNERSHIP on ROLE G2"),
    ):
        with pytest.raises(ProgrammingError, match=lacking):
            run(emulator, statement, role="g1")
    run(emulator, "grant create schema on database spark_no9_main to role g1", "grant create role on account to role g1",
        "grant usage on database spark_no9_main to role g1 with grant option")  # fmt: skip
    run(emulator, "create schema g_s", "create role g3", "create table g_s.t (a int)",
        "grant usage on database spark_no9_main to role g3", "grant usage on schema g_s to role g3",
        "grant select on future tables in schema g_s to role g3", "grant role g3 to role g2", role="g1")  # fmt: skip
    run(emulator, "grant create table on schema g_s to role g2", "grant usage on database spark_no9_main to role g2")
    run(emulator, "create table g_s.of_another (a int)", role="g2")
    run(emulator, "grant delete on table g_s.of_another to role g3", role="g1")
    with pytest.raises(ProgrammingError, match="has no OWNERSHIP on TABLE"):
        run(emulator, "drop table g_s.t", role="g2")


@pytest.mark.parametrize(
    "text", ["a/* no comment */b", "it''s /*", "*/ ->> /* x */", "back\\\\", "-- /* no */ end"], ids=str
)
def test_what_looks_like_a_comment_or_a_link_within_a_text_is_a_part_of_it(text: str) -> None:
    for quoted in (f"'{text}'", f"$${text}$$", f'"{text}"'):
        statement = f"select {quoted} /* a comment */ as x"
        assert plain(f"/* dbt's comment */ {statement};") == f"select {quoted}  as x"
        assert not is_known(statement)
    assert plain("select 1 -- it's /* none */\n + 1 /* 'gone' */") == "select 1 -- it's /* none */\n + 1"
    assert is_known("show grants to role r /* ->> */ ->> select 'a ->> b' from $1")
