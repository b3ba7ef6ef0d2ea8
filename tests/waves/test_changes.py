"""Process a wave again, take it out."""

from __future__ import annotations

import pytest

import loader
from loader.errors import WaveRefusedError
from tests.support import ACME, SCHEMA, ProjectUnderTest
from tests.written import meta_csv, video_csv


@pytest.mark.slow
def test_reprocess_rebuilds_only_its_wave(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", meta_csv(2, day="2024-02-01")), 2)
    acme.build_clients()
    stamps = acme.processed("processed_timestamp")
    loader.reprocess_wave(acme.project, ACME, 2)
    acme.build_clients()
    after = acme.processed("processed_timestamp")
    assert after[:2] == stamps[:2]
    assert after[2] > stamps[2]
    arguments = "{client: acme, platform: meta, year: 2024, wave: 1}"
    assert acme.dbt("run-operation", "reprocess_wave", "--args", arguments).success
    acme.build_clients()
    again = acme.processed("processed_timestamp")
    assert again[0] > after[0]
    assert again[2:] == after[2:]


def test_rollback_takes_a_wave_out_of_all_tables_and_keeps_original_and_log(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.build_clients()
    without = acme.snapshot()
    file = acme.write("b.csv", video_csv(2, day="2024-02-01"))
    acme.load(file, 2)
    acme.build_clients()
    loader.rollback_wave(acme.project, ACME, 2)
    assert acme.snapshot() == without
    assert acme.dbt("build").success
    assert acme.snapshot() == without
    assert acme.query("select wave_number from marts.waves") == [(1,)]
    assert len(list((acme.root / "warehouse" / "stage").glob("*/wave_2/*"))) == 1
    assert acme.query(f"select wave_number from {SCHEMA}.processing_log where processing_stage = 'ROLLBACK'") == [(2,)]
    acme.load(file, 2)
    assert acme.build_clients().success
    assert len(acme.processed("1")) == 4


@pytest.mark.slow
def test_rows_that_a_removed_file_had_superseded_count_again(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", meta_csv(3)), 1)
    acme.build_clients()
    assert acme.query(f"select file_name, count(superseded_by) from {SCHEMA}.processed_campaign_data group by all") == [
        ("a.csv", 2),
        ("b.csv", 0),
    ]
    loader.rollback_wave(acme.project, ACME, 1, file_name="b.csv")
    assert acme.processed("file_name, superseded_by") == [("a.csv", None)] * 2
    assert acme.build_clients().success
    assert acme.processed("file_name, superseded_by") == [("a.csv", None)] * 2


@pytest.mark.parametrize("action", [loader.reprocess_wave, loader.rollback_wave])
def test_a_wave_that_is_not_loaded_is_refused(acme: ProjectUnderTest, action: object) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    with pytest.raises(WaveRefusedError, match="Wave 7 of acme/meta/2024 is not loaded; the loaded waves are 1"):
        action(acme.project, ACME, 7)  # type: ignore[operator]
