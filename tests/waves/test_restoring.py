"""Undo a rollback: what it removed is back as it was, from the stage, and nothing counts twice."""

from __future__ import annotations

from typing import Any

import pytest

from loader import list_rolled_back, reading_options, rollback_wave, set_mapping, undo_rollback
from loader.errors import WaveRefusedError
from loader.waves.decisions import MappingChange
from loader.waves.questions import list_questions, settle_questions
from tests.support import ACME, NAMED, SCHEMA, ProjectUnderTest
from tests.waves.test_questions import REPEATED
from tests.written import meta_csv, video_csv

# what a rollback and its undoing may change: when something was written
_TABLES = {
    "raw_data_staging": "* exclude (processed_flag, schema_version)",
    "wave_schema_mapping": "* exclude (updated_timestamp)",
    "column_rules": "*",
    "open_questions": "* exclude (asked_timestamp, settled_timestamp)",
}


def tables(project: ProjectUnderTest) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: project.query(f"select {columns} from {SCHEMA}.{table} order by all")
        for table, columns in _TABLES.items()
    }


def test_an_undone_rollback_leaves_everything_as_it_was(acme: ProjectUnderTest) -> None:
    # the later file of a wave counts where both have a row: their order is theirs again
    acme.load(acme.write("a.csv", meta_csv(4)), 1, wave_name="Spring push")
    acme.load(acme.write("b.csv", meta_csv(3).replace("1.50", "9.50")), 1)
    days = (
        "Day,Campaign name,Impressions,Link clicks,Amount spent (USD)\n02/03/2024,A,10,1,1.50\n03/03/2024,A,11,1,2.50\n"
    )
    acme.load(acme.write("days.csv", days), 2, options=reading_options(dates="day-first", currency="EUR"))
    set_mapping(acme.project, ACME, 2, "Link clicks", MappingChange(default="0"))
    before = tables(acme)
    rollback_wave(acme.project, ACME, 1, file_name="a.csv")
    rollback_wave(acme.project, ACME, 1)
    rollback_wave(acme.project, ACME, 2)
    assert [each.file_name for each in list_rolled_back(acme.project, ACME)] == ["days.csv", "b.csv", "a.csv"]
    # one rollback after the other is undone, the last one first
    for wave, file in ((2, "days.csv"), (1, "b.csv"), (1, "a.csv")):
        results = undo_rollback(acme.project, ACME, wave)
        assert [(result.outcome, result.plan and result.plan.file_name) for result in results] == [("loaded", file)]
    assert tables(acme) == before
    assert list_rolled_back(acme.project, ACME) == []
    by = acme.query(f"select count(*) from {SCHEMA}.processing_log where processing_stage = 'ROLLBACK'")
    assert by == [(3,)], "the log keeps it"


def test_answers_and_comparisons_of_a_restored_file_are_what_they_were(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", REPEATED), 1)
    # the same figures under another name: the second load asks whether they count twice
    acme.load(acme.write("b.csv", REPEATED.replace(",A,", ",Other,").replace(",B,", ",Others,")), 2)
    settled = list_questions(acme.project, ACME, 1)
    settle_questions(acme.project, ACME, 1, "agrees with Ads Manager")
    asked = [each.question_id for each in list_questions(acme.project, ACME, 2)]
    assert any(each.question.other_loads for each in list_questions(acme.project, ACME, 2))
    before = tables(acme)
    rollback_wave(acme.project, ACME, 1)
    assert [each.question_id for each in list_questions(acme.project, ACME, 2)] != asked
    undo_rollback(acme.project, ACME, 1)
    assert tables(acme) == before
    assert [each.question_id for each in list_questions(acme.project, ACME)] == asked
    assert settled


def test_what_would_count_twice_or_differ_is_refused(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    with pytest.raises(WaveRefusedError, match="has no file that was rolled back") as caught:
        undo_rollback(acme.project, ACME, 1)
    assert caught.value.code == "nothing-to-restore"
    rollback_wave(acme.project, ACME, 1)
    with pytest.raises(WaveRefusedError, match=r"has no file named x\.csv that was rolled back; it has a\.csv"):
        undo_rollback(acme.project, ACME, 1, file_name="x.csv")
    # another file is the wave by now
    acme.load(acme.write("c.csv", meta_csv(3, day="2024-05-01")), 1)
    assert list_rolled_back(acme.project, ACME) == []
    with pytest.raises(WaveRefusedError, match=r"c\.csv was loaded as wave 1 .* both would count") as caught:
        undo_rollback(acme.project, ACME, 1)
    assert caught.value.code == "wave-reused"
    rollback_wave(acme.project, ACME, 1)
    # the same file is another wave by now
    acme.load(acme.write("c.csv", meta_csv(3, day="2024-05-01")), 7)
    with pytest.raises(WaveRefusedError, match="has no file named c"):
        undo_rollback(acme.project, ACME, 1, file_name="c.csv")
    # the original is not what it was
    original = next((acme.root / "warehouse" / "stage").glob("*/wave_1/*"))
    for text in (meta_csv(4), meta_csv(3).replace("1.50", "1.75")):
        original.write_text(text, encoding="utf-8")
        with pytest.raises(WaveRefusedError, match="the original in the stage was changed") as caught:
            undo_rollback(acme.project, ACME, 1, file_name="a.csv")
        assert caught.value.code == "restored-differently"
    assert acme.query(f"select distinct wave_number from {SCHEMA}.raw_data_staging") == [(7,)]


def test_a_file_that_would_be_read_otherwise_now_is_refused(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    rollback_wave(acme.project, ACME, 1)
    # a decision that was made since, for this wave too
    acme.load(acme.write("other.csv", meta_csv(3, day="2024-06-01")), 2)
    acme.change(
        f"insert into {SCHEMA}.column_rules select 'Reach', 1, 'core', 'clicks', 'integer', null, false, null, now()"
    )
    with pytest.raises(WaveRefusedError, match="clicks added up to 36 then, and to 2706 now"):
        undo_rollback(acme.project, ACME, 1)


@pytest.mark.slow
def test_marts_are_what_they_were_after_a_rollback_is_undone(built: ProjectUnderTest) -> None:
    built.load(built.write("c.csv", video_csv(2, day="2024-03-01")), 3)
    assert built.dbt("build").success
    before = built.snapshot()
    figures = built.query("select client_schema, date_day, amount_spent from marts.performance_by_day order by all")
    rollback_wave(built.project, ACME, 2)
    assert built.dbt("build").success
    assert built.snapshot() != before
    undo_rollback(built.project, ACME, 2)
    assert built.dbt("build").success
    after = built.snapshot()
    for name in ("processed_campaign_data", "wave_quality", "naming_keys"):
        assert after[name] == before[name], name
    assert figures == built.query(
        "select client_schema, date_day, amount_spent from marts.performance_by_day order by all"
    )


def test_the_command_restores_what_it_rolled_back(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    rolled = acme.spark9("wave", "rollback", *NAMED, "--wave", "1")
    assert "To undo it: spark9 wave restore --client acme/meta/2024 --wave 1" in rolled.text
    restored = acme.spark9("wave", "restore", *NAMED, "--wave", "1")
    assert restored.code == 0
    assert "a.csv: 3 rows, 9 columns loaded as wave 1 of acme/meta/2024." in restored.out
    again = acme.spark9("wave", "restore", *NAMED, "--wave", "1")
    assert (again.code, "nothing-to-restore" in again.text) == (3, True)
