"""A build does what is new and nothing else, and what it leaves out would have changed nothing."""

from __future__ import annotations

import datetime
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from dbt.adapters.cache import RelationsCache
from dbt.adapters.sql import SQLAdapter
from dbt.exceptions import CompilationError

from loader import archive_client_schema, find_project, rollback_wave, set_policies
from loader.builds.failures import failures_alerted
from loader.builds.stale import stale_clients, unbuilt_clients
from loader.clients.registry import Registry
from loader.clients.tables import open_client
from loader.log import ERROR, SUCCESS, LogEntry
from loader.project.dbt import build_client
from ops.status import client_statuses
from tests.support import ACME, NAMED, SCHEMA, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows


def news(project: ProjectUnderTest) -> list[str]:
    return [client.name for client in stale_clients(find_project(project.root))[0]]


def builds(project: ProjectUnderTest) -> int:
    return int(project.query(f"select count(*) from {SCHEMA}.processing_log where processing_stage = 'BUILD'")[0][0])


def test_a_client_with_nothing_new_is_passed_over(built: ProjectUnderTest) -> None:
    built.change(f"update {SCHEMA}.wave_quality set data_quality_score = 0.5")  # which a build would mend
    written = f"select processed_timestamp from {SCHEMA}.wave_quality order by all"
    before = (builds(built), built.snapshot(), built.query(written))
    run = built.dbt("run", "--select", f"clients.{SCHEMA}")
    assert set(run.statuses.values()) == {"success"}
    assert (builds(built), built.snapshot(), built.query(written)) == before


@pytest.mark.slow
def test_what_changes_a_client_makes_it_new(built: ProjectUnderTest) -> None:
    changes: dict[str, Callable[[], object]] = {
        "a load": lambda: built.load(built.write("c.csv", meta_csv(2, day="2024-03-01")), 3),
        "naming keys": lambda: built.load(
            built.write("keys.csv", "Ad set name,Audience\nSet 1,a\nSet 2,a\nSet 3,a\nSet 4,a\n"), None
        ),
        "a rollback": lambda: rollback_wave(built.project, ACME, 2),
        "another policy": lambda: set_policies(built.project, ACME, overlap="both"),
        "the flag set to false": lambda: built.change(
            f"update {SCHEMA}.raw_data_staging set processed_flag = false where wave_number = 1"
        ),
        "a table gone": lambda: built.change(f"drop table {SCHEMA}.wave_quality"),
    }
    for name, change in changes.items():
        change()
        assert news(built) == [SCHEMA], name
        before = builds(built)
        run = built.build_clients()
        assert run.success, (name, run.statuses)
        assert builds(built) == before + (name != "a table gone"), name
        assert news(built) == [], name
    passed_over = built.snapshot()
    assert built.dbt("run", "--full-refresh", "--select", "clients").success
    assert built.snapshot() == passed_over


def test_each_change_makes_a_client_stale_until_it_is_undone(built: ProjectUnderTest) -> None:
    def flag(value: str) -> None:
        built.change(f"update {SCHEMA}.raw_data_staging set processed_flag = {value}")

    assert stale_clients(built.project) == ([], False)
    assert built.spark9("build").out.strip() == "Nothing has changed since the last build."
    for overlap, stale in (("both", [SCHEMA]), ("finest", [])):  # without the log, which would tell it too
        Registry(built.project).set_policies(ACME, None, overlap)
        assert news(built) == stale, "the settings of the last build are not those of today"
    flag("false")
    assert news(built) == [SCHEMA]
    flag("true")
    assert stale_clients(built.project) == ([], False)
    mapping = f"update {SCHEMA}.wave_schema_mapping set mapping_rule = '{{}}' where ordinal = 1"
    built.change(mapping.format("use_default_value"))
    assert news(built) == [SCHEMA], "a default that was written by hand is taken in by the next build"
    built.change(mapping.format("core"))
    assert stale_clients(built.project) == ([], False)
    assert unbuilt_clients(built.project) == []
    built.change(f"alter table {SCHEMA}.wave_quality rename to gone")
    assert (news(built), unbuilt_clients(built.project)) == ([SCHEMA], [ACME])
    built.change(f"alter table {SCHEMA}.gone rename to wave_quality")
    rollback_wave(built.project, ACME, 2)
    assert news(built) == [SCHEMA]


