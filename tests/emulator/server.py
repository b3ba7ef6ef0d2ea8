"""The emulator's process: the fakesnow server with the account of this folder in front of it.

    python -m tests.emulator.server --port 5050 --statements statements.jsonl

Every statement that it gets is appended to the file `--statements` (one JSON object a line: sql, user, role, warehouse,
query_tag, error, committed, in_block), so that tests can look at what production would have sent.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import fakesnow.arrow
import fakesnow.macros
import fakesnow.transforms
import pyarrow as pa  # type: ignore[import-untyped]
import snowflake.connector.errors
import sqlglot
import uvicorn
from fakesnow.conn import FakeSnowflakeConnection
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.dialect import parse_one
from fakesnow.instance import FakeSnow
from fakesnow.transforms import stage
from sqlglot import Expr, exp
from starlette.responses import JSONResponse

from tests.emulator import (
    account_usage,
    dbt_projects,
    privileges,
    scripting,
    snowpark,
    streams,
    task_runs,
    transactions,
    users,
)
from tests.emulator.account import Account, Refused
from tests.emulator.copying import copy_with_transformation
from tests.emulator.names import NAME
from tests.emulator.statements import (
    COPIES,
    NOTES,
    REWRITES,
    Answer,
    Session,
    answer,
    full_name,
    import_areas,
    plain,
    strftime_form,
)

import_areas()
# the package has a function of this name too
fakesnow_server: Any = importlib.import_module("fakesnow.server")
ACCOUNT = Account()
# after compression, as it travels: https://docs.snowflake.com/en/user-guide/query-size-limits
LONGEST_STATEMENT = 1_000_000
_whole_from_binding = fakesnow_server.from_binding
_fakesnow_macros = fakesnow.macros.creation_sql
_fakesnow_array_agg = fakesnow.transforms.array_agg
_fakesnow_create_table_as = fakesnow.transforms.create_table_as
_fakesnow_indices = fakesnow.transforms.indices_to_json_extract
_fakesnow_integers = fakesnow.transforms.integer_precision
_timestamps = fakesnow.arrow.timestamp_to_sf_struct
_upload_info = fakesnow_server.gcs_stage_info
_run_by_fakesnow = FakeSnowflakeCursor.execute
_REMOVE = re.compile(rf"(?:remove|rm)\s+@({NAME})/?([^\s;]*)(?:\s+pattern\s*=\s*'(.*)')?\s*;?", re.IGNORECASE)
_GET = re.compile(rf"get\s+@({NAME})/?([^\s;]*)\s+'file://(.*?)/?'\s*;?", re.IGNORECASE)
_DROP_DATABASE = re.compile(rf"drop\s+database\s+(if\s+exists\s+)?({NAME})", re.IGNORECASE)
# functions, of arrays and objects above all, that fakesnow takes for DuckDB's lists, or does not know; macros_of() has them
_OWN_FUNCTIONS = re.compile(
    r"\b(array_cat|array_compact|array_prepend|array_slice|array_size|is_object|as_object|try_to_timestamp_tz|try_to_timestamp_ntz)\s*\(",
    re.IGNORECASE,
)
# within try_to_date() fakesnow makes a null of what regexp_substr() finds
_REGEXP_SUBSTR = re.compile(r"\bregexp_substr\s*\(", re.IGNORECASE)
_RECURSIVE = re.compile(r"\bwith\s+recursive\b", re.IGNORECASE)
_COPY_GRANTS = re.compile(r"\bcopy\s+grants\b", re.IGNORECASE)
# a text that holds such a call is no call
_CONTEXT = re.compile(
    r"'(?:[^'\\]|''|\\.)*'|\bcurrent_(role|secondary_roles|warehouse|user|account|region)\s*\(\s*\)",
    re.IGNORECASE | re.DOTALL,
)


class Extension:
    """What is put in the place of FakeSnowflakeCursor.execute.

    Args:
        statement_log: where to note every statement; none for nowhere.

    """

    def __init__(self, statement_log: Path | None) -> None:
        """Keep where to write."""
        self.log = statement_log
        self.port = 0

    def execute(self, cursor: FakeSnowflakeCursor, command: str, params: Any = None, **options: Any) -> Any:
        """Run one statement, as the account or as fakesnow."""
        session = session_of(cursor._conn)
        if len(gzip.compress(command.encode(), 1)) > LONGEST_STATEMENT:
            raise snowflake.connector.errors.ProgrammingError(
                msg="The statement is too long.", errno=1795, sqlstate="54000"
            )
        try:
            require_uncancelled(command)
            result = self._of_transaction(cursor, session, command) or self._answered(
                cursor, session, command, params, options
            )
        except Refused as refusal:
            self._note(command, session, str(refusal))
            unknown = "does not exist" in str(refusal)
            raise snowflake.connector.errors.ProgrammingError(
                msg=f"SQL {'compilation' if unknown else 'access control'} error:\n{refusal}",
                errno=2003 if unknown else 3001,
                sqlstate="02000" if unknown else "42501",
            ) from None
        except snowflake.connector.errors.Error as error:
            self._note(command, session, str(error))
            raise
        except Exception as error:
            # fakesnow answers these with a server error, which clients repeat for minutes
            self._note(command, session, str(error))
            raise snowflake.connector.errors.ProgrammingError(
                msg=f"{type(error).__name__}: {error}", errno=9999, sqlstate="99999"
            ) from error
        self._note(command, session, None)
        return result

    def _of_transaction(self, cursor: FakeSnowflakeCursor, session: Session, command: str) -> Any:
        """Commit what the statement commits; the result of a block, a Python procedure, and a BEGIN that does nothing."""
        if (block := transactions.block_of(command)) is not None:
            return self._run_block(cursor, session, block)
        if (procedure := snowpark.procedure_of(command)) is not None:
            return show(
                cursor, Answer(["result"], [[snowpark.call(ACCOUNT, cursor, session, procedure, self.execute)]])
            )
        if (called := self._called(cursor, session, command)) is not None:
            return called
        if (started := self._started(session, command)) is not None:
            return show(cursor, started)
        if transactions.is_ignored(session, command):
            return show(cursor, Answer(["status"], [["Statement executed successfully."]]))
        session.has_committed = transactions.keep(session, command, lambda sql: _run_by_fakesnow(cursor, sql))
        return None

    def _started(self, session: Session, command: str) -> Answer | None:
        """The answer to a statement that runs tasks or dbt, which come back with statements of their own."""

        def run(role: str, sql: str) -> list[tuple[Any, ...]]:
            connection = FakeSnow.connect(fakesnow_server.shared_fs, session.database, "PUBLIC")
            connection.emulator_login = {"role": role, "user": "SYSTEM"}  # type: ignore[attr-defined]
            return list(self.execute(connection.cursor(), sql).fetchall())

        return task_runs.execute(ACCOUNT, session, command, run) or dbt_projects.execute(
            ACCOUNT, session, command, self.port
        )

    def _called(self, cursor: FakeSnowflakeCursor, session: Session, command: str) -> Any:
        """The result of a procedure's call; its statements are noted as those of a block."""

        def query(sql: str) -> list[tuple[Any, ...]]:
            return list(self.execute(cursor._conn.cursor(), sql).fetchall())

        was_in_block, session.in_block = session.in_block, True
        try:
            is_call, value = scripting.call(
                ACCOUNT, session, command, query, lambda sql: self.execute(cursor._conn.cursor(), sql)
            )
        finally:
            session.in_block = was_in_block
        return show(cursor, Answer(["result"], [[None if value is None else str(value)]])) if is_call else None

    def _answered(
        self, cursor: FakeSnowflakeCursor, session: Session, command: str, params: Any, options: dict[str, Any]
    ) -> Any:
        with ACCOUNT.lock:
            if match := _REMOVE.fullmatch(plain(command)):
                return show(cursor, remove(session, match))
            if match := _DROP_DATABASE.fullmatch(plain(command)):
                return show(cursor, drop_database(cursor, session, match))
            said = answer(ACCOUNT, session, command)
            if isinstance(said, Answer):
                streams.define(ACCOUNT, cursor, session, command)
                dbt_projects.define(ACCOUNT, session, command)
                return show(cursor, said)
            privileges.check(ACCOUNT, session, said or command)
            for rewrite in (*REWRITES, streams.reading):
                said = rewrite(ACCOUNT, session, said or command)
        if match := _GET.fullmatch(plain(command)):
            return download(cursor, session, match)
        if _RECURSIVE.search(plain(command)):
            # Snowflake goes on up to 100 times; DuckDB does not say how often it did, so none is let through
            raise snowflake.connector.errors.ProgrammingError(
                msg="Recursion exceeded max iteration count (100)", errno=100189, sqlstate="54001"
            )
        sql = _CONTEXT.sub(lambda match: context_value(session, match[1]) if match[1] else match[0], said or command)
        sql = _REGEXP_SUBSTR.sub("emulator_regexp_substr(", _OWN_FUNCTIONS.sub(r"emulator_\1(", sql))
        with streams.kept(ACCOUNT, cursor, session, sql):
            copied = next(filter(None, (copy(ACCOUNT, cursor, session, sql) for copy in COPIES)), None)
            copied = copied or copy_with_transformation(cursor, session, sql)
            result = None if copied else _run_by_fakesnow(cursor, sql, params, **options)
        if copied:
            return show(cursor, copied)
        with ACCOUNT.lock:
            note_objects(cursor, session, sql, is_copy=_COPY_GRANTS.search(command) is not None)
            for note in NOTES:
                note(ACCOUNT, session, command)
        if isinstance(cursor._last_transformed, exp.Merge):
            show_merged(cursor)
        session.database = cursor._conn.database or session.database
        session.schema = cursor._conn.schema
        return result

    def _run_block(self, cursor: FakeSnowflakeCursor, session: Session, statements: Sequence[str]) -> Any:
        """Run the transaction of an anonymous block; its statements are noted as the client's are, with `in_block`."""
        session.in_block = True
        try:
            self.execute(cursor, "begin transaction")
            for statement in statements:
                self.execute(cursor, statement)
            self.execute(cursor, "commit")
        except snowflake.connector.errors.Error:
            self.execute(cursor, "rollback")
            raise
        finally:
            session.in_block = False
        return show(cursor, Answer(["anonymous block"], [[None]]))

    def _note(self, command: str, session: Session, error: str | None) -> None:
        status = "SUCCESS" if error is None else "FAILED_WITH_ERROR"
        with ACCOUNT.lock:
            ACCOUNT.history.append([command, str(id(session)), session.user, session.role, status, error])
        if self.log:
            entry = {
                "sql": command,
                "user": session.user,
                "role": session.role,
                "warehouse": session.warehouse,
                "query_tag": session.query_tag,
                "error": error,
                # whether it ended an open transaction that nobody had committed, and whether a block ran it
                "committed": session.has_committed,
                "in_block": session.in_block,
            }
            with ACCOUNT.lock, self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")


