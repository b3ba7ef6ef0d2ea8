"""The log of an area's runs: in the table ingestion_logs, and in logs/ingestion.log."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from loader.log import current_actor
from loader.project.project import Project
from loader.warehouses.interface import Session

INFO, ERROR = "INFO", "ERROR"
# a run's number, for steps that are processes of their own
RUN_VARIABLE = "SPARK9_RUN_ID"


@dataclass(frozen=True)
class RunStep:
    """One step of a run; areas/engagement/docs/engagement.md describes each field."""

    run_id: str
    step: str
    status: str
    feed: str | None = None
    files: int | None = None
    records_loaded: int | None = None
    records_rejected: int | None = None
    duration_seconds: float | None = None
    error_code: str | None = None
    error_message: str | None = None


_COLUMNS = ("log_timestamp", *(field.name for field in fields(RunStep)), "done_by")


def new_run_id() -> str:
    """The number of a run: of SPARK9_RUN_ID where a parent process has set it, else a new one."""
    return os.environ.get(RUN_VARIABLE) or uuid.uuid4().hex[:16]


def log_steps(project: Project, session: Session, schema: str, steps: Sequence[RunStep]) -> None:
    """Append steps to the table and to the file.

    Args:
        project: from `find_project()`.
        session: of the warehouse; inside its transaction, the rows are committed or rolled back with it.
        schema: the area's schema of raw rows on this target.
        steps: in their order.

    """
    now, who = session.now(), current_actor()
    rows = [(now, *(getattr(step, name) for name in _COLUMNS[1:-1]), who) for step in steps]
    session.insert(schema, "ingestion_logs", _COLUMNS, rows)
    write_lines(project.root, steps)


def write_lines(root: Path, steps: Sequence[RunStep]) -> None:
    """Append steps to logs/ingestion.log; a folder that can't be written stops nothing.

    Args:
        root: the project's folder.
        steps: in their order.

    """
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = []
    for step in steps:
        pairs = [(field.name, getattr(step, field.name)) for field in fields(step) if field.name != "status"]
        text = " ".join(f"{name}={_quoted(value)}" for name, value in pairs if value is not None)
        lines.append(f"{when} {step.status} {text}\n")
    file = root / "logs" / "ingestion.log"
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write("".join(lines))


def _quoted(value: object) -> str:
    text = f"{value:.3f}" if isinstance(value, float) else " ".join(str(value).split())
    return f'"{text}"' if " " in text else text
