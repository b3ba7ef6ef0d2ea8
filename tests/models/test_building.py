"""A build types the core columns, keeps the rest, and touches only what is new."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from dbt.exceptions import CompilationError, DbtRuntimeError

from loader.project.dbt import run_dbt
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


@pytest.mark.slow
def test_a_wave_that_no_selected_client_has_is_an_error_that_names_those_there_are(built: ProjectUnderTest) -> None:
    other = built.add("other", "meta", 2024)
    built.load(built.write("o.csv", meta_csv(2, day="2024-05-01")), 7, other)
    before = built.snapshot()
    both = "client_acme_meta_2024 has waves 1, 2; client_other_meta_2024 has wave 7"
    with pytest.raises(CompilationError, match=rf"no wave 9; nothing was built\. {both}"):
        built.dbt("build", "--vars", "wave: 9")
    with pytest.raises(CompilationError, match=r"no wave 7; nothing was built\. client_acme_meta_2024 has waves 1, 2"):
        built.dbt("run", "--select", f"clients.{SCHEMA}", "--vars", "wave: 7")
    with pytest.raises(DbtRuntimeError, match="no wave 7; client_acme_meta_2024 has waves 1, 2"):
        built.dbt("show", "--select", f"{SCHEMA}__typed_rows", "--vars", "wave: 7")
    assert built.snapshot() == before


@pytest.mark.slow
def test_a_wave_that_only_some_clients_have_is_built_and_the_others_are_named(
    built: ProjectUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    other = built.add("other", "meta", 2024)
    built.load(built.write("o.csv", meta_csv(2, day="2024-05-01")), 7, other)
    before = built.snapshot()
    assert run_dbt(built.root, ["build", "--select", "clients", "--vars", "wave: 7"]).success
    assert built.query("select wave_number from client_other_meta_2024.wave_quality") == [(7,)]
    assert built.snapshot() == before
    assert (
        "wave 7 is not of these clients, whose rows stay as they are: client_acme_meta_2024" in capsys.readouterr().out
    )
