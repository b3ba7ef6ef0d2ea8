"""Many clients: onboarding, full builds with and without anything new, and one client's load and build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.generator import write_export
from bench.processes import Runs, run, say
from loader import client_schema, create_client_platform_schema, load_wave
from loader.names import ClientSchema
from loader.wave_state import LOADER_TABLES
from tests.support import ProjectUnderTest, copy_project

ROWS_A_CLIENT = 100
ONBOARDING, COLD, NOTHING_NEW = "spark9 client add", "cold full dbt build", "dbt build, nothing new"
PRE_CHECK, ONE_CLIENT, PARSE = "spark9 build, nothing new", "spark9 load --build of one client", "dbt parse, warm"


def _give_rows(project: ProjectUnderTest, loaded: ClientSchema, others: Sequence[ClientSchema]) -> None:
    """Give other clients the rows that a load left in one: the same as loading the file for each, in less time."""
    project.change(
        ";".join(
            f"insert into {names.name}.{table} select * from {loaded.name}.{table}"
            for names in others
            for table in sorted(LOADER_TABLES)
        )
    )


def measure(folder: Path, count: int, rounds: int) -> dict[str, Runs]:
    """Measure with so many clients, each with one wave of 100 rows.

    Args:
        folder: an empty one.
        count: clients; `client add` is measured for the last ones.
        rounds: how often each quick command runs; the full builds run once.

    """
    project = ProjectUnderTest(copy_project(folder / "project"))
    file = write_export(folder / "wave.csv", ROWS_A_CLIENT)
    found = {name: Runs() for name in (ONBOARDING, COLD, NOTHING_NEW, PRE_CHECK, ONE_CLIENT, PARSE)}
    schemas = [client_schema(f"client{number:03d}", "meta", 2024) for number in range(1, count + 1)]
    for number, names in enumerate(schemas, 1):
        # the last ones by command: the count-th is onboarded beside count - 1 others
        if number > count - rounds:
            run(["spark9", "client", "add", names.client, "meta", "2024"], project.root, found[ONBOARDING])
        else:
            create_client_platform_schema(project.project, names)
        if number % 50 == 0:
            say(f"  {number} of {count} clients onboarded")
    load_wave(project.project, file, schemas[0], 1)
    _give_rows(project, schemas[0], schemas[1:])
    run(["dbt", "build"], project.root, found[COLD])
    say(f"  {COLD}: {found[COLD].median:.1f} s")
    run(["dbt", "build"], project.root, found[NOTHING_NEW])
    say(f"  {NOTHING_NEW}: {found[NOTHING_NEW].median:.1f} s")
    for _ in range(rounds):
        run(["spark9", "build"], project.root, found[PRE_CHECK])
        run(["dbt", "parse"], project.root, found[PARSE])
    flags = ["--client", f"client{count:03d}", "--platform", "meta", "--year", "2024"]
    for wave in range(2, rounds + 3):
        export = write_export(folder / f"wave_{wave}.csv", ROWS_A_CLIENT, wave=wave)
        # the first one parses the macros, which all later ones find parsed
        runs = Runs() if wave == 2 else found[ONE_CLIENT]
        run(["spark9", "load", str(export), *flags, "--wave", str(wave), "--build"], project.root, runs)
    return found
