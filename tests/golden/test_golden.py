"""Tables and plans are what they were; where a change is meant, `make golden` writes the hashes anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.figures import assert_the_marts_add_up
from tests.golden.parts import PARTS, changes, made
from tests.support import ROOT

# customer 360 is compared by its own tests, on the project that they share
MADE_HERE = [part for part in PARTS if part != "customer_360"]


@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=[] if part == "demo" else pytest.mark.slow) for part in MADE_HERE]
)
def test_tables_and_plans_are_what_they_were(part: str, tmp_path: Path) -> None:
    assert changes(part, made(part, tmp_path)) == []
    if part == "demo":  # and, whatever the hashes say, the figures are those of the files
        assert_the_marts_add_up(tmp_path / "project/warehouse/spark9.duckdb", ROOT / "samples")
