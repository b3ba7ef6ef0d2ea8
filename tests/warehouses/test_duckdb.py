"""One DuckDB file, several processes."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from loader.errors import WarehouseBusyError
from loader.warehouses.machine_errors import of_database
from tests.support import SCHEMA, ProjectUnderTest
from tests.written import meta_csv


@pytest.mark.slow
def test_a_locked_database_is_waited_for_with_a_message(acme: ProjectUnderTest) -> None:
    code = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(3)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(acme.database)], stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    messages: list[str] = []
    result = acme.load(acme.write("a.csv", meta_csv()), 1, on_wait=messages.append)
    holder.wait()
    assert result.outcome == "loaded"
    assert len(messages) == 1
    assert f"PID {holder.pid}" in messages[0]


def test_a_database_that_stays_locked_is_an_error_after_the_time_limit(acme: ProjectUnderTest) -> None:
    code = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(acme.database)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout
        holder.stdout.readline()
        started = time.monotonic()
        with pytest.raises(WarehouseBusyError, match="--wait"):
            acme.load(acme.write("a.csv", meta_csv()), 1, wait_seconds=0.5)
        assert time.monotonic() - started < 30
    finally:
        holder.kill()
        holder.wait()


@pytest.mark.slow
def test_loads_at_once_all_land_once(acme: ProjectUnderTest) -> None:
    files = [acme.write(f"{n}.csv", meta_csv(2, day=f"2024-01-{n:02d}")) for n in range(1, 5)]
    flags = ["--client", "acme", "--platform", "meta", "--year", "2024", "--wave", "1"]
    spark9 = str(Path(sys.executable).parent / "spark9")
    runs = [subprocess.Popen([spark9, "load", str(file), *flags], cwd=acme.root) for file in [*files, *files]]
    assert [run.wait(timeout=120) for run in runs] == [0] * 8
    assert acme.query(f"select count(*), count(distinct load_id) from {SCHEMA}.raw_data_staging") == [(8, 4)]


def test_loads_in_threads_wait_for_each_other(acme: ProjectUnderTest) -> None:
    files = [acme.write(f"{n}.csv", meta_csv(2, day=f"2024-01-{n:02d}")) for n in range(1, 4)]
    with ThreadPoolExecutor() as threads:
        results = list(threads.map(lambda file: acme.load(file, 1), files))
    assert [result.outcome for result in results] == ["loaded"] * 3
    assert acme.query(f"select count(*), count(distinct load_id) from {SCHEMA}.raw_data_staging") == [(6, 3)]


def test_a_connection_that_the_process_itself_has_open_is_told_at_once(acme: ProjectUnderTest) -> None:
    with (
        duckdb.connect(str(acme.database), read_only=True),
        pytest.raises(WarehouseBusyError, match=r"by another connection of this process.* Close that connection"),
    ):
        acme.load(acme.write("a.csv", meta_csv()), 1)


def test_a_lock_that_another_process_holds_is_no_missing_permission(tmp_path: Path) -> None:
    held = duckdb.IOException(
        'Could not set lock on file "spark9.duckdb": Conflicting lock is held in python (PID 7). However, you would be '
        "able to open this database in read-only mode"
    )
    assert of_database(tmp_path / "spark9.duckdb", held) is None
