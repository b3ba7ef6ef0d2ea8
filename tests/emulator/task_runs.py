"""EXECUTE TASK, and the history of what tasks did.

https://docs.snowflake.com/en/sql-reference/sql/execute-task: the root alone can be executed, also while it is suspended;
children that are suspended are passed over; a graph whose root runs has its turn when that ends.
.../sql-reference/functions/task_history. Schedules and triggers start nothing here.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.emulator import tasks
from tests.emulator.account import Account, Refused
from tests.emulator.names import NAME, part
from tests.emulator.statements import REWRITES, Answer, Session, full_name, handles, plain

_EXECUTE = re.compile(rf"execute\s+task\s+({NAME})", re.IGNORECASE)
_HISTORY = re.compile(
    r"\btable\s*\(\s*[\w.]*information_schema\.task_history\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\s*\)",
    re.IGNORECASE,
)
_COLUMNS = {
    "query_id": "varchar", "name": "varchar", "database_name": "varchar", "schema_name": "varchar", "state": "varchar",
    "error_code": "varchar", "error_message": "varchar", "scheduled_time": "timestamp", "query_start_time": "timestamp",
    "completed_time": "timestamp", "graph_run_group_id": "varchar",
}  # fmt: skip
# runs one statement as a role, on a connection of its own; its rows
Run = Callable[[str, str], list[tuple[Any, ...]]]


@dataclass
class TaskRuns:
    """What runs, and what ran: one row of `_COLUMNS` each."""

    rows: list[dict[str, str | None]] = field(default_factory=list)
    turns: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))


RUNS = TaskRuns()


def execute(account: Account, session: Session, sql: str, run: Run) -> Answer | None:
    """Start the graph of a task; none when the statement is another one.

    Raises:
        Refused: there is no such task, it is no root, or its owner lacks a privilege.

    """
    match = _EXECUTE.fullmatch(plain(sql))
    if match is None:
        return None
    name = full_name(session, "TASK", match[1])
    with account.lock:
        if ("TASK", name) not in account.objects or not account.holds(session.role, "OPERATE", "TASK", name):
            raise Refused(f"Task '{name}' does not exist or not authorized.")
        # "complete[s] its run with this version"
        graph = tasks.graph(account, name)
        if graph[0].before:
            raise Refused(f"Cannot execute task {name} since it is not the root of its graph.")
        owner = account.owner("TASK", name)
        needed = [("EXECUTE TASK", "ACCOUNT", "ACCOUNT"), ("USAGE", "WAREHOUSE", graph[0].warehouse)]
        if missing := [one for one in needed if not account.holds(owner, *one)]:
            raise Refused(f"Cannot execute task {name}: {owner} has no {' '.join(missing[0])}.")
    threading.Thread(target=_run_graph, args=(graph, owner, run), daemon=True).start()
    return Answer(["status"], [[f"Task {name.rpartition('.')[2]} is scheduled to run immediately."]])


def _run_graph(graph: list[tasks.Task], owner: str, run: Run) -> None:
    group, states = str(uuid4()), dict.fromkeys((task.name for task in graph), "")
    with RUNS.turns[graph[0].name]:
        for at, task in enumerate(graph):
            if at and (not task.is_started or any(states[before] != "SUCCEEDED" for before in task.before)):
                continue
            states[task.name] = _run_task(task, owner, group, run)


def _run_task(task: tasks.Task, owner: str, group: str, run: Run) -> str:
    database, schema, name = task.name.split(".")
    now = _now()
    row: dict[str, str | None] = dict.fromkeys(_COLUMNS) | {
        "query_id": str(uuid4()), "name": name, "database_name": database, "schema_name": schema, "state": "EXECUTING",
        "scheduled_time": now, "query_start_time": now, "graph_run_group_id": group,
    }  # fmt: skip
    RUNS.rows.append(row)
    end: dict[str, str | None] = {"state": "SUCCEEDED"}
    try:
        if task.condition and str(run(owner, f"select ({task.condition})::varchar")[0][0]).lower() != "true":
            end = {"state": "SKIPPED", "error_message": "Conditional expression for task evaluated to false."}
        else:
            run(owner, task.statement)
    except Exception as error:  # of any kind, as it is the task's end
        end = {"state": "FAILED", "error_code": str(getattr(error, "errno", "")), "error_message": str(error)}
    row |= end | {"completed_time": _now()}
    return str(end["state"])


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


@handles(r"execute task NAME")
def _execute_task(_account: Account, _session: Session, _match: re.Match[str]) -> Answer:
    """execute-task: `execute` answers it, before the account is asked."""
    raise NotImplementedError


def with_history(account: Account, session: Session, sql: str) -> str:
    """A statement with the rows in the place of task_history(), and of a view over it."""
    for (kind, name), properties in account.objects.items():
        if kind == "VIEW" and "DEFINITION" in properties and name.rpartition(".")[2] in sql.upper():
            pattern = rf"\b(from|join)\s+({NAME})"
            sql = re.sub(
                pattern,
                lambda found, name=name, text=properties["DEFINITION"]: (  # type: ignore[misc]
                    f"{found[1]} ({text}) as {part(found[2].rpartition('.')[2])}"
                    if full_name(session, "VIEW", found[2]) == name
                    else found[0]
                ),
                sql,
                flags=re.IGNORECASE,
            )
    return _HISTORY.sub(lambda _: f"({_rows()})", sql)


def _rows() -> str:
    def value(text: str | None, type_: str) -> str:
        return "cast(null as " + type_ + ")" if text is None else "'" + text.replace("'", "''") + f"'::{type_}"

    nothing = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in _COLUMNS.items())
    selects = [f"select {nothing} where false"]
    selects += [
        "select " + ", ".join(f"{value(row[name], type_)} as {name}" for name, type_ in _COLUMNS.items())
        for row in list(RUNS.rows)
    ]
    return " union all ".join(selects)


REWRITES.append(with_history)
