"""The standard and the large wave: loads and builds beside their references, with memory and size."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from bench.generator import write_export
from bench.processes import ROOT, Runs, put_back, reference_python, repeat, run, say
from loader import client_schema, create_client_platform_schema
from tests.support import ProjectUnderTest, copy_project

_CLIENT = client_schema("bench", "meta", 2024)
_FLAGS = ("--client", "bench", "--platform", "meta", "--year", "2024")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_THREAD = re.compile(r"\[debug\] \[(\w+(?:-\d+)?)")
_STATUS = re.compile(r"SQL status: OK in ([0-9.]+) seconds")
_OF_CATALOGUE = re.compile(r"information_schema|duckdb_(constraints|tables|schemas|columns|databases)\(", re.IGNORECASE)
FLATTEN, NODES, CATALOGUE = "of processed_campaign_data", "of all nodes", "of the catalogue"


@dataclass
class Waves:
    """What was measured.

    Args:
        runs: of the standard wave, by name.
        large: one run each of the large wave, by name.
        csv_megabytes: the size of the standard wave.
        database_megabytes: of the database after its load and build.
        steps: seconds of each step of a load, as its log has them.
        ctas_seconds: of the load's statements that read the file and land its rows.
        statements: seconds of the statements of the build of that client: of the model processed_campaign_data, of all
            its nodes, and those that ask the catalogue.

    """

    runs: dict[str, Runs]
    large: dict[str, Runs]
    csv_megabytes: float
    database_megabytes: float
    steps: dict[str, float]
    ctas_seconds: float
    statements: dict[str, float]


def measure(folder: Path, rounds: int) -> Waves:
    """Measure loads and builds.

    Args:
        folder: an empty one, for files and databases.
        rounds: how often each command runs.

    """
    say("standard wave: 1,000,000 rows")
    standard = write_export(folder / "standard.csv", 1_000_000)
    project = ProjectUnderTest(copy_project(folder / "project"))
    create_client_platform_schema(project.project, _CLIENT)
    create_client_platform_schema(project.project, client_schema("other", "meta", 2024))
    # a project in use, whose macros are parsed; the wave is the first of its client, as the references have no other
    first = write_export(folder / "first.csv", 100)
    load = ("spark9", "load")
    others = ("--client", "other", *_FLAGS[2:])
    run([*load, str(first), *others, "--wave", "1", "--build"], project.root, Runs())
    run(["dbt", "build"], project.root, Runs())
    empty = Path(shutil.copy(project.database, folder / "before.duckdb"))
    loaded = folder / "loaded.duckdb"

    def reference_duckdb(runs: Runs) -> None:
        run(["python", str(ROOT / "bench/reference_duckdb.py"), str(standard), "reference.duckdb"], folder, runs)

    def reference_dlt(runs: Runs) -> None:
        run([reference_python(), str(ROOT / "bench/reference_dlt.py"), str(standard), "dlt"], folder, runs)

    def only_load(runs: Runs) -> None:
        put_back(empty, project.database)
        run([*load, str(standard), *_FLAGS, "--wave", "1"], project.root, runs)
        shutil.copy(project.database, loaded)

    def load_and_build(runs: Runs) -> None:
        put_back(empty, project.database)
        run([*load, str(standard), *_FLAGS, "--wave", "1", "--build"], project.root, runs)

    def only_build(runs: Runs) -> None:
        put_back(loaded, project.database)
        run(["dbt", "build", "--select", f"clients.{_CLIENT.name}"], project.root, runs)

    runs = repeat(
        rounds,
        {
            "duckdb": reference_duckdb,
            "dlt": reference_dlt,
            "load": only_load,
            "load --build": load_and_build,
            "dbt build of that client": only_build,
        },
    )
    # what DuckDB frees in a file stays in it until it is used again, so the size is that of a database made once
    steps = _steps(project)
    statements = _statements(project)
    sizes = standard.stat().st_size / 1e6, project.database.stat().st_size / 1e6

    say("large wave: 10,000,000 rows")
    large = write_export(folder / "large.csv", 10_000_000)
    put_back(empty, project.database)
    found = {"load": Runs(), "dbt build of that client": Runs()}
    run([*load, str(large), *_FLAGS, "--wave", "1"], project.root, found["load"])
    run(["dbt", "build", "--select", f"clients.{_CLIENT.name}"], project.root, found["dbt build of that client"])
    large.unlink()
    return Waves(runs, found, *sizes, steps, steps["READ"] + steps["LAND"], statements)


def _steps(project: ProjectUnderTest) -> dict[str, float]:
    rows = project.query(
        f"select processing_stage, duration_seconds from {_CLIENT.name}.processing_log "
        "where wave_number = 1 and duration_seconds is not null order by processing_timestamp"
    )
    return dict(rows)


def _statements(project: ProjectUnderTest) -> dict[str, float]:
    """Seconds of the statements of the last dbt command: of processed_campaign_data, of all nodes, of the catalogue."""
    log = _COLOURS.sub("", (project.root / "logs" / "dbt.log").read_text(encoding="utf-8", errors="replace"))
    found = dict.fromkeys((FLATTEN, NODES, CATALOGUE), 0.0)
    node_of: dict[str, str] = {}
    statement_of: dict[str, str] = {}
    for entry in re.split(r"\n(?=\d\d:\d\d:\d\d\.)", log[log.rindex("Running with dbt") :]):
        thread = (_THREAD.search(entry) or ("", ""))[1]
        if begun := re.search(r"Began running node (\S+)", entry):
            node_of[thread] = begun[1]
        elif done := _STATUS.search(entry):
            seconds = float(done[1])
            if _OF_CATALOGUE.search(statement_of.get(thread, "")):
                found[CATALOGUE] += seconds
            elif thread in node_of:
                found[NODES] += seconds
                found[FLATTEN] += seconds * ("processed_campaign_data" in node_of[thread])
        elif re.match(r"\S+ \[debug\] \[.*?\]: On ", entry):
            statement_of[thread] = entry
    return found
