"""Detect the character encoding of an export: by its bytes, by the headers that become known, then by its words."""

from __future__ import annotations

import codecs
import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from loader.errors import Answer, FileRefusedError
from loader.files.containers import Export
from loader.files.headers import PlatformColumns
from loader.files.spelling import cost_of_marks, tokens_of, words_cost


class _Region(NamedTuple):
    """Code pages, likeliest first, and the languages that are written in them."""

    name: str
    pages: str
    languages: str


_REGIONS = (
    _Region("Western European", "cp1252 latin-1 iso8859-15 mac-roman cp850", "en da de es fi fr it nb nl pt sv ca"),
    _Region("Central European", "cp1250 iso8859-2 mac-latin2 cp852", "cs hr hu pl ro sk sl"),
    _Region("Turkish", "cp1254 iso8859-9 mac-turkish cp857", "tr"),
    _Region("Cyrillic", "cp1251 koi8-r koi8-u iso8859-5 mac-cyrillic cp866", "ru uk bg sr"),
    _Region("Greek", "cp1253 iso8859-7", "el"),
    _Region("Hebrew", "cp1255", "he"),
    _Region("Arabic", "cp1256", "ar fa"),
    _Region("Baltic", "cp1257", "et lt lv"),
    _Region("Vietnamese", "cp1258", "vi"),
    _Region("Thai", "cp874", "th"),
    _Region("Japanese", "cp932 euc-jp", "ja"),
    _Region("Simplified Chinese", "gb18030", "zh"),
    _Region("Traditional Chinese", "big5", "zh_Hant"),
    _Region("Korean", "cp949", "ko"),
)
# how much less is expected of a page than of cp1252, as of the logarithm of a probability
_RARER = {"cp1252": 0.0, "latin-1": 1.0, "iso8859-15": 2.0, "mac-roman": 6.0, "mac-cyrillic": 9.0, "mac-latin2": 13.0,
          "mac-turkish": 12.0, "cp850": 12.0, "cp852": 12.0, "cp857": 12.0, "cp866": 9.0}  # fmt: skip
_OTHER_PAGES = 4.0
# what a header of a language says for it, and what a reading must have over the next to be taken without a question
_OF_LANGUAGE, _SURE = 2.0, 7.0
_IDEOGRAPHIC = ("Japanese", "Korean", "Simplified Chinese", "Traditional Chinese")
# a reading is out whose marks alone cost so much more than another's; and one word with worse ones is no word
_FAR_WORSE, _NO_WORD = 60.0, 12.0
_MOST_CELLS, _LONGEST_CELL, _MOST_SHOWN = 300, 400, 4
_HEADER_LINES, _HEADER_BYTES = 60, 1 << 16
_CHUNK, _LONGEST_PART = 1 << 20, 8 << 20
_DIVIDERS = (b"\r", b"\n", b",", b";", b"\t")
_ASCII = bytes(range(128))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PAR1", b"Rar!", b"7z\xbc\xaf", b"SQLite format")
_CONTROL_BYTES = [bytes([byte]) for byte in range(1, 32) if chr(byte) not in "\t\n\r\x0c"]


def encoding_of(export: Export, sample: bytes, known: PlatformColumns) -> str:
    """The encoding of a file: by its byte-order mark or zero bytes, UTF-8 where it is valid, else by its text.

    Args:
        export: from `unpacked()`.
        sample: its start.
        known: the headers that decide between code pages.

    Raises:
        FileRefusedError: the file is no text, or there are two ways to read it.

    """
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
    if _decodes(export.path, "utf-8"):
        return "utf-8"
    if controls * 50 > len(sample):
        raise no_text
    return _code_page(export, sample, known)


