"""What is hashed: each part is made in a folder of its own, within seconds.

That Snowflake has the tables of DuckDB is what tests/warehouses/snowflake/test_parity.py shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pytest

from loader import client_schema, create_client_platform_schema
from tests.golden.tables import differences, hash_of_text, hashes_of_database
from tests.platform_exports import PLATFORM_EXPORTS
from tests.support import AREAS, ROOT, VARIABLES, ProjectUnderTest, copy_project

CLIENTS = {
    "caterpillar_meta": client_schema("caterpillar", "meta", 2024),
    "nike_linkedin": client_schema("nike", "linkedin", 2024),
    "startup_meta": client_schema("startup", "meta", 2024),
}
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


Part = Callable[[Path], dict[str, str]]
PARTS: dict[str, Part] = {part.__name__: part for part in (platforms, demo)}
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


def changes(name: str, found: dict[str, str]) -> list[str]:
    """What is not as hashes.json, or the file of the area, has it."""
    return differences(json.loads(HASHES[name].read_text(encoding="utf-8"))[name], found)
