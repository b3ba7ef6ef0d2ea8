"""Cells of workbooks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from loader.errors import FileRefusedError
from loader.files.containers import unpacked
from loader.files.options import ReadingOptions
from tests.files.cases import with_cell, workbook
from tests.support import SCHEMA, ProjectUnderTest, witnesses

HEADER = ["Day", "Campaign name", "Ad set name", "Campaign ID", "Impressions", "Link clicks", "Amount spent"]


def typed(project: ProjectUnderTest, column: str) -> list[Any]:
    rows = project.query(f"select {column} from {SCHEMA}.processed_campaign_data order by wave_number, row_number")
    return [value for (value,) in rows]


def test_cells_of_a_workbook_are_read_as_excel_shows_them(acme: ProjectUnderTest) -> None:
    rows: list[list[object]] = [[*HEADER], [date(2024, 3, 31), "c", "s", 1790001112223334, 1000, 7, 12.5],
            [date(2024, 4, 1), "c", "s", 120212345678901234, 1000, 7, 0.1 + 0.2]]  # fmt: skip
    acme.load(acme.write("a.xlsx", workbook({"Report": rows})), 1)
    acme.dbt("build", "--select", "clients")
    assert typed(acme, "date_start") == [date(2024, 3, 31), date(2024, 4, 1)]
    assert typed(acme, "amount_spent") == [Decimal("12.5"), Decimal("0.3")]
    assert typed(acme, "impressions") == [1000, 1000]
    first, second = typed(acme, "campaign_id")
    assert first == "1790001112223334"
    assert "damaged by a spreadsheet" in typed(acme, "row_issues")[1], second


def days_of_workbook(folder: Path, serials: Sequence[float]) -> list[str]:
    """The days of a column of dates, as they are kept in the file."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Campaign name", "Day"])
        for row, serial in enumerate(serials, 1):
            sheet.write(row, 0, "a")
            sheet.write_number(row, 1, serial, shown)
    path = folder / "a.xlsx"
    path.write_bytes(content.getvalue())
    with unpacked(path, ReadingOptions()) as export:
        return [line.split(",")[1] for line in export.path.read_text(encoding="utf-8").splitlines()[1:]]


def test_the_end_of_a_day_is_of_that_day(tmp_path: Path) -> None:
    assert [cell[:10] for cell in days_of_workbook(tmp_path, [46266.99999999999, 46267.99999999999])] == [
        "2026-09-01", "2026-09-02",
    ]  # fmt: skip
    # what a computation has lost of a day
    assert days_of_workbook(tmp_path, [46266, 46266.99999999999]) == ["2026-09-01", "2026-09-02"]


TABLE: list[list[object]] = [["Campaign name", "Impressions"], ["a", 1]]


def test_a_workbook_that_reaches_too_far_is_refused_with_its_last_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_cell(workbook({"Report": TABLE}), "XFD1048576"))
    with pytest.raises(FileRefusedError, match="XFD1048576") as caught, unpacked(path, ReadingOptions()):
        pass
    assert caught.value.code == "file-too-large"


@pytest.mark.parametrize(("place", "value", "rows"), [("XFD1048576", b"", 2), ("B40000", b"<v>5</v>", 40_000)])
def test_a_stray_cell_is_no_harm_where_it_is_empty_or_near(tmp_path: Path, place: str, value: bytes, rows: int) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_cell(workbook({"Report": TABLE}), place, value))
    with unpacked(path, ReadingOptions()) as export:
        lines = export.path.read_text(encoding="utf-8").splitlines()
    assert (lines[:2], len(lines)) == (["Campaign name,Impressions", "a,1"], rows)


META = ["Day", "Campaign name", "Impressions", "Amount spent (USD)"]


def drawn(draw: Callable[[Any], object], rows: Sequence[Sequence[object]] = ()) -> bytes:
    """A workbook whose sheet has the header, these rows, and what a function adds."""
    goal = io.BytesIO()
    book = xlsxwriter.Workbook(goal, {"in_memory": True})
    sheet = book.add_worksheet("Report")
    for number, row in enumerate([META, *rows]):
        sheet.write_row(number, 0, row)
    draw(sheet)
    book.close()
    return goal.getvalue()


