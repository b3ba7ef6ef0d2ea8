"""Each claim about the data has a case in which it holds and one in which it is broken, and the test sees the difference."""

from __future__ import annotations

from decimal import Decimal

import pytest
from dbt.contracts.graph.manifest import Manifest

from loader import archive_client_schema, rollback_wave
from tests.checks import Broken, changed, compiled, holds, names_of_checks
from tests.support import ACME, SCHEMA, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


@pytest.fixture(scope="module")
def tested(two_built_waves: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """Two built waves, whose checks passed as dbt compiled them: damage is looked at in a transaction that is rolled back."""
    return two_built_waves.copy(tmp_path_factory.mktemp("tested"))


@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        ("delete from {s}.raw_data_staging where wave_number = 2 and row_number = 4", "no_load_is_half_there"),
        ("delete from {s}.raw_data_staging where wave_number = 2 and row_number = 2", "no_load_is_half_there"),
        ("delete from {s}.raw_data_staging where wave_number = 2", "no_load_is_half_there"),
        ("delete from {s}.wave_schema_mapping where wave_number = 2", "no_load_is_half_there"),
        (
            "delete from {s}.processing_log where processing_stage = 'UPLOAD' and wave_number = 2",
            "no_load_is_half_there",
        ),
        ("insert into {s}.raw_data_staging select * from {s}.raw_data_staging limit 1", "no_load_is_half_there"),
        (
            "delete from {s}.processed_campaign_data where wave_number = 1 and row_number = 1",
            "every_raw_row_is_processed_once",
        ),
        ("delete from {s}.processed_campaign_data", "every_raw_row_is_processed_once"),
        (
            "insert into {s}.processed_campaign_data select * from {s}.processed_campaign_data limit 1",
            "every_raw_row_is_processed_once",
        ),
        (
            "update {s}.processed_campaign_data set row_number = 2 where row_number = 1",
            "every_raw_row_is_processed_once",
        ),
        (
            "update {s}.processed_campaign_data set load_id = 'x' where wave_number = 1",
            "every_raw_row_is_processed_once",
        ),
        ("update {s}.raw_data_staging set schema_version = 9 where wave_number = 1", "every_raw_row_is_processed_once"),
        (
            "update {s}.processed_campaign_data set amount_spent = 0.01 where row_number = 1 and wave_number = 1",
            "sums_agree_with_the_file",
        ),
        ("update {s}.processed_campaign_data set impressions = null", "sums_agree_with_the_file"),
        ("delete from {s}.processed_campaign_data where wave_number = 1", "sums_agree_with_the_file"),
        ("insert into {s}.naming_keys select 'Set 1', '{{}}', 'x', 'k.csv', 1, now()", "ad_sets_have_naming_keys"),
        (
            "update {s}.wave_quality set data_quality_score = 0.94 where wave_number = 1",
            "waves_score_at_least_the_warning",
        ),
        (
            "update {s}.wave_quality set data_quality_score = 0.79 where wave_number = 1",
            "waves_score_at_least_the_limit",
        ),
        ("update {s}.processed_campaign_data set completeness = 0 where row_number = 1", "waves_agree_with_their_rows"),
        ("update {s}.processed_campaign_data set data_quality_score = 0.5", "waves_agree_with_their_rows"),
        ("update {s}.wave_quality set data_quality_score = 0.97 where wave_number = 1", "waves_agree_with_their_rows"),
        ("update {s}.processed_campaign_data set code_version = 'x' where wave_number = 1", "rows_are_of_this_code"),
        (
            "update {s}.wave_schema_mapping set mapping_rule = 'use_default_value', default_value = 'none' where ordinal = 3",
            "defaults_are_of_their_type",
        ),
    ],
)
def test_damage_is_seen_by_the_test_of_its_name(tested: ProjectUnderTest, damage: str, broken: str) -> None:
    checks = [compiled(tested, f"{SCHEMA}__{check}") for check in ("client_integrity", "client_quality")]
    with changed(tested, damage.format(s=SCHEMA)) as connection:
        failed = [row for sql in checks for row in connection.execute(f"select test_name from ({sql})").fetchall()]
    assert (broken,) in failed


