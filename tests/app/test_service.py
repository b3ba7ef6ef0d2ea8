"""Every public method of the pages' service, tried by four people; a method that is not listed here fails."""

from __future__ import annotations

import inspect
import io
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import tasks
from app.access import NotAllowedError, Viewer, masked, viewer_named
from app.jobs import DONE, FAILED, Job, Task
from app.runtime import Runtime
from app.service import Service
from app.settings import AppSettings
from app.worker import serve
from loader import ClientKey, client_schema, find_project
from loader.errors import ClientUnknownError, Spark9Error
from loader.files.options import ReadingOptions
from loader.project.dbt import BuildResult
from loader.waves.decisions import MappingChange
from tests.app.conftest import ADMIN, OWNER, READER, STRANGER
from tests.support import ProjectUnderTest
from tests.written import meta_csv

ACME, NIKE, NEW = (client_schema(name, "meta", 2024) for name in ("acme", "nike", "new"))
PEOPLE = (STRANGER, READER, OWNER, ADMIN.name)
OK, HIDDEN, REFUSED = "ok", "is as if it were not there", "is refused"


@dataclass(frozen=True)
class Tried:
    """One call, and how it ends for a stranger, a reader, an owner and an admin.

    Args:
        call: of a method, about a client or none.
        outcomes: in the order of PEOPLE.
        is_about_a_client: then others' clients are hidden from all but the admin.

    """

    call: Callable[[Service, ClientKey, Path], object]
    outcomes: tuple[str, str, str, str]
    is_about_a_client: bool = False


def of_all(call: Callable[[Service], object]) -> Tried:
    return Tried(lambda service, _names, _file: call(service), (OK, OK, OK, OK))


def reading(call: Callable[[Service, ClientKey], object]) -> Tried:
    return Tried(lambda service, client, _file: call(service, client), (HIDDEN, OK, OK, OK), is_about_a_client=True)


def changing(call: Callable[[Service, ClientKey, Path], object]) -> Tried:
    return Tried(call, (HIDDEN, REFUSED, OK, OK), is_about_a_client=True)


def loading(call: Callable[[Service, Path], object]) -> Tried:
    return Tried(lambda service, _names, file: call(service, file), (REFUSED, REFUSED, OK, OK))


def administering(call: Callable[[Service], object]) -> Tried:
    return Tried(lambda service, _names, _file: call(service), (REFUSED, REFUSED, REFUSED, OK))


def file_to_load(file: Path) -> tasks.FileToLoad:
    return tasks.FileToLoad(file, 9, None, replace=False, other_platform=False, options=ReadingOptions())


METHODS: dict[str, list[Tried]] = {
    "marts": [of_all(lambda service: service.marts)],
    "project": [of_all(lambda service: service.project)],
    "clients": [of_all(lambda service: service.clients(archived_too=True))],
    "own_clients": [of_all(lambda service: service.own_clients())],
    "words": [of_all(lambda service: service.words())],
    "jobs": [of_all(lambda service: service.jobs())],
    "job": [of_all(lambda service: service.job(1))],
    "platform_titles": [of_all(lambda service: service.platform_titles())],
    "client": [reading(lambda service, client: service.client(str(client)))],
    "accesses": [reading(lambda service, client: service.accesses(client))],
    "files": [reading(lambda service, client: service.files(client))],
    "mapping": [reading(lambda service, client: service.mapping(client, 1))],
    "suggestions": [reading(lambda service, client: service.suggestions(client))],
    "questions": [reading(lambda service, client: service.questions(client, 1))],
    "log": [reading(lambda service, client: service.log(client))],
    "rows_as_file": [reading(lambda service, client: service.rows_as_file(client, 1, "csv"))],
    "original": [reading(lambda service, client: service.original(client, service.files(client)[0].load_id))],
    "upload_folder": [loading(lambda service, _file: service.upload_folder())],
    "save_upload": [loading(lambda service, file: service.save_upload("b.csv", io.BytesIO(b"x"), file.parent))],
    "exports_of": [loading(lambda service, file: service.exports_of(file))],
    "propose": [loading(lambda service, file: service.propose(file, ReadingOptions()))],
    "rolled_back": [reading(lambda service, client: service.rolled_back(client))],
    "undo_rollback": [changing(lambda service, client, _: service.undo_rollback(client, 1))],
    "plan": [
        changing(lambda service, client, file: service.plan(file, client, 9, ReadingOptions())),
        Tried(lambda service, _, file: service.plan(file, NEW, 1, ReadingOptions()), (REFUSED, REFUSED, REFUSED, OK)),
    ],
    "load": [
        changing(lambda service, client, file: service.load(client, [file_to_load(file)], is_new=False)),
        administering(lambda service: service.load(NEW, [], is_new=True)),
    ],
    "build": [loading(lambda service, _file: service.build())],
    "change_mapping": [changing(lambda service, client, _: service.change_mapping(client, 1, "R", MappingChange(rule="ignore")))],
    "accept_suggestion": [changing(lambda service, client, _: service.accept_suggestion(client, "Reach"))],
    "settle": [changing(lambda service, client, _: service.settle(client, 1, "abc", "looked"))],
    "reprocess": [changing(lambda service, client, _: service.reprocess(client, 1))],
    "roll_back": [changing(lambda service, client, _: service.roll_back(client, 1))],
    "compare": [changing(lambda service, client, file: service.compare(client, 1, file, ["ad_name"]))],
    "verify": [changing(lambda service, client, _: service.verify(client, 1))],
    "set_policies": [changing(lambda service, client, _: service.set_policies(client, "both", "both"))],
    "onboard": [administering(lambda service: service.onboard(NEW, []))],
    "grant": [administering(lambda service: service.grant(ACME, STRANGER, "owner"))],
    "revoke": [administering(lambda service: service.revoke(ACME, READER))],
    "archive": [administering(lambda service: service.archive(ACME))],
    "look": [administering(lambda service: service.look())],
}  # fmt: skip


