"""Packed files that are not as they should be."""

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

# what Python's unpackers raise for archives that are not as they should be; full disks are told apart
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
    """Turn what unpackers raise into the refusal of a damaged or encrypted file.

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
            "file-damaged", f"{path} {problem}.", "Download it again; an encrypted file has to be unpacked first."
        ) from error
