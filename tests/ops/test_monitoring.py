"""elementary runs from the hub or from a folder; where neither has it, one sentence says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from loader.project import packages
from ops.monitoring import __main__ as monitoring
from tests.support import ROOT, ProjectUnderTest


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment whose edr has its dbt packages in a folder beside it."""
    monkeypatch.setattr(monitoring, "_of_edr", lambda given: given / "edr_packages")
    return tmp_path / "environment"


def test_without_hub_and_folder_nothing_runs(
    project: ProjectUnderTest, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitoring, "packages_fetched", lambda *_: False)
    monkeypatch.setattr(monitoring, "_run", lambda *_: pytest.fail("dbt was run"))
    with pytest.raises(monitoring.PackageMissingError, match="the dbt package hub can't be reached"):
        monitoring.monitor(project.project, environment)
    monkeypatch.setenv(monitoring.PACKAGE_FOLDER, str(project.root))
    with pytest.raises(monitoring.PackageMissingError, match="is not a folder with it"):
        monitoring.monitor(project.project, environment)


@pytest.mark.parametrize("has_utils", [True, False])
def test_a_folder_with_the_package_is_used_by_dbt_and_edr(
    project: ProjectUnderTest, environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, has_utils: bool
) -> None:
    given = tmp_path / "given" / "elementary"
    for name in ("elementary", "dbt_utils") if has_utils else ("elementary",):
        packages.write_placeholder(given.parent / name)
    monkeypatch.setenv(monitoring.PACKAGE_FOLDER, str(given))
    runs: list[tuple[list[str], dict[str, str]]] = []

    def ran(command: list[str], _folder: Path, variables: dict[str, str]) -> int:
        runs.append((command, variables))
        return 0

    monkeypatch.setattr(monitoring, "_run", ran)
    assert monitoring.monitor(project.project, environment, "2024-03-01") == 0
    folder = project.root / "target" / "monitoring"
    for place in (folder / "dbt_packages", environment / "edr_packages"):
        assert (place / "elementary").resolve() == given
        assert (place / "dbt_utils" / "dbt_project.yml").is_file()
    (built, variables), (tested, _), (reported, _) = runs
    assert built[0] == str(Path(sys.executable).with_name("dbt"))
    assert "package:elementary" in built
    assert ("test_name:schema_changes" in tested) is not has_utils
    assert "custom_run_started_at" in " ".join(tested)
    assert reported[0].endswith("edr")
    assert variables["SPARK9_DBT_PACKAGES"] == str(folder / "dbt_packages")
    profile = yaml.safe_load((folder / "profiles.yml").read_text(encoding="utf-8"))["elementary"]
    assert profile["outputs"]["dev"]["schema"] == "elementary"
    assert Path(profile["outputs"]["dev"]["path"]).is_absolute()
    assert yaml.safe_load((folder / "config.yml").read_text(encoding="utf-8")) == {"anonymous_usage_tracking": False}


def test_the_package_is_looked_for_before_the_environment_is_installed(
    project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = ["make", "--dry-run", "--always-make", "monitoring"]
    lines = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    steps = ("python -m ops.monitoring", "venv .venv-monitoring", "python -m ops.monitoring .venv-monitoring")
    first = [next(place for place, line in enumerate(lines) if line.strip().endswith(step)) for step in steps]
    assert first == sorted(first)
    # it needs no environment, and says in one sentence that there is no package
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(sys, "argv", ["ops.monitoring"])
    monkeypatch.setenv(monitoring.PACKAGE_FOLDER, str(tmp_path))
    with pytest.raises(SystemExit, match=r"The dbt package elementary is missing: .* Nothing was built\."):
        monitoring.main()
    packages.write_placeholder(tmp_path / "elementary")
    monkeypatch.setenv(monitoring.PACKAGE_FOLDER, str(tmp_path / "elementary"))
    monitoring.main()
    assert (project.root / "target/monitoring/dbt_packages/elementary").resolve() == tmp_path / "elementary"


def test_package_and_edr_are_of_one_version() -> None:
    package = yaml.safe_load((ROOT / "packages.yml").read_text(encoding="utf-8"))["packages"][0]
    assert package["package"] == "elementary-data/elementary"
    assert f"elementary-data=={package['version']}\n" in (ROOT / "ops/monitoring/requirements.in").read_text(
        encoding="utf-8"
    )
