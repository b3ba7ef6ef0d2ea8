"""What the house style asks of every file."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support import BIN, ROOT, ProjectUnderTest, tracked_files
from tests.written import meta_csv

MARTS = sorted((ROOT / "models/marts").glob("*.sql"))


def test_no_registry_host_stands_in_any_file() -> None:
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org"]
    wrong = [path for path in tracked_files() if any(host in path.read_text("utf-8", "ignore") for host in hosts)]
    assert wrong == []


def test_no_module_is_over_400_lines_and_no_function_over_50() -> None:
    files = [
        path
        for package in ("loader", "ops", "app", "areas")
        for path in (ROOT / package).rglob("*.py")
        if "tests" not in path.relative_to(ROOT).parts
    ]
    modules = {path: path.read_text(encoding="utf-8") for path in files}
    assert [path for path, text in modules.items() if len(text.splitlines()) > 400] == []
    functions = [
        (path, node.name)
        for path, text in modules.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert functions == []


def test_every_mart_and_column_is_described(two_built_waves: ProjectUnderTest) -> None:
    described = {
        model["name"]: [column["name"] for column in model["columns"]]
        for model in yaml.safe_load((ROOT / "models/marts/marts.yml").read_text(encoding="utf-8"))["models"]
    }
    assert sorted(described) == [path.stem for path in MARTS]
    for name, columns in described.items():
        rows = two_built_waves.query(
            f"select column_name from duckdb_columns() where schema_name = 'marts' and table_name = '{name}' order by column_index"
        )
        assert columns == [column for (column,) in rows], name
    client = yaml.safe_load(
        (two_built_waves.root / "models/clients/client_acme_meta_2024/client_acme_meta_2024.yml").read_text(
            encoding="utf-8"
        )
    )
    for model in client["models"][1:]:
        table = model["name"].split("__")[1]
        rows = two_built_waves.query(
            f"select column_name from duckdb_columns() where table_name = '{table}' order by column_index"
        )
        assert [column["name"] for column in model["columns"]] == [column for (column,) in rows]


def test_seeds_and_their_columns_are_described() -> None:
    described = {
        seed["name"]: [column["name"] for column in seed["columns"]]
        for seed in yaml.safe_load((ROOT / "seeds/seeds.yml").read_text(encoding="utf-8"))["seeds"]
    }
    assert described == {
        path.stem: path.read_text(encoding="utf-8").splitlines()[0].split(",")
        for path in (ROOT / "seeds").glob("*.csv")
    }


@pytest.fixture(scope="module")
def compiled(parsed_acme: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What dbt compiles of a project with a client and a wave."""
    acme = parsed_acme.copy(tmp_path_factory.mktemp("compiled"))
    acme.load(acme.write("a.csv", meta_csv()), 1)
    assert acme.dbt("compile").success
    return acme.root / "target" / "compiled"


@pytest.mark.slow
def test_a_clients_compiled_sql_can_be_read(compiled: Path) -> None:
    for path in (compiled / "spark9/models/clients").glob("*/*.sql"):
        text = path.read_text(encoding="utf-8")
        assert max(map(len, text.splitlines())) <= 120, path.name
        assert not re.search(r"(cell|value)_\d", text), path.name


def test_no_format_makes_a_line_of_sql_over_120_characters(project: ProjectUnderTest) -> None:
    macros = project.project.local_macros
    columns = [row | {"name": row["target_column"]} for row in macros.call("example_columns")]
    columns[0]["column_name"] = "It's a long header, " * 20
    rows = macros.call("processed_rows", "raw", "keys", [{"load_ids": ["a" * 16] * 40, "columns": columns}], [], "")
    assert [line for line in rows.splitlines() if len(line) > 120] == []
    assert "impressions__value" in rows


@pytest.mark.slow
def test_compiled_sql_parses(compiled: Path) -> None:
    # a part of a statement, which sqlfluff cannot read alone; dbt's unit tests run it
    (compiled / ".sqlfluffignore").write_text("unit_example__judged_rows.sql\n", encoding="utf-8")
    configuration = compiled / ".sqlfluff"
    configuration.write_text(
        "[sqlfluff]\ndialect = duckdb\ntemplater = raw\nrules = AM01,AL05,ST03\nlarge_file_skip_byte_limit = 0\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [str(BIN / "sqlfluff"), "lint", "."], cwd=compiled, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_client_costs_at_most_three_models_and_eight_tests() -> None:
    generated = ROOT / "models/clients/client_caterpillar_meta_2024/client_caterpillar_meta_2024.yml"
    client = yaml.safe_load(generated.read_text(encoding="utf-8"))
    tests = [
        test
        for node in [*client["models"], *(table for source in client["sources"] for table in source["tables"])]
        for test in node.get("data_tests", [])
    ]
    assert len(client["models"]) <= 3
    assert len(tests) <= 8
