"""The demo, run in a copy of what git would clone with an environment of its own, and then the README's commands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.commands import blocks_of, run_lines
from tests.e2e.figures import SAMPLES, assert_the_marts_add_up, figures_of
from tests.support import ProjectUnderTest, copy_tracked_files

# golden/test_golden.py has the quick witness: the same clients and waves by the same commands, in this process
pytestmark = pytest.mark.slow


def run(command: str, folder: Path) -> str:
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "UV_", "SSL_", "LANG", "LC_"))}
    environment = {**kept, "PATH": "/usr/local/bin:/usr/bin:/bin:" + os.environ["PATH"], "HOME": str(folder.parent)}
    environment["PYTHONPATH"] = str(folder)  # the loader of the clone
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, env=environment, check=False, timeout=600
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_tracked_files(tmp_path_factory.mktemp("clone") / "spark9")
    # what `make test` itself has installed from the same lock; installing it once more would prove nothing new
    (folder / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    run(
        "git init --quiet && git add --all && git -c user.name=t -c user.email=t@example.com commit --quiet -m clone",
        folder,
    )
    return folder


@pytest.fixture(scope="module")
def demo(clone: Path) -> str:
    return run("make -o .venv/.installed demo", clone)


def test_the_demo_prints_the_figures_of_the_sample_files(demo: str, clone: Path) -> None:
    lines = [" ".join(line.split()) for line in demo.splitlines()]
    for client, platform in SAMPLES.items():
        waves = [figures_of(clone / "samples" / f"{client}_{platform}_wave{wave}.csv") for wave in (1, 2, 3)]
        for number, figures in enumerate(waves, 1):
            start = f"{client}/{platform}/2024 {number} {figures.rows} "
            (line,) = [line for line in lines if line.startswith(start)]
            assert line.endswith(f"{figures.spend:,.2f} {figures.currency} -")
            new = len(figures.headers - waves[0].headers) if number == 2 else 0
            shown = re.fullmatch(re.escape(start) + r"(-|[a-z0-9_, ]+?) (-|reach) (\d\.\d{4}) .*", line)
            assert shown, line
            assert (0 if shown.group(1) == "-" else len(shown.group(1).split(", "))) == new
            assert shown.group(2) == ("reach" if number == 3 else "-")
            assert 0.95 <= float(shown.group(3)) <= 1


def test_the_marts_add_up_to_the_sample_files(demo: str, clone: Path) -> None:
    assert demo
    assert_the_marts_add_up(clone / "warehouse/spark9.duckdb", clone / "samples")


def test_the_demo_leaves_the_clone_clean(demo: str, clone: Path) -> None:
    assert demo
    assert run("git status --porcelain", clone) == ""


def test_the_demo_a_second_time_changes_nothing(demo: str, clone: Path) -> None:
    printed = 'spark9() { echo spark9 "$*"; }; dbt() { echo dbt "$*"; }; export -f spark9 dbt; bash samples/demo.sh'
    commands = [line for line in run(printed, clone).splitlines() if line.startswith(("spark9 ", "dbt "))]
    assert len(commands) == 15
    again = run_lines(ProjectUnderTest(clone), "\n".join(commands))
    assert again.count("already loaded") == 10
    result = demo[demo.index("== The result") :].splitlines()[1:]
    assert result
    assert again.splitlines()[-len(result) :] == result


def test_the_readmes_commands_work(demo: str, clone: Path) -> None:
    assert demo
    blocks = [block for block in blocks_of("README.md") if "spark9 " in block or "dbt " in block]
    assert blocks
    for block in blocks:
        run_lines(ProjectUnderTest(clone), block)