def changed_xml(content: bytes, old: bytes, new: bytes) -> bytes:
    """A workbook with another text in the XML of its parts."""
    goal = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(goal, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, source.read(name).replace(old, new))
    return goal.getvalue()


ROWS = [[f"2024-03-{day:02}", "A", 100 * day, day + 0.5] for day in range(1, 9)]
SUM = "=SUM(D2:D9)"


@pytest.mark.parametrize(
    "content",
    witnesses(
        [
            # as xlsxwriter and openpyxl write formulas; one in each row, and one among values
            drawn(lambda sheet: [sheet.write_formula(at, 3, f"=C{at + 1}/100") for at in range(1, 9)], ROWS),
            changed_xml(
                drawn(lambda sheet: sheet.write_formula(3, 3, "=C4/100", None, 7), ROWS), b"<v>7</v>", b"<v></v>"
            ),
            changed_xml(drawn(lambda sheet: sheet.write_formula(3, 3, "=C4/100", None, 7), ROWS), b"<v>7</v>", b""),
        ]
    ),
)
def test_formulas_that_were_never_computed_stop_the_load(acme: ProjectUnderTest, content: bytes) -> None:
    with pytest.raises(
        FileRefusedError, match=r"a formula but no value, the first of them in row [24] \(=C[24]/100\)"
    ) as no:
        acme.plan(content)
    assert no.value.code == "formulas-without-values"


@pytest.mark.parametrize(
    "draw",
    witnesses(
        [
            lambda sheet: [sheet.write_formula(at, 3, f"=C{at + 1}/100", None, at + 0.5) for at in range(1, 9)],
            # of a formula that gives an empty text, a spend of nothing, and totals of a sheet that a script wrote
            lambda sheet: sheet.write_formula(3, 4, '=IF(1=1,"","x")', None, "EMPTY"),
            lambda sheet: [sheet.write_formula(at, 4, "=0*1", None, at % 2) for at in range(1, 9)],
            lambda sheet: [sheet.write(9, 0, "Total"), sheet.write_formula(9, 3, SUM)],
        ],
        quick=2,
    ),
)
def test_formulas_with_values_and_totals_without_are_read(
    acme: ProjectUnderTest, draw: Callable[[Any], object]
) -> None:
    plan = acme.plan(changed_xml(drawn(draw, ROWS), b"<v>EMPTY</v>", b"<v></v>"))
    assert (plan.row_count, plan.questions) == (8, [])
    assert sum(row.control_sum or 0 for row in plan.columns if row.target_column == "amount_spent") == 40


def test_errors_of_figures_are_cells_that_cannot_be_read(acme: ProjectUnderTest) -> None:
    for error in ("#REF!", "#DIV/0!", "#N/A"):
        content = changed_xml(
            drawn(lambda sheet: sheet.write_formula(3, 3, "=X1", None, "#REF!"), ROWS), b"#REF!", error.encode()
        )
        with pytest.raises(
            FileRefusedError, match=f"1 of 8 cells of 'Amount spent .USD.' .* such as '{error}' in row 3"
        ):
            acme.plan(content)
    # the rate of nothing is nothing
    ctr = drawn(
        lambda sheet: [sheet.write(0, 4, "CTR (all)"), sheet.write_formula(3, 4, "=0/0", None, "#DIV/0!")], ROWS
    )
    plan = acme.plan(ctr)
    assert (plan.questions, [row.column_name for row in plan.columns if row.unclear]) == ([], [])


def test_rows_that_a_filter_hides_are_an_open_question(acme: ProjectUnderTest) -> None:
    rows = [*ROWS, ["Total", "", 3600, 40.0]]
    plan = acme.plan(drawn(lambda sheet: [sheet.set_row(at, None, None, {"hidden": True}) for at in (2, 3, 9)], rows))
    (question,) = plan.questions
    assert (question.kind, question.row_numbers, question.amount_at_stake) == ("rows-hidden", (2, 3), Decimal(6))
    # what is hidden above the table, or empty, changes nothing
    assert acme.plan(drawn(lambda sheet: sheet.set_row(11, None, None, {"hidden": True}), ROWS)).questions == []


