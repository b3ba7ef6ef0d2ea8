"""Everything that can go wrong for a user, as typed errors with a code, what stayed unchanged and what to do next."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """The exit codes of the command line. docs/commands.md lists them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    BUSY = 4
    BUILD_FAILED = 5
    DIFFERENT = 6
    INTERRUPTED = 130


@dataclass(frozen=True)
class Answer:
    """One possible answer to a question that a file leaves open.

    Args:
        option: the reading option of `spark9 load` that states it, or 'other_platform'.
        value: its value.
        meaning: what the file then means, for people.

    """

    option: str
    value: str | int | bool
    meaning: str


class Spark9Error(Exception):
    """An error that a user can act on.

    Args:
        code: short stable name, the same in messages, the processing_log and the docs.
        problem: what was wrong, with the file and row where there is one.
        unchanged: what was not changed.
        remedy: what to do next.
        exit_code: what the command line exits with.

    """

    def __init__(
        self,
        code: str,
        problem: str,
        *,
        unchanged: str = "Nothing was changed.",
        remedy: str = "",
        exit_code: ExitCode = ExitCode.FAILED,
    ) -> None:
        """Keep the parts, and a message that joins them."""
        super().__init__(" ".join(part for part in (problem, unchanged, remedy) if part))
        self.code = code
        self.problem = problem
        self.unchanged = unchanged
        self.remedy = remedy
        self.exit_code = exit_code

    def __reduce__(self) -> tuple[object, ...]:
        """How it crosses to another process: without its constructor, whose arguments differ from class to class."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class NameRefusedError(Spark9Error):
    """A client, platform, year, wave or column name, or another word that a person gave, breaks its rule."""

    def __init__(self, problem: str, *, code: str = "name-refused") -> None:
        """Give the rule in the message."""
        super().__init__(code, problem, exit_code=ExitCode.USAGE)


class ClientUnknownError(Spark9Error):
    """The client is not in the registry, or has no tables, or is archived."""

    def __init__(self, problem: str, remedy: str) -> None:
        """Name the command that fixes it."""
        super().__init__("client-unknown", problem, remedy=remedy, exit_code=ExitCode.REFUSED)


class FileRefusedError(Spark9Error):
    """A file can't be read as an export, or can be read in several ways.

    `answers` has the ways to settle it, for those who ask instead of refusing; none where the file has to change.
    """

    def __init__(self, code: str, problem: str, remedy: str, answers: Sequence[Answer] = ()) -> None:
        """Name file and row in the problem."""
        super().__init__(code, problem, unchanged="Nothing was loaded.", remedy=remedy, exit_code=ExitCode.REFUSED)
        self.answers = tuple(answers)


class WaveRefusedError(Spark9Error):
    """A wave can't be loaded, reprocessed or rolled back as asked."""

    def __init__(self, code: str, problem: str, remedy: str = "") -> None:
        """Say what is loaded instead."""
        super().__init__(code, problem, remedy=remedy, exit_code=ExitCode.REFUSED)


class WarehouseBusyError(Spark9Error):
    """The warehouse stayed locked by another process for longer than the user wants to wait."""

    def __init__(self, problem: str, remedy: str) -> None:
        """Say who holds it, as far as the warehouse reports it."""
        super().__init__("warehouse-busy", problem, remedy=remedy, exit_code=ExitCode.BUSY)


class WarehouseRefusedError(Spark9Error):
    """The warehouse can't be reached, or refused a statement."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        """Give the warehouse's own words in the problem."""
        super().__init__(code, problem, remedy=remedy)


class OutcomeUnknownError(Spark9Error):
    """The warehouse failed at the end of a transaction, and can't be asked whether that took effect."""

    def __init__(self, problem: str) -> None:
        """Give the warehouse's own words in the problem."""
        super().__init__(
            "outcome-unknown",
            problem,
            unchanged="It is not known whether the change took effect; either all of it did, or none of it.",
            remedy="When the warehouse can be reached again, `spark9 log` shows the client's last steps. If this "
            "one is not "
            "among them, run the command again.",
        )


class ProjectError(Spark9Error):
    """The project folder, its profile or its registry is not usable."""

    def __init__(self, problem: str, remedy: str) -> None:
        """Name the file that is wrong."""
        super().__init__("project-unusable", problem, remedy=remedy, exit_code=ExitCode.USAGE)


# what the operating system and DuckDB report when the disk is full, or a quota or limit of a file's size is reached
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DISK_FULL_WORDS = ("No space left", "Could not write all bytes", "Could not write file")
# and of a file that was cut off or changed: each block has a checksum
DAMAGED_WORDS = ("Corrupt ", "Could not read enough bytes", "not a valid DuckDB database file")


def is_disk_full(error: BaseException) -> bool:
    """Whether the operating system refused to write for lack of space."""
    return isinstance(error, OSError) and error.errno in _DISK_FULL


def disk_full(problem: str) -> WarehouseRefusedError:
    """The error for a full disk."""
    return WarehouseRefusedError(
        "disk-full",
        problem,
        "Free some disk space (in the database's folder, the stage and the folder for temporary files), then run the "
        "command again.",
    )


def as_known(error: BaseException) -> Spark9Error | None:
    """An error that a user can act on, wherever it comes from; none for a bug."""
    if isinstance(error, Spark9Error):
        return error
    if not is_disk_full(error):
        return None
    full = disk_full(f"The disk is full: {error}.")
    full.unchanged = "What was complete stays; the next run continues with what is missing."
    return full


class BuildFailedError(Spark9Error):
    """A dbt build that a command started did not succeed."""

    def __init__(self, problem: str, remedy: str, *, are_checks_alone: bool = False) -> None:
        """Say that the load itself is kept; whether every model was built, and only tests found errors."""
        self.are_checks_alone = are_checks_alone
        super().__init__(
            "build-failed",
            problem,
            unchanged="What was loaded stays loaded.",
            remedy=remedy,
            exit_code=ExitCode.BUILD_FAILED,
        )


def changed_file(path: Path) -> FileRefusedError:
    """The error for a file that is not what it was when it was read."""
    return FileRefusedError(
        "file-changed",
        f"{path} changed while it was being read; something is still writing it.",
        "Wait until the file is complete, then load it again.",
    )


@contextmanager
def stage_errors(what: str) -> Iterator[None]:
    """Turn the operating system's refusals into errors that say what to do.

    Args:
        what: the place, for the message.

    Raises:
        WarehouseRefusedError: in place of any OSError.

    """
    try:
        yield
    except OSError as error:
        problem = f"{what} can't be used: {error.strerror or error}."
        if is_disk_full(error):
            raise disk_full(problem) from error
        remedy = "Check that it exists and that you can write to it."
        raise WarehouseRefusedError("stage-refused", problem, remedy) from error
