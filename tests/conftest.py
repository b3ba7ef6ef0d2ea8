"""Fixtures: a project of its own for each test, on a warehouse of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import ProjectUnderTest, copy_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    """A copy of the project with an empty registry and an empty DuckDB file."""
    for name in ("SPARK9_TARGET", "SPARK9_DUCKDB_PATH", "SPARK9_STAGE_DIR", "SPARK9_SCHEMA_PREFIX", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)
    return ProjectUnderTest(copy_project(tmp_path / "project"))


@pytest.fixture
def acme(project: ProjectUnderTest) -> ProjectUnderTest:
    """The same, with the client acme/meta/2024."""
    project.add("acme", "meta", 2024)
    return project
