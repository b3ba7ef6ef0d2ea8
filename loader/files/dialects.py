"""Detect how an export is written: encoding, delimiter, quotes, and the position of its header.

The headers that the project knows decide, since no title, note or row of data holds several of them; for a file with
none of them the evenness of the rows decides, and where clevercsv objects the load stops with both candidates.
"""

from __future__ import annotations

import codecs
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from loader.errors import Answer, FileRefusedError
from loader.files.containers import Export
from loader.files.csv_text import (
    COMMA_SPACE,
    csv_reader,
    has_nul_escapes,
    has_quotes_inside,
    is_spaced,
    split_loosely,
    with_doubled_quotes,
    with_plain_backslashes,
    without_line_quotes,
    without_stray_quotes,
)
from loader.files.encodings import encoding_of
from loader.files.header_rows import Header, SampleLine, find_header, named_header
from loader.files.headers import PlatformColumns
from loader.files.options import ReadingOptions

_SAMPLE_BYTES, _SNIFFED_CHARACTERS, _QUOTED_CHARACTERS = 1 << 20, 20_000, 200_000
_HEADER_ROWS, _SAMPLE_CELLS = 200, 60_000
# known headers by which a header is sure, and shares of rows that are few, and nearly all
_SURE_HEADERS, _FEW_ROWS, _MOST_ROWS = 2, 0.1, 0.9
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
        broken_line: the first where something follows a quote that closes a cell; 0 for none, known likewise.
        nul_bytes: whether there are any; known when the rows are read.
        titles: the lines above the header, which can name the export's period.
        repair: why it is normalized before it is read: 'loose' where a quote ends its cell only before a
            delimiter, 'stray' where one up to the header is never closed, 'nul' where NUL escapes them, 'spaced' where
            a space follows each delimiter, 'header' where a cell of the header, or above it, has several lines, which
            DuckDB would skip as one; else ''.
        notes: what was taken for what, where a file is not as it should be.

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
    broken_line: int = 0
    nul_bytes: bool = False
    titles: tuple[str, ...] = ()
    repair: str = ""
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers made unique: an empty one is 'column 3', a repeated one 'Clicks (2)'."""
        return tuple(_unique(self.headers))

    @property
    def delimiter_name(self) -> str:
        """The delimiter as messages name it."""
        names = {",": "comma", COMMA_SPACE: "comma-and-space", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
        return names.get(self.delimiter, f"'{self.delimiter}'")


def recognise(export: Export, known: PlatformColumns, options: ReadingOptions | None = None) -> Dialect:
    """Detect how a file is written, from its first megabyte.

    Args:
        export: from `unpacked()`.
        known: the known headers, by which the header row is distinguished from titles above it.
        options: given by the user; they are not questioned.

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
    encoding = options.encoding or export.encoding or encoding_of(export, sample, known)
    whole = len(sample) < _SAMPLE_BYTES
    text = codecs.getincrementaldecoder(encoding)("replace" if whole else "ignore").decode(sample, final=whole)
    has_escapes = has_nul_escapes(text)
    text = with_doubled_quotes(text).replace("\0", "").removeprefix("\ufeff")
    plain = without_line_quotes(text) if options.quote is None else text
    has_line_quotes, text = plain != text, plain
    separator = _SEPARATOR_LINE.fullmatch(text.split("\n", 1)[0] + "\n") if options.delimiter is None else None
    delimiters = [options.delimiter] if options.delimiter else [separator[1]] if separator else list(_DELIMITERS)
    candidates = [_read_as(text, delimiter, options, known) for delimiter in delimiters]
    candidates = [candidate for candidate in candidates if not candidate.splits_words] or candidates
    best = _with_repairs(text, max(candidates, key=lambda candidate: candidate.fit), candidates, options, known)
    has_spaces = is_spaced(text[:_QUOTED_CHARACTERS], best.delimiter, best.quote)
    repair = best.repair or ("nul" if has_escapes else "spaced" if has_spaces else "")
    best = replace(best, repair="lines" if has_line_quotes else repair)
    if len(candidates) > 1 and (best.header is None or best.header.known < min(2, best.width)):
        best = _without_known_headers(export, text, candidates)
    return _dialect(export, encoding, best, options)


@dataclass(frozen=True)
class _Candidate:
    """The sample, read with one delimiter."""

    delimiter: str
    quote: str
    backslash: bool
    skips_spaces: bool
    lines: list[SampleLine]
    header: Header | None
    repair: str = ""
    notes: tuple[str, ...] = ()

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

    @property
    def splits_words(self) -> bool:
        """Whether a space that follows the actual delimiter is taken for the delimiter."""
        names = self.header.names if self.delimiter == " " and self.header else []
        return sum(name.endswith((",", ";", "|")) for name in names) > 1

    @property
    def fits_header(self) -> float:
        """The share of rows under the header that are as wide as it."""
        return 0.0 if self.header is None else _share_as_wide(self.rows, len(self.header.names))

    @property
    def rows(self) -> list[SampleLine]:
        """The rows under the header; all where there is none."""
        return self.lines if self.header is None else self.lines[self.header.first + self.header.rows :]

    def shown(self) -> str:
        """The first row of it, for a message."""
        cells = next((line.cells for line in self.lines if len(line.cells) == self.width), [""])
        shown = " | ".join(cell[:20] for cell in cells[:6])
        return f"{self.width} columns ({shown}{' | ...' if len(cells) > 6 else ''})"