@pytest.mark.slow
def test_a_clients_own_model_that_fails_is_built_again_and_replaces_no_table_of_the_loader(
    built: ProjectUnderTest,
) -> None:
    own = built.project.client_models / SCHEMA / "weekly_reach.sql"
    own.write_text("select none_such from {{ ref('" + SCHEMA + "__processed_campaign_data') }}", encoding="utf-8")
    assert not built.dbt("build", "--select", "weekly_reach").success
    assert news(built) == [SCHEMA]
    assert built.spark9("build").code == 5
    assert news(built) == [SCHEMA]
    own.rename(own.with_name(f"{SCHEMA}__column_rules.sql"))
    refused = built.spark9("build")
    assert refused.code == 5
    assert "would replace the loader's table" in refused.text
    assert built.query(f"select count(*) from {SCHEMA}.column_rules") == [(0,)]


@pytest.mark.slow
def test_code_that_is_taken_back_is_built_back(built: ProjectUnderTest) -> None:
    scores = "select data_quality_score from marts.waves order by all"
    macro = next(built.root.rglob("macros/**/weighted_score.sql"))
    text, before = macro.read_text(encoding="utf-8"), built.query(scores)
    macro.write_text(text.replace("cast(({{", "cast(0.5 * ({{"), encoding="utf-8")
    assert built.spark9("build").code == 5
    assert built.query(scores) != before
    macro.write_text(text, encoding="utf-8")
    assert news(built) == [SCHEMA]
    assert built.spark9("build").code == 0
    assert built.query(scores) == before
    assert news(built) == []


@pytest.mark.slow
def test_marts_are_stale_when_they_are_of_another_day_gone_or_unfinished(built: ProjectUnderTest) -> None:
    for change, undone in (
        ("update marts.processing_status_today set status_date = status_date - 1",
         "update marts.processing_status_today set status_date = status_date + 1"),
        ("alter table marts.processing_status_today rename to gone", "alter table marts.gone rename to processing_status_today"),
        ("alter table marts.build_runs rename to gone", "alter table marts.gone rename to build_runs"),
        ("update marts.build_runs set finished_at = null", "update marts.build_runs set finished_at = started_at"),
        ("insert into marts.build_runs (invocation_id, started_at, finished_at) "
         "select 'slow', min(started_at) - interval 1 hour, max(finished_at) + interval 1 hour from marts.build_runs",
         "delete from marts.build_runs where invocation_id = 'slow'"),
    ):  # fmt: skip
        built.change(change)
        assert stale_clients(built.project) == ([], True), change
        built.change(undone)
        assert stale_clients(built.project) == ([], False), undone


