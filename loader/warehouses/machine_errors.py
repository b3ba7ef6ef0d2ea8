"""Failures of the machine or of DuckDB, as errors that say what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from loader.errors import (
    DAMAGED_WORDS,
    DISK_FULL_WORDS,
    FileRefusedError,
    Spark9Error,
    WarehouseRefusedError,
    disk_full,
    is_disk_full,
)

_THREAD_HERE = "by another thread of this process"
OTHERS_HERE = "by another connection of this process"


def is_full(error: duckdb.Error | OSError) -> bool:
    """Whether the disk was full."""
    return is_disk_full(error) or any(words in str(error) for words in DISK_FULL_WORDS)


def of_database(database: Path, error: duckdb.Error) -> WarehouseRefusedError | None:
    """The error for a database that is damaged or may only be read; none where that is not what is wrong."""
    # what DuckDB says of a lock that another process holds has these words too
    if "read-only mode" in str(error) and "Could not set lock" not in str(error):
        return WarehouseRefusedError(
            "no-privilege",
            f"The database {database} may be read here, and not changed.",
            f"Have the owner of {database.name} and of its folder give you permission to write them.",
        )
    if not any(words in str(error) for words in DAMAGED_WORDS):
        return None
    return WarehouseRefusedError(
        "database-damaged",
        f"The database {database} is damaged: {_first_line(error)}. The original files in the stage, the registry and "
        "the project are files of their own and are not affected.",
        "Restore the last backup: spark9 restore TARGET. Without one, rebuild the tables from the originals and the "
        "decisions in the stage: spark9 rebuild --all. Both keep the damaged file beside the new one.",
    )


def as_spark9_error(file: Path, error: duckdb.Error | OSError) -> Spark9Error:
    """The error for a file that could not be loaded: the disk or memory is full, or a statement was refused."""
    first_line = _first_line(error)
    if is_full(error):
        return disk_full(f"{file}: the disk is full: {first_line}.")
    if isinstance(error, OSError):
        return FileRefusedError("file-unreadable", f"{file} can't be read: {first_line}.", "Try again.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return WarehouseRefusedError(
            "out-of-memory", f"{file}: {first_line}.", "Split the file, or use a machine with more memory."
        )
    return WarehouseRefusedError(
        "warehouse-error",
        f"{file}: the warehouse refused a statement: {first_line}.",
        "After an upgrade, rebuild the client first (dbt build --full-refresh; see CHANGELOG.md). Otherwise report it "
        "with the file's header row.",
    )


def holder_of(error: duckdb.Error, attached: str) -> str | None:
    """Who has the file open: a process as DuckDB names it, or another connection of this one; none where nobody has.

    Args:
        error: of an ATTACH.
        attached: what the loader's own connections name the database.

    """
    text = str(error)
    if "Unique file handle conflict" in text:
        dbt = sys.modules.get("dbt.adapters.duckdb.connections")
        is_building = dbt is not None and dbt.DuckDBConnectionManager._ENV is not None
        return _THREAD_HERE if is_building or f'by database "{attached}"' in text else OTHERS_HERE
    if "Could not set lock" not in text:
        return None
    start = text.find("held in ")
    return text[start + 8 :].split(". ", maxsplit=1)[0].strip() if start >= 0 else "by another process"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".!") if str(error) else type(error).__name__
