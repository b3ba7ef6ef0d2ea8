"""Jobs: changes to the warehouse that pages request, run one after the other in a separate process.

A job continues when its page is closed. DuckDB has one writer, and dbt takes a processor for itself: so one process
does the work, and pages stay quick. What a job does is in `tasks.py`.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from loader.errors import Spark9Error

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
_KEPT = 200


@dataclass
class Job:
    """A requested change.

    Args:
        number: its identifier.
        title: what it does, for people.
        task: the function of `tasks.py` that does it.
        client_schema: the client that it is about; none for all.
        who: requested it.
        requested_at: when; UTC.
        state: WAITING, RUNNING, DONE or FAILED.
        step: its current step.
        share: of the step's work that is done, 0 to 1.
        steps: the steps it has done, in words.
        result: the return value of its function.
        error: why it failed.

    """

    number: int
    title: str
    task: str
    client_schema: str | None
    who: str
    requested_at: datetime
    state: str = WAITING
    step: str = ""
    share: float = 0.0
    steps: list[str] = field(default_factory=list)
    result: Any = None
    error: Spark9Error | None = None
    ended: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (WAITING, RUNNING)


@dataclass(frozen=True)
class Task:
    """What the worker is given.

    Args:
        owned: the client schema that the requester must still own when the job starts; none for admins.

    """

    job: int
    function: Callable[..., Any]
    who: str
    values: tuple[Any, ...]
    owned: str | None = None


@dataclass(frozen=True)
class Progress:
    """The worker's report on a running job."""

    job: int
    step: str
    share: float


@dataclass(frozen=True)
class TaskResult:
    """The worker's report on a finished job."""

    job: int
    result: Any = None
    failure: Failure | None = None


@dataclass(frozen=True)
class Failure:
    """A Spark9Error as it comes from the other process; exceptions with keywords can't be sent."""

    code: str
    problem: str
    unchanged: str
    remedy: str

    def error(self) -> Spark9Error:
        """The error."""
        return Spark9Error(self.code, self.problem, unchanged=self.unchanged, remedy=self.remedy)


class Jobs:
    """The jobs of this server, the latest first, and the process that does them one after the other."""

    def __init__(self, root: Path, target: str) -> None:
        """Start no process yet.

        Args:
            root: the project's folder.
            target: of profiles.yml.

        """
        # given explicitly: what the worker changes must not depend on its current folder
        self._environment = {"SPARK9_PROJECT_DIR": str(root), "SPARK9_TARGET": target}
        self._lock = threading.Lock()
        self._jobs: deque[Job] = deque(maxlen=_KEPT)
        self._waiting: deque[tuple[Job, Task]] = deque()
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._current: Job | None = None
        atexit.register(self.close)

    def start(
        self,
        title: str,
        client_schema: str | None,
        who: str,
        function: Callable[..., Any],
        *values: Any,
        owned: str | None = None,
    ) -> Job:
        """Queue a function of `tasks.py`.

        Args:
            title: what it does, for people.
            client_schema: the client that it is about; none for all.
            who: requests it; named in the log.
            function: called with the job's number and the values.
            values: what crosses to the other process, by pickle.
            owned: see Task.

        """
        job = Job(next(self._numbers), title, function.__name__, client_schema, who, _now())
        with self._lock:
            self._jobs.appendleft(job)
            self._waiting.append((job, Task(job.number, function, who, values, owned)))
            self._send_next()
        return job

    def warm_up(self) -> None:
        """Start the worker before anybody waits for it."""
        with self._lock:
            self._started()

    def get(self, number: int) -> Job | None:
        """A job by its number."""
        with self._lock:
            return next((job for job in self._jobs if job.number == number), None)

    def all(self) -> Sequence[Job]:
        """All jobs, the latest first."""
        with self._lock:
            return tuple(self._jobs)

    def close(self) -> None:
        """Stop the worker once its job is done; waiting jobs are discarded."""
        with self._lock:
            self._waiting.clear()
            process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            # a process of its own program: Streamlit's would run the page's script again in each child
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.worker"],
                cwd=Path(__file__).parent.parent,
                env=os.environ | self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return self._process

    def _send_next(self) -> None:
        """Give the worker its next job, if it is idle."""
        if self._current is not None or not self._waiting:
            return
        self._current, task = self._waiting.popleft()
        pipe = self._started().stdin
        with suppress(OSError):  # it has just ended, which its listener notes
            if pipe is not None:
                pickle.dump(task, pipe)
                pipe.flush()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Record the worker's reports until it ends."""
        with suppress(EOFError, pickle.UnpicklingError, OSError):
            while process.stdout is not None:
                event = pickle.load(process.stdout)  # noqa: S301 - our own process
                with self._lock:
                    self._note(event)
        with self._lock:
            if self._process is process:
                self._process = None
            if self._current is not None:
                self._end(self._current, _interrupted(self._current))
            self._send_next()

    def _note(self, event: Progress | TaskResult) -> None:
        job = self._current
        if job is None or job.number != event.job:
            return
        if isinstance(event, TaskResult):
            job.result = event.result
            self._end(job, event.failure.error() if event.failure else None)
            self._send_next()
            return
        if job.step and event.step != job.step:
            job.steps.append(job.step)
        job.state, job.step, job.share = RUNNING, event.step, event.share

    def _end(self, job: Job, error: Spark9Error | None) -> None:
        if job.step:
            job.steps.append(job.step)
        job.state, job.error, job.ended = (FAILED if error else DONE), error, _now()
        self._current = None


def _interrupted(job: Job) -> Spark9Error:
    return Spark9Error(
        "interrupted",
        f"'{job.title}' was interrupted because its process ended.",
        unchanged="Each file was either loaded completely or not at all.",
        remedy="Run it again; files that are already loaded are skipped.",
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
