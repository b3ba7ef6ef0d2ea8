"""Run all benchmarks and write bench/RESULTS.md: whole processes, medians, beside their references in the same run.

Example: python -m bench --rounds 5 --clients 10 300
"""

from __future__ import annotations

import argparse
import os
import pickle
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import clients, history, snowflake, waves
from bench.processes import ROOT, Runs, repeat, run, say

RESULTS = ROOT / "bench" / "RESULTS.md"
_PARTS = ("starts", "waves", "history", "snowflake", "clients")
_FIGURES = ROOT / "target" / "bench.pickle"


@dataclass
class Row:
    """One line of the table: a figure, what it is held against, and what it is to reach."""

    what: str
    figure: str
    reference: str
    ratio: float
    limit: float
    strictly: bool = False

    def __str__(self) -> str:
        """The line in Markdown."""
        reached = self.ratio < self.limit if self.strictly else self.ratio <= self.limit
        sign = "<" if self.strictly else "<="
        return (
            f"| {self.what} | {self.figure} | {self.reference} | {self.ratio:.2f} | {sign} {self.limit:g} "
            f"| {'yes' if reached else '**no**'} |"
        )


def main() -> None:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each command (default: %(default)s)")
    parser.add_argument("--clients", type=int, nargs=2, default=[10, 300], help="few and many clients to compare")
    parser.add_argument("--parts", nargs="+", choices=_PARTS, help="measure these again and keep the rest")
    arguments = parser.parse_args()
    # what commands do on a machine where they have run before: Python keeps what it compiled
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    few, many = arguments.clients
    rounds = arguments.rounds
    parts: dict[str, Callable[[Path], object]] = {
        "starts": lambda folder: _starts(folder, rounds),
        "waves": lambda folder: waves.measure(folder, rounds),
        "history": lambda folder: history.measure(folder, rounds),
        "snowflake": snowflake.measure,
        "clients": lambda folder: clients.measure(folder, (few, many), rounds),
    }
    kept = {name: measured for name, measured in _kept().items() if name in parts} if arguments.parts else {}
    for name in arguments.parts or parts:
        say(name)
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="spark9-bench-") as folder:
            kept[name] = parts[name](Path(folder)), time.perf_counter() - started
        _FIGURES.parent.mkdir(exist_ok=True)
        _FIGURES.write_bytes(pickle.dumps(kept))
    if missing := parts.keys() - kept.keys():
        sys.exit(f"not measured yet, so nothing is written: {', '.join(sorted(missing))}")
    found = {name: figures for name, (figures, _) in kept.items()}
    text = _report(
        found["starts"],
        found["waves"],
        found["history"],
        found["snowflake"],
        found["clients"],
        rounds,
        sum(seconds for _, seconds in kept.values()),
    )
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _kept() -> dict[str, Any]:
    """What the last run measured, for parts that are not measured again."""
    # a file of this program's own
    return dict(pickle.loads(_FIGURES.read_bytes())) if _FIGURES.is_file() else {}  # noqa: S301


def _starts(folder: Path, rounds: int) -> dict[str, Runs]:
    """What it takes to start: the interpreter, and imports."""
    programs = {
        "python, nothing imported": ["python", "-c", "pass"],
        "spark9 --help": ["spark9", "--help"],
        "import of duckdb": ["python", "-c", "import duckdb"],
        "import of what a load needs": ["python", "-c", "import loader.cli.app, loader.waves.loading"],
        "import of dbt": ["python", "-c", "import dbt.cli.main"],
    }
    for program in programs.values():
        run(program, folder, Runs())
    return repeat(
        rounds,
        {name: lambda runs, words=words: run(words, folder, runs) for name, words in programs.items()},  # type: ignore[misc]
    )


