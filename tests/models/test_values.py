"""Cells as people and platforms write them become values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loader.errors import FileRefusedError
from tests.support import SCHEMA, ProjectUnderTest, copy_project, witnesses
from tests.written import file_of


def typed(project: ProjectUnderTest, column: str) -> list[Any]:
    rows = project.query(f"select {column} from {SCHEMA}.processed_campaign_data order by wave_number, row_number")
    return [value for (value,) in rows]


AMOUNTS: dict[str, tuple[list[str], list[str | None]]] = {
    "point and commas": (["1,234.56", "2.00"], ["1234.56", "2"]),
    "comma and points": (["1.234,56", "2,00"], ["1234.56", "2"]),
    "spaces": (["1 234.56", "2.00"], ["1234.56", "2"]),
    "narrow spaces and comma": (["1\u202f234,56", "2,00"], ["1234.56", "2"]),
    "apostrophes": (["1'234.56", "12’345.60"], ["1234.56", "12345.6"]),
    "Indian": (["12,34,567.50", "1,00,000.25"], ["1234567.5", "100000.25"]),
    "sign before": (["£1,234.56", "-£2.00", "£ 3.00"], ["1234.56", "-2", "3"]),
    "sign after": (["1.234,56 €", "2,00€"], ["1234.56", "2"]),
    "code before and after": (["GBP 5.00", "1,234.50 GBP"], ["5", "1234.5"]),
    "dollars of a country": (["US$5.00", "US$1,234.50"], ["5", "1234.5"]),
    "brackets and another minus": (["(123.00)", "−5.50", "($2.00)"], ["-123", "-5.5", "-2"]),
    "thin and figure spaces": (["1\u2009234.56", "1\u2007000.5"], ["1234.56", "1000.5"]),
    "texts of a spreadsheet": (['="1,234.56"', "2.00", '="-3"'], ["1234.56", "2", "-3"]),
    "Arabic digits": (["١٢٣٤٫٥٦", "١٬٢٣٤٫٥", "-٣", "٢.٥٠"], ["1234.56", "1234.5", "-3", "2.5"]),
    "Persian digits": (["۱۲۳۴٫۵۶", "۱٬۲۳۴", "۲"], ["1234.56", "1234", "2"]),
    "full-width digits": (["１２３４．５６", "１，２３４.５", "－３"], ["1234.56", "1234.5", "-3"]),
    "nothing": (["--", "N/A", "-", "—", "5.25"], [None, None, None, None, "5.25"]),
    "a bound": (["<10", "> 100.50", "5.25"], [None, None, "5.25"]),
}


@pytest.fixture(scope="module")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """All amounts that are asked for in one project, a wave each, so that one build does for all of them."""
    names = {name for item in request.session.items for name in AMOUNTS if f"[{name}" in item.name} | {"a bound"}
    project = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("values") / "project"))
    project.add("acme", "meta", 2024)
    for wave, (name, (cells, _)) in enumerate(AMOUNTS.items(), 1):
        if name in names:
            project.load(project.write(f"{wave}.csv", file_of("Amount spent", cells)), wave)
    project.change(f"update {SCHEMA}.raw_data_staging set wave_name = 'w'")
    assert project.spark9("client", "set", "acme", "meta", "2024", "--restatement", "both").code == 0
    project.dbt("build", "--select", "clients")
    return project


@pytest.mark.parametrize("cell", ["١,٢٣٤", "١.٢٣٤", "１.２３４,５"])
def test_digits_with_a_mark_of_two_meanings_are_not_read(acme: ProjectUnderTest, cell: str) -> None:
    with pytest.raises(FileRefusedError, match="1 of 2 cells of 'Amount spent' can't be read as decimal"):
        acme.load(acme.write("a.csv", file_of("Amount spent", [cell, "١٢٫٥"])), 1, dry_run=True)


@pytest.mark.parametrize("name", witnesses(AMOUNTS, quick=6))
def test_amounts_are_read_over_the_whole_column(built: ProjectUnderTest, name: str) -> None:
    wave = list(AMOUNTS).index(name) + 1
    rows = built.query(
        f"select amount_spent from {SCHEMA}.processed_campaign_data where wave_number = {wave} order by row_number"
    )
    assert [value for (value,) in rows] == [None if cell is None else Decimal(cell) for cell in AMOUNTS[name][1]]


def test_a_bound_is_named_and_no_mistake(built: ProjectUnderTest) -> None:
    wave = list(AMOUNTS).index("a bound") + 1
    rows = built.query(
        f"select validity, row_issues from {SCHEMA}.processed_campaign_data where wave_number = {wave} order by row_number"
    )
    assert rows[0][0] == 1
    assert "amount_spent: only a bound: '<10'" in rows[0][1]


@pytest.mark.parametrize(
    ("name", "currency"),
    witnesses(
        [
            ("sign before", "GBP"),
            ("sign after", "EUR"),
            ("code before and after", "GBP"),
            ("dollars of a country", "USD"),
        ]
    ),
)
def test_the_currency_of_the_cells_is_kept(built: ProjectUnderTest, name: str, currency: str) -> None:
    wave = list(AMOUNTS).index(name) + 1
    rows = built.query(f"select distinct currency from {SCHEMA}.processed_campaign_data where wave_number = {wave}")
    assert rows == [(currency,)]


@pytest.mark.parametrize(
    "cell",
    witnesses(["2024-03-31", "2024/03/31", "03/31/2024", "31/03/2024", "31.03.2024", "2024.03.31", "Mar 31, 2024", "31 Mar 2024",
     "31-Mar-2024", "March 31, 2024", "31 March 2024", "20240331", "3/31/24", "31.03.24", "2024-03-31T00:00:00Z",
     "2024-03-31 00:00:00", "3/31/2024 0:00", "31.03.2024 12:30", "45382", "03-31-2024"], quick=5),
)  # fmt: skip
def test_dates_are_found_in_every_form(onboarded: ProjectUnderTest, cell: str) -> None:
    (day,) = [row for row in onboarded.plan(file_of("Day", [cell])).columns if row.column_name == "Day"]
    parsed = onboarded.project.local_macros.call("parse_cell", f"'{cell}'", "date", day.value_format)
    assert onboarded.query(f"select {parsed}") == [(date(2024, 3, 31),)]
    assert "could be" not in day.reason


def test_ids_stay_text_and_damaged_ones_are_named(acme: ProjectUnderTest) -> None:
    cells = ["120212345678901234", "1.20212E+17", "1,20212E+17", "007"]
    acme.load(acme.write("a.csv", file_of("Campaign ID", cells)), 1)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "campaign_id") == cells
    issues = typed(acme, "row_issues")
    assert issues[0] == issues[3] == "[]"
    assert "campaign_id: damaged by a spreadsheet: '1.20212E+17'" in issues[1]
    assert typed(acme, "validity") == [1, 0, 0, 1]
