"""What the corpus (tests/files/cases.py) does not hold: files of which no table comes, and those that ask for care."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import duckdb
import pytest

from loader.errors import FileRefusedError
from loader.files.headers import PlatformColumns, export_words
from loader.files.row_kinds import mark_rows
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE
from loader.project.project import find_project
from loader.waves.suggestions import suggested_columns
from tests.support import ACME, ROOT, ProjectUnderTest, read_export
from tests.written import META_HEADER, as_csv, meta_rows


@pytest.fixture(scope="module")
def known() -> PlatformColumns:
    return PlatformColumns(find_project(ROOT))


def test_ragged_rows_lose_no_cell(tmp_path: Path, known: PlatformColumns) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Campaign name,Impressions,Clicks\na,1,2\nb,3\nc,4,5,extra,more\n", encoding="utf-8")
    dialect, rows = read_export(path, known)
    assert dialect.columns == ("Campaign name", "Impressions", "Clicks", "column 4", "column 5")
    assert [[cell or "" for cell in row] for row in rows] == [
        ["a", "1", "2", "", ""],
        ["b", "3", "", "", ""],
        ["c", "4", "5", "extra", "more"],
    ]


def test_repeated_and_empty_headers_get_names_of_their_own(tmp_path: Path, known: PlatformColumns) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Clicks,clicks,,Impressions,Clicks (2)\n1,2,3,4,5\n", encoding="utf-8")
    dialect, rows = read_export(path, known)
    assert dialect.columns == ("Clicks", "clicks (2)", "column 3", "Impressions", "Clicks (2) (2)")
    assert rows == [("1", "2", "3", "4", "5")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xef\xbb\xbf", "file-empty"),
        (b"\n\n\n", "file-empty"),
        (b"PK\x03\x04abc", "file-damaged"),
        (b"\x1f\x8b\x08", "file-damaged"),
    ],
)
def test_a_file_without_rows_is_refused_with_the_reason(
    tmp_path: Path, known: PlatformColumns, content: bytes, code: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError) as caught:
        read_export(path, known)
    assert caught.value.code == code
    assert str(path) in caught.value.problem


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_missing_file_is_refused(tmp_path: Path, known: PlatformColumns, name: str) -> None:
    with pytest.raises(FileRefusedError) as caught:
        read_export(tmp_path / name, known)
    assert caught.value.code == "file-missing"


def test_two_delimiters_that_split_all_rows_are_asked_for(tmp_path: Path, known: PlatformColumns) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a|b,3\nc|d,4\n", encoding="utf-8")
    with pytest.raises(FileRefusedError) as refused:
        read_export(path, known, header_row=0)
    assert refused.value.code == "delimiter-unsure"
    assert [answer.value for answer in refused.value.answers] == [",", "|"]
    assert read_export(path, known, header_row=0, delimiter="pipe")[1] == [("a", "b,3"), ("c", "d,4")]


def test_a_space_is_the_delimiter_only_where_nothing_else_splits(tmp_path: Path, known: PlatformColumns) -> None:
    path = tmp_path / "export.csv"
    path.write_text("20 352 1|11 052 2\n20 099 3|28 326 4\n", encoding="utf-8")
    assert read_export(path, known, header_row=0)[1] == [("20 352 1", "11 052 2"), ("20 099 3", "28 326 4")]
    path.write_text("20352 11052\n20099 28326\n", encoding="utf-8")
    assert read_export(path, known, header_row=0)[1] == [("20352", "11052"), ("20099", "28326")]


def test_bytes_that_no_code_page_has_are_read_all_the_same(tmp_path: Path, known: PlatformColumns) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"Campaign name,Impressions\nr\x81\xe9,1\n" + "Été à Noël,1\nForêt,2\n".encode("cp1252"))
    assert read_export(path, known)[1] == [("r\x81é", "1"), ("Été à Noël", "1"), ("Forêt", "2")]


@pytest.mark.slow
def test_hundreds_of_columns_are_read(acme: ProjectUnderTest) -> None:
    header = [*META_HEADER, *(f"Col {number}" for number in range(200))]
    path = acme.write("wide.csv", as_csv([header, *([*row, *range(200)] for row in meta_rows(3))]))
    plan = acme.load(path, 1).plan
    assert plan
    assert len(plan.dialect.columns) == 209
    assert acme.dbt("build", "--select", "clients").success
    ((metrics,),) = acme.query(
        "select sum((additional_metrics->>'col_199')::int) from client_acme_meta_2024.processed_campaign_data"
    )
    assert metrics == 3 * 199


def test_a_platform_without_headers_of_its_own_borrows_those_that_all_others_agree_on(known: PlatformColumns) -> None:
    assert [entry.standard_column for entry in known.lookup("quora", "Impressions")] == ["impressions"]
    assert known.lookup("quora", "Campaign name") == []  # LinkedIn's campaign is an ad set


def test_row_numbers_follow_the_file(tmp_path: Path, known: PlatformColumns) -> None:
    path = tmp_path / "export.csv"
    path.write_text(as_csv([META_HEADER, *meta_rows(200_000)]), encoding="utf-8")
    connection = duckdb.connect()
    read_export(path, known, connection)
    wrong = connection.execute(
        f"""select count(*) from {TABLE} where "Ad name" <> 'Ad ' || "{ROW_NUMBER}" """
    ).fetchall()
    assert wrong == [(0,)]


def test_headers_with_the_names_of_the_readers_own_columns_are_headers(known: PlatformColumns, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("rowid,row_kind,row_reason,Clicks\n7,data,why,5\n8,total,,6\n", encoding="utf-8")
    connection = duckdb.connect()
    dialect, rows = read_export(path, known, connection)
    assert dialect.columns == ("rowid", "row_kind", "row_reason", "Clicks")
    assert rows == [("7", "data", "why", "5"), ("8", "total", None, "6")]
    mark_rows(connection, dialect.columns, dialect.headers, [], export_words(find_project(ROOT)))
    numbers = connection.execute(f'select "{ROW_NUMBER}" from {TABLE} where {IS_DATA} order by 1').fetchall()
    assert numbers == [(1,), (2,)]


def test_a_line_longer_than_usual_is_read(known: PlatformColumns, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Campaign name,Clicks\n{'x' * 5_000_000},5\ny,6\n", encoding="utf-8")
    _, rows = read_export(path, known)
    assert [(len(name), clicks) for name, clicks in rows] == [(5_000_000, "5"), (1, "6")]


def test_a_line_that_no_memory_should_be_spent_on_is_refused(known: PlatformColumns, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Campaign name,Clicks\n" + b"x" * (68 << 20) + b",5\n")
    with pytest.raises(FileRefusedError, match="a line of more than 64 MB"):
        read_export(path, known)


def test_a_quote_that_swallows_more_than_a_cell_can_hold_is_refused(known: PlatformColumns, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Campaign name,Clicks\n"a\n' + "b,2\nc,3,4\n" * 150_000, encoding="utf-8")
    before = csv.field_size_limit(1 << 20)
    try:
        with pytest.raises(FileRefusedError) as caught:
            read_export(path, known)
    finally:
        csv.field_size_limit(before)
    assert caught.value.code == "quotes-unsure"


@pytest.mark.parametrize("header", ['"Impressions\n(""all"")"', '"Impressions\r\n(all)"', '"Impressions\n"'])
def test_a_header_with_a_line_break_and_quotes_is_one_header(acme: ProjectUnderTest, header: str) -> None:
    text = f"Reporting starts,Campaign name,{header},Amount spent (USD)\n2024-01-01,a,10,1.50\n2024-01-02,b,20,2.50\n"
    dialect, rows = read_export(acme.write("a.csv", text), PlatformColumns(acme.project))
    name = " ".join(header.removeprefix('"').removesuffix('"').replace('""', '"').split())
    assert dialect.columns == ("Reporting starts", "Campaign name", name, "Amount spent (USD)")
    assert rows == [("2024-01-01", "a", "10", "1.50"), ("2024-01-02", "b", "20", "2.50")]


def test_a_header_that_looks_like_a_known_one_is_it_or_is_suggested(acme: ProjectUnderTest) -> None:
    """Joiners and soft hyphens can't be seen; a Cyrillic letter is another letter, so a person decides."""
    text = (
        "Reporting starts,C\u0430mpaign n\u0430me,Impre\u200dssions,Re\u00adach,Amount\u00a0spent\u200b (USD)\n"
        "2024-02-01,a,10,3,1.50\n"
    )
    plan = acme.plan(text)
    targets = {column.column_name: column.target_column for column in plan.columns}
    assert targets["Impre\u200dssions"] == "impressions"
    assert targets["Re\u00adach"] == "reach"
    assert targets["Amount spent\u200b (USD)"] == "amount_spent"
    acme.load(acme.write("b.csv", text), 1)
    suggested = {each.column_name: each.suggestion.standard_column for each in suggested_columns(acme.project, ACME)}
    assert suggested["C\u0430mpaign n\u0430me"] == "campaign_name"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "said"), [("x" * (100 << 20), "line 3"), ('"' + "xy,z\n" * (14 << 20) + '"', "begins in line 3")]
)
def test_a_cell_of_100_mb_is_named_by_its_line(acme: ProjectUnderTest, cell: str, said: str) -> None:
    text = f"Reporting starts,Campaign name,Impressions\n2024-01-01,a,10\n2024-01-02,{cell},10\n2024-01-03,b,20\n"
    with pytest.raises(FileRefusedError, match=f"more than 64 MB.*{said}[.]"):
        acme.load(acme.write("a.csv", text), 1)


@pytest.mark.slow
def test_five_thousand_columns_are_profiled_in_seconds(acme: ProjectUnderTest) -> None:
    """Each column was counted through a view of all of them, which took minutes."""
    names = [f"metric {number}" for number in range(5_000)]
    rows = [[f"2024-03-{day:02d}", "a", "10", "1.50", *("1" for _ in names)] for day in range(1, 6)]
    header = ["Reporting starts", "Campaign name", "Impressions", "Amount spent (USD)", *names]
    file = acme.write("wide.csv", as_csv([header, *rows]))
    started = time.process_time()
    assert acme.load(file, 1).outcome == "loaded"
    assert time.process_time() - started < 60
