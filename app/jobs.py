"""What pages have done to the warehouse: one job after the other, in a process of its own.

A job goes on when its page is closed. DuckDB has one writer, and dbt takes a processor for itself: so one process
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
    """Something that was asked for.

    Args:
        number: its name.
        title: what it does, for people.
        task: the function of `tasks.py` that does it.
        client_schema: the client that it is about; none for all.
        who: asked for it.
        asked: when; UTC.
        state: WAITING, RUNNING, DONE or FAILED.
        step: what it does now.
        share: of the step's work that is done, 0 to 1.
        steps: what it has done, in words.
        result: what its function gave.
        error: why it failed.

    """

    number: int
    title: str
    task: str
    client_schema: str | None
    who: str
    asked: datetime
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
    """What the process is given.

    Args:
        owned: the client schema that who asks must still own when the job begins; none for admins.

    """

    job: int
    function: Callable[..., Any]
    who: str
    values: tuple[Any, ...]
    owned: str | None = None


@dataclass(frozen=True)
class Progress:
    """What the process tells of a job that goes on."""

    job: int
    step: str
    share: float


@dataclass(frozen=True)
class TaskResult:
    """What the process tells of a job that has ended."""

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
        # said, not found: what the process changes must not hang on the folder that it runs in
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
        """Have a function of `tasks.py` run when those before it have.

        Args:
            title: what it does, for people.
            client_schema: the client that it is about; none for all.
            who: asks for it; the log names them.
            function: is given the job's number, who asks, and the values.
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
        """Start the process before anybody waits for it."""
        with self._lock:
            self._started()

    def get(self, number: int) -> Job | None:
        """A job by its number."""
        with self._lock:
            return next((job for job in self._jobs if job.number == number), None)

    def all(self) -> Sequence[Job]:
        """All that are remembered, the latest first."""
        with self._lock:
            return tuple(self._jobs)

    def close(self) -> None:
        """End the process once its job is done; what waits is given up."""
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
        """Give the process its next job, where it has none."""
        if self._current is not None or not self._waiting:
            return
        self._current, order = self._waiting.popleft()
        pipe = self._started().stdin
        with suppress(OSError):  # it has just ended, which its listener notes
            if pipe is not None:
                pickle.dump(order, pipe)
                pipe.flush()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Note what the process tells, until it ends."""
        with suppress(EOFError, pickle.UnpicklingError, OSError):
            while process.stdout is not None:
                news = pickle.load(process.stdout)  # noqa: S301 - our own process
                with self._lock:
                    self._note(news)
        with self._lock:
            if self._process is process:
                self._process = None
            if self._current is not None:
                self._end(self._current, _interrupted(self._current))
            self._send_next()

    def _note(self, news: Progress | TaskResult) -> None:
        job = self._current
        if job is None or job.number != news.job:
            return
        if isinstance(news, TaskResult):
            job.result = news.result
            self._end(job, news.failure.error() if news.failure else None)
            self._send_next()
            return
        if job.step and news.step != job.step:
            job.steps.append(job.step)
        job.state, job.step, job.share = RUNNING, news.step, news.share

    def _end(self, job: Job, error: Spark9Error | None) -> None:
        if job.step:
            job.steps.append(job.step)
        job.state, job.error, job.ended = (FAILED if error else DONE), error, _now()
        self._current = None


def _interrupted(job: Job) -> Spark9Error:
    return Spark9Error(
        "interrupted",
        f"'{job.title}' was interrupted: its process ended.",
        unchanged="Each file is loaded whole or not at all.",
        remedy="Do it again: what is loaded already is left as it is.",
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
