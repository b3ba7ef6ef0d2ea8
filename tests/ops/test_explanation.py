"""`spark9 explain` shows how each cell of a row became a figure, and the rows of the marts that have it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from loader import MappingChange, ReadingOptions, reprocess_wave, set_mapping
from loader.cli.output import escape
from loader.waves.changes import show_mapping
from ops.explanation import ExplainedRow, explain_row
from tests.support import ACME, NAMED, ProjectUnderTest
from tests.written import meta_csv

SUMS = "cast(sum(row_count) as integer), sum(amount_spent)"
EXPORT = """Day;Campaign name;Ad set name;Impressions;Reach;Link clicks;Amount spent;Mood
2024-03-01;It's spring;Set 1;1.000;900;10;€ 1.234,50;null
2024-03-01;It's spring;Set 2;2.000;-;20;€ 34,50;
2024-03-01;It's spring;Set 2;2.000;-;20;€ 34,50;
2024-03-02;It's spring;Set 1;3.000;<10;zwölf;€ 5,00;good
2024-03-02;It's spring;;500;400;600;€ 6,00;good
2024-03-03;It's spring;Set 9;1.500;700;7;€ 7,25;good
;;;10.000;2.007;;€ 1.321,75;
"""
LATER = (
    "Day,Campaign name,Ad set name,Impressions,Link clicks,Amount spent\n2024-03-01,It's spring,Set 1,1001,11,1300.00\n"
)
WEEKS = "Week;Campaign name;Ad set name;Impressions;Amount spent\n2024-05-06;It's spring;Set 1;100;$ 1.50\n2024-05-06;It's spring;Set 2;200;€ 2.50\n"
PINS = "Day,Campaign name,Paid impressions,Earned impressions,Spend\n2024-03-01,x,100,20,1.50\n"


@pytest.fixture(scope="module")
def read(parsed_acme: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """Built exports with everything that can happen to a cell; tests that change it take a copy."""
    acme = parsed_acme.copy(tmp_path_factory.mktemp("explained"))
    pins = acme.add("acme", "pinterest", 2024)
    acme.load(acme.write("keys.csv", "Ad set name,Market\nSet 1,DE\nSet 2,DE\n"), None)
    acme.load(acme.write("a.csv", EXPORT), 1)
    set_mapping(acme.project, ACME, 1, "Reach", MappingChange(default="7"))
    acme.load(acme.write("early.csv", LATER.replace("1300", "1200")), 2)
    acme.load(acme.write("b.csv", LATER), 2)
    acme.load(acme.write("weeks.csv", WEEKS), 2, options=ReadingOptions(numbers="point"))
    acme.load(acme.write("pins.csv", PINS), 1, pins)
    acme.dbt("build")
    return acme


def explained(project: ProjectUnderTest, row: int, wave: int = 1, file: str | None = None) -> ExplainedRow:
    return explain_row(project.project, ACME, wave, row, file_name=file)


def test_each_cell_has_its_value_and_says_why(read: ProjectUnderTest) -> None:
    found = {value.column.column_name: value for value in explained(read, 4).values}
    assert list(found)[:8] == EXPORT.split("\n", 1)[0].split(";")
    shown = {name: (value.cell, value.value, value.why, value.issues) for name, value in found.items()}
    assert shown["Impressions"] == ("3.000", 3000, "known header of meta", [])
    assert shown["Link clicks"][:2] == ("zwölf", None)
    assert shown["Link clicks"][3] == ["clicks: not a whole number: 'zwölf'"]
    why = "decided by a person; where the cell is empty the default, 7"
    assert shown["Reach"] == ("<10", None, why, ["reach: only a bound: '<10'"])
    assert shown["Mood"] == ("good", "good", "unknown header of meta", [])
    assert shown["currency"] == (None, "EUR", "from the cells of amount_spent", [])
    moods = [value.cell for row in (1, 2) for value in explained(read, row).values if value.column.ordinal == 8]
    assert moods == ["null", None]


def test_values_beside_cells_are_shown_with_their_source(read: ProjectUnderTest) -> None:
    rows = explained(read, 2, 2, "weeks.csv").values
    weeks = {value.column.target_column: (str(value.value), value.why) for value in rows}
    assert weeks["date_end"] == ("2024-05-12", "named in the same cell")
    assert weeks["currency"] == ("EUR", "named in the same cell")
    assert weeks["reach"] == ("7", "decided by a person from wave 1 on")
    pins = read.spark9("explain", "acme/pinterest/2024", "--wave", "1", "--row", "1", "--column", "impressions").text
    assert "'20' add impressions integer (plain) 120" in pins
    assert "the value is the sum of Paid impressions, Earned impressions" in pins


@pytest.mark.parametrize(
    ("row", "lowered"),
    [
        (1, {}),
        (3, {"uniqueness": ["same row as an earlier one of the file"]}),
        (4, {"validity": ["clicks: not a whole number: 'zwölf'"]}),
        (5, {"completeness": ["ad_set_name: required, but empty", "ad_set_name: required, since there are naming keys"],
             "consistency": ["clicks: more than impressions"],
             "conformity": ["ad_set_name: required, since there are naming keys"]}),
        (6, {"conformity": ["ad_set_name: not in naming_keys"]}),
    ],
)  # fmt: skip
def test_each_part_of_the_score_that_is_lowered_says_why(
    read: ProjectUnderTest, row: int, lowered: dict[str, list[str]]
) -> None:
    found = explained(read, row)
    assert {part: issues for part, issues in found.parts.items() if issues} == lowered
    assert [part for part in found.parts if not found.built[part]] == list(lowered)


@pytest.mark.parametrize(("row", "wave", "file"), [(2, 1, "a.csv"), (1, 2, "b.csv"), (1, 2, "weeks.csv")])
def test_the_condition_finds_the_rows_of_each_mart(read: ProjectUnderTest, row: int, wave: int, file: str) -> None:
    marts = explained(read, row, wave, file).marts
    assert [mart.mart for mart in marts] == ["campaign_performance", "performance_by_day"]
    for mart in marts:
        assert mart.is_current
        assert read.query(f"select {SUMS} from marts.{mart.mart} where {mart.condition}") == [
            (mart.row_count, mart.amount_spent)
        ]
        rows, spend = {"a.csv": (2, "69"), "b.csv": (1, "1300"), "weeks.csv": (1, "1.5")}[file]
        assert (mart.row_count, mart.amount_spent) == (rows, Decimal(spend))


def test_rows_that_do_not_count_say_why(read: ProjectUnderTest) -> None:
    superseded = explained(read, 1)
    assert superseded.marts == []
    load = read.query("select distinct load_id from client_acme_meta_2024.raw_data_staging where file_name = 'b.csv'")
    why = f"a later export states it again (b.csv, wave 2, load {load[0][0]})"
    assert f"It does not count: {why}." in read.spark9("explain", *NAMED, "--wave", "1", "--row", "1").text
    total = read.spark9("explain", "acme/meta/2024", "--wave", "1", "--row", "7")
    assert total.code == 0
    assert "It does not count: it is a row of the kind 'total' (has figures, but no names)." in total.text
    assert "null core ad_set_name text known header" in total.text


def test_what_waits_for_a_build_names_the_command(read: ProjectUnderTest, tmp_path: Path) -> None:
    acme = read.copy(tmp_path)
    build = "To build it: dbt build --select clients.client_acme_meta_2024+"
    acme.change("update marts.campaign_performance set clicks = 1 where ad_set_name = 'Set 2'")
    acme.change("delete from marts.performance_by_day where ad_set_name = 'Set 2'")
    text = acme.spark9("explain", *NAMED, "--wave", "1", "--row", "2").text
    assert f"campaign_performance: 2 rows of files, spend 69; out of date. {build}" in text
    assert f"performance_by_day: lacks it; out of date. {build}" in text
    reprocess_wave(acme.project, ACME, 1)
    assert f"it waits to be processed again. {build}" in acme.spark9("explain", *NAMED, "--wave", "1", "--row", "2").text  # fmt: skip
    acme.load(acme.write("c.csv", meta_csv(2, day="2024-07-01")), 3)
    text = acme.spark9("explain", *NAMED, "--wave", "3", "--row", "2").text
    assert f"It does not count yet: processed_campaign_data lacks it. {build}" in text


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("acme/meta/2024", "--wave", "1", "--row", "99"), 3, "error (no-such-row): a.csv (wave 1 of acme/meta/2024) has no row 99; its rows are 1 to 7."),
        ((*NAMED, "--wave", "9", "--row", "1"), 3, "Wave 9 of acme/meta/2024 is not loaded; the loaded waves are 1, 2."),
        ((*NAMED, "--wave", "1", "--row", "1", "--column", "it's"), 3, "has no column 'it's'; it has: Day, Campaign name"),
        ((*NAMED, "--wave", "2", "--row", "1"), 3, "error (several-loads): Wave 2 of acme/meta/2024 has several files: early.csv (load "),
        ((*NAMED, "--wave", "2", "--row", "1", "--file", "a.csv"), 3, "has no such file or load; it has early.csv (load "),
        (("who/meta/2024", "--wave", "1", "--row", "1"), 3, "spark9 client add who/meta/2024"),
        (("acme/meta/2024", *NAMED, "--wave", "1", "--row", "1"), 2, "Name the client once"),
        (("--wave", "1", "--row", "1"), 2, "No client is named"),
    ],
)  # fmt: skip
def test_wrong_use_is_answered_with_what_is_there(
    read: ProjectUnderTest, arguments: tuple[str, ...], code: int, message: str
) -> None:
    run = read.spark9("explain", *arguments)
    assert (run.code, message in run.text) == (code, True), run.text


def test_a_default_that_is_no_value_of_its_type_is_said_to_fill_nothing(read: ProjectUnderTest, tmp_path: Path) -> None:
    project = read.copy(tmp_path)
    of_reach = "client_acme_meta_2024.wave_schema_mapping set mapping_rule = 'use_default_value', default_value = "
    project.change(f"update {of_reach} 'none' where column_name = 'Reach' and wave_number = 1")
    said = "the default, none, is not of type integer and fills no cell"
    assert [value.why for value in explained(project, 2).values if value.column.column_name == "Reach"] == [
        f"decided by a person; {said}"
    ]
    # and of a column that the file lacks
    project.change(f"update {of_reach} 'some' where target_column = 'reach' and wave_number = 2 and ordinal is null")
    whys = [value.why for value in explained(project, 1, 2, "b.csv").values if value.column.target_column == "reach"]
    assert [why.partition("; ")[2] for why in whys] == [said.replace("none", "some")]


def test_a_column_says_whether_another_still_fills_what_it_could(parsed_acme: ProjectUnderTest, tmp_path: Path) -> None:
    project = parsed_acme.copy(tmp_path)
    project.load(project.write("a.csv", "Day,Campaign name,Link clicks,Clicks,Spend\\\n2024-03-01,x,1,2,3\n"), 1)

    def why() -> str:
        shown = {row.column_name: row.reason for _, _, row in show_mapping(project.project, ACME)}
        told = {value.column.column_name: value.why for value in explained(project, 1).values}
        assert shown["Clicks"] == told["Clicks"]
        return told["Clicks"]

    assert why() == "another column already fills clicks"
    set_mapping(project.project, ACME, 1, "Link clicks", MappingChange(rule="promote", target="link_clicks"))
    assert why() == "another column filled clicks when the file was loaded, and none does now"
    set_mapping(project.project, ACME, 1, "Link clicks", MappingChange(rule="core", target="clicks"))
    assert why() == "another column already fills clicks"


@pytest.mark.parametrize("text", ["Spend\\", "a\\\\", "[bold]\\", "\\[x]", "C:\\x", "\\"])
def test_a_backslash_is_shown_as_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Console(markup=True).print(escape(text))
    assert capsys.readouterr().out == f"{text}\n"
