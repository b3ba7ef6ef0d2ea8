"""The commands of docs/tasks.md work, one after the other."""

from __future__ import annotations

import re
import shlex
import shutil

from tests.support import ROOT, ProjectUnderTest


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
