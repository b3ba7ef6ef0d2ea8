"""Stages that cannot be written, files that change, failed commits, and builds at the same time: a load is whole or not there."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest

import loader
import ops
from loader.errors import FileRefusedError, Spark9Error
from tests.faults.shared import is_clean
from tests.support import ACME, BIN, NAMED, SCHEMA, ProjectUnderTest, witnesses
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


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