def test_a_hidden_column_is_asked_about_where_it_is_the_spend(acme: ProjectUnderTest) -> None:
    def hidden(column: int) -> list[str]:
        content = drawn(lambda sheet: sheet.set_column(column, column, None, None, {"hidden": True}), ROWS)
        return [question.kind for question in acme.plan(content).questions]

    assert hidden(3) == ["column-hidden"]
    assert hidden(1) == hidden(9) == []


def test_names_of_merged_cells_hold_for_all_their_rows_and_figures_count_once(acme: ProjectUnderTest) -> None:
    rows = [[row[0], "", row[2], row[3] if at % 4 == 0 else ""] for at, row in enumerate(ROWS)]
    rows[7][1] = "C"

    def merge(sheet: Any) -> None:
        sheet.merge_range(1, 1, 4, 1, "A")
        sheet.merge_range(5, 1, 7, 1, "B")
        sheet.merge_range(1, 3, 4, 3, 1.5)

    content = drawn(merge, rows)
    acme.load(acme.write("a.xlsx", content), 1)
    acme.build_clients()
    assert "".join(typed(acme, "campaign_name")) == "AAAABBBC"
    assert sum(filter(None, typed(acme, "amount_spent"))) == 7


@pytest.mark.parametrize(
    "amount", witnesses(["1,234.50", "$1,234.50", "1234.50 USD", "USD 1,234.50", "(1,234.50)", "-1234.50"])
)
def test_an_amount_written_as_text_in_a_merged_cell_counts_once(acme: ProjectUnderTest, amount: str) -> None:
    rows = [[*row[:3], amount if at == 0 else ""] for at, row in enumerate(ROWS)]
    plan = acme.plan(drawn(lambda sheet: sheet.merge_range(1, 3, 8, 3, amount), rows))
    (spend,) = [row for row in plan.columns if row.target_column == "amount_spent"]
    assert (spend.filled_cells, abs(spend.control_sum or 0)) == (1, Decimal("1234.5"))


@pytest.mark.parametrize(
    ("header", "formats", "currency", "warned"),
    witnesses(
        [
            ("Amount spent", ["#,##0.00 [$€-407]"], "EUR", ""),
            ("Amount spent", ['#,##0.00\\ "€"'], "EUR", ""),
            ("Amount spent", ["[$CHF] #,##0.00"], "CHF", ""),
            ("Amount spent", ['"$"#,##0.00'], None, ""),
            ("Amount spent", ["[$$-409]#,##0.00", "[$€-407] #,##0.00"], None, "currencies-mixed"),
            ("Amount spent (USD)", ["[$$-409]#,##0.00"], "USD", ""),
            ("Amount spent", ["#,##0.00", '0.00" x"', "#,##0.00;[Red]-#,##0.00", "[$-409]0.00"], None, ""),
        ],
        lambda case: (case[2], case[3]),
    ),
)
def test_the_currency_of_a_number_format_is_that_of_the_cells(
    acme: ProjectUnderTest, header: str, formats: list[str], currency: str | None, warned: str
) -> None:
    goal = io.BytesIO()
    book = xlsxwriter.Workbook(goal, {"in_memory": True})
    sheet = book.add_worksheet("Report")
    sheet.write_row(0, 0, [*META[:3], header])
    styles = [book.add_format({"num_format": code}) for code in formats]
    for number, row in enumerate(ROWS, 1):
        sheet.write_row(number, 0, row[:3])
        sheet.write_number(number, 3, float(str(row[3])), styles[number % len(styles)])
    book.close()
    result = acme.load(acme.write("a.xlsx", goal.getvalue()), 1, dry_run=True)
    assert result.plan
    found = [row.default_value for row in result.plan.columns if row.target_column == "currency"]
    assert found == ([currency] if currency else [])
    assert [asked.kind for asked in result.plan.questions] == ([warned] if warned else [])
