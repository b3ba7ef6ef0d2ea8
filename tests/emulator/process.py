"""Start and stop the emulator's process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import snowflake.connector

NO_CLOUD = {"SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true"}
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Emulator:
    """A running emulator.

    Args:
        port: of 127.0.0.1.
        statement_log: every statement that it got, one JSON object a line.

    """

    port: int
    statement_log: Path

    def environment(self) -> dict[str, str]:
        """The environment variables by which the profile's targets lead here."""
        return {
            "SPARK9_TARGET": "prod",
            "SNOWFLAKE_ACCOUNT": "emulator",
            "SNOWFLAKE_USER": "u",
            "SNOWFLAKE_PASSWORD": "p",
            "SNOWFLAKE_HOST": "127.0.0.1",
            "SNOWFLAKE_PORT": str(self.port),
            "SNOWFLAKE_PROTOCOL": "http",
            # else each connection looks for a cloud's metadata servers, which takes 0.2 s where nothing answers
            **NO_CLOUD,
        }

    def statements(self) -> list[dict[str, Any]]:
        """What it was asked so far."""
        return [json.loads(line) for line in self.statement_log.read_text(encoding="utf-8").splitlines()]

    def connect(self, role: str = "ACCOUNTADMIN", **options: Any) -> snowflake.connector.SnowflakeConnection:
        """A connection, as an administrator unless told otherwise."""
        os.environ.update(NO_CLOUD)
        settings = {"database": "SPARK_NO9_MAIN", "schema": "PUBLIC", "role": role, "user": "u", **options}
        return snowflake.connector.connect(
            password="p", account="emulator", host="127.0.0.1", port=self.port, protocol="http",
            network_timeout=5, login_timeout=20, **settings,
        )  # fmt: skip

    def query(self, sql: str, role: str = "ACCOUNTADMIN", parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        with self.connect(role) as connection:
            return list(connection.cursor().execute(sql, parameters or None).fetchall())  # type: ignore[union-attr]


class Forks:
    """Starts emulators from a process that has imported all they need.

    Args:
        ports: those that nobody uses now. They stay the same, since dbt parses a project anew when the port of its profile
            changes; two of them serve a test's emulator beside that of its module.

    """

    def __init__(self, ports: list[int]) -> None:
        """Start that process."""
        self._ports = ports
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.emulator.forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    @contextmanager
    def running(
        self, folder: Path, statements: Sequence[str] = (), variables: Mapping[str, str] | None = None
    ) -> Iterator[Emulator]:
        """An emulator with its log in `folder`, on which some statements were run before it was reached.

        Its process has `variables` in its environment, by which it finds S3.
        """
        port = self._ports.pop(0)
        emulator = Emulator(port, folder / "statements.jsonl")
        emulator.statement_log.touch()
        output = folder / "emulator.log"
        assert self._process.stdin
        assert self._process.stdout
        asked = [port, [str(emulator.statement_log), str(output)], list(statements), dict(variables or {})]
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        try:
            _wait(lambda: _is_there(child), port, output)
            yield emulator
        finally:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            while _is_there(child):
                time.sleep(0.01)
            self._ports.append(port)
            self._ports.sort()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=60)


@contextmanager
def running(folder: Path) -> Iterator[Emulator]:
    """An emulator on a free port, with its log in `folder`."""
    log = folder / "statements.jsonl"
    log.touch()
    port = free_port()
    with (folder / "emulator.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.emulator.server", "--port", str(port), "--statements", str(log)],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env={**os.environ, "TMPDIR": str(folder)},
        )
    try:
        _wait(lambda: process.poll() is None, port, folder / "emulator.log")
        yield Emulator(port, log)
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _wait(is_there: Callable[[], bool], port: int, output: Path) -> None:
    for _ in range(3000):
        if not is_there():
            raise RuntimeError(f"the emulator ended: {output.read_text(encoding='utf-8')[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("the emulator did not start")
