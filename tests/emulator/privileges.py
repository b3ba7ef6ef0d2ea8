"""Whether a role may run a statement: the part of access control that this project's grants are about.

https://docs.snowflake.com/en/user-guide/security-access-control-privileges. Checked are reading and writing tables,
making tables in a schema, and reading and writing stages; each also asks for usage of the schema and the database.
ACCOUNTADMIN may do everything here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fakesnow.dialect import parse_one
from sqlglot import Expr, exp

from tests.emulator.account import Account, Refused
from tests.emulator.names import NAME
from tests.emulator.statements import Session, full_name, plain

_STAGED = re.compile(rf"\s*(put\b.*?|list\s+|ls\s+|get\s+|copy\s+into\s+.*?)@({NAME})", re.IGNORECASE | re.DOTALL)
_UNCHECKED_SCHEMAS = ("INFORMATION_SCHEMA", "ACCOUNT_USAGE")


def check(account: Account, session: Session, command: str) -> None:
    """Refuse a statement for which the session's role lacks a privilege.

    Raises:
        Refused: naming the privilege and the object.

    """
    if session.role == "ACCOUNTADMIN":
        return
    if match := _STAGED.match(command):
        verb, name = match[1].split()[0].lower(), full_name(session, "STAGE", match[2])
        is_external = "URL" in account.objects.get(("STAGE", name), {})
        require(account, session, "WRITE" if verb == "put" else "USAGE" if is_external else "READ", "STAGE", name)
        if verb != "copy":
            return
    try:
        expression = parse_one(plain(command))
    except Exception:
        return
    if isinstance(expression, exp.Create | exp.Drop):
        _check_making(account, session, expression)
    for privilege, kind, name in _needed(session, expression):
        require(account, session, privilege, kind, name)


def require(account: Account, session: Session, privilege: str, kind: str, name: str) -> None:
    """Refuse unless the role holds the privilege on the object, or owns it, and may use its schema and database."""
    if kind == "TABLE" and ("VIEW", name) in account.objects:
        kind = "VIEW"
    if (kind, name) not in account.objects:
        return
    outer = name.split(".")
    containers = [("DATABASE", outer[0]), ("SCHEMA", ".".join(outer[:2]))][: len(outer) - 1]
    for needed in [*(("USAGE", *container) for container in containers), (privilege, kind, name)]:
        roles = account.active_roles(session.user, session.role)
        if needed[1:] in account.objects and not any(account.holds(role, *needed) for role in roles):
            raise Refused(f"{session.role} has no {needed[0]} on {needed[1]} {needed[2]}.")


def _check_making(account: Account, session: Session, expression: exp.Create | exp.Drop) -> None:
    """Making needs CREATE where the object is to be; replacing and dropping is for the owner."""
    kind, target = str(expression.args.get("kind")).upper(), expression.find(exp.Table)
    if kind not in ("TABLE", "VIEW", "SCHEMA", "STAGE", "DATABASE") or target is None:
        return
    name = full_name(session, kind, _name(target))
    is_there = (kind, name) in account.objects
    if is_there and (isinstance(expression, exp.Drop) or expression.args.get("replace")):
        require(account, session, "OWNERSHIP", kind, name)
    elif not is_there and isinstance(expression, exp.Create):
        account.require_creator(session.role, kind, name)


def _needed(session: Session, expression: Expr) -> Iterator[tuple[str, str, str]]:
    written = (
        expression.find(exp.Table) if isinstance(expression, (exp.Insert, exp.Update, exp.Delete, exp.Copy)) else None
    )
    if written is not None:
        verb = "INSERT" if isinstance(expression, (exp.Insert, exp.Copy)) else type(expression).__name__.upper()
        yield verb, "TABLE", full_name(session, "TABLE", _name(written))
    if isinstance(expression, exp.Create | exp.Drop):
        written = expression.find(exp.Table)
    local = {cte.alias.upper() for cte in expression.find_all(exp.CTE)}
    for table in expression.find_all(exp.Table):
        is_local = not table.db and table.name.upper() in local
        if table is not written and not is_local and table.name and table.db.upper() not in _UNCHECKED_SCHEMAS:
            yield "SELECT", "TABLE", full_name(session, "TABLE", _name(table))


def _name(table: exp.Table) -> str:
    return ".".join(part.sql(dialect="snowflake") for part in table.parts)
