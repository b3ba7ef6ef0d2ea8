"""The drills of docs/runbooks: lose something, follow the runbook, measure. Writes docs/runbooks/DRILLS.md.

Example: python -m tests.faults.drills
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tests.golden.tables import hashes_of_database
from tests.support import NAMED, ROOT, SCHEMA, ProjectUnderTest, copy_project
from tests.written import META_HEADER, as_csv, meta_rows

PAGE = ROOT / "docs" / "runbooks" / "DRILLS.md"
WAVES, ROWS = 6, 5_000
# what says when something was done, and so is another after a recovery
_LOGS = ("processing_log", "processing_steps", "build_runs", "waves_by_step", "processing_status_today")
KEYS = ("the key of the backups before", "the key of the backups since")


@dataclass
class Drill:
    """A project with two clients and a backup, of which each drill has a copy."""

    project: ProjectUnderTest
    target: str
    seconds: float = 0.0

    def step(self, *argv: str) -> str:
        """A step of a runbook, as a user runs it; what it said."""
        started = time.monotonic()
        run = self.project.spark9_alone(*argv)
        self.seconds += time.monotonic() - started
        assert run.code == 0, (argv, run.text)
        return run.text

    def tables(self) -> dict[str, str]:
        """What all tables hold, but for logs."""
        found = hashes_of_database(self.project.database)
        return {name: rows for name, rows in found.items() if not name.endswith(_LOGS)}

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the project."""
        path = self.project.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def wrong_delete(drill: Drill) -> str:
    """A client is dropped, and a wave rolled back."""
    before = drill.tables()
    drill.project.spark9("client", "drop", "acme/meta/2024", "--yes")
    drill.step("undo", "acme/meta/2024", "--from", drill.target)
    drill.step("build")
    assert drill.tables() == before
    return "the last backup; all tables equal to those before"


def bad_release(drill: Drill) -> str:
    """A release computes CPM wrongly, and all is built with it."""
    before = drill.tables()
    file, right, wrong = "macros/marts/rate_parts.sql", "'factor': 1000", "'factor': 7777"
    drill.edit(file, right, wrong)
    drill.project.spark9("build")
    assert drill.tables() != before
    drill.edit(file, wrong, right)
    drill.step("build")
    now = drill.tables()
    assert now == before, sorted(set(now.items()) ^ set(before.items()))
    return "nothing lost; all tables equal to those before"


def lost_machine(drill: Drill) -> str:
    """Another machine, with a checkout of the project alone."""
    before = drill.tables()
    drill.project = ProjectUnderTest(copy_project(drill.project.root.parent / "new machine"))
    drill.step("restore", drill.target)
    drill.step("build")
    assert drill.tables() == before
    return "the last backup; all tables equal to those before"


def lost_database(drill: Drill) -> str:
    """The file is gone, and no backup is at hand."""
    before = drill.tables()
    drill.project.database.unlink()
    drill.step("rebuild", "--all")
    drill.step("build")
    assert drill.tables() == before
    return "the last load; all tables equal to those before"


def damaged_database(drill: Drill) -> str:
    """The file was changed on the disk."""
    before = drill.tables()
    content = drill.project.database.read_bytes()
    drill.project.database.write_bytes(content[:12_800] + b"changed" * 50 + content[13_150:])
    assert drill.project.spark9("status").code == 1
    drill.step("restore", drill.target)
    assert drill.tables() == before
    return "the last backup; all tables equal to those before"


def lost_stage(drill: Drill) -> str:
    """All originals are gone."""
    shutil.rmtree(drill.project.root / "warehouse" / "stage")
    assert drill.project.spark9("verify", "--all").code == 6
    drill.step("restore", drill.target, "--originals")
    drill.step("verify", "--all")
    return "the last backup; later originals by loading their files again; every wave verified"


