"""The loader renders the project's macros as dbt does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from dbt_common.clients.jinja import get_environment
from jinja2 import nodes

from loader.errors import ProjectError
from loader.project.macros import RENDERED_FOLDERS, MacroLibrary
from tests.support import ROOT, ProjectUnderTest

# a materialization is defined for each warehouse, and called by no one but dbt
MACRO_FILES = sorted(
    path
    for pattern in ("macros/*/*.sql", "areas/*/macros/**/*.sql")
    for path in ROOT.glob(pattern)
    if "{% materialization" not in path.read_text(encoding="utf-8")
)
MACRO_CALLS = {
    "client_schema_ddl": ("client_acme_meta_2024",),
    "reprocess_wave_sql": ("client_acme_meta_2024", 3),
    "remove_load_sql": ("client_acme_meta_2024", "it's", 2, ["wave_quality"]),
    "drop_client_schema_ddl": ("client_acme_meta_2024",),
    "filled_cell": ("cell_1",),
    "client_schema_name": ("acme", "meta", 2024),
}


def one_line(sql: str) -> str:
    return " ".join(sql.split())


def test_loader_and_dbt_render_the_same_sql(project: ProjectUnderTest, capfd: pytest.CaptureFixture[str]) -> None:
    calls = dict(MACRO_CALLS)
    for column_type in ("text", "integer", "decimal", "percent"):
        for value_format in ("plain", "point", "comma"):
            calls[f"parse_cell {column_type} {value_format}"] = ("cell_1", column_type, value_format)
    for value_format in project.project.local_macros.call("date_formats"):
        calls[f"parse_cell date {value_format}"] = ("cell_1", "date", value_format)
    lines = "\n".join(
        f"{{%- do print('<' ~ ({name.split()[0]}({', '.join(repr(a) for a in arguments)}) | string) ~ '>') -%}}"
        for name, arguments in calls.items()
    )
    (project.root / "macros" / "print_all.sql").write_text(
        f"{{% macro print_all() %}}{lines}{{% endmacro %}}", encoding="utf-8"
    )
    assert project.dbt("run-operation", "print_all").success
    by_dbt = re.findall(r"^<(.*?)>$", capfd.readouterr().out, re.S | re.M)
    by_loader = [str(project.project.macros.call(name.split()[0], *arguments)) for name, arguments in calls.items()]
    assert [one_line(text) for text in by_dbt] == [one_line(text) for text in by_loader]


@pytest.mark.parametrize("value", ["plain", "it's", "'; drop table x; --", "a\nb", "\\'", "日本", ""])
def test_a_literal_is_the_value_and_nothing_else(project: ProjectUnderTest, value: str) -> None:
    literal = project.project.macros.call("text_literal", value)
    project.add("acme", "meta", 2024)
    assert project.query(f"select {literal}") == [(value,)]


def test_a_warehouse_that_a_macro_does_not_know_is_named() -> None:
    with pytest.raises(ProjectError, match="type_json has no version for the warehouse 'oracle'"):
        MacroLibrary(ROOT, {"type": "oracle", "schema": "main"}, {}).call("type_json")


def test_a_macro_that_does_not_exist_is_named(project: ProjectUnderTest) -> None:
    with pytest.raises(ProjectError, match="no macro 'nope'"):
        project.project.macros.call("nope")


def test_no_macro_takes_the_number_of_a_filtered_turn_for_a_place() -> None:
    """In `for ... if`, loop.index counts the turns that the condition lets through: it is no position in the list."""
    parse = get_environment().parse
    found = [
        f"{path}:{loop.lineno}"
        for folder in ("macros", "models", "tests/data", "areas")
        for path in (ROOT / folder).rglob("*.sql")
        for loop in parse(path.read_text(encoding="utf-8")).find_all(nodes.For)
        if loop.test is not None
        and any(
            asked.attr.startswith(("index", "revindex")) and asked.node == nodes.Name("loop", "load")
            for asked in loop.find_all(nodes.Getattr)
        )
    ]
    assert not found


@pytest.mark.parametrize(
    "path", [path for path in MACRO_FILES if path.parent.name != "tests"], ids=lambda path: path.stem
)
def test_each_macro_file_defines_its_macro_and_says_what_it_does(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("{#")
    header = text[: text.index("#}")]
    assert "Purpose:" in header
    assert "Example:" in header
    found = re.search(rf"{{% macro {path.stem}\((.*?)\)", text)
    assert found, f"{path} does not define {path.stem}"
    assert ("Arguments" in header) == bool(found.group(1))


@pytest.mark.parametrize("folder", sorted({path.parent for path in MACRO_FILES}), ids=lambda path: path.name)
def test_each_macro_and_argument_is_described_in_yaml(folder: Path) -> None:
    described = {
        macro["name"]: [argument["name"] for argument in macro.get("arguments", [])]
        for macro in yaml.safe_load((folder / "_macros.yml").read_text(encoding="utf-8"))["macros"]
        if macro["description"]
    }
    defined: dict[str, list[str]] = {}
    for path in [
        *folder.glob("*.sql"),
        *((ROOT / "tests/data/generic").glob("*.sql") if folder.name == "claims" else ()),
    ]:
        text = path.read_text(encoding="utf-8")
        for warehouse in re.findall(r"{% materialization (\w+), adapter='(\w+)'", text):
            defined[f"materialization_{'_'.join(warehouse)}"] = []
        for kind, name, arguments in re.findall(rf"{{% (macro|test) ({path.stem})\((.*?)\)", text):
            prefix = "test_" if kind == "test" else ""
            defined[prefix + name] = [part.split("=")[0].strip() for part in arguments.split(",") if part.strip()]
    assert described == defined


def test_dispatched_macros_have_a_default_that_names_the_warehouse() -> None:
    for path in MACRO_FILES:
        text = path.read_text(encoding="utf-8")
        if path.parent.name in RENDERED_FOLDERS and "adapter.dispatch" in text:
            assert f"macro default__{path.stem}" in text, path
            assert f"unsupported_adapter('{path.stem}')" in text, path
