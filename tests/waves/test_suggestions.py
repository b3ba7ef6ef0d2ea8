"""Unknown headers that are like known ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import loader
from loader.errors import WaveRefusedError
from tests.support import ACME, NAMED, SCHEMA, ProjectUnderTest
from tests.written import as_csv

HEADER = ["Day", "Campaign name", "Ad set name", "Campaign ID", "Impressions", "Link clicks", "Amount spent"]


def typed(project: ProjectUnderTest, column: str) -> list[Any]:
    rows = project.query(f"select {column} from {SCHEMA}.processed_campaign_data order by wave_number, row_number")
    return [value for (value,) in rows]


def renamed(spend: str, cost: str = "5.50", day: str = "2024-03-31") -> str:
    return as_csv([[*HEADER[:-1], spend], [day, "c", "s", "77", 100, 1, cost]])


@pytest.mark.slow
def test_a_suggestion_is_shown_and_applied_only_when_accepted(acme: ProjectUnderTest) -> None:
    first = acme.load(acme.write("a.csv", renamed("Amount spend")), 1)
    assert first.plan
    (unknown,) = [row for row in first.plan.columns if row.column_name == "Amount spend"]
    assert (unknown.mapping_rule, unknown.target_column) == ("additional", "amount_spend")
    assert "similar to 'Amount spent' (amount_spent, 92 of 100)" in unknown.reason
    acme.load(acme.write("b.csv", renamed("amount  SPEND", "7.50", "2024-04-01")), 3)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "amount_spent") == [None, None]
    shown = acme.spark9("mapping", "suggestions", *NAMED)
    assert (shown.code, "Amount spend" in shown.text, "92" in shown.text) == (0, True, True)
    accepted = acme.spark9("mapping", "accept", *NAMED, "--column", "amount spend")
    assert (accepted.code, "is mapped to amount_spent from wave 1 on" in accepted.text) == (0, True)
    acme.load(acme.write("c.csv", renamed("AMOUNT SPEND", "9.50", "2024-04-02")), 2)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "amount_spent") == [Decimal("5.5"), Decimal("9.5"), Decimal("7.5")]
    assert "no unknown header resembles a known one" in acme.spark9("mapping", "suggestions", *NAMED).text
    with pytest.raises(WaveRefusedError, match="no suggestion for 'Mood'"):
        loader.accept_suggestion(acme.project, ACME, "Mood")
