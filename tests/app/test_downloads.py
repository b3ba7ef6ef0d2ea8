"""What is taken along: numbers are numbers, days are days, and no text is a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import altair as alt
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from app.components.downloads import as_csv, as_png, as_workbook, file_name

ROWS = pd.DataFrame(
    {
        "campaign": ["=HYPERLINK(\"http://evil\")", "Übersicht, \"März\"", "-2+3"],
        "day": [date(2026, 11, 1), pd.Timestamp("2026-11-02"), None],
        "spend": [Decimal("1234567890123.450000"), Decimal("-0.100000"), None],
        "clicks": [3, 0, None],
    },
    dtype=object,
)  # fmt: skip


def test_a_csv_has_exact_amounts_iso_days_and_no_formula() -> None:
    content = as_csv(ROWS)
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["campaign", "day", "spend", "clicks"],
        ['\'=HYPERLINK("http://evil")', "2026-11-01", "1234567890123.45", "3"],
        ['Übersicht, "März"', "2026-11-02", "-0.1", "0"],
        ["'-2+3", "", "", ""],
    ]


def test_a_workbook_has_numbers_days_and_texts() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_workbook(ROWS, {"Period": "1–30 Nov 2026", "Brand": "=1+1"})))
    assert book.get_sheet_by_name("figures").to_python() == [
        ["campaign", "day", "spend", "clicks"],
        ['=HYPERLINK("http://evil")', date(2026, 11, 1), 1234567890123.45, 3],
        ['Übersicht, "März"', date(2026, 11, 2), -0.1, 0],
        ["-2+3", "", "", ""],
    ]
    assert book.get_sheet_by_name("about").to_python() == [["Period", "1–30 Nov 2026"], ["Brand", "=1+1"]]


def test_a_chart_is_a_picture_and_has_what_was_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = alt.Chart(pd.DataFrame({"a": [1], "b": [2]})).mark_bar().encode(x="a:O", y="b:Q")
    chart = chart.properties(title=alt.TitleParams(text=["Spend USD by day", "1–30 Nov 2026"], anchor="start"))
    facts = {"Period": "1–30 Nov 2026", "Compared with": "nothing", "Brand": "Northwind"}
    assert as_png(chart, facts).startswith(b"\x89PNG\r\n\x1a\n")
    titles: list[object] = []
    monkeypatch.setattr(alt.Chart, "save", lambda self, *_, **__: titles.append(self.to_dict()["title"]))
    as_png(chart, facts)
    expected = {"text": ["Spend USD by day", "1–30 Nov 2026"], "subtitle": ["Brand: Northwind"], "anchor": "start"}
    assert titles == [expected]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Spend", "by", "day", "2026-11-01_2026-11-30"), "spend_by_day_2026-11-01_2026-11-30"),
        (("../../x y", ""), "x_y"),
    ],
)
def test_a_file_is_named_for_what_it_has(parts: tuple[str, ...], name: str) -> None:
    assert file_name(*parts).strip("._") == name
