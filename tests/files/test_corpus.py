"""Every file of the corpus is read to the table that it holds, or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from loader.errors import FileRefusedError
from loader.files.headers import PlatformColumns, export_words
from loader.files.row_kinds import mark_rows
from loader.files.table import IS_DATA, ROW_KIND, ROW_NUMBER, ROW_REASON, TABLE
from loader.project.project import find_project
from tests.files.cases import NAME_HEADERS, cases
from tests.support import ROOT, read_export

CASES = {case.name: case for case in cases()}
WORDS = export_words(find_project(ROOT))


@pytest.fixture(scope="module")
def known() -> PlatformColumns:
    return PlatformColumns(find_project(ROOT))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name == "5,007 columns" else ()) for name in CASES]
)
def test_the_table_of_a_file_is_read_whole_and_alone(name: str, known: PlatformColumns, tmp_path: Path) -> None:
    case = CASES[name]
    path = tmp_path / case.file_name
    path.write_bytes(case.content)
    if case.refused:
        with pytest.raises(FileRefusedError) as caught:
            read_export(path, known, **case.options)
        assert caught.value.code == case.refused
        assert path.name in caught.value.problem
        assert caught.value.remedy
        return
    connection = duckdb.connect()
    dialect, rows = read_export(path, known, connection, **case.options)
    assert dialect.columns == case.columns
    names = [name for name in NAME_HEADERS if name in case.columns]
    marked = mark_rows(connection, dialect.columns, dialect.headers, names, WORDS)
    assert marked.excluded == case.excluded
    assert marked.possible_totals == []
    assert len(rows) == len(case.rows) + sum(case.excluded.values())
    data = connection.execute(
        f'select * exclude ("{ROW_NUMBER}", "{ROW_KIND}", "{ROW_REASON}") from {TABLE} where {IS_DATA} '
        f'order by "{ROW_NUMBER}"'
    ).fetchall()
    assert [tuple(cell or "" for cell in row) for row in data] == list(case.rows)


def test_every_row_that_is_no_data_has_a_reason(known: PlatformColumns, tmp_path: Path) -> None:
    case = CASES["notes below"]
    path = tmp_path / case.file_name
    path.write_bytes(case.content)
    connection = duckdb.connect()
    dialect, _ = read_export(path, known, connection)
    mark_rows(connection, dialect.columns, dialect.headers, NAME_HEADERS, WORDS)
    reasons = connection.execute(f'select "{ROW_REASON}" from {TABLE} where not {IS_DATA}').fetchall()
    assert reasons == [("has one cell",), ("has one cell",)]
