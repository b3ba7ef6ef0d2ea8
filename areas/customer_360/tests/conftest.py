"""Projects with the area customer 360."""

from __future__ import annotations

from pathlib import Path

import pytest

from areas.customer_360.tests.golden import thousand_customers
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
        thousand_customers(folder)

    return shared_project(tmp_path_factory, "customer_360", make)
