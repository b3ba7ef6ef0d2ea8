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
from tests.support import ROOT
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
