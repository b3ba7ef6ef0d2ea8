"""A kill -9 at any moment leaves no half load; `make soak` kills many more."""

from __future__ import annotations

from pathlib import Path

from tests.faults.kills import run_kills
from tests.support import ProjectUnderTest


def test_a_kill_at_any_moment_leaves_no_half_load(acme: ProjectUnderTest, tmp_path: Path) -> None:
    kills = run_kills(acme, tmp_path, seed=1, quick=4, builds=1)
    assert kills.count == 5
    assert kills.cut_off["load"] > 0
