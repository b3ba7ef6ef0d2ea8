"""Graphs of tasks: https://docs.snowflake.com/en/user-guide/tasks-graphs, .../sql-reference/sql/create-task."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from tests.emulator.account import Account, Refused
from tests.emulator.names import NAME, part, parts

_AFTER = re.compile(rf"\bafter\s+({NAME}(?:\s*,\s*{NAME})*)", re.IGNORECASE)
_WHEN = re.compile(r"\bwhen\s+(.*)", re.IGNORECASE | re.DOTALL)
_WAREHOUSE = re.compile(rf"\bwarehouse\s*=\s*({NAME})", re.IGNORECASE)
_EXECUTES = re.compile(rf"\bexecute\s+dbt\s+project\s+(?:if\s+exists\s+)?({NAME})", re.IGNORECASE)


@dataclass(frozen=True)
class Task:
    """A task as it is when its graph begins to run; `before` are those that it comes after."""

    name: str
    before: list[str]
    warehouse: str
    condition: str
    statement: str
    is_started: bool


def graph(account: Account, name: str) -> list[Task]:
    """A task and all that come after it, each after those that it waits for."""
    known = {name: properties["DEFINITION"] for (kind, name), properties in account.objects.items() if kind == "TASK"}
    found = [name]
    while more := [
        one
        for one, definition in known.items()
        if one not in found
        and (before := _before(definition, one))
        and set(before) & set(found)
        # all that it waits for in this graph stand before it
        and not any(_comes_after(known, other, found[0]) and other not in found for other in before)
    ]:
        found += more
    return [_task(account, one, known[one]) for one in found]


def _comes_after(known: dict[str, str], name: str, root: str) -> bool:
    return name == root or any(_comes_after(known, one, root) for one in _before(known[name], name))


def _task(account: Account, name: str, definition: str) -> Task:
    head, statement = re.split(r"\bas\b", definition, maxsplit=1, flags=re.IGNORECASE)
    warehouse, when = _WAREHOUSE.search(head), _WHEN.search(head)
    return Task(
        name,
        _before(definition, name),
        part(warehouse[1]) if warehouse else "",
        when[1].strip() if when else "",
        statement.strip(),
        account.objects["TASK", name]["STATE"] == "started",
    )


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
