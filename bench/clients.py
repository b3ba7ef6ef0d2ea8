"""Many clients: onboarding, full builds with and without anything new, and one client's load and build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.generator import write_export
from bench.processes import Runs, run, say
from loader import client_schema, create_client_platform_schema, load_wave
from loader.clients.tables import LOADER_TABLES
from loader.names import ClientKey
from tests.support import ProjectUnderTest, copy_project

ROWS_A_CLIENT = 100
ONBOARDING, COLD, NOTHING_NEW = "spark9 client add", "cold full dbt build", "dbt build, nothing new"
PRE_CHECK, ONE_CLIENT, PARSE = "spark9 build, nothing new", "spark9 load --build of one client", "dbt parse, warm"


def give_rows(project: ProjectUnderTest, loaded: ClientKey, others: Sequence[ClientKey]) -> None:
    """Give other clients the rows that a load left in one: the same as loading the file for each, in less time."""
    project.change(
        ";".join(
            f"insert into {names.name}.{table} select * from {loaded.name}.{table}"
            for names in others
            for table in sorted(LOADER_TABLES)
        )
    )


def measure(folder: Path, counts: tuple[int, int], rounds: int) -> dict[int, dict[str, Runs]]:
    """Measure with few and with many clients, each with one wave of 100 rows; the two in turn, round by round.

    Args:
        folder: an empty one.
        counts: clients of each project; `client add` is measured for the last ones.
        rounds: how often each quick command runs; the full builds run once.

    """
    file = write_export(folder / "wave.csv", ROWS_A_CLIENT)
    projects = {}
    for count in counts:
        projects[count] = ProjectUnderTest(copy_project(folder / f"of_{count}" / "project"))
        onboard(projects[count], count - min(rounds, count - 1))
    names = (ONBOARDING, COLD, NOTHING_NEW, PRE_CHECK, ONE_CLIENT, PARSE)
    found = {count: {name: Runs() for name in names} for count in counts}
    for number in reversed(range(min(rounds, *(count - 1 for count in counts)))):
        for count, project in projects.items():
            client = named(count - number)
            run(["spark9", "client", "add", client.client, "meta", "2024"], project.root, found[count][ONBOARDING])
    for count, project in projects.items():
        load_wave(project.project, file, named(1), 1)
        give_rows(project, named(1), [named(number) for number in range(2, count + 1)])
        for name in (COLD, NOTHING_NEW):
            run(["dbt", "build"], project.root, found[count][name])
            say(f"  {count} clients: {name}: {found[count][name].median:.1f} s")
    for _ in range(rounds):
        for count, project in projects.items():
            run(["spark9", "build"], project.root, found[count][PRE_CHECK])
            run(["dbt", "parse"], project.root, found[count][PARSE])
    for wave in range(2, rounds + 3):
        export = write_export(folder / f"wave_{wave}.csv", ROWS_A_CLIENT, wave=wave)
        for count, project in projects.items():
            flags = ["--client", named(count).client, "--platform", "meta", "--year", "2024", "--wave", str(wave)]
            # the first round parses macros, which all later ones find parsed
            runs = found[count][ONE_CLIENT] if wave > 2 else Runs()
            run(["spark9", "load", str(export), *flags, "--build"], project.root, runs)
    return found


def named(number: int) -> ClientKey:
    """The client of a number."""
    return client_schema(f"client{number:03d}", "meta", 2024)


def onboard(project: ProjectUnderTest, count: int) -> None:
    """Onboard so many clients."""
    for number in range(1, count + 1):
        create_client_platform_schema(project.project, named(number))
        if number % 50 == 0:
            say(f"  {number} clients onboarded")
