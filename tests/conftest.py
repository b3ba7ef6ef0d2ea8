"""Fixtures: a project of its own for each test, on a warehouse of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import ProjectUnderTest, copy_project

# files that take a minute or more; a worker that is given one last would keep the others waiting
LONGEST_FIRST = (
    "test_parity.py",
    "test_readme.py",
    "test_account.py",
    "test_access.py",
    "test_loading.py",
    "test_building.py",
    "test_kills.py",
    "test_fuzz.py",
    "test_restatement.py",
    "test_checks.py",
    "test_values.py",
    "test_faults.py",
    "test_quality.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    items.sort(key=lambda item: item.path.name not in LONGEST_FIRST)


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
