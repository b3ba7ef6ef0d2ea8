"""Kill -9 at random moments of every command that changes something; then resume, and prove the tables."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.worker import Worker
from tests.support import NAMED, SCHEMA, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_rows

ROWS = 1500
RECOVERY = ("backup", "restore", "undo", "rebuild")


@dataclass
class Kills:
    """A project whose commands are killed, and what came of it."""

    project: ProjectUnderTest
    worker: Worker
    random: random.Random
    seconds: dict[str, float] = field(default_factory=dict)
    cut_off: Counter[str] = field(default_factory=Counter)
    finished_first: int = 0
    files: int = 0
    clients: int = 0

    @property
    def backups(self) -> str:
        """Where backups go."""
        return str(self.project.root.parent / "backups")

    @property
    def count(self) -> int:
        """Commands that a kill ended."""
        return sum(self.cut_off.values())

    def run(self, *argv: str) -> int:
        """Run a command to its end; its exit code."""
        return self.worker.run(self.project.root, *argv)

    def kill(self, kind: str, *argv: str) -> None:
        """Start a command and kill it at a random moment, unless it ends before."""
        pid = self.worker.start(self.project.root, *argv)
        time.sleep(self.random.random() * self.seconds[kind])
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # the child ended, or has no group of its own yet
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.worker.wait() == -signal.SIGKILL:
            self.cut_off[kind] += 1
        else:
            self.finished_first += 1

    def prove(self) -> None:
        """All loads are as in their files, and none is half there."""
        assert self.run("spark9", "verify", *NAMED) == 0
        halves = self.project.query(
            f"select load_id from {SCHEMA}.raw_data_staging group by 1 having count(*) <> max(row_number) "
            f"union select load_id from {SCHEMA}.wave_schema_mapping where load_id not in "
            f"(select load_id from {SCHEMA}.raw_data_staging) "
            f"union select load_id from {SCHEMA}.raw_data_staging where load_id not in "
            f"(select load_id from {SCHEMA}.wave_schema_mapping)"
        )
        assert halves == []

    def new_file(self) -> Path:
        """A file that no load has had."""
        self.files += 1
        rows = meta_rows(ROWS, first=self.files, day=f"2024-01-{self.files % 28 + 1:02}")
        for row in rows:
            row[-1] = f"{self.files}.25"
        return self.project.write(f"{self.files}.csv", as_csv([META_HEADER, *rows]))

    def load(self) -> None:
        """A load is whole or not there; again, it is there once."""
        file = str(self.new_file())
        wave = str(self.random.randint(1, 5))
        self.kill("load", "spark9", "load", file, *NAMED, "--wave", wave)
        self.prove()
        assert self.run("spark9", "load", file, *NAMED, "--wave", wave) == 0
        self.prove()
        rows = self.project.query(
            f"select count(*) from {SCHEMA}.raw_data_staging where file_name = '{Path(file).name}'"
        )
        assert rows == [(ROWS,)]
        self._keep_small()

    def roll_back(self) -> None:
        """A wave is taken out whole, or not at all."""
        file = str(self.new_file())
        assert self.run("spark9", "load", file, *NAMED, "--wave", "9") == 0
        self.kill("rollback", "spark9", "wave", "rollback", *NAMED, "--wave", "9")
        left = self.project.query(f"select count(*) from {SCHEMA}.raw_data_staging where wave_number = 9")[0][0]
        assert left in (0, ROWS)
        self.prove()
        if left:
            assert self.run("spark9", "wave", "rollback", *NAMED, "--wave", "9") == 0
        self.prove()

    def replace(self) -> None:
        """The earlier file is there whole, or the new one."""
        first, second = self.new_file(), self.new_file()
        assert self.run("spark9", "load", str(first), *NAMED, "--wave", "8") == 0
        first.write_bytes(second.read_bytes())
        options = ("spark9", "load", str(first), *NAMED, "--wave", "8", "--replace")
        self.kill("load", *options)
        count = self.project.query(
            f"select count(*), count(distinct load_id) from {SCHEMA}.raw_data_staging where wave_number = 8"
        )
        assert count == [(ROWS, 1)]
        self.prove()
        assert self.run(*options) == 0
        self.prove()
        assert self.run("spark9", "wave", "rollback", *NAMED, "--wave", "8") == 0

    def onboard(self) -> None:
        """A client that was half onboarded is whole after the same command again."""
        self.clients += 1
        name = f"client{self.clients}"
        self.kill("onboard", "spark9", "client", "add", name, "meta", "2024")
        assert self.run("spark9", "client", "add", name, "meta", "2024") == 0
        assert self.run("spark9", "client", "check") == 0
        file = str(self.new_file())
        other = ("--client", name, "--platform", "meta", "--year", "2024")
        assert self.run("spark9", "load", file, *other, "--wave", "1") == 0
        assert self.run("spark9", "verify", *other) == 0
        assert self.run("spark9", "client", "drop", name, "meta", "2024", "--yes") == 0

    def build(self) -> None:
        """A build that was cut off is made good by the next."""
        assert self.run("spark9", "load", str(self.new_file()), *NAMED, "--wave", "7") == 0
        select = ("dbt", "--quiet", "build", "--select", f"clients.{SCHEMA}")
        self.kill("build", *select)
        self.prove()
        assert self.run(*select) == 0
        self.prove()
        pending = self.project.query(f"select count(*) from {SCHEMA}.raw_data_staging where not processed_flag")
        assert pending == [(0,)]
        self._keep_small()

    def decide(self) -> None:
        """A decision holds for mapping and rule, or for neither."""
        assert self.run("spark9", "load", str(self.new_file()), *NAMED, "--wave", "6") == 0
        options = ("spark9", "mapping", "set", *NAMED, "--wave", "6", "--column", "Reach", "--default", str(self.files))
        self.kill("mapping", *options)
        rules, mapped = (
            self.project.query(
                f"select count(distinct default_value) from {SCHEMA}.{table} where default_value = '{self.files}'"
            )
            for table in ("column_rules", "wave_schema_mapping")
        )
        assert rules == mapped
        assert self.run(*options) == 0
        self.prove()
        assert self.run("spark9", "wave", "rollback", *NAMED, "--wave", "6") == 0

    def back_up(self) -> None:
        """A backup is there whole or not at all, and those before stay whole."""
        assert self.run("spark9", "load", str(self.new_file()), *NAMED, "--wave", "5") == 0
        self.kill("backup", "spark9", "backup", self.backups)
        assert self.run("spark9", "backups", self.backups, "--verify") == 0
        self.prove()
        assert self.run("spark9", "backup", self.backups) == 0
        assert self.run("spark9", "backups", self.backups, "--verify") == 0
        self._keep_small()

    def restore(self) -> None:
        """What was there before is there, or what the backup has."""
        self._come_back("restore", "spark9", "restore", self.backups, "--replace")

    def undo(self) -> None:
        """The same of one client."""
        self._come_back("undo", "spark9", "undo", "acme/meta/2024", "--from", self.backups)

    def _come_back(self, kind: str, *argv: str) -> None:
        assert self.run("spark9", "backup", self.backups) == 0
        then = self._loads()
        assert self.run("spark9", "load", str(self.new_file()), *NAMED, "--wave", "4") == 0
        now = self._loads()
        self.kill(kind, *argv)
        assert self._loads() in (then, now)
        self.prove()
        assert self.run(*argv) == 0
        assert self._loads() == then
        self.prove()
        assert self.run("spark9", "client", "check") == 0
        for old in self.project.database.parent.glob("*.replaced-*"):
            old.unlink()

    def rebuild(self) -> None:
        """The tables are the same, whenever it ended."""
        assert self.run("spark9", "load", str(self.new_file()), *NAMED, "--wave", "3") == 0
        before = self._loads()
        self.kill("rebuild", "spark9", "rebuild", "acme/meta/2024")
        assert self._loads() == before
        self.prove()
        assert self.run("spark9", "rebuild", "acme/meta/2024") == 0
        assert self._loads() == before
        self.prove()
        self._keep_small()

    def _loads(self) -> list[tuple[object, ...]]:
        return self.project.query(
            "select load_id, wave_number, wave_name, upload_timestamp, count(*), "
            "hash(string_agg(raw_data::varchar order by row_number)) "
            f"from {SCHEMA}.raw_data_staging group by all order by all"
        )

    def _keep_small(self) -> None:
        loaded = self.project.query(f"select distinct wave_number from {SCHEMA}.raw_data_staging")
        if len(loaded) > 3:
            for (wave,) in loaded:
                assert self.run("spark9", "wave", "rollback", *NAMED, "--wave", str(wave)) == 0

    def measure(self, builds: int, *, recovery: bool) -> None:
        """How long each command takes, so that kills fall all over it; builds and recovery only where they are killed."""
        file = str(self.new_file())
        timed: dict[str, tuple[str, ...]] = {
            "onboard": ("spark9", "client", "add", "timed", "meta", "2024"),
            "load": ("spark9", "load", file, *NAMED, "--wave", "1"),
            "build": ("dbt", "--quiet", "build", "--select", f"clients.{SCHEMA}"),
            "mapping": ("spark9", "mapping", "set", *NAMED, "--wave", "1", "--column", "Reach", "--default", "1"),
            "backup": ("spark9", "backup", self.backups),
            "restore": ("spark9", "restore", self.backups, "--replace"),
            "undo": ("spark9", "undo", "acme/meta/2024", "--from", self.backups),
            "rebuild": ("spark9", "rebuild", "acme/meta/2024"),
            "rollback": ("spark9", "wave", "rollback", *NAMED, "--wave", "1"),
        }
        for kind, argv in timed.items():
            if (kind == "build" and not builds) or (kind in RECOVERY and not recovery):
                continue
            if kind in RECOVERY:  # the first backup takes longer than those that are killed
                assert self.run(*argv) == 0, argv
            started = time.monotonic()
            assert self.run(*argv) == 0, argv
            self.seconds[kind] = time.monotonic() - started


def run_kills(
    project: ProjectUnderTest,
    folder: Path,
    seed: int,
    quick: int,
    builds: int,
    *,
    waves: bool = True,
    recovery: bool = False,
) -> Kills:
    """Kill commands until so many were cut off; raises when anything was lost or left half done.

    Args:
        project: with the client acme/meta/2024.
        folder: for the log of what is killed.
        seed: of the moments.
        quick: commands other than builds to cut off.
        builds: builds to cut off.
        waves: kill loads and other changes of waves.
        recovery: kill backups, restores and rebuilds.

    """
    with Worker(folder / "worker.log") as worker:
        kills = Kills(project, worker, random.Random(seed))  # noqa: S311
        kills.measure(builds, recovery=recovery)
        of_waves = [kills.load, kills.load, kills.replace, kills.roll_back, kills.onboard, kills.decide]
        of_recovery = [kills.back_up, kills.restore, kills.undo, kills.rebuild]
        quick_deeds = of_waves * waves + of_recovery * recovery
        while kills.count < quick:
            kills.random.choice(quick_deeds)()
        while kills.cut_off["build"] < builds:
            kills.build()
    return kills
