"""Which days of an export are asked about because they can hardly be those of its figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from loader import find_project
from loader.clients.registry import RegisteredClient
from loader.waves.plan import LoadPlan, LoadRequest, plan_alone
from loader.waves.questions import OpenQuestion
from tests.support import ROOT, witnesses
from tests.written import as_csv

PROJECT = find_project(ROOT)
UPLOADED = date(2026, 11, 28)
HEADER = ["Day", "Campaign name", "Impressions", "Clicks (all)", "Amount spent (USD)"]


def planned(folder: Path, rows: list[list[str]], today: date = UPLOADED, platform: str = "meta") -> LoadPlan:
    """The plan of a file of these rows, the header first."""
    file = folder / "a.csv"
    file.write_text(as_csv(rows), encoding="utf-8")
    client = RegisteredClient(f"acme_{platform}_2026", "acme", platform, 2026, "active", "2026-01-01")
    return plan_alone(PROJECT, LoadRequest(file, client, 1, today=today))


def asked(folder: Path, days: list[str], today: date = UPLOADED) -> list[OpenQuestion]:
    """The questions about a file with a row of 10.50 on each of these days."""
    rows = [[day, "Alpha", str(1000 + 37 * at), str(10 + at), "10.50"] for at, day in enumerate(days)]
    return planned(folder, [HEADER, *rows], today).questions


def each_day(first: date, last: date, step: int = 1) -> list[date]:
    return [first + timedelta(days=at) for at in range(0, (last - first).days + 1, step)]


def exchanged(day: date) -> date:
    """The day with its month and number exchanged, as a script does it wherever it can."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def test_days_after_the_upload_are_asked_about(tmp_path: Path) -> None:
    days = [*map(str, each_day(date(2026, 11, 1), UPLOADED)), "2026-12-01", "2026-12-02"]
    (question,) = asked(tmp_path, days)
    assert (question.kind, question.amount_at_stake, question.row_numbers) == (
        "days-unlikely", Decimal("21.00"), (29, 30),
    )  # fmt: skip
    assert "2026-12-01 to 2026-12-02" in question.question
    assert "after the day of the upload" in question.question


@pytest.mark.parametrize(
    ("day", "spend"),
    [
        # in time zones ahead of the loader's, the day after is today
        ("2026-11-30", "10.50"),
        # a row that is planned has no spend
        ("2026-12-24", "0"),
    ],
)
def test_a_day_that_can_have_figures_is_not_asked_about(tmp_path: Path, day: str, spend: str) -> None:
    rows = [[day, "Alpha", "1000", "10", spend], ["2026-11-02", "Alpha", "1037", "11", "20.50"]]
    assert planned(tmp_path, [HEADER, *rows]).questions == []


def test_the_end_of_a_report_may_be_after_the_upload(tmp_path: Path) -> None:
    header = ["Reporting starts", "Reporting ends", *HEADER[1:]]
    rows = [["2026-11-01", "2026-12-31", name, "1000", "10", "10.50"] for name in ("Alpha", "Beta")]
    assert planned(tmp_path, [header, *rows]).questions == []


def test_days_after_the_upload_of_another_year_are_asked_about_once(tmp_path: Path) -> None:
    days = [*map(str, each_day(date(2026, 11, 1), UPLOADED)), "2062-11-01"]
    (question,) = asked(tmp_path, days)
    assert question.kind == "days-unlikely"
    assert "'2062-11-01'" in question.question


@pytest.mark.parametrize(
    "days",
    witnesses(
        [
            each_day(date(2026, 2, 1), date(2026, 3, 31)),
            each_day(date(2026, 7, 1), date(2026, 9, 30)),
            each_day(date(2025, 12, 1), date(2026, 1, 31)),
            # the last month ends before its thirteenth
            each_day(date(2026, 1, 20), date(2026, 5, 5)),
            each_day(date(2026, 8, 28), date(2026, 9, 5)),
            each_day(date(2026, 8, 5), date(2026, 9, 5)),
        ],
        quick=2,
    ),
)
def test_days_exchanged_over_several_months_are_asked_about(tmp_path: Path, days: list[date]) -> None:
    of_months = {day.month for day in days if day.day > 12}
    wrong = [at for at, day in enumerate(days) if day.day <= 12 and day.day not in of_months]
    (question,) = asked(tmp_path, [str(exchanged(day)) for day in days], today=date(2027, 1, 1))
    assert (question.kind, question.row_count) == ("days-unlikely", len(wrong))
    assert question.amount_at_stake == Decimal("10.50") * len(wrong)
    assert question.row_numbers == tuple(at + 1 for at in wrong)[:20]
    assert "exchanged" in question.question


