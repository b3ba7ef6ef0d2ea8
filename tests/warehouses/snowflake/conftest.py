"""A project whose target is Snowflake, on an emulator of its own with an account that is set up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import VARIABLES
from tests.emulator.process import Emulator, Forks
from tests.support import ProjectUnderTest, copy_project
from tests.warehouses.snowflake.support import Accounts, SnowflakeProject


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    """What makes emulators, and a project that dbt has parsed for them."""
    forks = Forks()
    project = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("parsed_for_snowflake") / "project"))
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in Emulator(forks.ports[0], Path()).environment().items():
            patch.setenv(name, value)
        assert project.dbt("parse").success
    yield Accounts(forks, project)
    forks.close()


@pytest.fixture
def empty_account(accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SnowflakeProject]:
    """The project on an account in which nothing was made yet."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with accounts.empty(tmp_path / "account", monkeypatch) as project:
        yield project
    shutil.rmtree(tmp_path / "account", ignore_errors=True)


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
