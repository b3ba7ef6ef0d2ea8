"""Any target builds from production's raw rows, and changes nothing of them."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import Any

import pytest
from dbt.exceptions import CompilationError

from loader import rollback_wave
from loader.clients.tables import LOADER_TABLES
from tests.support import ACME, SCHEMA, ProjectUnderTest
from tests.written import meta_csv

SPEND = "select sum(amount_spent), sum(row_count) from {}marts.waves"


def raw_tables(project: ProjectUnderTest) -> dict[str, list[Any]]:
    return {table: project.query(f"select * from {SCHEMA}.{table} order by all") for table in sorted(LOADER_TABLES)}


@pytest.fixture
def ann(built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> ProjectUnderTest:
    monkeypatch.setenv("SPARK9_SCHEMA_PREFIX", "ann")
    return ProjectUnderTest(built.root)


def test_a_developer_builds_from_the_raw_rows_of_production_and_changes_none(ann: ProjectUnderTest) -> None:
    before = raw_tables(ann)
    assert ann.dbt("build").success
    assert ann.query(SPEND.format("ann_")) == ann.query(SPEND.format(""))
    built = "select * exclude (processed_timestamp) from {}{}.processed_campaign_data order by load_id, row_number"
    assert ann.query(built.format("ann_", SCHEMA)) == ann.query(built.format("", SCHEMA))
    assert raw_tables(ann) == before


@pytest.mark.slow
def test_a_prefix_that_the_target_does_not_take_builds_nothing(
    built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_SCHEMA_PREFIX", "ann")
    profiles = built.root / "profiles.yml"
    profiles.write_text(profiles.read_text().replace("\"{{ env_var('SPARK9_SCHEMA_PREFIX', 'main') }}\"", "main"))
    before = built.query("select invocation_id from marts.build_runs order by 1")
    with pytest.raises(CompilationError, match="'ann', but target 'dev' takes no prefix from it"):
        built.dbt("run", "--select", "waves")
    assert built.query("select invocation_id from marts.build_runs order by 1") == before


@pytest.mark.slow
def test_what_production_loads_reprocesses_and_rolls_back_reaches_the_developer(
    built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built_by_ann() -> list[Any]:
        with monkeypatch.context() as patch:
            patch.setenv("SPARK9_SCHEMA_PREFIX", "ann")
            assert ProjectUnderTest(built.root).dbt("build").success
        rows = "select wave_number, max(schema_version), count(*) from ann_{}.processed_campaign_data group by all order by 1"
        return built.query(rows.format(SCHEMA))

    assert built_by_ann() == [(1, 1, 4), (2, 1, 4)]
    built.load(built.write("c.csv", meta_csv(2, day="2024-03-01")), 3)
    built.change(
        f"update {SCHEMA}.raw_data_staging set processed_flag = false where wave_number = 1 and row_number = 1"
    )
    assert built_by_ann() == [(1, 1, 4), (2, 1, 4), (3, 1, 2)]  # production has not looked at the flag yet
    assert built.build_clients().success
    rollback_wave(built.project, ACME, 2)
    assert built_by_ann() == [(1, 2, 4), (3, 1, 2)]
    assert built.query("select wave_number from ann_marts.waves order by 1") == [(1,), (3,)]


def test_a_target_that_reads_production_loads_nothing(ann: ProjectUnderTest) -> None:
    before = raw_tables(ann)
    for command in (
        ["load", str(ann.write("c.csv", meta_csv(2, day="2024-03-01"))), "--client", "acme/meta/2024", "--wave", "3"],
        ["reprocess", "--client", "acme/meta/2024", "--wave", "1"],
        ["client", "add", "acme/meta/2024"],
        ["client", "drop", "acme/meta/2024", "--yes"],
    ):
        run = ann.spark9(*command)
        assert (run.code, "builds from production's raw rows and does not change them" in run.text) == (3, True), run
    assert raw_tables(ann) == before


@pytest.mark.slow
def test_slim_ci_builds_what_changed_and_reads_the_rest_from_production(
    built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert built.dbt("build", artifacts=True).success
    state = shutil.copytree(built.root / "target", built.root / "of_production")
    monkeypatch.setenv("SPARK9_SCHEMA_PREFIX", "pr_1")
    slim = ["--select", "state:modified+", "--defer", "--state", str(state)]
    changed = ProjectUnderTest(built.root)
    assert set(changed.dbt("build", *slim).statuses) == set()
    mart = built.root / "models" / "marts" / "uploads_by_day.sql"
    mart.write_text(mart.read_text() + "-- changed\n")
    assert set(changed.dbt("build", *slim).statuses) == {"uploads_by_day", "uploads_by_day__one_row_each"}
    macro = built.root / "macros" / "waves" / "weighted_score.sql"
    macro.write_text(macro.read_text().replace("cast((", "cast(0.5 + 0 * (", 1))
    assert {f"{SCHEMA}__processed_campaign_data", f"{SCHEMA}__wave_quality", "waves"} <= set(
        changed.dbt("build", *slim).statuses
    )
    assert built.query("select distinct data_quality_score from pr_1_marts.waves") == [(Decimal("0.5"),)]


@pytest.mark.slow
def test_changed_code_is_told_over_rows_of_older_code_until_they_are_built_again(built: ProjectUnderTest) -> None:
    macro = built.root / "macros" / "parsing" / "number_formats.sql"
    macro.write_text(macro.read_text().replace("'example'", "'pattern_of_old': none, 'example'"))
    assert built.build_clients().success  # nothing that it makes has changed
    macro.write_text(macro.read_text().replace("[-+]?([0-9]+[.]?", "[-+]?([0-9]{1,30}[.]?", 1))
    run = built.build_clients()
    assert run.statuses[f"{SCHEMA}__client_quality"] == "warn"
    assert "rows_are_of_this_code" in run.failed_tests
    score = built.root / "macros" / "waves" / "weighted_score.sql"
    score.write_text(score.read_text().replace("cast((", "cast(0.9 + 0 * (", 1))
    run = built.build_clients()
    assert "waves_agree_with_their_rows" in run.failed_tests
    assert built.dbt("build", "--full-refresh", "--select", f"clients.{SCHEMA}").failed_tests <= {
        "waves_score_at_least_the_warning"
    }
    assert built.query(f"select distinct data_quality_score from {SCHEMA}.wave_quality") == [(Decimal("0.9"),)]


@pytest.mark.slow
def test_a_part_of_the_rows_is_built_beside_production_alone(
    built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.change(
        f"update {SCHEMA}.raw_data_staging set upload_timestamp = upload_timestamp - interval 40 day where wave_number = 1"
    )
    for part in ("--empty", "--sample=10 days"):
        with pytest.raises(CompilationError, match="would leave the tables of target 'dev'"):
            built.dbt("build", part)
    monkeypatch.setenv("SPARK9_SCHEMA_PREFIX", "ann")
    ann = ProjectUnderTest(built.root)
    rows = f"select wave_number, count(*) from ann_{SCHEMA}.processed_campaign_data group by all"
    assert ann.dbt("build", "--empty").success
    assert ann.query(rows) == []
    assert ann.dbt("build", "--sample=10 days").success
    assert ann.query(rows) == [(2, 4)]
    assert ann.dbt("build").success
    assert sorted(ann.query(rows)) == [(1, 4), (2, 4)]


@pytest.mark.slow
def test_a_clone_is_built_upon_and_a_run_that_failed_is_taken_up(
    built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert built.dbt("build", artifacts=True).success
    state = shutil.copytree(built.root / "target", built.root / "of_production")
    before = raw_tables(built)
    monkeypatch.setenv("SPARK9_SCHEMA_PREFIX", "ann")
    ann = ProjectUnderTest(built.root)
    assert ann.dbt("seed").success
    ann.dbt("clone", "--state", str(state), "--resource-type", "model")
    assert ann.query(SPEND.format("ann_")) == ann.query(SPEND.format(""))
    mart = built.root / "models" / "marts" / "uploads_by_day.sql"
    text = mart.read_text()
    mart.write_text(text.replace("select * from final", "select nothing_of_this_name from final"))
    assert not ann.dbt("build", artifacts=True).success
    mart.write_text(text)
    again = ann.dbt("retry")
    assert again.success
    assert "uploads_by_day" in again.statuses
    assert "waves" not in again.statuses
    assert ann.query(SPEND.format("ann_")) == ann.query(SPEND.format(""))
    assert raw_tables(ann) == before


@pytest.mark.slow
def test_a_default_that_only_production_can_correct_is_told_there_alone(
    ann: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.change(
        f"update {SCHEMA}.wave_schema_mapping set mapping_rule = 'use_default_value', default_value = 'none' "
        "where column_name = 'Reach' and wave_number = 1"
    )
    assert ann.build_clients().failed_tests == set()
    monkeypatch.delenv("SPARK9_SCHEMA_PREFIX")
    assert ProjectUnderTest(ann.root).build_clients().failed_tests == {"defaults_are_of_their_type"}
