"""Find out how an export is written: encoding, delimiter, quotes, and where its header stands.

The headers that the project knows decide, since no title, note or row of data holds several of them; for a file with
none of them clevercsv decides. What neither can tell stops the load, with both readings.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loader.containers import Export
from loader.errors import FileRefusedError
from loader.headers import PlatformColumns
from loader.reading_options import ReadingOptions

_SAMPLE_BYTES = 1 << 20
_SNIFFED_CHARACTERS = 20_000
_QUOTED_CHARACTERS = 200_000
_HEADER_ROWS = 200
_SAMPLE_CELLS = 60_000
_MOST_HEADER_ROWS = 3
_DELIMITERS = (",", ";", "\t", "|", " ")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PAR1", b"Rar!", b"7z\xbc\xaf", b"SQLite format")
_CONTROL_BYTES = [bytes([byte]) for byte in range(1, 32) if chr(byte) not in "\t\n\r\x0c"]
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
_VALUE = re.compile(
    r"[-+(]?[^\w\s]{0,2}\s?[0-9][0-9.,'’\s]*\s?[^\w\s]{0,2}[)]?|[0-9]{1,4}[-/.][0-9A-Za-z]{1,4}[-/.][0-9]{1,4}.*"
)
_UNIT = re.compile(r"[(\[]?([A-Z]{3}|[%#$€£¥]|[a-z]{1,4}\.?)[)\]]?")
csv.field_size_limit(1 << 30)


class CsvRows(Protocol):
    """What csv.reader gives: rows, and the line that it has come to."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """The rows."""

    def __next__(self) -> list[str]:
        """The next row."""


class CsvWriter(Protocol):
    """What csv.writer gives."""

    def writerow(self, row: Sequence[str], /) -> object:
        """Write a row."""


@dataclass(frozen=True)
class Dialect:
    """How an export is written.

    Args:
        encoding: a Python codec name.
        delimiter: between cells.
        quote: around cells; '' for none.
        backslash: whether a backslash escapes a quote within a cell.
        skipped_lines: lines before the first row under the header.
        header_line: the line of the header, from 1; 0 when the file has none.
        headers: one a column, as the plan shows them.
        skips_spaces: whether spaces after a delimiter are no part of the cell.
        table: which of the file's tables, from 1; none when it has one.
        is_cut_off: the last row is short and has no line end; known when the rows are read.
        nul_bytes: whether there are any; known when the rows are read.

    """

    encoding: str
    delimiter: str
    quote: str
    backslash: bool
    skipped_lines: int
    header_line: int
    headers: tuple[str, ...]
    skips_spaces: bool = False
    table: int | None = None
    is_cut_off: bool = False
    nul_bytes: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers made unique: an empty one is 'column 3', a repeated one 'Clicks (2)'."""
        return tuple(_unique(self.headers))

    @property
    def delimiter_name(self) -> str:
        """The delimiter as messages name it."""
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
        return names.get(self.delimiter, f"'{self.delimiter}'")


@dataclass(frozen=True)
class _Line:
    """A row of the sample, and the lines of the file before it and up to its end."""

    before: int
    after: int
    cells: list[str]


@dataclass(frozen=True)
class _Header:
    """Where a header stands in the sample, and how well it is known."""

    first: int
    rows: int
    names: list[str]
    known: int


def recognise(export: Export, known: PlatformColumns, options: ReadingOptions | None = None) -> Dialect:
    """Find out how a file is written, from its first megabyte.

    Args:
        export: from `unpacked()`.
        known: the headers by which the header row is told from titles above it.
        options: what the user says; it is not questioned.

    Raises:
        FileRefusedError: the file is empty or not text, or there are two ways to read it.

    """
    options = options or ReadingOptions()
    with export.path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if not sample.strip(b"\0\r\n\t ,;|" + codecs.BOM_UTF8 + codecs.BOM_UTF16_LE):
        raise FileRefusedError(
            "file-empty", f"{export.original} is empty.", "Export the file again, and check the date range."
        )
    encoding = options.encoding or export.encoding or _encoding(export, sample)
    whole = len(sample) < _SAMPLE_BYTES
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace" if whole else "ignore")
    text = decoder.decode(sample, final=whole).replace("\0", "").removeprefix("\ufeff")
    separator = _SEPARATOR_LINE.fullmatch(text.split("\n", 1)[0] + "\n") if options.delimiter is None else None
    delimiters = [options.delimiter] if options.delimiter else [separator[1]] if separator else list(_DELIMITERS)
    readings = [_read_as(text, delimiter, options, known) for delimiter in delimiters]
    best = max(readings, key=lambda reading: reading.fit)
    if len(readings) > 1 and (best.header is None or best.header.known < min(2, best.width)):
        best = _without_known_headers(export, text, readings)
    return _dialect(export, encoding, best, options)


