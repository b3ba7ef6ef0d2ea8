"""What can go wrong with the generation."""

from __future__ import annotations

from loader.errors import ExitCode, Spark9Error


class GenerationRefusedError(Spark9Error):
    """Rows can't be generated as asked, or what a step needs is not there."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        """Say what is there instead."""
        super().__init__(code, problem, remedy=remedy, exit_code=ExitCode.REFUSED)


class GenerationStoppedError(Spark9Error):
    """The machine or the warehouse refused to go on half-way."""

    def __init__(self, code: str, problem: str) -> None:
        """Give the warehouse's own words in the problem."""
        super().__init__(
            code,
            problem,
            unchanged="The months that were written stay, and nothing is there twice.",
            remedy="Make room where the disk is full, then run it again: it goes on with what is missing.",
        )
