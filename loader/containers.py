"""What an export came in: as it is, gzipped, in a zip archive, or as a sheet of a workbook.

Whatever it is, the reader gets a plain text file, and the export is known by the SHA-256 of that text: the same export
zipped and not zipped is one export.
"""

from __future__ import annotations

import csv
import datetime
import errno
import gzip
import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from loader.errors import FileRefusedError
from loader.reading_options import ReadingOptions

if TYPE_CHECKING:
    import python_calamine

_CHUNK = 1 << 20
# a spreadsheet keeps numbers as doubles
_EXACT_INTEGERS = 1 << 53
# A table of text packs 5 to 20 times smaller, one that repeats itself up to 100 times
_BOMB_RATIO = 200
_BOMB_FROM_BYTES = 100 << 20
_MOST_LAYERS = 4
# python-calamine takes 2.4 bytes of memory for one of XML (docs/decisions.md)
MAX_WORKBOOK_BYTES = 512 << 20
_EXPORT_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".gz")
# what Python's unpackers raise for archives that are not as they should be; full disks are told apart
_DAMAGE = (
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
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Export:
    """One export, as a text file.

    Args:
        path: the text to read; a temporary file when the original is packed.
        original: the file that the user named.
        part: the member of an archive or the sheet of a workbook; none for a file that is the export itself.
        sha256: of the text, in hexadecimal.
        original_sha256: of the file that the user named.
        encoding: known already where the text was written here.

    """

    path: Path
    original: Path
    part: str | None
    sha256: str
    original_sha256: str
    encoding: str | None = None

    @property
    def name(self) -> str:
        """The file's name, with the part where it has several."""
        return self.original.name if self.part is None else f"{self.original.name}:{self.part}"


@contextmanager
def unpacked(path: Path, options: ReadingOptions) -> Iterator[Export]:
    """Give the export in a file; what was unpacked for it is gone afterwards.

    Args:
        path: the file.
        options: `member` and `sheet` choose where there are several.

    Raises:
        FileRefusedError: the file is missing, damaged, a bomb, or holds several exports and none is chosen.

    """
    with TemporaryDirectory(prefix="spark9-") as folder:
        yield _unpack(path, path, None, options, Path(folder))


def exports_in(path: Path) -> list[str]:
    """The exports in a zip archive, in its order; none for any other file.

    Raises:
        FileRefusedError: the archive is damaged.

    """
    start = _start_of(path)
    if not start.startswith(b"PK\x03\x04") or _is_workbook(path):
        return []
    with _damage_refused(path), zipfile.ZipFile(path) as archive:
        return _members(archive)


def _unpack(path: Path, original: Path, part: str | None, options: ReadingOptions, folder: Path) -> Export:
    start = _start_of(path)
    depth = len(list(folder.iterdir()))
    if depth > _MOST_LAYERS:
        raise FileRefusedError("file-bomb", f"{original} is packed more than {_MOST_LAYERS} times.", "Unpack it.")
    text = folder / f"{depth}.unpacked"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if _is_workbook(path):
            return _sheet(path, original, part, options, text)
        with _damage_refused(original), zipfile.ZipFile(path) as archive:
            members = _members(archive)
            member = _chosen_member(original, members, options.member)
            with archive.open(member) as packed:
                _copy_limited(packed, text, original, archive.getinfo(member).compress_size)
        return _unpack(text, original, member if len(members) > 1 else None, options, folder)
    if start.startswith(_OLD_OFFICE):
        return _sheet(path, original, part, options, text)
    if start.startswith(b"\x1f\x8b"):
        with _damage_refused(original), gzip.open(path) as packed:
            _copy_limited(packed, text, original, path.stat().st_size)
        return _unpack(text, original, part, options, folder)
    digest = sha256_of(path)
    return Export(path, original, part, digest, digest if path == original else sha256_of(original))


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except FileNotFoundError:
        raise FileRefusedError("file-missing", f"There is no file {path}.", "Check the path.") from None
    except IsADirectoryError:
        raise FileRefusedError("file-missing", f"{path} is a folder.", "Name the files in it.") from None
    except OSError as error:
        raise FileRefusedError(
            "file-missing", f"{path} can't be read: {error.strerror}.", "Check its permissions."
        ) from None


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sha256_of_part(sha256: str, part: str) -> str:
    """What one of several tables in a text is known by, which has no text of its own."""
    return hashlib.sha256(f"{sha256} {part}".encode()).hexdigest()


@contextmanager
def _damage_refused(path: Path) -> Iterator[None]:
    try:
        yield
    except (*_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # a full disk, say, is no damage
        problem = "is encrypted" if "password" in str(error) else f"is damaged: {error}"
        raise FileRefusedError(
            "file-damaged", f"{path} {problem}.", "Download it again; an encrypted file has to be unpacked first."
        ) from error


def _copy_limited(packed: IO[bytes] | gzip.GzipFile, goal: Path, original: Path, packed_bytes: int) -> None:
    """Unpack, unless that grows out of all proportion."""
    total = 0
    with goal.open("wb") as text:
        while chunk := packed.read(_CHUNK):
            total += len(chunk)
            if total > _BOMB_FROM_BYTES and total > _BOMB_RATIO * max(packed_bytes, 1):
                raise FileRefusedError(
                    "file-bomb",
                    f"{original} unpacks to more than {_BOMB_RATIO} times its size; no export does that.",
                    "Ask where it comes from. If it is sound, unpack it and load what is in it.",
                )
            text.write(chunk)


def _members(archive: zipfile.ZipFile) -> list[str]:
    """What can be an export: no folders, nothing that a Mac adds; by ending, unless no file has one of an export."""
    files = [
        name
        for name in archive.namelist()
        if not name.endswith("/") and "__MACOSX/" not in name and not name.rpartition("/")[2].startswith(".")
    ]
    return [name for name in files if name.lower().endswith(_EXPORT_ENDINGS)] or files


def _chosen_member(original: Path, members: list[str], wanted: str | None) -> str:
    if not members:
        raise FileRefusedError("file-empty", f"{original} has no file in it.", "Pack it again.")
    found = [name for name in members if wanted in (None, name, name.rpartition("/")[2])]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"'{name}'" for name in members[:10])
    if wanted is not None and not found:
        raise FileRefusedError("no-such-part", f"{original} has no file '{wanted}'; it has {listed}.", "Name one.")
    raise FileRefusedError(
        "several-files", f"{original} holds {len(members)} files: {listed}.", "Choose one with --member."
    )


def _is_workbook(path: Path) -> bool:
    """Whether a zip archive is an Office or OpenDocument workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return any(name.startswith("xl/") for name in names)
            return "content.xml" in names and "mimetype" in names
    except (*_DAMAGE, OSError):
        return False


def _sheet(path: Path, original: Path, part: str | None, options: ReadingOptions, text: Path) -> Export:
    """One sheet of a workbook, its cells written as CSV."""
    import python_calamine  # noqa: PLC0415 - most exports are no workbooks

    _check_workbook_size(path, original)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        sheets = {name: workbook.get_sheet_by_name(name) for name in workbook.sheet_names}
        filled = {name: sheet for name, sheet in sheets.items() if _rows_of(sheet) > 1} or sheets
    except BaseException as error:
        # a fault of the Rust library comes as PanicException, which is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise FileRefusedError(
            "file-damaged", f"{original} can't be read as a workbook: {error}.", "Save it again, as CSV best."
        ) from error
    name = _chosen_sheet(
        original,
        {sheet: _rows_of(filled[sheet]) for sheet in filled if _rows_of(filled[sheet])},
        list(sheets),
        options.sheet,
    )
    with text.open("w", encoding="utf-8", newline="") as goal:
        writer = csv.writer(goal, lineterminator="\n")
        for row in sheets[name].to_python(skip_empty_area=False):
            writer.writerow([_as_text(cell) for cell in row] if any(cell != "" for cell in row) else [])
    several = len(sheets) > 1
    shown = " / ".join(filter(None, [part, name if several else None])) or None
    return Export(text, original, shown, sha256_of(text), sha256_of(original), "utf-8")


def _rows_of(sheet: python_calamine.CalamineSheet) -> int:
    return 0 if sheet.end is None else sheet.end[0] + 1


def _check_workbook_size(path: Path, original: Path) -> None:
    """A workbook is read whole, so its size unpacked is the memory that it takes."""
    if not zipfile.is_zipfile(path):
        return
    total = 0
    with _damage_refused(original), zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                while chunk := member.read(_CHUNK):
                    total += len(chunk)
                    if total > MAX_WORKBOOK_BYTES:
                        raise FileRefusedError(
                            "file-bomb",
                            f"{original} unpacks to more than {MAX_WORKBOOK_BYTES >> 20} MB.",
                            "Save the sheet as CSV and load that.",
                        )


def _chosen_sheet(original: Path, rows: dict[str, int], sheets: list[str], wanted: str | None) -> str:
    listed = ", ".join(f"'{name}' ({rows.get(name, 0)} rows)" for name in sheets[:20])
    if wanted is not None:
        if wanted not in sheets:
            raise FileRefusedError("no-such-part", f"{original} has no sheet '{wanted}'; it has {listed}.", "Name one.")
        return wanted
    if not rows:
        raise FileRefusedError("file-empty", f"{original} has no cells in its sheets.", "Export it again.")
    if len(rows) > 1:
        raise FileRefusedError(
            "several-sheets",
            f"{original} has {len(rows)} sheets with cells: {listed}.",
            "Choose one with --sheet; each sheet is a load of its own.",
        )
    return next(iter(rows))


def _as_text(cell: object) -> str:
    """A workbook's cell as text: what Excel shows without any format, and ISO dates."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # larger whole numbers lost their last digits in the spreadsheet; '1.2e+17' keeps that to be seen
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_INTEGERS else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ") if cell.time() != datetime.time() else cell.date().isoformat()
    if isinstance(cell, (datetime.date, datetime.time, datetime.timedelta)):
        return str(cell)
    return str(cell)
