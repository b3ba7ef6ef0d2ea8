"""Questions that compare a file with other loads: what they say, and that they end once there is nothing to compare."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loader import rollback_wave
from loader.waves.questions import OpenQuestion, list_questions
from tests.support import ACME, SCHEMA, ProjectUnderTest
from tests.waves.test_figures import ACCOUNTS, rows

JANUARY = rows("2024-01-01,Brand,9,1,10", "2024-01-02,Brand,9,1,20")
OTHER_ACCOUNT = rows("2024-01-01,Brand,9,1,7", "2024-01-02,Brand,9,1,8")


def load(acme: ProjectUnderTest, wave: int, text: str, *, replace: bool = False) -> None:
    acme.load(acme.write(f"{wave}.csv", text), wave, replace=replace)


def asked(acme: ProjectUnderTest) -> list[tuple[int, OpenQuestion]]:
    return [(each.wave_number, each.question) for each in list_questions(acme.project, ACME)]


def test_the_spend_that_is_superseded_is_at_stake(acme: ProjectUnderTest) -> None:
    load(acme, 2, JANUARY)
    load(acme, 3, OTHER_ACCOUNT)
    load(acme, 1, OTHER_ACCOUNT.replace("9,1,7", "9,1,3"))
    found = [(wave, question.kind, question.amount_at_stake) for wave, question in asked(acme)]
    assert (3, "restated-unlike", Decimal(30)) in found
    assert (1, "restated-unlike", Decimal(11)) in found
    (question,) = [question for wave, question in asked(acme) if wave == 1]
    assert "Now wave 2 (2.csv) counts, and this file of wave 1 does not" in question.question


@pytest.mark.slow
def test_two_accounts_are_told_apart_as_the_question_says(acme: ProjectUnderTest) -> None:
    load(acme, 1, JANUARY)
    load(acme, 2, OTHER_ACCOUNT)
    ((_, question),) = asked(acme)
    assert "--replace" in question.remedy
    load(acme, 1, ACCOUNTS + "2024-01-01,US,1,Brand,9,10\n2024-01-02,US,1,Brand,9,20\n", replace=True)
    load(acme, 2, ACCOUNTS + "2024-01-01,CA,2,Brand,9,7\n2024-01-02,CA,2,Brand,9,8\n", replace=True)
    assert asked(acme) == []
    assert acme.build_clients().success
    assert acme.query(
        f"select sum(amount_spent) from {SCHEMA}.processed_campaign_data where superseded_by is null"
    ) == [(45,)]


def test_a_renamed_campaign_is_told_by_the_numbers_of_the_waves(acme: ProjectUnderTest) -> None:
    load(acme, 2, JANUARY.replace("Brand", "New"))
    load(acme, 1, JANUARY.replace("Brand", "Old"))
    ((wave, question),) = asked(acme)
    assert (wave, question.kind) == (1, "campaign-renamed")
    assert "'New' of wave 2 (2.csv) is not in this file of wave 1" in question.question
    assert "earlier" not in question.question + question.remedy
    assert "spark9 wave rollback --client acme/meta/2024" in question.remedy


def test_a_question_about_two_loads_ends_with_either_of_them(acme: ProjectUnderTest) -> None:
    load(acme, 1, JANUARY.replace("Brand", "Old"))
    load(acme, 2, JANUARY.replace("Brand", "New"))
    load(
        acme,
        3,
        rows("2024-02-01,Brand,9,1,10").replace("Campaign name", "Campaign name,Ad name").replace("Brand", "Brand,a"),
    )
    load(acme, 4, rows("2024-02-01,Brand,9,1,15"))
    load(acme, 5, rows("2024-03-01,A,9,1,10", "2024-03-02,A,9,1,20"))
    load(acme, 6, rows("2024-03-01,A,9,1,70", "2024-03-02,A,9,1,80"))
    assert [question.kind for _, question in asked(acme)] == ["campaign-renamed", "sums-differ", "restated-unlike"]
    for wave in (1, 3, 5):
        rollback_wave(acme.project, ACME, wave)
    assert asked(acme) == []
    settled = acme.query(f"select wave_number, kind, answer from {SCHEMA}.open_questions order by 1")
    assert settled == [
        (2, "campaign-renamed", "1.csv of wave 1 was rolled back"),
        (4, "sums-differ", "3.csv of wave 3 was rolled back"),
        (6, "restated-unlike", "5.csv of wave 5 was rolled back"),
    ]
    assert acme.query(f"select count(*) from {SCHEMA}.processing_log where processing_stage = 'SETTLE'") == [(3,)]
