"""Platforms restate past days: the later value counts, the earlier stays visible, and nothing counts twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import loader
from loader import MappingChange, ReadingOptions
from loader.errors import WaveRefusedError
from tests.support import ACME, SCHEMA, ProjectUnderTest, notices
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


def dearer(count: int, *, first: int = 1, day: str = "2024-01-01", by: int = 100) -> str:
    """The rows of meta_csv, each with more spend."""
    rows = meta_rows(count, first=first, day=day)
    for number, row in enumerate(rows, first):
        row[-1] = f"{number + by}.50"
    return as_csv([META_HEADER, *rows])


def counted(project: ProjectUnderTest) -> list[tuple[Any, ...]]:
    return project.query(
        f"select wave_number, count(*), sum(amount_spent) from {SCHEMA}.processed_campaign_data "
        "where superseded_by is null group by 1 order by 1"
    )


@pytest.mark.slow
def test_days_of_a_load_that_is_not_built_are_known_unless_its_mapping_was_changed(acme: ProjectUnderTest) -> None:
    dates = [["03/02/2024", "03/02/2024", *row[2:]] for row in meta_rows(3)]
    acme.load(acme.write("a.csv", as_csv([META_HEADER, *dates])), 1, options=ReadingOptions(dates="month-first"))
    march, february = (acme.write(f"{day}.csv", dearer(3, day=day)) for day in ("2024-03-02", "2024-02-03"))
    for file, matched in ((march, 3), (february, 0)):
        plan = acme.load(file, 2, dry_run=True).plan
        assert plan
        assert sum(load.matched_rows for load in plan.restated) == matched
    for column in META_HEADER[:2]:
        loader.set_mapping(acme.project, ACME, 1, column, MappingChange(value_format="dmy_slash"))
    for file, matched in ((march, 0), (february, 3)):
        plan = acme.load(file, 2, dry_run=True).plan
        assert plan
        assert sum(load.matched_rows for load in plan.restated) == matched


def test_the_later_value_counts_and_the_earlier_stays_visible(built: ProjectUnderTest) -> None:
    later = built.load(built.write("c.csv", dearer(3, first=2)), 3)
    assert later.plan
    (restated,) = later.plan.restated
    assert (restated.matched_rows, restated.file_rows, restated.wave_number) == (3, 3, 1)
    assert (restated.spend_before, restated.spend_after) == (Decimal("10.5"), Decimal("310.5"))
    assert any("3 rows restate 3 rows of wave 1 (a.csv), 2024-01-01" in warning for warning in later.warnings)
    assert any("from 10.50 to 310.50 (+300.00)" in warning for warning in later.warnings)
    assert built.dbt("build").success
    assert counted(built) == [(1, 1, Decimal("1.5")), (2, 4, Decimal(12)), (3, 3, Decimal("310.5"))]
    superseded = built.query(
        f"select file_name, superseded_by, count(*) from {SCHEMA}.processed_campaign_data "
        "where superseded_by is not null group by all"
    )
    assert superseded == [("a.csv", later.plan.load_id, 3)]
    assert built.query("select sum(row_count), sum(amount_spent) from marts.campaign_performance") == [
        (8, Decimal("324.0"))
    ]
    assert built.query("select wave_number, row_count, superseded_rows, amount_spent from marts.waves order by 1") == [
        (1, 1, 3, Decimal("1.5")),
        (2, 4, 0, Decimal(12)),
        (3, 3, 0, Decimal("310.5")),
    ]


def test_rows_that_are_not_built_yet_are_compared_too(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(4)), 1)
    plan = acme.load(acme.write("b.csv", dearer(3)), 2, dry_run=True).plan
    assert plan
    assert [(load.matched_rows, load.spend_after) for load in plan.restated] == [(3, Decimal("307.5"))]


@pytest.mark.slow
@pytest.mark.parametrize("order", [(3, 2, 1), (2, 3, 1)])
def test_it_does_not_matter_in_which_order_waves_are_loaded(acme: ProjectUnderTest, order: tuple[int, ...]) -> None:
    files = {wave: acme.write(f"{wave}.csv", dearer(wave + 1, by=100 * wave)) for wave in (1, 2, 3)}
    for position, wave in enumerate(order):
        acme.load(files[wave], wave)
        if position == 0:
            acme.dbt("build", "--select", "clients")
    assert acme.dbt("build", "--select", "clients").success
    assert counted(acme) == [(3, 4, Decimal("1212"))]


def test_a_wave_that_was_loaded_late_says_that_the_later_one_counts(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("b.csv", dearer(3)), 2)
    late = acme.load(acme.write("a.csv", meta_csv(3)), 1)
    assert any("that later wave counts" in warning and "307.50" in warning for warning in late.warnings)


@pytest.mark.slow
def test_a_part_of_a_wave_and_then_the_whole_count_once_and_a_superseded_wave_keeps_its_place_in_the_marts(
    built: ProjectUnderTest,
) -> None:
    built.load(built.write("whole.csv", meta_csv(5)), 1)
    built.load(built.write("restated.csv", dearer(4, day="2024-02-01")), 3)
    assert built.dbt("build").success
    assert counted(built) == [(1, 5, Decimal("17.5")), (3, 4, Decimal(412))]
    assert built.query(
        "select wave_number, row_count, superseded_rows, data_quality_score from marts.waves order by 1"
    ) == [(1, 5, 4, 1), (2, 0, 4, 1), (3, 4, 0, 1)]


@pytest.mark.slow
def test_what_a_third_load_supersedes_stays_superseded_when_the_second_goes(acme: ProjectUnderTest) -> None:
    for wave in (1, 2, 3):
        acme.load(acme.write(f"{wave}.csv", dearer(2, by=100 * wave)), wave)
    acme.dbt("build", "--select", "clients")
    loader.rollback_wave(acme.project, ACME, 3)
    assert counted(acme) == [(2, 2, Decimal("404"))]
    assert acme.dbt("build", "--select", "clients").success
    loader.rollback_wave(acme.project, ACME, 2)
    assert counted(acme) == [(1, 2, Decimal("204"))]


@pytest.mark.slow
def test_ids_tell_an_ad_although_its_name_changed(acme: ProjectUnderTest) -> None:
    header = ["Day", "Campaign name", "Ad set name", "Ad name", "Ad ID", "Impressions", "Link clicks", "Amount spent"]
    acme.load(acme.write("a.csv", as_csv([header, ["2024-01-01", "c", "s", "old", "77", 9, 1, "5.00"]])), 1)
    acme.load(acme.write("b.csv", as_csv([header, ["2024-01-01", "c", "s", "new", "77", 9, 1, "6.00"]])), 2)
    acme.load(acme.write("c.csv", as_csv([header, ["2024-01-01", "c", "s", "new", "78", 9, 1, "7.00"]])), 3)
    nameless = [name for name in header if name != "Ad ID"]
    assert acme.dbt("build", "--select", "clients").success
    assert counted(acme) == [(2, 1, Decimal("6")), (3, 1, Decimal("7"))]
    acme.load(acme.write("d.csv", as_csv([nameless, ["2024-01-01", "c", "s", "new", 9, 1, "8.00"]])), 4)
    assert acme.dbt("build", "--select", "clients").success
    assert counted(acme) == [(4, 1, Decimal("8"))]


@pytest.mark.slow
def test_breakdowns_are_part_of_what_a_row_speaks_of(acme: ProjectUnderTest) -> None:
    header = ["Day", "Campaign name", "Ad set name", "Age", "Impressions", "Link clicks", "Amount spent"]
    one = [["2024-01-01", "c", "s", age, 9, 1, "5.00"] for age in ("18-24", "25-34")]
    acme.load(acme.write("a.csv", as_csv([header, *one])), 1)
    acme.load(acme.write("b.csv", as_csv([header, ["2024-01-01", "c", "s", "35-44", 9, 1, "6.00"]])), 2)
    plain = [name for name in header if name != "Age"]
    assert acme.dbt("build", "--select", "clients").success
    assert [row[1] for row in counted(acme)] == [2, 1]
    other = acme.load(acme.write("c.csv", as_csv([plain, ["2024-01-01", "c", "s", 27, 3, "15.00"]])), 3)
    assert [warning for warning in notices(other) if "give" in warning or "superseded" in warning] == [
        "3 rows of wave 1 (a.csv, by ad set and age) and wave 2 (b.csv, by ad set and age) cover the same days and "
        "campaigns as this file (by ad set), 2024-01-01: an export without a breakdown counts, and they are marked as "
        "superseded; their spend is 16.00, the spend that counts for these days is 15.00 (-1.00)",
    ]
    assert acme.dbt("build", "--select", "clients").success
    assert counted(acme) == [(3, 1, Decimal("15.00"))]


def test_the_policies_of_the_registry_are_those_that_models_read(acme: ProjectUnderTest) -> None:
    for restatement, overlap in (("both", "refuse"), ("refuse", "both"), ("supersede", "finest")):
        loader.set_policies(acme.project, ACME, restatement=restatement, overlap=overlap)
        macros = loader.find_project(acme.root).macros
        read = (macros.call("restatement_policy", SCHEMA), macros.call("overlap_policy", SCHEMA))
        assert read == (restatement, overlap)


@pytest.mark.slow
def test_both_count_where_the_registry_says_so(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", dearer(2)), 2)
    acme.dbt("build", "--select", "clients")
    assert counted(acme) == [(2, 2, Decimal("204"))]
    assert acme.spark9("client", "set", "acme", "meta", "2024", "--restatement", "both").code == 0
    assert acme.dbt("build", "--select", "clients").success
    assert counted(acme) == [(1, 2, Decimal("4")), (2, 2, Decimal("204"))]
    assert acme.spark9("client", "set", "acme", "meta", "2024", "--restatement", "supersede").code == 0
    assert acme.dbt("build", "--select", "clients").success
    assert counted(acme) == [(2, 2, Decimal("204"))]


@pytest.mark.slow
def test_a_restating_load_is_refused_where_the_registry_says_so(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    assert acme.spark9("client", "set", "acme", "meta", "2024", "--restatement", "refuse").code == 0
    before = acme.snapshot()
    with pytest.raises(WaveRefusedError, match=r"restates 2 rows of a\.csv"):
        acme.load(acme.write("b.csv", dearer(2)), 2)
    assert acme.snapshot() == before
    assert acme.load(acme.write("c.csv", meta_csv(2, day="2024-02-01")), 2).outcome == "loaded"
    run = acme.spark9("client", "set", "acme", "meta", "2024", "--restatement", "never")
    assert (run.code, "is not one of supersede, both, refuse" in run.text) == (2, True)


def test_a_replaced_file_restates_nothing(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    result = acme.load(acme.write("a.csv", dearer(2)), 1, replace=True)
    assert result.plan
    assert result.plan.restated == []
