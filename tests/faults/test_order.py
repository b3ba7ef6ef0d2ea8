"""Whatever people do, in whatever order: the tables are those of the files that should count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.sequences import run_sequence


@pytest.mark.parametrize("seed", range(2))
def test_tables_are_those_of_the_files_that_should_count(seed: int, tmp_path: Path) -> None:
    history = run_sequence(seed, 14, tmp_path)
    assert len(history.done) > 5
