"""A project whose target is Snowflake, on an emulator of its own with an account that is set up."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from snowflake.connector.util_text import split_statements

from tests.emulator.process import Emulator, Forks, free_port
from tests.support import VARIABLES, ProjectUnderTest, copy_project
from tests.warehouses.snowflake.support import Accounts, SnowflakeProject


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    """What makes emulators, and a project that dbt has parsed for them."""
    ports = sorted((free_port(), free_port()))
    project = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("parsed_for_snowflake") / "project"))
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in Emulator(ports[0], Path()).environment().items():
            patch.setenv(name, value)
        assert project.dbt("parse").success
        set_up = [text for text, _ in split_statements(io.StringIO(project.project.macros.call("account_ddl"))) if text]
    forks = Forks(ports)
    yield Accounts(forks, project, set_up)
    forks.close()


@pytest.fixture
def empty_account(accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SnowflakeProject]:
    """The project on an account in which nothing was made yet."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with accounts.project(tmp_path / "account", monkeypatch, is_set_up=False) as project:
        yield project
    shutil.rmtree(tmp_path / "account", ignore_errors=True)


@pytest.fixture
def snowflake(accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SnowflakeProject]:
    """The project on an account that is set up."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with accounts.project(tmp_path / "account", monkeypatch) as project:
        yield project
    shutil.rmtree(tmp_path / "account", ignore_errors=True)


@pytest.fixture
def acme(snowflake: SnowflakeProject) -> SnowflakeProject:
    """The same, with the client acme/meta/2024."""
    snowflake.add("acme", "meta", 2024)
    return snowflake
