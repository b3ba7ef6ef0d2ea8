"""The checks that run the project itself: set-up, sign-in, a load, builds, the audit, and what they sent meanwhile."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import duckdb

from loader.errors import Spark9Error, WarehouseBusyError, WarehouseRefusedError
from ops.native_project import put_statements
from ops.probe.cells import Cell, cells_of_days, cells_of_numbers, days_select, numbers_select
from ops.probe.model import Unavailable, Unexpected
from ops.probe.throwaway import JOBS, write_native

if TYPE_CHECKING:
    from collections.abc import Callable

    from loader.project.macros import MacroLibrary
    from loader.warehouses.interface import Session
    from ops.probe.bench import Bench

_EXPORT = """Campaign name,Ad set name,Day,Amount spent (EUR),Impressions,Clicks
Spring,Spring - Women,2024-03-01,"1,234.50",10000,120
Spring,Spring - Women,2024-03-02,980.00,9000,95
Spring,Spring - Men,2024-03-01,410.25,4000,33
"""
_HISTORY = (
    "select query_text, session_id, user_name, role_name, execution_status, error_message "
    "from table({database}.information_schema.query_history("
    "end_time_range_start => dateadd('minute', -30, current_timestamp()), result_limit => 10000)) "
    "where user_name in ({users}) order by session_id, start_time"
)
_STAYS_INSIDE = re.compile(
    r"(insert|update|delete|merge|truncate|copy|select|with|call|values|explain|\()", re.IGNORECASE
)
_EXECUTES = re.compile(r"\bexecute\s+dbt\s+project\s+(?:if\s+exists\s+)?([\w.\"$]+)", re.IGNORECASE)
_RECURSIVE = re.compile(r"\bwith\s+recursive\b", re.IGNORECASE)
# what a session in another country, or an account with settings of its own, may have
_OTHER_FORMATS = {
    "date_input_format": "'DD/MM/YYYY'",
    "timestamp_input_format": "'DD/MM/YYYY HH24:MI'",
    "timezone": "'Pacific/Auckland'",
    "week_start": "7",
    "two_digit_century_start": "1980",
}
_CELLS_A_STATEMENT = 16  # a statement may have 1 MB
_MISSING = ("does not exist or not authorized", "Catalog Error")


def try_set_up(bench: Bench) -> str:
    """Run setup_account's statements twice, and register the key of each user."""
    with bench.session("owner") as session:
        said = _run_twice(session, bench.macros.call("account_ddl"))
        for job in JOBS:
            session.query(f"alter user {bench.names.user(job)} set rsa_public_key = '{bench.public_key}'")
        session.query(f"use warehouse {bench.names.warehouse}")
    return said


def _run_twice(session: Session, statements: str) -> str:
    """Run statements that change nothing the second time; how many they are."""
    for _ in range(2):
        session.run(statements)
    session.query("use role accountadmin")
    return f"{statements.count(';')} statements, twice"


def try_sign_in(bench: Bench) -> str:
    """Connect as each user: its role is active, and no other."""
    for job in JOBS:
        with bench.session(job) as session:
            ((user, role, others),) = session.query("select current_user(), current_role(), current_secondary_roles()")
        if (user.lower(), role.lower()) != (bench.names.user(job), bench.names.role(job)):
            raise Unexpected(f"{bench.names.user(job)} signed in as {user} with the role {role}")
        if json.loads(others or "{}").get("roles"):
            raise Unexpected(f"the secondary roles {others} of {user} count too, whatever its role")
    return f"{len(JOBS)} users, each with one role"


def try_alter_session(bench: Bench) -> str:
    """What ALTER SESSION does to an open transaction, of which the documentation says nothing."""
    with bench.session("transformer") as session:
        session.query("begin")
        session.query(bench.filled("insert into <name>.probe.counted values (1)"))
        session.query("alter session set query_tag = 'probe'")
        session.query("rollback")
        ((left,),) = session.query(bench.filled("select count(*) from <name>.probe.counted"))
        session.query(bench.filled("delete from <name>.probe.counted"))
    return f"it {'commits' if left else 'does not commit'} a transaction; the project sends none inside of one"