def require_uncancelled(command: str) -> None:
    """Cancel a statement of the form that a test has said.

    Raises:
        Refused: it is of that form.

    """
    if ACCOUNT.cancels and re.match(ACCOUNT.cancels, plain(command), re.IGNORECASE | re.DOTALL):
        raise Refused("SQL execution canceled")


def session_of(connection: FakeSnowflakeConnection) -> Session:
    """What a connection has chosen; begins with the role and warehouse of its login."""
    known: Session | None = getattr(connection, "emulator_session", None)
    if known is None:
        known = Session(connection.database or "", connection.schema, **getattr(connection, "emulator_login", {}))
        connection.emulator_session = known  # type: ignore[attr-defined]
    return known


def context_value(session: Session, name: str) -> str:
    """The value of current_role() and its like, as a literal."""
    values = {
        "role": session.role,
        "secondary_roles": users.secondary_roles(ACCOUNT, session),
        "warehouse": session.warehouse,
        "user": session.user,
        "account": "EMULATOR",
        "region": "LOCAL",
    }
    value = values[name.lower()]
    return "null" if value is None else f"'{value}'"


def show(cursor: FakeSnowflakeCursor, shown: Answer) -> FakeSnowflakeCursor:
    """Make rows the result of a cursor."""

    def literal(value: str | None) -> str:
        return "cast(null as varchar)" if value is None else "'" + str(value).replace("'", "''") + "'"

    rows = [f"({', '.join(map(literal, row))})" for row in shown.rows]
    columns = ", ".join(f'"{name}"' for name in shown.columns)
    nothing = ", ".join(f'cast(null as varchar) as "{name}"' for name in shown.columns)
    sql = f"select * from (values {', '.join(rows)}) as t({columns})" if rows else f"select {nothing} where false"
    cursor._execute(sqlglot.parse_one(sql, read="duckdb"))
    return cursor


