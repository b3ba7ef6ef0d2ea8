"""Find out how an export is written: encoding, delimiter, quotes, and where its header stands.

The headers that the project knows decide, since no title, note or row of data holds several of them; for a file with
none of them clevercsv decides. What neither can tell stops the load, with both readings.
"""

from __future__ import annotations

import codecs
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from loader.errors import FileRefusedError
from loader.exports.containers import Export
from loader.exports.csv_text import csv_reader, with_plain_backslashes
from loader.exports.encodings import encoding_of
from loader.exports.header_rows import Header, SampleLine, find_header, named_header
from loader.exports.headers import PlatformColumns
from loader.exports.options import ReadingOptions

_SAMPLE_BYTES = 1 << 20
_SNIFFED_CHARACTERS = 20_000
_QUOTED_CHARACTERS = 200_000
_HEADER_ROWS = 200
_SAMPLE_CELLS = 60_000
_DELIMITERS = (",", ";", "\t", "|", " ")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)


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
        titles: the lines above the header, which can name the export's period.

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
    titles: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers made unique: an empty one is 'column 3', a repeated one 'Clicks (2)'."""
        return tuple(_unique(self.headers))

    @property
    def delimiter_name(self) -> str:
        """The delimiter as messages name it."""
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
        return names.get(self.delimiter, f"'{self.delimiter}'")


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
    encoding = options.encoding or export.encoding or encoding_of(export, sample)
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
    lines: list[SampleLine]
    header: Header | None

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
    return _Reading(delimiter, quote, backslash, skips_spaces, lines, find_header(lines, known))


def _sample_rows(text: str, delimiter: str, quote: str, *, backslash: bool, skips_spaces: bool) -> Iterator[SampleLine]:
    lines = io.StringIO(with_plain_backslashes(text, quote) if backslash else text, newline="")
    reader = csv_reader(lines, delimiter, quote, backslash=backslash, skips_spaces=skips_spaces)
    before = cells = 0
    for row in itertools.islice(reader, _HEADER_ROWS):
        yield SampleLine(before, reader.line_num, row)
        before = reader.line_num
        cells += len(row)
        if cells > _SAMPLE_CELLS:
            return


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


def _usual_width(lines: Sequence[SampleLine]) -> int:
    widths = Counter(len(line.cells) for line in lines if any(cell.strip() for cell in line.cells))
    return max(widths, key=lambda width: (widths[width] * min(width, 2), width), default=0)


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
    header = named_header(export, lines, reading.width, header)
    last = lines[header.first + header.rows - 1]
    return _made(encoding, reading, last.after, lines[header.first].before + 1, header.names)


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
        titles=tuple(
            reading.delimiter.join(line.cells).strip(f" \t{reading.delimiter}")
            for line in reading.lines
            if line.before + 1 < header_line
        ),
    )


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
