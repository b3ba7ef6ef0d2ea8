"""What is done to exports: each damage is a function of a sheet, and gives none where it does not apply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.damage.sheets import Sheet

Damaging = Callable[[Sheet], Sheet | None]


@dataclass(frozen=True)
class Damage:
    """One damage.

    Args:
        name: how known_silent.txt and docs/damage.md call it.
        what: in words.
        apply: the damaged sheet; none where the damage does not apply to the export.
        untold: nothing in the file tells that it was done; a total, rates or another export may.

    """

    name: str
    what: str
    apply: Damaging
    untold: bool = False


DAMAGES: dict[str, Damage] = {}


# of a right amount there is another that is as right, and of a shorter file nothing is left that says so
UNTOLD = ("spend_ten_fold_in_one_row", "cut_off_between_rows")


def add(name: str, what: str, apply: Damaging) -> None:
    """Add a damage of a family."""
    assert name not in DAMAGES, name
    DAMAGES[name] = Damage(name, what, apply, untold=name in UNTOLD)


def damage(function: Damaging) -> Damaging:
    """Add a function as a damage: its name is the damage's, its first line says what is done."""
    add(function.__name__, (function.__doc__ or "").strip().rstrip("."), function)
    return function


def some(sheet: Sheet) -> list[int]:
    """Every eighth row of data: too many to leave open."""
    return sheet.data[3::8]


def one(sheet: Sheet) -> list[int]:
    """One row of data in 120: few enough for a question."""
    return sheet.data[57:58]


_ROWS: dict[str, Callable[[Sheet], Sequence[int]]] = {"all": lambda sheet: sheet.data, "some": some, "one": one}


def in_cells(name: str, what: str, kind: str, change: Callable[[str], str], where: str = "some one") -> None:
    """Add a damage of one column's cells for each of the rows named: all, some or one."""
    for rows in where.split():

        def apply(sheet: Sheet, rows: str = rows) -> Sheet | None:
            found = None if sheet.at(kind) is None else sheet.with_cells(kind, change, _ROWS[rows](sheet))
            return None if found is None or found.rows == sheet.rows else found

        suffix = {"all": ("", ""), "some": ("_in_some_rows", ", in some rows"), "one": ("_in_one_row", ", in one row")}[
            rows
        ]
        add(name + suffix[0], what + suffix[1], apply)
