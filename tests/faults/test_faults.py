"""Full disks, read-only stages, files that change, and builds at the same time: a load is whole or not there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import loader
from loader import client_schema
from loader.errors import FileRefusedError, Spark9Error
from tests.support import BIN, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows

SCHEMA = "client_acme_meta_2024"
ACME = client_schema("acme", "meta", 2024)
NAMED = ("--client", "acme", "--platform", "meta", "--year", "2024")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB; where none can be mounted, the test says so."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=False)


def is_clean(project: ProjectUnderTest) -> bool:
    """Nothing of a load is there, and all that is there is as in its files."""
    rows = project.query(f"select count(*) from {SCHEMA}.raw_data_staging")
    mapped = project.query(f"select count(*) from {SCHEMA}.wave_schema_mapping")
    return rows == mapped == [(0,)]


def large(project: ProjectUnderTest) -> Path:
    rows = meta_rows(60_000)
    return project.write("large.csv", as_csv([META_HEADER, *rows]))


def test_a_full_stage_is_said_and_leaves_nothing(acme: ProjectUnderTest, small_disk: Path) -> None:
    file = large(acme)
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", SPARK9_STAGE_DIR=str(small_disk))
    assert (run.code, "error (disk-full)" in run.err) == (1, True), run.err
    assert is_clean(acme)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    assert "disk-full" in acme.spark9("log", *NAMED, "--errors").text
    assert acme.spark9("load", str(file), *NAMED, "--wave", "1").code == 0
    assert acme.spark9("verify", *NAMED).code == 0


def test_a_full_disk_under_the_database_is_said_and_leaves_nothing(project: ProjectUnderTest, small_disk: Path) -> None:
    env = {"SPARK9_DUCKDB_PATH": str(small_disk / "spark9.duckdb"), "SPARK9_STAGE_DIR": str(project.root / "stage")}
    assert project.spark9_alone("client", "add", "acme", "meta", "2024", **env).code == 0
    small = project.write("small.csv", meta_csv(5))
    assert project.spark9_alone("load", str(small), *NAMED, "--wave", "1", **env).code == 0
    run = project.spark9_alone("load", str(large(project)), *NAMED, "--wave", "2", **env)
    assert (run.code, "error (disk-full)" in run.err) == (1, True), run.err
    again = project.spark9_alone("verify", *NAMED, **env)
    assert (again.code, "1 loads verified, none with differences" in again.text) == (0, True), again.text


def test_a_full_disk_for_temporary_files_is_said(acme: ProjectUnderTest, small_disk: Path) -> None:
    file = acme.write("large.csv", as_csv([META_HEADER, *meta_rows(60_000)]).encode("utf-16"))
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", TMPDIR=str(small_disk))
    assert (run.code, "error (disk-full)" in run.err) == (1, True), run.err
    assert is_clean(acme)


def test_a_stage_that_cannot_be_written_is_said(acme: ProjectUnderTest, tmp_path: Path) -> None:
    occupied = tmp_path / "stage"
    occupied.write_text("no folder", encoding="utf-8")
    file = acme.write("a.csv", meta_csv())
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", SPARK9_STAGE_DIR=str(occupied))
    assert (run.code, "error (stage-refused)" in run.err) == (1, True), run.err
    assert is_clean(acme)


def test_a_read_only_stage_is_said(acme: ProjectUnderTest, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    file = acme.write("a.csv", meta_csv())
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", SPARK9_STAGE_DIR=str(small_disk))
    assert (run.code, "error (stage-refused)" in run.err) == (1, True), run.err
    assert is_clean(acme)


@pytest.mark.parametrize("moment", ["reading", "recognise", "read", "profile"])
def test_a_file_that_changes_while_it_is_read_is_refused(acme: ProjectUnderTest, moment: str) -> None:
    file = acme.write("a.csv", meta_csv(50))

    def grow(step: str, _share: float) -> None:
        if step == moment:
            with file.open("a", encoding="utf-8") as more:
                more.write(as_csv(meta_rows(1, first=99)))

    try:
        result = acme.load(file, 1, on_step=grow)
    except FileRefusedError as error:
        assert error.code == "file-changed"
        assert is_clean(acme)
        acme.load(file, 1)
    else:
        # it changed before anything of it was read
        assert (moment, result.outcome) == ("reading", "loaded")
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(51,)]
    assert [load.differences for load in loader.verify_waves(acme.project, ACME)] == [[]]


def test_a_file_that_was_cut_off_is_a_doubt(acme: ProjectUnderTest) -> None:
    result = acme.load(acme.write("a.csv", meta_csv(5)[:-30]), 1)
    assert any("may be cut off" in warning for warning in result.warnings)


def test_what_a_killed_load_left_in_the_stage_goes_with_the_next(acme: ProjectUnderTest) -> None:
    file = acme.write("a.csv", meta_csv())
    plan = acme.load(file, 1).plan
    assert plan
    loader.rollback_wave(acme.project, ACME, 1)
    (staged,) = (acme.root / "warehouse" / "stage").rglob("*.csv")
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = staged.with_name(f".{staged.name}.{ended.pid}")
    left.write_text("half", encoding="utf-8")
    in_use = staged.with_name(f".{staged.name}.{os.getpid()}1")
    acme.load(file, 1)
    assert not left.exists()
    assert not in_use.exists()


def test_loads_and_builds_at_once_end_well(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("first.csv", meta_csv(3)), 1)
    files = [acme.write(f"{n}.csv", meta_csv(2, day=f"2024-02-{n:02d}")) for n in range(1, 5)]
    build = [str(BIN / "dbt"), "--quiet", "build", "--select", f"clients.{SCHEMA}"]
    runs = [subprocess.Popen(build, cwd=acme.root)]
    runs += [
        subprocess.Popen([str(BIN / "spark9"), "load", str(file), *NAMED, "--wave", "2"], cwd=acme.root)
        for file in files
    ]
    runs.append(
        subprocess.Popen([str(BIN / "spark9"), "load", str(files[0]), *NAMED, "--wave", "2", "--build"], cwd=acme.root)
    )
    assert [run.wait(timeout=200) for run in runs] == [0] * 6
    assert acme.build_clients().success
    assert acme.query(f"select count(*) from {SCHEMA}.processed_campaign_data") == [(11,)]
    assert [load.differences for load in loader.verify_waves(acme.project, ACME)] == [[]] * 5


def test_errors_of_the_library_and_of_the_command_line_are_the_same(acme: ProjectUnderTest) -> None:
    file = acme.write("a.csv", "Campaign name,Impressions\n")
    with pytest.raises(Spark9Error) as caught:
        acme.load(file, 1)
    run = acme.spark9("load", str(file), *NAMED, "--wave", "1")
    assert f"error ({caught.value.code}): {caught.value.problem}" in " ".join(run.err.split())
    logged = acme.query(f"select error_code, error_message from {SCHEMA}.processing_log where status = 'failed'")
    assert logged == [(caught.value.code, caught.value.problem)] * 2
