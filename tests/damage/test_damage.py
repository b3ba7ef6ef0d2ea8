"""Damaged exports are read right, refused or asked about; those that are not are known, and get fewer."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from docs.generate_damage import PAGE, letter_of, page
from tests.damage.damages import DAMAGES
from tests.damage.matrix import Cell, cells, damaged, known_silent, outcome_of, outcomes, pairs, silent
from tests.damage.outcomes import Outcome
from tests.damage.sheets import SHEETS

# some damages of different exports; each damage once by the slow test, all cells by `make soak`
SAMPLE = cells()[7::140]


@pytest.mark.parametrize("cell", SAMPLE, ids=" of ".join)
def test_a_damage_is_silent_only_if_it_is_known(cell: Cell) -> None:
    found = outcome_of(cell)
    assert not found or unexpected({cell: found}) == {}


def test_known_silent_cells_are_cells_of_the_matrix() -> None:
    assert set(known_silent()) <= {*cells(), *pairs()}


def unexpected(found: dict[Cell, Outcome]) -> dict[Cell, Outcome]:
    """What is read wrongly and nothing asks though it is not known, or is no longer silent, or ends in a crash."""
    known, now = known_silent(), silent(found)
    return {
        cell: result for cell, result in found.items() if result.name == "crash" or known.get(cell) != now.get(cell)
    }


@pytest.mark.slow
def test_each_damage_of_some_export_comes_to_what_the_page_says() -> None:
    of_damage: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells():
        if damaged(cell):
            of_damage[cell[0]].append(cell)
    found = outcomes([*(of[at % len(of)] for at, of in enumerate(of_damage.values())), *pairs()[::10]])
    assert unexpected(found) == {}
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = {named[1]: line.split(" | ") for line in lines if (named := re.search(r"\(`(\w+)`\) \|", line))}
    platforms = list(dict.fromkeys(sheet.export.platform for sheet in SHEETS.values()))
    assert {
        cell: result
        for cell, result in found.items()
        if " + " not in cell[0]
        and letter_of(cell[0], result) not in rows[cell[0]][1 + platforms.index(SHEETS[cell[1]].export.platform)]
    } == {}, "run: python -m docs.generate_damage"


@pytest.mark.soak
def test_no_damage_is_silent_that_is_not_known_and_the_page_says_so() -> None:
    found = outcomes([*cells(), *pairs()])
    assert unexpected(found) == {}, "no longer silent: run python -m docs.generate_damage"
    assert PAGE.read_text(encoding="utf-8") == page(found), "run: python -m docs.generate_damage"


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([name for name in SHEETS if name.endswith(" en")], id="in English", marks=pytest.mark.slow),
        pytest.param([name for name in SHEETS if not name.endswith(" en")], id="others", marks=pytest.mark.soak),
    ],
)
def test_what_is_undamaged_is_right_and_nothing_is_asked(names: list[str]) -> None:
    found = outcomes(("", name) for name in names)
    assert {cell: result for cell, result in found.items() if result.name != "right"} == {}


def test_each_damage_says_what_it_does() -> None:
    assert [damage.name for damage in DAMAGES.values() if not damage.what or damage.what.endswith(".")] == []
