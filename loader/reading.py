"""Read an export, whatever its encoding and dialect, into rows of text.

The first rows decide the dialect (`recognise`), DuckDB reads the file (`read_rows`); a file that DuckDB's strict reader
refuses (ragged rows) is evened out first, losing no cell.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import duckdb

from loader.errors import FileRefusedError
from loader.headers import PlatformColumns
from loader.names import quote_identifier

TABLE = "memory.main.export_rows"
# a name that no header can have: headers are trimmed
ROW_NUMBER = " row number"
_SAMPLE_BYTES = 1 << 20
_HEADER_ROWS = 40
_DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0")  # zip and xlsx, gzip, PDF, old Office
_CONTROL_BYTES = [bytes([byte]) for byte in range(1, 32) if chr(byte) not in "\t\n\r\x0c"]
csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Dialect:
    """How an export is written.

    Args:
        encoding: a Python codec name.
        delimiter: between cells.
        skipped_lines: lines before the header (titles, date ranges).
        headers: as they stand in the file.

    """

    encoding: str
    delimiter: str
    skipped_lines: int
    headers: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers made unique: an empty one is 'column 3', a repeated one 'Clicks (2)'."""
        return tuple(_unique(self.headers))

    @property
    def delimiter_name(self) -> str:
        """The delimiter as messages name it."""
        return {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}[self.delimiter]


def recognise(path: Path, known: PlatformColumns) -> Dialect:
    """Find out how a file is written, from its first megabyte.

    Args:
        path: the export.
        known: the headers by which the header row is told from titles above it.

    Raises:
        FileRefusedError: the file is missing, empty, not text, or has no header row.

    """
    with _open_file(path) as file:
        sample = file.read(_SAMPLE_BYTES)
    if not sample.strip(b"\0\r\n\t ,;" + codecs.BOM_UTF8 + codecs.BOM_UTF16_LE):
        raise FileRefusedError("file-empty", f"{path} is empty.", "Export the file again, and check the date range.")
    encoding = _encoding(path, sample)
    whole = len(sample) < _SAMPLE_BYTES
    text = codecs.getincrementaldecoder(encoding)(errors="strict" if whole else "ignore").decode(sample, final=whole)
    best = max((_read_as(text, delimiter, known) for delimiter in _DELIMITERS), key=lambda reading: reading[0])
    _, delimiter, skipped, headers = best
    if not any(header.strip() for header in headers):
        raise FileRefusedError(
            "no-header", f"{path} has no header row in its first {_HEADER_ROWS} rows.", "Open it and look."
        )
    return Dialect(encoding, delimiter, skipped, tuple(header.strip() for header in headers))


def read_rows(path: Path, dialect: Dialect, connection: duckdb.DuckDBPyConnection) -> Dialect:
    """Read all rows of a file into the table TABLE: row_number (from 1), then a text column a header.

    Args:
        path: the export.
        dialect: from `recognise()`.
        connection: an in-memory DuckDB.

    Returns:
        The dialect, with columns added for cells beyond the last header.

    Raises:
        FileRefusedError: the file has no rows under its header, or can't be read as CSV at all.

    """
    with ExitStack() as cleanup:
        source = path
        if dialect.encoding not in ("utf-8", "utf-8-sig"):
            source = _temporary(cleanup)
            _to_utf8(path, dialect, source)
        try:
            _load(connection, source, dialect)
        except duckdb.Error:
            evened = _temporary(cleanup)
            dialect = _even_out(path, dialect, evened)
            try:
                _load(connection, evened, replace(dialect, delimiter=",", skipped_lines=0))
            except duckdb.Error as error:
                raise FileRefusedError(
                    "file-unreadable", f"{path} can't be read as CSV: {str(error).splitlines()[0]}.", "Export it again."
                ) from error
    if connection.execute(f"select count(*) from {TABLE}").fetchall() == [(0,)]:
        raise FileRefusedError(
            "no-rows",
            f"{path} has a header with {len(dialect.headers)} columns, but no rows.",
            "Export the file again, and check the date range.",
        )
    return dialect


def row_as_json(columns: Sequence[str]) -> str:
    """The SQL expression of a row of TABLE as one JSON object, keyed by header."""
    cells = ", ".join(f"{_literal(name)}: {quote_identifier(name)}" for name in columns)
    return f"to_json({{{cells}}})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _open_file(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise FileRefusedError("file-missing", f"There is no file {path}.", "Check the path.") from None
    except IsADirectoryError:
        raise FileRefusedError("file-missing", f"{path} is a folder.", "Name the files in it.") from None
    except PermissionError:
        raise FileRefusedError("file-missing", f"{path} may not be read.", "Check its permissions.") from None