@pytest.mark.slow
def test_marts_are_stale_when_something_that_they_are_made_of_changes(built: ProjectUnderTest) -> None:
    own = built.root / "models" / "marts" / "ours.sql"
    own.write_text("select {{ var('ours', 1) }} as number from {{ ref('waves') }}", encoding="utf-8")
    assert stale_clients(built.project) == ([], True), "a mart that was never built"
    assert built.spark9("build").code == 0
    changes = (
        ("seeds/exchange_rates.csv", "rate\n", "rate\n2024-01-01,USD,1.25\n"),
        ("dbt_project.yml", "rows_of_several_days: spread", "rows_of_several_days: leave_out"),
        ("dbt_project.yml", "exchange_rate_days: 7", "exchange_rate_days: 8"),
        ("dbt_project.yml", "nightly: false", "nightly: false\n    ours: 2"),
        ("models/marts/weekly_quality_by_client.sql", "final as", "last as"),
        ("models/marts/ours.sql", "as number", "as other"),
        ("macros/marts/day_totals.sql", "sum(clicks)", "sum(2 * clicks)"),
    )
    for name, before, after in changes:
        file = built.root / name
        text = file.read_text(encoding="utf-8")
        assert stale_clients(built.project) == ([], False), name
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
        assert stale_clients(find_project(built.root)) == ([], True), name
        file.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_marts_are_stale_until_all_are_of_the_same_code_rows_and_seeds(built: ProjectUnderTest) -> None:
    rates = built.root / "seeds" / "exchange_rates.csv"
    rates.write_text(rates.read_text(encoding="utf-8").splitlines()[0] + "\n2024-01-01,USD,1.25\n", encoding="utf-8")
    assert built.dbt("seed").success
    assert stale_clients(built.project) == ([], True), "no mart has the new rates"
    assert built.dbt("run", "--select", "performance_by_day").success
    assert stale_clients(built.project) == ([], True), "the other marts may, too"
    assert built.dbt("build").success
    assert stale_clients(built.project) == ([], False), "a build by dbt counts as one by spark9 does"
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    build_client(built.project, ACME)
    assert built.dbt("run", "--select", "processing_steps").success
    assert stale_clients(built.project) == ([], True), "only one mart has the new wave"
    assert built.spark9("build").code == 0
    assert stale_clients(built.project) == ([], False)
    assert built.dbt("seed").success
    assert stale_clients(built.project) == ([], False), "the same seeds again"
    begun = "insert into marts.build_runs (invocation_id, started_at) select 'killed', now() at time zone 'UTC'"
    built.change(begun)
    assert stale_clients(built.project) == ([], True), "a run that never ended"
    assert built.dbt("test", "--select", "waves__one_row_each").success
    assert stale_clients(built.project) == ([], True)
    assert built.spark9("build").code == 0
    assert stale_clients(built.project) == ([], False)


@pytest.mark.slow
def test_models_of_other_folders_that_marts_read_are_built_before_them(built: ProjectUnderTest) -> None:
    middle = built.root / "models" / "intermediate" / "int_waves.sql"
    middle.parent.mkdir()
    middle.write_text("select wave_number as number from {{ ref('waves') }}", encoding="utf-8")
    ours = built.root / "models" / "marts" / "ours.sql"
    ours.write_text("select sum(number) as total, true as is_enabled from {{ ref('int_waves') }}", encoding="utf-8")
    assert stale_clients(built.project) == ([], True), "marts that were never built"
    assert built.spark9("build").code == 0
    assert stale_clients(built.project) == ([], False)
    middle.write_text("select 2 * wave_number as number from {{ ref('waves') }}", encoding="utf-8")
    assert stale_clients(built.project) == ([], True)
    other = built.add("other", "meta", 2024)  # so that one client alone is stale
    built.load(built.write("o.csv", meta_csv(3)), 1, other)
    assert built.spark9("build").code == 0
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    assert built.spark9("build").code == 0
    assert built.query("select total from marts.ours") == [(2 * (1 + 2 + 3 + 1),)]
    assert stale_clients(built.project) == ([], False)


@pytest.mark.slow
def test_a_mart_that_reads_a_source_of_its_own_is_always_built(built: ProjectUnderTest) -> None:
    built.change("create schema bank; create table bank.rates as select 1 as rate")
    folder = built.root / "models" / "finance"
    folder.mkdir()
    (folder / "sources.yml").write_text(
        "version: 2\nsources: [{name: bank, tables: [{name: rates}]}]\n", encoding="utf-8"
    )
    (folder / "rates.sql").write_text("select rate from {{ source('bank', 'rates') }}", encoding="utf-8")
    assert built.spark9("build").code == 0
    built.change("update bank.rates set rate = 2")
    assert built.spark9("build").code == 0
    assert built.query("select rate from marts.rates") == [(2,)]


