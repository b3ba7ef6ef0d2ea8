"""Rebuild clients' tables from the originals and the ledger in the stage alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.clients.ledger import LEDGER, Ledger, read_ledger
from loader.clients.registry import ARCHIVED, RegisteredClient, Registry
from loader.clients.tables import LOADER_TABLES, tables_of
from loader.errors import NameRefusedError, Spark9Error
from loader.files.containers import unpacked
from loader.files.dialects import recognise
from loader.files.file_reader import read_rows
from loader.files.headers import PlatformColumns
from loader.files.options import reading_options
from loader.files.table import ROW_NUMBER, TABLE, reader, row_as_json
from loader.filesystem import sha256_of, temporary_folder
from loader.log import SUCCESS, LogEntry, StepNotice, no_notice
from loader.names import ClientKey, quote_identifier
from loader.waves.state import logged_load
from loader.workspace import Workspace
from ops.recovery.backup import beside
from ops.recovery.errors import RecoveryError
from ops.recovery.restore import tables_in
from ops.verification import verify_waves

_COLUMNS = ("row_number", "raw_data", "row_kind", "row_reason")


@dataclass(frozen=True)
class RebuildResult:
    """What a rebuild did.

    Args:
        clients: the clients whose tables were rebuilt.
        loads: how many loads they have.
        rows: how many rows.
        unlisted: originals in the stage that no ledger or log knows; they are not in the tables.
        aside: where a damaged database is that was there before.

    """

    clients: list[ClientKey]
    loads: int
    rows: int
    unlisted: list[str]
    aside: Path | None


def rebuild(workspace: Workspace, client: ClientKey | None = None, *, on_step: StepNotice = no_notice) -> RebuildResult:
    """Rebuild the loader's tables of a client, or of all, in a new file, verify them, and then put them in place.

    A client's tables change in one transaction; a database that is damaged or gone is replaced as a whole. What dbt
    makes is for the next build.

    Args:
        workspace: from `open_workspace()`.
        client: the client; none for all that have a ledger.
        on_step: called with each step and the share of the work done, 0 to 1.

    Raises:
        RecoveryError: the stage has no ledger, or lacks an original, or what came of it does not agree with it.
        ClientUnknownError: the client is neither in the registry nor in the stage.

    """
    workspace.require_own_raw_rows()
    warehouse, database = workspace.file_warehouse, workspace.database_file
    registry = Registry(workspace)
    _register_lost(workspace, registry)
    wanted = [registry.get(client, archived_too=True)] if client else registry.clients()
    if not client:
        wanted = [one for one in wanted if _ledger_file(workspace, one).is_file()]
    if not wanted or database is None:
        raise _refused("No client of the registry has a ledger in its stage.", workspace.stage_folder)
    loads = rows = 0
    unlisted: list[str] = []
    with beside(database, "rebuild") as file:
        fresh = workspace.with_database(file)
        for number, one in enumerate(wanted):
            on_step(f"{one.key}", number / len(wanted))
            done = _Rebuild(fresh, one)
            done.run()
            loads, rows = loads + done.loads, rows + done.rows
            unlisted += done.unlisted()
            _require_verified(fresh, one)
        on_step("in place", 1.0)
        if client is None and not tables_in(workspace):
            return RebuildResult([one.key for one in wanted], loads, rows, unlisted, warehouse.put_database(file))
        for one in wanted:
            warehouse.take_schema(file, workspace.raw_schema_name(one.client_schema))
    return RebuildResult([one.key for one in wanted], loads, rows, unlisted, None)


def _register_lost(workspace: Workspace, registry: Registry) -> None:
    """Put clients that have a ledger in the registry, where it was lost; a drop would have taken the stage too."""
    there = {one.client_schema for one in registry.clients()}
    for path in sorted(workspace.stage_folder.glob(f"*_stage/{LEDGER}")):
        with suppress(OSError, ValueError, LookupError, NameRefusedError):
            was = RegisteredClient.from_row(read_ledger(path)["client"][0])
            if was.client_schema not in there:
                registry.add(was.key)
                registry.set_policies(was.key, was.restatement, was.overlap)
                registry.set_brand(was.key, was.brand)
                if was.status == ARCHIVED:
                    registry.archive(was.key)


class _Rebuild:
    """The tables of one client, in a database of their own."""

    def __init__(self, workspace: Workspace, client: RegisteredClient) -> None:
        self._workspace = workspace
        self._client = client
        self._warehouse = workspace.warehouse
        self._schema = workspace.raw_schema_name(client.client_schema)
        self._known = PlatformColumns(workspace)
        self._ledger = self._read()
        self.loads = self.rows = 0

    def run(self) -> None:
        """Make the tables: what the ledger has, then the rows of each original, in the order of their upload."""
        with tables_of(self._workspace, self._client, self._warehouse) as tables:
            tables.session.run(self._workspace.macros.call("client_schema_ddl", self._schema))
            with tables.session.transaction():
                for table in sorted(LOADER_TABLES - {"raw_data_staging"}):
                    if entries := self._ledger.get(table):
                        columns = tuple(entries[0])
                        tables.insert(table, columns, [tuple(entry[name] for name in columns) for entry in entries])
        for load in sorted(self._ledger.get("loads", []), key=lambda load: (load["upload_timestamp"], load["load_id"])):
            self._land(load)
        with tables_of(self._workspace, self._client, self._warehouse) as tables, tables.session.transaction():
            tables.log(LogEntry("rebuild", SUCCESS, row_count=self.rows))

    def unlisted(self) -> list[str]:
        """Originals in the stage that neither the ledger nor the log names."""
        known = {str(entry["load_id"]) for entry in self._ledger.get("processing_log", []) if entry["load_id"]}
        folder = _ledger_file(self._workspace, self._client).parent
        return [
            f"{self._client.key}: {path.relative_to(folder)}"
            for path in sorted(folder.glob("*/*"))
            if path.name[0] != "." and not any(load in path.name for load in known)
        ]

    def _read(self) -> Ledger:
        path = _ledger_file(self._workspace, self._client)
        try:
            return read_ledger(path)
        except FileNotFoundError:
            raise _refused(f"The stage of {self._client.key} has no ledger.", path) from None
        except (OSError, ValueError) as error:
            raise _refused(f"The ledger of {self._client.key} can't be read: {error}.", path) from error

    def _land(self, load: dict[str, Any]) -> None:
        load_id, expected = str(load["load_id"]), int(load["row_count"])
        with tables_of(self._workspace, self._client, self._warehouse) as tables:
            hash_of_export, details = logged_load(tables, load_id)
        problem = f"{load['file_name']} of wave {load['wave_number']} of {self._client.key}"
        with temporary_folder() as folder, reader() as connection:
            try:
                path = self._warehouse.fetch_file(self._schema, details["staged_as"], folder)
            except (KeyError, Spark9Error) as error:
                raise _refused(f"The original of {problem} can't be read ({error}).", self._schema) from error
            options = reading_options(**details["options"])
            with unpacked(path, options) as export:
                if (sha256_of(path), export.sha256) != (details["original_sha256"], hash_of_export):
                    raise _refused(f"The original of {problem} was changed.", details["staged_as"])
                dialect = read_rows(export, recognise(export, self._known, options), connection, self._known, options)
            others = [row for row in self._ledger.get("other_rows", []) if row["load_id"] == load_id]
            connection.execute(
                "create temp table other_rows as select unnest(?::bigint[]) as row_number, "
                "unnest(?::varchar[]) as row_kind, unnest(?::varchar[]) as row_reason",
                [[row[name] for row in others] for name in ("row_number", "row_kind", "row_reason")],
            )
            number = quote_identifier(ROW_NUMBER)
            select = (
                f"select {number} as row_number, {row_as_json(dialect.columns)} as raw_data, "
                f"coalesce(other_rows.row_kind, 'data') as row_kind, other_rows.row_reason from {TABLE} "
                f"left join other_rows on other_rows.row_number = {TABLE}.{number}"
            )
            constants = [(name, load[name]) for name in load if name != "row_count"]
            with (
                tables_of(self._workspace, self._client, self._warehouse, connection) as tables,
                tables.session.prepared(self._schema, "raw_data_staging", _COLUMNS, select, load_id) as landing,
                tables.session.transaction(),
            ):
                tables.session.land(landing, [*constants, ("processed_flag", False)], expected)
        self.loads, self.rows = self.loads + 1, self.rows + expected


def _require_verified(workspace: Workspace, client: RegisteredClient) -> None:
    for load in verify_waves(workspace, client.key):
        if load.differences:
            raise _refused(f"{load.file_name} of {client.key}: {load.differences[0]}.", load.load_id)


def _ledger_file(workspace: Workspace, client: RegisteredClient) -> Path:
    return workspace.stage_folder / f"{workspace.raw_schema_name(client.client_schema)}_stage" / LEDGER


def _refused(problem: str, where: object) -> RecoveryError:
    return RecoveryError(
        "rebuild-refused",
        problem,
        f"See {where}. A backup has it as it was: spark9 restore, or spark9 undo for one client.",
    )
