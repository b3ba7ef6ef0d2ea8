"""Fixtures: a project of its own for each test, on a warehouse of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import ProjectUnderTest, copy_project, meta_csv

VARIABLES = (
    "SPARK9_TARGET",
    "SPARK9_DUCKDB_PATH",
    "SPARK9_STAGE_DIR",
    "SPARK9_SCHEMA_PREFIX",
    "SPARK9_CLIENT",
    "DBT_PROFILES_DIR",
)
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


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A project with an empty registry that dbt has parsed; tests get copies, which it then need not parse again."""
    project = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("parsed") / "project"))
    assert project.dbt("parse").success
    return project


@pytest.fixture(scope="session")
def parsed_acme(parsed: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """The same with the client acme/meta/2024."""
    acme = parsed.copy(tmp_path_factory.mktemp("acme"))
    acme.add("acme", "meta", 2024)
    assert acme.dbt("parse").success
    return acme


@pytest.fixture
def project(parsed: ProjectUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    """A copy of the project with an empty registry and no DuckDB file yet."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return parsed.copy(tmp_path)


@pytest.fixture
def acme(parsed_acme: ProjectUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    """The same, with the client acme/meta/2024 and its tables."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return parsed_acme.copy(tmp_path)


@pytest.fixture(scope="session")
def two_built_waves(parsed_acme: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A project with acme and two waves of it, built once for all tests that begin with it; they get copies."""
    acme = parsed_acme.copy(tmp_path_factory.mktemp("built"))
    acme.load(acme.write("a.csv", meta_csv(4)), 1)
    acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2)
    run = acme.dbt("build")
    assert run.success
    assert set(run.statuses.values()) <= {"success", "pass"}
    return acme


@pytest.fixture
def built(two_built_waves: ProjectUnderTest, tmp_path: Path) -> ProjectUnderTest:
    """A copy of the project with acme and two built waves."""
    return two_built_waves.copy(tmp_path)
