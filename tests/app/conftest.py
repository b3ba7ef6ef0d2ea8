"""Fixtures: a project with two clients and built waves, served once for all tests that only look."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from app.access import Viewer
from app.runtime import Runtime
from app.service import Service
from app.settings import AppSettings
from loader import find_project
from tests.app.served import Served, served
from tests.support import ProjectUnderTest, shared_project
from tests.written import meta_csv

OWNER, READER, STRANGER = "ann@example.com", "bob@example.com", "eve@example.com"
ADMIN = Viewer("admin@example.com", is_admin=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the pages showed to the report of a test that fails in a browser."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None and not page.is_closed():
        report.sections.append(("on the screen", f"{page.url}\n{page.inner_text('body')}"))
    return report


@pytest.fixture(scope="session")
def two_clients(two_built_waves: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """Acme with two waves, nike with one of 3 doubtful rows; Ann owns acme and Bob reads it, nobody else uses nike."""

    def make(folder: Path) -> None:
        project = two_built_waves.copy(folder.parent)
        nike = project.add("nike", "meta", 2024)
        rows = meta_csv(6, day="2024-03-01").replace("USD", "EUR").splitlines()
        doubled = project.write("nike.csv", "\n".join([*rows, rows[-1], rows[-2]]) + "\n")
        project.load(doubled, 1, nike)
        for user, access in ((OWNER, "owner"), (READER, "reader")):
            assert project.spark9("client", "grant", "acme/meta/2024", user, "--access", access).code == 0
        assert project.dbt("build").success

    return shared_project(tmp_path_factory, "two_clients", make)


@pytest.fixture
def agency(two_clients: ProjectUnderTest, tmp_path: Path) -> ProjectUnderTest:
    """A copy of it."""
    return two_clients.copy(tmp_path)


@pytest.fixture
def runtime(agency: ProjectUnderTest) -> Iterator[Runtime]:
    """The runtime of its pages, without a server."""
    opened = Runtime(find_project(agency.root), AppSettings())
    yield opened
    opened.jobs.close()


@pytest.fixture
def service(runtime: Runtime) -> Service:
    """An admin's service."""
    return Service(runtime, ADMIN, runtime.snapshot())


@pytest.fixture(scope="session")
def looked_at(two_clients: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The pages of a project that no test changes."""
    with served(two_clients.copy(tmp_path_factory.mktemp("looked_at")).root) as pages:
        yield pages
