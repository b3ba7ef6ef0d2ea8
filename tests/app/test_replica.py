"""Pages read a copy: they never wait for a build, never keep one waiting, and say how old their figures are."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from app.replica import ReadReplica, Sessions
from loader import find_project
from tests.support import ProjectUnderTest

COUNT = "select count(*) from client_acme_meta_2024.raw_data_staging"


def count(copy: ReadReplica) -> int:
    figures = copy.current()
    with Sessions().session(figures) as session:
        found: int = session.query(COUNT)[0][0]
    return found


@pytest.fixture
def copy(built: ProjectUnderTest) -> ReadReplica:
    return ReadReplica(find_project(built.root))


def test_what_is_read_follows_each_load(built: ProjectUnderTest, copy: ReadReplica) -> None:
    assert count(copy) == 8
    first = copy.current()
    assert not first.is_behind
    built.change("delete from client_acme_meta_2024.raw_data_staging where wave_number = 1")
    assert count(copy) == 4
    assert copy.current().key != first.key
    assert copy.current().as_of > first.as_of


def test_figures_stay_as_they_were_while_another_process_writes(built: ProjectUnderTest, copy: ReadReplica) -> None:
    assert count(copy) == 8
    writer = subprocess.Popen(
        [sys.executable, "-c", f"import duckdb, sys; c = duckdb.connect({str(built.database)!r}); "
         "c.execute('delete from client_acme_meta_2024.raw_data_staging'); c.execute('checkpoint'); print('at work', flush=True); "
         "sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    writer.stdout.readline()
    before = copy.current()
    assert before.is_behind
    assert count(copy) == 8
    writer.communicate("", timeout=30)
    assert count(copy) == 0
    assert not copy.current().is_behind


def test_reading_keeps_no_load_waiting(built: ProjectUnderTest, copy: ReadReplica) -> None:
    with Sessions().session(copy.current()) as session:
        session.query(COUNT)
        started = time.monotonic()
        with duckdb.connect(str(built.database)) as writer:
            writer.execute("create table if not exists client_acme_meta_2024.nothing (a integer)")
        assert time.monotonic() - started < 5
        assert session.query(COUNT) == [(8,)]


def test_nothing_is_read_where_nothing_is(project: ProjectUnderTest) -> None:
    assert ReadReplica(find_project(project.root)).current().project is None


def test_a_damaged_database_is_said(built: ProjectUnderTest, copy: ReadReplica) -> None:
    assert count(copy) == 8
    shutil.copyfile(__file__, built.database)
    figures = copy.current()
    assert "is damaged" in figures.trouble
    assert count(copy) == 8


def test_a_log_that_was_not_merged_is_read_too(built: ProjectUnderTest, copy: ReadReplica) -> None:
    code = (f"import duckdb, os; c = duckdb.connect({str(built.database)!r}); c.execute('delete from "
            "client_acme_meta_2024.raw_data_staging where wave_number = 2'); os._exit(0)")  # fmt: skip
    subprocess.run([sys.executable, "-c", code], check=True)
    assert Path(f"{built.database}.wal").is_file()
    assert count(copy) == 4


def test_copies_are_removed(built: ProjectUnderTest, copy: ReadReplica) -> None:
    left = built.database.with_name(".spark9.reading.999999999.1.duckdb")
    left.write_bytes(b"of a process that is gone")
    for wave in (1, 2):
        built.change(f"delete from client_acme_meta_2024.raw_data_staging where wave_number = {wave}")
        count(copy)
    again = ReadReplica(find_project(built.root))
    assert not left.exists()
    assert len(list(built.database.parent.glob(".spark9.reading.*.duckdb"))) == 1
    copy.close()
    again.close()
    assert list(built.database.parent.glob(".spark9.reading.*")) == []


def test_a_session_only_reads(built: ProjectUnderTest, copy: ReadReplica) -> None:
    with pytest.raises(duckdb.Error, match="read-only"), Sessions().session(copy.current()) as session:
        session.query("delete from client_acme_meta_2024.raw_data_staging")
    assert built.query(COUNT) == [(8,)]
