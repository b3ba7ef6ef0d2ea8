"""A client's tables, opened: the one value that functions on waves take, and the ways to open it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from loader.clients.ledger import write_ledger
from loader.clients.registry import RegisteredClient, Registry
from loader.errors import ClientUnknownError, Spark9Error, WarehouseBusyError
from loader.log import ERROR, LogEntry, write_log
from loader.names import ClientKey
from loader.project.project import Project
from loader.warehouses.interface import Row, Session, Warehouse
from loader.words import named
from loader.workspace import Workspace

LOADER_TABLES = frozenset(
    {"raw_data_staging", "wave_schema_mapping", "column_rules", "open_questions", "processing_log", "naming_keys"}
)
_SECONDS_TO_LOG = 5.0


@dataclass(frozen=True)
class ClientTables:
    """A client's tables, within a session of the warehouse.

    Args:
        project: gives the macros, and the schema's name on its target.
        client: the registry's row.
        session: a session of the warehouse.
        there: the tables of the client's schema, where they were asked for already.
        warehouse: whose session it is, where tables are to be changed; it has the client's stage.

    """

    project: Project
    client: RegisteredClient
    session: Session
    there: frozenset[str] = frozenset()
    warehouse: Warehouse | None = None

    @property
    def key(self) -> ClientKey:
        """The client."""
        return self.client.key

    @cached_property
    def schema(self) -> str:
        """The client's schema, with the loader's tables."""
        return self.project.raw_schema_name(self.client.client_schema)

    @cached_property
    def built_schema(self) -> str:
        """The schema of the client's models on this target; the same on the one that owns the raw rows."""
        return self.project.schema_name(self.client.client_schema)

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """See Session.query."""
        return self.session.query(sql, parameters)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """See Session.insert."""
        self.session.insert(self.schema, table, columns, rows)

    def run(self, macro: str, *arguments: object) -> None:
        """Run the statements of a macro that takes the client's schema first."""
        self.session.run(self.project.macros.call(macro, self.schema, *arguments))

    def log(self, *entries: LogEntry) -> None:
        """Append entries to the client's processing_log."""
        write_log(self.session, self.schema, entries)

    def have(self, table: str) -> bool:
        """Whether a table is there; those that dbt makes are not before the first build."""
        schema = self.schema if table in LOADER_TABLES else self.built_schema
        return table in (self.there if self.there and schema == self.schema else self.session.tables(schema))

    def require(self) -> frozenset[str]:
        """Check that the loader's tables are there; all tables of the client's schema.

        Raises:
            ClientUnknownError: they are not.

        """
        there = self.session.tables(self.schema)
        if missing := LOADER_TABLES - there:
            raise ClientUnknownError(
                f"{self.key} is in the registry, but lacks {named('table', sorted(missing))}"
                f" on target '{self.project.target.name}'.",
                f"Create them with: spark9 client add {self.key}",
            )
        return frozenset(there)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that waits until no other changes this client; on a warehouse of files, the ledger follows it.

        Raises:
            WaveRefusedError: the target reads production's raw rows.

        """
        self.project.require_own_raw_rows()
        with self.session.transaction(lock=self.schema):
            yield
        # elsewhere it would cost each load statements, and the warehouse itself keeps what was (docs/decisions/0057)
        if self.warehouse is not None and self.warehouse.is_on_this_machine:
            write_ledger(self.project, self.client, self.session, self.warehouse)


@contextmanager
def open_client(workspace: Workspace, client: ClientKey, *, archived_too: bool = False) -> Iterator[ClientTables]:
    """A client's tables, for reading.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        archived_too: whether an archived client will do.

    Raises:
        ClientUnknownError: the client is not in the registry, or has no tables.
        WarehouseBusyError: the warehouse stayed locked.

    """
    registered = Registry(workspace).get(client, archived_too=archived_too)
    with tables_of(workspace, registered, workspace.warehouse) as tables:
        tables.require()
        yield tables


@contextmanager
def change_client(
    workspace: Workspace, client: ClientKey, step: str, wave: int | None = None
) -> Iterator[ClientTables]:
    """A client's tables in one transaction; everything inside takes effect together, or nothing does.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        step: what the log calls it, where it fails.
        wave: the wave that it is about.

    Raises:
        ClientUnknownError: the client is not in the registry, or has no tables.
        WarehouseBusyError: the warehouse stayed locked.

    """
    registered = Registry(workspace).get(client)
    with (
        failures_logged(workspace, client, step, wave),
        tables_of(workspace, registered, workspace.warehouse) as tables,
    ):
        tables.require()
        with tables.transaction():
            yield tables


@contextmanager
def tables_of(
    project: Project,
    client: RegisteredClient,
    warehouse: Warehouse,
    reader: duckdb.DuckDBPyConnection | None = None,
    there: frozenset[str] = frozenset(),
) -> Iterator[ClientTables]:
    """A client's tables in a warehouse that is open already.

    Args:
        project: from `find_project()`.
        client: the registry's row.
        warehouse: from `open_warehouse()`.
        reader: the DuckDB that has read a file, for what compares that file with the tables.
        there: see ClientTables.

    """
    with warehouse.session(reader) as session:
        yield ClientTables(project, client, session, there, warehouse)


def note_step(project: Project, warehouse: Warehouse, client: ClientKey, entry: LogEntry) -> None:
    """Log a step that changed no row, such as a grant, in the client's log; skipped if the client has no tables.

    Args:
        project: from `find_project()`.
        warehouse: from `open_warehouse()`.
        client: the client.
        entry: the step.

    """
    schema = project.raw_schema_name(client.name)
    with warehouse.session() as session:
        if "processing_log" in session.tables(schema):
            write_log(session, schema, [entry])


@contextmanager
def failures_logged(
    workspace: Workspace, client: ClientKey, step: str, wave: int | None = None, file: Path | None = None
) -> Iterator[None]:
    """Log it in the client's log if the code inside fails; the first error counts.

    A warehouse that is busy or can't be reached can't be written to either.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        step: what the log calls it.
        wave: the wave that it is about.
        file: the file that it is about.

    """
    try:
        yield
    except WarehouseBusyError:
        raise
    except Spark9Error as error:
        if not workspace.macros.call("owns_raw_rows"):
            raise
        entry = LogEntry(
            step,
            ERROR,
            wave,
            file_name=file.name if file else None,
            error_code=error.code,
            error_message=error.problem,
        )
        schema = workspace.raw_schema_name(client.name)
        with suppress(Exception), workspace.waiting(_SECONDS_TO_LOG).warehouse.session() as session:
            if "processing_log" in session.tables(schema):
                write_log(session, schema, [entry])
        raise
