"""The project as it is deployed in Snowflake."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from loader.errors import ProjectError
from loader.project.dbt import run_dbt
from ops.native_project import without_variables, write_native_project
from tests.support import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where it is written to; the commit is what git knows now."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    written = tmp_path / "native"
    write_native_project(clone, written, {"SPARK9_ENGAGEMENT_LOCATION": "s3://ours/here", "SPARK9_USER": "ann"})
    return written


def test_it_asks_for_no_environment_variable_and_is_small(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert 300 < len(files) < 2000, "Snowflake takes 20,000"
    texts = {path: path.read_text(encoding="utf-8") for path in files if path.suffix in (".yml", ".sql")}
    assert not [path for path, text in texts.items() if "env_var(" in text]
    assert "var('SPARK9_USER', '')" in texts[folder / "macros" / "names" / "actor.sql"]
    assert any("var('SPARK9_ENGAGEMENT_LOCATION', 's3://ours/here')" in text for text in texts.values())
    with pytest.raises(ProjectError, match="is not empty"):
        write_native_project(ROOT, folder, {})


def test_a_variable_without_a_default_is_asked_for() -> None:
    assert without_variables("{{ env_var('A', b(c)) }}", {}) == "{{ var('A', b(c)) }}"
    with pytest.raises(ProjectError, match="a character that no location has"):
        without_variables("{{ env_var('A_LOCATION', 'b') }}", {"A_LOCATION": "it's"})
    with pytest.raises(ProjectError, match="The environment variable A_LOCATION is not set"):
        without_variables("{{ env_var('A_LOCATION') }}", {})


def test_its_profile_has_the_projects_role_and_warehouse(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    settings = clone / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("transforming_wh:", "big_wh:").replace(" spark9_transformer\n", " builder\n"), "utf-8"
    )
    shutil.rmtree(clone / "areas")
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-a", "-m", "Without areas"]
    subprocess.run(git, cwd=clone, check=True)
    write_native_project(clone, tmp_path / "native", {"SNOWFLAKE_DATABASE": "ours"})
    profile = yaml.safe_load((tmp_path / "native" / "profiles.yml").read_text(encoding="utf-8"))
    output = profile["spark9"]["outputs"]["prod"]
    assert [output[key] for key in ("database", "role", "warehouse")] == ["ours", "builder", "big_wh"]


@pytest.mark.slow
def test_dbt_reads_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SPARK9_TARGET", "SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)
    outcome = run_dbt(folder, ["parse", "--profiles-dir", str(folder)])
    assert outcome.success, outcome.exception
