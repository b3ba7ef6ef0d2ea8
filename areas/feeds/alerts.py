"""Send one alert when something fails, and one when it is resolved, through apprise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from areas.feeds.logs import ERROR, RunStep, log_steps, write_lines
from loader.alerts import CRITICAL, WARNING, send
from loader.errors import Spark9Error
from loader.project.project import Project
from loader.warehouses.interface import Session

_MOST_LINES = 20


@dataclass(frozen=True)
class Alert:
    """A problem to report.

    Args:
        key: the same for the same alert: ingest engagement.customers, check dim_customer__keys_are_unique.
        severity: CRITICAL or WARNING.
        message: for people.

    """

    key: str
    severity: str
    message: str


def send_alerts(
    project: Project, session: Session, schema: str, run_id: str, alerts: Sequence[Alert], looked_at: Sequence[str]
) -> int:
    """Send alerts for new problems, one message a recipient, and for resolved ones.

    A problem that was reported before is not reported again until it is resolved. An alert that can't be sent is
    logged and retried at the next run, and stops nothing.

    Args:
        project: from `find_project()`.
        session: of the warehouse, outside of any transaction.
        schema: the area's schema of raw rows on this target.
        run_id: the current run.
        alerts: the current problems.
        looked_at: the keys that this run checked; those without an alert are resolved.

    Returns:
        How many messages were sent.

    """
    rows = session.query(f"select alert_key, severity, message from {schema}.open_alerts")
    is_open = {key: (severity, message) for key, severity, message in rows}
    now = {alert.key for alert in alerts}
    sent = 0
    for severity in (CRITICAL, WARNING):
        new = [alert for alert in alerts if alert.severity == severity and alert.key not in is_open]
        well = [
            key for key, (was, _) in is_open.items() if was == severity and key in set(looked_at) and key not in now
        ]
        if new and _sent(project, session, schema, run_id, severity, _failed(schema, severity, new)):
            rows = [(alert.key, severity, session.now(), alert.message[:1000]) for alert in new]
            session.insert(schema, "open_alerts", ("alert_key", "severity", "opened_at", "message"), rows)
            sent += 1
        if well and _sent(project, session, schema, run_id, severity, _recovered(schema, well)):
            marks = ", ".join("?" for _ in well)
            session.query(f"delete from {schema}.open_alerts where alert_key in ({marks})", well)
            sent += 1
    return sent


def send_without_warehouse(project: Project, schema: str, run_id: str, alert: Alert) -> None:
    """Report a failure when the warehouse, which knows what was reported before, can't be queried.

    Args:
        project: from `find_project()`.
        schema: the area's schema, for the message.
        run_id: the current run.
        alert: what is wrong.

    """
    _sent(project, None, schema, run_id, alert.severity, _failed(schema, alert.severity, [alert]))


def _failed(schema: str, severity: str, alerts: Sequence[Alert]) -> tuple[str, str]:
    area = schema.removesuffix("_raw")
    what = "failed" if severity == CRITICAL else "needs review"
    title = f"{area}: {alerts[0].key} {what}" + (f", and {len(alerts) - 1} more" if len(alerts) > 1 else "")
    lines = [f"{alert.key}: {alert.message}" for alert in alerts[:_MOST_LINES]]
    return title, "\n".join(lines)


def _recovered(schema: str, keys: Sequence[str]) -> tuple[str, str]:
    return f"{schema.removesuffix('_raw')}: resolved", "\n".join(keys[:_MOST_LINES])


def _sent(
    project: Project, session: Session | None, schema: str, run_id: str, severity: str, text: tuple[str, str]
) -> bool:
    """Whether it was sent to all; without recipients, it counts as sent."""
    problem = send(severity, *text)
    if problem is None:
        return True
    step = RunStep(run_id, "alert", ERROR, error_code="alert-failed", error_message=problem)
    try:
        if session is not None:
            log_steps(project, session, schema, [step])
        else:
            write_lines(project.root, [step])
    except Spark9Error:
        write_lines(project.root, [step])
    return False
