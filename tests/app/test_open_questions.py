"""Open questions on the pages: shown before and after a load, settled by an owner, and stops with a button an answer."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import xlsxwriter
from streamlit.testing.v1 import AppTest

from app import tasks
from app.jobs import DONE, FAILED, Job, Jobs, Task, TaskResult
from app.readers import Readers
from app.views import overview, upload
from app.worker import serve
from loader.files.options import ReadingOptions, reading_options
from tests.app.conftest import OWNER, READER
from tests.app.test_views import Draw, drawn, words  # noqa: F401 - a fixture
from tests.support import SCHEMA, ProjectUnderTest, witnesses
from tests.waves.test_figures import rows
from tests.waves.test_questions import REPEATED
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows

QUESTION = "rows-repeated · a.csv · 2 rows (2, 5) · 80.00 of spend at stake"


@pytest.fixture
def asked(acme: ProjectUnderTest) -> ProjectUnderTest:
    """A client whose first wave has one open question; Ann owns it and Bob reads it."""
    acme.load(acme.write("a.csv", REPEATED), 1)
    for user, access in ((OWNER, "owner"), (READER, "reader")):
        assert acme.spark9("client", "grant", "acme/meta/2024", user, "--access", access).code == 0
    return acme


@pytest.fixture
def worked(acme: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The jobs that pages start: done at once by the worker's own loop, but for the build."""
    jobs: list[Job] = []

    def start(
        _: Jobs, title: str, client: str | None, who: str, task: Callable[..., Any], *values: Any, owned: str | None
    ) -> Job:
        job = Job(len(jobs) + 1, title, task.__name__, client, who, datetime.now(UTC).replace(tzinfo=None))
        events = io.BytesIO()
        serve(io.BytesIO(pickle.dumps(Task(job.number, task, who, values, owned))), events)
        events.seek(0)
        while not isinstance(told := pickle.load(events), TaskResult):  # noqa: S301 - of this test
            pass
        job.state, job.result = FAILED if told.failure else DONE, told.result
        job.error = told.failure.error() if told.failure else None
        jobs.append(job)
        return job

    monkeypatch.setenv("SPARK9_PROJECT_DIR", str(acme.root))
    monkeypatch.setenv("SPARK9_USER", "")
    monkeypatch.setattr(tasks, "NOTICES", [])
    monkeypatch.setattr(tasks, "_build", lambda *_: None)
    monkeypatch.setattr(Jobs, "start", start)
    monkeypatch.setattr(Jobs, "get", lambda _, number: jobs[number - 1])
    monkeypatch.setattr(Jobs, "warm_up", lambda _: None)
    monkeypatch.setattr(Readers, "warm_up", lambda _: None)
    monkeypatch.setattr(Readers, "run", lambda _, _file, function, *values, **_news: function(*values))
    return jobs


def pressed(test: AppTest, label: str) -> AppTest:
    next(button for button in test.button if button.label == label).click().run()
    assert not test.exception, test.exception[0].value
    return test


@pytest.mark.slow
def test_an_owner_settles_a_question_with_an_answer(drawn: Draw, asked: ProjectUnderTest, worked: list[Job]) -> None:  # noqa: F811
    page = drawn("waves", asked.root, OWNER, client="acme/meta/2024", wave="1", show="Questions")
    assert "1 open question. See the tab Questions." in words(page).replace("\\", "")
    assert QUESTION in words(page).replace("\\", "")
    assert "What decides: " in words(page)
    pressed(page, "Settle")
    assert "Write what you found, then settle." in words(page)
    assert worked == []
    page.text_input[0].set_value("  agrees with Ads Manager ")
    pressed(page, "Settle")
    assert [(job.state, job.who) for job in worked] == [(DONE, OWNER)]
    assert "This wave has no open questions." in words(page)
    ((who, when, answer),) = asked.query(f"select settled_by, settled_timestamp, answer from {SCHEMA}.open_questions")
    assert (who, answer, when is not None) == (OWNER, "agrees with Ads Manager", True)
    logged = f"select done_by, status, wave_number from {SCHEMA}.processing_log where processing_stage = 'SETTLE'"
    assert asked.query(logged) == [(OWNER, "SUCCESS", 1)]


def test_a_reader_sees_the_question_and_cannot_settle_it(drawn: Draw, asked: ProjectUnderTest) -> None:  # noqa: F811
    page = drawn("waves", asked.root, READER, client="acme/meta/2024", wave="1", show="Questions")
    assert QUESTION in words(page).replace("\\", "")
    assert "Only owners of the client can settle questions." in words(page)
    assert (list(page.text_input), list(page.button)) == ([], [])