@dataclass(frozen=True)
class _Reading:
    """The cells that are not ASCII, decoded with one code page.

    Args:
        pages: that give this text, the likeliest first; Python codec names.
        region: of the first.
        languages: that are written in any of them.
        cells: in the order of the file.
        headers: how many headers are known by their exact spelling.

    """

    pages: tuple[str, ...]
    region: str
    languages: tuple[str, ...]
    cells: tuple[str, ...]
    headers: int

    @property
    def page(self) -> str:
        """The likeliest code page."""
        return self.pages[0]

    @functools.cached_property
    def marks(self) -> float:
        """What its symbols and capitals within words cost."""
        return sum(map(cost_of_marks, set(tokens_of(self.cells))))

    def cost(self, known: Counter[str]) -> float:
        """How unlikely it is, by the language that fits best."""
        likely = {language: _OF_LANGUAGE * count for language, count in known.items()}
        words = words_cost(self.cells, self.languages, likely)
        rarer = _RARER.get(self.page, _OTHER_PAGES)
        return self.marks + words + rarer

    def lead_over(self, other: _Reading) -> float:
        """How much likelier it must be than another reading; ideographs of rare words are as likely as others."""
        return 3 * _SURE if self.region in _IDEOGRAPHIC and other.region in _IDEOGRAPHIC else _SURE

    def defines_more_than(self, other: _Reading) -> bool:
        """Whether it differs from another reading by bytes alone that the other leaves undefined."""
        pairs = zip("\n".join(self.cells), "\n".join(other.cells), strict=False)
        return all(theirs in (mine, "\ufffd") for mine, theirs in pairs)


def _code_page(export: Export, sample: bytes, known: PlatformColumns) -> str:
    """The code page of a file that is not UTF-8."""
    valid, others = _cells_beyond_ascii(export.path)
    headers = _header_bytes(sample)
    languages = known.languages(cell for piece in headers if piece.isascii() for cell in [piece.decode()])
    ranked = _ranked(others, headers, known, languages)
    best = ranked[0][1]
    if valid and _is_rather_utf8(valid, best, languages):
        raise _mixed(export, best, valid, others)
    unsure = [reading for cost, reading in ranked if cost <= ranked[0][0] + best.lead_over(reading)]
    if len(unsure) == 1 and best.marks > _NO_WORD * len(set(tokens_of(best.cells))):
        unsure = [reading for _, reading in ranked]
    if len(unsure) > 1:
        raise _unsure(export, unsure[:_MOST_SHOWN])
    same = [*best.pages, *(reading.page for _, reading in ranked if reading.defines_more_than(best))]
    page = next((page for page in same if _decodes(export.path, page)), None)
    if page is None:
        raise _undefined(export, best)
    return page


def _ranked(
    pieces: Sequence[bytes], headers: Sequence[bytes], known: PlatformColumns, languages: Counter[str]
) -> list[tuple[float, _Reading]]:
    """The readings that differ, the likeliest first; those with fewer known headers than another are left out."""
    readings: dict[tuple[str, ...], _Reading] = {}
    for region in _REGIONS:
        for page in region.pages.split():
            text = tuple(_as_text(piece, page) for piece in pieces)
            if same := readings.get(text):
                both = tuple(dict.fromkeys((*same.languages, *region.languages.split())))
                readings[text] = replace(same, pages=(*same.pages, page), languages=both)
                continue
            found = known.count_spelt({_as_text(header, page) for header in headers})
            readings[text] = _Reading((page,), region.name, tuple(region.languages.split()), text, found)
    most = max(reading.headers for reading in readings.values())
    likely = [reading for reading in readings.values() if reading.headers == most]
    least = min(reading.marks for reading in likely)
    likely = [reading for reading in likely if reading.marks < least + _FAR_WORSE]
    ranked = [(reading.cost(languages), reading) for reading in likely]
    return sorted(ranked, key=lambda entry: entry[0])


def _is_rather_utf8(pieces: Sequence[bytes], reading: _Reading, languages: Counter[str]) -> bool:
    """Whether cells that are valid UTF-8 make better words as such than in the code page of the others."""
    everywhere = tuple(dict.fromkeys(" ".join(region.languages for region in _REGIONS).split()))
    costs = []
    for page, of in (("utf-8", everywhere), (reading.page, reading.languages)):
        text = tuple(_as_text(piece, page) for piece in pieces)
        costs.append(_Reading((page,), "", of, text, 0).cost(languages))
    return costs[0] < costs[1] + _SURE


def _mixed(export: Export, best: _Reading, valid: Sequence[bytes], others: Sequence[bytes]) -> FileRefusedError:
    """The error for a file of which some cells are UTF-8 and others are not."""
    shown = _shown(best.cells[0])
    answers = [
        Answer("encoding", f"utf-8+{best.page}", f"UTF-8 where it is valid, else {best.page}: {shown!r}"),
        Answer("encoding", "utf-8", f"UTF-8: {_shown_in(others[0], 'utf-8')!r}"),
        Answer("encoding", best.page, f"{best.page}: {shown!r}, and {_shown_in(valid[0], best.page)!r}"),
    ]
    return FileRefusedError(
        "encoding-unsure",
        f"{export.original} mixes two encodings: {_shown_in(valid[0], 'utf-8')!r} is UTF-8, and {shown!r} is "
        f"{best.page}.",
        f"Use --encoding utf-8+{best.page} to read each part in its own encoding. With --encoding utf-8, what is not "
        "UTF-8 becomes question marks.",
        answers,
    )