@dataclass(frozen=True)
class _Reading:
    """The sample read with one delimiter."""

    delimiter: str
    quote: str
    backslash: bool
    skips_spaces: bool
    lines: list[_Line]
    header: _Header | None

    @property
    def width(self) -> int:
        """The usual number of cells in a row; 0 without any row of two."""
        return _usual_width(self.lines)

    @property
    def evenness(self) -> float:
        """The share of rows that are as wide as usual."""
        rows = [line for line in self.lines if any(cell.strip() for cell in line.cells)]
        return sum(len(line.cells) == self.width for line in rows) / max(len(rows), 1)

    @property
    def fit(self) -> tuple[int, float, int]:
        """How well the header is known: in number, in share, and how wide the rows are."""
        if self.header is None:
            return 0, 0.0, self.width
        return self.header.known, self.header.known / len(self.header.names), self.width

    def shown(self) -> str:
        """The first row of it, for a message."""
        cells = next((line.cells for line in self.lines if len(line.cells) == self.width), [""])
        shown = " | ".join(cell[:20] for cell in cells[:6])
        return f"{self.width} columns ({shown}{' | ...' if len(cells) > 6 else ''})"


def _read_as(text: str, delimiter: str, options: ReadingOptions, known: PlatformColumns) -> _Reading:
    quote, backslash = _quoting(text, delimiter) if options.quote is None else (options.quote, '\\"' in text)
    skips_spaces = delimiter == " " or (bool(quote) and text.count(f"{delimiter} {quote}") > 0)
    lines = list(_sample_rows(text, delimiter, quote, backslash=backslash, skips_spaces=skips_spaces))
    return _Reading(delimiter, quote, backslash, skips_spaces, lines, _find_header(lines, known))


def _sample_rows(text: str, delimiter: str, quote: str, *, backslash: bool, skips_spaces: bool) -> Iterator[_Line]:
    lines = io.StringIO(with_plain_backslashes(text, quote) if backslash else text, newline="")
    reader = csv_reader(lines, delimiter, quote, backslash=backslash, skips_spaces=skips_spaces)
    before = cells = 0
    for row in itertools.islice(reader, _HEADER_ROWS):
        yield _Line(before, reader.line_num, row)
        before = reader.line_num
        cells += len(row)
        if cells > _SAMPLE_CELLS:
            return


def csv_reader(
    lines: io.TextIOBase | Iterator[str], delimiter: str, quote: str, *, backslash: bool, skips_spaces: bool
) -> CsvRows:
    """Python's CSV reader for a dialect; it never refuses a row."""
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, skipinitialspace=skips_spaces)
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote,
        escapechar="\\" if backslash else None,
        strict=False,
        skipinitialspace=skips_spaces,
    )


def with_plain_backslashes(text: str, quote: str) -> str:
    """Text for a reader that takes backslashes for escapes: those that escape no quote are doubled."""
    return re.sub(r"\\(\\|" + (quote or '"') + r")|\\", lambda found: found[0] if found[1] else r"\\", text)


def _quoting(text: str, delimiter: str) -> tuple[str, bool]:
    """The quote that opens and closes cells, and whether a backslash escapes it."""
    text = text[:_QUOTED_CHARACTERS]
    edge = re.escape(delimiter)
    whole = {
        quote: len(re.findall(f"(?:^|{edge} ?){quote}[^{quote}]*{quote}(?=$|{edge})", text, re.MULTILINE))
        for quote in ('"', "'")
        if quote in text
    }
    quote = "'" if whole.get("'", 0) > whole.get('"', 0) else '"'
    if quote not in text:
        return quote, False
    # a backslash before a quote that closes its cell is a backslash
    escapes = len(re.findall(rf"\\{quote}(?!\s*(?:$|{edge}))", text, re.MULTILINE))
    doubled = len(re.findall(rf"(?<!{edge}){quote}{quote}(?!\s*(?:$|{edge}))", text, re.MULTILINE))
    return quote, escapes > doubled


def _usual_width(lines: Sequence[_Line]) -> int:
    widths = Counter(len(line.cells) for line in lines if any(cell.strip() for cell in line.cells))
    return max(widths, key=lambda width: (widths[width] * min(width, 2), width), default=0)


def _find_header(lines: Sequence[_Line], known: PlatformColumns) -> _Header | None:
    """The row, or the two or three rows, with the most known headers; none where no row has any."""
    best: _Header | None = None
    for first, line in enumerate(lines):
        if known.count_known(line.cells) == 0 and not _can_begin_header(line.cells):
            continue
        for rows in range(1, _MOST_HEADER_ROWS + 1):
            part = [entry.cells for entry in lines[first : first + rows]]
            if len(part) < rows or (rows > 1 and not _can_continue_header(part[-1])):
                break
            names = _joined(part, known)
            header = _Header(first, rows, names, known.count_known(names))
            # more known headers, then more names that differ, then fewer rows
            if header.known and (best is None or _rank(header) > _rank(best)):
                best = header
    return best


