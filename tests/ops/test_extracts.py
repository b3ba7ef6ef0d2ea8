"""What people take along is what the tables hold, and no cell of it is run by a spreadsheet."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from loader.errors import NameRefusedError, WaveRefusedError
from ops.extracts import fetch_original, write_wave_rows
from tests.support import ACME, ProjectUnderTest
from tests.written import meta_csv, video_csv


@pytest.fixture(scope="module")
def hostile(parsed_acme: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A wave whose names a spreadsheet would run."""
    acme = parsed_acme.copy(tmp_path_factory.mktemp("hostile"))
    text = video_csv(4, day="2024-05-01").replace("Set 2", '=HYPERLINK("http://x")').replace("Set 3", "@SUM(A1)")
    acme.load(acme.write("a.csv", text), 1)
    acme.build_clients()
    return acme


def test_csv_holds_the_rows_and_runs_nothing(hostile: ProjectUnderTest, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    assert write_wave_rows(hostile.project, ACME, 1, path) == 4
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert [Decimal(row["amount_spent"]) for row in rows] == [spent for (spent,) in hostile.processed("amount_spent")]
    assert [row["video_plays"] for row in rows] == ["1500"] * 4
    assert [row["ad_set_name"] for row in rows] == ["Set 1", '\'=HYPERLINK("http://x")', "'@SUM(A1)", "Set 4"]
    assert rows[0]["row_issues"] == ""


def test_a_workbook_holds_them_as_numbers_days_and_texts(hostile: ProjectUnderTest, tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    write_wave_rows(hostile.project, ACME, 1, path)
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    first = dict(zip(header, rows[1], strict=False))
    assert (first["amount_spent"], str(first["date_start"])[:10]) == (2.5, "2024-05-01")
    assert first["ad_set_name"] == '=HYPERLINK("http://x")'


def test_parquet_keeps_the_types(hostile: ProjectUnderTest, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    write_wave_rows(hostile.project, ACME, 1, path)
    found = duckdb.connect().execute(f"select column_name, column_type from (describe from '{path}')")
    types = dict(found.fetchall())
    assert (types["amount_spent"], types["date_start"], types["impressions"]) == ("DECIMAL(18,6)", "DATE", "BIGINT")


def test_other_endings_and_waves_are_refused(hostile: ProjectUnderTest, tmp_path: Path) -> None:
    with pytest.raises(NameRefusedError, match="csv, xlsx, parquet"):
        write_wave_rows(hostile.project, ACME, 1, tmp_path / "rows.exe")
    with pytest.raises(WaveRefusedError, match="Wave 2"):
        write_wave_rows(hostile.project, ACME, 2, tmp_path / "rows.csv")


def test_a_wave_that_was_not_built_has_no_rows_to_take(acme: ProjectUnderTest, tmp_path: Path) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    with pytest.raises(WaveRefusedError, match="not built"):
        write_wave_rows(acme.project, ACME, 1, tmp_path / "rows.csv")


def test_an_original_comes_back_byte_by_byte_under_its_name(acme: ProjectUnderTest, tmp_path: Path) -> None:
    content = meta_csv(3).encode("utf-16")
    file = acme.write("März.csv", content)
    loaded = acme.load(file, 1)
    assert loaded.plan is not None
    original = fetch_original(acme.project, ACME, loaded.plan.load_id, tmp_path)
    assert (original.name, original.read_bytes()) == ("März.csv", content)
    with pytest.raises(WaveRefusedError, match="no load"):
        fetch_original(acme.project, ACME, "0" * 16, tmp_path)
