"""Uploads are read in processes with limits: a file that takes too much ends none of the pages."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from app.access import Viewer
from app.runtime import Runtime
from app.service import Service
from app.settings import AppSettings
from loader.errors import FileRefusedError
from loader.files.options import ReadingOptions
from tests.files.cases import with_cell, workbook
from tests.support import ACME, ProjectUnderTest
from tests.written import meta_csv


def desk_of(acme: ProjectUnderTest, settings: AppSettings) -> Service:
    runtime = Runtime(acme.project, settings)
    return Service(runtime, Viewer("ann", is_admin=True), runtime.snapshot())


def uploaded(service: Service, name: str, content: bytes) -> Path:
    path = service.upload_folder() / name
    path.write_bytes(content)
    return path


@pytest.mark.slow
def test_a_workbook_that_would_end_its_process_is_refused_and_the_next_file_is_read(acme: ProjectUnderTest) -> None:
    service = desk_of(acme, AppSettings())
    table: list[list[object]] = [["Campaign name", "Impressions"], ["a", 1]]
    far = uploaded(service, "far.xlsx", with_cell(workbook({"Report": table}), "XFD1048576"))
    assert service.propose(far, ReadingOptions()).platform is None
    with pytest.raises(FileRefusedError, match="Nothing was loaded") as caught:
        service.plan(far, ACME, 1, ReadingOptions())
    assert caught.value.code == "file-too-large"
    assert caught.value.problem.startswith("far.xlsx could not be read within ")
    good = uploaded(service, "good.csv", meta_csv(3).encode())
    assert service.propose(good, ReadingOptions()).platform == "meta"
    result = service.plan(good, ACME, 1, ReadingOptions())
    assert result.plan is not None
    assert result.plan.row_count == 3
    assert result.preview is not None
    service.runtime.readers.close()


@pytest.mark.parametrize(
    ("settings", "limit"), [(AppSettings(read_mb=200), "200 MB"), (AppSettings(read_seconds=0.05), "0.05 s")]
)
def test_a_file_that_takes_more_than_the_settings_allow_is_refused(
    acme: ProjectUnderTest, settings: AppSettings, limit: str
) -> None:
    service = desk_of(acme, settings)
    good = uploaded(service, "good.csv", meta_csv(3).encode())
    before = set(Path(tempfile.gettempdir()).glob(f"spark9-*-{os.getpid()}-*"))
    with pytest.raises(FileRefusedError) as caught:
        service.plan(good, ACME, 1, ReadingOptions())
    assert caught.value.code == "file-too-large"
    assert limit in caught.value.problem
    after = set(Path(tempfile.gettempdir()).glob(f"spark9-*-{os.getpid()}-*"))
    assert after == before, "what its process had written is gone too"


def test_what_a_file_leaves_open_comes_back_with_its_answers(acme: ProjectUnderTest) -> None:
    service = desk_of(acme, AppSettings())
    rows: list[list[object]] = [["Campaign name", "Impressions"], ["a", 1]]
    file = uploaded(service, "two.xlsx", workbook({"One": rows, "Two": rows}))
    with pytest.raises(FileRefusedError) as caught:
        service.plan(file, ACME, 1, ReadingOptions())
    assert [answer.value for answer in caught.value.answers] == ["One", "Two"]
    service.runtime.readers.close()
