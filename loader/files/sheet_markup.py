"""What a sheet of an Excel workbook says beside its values: hidden rows and columns, errors, formulas without a value.

python-calamine gives values only, and nothing where a cell holds an error or a formula that was never computed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from loader.files.damaged_archives import DAMAGE

_CHUNK = 1 << 20
# of a sheet in Excel
_MOST_COLUMNS = 16_384
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _xml(pattern: str) -> re.Pattern[bytes]:
    """A pattern in which @ stands for the namespace that a tag may have."""
    return re.compile(pattern.replace("@", r"(?:\w+:)?").encode())


_HIDDEN = _xml(r"""<@(row|col)\s([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_ERROR = _xml(r"""<@c\s([^>]*\bt=["']e["'][^>]*)>(?:\s*<@f\b[^>]*?(?:/>|>[^<]*</@f>))?\s*<@v>([^<]*)<""")
_FORMULA = _xml(r"<@c\s([^>]*)>\s*<@f\b[^>]*?(?:/>|>([^<]*)</@f>)\s*(?:<@v\s*/>|<@v>([^<]*)</@v>)?\s*</@c>")
# python-calamine rounds a time to the next millisecond, and so the end of a day to the next day
_END_OF_DAY = _xml(r"""<@c\s([^>]*)>\s*<@v>([0-9]{5}\.99999999[0-9]+)</@v>""")
_IS_TEXT = _xml(r"""\bt=["']str["']""")
_LATER = _xml(r"""\bfullCalcOnLoad=["'](?:1|true)["']""")
_PLACE = _xml(r"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_NUMBER = re.compile(rb"""\bt=["'](?!n["'])|/$""")
# '[$€-407]', '"$"' and '\\£' in the code of a number format; '[$-407]' names a country alone
_UNIT = re.compile(r"""\[\$([^\]-]*)[^\]]*\]|"([^"]*)"|(\$|[^\x00-\x7f])""")
_SUM = re.compile(r"(SUM|SUBTOTAL|AGGREGATE)\(")


@dataclass(frozen=True)
class Formula:
    """A formula that has no value in the file."""

    text: str
    row: int
    column: int

    @property
    def is_sum(self) -> bool:
        """Whether it adds up other cells, as in a row of totals."""
        return bool(_SUM.match(self.text))


@dataclass
class Markup:
    """What was found; rows and columns count from 0.

    Args:
        hidden_rows: those that the spreadsheet does not show, as where a filter is on.
        hidden_columns: the same of columns.
        instead: what python-calamine does not give, by row and column: errors such as '#REF!', and nothing for a
            formula without a value.
        formulas: those without a value.
        units: what the number formats in each column write beside the number, such as the sign of a currency.
        ends_of_days: the rows, by column, of numbers that are a day less than half a millisecond before its end.

    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    instead: dict[int, dict[int, str]] = field(default_factory=dict)
    formulas: list[Formula] = field(default_factory=list)
    units: dict[int, set[tuple[str, ...]]] = field(default_factory=dict)
    ends_of_days: dict[int, set[int]] = field(default_factory=dict)


def read_markup(path: Path, sheet: str) -> Markup:
    """What the XML of a sheet says; nothing for workbooks that are not .xlsx or .xlsm, or are not as they should be."""
    markup = Markup()
    try:
        with zipfile.ZipFile(path) as archive:
            part = _part_of(archive, sheet)
            if part:
                # the writers of such files leave the computing to the spreadsheet, and write 0 as the value
                is_computed_later = bool(_LATER.search(archive.read("xl/workbook.xml")))
                _read(archive, part, markup, is_computed_later=is_computed_later)
                _read_units(archive, part, markup)
    except (*DAMAGE, OSError, ElementTree.ParseError):
        return Markup()
    return markup


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of a sheet's XML in the archive."""
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        return None
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - in a process with limits
    targets = {entry.get("Id"): str(entry.get("Target")) for entry in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for entry in workbook.iter():
        if entry.tag.endswith("}sheet") and entry.get("name") == sheet:
            target = targets.get(entry.get(_RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _read(archive: zipfile.ZipFile, part: str, markup: Markup, *, is_computed_later: bool) -> None:
    is_any_computed = False
    zeros: list[Formula] = []
    for text in _parts(archive, part):
        for tag, attributes in _HIDDEN.findall(text) if b"hidden=" in text else ():
            _note_hidden(tag, attributes, markup)
        for attributes, value in _ERROR.findall(text) if b"e" in text else ():
            row, column = _place(attributes)
            markup.instead.setdefault(row, {})[column] = value.decode(errors="replace")
        for attributes, _ in _END_OF_DAY.findall(text) if b".99999999" in text else ():
            row, column = _place(attributes)
            markup.ends_of_days.setdefault(column, set()).add(row)
        for attributes, formula, value in _FORMULA.findall(text) if b"f>" in text or b"f " in text else ():
            found = Formula(formula.decode(errors="replace"), *_place(attributes))
            if not value and not _IS_TEXT.search(attributes):
                markup.formulas.append(found)
            elif value == b"0":
                zeros.append(found)
            else:
                is_any_computed = True
    if is_computed_later and not is_any_computed:
        markup.formulas += zeros
    for formula in markup.formulas:
        markup.instead.setdefault(formula.row, {})[formula.column] = ""


def _read_units(archive: zipfile.ZipFile, part: str, markup: Markup) -> None:
    """Find what the numbers of a sheet are shown with; few workbooks have a style with any."""
    units = _units_of_styles(archive)
    if not units:
        return
    cell = _xml(rf"""<@c\s([^>]*\bs=["']({"|".join(map(str, units))})["'][^>]*)>""")
    for text in _parts(archive, part):
        for attributes, style in cell.findall(text):
            if not _NUMBER.search(attributes):
                markup.units.setdefault(_place(attributes)[1], set()).add(units[int(style)])


def _units_of_styles(archive: zipfile.ZipFile) -> dict[int, tuple[str, ...]]:
    """The signs and words in the number format of each style that has any."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314
    codes = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in styles.iterfind(".//{*}numFmts/{*}numFmt")}
    units = {
        style: tuple(filter(None, ("".join(groups).strip() for groups in _UNIT.findall(code))))
        for style, entry in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
        if (code := codes.get(entry.get("numFmtId")))
    }
    return {style: named for style, named in units.items() if named}


def _parts(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of a sheet, cut between rows."""
    rest = b""
    with archive.open(part) as sheet:
        while chunk := sheet.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(b"row>") + 4
            if cut >= 4:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _note_hidden(tag: bytes, attributes: bytes, markup: Markup) -> None:
    numbers = {name: int(number) for name, number in re.findall(rb"""\b(r|min|max)=["']([0-9]{1,7})["']""", attributes)}
    if tag == b"row" and b"r" in numbers:
        markup.hidden_rows.add(numbers[b"r"] - 1)
    elif b"min" in numbers and b"max" in numbers:
        markup.hidden_columns.update(range(numbers[b"min"] - 1, min(numbers[b"max"], _MOST_COLUMNS)))


def _place(attributes: bytes) -> tuple[int, int]:
    """The row and column of a cell, from 0; -1 where it does not say."""
    found = _PLACE.search(attributes)
    if not found:
        return -1, -1
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1
