"""A folder or a bucket in which files are written whole or not at all, by fsspec."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from loader.errors import ExitCode, disk_full, is_disk_full
from loader.filesystem import make_private
from ops.recovery.errors import RecoveryError

_REMOTE = {"skip_instance_cache": True, "use_listings_cache": False}
_ERRORS_OF = ("botocore", "aiobotocore", "aiohttp")


class Place:
    """A folder, or a location such as s3://bucket/folder; names of files are relative to it."""

    def __init__(self, target: str) -> None:
        """Nothing is asked yet."""
        self.target = target
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - only for backups

            found: tuple[Any, str] = url_to_fs(target, **(_REMOTE if "://" in target else {}))
        except (ImportError, ValueError) as error:
            raise RecoveryError(
                "backup-unreachable",
                f"Nothing can be written to {target}: {error}.",
                "Name a folder or s3://bucket/folder; `make install` installs what S3 needs.",
            ) from error
        self._files, self._root = found
        self.is_folder = "file" in self._files.protocol

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            FileNotFoundError: it is not there.

        """
        with self._translated():
            return bytes(self._files.cat_file(f"{self._root}/{name}"))

    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole or not at all; in a folder only its owner may read it."""
        with self._translated(is_write=True):
            if not self.is_folder:
                self._files.pipe_file(f"{self._root}/{name}", content)
                return
            path = Path(self._root, name)
            make_private(path.parent)
            temporary = path.with_name(f".{path.name}.{os.getpid()}")
            try:
                with open(temporary, "wb", opener=_private) as file:
                    file.write(content)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)

    def create(self, name: str, content: bytes) -> bool:
        """Write a file that must not be there yet; whether it was not."""
        with self._translated(is_write=True):
            try:
                self._files.pipe_file(f"{self._root}/{name}", content, mode="create")
            except FileExistsError:
                return False
            except OSError as error:
                if "PreconditionFailed" in repr(error) or "pre-conditions" in str(error):
                    return False
                raise
            return True

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder and below it, without their folders; none of those still being written."""
        with self._translated():
            found = [path.rpartition("/")[2] for path in self._files.find(f"{self._root}/{folder}")]
        return [name for name in found if not name.startswith(".")]

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self._translated(), suppress(FileNotFoundError):
            self._files.rm_file(f"{self._root}/{name}")

    def flush(self) -> None:
        """Have what was written on the disk."""
        if self.is_folder:
            os.sync()

    @contextmanager
    def _translated(self, *, is_write: bool = False) -> Iterator[None]:
        """Turn what a folder or S3 refuses into errors that say what to do."""
        try:
            yield
        except Exception as error:
            if isinstance(error, FileNotFoundError) and not is_write:
                raise
            if is_disk_full(error):
                raise disk_full(f"{self.target} can't be written: the disk is full.") from error
            if not isinstance(error, OSError) and type(error).__module__.partition(".")[0] not in _ERRORS_OF:
                raise
            raise RecoveryError(
                "backup-unreachable",
                f"{self.target} can't be used: {str(error).rstrip('.') or type(error).__name__}.",
                "Check the folder and your permission to write it; for S3 AWS_ENDPOINT_URL, AWS_REGION and the keys.",
                ExitCode.FAILED,
            ) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
