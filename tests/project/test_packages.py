"""Where the package hub can't be reached, everything works without monitoring."""

from __future__ import annotations

import shutil

import pytest

from loader.project import packages
from tests.support import ProjectUnderTest


def test_without_the_hub_a_placeholder_satisfies_dbt(
    project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(project.root / "dbt_packages")
    monkeypatch.setattr(packages, "packages_fetched", lambda *_: False)
    assert not packages.fetch_packages(project.root)
    assert project.dbt("parse").success


def test_a_fetched_package_is_not_replaced_by_a_placeholder(
    project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = project.root / "dbt_packages" / "elementary" / "dbt_project.yml"
    package.write_text("name: elementary\nversion: '0.25.1'\n", encoding="utf-8")
    monkeypatch.setattr(packages, "packages_fetched", lambda *_: False)
    packages.fetch_packages(project.root)
    assert "0.25.1" in package.read_text(encoding="utf-8")


@pytest.mark.slow
def test_monitoring_that_is_switched_on_but_not_installed_is_said(
    project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_ELEMENTARY", "true")
    with pytest.raises(Exception, match="Run `make deps` where the dbt package hub can be reached"):
        project.build_clients()
