"""Hostile files, and what each must get: the code of its refusal, or the number of its rows. Made here, none is committed."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.written import meta_csv

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOT = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/{{kind}}" Target="{{target}}"/></Relationships>'
)
_WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_ROW = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{a}</t></is></c><c r="B{n}" t="inlineStr"><is><t>{b}</t></is></c></row>'


def workbook(cells: str, start: str = '<?xml version="1.0"?>', dimension: str = "A1:B2", **more: bytes) -> bytes:
    """A workbook of one sheet with these rows of XML; `start` may declare entities."""
    sheet = (
        f'{start}<worksheet xmlns="{_MAIN}"><dimension ref="{dimension}"/><sheetData>{cells}</sheetData></worksheet>'
    )
    return zipped(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _ROOT.format(kind="officeDocument", target="xl/workbook.xml").encode(),
            "xl/workbook.xml": _WORKBOOK.encode(),
            "xl/_rels/workbook.xml.rels": _ROOT.format(kind="worksheet", target="worksheets/sheet1.xml").encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
            **more,
        }
    )


def rows_of_sheet(*cells: tuple[str, str]) -> str:
    return "".join(_ROW.format(n=number, a=a, b=b) for number, (a, b) in enumerate(cells, 1))


def zipped(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def nested(layers: int) -> bytes:
    content = meta_csv(3).encode()
    for _ in range(layers):
        content = zipped({"a.zip": content})
    return content


def packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def bomb_in_zip(megabytes: int) -> bytes:
    """An archive whose directory says that the member is small."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        for _ in range(megabytes):
            member.write(bytes(1 << 20))
    whole = bytearray(content.getvalue())
    at = whole.rindex(b"PK\x01\x02")
    struct.pack_into("<I", whole, at + 24, 100)
    return bytes(whole)


def encrypted() -> bytes:
    whole = bytearray(zipped({"a.csv": meta_csv(3).encode()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + at] |= 1
    return bytes(whole)


def changed(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_LAUGHING = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>'
_OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
_META = meta_csv(3)
_TWO = rows_of_sheet(("Campaign name", "Impressions"), ("x", "5"))

# name: what makes it, and what it must get; of a set any one
HOSTILE: dict[str, tuple[Callable[[], bytes], set[str | int]]] = {
    # archives
    "zeros.csv.gz": (lambda: packed_zeros(400), {"file-bomb"}),
    "zeros.zip": (lambda: bomb_in_zip(400), {"file-bomb", "file-damaged"}),
    "nested.zip": (lambda: nested(6), {"file-bomb"}),
    "cut.zip": (lambda: zipped({"a.csv": _META.encode()})[:-30], {"file-damaged"}),
    "cut.csv.gz": (lambda: gzip.compress(_META.encode())[:-9], {"file-damaged"}),
    "changed.zip": (lambda: changed(zipped({"a.csv": _META.encode()}), 60), {"file-damaged"}),
    "encrypted.zip": (encrypted, {"file-damaged"}),
    "climbing.zip": (lambda: zipped({"../../../tmp/spark9-hostile.csv": _META.encode()}), {3}),
    "rooted.zip": (lambda: zipped({"/etc/spark9-hostile.csv": _META.encode()}), {3}),
    "many.zip": (lambda: zipped({f"{n}.csv": b"a" for n in range(20_000)}), {"several-files"}),
    "empty.zip": (lambda: zipped({}), {"file-empty"}),
    "not.zip": (lambda: b"PK\x03\x04" + b"\xff" * 1000, {"file-damaged"}),
    # workbooks
    "plain.xlsx": (lambda: workbook(_TWO), {1}),
    "laughs.xlsx": (lambda: workbook(_TWO.replace("x</t>", "&l9;</t>"), _LAUGHING), {1, "file-damaged", "no-rows"}),
    "entity.xlsx": (lambda: workbook(_TWO.replace("x</t>", "&f;</t>"), _OUTSIDE), {1, "file-damaged", "no-rows"}),
    "far.xlsx": (
        lambda: workbook(_TWO + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', dimension="A1:XFD1048576"),
        {"file-too-large"},
    ),
    "heavy.xlsx": (lambda: workbook(f"{_TWO}<!--{' ' * (600 << 20)}-->"), {"file-bomb"}),
    "no sheet.xlsx": (
        lambda: zipped({"[Content_Types].xml": _TYPES.encode(), "xl/workbook.xml": _WORKBOOK.encode()}),
        {"file-damaged"},
    ),
    "old.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 5000, {"file-damaged"}),
    "unclosed.xlsx": (lambda: workbook(_TWO + "<row><c>"), {1, "file-damaged"}),
    # encodings
    "odd utf-16.csv": (lambda: _META.encode("utf-16") + b"x", {4, "encoding-unsure", "not-text"}),
    "utf-32.csv": (lambda: _META.encode("utf-32"), {3, "not-text"}),
    "mark alone.csv": (lambda: b"\xef\xbb\xbf", {"file-empty"}),
    "zeros.csv": (lambda: bytes(1 << 20), {"not-text", "file-empty"}),
    "high bytes.csv": (lambda: b"\xff" * (1 << 20), {"not-text", "encoding-unsure", "no-header", "file-empty"}),
    "surrogates.csv": (
        lambda: _META.replace("prospecting", "\ud800").encode("utf-8", "surrogatepass"),
        {3, "encoding-unsure", "not-text"},
    ),
    "terminal.csv": (lambda: _META.replace("Spring", "\x1b]0;owned\x07\x1b[2J").encode(), {3}),
    "program.csv": (lambda: b"\x7fELF" + bytes(range(256)) * 100, {"not-text"}),
    # sizes and shapes
    "long line.csv": (lambda: b"Campaign name,Impressions\n" + b"x" * (80 << 20), {"file-unreadable"}),
    "open quote.csv": (lambda: b'Campaign name,Impressions\n"' + b"x,1\n" * (5 << 20), {"file-unreadable", "quotes-unsure", "file-too-large"}),
    "quotes.csv": (lambda: b"Campaign name,Impressions\n" + b'"' * (1 << 20) + b",1\n", {1, "quotes-unsure", "no-rows"}),
    "empty lines.csv": (lambda: b"\n" * (5 << 20), {"file-empty"}),
    "commas.csv": (lambda: b"," * (1 << 20), {"file-empty", "no-header", "file-too-large", "file-unreadable"}),
    "formulas.csv": (lambda: _META.replace("prospecting", "=cmd|'/c calc'!A1").encode(), {3}),
    "markup.xls": (lambda: b"<html><table><tr><td>x</td></tr></table></html>", {"not-a-table"}),
}  # fmt: skip
