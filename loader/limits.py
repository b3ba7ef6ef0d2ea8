"""Read untrusted files in a separate process: a file that takes too much ends that process, and nothing else."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from loader.errors import FileRefusedError
from loader.filesystem import temporary_folder


@dataclass(frozen=True)
class Limits:
    """The resources that one task may use.

    Args:
        megabytes: of memory, where the platform can limit it (Linux does).
        seconds: until the process is ended.

    """

    megabytes: int
    seconds: float


# in such a process: who is told what it does meanwhile
_LISTENERS: list[Callable[[Any], None]] = []


def tell(news: Any) -> None:
    """In a LimitedProcess: have `on_news` of its `run` called with this."""
    for listener in _LISTENERS:
        listener(news)


class LimitedProcess:
    """A process that runs functions one after the other, each within the limits. Its temporary files go with it."""

    def __init__(self, limits: Limits) -> None:
        """Start it; it imports nothing yet."""
        self._limits = limits
        self._temporary = temporary_folder()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "loader.limits", str(limits.megabytes), str(limits.seconds)],
            cwd=Path(__file__).parent.parent,
            env=os.environ | {"TMPDIR": str(self._temporary.__enter__())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    @property
    def is_alive(self) -> bool:
        """Whether it can be given more."""
        return self._process.poll() is None

    def run(
        self, file: Path, function: Callable[..., Any], *values: Any, on_news: Callable[[Any], None] | None = None
    ) -> Any:
        """Run a function of a module in the process; returns or raises what it does.

        Args:
            file: what it reads, for the message.
            function: of a module; it, its values and what it gives cross by pickle.
            values: what it is given.
            on_news: called with what the function tells meanwhile; see `tell`.

        Raises:
            FileRefusedError: it took more than the limits.

        """
        assert self._process.stdin is not None  # noqa: S101 - they are pipes
        assert self._process.stdout is not None  # noqa: S101
        late = threading.Timer(self._limits.seconds, self._process.kill)
        late.start()
        try:
            pickle.dump((function, values), self._process.stdin)
            self._process.stdin.flush()
            is_done, outcome = None, None
            while is_done is None:
                is_done, outcome = pickle.load(self._process.stdout)  # noqa: S301 - our own process
                if is_done is None and on_news is not None:
                    on_news(outcome)
        except (EOFError, OSError, pickle.UnpicklingError):
            is_done, outcome = False, None
        except BaseException:
            self.close()
            raise
        finally:
            late.cancel()
        if is_done:
            return outcome
        if outcome is not None and not isinstance(outcome, MemoryError):
            raise outcome
        self.close()
        raise FileRefusedError(
            "file-too-large",
            f"{file} could not be read within {self._limits.megabytes:,} MB of memory and {self._limits.seconds:g} "
            f"seconds.",
            "If its size is correct, save the part you need as CSV, in several files if necessary, and load those.",
        )

    def close(self) -> None:
        """End it, and remove its temporary files."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._temporary.__exit__(None, None, None)

    def __enter__(self) -> LimitedProcess:
        """Nothing more to do."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self.close()


def _limit_memory(megabytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # Windows has none of it, macOS not all
        import resource  # noqa: PLC0415

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = megabytes << 20 if hard == resource.RLIM_INFINITY else min(megabytes << 20, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _limit_time(seconds: float) -> None:
    """End this process by itself where whoever started it was killed meanwhile."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415

        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        cores = os.cpu_count() or 1
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds * cores) + 1, hard))


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether memory was what it lacked: Python says so itself, DuckDB in the words of a refused statement."""
    return isinstance(error, MemoryError) or getattr(error, "code", "") == "out-of-memory"


def main() -> None:
    """Do what comes by the input until it ends; what libraries print goes nowhere."""
    megabytes, seconds = int(sys.argv[1]), float(sys.argv[2])
    orders, outcomes = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def send(is_done: bool | None, what: Any) -> None:
        outcomes.write(pickle.dumps((is_done, what)))
        outcomes.flush()

    _LISTENERS.append(lambda news: send(None, news))
    _limit_memory(megabytes)
    while True:
        try:
            function, values = pickle.load(orders)  # noqa: S301 - of the process that started this one
        except EOFError:
            return
        _limit_time(seconds)
        try:
            send(True, function(*values))
        except BaseException as error:
            send(False, MemoryError() if _is_out_of_memory(error) else error)


if __name__ == "__main__":
    # the module that functions import, and not a second one of this file
    from loader.limits import main as main_of_module

    main_of_module()
