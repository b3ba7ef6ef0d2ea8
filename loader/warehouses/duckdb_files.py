"""The file of a DuckDB database: copied, replaced, and a schema of it taken from another file."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from loader.errors import WarehouseRefusedError
from loader.filesystem import copy_new
from loader.names import quote_identifier, quote_text
from loader.warehouses.interface import Session

_INCOMING = "incoming"


def copy_database(session: Session, database: Path, copy: Path) -> None:
    """Copy a database that a session holds, with its log merged into it.

    Args:
        session: of the database; it keeps writers out.
        database: its file.
        copy: where the copy goes.

    """
    session.run("checkpoint")
    copy_new(database, copy, stat.S_IMODE(database.stat().st_mode))


def put_database(
    open_session: Callable[[], AbstractContextManager[Session]], database: Path, file: Path
) -> Path | None:
    """Put a file in the place of a database; see Warehouse.

    Args:
        open_session: of the database; a damaged one can't be opened, so nobody else has it open.
        database: its file.
        file: what takes its place.

    """
    if not database.exists():
        _log_of(database).unlink(missing_ok=True)  # of a database that is gone; DuckDB would apply it to this one
        file.replace(database)
        return None
    shutil.copymode(database, file)
    aside = database.with_name(f"{database.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    try:
        with open_session() as session:
            session.run("checkpoint")
            _swap(database, file, aside)
    except WarehouseRefusedError as error:
        if error.code != "database-damaged":
            raise
        _swap(database, file, aside)
    return aside


def take_schema(session: Session, file: Path, schema: str) -> None:
    """Replace a schema by that of another file; see Warehouse.

    Args:
        session: of the database.
        file: the other one.
        schema: its name, in both.

    """
    session.run(f"attach {quote_text(str(file))} as {_INCOMING} (read_only)")
    try:
        there = "select table_name, sql from duckdb_tables() where schema_name = ? and database_name = "
        tables = session.query(f"{there} '{_INCOMING}' order by 1", [schema])
        with session.transaction():
            session.run(f"create schema if not exists {schema}")
            for kind in ("view", "table"):
                of_kind = f"select {kind}_name from duckdb_{kind}s() where schema_name = ? and database_name = "
                for (name,) in session.query(f"{of_kind} current_database()", [schema]):
                    session.run(f"drop {kind} {schema}.{quote_identifier(name)}")
            for name, definition in tables:
                table = f"{schema}.{quote_identifier(name)}"
                session.run(definition)
                session.run(f"insert into {table} select * from {_INCOMING}.{table}")
    finally:
        session.run(f"detach {_INCOMING}")


def _swap(database: Path, file: Path, aside: Path) -> None:
    """Keep the old database aside, log and all, and put the file in its place in one step."""
    try:
        os.link(database, aside)
    except OSError:  # a file system without links
        shutil.copy2(database, aside)
    log = _log_of(database)
    if log.exists():
        log.replace(_log_of(aside))
    file.replace(database)


def _log_of(database: Path) -> Path:
    """DuckDB's write-ahead log of a database."""
    return database.with_name(f"{database.name}.wal")
