"""What the loader asks of a warehouse, and the choice of one by the project's target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from loader.errors import ProjectError
from loader.project import Project

Row = tuple[Any, ...]
WaitNotice = Callable[[str], None]


class Session(Protocol):
    """One connection. Statements outside `transaction()` commit by themselves."""

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement with `?` for each parameter; all of its rows."""

    def run(self, statements: str) -> None:
        """Run statements made by a macro, each ended by a semicolon."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert a few rows (mappings, log entries); `table` is schema.table. For many rows use `land_rows`."""

    def land_rows(self, schema: str, rows_select: str, constants: Sequence[tuple[str, object]]) -> None:
        """Insert the rows of a file in raw_data_staging.

        Args:
            schema: the client's schema on this target.
            rows_select: a select over the reader's tables that yields row_number, raw_data (JSON) and row_kind.
            constants: the other columns, the same for each row.

        """

    def transaction(self) -> AbstractContextManager[None]:
        """All statements inside take effect together at its end, or none when it is left by an exception."""

    def tables(self, schema: str) -> set[str]:
        """The tables of a schema; none when there is no such schema."""

    def now(self) -> Any:
        """The warehouse's time in UTC."""


class Warehouse(Protocol):
    """A place that keeps clients' tables and originals.

    `enforces_roles` says whether grants are kept by the warehouse itself, or only noted in the registry.
    """

    enforces_roles: bool

    def session(
        self, reader: duckdb.DuckDBPyConnection | None = None, on_wait: WaitNotice | None = None
    ) -> AbstractContextManager[Session]:
        """Connect; waits for another process that holds the warehouse, telling `on_wait` so.

        Args:
            reader: the in-memory DuckDB that has read a file, when rows are to be landed from it.
            on_wait: is told when the command starts to wait.

        Raises:
            WarehouseBusyError: it took longer than the time limit.

        """

    def stage_file(self, schema: str, path: Path, staged_name: str) -> str:
        """Keep an original in the client's stage as `staged_name` (wave_2/name.csv); where it is now.

        The same name again replaces the file; it is there whole or not at all.
        """

    def create_stage(self, schema: str) -> None:
        """Make the client's stage, if it is not there."""

    def drop_stage(self, schema: str) -> None:
        """Remove the client's stage with all originals."""


def open_warehouse(project: Project, wait_seconds: float = 300.0) -> Warehouse:
    """The warehouse of the project's target.

    Args:
        project: the project.
        wait_seconds: how long to wait for a locked warehouse.

    Raises:
        ProjectError: the loader does not know the target's warehouse.

    """
    if project.target.type == "duckdb":
        from loader.duckdb_warehouse import DuckDBWarehouse  # noqa: PLC0415 - each warehouse brings its own driver

        return DuckDBWarehouse(project, wait_seconds)
    raise ProjectError(
        f"The target '{project.target.name}' is of type '{project.target.type}', which the loader does not know.",
        "Use a target of type duckdb.",
    )
