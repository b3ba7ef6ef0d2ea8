"""CSV as text: its encoding, Python's reader for a dialect, and files that no reader parses as intended."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TextIO

from loader.files.headers import PlatformColumns

LARGEST_CELL = 64 << 20
csv.field_size_limit(LARGEST_CELL)


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


def physical_lines(file: TextIO) -> Iterator[str]:
    """Lines ended by any of the three line ends; csv takes a return alone only at the end of what it is given."""
    for line in file:
        if "\r" in line[:-2]:
            yield from io.StringIO(line, newline="")
        else:
            yield line


COMMA_SPACE = ", "
_FIRST_LINES = 50
_LEAST_KNOWN, _LEAST_LINES = 2, 3
# a line in quotes, and delimiters
_LINE_CELL, _SPLITS = re.compile('"(?:[^"]|"")*"'), re.compile("[,;\t|]")
# of one row, before a quote is no quote
_MOST_LINES = 50
# of a line in which one quote is looked for that is none
_MOST_QUOTES, _LONGEST_MENDED = 50, 1 << 16
# as an escape, NUL stands before a quote that does not end its cell
_NUL_ESCAPE = re.compile('\0"(?![,;\t|\r\n]|$)')


def has_nul_escapes(text: str) -> bool:
    """Whether NUL stands where others write a backslash or a second quote."""
    return _NUL_ESCAPE.search(text) is not None


def with_doubled_quotes(text: str) -> str:
    """The text with quotes doubled that a NUL escapes."""
    return _NUL_ESCAPE.sub('""', text)


def without_line_quotes(text: str) -> str:
    """The text without the quotes around each line, as where a spreadsheet saved a file that it did not split.

    Args:
        text: the start of a file; its last line may be cut off.

    Returns:
        The same text where a line is not one cell in quotes.

    """
    lines = text.splitlines(keepends=True)
    whole = [line for line in (lines[:-1] if len(lines) > _LEAST_LINES else lines) if line.strip()]
    split = sum(_SPLITS.search(line) is not None for line in whole)
    if split < _LEAST_LINES or 2 * split < len(whole) or not all(_LINE_CELL.fullmatch(line.strip()) for line in whole):
        return text
    return "".join(map(_without_quotes, lines))


def _without_quotes(line: str) -> str:
    """A line without the quotes around it; of a file whose lines all have them."""
    end = line[len(line.rstrip("\r\n")) :]
    return line.strip().removeprefix('"').removesuffix('"').replace('""', '"') + end


def without_stray_quotes(text: str, delimiters: Sequence[str], known: PlatformColumns) -> str:
    """The text without the quotes of its header line, or of a line above it, where one of them is never closed.

    Args:
        text: the start of a file.
        delimiters: that it can have.
        known: the headers by which the header line is told.

    Returns:
        The same text where no line up to the header has an odd number of quotes.

    """
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines[:_FIRST_LINES]):
        plain = line.replace('"', "")
        if max(known.count_known(plain.strip().split(delimiter)) for delimiter in delimiters) >= _LEAST_KNOWN:
            above = [before.replace('"', "") if before.count('"') % 2 else before for before in lines[:number]]
            return "".join((*above, plain if line.count('"') % 2 else line, *lines[number + 1 :]))
    return text


def is_spaced(text: str, delimiter: str, quote: str) -> bool:
    """Whether a space follows every delimiter that is not quoted; then it is no part of the next cell."""
    bare = re.sub(rf"{quote}[^{quote}]*(?:{quote}|\Z)", quote, text) if quote else text
    edge = re.escape(delimiter)
    return delimiter != " " and f"{delimiter} " in bare and re.search(f"{edge}(?! )", bare) is None


def with_stray_quotes_mended(lines: Iterable[str], delimiter: str, quote: str, width: int) -> Iterator[str]:
    """Lines in which a single quote too many, such as one that is never closed, neither joins cells nor lines.

    A line is mended where it has an odd number of quotes, is as wide as it must be if exactly one of them is none, and
    the line below is as wide by itself: what has a line break within quotes is left as it is.

    Args:
        lines: under the header.
        delimiter: of one or two characters.
        quote: around cells; with '' nothing is mended.
        width: of the header.

    """
    is_inside = False
    rest = iter(lines)
    line = next(rest, None)
    while line is not None:
        below = next(rest, None)
        if quote and line.count(quote) % 2:
            cells = None if is_inside else _without_stray_quote(line, delimiter, quote, width)
            if cells and (below is None or _has_width(below, delimiter, quote, width)):
                quoted = (quote + cell.replace(quote, quote * 2) + quote for cell in cells)
                line = delimiter.join(quoted) + line[len(line.rstrip("\r\n")) :]
            else:
                is_inside = not is_inside
        yield line
        line = below


def _has_width(line: str, delimiter: str, quote: str, width: int) -> bool:
    if line.count(quote) % 2:
        return _without_stray_quote(line, delimiter, quote, width) is not None
    cells = _regular_cells(line, delimiter, quote)
    return cells is not None and len(cells) == width


def _without_stray_quote(line: str, delimiter: str, quote: str, width: int) -> list[str] | None:
    """The cells of a line, one of whose quotes is none; none unless they are the same whichever quote that can be.

    One that opens a cell is left out, another one belongs to its cell.
    """
    found: list[str] | None = None
    at = -1
    if "\0" in line or line.count(quote) > _MOST_QUOTES or len(line) > _LONGEST_MENDED:
        return None
    for _ in range(line.count(quote)):
        at = line.index(quote, at + 1)
        cells = _regular_cells(f"{line[:at]}\0{line[at + 1 :]}", delimiter, quote)
        if cells is None or len(cells) != width:
            continue
        cells = [cell.removeprefix("\0").replace("\0", quote) for cell in cells]
        if found not in (None, cells):
            return None
        found = cells
    return found


def _regular_cells(line: str, delimiter: str, quote: str) -> list[str] | None:
    """The cells of a line in which every quote opens or closes a cell, or is doubled within one; else none."""
    edge, gap = re.escape(delimiter), "" if delimiter == " " else " *"
    cell = re.compile(
        f"(?:{gap}{quote}((?:[^{quote}]|{quote}{quote})*){quote}|((?:(?!{edge})[^{quote}])*))(?:{edge}|$)"
    )
    text = line.rstrip("\r\n")
    cells = []
    at = 0
    while True:
        found = cell.match(text, at)
        if found is None:
            return None
        cells.append(found[2] if found[1] is None else found[1].replace(quote * 2, quote))
        at = found.end()
        if at == len(text) and not found[0].endswith(delimiter):
            return cells


def has_quotes_inside(text: str, delimiter: str, quote: str) -> bool:
    """Whether a quote stands between two characters of which none is a delimiter, a quote or a line end."""
    other = f"[^{re.escape(delimiter[0])}{quote}\\r\\n]"
    return re.search(f"{other}{quote}{other}", text) is not None


def split_loosely(line: str, delimiter: str, quote: str) -> list[str]:
    """The cells of a line in which a quote ends its cell only before a delimiter or the end of the line.

    Args:
        line: without its end.
        delimiter: of one or two characters.
        quote: around cells; inside them it may stand alone or doubled.

    """
    return _split(line, delimiter, quote)[0]


def _split(line: str, delimiter: str, quote: str) -> tuple[list[str], bool]:
    """The cells, and whether the last one is opened by a quote and not closed."""
    cells = []
    at = 0
    while True:
        end = _closing(line, at, delimiter, quote) if line.startswith(quote, at) else None
        is_open = end is None and line.startswith(quote, at)
        if end is not None:
            cells.append(line[at + 1 : end].replace(quote * 2, quote))
            at = line.find(delimiter, end)
        else:
            begin, at = at, line.find(delimiter, at)
            cells.append(line[begin:] if at < 0 else line[begin:at])
        if at < 0:
            return cells, is_open
        at += len(delimiter)


def _closing(line: str, at: int, delimiter: str, quote: str) -> int | None:
    """Where the quote stands that closes the cell that begins at `at`; none where nothing does.

    Two quotes are one that belongs to the cell, unless nothing else closes it.
    """
    doubled = None
    gap = "" if delimiter == " " else " *"
    runs = re.compile(f"({quote}+)(?={gap}{re.escape(delimiter.strip(' ') or delimiter)}|{gap}$)")
    for run in runs.finditer(line, at + 1):
        begin, end = run.span()
        if (end - begin) % 2 or begin == at + 1:
            return end - 1
        doubled = doubled or end - 1
    return doubled


def _loose_rows(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """The rows of lines; a quote that its line does not close is looked for in the lines below."""
    held = ""
    count = 0
    for line in lines:
        held += line
        cells, is_open = _split(held.rstrip("\r\n"), delimiter, quote)
        count += 1
        if is_open and count < _MOST_LINES:
            continue
        yield cells if held.strip() else []
        held, count = "", 0
    if held:
        yield split_loosely(held.rstrip("\r\n"), delimiter, quote)


def write_plain_csv(
    text: TextIO,
    delimiter: str,
    quote: str,
    skipped_lines: int,
    width: int,
    *,
    repair: str,
    backslash: bool,
    goal: Path,
) -> None:
    """Write the rows under the header of an odd file as usual CSV: commas, double quotes, doubled inside.

    Args:
        text: the whole file.
        delimiter: of one or two characters.
        quote: around cells.
        skipped_lines: lines up to the first row, whatever quotes they have.
        width: of the header.
        repair: 'loose': quotes end a cell as `split_loosely()` says; 'lines': each line is in quotes of its own; else
            as usual, and NUL may escape them.
        backslash: may do so too.
        goal: the file to write.

    """
    lines = physical_lines(text)
    for _ in range(skipped_lines):
        next(lines, None)
    rows: Iterable[list[str]]
    if repair == "loose":
        rows = _loose_rows(with_stray_quotes_mended(lines, delimiter, quote, width), delimiter, quote)
    else:
        whole = map(_without_quotes, lines) if repair == "lines" else lines
        doubled = (with_doubled_quotes(line) for line in whole)
        plain = (
            (with_plain_backslashes(line, quote) for line in doubled)
            if backslash
            else with_stray_quotes_mended(doubled, delimiter, quote, width)
        )
        rows = csv_reader(plain, delimiter, quote, backslash=backslash, skips_spaces=repair == "spaced")
    with goal.open("w", encoding="utf-8", newline="") as copy:
        csv.writer(copy, lineterminator="\n").writerows(rows)
