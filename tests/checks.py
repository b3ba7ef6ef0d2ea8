"""For each dbt test of an area, data that breaks its claim: what the tables of these tests are looked at with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
from dbt.cli.main import dbtRunner

from tests.support import ProjectUnderTest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Broken:
    """Data that breaks a claim.

    Args:
        damage: statements that change tables which others build or fill.
        rebuilt: models, by their tables, that are computed anew from the damaged tables before the test looks.

    """

    damage: str
    rebuilt: Mapping[str, str] | None = None


def names_of_checks(project: ProjectUnderTest, selection: Sequence[str]) -> set[str]:
    """The names of all data tests that dbt knows in a selection."""
    found = dbtRunner().invoke(
        ["--quiet", "ls", "--project-dir", str(project.root), "--profiles-dir", str(project.root), "--resource-type", "test",
         "--output", "name", *selection]
    )  # fmt: skip
    assert found.success, found.exception
    return {name.rpartition(".")[2] for name in found.result}


def compiled(project: ProjectUnderTest, name: str) -> str:
    """The SQL that dbt made of a model or check when it was last built."""
    [path] = [path for path in (project.root / "target" / "compiled").rglob(f"{name}.sql") if path.is_file()]
    return path.read_text(encoding="utf-8")


@contextmanager
def changed(project: ProjectUnderTest, *statements: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which statements have run; nothing of it stays."""
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("begin")
        for sql in statements:
            connection.execute(sql)
        yield connection
        connection.execute("rollback")


def holds(project: ProjectUnderTest, check: str, broken: Broken | None = None) -> bool:
    """Whether a check finds nothing, of the tables as they are or of damaged ones."""
    statements = []
    if broken:
        statements.append(broken.damage)
        statements += [
            f"create or replace table {table} as {compiled(project, model)}"
            for model, table in (broken.rebuilt or {}).items()
        ]
    with changed(project, *statements) as connection:
        return not connection.execute(compiled(project, check)).fetchall()
