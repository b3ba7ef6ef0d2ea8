"""A process that has imported all it needs and forks for each command: kills then fall on work, not on imports.

Reads one JSON list a line, {"argv": [...], "cwd": ...}; answers with the child's process id, then with its exit status.
Each child is a real `spark9` or `dbt` in a process group of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import dbt.adapters.duckdb
import dbt.cli.main

import loader.cli.app
import loader.warehouses.duckdb


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _run(asked["argv"], asked["cwd"])
        print(pid, flush=True)  # noqa: T201 - the answer
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def _run(argv: Sequence[str], folder: str) -> None:
    code = 1
    try:
        os.setsid()
        os.chdir(folder)
        output = os.open(os.environ.get("SPARK9_WORKER_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdout = sys.stderr = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.argv = list(argv)
        if argv[0] == "dbt":
            code = 0 if dbt.cli.main.dbtRunner().invoke(list(argv[1:])).success else 1
        else:
            loader.cli.app.main()
            code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    finally:
        sys.stdout.flush()
        os._exit(code)


class Worker:
    """The process, as tests use it."""

    def __init__(self, log: Path) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent.parent,
            env={**os.environ, "SPARK9_WORKER_LOG": str(log)},
        )

    def start(self, folder: Path, *argv: str) -> int:
        """Begin a command; its process id."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"argv": argv, "cwd": str(folder)}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def wait(self) -> int:
        """The exit code of the command that runs; negative for the signal that ended it."""
        assert self._process.stdout
        return int(self._process.stdout.readline())

    def run(self, folder: Path, *argv: str) -> int:
        """Run a command to its end; its exit code."""
        self.start(folder, *argv)
        return self.wait()

    def __enter__(self) -> Worker:
        """Nothing more to do."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=60)


if __name__ == "__main__":
    main()
