"""What can go wrong with feeds."""

from __future__ import annotations

from loader.errors import ExitCode, Spark9Error


class FeedRefusedError(Spark9Error):
    """A feed is not declared, its files can't be read, or what they hold can't be taken in."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        """Name feed, file and line in the problem."""
        unchanged = "The feed's tables are as they were."
        super().__init__(code, problem, unchanged=unchanged, remedy=remedy, exit_code=ExitCode.REFUSED)


class FeedDamagedError(FeedRefusedError):
    """A file of a feed is not in the form that is read fast; it may be read from a mended copy."""

    def __init__(self, problem: str) -> None:
        """Give the reader's own words in the problem."""
        remedy = "Look at that file: it is not in the format that areas/<area>/models/<area>/_sources.yml declares."
        super().__init__("feed-unreadable", problem, remedy)
