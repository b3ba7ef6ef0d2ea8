"""The worker process of the pages: tasks arrive on its input, events leave on its output, both pickled."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from typing import BinaryIO

from app import tasks
from app.access import NotAllowedError, viewer_named
from app.jobs import Failure, Progress, Task, TaskResult
from app.runtime import take_token
from loader.errors import as_known
from loader.filesystem import exit_on_signals, make_private
from loader.project.dbt import import_dbt_meanwhile
from loader.project.project import find_project


def serve(requests: BinaryIO, events: BinaryIO) -> None:
    """Run tasks until the input ends.

    Args:
        requests: pickled Tasks, of the process that serves the pages.
        events: gets pickled Progress and TaskResults.

    """

    def report(what: Progress | TaskResult) -> None:
        pickle.dump(what, events)
        events.flush()

    tasks.NOTICES.append(report)
    while True:
        try:
            task: Task = pickle.load(requests)  # noqa: S301 - of the process that started this one
        except EOFError:
            return
        # the log names the requester
        os.environ["SPARK9_USER"] = task.who
        take_token()
        report(Progress(task.job, "starting", 0.0))
        try:
            _require_owner(task)
            report(TaskResult(task.job, task.function(task.job, *task.values)))
        except Exception as error:
            known = as_known(error)
            if known is None:
                traceback.print_exc()
            report(TaskResult(task.job, failure=tasks.failure_of(known) if known else _unexpected(error)))


def _require_owner(task: Task) -> None:
    """Stop if access was revoked while the job waited.

    Raises:
        NotAllowedError: that is so.

    """
    if task.owned and not viewer_named(find_project(), task.who, frozenset()).may_change(task.owned):
        raise NotAllowedError("Your access was revoked while this job was waiting, so it was not run.")


def _unexpected(error: Exception) -> Failure:
    return Failure(
        "internal-error",
        f"A bug in spark9: {type(error).__name__}: {error}.",
        "A file is loaded completely or not at all.",
        "Try again. If it happens again, report it with the file's header row; logs/app.log has the details.",
    )


def main() -> None:
    """Serve the process that started this one; what dbt prints goes to logs/app.log."""
    file = make_private(find_project().root / "logs") / "app.log"
    events = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    file.touch(mode=0o600)
    log = file.open("a", encoding="utf-8", buffering=1)
    os.dup2(log.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr = log
    # Ctrl-C ends the pages; a job that runs is let end
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    exit_on_signals()
    import_dbt_meanwhile()
    serve(sys.stdin.buffer, events)


if __name__ == "__main__":
    main()