def test_a_python_model_that_was_never_built_makes_marts_stale_and_one_that_is_disabled_does_not(
    built: ProjectUnderTest,
) -> None:
    ours = built.root / "models" / "marts" / "ours.py"
    ours.write_text("def model(dbt, session):\n    return dbt.ref('waves')\n", encoding="utf-8")
    assert stale_clients(built.project) == ([], True)
    yaml = ours.with_suffix(".yml")
    yaml.write_text("version: 2\nmodels:\n  - name: ours\n    config: {enabled: false}\n", encoding="utf-8")
    assert stale_clients(built.project) == ([], False)


@pytest.mark.slow
def test_marts_with_a_part_of_the_rows_are_stale(built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK9_SCHEMA_PREFIX", "ann")
    assert built.dbt("build").success
    mine = find_project(built.root)
    assert stale_clients(mine) == ([], False)
    assert built.dbt("run", "--empty", "--select", "waves").success
    assert built.query("select count(*) from ann_marts.waves") == [(0,)]
    assert stale_clients(mine) == ([], True)


@pytest.mark.slow
def test_marts_lack_a_refused_file_until_they_are_built(built: ProjectUnderTest) -> None:
    assert built.spark9("load", str(built.write("c.csv", "a,b\n")), *NAMED, "--wave", "3").code == 3
    assert stale_clients(built.project) == ([], True)
    assert built.spark9("build").code == 0
    assert built.query("select loads_failed from marts.processing_status_today") == [(1,)]
    assert stale_clients(built.project) == ([], False)


@pytest.mark.slow
def test_marts_whose_test_failed_are_stale_until_it_passes(built: ProjectUnderTest) -> None:
    built.change("insert into marts.waves select * from marts.waves limit 1")
    assert not built.dbt("test", "--select", "waves__one_row_each").success
    assert built.dbt("test", "--select", "uploads_by_day__one_row_each").success
    assert stale_clients(built.project) == ([], True), "another test says nothing about this one"
    built.change("create or replace table marts.waves as select distinct * from marts.waves")
    assert built.dbt("test", "--select", "waves__one_row_each").success
    assert stale_clients(built.project) == ([], False)


@pytest.mark.slow
def test_marts_that_were_skipped_after_a_failed_seed_are_stale(built: ProjectUnderTest) -> None:
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    rates = built.root / "seeds" / "exchange_rates.csv"
    text = rates.read_text(encoding="utf-8")
    rates.write_text(text + "2024-01-01,USD,none\n", encoding="utf-8")
    assert built.spark9("build").code == 5
    assert stale_clients(built.project) == ([], True)
    rates.write_text(text, encoding="utf-8")
    assert built.spark9("build").code == 0
    spends = [f"select sum(amount_spent) from marts.{mart}" for mart in ("campaign_performance", "performance_by_day")]
    assert built.query(spends[0]) == built.query(spends[1])
    assert stale_clients(built.project) == ([], False)


@pytest.mark.slow
def test_two_threads_may_need_a_schema_at_once(built: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    look, rename = SQLAdapter.list_relations_without_caching, RelationsCache.rename
    looks, is_renamed = itertools.count(), threading.Event()

    def look_late(*arguments: object) -> object:
        found = look(*arguments)
        if next(looks):
            is_renamed.wait(1)
        return found

    def rename_slowly(*arguments: object) -> None:
        rename(*arguments)
        is_renamed.set()
        time.sleep(0.1)

    monkeypatch.setattr(SQLAdapter, "list_relations_without_caching", look_late)
    monkeypatch.setattr(RelationsCache, "rename", rename_slowly)
    run = built.dbt("run", "--select", "marts")
    assert run.success, run.statuses


@pytest.mark.slow
def test_a_warning_is_shown_by_each_build(built: ProjectUnderTest) -> None:
    built.load(built.write("keys.csv", "Ad set name,Audience\nSet 1,a\n"), None)
    for _ in range(2):
        run = built.build_clients()
        assert run.statuses[f"{SCHEMA}__client_quality"] == "warn"
        assert news(built) == [SCHEMA]


@pytest.mark.slow
def test_a_load_that_fails_a_test_fails_each_build_until_it_is_mended(built: ProjectUnderTest) -> None:
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    built.change(f"delete from {SCHEMA}.raw_data_staging where wave_number = 3 and row_number = 2")
    for _ in range(2):
        run = built.build_clients()
        assert not run.success
        assert "no_load_is_half_there" in run.failed_tests
    rollback_wave(built.project, ACME, 3)
    assert built.build_clients().success
    assert news(built) == []


@pytest.mark.slow
def test_spark9_build_builds_what_is_new_and_ends_at_once_where_nothing_is(built: ProjectUnderTest) -> None:
    run = built.spark9("build")
    assert (run.code, run.out.strip()) == (0, "Nothing has changed since the last build.")
    other = built.add("other", "meta", 2024)
    built.load(built.write("c.csv", meta_csv(3)), 1, other)
    assert "to build: other/meta/2024" in built.spark9("build", "--dry-run").text
    run = built.spark9("build")
    assert run.code == 0, run.text
    assert "client_other_meta_2024.processed_campaign_data" in run.text
    assert f"{SCHEMA}.processed_campaign_data" not in run.text
    assert built.query("select count(*) from marts.waves") == [(3,)], run.text
    yesterday = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)
    built.change(f"update marts.processing_status_today set status_date = date '{yesterday}'")
    run = built.spark9("build")
    assert "to build: the marts" in run.text
    assert stale_clients(built.project) == ([], False)


@pytest.mark.slow
def test_spark9_build_brings_the_marts_up_to_clients_that_were_built_alone(built: ProjectUnderTest) -> None:
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    build_client(built.project, ACME)
    assert stale_clients(built.project) == ([], True)
    run = built.spark9("build")
    assert "to build: the marts" in run.text
    assert built.query("select count(*) from marts.waves") == [(3,)]
    assert stale_clients(built.project) == ([], False)
    archive_client_schema(built.project, ACME)
    assert stale_clients(built.project) == ([], True)


@pytest.mark.slow
def test_one_client_is_built_alone_and_what_was_parsed_is_handed_on(built: ProjectUnderTest) -> None:
    other = built.add("other", "meta", 2024)
    for number, client in enumerate((ACME, other), 5):
        built.load(built.write(f"{number}.csv", meta_csv(3, day="2024-05-01")), number, client)
        result = build_client(built.project, client)
        assert (result.passed, result.warnings) == (4, [])
        alone = built.root / "target" / "one_client" / client.name
        assert [path.name for path in (alone / "models" / "clients").iterdir()] == [client.name]
    parsed = built.root / "target" / "one_client" / "partial_parse.msgpack"
    assert parsed.is_file()
    assert not (alone / "target" / parsed.name).exists()
    assert not (alone / "warehouse").exists()
    # the project as a whole knows it too
    assert news(built) == []
    assert built.dbt("build").success
    assert built.query("select count(*) from marts.waves") == [(4,)]


def test_a_score_below_the_limit_is_noted_in_the_log_and_the_marts(built: ProjectUnderTest) -> None:
    built.change(f"update {SCHEMA}.wave_quality set data_quality_score = 0.5 where wave_number = 2")
    assert not built.dbt("test", "--select", f"clients.{SCHEMA}").success
    logged = "select wave_number, processing_stage, error_code from {}.{} where status = 'ERROR'"
    for schema, table in ((SCHEMA, "processing_log"), ("marts", "processing_steps")):
        assert (2, "QUALITY", "score-too-low") in built.query(logged.format(schema, table))
    assert built.query("select status, failed_steps from marts.processing_status_today") == [("failed steps", 2)]
    messages = [str(failure.entry.error_message) for failure in client_statuses(built.project)[0].failed_steps]
    assert any("waves_score_at_least_the_limit: expected a score of 0.8, found 0.5" in text for text in messages)
    assert any("waves_agree_with_their_rows: " in text for text in messages)
    assert [wave.is_failed for wave in client_statuses(built.project)[0].waves] == [False, True]


def test_an_alert_is_sent_once_again_where_it_could_not_be_and_when_it_is_resolved(
    acme: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    problem: list[str | None] = ["The alert could not be sent."]

    def send(_severity: str, title: str, _body: str) -> str | None:
        sent.append(title)
        return problem[0]

    def build(*outcome: LogEntry) -> list[str]:
        sent.clear()
        with failures_alerted(acme.project, [ACME]), open_client(acme.project, ACME) as tables:
            tables.log(*outcome)
        return list(sent)

    monkeypatch.setattr("loader.builds.failures.send", send)
    monkeypatch.delenv("SPARK9_ALERTS", raising=False)
    too_low = LogEntry("quality", ERROR, 2, error_code="score-too-low", error_message="found 0.6")
    failed = "acme/meta/2024: wave 2 failed (score-too-low)"
    assert build(too_low) == []
    monkeypatch.setenv("SPARK9_ALERTS", "json://localhost")
    assert build(too_low) == [failed]
    problem[0] = None
    assert build(too_low) == [failed]
    assert build(too_low) == []
    broken = replace(too_low, wave_number=None, error_code="build-failed")
    problem[0] = "The alert could not be sent."
    assert build(broken) == ["acme/meta/2024: the build failed (build-failed)"]
    problem[0] = None
    assert build(too_low) == [], "the last that was heard of is still so"
    assert build(broken) == ["acme/meta/2024: the build failed (build-failed)"]
    assert build(LogEntry("test", SUCCESS)) == ["acme/meta/2024: resolved"]
    assert build(LogEntry("test", SUCCESS)) == []
    logged = f"select status, error_code from {SCHEMA}.processing_log where processing_stage = 'ALERT' order by processing_timestamp"
    assert acme.query(logged) == [
        ("ERROR", "alert-failed"), ("SUCCESS", None), ("ERROR", "alert-failed"), *[("SUCCESS", None)] * 2
    ]  # fmt: skip


@pytest.mark.slow
def test_a_failed_wave_is_failed_everywhere_at_once_and_alerted_once(
    acme: ProjectUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr("loader.builds.failures.send", lambda _severity, title, body: sent.append((title, body)))
    monkeypatch.setenv("SPARK9_ALERTS", "json://localhost")
    header = [name for name in META_HEADER if not name.startswith("Amount")]
    acme.load(acme.write("good.csv", meta_csv(3)), 1)
    acme.load(acme.write("bad.csv", as_csv([header, *(row[:8] for row in meta_rows(3, day="2024-02-01"))])), 2)
    for _ in range(2):
        assert acme.spark9("build").code == 5
    logged = acme.query(
        f"select wave_number, error_code from {SCHEMA}.processing_log where status = 'ERROR' order by processing_timestamp"
    )
    assert logged == [(2, "score-too-low")] * 2
    steps = "select wave_number, processing_stage, error_code from marts.processing_steps where status = 'ERROR'"
    assert acme.query(steps) == [(2, "QUALITY", "score-too-low")] * 2
    assert acme.query("select status, failed_steps from marts.processing_status_today") == [("failed steps", 2)]
    assert acme.query("select wave_number, quality_status from marts.waves order by 1") == [
        (1, "passed"),
        (2, "failed"),
    ]
    status = acme.spark9("status").text
    assert "0.6389 failed" in status
    assert "score-too-low: waves_score_at_least_the_limit: expected a score of 0.8, found 0.6389" in status
    [(title, body)] = sent
    assert title == "acme/meta/2024: wave 2 failed (score-too-low)"
    assert "found 0.6389" in body
    rollback_wave(acme.project, ACME, 2)
    assert acme.spark9("build").code == 0
    assert [title for title, _ in sent[1:]] == ["acme/meta/2024: resolved"]
    assert "0.6389" not in acme.spark9("status").out.split("failed:")[0]
    assert (
        acme.query(f"select status from {SCHEMA}.processing_log where processing_stage = 'ALERT'") == [("SUCCESS",)] * 2
    )


@pytest.mark.slow
def test_an_upload_that_names_no_wave_stops_no_build(built: ProjectUnderTest) -> None:
    run = built.spark9("load", str(built.write("c.csv", meta_csv(3, day="2024-03-01"))), "--client", "acme/meta/2024")
    assert (run.code, "error (no-wave)" in run.text) == (3, True)
    assert built.dbt("build").success
    assert stale_clients(built.project) == ([], False)
    assert built.query("select wave_number, failed_uploads from marts.uploads_by_day order by all") == [
        (1, 0),
        (2, 0),
        (None, 1),
    ]


@pytest.mark.slow
def test_marts_that_failed_are_built_again_by_the_next_build(built: ProjectUnderTest) -> None:
    test = built.root / "models" / "marts" / "marts.yml"
    text = test.read_text(encoding="utf-8")
    test.write_text(text.replace("key: [client_schema, wave_number]", "key: [client_schema]", 1), encoding="utf-8")
    assert not built.dbt("build").success
    run = built.spark9("build")
    assert (run.code, "waves__one_row_each" in run.text) == (5, True), run.text
    test.write_text(text, encoding="utf-8")
    assert built.spark9("build").code == 0
    assert built.spark9("build").out.strip() == "Nothing has changed since the last build."


@pytest.mark.slow
def test_the_tables_of_an_earlier_version_stop_builds_loads_and_verification(built: ProjectUnderTest) -> None:
    built.change(f"drop table {SCHEMA}.open_questions")
    with pytest.raises(CompilationError, match="onboarded by an earlier version"):
        built.dbt("build")
    for command in (["build"], ["verify", "--all"], ["log", *NAMED], ["wave", "list", *NAMED]):
        run = built.spark9(*command)
        assert (run.code, "spark9 client add acme/meta/2024" in run.text) == (3, True), command
    assert "tables missing here" in built.spark9("status").out
    assert built.spark9("client", "add", "acme/meta/2024").code == 0
    assert built.spark9("build").code == 0


def test_a_client_that_has_lost_its_tables_stops_the_build(built: ProjectUnderTest) -> None:
    built.change(f"drop schema {SCHEMA} cascade")
    with pytest.raises(CompilationError, match="have lost their tables"):
        built.dbt("run", "--select", "marts")
    assert built.query("select count(*) from marts.waves") == [(2,)]


@pytest.mark.slow
def test_clients_that_were_never_onboarded_on_a_target_are_passed_over(built: ProjectUnderTest) -> None:
    built.add("never", "meta", 2024)
    built.change("drop schema client_never_meta_2024 cascade")
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    run = built.spark9("build")
    assert run.code == 0, run.text
    assert (
        "clients without tables, of which the marts have no rows: never/meta/2024 (onboard a client with: "
        "spark9 client add never/meta/2024)" in run.text
    )
    for command in (["build", "--full-refresh"], ["docs", "generate"]):
        assert built.dbt(*command).success, command
    assert built.query("select distinct client from marts.waves") == [("acme",)]
    assert built.spark9("build").out.strip() == "Nothing has changed since the last build."
    assert built.spark9("verify", "--all").code == 0
    # as after a first build that failed half-way
    built.change("drop table marts.waves")
    built.load(built.write("d.csv", meta_csv(3, day="2024-04-01")), 4)
    assert built.spark9("build").code == 0
    # a client whose waves the marts show is not one that was never there
    built.change(f"drop schema {SCHEMA} cascade")
    run = built.spark9("build")
    assert run.code == 5
    assert "these clients have lost their tables" in run.text
    assert built.spark9("verify", "--all").code == 3
    assert built.query("select count(*) from marts.waves") == [(4,)]
    # empty tables in their place would hide the loss
    run = built.spark9("client", "add", "acme/meta/2024")
    assert (run.code, "though marts.waves shows its waves" in run.text) == (3, True)
