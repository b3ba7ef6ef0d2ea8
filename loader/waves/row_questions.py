"""Open questions about rows that may count twice or apart: repeated figures, overlapping parts, two spellings."""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from loader.files.table import TABLE, ValueFormat
from loader.names import quote_identifier
from loader.waves.columns import DAYS, NAME_COLUMNS, MappedColumn
from loader.waves.file_rows import MOST_ROWS, NUMBER, ROWS, SPEND, FileRows
from loader.waves.questions import NO_ROWS, FoundRows, OpenQuestion
from loader.words import counted

# what is repeated on each row of an action type; conversions differ there
_DELIVERED = ("amount_spent", "impressions", "clicks", "reach")
# by which results are broken down, and the delivery is not
_RESULTS = ("conversion_type", "conversion_action", "conversion_category")
# so many different amounts are no chance where nothing but the spend is repeated
_LEAST_AMOUNTS = 3
# so many days of a campaign show whether each has the same spend, or more than the one before
_LEAST_DAYS = 7
# days grow unevenly; what grows by the same each day is a plan
_UNEVEN = Decimal("0.05")
# two sums that differ by less are those of the same rows
_ALIKE = Decimal("0.01")

_LEVELS = ("campaign", "ad_set")
_MOST_NAMES = 20_000
_NOT_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
_QUESTIONED = re.compile(r"([^\W\d_]+)\?+([^\W\d_]+)|\?{3,}")
# of a word in capitals, such as M?NCHEN; 'Q?A' is none
_LEAST_CAPITALS = 4
_ERRORS = ("#NAME?", "#REF!", "#VALUE!", "#N/A", "#NUM!", "#NULL!", "#DIV/0!")


def row_questions(file: FileRows) -> Iterator[OpenQuestion]:
    """The rows of one file that may count twice."""
    if SPEND in file.core:
        rows = _Rows(file)
        yield from list(rows.repeated_rows()) or rows.joined_parts()
        yield from rows.repeated_spend()
        yield from rows.stacked_breakdowns()
        yield from rows.cumulative_spend()


