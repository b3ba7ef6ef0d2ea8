"""Full disks: what is said is what is there, nothing is left behind, and the next try works."""

from __future__ import annotations

import errno
import io
import os
import pickle
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from app.access import Viewer
from app.jobs import Task
from app.runtime import Runtime
from app.service import Service
from app.settings import AppSettings
from app.worker import serve
from loader.errors import as_known
from loader.filesystem import write_atomically
from tests.faults.shared import is_clean, large, limited_files
from tests.support import NAMED, SCHEMA, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    yield from mounted_disk(tmp_path / "disk", 4)


@pytest.fixture
def large_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 80 MB, on which there is room for a project."""
    yield from mounted_disk(tmp_path / "disk", 80)


def mounted_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own; where none can be mounted, the test says so."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a full disk needs a small file system, and only root may mount one: run as root to test it")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=False)


@pytest.mark.slow
def test_a_full_stage_is_said_and_leaves_nothing(acme: ProjectUnderTest, small_disk: Path) -> None:
    file = large(acme)
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", SPARK9_STAGE_DIR=str(small_disk))
    assert (run.code, "error (disk-full)" in run.err) == (1, True), run.err
    assert is_clean(acme)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    assert "disk-full" in acme.spark9("log", *NAMED, "--errors").text
    assert acme.spark9("load", str(file), *NAMED, "--wave", "1").code == 0
    assert acme.spark9("verify", *NAMED).code == 0


@pytest.mark.slow
def test_a_full_disk_under_the_database_is_said_and_leaves_nothing(project: ProjectUnderTest, small_disk: Path) -> None:
    env = {"SPARK9_DUCKDB_PATH": str(small_disk / "spark9.duckdb"), "SPARK9_STAGE_DIR": str(project.root / "stage")}
    assert project.spark9_alone("client", "add", "acme", "meta", "2024", **env).code == 0
    small = project.write("small.csv", meta_csv(5))
    assert project.spark9_alone("load", str(small), *NAMED, "--wave", "1", **env).code == 0
    run = project.spark9_alone("load", str(large(project)), *NAMED, "--wave", "2", **env)
    assert (run.code, "error (disk-full)" in run.err) == (1, True), run.err
    again = project.spark9_alone("verify", *NAMED, **env)
    assert (again.code, "1 loads verified, none with differences" in again.text) == (0, True), again.text


@pytest.fixture
def on_small_disk(project: ProjectUnderTest, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    """Acme with a wave, in a database on the small disk; the stage is elsewhere."""
    monkeypatch.setenv("SPARK9_DUCKDB_PATH", str(small_disk / "spark9.duckdb"))
    monkeypatch.setenv("SPARK9_STAGE_DIR", str(project.root / "stage"))
    project.add("acme", "meta", 2024)
    project.load(project.write("small.csv", meta_csv(5)), 1)
    return project


def there(project: ProjectUnderTest, disk: Path) -> list[tuple[Any, ...]]:
    """Rows by wave, from a copy of database and log: to open them could merge them."""
    copy = Path(shutil.copytree(disk, project.root / "copy", dirs_exist_ok=True, ignore=lambda *_: ["fill"]))
    with duckdb.connect(str(copy / "spark9.duckdb")) as connection:
        return connection.execute(
            f"select wave_number, count(*) from {SCHEMA}.raw_data_staging group by 1 order by 1"
        ).fetchall()


def fill(disk: Path, free: int) -> Path:
    """Leave so many bytes of a disk."""
    space = os.statvfs(disk)
    path = disk / "fill"
    path.write_bytes(b"x" * max(0, space.f_bavail * space.f_frsize - free))
    return path


LOADED, ROLLED_BACK = {(1, False), (0, True)}, {(1, False), (0, False)}


@pytest.mark.parametrize(
    ("change", "kilobytes_free", "outcomes"),
    [
        pytest.param("load", (0, 700, 1400), LOADED, marks=pytest.mark.slow),
        pytest.param("rollback", (0, 32, 256), ROLLED_BACK, marks=pytest.mark.slow),
        pytest.param("load", (64, 512, 850, 1000, 1200, 1400), LOADED, marks=pytest.mark.soak),
        pytest.param("rollback", (8, 16, 24, 40, 256), ROLLED_BACK, marks=pytest.mark.soak),
    ],
)
def test_at_every_level_of_a_filling_disk_what_is_said_is_what_is_there(
    on_small_disk: ProjectUnderTest,
    small_disk: Path,
    change: str,
    kilobytes_free: Sequence[int],
    outcomes: set[tuple[int, bool]],
) -> None:
    """An exit code, and whether it warns of the disk."""
    project = on_small_disk
    file = project.write("medium.csv", as_csv([META_HEADER, *meta_rows(4_000)]))
    if change == "rollback":
        project.load(file, 2)
    before = there(project, small_disk)
    commands = {
        "load": ("load", str(file), *NAMED, "--wave", "2"),
        "rollback": ("wave", "rollback", *NAMED, "--wave", "2"),
    }
    after = {"load": [(1, 5), (2, 4_000)], "rollback": [(1, 5)]}[change]
    found = set()
    saved = shutil.copytree(small_disk, project.root / "saved")
    for kilobytes in kilobytes_free:
        for path in small_disk.iterdir():
            path.unlink()
        shutil.copytree(saved, small_disk, dirs_exist_ok=True)
        filled = fill(small_disk, kilobytes << 10)
        run = project.spark9(*commands[change])
        found.add((run.code, "nearly full" in run.text))
        assert there(project, small_disk) == (after if run.code == 0 else before), (kilobytes, run.text)
        assert run.code == 0 or ("error (disk-full)" in run.text and "Nothing was changed." in run.text), run.text
        filled.unlink()
        again = project.spark9(*commands[change])
        assert again.code == 0 or (change == "rollback" and "no-such-wave" in again.text), again.text
        assert there(project, small_disk) == after
    assert found == outcomes


@pytest.mark.slow
def test_a_full_disk_for_temporary_files_is_said(acme: ProjectUnderTest, small_disk: Path) -> None:
    file = acme.write("large.csv", as_csv([META_HEADER, *meta_rows(60_000)]).encode("utf-16"))
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", TMPDIR=str(small_disk))
    assert (run.code, "error (disk-full)" in run.err) == (1, True), run.err
    assert is_clean(acme)


@pytest.mark.slow
def test_a_read_only_stage_is_said(acme: ProjectUnderTest, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    file = acme.write("a.csv", meta_csv())
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", SPARK9_STAGE_DIR=str(small_disk))
    assert (run.code, "error (stage-refused)" in run.err) == (1, True), run.err
    assert is_clean(acme)


AT_ANY_STEP = {
    "client add": ("client", "add", "other/meta/2024"),
    "client grant": ("client", "grant", "acme/meta/2024", "ann@example.com"),
    "client set": ("client", "set", "acme/meta/2024", "--overlap", "both"),
    "client archive": ("client", "archive", "acme/meta/2024"),
    "load": ("load", "{file}", *NAMED, "--wave", "2"),
    "reprocess": ("reprocess", *NAMED, "--wave", "1"),
    "mapping set": ("mapping", "set", *NAMED, "--wave", "1", "--column", "Impressions", "--default", "0"),
    "mapping export": ("mapping", "export", "{disk}/decisions.csv"),
    "verify": ("verify", *NAMED),
    "build": ("build",),
}


@pytest.mark.slow
@pytest.mark.parametrize("command", AT_ANY_STEP)
def test_whatever_a_full_disk_stops_works_at_the_next_try(
    acme: ProjectUnderTest, large_disk: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Project, database, stage and temporary files on one disk that is more or less full."""
    acme.load(acme.write("small.csv", meta_csv(5)), 1)
    file = acme.write("medium.csv", as_csv([META_HEADER, *meta_rows(4_000)]))
    words = [word.format(file=file, disk=large_disk) for word in AT_ANY_STEP[command]]
    monkeypatch.setenv("TMPDIR", str(large_disk / "temporary"))
    outcomes = set()
    for kilobytes in (0, 60, 1500, 25_000):
        shutil.rmtree(large_disk / "project", ignore_errors=True)
        project = acme.copy(large_disk)
        (large_disk / "temporary").mkdir(exist_ok=True)
        filled = fill(large_disk, kilobytes << 10)
        run = project.spark9_alone(*words)
        outcomes.add(run.code)
        assert run.code == 0 or "(disk-full)" in run.text or "the disk is full" in run.text, (kilobytes, run.text)
        assert "bug in spark9" not in run.text
        filled.unlink()
        again = project.spark9_alone(*words)
        assert again.code == 0, (kilobytes, again.text)
        assert project.spark9_alone("verify", *NAMED).code == 0
        assert project.spark9_alone("client", "check").code == 0
        assert [*(large_disk / "temporary").iterdir()] == []
        assert [path for path in large_disk.glob("project/*/.*") if path.suffix[1:].isdigit()] == []
    assert outcomes > {0}, outcomes


