"""Tables and plans are what they were; where a change is meant, `make golden` writes the hashes anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.figures import assert_the_marts_add_up
from tests.golden.parts import HASHES, PARTS, made
from tests.golden.tables import differences
from tests.support import ROOT


@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=[] if part == "demo" else pytest.mark.slow) for part in PARTS]
)
def test_tables_and_plans_are_what_they_were(part: str, tmp_path: Path) -> None:
    before = json.loads(HASHES[part].read_text(encoding="utf-8"))[part]
    assert differences(before, made(part, tmp_path)) == []
    if part == "demo":  # and, whatever the hashes say, the figures are those of the files
        assert_the_marts_add_up(tmp_path / "project/warehouse/spark9.duckdb", ROOT / "samples")