def try_block(bench: Bench) -> str:
    """The block that hooks are sent as: a failure undoes it, and its error arrives."""
    insert, macros = bench.filled("insert into <name>.probe.counted values (1);"), bench.macros
    with bench.session("transformer") as session:
        session.run(macros.call("in_client_transaction", insert, None))
        try:
            failing = insert + bench.filled("insert into <name>.probe.not_there values (1);")
            session.run(macros.call("in_client_transaction", failing, None))
        except Spark9Error as error:
            said = error.problem
        else:
            raise Unexpected("a block with a statement that fails did not fail")
        if "not_there" not in said.lower():
            raise Unexpected(f"the error of a block hides the first one: {said}")
        ((left,),) = session.query(bench.filled("select count(*) from <name>.probe.counted"))
        session.query("delete from " + bench.filled("<name>.probe.counted"))
    if left != 1:
        raise Unexpected(f"{left} rows are left of a block that succeeded and one that failed, instead of 1")
    return "it commits as a whole, or rolls back and raises the first error"


def try_client_add(bench: Bench) -> str:
    """Onboard the throwaway client."""
    bench.command("admin", "client", "add", str(bench.names.client))
    return f"{bench.names.client.name} with its tables, stage and roles"


def try_copy(bench: Bench) -> str:
    """Land rows as a load does, roll back, land them again, and a third time."""
    schema = bench.names.client.name
    columns = ("row_number", "raw_data", "row_kind", "row_reason")
    rows = (
        "select i + 1 as row_number, json_object('Day', '2024-03-01', 'Cost', i::varchar) as raw_data, "
        "'data' as row_kind, "
        "cast(null as varchar) as row_reason from range(1000) as numbers(i)"
    )
    with duckdb.connect() as reader, bench.session("loader", reader) as session:
        constants: list[tuple[str, object]] = [
            ("load_id", "probe"), ("wave_number", 1), ("wave_name", None), ("upload_timestamp", session.now()),
            ("file_name", "probe.csv"), ("processed_flag", False), ("schema_version", 1),
        ]  # fmt: skip
        with session.prepared(schema, "raw_data_staging", columns, rows, "probe_1") as landing:
            try:
                with session.transaction(schema):
                    session.land(landing, constants, 1000)
                    _roll_back()
            except _RollBackError:
                pass
            with session.transaction(schema):
                session.land(landing, constants, 1000)
            found = session.query(
                f"select count(*), min(row_number), max(row_number), count(distinct raw_data['Cost']::varchar), "
                "sum(iff(raw_data['Cost']::integer = row_number - 1, 0, 1)) "
                f"from {schema}.raw_data_staging where load_id = 'probe'"
            )
            try:
                with session.transaction(schema):
                    session.land(landing, constants, 1000)
            except WarehouseRefusedError as error:
                if error.code != "copy-incomplete":
                    raise
            else:
                raise Unexpected("COPY loaded the same files twice: its load metadata did not know them")
        with session.transaction(schema):
            session.query(f"delete from {schema}.raw_data_staging where load_id = 'probe'")
    if [int(value) for value in found[0]] != [1000, 1, 1000, 1000, 0]:
        raise Unexpected(
            f"rows, first, last, values and misplaced ones are {found[0]} instead of (1000, 1, 1000, 1000, 0)"
        )
    return "rows keep their numbers, a rollback takes COPY's load metadata back, and files count once"


class _RollBackError(Exception):
    """Leaves a transaction."""


def _roll_back() -> None:
    raise _RollBackError


def try_locks(bench: Bench) -> str:
    """Two sessions at one client: the second is told to wait, then has its turn."""
    schema = bench.names.client.name
    with bench.session("loader") as one, bench.another_session("loader") as other:
        with one.transaction(schema):
            try:
                with other.transaction(schema):
                    raise Unexpected("two sessions held the client's lock at once")
            except WarehouseBusyError:
                pass
        with other.transaction(schema):
            return "the second session waits for the first"


def try_days(bench: Bench) -> str:
    """Every date form, against DuckDB."""
    return _read_alike(bench, cells_of_days(bench.copy.local_macros), days_select)


