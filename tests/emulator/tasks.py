"""Graphs of tasks: https://docs.snowflake.com/en/user-guide/tasks-graphs, .../sql-reference/sql/create-task."""

from __future__ import annotations

import json
import re

from tests.emulator.account import Account, Refused
from tests.emulator.names import NAME, parts

_AFTER = re.compile(rf"\bafter\s+({NAME}(?:\s*,\s*{NAME})*)", re.IGNORECASE)
_EXECUTES = re.compile(rf"\bexecute\s+dbt\s+project\s+(?:if\s+exists\s+)?({NAME})", re.IGNORECASE)


def _head(definition: str) -> str:
    """What stands before the statement that a task runs."""
    return re.split(r"\bas\b", definition, maxsplit=1, flags=re.IGNORECASE)[0]


def _before(definition: str, name: str) -> list[str]:
    match = _AFTER.search(_head(definition))
    return (
        [".".join([*name.split(".")[: 3 - len(parts(one))], *parts(one)]) for one in match[1].split(",")]
        if match
        else []
    )


def _root(account: Account, name: str, definition: str) -> str:
    """The task in which the graph of a task begins.

    Raises:
        Refused: a task that it comes after does not exist.

    """
    while before := _before(definition, name):
        name = before[0]
        if ("TASK", name) not in account.objects:
            raise Refused(f"Task '{name}' does not exist or not authorized.")
        definition = account.objects["TASK", name]["DEFINITION"]
    return name


def described(name: str, definition: str) -> tuple[str, str]:
    """What SHOW TASKS says of a task beside its state: the statement that it runs, and the tasks that it comes after."""
    statement = re.split(r"\bas\b", definition, maxsplit=1, flags=re.IGNORECASE)[1]
    return statement.strip(), json.dumps(_before(definition, name))


def require_suspended_root(account: Account, name: str) -> None:
    """Refuse to change a task while the root of its graph runs: "suspend the root task first"."""
    root = _root(account, name, account.objects["TASK", name]["DEFINITION"])
    if root != name and account.objects["TASK", root]["STATE"] == "started":
        raise Refused(f"Unable to update graph with root task {root} since that root task is not suspended.")


def require_graph(account: Account, name: str, definition: str) -> None:
    """Refuse a task that changes a running graph, or that executes the dbt project object of another graph.

    Several EXECUTE DBT PROJECT at once on one object are not supported:
    https://docs.snowflake.com/en/user-guide/data-engineering/dbt-projects-on-snowflake-limitations.
    """
    root = _root(account, name, definition)
    if account.objects.get(("TASK", root), {}).get("STATE") == "started":
        raise Refused(f"Unable to update graph with root task {root} since that root task is not suspended.")
    ours = {".".join(parts(found)) for found in _EXECUTES.findall(definition)}
    for (kind, other), properties in account.objects.items():
        if kind == "TASK" and other != name and _root(account, other, properties["DEFINITION"]) != root:
            shared = ours & {".".join(parts(found)) for found in _EXECUTES.findall(properties["DEFINITION"])}
            if shared:
                raise Refused(f"{name} and {other} could execute {shared.pop()} at once, which is not supported.")
