"""An area is a folder: without it everything else builds, tests and runs, and names nothing that is gone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from dbt.exceptions import CompilationError

from tests.support import AREAS, BIN, ROOT, ProjectUnderTest, copy_project, copy_tracked_files

PLAIN = ("Overview", "Upload", "Waves", "Clients", "Operations")
COMMANDS = {"feeds": "ingest", "engagement": "engagement", "customer_360": "customer-360"}
PAGES = {"engagement": "Engagement", "customer_360": "Customer 360"}
TARGETS = {"engagement": "engagement", "customer_360": "test-pipeline"}
# what people do with the waves, in one process; the last line that it prints is the answer
SCRIPT = """
import json, sys
from app.navigation import navigation
from tests.support import ROOT, ProjectUnderTest
project = ProjectUnderTest(ROOT)
shown = project.spark9("--help").out
commands = [line.split()[0] for line in shown.partition("Commands:")[2].splitlines() if line.strip()]
runs = [project.spark9("client", "check")]
if sys.argv[1:]:
    wave = ["samples/caterpillar_meta_wave1.csv", "--client", "caterpillar/meta/2024", "--wave", "1"]
    runs += [project.spark9(*words) for words in (["client", "add", "caterpillar", "meta", "2024"], ["load", *wave], ["status"])]
parsed = project.dbt("parse")
print(json.dumps({
    "commands": commands,
    "pages": [page.title for pages in navigation().values() for page in pages],
    "failed": [run.text for run in runs if run.code],
    "parsed": parsed.success,
}))
"""


def without(goal: Path, *areas: str) -> Path:
    """A copy of the project as git has it, without some areas' folders."""
    copy_tracked_files(goal, tuple(f"areas/{area}/" for area in areas))
    shutil.copy(goal / "profiles.yml.example", goal / "profiles.yml")
    shutil.copytree(ROOT / "dbt_packages", goal / "dbt_packages")
    return goal


def run(folder: Path, *command: str) -> str:
    """What a command prints, run in a folder with the Python code of that folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK9_", "DBT_", "PYTEST_"))}
    done = subprocess.run(
        command, cwd=folder, env={**kept, "PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


# what `make test` has beside it: the core names no area, and all projects of tests are copied without those not asked for
@pytest.mark.slow
@pytest.mark.parametrize("gone", [*(pytest.param((area,), id=area) for area in PAGES), pytest.param(AREAS, id="all")])
def test_without_an_area_everything_else_is_as_it_was(tmp_path: Path, gone: tuple[str, ...]) -> None:
    folder = without(tmp_path / "project", *gone)
    # without all of them a wave is loaded, too; that it is built without them is what copy_project's projects show
    loads = ["load"] if len(gone) > 1 else []
    found: dict[str, Any] = json.loads(run(folder, sys.executable, "-c", SCRIPT, *loads).splitlines()[-1])
    assert found["failed"] == []
    assert found["parsed"]
    there = [area for area in AREAS if area not in gone]
    assert {name for area, name in COMMANDS.items() if area in there} == set(found["commands"]) & set(COMMANDS.values())
    assert "load" in found["commands"]
    assert found["pages"] == [*PLAIN[:3], *(PAGES[area] for area in there if area in PAGES), *PLAIN[3:]]
    if not there:
        # every test that is left can be imported; that no area's tests need another area's is what `make lint` shows
        collected = run(folder, sys.executable, "-m", "pytest", "--collect-only", "-q", "-n0", "-p", "no:cacheprovider")
        assert not [line for line in collected.splitlines() if line.startswith("areas/")]
        run(folder, str(BIN / "lint-imports"), "--no-cache")
        run(folder, sys.executable, "docs/generate_commands.py")
    listed = run(folder, "make", "help") + run(folder, "make", "-n", "demo", "test", "lint", "bench")
    assert [area for area, target in TARGETS.items() if re.search(rf"^ *{target}\b", listed, re.M)] == [
        area for area in there if area in TARGETS
    ]


def test_the_core_names_no_area() -> None:
    """But for the words that the field has too: engagement is a metric of platforms."""
    named = re.compile(r"engagement|customer[_ -]360", re.IGNORECASE)
    metric = re.compile(r"post_?\s?engagement|total engagements|post engagements", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("loader", "ops", "app", "macros", "models")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".sql", ".yml", ".md")
        for line in path.read_text(encoding="utf-8").splitlines()
        if named.search(metric.sub("", line))
    ]
    assert found == []


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A project with all areas, of which none was ever loaded."""
    project = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("unbuilt") / "project", *PAGES))
    assert project.dbt("seed", "--select", "path:areas").success
    return project


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (["build", "--select", "engagement"], ["engagement lacks .*, so run first: spark9 engagement run"]),
        (["build", "--selector", "customer_360"], ["customer_360 lacks .*, so run first: spark9 customer-360 run-all"]),
        (
            ["run", "-s", "gold__customer_360_profile"],
            ["customer_360 lacks gold__.*, so run first: spark9 customer-360"],
        ),
        (
            ["build", "--selector", "customer_360_churn"],
            ["customer_360 lacks gold__.*, so run first: spark9 customer-360"],
        ),
        (["snapshot", "--select", "path:areas/engagement"], ["so run first: spark9 engagement run"]),
        (["build", "--selector", "all"], ["customer_360 lacks .*run-all", "engagement lacks .*engagement run"]),
    ],
    ids=lambda value: "-".join(value) if value[0] in ("build", "run", "snapshot") else "",
)
def test_a_build_of_an_area_that_was_never_loaded_names_the_command_that_loads_it(
    unbuilt: ProjectUnderTest, command: list[str], named: list[str]
) -> None:
    with pytest.raises(CompilationError, match="never built on target 'dev'; nothing was built") as caught:
        unbuilt.dbt(*command)
    assert [text for text in named if not re.search(text, str(caught.value))] == []


@pytest.mark.slow
def test_an_area_whose_rows_are_there_is_built_before_one_of_its_models(
    unbuilt: ProjectUnderTest, tmp_path: Path
) -> None:
    project = unbuilt.copy(tmp_path)
    for table in ("raw_customers", "raw_transactions"):
        project.change(f"create schema if not exists bronze; create table bronze.{table} (customer_id bigint)")
    with pytest.raises(CompilationError, match="so run first: dbt build --selector customer_360"):
        project.dbt("run", "--select", "gold__customer_360_profile")
    # its tests alone, and what only reads it beside the waves, are passed over
    for command in (["test", "--select", "tag:engagement"], ["build", "--select", "campaign_engagement"]):
        assert unbuilt.dbt(*command).success
