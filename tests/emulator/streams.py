"""Append-only streams on tables: https://docs.snowflake.com/en/user-guide/streams-intro, .../sql-reference/sql/create-stream.

A stream is a table beside the others here, in the schema _STREAMS of its database: what a statement inserts into the stream's
table is put there in the same transaction, and DML that reads the stream empties it. A query leaves it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from fakesnow.cursor import FakeSnowflakeCursor

from tests.emulator.account import Account, Refused
from tests.emulator.names import NAME, PART
from tests.emulator.statements import Session, full_name, plain

_ON_TABLE = re.compile(
    rf"create(?:\s+or\s+replace)?\s+stream(?:\s+if\s+not\s+exists)?\s+({NAME})\s+on\s+table\s+({NAME})\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_HAS_DATA = re.compile(r"\bsystem\$stream_has_data\s*\(\s*'([^']+)'\s*\)", re.IGNORECASE)
# texts are passed over; a name with its schema
_TEXT_OR_NAME = re.compile(rf"'(?:[^'\\]|''|\\.)*'|\b{PART}(?:\.{PART})+", re.DOTALL)
_INTO = re.compile(rf"\s*(?:insert\s+into|copy\s+into|merge\s+into)\s+({NAME})", re.IGNORECASE)
_CONSUMES = ("insert", "merge", "update", "delete", "create")
_OWN_COLUMNS = '\'INSERT\' as "METADATA$ACTION", false as "METADATA$ISUPDATE", uuid()::varchar as "METADATA$ROW_ID"'


def define(account: Account, cursor: FakeSnowflakeCursor, session: Session, sql: str) -> None:
    """Make the place of a stream that is made; it begins empty, where the table stands now.

    Raises:
        Refused: its table does not exist, or it is no append-only stream, of which there are none here.

    """
    match = _ON_TABLE.fullmatch(plain(sql))
    if match is None:
        return
    name, table = full_name(session, "STREAM", match[1]), full_name(session, "TABLE", match[2])
    problem = ""
    if ("TABLE", table) not in account.objects:
        problem = f"Table '{table}' does not exist or not authorized."
    elif not re.search(r"append_only\s*=\s*true", match[3], re.IGNORECASE):
        problem = "The emulator has append-only streams alone."
    if problem:
        account.drop("STREAM", name)
        raise Refused(problem)
    stream = account.objects["STREAM", name]
    if "ON" not in stream:
        stream |= {"ON": table, "MADE_ON": account.objects["TABLE", table]["MADE"]}
        cursor._duck_conn.execute(f"create schema if not exists {name.split('.')[0]}._STREAMS")
        cursor._duck_conn.execute(
            f"create or replace table {_place(name)} as select *, {_OWN_COLUMNS} from {table} limit 0"
        )


def reading(account: Account, session: Session, sql: str) -> str:
    """A statement with the place of each stream that it names."""
    if all(kind != "STREAM" for kind, _ in account.objects):
        return sql

    def asked(match: re.Match[str]) -> str:
        return f"(select count(*) > 0 from {_require(account, session, full_name(session, 'STREAM', match[1]))})"

    def place(match: re.Match[str]) -> str:
        if match[0].startswith("'"):
            return match[0]
        name = full_name(session, "STREAM", match[0])
        return _require(account, session, name) if ("STREAM", name) in account.objects else match[0]

    return _TEXT_OR_NAME.sub(place, _HAS_DATA.sub(asked, sql))


def _require(account: Account, session: Session, name: str) -> str:
    """The place of a stream: whoever reads it needs SELECT on it and on its table, which is to be the one it was made on."""
    stream = account.objects.get(("STREAM", name))
    if stream is None:
        raise Refused(f"Stream '{name}' does not exist or not authorized.")
    for key in (("STREAM", name), ("TABLE", stream["ON"])):
        if key in account.objects and not account.holds(session.role, "SELECT", *key):
            raise Refused(f"{session.role} has no SELECT on {' '.join(key)}.")
    if account.objects.get(("TABLE", stream["ON"]), {}).get("MADE") != stream["MADE_ON"]:
        raise Refused(f"Base table '{stream['ON']}' dropped, cannot read from stream '{name}'.")
    return _place(name)


@contextmanager
def kept(account: Account, cursor: FakeSnowflakeCursor, session: Session, sql: str) -> Iterator[None]:
    """While a statement runs: note what it inserts in the streams of its table, and empty those that it reads.

    Args:
        account: knows the streams.
        cursor: of the statement.
        session: of the statement.
        sql: the statement, with the places of streams (`reading`).

    """
    with account.lock:
        streams = {name: stream["ON"] for (kind, name), stream in account.objects.items() if kind == "STREAM"}
    target = full_name(session, "TABLE", match[1]) if (match := _INTO.match(plain(sql))) else ""
    filled = [name for name, table in streams.items() if table == target]
    is_dml = plain(sql).lower().startswith(_CONSUMES)
    emptied = [name for name in streams if is_dml and _place(name) in sql]
    if not filled and not emptied:
        yield
        return
    connection, is_own = cursor._duck_conn, not session.in_transaction
    if is_own:
        connection.execute("begin")
    try:
        last = connection.execute(f"select coalesce(max(rowid), -1) from {target}").fetchall()[0][0] if filled else 0
        yield
        result = cursor._arrow_table
        for name in filled:
            _take_columns(cursor, target, _place(name))
            connection.execute(
                f"insert into {_place(name)} by name select *, {_OWN_COLUMNS} from {target} where rowid > {last}"
            )
        for name in emptied:
            connection.execute(f"delete from {_place(name)}")
        cursor._arrow_table = result
    except BaseException:
        if is_own:
            connection.execute("rollback")
        raise
    if is_own:
        connection.execute("commit")


def _take_columns(cursor: FakeSnowflakeCursor, table: str, place: str) -> None:
    """Give a stream the columns that its table has got since."""
    described = [cursor._duck_conn.execute(f"describe {name}").fetchall() for name in (table, place)]
    there = {name for name, *_ in described[1]}
    for name, type_, *_ in described[0]:
        if name not in there:
            cursor._duck_conn.execute(f'alter table {place} add column "{name}" {type_}')


def _place(name: str) -> str:
    database, schema, stream = name.split(".")
    return f"{database}._STREAMS.{schema}__{stream}"
