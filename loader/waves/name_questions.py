"""Open questions about the names in a file: missing, damaged, or one campaign written in two ways."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ValueFormat
from loader.names import quote_identifier
from loader.waves.columns import MappedColumn
from loader.waves.file_rows import FileRows, FoundRows
from loader.waves.questions import OpenQuestion
from loader.words import counted

_LEVELS = ("campaign", "ad_set")
_MOST_NAMES = 20_000
_REMEDY = "Compare with the platform; correct the names, or export again, and load that with --replace."
_NOT_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
_QUESTIONED = re.compile(r"([^\W\d_]+)\?+([^\W\d_]+)|\?{3,}")
# of a word in capitals, such as M?NCHEN; 'Q?A' is none
_LEAST_CAPITALS = 4
_ERRORS = ("#NAME?", "#REF!", "#VALUE!", "#N/A", "#NUM!", "#NULL!", "#DIV/0!")


class _Name(NamedTuple):
    above: str
    name: str
    ids: frozenset[str]
    rows: int
    row: int
    spend: Decimal


class NameQuestions(FileRows):
    """Finds names that split the figures of one campaign or ad set."""

    def find(self) -> Iterator[OpenQuestion]:
        """The questions."""
        for level in _LEVELS:
            row = self.core.get(f"{level}_name")
            if row is None or ValueFormat.of(row.value_format).fills_down:
                continue
            if level == "campaign" and self.may_be_blank(row):
                yield from self._blank_names(row)
            # of distinct cells; most files end here
            names = self.of_cells(row, f"list(distinct value)[:{_MOST_NAMES}]")[0] or []
            if len(set(map(folded, names))) < len(names) or any(map(is_damaged, names)):
                rows = self._names(level, row)
                yield from self._damaged_names(row, rows)
                yield from self._names_alike(row, rows)

    def _names(self, level: str, row: MappedColumn) -> list[_Name]:
        """The names with their rows, apart by campaign."""
        campaign, key = self.core.get("campaign_name"), self.core.get(f"{level}_id")
        above = "''" if level == "campaign" or campaign is None else f"coalesce({self.value(campaign)}, '')"
        ids = f"list(distinct {self.value(key)})" if key else "cast([] as varchar[])"
        found = self.connection.execute(
            f"select {above}, {self.value(row)}, {ids}, count(*), min({quote_identifier(ROW_NUMBER)}), "
            f"coalesce(sum({self.spend()}), 0) from {TABLE} where {IS_DATA} and {self.value(row)} is not null "
            f"group by all order by 5 limit {_MOST_NAMES}"
        ).fetchall()
        return [_Name(a, name, frozenset(ids), count, first, spend) for a, name, ids, count, first, spend in found]

    def _blank_names(self, row: MappedColumn) -> Iterator[OpenQuestion]:
        """Delivered rows without a campaign in a file that names them."""
        impressions = self.core.get("impressions")
        delivered = f" and {self.value(impressions)} > 0" if impressions else ""
        found = self.rows(f"{self.is_blank(row)}{delivered}")
        if found.count and found.count < self.row_count:
            yield self.asked(
                found,
                "names-blank",
                f"{counted(found.count, 'row')} without a name in '{row.column_name}', such as row "
                f"{found.numbers[0]}: {found.spend:,.2f} of spend is of no campaign in the marts",
                _REMEDY,
                row.column_name,
                amount_at_stake=found.spend,
            )

    def _damaged_names(self, row: MappedColumn, names: list[_Name]) -> Iterator[OpenQuestion]:
        """Names in which letters were lost, so that those of other waves are not the same."""
        damaged = [name for name in names if is_damaged(name.name)]
        if damaged:
            yield self._of_names(
                row,
                damaged,
                "names-damaged",
                f"letters are lost in {counted(len(damaged), 'name')} of '{row.column_name}', such as "
                f"'{damaged[0].name[:60]}' in row {damaged[0].row}, which match no names of other exports",
            )

    def _names_alike(self, row: MappedColumn, names: list[_Name]) -> Iterator[OpenQuestion]:
        """One name in two spellings; of each, the one with fewer rows is in doubt."""
        groups: dict[tuple[str, str], list[_Name]] = defaultdict(list)
        for name in names:
            groups[folded(name.above), folded(name.name)].append(name)
        rare: list[_Name] = []
        example = ""
        for group in groups.values():
            first, *spellings = sorted(group, key=lambda name: -name.rows)
            others = [name for name in spellings if name.name != first.name and _may_be_one(name, first)]
            if others and not example:
                example = f"'{others[0].name[:60]}' and '{first.name[:60]}'"
            rare += others
        if rare:
            yield self._of_names(
                row,
                rare,
                "names-alike",
                f"'{row.column_name}' has one name in two spellings, such as {example}; they count as two",
            )

    def _of_names(self, row: MappedColumn, names: list[_Name], kind: str, question: str) -> OpenQuestion:
        spend = sum((name.spend for name in names), Decimal(0))
        found = FoundRows(sum(name.rows for name in names), tuple(sorted(name.row for name in names)[:20]), spend)
        text = f"{question}: {counted(found.count, 'row')} with {spend:,.2f} of spend"
        return self.asked(found, kind, text, _REMEDY, row.column_name, amount_at_stake=spend)


def _may_be_one(one: _Name, other: _Name) -> bool:
    """Whether no id says that the two are apart."""
    return not one.ids or not other.ids or bool(one.ids & other.ids)


def is_damaged(name: str) -> bool:
    """Whether letters of a name were lost: to '?', to U+FFFD, to a wrong encoding, or to a formula's error."""
    if "\ufffd" in name or name.strip() in _ERRORS:
        return True
    if "?" in name and "=" not in name and "://" not in name and any(map(_is_lost, _QUESTIONED.finditer(name))):
        return True
    return any(map(_is_misread, _NOT_ASCII.findall(name)))


def _is_misread(text: str) -> bool:
    """Whether characters of Windows-1252 are those of UTF-8, byte by byte."""
    try:
        return len(text.encode("cp1252").decode()) < len(text)
    except UnicodeError:
        return False


def folded(name: str) -> str:
    """A name without its case, HTML escapes, quotes around it, and how its accents and spaces are written."""
    text = unicodedata.normalize("NFC", html.unescape(name)).casefold()
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    # the two letters i of Turkish, whose capitals are those of one
    text = text.replace("\u0131", "i").replace("i\u0307", "i")
    return " ".join(text.split()).strip("\"'“”„ ")


def _is_lost(found: re.Match[str]) -> bool:
    """Whether a letter was lost to a '?' within a word; 'Why us?Now' has two words."""
    before, after = found[1], found[2]
    if not before or after[0].islower():
        return True
    return before.isupper() and after.isupper() and len(before + after) >= _LEAST_CAPITALS