@pytest.fixture(scope="module")
def looked(two_clients: ProjectUnderTest) -> Iterator[Runtime]:
    """The runtime of two clients' pages; what it is asked to change is noted, and not done."""
    runtime = Runtime(find_project(two_clients.root), AppSettings())
    runtime.jobs._send_next = lambda: None  # type: ignore[method-assign]
    yield runtime
    runtime.jobs.close()


def desk_of(runtime: Runtime, person: str) -> Service:
    viewer = ADMIN if person == ADMIN.name else viewer_named(runtime.project, person, frozenset())
    return Service(runtime, viewer, runtime.snapshot())


def outcome(call: Callable[[], object]) -> str:
    try:
        call()
    except ClientUnknownError as error:
        assert "that you have access to" in error.problem
        return HIDDEN
    except NotAllowedError:
        return REFUSED
    return OK


def public_methods() -> list[str]:
    found = [name for name, value in vars(Service).items() if inspect.isfunction(value) or isinstance(value, property)]
    return [name for name in found if not name.startswith("_")]


@pytest.mark.parametrize("name", public_methods())
def test_every_method_is_for_whom_it_should_be(looked: Runtime, tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(meta_csv(3, day="2024-06-01"), encoding="utf-8")
    for tried in METHODS[name]:
        for person, expected in zip(PEOPLE, tried.outcomes, strict=True):
            service, jobs = desk_of(looked, person), looked.jobs.all()
            assert outcome(lambda: tried.call(service, ACME, file)) == expected, person  # noqa: B023 - called at once
            assert expected == OK or looked.jobs.all() == jobs, person
            if tried.is_about_a_client:
                others = OK if person == ADMIN.name else HIDDEN
                assert outcome(lambda: tried.call(service, NIKE, file)) == others, person  # noqa: B023 - called at once


def test_no_method_is_listed_that_is_not_there() -> None:
    assert sorted(METHODS) == sorted(public_methods())


def test_who_builds_builds_their_own_clients(looked: Runtime) -> None:
    for person, builds in ((OWNER, frozenset({ACME.name})), (ADMIN.name, None)):
        service = desk_of(looked, person)
        started = [
            service.build(), service.reprocess(ACME, 1), service.roll_back(ACME, 1), service.set_policies(ACME, "both", "both"),
            service.undo_rollback(ACME, 1), service.accept_suggestion(ACME, "Reach"),
            service.change_mapping(ACME, 1, "Reach", MappingChange(rule="ignore")), service.settle(ACME, 1, "abc", "looked"),
        ]  # fmt: skip
        orders = {order.job: order for _, order in looked.jobs._waiting}
        assert {orders[job.number].values[-1] for job in started} == {builds}


def finished(
    runtime: Runtime, client: str | None, who: str, result: Any = None, error: Spark9Error | None = None
) -> Job:
    """A job that names nike in every place that can hold words."""
    job = runtime.jobs.start(f"Build {NIKE} and {ACME}", client, who, tasks.build)
    job.steps += [f"building: {NIKE.name}__wave_quality", f"building: {ACME.name}__wave_quality"]
    job.step = f"onboarding {NIKE}"
    job.state, job.result, job.error = FAILED if error else DONE, result, error
    return job


def test_jobs_name_nobody_elses_client(looked: Runtime) -> None:
    warnings = [f"client_integrity_{NIKE.name}__processed_campaign_data (3 rows)", f"{ACME.name} (1 rows)"]
    built = BuildResult(3, warnings)
    upload = tasks.LoadedUpload([(f"{NIKE}.csv", "loaded", f"as {NIKE.name.upper()}")], [str(NIKE)])
    error = Spark9Error("x", f"{NIKE.name} failed", unchanged=f"{NIKE} is as it was", remedy=f"build {NIKE}")
    jobs = [finished(looked, None, OWNER, built), finished(looked, ACME.name, OWNER, upload),
            finished(looked, ACME.name, ADMIN.name, None, error)]  # fmt: skip
    for person in (OWNER, READER):
        service = desk_of(looked, person)
        seen = [found for job in jobs if (found := service.job(job.number)) is not None]
        assert len(seen) == (3 if person == OWNER else 2)
        for job in [*seen, *service.jobs()]:
            words = f"{job} {job.error} {vars(job.error) if job.error else ''}".lower()
            assert "nike" not in words
        assert all("acme" in f"{job.title} {job.steps}" for job in seen)
    assert desk_of(looked, STRANGER).jobs() == []
    of_admin = desk_of(looked, ADMIN.name).job(jobs[0].number)
    assert of_admin is not None
    assert of_admin.result.warnings == warnings


def test_a_name_that_ends_like_anothers_is_not_masked() -> None:
    assert masked("my_nike/meta/2024, nike/meta/20245", [str(NIKE)]) == "my_nike/meta/2024, nike/meta/20245"
    assert masked(Viewer("nike/meta/2024"), [str(NIKE)]) == Viewer("another client")


@pytest.mark.slow
def test_a_build_leaves_others_clients_as_they_are(agency: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(agency.root)
    for client, day in ((ACME, "2024-07-01"), (NIKE, "2024-07-02")):
        agency.load(agency.write(f"{client.client}.csv", meta_csv(2, day=day)), 7, client)
    steps: list[str] = []
    monkeypatch.setattr(tasks, "NOTICES", [lambda progress: steps.append(progress.step)])
    built = tasks.build(1, None, frozenset({ACME.name}))
    assert built is not None
    assert "nike" not in " ".join([*steps, *built.warnings])
    waves = "select count(*) from {}.wave_quality where wave_number = 7"
    assert [agency.query(waves.format(client.name))[0][0] for client in (ACME, NIKE)] == [1, 0]
    assert agency.query("select count(*) from marts.waves where wave_number = 7") == [(1,)]
    # with a client that was never built the marts can't be made; one's own is built all the same
    agency.add("new", "meta", 2024)
    agency.load(agency.write("again.csv", meta_csv(2, day="2024-08-01")), 8, ACME)
    built = tasks.build(2, None, frozenset({ACME.name}))
    assert built is not None
    assert built.warnings[-1].startswith("The overview does not show this yet")
    assert agency.query(f"select count(*) from {ACME.name}.wave_quality where wave_number = 8") == [(1,)]


def test_what_waits_is_not_done_once_access_is_taken_away(
    two_clients: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_PROJECT_DIR", str(two_clients.root))
    monkeypatch.delenv("SPARK9_USER", raising=False)
    monkeypatch.setattr(tasks, "NOTICES", [])
    orders, events = io.BytesIO(), io.BytesIO()
    for owned in (ACME.name, None):
        pickle.dump(Task(1, noted, "nobody@example.com", (), owned), orders)
    orders.seek(0)
    serve(orders, events)
    events.seek(0)
    told = [pickle.load(events) for _ in range(4)]  # noqa: S301 - of this test
    failures = [getattr(each, "failure", None) for each in told]
    assert [failure and failure.code for failure in failures] == [None, "not-allowed", None, None]
    assert told[-1].result == "done"


def noted(_job: int) -> str:
    """A job that does nothing."""
    return "done"