def remove(session: Session, match: re.Match[str]) -> Answer:
    """https://docs.snowflake.com/en/sql-reference/sql/remove: files of a stage whose path begins with what is given."""
    name = full_name(session, "STAGE", match[1])
    if ("STAGE", name) not in ACCOUNT.objects:
        raise Refused(f"Stage '{name}' does not exist or not authorized.")
    privileges.require(ACCOUNT, session, "WRITE", "STAGE", name)
    folder = Path(stage.internal_dir(name))
    removed = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        relative = path.relative_to(folder).as_posix()
        if path.is_file() and relative.startswith(match[2]):
            path.unlink()
            removed.append([f"{name.rpartition('.')[2].lower()}/{relative}", "removed"])
    return Answer(["name", "result"], removed)


def drop_database(cursor: FakeSnowflakeCursor, session: Session, match: re.Match[str]) -> Answer:
    """https://docs.snowflake.com/en/sql-reference/sql/drop-database: for its owner, and not while a share has it."""
    name = full_name(session, "DATABASE", match[2])
    if ("DATABASE", name) not in ACCOUNT.objects:
        if not match[1]:
            raise Refused(f"Database '{name}' does not exist or not authorized.")
        return Answer(["status"], [["Drop statement executed successfully."]])
    ACCOUNT.require_grantor(session.role, "OWNERSHIP", "DATABASE", name)
    if any(grant.name == name and grant.role.startswith("<SHARE ") for grant in ACCOUNT.grants):
        raise Refused(f"Cannot drop database '{name}', as there are grants to shares on it.")
    cursor._duck_conn.execute("use _fs_global.main")
    cursor._duck_conn.execute(f"detach {name}")
    shutil.rmtree(Path(stage.LOCAL_BUCKET_PATH) / name, ignore_errors=True)
    stages = "_fs_global._fs_information_schema._fs_stages"
    cursor._duck_conn.execute(f"delete from {stages} where database_name = ?", [name])
    ACCOUNT.drop("DATABASE", name)
    ACCOUNT.database_comments.pop(name, None)
    return Answer(["status"], [[f"{name} successfully dropped."]])


