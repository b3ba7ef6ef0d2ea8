"""A build does what is new and nothing else, and what it leaves out would have changed nothing."""

from __future__ import annotations

import datetime
import itertools
import threading
import time
from collections.abc import Callable

import pytest
from dbt.adapters.cache import RelationsCache
from dbt.adapters.sql import SQLAdapter

from loader import archive_client_schema, client_schema, find_project, rollback_wave, set_policies
from loader.operations.news import clients_with_news
from loader.project.dbt import build_client
from tests.support import ProjectUnderTest
from tests.written import meta_csv

ACME = client_schema("acme", "meta", 2024)
SCHEMA = ACME.name


def news(project: ProjectUnderTest) -> list[str]:
    return [names.name for names in clients_with_news(find_project(project.root))[0]]


def builds(project: ProjectUnderTest) -> int:
    return int(project.query(f"select count(*) from {SCHEMA}.processing_log where processing_stage = 'build'")[0][0])


def test_a_client_with_nothing_new_is_passed_over(built: ProjectUnderTest) -> None:
    before, tables = builds(built), built.snapshot()
    written = built.query(f"select max(processed_timestamp) from {SCHEMA}.wave_quality")
    run = built.dbt("build")
    assert run.success
    assert set(run.statuses.values()) <= {"success", "pass"}
    assert builds(built) == before
    assert built.snapshot() == tables
    assert built.query(f"select max(processed_timestamp) from {SCHEMA}.wave_quality") == written
    assert built.dbt("build", "--vars", "skip_unchanged: false").success
    assert built.snapshot() == tables


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
        assert builds(built) == before + 1, name
        assert news(built) == [], name
    passed_over = built.snapshot()
    assert built.dbt("build", "--full-refresh").success
    assert built.snapshot() == passed_over


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


def test_a_warning_is_shown_by_each_build(built: ProjectUnderTest) -> None:
    built.load(built.write("keys.csv", "Ad set name,Audience\nSet 1,a\n"), None)
    for _ in range(2):
        run = built.build_clients()
        assert run.statuses[f"{SCHEMA}__nothing_is_doubtful"] == "warn"
        assert news(built) == [SCHEMA]


def test_a_load_that_breaks_a_claim_fails_each_build_until_it_is_mended(built: ProjectUnderTest) -> None:
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    built.change(f"delete from {SCHEMA}.raw_data_staging where wave_number = 3 and row_number = 2")
    for _ in range(2):
        run = built.build_clients()
        assert not run.success
        assert "no_load_is_half_there" in run.broken_claims
    rollback_wave(built.project, ACME, 3)
    assert built.build_clients().success
    assert news(built) == []


def test_a_build_reads_the_rows_of_loads_that_are_proved_no_more_and_a_test_reads_all(built: ProjectUnderTest) -> None:
    built.change(f"delete from {SCHEMA}.raw_data_staging where wave_number = 1 and row_number = 2")
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    assert built.build_clients().success
    assert built.dbt("test", "--select", f"clients.{SCHEMA}").broken_claims == {
        "no_load_is_half_there",
        "every_raw_row_is_processed_once",
    }


def test_spark9_build_builds_what_is_new_and_ends_at_once_where_nothing_is(built: ProjectUnderTest) -> None:
    run = built.spark9("build")
    assert (run.code, run.out.strip()) == (0, "Nothing is new since the last build.")
    other = built.add("other", "meta", 2024)
    built.load(built.write("c.csv", meta_csv(3)), 1, other)
    assert "new: other/meta/2024" in built.spark9("build", "--dry-run").text
    run = built.spark9("build")
    assert run.code == 0, run.text
    assert "client_other_meta_2024.processed_campaign_data" in run.text
    assert f"{SCHEMA}.processed_campaign_data" not in run.text
    assert built.query("select count(*) from marts.waves") == [(3,)], run.text
    yesterday = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)
    built.change(f"update marts.processing_status_today set status_date = date '{yesterday}'")
    run = built.spark9("build")
    assert "new: the marts" in run.text
    assert clients_with_news(built.project) == ([], False)


def test_spark9_build_brings_the_marts_up_to_clients_that_were_built_alone(built: ProjectUnderTest) -> None:
    built.load(built.write("c.csv", meta_csv(3, day="2024-03-01")), 3)
    build_client(built.project, ACME)
    assert clients_with_news(built.project) == ([], True)
    run = built.spark9("build")
    assert "new: the marts" in run.text
    assert built.query("select count(*) from marts.waves") == [(3,)]
    assert clients_with_news(built.project) == ([], False)
    archive_client_schema(built.project, ACME)
    assert clients_with_news(built.project) == ([], True)


def test_one_client_is_built_alone_and_what_was_parsed_is_handed_on(built: ProjectUnderTest) -> None:
    other = built.add("other", "meta", 2024)
    for number, names in enumerate((ACME, other), 5):
        built.load(built.write(f"{number}.csv", meta_csv(3, day="2024-05-01")), number, names)
        result = build_client(built.project, names)
        assert (result.passed, result.warnings) == (4, [])
        alone = built.root / "target" / "one_client" / names.name
        assert [path.name for path in (alone / "models" / "clients").iterdir()] == [names.name]
    parsed = built.root / "target" / "one_client" / "partial_parse.msgpack"
    assert parsed.is_file()
    assert not (alone / "target" / parsed.name).exists()
    assert not (alone / "warehouse").exists()
    # the project as a whole knows it too
    assert news(built) == []
    assert built.dbt("build").success
    assert built.query("select count(*) from marts.waves") == [(4,)]
