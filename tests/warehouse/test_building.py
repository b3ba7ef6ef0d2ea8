"""dbt builds what is loaded: each row once, only what is new, and corrections without an upload."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import loader
from loader import MappingChange, client_schema
from loader.errors import BuildFailedError, NameRefusedError, WaveRefusedError
from tests.support import META_HEADER, ProjectUnderTest, as_csv, meta_csv, meta_rows

SCHEMA = "client_acme_meta_2024"
ACME = client_schema("acme", "meta", 2024)
VIDEO_HEADER = [*META_HEADER, "Video plays"]


def video_csv(count: int, *, day: str) -> str:
    return as_csv([VIDEO_HEADER, *([*row, "1,500"] for row in meta_rows(count, day=day))])


def processed(acme: ProjectUnderTest, columns: str, order: str = "wave_number, row_number") -> list[tuple[object, ...]]:
    return acme.query(f"select {columns} from {SCHEMA}.processed_campaign_data order by {order}")


def test_a_build_types_core_columns_and_keeps_the_rest(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", video_csv(2, day="2024-01-31")), 1, wave_name="Spring")
    assert acme.build_clients().success
    rows = processed(
        acme,
        "wave_name, file_name, date_start::varchar, ad_set_name, reach, impressions, clicks, amount_spent, currency",
    )
    assert rows == [
        ("Spring", "a.csv", "2024-01-31", "Set 1", 901, 1001, 11, Decimal("1.5"), "USD"),
        ("Spring", "a.csv", "2024-01-31", "Set 2", 902, 1002, 12, Decimal("2.5"), "USD"),
    ]
    assert [json.loads(str(row[0])) for row in processed(acme, "additional_metrics")] == [{"video_plays": 1500}] * 2


HOSTILE = [
    "it's; drop table x",
    'a "b" \\ {{ c }}',
    "{% raw %}",
    "p/q~r $.*[0]",
    "'",
    "--",
    "日本 ü",
    "a\nb",
    "x" * 300,
]


def test_headers_and_cells_of_every_kind_are_only_text(acme: ProjectUnderTest) -> None:
    header = [*META_HEADER, *HOSTILE]
    rows = [[*row, *reversed(HOSTILE)] for row in meta_rows(2)]
    acme.load(acme.write("a.csv", as_csv([header, *rows])), 1, wave_name="'; drop schema x; {{ y }}")
    assert acme.build_clients().success
    for wave_name, metrics in processed(acme, "wave_name, additional_metrics"):
        assert wave_name == "'; drop schema x; {{ y }}"
        assert sorted(json.loads(str(metrics)).values()) == sorted(HOSTILE)


def test_linkedin_campaign_groups_are_campaigns_and_campaigns_are_ad_sets(project: ProjectUnderTest) -> None:
    names = project.add("acme", "linkedin", 2024)
    header = ["Start Date (in UTC)", "Campaign Group Name", "Campaign Name", "Total Spent", "Impressions", "Clicks"]
    project.load(project.write("l.csv", as_csv([header, ["01/31/2024", "Group", "Camp", "1.5", 10, 1]])), 1, names)
    assert project.build_clients().success
    assert project.query(
        "select campaign_name, ad_set_name from client_acme_linkedin_2024.processed_campaign_data"
    ) == [("Group", "Camp")]


def test_only_new_loads_are_processed(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.build_clients()
    first = processed(acme, "processed_timestamp")
    acme.load(acme.write("b.csv", meta_csv(3, day="2024-02-01")), 2)
    assert acme.build_clients().success
    assert processed(acme, "processed_timestamp")[:2] == first
    assert len(processed(acme, "1")) == 5
    assert acme.query(
        f"select load_id, row_count from {SCHEMA}.processing_log where processing_stage = 'process'"
    ) == acme.query(
        f"select load_id, count(*) from {SCHEMA}.raw_data_staging group by 1 order by min(upload_timestamp)"
    )
    before = acme.snapshot()
    assert acme.build_clients().success
    assert acme.snapshot() == before


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


def test_a_promoted_column_is_added_with_its_type_and_only_its_wave_is_rebuilt(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", video_csv(2, day="2024-02-01")), 2)
    acme.build_clients()
    stamps = processed(acme, "processed_timestamp")
    loader.set_mapping(acme.project, ACME, 2, "video plays", MappingChange(rule="promote"))
    assert acme.build_clients().success
    assert processed(acme, "video_plays") == [(None,), (None,), (1500,), (1500,)]
    assert processed(acme, "additional_metrics->>'video_plays'")[2:] == [(None,), (None,)]
    after = processed(acme, "processed_timestamp")
    assert after[:2] == stamps[:2]
    assert after[2:] != stamps[2:]
    acme.load(acme.write("c.csv", video_csv(1, day="2024-03-01")), 3)
    assert acme.build_clients().success
    assert processed(acme, "video_plays")[4:] == [(1500,)]
    logged = acme.query(
        f"select wave_number, column_names from {SCHEMA}.processing_log where processing_stage = 'mapping'"
    )
    assert logged == [(2, '["Video plays"]')]


def test_a_default_fills_a_missing_column_and_the_wave_still_counts_it_as_missing(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    header = [name for name in META_HEADER if name != "Reach"]
    rows = [[*row[:5], *row[6:]] for row in meta_rows(2, day="2024-02-01")]
    acme.load(acme.write("b.csv", as_csv([header, *rows])), 2)
    acme.build_clients()
    assert processed(acme, "reach")[2:] == [(None,), (None,)]
    loader.set_mapping(acme.project, ACME, 2, "Reach", MappingChange(default="0"))
    assert acme.build_clients().success
    assert processed(acme, "reach")[2:] == [(0,), (0,)]
    assert acme.query(f"select missing_columns from {SCHEMA}.wave_quality where wave_number = 2") == [('["reach"]',)]
    loader.set_mapping(acme.project, ACME, 2, "Reach", MappingChange(rule="retired"))
    assert acme.build_clients().success
    assert acme.query(f"select missing_columns, coverage from {SCHEMA}.wave_quality where wave_number = 2") == [
        ("[]", Decimal(1))
    ]


def test_a_wrong_format_is_corrected_without_an_upload(acme: ProjectUnderTest) -> None:
    rows = meta_rows(2)
    for row in rows:
        row[0] = row[1] = "02/01/2024"
    acme.load(acme.write("a.csv", as_csv([META_HEADER, *rows])), 1)
    acme.build_clients()
    assert processed(acme, "date_start::varchar")[0] == ("2024-02-01",)
    for column in ("Reporting starts", "Reporting ends"):
        loader.set_mapping(acme.project, ACME, 1, column, MappingChange(value_format="dmy_slash"))
    assert acme.build_clients().success
    assert processed(acme, "date_start::varchar, date_end::varchar")[0] == ("2024-01-02", "2024-01-02")


def test_an_unknown_column_can_be_made_a_core_column(acme: ProjectUnderTest) -> None:
    header = [*META_HEADER, "Sales"]
    acme.load(acme.write("a.csv", as_csv([header, *([*row, "1,000"] for row in meta_rows(2))])), 1)
    loader.set_mapping(acme.project, ACME, 1, "Sales", MappingChange(target="conversions"))
    assert acme.build_clients().success
    assert processed(acme, "conversions, additional_metrics") == [(Decimal(1000), "{}")] * 2


@pytest.mark.parametrize(
    ("column", "change", "message"),
    [
        ("Impressions", MappingChange(rule="nonsense"), "not one of core"),
        ("Impressions", MappingChange(column_type="text"), "of type integer"),
        ("Impressions", MappingChange(value_format="nonsense"), "not one of plain"),
        ("Impressions", MappingChange(default="many"), "not of type integer"),
        ("Impressions", MappingChange(target="x; drop table y"), "valid name"),
        ("Ad name", MappingChange(rule="promote", target="clicks"), "core column already"),
        ("Ad name", MappingChange(rule="missing"), "in this wave's file"),
        ("Nope", MappingChange(rule="ignore"), "has no column 'Nope'; it has: "),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_changes_nothing(
    acme: ProjectUnderTest, column: str, change: MappingChange, message: str
) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    before = acme.snapshot()
    with pytest.raises((NameRefusedError, WaveRefusedError), match=message):
        loader.set_mapping(acme.project, ACME, 1, column, change)
    assert acme.snapshot() == before


def test_reprocess_rebuilds_only_its_wave(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", meta_csv(2, day="2024-02-01")), 2)
    acme.build_clients()
    stamps = processed(acme, "processed_timestamp")
    loader.reprocess_wave(acme.project, ACME, 2)
    acme.build_clients()
    after = processed(acme, "processed_timestamp")
    assert after[:2] == stamps[:2]
    assert after[2] > stamps[2]
    arguments = "{client: acme, platform: meta, year: 2024, wave: 1}"
    assert acme.dbt("run-operation", "reprocess_wave", "--args", arguments).success
    acme.build_clients()
    again = processed(acme, "processed_timestamp")
    assert again[0] > after[0]
    assert again[2:] == after[2:]


def test_rollback_takes_a_wave_out_of_all_tables_and_keeps_original_and_log(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.dbt("build")
    without = acme.snapshot()
    file = acme.write("b.csv", video_csv(2, day="2024-02-01"))
    acme.load(file, 2)
    acme.dbt("build")
    loader.rollback_wave(acme.project, ACME, 2)
    assert acme.snapshot() == without
    assert acme.dbt("build").success
    assert acme.snapshot() == without
    assert acme.query("select wave_number from marts.waves") == [(1,)]
    assert len(list((acme.root / "warehouse" / "stage").glob("*/wave_2/*"))) == 1
    assert acme.query(f"select wave_number from {SCHEMA}.processing_log where processing_stage = 'rollback'") == [(2,)]
    acme.load(file, 2)
    assert acme.dbt("build").success
    assert len(processed(acme, "1")) == 4


def test_rows_that_a_removed_file_had_superseded_count_again(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", meta_csv(3)), 1)
    acme.build_clients()
    assert acme.query(f"select file_name, count(superseded_by) from {SCHEMA}.processed_campaign_data group by all") == [
        ("a.csv", 2),
        ("b.csv", 0),
    ]
    loader.rollback_wave(acme.project, ACME, 1, file_name="b.csv")
    assert processed(acme, "file_name, superseded_by") == [("a.csv", None)] * 2
    assert acme.build_clients().success
    assert processed(acme, "file_name, superseded_by") == [("a.csv", None)] * 2


@pytest.mark.parametrize("action", [loader.reprocess_wave, loader.rollback_wave])
def test_a_wave_that_is_not_loaded_is_refused(acme: ProjectUnderTest, action: object) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    with pytest.raises(WaveRefusedError, match="Wave 7 of acme/meta/2024 is not loaded; loaded are the waves 1"):
        action(acme.project, ACME, 7)  # type: ignore[operator]


def test_a_build_started_by_a_load_covers_that_client_and_lets_go_of_the_database(acme: ProjectUnderTest) -> None:
    other = acme.add("other", "meta", 2024)
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", meta_csv(2)), 1, other)
    loader.build_client(acme.project, ACME)
    assert acme.load(acme.write("c.csv", meta_csv(2, day="2024-02-01")), 2).outcome == "loaded"
    tables = acme.query("select schema_name from duckdb_tables() where table_name = 'processed_campaign_data'")
    assert tables == [(SCHEMA,)]


def test_a_build_for_a_client_without_tables_says_how_to_make_them(acme: ProjectUnderTest) -> None:
    acme.change(f"drop schema {SCHEMA} cascade")
    with pytest.raises(BuildFailedError, match="spark9 client add acme meta 2024"):
        loader.build_client(acme.project, ACME)


def test_a_failed_build_leaves_the_load_pending(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.build_clients()
    acme.load(acme.write("b.csv", meta_csv(2, day="2024-02-01")), 2)
    acme.change(f"alter table {SCHEMA}.processing_log rename column row_count to gone")
    assert not acme.dbt("run", "--select", f"{SCHEMA}__processed_campaign_data").success
    acme.change(f"alter table {SCHEMA}.processing_log rename column gone to row_count")
    assert len(processed(acme, "1")) == 2
    assert acme.build_clients().success
    assert len(processed(acme, "1")) == 4


def test_a_developers_target_has_schemas_of_its_own(project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    names = project.add("acme", "meta", 2024)
    project.load(project.write("a.csv", meta_csv(2)), 1, names)
    monkeypatch.setenv("SPARK9_SCHEMA_PREFIX", "sean")
    mine = ProjectUnderTest(project.root)
    mine.add("acme", "meta", 2024)
    mine.load(mine.write("b.csv", meta_csv(3)), 1, names)
    assert mine.dbt("build").success
    assert mine.query("select count(*) from sean_client_acme_meta_2024.processed_campaign_data") == [(3,)]
    assert mine.query("select sum(row_count) from sean_marts.waves") == [(3,)]
    assert mine.query(
        "select count(*) from duckdb_tables() where schema_name in ('marts', 'client_acme_meta_2024') and table_name like 'processed%'"
    ) == [(0,)]


def test_an_empty_registry_builds(project: ProjectUnderTest) -> None:
    assert project.dbt("build").success
    assert project.query("select count(*) from marts.campaign_performance") == [(0,)]


def test_a_client_without_waves_builds(acme: ProjectUnderTest) -> None:
    assert acme.dbt("build").success
    assert processed(acme, "1") == []
    assert acme.query("select client_schema, status from marts.processing_status_today") == [(SCHEMA, "fine")]