def _read_as(text: str, delimiter: str, options: ReadingOptions, known: PlatformColumns) -> _Candidate:
    quote, backslash = _quoting(text, delimiter) if options.quote is None else (options.quote, '\\"' in text)
    skips_spaces = delimiter == " " or (bool(quote) and text.count(f"{delimiter} {quote}") > 0)
    lines = list(_sample_rows(text, delimiter, quote, backslash=backslash, skips_spaces=skips_spaces))
    return _Candidate(delimiter, quote, backslash, skips_spaces, lines, find_header(lines, known))


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


def _with_repairs(
    text: str, best: _Candidate, candidates: Sequence[_Candidate], options: ReadingOptions, known: PlatformColumns
) -> _Candidate:
    """The best candidate of a file that may be odd: stray quotes (unless its rows fit), loose ones, two delimiters."""
    if options.quote is None and options.header_row is None and '"' in text and best.fits_header < 1:
        plain = without_stray_quotes(text, [candidate.delimiter for candidate in candidates], known)
        if plain != text:
            others = [_read_as(plain, candidate.delimiter, options, known) for candidate in candidates]
            other = max(others, key=lambda candidate: candidate.fit)
            is_as_known = other.fit[0] >= best.fit[0]
            if other.fit > best.fit or (is_as_known and other.fits_header > max(best.fits_header, _MOST_ROWS)):
                note = "a quote in the header, or above it, is never closed; it is ignored"
                best, candidates = replace(other, repair="stray", notes=(note,)), others
    if best.header is None or best.header.known < min(_SURE_HEADERS, len(best.header.names)):
        return best
    return _with_loose_rows(text, _with_rows_of_other_delimiter(best, candidates, options), options)


def _with_rows_of_other_delimiter(
    best: _Candidate, candidates: Sequence[_Candidate], options: ReadingOptions
) -> _Candidate:
    """A candidate whose rows have another delimiter than its header line."""
    if best.header is None or options.delimiter or best.fits_header > _FEW_ROWS or len(best.header.names) < 2:
        return best
    under = best.lines[best.header.first + best.header.rows - 1].after
    for other in candidates:
        rows = [line for line in other.lines if line.before >= under]
        if other is not best and rows and _share_as_wide(rows, len(best.header.names)) > _MOST_ROWS:
            note = f"the header uses another delimiter ({best.delimiter!r}) than the rows ({other.delimiter!r})"
            return replace(other, header=best.header, lines=[*best.lines[: len(best.lines) - len(best.rows)], *rows],
                           notes=(*best.notes, note))  # fmt: skip
    return best


