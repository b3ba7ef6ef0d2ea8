"""What the checks of a probe work with: a session for each role, the project's macros, and its commands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from loader.project.macros import MacroLibrary
from loader.warehouses.interface import Session, Warehouse
from loader.workspace import Workspace
from ops.probe.model import Unexpected
from ops.probe.throwaway import JOBS, Names, as_job, environment

SECONDS = 600


@dataclass
class Bench:
    """What checks work with.

    Args:
        copy: the throwaway copy of the project.
        names: the throwaway names.
        owner: who runs the probe, with accountadmin.
        public_key: of the throwaway users.

    """

    copy: Workspace
    names: Names
    owner: Warehouse
    public_key: str
    _warehouses: dict[str, Warehouse] = field(default_factory=dict)

    @property
    def macros(self) -> MacroLibrary:
        """The project's macros, with the throwaway names, as they are now: onboarding generates some."""
        return as_job(self.copy, "transformer").macros

    @contextmanager
    def session(self, job: str, reader: duckdb.DuckDBPyConnection | None = None) -> Iterator[Session]:
        """The one connection of a job, or of the owner."""
        if job not in self._warehouses and job != "owner":
            self._warehouses[job] = as_job(self.copy, job).waiting(1).warehouse
        with (self.owner if job == "owner" else self._warehouses[job]).session(reader) as session:
            yield session

    @contextmanager
    def another_session(self, job: str) -> Iterator[Session]:
        """A second connection of a job."""
        warehouse = as_job(self.copy, job).waiting(1).warehouse
        with warehouse.session() as session:
            yield session

    def filled(self, sql: str) -> str:
        """A statement with the throwaway names."""
        for job in JOBS:
            sql = sql.replace(f"<{job}>", self.names.role(job)).replace(
                f"<{job.upper()}>", self.names.role(job).upper()
            )
        return sql.replace("<name>", self.names.database).replace("<share>", self.names.share)

    def command(self, job: str, *arguments: str) -> str:
        """Run a command of spark9 in the copy, as a user would; what it printed.

        Raises:
            Unexpected: it failed.

        """
        main = "import sys; from loader.cli.app import main; sys.argv[0] = 'spark9'; main()"
        return self._run([sys.executable, "-c", main, *arguments], job, f"spark9 {' '.join(arguments)}")

    def dbt(self, job: str, *arguments: str) -> str:
        """The same of dbt."""
        main = "import sys; from dbt.cli.main import cli; sys.argv[0] = 'dbt'; cli()"
        return self._run([sys.executable, "-c", main, *arguments], job, f"dbt {' '.join(arguments)}")

    def _run(self, command: Sequence[str], job: str, shown: str) -> str:
        done = subprocess.run(  # noqa: S603 - nothing of it is given
            command,
            cwd=self.copy.root,
            env={**environment(self.copy.root, job), "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        if done.returncode:
            said = [line for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
            raise Unexpected(f"`{shown}` ended with code {done.returncode}: {' / '.join(said[-12:])}")
        return done.stdout
