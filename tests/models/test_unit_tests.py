"""dbt's unit tests of the macros, run as part of everything."""

from __future__ import annotations

import re

from loader.project.dbt import build_selection
from tests.support import ROOT, ProjectUnderTest

_WRITTEN = re.findall(
    r"^  - name: (\w+)\n    description: .*\n    model:",
    (ROOT / "models/unit_tests/unit_tests.yml").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def test_all_pass_in_a_build_that_makes_no_table_of_what_they_are_about(project: ProjectUnderTest) -> None:
    run = project.dbt("build", unit_tests=True)
    assert run.success, run.statuses
    assert {run.statuses[name] for name in _WRITTEN} == {"pass"}
    assert len(_WRITTEN) >= 11
    named = "select table_name from duckdb_tables() where table_name || schema_name like '%unit%'"
    assert project.query(named) == []
    assert project.query("select schema_name from information_schema.schemata where schema_name like '%unit%'") == []
    assert project.query("select client_schema from marts.waves") == []


def test_a_build_by_the_loader_leaves_them_out(project: ProjectUnderTest) -> None:
    built: set[str] = set()
    build_selection(project.project, [], lambda node, _share: built.add(node))
    assert "waves" in built
    assert not set(_WRITTEN) & built
