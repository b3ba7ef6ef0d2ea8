"""Where backups are: pieces, each named by what it holds, and a list of files for each backup.

A piece is written once and never changed. The list of a backup comes last, so a backup that was cut off is not there,
and what it wrote serves the next one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import platform
import re
import secrets
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from loader.errors import ExitCode
from loader.filesystem import is_running
from ops.recovery.errors import RecoveryError, damaged
from ops.recovery.place import Place

KEY_VARIABLE = "SPARK9_BACKUP_KEY"
_HEAD, _LOCK, _FORMAT = "spark9-backups.json", "lock", 1
_SHORTEST_KEY = 16
_AT_ONCE = 8
_NONCE = 12
# a lock of another machine that is older was left by a backup that was killed
_LONGEST_BACKUP_SECONDS = 6 * 3600
_SNAPSHOT = re.compile(r"(\d{8}T\d{6}Z-[0-9a-f]{4})\.([0-9a-f]{64})")
_TIME = "%Y%m%dT%H%M%SZ"
_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass(frozen=True, order=True)
class Snapshot:
    """One backup.

    Args:
        id: its name, which begins with its time.
        digest: names its list of files by id and content, as pieces are named.

    """

    id: str
    digest: str

    @property
    def taken_at(self) -> datetime:
        """When; UTC."""
        return datetime.strptime(self.id.partition("-")[0], _TIME)

    @property
    def file(self) -> str:
        """Where its list of files is."""
        return f"snapshots/{self.id}.{self.digest}"


class Store:
    """The backups in one place.

    Args:
        target: a folder, or a location such as s3://bucket/folder.
        create: make it a place for backups if it is none yet.

    Raises:
        RecoveryError: it can't be reached, has no backups, or the key is missing or wrong.

    """

    def __init__(self, target: str, *, create: bool = False) -> None:
        """Find the place and its key."""
        self.target = target
        self._place = Place(target)
        self._key: bytes | None = None
        secret = os.environ.get(KEY_VARIABLE, "")
        try:
            head = json.loads(self._place.read(_HEAD))
        except FileNotFoundError:
            if not create:
                raise RecoveryError(
                    "no-backup", f"{target} has no backups.", "Check the name, or make one: spark9 backup TARGET"
                ) from None
            head = self._begin(secret)
        self._open(head, secret)

    def _begin(self, secret: str) -> dict[str, Any]:
        if secret and len(secret) < _SHORTEST_KEY:
            raise _wrong_key(
                f"{KEY_VARIABLE} is shorter than {_SHORTEST_KEY} characters.", "Use one of: openssl rand -base64 32"
            )
        salt = secrets.token_bytes(16) if secret else b""
        self._key = _key_of(secret, salt)
        head = {"format": _FORMAT, "salt": salt.hex(), "check": self.name_of(b"spark9")}
        self._place.write(_HEAD, json.dumps(head).encode())
        return head

    def _open(self, head: Mapping[str, Any], secret: str) -> None:
        if head["format"] != _FORMAT:
            problem = f"The backups in {self.target} are of another version of spark9 (format {head['format']})."
            raise RecoveryError("backup-unreachable", problem, "Use that version to read them.")
        if secret and not head["salt"]:
            raise _wrong_key(
                f"{KEY_VARIABLE} is set, but the backups in {self.target} are not encrypted.",
                f"Name a new place for encrypted backups, or unset {KEY_VARIABLE}.",
            )
        self._key = _key_of(secret, bytes.fromhex(head["salt"]))
        if not hmac.compare_digest(self.name_of(b"spark9"), head["check"]):
            problem = "is not the one that they were encrypted with" if secret else "is not set"
            raise _wrong_key(
                f"The backups in {self.target} are encrypted, and {KEY_VARIABLE} {problem}.",
                "Set it to their key. Without it nobody can read them.",
            )

    @property
    def is_encrypted(self) -> bool:
        """Whether only the key reads them."""
        return self._key is not None

    def name_of(self, content: bytes) -> str:
        """What a piece is named; without the key of encrypted ones, nobody can tell what is in a piece of this name."""
        digest = hashlib.sha256(content).digest()
        return hmac.new(self._key, digest, "sha256").hexdigest() if self._key else digest.hex()

    def pieces(self) -> set[str]:
        """The names of the pieces that are there."""
        return set(self._place.names("objects"))

    def put_all(self, pieces: Iterable[bytes], there: set[str]) -> Iterator[tuple[str, int]]:
        """Store pieces that are not there yet, several at once; the name of each, and how many bytes were written.

        Args:
            pieces: contents.
            there: the names that are there; new ones are added.

        """

        def put(content: bytes) -> tuple[str, int]:
            name = self.name_of(content)
            if name in there:
                return name, 0
            closed = self._closed(content)
            self._place.write(_place_of(name), closed)
            there.add(name)
            return name, len(closed)

        return _side_by_side(put, pieces)

    def get_all(self, names: Iterable[str]) -> Iterator[bytes]:
        """What pieces hold, in their order.

        Raises:
            RecoveryError: one is missing, or is not what it was.

        """
        return _side_by_side(self._get, names)

    def _get(self, name: str) -> bytes:
        what = f"A piece of the backup, {_place_of(name)} in {self.target},"
        content = self._opened(_place_of(name), what)
        if not hmac.compare_digest(self.name_of(content), name):
            raise damaged(what, "was changed")
        return content

    def snapshots(self) -> list[Snapshot]:
        """The backups that are there, the earliest first."""
        found = map(_SNAPSHOT.fullmatch, self._place.names("snapshots"))
        return sorted(Snapshot(match[1], match[2]) for match in found if match)

    def snapshot(self, at: str | None) -> Snapshot:
        """The last backup, the one of an id, or the last that was taken by a time.

        Args:
            at: an id, or a time (UTC) such as 2026-11-30T18:00.

        Raises:
            RecoveryError: there is none.

        """
        there = self.snapshots()
        chosen = [snapshot for snapshot in there if snapshot.id == at]
        if not chosen:
            until = as_time(at) if at else datetime.max
            chosen = [snapshot for snapshot in there if snapshot.taken_at <= until]
        if not chosen:
            earliest = f"; the earliest is {there[0].id}" if there else ""
            problem = f"{self.target} has no backup{f' by {at}' if at else ''}{earliest}."
            raise RecoveryError("no-backup", problem, "See what there is: spark9 backups TARGET")
        return chosen[-1]

    def read_list(self, snapshot: Snapshot) -> dict[str, Any]:
        """The files of a backup, as backup.py wrote them.

        Raises:
            RecoveryError: it is missing, or is not what it was.

        """
        what = f"The list of files of the backup {snapshot.id}"
        content = self._opened(snapshot.file, what)
        if not hmac.compare_digest(self.name_of(snapshot.id.encode() + content), snapshot.digest):
            raise damaged(what, "was changed")
        return dict(json.loads(content))

    def write_list(self, taken_at: datetime, files: Mapping[str, Any]) -> Snapshot:
        """Write the files of a backup, which makes it one."""
        content = json.dumps(files).encode()
        name = f"{taken_at:{_TIME}}-{secrets.token_hex(2)}"
        snapshot = Snapshot(name, self.name_of(name.encode() + content))
        self._place.flush()  # the pieces are on the disk before what lists them
        self._place.write(snapshot.file, self._closed(content))
        return snapshot

    def remove(self, snapshots: Sequence[Snapshot], pieces: Iterable[str]) -> None:
        """Remove backups, then pieces that no other has."""
        names = [*(snapshot.file for snapshot in snapshots), *map(_place_of, pieces)]
        list(_side_by_side(self._place.remove, names))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other backups out of this place: one that removes pieces would take those that another counts on.

        Raises:
            RecoveryError: another one is at work.

        """
        mine = json.dumps({"host": platform.node(), "pid": os.getpid(), "since": time.time()}).encode()
        if not self._place.create(_LOCK, mine):
            self._refuse_if_at_work()
            self._place.remove(_LOCK)
            if not self._place.create(_LOCK, mine):
                self._refuse_if_at_work()
        try:
            yield
        finally:
            self._place.remove(_LOCK)

    def _refuse_if_at_work(self) -> None:
        with suppress(FileNotFoundError, ValueError):
            holder = json.loads(self._place.read(_LOCK))
            is_here = holder["host"] == platform.node()
            is_old = time.time() - holder["since"] > _LONGEST_BACKUP_SECONDS
            is_gone = is_here and (holder["pid"] == os.getpid() or not is_running(holder["pid"]))
            if not (is_old or is_gone):
                raise RecoveryError(
                    "backup-busy",
                    f"Another backup writes to {self.target} (process {holder['pid']} on {holder['host']}).",
                    "Wait until it is done. What a killed one left counts for six hours on other machines.",
                    ExitCode.BUSY,
                )

    def _closed(self, content: bytes) -> bytes:
        packed = zlib.compress(content, 1)
        if self._key is None:
            return packed
        nonce = secrets.token_bytes(_NONCE)
        return nonce + bytes(_cipher(self._key).encrypt(nonce, packed, None))

    def _opened(self, name: str, what: str) -> bytes:
        try:
            stored = self._place.read(name)
            if self._key is not None:
                stored = bytes(_cipher(self._key).decrypt(stored[:_NONCE], stored[_NONCE:], None))
            return zlib.decompress(stored)
        except FileNotFoundError:
            raise damaged(what, "is missing") from None
        except Exception as error:
            if not isinstance(error, ValueError | zlib.error) and type(error).__name__ != "InvalidTag":
                raise
            raise damaged(what, "was changed") from error


def _side_by_side(work: Callable[[_In], _Out], items: Iterable[_In]) -> Iterator[_Out]:
    """What work gives for each item, in their order; a few are at work or in memory at once."""
    rest = iter(items)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while some := list(islice(rest, 2 * _AT_ONCE)):
            yield from pool.map(work, some)


def _key_of(secret: str, salt: bytes) -> bytes | None:
    """The key of a secret; none without one, and none for backups that are not encrypted."""
    if not secret or not salt:
        return None
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=32)


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - only for encrypted backups

    return AESGCM(key)


def _wrong_key(problem: str, remedy: str) -> RecoveryError:
    return RecoveryError("backup-key-wrong", problem, remedy)


def _place_of(name: str) -> str:
    return f"objects/{name[:2]}/{name}"


def as_time(text: str) -> datetime:
    """A time as people give it, in UTC.

    Raises:
        RecoveryError: it is none.

    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        problem = f"'{text}' is neither the id of a backup nor a time."
        remedy = "Give a time in UTC such as 2026-11-30T18:00, or an id of: spark9 backups TARGET"
        raise RecoveryError("no-backup", problem, remedy) from None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
