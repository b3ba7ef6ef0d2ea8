"""A whole run of an area: ingestion, build and checks in order, resumed after the step that failed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from areas.feeds.alerts import Alert, send_alerts, send_without_warehouse
from areas.feeds.declared import Feed, feeds_of
from areas.feeds.ingesting import IngestResult, ingest_feed, install_feeds
from areas.feeds.logs import ERROR, INFO, RUN_VARIABLE, RunStep, log_steps, new_run_id
from loader.alerts import CRITICAL, WARNING
from loader.areas import areas
from loader.errors import BuildFailedError, ExitCode, Spark9Error
from loader.project.dbt import BuildResult, NodeNotice, build_area, no_notice
from loader.words import counted
from loader.workspace import Workspace

_BUILD, _CHECK, _RUN = "build", "check", "run"
_FAILED = ("fail", "error")


@dataclass(frozen=True)
class CheckedArea:
    """The check results of a run.

    Args:
        passed: how many checks passed.
        critical: the critical checks that failed, by name, with dbt's message.
        warnings: the other checks that failed, likewise.

    """

    passed: int = 0
    critical: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)


@dataclass
class AreaRun:
    """What a run did.

    Args:
        run_id: in the logs.
        resumed: the steps that an earlier attempt had done.
        ingested: by feed, of this attempt.
        built: of this attempt.
        checked: after it.
        seconds: of each step of this attempt.

    """

    run_id: str
    resumed: tuple[str, ...] = ()
    ingested: list[IngestResult] = field(default_factory=list)
    built: BuildResult | None = None
    checked: CheckedArea = field(default_factory=CheckedArea)
    seconds: dict[str, float] = field(default_factory=dict)


def _run_command(area: str) -> str:
    return next(known.run_command for known in areas() if known.name == area)


class ChecksFailedError(Spark9Error):
    """Critical checks of an area failed."""

    def __init__(self, area: str, checked: CheckedArea) -> None:
        """Name them."""
        failed = counted(len(checked.critical), "critical check")
        super().__init__(
            "checks-failed",
            f"{failed} of {area} failed: {', '.join(list(checked.critical)[:10])}.",
            unchanged="Ingested rows are kept; models downstream of a failed check were not updated.",
            remedy=f"`dbt build --selector {area}` shows the rows. Correct them, then run again: {_run_command(area)}",
            exit_code=ExitCode.BUILD_FAILED,
        )


def ingest_with_alerts(
    workspace: Workspace, feed: Feed, *, run_id: str | None = None, again: bool = False
) -> IngestResult:
    """Ingest a feed, and send alerts when it fails or is resolved.

    Args:
        workspace: from `open_workspace()`.
        feed: from `named_feeds()`.
        run_id: for the logs; a new one by default.
        again: see ingest_feed.

    Raises:
        Spark9Error: as `ingest_feed`.

    """
    run_id, key = run_id or new_run_id(), f"ingest {feed.name}"
    try:
        result = ingest_feed(workspace, feed, run_id=run_id, again=again)
    except Spark9Error as error:
        _send(workspace, feed, run_id, [Alert(key, CRITICAL, f"{error.problem} {error.remedy}")], [key])
        raise
    _send(workspace, feed, run_id, [], [key])
    return result


def run_area(
    workspace: Workspace,
    area: str,
    *,
    fresh: bool = False,
    on_step: Callable[[str], None] = lambda _: None,
    on_node: NodeNotice = no_notice,
) -> AreaRun:
    """Ingest all feeds of an area, build its models and evaluate their checks.

    A failed run is resumed after the steps that it had done.

    Args:
        workspace: from `open_workspace()`.
        area: engagement.
        fresh: start over in any case.
        on_step: called with each step before its turn.
        on_node: called with each model and test as it ends; see build_client.

    Raises:
        Spark9Error: a feed was refused, a model failed, or a critical check failed.

    """
    feeds = feeds_of(workspace, area)
    schema = workspace.raw_schema_name(feeds[0].schema_name)
    with workspace.warehouse.session() as session:
        install_feeds(workspace, session, feeds)
        rows = session.query(
            f"select run_id, step, feed, status from {schema}.ingestion_logs order by log_timestamp desc limit 200"
        )
    run_id, done = (new_run_id(), set[str]()) if fresh else _to_resume(rows)
    run = AreaRun(run_id, tuple(sorted(done)))
    with numbered(run_id):
        for feed in feeds:
            if f"ingest {feed.name}" not in done:
                with _timed(run, f"ingest {feed.name}", on_step):
                    run.ingested.append(ingest_with_alerts(workspace, feed, run_id=run_id))
        _build(workspace, feeds[0], run, on_step, on_node)
        with _timed(run, _CHECK, on_step):
            run.checked = check_area(workspace, area, run_id=run_id)
    _log(workspace, feeds[0], RunStep(run_id, _RUN, INFO, duration_seconds=sum(run.seconds.values())))
    return run


def check_area(workspace: Workspace, area: str, *, run_id: str | None = None) -> CheckedArea:
    """Report the check results of the last dbt run to the configured recipients.

    Args:
        workspace: from `open_workspace()`.
        area: engagement.
        run_id: whose checks; without it, of the run that SPARK9_RUN_ID names, or of the last that checked anything.

    Raises:
        ChecksFailedError: a critical check failed.
        Spark9Error: no check was run.

    """
    feeds = feeds_of(workspace, area)
    schema = workspace.raw_schema_name(feeds[0].schema_name)
    with workspace.warehouse.session() as session:
        install_feeds(workspace, session, feeds, to_read=False)
        log = f"{schema}.dq_check_logs"
        run_id = run_id or os.environ.get(RUN_VARIABLE)
        # if a check ran twice in a run, the later result counts
        rows = session.query(
            "select check_name, status, severity, message, failures from ("
            "select *, row_number() over (partition by check_name order by check_timestamp desc) as place "
            f"from {log} where run_id = coalesce(?, (select max_by(run_id, check_timestamp) from {log}))) as checks "
            "where place = 1 order by check_name",
            [run_id],
        )
    if not rows:
        problem = f"The log{' of this run' if run_id else ''} has no check of {area}, so its state is unknown."
        raise Spark9Error("checks-missing", problem, remedy=f"Build and check it: {_run_command(area)}")
    found = CheckedArea(
        sum(status == "pass" for _, status, *_ in rows),
        {name: str(message) for name, status, severity, message, _ in rows if _is_critical(status, severity)},
        {name: str(message) for name, status, severity, message, _ in rows if _needs_review(status, severity)},
    )
    alerts = [Alert(f"check {name}", CRITICAL, message) for name, message in found.critical.items()]
    alerts += [Alert(f"check {name}", WARNING, message) for name, message in found.warnings.items()]
    checked_keys = [f"check {name}" for name, status, *_ in rows if status != "skipped"]
    run_id = run_id or new_run_id()
    _send(workspace, feeds[0], run_id, alerts, checked_keys)
    if found.critical:
        error = ChecksFailedError(area, found)
        failed = RunStep(run_id, _CHECK, ERROR, error_code=error.code, error_message=error.problem)
        _log(workspace, feeds[0], failed)
        raise error
    _log(workspace, feeds[0], RunStep(run_id, _CHECK, INFO))
    return found


def _is_critical(status: str, severity: str) -> bool:
    return severity == CRITICAL and status in _FAILED


def _needs_review(status: str, severity: str) -> bool:
    return status == "warn" or (severity == WARNING and status in _FAILED)


def _build(
    workspace: Workspace,
    feed: Feed,
    run: AreaRun,
    on_step: Callable[[str], None],
    on_node: NodeNotice,
) -> None:
    """Build the models with their checks; failed checks are evaluated afterwards.

    Raises:
        BuildFailedError: a model failed, or dbt could not run.

    """
    with _timed(run, _BUILD, on_step):
        key = f"build {feed.area}"
        try:
            run.built = build_area(workspace, feed.area, on_node)
        except BuildFailedError as error:
            if not error.are_checks_alone:
                _send(workspace, feed, run.run_id, [Alert(key, CRITICAL, error.problem)], [key])
                raise
        _send(workspace, feed, run.run_id, [], [key])


def _to_resume(rows: Sequence[tuple[str, str, str | None, str]]) -> tuple[str, set[str]]:
    """The number of the run to resume, and the steps that it has done; rows are from the log, latest first.

    A run is open when one of its steps is in the log with an error, and its end is not.
    """
    begun = [run_id for run_id, step, *_ in rows if step in ("ingest", _CHECK, _RUN, "transform")]
    if not begun:
        return new_run_id(), set()
    last = begun[0]
    of_run = [(step, feed, status) for run_id, step, feed, status in rows if run_id == last]
    if any(step == _RUN for step, *_ in of_run) or not any(status == ERROR for *_, status in of_run):
        return new_run_id(), set()
    return last, {f"ingest {feed}" for step, feed, status in of_run if step == "ingest" and status == INFO}


@contextmanager
def _timed(run: AreaRun, step: str, on_step: Callable[[str], None]) -> Iterator[None]:
    on_step(step)
    started = time.monotonic()
    try:
        yield
    finally:
        run.seconds[step] = time.monotonic() - started


@contextmanager
def numbered(run_id: str) -> Iterator[None]:
    """Have dbt's hooks log under the run's number.

    Args:
        run_id: of the run.

    """
    before = os.environ.get(RUN_VARIABLE)
    os.environ[RUN_VARIABLE] = run_id
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(RUN_VARIABLE, None)
        else:
            os.environ[RUN_VARIABLE] = before


def _send(
    workspace: Workspace,
    feed: Feed,
    run_id: str,
    alerts: Sequence[Alert],
    checked_keys: Sequence[str],
) -> None:
    schema = workspace.raw_schema_name(feed.schema_name)
    try:
        with workspace.warehouse.session() as session:
            install_feeds(workspace, session, [feed], to_read=False)
            send_alerts(workspace, session, schema, run_id, alerts, checked_keys)
    except Spark9Error:
        for alert in alerts:
            send_without_warehouse(workspace, schema, run_id, alert)


def _log(workspace: Workspace, feed: Feed, step: RunStep) -> None:
    with workspace.warehouse.session() as session:
        log_steps(workspace, session, workspace.raw_schema_name(feed.schema_name), [step])
