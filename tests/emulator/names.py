"""Names as Snowflake resolves them: unquoted ones are upper case, missing parts come from the session."""

from __future__ import annotations

import re

PART = r'(?:"[^"]+"|[\w$]+)'
NAME = rf"{PART}(?:\.{PART})*"


def part(text: str) -> str:
    """One part of a name, without quotes; upper case when it had none."""
    return text[1:-1] if text.startswith('"') else text.upper()


def parts(text: str) -> list[str]:
    """The parts of a dotted name."""
    return [part(found) for found in re.findall(PART, text)]


def qualified(text: str, database: str, schema: str | None, length: int) -> str:
    """A name with as many parts as its kind has: 1 for account objects, 2 for schemas, 3 for what is in a schema.

    Args:
        text: the name as written; brackets behind it (a procedure's arguments) stay.
        database: the session's.
        schema: the session's.
        length: how many parts the kind has.

    """
    plain, bracket, arguments = text.partition("(")
    given = parts(plain)
    outer = [database, schema or "PUBLIC"][: length - 1]
    full = outer[: max(0, length - len(given))] + given
    return ".".join(full[-length:]) + bracket + arguments