def _with_loose_rows(text: str, best: _Candidate, options: ReadingOptions) -> _Candidate:
    """A candidate whose quotes end a cell only before a delimiter, or whose delimiter is a comma with a space."""
    assert best.header is not None  # noqa: S101 - the caller has looked
    width = len(best.header.names)
    under = best.lines[best.header.first + best.header.rows - 1].after
    quote, looked_at = best.quote, text[:_QUOTED_CHARACTERS]
    if not quote or (best.fits_header == 1 and not has_quotes_inside(looked_at, best.delimiter, quote)):
        return best
    # as the csv module counts lines, which knows no other line ends
    lines = re.split(r"\r\n|\n|\r", text)[under : under + min(_HEADER_ROWS, _SAMPLE_CELLS // width)]
    delimiters = [best.delimiter] if options.delimiter or best.delimiter != "," else [",", COMMA_SPACE]
    for delimiter in delimiters:
        rows = [SampleLine(under + at, under + at + 1, split_loosely(line, delimiter, quote))
                for at, line in enumerate(lines)]  # fmt: skip
        share = _share_as_wide(rows, width)
        is_better = share > max(best.fits_header, _MOST_ROWS)
        is_as_good = share >= best.fits_header > 0 and not best.backslash and _differ(rows, best.rows)
        if is_better or (delimiter == best.delimiter and is_as_good):
            above = best.lines[: len(best.lines) - len(best.rows)]
            return replace(best, delimiter=delimiter, repair="loose", lines=[*above, *rows], skips_spaces=False)
    return best


def _differ(rows: Sequence[SampleLine], others: Sequence[SampleLine]) -> bool:
    texts = ([[cell.strip() for cell in row.cells] for row in part] for part in (rows, others))
    return any(one != other for one, other in zip(*texts, strict=False))


def _share_as_wide(rows: Sequence[SampleLine], width: int) -> float:
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    return sum(len(row.cells) == width for row in filled) / len(filled) if filled else 0.0


def _usual_width(lines: Sequence[SampleLine]) -> int:
    widths = Counter(len(line.cells) for line in lines if any(cell.strip() for cell in line.cells))
    return max(widths, key=lambda width: (widths[width] * min(width, 2), width), default=0)


def _without_known_headers(export: Export, text: str, candidates: Sequence[_Candidate]) -> _Candidate:
    """The delimiter of a file with no known header: the one with the most even rows, if nothing speaks for another.

    That is clevercsv, or that all rows have as many cells with another one. A space is in names, dates and numbers, so
    it is the delimiter only where nothing else splits the rows.
    """
    wide = [candidate for candidate in candidates if candidate.width > 1]
    wide = [candidate for candidate in wide if candidate.delimiter != " "] or wide
    if not wide:
        return candidates[0]
    even = max(wide, key=lambda candidate: (round(candidate.evenness, 1), candidate.width))
    import clevercsv  # noqa: PLC0415 - most exports have headers that are known

    lines = text[:_SNIFFED_CHARACTERS].splitlines(keepends=True)
    sniffed = None
    with suppress(Exception):  # it fails in many ways on what is no table
        found = clevercsv.Sniffer().sniff("".join(lines[:-1] or lines))
        sniffed = found.delimiter if found else None
    as_even = [each for each in wide if each is not even and each.evenness >= even.evenness]
    chosen = next((candidate for candidate in wide if candidate.delimiter == sniffed), even)
    if chosen is even and as_even:
        chosen = as_even[0]
    if chosen is even or chosen.evenness < even.evenness - 0.1 or chosen.width < 2:
        return even
    if even.evenness < chosen.evenness - 0.1:
        return chosen
    raise FileRefusedError(
        "delimiter-unsure",
        f"{export.original} can be read in two ways: with {even.delimiter!r} it has {even.shown()}, "
        f"with {chosen.delimiter!r} {chosen.shown()}.",
        "Choose one with --delimiter.",
        [
            Answer("delimiter", each.delimiter, f"{each.delimiter!r} between cells: {each.shown()}")
            for each in (even, chosen)
        ],
    )


def _dialect(export: Export, encoding: str, candidate: _Candidate, options: ReadingOptions) -> Dialect:
    lines, header = candidate.lines, candidate.header
    if options.header_row == 0:
        first = next((line for line in lines if len(line.cells) == candidate.width), lines[0])
        names = list(options.columns or [""] * len(first.cells))
        return _made(encoding, candidate, first.before, 0, names)
    if options.header_row is not None:
        chosen = next((line for line in lines if line.before < options.header_row <= line.after), None)
        if chosen is None or not any(cell.strip() for cell in chosen.cells):
            raise FileRefusedError(
                "no-header",
                f"{export.original} has no header in line {options.header_row}.",
                "Open the file and check the line number.",
            )
        return _made(encoding, candidate, chosen.after, options.header_row, chosen.cells)
    header = named_header(export, lines, candidate.width, header)
    last = lines[header.first + header.rows - 1]
    if _has_no_first_cell(header, candidate.rows):
        note = "the header begins with an empty cell that no row has; its names are applied from each row's first cell"
        candidate = replace(candidate, notes=(*candidate.notes, note))
        header = replace(header, names=header.names[1:])
    return _made(encoding, candidate, last.after, lines[header.first].before + 1, header.names)


def _has_no_first_cell(header: Header, rows: Sequence[SampleLine]) -> bool:
    """Whether a header begins with an empty cell, and every row has one cell less."""
    begins_empty = len(header.names) > 2 and not header.names[0].strip() and all(map(str.strip, header.names[1:]))
    return begins_empty and _share_as_wide(rows, len(header.names) - 1) == 1


def _made(encoding: str, candidate: _Candidate, skipped: int, header_line: int, names: Sequence[str]) -> Dialect:
    has_long_rows = any(line.after - line.before > 1 for line in candidate.lines if line.after <= skipped)
    return Dialect(
        encoding=encoding,
        delimiter=candidate.delimiter,
        quote=candidate.quote,
        backslash=candidate.backslash,
        skipped_lines=skipped,
        header_line=header_line,
        headers=tuple(" ".join(name.split()).strip('"' if name.count('"') % 2 else None) for name in names),
        skips_spaces=candidate.skips_spaces,
        repair=candidate.repair or ("header" if has_long_rows else ""),
        notes=candidate.notes,
        titles=tuple(
            candidate.delimiter.join(line.cells).strip(f" \t{candidate.delimiter}")
            for line in candidate.lines
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
