"""Projects with the area customer 360."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import VARIABLES
from tests.support import ProjectUnderTest, copy_project


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
