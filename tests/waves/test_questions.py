"""Open questions outlast the load: asked, shown, warned of, and settled by a person."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from loader import rollback_wave
from loader.errors import FileRefusedError, WaveRefusedError
from loader.waves.questions import OpenQuestion, list_questions, settle_questions
from ops import client_statuses
from tests.support import ACME, ROOT, SCHEMA, ProjectUnderTest, witnesses
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows

HEADER = "Day,Campaign name,Ad ID,Action type,Impressions,Amount spent (USD)\n"
REPEATED = HEADER + (
    "2024-01-01,A,1,click,1000,50.00\n2024-01-01,A,1,view,1000,50.00\n2024-01-02,A,1,click,900,40.00\n"
    "2024-01-01,B,2,click,700,30.00\n2024-01-01,B,2,view,700,30.00\n"
)


def asked(project: ProjectUnderTest, text: str, **options: Any) -> list[OpenQuestion]:
    return project.plan(text, **options).questions


def test_a_question_is_shown_until_a_person_settles_it_and_leaves_with_its_load(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", REPEATED), 1)
    shown = acme.spark9("status")
    assert "1 (80.00 at stake)" in shown.out
    run = acme.dbt("build")
    assert (run.success, run.statuses[f"{SCHEMA}__client_quality"]) == (True, "warn")
    assert acme.query("select open_questions, amount_at_stake from marts.waves") == [(1, Decimal(80))]
    ((name, kind, status, rows),) = acme.query(
        "select question_id, kind, status, row_numbers from marts.open_questions"
    )
    assert (kind, status, rows) == ("rows-repeated", "open", "[2, 5]")
    (test,) = (acme.root / "target" / "compiled").rglob(f"{SCHEMA}__client_quality.sql")
    command = f"spark9 wave settle --client acme/meta/2024 --wave 1 --question {name} --answer ..."
    assert acme.query(f"select expected from ({test.read_text()})") == [(f"settled, by: {command}",)]
    assert "rows-repeated" in acme.spark9("wave", "questions", "--client", "acme/meta/2024").out

    with pytest.raises(WaveRefusedError, match="no open question nope"):
        settle_questions(acme.project, ACME, 1, "looked", ["nope"])
    with pytest.raises(WaveRefusedError, match="settled by an answer"):
        settle_questions(acme.project, ACME, 1, " ")
    settled = acme.spark9(
        "wave", "settle", "--client", "acme/meta/2024", "--wave", "1", "--answer", "as on the platform"
    )
    assert settled.code == 0, settled.err
    assert list_questions(acme.project, ACME) == []
    assert client_statuses(acme.project)[0].waves[0].open_questions == 0
    run = acme.dbt("build")
    assert run.statuses[f"{SCHEMA}__client_quality"] == "pass"
    assert acme.query("select open_questions, amount_at_stake from marts.waves") == [(0, None)]
    assert acme.query("select status, answer from marts.open_questions") == [("settled", "as on the platform")]
    assert acme.query(
        f"select json_extract_string(details, '/kind') from {SCHEMA}.processing_log where processing_stage = 'SETTLE' "
        "and status = 'SUCCESS'"
    ) == [("rows-repeated",)]
    rollback_wave(acme.project, ACME, 1)
    assert acme.query(f"select count(*) from {SCHEMA}.open_questions") == [(0,)]


def test_a_sound_wave_asks_nothing(acme: ProjectUnderTest) -> None:
    assert asked(acme, meta_csv(30)) == []


@pytest.mark.parametrize(
    ("rows", "kinds"),
    witnesses(
    [
        # by keyword, which is no column that is known: two rows of equal figures among many are chance
        (["2024-01-01,A,1,k1,10,1.00", "2024-01-01,A,1,k2,10,1.00", "2024-01-02,A,1,k1,9,2.00",
          "2024-01-02,A,1,k2,8,3.00", "2024-01-03,A,1,k1,7,3.00", "2024-01-03,A,1,k2,6,3.00"], []),
        (["2024-01-01,A,1,click,10,0.00", "2024-01-01,A,1,view,10,0.00"], []),
        (["2024-01-01,A,1,click,10,1.00", "2024-01-01,A,1,view,10,1.00"], ["rows-repeated"]),
        (["2019-12-31,A,1,click,10,1.00", "2024-01-01,A,1,click,10,1.00"], ["days-unlikely"]),
        (["2023-12-31,A,1,click,10,1.00", "2024-01-01,A,1,click,10,1.00"], []),
        (["2023-12-31,A,1,click,10,1.00", "2023-12-30,A,1,click,11,1.00"], ["days-unlikely"]),
    ], quick=4),
)  # fmt: skip
def test_what_is_asked(acme: ProjectUnderTest, rows: list[str], kinds: list[str]) -> None:
    assert [question.kind for question in asked(acme, HEADER + "\n".join(rows) + "\n")] == kinds


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    witnesses(
    [
        (REPEATED[: REPEATED.index("2024-01-01,B")], "rows-repeated",
         ("row 2 repeats the figures", "export without that column, and load the file with --replace")),
        (HEADER + "2019-12-31,A,1,click,10,1.00\n2024-01-01,A,1,click,10,1.00\n", "days-unlikely",
         ("1 row with a day in 'Day' outside 2023 to 2025",
          "roll the file back here (spark9 wave rollback --client ... --wave ... --file a.csv)")),
        (HEADER + "2024-01-01,A,1,click,9,1.00\n2024-01-02,A,1,click,8,1.10\n,B,2,click,10,1.25\n"
         "2024-01-02,B,2,click,7,1.30\n2024-01-03,B,2,click,6,1.40\n", "days-blank",
         ("export again with a day in each row, and load that with --replace",)),
        (HEADER.replace(" (USD)", "") + "2024-01-01,A,1,click,9,€1.05\n2024-01-02,A,1,click,8,$1.10\n",
         "currency-unknown",
         ("spark9 wave rollback --client ... --wave ... --file a.csv), and load one export for each account",)),
    ], quick=2),
)  # fmt: skip
def test_a_question_says_what_to_do(acme: ProjectUnderTest, text: str, kind: str, says: tuple[str, ...]) -> None:
    (question,) = [each for each in asked(acme, text) if each.kind == kind]
    assert [part for part in says if part not in f"{question.question}. {question.remedy}"] == []


def test_a_large_share_of_unread_spend_stops_the_load_and_a_small_one_stays_open(acme: ProjectUnderTest) -> None:
    rows = [[str(cell) for cell in row] for row in meta_rows(200)]
    rows[7][-1] = "1OOO.00"
    (question,) = asked(acme, as_csv([META_HEADER, *rows]))
    assert (question.kind, question.row_numbers, question.amount_at_stake) == ("cells-unread", (8,), None)
    assert "'1OOO.00' in row 8" in question.question
    for row in rows[10:15]:
        row[-1] = "n.v."
    with pytest.raises(FileRefusedError, match="6 of 200 cells of 'Amount spent") as refused:
        asked(acme, as_csv([META_HEADER, *rows]))
    assert refused.value.code == "cells-unread"
    (kept,) = asked(acme, as_csv([META_HEADER, *rows]), unread="keep")
    assert (kept.kind, kept.row_count) == ("cells-unread", 6)


def test_every_sentence_of_the_table_is_asked_and_every_kind_is_explained() -> None:
    texts = tomllib.loads((ROOT / "loader/waves/questions.toml").read_text(encoding="utf-8"))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "loader/waves").glob("*.py"))
    explained = (ROOT / "docs/quality.md").read_text(encoding="utf-8")
    for kind, text in texts.items():
        ways = [way for way, sentence in text.items() if isinstance(sentence, dict)]
        assert f"| {kind} |" in explained
        assert [way for way in ways if f'"{kind}.{way}"' not in code and f'"{way}"' not in code] == []
        assert ways or f'"{kind}"' in code
