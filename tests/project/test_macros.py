"""The loader renders the project's macros as dbt does."""

from __future__ import annotations

import re

import pytest
from dbt_common.clients.jinja import get_environment
from dbt_common.exceptions import CompilationError
from jinja2 import nodes

from docs.describe_macros import definitions
from loader.errors import ProjectError
from loader.project.macros import MacroLibrary
from tests.support import ROOT, ProjectUnderTest

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
    for name, form in project.project.local_macros.call("date_formats").items():
        value_format = f"{name}=2026-09" if form.get("yearless") else name
        calls[f"parse_cell date {name}"] = ("cell_1", "date", value_format)
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


def test_a_warehouse_that_a_macro_does_not_know_is_named(project: ProjectUnderTest) -> None:
    (project.root / "macros" / "nowhere.sql").write_text(
        "{% macro nowhere() %}{{ adapter.dispatch('nowhere', 'spark9')() }}{% endmacro %}", encoding="utf-8"
    )
    with pytest.raises(CompilationError, match=r"No macro named 'nowhere'.*\n.*duckdb__nowhere"):
        project.dbt("run-operation", "nowhere")
    with pytest.raises(ProjectError, match="'type_json' has no version for the warehouse 'oracle'"):
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


def test_each_macro_is_explained_where_it_stands() -> None:
    """A file is named after its macro, or is a theme of macros/adapters; the comment above a macro names each argument."""
    found = list(definitions(ROOT))
    places = {(path, definition["name"]) for path, definition in found}
    dispatched = {macro for _, definition in found for macro in re.findall(r"dispatch\('(\w+)'", definition[0])}
    problems = []
    for path, definition in found:
        name, comment = definition["name"], definition["comment"] or ""
        if name.split("__")[-1] in dispatched and "__" in name:
            continue
        arguments = re.sub(r"adapter=.*", "", definition["arguments"]).strip("()").split(",")
        names = [word for argument in arguments if (word := argument.split("=")[0].strip())]
        if not comment.strip():
            problems.append(f"{path}: {name} has no comment above it")
        if path.parent.name != "adapters" and (path, path.stem) not in places:
            problems.append(f"{path}: {name} is not what the file is named after")
        problems += [f"{path}: {name}: what is {word}?" for word in names if not re.search(rf"\b{word}\b", comment)]
    assert not problems, "\n".join(problems)


def test_each_macro_that_differs_by_warehouse_has_a_version_for_each() -> None:
    sources = [definition[0] for _, definition in definitions(ROOT)]
    names = {name for source in sources for name in re.findall(r"dispatch\('(\w+)'", source)} - {"only_on_snowflake"}
    versions = {definition["name"] for _, definition in definitions(ROOT)}
    assert {f"{warehouse}__{name}" for warehouse in ("duckdb", "snowflake") for name in names} <= versions
