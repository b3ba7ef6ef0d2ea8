"""The process that does what pages ask for: orders come by its input, news go by its output, both pickled."""

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
from loader.errors import Spark9Error
from loader.filesystem import exit_on_signals
from loader.project.dbt import import_dbt_meanwhile
from loader.project.project import find_project


def serve(orders: BinaryIO, news: BinaryIO) -> None:
    """Do what is ordered until nothing more comes.

    Args:
        orders: pickled Tasks, of the process that serves the pages.
        news: gets pickled Progress and TaskResults.

    """

    def tell(what: Progress | TaskResult) -> None:
        pickle.dump(what, news)
        news.flush()

    tasks.NOTICES.append(tell)
    while True:
        try:
            order: Task = pickle.load(orders)  # noqa: S301 - of the process that started this one
        except EOFError:
            return
        # who asks is named in the log
        os.environ["SPARK9_USER"] = order.who
        take_token()
        tell(Progress(order.job, "starting", 0.0))
        try:
            _require_owner(order)
            tell(TaskResult(order.job, order.function(order.job, *order.values)))
        except Spark9Error as error:
            tell(TaskResult(order.job, failure=tasks.failure_of(error)))
        except Exception as error:
            traceback.print_exc()
            tell(TaskResult(order.job, failure=_unexpected(error)))


def _require_owner(task: Task) -> None:
    """Stop where access was taken away while the job waited.

    Raises:
        NotAllowedError: that is so.

    """
    if task.owned and not viewer_named(find_project(), task.who, frozenset()).may_change(task.owned):
        raise NotAllowedError("Your access was taken away while this waited, so it was not done.")


def _unexpected(error: Exception) -> Failure:
    return Failure(
        "internal-error",
        f"A fault of spark9: {type(error).__name__}: {error}.",
        "A file is loaded whole or not at all.",
        "Try again; if it comes back, report it with the file's header row. logs/app.log has more.",
    )


def main() -> None:
    """Serve the process that started this one; what dbt prints goes to logs/app.log."""
    folder = find_project().root / "logs"
    folder.mkdir(exist_ok=True)
    news = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    log = (folder / "app.log").open("a", encoding="utf-8", buffering=1)
    os.dup2(log.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr = log
    # Ctrl-C ends the pages; a job that runs is let end
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    exit_on_signals()
    import_dbt_meanwhile()
    serve(sys.stdin.buffer, news)


if __name__ == "__main__":
    main()
