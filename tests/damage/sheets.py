"""An export as rows that damages change, beside the facts that it held before."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from tests.platform_exports import PLATFORM_EXPORTS, Figures, PlatformExport
from tests.support import ROOT

AD_SET = "Set | 25-34"
# of each language, with its own letters
_NAMES = {
    "da": "Efterår på Øen", "de": "Größe & Früh", "es": "Otoño niños", "it": "Più così", "ja": "秋のセール",
    "nl": "Reünie één", "pl": "Święta Łódź", "pt": "Verão à mão", "sv": "Höst på ön", "tr": "İlkbahar şık ığdır",
}  # fmt: skip
_PATTERNS = ("{{}} {}, O'Neill | A", '{{}} "{}"; B', "{{}} {} - Retargeting", "{{}} {} 2026")
_DAYS = 30
Row = tuple[str, ...]


class Fact(NamedTuple):
    """What one row of an export says."""

    day: str
    campaign: str
    campaign_id: str | None
    ad_set: str | None
    currency: str | None
    impressions: Decimal | None
    clicks: Decimal | None
    conversions: Decimal | None
    spend: Decimal | None


@dataclass(frozen=True)
class Sheet:
    """An export, as far as it was damaged until now.

    Args:
        export: what it was made from.
        header: its headers.
        kinds: what stands under each, as PlatformExport.columns has it after the '='.
        rows: the rows under the header.
        facts: what a right reading has.
        titles: lines above the header.
        footer: lines below.
        delimiter: between cells.
        is_quoted: whether cells with a delimiter or a quote are quoted.
        steps: what is done to the text.
        encode: how the text becomes bytes; none for the export's own encoding.

    """

    export: PlatformExport
    header: Row
    kinds: Row
    rows: tuple[Row, ...]
    facts: tuple[Fact, ...]
    titles: Row
    footer: Row
    delimiter: str
    is_quoted: bool = True
    steps: tuple[Callable[[str], str], ...] = ()
    encode: Callable[[str], bytes] | None = None

    def at(self, kind: str) -> int | None:
        """The position of the column; of the spend also where it is in millionths."""
        kinds = ("spend", "micros") if kind == "spend" else (kind,)
        return next((at for at, found in enumerate(self.kinds) if found in kinds), None)

    def has(self, *kinds: str) -> bool:
        """Whether it has all of these columns, and amounts in units where the spend is asked for."""
        return all(kind in self.kinds for kind in kinds)

    @property
    def data(self) -> list[int]:
        """The positions of the rows that have a day."""
        day = self.at("day")
        named = self.at("campaign") if day is None else day
        return [at for at, row in enumerate(self.rows) if named is not None and row[named] not in ("", "--")
                and row[0] != self.export.total]  # fmt: skip

    def with_cells(self, kind: str, change: Callable[[str], str], rows: Sequence[int] | None = None) -> Sheet:
        """The sheet with the cells of one column changed, in all rows of data or in some."""
        column = self.at(kind)
        assert column is not None
        chosen = set(self.data if rows is None else rows)
        return replace(self, rows=tuple(
            (*row[:column], change(row[column]), *row[column + 1 :]) if at in chosen else row
            for at, row in enumerate(self.rows)
        ))  # fmt: skip

    def with_column(self, header: str, kind: str, cell: Callable[[int], str], at: int | None = None) -> Sheet:
        """The sheet with one more column, at the end or at a place; rows that are no data have '' there."""
        place, data = len(self.header) if at is None else at, set(self.data)
        return replace(
            self,
            header=(*self.header[:place], header, *self.header[place:]),
            kinds=(*self.kinds[:place], kind, *self.kinds[place:]),
            rows=tuple((*row[:place], cell(n) if n in data else "", *row[place:]) for n, row in enumerate(self.rows)),
        )

    def without_column(self, kind: str) -> Sheet | None:
        """The sheet without a column; none if it has none."""
        place = self.at(kind)
        if place is None:
            return None
        parts = (self.header, self.kinds, *self.rows)
        header, kinds, *rows = ((*part[:place], *part[place + 1 :]) for part in parts)
        return replace(self, header=header, kinds=kinds, rows=tuple(rows))

    def unknown(self, field: str) -> Sheet:
        """The sheet of facts that say nothing of one field, since the file does not."""
        return replace(self, facts=tuple(Fact(**(fact._asdict() | {field: None})) for fact in self.facts))

    def only(self, keep: Callable[[Fact], bool]) -> Sheet:
        """The sheet and the facts of some rows, without totals."""
        chosen = [(self.rows[at], fact) for at, fact in zip(self.data, self.facts, strict=True) if keep(fact)]
        return replace(self, rows=tuple(row for row, _ in chosen), facts=tuple(fact for _, fact in chosen))

    def without_totals(self) -> Sheet:
        """The sheet with its rows of data alone."""
        return replace(self, rows=tuple(self.rows[at] for at in self.data))

    def number(self, cell: str) -> Decimal | None:
        """A number of the sheet; none where the cell is something else."""
        mark = self.export.number[-3]
        text = "".join(character for character in cell if character.isdigit() or character in (mark, "-"))
        try:
            return Decimal(text.replace(mark, "."))
        except InvalidOperation:
            return None

    def with_step(self, step: Callable[[str], str]) -> Sheet:
        """The sheet with something done to its text."""
        return replace(self, steps=(*self.steps, step))

    def text(self) -> str:
        """The file as text."""
        text = io.StringIO()
        text.writelines(line + "\n" for line in self.titles)
        if self.is_quoted:
            csv.writer(text, delimiter=self.delimiter, lineterminator="\n").writerows((self.header, *self.rows))
        else:
            text.writelines(self.delimiter.join(row) + "\n" for row in (self.header, *self.rows))
        text.writelines(line + "\n" for line in self.footer)
        written = text.getvalue()
        for step in self.steps:
            written = step(written)
        return written

    def content(self) -> bytes:
        """The file."""
        return self.encode(self.text()) if self.encode else self.text().encode(self.export.encoding)


def figures_of(language: str) -> tuple[Figures, ...]:
    """Four campaigns on each day of a month: enough rows for a damaged one to be few."""
    name = _NAMES.get(language, "Été à Orléans")
    return tuple(
        (pattern.format(name), day, 1000 + at * 7919 % 38000, 1 + at * 37 % 900, at * 13 % 9,
         Decimal(at * 48611 % 299990 + 10) / 100)
        for at, (pattern, day) in enumerate((pattern, day) for pattern in _PATTERNS for day in range(1, _DAYS + 1))
    )  # fmt: skip


def sheet_of(export: PlatformExport) -> Sheet:
    """The undamaged sheet of a platform's export."""
    export = replace(export, figures=figures_of(export.language))
    header, _, kinds = zip(*(column.partition("=") for column in export.columns), strict=True)
    campaign_id = "77" if "campaign_id" in header or "campaign.id" in header else None
    facts = tuple(
        Fact(f"2026-09-{day:02}", campaign.format(export.name), campaign_id, AD_SET, "EUR", Decimal(impressions),
             Decimal(clicks), Decimal(conversions), spend)
        for campaign, day, impressions, clicks, conversions, spend in export.figures
    )  # fmt: skip
    rows = tuple(map(tuple, export.rows()))
    return Sheet(export, header, kinds, rows, facts, export.titles, export.footer, export.delimiter)


SHEETS = {export.name: sheet_of(export) for export in PLATFORM_EXPORTS}


def id_header(export: PlatformExport) -> str:
    """The header under which the platform writes ids of campaigns, in the export's language where it is known."""
    with (ROOT / "seeds" / "platform_columns.csv").open(encoding="utf-8", newline="") as file:
        found = {
            row["language"]: row["header"]
            for row in csv.DictReader(file)
            if (row["platform"], row["standard_column"]) == (export.platform, "campaign_id")
        }
    return found.get(export.language) or found["en"]
