"""What a build found wrong, and alerts about it: one when waves fail, one when all of a client's waves pass again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from loader.alerts import CRITICAL, VARIABLES, send
from loader.clients.registry import Registry
from loader.clients.tables import ClientTables
from loader.errors import Spark9Error
from loader.log import ERROR, SUCCESS, LogEntry
from loader.names import ClientKey
from loader.workspace import Workspace

_STEP = "ALERT"


@dataclass(frozen=True)
class BuildFailure:
    """Something that the last build of a client found wrong.

    Args:
        wave_number: the wave; none where a model or test could not run.
        error_code: score-too-low, test-failed (claim-broken in older logs) or build-failed.
        error_message: which test, what was expected and what was found.

    """

    wave_number: int | None
    error_code: str
    error_message: str

    @property
    def what(self) -> str:
        """What failed, for people."""
        return "the build" if self.wave_number is None else f"wave {self.wave_number}"


def failures_of_last_build(tables: ClientTables) -> list[BuildFailure]:
    """What the last build of a client found wrong, by wave; nothing where all tests passed.

    Args:
        tables: of the client.

    """
    log = f"{tables.schema}.processing_log"
    failed = "status = 'ERROR' and error_code in ('score-too-low', 'test-failed', 'claim-broken', 'build-failed')"
    rows = tables.query(
        f"select wave_number, error_code, error_message from {log} where {failed} and processing_timestamp = "
        f"(select max(processing_timestamp) from {log} where processing_stage = 'TEST' or ({failed})) "
        "order by wave_number, error_code, error_message"
    )
    return [BuildFailure(*row) for row in rows]


@contextmanager
def failures_alerted(workspace: Workspace, clients: Sequence[ClientKey]) -> Iterator[None]:
    """Run a build inside; afterwards, whatever its outcome, send alerts for waves that failed or are resolved.

    An alert that can't be sent is logged in the client's log (`alert-failed`) and retried after the next build; the
    build goes on. Without SPARK9_ALERTS nothing is checked.

    Args:
        workspace: from `open_workspace()`.
        clients: that are built.

    """
    warehouse = workspace.warehouse
    try:
        yield
    finally:
        if os.environ.get(VARIABLES[CRITICAL], "").split():
            with suppress(Spark9Error), warehouse.session() as session:
                for client in Registry(workspace).active_clients():
                    if client.key in clients:
                        _alert(ClientTables(workspace, client, session))


def _alert(tables: ClientTables) -> None:
    failures = failures_of_last_build(tables)
    sent = tables.query(
        f"select error_message from {tables.schema}.processing_log "
        f"where processing_stage = '{_STEP}' and status = 'SUCCESS' order by processing_timestamp desc limit 1"
    )
    before = str(sent[0][0] or "") if sent else ""
    # which waves failed by which rule: a slightly different score is not worth another alert
    now = "; ".join(dict.fromkeys(f"{failure.what} failed ({failure.error_code})" for failure in failures))
    if now == before:
        return
    lines = "\n".join(f"{failure.what}: {failure.error_message}" for failure in failures)
    lines = lines or f"All waves of {tables.key} pass again."
    problem = send(CRITICAL, f"{tables.key}: {now or 'resolved'}", lines)
    if problem is None:
        tables.log(LogEntry(_STEP, SUCCESS, error_message=now or None))
    else:
        tables.log(LogEntry(_STEP, ERROR, error_code="alert-failed", error_message=problem))