def download(cursor: FakeSnowflakeCursor, session: Session, match: re.Match[str]) -> Any:
    """Answer GET as Snowflake does: with the files, which the client then fetches itself; here from this machine's disk.

    https://docs.snowflake.com/en/sql-reference/sql/get
    """
    result = _run_by_fakesnow(cursor, "select 1")
    folder = Path(stage.internal_dir(full_name(session, "STAGE", match[1])))
    wanted = folder / match[2]
    files = [wanted] if wanted.is_file() else sorted(path for path in wanted.rglob("*") if path.is_file())
    transformed = cursor._last_transformed
    assert transformed
    transformed.args["put_stage_data"] = {
        "command": "DOWNLOAD",
        "localLocation": match[3],
        "src_locations": [str(path.relative_to(folder)) for path in files],
        "parallel": 4,
        "overwrite": False,
        "stageInfo": {"locationType": "LOCAL_FS", "location": str(folder), "creds": {}},
    }
    return result


def stage_info(request: Any, expression: Expr, data: Any) -> Any:
    """Where a client's files go to, or for a GET come from."""
    if data["command"] == "DOWNLOAD":
        return data["stageInfo"]
    return _upload_info(request, expression, data)


def note_objects(cursor: FakeSnowflakeCursor, session: Session, sql: str, *, is_copy: bool) -> None:
    """Keep the account's books on what fakesnow made or dropped."""
    try:
        expression = parse_one(plain(sql))
    except Exception:
        return
    kind = str(expression.args.get("kind") or "").upper()
    target = expression.find(exp.Table)
    if not isinstance(expression, (exp.Create, exp.Drop)) or target is None:
        return
    if kind not in ("TABLE", "VIEW", "SCHEMA", "STAGE", "DATABASE"):
        return
    name = full_name(session, kind, target.sql(dialect="snowflake"))
    if isinstance(expression, exp.Drop):
        ACCOUNT.drop(kind, name)
        if kind == "SCHEMA":
            database, _, schema = name.partition(".")
            shutil.rmtree(Path(stage.LOCAL_BUCKET_PATH) / database / schema, ignore_errors=True)
            cursor._duck_conn.execute(
                "delete from _fs_global._fs_information_schema._fs_stages where database_name = ? and schema_name = ?",
                [database, schema],
            )
    elif expression.args.get("replace"):
        ACCOUNT.replace(kind, name, session.role, copy_grants=is_copy)
    elif (kind, name) not in ACCOUNT.objects:
        ACCOUNT.create(kind, name, session.role)


