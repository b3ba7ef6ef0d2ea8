"""What tests share: a copy of the project, ways to write exports, and ways to look at what landed."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest
from _pytest.mark import ParameterSet
from filelock import FileLock

import loader.cli.app
import loader.clients.registry
from loader import (
    ClientKey,
    LoadResult,
    Workspace,
    client_schema,
    create_client_platform_schema,
    load_wave,
    open_workspace,
)
from loader.areas import areas
from loader.files.containers import unpacked
from loader.files.dialects import Dialect, recognise
from loader.files.file_reader import read_rows
from loader.files.headers import PlatformColumns
from loader.files.options import reading_options
from loader.files.table import ROW_KIND, ROW_NUMBER, ROW_REASON, TABLE
from loader.project.dbt import run_dbt
from loader.project.packages import placeholders
from loader.waves.plan import LoadPlan

# what decides where a project's commands work; no test takes it from who runs it
VARIABLES = (
    "SPARK9_TARGET",
    "SPARK9_DUCKDB_PATH",
    "SPARK9_STAGE_DIR",
    "SPARK9_SCHEMA_PREFIX",
    "SPARK9_CLIENT",
    "DBT_PROFILES_DIR",
)
ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
# areas beside the waves, which most tests need not parse, and where each has what dbt reads
AREAS = tuple(area.name for area in areas())
_OF_AREAS = ("models", "macros", "seeds")
COPIED = (
    "ops/evaluator",
    "macros",
    "models",
    "seeds",
    "tests/data",
    "dbt_project.yml",
    "packages.yml",
    "profiles.yml.example",
    "warehouse/.gitkeep",
)


# the client that most tests have, its schema, and how the command line names it
ACME = client_schema("acme", "meta", 2024)
SCHEMA = ACME.name
NAMED = ("--client", "acme", "--platform", "meta", "--year", "2024")


def copy_project(goal: Path, *named: str) -> Path:
    """Copy the project without its clients and data, and of the areas beside the waves only those that are named; where it is now."""
    of_areas = [f"areas/{area}/{kind}" for area in named and (*named, "feeds") for kind in _OF_AREAS]
    there = [path for path in of_areas if (ROOT / path).is_dir()]
    for name in (*COPIED, *there, *(["selectors.yml"] if named else [])):
        source = ROOT / name
        (goal / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, goal / name, dirs_exist_ok=True)
        else:
            shutil.copy(source, goal / name)
    shutil.copy(goal / "profiles.yml.example", goal / "profiles.yml")
    for folder in (goal / "models" / "clients").glob("client_*"):
        shutil.rmtree(folder)
    (goal / "models" / "clients").mkdir(exist_ok=True)
    for name in ("clients", "client_access"):
        seed = goal / "seeds" / f"{name}.csv"
        seed.write_text(seed.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    placeholders(goal, goal / "dbt_packages")
    loader.clients.registry.Registry(open_workspace(goal)).regenerate()
    return goal


def witnesses(
    cases: Iterable[Any], kind: Callable[[Any], object] = lambda _: None, *, quick: int = 1
) -> list[ParameterSet]:
    """Cases for parametrize, of which `make test` runs the first of each kind and `make test-all` every one."""
    seen: Counter[object] = Counter()
    marked = []
    for case in cases:
        seen[kind(case)] += 1
        values = case if isinstance(case, tuple) else (case,)
        marked.append(pytest.param(*values, marks=() if seen[kind(case)] <= quick else pytest.mark.slow))
    return marked


def shared_project(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> ProjectUnderTest:
    """A worker's copy of a project that the first worker makes for all of them."""
    base = folders.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared_{name}"
    with FileLock(f"{shared}.lock"), pytest.MonkeyPatch.context() as patch:
        for variable in VARIABLES:
            patch.delenv(variable, raising=False)
        if not (shared / "done").is_file():
            make(shared / "project")
            (shared / "done").touch()
    return ProjectUnderTest(shared / "project").copy(folders.mktemp(name))


