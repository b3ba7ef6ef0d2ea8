"""The container of an export: none, gzip, a zip archive, or a sheet of a workbook.

Whatever it is, the reader gets a plain text file, and the export is known by the SHA-256 of that text: the same export
zipped and not zipped is one export.
"""

from __future__ import annotations

import gzip
import hashlib
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from loader.errors import Answer, FileRefusedError
from loader.files.damaged_archives import damaged_archives_refused
from loader.files.options import ReadingOptions
from loader.files.workbooks import Sheet, hidden_rows_of, is_workbook, write_sheet
from loader.filesystem import copies_last, sha256_of, temporary_folder

_CHUNK = 1 << 20
# A table of text packs 5 to 20 times smaller, one that repeats itself up to 100 times
_BOMB_RATIO = 200
_BOMB_FROM_BYTES = 100 << 20
_MOST_BYTES = 8 << 30
_MOST_LAYERS = 4
EXPORT_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".gz")
_START_BYTES = 512
_MARKUP = {
    "a web page (HTML)": (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta ", b"<style", b"mime-version:"),
    "an XML file": (b"<?xml", b"<workbook"),
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Export:
    """One export, as a text file.

    Args:
        path: the text to read; a temporary file when the original is packed.
        original: the file that the user named.
        part: the member of an archive or the sheet of a workbook; none for a file that is the export itself.
        table: which of several tables in the text is meant, from 1; none for all of it.
        sha256: of the text, in hexadecimal; of one of several tables, what it is known by in place of a text of its
            own.
        original_sha256: of the file that the user named.
        sheet: the sheet of a workbook that the text was written from; none for other files.

    """

    path: Path
    original: Path
    part: str | None
    table: int | None
    sha256: str
    original_sha256: str
    sheet: Sheet | None = None

    @property
    def load_id(self) -> str:
        """The name of a load of it in all tables: the start of the SHA-256."""
        return self.sha256[:16]

    @property
    def encoding(self) -> str | None:
        """The encoding, where the text was written here."""
        return "utf-8" if self.sheet else None

    @property
    def hidden_rows(self) -> Path | None:
        """A CSV file of the rows that a spreadsheet does not show; none where there are none."""
        return hidden_rows_of(self.path) if self.sheet and self.sheet.has_hidden_rows else None

    @property
    def name(self) -> str:
        """The file's name, with the part and the table where it has several."""
        part = "" if self.part is None else f":{self.part}"
        return f"{self.original.name}{part}" + ("" if self.table is None else f"#{self.table}")


@contextmanager
def unpacked(path: Path, options: ReadingOptions) -> Iterator[Export]:
    """The export in a file; temporary unpacked files are removed afterwards.

    Args:
        path: the file.
        options: `member`, `sheet` and `table` choose where there are several.

    Raises:
        FileRefusedError: the file is missing, damaged, a bomb, or holds several exports and none is chosen.

    """
    with temporary_folder() as folder:
        text, part, sheet = _unpack(path, path, None, options, folder)
        digest = sha256_of(text)
        original_digest = digest if text == path else sha256_of(path)
        if options.table is not None:
            digest = hashlib.sha256(f"{digest} table {options.table}".encode()).hexdigest()
        yield Export(text, path, part, options.table, digest, original_digest, sheet)


def each_export(files: Sequence[Path], options: ReadingOptions) -> Iterator[tuple[Path, ReadingOptions]]:
    """Each file, and each member of an archive with several where none is chosen; later downloads of one behind it.

    Raises:
        FileRefusedError: an archive is damaged.

    """
    for file in copies_last(files):
        members = exports_in(file) if options.member is None and file.is_file() else []
        if len(members) < 2:
            yield file, options
        for member in copies_last(members) if len(members) > 1 else []:
            yield file, replace(options, member=member)


def exports_in(path: Path) -> list[str]:
    """The exports in a zip archive, in its order; none for any other file.

    Raises:
        FileRefusedError: the archive is damaged.

    """
    start = _start_of(path)
    if not start.startswith(b"PK\x03\x04") or is_workbook(path):
        return []
    with damaged_archives_refused(path), zipfile.ZipFile(path) as archive:
        return _members(archive)


def _unpack(
    path: Path, original: Path, part: str | None, options: ReadingOptions, folder: Path
) -> tuple[Path, str | None, Sheet | None]:
    """The text of an export, the part of the original that it is, and the sheet where it is one."""
    start = _start_of(path)
    depth = len(list(folder.iterdir()))
    if depth > _MOST_LAYERS:
        raise FileRefusedError(
            "file-bomb", f"{original} is compressed more than {_MOST_LAYERS} times over.", "Unpack it first."
        )
    text = folder / f"{depth}.unpacked"
    is_zip = start.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if start.startswith(_OLD_OFFICE) or (is_zip and is_workbook(path)):
        sheet = write_sheet(path, original, options.sheet, text)
        return text, " / ".join(filter(None, [part, sheet.name])) or None, sheet
    if is_zip:
        with damaged_archives_refused(original), zipfile.ZipFile(path) as archive:
            members = _members(archive)
            member = _chosen_member(original, members, options.member)
            with archive.open(member) as packed:
                _copy_limited(packed, text, original)
        return _unpack(text, original, member if len(members) > 1 else None, options, folder)
    if start.startswith(b"\x1f\x8b"):
        with damaged_archives_refused(original), gzip.open(path) as packed:
            _copy_limited(packed, text, original)
        return _unpack(text, original, part, options, folder)
    _refuse_markup(start, original)
    return path, part, None


def _refuse_markup(start: bytes, original: Path) -> None:
    """Stop at web pages and XML, which many systems write under the ending .xls."""
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    kind = next((kind for kind, beginnings in _MARKUP.items() if text.startswith(beginnings)), None)
    if kind:
        raise FileRefusedError(
            "not-a-table",
            f"{original} is {kind}, not a workbook or CSV, whatever its name says.",
            "Open it in a spreadsheet and save it as .xlsx or CSV; then load that.",
        )


def _start_of(path: Path) -> bytes:
    try:
        if not path.is_dir() and not stat.S_ISREG(path.stat().st_mode):
            raise FileRefusedError(
                "file-missing", f"{path} is a pipe or a device, not a file.", "Save what it gives as a file."
            )
        with path.open("rb") as file:
            return file.read(_START_BYTES)
    except FileNotFoundError:
        raise FileRefusedError("file-missing", f"The file {path} does not exist.", "Check the path.") from None
    except IsADirectoryError:
        raise FileRefusedError("file-missing", f"{path} is a folder.", "Name the files in it instead.") from None
    except OSError as error:
        raise FileRefusedError(
            "file-missing", f"{path} can't be read: {error.strerror}.", "Check its permissions."
        ) from None


def _copy_limited(packed: IO[bytes] | gzip.GzipFile, goal: Path, original: Path) -> None:
    """Unpack, unless the result grows out of all proportion to the file that the user named."""
    allowed = min(_MOST_BYTES, max(_BOMB_FROM_BYTES, _BOMB_RATIO * original.stat().st_size))
    allowed -= sum(layer.stat().st_size for layer in goal.parent.iterdir())
    with goal.open("wb") as text:
        while chunk := packed.read(_CHUNK):
            allowed -= len(chunk)
            if allowed < 0:
                raise FileRefusedError(
                    "file-bomb",
                    f"{original} unpacks to more than {_BOMB_RATIO} times its size, or to more than "
                    f"{_MOST_BYTES >> 30} GB.",
                    "Check where it comes from. If you trust it, unpack it and load its contents.",
                )
            text.write(chunk)


def _members(archive: zipfile.ZipFile) -> list[str]:
    """What can be an export: no folders, nothing that a Mac adds; by ending, unless no file has one of an export."""
    files = [
        name
        for name in archive.namelist()
        if not name.endswith("/") and "__MACOSX/" not in name and not name.rpartition("/")[2].startswith(".")
    ]
    return [name for name in files if name.lower().endswith(EXPORT_ENDINGS)] or files


def _chosen_member(original: Path, members: list[str], wanted: str | None) -> str:
    if not members:
        raise FileRefusedError("file-empty", f"{original} contains no file.", "Create the archive again.")
    found = [name for name in members if wanted in (None, name, name.rpartition("/")[2])]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"'{name}'" for name in members[:10])
    if wanted is not None and not found:
        raise FileRefusedError(
            "no-such-part", f"{original} has no file '{wanted}'; it has {listed}.", "Name one of these."
        )
    raise FileRefusedError(
        "several-files",
        f"{original} holds {len(members)} files: {listed}.",
        "Choose one with --member.",
        [Answer("member", name, name) for name in members],
    )
