"""Damaged or encrypted archives."""

from __future__ import annotations

import errno
import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loader.errors import FileRefusedError

# what Python's unpackers raise for damaged archives; a full disk is handled separately
DAMAGE = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    OverflowError,
)


@contextmanager
def damaged_archives_refused(path: Path) -> Iterator[None]:
    """Turn unpacking errors into the refusal of a damaged or encrypted file.

    Args:
        path: the file that the user named.

    Raises:
        FileRefusedError: in place of any error of DAMAGE.

    """
    try:
        yield
    except (*DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # a full disk, say, is no damage
        problem = "is encrypted" if "password" in str(error) else f"is damaged: {error}"
        raise FileRefusedError(
            "file-damaged", f"{path} {problem}.", "Download it again. If it is encrypted, unpack it first."
        ) from error
