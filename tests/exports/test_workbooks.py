"""Cells of workbooks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.exports.cases import workbook
from tests.support import ProjectUnderTest

SCHEMA = "client_acme_meta_2024"
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