def tracked_files() -> list[Path]:
    """The files that git has or would take in."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def copy_tracked_files(goal: Path, leave_out: tuple[str, ...] = ()) -> Path:
    """Copy the project as git would clone it, without folders that are to be left out; where it is now."""
    for path in tracked_files():
        name = path.relative_to(ROOT)
        if not name.as_posix().startswith(leave_out):
            (goal / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, goal / name)
    return goal


def sql_for_the_design(number: str) -> list[str]:
    """The SQL that docs/from_the_design.md gives for a founding document ('000'), a statement each."""
    section = (ROOT / "docs/from_the_design.md").read_text("utf-8").split(f"\n## {number} ")[1].split("\n## ")[0]
    blocks = re.findall(r"```sql\n(.*?)```", section, re.S)
    return [statement.strip() for block in blocks for statement in block.split(";") if statement.strip()]


# with the names before, which YAML of earlier versions has
_CLIENT_TESTS = ("__client_integrity", "__client_quality", "__every_claim_holds", "__nothing_is_doubtful")

# what dbt lists beside what it builds
_NOTHING_TO_RUN = ("operation", "exposure", "saved_query")


_NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
# models of which no table is made; compiling them takes a fifth of a build
_EXAMPLES = ("--exclude", "path:models/unit_tests", "code_example")


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """All that it printed, with line breaks as spaces so that wrapped sentences can be looked for."""
        return " ".join((self.out + " " + self.err).split())


@dataclass
class DbtRun:
    """How a dbt command ended: status by node name, rows by failing test, and the tests of clients that found something."""

    success: bool
    statuses: dict[str, str]
    failures: dict[str, int] = field(default_factory=dict)
    failed_tests: set[str] = field(default_factory=set)


@dataclass
class ProjectUnderTest:
    """A project folder with shortcuts for what tests do."""

    root: Path

    @cached_property
    def project(self) -> Workspace:
        """The project as the library sees it."""
        return open_workspace(self.root)

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.root / "warehouse" / "spark9.duckdb"

    def copy(self, folder: Path) -> ProjectUnderTest:
        """A copy of all that is there, in a folder."""
        return ProjectUnderTest(Path(shutil.copytree(self.root, folder / "project")))

    def add(self, client: str, platform: str, year: int) -> ClientKey:
        """Onboard a client."""
        key = client_schema(client, platform, year)
        create_client_platform_schema(self.project, key)
        return key

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file beside the project."""
        path = self.root.parent / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def load(
        self,
        file: Path,
        wave: int | None,
        client: ClientKey | None = None,
        *,
        wait_seconds: float = 300.0,
        on_wait: Callable[[str], None] | None = None,
        **options: Any,
    ) -> LoadResult:
        """Load a file for acme, or another client."""
        workspace = self.project.waiting(wait_seconds, on_wait)
        return load_wave(workspace, file, client or ACME, wave, **options)

    def plan(
        self, content: str | bytes, wave: int = 1, client: ClientKey | None = None, name: str = "a.csv", **options: Any
    ) -> LoadPlan:
        """The plan of a file of acme, or another client, that is not loaded."""
        given = reading_options(**options)
        plan = self.load(self.write(name, content), wave, client, dry_run=True, options=given).plan
        assert plan
        return plan

    def spark9(self, *arguments: str, stdin: str | None = None) -> Run:
        """Run the command line in this process, which has imported all it needs."""
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with chdir(self.root), redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["spark9", *arguments])
            patch.setattr(sys, "stdin", io.StringIO(stdin or ""))
            try:
                loader.cli.app.main()
            except SystemExit as left:
                code = left.code if isinstance(left.code, int) else int(left.code is not None)
        return Run(code, out.getvalue(), err.getvalue())

    def spark9_alone(self, *arguments: str, **environment: str) -> Run:
        """Run the command line as a user would, in a process with an environment of its own."""
        done = subprocess.run(
            [str(BIN / "spark9"), *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
            timeout=300,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def dbt(self, *arguments: str, artifacts: bool = False, unit_tests: bool = False) -> DbtRun:
        """Run dbt in this process; it writes neither its log nor, without `artifacts`, JSON, which takes a third of it.

        Builds leave the unit tests out, as production does; they take as long as the rest.
        """
        write = [] if artifacts else ["--no-write-json"]
        left_out: tuple[str, ...] = ()
        if "build" in arguments and not unit_tests:
            # a project with areas has a default selector, which an --exclude would put out of force
            left_out = _NO_UNIT_TESTS if (self.root / "selectors.yml").is_file() else (*_NO_UNIT_TESTS, *_EXAMPLES)
        outcome = run_dbt(self.root, ["--quiet", *write, "--log-level-file", "none", *arguments, *left_out])
        if outcome.exception:
            raise outcome.exception
        nodes = [result for result in getattr(outcome.result, "results", []) if hasattr(result, "node")]
        results = [result for result in nodes if result.node.resource_type not in _NOTHING_TO_RUN]
        return DbtRun(
            outcome.success,
            {result.node.name: str(result.status) for result in results},
            {result.node.name: result.failures for result in results if result.failures},
            {
                test
                for result in results
                if result.failures and result.node.name.endswith(_CLIENT_TESTS)
                for (test,) in self.query(f"select distinct test_name from ({result.node.compiled_code})")
            },
        )

    def build_clients(self) -> DbtRun:
        """Build and test the clients, and leave out the marts."""
        return self.dbt("build", "--select", "clients")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def change(self, sql: str) -> None:
        """Change the warehouse behind everybody's back."""
        with duckdb.connect(str(self.database)) as connection:
            connection.execute(sql)

    def processed(self, columns: str, order: str = "wave_number, row_number") -> list[tuple[Any, ...]]:
        """Columns of acme's processed rows."""
        return self.query(f"select {columns} from {SCHEMA}.processed_campaign_data order by {order}")

    def snapshot(self, schema: str = SCHEMA) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table of a client but the log and the clocks, for comparing before and after."""
        tables = {
            "raw_data_staging": "* exclude (upload_timestamp)",
            "wave_schema_mapping": "* exclude (updated_timestamp)",
            "naming_keys": "* exclude (upload_timestamp)",
            "processed_campaign_data": "* exclude (processed_timestamp, upload_timestamp)",
            "wave_quality": "* exclude (processed_timestamp, first_upload, last_upload)",
        }
        there = {
            name for (name,) in self.query(f"select table_name from duckdb_tables() where schema_name = '{schema}'")
        }
        return {
            table: self.query(f"select {columns} from {schema}.{table} order by all")
            for table, columns in tables.items()
            if table in there
        }


def read_export(
    path: Path, known: PlatformColumns, connection: duckdb.DuckDBPyConnection | None = None, **options: Any
) -> tuple[Dialect, list[tuple[Any, ...]]]:
    """Read a file without loading it; its dialect and its rows."""
    connection = connection or duckdb.connect()
    given = reading_options(**options)
    with unpacked(path, given) as export:
        dialect = read_rows(export, recognise(export, known, given), connection, known, given)
    rows = connection.execute(
        f'select * exclude ("{ROW_NUMBER}", "{ROW_KIND}", "{ROW_REASON}") from {TABLE} order by "{ROW_NUMBER}"'
    ).fetchall()
    return dialect, rows


def notices(result: LoadResult) -> list[str]:
    """All that a load says beside its outcome: open questions, then warnings."""
    return [*(asked.question for asked in (result.plan.questions if result.plan else [])), *result.warnings]
