"""Tags and masking policies, and what a SELECT shows of a masked column.

https://docs.snowflake.com/en/user-guide/security-column-ddm-intro: a policy is the expression that stands in the place of its
column, evaluated with the roles of who asks. Here that is done for what a SELECT names itself; a view over a masked
table, which Snowflake masks too, is not followed.
"""

from __future__ import annotations

import re

from fakesnow.dialect import parse_one
from sqlglot import exp

from tests.emulator import privileges
from tests.emulator.account import Account, Refused
from tests.emulator.names import part
from tests.emulator.statements import REWRITES, Answer, Session, full_name, handles, plain

_ROLE = re.compile(r"is_role_in_session\(\s*'(\w+)'\s*\)", re.IGNORECASE)


@handles(r"create tag( if not exists)? NAME")
def _create_tag(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-tag."""
    return _made(account, session, "TAG", match[2], "", is_lenient=bool(match[1]))


@handles(r"create masking policy( if not exists)? NAME as \((\w+) (varchar|variant)\) returns \4 -> (.*)")
def _create_policy(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-masking-policy."""
    text = f"{match[3]} {match[5]}"
    return _made(account, session, "MASKING POLICY", match[2], text, is_lenient=bool(match[1]))


def _made(account: Account, session: Session, kind: str, written: str, text: str, *, is_lenient: bool) -> Answer:
    name = full_name(session, kind, written)
    if (kind, name) not in account.objects:
        account.require_creator(session.role, kind, name)
        account.create(kind, name, session.role, DEFINITION=text)
    elif not is_lenient:
        raise Refused(f"Object '{name}' already exists.")
    return Answer(["status"], [[f"{kind.title()} {name} successfully created."]])


@handles(r"alter table NAME (?:modify|alter) column PART set (masking policy|tag) NAME(?: force| ?= ?'.*')")
def _alter_column(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """alter-table-column: needs APPLY on the policy or tag, and the table's ownership."""
    table, column, kind = full_name(session, "TABLE", match[1]), part(match[2]), match[3].upper()
    name = full_name(session, kind, match[4])
    if ("TABLE", table) not in account.objects or (kind, name) not in account.objects:
        raise Refused(f"'{table}' or {kind} '{name}' does not exist or not authorized.")
    privileges.require(account, session, "OWNERSHIP", "TABLE", table)
    privileges.require(account, session, "APPLY", kind, name)
    account.objects[f"{kind} OF COLUMN", f"{table}.{column}"] = {"NAME": name}
    return Answer(["status"], [["Statement executed successfully."]])


def masked(account: Account, session: Session, sql: str) -> str:
    """A statement with the policies' expressions in the place of masked columns; as it is where there are none."""
    policies = {
        key: kept["NAME"] for (kind, key), kept in account.objects.items() if kind == "MASKING POLICY OF COLUMN"
    }
    if not policies or not re.match(r"\s*(select|with)\b", plain(sql), re.IGNORECASE):
        return sql
    expression = parse_one(plain(sql))
    found = False
    for table in list(expression.find_all(exp.Table)):
        name = full_name(session, "TABLE", ".".join(one.sql(dialect="snowflake") for one in table.parts))
        shown = [
            f"{_value(account, session, policy, key.rpartition('.')[2])} as {key.rpartition('.')[2]}"
            for key, policy in sorted(policies.items())
            if key.rpartition(".")[0] == name
        ]
        if shown:
            found = True
            alias = table.alias or table.name
            inner = parse_one(f"select * replace ({', '.join(shown)}) from {name}")
            table.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(alias))))
    return expression.sql(dialect="snowflake") if found else sql


def _value(account: Account, session: Session, policy: str, column: str) -> str:
    argument, _, body = account.objects["MASKING POLICY", policy]["DEFINITION"].partition(" ")
    roles = account.roles_of(session.role)
    body = _ROLE.sub(lambda asked: "true" if asked[1].upper() in roles else "false", body)
    return re.sub(rf"\b{argument}\b", column, body)


REWRITES.append(masked)