def begin() -> None:
    """Make what fakesnow otherwise makes when it is imported, in a process that was forked: instance, stage folder."""
    connect = fakesnow_server.shared_fs.connect
    FakeSnow.__init__(fakesnow_server.shared_fs)
    fakesnow_server.shared_fs.connect = connect
    stage.LOCAL_BUCKET_PATH = tempfile.mkdtemp(prefix="fakesnow_bucket_")


def run_here(statements: Sequence[str]) -> None:
    """Run statements in this process as an administrator, before anything is served."""
    database = "SPARK_NO9_MAIN"
    ACCOUNT.create("DATABASE", database, "SYSADMIN")
    connection: FakeSnowflakeConnection = fakesnow_server.shared_fs.connect(database, "PUBLIC")
    connection.emulator_login = {"role": "ACCOUNTADMIN"}  # type: ignore[attr-defined]
    for statement in statements:
        connection.cursor().execute(statement)


def extend() -> Extension:
    """Put the account in front of fakesnow, and fix what it does otherwise than Snowflake."""
    extension = Extension(None)
    FakeSnowflakeCursor.execute = lambda cursor, command, params=None, *_, **rest: extension.execute(  # type: ignore[method-assign]
        cursor, command, params, **rest
    )
    remember_logins()
    roll_back_closed_sessions()
    fakesnow.macros.creation_sql = macros_of
    fakesnow.transforms.array_agg = lambda expression: reduced(object_without(array_agg(expression)))
    fakesnow.transforms.indices_to_json_extract = value_of_key
    fakesnow.transforms.create_table_as = create_table_as
    fakesnow.transforms.integer_precision = lambda expression: as_text(_fakesnow_integers(expression))
    fakesnow.transforms.merge = merge
    # fakesnow turns what is added up into doubles, so that texts can be added up; here decimals stay decimals
    fakesnow.transforms.numeric_agg_implicit_cast = lambda expression: expression
    fakesnow.arrow.timestamp_to_sf_struct = timestamps
    fakesnow_server.from_binding = from_binding
    # it only asks what kind of statement it is
    fakesnow_server.parse_one = lambda sql: parse_one("select 1" if snowpark.procedure_of(sql) else sql)
    fakesnow_server.gcs_stage_info = stage_info
    return extension


