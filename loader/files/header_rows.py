"""Find the header among the first rows of a file, and name its columns."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from loader.errors import Answer, FileRefusedError
from loader.files.containers import Export
from loader.files.headers import PlatformColumns

_MOST_HEADER_ROWS = 3
_VALUE = re.compile(
    r"[-+(]?[^\w\s]{0,2}\s?[0-9][0-9.,'’\s]*\s?[^\w\s]{0,2}[)]?|[0-9]{1,4}[-/.][0-9A-Za-z]{1,4}[-/.][0-9]{1,4}.*"
)
_UNIT = re.compile(r"[(\[]?([A-Z]{3}|[%#$€£¥]|[a-z]{1,4}\.?)[)\]]?")


@dataclass(frozen=True)
class SampleLine:
    """A row of the sample, and the lines of the file before it and up to its end."""

    before: int
    after: int
    cells: list[str]


@dataclass(frozen=True)
class Header:
    """The position of a header in the sample, and how well it is known."""

    first: int
    rows: int
    names: list[str]
    known: int


def find_header(lines: Sequence[SampleLine], known: PlatformColumns) -> Header | None:
    """The row, or the two or three rows, with the most known headers; none where no row has any."""
    best: Header | None = None
    for first, line in enumerate(lines):
        if known.count_known(line.cells) == 0 and not _can_begin_header(line.cells):
            continue
        for rows in range(1, _MOST_HEADER_ROWS + 1):
            part = [entry.cells for entry in lines[first : first + rows]]
            if len(part) < rows or (rows > 1 and not _can_continue_header(part[-1])):
                break
            names = _joined(part, known)
            header = Header(first, rows, names, known.count_known(names))
            # more known headers, then more names that differ, then fewer rows
            if header.known and (best is None or _rank(header) > _rank(best)):
                best = header
    return best


def _rank(header: Header) -> tuple[int, int, int]:
    return header.known, len(set(filter(None, header.names))), -header.rows


def _can_begin_header(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and not looks_like_values(filled)


def _can_continue_header(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and not looks_like_values(filled)


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


def named_header(export: Export, lines: Sequence[SampleLine], width: int, found: Header | None) -> Header:
    """The header of a file with the names that its columns get.

    Args:
        export: for messages.
        lines: the sample.
        width: the usual number of cells in a row.
        found: from `find_header()`; where that knows too little of it, the header is guessed.

    Raises:
        FileRefusedError: no row can be identified as the header.

    """
    header = found
    if header is None or (header.known < 2 and width > 2):
        header = _guessed_header(export, lines, width) if header is None or header.known == 0 else header
        if header.known == 1 and looks_like_values(lines[header.first].cells):
            header = _guessed_header(export, lines, width)
    header = _with_groups(lines, _with_units(lines, header))
    return replace(header, names=_trimmed(header.names, [line.cells for line in lines[header.first + header.rows :]]))


def _guessed_header(export: Export, lines: Sequence[SampleLine], width: int) -> Header:
    """The first row as wide as most, if it has names only; a row with figures in it is data."""
    first = next((at for at, line in enumerate(lines) if len(line.cells) == width and any(line.cells)), 0)
    cells = lines[first].cells if lines else []
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        raise FileRefusedError(
            "no-header",
            f"{export.original} has no header row in its first {len(lines)} rows.",
            "Open the file and check it.",
        )
    if looks_like_values(filled):
        shown = " | ".join(cell[:20] for cell in cells[:8])
        raise FileRefusedError(
            "no-header",
            f"{export.original}: no row has a known header, and line {lines[first].before + 1} could be either data"
            f" or a header: {shown}.",
            f"If it is the header, use --header-row {lines[first].before + 1}; if the file has none, use --header-row 0"
            " or name its columns with --columns.",
            [
                Answer("header_row", lines[first].before + 1, f"line {lines[first].before + 1} is the header: {shown}"),
                Answer("header_row", 0, "the file has no header; that line is data"),
            ],
        )
    return Header(first, 1, [cell.strip() for cell in cells], 0)


def _with_units(lines: Sequence[SampleLine], header: Header) -> Header:
    """The header, with the row of units that can follow it."""
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
    return Header(header.first, header.rows + 1, names, header.known)


def _with_groups(lines: Sequence[SampleLine], header: Header) -> Header:
    """Repeated names, distinguished by the groups above them."""
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
    return Header(header.first, header.rows, names, header.known)


def _trimmed(names: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The names without empty ones at the end that have no cells under them."""
    while (
        len(names) > 1
        and not names[-1].strip()
        and all(len(r) < len(names) or not r[len(names) - 1].strip() for r in rows)
    ):
        names = names[:-1]
    return names
