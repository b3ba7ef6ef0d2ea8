"""The interface of a warehouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb

Row = tuple[Any, ...]
WaitNotice = Callable[[str], None]


@dataclass(frozen=True)
class Landing:
    """Rows that wait to be landed; made by `Session.prepared`.

    Args:
        schema: the client's schema on this target.
        table: the table that they are for.
        columns: the columns of each row.
        source: where they are: a select, or a folder of the client's stage.
        name: of the landing.
        files: those of the folder.

    """

    schema: str
    table: str
    columns: tuple[str, ...]
    source: str
    name: str
    files: tuple[str, ...] = ()


class Session(Protocol):
    """One connection. Statements outside `transaction()` commit by themselves."""

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement with `?` for each parameter; all of its rows."""

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of one statement by column name in lower case."""

    def table(self, sql: str) -> tuple[list[str], list[Row]]:
        """The column names of one statement in lower case, and its rows; the names are there where no row is."""

    def run(self, statements: str) -> None:
        """Run statements made by a macro, each ended by a semicolon."""

    def run_side_by_side(self, scripts: Sequence[str], on_done: Callable[[int], None], lock: str) -> None:
        """Run scripts that need nothing of each other, each in a transaction of its own, as many at once as is fastest.

        Args:
            scripts: statements, each ended by a semicolon.
            on_done: called with the index of each that has committed, in the calling thread.
            lock: see transaction; scripts of another process wait.

        Raises:
            Exception: the first that a script raised; those that committed stay.

        """

    def insert(self, schema: str, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert a few rows in a table of loader_tables() (mappings, log entries); for a file's rows use `land`."""

    def copy_to_reader(self, table: str, columns: Sequence[tuple[str, str]], select: str) -> int:
        """Copy the rows of a select to the reader, as a temporary table; returns how many there are.

        Args:
            table: a name of the loader's own.
            columns: name and DuckDB type of each, in the order of the select.
            select: a statement of the warehouse.

        """

    def prepared(
        self, schema: str, table: str, columns: Sequence[str], rows_select: str, name: str
    ) -> AbstractContextManager[Landing]:
        """Make the rows of a file ready to be landed, outside of any transaction; what was made for it goes at the end.

        Args:
            schema: the client's schema on this target.
            table: a table of loader_tables().
            columns: what `rows_select` yields.
            rows_select: a select over the reader's tables.
            name: of this landing; the same name and rows are landed once, so a load that is repeated after a rollback
                takes a new one.

        """

    def land(self, landing: Landing, constants: Sequence[tuple[str, object]], expected_rows: int) -> dict[str, Any]:
        """Insert the prepared rows, in a number of statements that does not depend on theirs.

        Args:
            landing: from `prepared`.
            constants: the table's other columns, the same for each row.
            expected_rows: how many rows there must be.

        Returns:
            What the warehouse reports about it, for the log: files, rows_parsed, rows_loaded, errors_seen, first_error.
            Empty for a warehouse that reports nothing.

        Raises:
            WarehouseRefusedError: fewer or more rows arrived.

        """

    def transaction(self, lock: str | None = None) -> AbstractContextManager[None]:
        """All statements inside take effect together at its end, or none when it is left by an exception.

        Args:
            lock: a client's schema that no other transaction with the same lock may change meanwhile; it waits for
                its turn.

        Raises:
            WarehouseBusyError: its turn did not come within the time limit.

        """

    def definition(self) -> AbstractContextManager[None]:
        """Statements inside make or drop objects: together, where the warehouse can, else each for itself."""

    def tables(self, schema: str) -> set[str]:
        """The tables of a schema; none when there is no such schema."""

    def now(self) -> Any:
        """The warehouse's time in UTC."""


class Warehouse(Protocol):
    """A place that keeps clients' tables and originals.

    `enforces_roles` tells whether the warehouse itself enforces grants, or only the registry records them;
    `is_on_this_machine` whether it answers at once, without a log-in.
    """

    enforces_roles: bool
    is_on_this_machine: bool

    def session(self, reader: duckdb.DuckDBPyConnection | None = None) -> AbstractContextManager[Session]:
        """Connect; waits for another process that holds the warehouse, as it was opened to.

        Args:
            reader: the in-memory DuckDB that has read a file, when rows are to be landed from it.

        Raises:
            WarehouseBusyError: it took longer than the time limit.

        """

    def stage_file(self, schema: str, path: Path, staged_name: str, sha256: str) -> str:
        """Keep an original in the client's stage as `staged_name` (wave_2/name.csv); where it is now.

        The same name again replaces the file; it is there whole or not at all.

        Raises:
            FileRefusedError: the file is no longer the one with this SHA-256; somebody is still writing it.
            WarehouseRefusedError: the stage can't be written.

        """

    def holds_file(self, schema: str, staged_name: str, sha256: str) -> bool:
        """Whether an original is in the client's stage; of a stage on this machine also whether it is unchanged."""

    def fetch_file(self, schema: str, staged_name: str, folder: Path) -> Path:
        """Copy an original from the client's stage to a folder of this machine; where it is there.

        Raises:
            WarehouseRefusedError: it is not there, or can't be read.

        """

    def create_stage(self, schema: str) -> None:
        """Create the client's stage if it does not exist."""

    def try_stage(self, schema: str) -> str:
        """Write a small file in the client's stage and remove it again; the finding, for `spark9 doctor`.

        Raises:
            Spark9Error: the warehouse refused it.
            OSError: the folder refused it.

        """

    def drop_stage(self, schema: str) -> None:
        """Remove the client's stage with all originals."""


class FileWarehouse(Warehouse, Protocol):
    """A warehouse whose database is one file, which can be copied and replaced."""

    def frozen(self, copy: Path) -> AbstractContextManager[None]:
        """Copy the whole database to a file; inside, nobody else changes it, so stage and registry can be read with it.

        Args:
            copy: a file that is not there yet.

        Raises:
            WarehouseBusyError: it took longer than the time limit.
            WarehouseRefusedError: the database is damaged.

        """

    def put_database(self, file: Path) -> Path | None:
        """Put a file in the database's place, at once and as a whole; where the one that was there is now.

        Args:
            file: a database, in the same folder; it is moved.

        Raises:
            WarehouseBusyError: it took longer than the time limit.

        """

    def take_schema(self, file: Path, schema: str) -> None:
        """Replace a schema by that of another database, in one transaction.

        Args:
            file: a database of the same kind.
            schema: a client's, here and there; what is here only is dropped.

        """
