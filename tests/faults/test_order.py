"""Whatever people do, in whatever order: the tables are those of the files that should count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.sequences import run_sequence


@pytest.mark.slow
def test_tables_are_those_of_the_files_that_should_count(tmp_path: Path) -> None:
    history = run_sequence(1, 14, tmp_path)
    assert len(history.done) > 5
