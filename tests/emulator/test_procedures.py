"""What the probe of an account asks of the emulator: procedures, databases with comments, EXPLAIN, history, date formats."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from snowflake.connector.errors import ProgrammingError

from tests.emulator.process import Emulator, running
from tests.emulator.test_emulator import run

_PROCEDURE = """
create or replace procedure p.counted(name varchar, last number) returns varchar language sql execute as owner as
$$
declare
    found number;
    statement varchar;
    statements array default array_construct('insert into p.t select \\'__n__;\\', __i__', 'insert into p.t select \\'current_user()\\', 0');
    too_many exception (-20001, 'more than three; take fewer');
begin
    if (last > 3) then
        raise too_many;
    end if;
    begin transaction;
    for i in 1 to last do
        statement := replace(replace(get(statements, 0)::varchar, '__n__', name), '__i__', i::varchar);
        execute immediate :statement;
    end for;
    execute immediate :statement;
    insert into p.t select :name, 9;
    commit;
    select count(*) into :found from p.t where a = :name;
    return array_size(statements)::varchar || ' texts, ' || found::varchar || ' of ' || name;
end;
$$
"""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One for all tests here."""
    with running(tmp_path_factory.mktemp("emulator")) as started:
        run(started, "create schema p", "create table p.t (a varchar, b integer)", _PROCEDURE, "create role caller")
        yield started


def test_a_procedure_runs_with_the_rights_of_its_owner(emulator: Emulator) -> None:
    with pytest.raises(ProgrammingError, match="does not exist or not authorized"):
        run(emulator, "call p.counted('x', 1)", role="caller")
    run(emulator, "grant usage on procedure p.counted(varchar, number) to role caller")
    assert run(emulator, "call p.counted('one', 2)", role="caller") == [("2 texts, 1 of one",)]
    assert run(emulator, "select a, b from p.t order by a, b") == [
        ("one", 9),
        ("one;", 1),
        ("one;", 2),
        ("one;", 2),
    ]
    with pytest.raises(ProgrammingError, match="'TOO_MANY': more than three; take fewer"):
        run(emulator, "call p.counted('x', 4)")
    with pytest.raises(ProgrammingError, match=r"has no (INSERT|USAGE)"):
        run(emulator, "insert into p.t values ('x', 1)", role="caller")


def test_a_call_inside_of_a_text_is_no_call(emulator: Emulator) -> None:
    assert run(emulator, "select 'current_user()' as a, current_user() as b") == [("current_user()", "U")]


def test_a_database_keeps_its_comment_and_can_be_made_again_after_it_was_dropped(emulator: Emulator) -> None:
    for _ in range(2):
        run(emulator, "create database d1 comment = 'mine'", "create schema d1.s", "create table d1.s.t (a integer)")
        assert run(emulator, "show databases like 'd_'") == [("D1", "mine")]
        with pytest.raises(ProgrammingError, match="already exists"):
            run(emulator, "create database d1 comment = 'mine'")
        with pytest.raises(ProgrammingError, match="may not"):
            run(emulator, "drop database d1", role="caller")
        run(emulator, "create share s1", "grant usage on database d1 to share s1")
        with pytest.raises(ProgrammingError, match="grants to shares"):
            run(emulator, "drop database d1")
        run(emulator, "drop share s1", "drop database d1")
        assert run(emulator, "show databases like 'd1'") == []


def test_objects_of_the_account_are_dropped_by_their_owner(emulator: Emulator) -> None:
    run(emulator, "create warehouse w1", "create user u1", "create resource monitor m1 with credit_quota = 1")
    for what in ("warehouse w1", "user u1", "resource monitor m1"):
        with pytest.raises(ProgrammingError, match="may not"):
            run(emulator, f"drop {what}", role="caller")
        kind, _, name = what.rpartition(" ")
        run(emulator, f"drop {what}", f"drop {kind} if exists {name}")
        with pytest.raises(ProgrammingError, match="does not exist"):
            run(emulator, f"drop {what}")
    assert run(emulator, "show users like 'u1'") == []


def test_a_statement_is_explained_with_its_names_and_privileges(emulator: Emulator) -> None:
    assert run(emulator, "explain using text -- a comment\nwith c as (select a from p.t) select * from c -- end") == []
    with pytest.raises(ProgrammingError):
        run(emulator, "explain using text select nothing_like_it from p.t")
    with pytest.raises(ProgrammingError, match="has no"):
        run(emulator, "explain using text select a from p.t", role="caller")


def test_a_text_without_a_form_is_read_by_the_sessions_own(emulator: Emulator) -> None:
    asked = (
        "select try_to_date('03/02/2024') as a, try_to_date(replace('2024-02-03', ',', ''), 'YYYY-MM-DD')::varchar as b"
    )
    ((day, other),) = run(emulator, "alter session set date_input_format = 'DD/MM/YYYY'", asked)
    assert (str(day), other) == ("2024-02-03", "2024-02-03")


def test_the_history_has_what_was_sent_and_how_it_ended(emulator: Emulator) -> None:
    asked = (
        "select query_text, session_id, user_name, role_name, execution_status, error_message from "
        "table(spark_no9_main.information_schema.query_history(result_limit => 10)) where true"
    )
    with pytest.raises(ProgrammingError):
        run(emulator, "select 1 as seen", "select * from p.not_there")
    rows = run(emulator, asked)
    seen = [row[4] for row in rows if row[0] in ("select 1 as seen", "select * from p.not_there")]
    assert seen == ["SUCCESS", "FAILED_WITH_ERROR"]
