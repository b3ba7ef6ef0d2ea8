"""A kill -9 at any moment leaves no half load; `make soak` kills many more."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.recovery.backup import back_up
from ops.recovery.rebuild import rebuild
from ops.recovery.restore import restore, restore_client, verify_backup
from tests.faults.kills import run_kills
from tests.support import ACME, SCHEMA, ProjectUnderTest, witnesses
from tests.written import meta_csv


@pytest.mark.parametrize(("quick", "builds"), [(1, 0), pytest.param(4, 1, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_leaves_no_half_load(
    acme: ProjectUnderTest, tmp_path: Path, quick: int, builds: int
) -> None:
    kills = run_kills(acme, tmp_path, seed=1, quick=quick, builds=builds)
    assert kills.count == quick + builds
    assert kills.cut_off["load"] > 0


@pytest.mark.slow
def test_a_kill_of_a_recovery_leaves_what_was_there_or_what_comes_back(acme: ProjectUnderTest, tmp_path: Path) -> None:
    kills = run_kills(acme, tmp_path, seed=2, quick=6, builds=0, waves=False, recovery=True)
    assert kills.count == 6


def loads(project: ProjectUnderTest) -> list[tuple[object, ...]]:
    return project.query(f"select wave_number, count(*) from {SCHEMA}.raw_data_staging group by 1 order by 1")


STEPS = [
    *((back_up, step) for step in ("originals", "waiting for the database", "database", "removing old backups")),
    *((restore, step) for step in ("database", "originals", "registry", "restored")),
    *((restore_client, step) for step in ("database", "originals", "tables", "restored")),
    *((rebuild, step) for step in ("acme/meta/2024", "in place")),
]


@pytest.mark.parametrize(("recovery", "last"), witnesses(STEPS, lambda case: case[0] is restore))
def test_a_recovery_that_is_killed_at_a_step_is_whole_after_the_next(
    acme: ProjectUnderTest, tmp_path: Path, recovery: Callable[..., object], last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPARK9_BACKUP_KEY", raising=False)
    target = str(tmp_path / "backups")
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    first = back_up(acme.project, target).snapshot.id
    then = loads(acme)
    acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2)
    now = loads(acme)
    arguments: dict[object, tuple[object, ...]] = {
        back_up: (target,),
        restore: (target,),
        restore_client: (target, ACME),
        rebuild: (ACME,),
    }
    goal = now if recovery in (back_up, rebuild) else then

    def run(*, is_killed: bool) -> None:
        options = {"force": True} if recovery is restore else {}
        kill = lambda step, _share: os.kill(os.getpid(), signal.SIGKILL) if is_killed and step == last else None  # noqa: E731
        recovery(acme.project, *arguments[recovery], on_step=kill, **options)

    killed = multiprocessing.get_context("fork").Process(target=run, kwargs={"is_killed": True})
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    assert loads(acme) in (then, now)
    assert acme.spark9("verify", "--all").code == 0
    assert verify_backup(target, first).snapshot.id == first
    run(is_killed=False)
    assert loads(acme) == goal
    assert acme.spark9("verify", "--all").code == 0
    assert verify_backup(target).files
    assert [path.name for path in acme.database.parent.glob(".*") if path.name != ".gitkeep"] == []
