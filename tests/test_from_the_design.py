"""docs/from_the_design.md: its queries run, and what it names is there.

The queries of its sections 003 and 004 run where these areas are built: areas/*/tests.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from docs.describe_macros import definitions
from loader.cli.app import app
from tests.support import ROOT, ProjectUnderTest, sql_for_the_design

DOCUMENTS = ("000", "001", "002", "003", "004")
_ROW = re.compile(r"^\| .* \|$", re.M)
_FILE = re.compile(r"/|\.(md|yml|py|sql|lock|toml|csv|sh|example)$")
_SOURCES = ("models", "macros", "seeds", "loader", "ops", "app", "areas", "orchestration")


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every word of the project's own files, and their names: tables, columns, roles and variables are among them."""
    files = [
        path for folder in _SOURCES for path in (ROOT / folder).rglob("*") if path.suffix in (".sql", ".yml", ".py")
    ]
    files += [ROOT / "dbt_project.yml", ROOT / "profiles.yml.example"]
    named = {part for path in files for part in path.stem.split("__")}
    return named | {word for path in files for word in re.findall(r"\w+", path.read_text("utf-8"))}


def _files(pattern: str) -> list[Path]:
    """Files of dbt, of the core and of areas."""
    return [path for folder in ("models", "macros", "areas") for path in (ROOT / folder).rglob(pattern)]


def is_command(name: str) -> bool:
    """Whether a command with its options, as `spark9 client add --grant`, exists."""
    names, options = re.findall(r" ([a-z0-9][\w-]*)", name), set(re.findall(r"--[\w-]+", name))
    command: Any = typer.main.get_command(app)
    for child in names:
        command = command.get_command(None, child) if hasattr(command, "commands") else None
        if command is None:
            return False
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return not hasattr(command, "commands") and options <= known


def is_dbt(name: str) -> bool:
    """Whether the selector or tag of a dbt command exists."""
    selectors = {
        selector["name"] for selector in yaml.safe_load((ROOT / "selectors.yml").read_text("utf-8"))["selectors"]
    }
    tagged = "".join(path.read_text("utf-8") for path in _files("*.yml"))
    selector, tag = re.search(r"--selector (\w+)", name), re.search(r"tag:(\w+)", name)
    return (not selector or selector[1] in selectors) and (not tag or f"tags: [{tag[1]}" in tagged)


def exists(name: str, words: set[str]) -> bool:
    """Whether a name of the page is one of this project."""
    if name.startswith("spark9 "):
        return is_command(name)
    if name.startswith("make "):
        makefiles = "\n".join(path.read_text("utf-8") for path in (ROOT / "Makefile", *ROOT.glob("areas/*/area.mk")))
        targets = re.findall(r"^([a-z][a-z -]*)::?(?!=)", makefiles, re.M)
        return name.removeprefix("make ") in " ".join(targets).split()
    if name.startswith("dbt "):
        return is_dbt(name)
    if name.endswith("()"):
        functions = (ROOT / "loader/__init__.pyi").read_text("utf-8")
        macros = {definition["name"] for _, definition in definitions(ROOT)}
        return name[:-2] in macros or f" as {name[:-2]}\n" in functions
    if _FILE.search(name) or (ROOT / name).exists():
        return (ROOT / name).exists()
    return set(name.split(".")) <= words


def test_each_name_of_the_middle_column_exists(words: set[str]) -> None:
    rows = [row.strip("| ").split(" | ") for row in _ROW.findall((ROOT / "docs/from_the_design.md").read_text("utf-8"))]
    names = [name for row in rows for name in re.findall(r"`([^`]+)`", row[1])]
    assert len(names) > 200
    assert [name for name in names if not exists(name, words)] == []


@pytest.mark.parametrize(
    "name",
    [
        "spark9 laod",
        "spark9 client",
        "spark9 load --gone",
        "make gone",
        "gone()",
        "docs/gone.md",
        "marts.gone_table",
        "dbt build --selector gone",
        "dbt test --select tag:gone",
    ],
)
def test_a_name_that_is_gone_is_found(name: str, words: set[str]) -> None:
    assert not exists(name, words)


def test_the_queries_run_on_a_built_client(built: ProjectUnderTest) -> None:
    statements = [statement for number in ("000", "001", "002") for statement in sql_for_the_design(number)]
    assert len(statements) > 10
    for statement in statements:
        (built.change if statement.startswith("update") else built.query)(statement)
    assert built.query(
        "select distinct wave_number, processed_flag from client_acme_meta_2024.raw_data_staging order by all"
    ) == [(1, True), (2, False)]


def test_failed_uploads_are_found(built: ProjectUnderTest) -> None:
    failed = next(statement for statement in sql_for_the_design("000") if "status = 'ERROR' and" in statement)
    assert built.query(failed) == []
    assert (
        built.spark9("load", str(built.write("empty.csv", "")), "--client", "acme/meta/2024", "--wave", "3").code != 0
    )
    assert len(built.query(failed)) == 1


def test_the_page_has_every_document_and_queries_for_each() -> None:
    assert all(sql_for_the_design(number) for number in DOCUMENTS)