@pytest.mark.parametrize(("score", "failed"), [("0.80", ["warning"]), ("0.7999", ["limit", "warning"]), ("0.95", [])])
def test_a_score_at_the_limit_is_high_enough(tested: ProjectUnderTest, score: str, failed: list[str]) -> None:
    checks = [compiled(tested, f"{SCHEMA}__{check}") for check in ("client_integrity", "client_quality")]
    update = f"update {SCHEMA}.wave_quality set data_quality_score = {score} where wave_number = 1"
    with changed(tested, update) as connection:
        found = [
            row
            for sql in checks
            for row in connection.execute(f"select test_name, wave_number from ({sql})").fetchall()
        ]
    assert found == [
        ("waves_agree_with_their_rows", 1),
        *((f"waves_score_at_least_the_{name}", 1) for name in failed),
    ]


@pytest.mark.slow
def test_yaml_with_the_names_of_tests_before_goes_on_working(built: ProjectUnderTest) -> None:
    path = built.root / "models/clients" / SCHEMA / f"{SCHEMA}.yml"
    relations = {"mapping": "wave_schema_mapping", "staging": "raw_data_staging", "log": "processing_log"}
    named = "".join(f", {name}: \"source('{SCHEMA}', '{table}')\"" for name, table in relations.items())
    text = path.read_text(encoding="utf-8").replace("client_quality", "nothing_is_doubtful")
    text = text.replace(
        f"{{client_schema: {SCHEMA}}}", f"{{client_schema: {SCHEMA}, beside: \"ref('client_access')\"{named}}}", 1
    )
    path.write_text(text.replace("client_integrity", "every_claim_holds"), encoding="utf-8")
    assert built.dbt("build").statuses[f"{SCHEMA}__wave_quality"] == "success"
    built.load(built.write("c.csv", meta_csv(5, day="2024-03-01")), 3)
    run = built.dbt("build")
    assert run.success
    assert (run.statuses[f"{SCHEMA}__every_claim_holds"], run.statuses[f"{SCHEMA}__nothing_is_doubtful"]) == (
        "pass",
    ) * 2
    built.change(f"delete from {SCHEMA}.processed_campaign_data")
    assert "every_raw_row_is_processed_once" in built.dbt("test", "--select", f"clients.{SCHEMA}").failed_tests


@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        ("insert into marts.waves select * from marts.waves limit 1", "waves__one_row_each"),
        ("delete from marts.waves", "waves__every_loaded_wave_is_there"),
        ("delete from marts.campaign_performance where wave_number = 1", "campaign_performance__sums_agree_with_waves"),
        (
            "update marts.campaign_performance set amount_spent = amount_spent + 1",
            "campaign_performance__sums_agree_with_waves",
        ),
    ],
)
def test_damage_to_a_mart_is_seen(tested: ProjectUnderTest, damage: str, broken: str) -> None:
    assert holds(tested, broken)
    assert not holds(tested, broken, Broken(damage))


DOUBLE_CLIENT = "insert into registry.clients select * replace ('other' as client) from registry.clients"
DOUBLE_RATES = (
    "insert into marts.daily_exchange_rates select date_day, 'USD', 1.1, date_day "
    "from (select distinct date_day from marts.performance_by_day) as days, range(2)"
)
BROKEN = {
    "daily_exchange_rates__one_row_each": Broken(DOUBLE_RATES),
    "performance_in_currency__amounts_are_all_there": Broken(DOUBLE_RATES),
    "campaign_performance__sums_agree_with_waves": Broken(
        f"delete from {SCHEMA}.processed_campaign_data where wave_number = 2",
        {"campaign_performance": "marts.campaign_performance"},
    ),
    "performance_by_day__days_agree_with_campaigns": Broken(
        f"update {SCHEMA}.processed_campaign_data set superseded_by = 'x' where wave_number = 2",
        {"performance_by_day": "marts.performance_by_day"},
    ),
    "processing_status_today__one_row_each": Broken(
        DOUBLE_CLIENT, {"processing_status_today": "marts.processing_status_today"}
    ),
    "open_questions__one_row_each": Broken(
        f"insert into {SCHEMA}.open_questions (question_id, load_id, wave_number, kind, row_count, question, remedy, asked_timestamp) "
        f"values ('a', 'b', 1, 'k', 0, 'q', 'r', '2024-01-01'); {DOUBLE_CLIENT}",
        {"open_questions": "marts.open_questions"},
    ),
    "uploads_by_day__one_row_each": Broken(
        DOUBLE_CLIENT, {"processing_steps": "marts.processing_steps", "uploads_by_day": "marts.uploads_by_day"}
    ),
    "waves__clients_keep_their_contract": Broken(
        f"alter table {SCHEMA}.processed_campaign_data alter clicks type varchar; "
        f"alter table {SCHEMA}.wave_quality drop coverage"
    ),
    "waves__every_loaded_wave_is_there": Broken(f"delete from {SCHEMA}.wave_quality", {"waves": "marts.waves"}),
    "waves__one_row_each": Broken(DOUBLE_CLIENT, {"waves": "marts.waves"}),
    "weekly_quality_by_client__one_row_each": Broken(
        f"update {SCHEMA}.wave_quality set last_upload = null",
        {"waves": "marts.waves", "weekly_quality_by_client": "marts.weekly_quality_by_client"},
    ),
}


