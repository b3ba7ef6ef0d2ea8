"""What is hashed: each part is made in a folder of its own, within seconds."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import import_module
from itertools import groupby
from pathlib import Path

import duckdb
import pytest
from snowflake.connector.util_text import split_statements

from loader import client_schema, create_client_platform_schema, find_project
from loader.errors import FileRefusedError
from loader.files.headers import PlatformColumns
from tests.emulator.process import Emulator, Forks, free_port
from tests.files.cases import cases
from tests.golden.tables import hash_of_table, hash_of_text, hashed, hashes_of_database
from tests.platform_exports import PLATFORM_EXPORTS
from tests.support import AREAS, ROOT, VARIABLES, ProjectUnderTest, copy_project, read_export
from tests.warehouses.snowflake.support import CLIENT_TABLES, SnowflakeProject, table_of_snowflake

CLIENTS = {
    "caterpillar_meta": client_schema("caterpillar", "meta", 2024),
    "nike_linkedin": client_schema("nike", "linkedin", 2024),
    "startup_meta": client_schema("startup", "meta", 2024),
}
MARTS = ("waves", "campaign_performance", "performance_by_day", "wave_columns", "schema_changes", "uploads_by_day")
MICROS_UNSURE = ("reddit api",)


def demo(folder: Path) -> dict[str, str]:
    """Clients, naming keys, waves, plans, build and status of `make demo`."""
    project = ProjectUnderTest(copy_project(folder / "project"))
    found = {}
    for client in CLIENTS.values():
        create_client_platform_schema(project.project, client)
    keys = ROOT / "samples" / "caterpillar_meta_naming_keys.csv"
    project.load(keys, None, CLIENTS["caterpillar_meta"])
    for wave in (1, 2, 3):
        for name, client in CLIENTS.items():
            command = [
                "load",
                str(ROOT / "samples" / f"{name}_wave{wave}.csv"),
                "--client",
                str(client),
                "--wave",
                str(wave),
            ]
            printed = project.spark9(*command, "--dry-run").text
            found[f"plan of {name} {wave}"] = hash_of_text(printed.replace(f"{ROOT}/samples/", ""))
            assert project.spark9(*command).code == 0
    assert project.dbt("build").success
    found["status"] = hash_of_text(project.spark9("status").text)
    return found | hashes_of_database(project.database)


def platforms(folder: Path) -> dict[str, str]:
    """The plan and preview of an export of each platform and language."""
    project = ProjectUnderTest(copy_project(folder / "project"))
    found = {}
    for platform, exports in groupby(PLATFORM_EXPORTS, key=lambda export: export.platform):
        client = project.add("acme", platform, 2026)
        for export in exports:
            file = project.write(f"{export.name}.csv", export.content())
            money = ["--money", "micros"] if export.name in MICROS_UNSURE else []
            run = project.spark9("load", str(file), "--client", str(client), "--wave", "1", "--dry-run", *money)
            found[export.name] = hash_of_text(run.text.replace(f"{folder}/", ""))
    return found


def corpus(folder: Path) -> dict[str, str]:
    """The rows that each file of the corpus is read to, or why it is refused."""
    known = PlatformColumns(find_project(ROOT))
    found = {}
    for case in cases():
        path = folder / case.file_name
        path.write_bytes(case.content)
        try:
            dialect, rows = read_export(path, known, duckdb.connect(), **case.options)
            found[case.name] = hashed([(*dialect.columns,), *enumerate(rows)])
        except FileRefusedError as error:
            found[case.name] = f"refused: {error.code}"
    return found


def snowflake(folder: Path) -> dict[str, str]:
    """A wave of each client of the demo on the emulator, built."""
    forks = Forks(sorted((free_port(), free_port())))
    try:
        project = ProjectUnderTest(copy_project(folder / "project"))
        with pytest.MonkeyPatch.context() as patch:
            return _on_emulator(project, forks, folder, patch)
    finally:
        forks.close()


def _on_emulator(project: ProjectUnderTest, forks: Forks, folder: Path, patch: pytest.MonkeyPatch) -> dict[str, str]:
    with forks.running(folder, []) as emulator:
        for name, value in emulator.environment().items():
            patch.setenv(name, value)
        there = SnowflakeProject(project.root, emulator)
        for statement, _ in split_statements(io.StringIO(there.project.macros.call("account_ddl"))):
            if statement:
                there.change(statement)
        for name, client in CLIENTS.items():
            create_client_platform_schema(there.project, client)
            there.load(ROOT / "samples" / f"{name}_wave1.csv", 1, client)
        assert there.dbt("build").success
        return _tables_of(emulator)


def _tables_of(emulator: Emulator) -> dict[str, str]:
    names = [f"{names.name}.{table}" for names in CLIENTS.values() for table in CLIENT_TABLES]
    names += [f"marts.{mart}" for mart in MARTS]
    return {name: hash_of_table(name, table_of_snowflake(emulator, name)) for name in names}


Part = Callable[[Path], dict[str, str]]
PARTS: dict[str, Part] = {part.__name__: part for part in (snowflake, platforms, demo, corpus)}
# where the hashes of each part are
HASHES = dict.fromkeys(PARTS, Path(__file__).parent / "hashes.json")
for area in AREAS:
    file = ROOT / "areas" / area / "tests" / "golden.py"
    if file.is_file():
        of_area: dict[str, Part] = import_module(f"areas.{area}.tests.golden").PARTS
        PARTS |= of_area
        HASHES |= dict.fromkeys(of_area, file.with_suffix(".json"))


def made(name: str, folder: Path) -> dict[str, str]:
    """One part, in an environment without anybody's settings."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in VARIABLES:
            patch.delenv(variable, raising=False)
        patch.setenv("COLUMNS", "200")
        return PARTS[name](folder)
