"""Stored procedures in Snowflake Scripting: what the project's own use of it, run statement by statement.

https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks, .../variables, .../branch, .../loops, .../exceptions
and sql-reference/sql/create-procedure. Expressions are evaluated by the warehouse, with the variables' values in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import snowflake.connector.errors

from tests.emulator.account import Account, Refused
from tests.emulator.names import NAME
from tests.emulator.statements import Session, full_name, plain

_CALL = re.compile(rf"call\s+({NAME})\s*\((.*)\)", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"\s*(?:declare\s(.*?))?\bbegin\s(.*)\bend\s*;?\s*", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(r"'(?:[^'\\]|''|\\.)*'|[\w$.:]+|\s+|.", re.DOTALL)
_ARRAY = re.compile(r"array_construct\((.*)\)", re.IGNORECASE | re.DOTALL)
_ELEMENT = re.compile(r"\bget\((\w+),\s*(\w+)\)::varchar", re.IGNORECASE)
_SIZE = re.compile(r"\barray_size\((\w+)\)", re.IGNORECASE)
# of an expression: the rows of a statement with it
Query = Callable[[str], list[tuple[Any, ...]]]


class _Returned(Exception):  # noqa: N818 - not an error
    def __init__(self, value: object) -> None:
        self.value = value


@dataclass
class _Frame:
    """The variables of a call, by lower-case name."""

    query: Query
    values: dict[str, Any] = field(default_factory=dict)
    exceptions: dict[str, str] = field(default_factory=dict)

    def filled(self, text: str, *, bare: bool) -> str:
        """A text with values in the place of `:name`, and in expressions of names too."""
        text = _ELEMENT.sub(lambda found: _literal(self.values[found[1].lower()][int(self._value(found[2]))]), text)
        text = _SIZE.sub(lambda found: str(len(self.values[found[1].lower()])), text)

        def value(match: re.Match[str]) -> str:
            token = match[0]
            name = token.partition("::")[0].lstrip(":").lower()
            if token.startswith("'") or name not in self.values or not (token.startswith(":") or bare):
                return token
            return _literal(self.values[name]) + ("::" + token.partition("::")[2] if "::" in token else "")

        return _TOKEN.sub(value, text)

    def evaluated(self, expression: str) -> Any:
        """The value of an expression."""
        if match := _ARRAY.fullmatch(expression.strip()):
            return [_text(found) for found in re.findall(r"'(?:[^'\\]|''|\\.)*'", match[1], re.DOTALL)]
        return self.query(f"select {self.filled(expression, bare=True)}")[0][0]

    def _value(self, word: str) -> Any:
        return self.values.get(word.lower(), word)


def call(
    account: Account, session: Session, sql: str, query: Query, run: Callable[[str], object]
) -> tuple[bool, object]:
    """Call a procedure: whether the statement is such a call, and what it returns.

    Args:
        account: knows the procedures.
        session: of the caller; the procedure runs with the rights of its owner.
        sql: the statement.
        query: runs a statement and gives its rows.
        run: runs a statement.

    """
    match = _CALL.fullmatch(plain(sql))
    if match is None:
        return False, None
    name = full_name(session, "PROCEDURE", match[1])
    key = next((key for key in account.objects if key[0] == "PROCEDURE" and key[1].partition("(")[0] == name), None)
    if key is None or not account.holds(session.role, "USAGE", *key):
        raise Refused(f"Unknown user-defined function {name} does not exist or not authorized.")
    definition = account.objects[key]["DEFINITION"]
    arguments = definition.partition("(")[2].partition(")")[0].split(",")
    names = [one.split()[0].lower() for one in arguments if one.strip()]
    body = _BODY.fullmatch(definition.split("$$")[1])
    if body is None:
        raise snowflake.connector.errors.ProgrammingError(msg="syntax error in a procedure", errno=1003)
    frame = _Frame(query, dict(zip(names, query(f"select {match[2]}")[0] if names else (), strict=True)))
    _declare(frame, body[1] or "")
    caller = session.role
    session.role = account.owner(*key)
    try:
        _run(frame, _steps(body[2]), run)
    except _Returned as returned:
        return True, returned.value
    finally:
        session.role = caller
    return True, None


def _declare(frame: _Frame, text: str) -> None:
    for piece in _pieces(text):
        name, kind, *_ = piece.split(None, 2)
        if kind.lower() == "exception":
            frame.exceptions[name.lower()] = _text(re.findall(r"'(?:[^'\\]|''|\\.)*'", piece)[0])
        else:
            default = re.split(r"\sdefault\s", piece, maxsplit=1, flags=re.IGNORECASE)[1:]
            frame.values[name.lower()] = frame.evaluated(default[0]) if default else None


# an `if` with its condition, a `for` with what it counts, an `else`, the end of either, or a statement
_Step = tuple[str, str]


def _steps(text: str) -> list[_Step]:
    """The steps of a body, in order; what stands behind `then`, `do` and `else` is a step of its own."""
    steps: list[_Step] = []
    for piece in _pieces(text):
        rest = piece
        while match := re.match(r"(if)\s*(?=\()|(for)\s|(else)\s", rest, re.IGNORECASE):
            kind = (match[1] or match[2] or match[3]).lower()
            head, rest = ("", rest[match.end() :]) if kind == "else" else _parted(rest[match.end() :])
            steps.append((kind, head))
            rest = rest.strip()
        is_end = re.fullmatch(r"end\s+(?:if|for)", rest, re.IGNORECASE)
        steps.append(("end", "") if is_end else ("run", rest))
    return steps


def _parted(text: str) -> tuple[str, str]:
    """What stands before and behind the first `then` or `do` that is in no bracket and no literal."""
    depth = at = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0 and match[0].lower() in ("then", "do"):
            return text[:at].strip(), text[match.end() :]
        at = match.end()
    raise snowflake.connector.errors.ProgrammingError(msg="syntax error: THEN or DO is missing", errno=1003)


def _run(frame: _Frame, steps: list[_Step], run: Callable[[str], object]) -> None:
    at = 0
    while at < len(steps):
        kind, text = steps[at]
        at += 1
        if kind == "run":
            _run_one(frame, text, run)
            continue
        depth, otherwise, end = 1, 0, at
        while depth:
            depth += {"if": 1, "for": 1, "end": -1}.get(steps[end][0], 0)
            otherwise = end if depth == 1 and steps[end][0] == "else" else otherwise
            end += 1
        body, other = steps[at : otherwise or end - 1], steps[otherwise + 1 : end - 1] if otherwise else []
        at = end
        if kind == "if":
            if not (text.startswith("(") and text.endswith(")")):
                raise snowflake.connector.errors.ProgrammingError(msg="syntax error: IF needs brackets", errno=1003)
            _run(frame, body if frame.evaluated(text) else other, run)
        else:
            _count(frame, text, body, run)


def _count(frame: _Frame, head: str, body: list[_Step], run: Callable[[str], object]) -> None:
    name, first, last = re.fullmatch(r"(\w+)\s+in\s+(.*?)\s+to\s+(.*)", head, re.IGNORECASE | re.DOTALL).groups()  # type: ignore[union-attr]
    for value in range(int(frame.evaluated(first)), int(frame.evaluated(last)) + 1):
        frame.values[name.lower()] = value
        _run(frame, body, run)


def _run_one(frame: _Frame, piece: str, run: Callable[[str], object]) -> None:
    if match := re.fullmatch(r"(\w+)\s*:=\s*(.*)", piece, re.DOTALL):
        frame.values[match[1].lower()] = frame.evaluated(match[2])
    elif match := re.fullmatch(r"return\s+(.*)", piece, re.IGNORECASE | re.DOTALL):
        raise _Returned(frame.evaluated(match[1]))
    elif match := re.fullmatch(r"raise\s+(\w+)", piece, re.IGNORECASE):
        said = f"Uncaught exception of type '{match[1].upper()}': {frame.exceptions[match[1].lower()]}"
        raise snowflake.connector.errors.ProgrammingError(msg=said, errno=20001, sqlstate="P0001")
    elif match := re.fullmatch(r"execute\s+immediate\s+:(\w+)", piece, re.IGNORECASE):
        run(str(frame.values[match[1].lower()]))
    elif match := re.fullmatch(
        r"select\s+(.*?)\s+into\s+(:\w+(?:\s*,\s*:\w+)*)\s+(.*)", piece, re.IGNORECASE | re.DOTALL
    ):
        (row,) = frame.query(frame.filled(f"select {match[1]} {match[3]}", bare=False))
        names = [name.strip(" :\n").lower() for name in match[2].split(",")]
        frame.values |= dict(zip(names, row, strict=True))
    else:
        run(frame.filled(piece, bare=False))


def _pieces(text: str) -> list[str]:
    """Statements, parted by semicolons that stand in no literal."""
    pieces = [""]
    for match in _TOKEN.finditer(text):
        if match[0] == ";":
            pieces.append("")
        else:
            pieces[-1] += match[0]
    return [piece.strip() for piece in pieces if piece.strip()]


def _text(literal: str) -> str:
    return re.sub(r"''|\\(.)", lambda found: found[1] or "'", literal[1:-1], flags=re.DOTALL)


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if isinstance(value, date):
        return f"'{value}'::{'timestamp' if isinstance(value, datetime) else 'date'}"
    return str(value)
