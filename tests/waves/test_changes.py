"""Process a wave again, take it out."""

from __future__ import annotations

import pytest

import loader
from loader.errors import WaveRefusedError
from tests.support import ACME, SCHEMA, ProjectUnderTest
from tests.written import meta_csv, video_csv


@pytest.mark.slow
def test_reprocess_rebuilds_only_its_wave(built: ProjectUnderTest) -> None:
    stamps = built.processed("processed_timestamp")
    loader.reprocess_wave(built.project, ACME, 2)
    built.build_clients()
    after = built.processed("processed_timestamp")
    assert after[:4] == stamps[:4]
    assert after[4] > stamps[4]
    arguments = "{client: acme, platform: meta, year: 2024, wave: 1}"
    assert built.dbt("run-operation", "reprocess_wave", "--args", arguments).success
    built.build_clients()
    again = built.processed("processed_timestamp")
    assert again[0] > after[0]
    assert again[4:] == after[4:]


def test_rollback_takes_a_wave_out_of_all_tables_and_keeps_original_and_log(built: ProjectUnderTest) -> None:
    without = built.snapshot()
    file = built.write("c.csv", video_csv(2, day="2024-03-01"))
    built.load(file, 3)
    built.build_clients()
    loader.rollback_wave(built.project, ACME, 3)
    assert built.snapshot() == without
    assert built.dbt("build").success
    assert built.snapshot() == without
    assert built.query("select wave_number from marts.waves order by 1") == [(1,), (2,)]
    assert len(list((built.root / "warehouse" / "stage").glob("*/wave_3/*"))) == 1
    assert built.query(f"select wave_number from {SCHEMA}.processing_log where processing_stage = 'ROLLBACK'") == [(3,)]
    built.load(file, 3)
    assert built.build_clients().success
    assert len(built.processed("1")) == 10


@pytest.mark.slow
def test_rows_that_a_removed_file_had_superseded_count_again(built: ProjectUnderTest) -> None:
    before = built.processed("file_name, superseded_by")
    built.load(built.write("more.csv", meta_csv(5)), 1)
    built.build_clients()
    superseded = f"select file_name, count(superseded_by) from {SCHEMA}.processed_campaign_data group by all order by 1"
    assert built.query(superseded) == [("a.csv", 4), ("b.csv", 0), ("more.csv", 0)]
    loader.rollback_wave(built.project, ACME, 1, file_name="more.csv")
    assert built.processed("file_name, superseded_by") == before
    assert built.build_clients().success
    assert built.processed("file_name, superseded_by") == before


@pytest.mark.parametrize("action", [loader.reprocess_wave, loader.rollback_wave])
def test_a_wave_that_is_not_loaded_is_refused(acme: ProjectUnderTest, action: object) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    with pytest.raises(WaveRefusedError, match="Wave 7 of acme/meta/2024 is not loaded; the loaded waves are 1"):
        action(acme.project, ACME, 7)  # type: ignore[operator]
