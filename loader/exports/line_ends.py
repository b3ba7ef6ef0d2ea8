"""What the line ends of a text file tell: how many lines it has, and whether it needs a closer look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Lines:
    """What the line ends of a UTF-8 file tell."""

    count: int
    are_mixed: bool
    has_empty: bool
    has_nul: bool
    has_last_end: bool


def count_line_ends(path: Path) -> int | None:
    """How many lines a file has; none where its line ends are of several kinds, or it has NUL bytes."""
    line_feeds = returns = pairs = 0
    last = b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if chunk.endswith(b"\r"):
                chunk += file.read(1)
            if b"\0" in chunk:
                return None
            line_feeds += chunk.count(b"\n")
            if b"\r" in chunk:
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n")
            last = chunk[-1:]
    if (
        (returns and pairs not in (0, returns))
        or (pairs and pairs != line_feeds)
        or (returns and not pairs and line_feeds)
    ):
        return None
    return max(line_feeds, returns) + (last not in b"\r\n")


def has_endless_line(path: Path, longest: int) -> bool:
    """Whether a file has a line that is much longer than so many bytes; no line is taken into memory for it."""
    length = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            length = 0 if b"\n" in chunk or b"\r" in chunk else length + len(chunk)
            if length > longest:
                return True
    return False


def look_at_lines(path: Path) -> Lines:
    """Look closer at the line ends of a file, in one pass over its bytes."""
    line_feeds = returns = pairs = 0
    has_empty = has_nul = ends_in_gap = False
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            line_feeds += chunk.count(b"\n")
            has_nul = has_nul or b"\0" in chunk
            gaps = [b"\n\n"]
            if b"\r" in chunk or b"\r" in last:
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last[-1:] == b"\r" and chunk[:1] == b"\n")
                gaps += [b"\n\r\n", b"\r\r"]
            # empty lines at the end of a file are no gap in it; what spans two chunks is seen with the one before
            filled = chunk.rstrip(b"\r\n")
            joint = last + chunk[:3]
            has_empty = has_empty or bool(filled and (ends_in_gap or any(gap in joint for gap in gaps)))
            has_empty = has_empty or any(gap in filled for gap in gaps)
            ends_in_gap = any(gap in chunk[len(filled) :] for gap in gaps) or (ends_in_gap and not filled)
            last = chunk[-3:]
    alone = (line_feeds - pairs, returns - pairs, pairs)
    return Lines(
        line_feeds + returns - pairs,
        sum(count > 0 for count in alone) > 1,
        has_empty,
        has_nul,
        last[-1:] in (b"\n", b"\r"),
    )
