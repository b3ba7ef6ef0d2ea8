"""Transactions as Snowflake's documentation has them, read as strictly as it can be.

https://docs.snowflake.com/en/sql-reference/transactions: an explicit transaction should contain only DML and query
statements; "some commands, including most DDL statements" commit it. Which these are is not listed, so here everything else
does: what https://docs.snowflake.com/en/sql-reference/ddl-other counts as DDL too (ALTER SESSION, USE, SET), SHOW and
DESCRIBE (.../sql-ddl-summary), and PUT, GET, LIST and REMOVE, which .../sql-dml calls no actual DML.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import snowflake.connector.errors
from snowflake.connector.util_text import split_statements

from tests.emulator.statements import Session, plain

# .../sql-dml, and queries; a common table expression or a bracket begins one
_STAY_INSIDE = frozenset(
    {"insert", "update", "delete", "merge", "truncate", "copy", "select", "with", "call", "values", "explain", "("}
)
_ENDS = frozenset({"commit", "rollback"})
_BLOCK = re.compile(r"execute\s+immediate\s+(?:\$\$(.*)\$\$|'((?:[^'\\]|''|\\.)*)')", re.IGNORECASE | re.DOTALL)
# the one form of a block that the project sends: a transaction that a failure rolls back
_TRANSACTION = re.compile(
    r"begin\s+begin\s+transaction\s*;(.*)commit\s*;\s*exception\s+when\s+other\s+then\s+rollback\s*;\s*raise\s*;\s*end\s*;?",
    re.IGNORECASE | re.DOTALL,
)


def first_word(sql: str) -> str:
    """The word that says what a statement is, in lower case; a bracket for one that begins with it."""
    text = re.sub(r"^(?:\s+|--[^\n]*\n)*", "", plain(sql))
    return "(" if text.startswith("(") else re.split(r"[^\w]", text, maxsplit=1)[0].lower()


def keep(session: Session, sql: str, run: Callable[[str], object]) -> bool:
    """Commit the open transaction before a statement that does so; whether it was ended in that way.

    Args:
        session: of the statement.
        sql: the statement.
        run: runs a statement without any of this.

    """
    word = first_word(sql)
    if word in ("begin", "start"):
        session.in_transaction = True
        return False
    if word in _ENDS or (session.in_transaction and word not in _STAY_INSIDE):
        is_implicit = session.in_transaction and word not in _ENDS
        session.in_transaction = False
        if is_implicit:
            run("commit")
        return is_implicit
    return False


def is_ignored(session: Session, sql: str) -> bool:
    """Whether a statement begins a transaction while one is open, which does nothing."""
    return session.in_transaction and first_word(sql) in ("begin", "start")


def block_of(sql: str) -> list[str] | None:
    """The statements of an anonymous block's transaction; none when the statement is another one.

    https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks and .../exceptions.

    Raises:
        ProgrammingError: it is a block of a form that is not written out here.

    """
    match = _BLOCK.fullmatch(plain(sql))
    if match is None:
        return None
    text = match[1] if match[1] is not None else re.sub(r"\\(.)|'(')", r"\1\2", match[2], flags=re.DOTALL)
    body = _TRANSACTION.fullmatch(text.strip())
    if body is None:
        raise snowflake.connector.errors.ProgrammingError(
            msg=f"the emulator runs no block of this form: {text[:200]}", errno=1003, sqlstate="42000"
        )
    return [statement for statement, _ in split_statements(io.StringIO(body[1])) if plain(statement)]
