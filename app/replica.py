"""The read replica: on DuckDB a copy of the database, since its file allows either one writer or readers.

A copy is made whenever the database has changed and nobody is writing it, in a second or two a gigabyte. So a
page never waits for a load or a build, and never delays one for longer than the copy takes.
"""

from __future__ import annotations

import atexit
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, LifoQueue

from loader.errors import Spark9Error, WarehouseBusyError
from loader.filesystem import copy_new, is_left
from loader.warehouses.interface import Session
from loader.workspace import Workspace

_MARK = ".reading."
# a small database is copied before the page is made, a large one beside it
_SECONDS_TO_COPY = 0.8
_SESSIONS_KEPT = 4
_Stamp = tuple[int, ...]


@dataclass(frozen=True)
class Snapshot:
    """What pages read at one moment.

    Args:
        project: its target is what to read; none where nothing is there to read yet.
        as_of: when it was so; UTC.
        key: another one whenever anything may have changed; the cache key of queries.
        is_behind: something newer is being written.
        trouble: why there is nothing newer, in words; empty if there is no problem.
        originals: its target reads the stage, where another may not; none where `project` does.

    """

    project: Workspace | None
    as_of: datetime
    key: str
    is_behind: bool = False
    trouble: str = ""
    originals: Workspace | None = None


class ReadReplica:
    """Maintains a copy of a DuckDB file for pages to read.

    Args:
        project: its target is the database.

    """

    def __init__(self, project: Workspace) -> None:
        """Nothing is copied yet; copies that a process left which is gone are removed."""
        self._project = project
        self._file = project.root / str(project.target.settings["path"])
        self._lock = threading.Lock()
        self._stamp: _Stamp | None = None
        self._copies = 0
        self._current = Snapshot(None, _now(), "")
        self._copying: threading.Thread | None = None
        _remove_left_copies(self._file)
        atexit.register(self.close)

    def current(self) -> Snapshot:
        """What to read now; copies first where that is quick, and goes on with the copy there is where it is not."""
        with self._lock:
            stamp = _stamp_of(self._file)
            if stamp != self._stamp and stamp is not None and self._copying is None:
                self._copying = threading.Thread(target=self._copy, daemon=True)
                self._copying.start()
            copying = self._copying
        if copying is not None:
            copying.join(_SECONDS_TO_COPY)
        with self._lock:
            return replace(self._current, is_behind=_stamp_of(self._file) != self._stamp)

    def close(self) -> None:
        """Remove the copy."""
        for path in self._file.parent.glob(f"{_prefix(self._file)}{os.getpid()}.*"):
            with suppress(OSError):
                path.unlink()

    def _copy(self) -> None:
        goal = self._file.with_name(f"{_prefix(self._file)}{os.getpid()}.{self._copies + 1}.duckdb")
        try:
            # opening it for reading keeps writers out, and fails where one is at work
            with _to_read(self._project, self._file).waiting(0).warehouse.session():
                stamp = _stamp_of(self._file)
                for source, copy in ((_log_of(self._file), _log_of(goal)), (self._file, goal)):
                    if source.is_file():
                        copy_new(source, copy, stat.S_IMODE(source.stat().st_mode))
        except WarehouseBusyError:
            self._settle(None, "")
        except Spark9Error as error:
            self._settle(None, error.problem)
        except OSError as error:
            self._settle(None, f"The database could not be copied for reading: {error.strerror}.")
        else:
            self._settle(goal, "", stamp)

    def _settle(self, copy: Path | None, trouble: str, stamp: _Stamp | None = None) -> None:
        with self._lock:
            self._copying = None
            if copy is None:
                self._current = replace(self._current, trouble=trouble)
                return
            self._copies += 1
            before, self._stamp = self._current.project, stamp
            self._current = Snapshot(_to_read(self._project, copy), _now(), f"{copy.name}")
        if before is not None:
            old = Path(str(before.target.settings["path"]))
            for path in (old, _log_of(old)):
                with suppress(OSError):
                    path.unlink(missing_ok=True)  # who reads it goes on reading it


class Sessions:
    """A few sessions on what is read at one moment, handed from page to page: opening one costs, on Snowflake most."""

    def __init__(self) -> None:
        """None is open yet."""
        self._lock = threading.Lock()
        self._key = ""
        self._free: LifoQueue[_Opened] = LifoQueue()

    @contextmanager
    def session(self, snapshot: Snapshot) -> Iterator[Session]:
        """A session of one's own for a while."""
        assert snapshot.project is not None  # noqa: S101 - pages report that there is nothing before they query
        opened = self._take(snapshot)
        try:
            yield opened.session
        except BaseException:
            opened.close()
            raise
        with self._lock:
            if opened.key == self._key and self._free.qsize() < _SESSIONS_KEPT:
                self._free.put(opened)
                return
        opened.close()

    def _take(self, snapshot: Snapshot) -> _Opened:
        with self._lock:
            if snapshot.key != self._key:
                while not self._free.empty():
                    self._free.get_nowait().close()
                self._key = snapshot.key
            with suppress(Empty):
                return self._free.get_nowait()
        assert snapshot.project is not None  # noqa: S101
        return _Opened(snapshot.key, snapshot.project)


class _Opened:
    """A session that stays open."""

    def __init__(self, key: str, project: Workspace) -> None:
        self.key = key
        self._context = project.waiting(30).warehouse.session()
        self.session = self._context.__enter__()

    def close(self) -> None:
        with suppress(Exception):
            self._context.__exit__(None, None, None)


def _to_read(project: Workspace, file: Path) -> Workspace:
    """The project with a file of DuckDB as its target, which it only reads."""
    settings = {**project.target.settings, "path": str(file), "config_options": {"access_mode": "read_only"}}
    return replace(project, target=replace(project.target, settings=settings, loader_settings=settings))


def _stamp_of(file: Path) -> _Stamp | None:
    """What changes with the database; none where there is no such file."""
    with suppress(FileNotFoundError):
        there = file.stat()
        log = _log_of(file)
        size = log.stat().st_size if log.is_file() else 0
        return there.st_ino, there.st_mtime_ns, there.st_size, size
    return None


def _log_of(file: Path) -> Path:
    """DuckDB's write-ahead log of a database."""
    return file.with_name(f"{file.name}.wal")


def _prefix(file: Path) -> str:
    return f".{file.stem}{_MARK}"


def _remove_left_copies(file: Path) -> None:
    for path in file.parent.glob(f"{_prefix(file)}*"):
        process = path.name.removeprefix(_prefix(file)).partition(".")[0]
        if process.isdigit() and is_left(path, int(process)):
            path.unlink(missing_ok=True)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
