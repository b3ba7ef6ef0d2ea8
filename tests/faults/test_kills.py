"""A kill -9 at any moment leaves no half load; `make soak` kills many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.kills import run_kills
from tests.support import ProjectUnderTest


@pytest.mark.parametrize(("quick", "builds"), [(1, 0), pytest.param(4, 1, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_leaves_no_half_load(
    acme: ProjectUnderTest, tmp_path: Path, quick: int, builds: int
) -> None:
    kills = run_kills(acme, tmp_path, seed=1, quick=quick, builds=builds)
    assert kills.count == quick + builds
    assert kills.cut_off["load"] > 0
