"""Errors of feeds."""

from __future__ import annotations

from loader.errors import ExitCode, Spark9Error


class FeedRefusedError(Spark9Error):
    """A feed is not declared, its files can't be read, or their contents can't be ingested."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        """Name feed, file and line in the problem."""
        unchanged = "The feed's tables were not changed."
        super().__init__(code, problem, unchanged=unchanged, remedy=remedy, exit_code=ExitCode.REFUSED)


class FeedDamagedError(FeedRefusedError):
    """A file of a feed is not in the form that is read fast; it may be read from a repaired copy."""

    def __init__(self, problem: str) -> None:
        """Give the reader's own words in the problem."""
        remedy = "Check the file: it is not in the format that is declared in areas/<area>/models/<area>/_sources.yml."
        super().__init__("feed-unreadable", problem, remedy)