def corrupted_client(drill: Drill) -> str:
    """Somebody changed raw rows with SQL."""
    before = drill.tables()
    drill.project.change(f"update {SCHEMA}.raw_data_staging set raw_data = '{{}}' where wave_number = 2")
    assert drill.project.spark9("verify", *NAMED).code == 6
    drill.step("rebuild", "acme/meta/2024")
    drill.step("build")
    assert drill.tables() == before
    return "the last load; all tables equal to those before"


def leaked_key(drill: Drill) -> str:
    """The key of the backups became known: another place, with another key."""
    os.environ["SPARK9_BACKUP_KEY"] = KEYS[1]
    drill.step("backup", f"{drill.target} 2")
    drill.step("backups", f"{drill.target} 2", "--verify")
    shutil.rmtree(drill.target)
    return "nothing lost; the earlier backups are removed"


def region_lost(_drill: Drill) -> str:
    """A Snowflake region is gone."""
    return "not drilled: it takes two accounts; the runbook has the statements"


DRILLS: dict[str, Callable[[Drill], str]] = {
    function.__name__: function
    for function in (
        *(wrong_delete, bad_release, lost_machine, lost_database, damaged_database, lost_stage, corrupted_client),
        *(leaked_key, region_lost),
    )
}


def prepared(folder: Path) -> Drill:
    """Two clients with built waves, and a backup."""
    drill = Drill(ProjectUnderTest(copy_project(folder / "project")), str(folder / "backups"))
    for client in ("acme", "other"):
        key = drill.project.add(client, "meta", 2024)
        for wave in range(1, WAVES + 1):
            rows = meta_rows(ROWS, day=f"2024-{wave:02}-01", first=wave * ROWS)
            file = drill.project.write(f"{client}{wave}.csv", as_csv([META_HEADER, *rows]))
            drill.project.load(file, wave, key, wave_name=f"Wave {wave}")
    assert drill.project.spark9("build").code == 0
    os.environ["SPARK9_BACKUP_KEY"] = KEYS[0]
    drill.step("backup", drill.target)
    return drill


def run_drill(name: str, first: Drill, folder: Path) -> tuple[float, str]:
    """One drill in a copy; the seconds of its steps, and what came back."""
    folder.mkdir()
    os.environ["SPARK9_BACKUP_KEY"] = KEYS[0]
    shutil.copytree(first.target, folder / "backups")
    drill = Drill(first.project.copy(folder), str(folder / "backups"))
    point = DRILLS[name](drill)
    return drill.seconds, point


def main() -> int:
    """Run every drill and write the page; 1 when one failed."""
    rows, failed = [], 0
    with tempfile.TemporaryDirectory(prefix="spark9-drills-") as folder:
        first = prepared(Path(folder))
        size = first.project.database.stat().st_size / 1e6
        for name, drill in DRILLS.items():
            try:
                seconds, point = run_drill(name, first, Path(folder) / name)
            except AssertionError:
                traceback.print_exc()
                seconds, point, failed = 0.0, "FAILED", 1
            print(f"{name}: {seconds:.1f} s, {point}", flush=True)  # noqa: T201
            page = "lost_database" if name == "damaged_database" else name
            time_taken = f"{seconds:.0f} s" if seconds else "-"
            rows.append(f"| [{name}]({page}.md) | {drill.__doc__} | {time_taken} | {point} |")
    PAGE.write_text(report(rows, size), encoding="utf-8")
    return failed


def report(rows: Sequence[str], megabytes: float) -> str:
    """The text of the page."""
    lines = "\n".join(rows)
    return f"""# Drills

Written by `make drills` on {datetime.now(UTC):%Y-%m-%d}, on {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB
{duckdb.__version__}: two clients with {WAVES} waves of {ROWS:,} rows each, a database of {megabytes:.0f} MB, encrypted backups in a folder. The time is
that of the runbook's commands, one process each; tables are compared by hashes of all their rows, without logs and clocks.

| drill | what happened | recovery time | recovery point |
|---|---|---:|---|
{lines}
"""


if __name__ == "__main__":
    sys.exit(main())
