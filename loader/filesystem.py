"""What is done with files everywhere: known by their SHA-256, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TypeVar

_CHUNK = 1 << 20
# less a moment, by which the time of a file may be behind
_STARTED = time.time() - 1
_Name = TypeVar("_Name", str, Path)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def one_file(path: Path | str) -> str:
    """A path as DuckDB's readers take it for one file: 'export[1].csv' would be a pattern that finds export1.csv."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path))


def copies_last(names: Sequence[_Name]) -> list[_Name]:
    """Names or paths as they come, but 'report.csv' before 'report (1).csv', a browser's name for a later download."""
    parts = {name: re.fullmatch(r"(.*?) ?[(]([0-9]{1,3})[)]((?:[.][^./]*)+)", str(name)) for name in names}
    originals = {name: f"{copy[1]}{copy[3]}" if copy else str(name) for name, copy in parts.items()}
    first: dict[str, int] = {}
    for place, name in enumerate(names):
        first.setdefault(originals[name], place)
    numbers = {name: int(copy[2]) if copy else 0 for name, copy in parts.items()}
    return sorted(names, key=lambda name: (first[originals[name]], numbers[name]))


def write_atomically(path: Path, text: str) -> None:
    """Put a new file in the old one's place, whole or not at all; a file with the same content is not touched.

    Args:
        path: the file; its folder is made where it is missing, and its permissions stay.
        text: what it holds, written as UTF-8.

    """
    if path.is_file() and path.read_bytes() == text.encode():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="")
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def copy_new(source: Path, goal: Path, mode: int) -> None:
    """Copy a file to a name of its own, with its permissions from the start; what lies there goes first.

    Args:
        source: the file.
        goal: the copy; a link of that name is not followed.
        mode: the copy's permissions, of which the umask takes away.

    """
    goal.unlink(missing_ok=True)
    with source.open("rb") as old, open(goal, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as new:
        shutil.copyfileobj(old, new, _CHUNK)


def make_private(folder: Path) -> Path:
    """Make a folder that only its owner may enter; one that is there is left as it is, for whoever shares it."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def is_running(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_left(path: Path, pid: int) -> bool:
    """Whether a temporary file or folder of a process is one that nobody will remove.

    A container gives its processes the same numbers each time: what is older than this process is not its own.
    """
    if pid != os.getpid():
        return not is_running(pid)
    with suppress(OSError):
        return path.stat().st_mtime < _STARTED
    return False


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is gone at the end; those that killed processes of this machine left go now."""
    ours = f"spark9-{platform.node()}-"
    for left in Path(tempfile.gettempdir()).glob(f"{ours}*"):
        pid = left.name.removeprefix(ours).partition("-")[0]
        if pid.isdigit() and is_left(left, int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{ours}{os.getpid()}-") as folder:
        yield Path(folder)


def exit_on_signals() -> None:
    """Have SIGTERM and SIGHUP end this process as an exception does, so that its temporary files go with it."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores it
            signal.signal(number, leave)
