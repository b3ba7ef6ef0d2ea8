"""What the machine or DuckDB refused, as an error that says what to do."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb

from loader.errors import DISK_FULL_WORDS, FileRefusedError, Spark9Error, WarehouseRefusedError


def is_full(error: duckdb.Error | OSError) -> bool:
    """Whether there was no room to write."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return any(words in str(error) for words in DISK_FULL_WORDS)


def as_spark9_error(file: Path, error: duckdb.Error | OSError) -> Spark9Error:
    """The error for a file that could not be loaded for lack of room or memory, or because a statement was refused."""
    first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
    if is_full(error):
        return WarehouseRefusedError(
            "disk-full",
            f"{file}: there is no room left: {first_line}.",
            "Make room (in the database's folder, the stage and the folder for temporary files), then run the command "
            "again.",
        )
    if isinstance(error, OSError):
        return FileRefusedError("file-unreadable", f"{file} can't be read: {first_line}.", "Try again.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return WarehouseRefusedError(
            "out-of-memory", f"{file}: {first_line}.", "Split the file, or use a larger machine."
        )
    return WarehouseRefusedError(
        "warehouse-error",
        f"{file}: the warehouse refused a statement: {first_line}.",
        "After an upgrade, build the client anew first (dbt build --full-refresh; see CHANGELOG.md). Else report it "
        "with the file's header row.",
    )
