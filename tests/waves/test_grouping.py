"""Exports like pivot tables: names are filled down, subtotals proved and kept out, and doubtful ones stop the load."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loader.errors import FileRefusedError
from loader.waves.plan import LoadPlan
from ops import verify_waves
from tests.support import ACME, ProjectUnderTest

PIVOT = """Day,Campaign name,Ad set name,Age,Impressions,Amount spent (USD)
05.09.2026,A,s1,All,1000,100.00
,,,18-24,600,60.00
,,,25-34,400,40.00
,,s2,All,900,95.00
,,,18-24,900,95.00
05.09.2026,B,s3,All,2000,195.00
,,,18-24,1500,100.00
,,,25-34,500,95.00
"""
# Ads Manager gives the whole of each campaign a row of its own, with an empty breakdown
EMPTY = """Day,Campaign name,Age,Impressions,Amount spent (USD)
2026-09-01,A,,1000,100.00
2026-09-01,A,18-24,600,60.00
2026-09-01,A,25-34,400,40.00
2026-09-01,B,,2000,195.00
2026-09-01,B,18-24,1500,100.00
2026-09-01,B,25-34,500,95.00
"""
LEVELS = """Day,Campaign name,Ad set name,Age,Impressions,Amount spent (USD)
2026-09-01,Todos,Todos,Todos,3000,295.00
2026-09-01,A,Todos,Todos,1000,100.00
2026-09-01,A,s1,Todos,1000,100.00
2026-09-01,A,s1,18-24,600,60.00
2026-09-01,A,s1,25-34,400,40.00
2026-09-01,B,Todos,Todos,2000,195.00
2026-09-01,B,s2,Todos,2000,195.00
2026-09-01,B,s2,18-24,2000,195.00
"""
# the whole of a campaign has the days of the whole report
PERIOD = """Reporting starts,Reporting ends,Campaign name,Age,Impressions,Amount spent (USD)
2026-09-01,2026-09-02,,All,3000,295.00
2026-09-01,2026-09-02,A,All,1000,100.00
2026-09-01,2026-09-01,A,18-24,600,60.00
2026-09-02,2026-09-02,A,18-24,400,40.00
2026-09-01,2026-09-02,B,All,2000,195.00
2026-09-01,2026-09-01,B,18-24,1500,100.00
2026-09-02,2026-09-02,B,18-24,500,95.00
"""


def spend(plan: LoadPlan) -> Decimal | None:
    return next(row.control_sum for row in plan.columns if row.target_column == "amount_spent")


@pytest.mark.parametrize(
    ("text", "rows", "total"),
    [(PIVOT, 5, "390"), (EMPTY, 4, "295"), (LEVELS, 3, "295"), (PERIOD, 4, "295")],
    ids=["pivot", "empty", "levels", "period"],
)
def test_subtotals_are_proved_and_kept_out(onboarded: ProjectUnderTest, text: str, rows: int, total: str) -> None:
    plan = onboarded.plan(text)
    assert (plan.row_count, spend(plan)) == (rows, Decimal(total))
    assert plan.possible_totals == []


def test_names_that_are_given_once_hold_for_the_rows_below(acme: ProjectUnderTest) -> None:
    result = acme.load(acme.write("a.csv", PIVOT), 1)
    assert sum("repeat the cell above" in warning for warning in result.warnings) == 1
    assert acme.build_clients().success
    assert acme.processed(
        "date_start::varchar, campaign_name, ad_set_name, amount_spent::integer, level, breakdowns"
    ) == [
        ("2026-09-05", "A", "s1", 60, "ad_set", "age"),
        ("2026-09-05", "A", "s1", 40, "ad_set", "age"),
        ("2026-09-05", "A", "s2", 95, "ad_set", "age"),
        ("2026-09-05", "B", "s3", 100, "ad_set", "age"),
        ("2026-09-05", "B", "s3", 95, "ad_set", "age"),
    ]
    assert acme.query("select data_quality_score from client_acme_meta_2024.wave_quality") == [(1,)]
    assert [load.differences for load in verify_waves(acme.project, ACME)] == [[]]
    again = acme.load(acme.write("b.csv", PIVOT.replace("95.00\n,,,18-24,900,95.00", "96.00\n,,,18-24,900,96.00")), 2)
    assert any("restate 5 rows of wave 1" in warning and "(+1.00)" in warning for warning in again.warnings)


def test_a_subtotal_that_is_no_sum_stops_the_load_with_both_readings(onboarded: ProjectUnderTest) -> None:
    text = PIVOT.replace("2000,195.00", "2000,295.00")
    with pytest.raises(FileRefusedError) as refused:
        onboarded.plan(text)
    assert refused.value.code == "subtotals-unsure"
    assert "Row 6 has 295.00, the rows of its group 195.00" in str(refused.value)
    assert "adds up to 685.00; as a subtotal, to 390.00" in str(refused.value)
    assert spend(onboarded.plan(text, subtotals="drop")) == 390
    assert spend(onboarded.plan(text, subtotals="keep")) == 685


def test_a_small_doubt_is_a_note(onboarded: ProjectUnderTest) -> None:
    rows = "".join(f"2026-09-{day:02d},A,x{day},900,100.00\n" for day in range(1, 29))
    text = f"Day,Campaign name,Ad set name,Impressions,Amount spent (USD)\n{rows}2026-09-29,Total,,90,1.00\n{rows}"
    assert onboarded.plan(text.replace("2026-09-29,Total,,90,1.00\n", "")).possible_totals == []
    small = onboarded.plan(text.replace("Total,,", ",,"))
    assert (spend(small), small.possible_totals) == (Decimal(5601), [29])


@pytest.mark.parametrize(
    "rows",
    [
        # an ad set that is called All, beside others
        ["A,All,10,100.00", "A,s2,20,30.00", "B,All,10,50.00"],
        # rows that lack a name, and are no sum of the others
        ["A,,10,100.00", "A,s2,20,30.00", "A,s3,20,45.00"],
        ["A,s1,10,100.00", ",s2,20,30.00", "B,s3,20,45.00", "C,s4,20,45.00"],
    ],
)
def test_rows_that_are_no_sums_stay_data(onboarded: ProjectUnderTest, rows: list[str]) -> None:
    header = "Day,Campaign name,Ad set name,Impressions,Amount spent (USD)"
    text = "\n".join([header, *(f"2026-09-01,{row}" for row in rows)]) + "\n"
    plan = onboarded.plan(text, subtotals="keep")
    assert plan.row_count == len(rows)
    assert not any((row.value_format or "").endswith("down") for row in plan.columns)