def test_a_file_that_a_full_disk_cuts_off_is_removed(tmp_path: Path) -> None:
    there = tmp_path / "registry.csv"
    there.write_text("as it was", encoding="utf-8")
    with limited_files(1_000), pytest.raises(OSError, match="large"):
        write_atomically(there, "x" * 5_000)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [
        ("registry.csv", "as it was")
    ]


def test_a_limit_of_file_sizes_is_a_full_disk(acme: ProjectUnderTest, tmp_path: Path) -> None:
    acme.load(acme.write("small.csv", meta_csv(5)), 1)
    acme.spark9("mapping", "set", *NAMED, "--wave", "1", "--column", "Impressions", "--default", "0")
    with limited_files(10):
        run = acme.spark9("mapping", "export", str(tmp_path / "decisions.csv"))
    assert (run.code, "error (disk-full)" in run.text) == (1, True), run.text
    assert acme.spark9("mapping", "export", str(tmp_path / "decisions.csv")).code == 0


def full(_job: int) -> None:
    """What a task does that a full disk stops."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "target")


def test_a_full_disk_is_no_bug_on_the_pages_either(
    acme: ProjectUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(acme.root)
    monkeypatch.setenv("SPARK9_USER", "ann")
    events = io.BytesIO()
    serve(io.BytesIO(pickle.dumps(Task(1, full, "ann", ()))), events)
    events.seek(0)
    _, result = pickle.load(events), pickle.load(events)  # noqa: S301 - our own
    assert result.failure.code == "disk-full"
    assert "Free some disk space" in result.failure.remedy
    runtime = Runtime(acme.project, AppSettings())
    service = Service(runtime, Viewer("ann", is_admin=True), runtime.snapshot())
    with limited_files(10), pytest.raises(OSError, match="large") as caught:
        service.save_upload("a.csv", io.BytesIO(b"x" * 100_000), tmp_path)
    assert not (tmp_path / "a.csv").exists()
    assert (known := as_known(caught.value))
    assert known.code == "disk-full"
