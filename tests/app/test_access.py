"""Two people and what each must not reach: in lists, by address, in downloads, in words."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from app import tasks
from app.access import NotAllowedError, Viewer, viewer_named
from app.queries import operations, performance, waves
from app.queries.performance import Filters
from app.runtime import Runtime
from app.service import Service, clean_name
from loader import client_schema
from loader.errors import ClientUnknownError, FileRefusedError, Spark9Error
from tests.app.conftest import OWNER, READER, STRANGER
from tests.support import ProjectUnderTest

ACME, NIKE = client_schema("acme", "meta", 2024), client_schema("nike", "meta", 2024)


@pytest.fixture
def of(runtime: Runtime) -> Callable[[str], Service]:
    """The service of a person."""
    return lambda name: Service(runtime, viewer_named(runtime.project, name, frozenset()), runtime.snapshot())


def reading(service: Service) -> list[Callable[[], object]]:
    """All that shows something of nike, but for the methods of the service (tests/app/test_service.py)."""
    marts = service.marts
    return [
        lambda: waves.issue_kinds(marts, NIKE, 1),
        lambda: waves.cells_with_issues(marts, NIKE, 1),
        lambda: waves.wave_rows(marts, NIKE, 1),
        lambda: waves.processed_rows(marts, NIKE, Filters(currency="EUR")),
        lambda: waves.pending_waves(marts, {NIKE.name: NIKE}),
        lambda: marts.table(NIKE, "raw_data_staging"),
    ]


def test_lists_have_only_ones_own_clients(of: Callable[[str], Service]) -> None:
    for person in (OWNER, READER):
        service = of(person)
        assert [client.key for client in service.clients(archived_too=True)] == [ACME]
        marts = service.marts
        for frame in (waves.waves(marts), operations.today(marts), operations.runs(marts), operations.freshness(marts)):  # fmt: skip
            assert set(frame["client_schema"]) == {ACME.name}
        assert list(performance.days_and_currencies(marts)["currency"]) == ["USD"]
        assert performance.by_level(marts, Filters(currency="EUR"), "client_schema").empty


def test_a_stranger_sees_nothing(of: Callable[[str], Service]) -> None:
    service = of(STRANGER)
    assert service.clients() == []
    assert waves.waves(service.marts).empty
    assert operations.runs(service.marts).empty
    assert operations.week(service.marts)["uploads"].isna().all()
    assert performance.days_and_currencies(service.marts).empty


def test_another_persons_client_is_as_if_it_were_not_there(of: Callable[[str], Service]) -> None:
    for person in (OWNER, READER, STRANGER):
        for ask in reading(of(person)):
            with pytest.raises(ClientUnknownError) as refused:
                ask()
            assert refused.value.problem == "There is no client nike/meta/2024 that you have access to."
    with pytest.raises(ClientUnknownError) as unknown:
        of(OWNER).client("nobody/meta/2024")
    assert unknown.value.problem == "There is no client nobody/meta/2024 that you have access to."


def test_a_reader_is_told_who_may_change_a_client(of: Callable[[str], Service]) -> None:
    with pytest.raises(NotAllowedError, match="only its owners can load and correct"):
        of(READER).reprocess(ACME, 1)
    with pytest.raises(NotAllowedError, match="Only admins"):
        of(OWNER).archive(ACME)


def test_admins_see_and_change_everything(runtime: Runtime) -> None:
    viewer = viewer_named(runtime.project, "Admin@Example.com", frozenset({"admin@example.com"}))
    assert viewer.is_admin
    assert Service(runtime, viewer, runtime.snapshot()).client("nike/meta/2024") == NIKE


def test_access_that_is_taken_away_is_gone_at_once(agency: ProjectUnderTest, of: Callable[[str], Service]) -> None:
    assert of(READER).client("acme/meta/2024") == ACME
    assert agency.spark9("client", "revoke", "acme/meta/2024", READER).code == 0
    with pytest.raises(ClientUnknownError):
        of(READER).client("acme/meta/2024")


def test_what_is_kept_of_queries_is_kept_apart_by_who_may_see_what(of: Callable[[str], Service]) -> None:
    keys = {of(person).marts.key for person in (OWNER, STRANGER, "admin@example.com")}
    assert len(keys) == 2  # the admin of another server is a stranger here
    assert of(OWNER).marts.key == of(READER).marts.key


def test_jobs_of_other_peoples_clients_are_not_seen(runtime: Runtime, of: Callable[[str], Service]) -> None:
    job = runtime.jobs.start("Prove nike/meta/2024", NIKE.name, "admin@example.com", tasks.verify, NIKE, 1)
    assert of(OWNER).job(job.number) is None
    assert of(OWNER).jobs() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..\\..\\windows\\a.csv", "a.csv"),
        ("/etc/cron.d/a.csv", "a.csv"),
        ("a\0b\nc.csv", "a_b_c.csv"),
        ("..", "export"),
        ("", "export"),
        ("~/.ssh/x.csv", "x.csv"),
        ("$(rm -rf).csv", "$(rm -rf).csv"),
        ("Übersicht März.csv", "Übersicht März.csv"),
        (f"{'x' * 500}.csv", f"{'x' * 120}.csv"),
        ("a:b*c?.xlsx", "a_b_c_.xlsx"),
    ],
)
def test_a_hostile_name_leads_nowhere(service: Service, tmp_path: Path, given: str, kept: str) -> None:
    assert clean_name(given) == kept
    folder = tmp_path / "uploads"
    folder.mkdir()
    if "." in kept:
        path = service.save_upload(given, io.BytesIO(b"x"), folder)
        assert path.parent == folder
        assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a", "a.csv.py", ".csv/../a.sh"])
def test_other_files_than_exports_are_refused(service: Service, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    with pytest.raises(FileRefusedError, match="is not an export"):
        service.save_upload(name, io.BytesIO(b"x"), folder)
    assert list(folder.iterdir()) == []


def test_a_client_of_hostile_name_is_refused(service: Service) -> None:
    for word in ("acme/meta/2024'; drop schema marts; --", "../acme/meta/2024", "acme", "acme/meta/2024/x", "A/b/2024"):
        with pytest.raises(Spark9Error):
            service.client(word)


def test_values_from_addresses_are_literals(service: Service) -> None:
    hostile = "x') or 1 = 1 --"
    assert performance.by_level(service.marts, Filters(currency="USD", campaign=(hostile,)), "ad_set").empty
    assert performance.totals(service.marts, Filters(currency=hostile))["impressions"].isna().all()


def test_nobody_without_a_name_is_anybody() -> None:
    assert not Viewer("").may_see("client_acme_meta_2024")
