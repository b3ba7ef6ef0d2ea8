"""A backup: database, stage and registry as they were at one moment, while loads wait for seconds."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from loader.clients.ledger import write_ledgers
from loader.clients.registry import Registry
from loader.errors import Spark9Error
from loader.filesystem import is_left
from loader.log import StepNotice, no_notice
from loader.project.project import Project
from loader.workspace import Workspace
from ops.recovery.errors import RecoveryError
from ops.recovery.store import Snapshot, Store

DATABASE, STAGE, PROJECT, BESIDE = "database", "stage/", "project/", "beside/"
# what the registry consists of, and what is generated from it or stands beside that
REGISTRY_FILES = ("seeds/clients.csv", "seeds/client_access.csv", "models/clients/**/*", "macros/registry/*")
# DuckDB's header, and a block of it: blocks that did not change are the same pieces (docs/decisions/0056)
_HEADER, _BLOCK = 12_288, 262_144
_PIECE = 4 << 20
# days, weeks and months of which the last backup is kept
_KEPT = ((7, "%Y-%m-%d"), (4, "%G-%V"), (12, "%Y-%m"))


@dataclass(frozen=True)
class BackupResult:
    """What a backup did.

    Args:
        snapshot: the backup.
        files: how many files it has.
        size: their bytes.
        written: bytes written for them; the others were there.
        seconds_locked: how long loads waited.
        removed: earlier backups that the rule no longer keeps.

    """

    snapshot: Snapshot
    files: int
    size: int
    written: int
    seconds_locked: float
    removed: int


def back_up(workspace: Workspace, target: str, *, on_step: StepNotice = no_notice) -> BackupResult:
    """Back up database, stage and registry to a folder or bucket; only what is new there is written.

    Args:
        workspace: from `open_workspace()`.
        target: a folder, or a location such as s3://bucket/folder.
        on_step: called with each step and the share of the work done, 0 to 1.

    Raises:
        RecoveryError: the place can't be written, another backup writes to it, or the key is wrong.
        WarehouseBusyError: the warehouse stayed locked.
        WarehouseRefusedError: the database is damaged, or no file.

    """
    warehouse = workspace.file_warehouse
    database = workspace.database_file
    if database is None or not database.exists():
        problem = f"There is no database to back up: {database} does not exist."
        raise RecoveryError("nothing-to-back-up", problem, "Check SPARK9_DUCKDB_PATH and the target.")
    store = Store(target, create=True)
    with store.locked(), beside(database, "backup") as copy:
        on_step("reading what is there", 0.0)
        before = {}
        with suppress(IndexError, RecoveryError):
            before = store.read_list(store.snapshots()[-1])
        writing = _Writing(store, before)
        write_ledgers(workspace, Registry(workspace).clients())
        on_step("originals", 0.1)
        writing.take(_stage_files(workspace), first_pass=True)
        on_step("waiting for the database", 0.4)
        with warehouse.frozen(copy):
            taken_at, started = datetime.now(UTC), time.monotonic()
            writing.files.clear()
            writing.take([*_stage_files(workspace), *_registry_files(workspace)])
            seconds = time.monotonic() - started
        on_step("database", 0.5)
        writing.take([(DATABASE, copy)])
        for path in sorted(database.parent.glob("*.sqlite")):  # what the pages save there
            copy.unlink()
            with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
                old.backup(new)
                writing.take([(f"{BESIDE}{path.name}", copy)])
        snapshot = store.write_list(taken_at, writing.files)
        on_step("removing old backups", 0.95)
        removed = _remove_old(store)
        size = sum(int(file["size"]) for file in writing.files.values())
        return BackupResult(snapshot, len(writing.files), size, writing.written, seconds, removed)


def kept_by_rule(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """The backups that are kept: all of the last day, and the last of each of 7 days, 4 weeks and 12 months.

    Args:
        snapshots: the earliest first.

    """
    if not snapshots:
        return []
    kept = {one for one in snapshots if snapshots[-1].taken_at - one.taken_at <= timedelta(days=1)}
    for count, period in _KEPT:
        last_of = {one.taken_at.strftime(period): one for one in snapshots}
        kept.update([*last_of.values()][-count:])
    return sorted(kept)


@contextmanager
def beside(database: Path, purpose: str) -> Iterator[Path]:
    """A hidden file beside a database, gone at the end; those that killed processes left go now.

    Args:
        database: the database.
        purpose: a word of its name.

    """
    start = f".{database.name}.{purpose}."
    for left in database.parent.glob(f"{start}*"):
        pid = left.name.removeprefix(start).partition(".")[0]
        if pid.isdigit() and is_left(left, int(pid)):
            left.unlink(missing_ok=True)
    path = database.with_name(f"{start}{os.getpid()}")
    database.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield path
    finally:
        for end in ("", ".wal"):
            path.with_name(f"{path.name}{end}").unlink(missing_ok=True)


class _Writing:
    """The files of a backup as they are written."""

    def __init__(self, store: Store, before: dict[str, Any]) -> None:
        self._store = store
        self._there = store.pieces()
        self._before = before
        self.files: dict[str, Any] = {}
        self.written = 0

    def take(self, files: Sequence[tuple[str, Path]], *, first_pass: bool = False) -> None:
        """Store files that are not known to be there as they are; in the first pass one may go meanwhile."""
        for name, path in files:
            with suppress(*([FileNotFoundError] if first_pass else [])):
                there = path.stat()
                known = self._before.get(name, {"size": None, "changed": None})
                is_as_before = (known["size"], known["changed"]) == (there.st_size, there.st_mtime_ns)
                if not (is_as_before and self._there.issuperset(known["pieces"])):
                    known = self._stored(name, path, there)
                self.files[name] = self._before[name] = known

    def _stored(self, name: str, path: Path, there: os.stat_result) -> dict[str, Any]:
        pieces = []
        for piece, written in self._store.put_all(pieces_of(path, is_database=name == DATABASE), self._there):
            pieces.append(piece)
            self.written += written
        return {"size": there.st_size, "changed": there.st_mtime_ns, "pieces": pieces}


def pieces_of(path: Path, *, is_database: bool) -> Iterator[bytes]:
    """The content of a file in pieces; of a database, its header and its blocks."""
    with path.open("rb") as file:
        if is_database:
            yield file.read(_HEADER)
        while piece := file.read(_BLOCK if is_database else _PIECE):
            yield piece


def _stage_files(project: Project) -> list[tuple[str, Path]]:
    stage = project.stage_folder
    return [(f"{STAGE}{path.relative_to(stage).as_posix()}", path) for path in _files_in(stage, "**/*")]


def _registry_files(project: Project) -> list[tuple[str, Path]]:
    found = [path for pattern in REGISTRY_FILES for path in _files_in(project.root, pattern)]
    return [(f"{PROJECT}{path.relative_to(project.root).as_posix()}", path) for path in found]


def _files_in(folder: Path, pattern: str) -> list[Path]:
    """Files, and neither links nor what is still being written."""
    return sorted(
        path for path in folder.glob(pattern) if path.is_file() and not path.is_symlink() and path.name[0] != "."
    )


def _remove_old(store: Store) -> int:
    """Remove backups that the rule does not keep, and pieces that only they have; none where a list is damaged."""
    there = store.snapshots()
    kept = kept_by_rule(there)
    old = [snapshot for snapshot in there if snapshot not in kept]
    with suppress(Spark9Error):
        if old:
            used = {piece for one in kept for file in store.read_list(one).values() for piece in file["pieces"]}
            store.remove(old, store.pieces() - used)
            return len(old)
    return 0
