"""The long form of the fault tests: `make soak`. Writes what it tried and what was lost to docs/reliability.md.

Example: python -m tests.faults.soak --sequences 60 --kills 300 --builds 20 --fuzz-seconds 300 --examples 1500
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.faults.kills import run_kills
from tests.faults.sequences import run_sequence
from tests.files.cases import cases
from tests.support import ROOT, ProjectUnderTest, copy_project

BY_HAND = "## What is promised\n"
REPORT = ROOT / "docs" / "reliability.md"
STEPS = 22
KILLS_A_PROJECT = 50


def one_sequence(seed: int) -> tuple[int, int, int]:
    """Things done, files loaded and builds of one random sequence."""
    with tempfile.TemporaryDirectory() as folder:
        history = run_sequence(seed, STEPS, Path(folder))
        loads = sum(said.startswith(("load", "replace")) for said in history.done)
        return len(history.done), loads, history.builds + 2


def some_kills(seed: int, quick: int, builds: int) -> tuple[Counter[str], int]:
    """What was cut off, and how many files were loaded."""
    with tempfile.TemporaryDirectory() as folder:
        project = ProjectUnderTest(copy_project(Path(folder) / "project"))
        project.add("acme", "meta", 2024)
        kills = run_kills(project, Path(folder), seed, quick, builds, recovery=True)
        return kills.cut_off, kills.files


def fuzz(seconds: int) -> tuple[int, str]:
    """Inputs that the coverage-guided fuzzer tried, and what it found."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.fuzz", folder, f"-max_total_time={seconds}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    runs = re.findall(r"Done (\d+) runs", done.stderr)
    return int(runs[0]) if runs else 0, "" if done.returncode == 0 else done.stderr[-2000:]


def tests(examples: int) -> tuple[int, str]:
    """Run the corpus, the property tests with many examples, and the faults; how many passed, and what failed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/files/test_corpus.py", "tests/faults/test_fuzz.py", "tests/faults/test_faults.py",
         "tests/faults/test_full_disk.py", "tests/faults/test_damaged_database.py",
         "-k", "not coverage_guided"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SPARK9_FUZZ_EXAMPLES": str(examples)},
    )  # fmt: skip
    passed = re.findall(r"(\d+) passed", done.stdout)
    return int(passed[0]) if passed else 0, "" if done.returncode == 0 else done.stdout[-2000:]


def main() -> int:
    """Run all of it and write the report; 1 when anything was lost or found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=60)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--builds", type=int, default=16)
    parser.add_argument("--fuzz-seconds", type=int, default=240)
    parser.add_argument("--examples", type=int, default=1000)
    options = parser.parse_args()
    started = time.monotonic()
    problems: list[str] = []
    done = loads = builds = files = 0
    cut_off: Counter[str] = Counter()
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs: dict[Future[Any], str] = {}
        for seed in range(options.sequences):
            jobs[pool.submit(one_sequence, 1000 + seed)] = f"sequence {1000 + seed}"
        projects = max(options.kills // KILLS_A_PROJECT, 1)
        for seed in range(projects):
            of_kills: Future[Any] = pool.submit(some_kills, seed, options.kills // projects, options.builds // projects)
            jobs[of_kills] = f"kills {seed}"
        for number, job in enumerate(as_completed(jobs), 1):
            try:
                result = job.result()
            except Exception as error:
                problems.append(f"{jobs[job]}: {type(error).__name__}: {error}"[:3000])
                result = None
            match result:
                case (Counter() as counted, int() as loaded):
                    cut_off += counted
                    files += loaded
                case (int() as deeds, int() as of_sequence, int() as built):
                    done, loads, builds = done + deeds, loads + of_sequence, builds + built
            print(f"{number} of {len(jobs)}: {jobs[job]}, {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201
    fuzzed, found = fuzz(options.fuzz_seconds)
    problems += [f"fuzzer: {found}"] if found else []
    print(f"fuzzed {fuzzed} files", flush=True)  # noqa: T201
    passed, failed = tests(options.examples)
    problems += [f"tests: {failed}"] if failed else []
    runs = report(options, done, loads, builds, files, cut_off, fuzzed, passed, problems, time.monotonic() - started)
    _, heading, written_by_hand = REPORT.read_text(encoding="utf-8").partition(BY_HAND)
    REPORT.write_text(f"{runs}{heading}{written_by_hand}", encoding="utf-8")
    print("\n".join(problems) or "nothing lost, nothing found")  # noqa: T201
    return 1 if problems else 0


def report(
    options: argparse.Namespace,
    done: int,
    loads: int,
    builds: int,
    files: int,
    cut_off: Counter[str],
    fuzzed: int,
    passed: int,
    problems: list[str],
    seconds: float,
) -> str:
    """The first part of docs/reliability.md, which is about these runs."""

    def verdict(*words: str) -> str:
        return "see below" if any(problem.startswith(words) for problem in problems) else "none"

    killed = ", ".join(f"{count} {kind}" for kind, count in sorted(cut_off.items()))
    return f"""# Reliability

Written by `make soak` on {datetime.now(UTC):%Y-%m-%d} in {seconds / 60:.0f} minutes, on {os.cpu_count()} cores, Python
{platform.python_version()}, DuckDB {duckdb.__version__}. `make test-all` runs a short form of all of it.

| what was tried | how much | lost or wrong |
|---|---|---|
| files of the corpus, read to the table they hold, or refused with the reason | {len(cases())} | {verdict("tests")} |
| operations in random order (load, load again, replace, rollback, undo of a rollback, reprocess, decide on columns, build), in {options.sequences} projects, each compared table by table with a recomputation from the files that should count, and with figures by the csv module only | {done}, {loads} of them loads, {builds} builds | {verdict("sequence")} |
| commands killed (-9) at random moments, then resumed; all tables then verified from the originals | {sum(cut_off.values())}: {killed} | {verdict("kills")} |
| loads around those kills | {files} | {verdict("kills")} |
| files made by the coverage-guided fuzzer | {fuzzed:,} | {verdict("fuzzer")} |
| tables of random cells, delimiters, encodings and line ends, read back; random bytes; hostile names: examples per property | {options.examples} | {verdict("tests")} |
| tests of corpus, faults and hostile input | {passed} passed | {verdict("tests")} |

{"Found:" if problems else "Found: nothing."}
{chr(10).join(f"```{chr(10)}{problem}{chr(10)}```" for problem in problems)}

"""


if __name__ == "__main__":
    sys.exit(main())
