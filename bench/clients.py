"""Measure builds, loads and onboarding with many clients: whole processes, on a copy of the project.

Example: python bench/clients.py --clients 10 300
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from loader import client_schema, create_client_platform_schema, load_wave  # noqa: E402
from tests.support import ProjectUnderTest, copy_project, meta_csv  # noqa: E402

BIN = Path(sys.executable).parent
RESULTS = ROOT / "bench" / "RESULTS.md"


def seconds(
    project: ProjectUnderTest, *command: str, repeat: int = 1, before: Callable[[], None] | None = None
) -> float:
    """The median time of a command, as a whole process."""
    times = []
    for _ in range(repeat):
        if before:
            before()
        started = time.perf_counter()
        done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=project.root, capture_output=True, check=False)
        times.append(time.perf_counter() - started)
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout.decode()[-3000:]}\n{done.stderr.decode()[-1000:]}")
    return statistics.median(times)


def measure(count: int, threads: int) -> dict[str, float]:
    """All figures with so many clients, each with one wave of 100 rows."""
    with tempfile.TemporaryDirectory(prefix="spark9-bench-") as folder:
        project = ProjectUnderTest(copy_project(Path(folder) / "project"))
        file = project.write("wave.csv", meta_csv(100))
        for number in range(count):
            names = client_schema(f"client{number:03d}", "meta", 2024)
            create_client_platform_schema(project.project, names)
            load_wave(project.project, file, names, 1)
            print(f"\r{number + 1} of {count} clients", end="", file=sys.stderr)
        print(file=sys.stderr)
        last = f"client{count - 1:03d}"
        schema = client_schema(last, "meta", 2024).name
        build = ("dbt", "build", "--threads", str(threads))
        figures = {"cold full build": seconds(project, *build)}
        figures["full build, nothing new"] = seconds(project, *build)
        figures["dbt parse, nothing changed"] = seconds(project, "dbt", "parse", repeat=3)
        figures["dbt build of one client"] = seconds(project, *build, "--select", f"clients.{schema}", repeat=3)
        flags = ["--client", last, "--platform", "meta", "--year", "2024"]

        def new_file() -> None:
            new_file.number += 1  # type: ignore[attr-defined]
            project.write("next.csv", meta_csv(100, day="2024-02-01", first=1000 * new_file.number))  # type: ignore[attr-defined]

        new_file.number = 0  # type: ignore[attr-defined]
        path = str(project.root.parent / "next.csv")
        figures["spark9 load"] = seconds(
            project, "spark9", "load", path, *flags, "--wave", "2", repeat=5, before=new_file
        )
        figures["spark9 load --build"] = seconds(
            project, "spark9", "load", path, *flags, "--wave", "2", "--build", repeat=3, before=new_file
        )
        figures["spark9 client add"] = seconds(project, "spark9", "client", "add", "onemore", "meta", "2024")
        return figures


def main() -> None:
    """Measure, print and write RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, nargs="+", default=[10, 300], help="numbers of clients to compare")
    parser.add_argument("--threads", type=int, default=2, help="dbt threads")
    arguments = parser.parse_args()
    measured = {count: measure(count, arguments.threads) for count in arguments.clients}
    lines = [
        "# Benchmark results",
        "",
        f"Made by `make bench`. {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"DuckDB {version('duckdb')}, dbt-core {version('dbt-core')}, dbt-duckdb {version('dbt-duckdb')}, "
        f"{arguments.threads} threads. Whole processes, in seconds; medians of 3 (loads of 5), full builds and "
        "`client add` once. Each client has one wave of 100 rows; tests included.",
        "",
        "| what | " + " | ".join(f"{count} clients" for count in measured) + " |",
        "|---|" + "---:|" * len(measured),
    ]
    lines += [
        f"| {name} | " + " | ".join(f"{figures[name]:.1f}" for figures in measured.values()) + " |"
        for name in next(iter(measured.values()))
    ]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
