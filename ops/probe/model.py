"""What a check of the probe is, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ops.probe.bench import Bench

Status = Literal["passed", "failed", "skipped", "passed before", "not dropped"]


class Unexpected(Exception):  # noqa: N818 - an outcome
    """A statement gave something else than expected; the message says what."""


class Unavailable(Exception):  # noqa: N818 - an outcome
    """The account does not have what a check needs; the message says why."""


@dataclass(frozen=True)
class Step:
    """One statement of a check. `<name>` stands for the throwaway database, `<share>`, `<analyst>` and so on for names.

    Args:
        sql: the statement.
        gives: the rows that must come out; none if they are not looked at.
        fails: it must be refused, with this in the error.
        job: who sends it, if not the check's own.

    """

    sql: str
    gives: list[tuple[object, ...]] | None = None
    fails: str = ""
    job: str = ""


@dataclass(frozen=True)
class Check:
    """One check of the probe.

    Args:
        name: what is tried.
        job: whose role it is tried with; 'owner' is whoever runs the probe, with accountadmin.
        remedy: what to do if it fails.
        steps: the statements, in order.
        attempt: code in their place; gives the finding.
        prepares: later checks need what it makes, so it runs again when a probe goes on.
        needs: the check without which it can't be tried.
        lacks: texts of errors that mean that the account does not have the feature.

    """

    name: str
    job: str
    remedy: str
    steps: tuple[Step, ...] = ()
    attempt: Callable[[Bench], str] | None = None
    prepares: bool = False
    needs: str = "set-up"
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """How a check ended.

    Args:
        name: of the check, or the statement that did not drop something.
        job: whose role it was tried with.
        status: how it ended.
        finding: what came out: Snowflake's own error, if it failed.
        remedy: what to do; empty if nothing.

    """

    name: str
    job: str
    status: Status
    finding: str = ""
    remedy: str = ""
