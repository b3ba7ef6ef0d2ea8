"""Jobs run one after the other in a process of their own, which may end without anything being lost."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import tasks
from app.jobs import DONE, FAILED, Job, Jobs
from app.tasks import FileToLoad
from loader.files.options import ReadingOptions
from tests.support import ACME, ProjectUnderTest
from tests.written import meta_csv


@pytest.fixture
def jobs(acme: ProjectUnderTest) -> Iterator[Jobs]:
    opened = Jobs(acme.root, "dev")
    yield opened
    opened.close()


def ended(job: Job) -> Job:
    for _ in range(600):
        if not job.is_open:
            return job
        time.sleep(0.1)
    raise AssertionError(f"{job} did not end")


def upload(acme: ProjectUnderTest, name: str, content: str) -> tuple[FileToLoad, Path]:
    folder = acme.root.parent / f"upload of {name}"
    folder.mkdir()
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return FileToLoad(file, 1, None, replace=False, other_platform=False, options=ReadingOptions()), folder


@pytest.mark.slow
def test_jobs_are_done_in_the_name_of_who_asked_and_none_is_half_done(acme: ProjectUnderTest, jobs: Jobs) -> None:
    good, folder = upload(acme, "a.csv", meta_csv(3))
    bad, _ = upload(acme, "empty.csv", "")
    job = ended(jobs.start("Load", ACME.name, "ann@example.com", tasks.load_upload, ACME, (bad, good), False))
    assert job.state == DONE, job.error
    assert [outcome for _, outcome, _ in job.result.files] == ["refused", "loaded"]
    assert str(folder) not in str(job.result.files)
    assert [step for step in job.steps if step.startswith("a.csv: ")][:2] == ["a.csv: reading", "a.csv: recognise"]
    built = ended(jobs.start("Build", None, "ann@example.com", tasks.build, folder))
    assert built.result.passed > 10
    assert not folder.exists()
    assert any(step.startswith("building: ") for step in built.steps)
    logged = acme.query(
        f"select distinct done_by from {ACME.name}.processing_log where processing_stage in ('UPLOAD', 'PROCESS', 'BUILD')"
    )
    assert logged == [("ann@example.com",)]
    # an error that people can act on comes back with its parts
    job = ended(jobs.start("Roll back", ACME.name, "bob@example.com", tasks.roll_back, ACME, 7, None))
    assert job.state == FAILED
    assert job.error is not None
    assert (job.error.code, job.error.unchanged) == ("no-such-wave", "Nothing was changed.")
    # and a fault is no end of the process
    job = ended(jobs.start("Fault", None, "bob@example.com", tasks.roll_back))
    assert job.error is not None
    assert job.error.code == "internal-error"
    an_interrupted_job_leaves_nothing_half_done(acme, jobs)


def an_interrupted_job_leaves_nothing_half_done(acme: ProjectUnderTest, jobs: Jobs) -> None:
    """Its process is killed in the middle; the job that waited behind it is done by another."""
    file, _folder = upload(acme, "b.csv", meta_csv(3, day="2024-05-01"))
    job = jobs.start("Load b.csv", ACME.name, "ann@example.com", tasks.load_upload, ACME, (file,), False)
    waiting = jobs.start("Build", None, "ann@example.com", tasks.build)
    while job.step != "b.csv: reading" and job.is_open:
        time.sleep(0.01)
    process = jobs._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    assert ended(job).error is not None
    assert job.error is not None
    assert job.error.code == "interrupted"
    assert ended(waiting).state == DONE
    assert acme.query(f"select count(*) from {ACME.name}.raw_data_staging")[0][0] in (3, 6)
    assert [found.number for found in jobs.all()][:2] == [waiting.number, job.number]


def test_a_load_has_the_limits_of_a_preview(
    acme: ProjectUnderTest, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that takes more than it may ends the process that reads it, and not the one that does all jobs."""
    monkeypatch.setenv("SPARK9_APP_READ_MB", "400")
    file, _folder = upload(acme, "a.csv", 'Campaign name,Impressions\n"' + "x,1\n" * (8 << 20))
    job = ended(jobs.start("Load", ACME.name, "ann@example.com", tasks.load_upload, ACME, (file,), False))
    assert job.state == DONE, job.error
    ((_, outcome, said),) = job.result.files
    assert (outcome, "could not be read within 400 MB of memory" in said) == ("refused", True), said
    assert "It is loaded as a whole or not at all." in said
    assert ended(jobs.start("Check", None, "ann@example.com", tasks.load_upload, ACME, (), False)).state == DONE
    assert acme.query(f"select count(*) from {ACME.name}.raw_data_staging") == [(0,)]