def _undefined(export: Export, best: _Reading) -> FileRefusedError:
    """The error for a file with bytes that its code page does not define."""
    return FileRefusedError(
        "encoding-unsure",
        f"{export.original} is {best.region} ({best.page}), as in {_shown(best.cells[0])!r}, except for some bytes "
        "that are undefined there.",
        f"Use --encoding {best.page} to read those as question marks, or save the file as UTF-8.",
        [Answer("encoding", best.page, f"{best.region} ({best.page}), with question marks for undefined bytes")],
    )


def _unsure(export: Export, readings: Sequence[_Reading]) -> FileRefusedError:
    """The error for a file that makes sense in several code pages."""
    at = next(at for at, cells in enumerate(zip(*(reading.cells for reading in readings), strict=True))
              if len(set(cells)) > 1)  # fmt: skip
    shown = [f"{reading.region} ({reading.page}): {_shown(reading.cells[at])!r}" for reading in readings]
    return FileRefusedError(
        "encoding-unsure",
        f"{export.original} can be read in {len(readings)} encodings: {', or '.join(shown)}.",
        "Choose the right one with --encoding.",
        [Answer("encoding", reading.page, text) for reading, text in zip(readings, shown, strict=True)],
    )


def _shown(cell: str) -> str:
    """A cell for a message: what surrounds its first characters that are not ASCII."""
    at = next((at for at, character in enumerate(cell) if not character.isascii()), 0)
    return " ".join(cell[max(at - 15, 0) : at + 25].split())


def _shown_in(piece: bytes, encoding: str) -> str:
    return _shown(piece.decode(encoding, "replace"))


def _as_text(piece: bytes, encoding: str) -> str:
    """The text of a cell, which can end within a character, with question marks for undefined bytes."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return unicodedata.normalize("NFC", decoder.decode(piece, final=len(piece) < _LONGEST_CELL))


def _is_utf8(piece: bytes) -> bool:
    with suppress(UnicodeDecodeError):
        return bool(piece.decode())
    return False


def _header_bytes(sample: bytes) -> list[bytes]:
    """The cells of the first lines, of which some can be headers."""
    lines = re.split(rb"[\r\n]+", sample[:_HEADER_BYTES])[:_HEADER_LINES]
    return [cell.strip(b"\"' ") for line in lines for delimiter in (b",", b";", b"\t", b"|")
            if delimiter in line for cell in line.split(delimiter)]  # fmt: skip


def _cells_beyond_ascii(path: Path) -> tuple[list[bytes], list[bytes]]:
    """Cells that are not ASCII, each once: those that are valid UTF-8, and others; of these one with every byte.

    In no encoding do the bytes that divide cells belong to a character.
    """
    valid: dict[bytes, None] = {}
    others: dict[bytes, None] = {}
    seen = _ASCII
    for part in _parts(path):
        if not part.translate(None, seen if len(others) >= _MOST_CELLS else _ASCII):
            continue
        for piece in re.split(b"[" + b"".join(_DIVIDERS) + b"]", part):
            found = valid if _is_utf8(piece) else others
            unseen = b"" if found is valid else bytes(set(piece.translate(None, seen)))
            if not piece.isascii() and (unseen or len(found) < _MOST_CELLS):
                begin = max(len(piece) - len(piece.lstrip(_ASCII)) - _LONGEST_CELL // 4, 0)
                found[piece[begin : begin + _LONGEST_CELL].strip(b"\"' ")] = None
                seen += unseen
    return list(valid), list(others)


def _parts(path: Path) -> Iterator[bytes]:
    """The file, part by part, divided between cells unless one is very long."""
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            rest += chunk
            end = max(map(rest.rfind, _DIVIDERS)) + 1
            if end or len(rest) > _LONGEST_PART:
                yield rest[: end or len(rest)]
                rest = rest[end or len(rest) :]
    yield rest


def _decodes(path: Path, encoding: str) -> bool:
    """Whether every byte of a file is defined in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with suppress(UnicodeDecodeError), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if decoder.getstate()[0] or encoding != "utf-8" or not chunk.isascii():
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
        return True
    return False