def _report(
    starts: dict[str, Runs],
    of_waves: waves.Waves,
    of_history: dict[str, Runs],
    sent: list[snowflake.Sent],
    of_clients: dict[int, dict[str, Runs]],
    rounds: int,
    seconds: float,
) -> str:
    standard = of_waves.runs
    duckdb, dlt, load, built = (standard[name].median for name in ("duckdb", "dlt", "load", "load --build"))
    (few, _), (many, many_runs) = of_clients.items()
    early, late = (runs.median for runs in of_history.values())
    cold, nothing = many_runs[clients.COLD].median, many_runs[clients.NOTHING_NEW].median
    check = many_runs[clients.PRE_CHECK].median
    onboarding = [of_clients[count][clients.ONBOARDING].median for count in (few, many)]
    one = [of_clients[count][clients.ONE_CLIENT].median for count in (few, many)]
    peak = max(standard["load"].peak, standard["load --build"].peak, standard["dbt build of that client"].peak)
    flatten = of_waves.statements[waves.FLATTEN]
    large_peak = max(runs.peak for runs in of_waves.large.values())
    rows = [
        Row("`spark9 load` of the standard wave", f"{load:.2f} s", f"duckdb, typed: {duckdb:.2f} s", load / duckdb, 2),
        Row("the same", f"{load:.2f} s", f"dlt: {dlt:.2f} s", load / dlt, 1, strictly=True),
        Row("`spark9 load --build`: load, build, all tests", f"{built:.2f} s", f"dlt: {dlt:.2f} s", built / dlt, 1.5),
        Row(
            "flatten, score and issues, SQL time",
            f"{flatten:.2f} s",
            f"reading and landing: {of_waves.ctas_seconds:.2f} s",
            flatten / of_waves.ctas_seconds,
            2,
        ),
        Row("`dbt build` after wave 50", f"{late:.2f} s", f"after wave 2: {early:.2f} s", late / early, 1.2),
        Row(
            f"`spark9 load --build` of one client among {many}",
            f"{one[1]:.2f} s",
            f"among {few}: {one[0]:.2f} s",
            one[1] / one[0],
            1.3,
        ),
        Row(f"`dbt build` of {many}, nothing new", f"{nothing:.1f} s", f"cold: {cold:.1f} s", nothing / cold, 0.3),
        Row(f"`spark9 build` of {many}, nothing new", f"{check:.2f} s", f"cold: {cold:.1f} s", check / cold, 0.3),
        Row(
            f"`spark9 client add`, the last of {many}",
            f"{onboarding[1]:.2f} s",
            f"of {few}: {onboarding[0]:.2f} s",
            onboarding[1] / onboarding[0],
            1.3,
        ),
        Row("most memory, standard wave", f"{peak:.0f} MB", "1,000 MB", peak / 1000, 1),
        Row("most memory, large wave", f"{large_peak:.0f} MB", "2,000 MB", large_peak / 2000, 1),
        Row(
            "database after load and build",
            f"{of_waves.database_megabytes:.0f} MB",
            f"the CSV: {of_waves.csv_megabytes:.0f} MB",
            of_waves.database_megabytes / of_waves.csv_megabytes,
            1.5,
        ),
        Row(
            f"Snowflake: statements of a load of {sent[1].rows:,} rows",
            str(sent[1].statements),
            f"of {sent[0].rows:,}: {sent[0].statements}",
            sent[1].statements / sent[0].statements,
            1,
        ),
        Row(
            "Snowflake: bytes sent, rows and original",
            f"{(sent[1].row_bytes + sent[1].original_bytes) / 1e6:.0f} MB",
            f"the CSV: {sent[1].csv_bytes / 1e6:.0f} MB",
            sent[1].share,
            0.5,
        ),
    ]
    lines = [
        "# Benchmark results",
        "",
        f"Made by `make bench` in {seconds / 60:.0f} minutes. {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {version('duckdb')}, dbt-core "
        f"{version('dbt-core')}, dbt-duckdb {version('dbt-duckdb')}; dlt {_dlt_version()}. Whole processes; medians of "
        f"{rounds} runs beside their references in the same run, full builds of all clients and the large wave once. "
        "The standard wave has 1,000,000 rows of 12 columns (bench/generator.py), the large one 10,000,000; each of "
        f"{many} clients one wave of {clients.ROWS_A_CLIENT} rows; each of 50 waves {history.ROWS_A_WAVE:,}.",
        "",
        "| what | figure | against | ratio | to reach | reached |",
        "|---|---:|---:|---:|---:|---|",
        *map(str, rows),
        "",
        "## Where the time goes",
        "",
        "| part | seconds |",
        "|---|---:|",
        *(f"| {name} | {runs.median:.2f} |" for name, runs in starts.items()),
        *(f"| `spark9 load`: {name} | {taken:.2f} |" for name, taken in of_waves.steps.items() if name != "process"),
        f"| `dbt build` of the standard wave, whole process | {standard['dbt build of that client'].median:.2f} |",
        *(f"| in that: statements {what} | {taken:.2f} |" for what, taken in of_waves.statements.items()),
        *(
            f"| `{name}`, {count} clients | {runs[name].median:.2f} |"
            for name in (clients.PARSE, clients.COLD, clients.NOTHING_NEW)
            for count, runs in of_clients.items()
        ),
        *(f"| large wave: `{name}` | {runs.median:.1f} |" for name, runs in of_waves.large.items()),
    ]
    return "\n".join(lines) + "\n"


def _dlt_version() -> str:
    lines = (ROOT / "bench" / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return next(line.split("==")[1].split()[0] for line in lines if line.startswith("dlt["))


if __name__ == "__main__":
    main()
