"""Whether a build takes as long after wave 50 as after wave 2."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.generator import write_export
from bench.processes import Runs, put_back, repeat, run, say
from loader import client_schema, create_client_platform_schema, load_wave
from tests.support import ProjectUnderTest, copy_project

ROWS_A_WAVE = 100_000
_CLIENT = client_schema("history", "meta", 2024)


def measure(folder: Path, rounds: int, waves: tuple[int, int] = (2, 50)) -> dict[str, Runs]:
    """Build after each of two waves, all others being built; waves of equal size that restate nothing.

    Args:
        folder: an empty one.
        rounds: how often each build runs.
        waves: the two waves.

    """
    project = ProjectUnderTest(copy_project(folder / "project"))
    create_client_platform_schema(project.project, _CLIENT)
    build = ["dbt", "build", "--select", f"clients.{_CLIENT.name}"]
    before: dict[int, Path] = {}
    for wave in range(1, waves[1] + 1):
        if wave in waves:
            run(build, project.root, Runs())
        file = write_export(folder / f"wave_{wave}.csv", ROWS_A_WAVE, wave=wave)
        load_wave(project.project, file, _CLIENT, wave)
        file.unlink()
        if wave in waves:
            before[wave] = Path(shutil.copy(project.database, folder / f"before_{wave}.duckdb"))
        if wave % 10 == 0:
            say(f"  {wave} of {waves[1]} waves loaded")

    def build_after(wave: int, runs: Runs) -> None:
        put_back(before[wave], project.database)
        run(build, project.root, runs)

    return repeat(
        rounds,
        {f"wave {wave}": lambda runs, wave=wave: build_after(wave, runs) for wave in waves},  # type: ignore[misc]
    )
