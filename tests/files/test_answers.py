"""What a file leaves open comes with its answers, and each of them settles it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import xlsxwriter

from loader import client_schema
from loader.errors import Answer, FileRefusedError
from loader.files.options import ReadingOptions, reading_options
from tests.support import ProjectUnderTest, witnesses
from tests.waves.test_grouping import PIVOT
from tests.written import file_of, meta_csv

HEADER = "Day,Campaign name,Ad set name,Impressions,Link clicks,Amount spent (USD)\n"


def workbook() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name in ("May", "June"):
            sheet = book.add_worksheet(name)
            for row, line in enumerate(meta_csv(3).splitlines()):
                sheet.write_row(row, 0, line.split(","))
    return content.getvalue()


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("may.csv", meta_csv(2))
        packed.writestr("june.csv", meta_csv(2, day="2024-06-01"))
    return content.getvalue()


CASES: dict[str, tuple[str, str | bytes, str]] = {
    "dates-unsure": ("a.csv", HEADER + "01/02/2024,c,s,10,1,1.50\n03/02/2024,c,s,10,1,1.50\n", "meta"),
    "numbers-unsure": ("a.csv", file_of("Amount spent", ["1.234", "2.345"]), "meta"),
    "units-unsure": ("a.csv", "Date,Campaign Name,Impressions,Clicks,Spend\n2024-05-01,c,10,1,2500000\n", "reddit"),
    "delimiter-unsure": ("a.tsv", "Placement\tViewable, %\n" + "".join(f"Home | Box {at}\t{60 + at},5\n" for at in range(9)), "meta"),
    "several-sheets": ("a.xlsx", workbook(), "meta"),
    "several-files": ("a.zip", archive(), "meta"),
    "several-tables": ("a.csv", meta_csv(3) + "\n\n" + "Country,Impressions,Reach\nDE,10,5\nFR,12,6\n", "meta"),
    "other-platform": ("a.csv", "Day,Campaign,Ad group,Clicks,Impr.,Cost,Currency code,Avg. CPC\n2024-05-01,c,g,1,2,3.00,USD,3\n", "meta"),
    "no-header": ("a.csv", "2024-05-01,c,s,10,1,1.50\n2024-05-02,c,s,10,1,1.50\n", "meta"),
    "encoding-unsure": ("a.csv", HEADER.encode() + "2024-05-01,ÄÖÜäöüßé,s,10,1,1.50\n".encode() + b"2024-05-02,\xe4,s,1,1,1.50\n", "meta"),
}  # fmt: skip


def given(options: ReadingOptions, answer: Answer) -> tuple[ReadingOptions, dict[str, Any]]:
    if answer.option == "other_platform":
        return options, {"other_platform": answer.value}
    return replace(
        options, **{answer.option: getattr(reading_options(**{answer.option: answer.value}), answer.option)}
    ), {}


@pytest.mark.parametrize("code", witnesses(CASES, quick=5))
def test_each_answer_settles_what_was_open(onboarded: ProjectUnderTest, code: str) -> None:
    name, content, platform = CASES[code]
    client = client_schema("acme", platform, 2024)
    file = onboarded.write(name, content)
    with pytest.raises(FileRefusedError) as refused:
        onboarded.load(file, 1, client, dry_run=True)
    assert refused.value.code == code
    answers = refused.value.answers
    assert answers
    assert len({(answer.option, answer.value) for answer in answers}) == len(answers)
    assert all(answer.meaning for answer in answers)
    for answer in answers:
        options, said = given(ReadingOptions(), answer)
        try:
            result = onboarded.load(file, 1, client, dry_run=True, options=options, **said)
        except FileRefusedError as other:
            assert other.code != code, answer  # another question may come behind it
        else:
            assert result.plan is not None


def test_what_no_answer_can_settle_has_none(onboarded: ProjectUnderTest) -> None:
    for content in (b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), HEADER):
        with pytest.raises(FileRefusedError) as refused:
            onboarded.load(onboarded.write("a.csv", content), 1, dry_run=True)
        assert refused.value.answers == ()


def test_subtotals_come_with_both_sums(onboarded: ProjectUnderTest) -> None:
    with pytest.raises(FileRefusedError) as refused:
        onboarded.load(onboarded.write("a.csv", PIVOT.replace("2000,195.00", "2000,295.00")), 1, dry_run=True)
    keep, drop = refused.value.answers
    assert (keep.option, keep.value, drop.value) == ("subtotals", "keep", "drop")
    sums = []
    for answer in (keep, drop):
        options = reading_options(subtotals=answer.value)
        plan = onboarded.load(
            onboarded.write("a.csv", PIVOT.replace("2000,195.00", "2000,295.00")), 1, dry_run=True, options=options
        ).plan
        assert plan is not None
        spend = next(row.control_sum for row in plan.columns if row.target_column == "amount_spent")
        assert f"{spend:,.2f}" in answer.meaning
        sums.append(spend)
    assert sums[0] != sums[1]
