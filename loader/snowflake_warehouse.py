"""Snowflake: one database with a schema, stage and roles for each client.

Rows go to Snowflake as Parquet by PUT and COPY, in as many statements for a row as for a million. What the statements
rest on is cited in docs/snowflake.md.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import snowflake.connector
from snowflake.connector.errors import DatabaseError, Error, OperationalError, ProgrammingError

from loader.containers import sha256_of
from loader.errors import ProjectError, Spark9Error, WarehouseBusyError, WarehouseRefusedError, changed_file
from loader.project import Project, Target
from loader.warehouse import Landing, Row, Session, WaitNotice

_PARALLEL_UPLOADS = 8
_PARQUET_BYTES = 100_000_000
_ROWS_A_STATEMENT = 5_000
_LOGIN_SECONDS = 60
_LOCK_TRY_SECONDS = 5  # then people are told that the command waits
_NO_PRIVILEGE = (3001, 3003, 3041)
_UNKNOWN_OBJECT = (2003, 2043)
_LOCKED = (625, 604)
# dbt-snowflake's names of settings, and the connector's
_SETTINGS = {
    "account": "account",
    "user": "user",
    "password": "password",
    "authenticator": "authenticator",
    "token": "token",
    "private_key_path": "private_key_file",
    "private_key_passphrase": "private_key_file_pwd",
    "database": "database",
    "warehouse": "warehouse",
    "role": "role",
    "host": "host",
    "port": "port",
    "protocol": "protocol",
    "client_session_keep_alive": "client_session_keep_alive",
}


def connection_settings(target: Target) -> dict[str, Any]:
    """What snowflake.connector.connect() is given: the target's settings under the connector's names.

    Args:
        target: the loader's output of the profile; see `Target.loader_settings`.

    Raises:
        ProjectError: the private key can't be read.

    """
    given = target.loader_settings
    settings = {ours: given[theirs] for theirs, ours in _SETTINGS.items() if given.get(theirs) not in (None, "")}
    if given.get("private_key"):
        settings["private_key"] = _private_key(str(given["private_key"]), given.get("private_key_passphrase"))
        settings.pop("private_key_file_pwd", None)
    if given.get("authenticator") == "jwt":  # dbt's name for a token that the connector calls oauth
        settings["authenticator"] = "oauth"
    if "port" in settings:
        settings["port"] = int(settings["port"])
    if given.get("connect_timeout"):
        settings["network_timeout"] = int(given["connect_timeout"])
    session = {"QUERY_TAG": str(given["query_tag"])} if given.get("query_tag") else {}
    return {
        **settings,
        "paramstyle": "qmark",
        "application": "spark9",
        "login_timeout": _LOGIN_SECONDS,
        "session_parameters": session,
    }


def _private_key(text: str, passphrase: object) -> bytes:
    """A key given as text: PEM, or the base64 of DER, as dbt-snowflake takes it."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - only for keys given as text

    secret = str(passphrase).encode() if passphrase else None
    try:
        if "-----BEGIN" in text:
            key = serialization.load_pem_private_key(text.encode(), secret)
        else:
            import base64  # noqa: PLC0415

            key = serialization.load_der_private_key(base64.b64decode(text), secret)
    except (ValueError, TypeError) as error:
        # the error's own text could hold part of the key
        raise ProjectError(
            f"The private key of the profile can't be read ({type(error).__name__}).",
            "Give the whole key (PEM or base64 of DER) and its passphrase, or a file by private_key_path.",
        ) from None
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class SnowflakeSession:
    """A connection to the project's database. Made by SnowflakeWarehouse.session()."""

    def __init__(
        self,
        connection: snowflake.connector.SnowflakeConnection,
        project: Project,
        reader: duckdb.DuckDBPyConnection | None,
        wait_seconds: float,
        on_wait: WaitNotice | None,
    ) -> None:
        """Keep what the session works with."""
        self._connection = connection
        self._project = project
        self._reader = reader
        self._wait_seconds = wait_seconds
        self._on_wait = on_wait
        self._tagged = ""

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """See Session."""
        return [tuple(row) for row in self._cursor(sql, parameters).fetchall()]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """See Session."""
        cursor = self._cursor(sql, ())
        names = [column.name.lower() for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def run(self, statements: str) -> None:
        """See Session."""
        with _translated():
            for _ in self._connection.execute_string(statements, return_cursors=False):
                pass

    def insert(self, schema: str, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """See Session. One statement for 5,000 rows: they travel as one JSON text, and get their types here."""
        types = {name: sql_type for name, sql_type, _ in self._project.macros.call("loader_tables")[table]}
        values = ", ".join(self._value(name, types[name]) for name in columns)
        sql = (
            f"insert into {schema}.{table} ({', '.join(columns)}) "
            f"select {values} from table(flatten(input => parse_json(?)))"
        )
        for start in range(0, len(rows), _ROWS_A_STATEMENT):
            chunk = [
                {name: _as_json(value) for name, value in zip(columns, row, strict=True) if value is not None}
                for row in rows[start : start + _ROWS_A_STATEMENT]
            ]
            self.query(sql, [json.dumps(chunk, ensure_ascii=False)])

    def bring(self, table: str, columns: Sequence[tuple[str, str]], select: str) -> int:
        """See Session. The rows go through a CSV file, which DuckDB reads faster than it takes rows one by one."""
        if self._reader is None:
            raise ValueError("a session without a reader has nowhere to bring rows")
        rows = self.query(select)
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns)
        with tempfile.TemporaryDirectory(prefix="spark9-") as folder:
            path = Path(folder) / "rows.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, quoting=csv.QUOTE_MINIMAL).writerows(rows)
            self._reader.execute(
                f"create or replace temp table {table} as select * from "
                f"read_csv(?, auto_detect = false, header = false, columns = {{{types}}})",
                [str(path)],
            )
        return len(rows)

    @contextmanager
    def prepared(
        self, schema: str, table: str, columns: Sequence[str], rows_select: str, name: str
    ) -> Iterator[Landing]:
        """See Session. Writes the rows as Parquet files on this machine."""
        if self._reader is None:
            raise ValueError("a session without a reader can't land rows")
        types = {column: sql_type for column, sql_type, _ in self._project.macros.call("loader_tables")[table]}
        json_type = self._call("type_json")
        cells = ", ".join(
            f"cast({column} as varchar) as {column}" if types[column] == json_type else column for column in columns
        )
        with tempfile.TemporaryDirectory(prefix="spark9-") as folder:
            self._reader.execute(
                f"copy (select {cells} from ({rows_select})) to '{folder}/rows' "
                f"(format parquet, compression zstd, per_thread_output true, file_size_bytes {_PARQUET_BYTES})"
            )
            yield Landing(schema, table, tuple(columns), f"{folder}/rows/*", name)

    def land(self, landing: Landing, constants: Sequence[tuple[str, object]], expected_rows: int) -> dict[str, Any]:
        """See Session. The files lie in the client's stage only while the caller's transaction holds the lock."""
        stage = f"@{landing.schema}.{landing.schema}_stage/landing/{landing.name}/"
        # a load that was cut off may have left other files there, whose rows COPY would land too
        self.query(f"remove {stage}")
        self.query(
            f"put {self._file(landing.source)} {stage} "
            f"parallel = {_PARALLEL_UPLOADS} auto_compress = false source_compression = none overwrite = true"
        )
        try:
            details = _copy_details(self._copy(landing, stage, constants))
        finally:
            # what stays behind costs storage and counts for nothing, so a failure to remove it is no failure
            with suppress(Spark9Error):
                self.query(f"remove {stage}")
        if details["rows_loaded"] != expected_rows:
            raise WarehouseRefusedError(
                "copy-incomplete",
                f"COPY loaded {details['rows_loaded']} of {expected_rows} rows in {landing.schema}.{landing.table}"
                f" ({details['first_error'] or 'its load metadata knows these files already'}).",
                remedy="Run the load again; if it stays so, see docs/snowflake.md, 'Recovery'.",
            )
        return details

    def _copy(self, landing: Landing, stage: str, constants: Sequence[tuple[str, object]]) -> list[dict[str, Any]]:
        types = {name: sql_type for name, sql_type, _ in self._project.macros.call("loader_tables")[landing.table]}
        json_type = self._call("type_json")
        selected = [
            f"parse_json($1:{column}::varchar)" if types[column] == json_type else f"$1:{column}::{types[column]}"
            for column in landing.columns
        ]
        selected += [self._literal(value, types[name]) for name, value in constants]
        names = [*landing.columns, *(name for name, _ in constants)]
        return self.rows(
            f"copy into {landing.schema}.{landing.table} ({', '.join(names)}) "
            f"from (select {', '.join(selected)} from {stage}) "
            f"file_format = (format_name = '{landing.schema}.landing_parquet') on_error = abort_statement"
        )

    def transaction(self, lock: str | None = None) -> AbstractContextManager[None]:
        """See Session. With `lock`, the schema's one row of load_lock is held, so that loads wait for each other."""
        return self._transaction(lock)

    @contextmanager
    def _transaction(self, lock: str | None) -> Iterator[None]:
        self._begin(lock)
        try:
            yield
        except BaseException:
            with suppress(Spark9Error):
                self.query("rollback")
            raise
        self.query("commit")

    def _begin(self, lock: str | None) -> None:
        """Open a transaction, and wait for the schema's lock if there is one to take."""
        deadline = time.monotonic() + self._wait_seconds
        if lock:
            self._tag(lock)
            self._lock_timeout(_LOCK_TRY_SECONDS)
        pause = 0.1
        while True:
            self.query("begin")
            try:
                if lock:
                    self.query(f"update {lock}.load_lock set locked_at = {self._call('current_time_utc')}")
            except WarehouseBusyError:
                self.query("rollback")
                if time.monotonic() >= deadline:
                    raise
                if self._on_wait and pause == 0.1:
                    self._on_wait(f"Another load of {lock} is running; waiting up to {self._wait_seconds:.0f} s.")
                time.sleep(pause)
                pause = min(pause * 1.5, 2.0)
            else:
                if lock:
                    self._lock_timeout(int(self._wait_seconds))
                return

    def _lock_timeout(self, seconds: int) -> None:
        """How long a statement waits for rows that another transaction holds."""
        self.query(f"alter session set lock_timeout = {max(1, seconds)}")

    def tables(self, schema: str) -> set[str]:
        """See Session."""
        rows = self.query("select table_name from information_schema.tables where table_schema = ?", [schema.upper()])
        return {name.lower() for (name,) in rows}

    def now(self) -> datetime:
        """See Session."""
        now: datetime = self.query(f"select {self._call('current_time_utc')}")[0][0]
        return now

    def staged_files(self, schema: str) -> list[str]:
        """The originals of a client's stage, by path."""
        return sorted(str(row["name"]).partition("/")[2] for row in self.rows(f"list @{schema}.{schema}_stage"))

    def put(self, schema: str, path: Path, staged_name: str) -> str:
        """Put an original in the client's stage, compressed, in parts when it is large; where it is now."""
        folder, _, name = staged_name.rpartition("/")
        with tempfile.TemporaryDirectory(prefix="spark9-") as temporary:
            renamed = Path(temporary) / name
            try:
                renamed.hardlink_to(path)
            except OSError:
                shutil.copyfile(path, renamed)
            goal = f"@{schema}.{schema}_stage/{folder}/"
            self.query(
                f"put {self._file(str(renamed))} {goal} "
                f"parallel = {_PARALLEL_UPLOADS} auto_compress = true overwrite = true"
            )
        return f"{goal}{name}.gz"

    def get(self, schema: str, staged_name: str, folder: Path) -> Path:
        """Bring an original from the client's stage, as it was before `put` compressed it; where it is now."""
        name = staged_name.rpartition("/")[2]
        staged = staged_name if staged_name.endswith(".gz") else f"{staged_name}.gz"
        with tempfile.TemporaryDirectory(prefix="spark9-") as temporary:
            self.query(f"get @{schema}.{schema}_stage/{staged} {self._file(temporary + '/')}")
            fetched = Path(temporary) / staged.rpartition("/")[2]
            if not fetched.exists():
                raise WarehouseRefusedError(
                    "stage-refused", f"The stage of {schema} has no file {staged_name}.", "Load the file again."
                )
            goal = folder / name
            if name.endswith(".gz"):
                shutil.copyfile(fetched, goal)
            else:
                with gzip.open(fetched) as packed, goal.open("wb") as text:
                    shutil.copyfileobj(packed, text)
        return goal

    def _tag(self, schema: str) -> None:
        """Name the client in Snowflake's query history, from which its cost is read (models/snowflake)."""
        if self._tagged != schema:
            tag = {"app": "spark9", "target": self._project.target.name, "client_schema": schema, "node": "load"}
            self.query(f"alter session set query_tag = {self._call('text_literal', json.dumps(tag))}")
            self._tagged = schema

    def _cursor(self, sql: str, parameters: Sequence[object]) -> Any:
        with _translated():
            bound = tuple(f"{value:f}" if isinstance(value, Decimal) else value for value in parameters)
            return self._connection.cursor().execute(sql, bound or None)

    def _call(self, macro: str, *arguments: object) -> str:
        return str(self._project.macros.call(macro, *arguments)).strip()

    def _file(self, path: str) -> str:
        """A file of this machine as PUT takes it."""
        return self._call("text_literal", f"file://{path}")

    def _value(self, name: str, sql_type: str) -> str:
        """The expression that takes one column out of a flattened JSON row."""
        if sql_type == self._call("type_json"):
            return f"parse_json(value['{name}']::varchar)"
        return f"value['{name}']::{sql_type}"

    def _literal(self, value: object, sql_type: str) -> str:
        if value is None:
            return "null"
        if isinstance(value, bool | int):
            return str(value).lower()
        return f"{self._call('text_literal', _as_json(value))}::{sql_type}"


class SnowflakeWarehouse:
    """See Warehouse.

    Args:
        project: gives the target's settings.
        wait_seconds: how long to wait while another load of the same client runs.

    """

    enforces_roles = True

    def __init__(self, project: Project, wait_seconds: float) -> None:
        """Nothing is connected yet."""
        self._project = project
        self._wait_seconds = wait_seconds
        self._connection: snowflake.connector.SnowflakeConnection | None = None

    @contextmanager
    def session(
        self, reader: duckdb.DuckDBPyConnection | None = None, on_wait: WaitNotice | None = None
    ) -> Iterator[Session]:
        """See Warehouse. One connection serves all sessions of the object."""
        yield self.snowflake_session(reader, on_wait)

    def snowflake_session(
        self, reader: duckdb.DuckDBPyConnection | None = None, on_wait: WaitNotice | None = None
    ) -> SnowflakeSession:
        """The session, with what only Snowflake has."""
        if self._connection is None:
            with _translated(connecting=True):
                self._connection = snowflake.connector.connect(**connection_settings(self._project.target))
            weakref.finalize(self, _close, self._connection)
        return SnowflakeSession(self._connection, self._project, reader, self._wait_seconds, on_wait)

    def stage_file(self, schema: str, path: Path, staged_name: str, sha256: str) -> str:
        """See Warehouse. What is put is the file itself, so it is looked at again afterwards."""
        staged = self.snowflake_session().put(schema, path, staged_name)
        if sha256_of(path) != sha256:
            raise changed_file(path)
        return staged

    def fetch_file(self, schema: str, staged_name: str, folder: Path) -> Path:
        """See Warehouse."""
        return self.snowflake_session().get(schema, staged_name, folder)

    def try_stage(self, schema: str) -> str:
        """See Warehouse."""
        session = self.snowflake_session()
        with tempfile.TemporaryDirectory(prefix="spark9-") as folder:
            path = Path(folder) / "doctor.txt"
            path.write_text("written by spark9 doctor\n", encoding="utf-8")
            session.put(schema, path, "doctor/doctor.txt")
        left = [name for name in session.staged_files(schema) if name.startswith("landing/")]
        session.query(f"remove @{schema}.{schema}_stage/doctor/")
        behind = f"; {len(left)} files of loads that were cut off lie in its folder landing" if left else ""
        return f"the stage @{schema}.{schema}_stage can be written{behind}"

    def create_stage(self, schema: str) -> None:
        """See Warehouse. The stage is made with the schema."""

    def drop_stage(self, schema: str) -> None:
        """See Warehouse. The stage went with the schema."""


def _close(connection: snowflake.connector.SnowflakeConnection) -> None:
    with suppress(Exception):
        connection.close()


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return f"{value:f}" if isinstance(value, Decimal) else value


def _copy_details(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What COPY answered, added up over its files.

    Columns as in https://docs.snowflake.com/en/sql-reference/sql/copy-into-table#output.
    """
    files = [row for row in rows if "file" in row]
    return {
        "files": len(files),
        "rows_parsed": sum(int(row["rows_parsed"] or 0) for row in files),
        "rows_loaded": sum(int(row["rows_loaded"] or 0) for row in files),
        "errors_seen": sum(int(row["errors_seen"] or 0) for row in files),
        "first_error": next((row["first_error"] for row in files if row["first_error"]), None),
    }


@contextmanager
def _translated(*, connecting: bool = False) -> Iterator[None]:
    """Turn the connector's errors into the loader's."""
    try:
        yield
    except Error as error:
        message = str(error.msg or error).strip()
        if connecting:
            raise WarehouseRefusedError(
                "connection-failed",
                f"Snowflake can't be reached: {message}",
                remedy="Check account, user and key in profiles.yml and its environment variables: spark9 doctor",
            ) from error
        if error.errno in _LOCKED or "conflict" in message.lower():
            raise WarehouseBusyError(
                f"Another transaction holds the client's tables: {message}",
                "Let that load end, then run the command again; `show locks` names a session that hangs.",
            ) from error
        if isinstance(error, OperationalError) or not isinstance(error, ProgrammingError | DatabaseError):
            raise WarehouseRefusedError(
                "connection-lost", f"The connection to Snowflake was lost: {message}", remedy="Run the command again."
            ) from error
        raise WarehouseRefusedError(
            _code(error), f"Snowflake refused a statement: {message}", remedy=_remedy(error)
        ) from error


def _code(error: Error) -> str:
    return "no-privilege" if error.errno in _NO_PRIVILEGE else "statement-refused"


def _remedy(error: Error) -> str:
    if error.errno in _NO_PRIVILEGE:
        return "The role lacks a privilege: `spark9 doctor` names it, `spark9 audit` compares all grants."
    if error.errno in _UNKNOWN_OBJECT:
        return "Something is missing, or the role may not see it: `spark9 doctor` looks for both."
    return "See docs/snowflake.md, 'When something goes wrong'."
