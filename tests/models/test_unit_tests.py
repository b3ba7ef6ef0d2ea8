"""dbt's unit tests of the macros, run as part of everything."""

from __future__ import annotations

import re

from tests.support import ROOT, ProjectUnderTest


def test_all_dbt_unit_tests_pass(project: ProjectUnderTest) -> None:
    run = project.dbt("test", "--select", "test_type:unit", "--vars", "unit_tests: true")
    written = re.findall(
        r"^  - name: (\w+)\n    description: .*\n    model:",
        (ROOT / "models/unit_tests/unit_tests.yml").read_text(),
        re.M,
    )
    assert run.success, run.statuses
    assert sorted(run.statuses) == sorted(written)
    assert len(written) >= 11


def test_a_plain_build_knows_nothing_of_the_unit_test_client(project: ProjectUnderTest) -> None:
    run = project.dbt("build")
    assert run.success
    assert not [name for name in run.statuses if "unit_example" in name]
