"""What a load is not sure of is said, or stops it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loader.errors import FileRefusedError
from tests.support import ProjectUnderTest, witnesses
from tests.written import PLAIN_HEADER, file_of


def test_currencies_that_cannot_be_told_are_a_doubt(acme: ProjectUnderTest) -> None:
    mixed = acme.load(acme.write("a.csv", file_of("Amount spent", ["$5.00", "€6.00"])), 1).plan
    assert mixed
    assert [(asked.kind, asked.amount_at_stake) for asked in mixed.questions] == [("currency-unknown", Decimal(5))]
    dollars = acme.load(acme.write("b.csv", file_of("Amount spent", ["$5.00", "$6.50"])), 2).plan
    assert dollars
    assert (dollars.questions, [row for row in dollars.columns if row.target_column == "currency"]) == ([], [])


@pytest.mark.parametrize(
    ("text", "problem"),
    witnesses(
        [
            (
                "Day,Campaign name,Currency,Amount spent (USD)\n2024-01-01,A,EUR,1.50\n",
                "the header of the spend says USD",
            ),
            ("Day,Campaign name,Amount spent (USD)\n2024-01-01,A,€1.50\n", "the cells of the spend say EUR"),
            ("Day,Campaign name,Amount spent (EUR)\n2024-01-01,A,$1.50\n", r"the cells of the spend say \$"),
            (
                "Currency: GBP\nDay,Campaign name,Currency,Amount spent\n2024-01-01,A,EUR,1.50\n",
                "above the header say GBP",
            ),
        ],
        quick=2,
    ),
)
def test_currencies_that_contradict_each_other_stop_the_load(acme: ProjectUnderTest, text: str, problem: str) -> None:
    with pytest.raises(FileRefusedError, match=problem) as refused:
        acme.plan(text)
    assert refused.value.code == "currency-unsure"
    plan = acme.plan(text, currency="cad")
    found = [(row.mapping_rule, row.default_value) for row in plan.columns if row.target_column == "currency"]
    assert found[-1] == ("constant", "CAD")
    assert all(rule == "ignore" for rule, _ in found[:-1])


def test_a_line_above_the_header_names_the_currency(acme: ProjectUnderTest) -> None:
    text = "Currency: AUD\nDay,Campaign name,Impressions,Amount spent\n2024-01-01,A,9,1.50\n"
    plan = acme.plan(text)
    assert [row.default_value for row in plan.columns if row.target_column == "currency"] == ["AUD"]


@pytest.mark.slow
def test_an_order_of_day_and_month_that_nothing_tells_stops_the_load_and_can_be_said(acme: ProjectUnderTest) -> None:
    text = file_of("Day", ["01/02/2024", "03/04/2024"])
    with pytest.raises(FileRefusedError, match=r"01/02/2024 in the column 'Day' is 1 February 2024 .* 2 January 2024"):
        acme.plan(text)
    for said, form in (("day-first", "dmy_slash"), ("month-first", "mdy_slash")):
        plan = acme.plan(text, dates=said)
        assert [row.value_format for row in plan.columns if row.column_name == "Day"] == [form]


def test_thousands_that_could_be_decimals_stop_the_load_unless_the_file_tells(acme: ProjectUnderTest) -> None:
    text = file_of("Amount spent", ["1.234", "5.678"])
    with pytest.raises(FileRefusedError, match=r"'Amount spent'.*1.234 is 1.234 with a point, 1234 with a comma"):
        acme.load(acme.write("a.csv", text), 1)
    for said, spend in (("point", Decimal("6.912")), ("comma", Decimal(6912))):
        plan = acme.plan(text, numbers=said)
        assert [row.control_sum for row in plan.columns if row.column_name == "Amount spent"] == [spend]
    told = file_of("Amount spent", ["1.234", "5.678"], [*PLAIN_HEADER, "CPC"]).replace(";\n", ";0,52\n")
    plan = acme.plan(told.replace("CPC;0,52", "CPC"))
    assert [row.control_sum for row in plan.columns if row.column_name == "Amount spent"] == [Decimal(6912)]


def test_damaged_ids_are_said_when_they_are_loaded(acme: ProjectUnderTest) -> None:
    result = acme.load(acme.write("a.csv", file_of("Campaign ID", ["1.20212E+17", "77"])), 1)
    assert any("1 of 2 ids" in warning and "spreadsheet" in warning for warning in result.warnings)
