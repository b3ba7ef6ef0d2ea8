"""The embedded warehouse: one DuckDB file, and a folder beside it as stage."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from loader.errors import (
    OutcomeUnknownError,
    ProjectError,
    Spark9Error,
    WarehouseBusyError,
    WarehouseRefusedError,
    changed_file,
    stage_errors,
)
from loader.filesystem import copy_new, is_left, make_private, sha256_of
from loader.names import quote_identifier, quote_text
from loader.project.project import Project
from loader.warehouses import duckdb_files
from loader.warehouses.interface import Landing, Row, Session, WaitNotice
from loader.warehouses.machine_errors import OTHERS_HERE, as_spark9_error, holder_of, is_full, of_database

_FIRST_NOTICE_SECONDS = 1.0
_ATTACHED = "warehouse"
# a macro of the database whose text is that of the last transaction: what tells whether one took effect
_LAST_TRANSACTION = "main.spark9_last_transaction"
_ROWS_A_STATEMENT = 200


class DuckDBSession:
    """An in-memory DuckDB with the warehouse's file attached as current database. Made by DuckDBWarehouse.session()."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, project: Project, warehouse: DuckDBWarehouse) -> None:
        """Keep the connection."""
        self._connection = connection
        self._project = project
        self._warehouse = warehouse

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """For what only DuckDB can do."""
        return self._connection

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """See Session."""
        return self._connection.execute(sql, parameters).fetchall()

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """See Session."""
        names, rows = self.table(sql)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def table(self, sql: str) -> tuple[list[str], list[Row]]:
        """See Session."""
        result = self._connection.execute(sql)
        return [column[0].lower() for column in result.description or []], result.fetchall()

    def run(self, statements: str) -> None:
        """See Session."""
        self._connection.execute(statements)

    def run_side_by_side(self, scripts: Sequence[str], on_done: Callable[[int], None], lock: str) -> None:
        """See Session. Many a statement runs on one core, so as many run at once as there are cores."""
        del lock  # the session holds the whole file

        def run(number: int) -> int:
            with self._connection.cursor() as cursor:
                cursor.execute(f"use {_ATTACHED}; begin")
                cursor.execute(scripts[number])
                cursor.execute("commit")
            return number

        with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
            running = [pool.submit(run, number) for number in range(len(scripts))]
            try:
                for done in as_completed(running):
                    on_done(done.result())
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def insert(self, schema: str, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """See Session."""
        # executemany takes a millisecond a row
        for start in range(0, len(rows), _ROWS_A_STATEMENT):
            some = rows[start : start + _ROWS_A_STATEMENT]
            marks = f"({', '.join('?' for _ in columns)})"
            self._connection.execute(
                f"insert into {schema}.{table} ({', '.join(columns)}) values {', '.join(marks for _ in some)}",
                [value for row in some for value in row],
            )

    def copy_to_reader(self, table: str, columns: Sequence[tuple[str, str]], select: str) -> int:
        """See Session. The reader is this connection."""
        casts = ", ".join(
            f"cast({quote_identifier(name)} as {kind}) as {quote_identifier(name)}" for name, kind in columns
        )
        made = self._connection.execute(f"create or replace temp table {table} as select {casts} from ({select})")
        count: int = made.fetchall()[0][0]
        return count

    @contextmanager
    def prepared(
        self, schema: str, table: str, columns: Sequence[str], rows_select: str, name: str
    ) -> Iterator[Landing]:
        """See Session. The rows are in this connection already."""
        yield Landing(schema, table, tuple(columns), rows_select, name)

    def land(self, landing: Landing, constants: Sequence[tuple[str, object]], expected_rows: int) -> dict[str, Any]:
        """See Session."""
        names = [name for name, _ in constants]
        marks = ", ".join("?" for _ in constants)
        landed = self._connection.execute(
            f"insert into {landing.schema}.{landing.table} ({', '.join([*landing.columns, *names])}) "
            f"select {', '.join(landing.columns)}, {marks} from ({landing.source})",
            [value for _, value in constants],
        ).fetchall()[0][0]
        if landed != expected_rows:
            raise WarehouseRefusedError(
                "land-incomplete", f"{landed} of {expected_rows} rows were landed.", remedy="Run the load again."
            )
        return {}

    @contextmanager
    def transaction(self, lock: str | None = None) -> Iterator[None]:
        """See Session. The session holds the whole file, so there is nothing to lock besides."""
        del lock
        mark = uuid4().hex
        self._connection.execute("begin")
        try:
            self._connection.execute(f"create or replace macro {_LAST_TRANSACTION}() as '{mark}'")
            yield
        except BaseException:
            with suppress(duckdb.Error):  # the first error is what counts
                self._connection.execute("rollback")
            raise
        try:
            self._connection.execute("commit")
        except duckdb.Error as error:
            if not self._warehouse.took_effect(self._connection, mark, error):
                raise
            self._warehouse.raise_if_disk_is_full(error)

    def definition(self) -> AbstractContextManager[None]:
        """See Session. DuckDB rolls back what made or dropped objects, too."""
        return self.transaction()

    def tables(self, schema: str) -> set[str]:
        """See Session."""
        rows = self.query(
            "select table_name from duckdb_tables() where database_name = current_database() and schema_name = ?",
            [schema],
        )
        return {name for (name,) in rows}

    def now(self) -> datetime:
        """See Session. The machine's own clock: warehouse and loader are one process."""
        return datetime.now(UTC).replace(tzinfo=None)


class DuckDBWarehouse:
    """See Warehouse.

    Args:
        project: gives the file's path (target setting `path`).
        wait_seconds: how long to wait while another process holds the file.
        on_wait: called when the command starts to wait.

    """

    enforces_roles = False
    is_on_this_machine = True

    def __init__(self, project: Project, wait_seconds: float, on_wait: WaitNotice | None) -> None:
        """Nothing is opened yet."""
        file = project.database_file
        if file is None:
            raise ProjectError(
                f"The target '{project.target.name}' has no database file: its path is "
                f"'{project.target.settings.get('path', '')}'.",
                "Set `path` in profiles.yml to a file.",
            )
        self._project = project
        self.path = file
        given = project.target.settings.get("config_options") or {}
        # DuckDB's own setting; others can then read the file at the same time
        is_closed = self.path.is_file() and not os.access(self.path, os.W_OK)
        self._is_read_only = is_closed or str(given.get("access_mode", "")).lower() == "read_only"
        self._stage_root = project.stage_folder
        self._wait_seconds = wait_seconds
        self._on_wait = on_wait

    @contextmanager
    def session(self, reader: duckdb.DuckDBPyConnection | None = None) -> Iterator[Session]:
        """See Warehouse."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = reader or duckdb.connect()
        try:
            self._attach(connection)
            yield DuckDBSession(connection, self._project, self)
        except BaseException as error:
            self._detach(connection)
            if isinstance(error, duckdb.Error):
                if said := of_database(self.path, error):
                    raise said from error
                if is_full(error):
                    raise as_spark9_error(self.path, error) from error
            raise
        else:
            if untidy := self._detach(connection):
                self.raise_if_disk_is_full(untidy)
        finally:
            if reader is None:
                connection.close()

    def took_effect(self, connection: duckdb.DuckDBPyConnection, mark: str, error: duckdb.Error) -> bool:
        """Whether a transaction whose commit failed is in the file all the same; it is reopened to check.

        Raises:
            OutcomeUnknownError: the file can't be opened.

        """
        try:
            self._detach(connection)
            self._attach(connection)
            last = connection.execute(
                "select macro_definition from duckdb_functions() where database_name = ? and function_name = ?",
                [_ATTACHED, _LAST_TRANSACTION.partition(".")[2]],
            ).fetchall()
        except (duckdb.Error, Spark9Error) as closed:
            raise OutcomeUnknownError(f"{self.path}: the warehouse failed while committing: {error}") from closed
        return last == [(f"'{mark}'",)]

    def raise_if_disk_is_full(self, error: duckdb.Error) -> None:
        """Warn that completed work is saved, but that the disk is nearly full."""
        if self._on_wait:
            reason = str(error).rpartition("Original error: ")[2].strip()
            self._on_wait(
                f"Everything written to {self.path} is saved, but DuckDB could not merge its log into the file, most "
                f"likely because the disk is nearly full ({reason}). Free some disk space before the next command."
            )

    def _detach(self, connection: duckdb.DuckDBPyConnection) -> duckdb.Error | None:
        """Release the file. Returns why its log could not be merged into it; what was committed is then in the log."""
        try:
            connection.execute("use memory")
            connection.execute(f"detach {_ATTACHED}")
        except duckdb.Error as error:
            return error
        return None

    def _attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Attach the file, which takes DuckDB's lock on it, or wait for whoever holds that."""
        started = time.monotonic()
        pause = 0.05
        noticed = False
        attach = f"attach {quote_text(str(self.path))} as {_ATTACHED}{' (read_only)' if self._is_read_only else ''}"
        while True:
            try:
                connection.execute(attach)
            except (duckdb.IOException, duckdb.OperationalError) as error:
                if is_full(error) or of_database(self.path, error):
                    raise
                if not (holder := holder_of(error, _ATTACHED)):
                    raise ProjectError(
                        f"The database {self.path} can't be opened: {str(error).rstrip('.!')}.",
                        "Check `path` in profiles.yml, and your permission to read and write that file.",
                    ) from error
                if holder == OTHERS_HERE:
                    raise WarehouseBusyError(
                        f"The database {self.path} is in use {holder}; DuckDB opens a file once in a process.",
                        "Close that connection, such as that of a notebook's duckdb.connect(), then try again.",
                    ) from error
                waited = time.monotonic() - started
                if waited >= self._wait_seconds:
                    raise WarehouseBusyError(
                        f"The database {self.path} was still in use after {waited:.0f} s ({holder}).",
                        "Let that build or load finish, then run the command again, or wait longer with --wait.",
                    ) from error
                if self._on_wait and not noticed and waited >= _FIRST_NOTICE_SECONDS:
                    self._on_wait(f"The database is in use ({holder}); waiting up to {self._wait_seconds:.0f} s.")
                    noticed = True
                time.sleep(max(0.0, min(pause, self._wait_seconds - waited)))
                pause = min(pause * 1.5, 1.0)
            else:
                connection.execute(f"use {_ATTACHED}")
                return

    @contextmanager
    def frozen(self, copy: Path) -> Iterator[None]:
        """See Warehouse."""
        with self.session() as session:
            duckdb_files.copy_database(session, self.path, copy)
            yield

    def put_database(self, file: Path) -> Path | None:
        """See Warehouse."""
        return duckdb_files.put_database(self.session, self.path, file)

    def take_schema(self, file: Path, schema: str) -> None:
        """See Warehouse."""
        with self.session() as session:
            duckdb_files.take_schema(session, file, schema)

    def stage_file(self, schema: str, path: Path, staged_name: str, sha256: str) -> str:
        """See Warehouse."""
        with stage_errors(f"the stage {self._stage(schema)}"):
            goal = self._staged(schema, staged_name)
            temporary = goal.with_name(f".{goal.name}.{os.getpid()}")
            mode = self._make_stage(goal.parent)
            _remove_what_was_left(goal)
            try:
                copy_new(path, temporary, mode & 0o666)
                if sha256_of(temporary) != sha256:
                    raise changed_file(path)
                temporary.replace(goal)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        return str(goal)

    def holds_file(self, schema: str, staged_name: str, sha256: str) -> bool:
        """See Warehouse."""
        with stage_errors(f"the stage {self._stage(schema)}"):
            path = self._staged(schema, staged_name)
            return path.is_file() and sha256_of(path) == sha256

    def fetch_file(self, schema: str, staged_name: str, folder: Path) -> Path:
        """See Warehouse."""
        with stage_errors(f"{staged_name} in the stage {self._stage(schema)}"):
            path, copy = self._staged(schema, staged_name), folder / Path(staged_name).name
            if path.exists() and not path.is_file():
                raise OSError(errno.EINVAL, f"{path} is not a file")
            copy_new(path, copy, 0o600)
            return copy

    def create_stage(self, schema: str) -> None:
        """See Warehouse."""
        with stage_errors(f"the stage {self._stage(schema)}"):
            self._make_stage(self._staged(schema, ""))

    def try_stage(self, schema: str) -> str:
        """See Warehouse."""
        folder = self._stage(schema)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-"):
            return f"the stage {folder} is writable"

    def drop_stage(self, schema: str) -> None:
        """See Warehouse."""
        shutil.rmtree(self._stage(schema), ignore_errors=True)

    def _stage(self, schema: str) -> Path:
        return self._stage_root / f"{schema}_stage"

    def _staged(self, schema: str, staged_name: str) -> Path:
        """Where an original lies: in the stage, and not where a link in it leads."""
        inside = Path(staged_name)
        path = self._stage(schema) / inside
        parts = [self._stage(schema).joinpath(*inside.parts[:count]) for count in range(len(inside.parts) + 1)]
        if inside.is_absolute() or ".." in inside.parts or any(part.is_symlink() for part in parts):
            raise OSError(errno.ELOOP, f"{staged_name or schema} leads out of it, and links in it are not followed")
        return path

    def _make_stage(self, folder: Path) -> int:
        """Make a folder of the stage; it and its files are as open as the whole stage, which begins private."""
        mode = stat.S_IMODE(make_private(self._stage_root).stat().st_mode)
        for part in (self._stage_root.joinpath(*folder.relative_to(self._stage_root).parts[:n]) for n in (1, 2)):
            part.mkdir(mode=mode, exist_ok=True)
        return mode


def _remove_what_was_left(goal: Path) -> None:
    """Temporary copies of processes that were killed."""
    for left in goal.parent.glob(f".{goal.name}.*"):
        pid = left.suffix.lstrip(".")
        if pid.isdigit() and is_left(left, int(pid)):
            left.unlink(missing_ok=True)