def serve(extension: Extension, port: int, statements: Path | None) -> None:
    """Serve until the process is ended, noting every statement."""
    extension.log, extension.port = statements, port
    uvicorn.run(fakesnow_server.app, host="127.0.0.1", port=port, log_level="error")


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--statements", type=Path)
    options = parser.parse_args()
    extension = extend()
    run_here(account_usage.STATEMENTS)
    serve(extension, options.port, options.statements)


def macros_of(catalog: str) -> str:
    """Fakesnow's DuckDB macros, functions of arrays that are columns, which are JSON there, and regexp_substr()."""
    elements = "from_json(to_json({}), '[\"json\"]')"
    own = {
        "array_cat(a, b)": f"to_json(list_concat({elements.format('a')}, {elements.format('b')}))",
        "array_compact(a)": f"to_json(list_filter({elements.format('a')}, lambda one: one is not null))",
        "array_prepend(a, one)": f"to_json(list_prepend(to_json(one), {elements.format('a')}))",
        "array_slice(a, first, behind)": f"to_json({elements.format('a')}[first + 1:behind])",
        "array_size(a)": "json_array_length(to_json(a))",
        "is_object(a)": "json_type(a) = 'OBJECT'",
        "as_object(a)": "case when json_type(a) = 'OBJECT' then a end",
        "try_to_timestamp_tz(a)": "try_cast(a as timestamptz)",
        "try_to_timestamp_ntz(a)": "try_cast(a as timestamp)",
        "text(a, days, times)": (
            "case typeof(a) when 'DATE' then strftime(try_cast(cast(a as varchar) as date), days) "
            "when 'TIMESTAMP' then strftime(try_cast(cast(a as varchar) as timestamp), times) else cast(a as varchar) end"
        ),
        "regexp_substr(a, pattern, place, occurrence, flags, part)": "nullif(regexp_extract(a, pattern, 1), '')",
    }
    made = [f"create or replace macro {catalog}.emulator_{name} as {body};" for name, body in own.items()]
    return "\n".join([f"{_fakesnow_macros(catalog)};", *made])


def as_text(expression: Expr) -> Expr:
    """A date or timestamp cast to text without a format: by the session's, which ends at milliseconds unless it is set.

    https://docs.snowflake.com/en/sql-reference/parameters#timestamp-ntz-output-format
    """
    if isinstance(expression, exp.ToChar) and expression.args.get("format"):
        form = exp.Literal.string(strftime_form(expression.args["format"].name))
        return exp.Anonymous(this="strftime", expressions=[expression.this.transform(as_text), form])
    is_cast = type(expression) is exp.Cast and expression.to.is_type(*exp.DataType.TEXT_TYPES)
    if not is_cast or not isinstance(
        expression.this, exp.Column | exp.Coalesce | exp.Cast | exp.Min | exp.Max | exp.Paren
    ):
        return expression
    given = expression.this.transform(as_text)
    formats = [
        exp.Literal.string(ACCOUNT.formats[name]) for name in ("DATE_OUTPUT_FORMAT", "TIMESTAMP_NTZ_OUTPUT_FORMAT")
    ]
    return exp.Anonymous(this="emulator_text", expressions=[given, *formats])


