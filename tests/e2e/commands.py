"""Commands as documents have them, run in this process, which has imported all they need."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.support import ROOT, VARIABLES, ProjectUnderTest


def blocks_of(page: str) -> list[str]:
    """The commands of a page, a block each."""
    return re.findall(r"```bash\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.S)


def run_lines(project: ProjectUnderTest, text: str) -> str:
    """Run `export`, `spark9` and `dbt`, a command a line; what spark9 prints. Each must succeed."""
    printed = ""
    with pytest.MonkeyPatch.context() as patch:
        for variable in VARIABLES:
            patch.delenv(variable, raising=False)
        for line in text.splitlines():
            program, *arguments = shlex.split(line, comments=True) or [""]
            if program == "export":
                patch.setenv(*arguments[0].split("=", 1))
            elif program == "dbt":
                assert project.dbt(*arguments).success, line
            elif program:
                run = project.spark9(*arguments)
                assert (program, run.code) == ("spark9", 0), f"{line}\n{run.text}"
                printed += run.out
    return printed
