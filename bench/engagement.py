"""Measure the area engagement, side by side with DuckDB's own reading of the same files; medians.

Example: python -m bench.engagement --events 10000000 --rounds 3 --days 31
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tests.support import copy_project

_BIN = Path(sys.executable).parent
_FILES = 4
_REFERENCE = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute(f"create table events as select * from read_json('{sys.argv[2]}')")
"""


def write_events(folder: Path, count: int, files: int, first_day: int = 0, days: int = 1) -> None:
    """Write files of JSON lines, of which one line in 500 is none; `first_day` numbers files and ids."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    for number in range(files):
        rows = count // files
        start = (first_day * files + number) * rows
        connection.execute(
            f"""copy (
                select case when i % 500 = 7 then '{{"event_id": ' else '{{"event_id":"e' || md5(i::varchar)
                    || '","user_id":"c' || (hash(i) % 50000) || '","event_type":"'
                    || ['page_view', 'click', 'scroll', 'sign_up'][(1 + hash(i * 7) % 4)::int]
                    || '","page_url":"https://shop.example.com/products/' || (hash(i * 3) % 500)
                    || '?utm_source=facebook&utm_medium=cpc&utm_campaign=spring_' || (hash(i * 5) % 10)
                    || '","duration_ms":' || (hash(i * 11) % 60000) || ',"timestamp":"'
                    || strftime(timestamp '2026-01-01' + to_days({first_day}) +
                        to_milliseconds((hash(i * 13) % ({days} * 86400000))::bigint), '%Y-%m-%dT%H:%M:%S.%gZ')
                    || '"}}' end as line
                from range({start}, {start + rows}) as numbers(i)
            ) to '{folder}/day{first_day:03d}_{number}.json' (format csv, header false, quote '', delimiter e'\\x01')"""
        )


def seconds_of(command: Sequence[str], cwd: Path, **environment: str) -> float:
    """How long a whole process takes."""
    started = time.monotonic()
    done = subprocess.run(
        list(command), cwd=cwd, env={**os.environ, **environment}, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return time.monotonic() - started


def ingestion(folder: Path, events: int, rounds: int) -> None:
    """Ingest events of four files, in turn with DuckDB's create table as select."""
    write_events(folder / "bucket" / "clickstream", events, _FILES)
    project = copy_project(folder / "project", engagement=True)
    ours, reference = [], []
    for _ in range(rounds):
        for database in (folder / "reference.duckdb", project / "warehouse" / "spark9.duckdb"):
            database.unlink(missing_ok=True)
        pattern = f"{folder}/bucket/clickstream/*.json"
        clean = _REFERENCE.replace("read_json('{sys.argv[2]}')", "read_json('{sys.argv[2]}', ignore_errors = true)")
        command = [sys.executable, "-c", clean, str(folder / "reference.duckdb"), pattern]
        reference.append(seconds_of(command, folder))
        command = [str(_BIN / "spark9"), "ingest", "engagement.clickstream"]
        ours.append(seconds_of(command, project, SPARK9_ENGAGEMENT_LOCATION=str(folder / "bucket")))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    ratio = statistics.median(ours) / statistics.median(reference)
    print(f"| ingest {events:,} events | {statistics.median(ours):.1f} s | {statistics.median(reference):.1f} s |"
          f" {ratio:.2f} | peak of both {peak:.2f} GB |", flush=True)  # fmt: skip


def one_more_day(folder: Path, events: int, days: int, rounds: int) -> None:
    """A run for one more day, after two days and after many."""
    medians = []
    for history in (2, days - 1):
        root = folder / f"after{history}"
        bucket = root / "bucket"
        (bucket / "customers").mkdir(parents=True)
        header = "customer_id,first_name,email,region,signup_date\n"
        rows = "".join(f"c{number},Ann,a{number}@x.org,EU,2026-01-01\n" for number in range(50_000))
        (bucket / "customers" / "all.csv").write_text(header + rows, encoding="utf-8")
        project = copy_project(root / "project", engagement=True)
        for day in range(history):
            write_events(bucket / "clickstream", events, 1, day)
        command = [str(_BIN / "spark9"), "engagement", "run"]
        seconds_of(command, project, SPARK9_ENGAGEMENT_LOCATION=str(bucket))
        times = []
        for more in range(rounds):
            write_events(bucket / "clickstream", events, 1, history + more)
            times.append(seconds_of(command, project, SPARK9_ENGAGEMENT_LOCATION=str(bucket)))
        medians.append(statistics.median(times))
        shutil.rmtree(root)
    print(f"| one more day of {events:,} after {days - 1} days | {medians[1]:.1f} s | {medians[0]:.1f} s after 2 |"
          f" {medians[1] / medians[0]:.2f} | |", flush=True)  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--days", type=int, default=31, help="0 leaves the second part out")
    parser.add_argument("--day-events", type=int, default=333_333, help="of each day of the second part")
    given = parser.parse_args()
    print("| what | spark9 | reference | ratio | |\n|---|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory(prefix="spark9-bench-") as folder:
        if given.events:
            ingestion(Path(folder) / "ingestion", given.events, given.rounds)
        if given.days:
            one_more_day(Path(folder) / "days", given.day_events, given.days, given.rounds)


if __name__ == "__main__":
    main()
