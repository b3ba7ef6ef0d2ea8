"""Downloads of what is on the screen: tables as CSV and workbook, charts as PNG."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ops.extracts import FORMULA

_CSV, _XLSX, _PNG = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "image/png"

_IN_TITLE = ("Period", "Compared with")


@dataclass(frozen=True)
class FileOf:
    """What a download is of.

    Args:
        name: of the file, without its ending.
        facts: what was selected (period, currency, filters), for the sheet 'about' of a workbook.

    """

    name: str
    facts: Mapping[str, str]


def offer_table(rows: Callable[[], pd.DataFrame], of: FileOf, key: str) -> None:
    """Buttons for a table; it is asked for when one is pressed.

    Args:
        rows: the table with the column names of the file; amounts as decimals, days as days.
        of: what it is.
        key: of the buttons on their page.

    """
    with st.container(horizontal=True, key=f"downloads {key}"):
        st.download_button(
            "CSV", lambda: as_csv(rows()), f"{of.name}.csv", _CSV, key=f"csv {key}", icon=":material/download:",
            on_click="ignore", type="tertiary",
        )  # fmt: skip
        st.download_button(
            "Excel", lambda: as_workbook(rows(), of.facts), f"{of.name}.xlsx", _XLSX, key=f"xlsx {key}",
            icon=":material/download:", on_click="ignore", type="tertiary",
        )  # fmt: skip


def offer_chart(chart: alt.Chart, of: FileOf, key: str) -> None:
    """A button for a chart as a picture."""
    st.download_button(
        "Chart as PNG", lambda: as_png(chart, of.facts), f"{of.name}.png", _PNG, key=f"png {key}",
        icon=":material/image:", on_click="ignore", type="tertiary",
    )  # fmt: skip


def as_csv(rows: pd.DataFrame) -> bytes:
    """A table as CSV, with the mark by which spreadsheets know UTF-8; no text in it is a formula for one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_harmless(str(name)) for name in rows])
    writer.writerows([_harmless(_plain(value)) for value in row] for row in _values(rows))
    return text.getvalue().encode("utf-8-sig")


def as_workbook(rows: pd.DataFrame, facts: Mapping[str, str]) -> bytes:
    """A table as a workbook: numbers and days are such, texts are texts; the sheet 'about' says what was selected."""
    import xlsxwriter  # noqa: PLC0415 - few download a workbook

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        sheet = workbook.add_worksheet("figures")
        bold, as_date = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
        for at, name in enumerate(rows):
            sheet.write_string(0, at, str(name), bold)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(_values(rows), start=1):
            for at, value in enumerate(row):
                _write_cell(sheet, line, at, value, as_date)
        sheet.autofit()
        about = workbook.add_worksheet("about")
        for line, (name, fact) in enumerate(facts.items()):
            about.write_string(line, 0, name, bold)
            about.write_string(line, 1, fact)
        about.autofit()
    return content.getvalue()


def as_png(chart: alt.Chart, facts: Mapping[str, str]) -> bytes:
    """A chart as a picture, on white; below its title, which has the period, stands what else was selected."""
    chosen = "; ".join(f"{name}: {fact}" for name, fact in facts.items() if name not in _IN_TITLE)
    title = chart.to_dict()["title"]
    named = alt.TitleParams(**{**title, "subtitle": [chosen] if chosen else []})
    content = io.BytesIO()
    chart.properties(background="white", width=900, title=named).save(content, format="png", scale_factor=2)
    return content.getvalue()


def file_name(*parts: str) -> str:
    """Words as the name of a file: 'spend by campaign', 2026-11-01 -> spend_by_campaign_2026-11-01."""
    return re.sub(r"[^\w.-]+", "_", "_".join(part for part in parts if part)).strip("_").lower()


def _values(rows: pd.DataFrame) -> list[list[Any]]:
    """The cells of a table; what is empty is none."""
    return [
        [None if _is_empty(value) else value for value in row] for row in rows.astype(object).itertuples(index=False)
    ]


def _is_empty(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, Decimal):
        digits = f"{value:f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return value.isoformat() if isinstance(value, date) else str(value)


def _harmless(text: str) -> str:
    """A text that a spreadsheet would run gets an apostrophe before it; a negative number is none."""
    is_number = re.fullmatch(r"-?\d+(\.\d+)?", text)
    return f"'{text}" if re.fullmatch(FORMULA, text, re.DOTALL) and not is_number else text


def _write_cell(sheet: Any, line: int, at: int, value: object, as_date: object) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(line, at, value, as_date)
    elif isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        sheet.write_number(line, at, float(value))
    else:
        sheet.write_string(line, at, str(value))
