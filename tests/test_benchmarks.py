"""What the benchmarks of reading measure: a table read right has the full score, one read wrong has less."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from bench import processes
from bench.ad_exports import CRASHED, RIGHT, STOPPED, WRONG, main, number, told_of, verdict, write
from bench.pollock import PERFECT, Result, normalized, score, simple_and_weighted
from tests.damage.sheets import SHEETS, Sheet

TABLE = [["DATE", "Price"], ["28/01/2018", "$1.50"], ["29/01/2018", "2"]]
META = SHEETS["meta en"]


def test_a_table_read_whole_has_all_points_of_pollock_and_a_refused_one_none() -> None:
    assert score(TABLE, TABLE) == score([], []) == PERFECT
    assert score(TABLE, None) == 0


@pytest.mark.parametrize(
    ("found", "lost"),
    [
        # precision of the header 1, recall 1/2, F1 2/3; no record; cells 3 of 6
        ([["DATE"], ["28/01/2018"], ["29/01/2018"]], 0.5 + 1 / 3 + 3 + 0.5 + 1 / 3),
        # a record of two, and cells 4 of 6
        (TABLE[:2], 0.5 + 1 / 3 + 1 / 3 + 1 / 5),
        ([], 9),
    ],
    ids=["a column lost", "a row lost", "nothing read"],
)
def test_what_is_lost_costs_points_of_pollock(found: list[list[str]], lost: float) -> None:
    assert score(TABLE, found) == pytest.approx(PERFECT - lost)


def test_cells_of_records_are_compared_by_their_values() -> None:
    assert normalized("$1.50") == normalized('"$1.5')
    assert normalized("2.50") == normalized("2.5")
    assert normalized("Shoes") == normalized("SHOES")
    assert normalized("28/01/2018") != normalized("28/02/2018")
    assert normalized("01:15") != normalized("1:16")


def test_the_weighted_score_of_pollock_counts_common_pollutions_more() -> None:
    results = [Result("rare.csv", 10, None), Result("common.csv", 0, "no-header")]
    assert simple_and_weighted(results, {"rare.csv": 1, "common.csv": 3, "not there.csv": 9}) == (5, 2.5)


def read(sheet: Sheet, **changed: Any) -> dict[str, Any]:
    return {"columns": list(sheet.header), "rows": [list(row) for row in sheet.rows], **changed}


@pytest.mark.parametrize("name", SHEETS)
def test_an_export_read_as_it_is_written_is_right(name: str) -> None:
    sheet = SHEETS[name]
    assert verdict(read(sheet), told_of(sheet), sheet.facts) == RIGHT


def test_a_sum_a_day_or_a_name_that_is_wrong_is_wrong_in_silence() -> None:
    for changed in (
        META.with_cells("spend", lambda _: "1.00", META.data[:1]),
        META.with_cells("day", lambda _: "2026-10-01", META.data[:1]),
        META.with_cells("campaign", str.upper, META.data[:1]),
    ):
        assert verdict(read(changed), told_of(META), META.facts) == WRONG


def test_what_gives_whoever_uses_it_an_error_is_stopped() -> None:
    told = told_of(META)
    unread = META.with_cells("spend", lambda _: "#VALUE!", META.data[:1])
    assert verdict(read(unread), told, META.facts) == STOPPED
    assert verdict(read(META, columns=["a title"]), told, META.facts) == STOPPED
    assert verdict({"error": "ParserError", "stopped": True}, told, META.facts) == STOPPED
    assert verdict({"error": "TypeError", "stopped": False}, told, META.facts) == CRASHED


def test_numbers_are_those_of_the_mark_that_was_told() -> None:
    assert [str(number(cell, ",")) for cell in ("1.234,56", "EUR 12,5", "7", "", 1.5)] == [
        "1234.56",
        "12.5",
        "7",
        "0",
        "1.5",
    ]
    assert number("1.234,56", ".") is None
    assert number("1,2", ".") is None


def test_the_data_set_has_a_truth_and_a_line_of_the_index_for_each_file(tmp_path: Path) -> None:
    write(tmp_path, {("", "meta en"): META})
    name = "meta_en__undamaged"
    assert (tmp_path / "files" / f"{name}.csv").read_bytes() == META.content()
    with (tmp_path / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as truth:
        rows = list(csv.DictReader(truth))
    assert [row["campaign"] for row in rows] == [fact.campaign for fact in META.facts]
    assert rows[0]["currency"] == "EUR"
    assert name in (tmp_path / "index.jsonl").read_text(encoding="utf-8")
    assert "wrong in silence" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_a_benchmark_without_its_libraries_says_how_to_install_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "REFERENCES", tmp_path)
    monkeypatch.setattr("sys.argv", ["ad_exports"])
    with pytest.raises(SystemExit, match=r"make \.venv-bench/\.installed"):
        main()
