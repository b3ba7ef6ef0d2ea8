"""A keyword that a function does not know is a TypeError, and nothing is done: `dryrun=True` must not load."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from contextlib import _GeneratorContextManager
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import pytest

import app
import loader
import ops
from loader import MappingChange, client_schema, find_project, load_wave, rollback_wave
from loader.clients.registry import Registry
from loader.history.loading import HistoryPlan
from tests.support import ACME, AREAS, ROOT, ProjectUnderTest, copy_project
from tests.written import meta_csv

# their keywords are others' arguments: a macro's, a query's, an address's, a table's columns, a sentence's words
LEFT_OUT = {"tests", "models", "airflow", "bench", "bench_reference_dlt", "sample", "screenshots"}
PASSED_ON = {"call", "cached", "link_to", "as_they_are", "asked"}


def modules() -> list[ModuleType]:
    """All of the library, the pages and the areas, but the command line and what runs when it is imported."""
    packages = [loader, ops, app, *(import_module(f"areas.{area}") for area in AREAS)]
    found = [walked.name for each in packages for walked in walk_packages(each.__path__, f"{each.__name__}.")]
    left = ("loader.cli", "ops.commands", "ops.output", "app.streamlit_app", "app.__main__", "app.worker")
    return [import_module(name) for name in found if not name.startswith(left) and not set(name.split(".")) & LEFT_OUT]


def functions() -> dict[str, Callable[..., Any]]:
    """All public names of the library, and every function or method that takes keywords which it does not name."""
    public = {name: getattr(package, name) for package in (loader, ops) for name in dir(package)}
    found: dict[str, Callable[..., Any]] = {name: value for name, value in public.items() if inspect.isfunction(value)}
    for module in modules():
        for name, value in vars(module).items():
            owned = getattr(value, "__module__", None) == module.__name__
            if not owned or name.startswith("_") or name in PASSED_ON or not inspect.isfunction(value):
                continue
            if any(part.kind is part.VAR_KEYWORD for part in inspect.signature(value).parameters.values()):
                found[name] = value
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A project with all areas and the client acme."""
    project = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("whole") / "project", *AREAS))
    project.add("acme", "meta", 2024)
    return project


def arguments(project: ProjectUnderTest, function: Callable[..., Any]) -> dict[str, Any]:
    """What a function must be given."""
    file = project.write("a.csv", meta_csv(4))
    known = {
        "project": find_project(project.root), "workspace": find_project(project.root), "client": "acme" if function is client_schema else ACME, "file": file, "wave": 1, "entries": [], "column": "Reach",
        "plan": HistoryPlan([], [client_schema("new", "meta", 2024)]), "user_name": "ann@example.com", "path": file,
        "change": MappingChange(rule="ignore"), "reference": file, "on": ["ad_name"], "load_id": "0" * 16, "step": "x",
        "folder": file.parent, "platform": "meta", "year": 2024, "comparison": None, "title": "t",
        "clients": [], "row": 1,
    }  # fmt: skip
    for area in AREAS:
        if (ROOT / "areas" / area / "tests" / "arguments.py").is_file():
            known |= import_module(f"areas.{area}.tests.arguments").arguments(project.project)
    parts = inspect.signature(function).parameters.values()
    needed = [
        part.name
        for part in parts
        if part.default is part.empty and part.kind not in (part.VAR_KEYWORD, part.VAR_POSITIONAL)
    ]
    return {name: known[name] for name in needed}


def content(project: ProjectUnderTest) -> dict[str, str]:
    """Every file of the project, by its hash."""
    files = [path for path in project.root.rglob("*") if path.is_file() and project.root / "target" not in path.parents]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("name", sorted(functions()))
def test_a_keyword_that_no_function_knows_is_refused_before_anything_is_done(
    whole: ProjectUnderTest, name: str
) -> None:
    function = functions()[name]
    given = arguments(whole, function)
    before = content(whole)
    with pytest.raises(TypeError, match="no_such_option"):
        begun = function(**given, no_such_option=1)
        if isinstance(begun, _GeneratorContextManager):
            begun.__enter__()
    assert content(whole) == before


def test_misspelt_keywords_neither_load_nor_roll_back(built: ProjectUnderTest) -> None:
    again: Any = {"dryrun": True}
    with pytest.raises(TypeError, match="dryrun"):
        load_wave(built.project, built.write("c.csv", meta_csv(4, day="2024-03-01")), ACME, 3, **again)
    one: Any = {"file": "a.csv"}
    with pytest.raises(TypeError, match="file"):
        rollback_wave(built.project, ACME, 1, **one)
    assert [load.wave_number for load in loader.list_waves(built.project, ACME)] == [1, 2]
    assert Registry(built.project).get(ACME).status == "active"
