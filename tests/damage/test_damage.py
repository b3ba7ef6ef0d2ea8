"""Damaged exports are read right, refused or asked about; those that are not are known, and get fewer."""

from __future__ import annotations

import pytest

from docs.generate_damage import PAGE, page
from tests.damage.damages import DAMAGES
from tests.damage.matrix import Cell, cells, known_silent, outcome_of, outcomes, pairs, silent
from tests.damage.outcomes import Outcome
from tests.damage.sheets import SHEETS

# a damage each, of different exports; all of them by the slow test
SAMPLE = cells()[7::140]


@pytest.fixture(scope="module")
def all_outcomes() -> dict[Cell, Outcome]:
    return outcomes([*cells(), *pairs()])


@pytest.mark.parametrize("cell", SAMPLE, ids=" of ".join)
def test_a_damage_is_silent_only_if_it_is_known(cell: Cell) -> None:
    found = outcome_of(cell)
    assert silent({cell: found} if found else {}) == {
        known: how for known, how in known_silent().items() if known == cell
    }
    assert not found or found.name != "crash", found


def test_known_silent_cells_are_cells_of_the_matrix() -> None:
    assert set(known_silent()) <= {*cells(), *pairs()}


@pytest.mark.slow
def test_no_damage_is_silent_that_is_not_known_and_the_page_says_so(all_outcomes: dict[Cell, Outcome]) -> None:
    known, now = known_silent(), silent(all_outcomes)
    assert {cell: how for cell, how in now.items() if cell not in known} == {}, "read wrongly, and nothing asks"
    assert known == now, "no longer silent: run python -m docs.generate_damage"
    assert {cell: result for cell, result in all_outcomes.items() if result.name == "crash"} == {}
    assert PAGE.read_text(encoding="utf-8") == page(all_outcomes), "run: python -m docs.generate_damage"


@pytest.mark.slow
def test_what_is_undamaged_is_right_and_nothing_is_asked() -> None:
    alarms = {
        cell: result for cell, result in outcomes(("", name) for name in SHEETS).items() if result.name != "right"
    }
    assert alarms == {}


def test_each_damage_says_what_it_does() -> None:
    assert [damage.name for damage in DAMAGES.values() if not damage.what or damage.what.endswith(".")] == []
