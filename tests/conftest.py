"""Fixtures: a project of its own for each test, on a warehouse of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support import ProjectUnderTest, copy_project, meta_csv

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


@pytest.fixture(scope="session")
def two_built_waves(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A project with acme and two waves of it, built once for all tests that begin with it; they get copies."""
    acme = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("built") / "project"))
    acme.add("acme", "meta", 2024)
    acme.load(acme.write("a.csv", meta_csv(4)), 1)
    acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2)
    run = acme.dbt("build")
    assert run.success
    assert set(run.statuses.values()) <= {"success", "pass"}
    return acme


@pytest.fixture
def built(two_built_waves: ProjectUnderTest, tmp_path: Path) -> ProjectUnderTest:
    """A copy of the project with acme and two built waves."""
    return ProjectUnderTest(Path(shutil.copytree(two_built_waves.root, tmp_path / "project")))
