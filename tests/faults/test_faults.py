"""Full disks, read-only stages, files that change, and builds at the same time: a load is whole or not there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest

import loader
import ops
from loader.errors import FileRefusedError, Spark9Error
from tests.support import ACME, BIN, NAMED, SCHEMA, ProjectUnderTest, witnesses
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB; where none can be mounted, the test says so."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a full disk needs a small file system, and only root may mount one: run as root to test it")
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


class FailingCommit:
    """A connection whose commit raises, before or after it is done; the file may then be impossible to open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, is_done: bool, is_lost: bool = False) -> None:
        """Nothing has failed yet."""
        self._connection, self._is_done, self._is_lost, self._has_failed = connection, is_done, is_lost, False

    def execute(self, sql: str, *parameters: Any) -> Any:
        """Run a statement, or fail."""
        if sql == "commit":
            self._has_failed = True
            self._connection.execute("commit" if self._is_done else "rollback")
            raise duckdb.IOException("Could not write file: No space left on device")
        if self._is_lost and self._has_failed and sql.startswith("attach"):
            raise duckdb.IOException("Input/output error")
        return self._connection.execute(sql, *parameters)

    def close(self) -> None:
        """Close it."""
        self._connection.close()


@pytest.mark.parametrize("is_done", [True, False])
def test_after_a_commit_that_failed_it_is_seen_whether_it_took_effect(acme: ProjectUnderTest, is_done: bool) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    told: list[str] = []
    connect, undone = (
        duckdb.connect,
        nullcontext() if is_done else pytest.raises(Spark9Error, match="Nothing was changed"),
    )
    with pytest.MonkeyPatch.context() as patch, undone:
        patch.setattr("loader.warehouses.duckdb.duckdb.connect", lambda: FailingCommit(connect(), is_done=is_done))
        loader.rollback_wave(acme.project.waiting(300, told.append), ACME, 1)
    assert acme.query(f"select count(*) from {SCHEMA}.raw_data_staging") == [(0 if is_done else 3,)]
    assert [("nearly full" in words) for words in told] == [True] * is_done


def test_policies_that_were_not_committed_are_not_in_the_registry_either(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    registry = acme.project.seeds / "clients.csv"
    before, connect = registry.read_bytes(), duckdb.connect
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Spark9Error, match="Nothing was changed"):
        patch.setattr("loader.warehouses.duckdb.duckdb.connect", lambda: FailingCommit(connect(), is_done=False))
        loader.set_policies(acme.project, ACME, restatement="refuse")
    assert registry.read_bytes() == before


def test_where_it_cannot_be_seen_it_is_said_to_be_open(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    connect = duckdb.connect
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Spark9Error) as caught:
        patch.setattr(
            "loader.warehouses.duckdb.duckdb.connect", lambda: FailingCommit(connect(), is_done=True, is_lost=True)
        )
        loader.rollback_wave(acme.project, ACME, 1)
    assert caught.value.code == "outcome-unknown"
    assert "spark9 log" in str(caught.value)
    assert "Nothing was changed" not in str(caught.value)


@pytest.mark.slow
def test_a_full_disk_for_temporary_files_is_said(acme: ProjectUnderTest, small_disk: Path) -> None:
    file = acme.write("large.csv", as_csv([META_HEADER, *meta_rows(60_000)]).encode("utf-16"))
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", TMPDIR=str(small_disk))
    assert (run.code, "error (disk-full)" in run.err) == (1, True), run.err
    assert is_clean(acme)


@pytest.mark.slow
@pytest.mark.parametrize("number", witnesses([signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL], quick=2))
def test_temporary_files_go_with_a_process_that_a_signal_ends(
    acme: ProjectUnderTest, tmp_path: Path, number: signal.Signals
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    file = acme.write("large.csv", as_csv([META_HEADER, *meta_rows(60_000)]).encode("utf-16"))
    command = [str(BIN / "spark9"), "load", str(file), *NAMED, "--wave", "1", "--dry-run"]
    run = subprocess.Popen(command, cwd=acme.root, env=os.environ | {"TMPDIR": str(temporary)}, stdout=subprocess.PIPE)
    for _ in range(2000):
        if list(temporary.rglob("text.csv")) or run.poll() is not None:
            break
        time.sleep(0.01)
    run.send_signal(number)
    assert run.wait(30) != 0
    left = list(temporary.iterdir())
    if number is signal.SIGKILL:  # nobody could tidy up: the next does
        assert left
        small = acme.write("small.csv", meta_csv(3))
        assert acme.spark9_alone("load", str(small), *NAMED, "--wave", "1", TMPDIR=str(temporary)).code == 0
        left = list(temporary.iterdir())
    assert left == []
    assert is_clean(acme) or number is signal.SIGKILL


@pytest.mark.slow
def test_a_stage_that_cannot_be_written_is_said(acme: ProjectUnderTest, tmp_path: Path) -> None:
    occupied = tmp_path / "stage"
    occupied.write_text("no folder", encoding="utf-8")
    file = acme.write("a.csv", meta_csv())
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", SPARK9_STAGE_DIR=str(occupied))
    assert (run.code, "error (stage-refused)" in run.err) == (1, True), run.err
    assert is_clean(acme)


@pytest.mark.slow
def test_a_read_only_stage_is_said(acme: ProjectUnderTest, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    file = acme.write("a.csv", meta_csv())
    run = acme.spark9_alone("load", str(file), *NAMED, "--wave", "1", SPARK9_STAGE_DIR=str(small_disk))
    assert (run.code, "error (stage-refused)" in run.err) == (1, True), run.err
    assert is_clean(acme)


@pytest.mark.parametrize("moment", witnesses(["reading", "recognise", "read", "profile"], quick=2))
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
    assert [load.differences for load in ops.verify_waves(acme.project, ACME)] == [[]]


def test_a_file_that_was_cut_off_is_asked_about(acme: ProjectUnderTest) -> None:
    result = acme.load(acme.write("a.csv", meta_csv(5)[:-30]), 1)
    assert result.plan
    assert [asked.kind for asked in result.plan.questions] == ["file-cut-off"]


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


@pytest.mark.slow
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
    assert [load.differences for load in ops.verify_waves(acme.project, ACME)] == [[]] * 5


def test_errors_of_the_library_and_of_the_command_line_are_the_same(acme: ProjectUnderTest) -> None:
    file = acme.write("a.csv", "Campaign name,Impressions\n")
    with pytest.raises(Spark9Error) as caught:
        acme.load(file, 1)
    run = acme.spark9("load", str(file), *NAMED, "--wave", "1")
    assert f"error ({caught.value.code}): {caught.value.problem}" in " ".join(run.err.split())
    logged = acme.query(f"select error_code, error_message from {SCHEMA}.processing_log where status = 'ERROR'")
    assert logged == [(caught.value.code, caught.value.problem)] * 2