class _Rows:
    """The rows of one file, and what tells them apart."""

    def __init__(self, file: FileRows) -> None:
        self._file = file
        columns = [row for row in file.mapping if row.ordinal and row.mapping_rule != "ignore"]
        self._grain = [row for row in columns if row.in_grain]
        self._keys = [row for row in columns if row.is_key]
        # a trim of all rows takes long
        has_blanks = "bool_or(starts_with(cell, ' ') or ends_with(cell, ' '))"
        self._with_blanks = [
            row.column_name
            for row in {*self._grain, *self._keys}
            if file.query(f"select {has_blanks} from ({file.profiler.cells(row.column_name, trimmed=False)})")[0][0]
        ]
        self._unique: dict[str, bool] = {}

    def _key(self, columns: Sequence[MappedColumn]) -> str:
        """The SQL expressions by which rows are the same; parsed only where that makes cells equal."""
        return ", ".join(self._same(row) for row in columns)

    def _same(self, row: MappedColumn) -> str:
        column = quote_identifier(row.column_name)
        by = next((it.default_value or "" for it in self._file.mapping if it.target_column == "breakdowns"), "")
        if row.column_type == "date" and "hour_of_day" in by:
            return column
        cells, values = self._file.of_cells(row, "count(distinct cell), count(distinct value)")
        return (
            self._file.value(row)
            if values < cells
            else f"trim({column})"
            if row.column_name in self._with_blanks
            else column
        )

    def _are_unique(self, key: str) -> bool:
        """Whether no two rows have the same key; quicker than to group a million of them."""
        if key not in self._unique:
            rows, keys = self._file.aggregates(f"count(*), count(distinct hash({key}))")
            self._unique[key] = bool(rows == keys)
        return self._unique[key]

    def _of_some_groups(self, key: str) -> str:
        """The SQL condition that a row is of the group of one of three rows, from the start to the end of the file."""
        count = self._file.contents.row_count
        return f"hash({key}) in (select hash({key}) from {TABLE} where {NUMBER} in (1, {count // 2 + 1}, {count}))"

    def repeated_rows(self) -> Iterator[OpenQuestion]:
        """Rows equal in what identifies them and in delivery, as where the spend is repeated per action type."""
        of_results = [row for row in self._grain if row.target_column in _RESULTS]
        breakdowns = [
            row
            for row in self._grain
            if row not in of_results
            and (row.mapping_rule != "core" or row.target_column == "currency")
            and row.target_column != "hour_of_day"
        ]
        for left_out in (of_results, *([row] for row in breakdowns)):
            key = [row for row in self._grain if row not in left_out]
            is_by_currency = left_out == [self._file.core.get("currency")]
            found = self._repeated(key, is_by_currency=is_by_currency) if key else None
            if found:
                per = f"'{left_out[0].column_name}'" if left_out else "action type, or per value of another column"
                words = {"repeat": "repeats" if found.count == 1 else "repeat", "per": per}
                yield self._file.asked("rows-repeated", found, None, found.spend, **words)
                return

    def _repeated(self, key: Sequence[MappedColumn], *, is_by_currency: bool) -> FoundRows | None:
        """The rows that repeat another one of the same key, where most keys with several rows are such."""
        file = self._file
        compared = [name for name in _DELIVERED if name in file.core and not (is_by_currency and name == SPEND)]
        figures = [file.value(name) for name in compared] or [file.spend]
        if self._are_unique(self._key(key)):
            return None
        groups = (
            f"select list({NUMBER} order by {NUMBER}) as numbers, count(*) as size, any_value({file.spend}) as spend, "
            f"count(distinct ({', '.join(figures)})) as variants {ROWS} group by {self._key(key)} having size > 1"
        )
        several, repeated, amounts, numbers, spend = file.query(
            "select count(*), count(*) filter (is_repeated), count(distinct spend) filter (is_repeated), "
            "flatten(list(numbers[2:] order by numbers[2]) filter (is_repeated)), "
            "coalesce(sum(spend * (size - 1)) filter (is_repeated), 0) from "
            f"(select *, variants = 1 and coalesce(spend, 0) <> 0 as is_repeated from ({groups}))"
        )[0]
        # rows of two keywords can have the same figures by chance; where most of them do, it is no chance
        if repeated * 2 > several and (len(figures) > 1 or amounts >= _LEAST_AMOUNTS):
            return FoundRows(len(numbers), tuple(sorted(numbers)[:MOST_ROWS]), Decimal(spend))
        return None

    def joined_parts(self) -> Iterator[OpenQuestion]:
        """Days of which each row is there twice with other figures, as where two exports that overlap were joined."""
        file, key = self._file, self._keys
        days = [row for row in key if row.target_column == DAYS[0]]
        if not days or len(key) < 2 or self._are_unique(self._key(key)):
            return
        day = self._same(days[0])
        groups = (
            f"select {day} as day, count(*) as size, sum({file.spend}) as spend, "
            f"arg_max({file.spend}, {NUMBER}) as last_spend, min({NUMBER}) as first_row "
            f"{ROWS} group by {self._key(key)}, day"
        )
        by_day = (
            "select count(*) as keys, count(*) filter (size > 1) as doubled, sum(spend - last_spend) as spend, "
            f"min(first_row) as first_row from ({groups}) group by day having keys > 1 and doubled = keys"
        )
        doubled, rows, first, spend = file.query(
            f"select count(*), sum(keys), min(first_row), coalesce(sum(spend), 0) from ({by_day})"
        )[0]
        if doubled and spend:
            found = FoundRows(rows, (first,), Decimal(spend))
            yield file.asked("rows-twice", found, None, abs(found.spend), days=doubled)

    def repeated_spend(self) -> Iterator[OpenQuestion]:
        """One spend on all rows of a campaign's day, or on all days of a campaign, though the delivery differs."""
        file, grain = self._file, self._grain
        if "impressions" not in file.core:
            return
        campaign = [row for row in grain if row.target_column in NAME_COLUMNS[:2]]
        day = [row for row in grain if row.target_column in DAYS]
        wider = [row for row in grain if row.target_column == "currency" or row.target_column.startswith("account")]
        names = [row for row in grain if row not in day]
        for key, least, amounts, what in (
            ([*day, *campaign, *wider], 2, _LEAST_AMOUNTS, "rows of one campaign and day"),
            (names, _LEAST_DAYS, 2, "days of one campaign or ad"),
        ):
            if not campaign or not day or len(key) == len(grain):
                continue
            keys, spend, shown = self._key(key), file.spend, file.value("impressions")
            repeats = f"coalesce(min({spend}) = max({spend}) and min({shown}) < max({shown}), false)"
            groups = f"select count(*) as size, any_value({spend}) as spend, {repeats} as repeats {ROWS}"
            grouped = f"group by {keys} having size >= {least}"
            some = f"{groups} and {self._of_some_groups(keys)} {grouped}"
            if file.query(f"select 1 from ({some}) where not repeats limit 1"):
                continue
            several, repeated, rows, different, of_repeated = file.query(
                "select count(*), count(*) filter (is_repeated), sum(size) filter (is_repeated), "
                "count(distinct spend) filter (is_repeated), "
                "coalesce(sum(spend * (size - 1)) filter (is_repeated), 0) from "
                f"(select *, repeats and coalesce(spend, 0) <> 0 as is_repeated from ({groups} {grouped}))"
            )[0]
            if different >= amounts and repeated * 10 > several * 9:
                found = FoundRows(rows, (), Decimal(of_repeated))
                words = {"what": what, "repeated": repeated, "several": several}
                yield file.asked("spend-repeated", found, file.core[SPEND], abs(found.spend), **words)
                return

    def stacked_breakdowns(self) -> Iterator[OpenQuestion]:
        """Rows by one breakdown, then the same by another one: both add up to the same."""
        file = self._file
        breakdowns = [row for row in self._grain if row.mapping_rule != "core" and file.may_be_blank(row)]
        for one, two in itertools.combinations(breakdowns, 2):
            no_one, no_two = file.is_blank(one), file.is_blank(two)
            neither, both, *sums = file.aggregates(
                f"count(*) filter ({no_one} and {no_two}), count(*) filter (not ({no_one} or {no_two})), "
                f"sum({file.spend}) filter ({no_two}), sum({file.spend}) filter ({no_one})"
            )
            if not neither and not both and all(sums) and abs(sums[0] - sums[1]) <= _ALIKE * abs(sums[0]):
                at_stake = min(abs(Decimal(of_one)) for of_one in sums)
                words = {"other": two.column_name, "sums": sums}
                yield file.asked("breakdowns-stacked", NO_ROWS, one, at_stake, **words)
                return

    def cumulative_spend(self) -> Iterator[OpenQuestion]:
        """Spend that grows from day to day in each campaign or ad, as where each day has the sum of all before."""
        file = self._file
        days = [row for row in self._grain if row.target_column == DAYS[0]]
        names = [row for row in self._grain if row.target_column not in DAYS]
        if not days or not names or days[0].column_type != "date":
            return
        key = self._key(names)

        def growth(condition: str) -> str:
            return (
                "select *, spend - lag(spend) over (partition by name order by day) as growth from ("
                f"select hash({key}) as name, {file.value(days[0])} as day, sum({file.spend}) as spend "
                f"{ROWS} and {condition} group by all)"
            )

        if file.query(f"select 1 from ({growth(self._of_some_groups(key))}) where growth <= 0 limit 1"):
            return
        of_names = (
            "select count(*) as days, bool_and(coalesce(growth > 0, true)) "
            f"and stddev_pop(growth) > {_UNEVEN} * avg(growth) as grows, sum(spend) as spend, max(spend) as largest "
            f"from ({growth('true')}) group by name having days >= {_LEAST_DAYS}"
        )
        several, growing, days_there, spend, largest = file.query(
            f"select count(*), count(*) filter (grows), sum(days), sum(spend), sum(largest) from ({of_names})"
        )[0]
        if several and growing == several and days_there >= 2 * _LEAST_DAYS:
            found = FoundRows(days_there, (), Decimal(spend))
            at_stake = found.spend - Decimal(largest)
            yield file.asked("spend-cumulative", found, file.core[SPEND], at_stake, several=several, largest=largest)


