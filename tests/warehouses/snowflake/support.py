"""What tests of the Snowflake target share."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from loader.project.dbt import run_dbt
from tests.emulator.process import Emulator, Forks
from tests.emulator.snowpark import procedure_of
from tests.emulator.statements import import_areas, is_known
from tests.emulator.transactions import block_of
from tests.support import ProjectUnderTest, Run

CLOCKS = frozenset(
    {
        "upload_timestamp",
        "asked_timestamp",
        "settled_timestamp",
        "updated_timestamp",
        "processing_timestamp",
        "processed_timestamp",
        "first_upload",
        "last_upload",
    }
    # the hash of the SQL of a warehouse, and what rests on it
    | {"code_version", "signature", "made_of"}
    | {
        "last_step",
        "invocation_id",
        "started_at",
        "finished_at",
        "duration_seconds",
        "load_seconds_per_wave",
        "load_seconds",
        "details",
    }
)
CLIENT_TABLES = (
    "raw_data_staging",
    "wave_schema_mapping",
    "open_questions",
    "naming_keys",
    "processing_log",
    "processed_campaign_data",
    "wave_quality",
)


@dataclass
class SnowflakeProject(ProjectUnderTest):
    """A project folder whose target is prod, on an emulator."""

    emulator: Emulator

    def query(self, sql: str, role: str = "ACCOUNTADMIN") -> list[tuple[Any, ...]]:
        """Ask the warehouse, as an administrator unless told otherwise."""
        return self.emulator.query(sql, role)

    def change(self, sql: str) -> None:
        """Change the warehouse behind everybody's back."""
        self.emulator.query(sql)

    def dbt_command(self, *arguments: str, env: dict[str, str] | None = None) -> Run:
        """Run dbt in this process, with what it prints; it makes an adapter of its own each time."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            outcome = run_dbt(self.root, ["--no-use-colors", "--log-level-file", "none", *arguments])
        said = f"{err.getvalue()} {outcome.exception or ''}"
        return Run(int(not outcome.success) + bool(outcome.exception), out.getvalue(), said)

    def dbt_commands(self, commands: list[list[str]], env: dict[str, str] | None = None) -> Run:
        """Several dbt commands in one process, up to the first that fails."""
        script = (
            "import json, sys\nfrom dbt.cli.main import dbtRunner\n"
            "sys.exit(any(not dbtRunner().invoke(['--no-use-colors', *c]).success for c in json.loads(sys.argv[1])))"
        )
        return self._run([sys.executable, "-c", script, json.dumps(commands)], env)

    def _run(self, command: list[str], env: dict[str, str] | None) -> Run:
        environment = {**os.environ, **(env or {})}
        done = subprocess.run(
            command, cwd=self.root, capture_output=True, text=True, check=False, env=environment, timeout=300
        )
        return Run(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Accounts:
    """Makes projects on emulators of their own; what dbt has parsed of a project is there already.

    Args:
        forks: starts the emulators.
        parsed: a project with an empty registry that was parsed for Snowflake.
        set_up: the statements of setup_account.

    """

    forks: Forks
    parsed: ProjectUnderTest
    set_up: list[str]

    @contextmanager
    def project(self, folder: Path, patch: pytest.MonkeyPatch, *, is_set_up: bool = True) -> Iterator[SnowflakeProject]:
        """A project on an account; `patch` has the environment lead there."""
        folder.mkdir(exist_ok=True)
        with self.forks.running(folder, self.set_up if is_set_up else []) as emulator:
            for name, value in emulator.environment().items():
                patch.setenv(name, value)
            yield SnowflakeProject(self.parsed.copy(folder).root, emulator)

    @contextmanager
    def of_module(self, folder: Path) -> Iterator[SnowflakeProject]:
        """A project for the tests of one module that only look at what was made once."""
        with pytest.MonkeyPatch.context() as patch, self.project(folder, patch) as project:
            yield project


def table_of_duckdb(project: ProjectUnderTest, table: str, clocks: frozenset[str] = CLOCKS) -> list[dict[str, Any]]:
    """Every row of a table by column, comparable with those of another warehouse; `clocks` are left out."""
    with duckdb.connect(str(project.database), read_only=True) as connection:
        result = connection.execute(f"select * from {table}")
        types = {column[0]: str(column[1]) for column in result.description or []}
        rows = [dict(zip(types, row, strict=True)) for row in result.fetchall()]
    return _comparable(rows, {name for name, type_ in types.items() if type_ == "JSON"}, clocks)


def table_of_snowflake(emulator: Emulator, table: str, clocks: frozenset[str] = CLOCKS) -> list[dict[str, Any]]:
    """The same of a table of the emulator."""
    with emulator.connect() as connection:
        cursor = connection.cursor()
        cursor.execute(f"select * from {table}")
        names = [column.name.lower() for column in cursor.description or []]
        variants = {
            column.name.lower()
            for column in cursor.description or []
            if column.type_code in (_VARIANT, _OBJECT, _ARRAY)
        }
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return _comparable(rows, variants, clocks)


def differences(table: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[str]:
    """What differs between a table of DuckDB and the same of Snowflake, a line each."""
    if len(ours) != len(theirs):
        return [f"{table}: {len(ours)} rows on DuckDB, {len(theirs)} on Snowflake"]
    return [
        f"{table}, row {number}, {name}: {one.get(name)!r} on DuckDB, {other.get(name)!r} on Snowflake"
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True))
        for name in sorted(one.keys() | other.keys())
        if one.get(name, "no such column") != other.get(name, "no such column")
    ]


def unknown_statements(sent: set[str]) -> list[str]:
    """The statements that are not Snowflake's SQL.

    sqlglot can't parse them, or knows no grammar for them, and the emulator has none of their form from the docs either. Or
    they are recursive, which Snowflake takes a common table expression for that reads itself, whatever stands before it.
    """
    import_areas()
    refused = []
    for sql in sorted(sent):
        if is_known(sql) or block_of(sql) is not None or procedure_of(sql):
            continue
        try:
            parsed = sqlglot.parse(sql, read="snowflake")
        except ParseError as error:
            refused.append(f"{sql[:200]}: {error}")
            continue
        expressions = [found for expression in parsed if expression for found in expression.find_all(exp.CTE)]
        refused += [f"reads itself: {found.alias}: {sql[:200]}" for found in expressions if _reads_itself(found)]
        unknown = any(isinstance(expression, exp.Command) for expression in parsed)
        if unknown and not sql.lower().startswith("show user functions"):  # dbt-snowflake's own
            refused.append(sql[:300])
    return refused


def _reads_itself(expression: exp.CTE) -> bool:
    tables = expression.this.find_all(exp.Table)
    return any(table.name.upper() == expression.alias.upper() and not table.db for table in tables)


# https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-api#type-codes
_VARIANT, _OBJECT, _ARRAY = 5, 9, 10


def _comparable(rows: list[dict[str, Any]], json_columns: set[str], clocks: frozenset[str]) -> list[dict[str, Any]]:
    """Rows without clocks, numbers as exact decimals, JSON as values, in an order of their own."""
    kept = [
        {
            name: json.loads(value, parse_float=Decimal, parse_int=Decimal)
            if name in json_columns and value
            else _exact(value)
            for name, value in row.items()
            if name not in clocks
        }
        for row in rows
    ]
    return sorted(kept, key=lambda row: json.dumps(row, sort_keys=True, default=_sort_text))


def _exact(value: Any) -> Any:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else value


def _sort_text(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
