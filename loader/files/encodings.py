"""In which encoding a file is written."""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path

from loader.errors import Answer, FileRefusedError
from loader.files.containers import Export

_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PAR1", b"Rar!", b"7z\xbc\xaf", b"SQLite format")
_CONTROL_BYTES = [bytes([byte]) for byte in range(1, 32) if chr(byte) not in "\t\n\r\x0c"]


def encoding_of(export: Export, sample: bytes) -> str:
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
            [
                Answer("encoding", "utf-8", f"UTF-8: {invalid} bytes become question marks"),
                Answer("encoding", "cp1252", f"Windows-1252: {valid} special characters come out as other ones"),
            ],
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
            while chunk := file.read(_CHUNK):
                if decoder.getstate()[0] or not chunk.isascii():
                    decoder.decode(chunk)
        decoder.decode(b"", final=True)
        return 0, 0, ""
    valid = invalid = 0
    example = ""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        while text := file.read(_CHUNK):
            bad = text.count("\ufffd")
            if bad and not example:
                at = text.index("\ufffd")
                example = " ".join(text[max(at - 10, 0) : at + 10].split())
            invalid += bad
            valid += len(text) - len(text.encode("ascii", "ignore")) - bad
    return valid, invalid, example


def _decode_all(path: Path, encoding: str) -> None:
    with path.open(encoding=encoding, newline="") as file:
        while file.read(_CHUNK):
            pass
