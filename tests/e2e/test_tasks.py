"""The commands of docs/tasks.md work, one after the other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.commands import blocks_of, run_lines
from tests.support import AREAS, ROOT, ProjectUnderTest, copy_project


@pytest.mark.slow
def test_the_commands_of_the_daily_tasks_work(project: ProjectUnderTest) -> None:
    shutil.copytree(ROOT / "samples", project.root / "samples")
    text = "".join(blocks_of("docs/tasks.md"))
    assert len(text.splitlines()) > 25
    run_lines(project, text)


@pytest.mark.slow
def test_docs_of_all_areas_are_made_where_some_were_never_built(tmp_path: Path) -> None:
    project = ProjectUnderTest(copy_project(tmp_path / "project", *AREAS))
    run = project.dbt("docs", "generate", "--selector", "all")
    assert run.success, run.statuses
    manifest = (project.root / "target/manifest.json").read_text("utf-8")
    with_models = [area for area in AREAS if (ROOT / "areas" / area / "models").is_dir()]
    assert [area for area in with_models if f'"areas/{area}/models/' not in manifest] == []
