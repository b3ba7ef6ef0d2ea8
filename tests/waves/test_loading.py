"""A load is one transaction, known by its file."""

from __future__ import annotations

import json

import pytest

from loader import client_schema
from loader.clients.registry import ACTIVE, RegisteredClient
from loader.errors import ClientUnknownError, FileRefusedError, NameRefusedError, Spark9Error, WaveRefusedError
from loader.files.options import reading_options
from loader.waves.plan import LoadRequest, plan_alone
from tests.support import ACME, SCHEMA, ProjectUnderTest, witnesses
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


def test_raw_rows_hold_each_cell_as_it_stands_in_the_file(acme: ProjectUnderTest) -> None:
    rows = meta_rows(3)
    rows[1][8] = " $1,234.50 "
    rows[2][3] = 'Set "3", it\'s'
    acme.load(acme.write("march.csv", as_csv([META_HEADER, *rows])), 1, wave_name="Spring push")
    landed = acme.query(
        f"select wave_number, wave_name, file_name, row_number, raw_data from {SCHEMA}.raw_data_staging order by row_number"
    )
    assert [row[:4] for row in landed] == [(1, "Spring push", "march.csv", number) for number in (1, 2, 3)]
    assert [list(json.loads(row[4]).items()) for row in landed] == [
        [(name, str(cell)) for name, cell in zip(META_HEADER, row, strict=True)] for row in rows
    ]


def test_the_original_is_kept_byte_for_byte(acme: ProjectUnderTest) -> None:
    file = acme.write("march.csv", b"\xef\xbb\xbf" + meta_csv().encode())
    plan = acme.load(file, 2).plan
    assert plan
    staged = list((acme.root / "warehouse" / "stage" / f"{SCHEMA}_stage" / "wave_2").iterdir())
    assert [path.name for path in staged] == [f"{SCHEMA}__wave_2__{plan.load_id}.csv"]
    assert staged[0].read_bytes() == file.read_bytes()


def test_every_step_is_logged_with_the_files_hash(acme: ProjectUnderTest) -> None:
    plan = acme.load(acme.write("march.csv", meta_csv()), 1).plan
    assert plan
    steps = acme.query(
        f"select processing_stage, status, file_hash, load_id from {SCHEMA}.processing_log where wave_number = 1"
    )
    assert [step[0] for step in steps] == ["RECOGNISE", "READ", "PROFILE", "STAGE", "LAND", "MAP", "UPLOAD"]
    assert {step[1:] for step in steps} == {("SUCCESS", plan.file_hash, plan.load_id)}


def test_the_same_file_again_changes_nothing(acme: ProjectUnderTest) -> None:
    file = acme.write("march.csv", meta_csv())
    acme.load(file, 1)
    before = acme.snapshot()
    again = acme.load(file, 1)
    renamed = acme.load(acme.write("april.csv", meta_csv()), 1)
    assert again.outcome == renamed.outcome == "already loaded"
    assert "already loaded as wave 1 on 2" in again.message
    assert acme.snapshot() == before


def test_the_same_file_for_another_wave_is_refused(acme: ProjectUnderTest) -> None:
    file = acme.write("march.csv", meta_csv())
    acme.load(file, 1)
    before = acme.snapshot()
    with pytest.raises(WaveRefusedError, match="already loaded as wave 1"):
        acme.load(file, 2)
    assert acme.snapshot() == before