def _encoding(path: Path, sample: bytes) -> str:
    """UTF-8, UTF-16 by mark or by its zero bytes, else Windows-1252 or, where that has no such character, Latin-1."""
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        even, odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
        if max(even, odd) > len(sample[:4096]) // 8:
            return "utf-16-le" if odd > even else "utf-16-be"
    if sample.startswith(_NO_TEXT) or sum(map(sample.count, _CONTROL_BYTES)) > len(sample) // 50:
        raise FileRefusedError("not-text", f"{path} is not a text file.", "Unpack it, or save it as CSV.")
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            _decode_all(path, encoding)
            return encoding
    return "latin-1"  # in which every byte is a character


def _decode_all(path: Path, encoding: str) -> None:
    with path.open(encoding=encoding, newline="") as file:
        while file.read(_SAMPLE_BYTES):
            pass


def _read_as(text: str, delimiter: str, known: PlatformColumns) -> tuple[tuple[int, int], str, int, list[str]]:
    """Read the sample with one delimiter: how well it fits, and the header row that it gives."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    for row in itertools.islice(reader, _HEADER_ROWS):
        rows.append((before, row))
        before = reader.line_num
    widths = [len(row) for _, row in rows]
    counts = [(known.count_known(row), len([cell for cell in row if cell.strip()])) for _, row in rows]
    # the row with the most known headers; among rows with none, the first that is as wide as most rows are
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    position = max(
        range(len(rows)), key=lambda at: (counts[at][0], widths[at] == usual and counts[at][1] > 0, -at), default=0
    )
    skipped, headers = rows[position] if rows else (0, [])
    while (
        len(headers) > 1
        and not headers[-1].strip()
        and all(len(row) < len(headers) or not row[len(headers) - 1].strip() for _, row in rows[position + 1 :])
    ):
        headers = headers[:-1]
    return (counts[position][0] if rows else 0, len(headers)), delimiter, skipped, headers


def _unique(headers: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for position, header in enumerate(headers, 1):
        base = name = header or f"column {position}"
        copy = 2
        # DuckDB's column names, unlike JSON keys, do not tell case apart
        while name.casefold() in seen:
            name = f"{base} ({copy})"
            copy += 1
        seen.add(name.casefold())
        yield name


def _load(connection: duckdb.DuckDBPyConnection, source: Path, dialect: Dialect) -> None:
    columns = dialect.columns
    struct = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in columns)
    cells = ", ".join(quote_identifier(name) for name in columns)
    connection.execute(
        f"create or replace table {TABLE} as "
        f"select row_number() over () as {quote_identifier(ROW_NUMBER)}, {cells} "
        f"from read_csv(?, auto_detect = false, header = true, all_varchar = true, delim = ?, quote = '\"', "
        f"escape = '\"', skip = {dialect.skipped_lines}, max_line_size = 67108864, columns = {{{struct}}})",
        [str(source), dialect.delimiter],
    )


def _to_utf8(path: Path, dialect: Dialect, goal: Path) -> None:
    with (
        path.open(encoding=dialect.encoding, errors="replace", newline="") as source,
        goal.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(_SAMPLE_BYTES):
            copy.write(text)


def _even_out(path: Path, dialect: Dialect, goal: Path) -> Dialect:
    """Write the file again with as many cells in each row; cells beyond the headers get columns of their own."""
    with path.open(encoding=dialect.encoding, errors="replace", newline="") as source:
        width = max((len(row) for row in _records(source, dialect)), default=0)
    headers = dialect.headers + ("",) * max(0, width - len(dialect.headers))
    with (
        path.open(encoding=dialect.encoding, errors="replace", newline="") as source,
        goal.open("w", encoding="utf-8", newline="") as copy,
    ):
        writer = csv.writer(copy, quoting=csv.QUOTE_ALL)
        writer.writerow(headers)
        for row in _records(source, dialect):
            writer.writerow(row + [""] * (len(headers) - len(row)))
    return replace(dialect, headers=headers)


def _records(file: TextIO, dialect: Dialect) -> Iterator[list[str]]:
    """The rows under the header; lines without any cell are not rows."""
    for _ in range(dialect.skipped_lines):
        file.readline()
    reader = csv.reader((line.replace("\0", "") for line in file), delimiter=dialect.delimiter, strict=False)
    next(reader, None)
    return (row for row in reader if row)


def _temporary(cleanup: ExitStack) -> Path:
    folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="spark9-"))
    return Path(folder) / "export.csv"
