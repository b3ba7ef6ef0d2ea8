"""An upload of several exports: proposals within a person's clients, waves of two people at once, one load for all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import tasks
from app.access import viewer_named
from app.jobs import DONE, Job
from app.runtime import Runtime
from app.service import Service
from app.tasks import FileToLoad
from app.views import upload
from loader import client_schema, rollback_wave
from loader.files.options import ReadingOptions
from loader.waves.questions import list_questions
from tests.app.conftest import ADMIN, OWNER, READER
from tests.app.test_open_questions import pressed, worked  # noqa: F401 - a fixture
from tests.app.test_views import Draw, drawn, words  # noqa: F401 - a fixture
from tests.platform_exports import PLATFORM_EXPORTS
from tests.support import ACME, SCHEMA, ProjectUnderTest
from tests.waves.test_questions import REPEATED
from tests.written import meta_csv

NIKE = client_schema("nike", "meta", 2024)


def file_of(path: Path, wave: int, *, may_move: bool = False) -> FileToLoad:
    """A file for a wave that is to be new."""
    return FileToLoad(
        path, wave, None, replace=False, other_platform=False, options=ReadingOptions(), is_new_wave=True,
        may_move=may_move,
    )  # fmt: skip


def campaigns(*names: str) -> str:
    return meta_csv(len(names)).replace("Spring", "{}").format(*names)


def test_proposals_are_of_ones_own_clients_and_name_no_other(runtime: Runtime, agency: ProjectUnderTest) -> None:
    agency.change(
        "update marts.performance_by_day set campaign_name = 'Brand ' || ad_name where client_schema = 'client_nike_meta_2024'"
    )
    agency.change(
        f'update {NIKE.name}.processed_campaign_data set additional_metrics = \'{{"account_id": "123-456-7890"}}\''
    )
    file = agency.write("export.csv", campaigns("Brand Ad 1", "Brand Ad 2", "Other"))
    with_account = agency.write(
        "account.csv", "\n".join(f"{line},{'Account ID' if not at else '1234567890'}"
                                 for at, line in enumerate(meta_csv(2).splitlines()))
    )  # fmt: skip
    admin = Service(runtime, ADMIN, runtime.snapshot())
    owner = Service(runtime, viewer_named(runtime.project, OWNER, frozenset()), runtime.snapshot())
    by_campaigns, by_account = (admin.propose(each, ReadingOptions()) for each in (file, with_account))
    assert (by_campaigns.client, by_campaigns.reasons[-1]) == (NIKE, "earlier waves of nike have 2 of its 3 campaigns")
    assert (by_account.client, by_account.reasons[-1]) == (NIKE, "earlier waves of nike have its account")
    for each in (file, with_account):
        hidden = owner.propose(each, ReadingOptions())
        assert (hidden.client, hidden.doubts) == (None, [])
        assert "nike" not in str(hidden)
    named = owner.propose(agency.write("2024 acme.csv", meta_csv(2)), ReadingOptions())
    assert (named.client, named.platform, named.year) == (ACME, "meta", 2024)


@pytest.fixture
def at_work(acme: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    """A project in which tasks run without a worker."""
    monkeypatch.setenv("SPARK9_PROJECT_DIR", str(acme.root))
    monkeypatch.setenv("SPARK9_USER", "ann")
    monkeypatch.setattr(tasks, "NOTICES", [])
    return acme


def at_once(*calls: Callable[[], object]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.slow
def test_two_people_at_once_get_two_waves(at_work: ProjectUnderTest) -> None:
    at_work.load(at_work.write("first.csv", meta_csv(2)), 1)
    results: dict[str, tasks.LoadedUpload] = {}

    def load(who: str, month: int) -> None:
        files = [
            file_of(
                at_work.write(f"{who}{at}.csv", meta_csv(2, day=f"2024-0{month}-0{at}")),
                2,
                may_move=True,
            )
            for at in (1, 2)
        ]
        results[who] = tasks.load_upload(1, ACME, files, False)

    at_once(lambda: load("ann", 2), lambda: load("bob", 3))
    assert [outcome for who in ("ann", "bob") for _, outcome, _ in results[who].files] == ["loaded"] * 4
    loaded = at_work.query(
        f"select wave_number, string_agg(distinct left(file_name, 3), ' '), count(distinct file_name) "
        f"from {SCHEMA}.raw_data_staging where wave_number > 1 group by 1 order by 1"
    )
    assert sorted(who for _, who, _ in loaded) == ["ann", "bob"]
    assert [(wave, files) for wave, _, files in loaded] == [(2, 2), (3, 2)]
    told = [note for result in results.values() for note in result.notes if "meanwhile" in note]
    second = next(who for wave, who, _ in loaded if wave == 3)
    assert told == [f"{second}1.csv: somebody else loaded wave 2 meanwhile, so this is wave 3"]


def test_a_wave_that_somebody_named_is_not_moved_but_refused(at_work: ProjectUnderTest) -> None:
    at_work.load(at_work.write("first.csv", meta_csv(2)), 2)
    file = file_of(at_work.write("mine.csv", meta_csv(2, day="2024-05-01")), 2)
    result = tasks.load_upload(1, ACME, [file], False)
    ((name, outcome, message),) = result.files
    assert (name, outcome) == ("mine.csv", "refused")
    assert "Wave 2 of acme/meta/2024 was to be new, and has first.csv by now. Nothing was changed." in message
    assert at_work.query(f"select count(distinct load_id) from {SCHEMA}.raw_data_staging") == [(1,)]
    # what is already loaded is said to be, whoever loaded it
    again = tasks.load_upload(1, ACME, [file_of(at_work.write("first.csv", meta_csv(2)), 2)], False)
    assert again.files[0][1] == "already loaded"


def given(monkeypatch: pytest.MonkeyPatch, project: ProjectUnderTest, **files: str | bytes) -> dict[str, Path]:
    """Files that the upload page has been given."""
    folder = project.root / "uploaded"
    paths = {}
    for at, (name, text) in enumerate(files.items()):
        (folder / str(at)).mkdir(parents=True)
        paths[name] = folder / str(at) / f"{name}.csv"
        paths[name].write_bytes(text if isinstance(text, bytes) else text.encode())

    def bring(_: object) -> list[Path]:
        st.session_state["upload folder"] = folder
        return list(paths.values())

    monkeypatch.setattr(upload, "_bring", bring)
    return paths


def chosen(page: AppTest, label: str) -> list[object]:
    return [box.value for box in page.selectbox if box.label == label]


def of_platform(name: str) -> bytes:
    return next(export for export in PLATFORM_EXPORTS if export.name == name).content()


def test_no_client_is_preselected_unless_the_address_or_the_file_names_one(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, acme, export=meta_csv(3))
    page = drawn("upload", acme.root)
    assert chosen(page, "Client") == [None]
    assert "Choose the client to see what loading it would do." in words(page)
    assert next(button for button in page.button if button.label.startswith("Load")).disabled
    assert chosen(drawn("upload", acme.root, client="acme/meta/2024"), "Client") == ["acme/meta/2024"]
    assert worked == []


@pytest.mark.slow
def test_several_files_become_several_waves_and_one_failure_stops_none(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acme.add("acme", "googleads", 2026)
    acme.add("acme", "tiktok", 2024)
    paths = given(
        monkeypatch,
        acme,
        acme_february=meta_csv(3, day="2024-02-01"),
        acme_january=meta_csv(4),
        acme_2026=of_platform("googleads de"),
        acme_tiktok_2024=meta_csv(3, day="2024-04-01"),
        acme_broken=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    )
    page = drawn("upload", acme.root)
    assert chosen(page, "Client") == ["acme/meta/2024", "acme/meta/2024", "acme/googleads/2026", None, None]
    assert chosen(page, "Wave") == [2, 1, 1]
    assert "its name says TikTok Ads, its headers say Meta Ads" in words(page).replace("\\", "")
    table: Any = page.dataframe[0].value.set_index("file")
    assert table.loc["acme_january.csv", ["client", "wave", "rows", "days", "spend", "state"]].tolist() == [
        "acme/meta/2024", "1 (new)", 4, "2024-01-01", "12.00 USD", "ready",
    ]  # fmt: skip
    # one of them fails: its file is gone by then
    monkeypatch.setattr(tasks, "load_alone", failing(tasks.load_alone, paths["acme_january"]))
    pressed(page, "Load 3 exports and build")
    assert [(job.task, job.client_schema) for job in worked] == [
        ("load_upload", "client_acme_googleads_2026"), ("load_upload", SCHEMA), ("load_upload", SCHEMA), ("build", None),
    ]  # fmt: skip
    assert [outcome for job in worked[:3] for _, outcome, _ in job.result.files] == ["loaded", "refused", "loaded"]
    assert acme.query(f"select distinct wave_number, file_name from {SCHEMA}.raw_data_staging") == [
        (2, "acme_february.csv")
    ]
    outcomes = page.dataframe[0].value
    assert list(zip(outcomes["file"], outcomes["outcome"], strict=True)) == [
        ("acme_2026.csv", "loaded"), ("acme_january.csv", "not loaded"), ("acme_february.csv", "loaded"),
    ]  # fmt: skip
    assert not (acme.root / "uploaded").exists()


def failing(load: Callable[..., object], file: Path) -> Callable[..., object]:
    """The same, but that one file is gone when it is to be loaded."""

    def loaded(*values: object) -> object:
        each = values[-1]
        assert isinstance(each, FileToLoad)
        if each.file == file:
            file.unlink()
        return load(*values)

    return loaded


@pytest.mark.slow
def test_a_file_of_another_platform_is_offered_the_right_client_first(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for client, year in (("acme", 2024), ("nike", 2024)):
        acme.add(client, "googleads", year)
    given(monkeypatch, acme, export=of_platform("googleads de"))
    page = drawn("upload", acme.root, client="acme/meta/2024")
    labels = [button.label.replace("\\", "") for button in page.button]
    right, anyway = "Load it for acme · Google Ads · 2024", "Load it for acme · Meta Ads · 2024 anyway"
    assert labels.index(right) < labels.index(anyway)
    assert [box.options for box in page.selectbox if box.label == "Another client of this platform"] == [
        ["nike · Google Ads · 2024"]
    ]
    next(button for button in page.button if button.label.replace("\\", "") == right).click().run()
    assert not page.exception
    assert chosen(page, "Client") == ["acme/googleads/2024"]
    assert "This needs your decision." not in words(page)
    page = drawn("upload", acme.root, client="acme/meta/2024")
    next(button for button in page.button if button.label.replace("\\", "") == anyway).click().run()
    pressed(page, "Load 1 export and build")
    assert worked[0].client_schema == SCHEMA
    assert [outcome for _, outcome, _ in worked[0].result.files] == ["loaded"]


@pytest.mark.slow
def test_a_question_is_answered_before_the_load_or_later(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, acme, a=REPEATED, b=meta_csv(3, day="2024-05-01"))
    page = drawn("upload", acme.root, client="acme/meta/2024")
    shown = words(page).replace("\\", "")
    assert shown.count("1 open question that could change a figure, with 80.00 USD of spend at stake.") == 1
    assert "--replace" not in shown
    assert "in place of this one" in shown
    decision = next(box for box in page.selectbox if box.label == "Your decision")
    assert decision.value == "Decide later, on the page Waves"
    decision.set_value("It is right: agrees with the platform").run()
    pressed(page, "Load 2 exports and build")
    assert [job.result.questions for job in worked[:2]] == [[], []]
    assert list_questions(acme.project, ACME) == []
    assert acme.query(f"select answer from {SCHEMA}.open_questions") == [("agrees with the platform",)]


@pytest.mark.slow
def test_how_a_file_is_written_is_chosen_from_lists(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    given(monkeypatch, acme, b=meta_csv(3, day="2024-05-01"))
    page = drawn("upload", acme.root, client="acme/meta/2024")
    numbers = next(box for box in page.selectbox if box.label == "Numbers")
    assert numbers.options == ["as detected", "1.234,56 (comma decimals)", "1,234.56 (decimal point)"]
    dates = next(box for box in page.selectbox if box.label == "Dates")
    assert dates.options == ["as detected", "31/01/2024 (day first)", "01/31/2024 (month first)"]
    dates.set_value("day-first").run()
    assert not page.exception
    (part,) = page.session_state["decided"].popitem()[1]
    assert part.options.given() == {"dates": "day-first"}
    # and of a column that is corrected later
    columns = drawn("waves", acme.root, client="acme/meta/2024", wave="1", show="Columns")
    assert not [box for box in columns.text_input if "ormat" in box.label]
    next(box for box in columns.selectbox if box.label == "Column").set_value("Amount spent (USD)").run()
    written = next(box for box in columns.selectbox if box.label == "Written as")
    assert {"as detected", "1,234.56 (decimal point)", "1.234,56 (comma decimals)"} <= set(written.options)
    assert worked == []


@pytest.mark.slow
def test_a_rollback_is_undone_by_a_button(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],  # noqa: F811
) -> None:
    for user, access in ((OWNER, "owner"), (READER, "reader")):
        assert acme.spark9("client", "grant", "acme/meta/2024", user, "--access", access).code == 0
    acme.load(acme.write("a.csv", meta_csv(3)), 1, wave_name="Spring push")
    raw = f"select * exclude (processed_flag, schema_version) from {SCHEMA}.raw_data_staging order by all"
    before = acme.query(raw)
    rollback_wave(acme.project, ACME, 1)
    assert not list(drawn("waves", acme.root, READER, client="acme/meta/2024").button)
    page = drawn("waves", acme.root, OWNER, client="acme/meta/2024")
    assert "Rolled back from wave 1: a.csv (3 rows)" in words(page).replace("\\", "")
    pressed(page, "Undo rollback of wave 1")
    assert [(job.state, job.task) for job in worked] == [(DONE, "undo_rollback")]
    assert acme.query(raw) == before
    assert "Rolled back from" not in words(page)


def test_a_file_that_is_loaded_already_is_said_to_be(
    drawn: Draw,  # noqa: F811
    acme: ProjectUnderTest,
    worked: list[Job],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    given(monkeypatch, acme, a=meta_csv(3))
    page = drawn("upload", acme.root, client="acme/meta/2024")
    shown = words(page).replace("\\", "")
    assert "was already loaded as wave 1 of acme/meta/2024" in shown
    assert "What could change a figure" not in " ".join(heading.value for heading in page.subheader)
    assert not page.error
    assert worked == []