def test_the_same_file_is_read_again_with_other_options_only_to_replace_it(acme: ProjectUnderTest) -> None:
    file = acme.write("march.csv", meta_csv().replace(" (USD)", ""))
    acme.load(file, 1, options=reading_options(currency="EUR"))
    before = acme.snapshot()
    for dry_run in (False, True):
        with pytest.raises(WaveRefusedError, match=r"with --currency EUR, and not with --currency CHF") as caught:
            acme.load(file, 1, options=reading_options(currency="CHF"), dry_run=dry_run)
        assert caught.value.code == "already-loaded-otherwise"
        assert "--replace" in caught.value.remedy
    assert "with --currency EUR; nothing" in acme.load(file, 1).message
    same = acme.load(file, 1, options=reading_options(currency="EUR"), replace=True)
    assert same.outcome == "already loaded"
    assert acme.snapshot() == before
    as_april = acme.write("april.csv", file.read_bytes())
    assert acme.load(as_april, 1, options=reading_options(currency="CHF"), replace=True).outcome == "loaded"
    assert acme.query(f"select default_value from {SCHEMA}.wave_schema_mapping where target_column = 'currency'") == [
        ("CHF",)
    ]
    assert acme.query(f"select file_name, count(*) from {SCHEMA}.raw_data_staging group by all") == [("april.csv", 3)]
    stages = acme.query(
        f"select processing_stage from {SCHEMA}.processing_log where processing_stage in ('UPLOAD', 'REPLACE')"
    )
    assert [stage for (stage,) in stages].count("REPLACE") == 1
    assert acme.load(file, 1, replace=True).outcome == "loaded"  # as without options


def test_a_second_file_adds_to_its_wave(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1, wave_name="Spring")
    acme.load(acme.write("b.csv", meta_csv(2, day="2024-01-02")), 1)
    assert acme.query(
        f"select file_name, wave_name, count(*) from {SCHEMA}.raw_data_staging group by all order by 1"
    ) == [("a.csv", "Spring", 3), ("b.csv", "Spring", 2)]