def _rank(header: _Header) -> tuple[int, int, int]:
    return header.known, len(set(filter(None, header.names))), -header.rows


def _can_begin_header(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and not looks_like_values(filled)


def _can_continue_header(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and not looks_like_values(filled)


def looks_like_names(cells: Sequence[str]) -> bool:
    """Whether no cell holds a figure or a date."""
    return not any(_VALUE.fullmatch(cell.strip()) for cell in cells)


def looks_like_values(cells: Sequence[str]) -> bool:
    """Whether any cell holds a figure or a date."""
    return any(_VALUE.fullmatch(cell.strip()) for cell in cells)


def _joined(rows: Sequence[Sequence[str]], known: PlatformColumns) -> list[str]:
    """One name a column from several header rows: the joined one if it is known, else the lowest or uppermost known."""
    if len(rows) == 1:
        return [cell.strip() for cell in rows[0]]
    width = max(len(row) for row in rows)
    names = []
    for position in range(width):
        parts = [row[position].strip() if position < len(row) else "" for row in rows]
        filled = list(filter(None, parts))
        joined = " ".join(filled)
        options = [joined, *reversed(filled)]
        names.append(next((name for name in options if known.count_known([name])), filled[-1] if filled else ""))
    return names


def _without_known_headers(export: Export, text: str, readings: Sequence[_Reading]) -> _Reading:
    """The delimiter of a file with no known header: clevercsv's choice, unless the rows speak for another."""
    wide = [reading for reading in readings if reading.width > 1]
    if not wide:
        return readings[0]
    even = max(wide, key=lambda reading: (round(reading.evenness, 1), reading.width))
    import clevercsv  # noqa: PLC0415 - most exports have headers that are known

    lines = text[:_SNIFFED_CHARACTERS].splitlines(keepends=True)
    sniffed = None
    with suppress(Exception):  # it fails in many ways on what is no table
        found = clevercsv.Sniffer().sniff("".join(lines[:-1] or lines))
        sniffed = found.delimiter if found else None
    chosen = next((reading for reading in readings if reading.delimiter == sniffed), even)
    if chosen is even or chosen.evenness < even.evenness - 0.1 or chosen.width < 2:
        return even
    if even.evenness < chosen.evenness - 0.1:
        return chosen
    raise FileRefusedError(
        "delimiter-unsure",
        f"{export.original} can be read in two ways: with {even.delimiter!r} it has {even.shown()}, "
        f"with {chosen.delimiter!r} {chosen.shown()}.",
        "Say which with --delimiter.",
    )


def _dialect(export: Export, encoding: str, reading: _Reading, options: ReadingOptions) -> Dialect:
    lines, header = reading.lines, reading.header
    if options.header_row == 0:
        first = next((line for line in lines if len(line.cells) == reading.width), lines[0])
        names = list(options.columns or [""] * len(first.cells))
        return _made(encoding, reading, first.before, 0, names)
    if options.header_row is not None:
        chosen = next((line for line in lines if line.before < options.header_row <= line.after), None)
        if chosen is None or not any(cell.strip() for cell in chosen.cells):
            raise FileRefusedError(
                "no-header", f"{export.original} has no header in line {options.header_row}.", "Open it and look."
            )
        return _made(encoding, reading, chosen.after, options.header_row, chosen.cells)
    if header is None or (header.known < 2 and reading.width > 2):
        header = _guessed_header(export, reading) if header is None or header.known == 0 else header
        if header.known == 1 and looks_like_values(lines[header.first].cells):
            header = _guessed_header(export, reading)
    header = _with_groups(lines, _with_units(lines, header))
    last = lines[header.first + header.rows - 1]
    names = _trimmed(header.names, [line.cells for line in lines[header.first + header.rows :]])
    return _made(encoding, reading, last.after, lines[header.first].before + 1, names)


def _made(encoding: str, reading: _Reading, skipped: int, header_line: int, names: Sequence[str]) -> Dialect:
    return Dialect(
        encoding=encoding,
        delimiter=reading.delimiter,
        quote=reading.quote,
        backslash=reading.backslash,
        skipped_lines=skipped,
        header_line=header_line,
        headers=tuple(" ".join(name.split()) for name in names),
        skips_spaces=reading.skips_spaces,
    )


def _guessed_header(export: Export, reading: _Reading) -> _Header:
    """The first row as wide as most, if it has names only; a row with figures in it is data."""
    lines = reading.lines
    first = next((at for at, line in enumerate(lines) if len(line.cells) == reading.width and any(line.cells)), 0)
    cells = lines[first].cells if lines else []
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        raise FileRefusedError(
            "no-header", f"{export.original} has no header row in its first {len(lines)} rows.", "Open it and look."
        )
    if looks_like_values(filled):
        shown = " | ".join(cell[:20] for cell in cells[:8])
        raise FileRefusedError(
            "no-header",
            f"{export.original}: no row holds a known header, and line {lines[first].before + 1} could be data as well"
            f" as a header: {shown}.",
            f"If it is the header, say --header-row {lines[first].before + 1}; if the file has none, say --header-row 0"
            " or name its columns with --columns.",
        )
    return _Header(first, 1, [cell.strip() for cell in cells], 0)


def _with_units(lines: Sequence[_Line], header: _Header) -> _Header:
    """The header with the row of units that can stand under it."""
    at = header.first + header.rows
    if at >= len(lines) or header.rows >= _MOST_HEADER_ROWS:
        return header
    units = [cell.strip() for cell in lines[at].cells]
    filled = [cell for cell in units if cell]
    if not filled or len(filled) * 2 > len(units) or not all(_UNIT.fullmatch(cell) for cell in filled):
        return header
    names = [
        f"{name} ({unit.strip('()[]')})" if unit else name
        for name, unit in itertools.zip_longest(header.names, units, fillvalue="")
    ]
    return _Header(header.first, header.rows + 1, names, header.known)


def _with_groups(lines: Sequence[_Line], header: _Header) -> _Header:
    """Repeated names told apart by the groups that stand above them."""
    counts = Counter(name.casefold() for name in header.names if name)
    if header.first == 0 or not any(count > 1 for count in counts.values()):
        return header
    groups = [cell.strip() for cell in lines[header.first - 1].cells]
    if (
        len(groups) < 2
        or len(set(filter(None, groups))) < 2
        or any(_VALUE.fullmatch(group) for group in groups if group)
    ):
        return header
    spread: list[str] = []
    for group in groups:
        spread.append(group or (spread[-1] if spread else ""))
    names = [
        f"{spread[position]} {name}".strip() if counts[name.casefold()] > 1 and position < len(spread) else name
        for position, name in enumerate(header.names)
    ]
    return _Header(header.first, header.rows, names, header.known)


def _trimmed(names: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The names without empty ones at the end that have no cells under them."""
    while (
        len(names) > 1
        and not names[-1].strip()
        and all(len(r) < len(names) or not r[len(names) - 1].strip() for r in rows)
    ):
        names = names[:-1]
    return names


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


def _encoding(export: Export, sample: bytes) -> str:
    """UTF-8, UTF-16 by mark or by its zero bytes, else Windows-1252 or, where that has no such character, Latin-1."""
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        even, odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
        if max(even, odd) > len(sample[:4096]) // 8 and min(even, odd) * 4 < max(even, odd):
            return "utf-16-le" if odd > even else "utf-16-be"
    controls = sum(map(sample.count, _CONTROL_BYTES)) + sample.count(0)
    no_text = FileRefusedError("not-text", f"{export.original} is not a text file.", "Save it as CSV.")
    if sample.startswith(_NO_TEXT) or controls * 5 > len(sample):
        raise no_text
    valid, invalid, example = _utf8_characters(export.path)
    if invalid == 0:
        return "utf-8"
    if controls * 50 > len(sample):
        raise no_text
    if valid >= 4 * invalid:
        raise FileRefusedError(
            "encoding-unsure",
            f"{export.original} is UTF-8 but for {invalid} bytes (one is in {example!r}); read as Windows-1252 its "
            f"{valid} other special characters would come out wrong.",
            "Say --encoding utf-8 (the bytes become question marks) or --encoding cp1252.",
        )
    with suppress(UnicodeDecodeError):
        _decode_all(export.path, "cp1252")
        return "cp1252"
    return "latin-1"  # in which every byte is a character


def _utf8_characters(path: Path) -> tuple[int, int, str]:
    """How many special characters a file has as UTF-8, how many bytes are none, and the text around one of those."""
    with suppress(UnicodeDecodeError):
        decoder = codecs.getincrementaldecoder("utf-8")()
        with path.open("rb") as file:
            while chunk := file.read(_SAMPLE_BYTES):
                if decoder.getstate()[0] or not chunk.isascii():
                    decoder.decode(chunk)
        decoder.decode(b"", final=True)
        return 0, 0, ""
    valid = invalid = 0
    example = ""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        while text := file.read(_SAMPLE_BYTES):
            bad = text.count("\ufffd")
            if bad and not example:
                at = text.index("\ufffd")
                example = " ".join(text[max(at - 10, 0) : at + 10].split())
            invalid += bad
            valid += len(text) - len(text.encode("ascii", "ignore")) - bad
    return valid, invalid, example


def _decode_all(path: Path, encoding: str) -> None:
    with path.open(encoding=encoding, newline="") as file:
        while file.read(_SAMPLE_BYTES):
            pass