class _Name(NamedTuple):
    above: str
    name: str
    ids: frozenset[str]
    rows: int
    row: int
    spend: Decimal


def name_questions(file: FileRows) -> Iterator[OpenQuestion]:
    """The names that split the figures of one campaign or ad set."""
    for level in _LEVELS:
        row = file.core.get(f"{level}_name")
        if row is None or ValueFormat.of(row.value_format).fills_down:
            continue
        if level == "campaign" and file.may_be_blank(row):
            yield from _blank_names(file, row)
        # of distinct cells; most files end here
        names = file.of_cells(row, f"list(distinct value)[:{_MOST_NAMES}]")[0] or []
        if len(set(map(folded, names))) < len(names) or any(map(is_damaged, names)):
            rows = _names(file, level, row)
            damaged = [name for name in rows if is_damaged(name.name)]
            if damaged:
                words = {
                    "names": counted(len(damaged), "name"),
                    "example": damaged[0].name[:60],
                    "at": damaged[0].row,
                }
                yield _of_names(file, "names-damaged", row, damaged, **words)
            yield from _names_alike(file, row, rows)


def _names(file: FileRows, level: str, row: MappedColumn) -> list[_Name]:
    """The names with their rows, apart by campaign."""
    campaign, key = file.core.get("campaign_name"), file.core.get(f"{level}_id")
    above = "''" if level == "campaign" or campaign is None else f"coalesce({file.value(campaign)}, '')"
    ids = f"list(distinct {file.value(key)})" if key else "cast([] as varchar[])"
    found = file.query(
        f"select {above}, {file.value(row)}, {ids}, count(*), min({NUMBER}), coalesce(sum({file.spend}), 0) "
        f"{ROWS} and {file.value(row)} is not null group by all order by 5 limit {_MOST_NAMES}"
    )
    return [_Name(above, name, frozenset(ids), *counts) for above, name, ids, *counts in found]


def _blank_names(file: FileRows, row: MappedColumn) -> Iterator[OpenQuestion]:
    """Delivered rows without a campaign in a file that names them."""
    delivered = f" and {file.value('impressions')} > 0" if "impressions" in file.core else ""
    found = file.rows(f"{file.is_blank(row)}{delivered}")
    if 0 < found.count < file.contents.row_count:
        yield file.asked("names-blank", found, row, found.spend)


def _names_alike(file: FileRows, row: MappedColumn, names: list[_Name]) -> Iterator[OpenQuestion]:
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
        yield _of_names(file, "names-alike", row, rare, example=example)


def _of_names(file: FileRows, kind: str, row: MappedColumn, names: list[_Name], /, **words: object) -> OpenQuestion:
    spend = sum((name.spend for name in names), Decimal(0))
    numbers = sorted(name.row for name in names)[:MOST_ROWS]
    found = FoundRows(sum(name.rows for name in names), tuple(numbers), spend)
    return file.asked(kind, found, row, spend, **words)


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