def test_replace_puts_a_file_in_place_of_the_one_of_its_name(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    acme.load(acme.write("b.csv", meta_csv(2, day="2024-01-02")), 1)
    acme.load(acme.write("a.csv", meta_csv(5)), 1, replace=True)
    assert acme.query(f"select file_name, count(*) from {SCHEMA}.raw_data_staging group by all order by 1") == [
        ("a.csv", 5),
        ("b.csv", 2),
    ]
    assert acme.query(f"select count(*) from {SCHEMA}.processing_log where processing_stage = 'REPLACE'") == [(1,)]


def test_a_wave_keeps_its_name_when_its_only_file_is_replaced(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1, wave_name="Spring")
    acme.load(acme.write("a.csv", meta_csv(5)), 1, replace=True)
    assert acme.query(f"select wave_name, count(*) from {SCHEMA}.raw_data_staging group by all") == [("Spring", 5)]


def test_replace_without_an_earlier_file_is_refused(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    before = acme.snapshot()
    with pytest.raises(WaveRefusedError, match=r"no file named c\.csv; it has a\.csv"):
        acme.load(acme.write("c.csv", meta_csv(5)), 1, replace=True)
    assert acme.snapshot() == before


def test_a_file_of_a_known_name_with_other_content_is_doubted(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    result = acme.load(acme.write("a.csv", meta_csv(4)), 1)
    assert any("--replace" in warning for warning in result.warnings)


def test_a_dry_run_changes_nothing_and_tells_new_and_missing_columns(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    before = acme.snapshot()
    header = [name for name in META_HEADER if name != "Reach"] + ["Video plays", "Odd thing"]
    rows = [[*row[:5], *row[6:], 7, "odd"] for row in meta_rows(2)]
    result = acme.load(acme.write("b.csv", as_csv([header, *rows])), 2, dry_run=True)
    assert result.outcome == "planned"
    assert result.plan
    assert result.plan.new_columns == ["odd_thing", "video_plays"]
    assert result.plan.missing_columns == ["reach"]
    assert acme.snapshot() == before
    assert not (acme.root / "warehouse" / "stage" / f"{SCHEMA}_stage" / "wave_2").exists()


def test_a_totals_row_is_kept_in_raw_and_checked(acme: ProjectUnderTest) -> None:
    rows = meta_rows(2)
    right = ["2024-01-01", "2024-01-01", "", "", "", "", 2003, 23, "4.00"]
    wrong = [*right[:8], "5.00"]
    good = acme.load(acme.write("a.csv", as_csv([META_HEADER, right, *rows])), 1)
    bad = acme.load(acme.write("b.csv", as_csv([META_HEADER, *rows, wrong])), 2)
    assert not good.warnings
    assert bad.plan
    (asked,) = bad.plan.questions
    assert (asked.kind, asked.column_name, str(asked.amount_at_stake)) == (
        "total-differs", "Amount spent (USD)", "1.000000",
    )  # fmt: skip
    assert acme.query(
        f"select wave_number, row_number from {SCHEMA}.raw_data_staging where row_kind = 'total' order by 1"
    ) == [(1, 1), (2, 3)]


def test_headers_of_every_character_are_keys_of_raw_data(acme: ProjectUnderTest) -> None:
    header = ["Campaign name", "Ad set name", "Impressions", "it's; drop table x", 'a "b" \\ {{ c }}', "p/q~r $.*", "'"]
    acme.load(acme.write("a.csv", as_csv([header, ["c", "s", 1, "v1", "v2", "v3", "v4"]])), 1)
    ((raw,),) = acme.query(f"select raw_data from {SCHEMA}.raw_data_staging")
    assert list(json.loads(raw)) == header


@pytest.mark.parametrize("wave", witnesses([0, -1, 10_000]))
def test_a_wave_number_out_of_range_is_refused(acme: ProjectUnderTest, wave: int) -> None:
    with pytest.raises(NameRefusedError, match="1 to 9999"):
        acme.load(acme.write("a.csv", meta_csv()), wave)


def test_an_unknown_client_is_refused_with_the_command_that_adds_it(acme: ProjectUnderTest) -> None:
    with pytest.raises(ClientUnknownError, match="spark9 client add other/meta/2024"):
        acme.load(acme.write("a.csv", meta_csv()), 1, client_schema("other", "meta", 2024))


def test_a_client_without_tables_is_refused_with_the_command_that_makes_them(acme: ProjectUnderTest) -> None:
    acme.change(f"drop table {SCHEMA}.naming_keys")
    with pytest.raises(ClientUnknownError, match=r"lacks the table naming_keys.*spark9 client add acme/meta/2024"):
        acme.load(acme.write("a.csv", meta_csv()), 1)


@pytest.mark.parametrize("content", witnesses(["", "Campaign name,Impressions\n"]))
def test_a_refused_file_leaves_nothing_but_a_log_entry(acme: ProjectUnderTest, content: str) -> None:
    acme.load(acme.write("a.csv", meta_csv()), 1)
    before = acme.snapshot()
    with pytest.raises(FileRefusedError):
        acme.load(acme.write("b.csv", content), 2)
    assert acme.snapshot() == before
    ((status, code, message),) = acme.query(
        f"select status, error_code, error_message from {SCHEMA}.processing_log where wave_number = 2"
    )
    assert status == "ERROR"
    assert code in ("file-empty", "no-rows")
    assert "b.csv" in message


@pytest.mark.parametrize("table", witnesses(["wave_schema_mapping", "processing_log"]))
def test_a_load_that_fails_late_is_undone_whole(acme: ProjectUnderTest, table: str) -> None:
    acme.load(acme.write("a.csv", meta_csv()), 1)
    before = acme.snapshot()
    column = {"wave_schema_mapping": "reason", "processing_log": "column_names"}[table]
    acme.change(f"alter table {SCHEMA}.{table} rename column {column} to gone")
    with pytest.raises(Spark9Error, match="Nothing was changed"):
        acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2)
    acme.change(f"alter table {SCHEMA}.{table} rename column gone to {column}")
    assert acme.snapshot() == before
    assert acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2).outcome == "loaded"


def test_a_file_of_a_new_client_that_memory_cannot_hold_is_refused_as_any_other(
    project: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loader.files.table._MEMORY", "1MB")
    names = ACME
    client = RegisteredClient(names.name, names.client, names.platform, names.year, ACTIVE, "")
    with pytest.raises(Spark9Error) as caught:
        plan_alone(project.project, LoadRequest(project.write("a.csv", meta_csv(50_000)), client, 1))
    assert caught.value.code == "out-of-memory"
