"""The commands of docs/tasks.md work, one after the other."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.support import AREAS, ROOT, ProjectUnderTest, copy_project


@pytest.mark.slow
def test_the_commands_of_the_daily_tasks_work(project: ProjectUnderTest) -> None:
    shutil.copytree(ROOT / "samples", project.root / "samples")
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/tasks.md").read_text(encoding="utf-8"), re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) > 25
    for line in lines:
        program, *arguments = shlex.split(line)
        if program == "dbt":
            assert project.dbt(*arguments).success, line
        else:
            run = project.spark9(*arguments)
            assert (program, run.code) == ("spark9", 0), f"{line}\n{run.text}"


@pytest.mark.slow
def test_docs_of_all_areas_are_made_where_some_were_never_built(tmp_path: Path) -> None:
    project = ProjectUnderTest(copy_project(tmp_path / "project", *AREAS))
    run = project.dbt("docs", "generate", "--selector", "all")
    assert run.success, run.statuses
    manifest = (project.root / "target/manifest.json").read_text("utf-8")
    with_models = [area for area in AREAS if (ROOT / "areas" / area / "models").is_dir()]
    assert [area for area in with_models if f'"areas/{area}/models/' not in manifest] == []
