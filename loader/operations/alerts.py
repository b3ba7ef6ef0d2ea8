"""Send one alert when waves fail, and one when all of a client's waves pass again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from loader.alerts import CRITICAL, VARIABLES, send
from loader.clients.registry import Registry
from loader.clients.tables import ClientTables
from loader.errors import Spark9Error
from loader.log import ERROR, SUCCESS, LogEntry
from loader.names import ClientKey
from loader.operations.status import failures_of_last_build
from loader.workspace import Workspace

_STEP = "ALERT"


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
