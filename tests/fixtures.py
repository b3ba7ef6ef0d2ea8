"""Fixtures: a project of its own for each test, on a warehouse of its own."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import VARIABLES, ProjectUnderTest, copy_project, shared_project
from tests.written import meta_csv

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_TESTS_DONE = pytest.StashKey[int]()
_TESTS_WITH_GARBAGE = 15
# files that take longest; a worker that is given one last would keep the other waiting
LONGEST_FIRST = (
    "snowflake/test_parity.py",
    "e2e/test_readme.py",
    "damage/test_damage.py",
    "customer_360/tests/test_checks.py",
    "snowflake/test_loading.py",
    "customer_360/tests/test_snowflake.py",
    "engagement/tests/test_snowflake.py",
    "tests/test_areas.py",
    "golden/test_golden.py",
    "snowflake/test_access.py",
    "builds/test_stale.py",
    "faults/test_kills.py",
    "waves/test_restatement.py",
    "models/test_quality.py",
    "faults/test_faults.py",
    "waves/test_figures.py",
    "models/test_values.py",
    "models/test_platform_exports.py",
    "waves/test_decision_files.py",
    "waves/test_days_of_file.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Have a process that runs tests look for garbage between tests only, and never among what dbt's modules are made of.

    What dbt makes of a project is large, and looking through it takes a third of each run.
    """
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        import_module("dbt.cli.main")
        gc.collect()
        gc.freeze()
        gc.disable()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Take the garbage of some tests out at once."""
    done = item.session.stash.get(_TESTS_DONE, 0) + 1
    item.session.stash[_TESTS_DONE] = done
    if not gc.isenabled() and done % _TESTS_WITH_GARBAGE == 0:
        gc.collect()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""

    def place(item: pytest.Item) -> int:
        name = item.path.as_posix()
        return next((at for at, end in enumerate(LONGEST_FIRST) if name.endswith(end)), len(LONGEST_FIRST))

    items.sort(key=place)


class _Leaving:
    """Ends the process without the clean-up of native libraries, whose leak reports would come behind pytest's summary.

    Registered before all else, so that it comes after what Python's own modules clean up.
    """

    def __init__(self) -> None:
        self.exit_status = 0
        atexit.register(self._leave)

    def _leave(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(self.exit_status)


_LEAVING = _Leaving()


def pytest_sessionfinish(exitstatus: int) -> None:
    """Keep what the process is to exit with."""
    _LEAVING.exit_status = int(exitstatus)


@pytest.fixture(scope="session", autouse=True)
def _day_of_uploads() -> Iterator[None]:
    """No file of a test has days after its upload, whatever the day on which the tests run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("loader.waves.plan.today", lambda: "2026-12-31")
        yield


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A project with an empty registry that dbt has parsed; tests get copies, which it then need not parse again."""

    def make(folder: Path) -> None:
        assert ProjectUnderTest(copy_project(folder)).dbt("parse").success

    return shared_project(tmp_path_factory, "parsed", make)


@pytest.fixture(scope="session")
def parsed_acme(parsed: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """The same with the client acme/meta/2024."""

    def make(folder: Path) -> None:
        acme = parsed.copy(folder.parent)
        acme.add("acme", "meta", 2024)
        assert acme.dbt("parse").success

    return shared_project(tmp_path_factory, "acme", make)


@pytest.fixture
def project(parsed: ProjectUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    """A copy of the project with an empty registry and no DuckDB file yet."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return parsed.copy(tmp_path)


@pytest.fixture
def acme(parsed_acme: ProjectUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    """The same, with the client acme/meta/2024 and its tables."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return parsed_acme.copy(tmp_path)


@pytest.fixture(scope="session")
def onboarded(parsed: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """Clients without waves, for files that are only planned; no test changes it."""
    project = parsed.copy(tmp_path_factory.mktemp("onboarded"))
    for platform, year in (
        ("meta", 2024),
        ("reddit", 2024),
        ("meta", 2026),
        ("linkedin", 2026),
        ("googleads", 2026),
        ("amazon", 2026),
    ):
        project.add("acme", platform, year)
    return project


@pytest.fixture(scope="session")
def two_built_waves(parsed_acme: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A project with acme and two waves of it, built once for all tests that begin with it; they get copies."""

    def make(folder: Path) -> None:
        acme = parsed_acme.copy(folder.parent)
        acme.load(acme.write("a.csv", meta_csv(4)), 1)
        acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2)
        run = acme.dbt("build")
        assert run.success
        assert set(run.statuses.values()) <= {"success", "pass"}

    return shared_project(tmp_path_factory, "built", make)


@pytest.fixture
def built(two_built_waves: ProjectUnderTest, tmp_path: Path) -> ProjectUnderTest:
    """A copy of the project with acme and two built waves."""
    return two_built_waves.copy(tmp_path)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser for all tests of a worker, of the core and of areas: a process can have but one."""
    from playwright.sync_api import expect  # noqa: PLC0415 - most tests need none

    from tests.app.served import CHROMIUM, browser  # noqa: PLC0415

    expect.set_options(timeout=30_000)
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: the pages were not looked at in a browser (apt-get install chromium)")
    with browser() as opened:
        yield opened
