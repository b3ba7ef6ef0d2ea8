"""What can go wrong with backups and with what is made of them."""

from __future__ import annotations

from loader.errors import ExitCode, Spark9Error


class RecoveryError(Spark9Error):
    """A backup can't be written or read, or the place that it is for is not one to write to."""

    def __init__(self, code: str, problem: str, remedy: str, exit_code: ExitCode = ExitCode.REFUSED) -> None:
        """Name the backup and the file in the problem."""
        super().__init__(code, problem, remedy=remedy, exit_code=exit_code)


def damaged(what: str, why: str) -> RecoveryError:
    """The error for a part of a backup that is missing or changed."""
    return RecoveryError(
        "backup-damaged",
        f"{what} {why}.",
        "Restore an earlier backup (`spark9 backups` lists them, --verify says which are whole), and have the next one "
        "write to a new place.",
        ExitCode.FAILED,
    )
