"""Days of which a spreadsheet has changed some are read as they were, or stop the load with both readings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loader.errors import FileRefusedError
from loader.waves.plan import LoadPlan
from tests.files.cases import workbook
from tests.support import ProjectUnderTest, witnesses

HEADER = ["Day", "Campaign name", "Impressions", "Amount spent (EUR)"]


def planned(project: ProjectUnderTest, cells: list[Any], **options: Any) -> LoadPlan:
    """The plan of a workbook with these cells in its day column; the spend of the n-th row is n."""
    rows = [[cell, "A", 100 + at, at] for at, cell in enumerate(cells, 1)]
    return project.plan(workbook({"Report": [HEADER, *rows]}), name="a.xlsx", **options)


def read(project: ProjectUnderTest, cells: list[Any], **options: Any) -> tuple[list[str], list[str]]:
    """The first and last day of the file, and the questions that it leaves open."""
    plan = planned(project, cells, **options)
    return [str(day) for day in plan.days or ()], [question.kind for question in plan.questions]


SWAPPED = [date(2024, month, 3) for month in (8, 9, 10, 11, 12)]
MARCH = [f"{day}/03/2024" for day in range(13, 18)]


@pytest.mark.parametrize(
    ("cells", "days"),
    witnesses(
        [
            ([*SWAPPED, *MARCH], ["2024-03-08", "2024-03-17"]),
            # a day-first spreadsheet and a month-first export; hyphens; counts of days
            ([*SWAPPED, *(f"03/{day}/2024" for day in range(13, 18))], ["2024-03-08", "2024-03-17"]),
            ([*SWAPPED, *(f"{day}-03-2024" for day in range(13, 18))], ["2024-03-08", "2024-03-17"]),
            ([45507, 45538, *MARCH], ["2024-03-08", "2024-03-17"]),
            # nothing is exchanged: days over 12 are dates, or both readings are the same days
            ([date(2024, 3, 20), date(2024, 4, 2), *MARCH], ["2024-03-13", "2024-04-02"]),
            ([date(2024, 3, 3), *MARCH], ["2024-03-03", "2024-03-17"]),
            # of texts whose order is known no spreadsheet makes other days
            ([45352, 45354, "2024-03-02"], ["2024-03-01", "2024-03-03"]),
            ([45352, 45354, "Mar 2, 2024"], ["2024-03-01", "2024-03-03"]),
            ([date(2024, 3, 8), "07.03.2024"], ["2024-03-07", "2024-03-08"]),
        ],
        quick=3,
    ),
)
def test_days_beside_others_tell_what_a_spreadsheet_has_changed(
    acme: ProjectUnderTest, cells: list[Any], days: list[str]
) -> None:
    assert read(acme, cells) == (days, [])


@pytest.mark.parametrize(
    "cells",
    witnesses(
        [
            [date(2024, 8, 3), date(2024, 9, 3)],
            [date(2024, 3, day) for day in range(1, 13)],
            [45352, 45353, 45354],
            # the first of each month, and a day of it in two months
            [date(2024, month, 1) for month in range(1, 13)],
            [date(2024, 2, 3), date(2024, 3, 3)],
        ],
        quick=2,
    ),
)
def test_a_column_of_dates_alone_asks_nothing(acme: ProjectUnderTest, cells: list[Any]) -> None:
    assert read(acme, cells)[1] == []


def test_days_that_fit_both_ways_stop_the_load_with_both_readings(acme: ProjectUnderTest) -> None:
    cells = [date(2024, 2, 4), date(2024, 3, 4), *(f"{day}/0{month}/2024" for month in (2, 3, 4) for day in (13, 28))]
    with pytest.raises(FileRefusedError, match=r"from 2024-02-04 to 2024-04-28; .* from 2024-02-13") as refused:
        read(acme, cells)
    assert refused.value.code == "dates-unsure"
    assert [(answer.option, answer.value) for answer in refused.value.answers] == [
        ("date_cells", "keep"),
        ("date_cells", "swap"),
    ]
    assert read(acme, cells, date_cells="keep")[0] == ["2024-02-04", "2024-04-28"]
    assert read(acme, cells, date_cells="swap")[0] == ["2024-02-13", "2024-04-28"]


@pytest.mark.slow
def test_days_far_from_all_others_are_not_guessed(acme: ProjectUnderTest) -> None:
    with pytest.raises(FileRefusedError, match="such as '2023-01-05', and left others as text, such as '13/03/2024'"):
        read(acme, [date(2023, 1, 5), *MARCH])
    with pytest.raises(FileRefusedError, match="1 of 3 cells of 'Day' can't be read as date, such as '42000'"):
        read(acme, ["2024-03-01", "2024-03-02", "42000"])


def test_days_that_are_all_exchanged_are_an_open_question(acme: ProjectUnderTest) -> None:
    plan = planned(acme, [date(2024, month, 8) for month in range(1, 8)])
    (question,) = plan.questions
    assert (question.kind, question.amount_at_stake) == ("days-unlikely", Decimal(28))
    assert (
        "2024-01-08 to 2024-07-08; if a spreadsheet has exchanged day and month, they are 2024-08-01 to 2024-08-07"
        in (question.question)
    )


@pytest.mark.slow
def test_a_person_can_set_both_formats_of_a_column(acme: ProjectUnderTest) -> None:
    rows = [["2024-08-03", "A", 100, 1], ["13/03/2024", "A", 100, 2]]
    acme.load(acme.write("a.xlsx", workbook({"Report": [HEADER, *rows]})), 1)
    command = ("mapping", "set", "--client", "acme/meta/2024", "--wave", "1", "--column", "Day", "--format")
    assert "nope" in acme.spark9(*command, "dmy_slash+nope").text
    assert acme.spark9(*command, "dmy_slash+iso").code == 0
    acme.build_clients()
    assert acme.processed("date_start") == [(date(2024, 8, 3),), (date(2024, 3, 13),)]
