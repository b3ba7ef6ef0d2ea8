"""A connection to the project's database on Snowflake, as the loader's session."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from decimal import Decimal
from threading import Timer
from typing import Any

import duckdb
import snowflake.connector

from loader.areas import areas
from loader.errors import OutcomeUnknownError, Spark9Error, WarehouseBusyError, WarehouseRefusedError
from loader.filesystem import temporary_folder
from loader.project.project import Project
from loader.warehouses.interface import Landing, Row, WaitNotice
from loader.warehouses.snowflake.connecting import connection_settings, translated
from loader.warehouses.snowflake.landing import land_rows, prepared_rows

_ROWS_A_STATEMENT = 5_000
_NOTICE_SECONDS = 5  # then the user is told that the command waits


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
        names, rows = self.table(sql)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def table(self, sql: str) -> tuple[list[str], list[Row]]:
        """See Session."""
        cursor = self._cursor(sql, ())
        names = [column.name.lower() for column in cursor.description or []]
        return names, cursor.fetchall()

    def run(self, statements: str) -> None:
        """See Session."""
        with translated():
            for _ in self._connection.execute_string(statements, return_cursors=False):
                pass

    def run_side_by_side(self, scripts: Sequence[str], on_done: Callable[[int], None], lock: str) -> None:
        """See Session. One after the other: each has all of the virtual warehouse."""
        for number, script in enumerate(scripts):
            with self.transaction(lock):
                self.run(script)
            on_done(number)

    def insert(self, schema: str, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """See Session. One statement for 5,000 rows: they travel as one JSON text, and get their types here."""
        types = self.column_types(table)
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

    def copy_to_reader(self, table: str, columns: Sequence[tuple[str, str]], select: str) -> int:
        """See Session. The rows go through a CSV file, which DuckDB reads faster than it takes rows one by one."""
        if self._reader is None:
            raise ValueError("a session without a reader can't copy rows to one")
        rows = self.query(select)
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns)
        with temporary_folder() as folder:
            path = folder / "rows.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, quoting=csv.QUOTE_MINIMAL).writerows(rows)
            self._reader.execute(
                f"create or replace temp table {table} as select * from "
                f"read_csv(?, auto_detect = false, header = false, columns = {{{types}}})",
                [str(path)],
            )
        return len(rows)

    def prepared(
        self, schema: str, table: str, columns: Sequence[str], rows_select: str, name: str
    ) -> AbstractContextManager[Landing]:
        """See Session. Writes the rows as Parquet files on this machine."""
        if self._reader is None:
            raise ValueError("a session without a reader can't land rows")
        return prepared_rows(self, self._reader, schema, table, columns, rows_select, name)

    def land(self, landing: Landing, constants: Sequence[tuple[str, object]], expected_rows: int) -> dict[str, Any]:
        """See Session. The files lie in the client's stage already."""
        return land_rows(self, landing, constants, expected_rows)

    def transaction(self, lock: str | None = None) -> AbstractContextManager[None]:
        """See Session. With `lock`, the schema's one row of load_lock is held, so that loads wait for each other.

        Only DML and queries may be sent inside: anything else could commit it (docs/decisions/0041).
        """
        return self._transaction(lock)

    def definition(self) -> AbstractContextManager[None]:
        """See Session. Each statement that makes or drops an object commits itself."""
        return nullcontext()

    @contextmanager
    def _transaction(self, lock: str | None) -> Iterator[None]:
        mark = datetime.now(UTC).replace(tzinfo=None)
        self._begin(lock, mark)
        try:
            yield
        except BaseException:
            with suppress(Spark9Error):
                self.query("rollback")
            raise
        try:
            self.query("commit")
        except WarehouseRefusedError as error:
            if error.code != "connection-lost" or not self._took_effect(lock, mark, error):
                raise
            if self._on_wait:
                self._on_wait("The connection to Snowflake was lost at the end, but the change is complete.")

    def _took_effect(self, lock: str | None, mark: datetime, lost: WarehouseRefusedError) -> bool:
        """Whether a transaction whose commit was cut off took effect: a new connection checks, once it is over.

        Raises:
            OutcomeUnknownError: it can't be determined.

        """
        if lock is None:
            raise OutcomeUnknownError(lost.problem) from lost
        try:
            with (
                translated(connecting=True),
                snowflake.connector.connect(
                    **connection_settings(self._project.target, self._wait_seconds)
                ) as connection,
            ):
                other = SnowflakeSession(connection, self._project, None, self._wait_seconds, self._on_wait)
                other.query("begin")
                other.query(f"update {lock}.load_lock set locked_at = locked_at")
                found = other.query(f"select locked_at from {lock}.load_lock")
                other.query("rollback")
        except Spark9Error as error:
            raise OutcomeUnknownError(lost.problem) from error
        return found == [(mark,)]

    def _begin(self, lock: str | None, mark: datetime) -> None:
        """Open a transaction, and wait for the schema's lock if there is one to take.

        How long Snowflake itself waits is a setting of the connection: whatever is no DML could commit the transaction.
        """
        deadline = time.monotonic() + self._wait_seconds
        if lock:
            self._tag(lock)
        notice = Timer(_NOTICE_SECONDS, self._tell_that_it_waits, [lock])
        notice.daemon = True
        notice.start()
        pause = 0.1
        try:
            while True:
                self.query("begin")
                try:
                    if lock:
                        self.query(f"update {lock}.load_lock set locked_at = {self._time(mark)}")
                except WarehouseBusyError:
                    self.query("rollback")
                    if time.monotonic() >= deadline:
                        raise
                else:
                    return
                # refused without having waited: too many wait already
                if pause == 0.1:
                    notice.cancel()
                    self._tell_that_it_waits(lock)
                time.sleep(pause)
                pause = min(pause * 1.5, 2.0)
        finally:
            notice.cancel()

    def _tell_that_it_waits(self, lock: str | None) -> None:
        if self._on_wait:
            self._on_wait(f"Another load of {lock} is running; waiting up to {self._wait_seconds:.0f} s.")

    def _time(self, value: datetime) -> str:
        return self.literal(value, self.macro("type_timestamp"))

    def tables(self, schema: str) -> set[str]:
        """See Session."""
        rows = self.query("select table_name from information_schema.tables where table_schema = ?", [schema.upper()])
        return {name.lower() for (name,) in rows}

    def now(self) -> datetime:
        """See Session."""
        now: datetime = self.query(f"select {self.macro('current_time_utc')}")[0][0]
        return now

    def column_types(self, table: str) -> dict[str, str]:
        """The SQL types of a table that the loader fills, by column."""
        tables = self._project.macros.call("loader_tables")
        of_areas = (name for area in areas() for name in area.tables)
        while table not in tables:
            tables = self._project.macros.call(next(of_areas))
        return {name: sql_type for name, sql_type, _ in tables[table]}

    def macro(self, name: str, *arguments: object) -> str:
        """The SQL that a macro of the project gives for Snowflake."""
        return str(self._project.macros.call(name, *arguments)).strip()

    def literal(self, value: object, sql_type: str) -> str:
        """A value as a literal of a type."""
        if value is None:
            return "null"
        if isinstance(value, bool | int):
            return str(value).lower()
        return f"{self.macro('text_literal', _as_json(value))}::{sql_type}"

    def local_file(self, path: str) -> str:
        """A file of this machine, as PUT and GET take it."""
        return self.macro("text_literal", f"file://{path}")

    def _tag(self, schema: str) -> None:
        """Name the client in Snowflake's query history, from which its cost is read (models/snowflake)."""
        if self._tagged != schema:
            tag = {"app": "spark9", "target": self._project.target.name, "client_schema": schema, "node": "load"}
            self.query(f"alter session set query_tag = {self.macro('text_literal', json.dumps(tag))}")
            self._tagged = schema

    def _cursor(self, sql: str, parameters: Sequence[object]) -> Any:
        with translated():
            bound = tuple(f"{value:f}" if isinstance(value, Decimal) else value for value in parameters)
            return self._connection.cursor().execute(sql, bound or None)

    def _value(self, name: str, sql_type: str) -> str:
        """The expression that takes one column out of a flattened JSON row."""
        if sql_type == self.macro("type_json"):
            return f"parse_json(value['{name}']::varchar)"
        return f"value['{name}']::{sql_type}"


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return f"{value:f}" if isinstance(value, Decimal) else value
