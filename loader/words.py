"""Words of messages."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, what: str) -> str:
    """'1 row', '2 rows'."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def named(what: str, names: Sequence[str]) -> str:
    """'the table a', 'the tables a, b'."""
    return f"the {what}{'' if len(names) == 1 else 's'} {', '.join(names)}"
