"""Errors of the generation."""

from __future__ import annotations

from loader.errors import ExitCode, Spark9Error


class GenerationRefusedError(Spark9Error):
    """Rows can't be generated as requested, or a prerequisite of a step is missing."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        """Say what is there instead."""
        super().__init__(code, problem, remedy=remedy, exit_code=ExitCode.REFUSED)


class GenerationStoppedError(Spark9Error):
    """The machine or the warehouse failed half-way."""

    def __init__(self, code: str, problem: str) -> None:
        """Give the warehouse's own words in the problem."""
        super().__init__(
            code,
            problem,
            unchanged="The months already written are kept, without duplicates.",
            remedy="If the disk is full, free some space. Then run the command again; it continues with what is "
            "missing.",
        )
