"""A build types the core columns, keeps the rest, and touches only what is new."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tests.support import SCHEMA, ProjectUnderTest
from tests.written import as_csv, meta_csv, video_csv


def test_a_build_types_core_columns_and_keeps_the_rest(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", video_csv(2, day="2024-01-31")), 1, wave_name="Spring")
    assert acme.build_clients().success
    rows = acme.processed(
        "wave_name, file_name, date_start::varchar, ad_set_name, reach, impressions, clicks, amount_spent, currency"
    )
    assert rows == [
        ("Spring", "a.csv", "2024-01-31", "Set 1", 901, 1001, 11, Decimal("1.5"), "USD"),
        ("Spring", "a.csv", "2024-01-31", "Set 2", 902, 1002, 12, Decimal("2.5"), "USD"),
    ]
    assert [json.loads(str(row[0])) for row in acme.processed("additional_metrics")] == [{"video_plays": 1500}] * 2


@pytest.mark.slow
def test_linkedin_campaign_groups_are_campaigns_and_campaigns_are_ad_sets(project: ProjectUnderTest) -> None:
    client = project.add("acme", "linkedin", 2024)
    header = ["Start Date (in UTC)", "Campaign Group Name", "Campaign Name", "Total Spent", "Impressions", "Clicks"]
    project.load(project.write("l.csv", as_csv([header, ["01/31/2024", "Group", "Camp", "1.5", 10, 1]])), 1, client)
    assert project.build_clients().success
    assert project.query(
        "select campaign_name, ad_set_name from client_acme_linkedin_2024.processed_campaign_data"
    ) == [("Group", "Camp")]


def test_only_new_loads_are_processed(built: ProjectUnderTest) -> None:
    first = built.processed("processed_timestamp")
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    assert built.build_clients().success
    assert built.processed("processed_timestamp")[:8] == first
    assert len(built.processed("1")) == 11
    logged = f"select load_id, row_count from {SCHEMA}.processing_log where processing_stage = 'PROCESS' order by all"
    loaded = f"select load_id, count(*) from {SCHEMA}.raw_data_staging group by 1 order by all"
    assert built.query(logged) == built.query(loaded)


@pytest.mark.slow
def test_incremental_builds_and_one_full_build_give_the_same_tables(acme: ProjectUnderTest) -> None:
    for wave in (2, 1, 3):  # out of order on purpose
        acme.load(
            acme.write(
                f"{wave}.csv",
                video_csv(3, day=f"2024-0{wave}-01") if wave == 2 else meta_csv(3, day=f"2024-0{wave}-01"),
            ),
            wave,
        )
        acme.build_clients()
    acme.load(acme.write("4.csv", meta_csv(4, day="2024-03-01")), 3)  # repeats three rows of wave 3
    acme.build_clients()
    incremental = acme.snapshot()
    assert acme.dbt("build", "--full-refresh").success
    assert acme.snapshot() == incremental
    quality = acme.query(f"select wave_number, new_columns, missing_columns from {SCHEMA}.wave_quality order by 1")
    assert quality == [(1, "[]", "[]"), (2, '["video_plays"]', "[]"), (3, "[]", '["video_plays"]')]
    assert acme.query(f"select count(superseded_by) from {SCHEMA}.processed_campaign_data") == [(3,)]


def test_an_empty_registry_builds(project: ProjectUnderTest) -> None:
    assert project.dbt("build").success
    assert project.query("select count(*) from marts.campaign_performance") == [(0,)]


@pytest.mark.slow
def test_a_client_without_waves_builds(acme: ProjectUnderTest) -> None:
    assert acme.dbt("build").success
    assert acme.processed("1") == []
    assert acme.query("select client_schema, status from marts.processing_status_today") == [(SCHEMA, "fine")]