def test_each_check_of_a_mart_fails_on_data_broken_for_it(tested: ProjectUnderTest) -> None:
    assert names_of_checks(tested, ["--select", "marts"]) == set(BROKEN)
    assert [check for check in BROKEN if not holds(tested, check)] == []
    assert [check for check, broken in BROKEN.items() if holds(tested, check, broken)] == []


def test_a_wave_without_its_spend_fails_the_build(acme: ProjectUnderTest) -> None:
    header = [name for name in META_HEADER if not name.startswith("Amount")]
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    acme.load(acme.write("b.csv", as_csv([header, *(row[:8] for row in meta_rows(3, day="2024-02-01"))])), 2)
    run = acme.dbt("build")
    assert not run.success
    assert run.statuses[f"{SCHEMA}__client_integrity"] == "fail"
    assert run.failed_tests == {
        "waves_score_at_least_the_limit", "waves_score_at_least_the_warning", "no_question_is_open"
    }  # fmt: skip
    assert acme.query(f"select data_quality_score, completeness, coverage from {SCHEMA}.wave_quality order by 1") == [
        (Decimal("0.6389"), Decimal(0), Decimal("0.8889")),
        (Decimal(1), Decimal(1), Decimal(1)),
    ]


def test_no_model_waits_for_the_tests_of_a_client(parsed_acme: ProjectUnderTest) -> None:
    # dbt skips the models that depend on all that a failed test depends on; none depends on this seed
    parsed = Manifest.from_msgpack((parsed_acme.root / "target" / "partial_parse.msgpack").read_bytes())
    of_client = {f"{SCHEMA}__client_integrity", f"{SCHEMA}__client_quality"}
    readers = {
        (str(node.resource_type), node.name) for node in parsed.nodes.values()
        if "seed.spark9.client_access" in node.depends_on_nodes
    }  # fmt: skip
    assert {name for kind, name in readers if kind == "test"} >= of_client
    assert "model" not in {kind for kind, _ in readers}


@pytest.mark.slow
def test_a_bad_wave_of_one_client_does_not_stop_the_marts_of_all(built: ProjectUnderTest) -> None:
    other = built.add("other", "meta", 2024)
    header = [name for name in META_HEADER if not name.startswith("Amount")]
    built.load(built.write("good.csv", meta_csv(3)), 1, other)
    built.load(built.write("bad.csv", as_csv([header, *(row[:8] for row in meta_rows(3, day="2024-02-01"))])), 2, other)
    built.change(f"delete from {SCHEMA}.raw_data_staging where wave_number = 2 and row_number = 4")
    run = built.dbt("build")
    assert not run.success
    assert {name for name, status in run.statuses.items() if status in ("fail", "error", "skipped")} == {
        "client_other_meta_2024__client_integrity",
        f"{SCHEMA}__client_integrity",
    }
    assert run.failed_tests >= {"no_load_is_half_there", "every_raw_row_is_processed_once"}
    assert built.query("select count(*) from marts.waves") == [(4,)]