def test_days_to_the_twelfth_of_two_months_are_asked_about_where_all_are_exchanged(tmp_path: Path) -> None:
    days = [*each_day(date(2026, 9, 3), date(2026, 9, 9)), *each_day(date(2026, 10, 3), date(2026, 10, 9))]
    (question,) = asked(tmp_path, [f"{day:%m.%d.%Y}" for day in days], today=date(2027, 1, 1))
    assert (question.kind, question.amount_at_stake) == ("days-unlikely", Decimal("147.00"))
    assert "2026-03-09 to 2026-09-10" in question.question
    assert "2026-09-03 to 2026-10-09" in question.question
    assert asked(tmp_path, [f"{day:%d.%m.%Y}" for day in days], today=date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    "days",
    witnesses(
        [
            each_day(date(2026, 1, 1), date(2026, 12, 31)),
            each_day(date(2026, 1, 1), date(2026, 3, 5)),
            each_day(date(2026, 1, 5), date(2026, 12, 31), 7),
            each_day(date(2026, 1, 5), date(2026, 4, 12), 7),
            each_day(date(2026, 1, 9), date(2026, 12, 31), 14),
            [date(2026, month, 1) for month in range(1, 13)],
            [date(2026, month, 28) for month in range(1, 13)],
            # by month, where campaigns began within a month
            [date(2026, 1, 15), date(2026, 2, 20), *(date(2026, month, 1) for month in range(2, 13))],
            each_day(date(2025, 11, 20), date(2026, 3, 12)),
        ],
        quick=3,
    ),
)
def test_days_of_a_sound_export_are_not_asked_about(tmp_path: Path, days: list[date]) -> None:
    assert asked(tmp_path, list(map(str, days)), today=date(2027, 1, 1)) == []


def test_a_day_is_shown_as_it_was_read(tmp_path: Path) -> None:
    (question,) = asked(tmp_path, ["13/03/2026", "14/03/2026", "11/03/2002"])
    assert "such as '11/03/2002' in row 3, read as 2002-03-11;" in question.question


@pytest.mark.parametrize(
    ("cells", "read"),
    witnesses(
        [
            (["2026-08-31T22:00:00.000Z", "2026-09-01T22:00:00.000Z"], "2026-08-31"),
            (["2026-08-31 22:00:00+00:00", "2026-09-01 22:00:00+00:00"], "2026-08-31"),
            (["2026-08-31 18:30:00 UTC", "2026-09-01 18:30:00 UTC"], "2026-08-31"),
            # summer time ends
            (["2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"], "2026-10-23"),
            (["2026-10-23T23:00:00Z", "2026-10-24T23:00:00Z", "2026-10-26T00:00:00Z"], "2026-10-23"),
        ],
        quick=2,
    ),
)
def test_midnights_of_another_time_zone_are_asked_about(tmp_path: Path, cells: list[str], read: str) -> None:
    (question,) = asked(tmp_path, cells)
    assert (question.kind, question.amount_at_stake) == ("days-in-utc", Decimal("10.50") * len(cells))
    assert f"'{cells[0]}' in row 1, read as {read}" in question.question
    assert f"{date.fromisoformat(read) + timedelta(days=1)}" in question.question


@pytest.mark.parametrize(
    "cells",
    witnesses(
        [
            ["2026-09-01T00:00:00.000Z", "2026-09-02T00:00:00.000Z"],
            # midnight west of Greenwich is on the same day
            ["2026-09-01T07:00:00.000Z", "2026-09-02T07:00:00.000Z"],
            ["2026-09-01T22:00:00+02:00", "2026-09-02T22:00:00+02:00"],
            [f"2026-09-01T{hour:02}:00:00Z" for hour in range(20, 24)],
            ["2026-09-01T13:07:11Z", "2026-09-02T19:44:02Z", "2026-09-03T22:00:00Z"],
        ],
        quick=2,
    ),
)
def test_times_that_are_no_midnights_of_another_zone_are_not_asked_about(tmp_path: Path, cells: list[str]) -> None:
    assert asked(tmp_path, cells) == []


def of_history(folder: Path, days: list[str]) -> list[OpenQuestion]:
    """The questions about an export of LinkedIn, whose order only the platform's habit tells."""
    rows = [[day, "Alpha", "1000", "10", "10.50"] for day in days]
    return planned(folder, [["Start Date (in UTC)", "Campaign Name", "Impressions", "Clicks", "Total Spent"], *rows],
                   platform="linkedin").questions  # fmt: skip


def test_days_far_apart_in_an_order_that_only_habit_tells_are_asked_about(tmp_path: Path) -> None:
    (question,) = of_history(tmp_path, ["02/10/2026", "03/10/2026", "04/10/2026"])
    assert (question.kind, question.amount_at_stake) == ("days-unlikely", Decimal("31.50"))
    assert "2026-02-10 to 2026-04-10" in question.question
    assert "2026-10-02 to 2026-10-04" in question.question
    assert of_history(tmp_path, ["10/02/2026", "10/03/2026", "10/04/2026"]) == []
    assert of_history(tmp_path, ["02/10/2026"]) == []


def test_days_far_apart_in_an_order_that_only_the_language_tells_are_asked_about(tmp_path: Path) -> None:
    def of_spain(days: list[str]) -> list[OpenQuestion]:
        header = ["Día", "Nombre de la campaña", "Impresiones", "Clics (todos)", "Importe gastado (EUR)"]
        return planned(tmp_path, [header, *([day, "Alpha", "1000", "10", "10.50"] for day in days)]).questions

    (question,) = of_spain(["09/03/2026", "09/04/2026"])
    assert "day-first, as it is read, its days run from 2026-03-09 to 2026-04-09" in question.question
    assert of_spain(["09/03/2026", "10/03/2026"]) == []
    # by month
    assert of_spain(["01/03/2026", "01/04/2026", "01/05/2026"]) == []
    # days that the file proves
    assert of_spain(["09/03/2026", "09/04/2026", "13/04/2026"]) == []
