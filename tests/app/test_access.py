"""Two people and what each must not reach: in lists, by address, in downloads, in words."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from app import work
from app.access import NotAllowedError, Viewer, viewer_named
from app.desk import Desk, clean_name
from app.host import Host
from app.queries import operations, performance, waves
from app.queries.performance import Filters
from loader import client_schema
from loader.errors import ClientUnknownError, FileRefusedError, Spark9Error
from loader.exports.options import ReadingOptions
from loader.waves.decisions import MappingChange
from tests.app.conftest import OWNER, READER, STRANGER
from tests.support import ProjectUnderTest

ACME, NIKE = client_schema("acme", "meta", 2024), client_schema("nike", "meta", 2024)


@pytest.fixture
def of(host: Host) -> Callable[[str], Desk]:
    """The desk of a person."""
    return lambda name: Desk(host, viewer_named(host.project, name, frozenset()), host.figures())


def reading(desk: Desk) -> list[Callable[[], object]]:
    """All that shows something of nike."""
    marts = desk.marts
    return [
        lambda: desk.client("nike/meta/2024"),
        lambda: desk.files(NIKE),
        lambda: desk.mapping(NIKE, 1),
        lambda: desk.suggestions(NIKE),
        lambda: desk.log(NIKE),
        lambda: desk.accesses(NIKE),
        lambda: desk.rows_as_file(NIKE, 1, "csv"),
        lambda: desk.original(NIKE, "0" * 16),
        lambda: waves.issue_kinds(marts, NIKE, 1),
        lambda: waves.doubtful_cells(marts, NIKE, 1),
        lambda: waves.wave_rows(marts, NIKE, 1),
        lambda: waves.processed_rows(marts, NIKE, Filters(currency="EUR")),
        lambda: waves.pending_waves(marts, {NIKE.name: NIKE}),
        lambda: marts.table(NIKE, "raw_data_staging"),
    ]


def changing(desk: Desk) -> list[Callable[[], object]]:
    """All that changes something of acme."""
    file = work.FileToLoad(Path("a.csv"), 1, None, replace=False, other_platform=False, options=ReadingOptions())
    return [
        lambda: desk.plan(Path("a.csv"), ACME, 1, ReadingOptions()),
        lambda: desk.load(ACME, [file], Path(), is_new=False),
        lambda: desk.change_mapping(ACME, 1, "Reach", MappingChange(rule="ignore")),
        lambda: desk.accept_suggestion(ACME, "Reach"),
        lambda: desk.reprocess(ACME, 1),
        lambda: desk.roll_back(ACME, 1),
        lambda: desk.compare(ACME, 1, Path("a.csv"), ["ad_name"]),
        lambda: desk.verify(ACME, 1),
        lambda: desk.set_policies(ACME, "both", "both"),
    ]


def administering(desk: Desk) -> list[Callable[[], object]]:
    """All that only admins do."""
    return [
        lambda: desk.onboard(client_schema("new", "meta", 2024), []),
        lambda: desk.load(client_schema("new", "meta", 2024), [], Path(), is_new=True),
        lambda: desk.plan(Path("a.csv"), client_schema("new", "meta", 2024), 1, ReadingOptions()),
        lambda: desk.grant(ACME, STRANGER, "owner"),
        lambda: desk.revoke(ACME, READER),
        lambda: desk.archive(ACME),
        desk.look,
    ]


def test_lists_have_only_ones_own_clients(of: Callable[[str], Desk]) -> None:
    for person in (OWNER, READER):
        desk = of(person)
        assert [client.names for client in desk.clients(archived_too=True)] == [ACME]
        marts = desk.marts
        for frame in (waves.waves(marts), operations.today(marts), operations.runs(marts), operations.freshness(marts)):  # fmt: skip
            assert set(frame["client_schema"]) == {ACME.name}
        assert list(performance.days_and_currencies(marts)["currency"]) == ["USD"]
        assert performance.by_level(marts, Filters(currency="EUR"), "client_schema").empty


def test_a_stranger_sees_nothing(of: Callable[[str], Desk]) -> None:
    desk = of(STRANGER)
    assert desk.clients() == []
    assert waves.waves(desk.marts).empty
    assert operations.runs(desk.marts).empty
    assert operations.week(desk.marts)["uploads"].isna().all()
    assert performance.days_and_currencies(desk.marts).empty


def test_another_persons_client_is_as_if_it_were_not_there(of: Callable[[str], Desk]) -> None:
    for person in (OWNER, READER, STRANGER):
        for ask in reading(of(person)):
            with pytest.raises(ClientUnknownError) as refused:
                ask()
            assert refused.value.problem == "There is no client nike/meta/2024 that you may see."
    with pytest.raises(ClientUnknownError) as unknown:
        of(OWNER).client("nobody/meta/2024")
    assert unknown.value.problem == "There is no client nobody/meta/2024 that you may see."


def test_readers_change_nothing(of: Callable[[str], Desk]) -> None:
    desk = of(READER)
    for ask in changing(desk):
        with pytest.raises(NotAllowedError, match="its owners load and correct"):
            ask()
    assert desk.host.jobs.all() == ()
    assert desk.rows_as_file(ACME, 1, "csv").startswith(b"load_id,")


def test_owners_administer_nothing(of: Callable[[str], Desk]) -> None:
    for ask in administering(of(OWNER)):
        with pytest.raises(NotAllowedError, match="Only admins"):
            ask()


def test_admins_see_and_change_everything(host: Host) -> None:
    viewer = viewer_named(host.project, "Admin@Example.com", frozenset({"admin@example.com"}))
    assert viewer.is_admin
    assert Desk(host, viewer, host.figures()).client("nike/meta/2024") == NIKE


def test_access_that_is_taken_away_is_gone_at_once(agency: ProjectUnderTest, of: Callable[[str], Desk]) -> None:
    assert of(READER).client("acme/meta/2024") == ACME
    assert agency.spark9("client", "revoke", "acme/meta/2024", READER).code == 0
    with pytest.raises(ClientUnknownError):
        of(READER).client("acme/meta/2024")


def test_what_is_kept_of_queries_is_kept_apart_by_who_may_see_what(of: Callable[[str], Desk]) -> None:
    keys = {of(person).marts.key for person in (OWNER, STRANGER, "admin@example.com")}
    assert len(keys) == 2  # the admin of another server is a stranger here
    assert of(OWNER).marts.key == of(READER).marts.key


def test_jobs_of_other_peoples_clients_are_not_seen(host: Host, of: Callable[[str], Desk]) -> None:
    job = host.jobs.start("Prove nike/meta/2024", NIKE.name, "admin@example.com", work.verify, NIKE, 1)
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
def test_a_hostile_name_leads_nowhere(desk: Desk, tmp_path: Path, given: str, kept: str) -> None:
    assert clean_name(given) == kept
    folder = tmp_path / "uploads"
    folder.mkdir()
    if "." in kept:
        path = desk.keep_upload(given, io.BytesIO(b"x"), folder)
        assert path.parent == folder
        assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a", "a.csv.py", ".csv/../a.sh"])
def test_other_files_than_exports_are_refused(desk: Desk, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    with pytest.raises(FileRefusedError, match="is no export"):
        desk.keep_upload(name, io.BytesIO(b"x"), folder)
    assert list(folder.iterdir()) == []


def test_a_client_of_hostile_name_is_refused(desk: Desk) -> None:
    for word in ("acme/meta/2024'; drop schema marts; --", "../acme/meta/2024", "acme", "acme/meta/2024/x", "A/b/2024"):
        with pytest.raises(Spark9Error):
            desk.client(word)


def test_values_from_addresses_are_literals(desk: Desk) -> None:
    hostile = "x') or 1 = 1 --"
    assert performance.by_level(desk.marts, Filters(currency="USD", campaign=hostile), "ad_set").empty
    assert performance.totals(desk.marts, Filters(currency=hostile))["impressions"].isna().all()


def test_nobody_without_a_name_is_anybody() -> None:
    assert not Viewer("").may_see("client_acme_meta_2024")
