"""A Snowflake database as the loader's warehouse: one connection for all sessions, and the clients' stages."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import snowflake.connector

from loader.errors import changed_file
from loader.filesystem import sha256_of, temporary_folder
from loader.project.project import Project
from loader.warehouses.interface import Session, WaitNotice
from loader.warehouses.snowflake.connecting import connection_settings, translated
from loader.warehouses.snowflake.session import SnowflakeSession
from loader.warehouses.snowflake.stage import get_original, put_original, staged_files


class SnowflakeWarehouse:
    """See Warehouse.

    Args:
        project: gives the target's settings.
        wait_seconds: how long to wait while another load of the same client runs.
        on_wait: called when the command starts to wait.

    """

    enforces_roles = True
    is_on_this_machine = False

    def __init__(self, project: Project, wait_seconds: float, on_wait: WaitNotice | None) -> None:
        """Nothing is connected yet."""
        self._project = project
        self._wait_seconds = wait_seconds
        self._on_wait = on_wait
        self._connection: snowflake.connector.SnowflakeConnection | None = None

    @contextmanager
    def session(self, reader: duckdb.DuckDBPyConnection | None = None) -> Iterator[Session]:
        """See Warehouse. One connection serves all sessions of the object."""
        yield self._session(reader)

    def _session(self, reader: duckdb.DuckDBPyConnection | None = None) -> SnowflakeSession:
        if self._connection is None:
            with translated(connecting=True):
                self._connection = snowflake.connector.connect(
                    **connection_settings(self._project.target, self._wait_seconds)
                )
            weakref.finalize(self, _close, self._connection)
        return SnowflakeSession(self._connection, self._project, reader, self._wait_seconds, self._on_wait)

    def stage_file(self, schema: str, path: Path, staged_name: str, sha256: str) -> str:
        """See Warehouse. The file itself is uploaded, so its hash is checked again afterwards."""
        staged = put_original(self._session(), schema, path, staged_name)
        if sha256_of(path) != sha256:
            raise changed_file(path)
        return staged

    def holds_file(self, schema: str, staged_name: str, sha256: str) -> bool:
        """See Warehouse. Snowflake sees to it that what is there is unchanged."""
        del sha256
        staged = staged_name if staged_name.endswith(".gz") else f"{staged_name}.gz"
        return staged in staged_files(self._session(), schema)

    def fetch_file(self, schema: str, staged_name: str, folder: Path) -> Path:
        """See Warehouse."""
        return get_original(self._session(), schema, staged_name, folder)

    def try_stage(self, schema: str) -> str:
        """See Warehouse."""
        session = self._session()
        with temporary_folder() as folder:
            path = folder / "doctor.txt"
            path.write_text("written by spark9 doctor\n", encoding="utf-8")
            put_original(session, schema, path, "doctor/doctor.txt")
        left = [name for name in staged_files(session, schema) if name.startswith("landing/")]
        session.query(f"remove @{schema}.{schema}_stage/doctor/")
        behind = f"; its folder landing holds {len(left)} files of interrupted loads" if left else ""
        return f"the stage @{schema}.{schema}_stage is writable{behind}"

    def create_stage(self, schema: str) -> None:
        """See Warehouse. The stage is made with the schema."""

    def drop_stage(self, schema: str) -> None:
        """See Warehouse. The stage went with the schema."""


def _close(connection: snowflake.connector.SnowflakeConnection) -> None:
    with suppress(Exception):
        connection.close()
