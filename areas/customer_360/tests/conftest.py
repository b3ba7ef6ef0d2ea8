"""Projects with the area customer 360."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import VARIABLES, ProjectUnderTest, copy_project, shared_project


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A project in which nothing was generated."""
    return ProjectUnderTest(copy_project(tmp_path_factory.mktemp("customer_360") / "project", "customer_360"))


@pytest.fixture
def project(plain: ProjectUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    """A copy of it."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return plain.copy(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A thousand customers with eighteen months, by the one command; made once for all workers, and copied."""

    def make(folder: Path) -> None:
        whole = ProjectUnderTest(copy_project(folder, "customer_360"))
        run = whole.spark9("customer-360", "run-all", "--customer-count", "1000")
        assert run.code == 0, run.text
        assert "12 of 12 checks pass" in run.text

    return shared_project(tmp_path_factory, "customer_360", make)
