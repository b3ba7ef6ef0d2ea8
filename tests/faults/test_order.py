"""Whatever people do, in whatever order: the tables are those of the files that should count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.sequences import run_sequence


@pytest.mark.parametrize("steps", [4, pytest.param(14, marks=pytest.mark.slow)])
def test_tables_are_those_of_the_files_that_should_count(tmp_path: Path, steps: int) -> None:
    history = run_sequence(1, steps, tmp_path)
    assert len(history.done) > steps // 3
