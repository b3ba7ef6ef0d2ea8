"""Types and formats are found over the whole column, and totals are told from data."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb
import pytest

from loader.files.headers import export_words
from loader.files.profiling import Profiler
from loader.files.row_kinds import mark_rows
from loader.files.table import CELLS, ROW_KIND, ROW_NUMBER, ROW_REASON, TABLE, ColumnProfile
from loader.project.project import find_project
from tests.support import ROOT, ProjectUnderTest, witnesses


def make_rows(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], rows: Sequence[Sequence[str | None]]
) -> None:
    """The tables that `read_rows` makes, of rows that no CSV file need hold."""
    names = ", ".join(f'"{name}" varchar' for name in columns)
    connection.execute(f'create table {CELLS} ({names}, "{ROW_KIND}" varchar, "{ROW_REASON}" varchar)')
    connection.executemany(
        f"insert into {CELLS} values ({', '.join('?' for _ in columns)}, 'data', null)", [list(row) for row in rows]
    )
    connection.execute(f'create view {TABLE} as select rowid + 1 as "{ROW_NUMBER}", * from {CELLS}')


def profile(parsed: ProjectUnderTest, cells: Sequence[str | None], wanted: str | None = None) -> ColumnProfile:
    connection = duckdb.connect()
    make_rows(connection, ["cell"], [[cell] for cell in cells])
    return Profiler(connection, parsed.project).profile(["cell"], {"cell": wanted})["cell"]


@pytest.mark.parametrize(
    ("cells", "column_type", "value_format", "total"),
    [
        (["1", "22", None], "integer", "plain", "23"),
        (["1.5", "2"], "decimal", "plain", "3.5"),
        (["1,234", "12"], "integer", "point", "1246"),
        (["1,234.50", "$2"], "decimal", "point", "1236.5"),
        (["1.234,50", "2,5"], "decimal", "comma", "1237"),
        (["1 234,50", "2"], "decimal", "comma", "1236.5"),
        (["1'234,50 €", "2"], "decimal", "comma", "1236.5"),
        (["USD 5.00", "(2.00)"], "decimal", "point", "3"),
        (["12.5%", "0.5%"], "percent", "point", "0.13"),
        (["12,5 %", "0,5 %"], "percent", "comma", "0.13"),
        (["--", "3", "N/A", "-"], "integer", "plain", "3"),
        (["2024-01-31", "2024-02-01"], "date", "iso", None),
        (["01/31/2024", "02/01/2024"], "date", "mdy_slash", None),
        (["31/01/2024", "01/02/2024"], "date", "dmy_slash", None),
        (["31.01.2024"], "date", "dmy_dot", None),
        (["Jan 31, 2024"], "date", "month_day_year", None),
        (["2024-01-31 00:00:00"], "date", "iso_time", None),
        (["abc", "1"], "text", None, None),
        ([None, ""], "text", None, None),
        (["1e5", "0x1F"], "text", None, None),
    ],
)
def test_an_unknown_column_is_what_all_of_its_cells_are(
    parsed: ProjectUnderTest, cells: list[str | None], column_type: str, value_format: str | None, total: str | None
) -> None:
    found = profile(parsed, cells)
    assert (found.format.column_type, found.format.value_format) == (column_type, value_format)
    assert found.control_sum == (None if total is None else Decimal(total))


def test_a_cell_beyond_the_sample_decides_too(parsed: ProjectUnderTest) -> None:
    cells: list[str | None] = ["1"] * 12_000
    cells[10_500] = "n.a. yet"
    assert profile(parsed, cells).format.column_type == "text"


def test_a_known_column_keeps_its_type_and_counts_what_does_not_parse(parsed: ProjectUnderTest) -> None:
    found = profile(parsed, ["1,000", "2,000", "abc"], "integer")
    assert (found.format.column_type, found.format.value_format) == ("integer", "point")
    assert (found.filled, found.parsed) == (3, 2)


@pytest.mark.slow
def test_a_late_cell_changes_the_format_of_a_known_column(parsed: ProjectUnderTest) -> None:
    cells: list[str | None] = ["1.234"] * 12_000
    cells[11_000] = "1.234,56"
    assert profile(parsed, cells, "decimal").format.value_format == "comma"


def test_two_orders_of_day_and_month_are_reported(parsed: ProjectUnderTest) -> None:
    assert profile(parsed, ["01/02/2024", "03/04/2024"], "date").ambiguous_with == "dmy_slash"
    assert profile(parsed, ["01/02/2024", "13/04/2024"], "date").ambiguous_with is None


def kinds(rows: Sequence[Sequence[str]], names: Sequence[str] = ("Campaign", "Ad set")) -> list[str]:
    connection = duckdb.connect()
    columns = ["Campaign", "Ad set", "Day", "Clicks", "Cost"]
    make_rows(connection, columns, rows)
    mark_rows(connection, columns, columns, names, export_words(find_project(ROOT)))
    found = connection.execute(f'select "{ROW_KIND}" from {TABLE} order by "{ROW_NUMBER}"').fetchall()
    return [kind for (kind,) in found]


DATA = ["Spring", "Set 1", "2024-01-01", "5", "2.50"]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["", "", "2024-01-01", "5", "2.50"], "total"),
        (["Total", "", "", "5", "2.50"], "total"),
        (["Grand total", "", "", "5", ""], "total"),
        (["Total: Account", "--", " --", "5", ""], "total"),
        (["Total of 12 results", "-", "-", "5", "1"], "total"),
        (["Total: Account", "", "", "5", ""], "total"),
        (["Results from 5 ad sets", "", "", "5", "1"], "total"),
        (["Gesamt", "", "", "5", "1"], "total"),
        (["Data may be incomplete.", "", "", "", ""], "note"),
        (["Total Wellness", "Set 2", "2024-01-01", "5", "1"], "data"),
        (["Total", "Set 2", "2024-01-01", "5", "1"], "data"),
    ],
)
def test_totals_and_notes_are_told_from_data_at_either_end(row: list[str], kind: str) -> None:
    assert kinds([DATA, DATA, row]) == ["data", "data", kind]
    assert kinds([row, DATA, DATA]) == [kind, "data", "data"]


def test_a_row_in_the_middle_is_data_whatever_it_says() -> None:
    assert kinds([DATA, ["", "", "2024-01-01", "5", "2.50"], DATA]) == ["data"] * 3


@pytest.mark.parametrize(
    ("before", "data", "behind"),
    witnesses([(1, 2500, 1), (1500, 3, 0), (0, 3, 1500), (1200, 1, 1200), (0, 2100, 1)], quick=2),
)
def test_rows_of_other_kinds_are_found_however_many_they_and_the_data_are(before: int, data: int, behind: int) -> None:
    note, total = ["A note.", "", "", "", ""], ["Total", "", "", "5", "2.50"]
    found = kinds([note] * before + [DATA] * data + [total] * behind)
    assert found == ["note"] * before + ["data"] * data + ["total"] * behind


def test_a_file_without_any_row_of_data_has_no_ends() -> None:
    assert kinds([["Total", "", "", "5", "2.50"]] * 2) == ["total", "total"]
