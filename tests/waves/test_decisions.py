"""What people decide about columns holds, and later waves follow."""

from __future__ import annotations

from decimal import Decimal

import pytest

import loader
from loader import MappingChange, ReadingOptions
from loader.errors import NameRefusedError, WaveRefusedError
from loader.names import misspelling_of
from tests.support import ACME, NAMED, SCHEMA, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows, video_csv


@pytest.mark.slow
def test_a_promoted_column_is_added_with_its_type_and_only_its_wave_is_rebuilt(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", video_csv(2, day="2024-02-01")), 2)
    acme.build_clients()
    stamps = acme.processed("processed_timestamp")
    loader.set_mapping(acme.project, ACME, 2, "video plays", MappingChange(rule="promote"))
    assert acme.build_clients().success
    assert acme.processed("video_plays") == [(None,), (None,), (1500,), (1500,)]
    assert acme.processed("additional_metrics->>'video_plays'")[2:] == [("1500",), ("1500",)]
    after = acme.processed("processed_timestamp")
    assert after[:2] == stamps[:2]
    assert after[2:] != stamps[2:]
    acme.load(acme.write("c.csv", video_csv(1, day="2024-03-01")), 3)
    assert acme.build_clients().success
    assert acme.processed("video_plays")[4:] == [(1500,)]
    logged = acme.query(
        f"select wave_number, column_names from {SCHEMA}.processing_log where processing_stage = 'MAPPING'"
    )
    assert logged == [(2, '["Video plays"]')]


def test_a_decision_made_before_changes_nothing_and_says_so(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", video_csv(2, day="2024-02-01")), 1)
    command = ["mapping", "set", *NAMED, "--wave", "1", "--column", "Video plays", "--rule", "promote"]
    first = acme.spark9(*command)
    assert "The next dbt build reprocesses the wave." in first.text
    acme.change(f"update {SCHEMA}.raw_data_staging set processed_flag = true")
    before = acme.snapshot()
    again = acme.spark9(*command)
    said = "Nothing changed: 'Video plays' of wave 1 of acme/meta/2024 is already mapped this way."
    assert (again.code, " ".join(again.text.split())) == (0, said)
    assert acme.snapshot() == before
    changed = acme.spark9(*command, "--default", "0")
    assert "The next dbt build reprocesses the wave." in changed.text
    assert acme.query(f"select bool_or(processed_flag) from {SCHEMA}.raw_data_staging") == [(False,)]


@pytest.mark.slow
def test_a_default_fills_a_missing_column_and_the_wave_still_counts_it_as_missing(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    header = [name for name in META_HEADER if name != "Reach"]
    rows = [[*row[:5], *row[6:]] for row in meta_rows(2, day="2024-02-01")]
    acme.load(acme.write("b.csv", as_csv([header, *rows])), 2)
    acme.build_clients()
    assert acme.processed("reach")[2:] == [(None,), (None,)]
    loader.set_mapping(acme.project, ACME, 2, "Reach", MappingChange(default="0"))
    assert acme.build_clients().success
    assert acme.processed("reach")[2:] == [(0,), (0,)]
    assert acme.query(f"select missing_columns from {SCHEMA}.wave_quality where wave_number = 2") == [('["reach"]',)]
    loader.set_mapping(acme.project, ACME, 2, "Reach", MappingChange(rule="retired"))
    assert acme.build_clients().success
    assert acme.query(f"select missing_columns, coverage from {SCHEMA}.wave_quality where wave_number = 2") == [
        ("[]", Decimal(1))
    ]


@pytest.mark.slow
def test_a_wrong_format_is_corrected_without_an_upload(acme: ProjectUnderTest) -> None:
    rows = meta_rows(2)
    for row in rows:
        row[0] = row[1] = "02/01/2024"
    acme.load(acme.write("a.csv", as_csv([META_HEADER, *rows])), 1, options=ReadingOptions(dates="month-first"))
    acme.build_clients()
    assert acme.processed("date_start::varchar")[0] == ("2024-02-01",)
    for column in ("Reporting starts", "Reporting ends"):
        loader.set_mapping(acme.project, ACME, 1, column, MappingChange(value_format="dmy_slash"))
    assert acme.build_clients().success
    assert acme.processed("date_start::varchar, date_end::varchar")[0] == ("2024-01-02", "2024-01-02")


def test_an_unknown_column_can_be_made_a_core_column(acme: ProjectUnderTest) -> None:
    header = [*META_HEADER, "Sales"]
    acme.load(acme.write("a.csv", as_csv([header, *([*row, "1,000"] for row in meta_rows(2))])), 1)
    loader.set_mapping(acme.project, ACME, 1, "Sales", MappingChange(target="conversions"))
    assert acme.build_clients().success
    assert acme.processed("conversions, additional_metrics") == [(Decimal(1000), "{}")] * 2


@pytest.fixture(scope="module")
def loaded(parsed_acme: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A wave; what is refused changes nothing of it."""
    acme = parsed_acme.copy(tmp_path_factory.mktemp("decided"))
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    return acme


@pytest.mark.parametrize(
    ("column", "change", "message"),
    [
        ("Impressions", MappingChange(rule="nonsense"), "not one of core"),
        ("Impressions", MappingChange(column_type="text"), "of type integer"),
        ("Impressions", MappingChange(value_format="nonsense"), "not one of plain"),
        ("Impressions", MappingChange(default="many"), "not of type integer"),
        ("Ad name", MappingChange(target="clikcs"), "did you mean 'clicks'\\? If not, mark it as new: --new-target"),
        ("Impressions", MappingChange(target="x; drop table y"), "valid name"),
        ("Ad name", MappingChange(rule="promote", target="clicks"), "is a core column"),
        ("Ad name", MappingChange(rule="promote", target="is_valid"), "is a column of each client"),
        ("Ad name", MappingChange(rule="promote", target="clicks__value"), "two underscores"),
        ("Ad name", MappingChange(rule="promote", target="order"), "is reserved in SQL"),
        ("Ad name", MappingChange(rule="missing"), "in this wave's file"),
        ("Nope", MappingChange(rule="ignore"), "has no column 'Nope'; it has: "),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_changes_nothing(
    loaded: ProjectUnderTest, column: str, change: MappingChange, message: str
) -> None:
    before = loaded.snapshot()
    with pytest.raises((NameRefusedError, WaveRefusedError), match=message):
        loader.set_mapping(loaded.project, ACME, 1, column, change)
    assert loaded.snapshot() == before


@pytest.mark.slow
def test_a_persons_decision_holds_for_later_waves(acme: ProjectUnderTest) -> None:
    header = [*META_HEADER, "Video plays", "Memo"]
    acme.load(acme.write("a.csv", as_csv([header, *([*row, 5, "x"] for row in meta_rows(2))])), 1)
    names = ACME
    loader.set_mapping(acme.project, names, 1, "Video plays", loader.MappingChange(rule="promote"))
    loader.set_mapping(acme.project, names, 1, "Memo", loader.MappingChange(rule="ignore"))
    plan = acme.load(acme.write("b.csv", as_csv([header, *([*row, "1,500", "y"] for row in meta_rows(2))])), 2).plan
    assert plan
    decided = {row.column_name: (row.mapping_rule, row.decided_by) for row in plan.columns}
    assert decided["Video plays"] == ("promote", "person")
    assert decided["Memo"] == ("ignore", "person")


def with_gaps(day: str) -> str:
    header = ["Day", "Campaign name", "Impressions", "Amount spent (EUR)", "Link clicks", "Saves"]
    return as_csv([header, [day, "c", 100, "5.00", 7, 3], [day, "d", 200, "6.00", "", ""]])


@pytest.mark.slow
def test_a_default_written_with_the_designs_own_sql_is_a_persons_decision(acme: ProjectUnderTest) -> None:
    for wave in (1, 2):
        acme.load(acme.write(f"{wave}.csv", with_gaps(f"2024-0{wave}-01")), wave)
    assert acme.build_clients().success
    figures = "wave_number, clicks, additional_metrics->>'saves'"
    assert acme.processed(figures) == [(1, 7, "3"), (1, None, None), (2, 7, "3"), (2, None, None)]
    for column, default in (("Link clicks", "0"), ("Saves", "none")):
        acme.change(
            f"update {SCHEMA}.wave_schema_mapping set mapping_rule = 'use_default_value', default_value = '{default}' "
            f"where wave_number = 1 and column_name = '{column}'"
        )
    acme.change(f"update {SCHEMA}.raw_data_staging set processed_flag = false where wave_number = 1")
    assert acme.build_clients().success  # and a warning: 'none' is no number
    acme.load(acme.write("3.csv", with_gaps("2024-03-01")), 3)
    assert acme.build_clients().success
    assert [clicks for _, clicks, _ in acme.processed(figures)] == [7, 0, 7, 0, 7, 0]
    assert [saves for *_, saves in acme.processed(figures)] == ["3", None] * 3
    mapping = "select wave_number, mapping_rule, default_value, decided_by from {}.wave_schema_mapping where column_name = '{}'"
    assert sorted(acme.query(mapping.format(SCHEMA, "Link clicks"))) == [
        (wave, "core", "0", "person") for wave in (1, 2, 3)
    ]
    assert (1, "use_default_value", "none", "loader") in acme.query(mapping.format(SCHEMA, "Saves"))
    corrected = loader.set_mapping(
        acme.project, ACME, 1, "Saves", MappingChange(default="3")
    )  # not taken in by a build
    assert corrected is not None
    assert (1, "additional", "3", "person") in acme.query(mapping.format(SCHEMA, "Saves"))
    run = acme.spark9("mapping", "set", *NAMED, "--wave", "1", "--column", "Link clicks", "--no-default")
    assert run.code == 0, run.text
    assert acme.build_clients().success
    assert [clicks for _, clicks, _ in acme.processed(figures)] == [7, None, 7, None, 7, None]


def test_a_target_that_looks_misspelt_needs_to_be_called_new(loaded: ProjectUnderTest) -> None:
    command = ["mapping", "set", *NAMED, "--wave", "1", "--column", "Ad name", "--target"]
    refused = loaded.spark9(*command, "ad_set_nam", "--rule", "additional")
    assert refused.code == 2
    assert "error (target-unknown): There is no column 'ad_set_nam' yet; did you mean 'ad_set_name'?" in refused.text
    made = loaded.spark9(*command, "ad_set_nam", "--new-target")
    assert "additional ad_set_nam" in made.text
    # a column of the client is no new name, and one that resembles it is
    assert loaded.spark9(*command, "ad_name_by_hand").code == 0
    again = loaded.spark9("mapping", "set", *NAMED, "--wave", "1", "--column", "Reach", "--target", "ad_name_by_hnd")
    assert "did you mean 'ad_name_by_hand'?" in again.text
    assert loaded.spark9(*command, "ad_set_nam").code == 2
    assert loaded.spark9("mapping", "set", *NAMED, "--wave", "1", "--column", "Reach", "--new-target").code == 2


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("clikcs", "clicks"), ("click", "clicks"), ("clicks", None), ("amout_spend", "amount_spent"), ("reac", "reach"),
        ("clicks_2", None), ("video_plays_25", None), ("memo", None), ("reactions", None),
    ],
)  # fmt: skip
def test_a_misspelling_is_a_letter_or_two_away_with_the_same_digits(name: str, meant: str | None) -> None:
    assert misspelling_of(name, ["clicks", "reach", "amount_spent", "video_plays_75"]) == meant


def test_a_bad_default_has_a_code_of_its_own(loaded: ProjectUnderTest) -> None:
    with pytest.raises(NameRefusedError) as caught:
        loader.set_mapping(loaded.project, ACME, 1, "Impressions", MappingChange(default="many"))
    assert caught.value.code == "default-refused"
