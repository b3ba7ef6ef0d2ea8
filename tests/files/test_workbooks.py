"""Cells of workbooks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from loader.errors import FileRefusedError
from loader.files.containers import unpacked
from loader.files.options import ReadingOptions
from tests.files.cases import with_cell, workbook
from tests.support import SCHEMA, ProjectUnderTest

HEADER = ["Day", "Campaign name", "Ad set name", "Campaign ID", "Impressions", "Link clicks", "Amount spent"]


def typed(project: ProjectUnderTest, column: str) -> list[Any]:
    rows = project.query(f"select {column} from {SCHEMA}.processed_campaign_data order by wave_number, row_number")
    return [value for (value,) in rows]


def test_cells_of_a_workbook_are_read_as_excel_shows_them(acme: ProjectUnderTest) -> None:
    rows: list[list[object]] = [[*HEADER], [date(2024, 3, 31), "c", "s", 1790001112223334, 1000, 7, 12.5],
            [date(2024, 4, 1), "c", "s", 120212345678901234, 1000, 7, 0.1 + 0.2]]  # fmt: skip
    acme.load(acme.write("a.xlsx", workbook({"Report": rows})), 1)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "date_start") == [date(2024, 3, 31), date(2024, 4, 1)]
    assert typed(acme, "amount_spent") == [Decimal("12.5"), Decimal("0.3")]
    assert typed(acme, "impressions") == [1000, 1000]
    first, second = typed(acme, "campaign_id")
    assert first == "1790001112223334"
    assert "damaged by a spreadsheet" in typed(acme, "row_issues")[1], second


TABLE: list[list[object]] = [["Campaign name", "Impressions"], ["a", 1]]


def test_a_workbook_that_reaches_too_far_is_refused_with_its_last_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_cell(workbook({"Report": TABLE}), "XFD1048576"))
    with pytest.raises(FileRefusedError, match="XFD1048576") as caught, unpacked(path, ReadingOptions()):
        pass
    assert caught.value.code == "file-too-large"


@pytest.mark.parametrize(("place", "value", "rows"), [("XFD1048576", b"", 2), ("B40000", b"<v>5</v>", 40_000)])
def test_a_stray_cell_is_no_harm_where_it_is_empty_or_near(tmp_path: Path, place: str, value: bytes, rows: int) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_cell(workbook({"Report": TABLE}), place, value))
    with unpacked(path, ReadingOptions()) as export:
        lines = export.path.read_text(encoding="utf-8").splitlines()
    assert (lines[:2], len(lines)) == (["Campaign name,Impressions", "a,1"], rows)
