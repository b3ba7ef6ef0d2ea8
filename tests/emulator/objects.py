"""Databases with their comments, how account objects go, the history of statements, and EXPLAIN."""

from __future__ import annotations

import re

from tests.emulator.account import Account, Refused
from tests.emulator.names import part
from tests.emulator.statements import REWRITES, Answer, Session, handles

_DONE = Answer(["status"], [["Statement executed successfully."]])


@handles(r"(create(?: or replace)?(?: transient)? database PART) comment ?= ?'([^']*)'")
def _create_database(account: Account, session: Session, match: re.Match[str]) -> str:
    """create-database: its comment is kept beside it."""
    name = part(match[2])
    if ("DATABASE", name) in account.objects:
        raise Refused(f"Object '{name}' already exists.")
    account.require_creator(session.role, "DATABASE", name)
    account.database_comments[name] = match[3]
    return match[1]


@handles(r"show databases like '(.*)'")
def _show_databases(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-databases: those that a pattern without wildcards names, where `_` stands for any character."""
    pattern = re.compile(re.escape(match[1].replace("\\", "")).replace("_", "."), re.IGNORECASE)
    rows = [
        [name, account.database_comments.get(name, "")]
        for kind, name in sorted(account.objects)
        if kind == "DATABASE" and pattern.fullmatch(name)
    ]
    return Answer(["name", "comment"], rows)


@handles(r"show users like '(.*)'")
def _show_users(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-users."""
    pattern = re.compile(re.escape(match[1].replace("\\", "")).replace("_", "."), re.IGNORECASE)
    return Answer(["name"], [[name] for name in sorted(account.users) if pattern.fullmatch(name)])


@handles(r"drop (user|warehouse|resource monitor)( if exists)? PART")
def _drop_account_object(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """drop-user, drop-warehouse, drop-resource-monitor: for the owner."""
    kind, name = " ".join(match[1].upper().split()), part(match[3])
    if (kind, name) not in account.objects:
        if match[2]:
            return _DONE
        raise Refused(f"{kind.title()} '{name}' does not exist or not authorized.")
    account.require_grantor(session.role, "OWNERSHIP", kind, name)
    account.drop(kind, name)
    if kind == "USER":
        account.users.discard(name)
        account.role_members = {member for member in account.role_members if member[1:] != ("USER", name)}
    return _DONE


@handles(
    r"select query_text, session_id, user_name, role_name, execution_status, error_message "
    r"from table\(PART\.information_schema\.query_history\(.*\)\) .*"
)
def _query_history(account: Account, session: Session, _match: re.Match[str]) -> Answer:
    """../functions/query_history: the one query that is made of it; what others ran is for those who monitor them."""
    columns = ["query_text", "session_id", "user_name", "role_name", "execution_status", "error_message"]
    return Answer(columns, [row for row in account.history if session.role == "ACCOUNTADMIN" or row[2] == session.user])


@handles(r"explain using (?:text|tabular|json) ((?:--[^\n]*\n\s*)*(?:select|with)\b.*)")
def _explain(_account: Account, _session: Session, match: re.Match[str]) -> str:
    """explain: the statement is compiled, with its names and privileges, and gives no rows."""
    return f"select * from ({match[1]}\n) as explained limit 0"


@handles(r"alter account set emulator_cancels ?= ?'(.*)'")
def _cancel(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """Not a statement of Snowflake: which statements are cancelled from now on, as a regular expression; '' for none."""
    account.cancels = match[1].replace("''", "'")
    return _DONE


def in_the_form_of_the_session(_account: Account, session: Session, sql: str) -> str:
    """try_to_date() and to_date() of a text without a form read it by DATE_INPUT_FORMAT.

    https://docs.snowflake.com/en/sql-reference/functions/to_date and .../parameters#date-input-format.
    """
    form = session.parameters.get("DATE_INPUT_FORMAT", "AUTO")
    if form == "AUTO" or "to_date" not in sql.lower():
        return sql
    calls = re.finditer(r"\b(?:try_)?to_date\(", sql, re.IGNORECASE)
    ends = [end for end, has_form in (_closing(sql, match.end()) for match in calls) if not has_form]
    for end in sorted(ends, reverse=True):
        sql = f"{sql[:end]}, '{form}'{sql[end:]}"
    return sql


def _closing(sql: str, start: int) -> tuple[int, bool]:
    """Where the bracket closes that was opened before `start`, and whether a comma separates arguments in it."""
    depth, is_quoted, has_comma = 1, False, False
    for at in range(start, len(sql)):
        one = sql[at]
        if one == "'":
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += (one == "(") - (one == ")")
            has_comma |= one == "," and depth == 1
            if depth == 0:
                return at, has_comma
    return len(sql), has_comma


REWRITES.append(in_the_form_of_the_session)
