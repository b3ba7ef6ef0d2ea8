"""Start and stop the emulator's process."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import snowflake.connector

from tests.emulator import account_usage

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
        }

    def statements(self) -> list[dict[str, Any]]:
        """What it was asked so far."""
        return [json.loads(line) for line in self.statement_log.read_text(encoding="utf-8").splitlines()]

    def connect(self, role: str = "ACCOUNTADMIN", **options: Any) -> snowflake.connector.SnowflakeConnection:
        """A connection, as an administrator unless told otherwise."""
        settings = {"database": "SPARK_NO9_MAIN", "schema": "PUBLIC", "role": role, **options}
        return snowflake.connector.connect(
            user="u", password="p", account="emulator", host="127.0.0.1", port=self.port, protocol="http",
            network_timeout=5, login_timeout=20, **settings,
        )  # fmt: skip

    def query(self, sql: str, role: str = "ACCOUNTADMIN", parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        with self.connect(role) as connection:
            return list(connection.cursor().execute(sql, parameters or None).fetchall())  # type: ignore[union-attr]


@contextmanager
def running(folder: Path) -> Iterator[Emulator]:
    """An emulator on a free port, with its log in `folder`."""
    log = folder / "statements.jsonl"
    log.touch()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "emulator.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.emulator.server", "--port", str(port), "--statements", str(log)],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env={**os.environ, "TMPDIR": str(folder)},
        )
    try:
        _wait(process, port, folder / "emulator.log")
        emulator = Emulator(port, log)
        for statement in account_usage.STATEMENTS:
            emulator.query(statement)
        yield emulator
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the emulator ended: {output.read_text(encoding='utf-8')[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the emulator did not start")
