"""Every damage of every export: the cells, what came of them, and those that are known to be wrong in silence."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from loader import find_project
from loader.project.project import Project
from tests.damage import of_cells, of_files  # noqa: F401 - they add their damages
from tests.damage.damages import DAMAGES
from tests.damage.outcomes import SILENT, Outcome, outcome
from tests.damage.sheets import SHEETS, Sheet
from tests.support import ROOT

KNOWN_SILENT = Path(__file__).parent / "known_silent.txt"
HEAD = """\
# Damaged exports that are read wrongly today without a question: damage, export, and how: 'warned' where
# a warning is printed, 'beside' where questions are about something else.
# Lines only leave this list. Written by `python -m docs.generate_damage`, which adds none; see CONTRIBUTING.md, 'A damage'.
"""
Cell = tuple[str, str]
PROCESSES, _TURNS, _PAIRS = 2, 18, 100


def damaged(cell: Cell) -> Sheet | None:
    """The sheet of a cell; none where the damage does not apply. 'a + b' names two damages, one after the other, '' none."""
    damages, name = cell
    sheet: Sheet | None = SHEETS[name]
    for part in filter(None, damages.split(" + ")):
        sheet = DAMAGES[part].apply(sheet) if sheet else None
    return sheet


def cells(*, every: bool = False) -> list[Cell]:
    """Every damage of every platform in English, and of the other exports in turn, in turn; or of all."""
    others = [name for name in SHEETS if not name.endswith(" en")]
    return [
        (damage, name)
        for at, damage in enumerate(DAMAGES)
        for name in SHEETS
        if every or name.endswith(" en") or (others.index(name) + at) % _TURNS == 0
    ]


def pairs() -> list[Cell]:
    """A sample of two damages, one after the other."""
    names, exports = list(DAMAGES), list(SHEETS)
    chosen = [sorted((at * 7 % len(names), at * 31 % len(names))) for at in range(1, _PAIRS)]
    return [
        (f"{names[first]} + {names[second]}", exports[at * 5 % len(exports)])
        for at, (first, second) in enumerate(chosen)
        if first != second
    ]


@cache
def _project() -> Project:
    return find_project(ROOT)


def outcome_of(cell: Cell) -> Outcome | None:
    """What comes of a cell; none where the damage does not apply."""
    try:
        sheet = damaged(cell)
        if sheet is None:
            return None
        sheet.content()
    except (AssertionError, LookupError, ValueError, ArithmeticError):
        if " + " in cell[0]:
            return None  # what the first left, the second can't be done to
        raise
    with tempfile.TemporaryDirectory() as folder:
        return outcome(_project(), sheet, Path(folder))


def outcomes(chosen: Iterable[Cell]) -> dict[Cell, Outcome]:
    """What comes of cells, in processes of their own."""
    listed = list(chosen)
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = pool.map(outcome_of, listed, chunksize=8)
        return {cell: result for cell, result in zip(listed, found, strict=True) if result}


def silent(found: dict[Cell, Outcome]) -> dict[Cell, str]:
    """The cells that are wrong without a question though their files tell it, and how."""
    return {
        cell: result.name for cell, result in sorted(found.items()) if result.name in SILENT and not is_untold(cell[0])
    }


def is_untold(damages: str) -> bool:
    """Whether one of the damages of a cell is one that nothing in the file tells."""
    return any(DAMAGES[part].untold for part in damages.split(" + ") if part)


def known_silent() -> dict[Cell, str]:
    """The cells of the list."""
    lines = KNOWN_SILENT.read_text(encoding="utf-8").splitlines()
    parts = (line.split(" | ") for line in lines if line and not line.startswith("#"))
    return {(damage, name): rest[0] if rest else "silent" for damage, name, *rest in parts}


def write_known_silent(known: dict[Cell, str]) -> None:
    """Write the list."""
    KNOWN_SILENT.write_text(HEAD + "".join(_lines(known)), encoding="utf-8")


def _lines(known: dict[Cell, str]) -> Iterator[str]:
    for (damage, name), how in sorted(known.items()):
        yield f"{damage} | {name}{'' if how == 'silent' else f' | {how}'}\n"