def array_agg(expression: Expr) -> Expr:
    """An array without nulls, which is empty for no values, as Snowflake aggregates.

    https://docs.snowflake.com/en/sql-reference/functions/array_agg
    """
    if not isinstance(expression, exp.ArrayAgg) or isinstance(expression.parent, exp.Window):
        return _fakesnow_array_agg(expression)
    value = expression.this.this if isinstance(expression.this, exp.Order) else expression.this
    filled = exp.Filter(this=expression.copy(), expression=exp.Where(this=value.copy().is_(exp.Null()).not_()))
    return exp.Anonymous(this="TO_JSON", expressions=[exp.func("COALESCE", filled, exp.Array())])


def object_without(expression: Expr) -> Expr:
    """object_delete(): https://docs.snowflake.com/en/sql-reference/functions/object_delete."""
    if not isinstance(expression, exp.Anonymous) or expression.name.upper() != "OBJECT_DELETE":
        return expression
    given, *keys = expression.expressions
    patch = json.dumps({key.name: None for key in keys})
    return exp.Anonymous(this="JSON_MERGE_PATCH", expressions=[given, exp.Literal.string(patch)])


def reduced(expression: Expr) -> Expr:
    """reduce() of an array, which is JSON here, by a lambda that gives an array: https://docs.snowflake.com/en/sql-reference/functions/reduce."""
    if isinstance(expression, exp.Reduce) and not expression.meta.get("is_of_json"):
        given = exp.Anonymous(this="TO_JSON", expressions=[expression.this])
        elements = exp.Anonymous(this="FROM_JSON", expressions=[given, exp.Literal.string('["json"]')])
        expression.set("this", elements)
        expression.set("initial", exp.Anonymous(this="TO_JSON", expressions=[expression.args["initial"]]))
        expression.meta["is_of_json"] = True
    return expression


def create_table_as(expression: Expr, duck_conn: duckdb.DuckDBPyConnection) -> Expr:
    """A table with declared columns made of `select *`; fakesnow asks DuckDB for its columns in no dialect."""
    query = expression.args.get("expression")
    if isinstance(expression.this, exp.Schema) and isinstance(query, exp.Select | exp.Subquery):
        select = query.unnest()
        if any(isinstance(one, exp.Star) for one in select.expressions):
            described = duck_conn.execute(f"describe {select.sql(dialect='duckdb')}").fetchall()
            select.set("expressions", [exp.column(name) for name, *_ in described])
    made: Expr = _fakesnow_create_table_as(expression, duck_conn)
    return made


def merge(merge_expr: Expr) -> list[Expr]:
    """MERGE as DuckDB has it; fakesnow takes it apart into statements that can't stand in an open transaction.

    Inserted values without a table's name are the source's: https://docs.snowflake.com/en/sql-reference/sql/merge.
    """
    if isinstance(merge_expr, exp.Merge):
        source = merge_expr.args["using"].alias_or_name
        for insert in (insert for when in merge_expr.args["whens"] for insert in when.find_all(exp.Insert)):
            for column in insert.expression.find_all(exp.Column):
                if not column.table:
                    column.set("table", exp.to_identifier(source))
        merge_expr.set("returning", exp.Returning(expressions=[exp.column("merge_action")]))
    return [merge_expr]


def show_merged(cursor: FakeSnowflakeCursor) -> FakeSnowflakeCursor:
    """Make the counts of a MERGE its result, by what it did, as Snowflake tells them."""
    assert cursor._arrow_table is not None
    done = [action.as_py() for action in cursor._arrow_table.column(0)]
    counts = {"inserted": done.count("INSERT"), "updated": done.count("UPDATE"), "deleted": done.count("DELETE")}
    shown = ", ".join(f'{count} as "number of rows {verb}"' for verb, count in counts.items())
    cursor._execute(sqlglot.parse_one(f"select {shown}", read="duckdb"))
    cursor._rowcount = len(done)
    return cursor


