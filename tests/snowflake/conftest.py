"""A project whose target is Snowflake, on an emulator of its own with an account that is set up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.process import Emulator, running
from tests.snowflake.support import SnowflakeProject
from tests.support import copy_project


@pytest.fixture
def emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A running emulator, to which the profile's environment variables lead."""
    folder = tmp_path / "emulator"
    folder.mkdir()
    for name in ("SPARK9_DUCKDB_PATH", "SPARK9_STAGE_DIR", "SPARK9_SCHEMA_PREFIX", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)
    with running(folder) as started:
        for name, value in started.environment().items():
            monkeypatch.setenv(name, value)
        yield started
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def empty_account(emulator: Emulator, tmp_path: Path) -> SnowflakeProject:
    """The project on an account in which nothing was made yet."""
    return SnowflakeProject(copy_project(tmp_path / "project"), emulator)


@pytest.fixture
def snowflake(empty_account: SnowflakeProject) -> SnowflakeProject:
    """The project on an account that is set up."""
    empty_account.set_up()
    return empty_account


@pytest.fixture
def acme(snowflake: SnowflakeProject) -> SnowflakeProject:
    """The same, with the client acme/meta/2024."""
    snowflake.add("acme", "meta", 2024)
    return snowflake
