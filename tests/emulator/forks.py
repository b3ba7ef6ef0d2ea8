"""A process that has imported the emulator and forks for each one that a test wants: imports are paid once.

Reads one JSON list of arguments a line, answers with the child's process id; ends its children with itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress

import fakesnow.instance

_begin = fakesnow.instance.FakeSnow.__init__


def main() -> None:
    """Serve until the input ends."""
    # the server makes its instance while it is imported, and threads of DuckDB do not come along when a process forks
    fakesnow.instance.FakeSnow.__init__ = lambda *_, **__: None  # type: ignore[method-assign]
    from tests.emulator import server  # noqa: PLC0415

    fakesnow.instance.FakeSnow.__init__ = _begin  # type: ignore[method-assign]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve(server, json.loads(line))
        children.append(child)
        print(child, flush=True)  # noqa: T201 - the answer
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)


def _serve(server: object, arguments: list[str]) -> None:
    try:
        *options, output = arguments
        log = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        server.begin()  # type: ignore[attr-defined]
        server.main(options)  # type: ignore[attr-defined]
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