def try_numbers(bench: Bench) -> str:
    """Every number form, against DuckDB."""
    return _read_alike(bench, cells_of_numbers(bench.copy.local_macros), numbers_select)


def _read_alike(bench: Bench, cells: list[Cell], select: Callable[[MacroLibrary, list[Cell]], str]) -> str:
    """Read cells on both warehouses; there in a session with other formats, which must make no difference."""
    differences, macros = [], bench.macros
    with duckdb.connect() as connection, bench.another_session("transformer") as session:
        for name, value in _OTHER_FORMATS.items():
            session.query(f"alter session set {name} = {value}")
        for start in range(0, len(cells), _CELLS_A_STATEMENT):
            some = cells[start : start + _CELLS_A_STATEMENT]
            ours = connection.execute(select(bench.copy.local_macros, some)).fetchall()
            theirs = session.query(select(macros, some))
            differences += [
                f"'{some[one[0]][1]}' ({some[one[0]][0]}) is {[*map(str, other[1:])]} instead of {[*map(str, one[1:])]}"
                for one, other in zip(ours, theirs, strict=True)
                if tuple(one) != tuple(other)
            ]
    if differences:
        raise Unexpected(f"{len(differences)} of {len(cells)} cells differ: {'; '.join(differences[:5])}")
    return f"{len(cells)} cells, in a session with date formats of its own"


def try_load(bench: Bench) -> str:
    """Load a wave of three rows."""
    path = bench.copy.root / "probe.csv"
    path.write_text(_EXPORT, encoding="utf-8")
    bench.command("transformer", "load", str(path), "--client", str(bench.names.client), "--wave", "1")
    return "3 rows"


def try_build(bench: Bench) -> str:
    """Build everything, and look at the figures."""
    bench.command("transformer", "build")
    with bench.session("transformer") as session:
        found = session.query(
            f"select count(*), sum(amount_spent) from {bench.names.client.name}.processed_campaign_data"
        )
    if [str(value) for value in found[0]] != ["3", "2624.750000"]:
        raise Unexpected(f"rows and spend are {found[0]} instead of 3 and 2624.750000")
    return "3 rows, spend 2,624.75"


def try_build_again(bench: Bench) -> str:
    """Build when there is nothing to do."""
    bench.command("transformer", "build")
    return "nothing to do"


def try_readers(bench: Bench) -> str:
    """Who reads what dbt made for the first time: future grants, and no copied ones."""
    client = f"select count(*) from {bench.names.client.name}.processed_campaign_data"
    marts = bench.filled("select count(*) from <name>.marts.waves")
    for job, sql in (("analyst", marts), ("developer", marts), ("loader", marts), ("developer", client)):
        with bench.session(job) as session:
            if not session.query(sql)[0][0]:
                raise Unexpected(f"{bench.names.role(job)} sees no rows: {sql}")
    with bench.session("analyst") as session:
        try:
            session.query(client)
        except Spark9Error:
            return "analyst, developer and loader, each what it may"
    raise Unexpected(f"{bench.names.role('analyst')} may read a client's rows")


def try_audit(bench: Bench) -> str:
    """Compare the registry with roles and grants."""
    bench.command("admin", "audit")
    return "roles and grants match the registry"


def try_verify(bench: Bench) -> str:
    """Compare the tables with the original file."""
    bench.command("loader", "verify", "--all")
    return "tables hold what the original file has"


def _history(bench: Bench) -> list[tuple[str, ...]]:
    users = ", ".join(f"'{bench.names.user(job).upper()}'" for job in JOBS)
    with bench.session("owner") as session:
        return [tuple(row) for row in session.query(_HISTORY.format(database=bench.names.database, users=users))]


