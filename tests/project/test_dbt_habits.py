"""Everyday dbt commands do what an analytics engineer expects of them (docs/dbt.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.project.dbt import run_dbt
from tests.support import ACME, SCHEMA, ProjectUnderTest, copy_project
from tests.written import meta_csv

_EXPOSURE = """
exposures:
  - name: weekly_report
    type: dashboard
    owner: {name: Ann}
    depends_on: [ref('waves')]
"""
_VERSIONS = "models: [{name: facts, latest_version: 2, versions: [{v: 1}, {v: 2}]}]"


@pytest.fixture(scope="module")
def with_areas(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """Acme with a built wave, beside areas that were never loaded; tests that change it take a copy."""
    project = ProjectUnderTest(
        copy_project(tmp_path_factory.mktemp("habits") / "project", "engagement", "customer_360")
    )
    (project.root / "models" / "marts" / "exposures.yml").write_text(_EXPOSURE, encoding="utf-8")
    project.add("acme", "meta", 2024)
    project.load(project.write("a.csv", meta_csv(4)), 1)
    assert project.dbt("build").success
    return project


def _listed(project: ProjectUnderTest, *arguments: str) -> set[str]:
    return set(run_dbt(project.root, ["--quiet", "ls", *arguments]).result or [])


def _freshness(project: ProjectUnderTest, *arguments: str) -> dict[str, str]:
    outcome = run_dbt(project.root, ["--quiet", "source", "freshness", *arguments])
    assert outcome.exception is None
    results = [result for result in outcome.result.results if result.node.resource_type == "source"]
    return {result.node.source_name: str(result.status) for result in results}


@pytest.mark.slow
def test_the_default_selection_has_sources_and_exposures_of_waves_and_none_of_areas(
    with_areas: ProjectUnderTest,
) -> None:
    sources = _listed(with_areas, "--resource-type", "source")
    assert f"source:spark9.{SCHEMA}.raw_data_staging" in sources
    assert not [name for name in sources if "engagement" in name or "customer_360" in name]
    assert _listed(with_areas, "--resource-type", "exposure") == {"exposure:spark9.weekly_report"}
    assert len(_listed(with_areas, "--selector", "all", "--resource-type", "metric")) > 5
    assert not [name for name in _listed(with_areas) if ".engagement." in name or ".customer_360." in name]


@pytest.mark.slow
def test_every_warning_is_shown_and_there_is_none(with_areas: ProjectUnderTest) -> None:
    for command in ("parse", "build"):
        run = with_areas.dbt("--warn-error", command, "--no-partial-parse", "--show-all-deprecations")
        assert run.success, run.statuses


@pytest.mark.slow
def test_critical_tests_are_those_of_waves_where_no_area_was_built(with_areas: ProjectUnderTest) -> None:
    run = with_areas.dbt("test", "--select", "tag:critical")
    assert run.success, run.statuses
    assert f"{SCHEMA}__client_integrity" in run.statuses
    assert "waves__every_loaded_wave_is_there" in run.statuses


@pytest.mark.slow
def test_a_critical_test_of_waves_still_fails(with_areas: ProjectUnderTest, tmp_path: Path) -> None:
    project = with_areas.copy(tmp_path)
    project.change(f"update {SCHEMA}.processed_campaign_data set amount_spent = amount_spent + 1")
    assert project.dbt("test", "--select", "tag:critical").statuses[f"{SCHEMA}__client_integrity"] == "fail"


@pytest.mark.slow
def test_an_area_that_lost_some_of_its_tables_is_not_passed_over(with_areas: ProjectUnderTest, tmp_path: Path) -> None:
    project = with_areas.copy(tmp_path)
    project.change("create schema if not exists engagement")
    project.change("create table engagement.dim_page as select 1 as page_key")
    project.change("create schema if not exists engagement_raw")
    project.change("create table engagement_raw.raw_clickstream_events as select 1 as event_id")
    run = project.dbt("test", "--select", "tag:critical")
    assert run.statuses["sessions__agree_with_their_events"] == "error"
    assert run.statuses[f"{SCHEMA}__client_integrity"] == "pass"


@pytest.mark.slow
def test_an_area_that_is_selected_by_itself_is_never_passed_over(with_areas: ProjectUnderTest, tmp_path: Path) -> None:
    project = with_areas.copy(tmp_path)
    with pytest.raises(Exception, match=r"never built[\s\S]*customer_360"):
        project.dbt("build", "--selector", "customer_360_models")


@pytest.mark.slow
def test_a_client_with_all_that_depends_on_it_needs_no_area(with_areas: ProjectUnderTest, tmp_path: Path) -> None:
    project = with_areas.copy(tmp_path)
    printed = project.spark9(
        "load", str(project.write("b.csv", meta_csv(3, day="2024-02-01"))), "--client", str(ACME), "--wave", "2"
    )
    assert f"To build it and the marts: dbt build --select clients.{SCHEMA}+" in printed.text
    run = project.dbt("build", "--select", f"clients.{SCHEMA}+")
    assert run.success, run.statuses
    assert run.statuses["campaign_engagement"] == "success"
    assert project.query("select wave_number, row_count from marts.waves order by 1") == [(1, 4), (2, 3)]
    assert project.query("select distinct wave_number from marts.wave_columns order by 1") == [(1,), (2,)]
    assert project.query("select table_name from duckdb_tables() where schema_name like 'engagement%'") == []


@pytest.mark.slow
def test_clients_without_tables_are_warned_about_and_passed_over(project: ProjectUnderTest) -> None:
    project.spark9("client", "add", "never/meta/2024")
    project.database.unlink()
    for selection in ([], ["--select", "clients"], ["--select", "clients.client_never_meta_2024+"]):
        run = project.dbt("build", *selection)
        assert run.success, run.statuses
    assert project.query("select count(*) from marts.waves") == [(0,)]
    assert _freshness(project) == {"client_never_meta_2024": "pass"}
    with pytest.raises(Exception, match="of which the marts have no rows: never/meta/2024"):
        project.dbt("--warn-error-options", "{error: [JinjaLogWarning]}", "build")


@pytest.mark.slow
def test_freshness_is_of_the_last_upload(built: ProjectUnderTest) -> None:
    assert _freshness(built) == {SCHEMA: "pass"}
    built.change(f"update {SCHEMA}.raw_data_staging set upload_timestamp = upload_timestamp - interval 9 hour")
    assert _freshness(built) == {SCHEMA: "warn"}
    assert _freshness(built, "--vars", "{upload_warn_hours: 24, upload_error_hours: 48}") == {SCHEMA: "pass"}
    built.change(f"update {SCHEMA}.raw_data_staging set upload_timestamp = upload_timestamp - interval 30 hour")
    assert _freshness(built) == {SCHEMA: "error"}


@pytest.mark.slow
def test_freshness_of_a_new_client_counts_from_its_onboarding_and_leaves_archived_ones_out(
    acme: ProjectUnderTest,
) -> None:
    acme.add("gone", "meta", 2024)
    acme.spark9("client", "archive", "gone/meta/2024")
    assert _freshness(acme) == {SCHEMA: "pass"}
    acme.change(f"update {SCHEMA}.processing_log set processing_timestamp = processing_timestamp - interval 40 hour")
    assert _freshness(acme) == {SCHEMA: "error"}


@pytest.mark.slow
def test_docs_say_what_each_column_of_a_source_holds(built: ProjectUnderTest) -> None:
    assert run_dbt(built.root, ["--quiet", "docs", "generate"]).success
    catalog, manifest = (
        json.loads((built.root / "target" / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("catalog", "manifest")
    )
    sources = [node for name, node in manifest["sources"].items() if f".{SCHEMA}." in name]
    assert len(sources) == 6
    for source in sources:
        columns = catalog["sources"][source["unique_id"]]["columns"]
        assert columns
        assert [name for name in columns if f"\n| {name} | " not in source["description"]] == []


@pytest.fixture
def staging(project: ProjectUnderTest) -> Iterator[Path]:
    """A folder of models in a schema of its own."""
    folder = project.root / "models" / "staging"
    folder.mkdir()
    yield folder


def test_models_get_the_names_and_schemas_that_people_expect(project: ProjectUnderTest, staging: Path) -> None:
    for name in ("stg_meta__campaigns", "stg_linkedin__campaigns", "int_foo__waves", "facts_v1", "facts_v2"):
        (staging / f"{name}.sql").write_text("select 1 as one", encoding="utf-8")
    (staging / "staging__plain.sql").write_text("{{ config(schema='staging') }} select 1 as one", encoding="utf-8")
    of_client = project.root / "models" / "clients" / SCHEMA
    of_client.mkdir(parents=True)
    (of_client / f"{SCHEMA}__reach.sql").write_text("select 1 as one", encoding="utf-8")
    (staging / "facts.yml").write_text(_VERSIONS, encoding="utf-8")
    assert project.dbt(
        "build", "--select", "waves", "staging", "clients", "path:seeds", "--exclude-resource-type", "test"
    ).success
    found = project.query(
        "select table_schema || '.' || table_name from information_schema.tables "
        f"where table_schema in ('marts', 'staging', '{SCHEMA}') order by 1"
    )
    assert [name for (name,) in found] == [
        f"{SCHEMA}.reach",
        "marts.facts_v1",
        "marts.facts_v2",
        "marts.int_foo__waves",
        "marts.stg_linkedin__campaigns",
        "marts.stg_meta__campaigns",
        "marts.waves",
        "staging.plain",
    ]
