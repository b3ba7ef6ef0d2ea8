"""Exports that tests write."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

META_HEADER = (
    "Reporting starts",
    "Reporting ends",
    "Campaign name",
    "Ad set name",
    "Ad name",
    "Reach",
    "Impressions",
    "Link clicks",
    "Amount spent (USD)",
)
VIDEO_HEADER = [*META_HEADER, "Video plays"]
PLAIN_HEADER = ["Day", "Campaign name", "Ad set name", "Campaign ID", "Impressions", "Link clicks", "Amount spent"]


def as_csv(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    """Rows as CSV text."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def meta_rows(count: int, *, day: str = "2024-01-01", first: int = 1) -> list[list[object]]:
    """Rows under META_HEADER, all different and without any doubt about them."""
    return [
        [day, day, "Spring", f"Set {number}", f"Ad {number}", 900 + number, 1000 + number, 10 + number, f"{number}.50"]
        for number in range(first, first + count)
    ]


def meta_csv(count: int = 3, **options: Any) -> str:
    """A small Meta export."""
    return as_csv([META_HEADER, *meta_rows(count, **options)])


def video_csv(count: int, *, day: str) -> str:
    """The same with a column that no seed knows."""
    return as_csv([VIDEO_HEADER, *([*row, "1,500"] for row in meta_rows(count, day=day))])


def file_of(column: str, cells: list[str], header: list[str] | None = None) -> str:
    """An export in which one column has the cells; all else is as plain as can be."""
    header = header or PLAIN_HEADER
    plain = {"Day": "2024-03-31", "Campaign name": "c", "Campaign ID": "77", "Impressions": "100", "Link clicks": "1"}
    rows = []
    for number, cell in enumerate(cells):
        row = {**plain, "Ad set name": f"set {number}", "Amount spent": "1.50", column: cell}
        rows.append([row.get(name, "") for name in header])
    return as_csv([header, *rows], ";")