def try_only_dml(bench: Bench) -> str:
    """Whether anything that is no DML and no query was sent between begin and commit."""
    by_session: dict[str, list[str]] = defaultdict(list)
    for sql, session_id, *_ in _history(bench):
        by_session[str(session_id)].append(re.sub(r"/\*.*?\*/", "", sql, flags=re.DOTALL).strip())
    # what the probe tries itself
    tried, count = ("query_tag = 'probe'", ".probe.made"), 0
    for statements in by_session.values():
        is_open = False
        for sql in statements:
            word = sql.split(None, 1)[0].lower().rstrip(";") if sql else ""
            count += 1
            if word in ("begin", "start", "commit", "rollback"):
                is_open = word in ("begin", "start")
            elif word == "execute":
                continue
            elif is_open and not _STAYS_INSIDE.match(sql) and not any(text in sql for text in tried):
                raise Unexpected(f"sent inside of a transaction, which it may commit: {sql[:300]}")
    if not count:
        raise Unavailable("the query history shows no statement of the probe's users")
    return f"{count} statements looked at"


def try_no_recursion(bench: Bench) -> str:
    """Whether any statement that was sent or compiled is recursive."""
    texts = [row[0] for row in _history(bench)] + [text for _, text in _compiled(bench)]
    for text in texts:
        if _RECURSIVE.search(text):
            raise Unexpected(f"a statement is recursive: {text[:300]}")
    return f"none of {len(set(texts))} statements"


def _compiled(bench: Bench) -> list[tuple[str, str]]:
    folder = bench.copy.root / "target" / "compiled"
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("models/**/*.sql"))]


def try_explain(bench: Bench) -> str:
    """Have Snowflake compile each model; those whose tables were never made are counted."""
    bench.dbt("transformer", "compile")
    fine, missing, wrong = 0, 0, []
    for name, text in _compiled(bench):
        with bench.session("transformer") as session:
            try:
                session.query(f"explain using text {text.strip().rstrip(';')}")
                fine += 1
            except Spark9Error as error:
                if any(word in error.problem for word in _MISSING):
                    missing += 1
                else:
                    wrong.append(f"{name}: {error.problem}")
    if wrong or not fine:
        raise Unexpected(f"{len(wrong)} of {fine + missing + len(wrong)} models: {'; '.join(wrong[:5])}")
    return f"{fine} models" + (f"; of {missing} more, tables are not there" if missing else "")


def try_native(bench: Bench) -> str:
    """Deploy what runs inside Snowflake, twice."""
    with bench.session("owner") as session:
        return _run_twice(session, bench.macros.call("native_ddl"))


def try_graphs(bench: Bench) -> str:
    """Whether any two graphs of tasks execute the same dbt project object."""
    with bench.session("owner") as session:
        tasks = session.rows(f"show tasks in database {bench.names.database}")
    before = {task["name"]: _predecessors(task) for task in tasks}
    graphs: dict[str, set[str]] = defaultdict(set)
    for task in tasks:
        root = task["name"]
        while before.get(root):
            root = before[root][0]
        for found in _EXECUTES.findall(task["definition"] or ""):
            graphs[found.lower()].add(root)
    if shared := {name: roots for name, roots in graphs.items() if len(roots) > 1}:
        raise Unexpected(f"several graphs of tasks execute one object: {shared}")
    return f"{len(tasks)} tasks, {len(graphs)} project objects"


def _predecessors(task: dict[str, Any]) -> list[str]:
    """The names of the tasks after which one comes; SHOW TASKS has them as JSON, with the names of their schemas."""
    return [str(name).rpartition(".")[2].strip('"') for name in json.loads(task["predecessors"] or "[]")]


def try_dbt_projects(bench: Bench) -> str:
    """Have Snowflake parse the project: once, then twice at the same time, each by an object of its own."""
    native = f"{bench.names.database}.native"
    with bench.session("admin") as session:
        session.query(f"show dbt projects in schema {native}")
        session.query(f"create stage if not exists {native}.probe_files")
        folder = bench.copy.root / "native_project"
        write_native(bench.copy, folder)
        for statement in put_statements(folder, f"{native}.probe_files"):
            session.query(statement)
        for name in ("probe_one", "probe_two"):
            session.query(f"create or replace dbt project {native}.{name} from '@{native}.probe_files'")
        session.query(f"execute dbt project {native}.probe_one args = 'parse'")

    def execute(name: str) -> None:
        with bench.another_session("admin") as session:
            session.query(f"execute dbt project {native}.{name} args = 'parse'")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(execute, ("probe_one", "probe_two")))
    return "one, and two at once"
