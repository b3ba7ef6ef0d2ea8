"""Measure the area engagement beside DuckDB's and dlt's own reading of the same files; writes BENCH.md.

Example: python -m areas.engagement.bench --events 10000000 --rounds 3 --days 31
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import duckdb

from bench.processes import REFERENCES, Runs, repeat, run, say
from tests.support import copy_project

RESULTS = Path(__file__).with_name("BENCH.md")
_FILES = 4
_REFERENCE = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute(f"create table events as select * from read_json('{sys.argv[2]}', ignore_errors = true)")
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


def ingestion(folder: Path, events: int, rounds: int) -> dict[str, Runs]:
    """Ingest events of four files, in turn with DuckDB's create table as select and with dlt.

    Args:
        folder: for all files.
        events: lines in the files together.
        rounds: runs of each.

    """
    write_events(folder / "bucket" / "clickstream", events, _FILES)
    project = copy_project(folder / "project", "engagement")
    pattern = f"{folder}/bucket/clickstream/*.json"
    table, database = folder / "reference.duckdb", project / "warehouse" / "spark9.duckdb"
    location = {"SPARK9_ENGAGEMENT_LOCATION": str(folder / "bucket")}
    dlt = [
        str(REFERENCES / "python"),
        str(Path(__file__).with_name("bench_reference_dlt.py")),
        pattern,
        str(folder / "dlt"),
    ]

    def ours(runs: Runs) -> None:
        database.unlink(missing_ok=True)
        run(["spark9", "ingest", "engagement.clickstream"], project, runs, location)

    def by_duckdb(runs: Runs) -> None:
        table.unlink(missing_ok=True)
        run(["python", "-c", _REFERENCE, str(table), pattern], folder, runs)

    return repeat(rounds, {"spark9": ours, "duckdb": by_duckdb, "dlt": lambda runs: run(dlt, folder, runs)})


def one_more_day(folder: Path, events: int, days: int, rounds: int) -> Runs:
    """A run for one more day after so many days.

    Args:
        folder: for all files; removed afterwards.
        events: of each day.
        days: that are built before.
        rounds: days more, one after the other.

    """
    bucket = folder / "bucket"
    (bucket / "customers").mkdir(parents=True)
    header = "customer_id,first_name,email,region,signup_date\n"
    rows = "".join(f"c{number},Ann,a{number}@x.org,EU,2026-01-01\n" for number in range(50_000))
    (bucket / "customers" / "all.csv").write_text(header + rows, encoding="utf-8")
    project = copy_project(folder / "project", "engagement")
    location = {"SPARK9_ENGAGEMENT_LOCATION": str(bucket)}
    for day in range(days):
        write_events(bucket / "clickstream", events, 1, day)
    run(["spark9", "engagement", "run"], project, Runs(), location)
    runs = Runs()
    for more in range(rounds):
        write_events(bucket / "clickstream", events, 1, days + more)
        run(["spark9", "engagement", "run"], project, runs, location)
        say(f"  one more day after {days + more}: {runs.seconds[-1]:.2f} s")
    shutil.rmtree(folder)
    return runs


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--days", type=int, default=31, help="the history of the second part, its own day among them")
    parser.add_argument("--day-events", type=int, default=333_333, help="of each day of the second part")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="spark9-bench-") as folder:
        read = ingestion(Path(folder) / "ingestion", given.events, given.rounds)
        few, many = (
            one_more_day(Path(folder) / f"after{days}", given.day_events, days, given.rounds)
            for days in (2, given.days - 1)
        )
    text = _report(given, read, few, many)
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _report(given: argparse.Namespace, read: dict[str, Runs], few: Runs, many: Runs) -> str:
    ours, duckdb_runs, dlt = read["spark9"], read["duckdb"], read["dlt"]
    peak = max(ours.peak, few.peak, many.peak) / 1000
    rows = [
        (f"ingest {given.events:,} events", ours.median, "duckdb, `create table as`", duckdb_runs.median, 1.5),
        ("the same", ours.median, "dlt, Arrow batches", dlt.median, 1.0),
        (f"{given.day_events:,} events more after {given.days - 1} days", many.median, "after 2", few.median, 1.2),
    ]  # fmt: skip
    lines = [
        "# How long engagement takes",
        "",
        f"Whole processes, the median of {given.rounds} runs in turn, on {os.cpu_count()} cores. Made by "
        f"`python -m areas.engagement.bench --events {given.events} --rounds {given.rounds} --days {given.days} "
        f"--day-events {given.day_events}` with DuckDB {version('duckdb')} on Python {platform.python_version()}.",
        "",
        "| what | figure | beside | ratio | to reach | reached |",
        "|---|---:|---|---:|---:|---|",
    ]
    lines += [
        f"| {what} | {figure:.1f} s | {beside}: {other:.1f} s | {figure / other:.2f} | <= {limit:g} "
        f"| {'yes' if figure / other <= limit else '**no**'} |"
        for what, figure, beside, other, limit in rows
    ]
    lines.append(f"| memory at most | {peak:.2f} GB | - | - | <= 2 GB | {'yes' if peak <= 2 else '**no**'} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
