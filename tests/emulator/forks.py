"""A process that has imported the emulator, and forks for each one that a test wants: imports are paid once.

Reads JSON, a line for each: its port, the files for its statements and its output, the statements that it begins with, and
variables of its environment.
Answers with the child's process id.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import fakesnow.instance

_begin = fakesnow.instance.FakeSnow.__init__


def main() -> None:
    """Serve until the input ends."""
    # the server makes its instance while it is imported, and threads of DuckDB do not come along when a process forks
    fakesnow.instance.FakeSnow.__init__ = lambda *_, **__: None  # type: ignore[method-assign]
    from tests.emulator import account_usage, server  # noqa: PLC0415

    fakesnow.instance.FakeSnow.__init__ = _begin  # type: ignore[method-assign]
    extension = server.extend()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            port, files, statements, environment = json.loads(line)
            os.environ.update(environment)
            _serve(server, extension, port, files, [*account_usage.STATEMENTS, *statements])
        print(child, flush=True)  # noqa: T201 - the answer


def _serve(server: Any, extension: Any, port: int, files: list[str], statements: list[str]) -> None:
    try:
        log = os.open(files[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        server.begin()
        server.run_here(statements)
        server.serve(extension, port, Path(files[0]))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