@pytest.mark.slow
def test_questions_are_counted_by_client_and_wave(
    drawn: Draw,  # noqa: F811
    agency: ProjectUnderTest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    links: list[dict[str, str]] = []
    monkeypatch.setattr(overview, "link_to", lambda *_, **to: links.append(to))
    assert "open question" not in words(drawn("overview", agency.root, READER)), "nike has one, which is not theirs"
    assert "nike/meta/2024, wave 1: 1 open question" in words(drawn("overview", agency.root)).replace("\\", "")
    links.clear()
    for wave, count, currency in ((1, 2, "USD"), (2, 1, "mixed")):
        agency.change(
            f"update marts.waves set open_questions = {count}, amount_at_stake = 80, currency = '{currency}' "
            f"where client = 'acme' and wave_number = {wave}"
        )
    shown = words(drawn("overview", agency.root, READER)).replace("\\", "")
    assert "acme/meta/2024, waves 1, 2: 3 open questions" in shown
    assert links == [{"client": "acme/meta/2024", "wave": "1", "show": "Questions"}]
    table = drawn("waves", agency.root, READER).dataframe[0].value.set_index("wave_number")
    assert table["questions"].to_dict() == {1: 2, 2: 1}
    # dollars and euros are not added up
    assert table["amount_at_stake"].dropna().to_dict() == {1: 80.0}


def brought(monkeypatch: pytest.MonkeyPatch, project: ProjectUnderTest, text: str | bytes, name: str) -> Path:
    """A file that the upload page has been given."""
    folder = project.root / "uploaded"
    folder.mkdir()
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def bring(_: object) -> list[Path]:
        st.session_state["upload folder"] = folder
        return [file]

    monkeypatch.setattr(upload, "_bring", bring)
    return file


def test_questions_are_shown_before_the_load_and_linked_after_it(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    links: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(upload, "link_to", lambda _, label, **to: links.append((label, to)))
    brought(monkeypatch, acme, REPEATED, "a.csv")
    page = drawn("upload", acme.root, client="acme/meta/2024")
    shown = words(page).replace("\\", "")
    assert "1 open question that could change a figure, with 80.00 USD of spend at stake." in shown
    assert QUESTION.replace("80.00", "80.00 USD") in shown
    pressed(page, "Load 1 export and build")
    assert [(job.state, job.result.questions) for job in worked[:1]] == [(DONE, [1])]
    assert "1 open question that could change a figure." in words(page)
    assert links[0] == ("Review and settle", {"client": "acme/meta/2024", "wave": "1", "show": "Questions"})


def test_a_file_that_leaves_nothing_open_asks_nothing(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brought(monkeypatch, acme, meta_csv(30), "a.csv")
    page = drawn("upload", acme.root, client="acme/meta/2024")
    pressed(page, "Load 1 export and build")
    assert worked[0].result.questions == []
    assert "open question" not in words(page)


def unread() -> str:
    lines = [[str(cell) for cell in row] for row in meta_rows(20)]
    lines[3][-1] = "n.v."
    return as_csv([META_HEADER, *lines])


def changed_days() -> bytes:
    """Days of which a spreadsheet has made dates, beside others that are text."""
    cells = [date(2024, 2, 4), date(2024, 3, 4), *(f"{day}/0{month}/2024" for month in (2, 3, 4) for day in (13, 28))]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet, form = book.add_worksheet("Report"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Day", "Campaign name", "Impressions", "Amount spent (USD)"])
        for at, cell in enumerate(cells, 1):
            sheet.write_datetime(at, 0, cell, form) if isinstance(cell, date) else sheet.write(at, 0, cell)
            sheet.write_row(at, 1, [f"C{at}", 10 * at, 1.5 * at])
    return content.getvalue()


STOPS: dict[str, tuple[str, str | bytes, list[tuple[str, str]]]] = {
    "cells-unread": ("a.csv", unread(), [("unread", "keep")]),
    "rows-shifted": (
        "a.csv",
        rows("2024-01-01,A,10,1,1.50", "2024-01-02,A,11,1,2.50", "2024-01-03,A,12,1,1,234.56"),
        [("unread", "keep")],
    ),
    "units-unsure": (
        "a.csv",
        rows("2024-01-01,A,900,5,1110000", "2024-01-02,A,707,5,810000"),
        [("money", "units"), ("money", "micros")],
    ),
    "dates-unsure": ("a.xlsx", changed_days(), [("date_cells", "keep"), ("date_cells", "swap")]),
    # as many as there are: each has its button
    "currency-unsure": (
        "a.csv",
        "Currency: GBP\nDay,Campaign name,Currency,Amount spent (USD)\n2024-01-01,A,EUR,1.50\n2024-01-02,A,CAD,1.50\n",
        [("currency", code) for code in ("CAD", "EUR", "GBP", "USD")],
    ),
    "quotes-unsure": (
        "a.csv",
        rows('2024-01-01,"A,10,1,1.50', "2024-01-02,B,11,1,2.50,x", "2024-01-03,C,12,1,3.50"),
        [("quote", "double"), ("quote", "none")],
    ),
}


@pytest.mark.parametrize(
    ("code", "at"),
    witnesses(((code, at) for code, (*_, all_) in STOPS.items() for at in range(len(all_))), quick=3),
)
def test_each_answer_to_a_stop_is_a_button_that_decides_it(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    at: int,
) -> None:
    name, text, answers = STOPS[code]
    file = brought(monkeypatch, acme, text, name)
    page = drawn("upload", acme.root, client="acme/meta/2024")
    assert "This needs your decision." in words(page)
    buttons = [button for button in page.button if button.label == "Use this"]
    assert [str(button.key).split()[-2:] for button in buttons] == [list(answer) for answer in answers]
    buttons[at].click().run()
    assert not page.exception
    option, value = answers[at]
    expected: ReadingOptions = reading_options(**{option: value})
    assert [part.options for part in page.session_state["decided"][file]] == [expected]
    # decided: the same stop does not come again, and the load gets the answer
    assert "This needs your decision." not in words(page)
    pressed(page, "Load 1 export and build")
    assert [outcome for _, outcome, _ in worked[0].result.files] == ["loaded"]
    ((given,),) = acme.query(
        f"select cast(details as varchar) from {SCHEMA}.processing_log where processing_stage = 'UPLOAD' "
        "and status = 'SUCCESS'"
    )
    assert json.loads(given)["options"] == expected.given()
