"""Measure the area customer 360 and write areas/customer_360/BENCH.md.

Example: python -m areas.customer_360.bench --customers 50000 --rounds 3
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb

from bench.processes import Runs, put_back, repeat, run, say
from tests.app.served import browser, served, settled
from tests.support import copy_project

RESULTS = Path(__file__).with_name("BENCH.md")
_LAST = date(2026, 6, 30)
_REFERENCE = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute(f"create table transactions as select * from '{sys.argv[2]}'")
"""
_COMMAND = ("spark9", "customer-360")
_TABS = ("Overview", "Segments", "Transactions", "Churn", "Data quality")


def whole(folder: Path, customers: int, rounds: int) -> tuple[Runs, int, Path]:
    """Everything from nothing: its runs, the size of the database in bytes, and the project of the last round."""
    project = copy_project(folder / "project", "customer_360")
    database, runs = project / "warehouse" / "spark9.duckdb", Runs()
    for number in range(rounds):
        database.unlink(missing_ok=True)
        run([*_COMMAND, "run-all", "--customer-count", str(customers)], project, runs)
        say(f"  run-all, round {number + 1} of {rounds}: {runs.seconds[-1]:.2f} s")
    return runs, database.stat().st_size, project


def generation(folder: Path, project: Path, customers: int, rounds: int) -> dict[str, Runs]:
    """Transactions generated, in turn with DuckDB copying the same rows from Parquet into a table.

    Args:
        folder: for all files.
        project: with a whole database; it is left as it was.
        customers: how many.
        rounds: runs of each.

    """
    parquet, table = folder / "transactions.parquet", folder / "reference.duckdb"
    with duckdb.connect(str(project / "warehouse" / "spark9.duckdb"), read_only=True) as connection:
        connection.execute(f"copy bronze.raw_transactions to '{parquet}'")
    other = copy_project(folder / "generating" / "project", "customer_360")
    database, saved = other / "warehouse" / "spark9.duckdb", folder / "customers.duckdb"
    run([*_COMMAND, "generate-customers", "--customer-count", str(customers)], other, Runs())
    database.rename(saved)

    def ours(runs: Runs) -> None:
        put_back(saved, database)
        run([*_COMMAND, "generate-transactions"], other, runs)

    def reference(runs: Runs) -> None:
        table.unlink(missing_ok=True)
        run(["python", "-c", _REFERENCE, str(table), str(parquet)], folder, runs)

    return repeat(rounds, {"generated": ours, "copied": reference})


def one_more_day(folder: Path, customers: int, months: int, rounds: int) -> Runs:
    """Customers, transactions and models of one more day, after so many months; each round is a day later.

    Args:
        folder: for all files.
        customers: how many.
        months: of history.
        rounds: days.

    """
    project = copy_project(folder / "project", "customer_360")
    history = ["--customer-count", str(customers), "--months", str(months), "--as-of", str(_LAST)]
    for command in (["generate-customers", *history], ["generate-transactions"], ["run-dbt"]):
        run([*_COMMAND, *command], project, Runs())
    runs = Runs()
    for number in range(1, rounds + 1):
        parts, day = Runs(), str(_LAST + timedelta(days=number))
        for command in (["generate-customers", "--as-of", day], ["generate-transactions"], ["run-dbt"]):
            run([*_COMMAND, *command], project, parts)
        runs.seconds.append(sum(parts.seconds))
        runs.megabytes.append(parts.peak)
        say(f"  one more day after {months} months: {runs.seconds[-1]:.2f} s")
    return runs


def pages(project: Path, rounds: int) -> dict[str, float]:
    """The median seconds from the click to the last figure, of each tab."""
    found: dict[str, list[float]] = {tab: [] for tab in _TABS}
    with served(project) as site, browser() as opened:
        page = opened.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{site.url}/customer_360")
        settled(page)
        for number in range(rounds + 1):
            for tab in (*_TABS[1:], _TABS[0]):
                started = time.perf_counter()
                page.get_by_role("tab", name=tab).click()
                page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
                page.wait_for_function("!document.querySelector('[data-stale=true]')")
                if number or rounds == 0:
                    found[tab].append(time.perf_counter() - started)
    return {tab: statistics.median(seconds) for tab, seconds in found.items()}


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="spark9-bench-") as name:
        folder = Path(name)
        runs, size, project = whole(folder / "whole", given.customers, given.rounds)
        made = generation(folder, project, given.customers, given.rounds)
        few, many = (
            one_more_day(folder / f"after{months}", given.customers, months, given.rounds) for months in (3, 18)
        )
        shown = pages(project, given.rounds)
        with duckdb.connect(str(project / "warehouse" / "spark9.duckdb"), read_only=True) as connection:
            [(rows,)] = connection.execute("select count(*) from bronze.raw_transactions").fetchall()
    text = _report(given, rows, runs, size, made, few, many, shown)
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _ratio(ours: float, reference: float) -> str:
    return f"{ours:.1f} s / {reference:.1f} s = {ours / reference:.2f}"


def _report(
    given: argparse.Namespace,
    rows: int,
    runs: Runs,
    size: int,
    made: dict[str, Runs],
    few: Runs,
    many: Runs,
    shown: dict[str, float],
) -> str:
    generated, copied = made["generated"].median, made["copied"].median
    peak = max(runs.peak, made["generated"].peak, many.peak) / 1000
    slowest, more, less = max(shown.values()), many.median, few.median
    lines = [
        ("`run-all`: generate, build, train, validate, report", f"{runs.median:.1f} s", "60 s", runs.median <= 60),
        ("generation beside a copy of the rows from Parquet", _ratio(generated, copied), "2", generated / copied <= 2),
        ("one more day after 18 months beside 3", _ratio(more, less), "1.2", more / less <= 1.2),
        ("memory at most", f"{peak:.2f} GB", "3 GB", peak <= 3),
        ("size of the database", f"{size / 1e9:.2f} GB", "1.2 GB", size <= 1.2e9),
        ("a tab of the page, the slowest", f"{slowest:.2f} s", "2 s", slowest <= 2),
    ]  # fmt: skip
    report = [
        "# How long customer 360 takes",
        "",
        f"{given.customers:,} customers, {rows:,} transactions of 18 months; whole processes, the median of "
        f"{given.rounds} runs, on {os.cpu_count()} cores. Made by `python -m areas.customer_360.bench "
        f"--customers {given.customers} --rounds {given.rounds}` with DuckDB {version('duckdb')} and "
        f"scikit-learn {version('scikit-learn')} on Python {platform.python_version()}.",
        "",
        "| what | figure | to reach | reached |",
        "|---|---:|---:|---|",
        *(
            f"| {what} | {figure} | <= {limit} | {'yes' if reached else '**no**'} |"
            for what, figure, limit, reached in lines
        ),
        "",
        f"Tabs: {', '.join(f'{tab} {seconds:.2f} s' for tab, seconds in shown.items())}.",
        "",
    ]
    return "\n".join(report)


if __name__ == "__main__":
    main()