def test_a_cell_that_does_not_parse_is_null_named_and_still_in_raw(acme: ProjectUnderTest) -> None:
    rows = meta_rows(20)
    rows[3][6] = "lots"
    acme.load(acme.write("a.csv", as_csv([META_HEADER, *rows])), 1)
    acme.build_clients()
    assert acme.query(
        f"select row_number, impressions, row_issues from {SCHEMA}.processed_campaign_data where row_issues <> '[]'"
    ) == [(4, None, '["impressions: not a whole number: \'lots\'","impressions: required, but empty"]')]
    assert acme.query(f"select raw_data->>'Impressions' from {SCHEMA}.raw_data_staging where row_number = 4") == [
        ("lots",)
    ]


@pytest.mark.slow
def test_unknown_ad_sets_are_counted_warned_of_and_lower_the_score(built: ProjectUnderTest) -> None:
    built.load(built.write("keys.csv", "Ad set name,Audience\nSet 1,a\nSet 2,a\nSet 3,a\n"), None)
    plan = built.load(built.write("c.csv", meta_csv(5, day="2024-03-01")), 3)
    assert plan.warnings == ["2 rows have an ad set that is not in the naming keys: 'Set 4', 'Set 5'"]
    rollback_wave(built.project, ACME, 3)
    run = built.dbt("build")
    assert run.success
    assert run.statuses[f"{SCHEMA}__client_quality"] == "warn"
    assert run.failed_tests == {"ad_sets_have_naming_keys"}
    assert (
        built.query(f"select rows_without_naming_key, conformity, data_quality_score from {SCHEMA}.wave_quality")
        == [(1, Decimal("0.75"), Decimal("0.9875"))] * 2
    )


def test_marts_unite_clients_and_keep_their_currencies_apart(built: ProjectUnderTest) -> None:
    other = built.add("other", "meta", 2024)
    header = [name.replace("USD", "EUR") for name in META_HEADER]
    built.load(built.write("o.csv", as_csv([header, *meta_rows(2)])), 1, other)
    assert built.dbt("build").success
    assert built.query(
        "select client, currency, sum(amount_spent), sum(row_count) from marts.campaign_performance group by all order by 1"
    ) == [("acme", "USD", Decimal(24), 8), ("other", "EUR", Decimal(4), 2)]
    rates = built.query(
        "select ctr_percent, cpc, cpm from marts.campaign_performance where client = 'other' and ad_set_name = 'Set 1'"
    )
    assert rates == [(Decimal("1.0989"), Decimal("0.1364"), Decimal("1.4985"))]
    ((clients, waves, records, errors, success),) = built.query(
        "select active_clients, waves, records, error_rate, upload_success_rate from marts.success_last_7_days"
    )
    assert (clients, waves, records, errors, success) == (2, 3, 10, 0, 1)


def test_schema_changes_are_listed_by_wave_and_success_figures_count_failures(built: ProjectUnderTest) -> None:
    with pytest.raises(Exception, match="no rows"):
        built.load(built.write("e.csv", "Campaign name,Impressions\n"), 5)
    header = [name for name in META_HEADER if name != "Reach"] + ["Video plays"]
    rows = [[*row[:5], *row[6:], 5] for row in meta_rows(2, day="2024-03-01")]
    built.load(built.write("c.csv", as_csv([header, *rows])), 3)
    built.load(built.write("d.csv", meta_csv(2, day="2024-04-01")), 4)
    built.dbt("build")
    assert built.query("select wave_number, target_column, change from marts.schema_changes order by all") == [
        (3, "reach", "gone"),
        (3, "video_plays", "new"),
        (4, "reach", "back"),
        (4, "video_plays", "gone"),
    ]
    assert built.query("select upload_success_rate from marts.success_last_7_days") == [(Decimal("0.8"),)]
    assert built.query("select loads_failed, status from marts.processing_status_today") == [(1, "failed steps")]


@pytest.mark.slow
def test_an_archived_client_leaves_the_marts(built: ProjectUnderTest) -> None:
    archive_client_schema(built.project, ACME)
    assert built.dbt("build").success
    assert built.query("select count(*) from marts.waves") == [(0,)]
    assert built.query(f"select count(*) from {SCHEMA}.processed_campaign_data") == [(8,)]
