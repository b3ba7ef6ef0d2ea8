"""Where the pages run: on a server of one's own, or inside Snowflake."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from app.access import NotAllowedError, Viewer
from app.runtime import Runtime, SnowflakeRuntime, open_runtime, take_token
from app.service import Service
from app.settings import SINGLE_USER, SNOWFLAKE, app_settings
from loader.errors import ProjectError
from tests.support import ACME, ROOT, ProjectUnderTest


@pytest.fixture
def token(tmp_path: Path, project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What Snowflake puts beside what it runs."""
    monkeypatch.setattr(os, "environ", {**os.environ, "SPARK9_PROJECT_DIR": str(project.root), "SNOWFLAKE_ACCOUNT": "abc",
                                        "SNOWFLAKE_HOST": "abc.example.com"})  # fmt: skip
    file = tmp_path / "token"
    file.write_text("first\n", encoding="utf-8")
    return file


def test_a_server_of_ones_own_is_no_snowflake(project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK9_PROJECT_DIR", str(project.root))
    runtime = open_runtime()
    assert type(runtime) is Runtime
    assert runtime.settings.sign_in == SINGLE_USER
    assert not take_token()
    with pytest.raises(ProjectError):  # nobody outside Snowflake can say that Snowflake signed them in
        app_settings({"SPARK9_APP_SIGN_IN": SNOWFLAKE, "SPARK9_APP_ADDRESS": "0.0.0.0"})


def test_inside_snowflake_its_token_connects_and_it_signs_people_in(token: Path) -> None:
    runtime = open_runtime(token)
    assert isinstance(runtime, SnowflakeRuntime)
    assert runtime.settings.sign_in == SNOWFLAKE
    assert runtime.saved_views_file is None, "the folder lasts until the next deployment"
    settings = runtime.project.target.loader_settings
    assert (settings["authenticator"], settings["token"], settings["host"]) == ("oauth", "first", "abc.example.com")
    token.write_text("second", encoding="utf-8")
    figures = runtime.snapshot()
    assert figures.project is not None
    assert figures.project.target.loader_settings["token"] == "second"


def test_inside_snowflake_the_registry_comes_with_the_deployment(token: Path) -> None:
    runtime = open_runtime(token)
    service = Service(runtime, Viewer("ADMIN", is_admin=True), runtime.snapshot())
    acme = ACME
    asks: list[Callable[[], object]] = [
        lambda: service.onboard(acme, []),
        lambda: service.grant(acme, "a@b.c", "reader"),
        lambda: service.load(acme, [], is_new=True),
        lambda: service.archive(acme),
    ]
    for ask in asks:
        with pytest.raises(NotAllowedError, match="whoever deploys these pages"):
            ask()


def test_what_is_deployed_is_there() -> None:
    entity = yaml.safe_load((ROOT / "snowflake.yml").read_text(encoding="utf-8"))["entities"]["spark9_pages"]
    assert (ROOT / entity["main_file"]).is_file()
    sources = [artifact if isinstance(artifact, str) else artifact["src"] for artifact in entity["artifacts"]]
    assert [name for name in sources if not (ROOT / name).exists()] == []
    # the pages import what stands beside them
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {
        "tests",
        "bench",
        "docs",
        "orchestration",
        "samples",
    }
    assert packages <= set(sources)