def value_of_key(expression: Expr) -> Expr:
    """raw_data['key'], whatever characters the key has; fakesnow takes some for a path.

    https://docs.snowflake.com/en/sql-reference/data-types-semistructured#accessing-elements-of-an-object-by-key
    """
    key = expression.expressions[0] if isinstance(expression, exp.Bracket) and expression.expressions else None
    if not isinstance(key, exp.Literal) or not key.is_string:
        return _fakesnow_indices(expression)
    is_text = isinstance(expression.parent, exp.Cast) and expression.parent.to.is_type(*exp.DataType.TEXT_TYPES)
    pointer = "/" + key.this.replace("~", "~0").replace("/", "~1")
    function = "json_extract_string" if is_text else "json_extract"
    return exp.Anonymous(this=function, expressions=[expression.this, exp.Literal.string(pointer)])


def timestamps(ts: Any) -> pa.StructArray:
    """Timestamps as they travel; fakesnow sends one that is null as the first of January 1970."""
    values = ts.combine_chunks() if isinstance(ts, pa.ChunkedArray) else ts
    sent = _timestamps(values.fill_null(pa.scalar(0, values.type)))
    parts = [sent.field(place) for place in range(sent.type.num_fields)]
    return pa.StructArray.from_arrays(parts, fields=list(sent.type), mask=values.is_null())


def from_binding(bound: dict[str, Any]) -> object:
    """A bound value; decimals come as FIXED with a fraction, which fakesnow reads as whole numbers."""
    if bound["type"] == "FIXED" and bound["value"] is not None and not bound["value"].lstrip("-").isdigit():
        return Decimal(bound["value"])
    return _whole_from_binding(bound)


def remember_logins() -> None:
    """Give each session the role and warehouse of its login, which fakesnow does not look at."""
    routes = fakesnow_server.app.routes
    login_route = next(route for route in routes if getattr(route, "path", "") == "/session/v1/login-request")
    plain_connect = fakesnow_server.shared_fs.connect

    async def login(request: Any) -> Any:
        chosen = {
            key: value.upper()
            for key, parameter in (("role", "roleName"), ("warehouse", "warehouse"))
            if (value := request.query_params.get(parameter))
        }
        chosen["user"] = await users.user_of_login(request)
        if chosen["user"] != users.ADMINISTRATOR:
            chosen.setdefault("role", "PUBLIC")
        try:
            users.require_assigned(ACCOUNT, chosen["user"], chosen.get("role", "PUBLIC"))
        except Refused as refusal:
            return JSONResponse({"data": {}, "code": "390189", "message": str(refusal), "success": False})

        def connect(*arguments: Any, **options: Any) -> FakeSnowflakeConnection:
            connection: FakeSnowflakeConnection = plain_connect(*arguments, **options)
            connection.emulator_login = chosen  # type: ignore[attr-defined]
            database = connection.database
            if database and ("DATABASE", database) not in ACCOUNT.objects:
                ACCOUNT.create("DATABASE", database, "SYSADMIN")
            return connection

        fakesnow_server.shared_fs.connect = connect
        return await fakesnow_server.login_request(request)

    from starlette.routing import Route  # noqa: PLC0415

    routes[routes.index(login_route)] = Route("/session/v1/login-request", login, methods=["POST"])


def roll_back_closed_sessions() -> None:
    """End the open transaction of a session that is closed: https://docs.snowflake.com/en/sql-reference/transactions."""
    from starlette.routing import Route  # noqa: PLC0415

    routes = fakesnow_server.app.routes
    plain_route = next(route for route in routes if getattr(route, "path", "") == "/session")

    async def session(request: Any) -> Any:
        if request.query_params.get("delete"):
            with suppress(Exception):
                connection = fakesnow_server.to_conn(fakesnow_server.to_token(request))
                connection._duck_conn.execute("rollback")
        return await fakesnow_server.session(request)

    routes[routes.index(plain_route)] = Route("/session", session, methods=["POST"])


if __name__ == "__main__":
    main()
