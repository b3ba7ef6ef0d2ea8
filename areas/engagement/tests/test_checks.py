"""Each check of engagement finds data that breaks its claim: the table says which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from areas.engagement.tests.conftest import LOCATION, Engagement, event
from tests.checks import Broken, holds, names_of_checks
from tests.support import ProjectUnderTest, sql_for_the_design

FACT, RAW, SESSIONS = (
    "engagement.fact_click_events",
    "engagement_raw.raw_clickstream_events",
    "engagement.fact_sessions",
)
CUSTOMERS = "engagement_raw.raw_customer_demographics"
ADDRESS = "https://shop.example/?utm_source=facebook&utm_campaign=spring"
LEDGER = "engagement_raw.ingested_files"
MART = {"campaign_engagement": "engagement_marts.campaign_engagement"}
LATEST = f"where changed_by = (select max(changed_by) from {FACT})"

BROKEN = {
    "campaign_engagement__every_session_names_a_campaign": Broken(
        "update engagement.utm_days set utm_campaign = 'nobody ran this'", MART
    ),
    "campaign_engagement__has_every_campaign": Broken(
        "insert into engagement.stg_campaigns by name select 'client_x' as client_schema, 'Spring' as campaign_name, 5 as amount_spent"
    ),
    "campaign_engagement__has_every_session": Broken("delete from engagement_marts.utm_engagement", MART),
    "click_events__are_as_many_as_usual": Broken(
        f"insert into {LEDGER} select * replace (ingestion_id + 100 as ingestion_id, 'later' as run_id, 1 as rows_loaded) from {LEDGER} where feed = 'engagement.clickstream'"
    ),
    "click_events__are_fresh": Broken(f"update {LEDGER} set ingested_at = ingested_at - interval 3 days"),
    "click_events__are_told_alike": Broken("update engagement.stg_click_events set is_told_differently = true"),
    "click_events__are_told_alike_by_all_files": Broken(
        f"insert into engagement.click_event_changes by name select event_id, 9 as changed_by, true as is_told_differently from {FACT} limit 1"
    ),
    "click_events__customers_exist": Broken(f"update {FACT} set customer_key = 'nobody' {LATEST}"),
    "click_events__days_exist": Broken(f"update {FACT} set event_date = date '1970-01-01' {LATEST}"),
    "click_events__durations_are_within_reason": Broken(f"update {RAW} set duration_ms = '-7'", {"stg_click_events": "engagement.stg_click_events"}),
    "click_events__durations_can_be_read": Broken(f"update {RAW} set duration_ms = 'long'", {"stg_click_events": "engagement.stg_click_events"}),
    "click_events__every_one_is_in_the_fact_once": Broken(f"delete from {FACT} where event_id = 'e1'"),
    "click_events__ids_are_there": Broken(f"update {RAW} set event_id = null where event_id = 'e1'", {"stg_click_events": "engagement.stg_click_events"}),
    "click_events__pages_exist": Broken("delete from engagement.dim_page"),
    "click_events__rows_agree_with_the_files": Broken(f"insert into {RAW} select * from {RAW} limit 1"),
    "click_events__types_are_known": Broken(f"update {RAW} set event_type = 'wink'", {"stg_click_events": "engagement.stg_click_events"}),
    "customer_engagement__customers_are_unique": Broken(
        "insert into engagement.dim_customer select * from engagement.dim_customer", {"customer_engagement": "engagement_marts.customer_engagement"}
    ),
    "customer_engagement__has_every_session": Broken("delete from engagement.visitor_days", {"customer_engagement": "engagement_marts.customer_engagement"}),
    "customers__are_as_many_as_usual": Broken(
        f"insert into {LEDGER} select * replace (ingestion_id + 100 as ingestion_id, 'later' as run_id, 100 as rows_loaded) from {LEDGER} where feed = 'engagement.customers'"
    ),
    "customers__are_fresh": Broken(f"delete from {LEDGER}"),
    "customers__ids_are_there": Broken(f"update {CUSTOMERS} set customer_id = null where customer_id = 'c1'"),
    "customers__rows_agree_with_the_files": Broken(f"delete from {CUSTOMERS} where customer_id = 'c1'"),
    "customers__rows_of_a_customer_agree": Broken(f"insert into {CUSTOMERS} select * replace (' c1 ' as customer_id, 'other@x.org' as email) from {CUSTOMERS} where customer_id = 'c1'"),
    "customers__sign_up_days_can_be_read": Broken(f"update {CUSTOMERS} set signup_date = '2026-02-30' where customer_id = 'c1'"),
    "dim_customer__has_every_customer": Broken("delete from engagement.dim_customer where customer_id = 'c1'"),
    "dim_customer__keys_are_there": Broken("update engagement.dim_customer set customer_key = null where customer_id = 'c1'"),
    "dim_customer__keys_are_unique": Broken("insert into engagement.dim_customer select * from engagement.dim_customer limit 1"),
    "dim_page__keys_are_unique": Broken("insert into engagement.dim_page select * from engagement.dim_page limit 1"),
    "page_days__agree_with_events": Broken(f"delete from {FACT} where event_id = 'e1'"),
    "sessions__agree_with_their_events": Broken(f"update {FACT} set duration_ms = duration_ms + 1 where event_id = 'e1'"),
    "sessions__of_a_visitor_do_not_meet": Broken(f"insert into {SESSIONS} select * replace ('x' as session_id, session_start + interval 1 second as session_start) from {SESSIONS}"),
    "utm_engagement__has_every_session": Broken("delete from engagement.utm_days", {"utm_engagement": "engagement_marts.utm_engagement"}),
    "utm_rules__priorities_are_unique": Broken("insert into engagement.utm_rules select * from engagement.utm_rules limit 1"),
}  # fmt: skip


@pytest.fixture(scope="module")
def built(parsed_engagement: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engagement]:
    """Customers and clicks, ingested and built, with a campaign of the waves that they came by."""
    project = Engagement(parsed_engagement.copy(tmp_path_factory.mktemp("checks")).root)
    project.events("a.json", [event(number, f"c{number % 3}", 50 * number, page_url=ADDRESS) for number in range(9)])
    project.customers("a.csv", [[f"c{number}", "Ann", f"a{number}@x.org", "EU", "2026-01-01"] for number in range(3)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LOCATION, str(project.bucket))
        project.ingest()
        run = project.build()
        assert run.success, run.failures
        yield project


def test_the_queries_for_the_design_run(built: Engagement) -> None:
    for statement in sql_for_the_design("004"):
        built.query(statement)


def test_the_table_has_every_check(built: Engagement) -> None:
    assert names_of_checks(built, ["--selector", "engagement"]) == set(BROKEN)


@pytest.mark.parametrize("check", BROKEN)
def test_each_check_fails_on_data_broken_for_it(built: Engagement, check: str) -> None:
    warns_anyway = {"campaign_engagement__every_session_names_a_campaign"}
    assert holds(built, check) or check in warns_anyway
    assert not holds(built, check, BROKEN[check])


@pytest.mark.slow
def test_an_event_that_a_later_file_tells_differently_is_said(built: Engagement, tmp_path: Path) -> None:
    project = Engagement(built.copy(tmp_path).root)
    project.events("b.json", [event(2, "c9", 100), event(3, "c0", 150, page_url=ADDRESS), event(100, "c1", 10)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LOCATION, str(project.bucket))
        project.ingest("engagement.clickstream")
        run = project.build()
        assert run.statuses["click_events__are_told_alike_by_all_files"] == "warn"
        told = project.query("select event_id from engagement.click_event_changes where is_told_differently")
        assert told == [("e2",)]
        # the same file again with another telling is a correction
        project.events("b.json", [event(2, "c2", 100, page_url=ADDRESS), event(100, "c1", 11)])
        project.ingest("engagement.clickstream")
        assert project.build().statuses["click_events__are_told_alike_by_all_files"] == "pass"


@pytest.mark.slow
def test_blanks_around_an_event_id_neither_keep_nor_lose_an_event(built: Engagement, tmp_path: Path) -> None:
    project = Engagement(built.copy(tmp_path).root)

    def facts() -> set[str]:
        return {str(name) for (name,) in project.query(f"select event_id from {FACT} where event_id like 'e5__'")}

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LOCATION, str(project.bucket))
        for first, second, left in (
            ([event(501, "c1", 1, event_id=" e501 "), event(502, "c1", 2)], [], {"e501", "e502"}),
            ([event(502, "c1", 2)], [event(502, "c1", 2), event(503, "c1", 3)], {"e502", "e503"}),
            ([event(502, "c1", 2, event_id="e502 ")], [event(503, "c1", 3)], {"e502", "e503"}),
        ):
            project.events("b.json", first)
            project.events("c.json", second or [event(599, "c1", 9)])
            project.ingest("engagement.clickstream")
            assert project.build().success
            assert facts() - {"e599"} == left


@pytest.mark.slow
def test_an_event_that_is_told_differently_is_said(built: Engagement, tmp_path: Path) -> None:
    project = Engagement(built.copy(tmp_path).root)
    same, other = event(1, "c1", 50), event(2, "c2", 100)
    project.events("b.json", [same, same, other, event(2, "c1", 100), event(3, "c0", 150), event(3, "c0", 151)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LOCATION, str(project.bucket))
        project.ingest("engagement.clickstream")
        run = project.build()
    assert run.statuses["click_events__are_told_alike"] == "warn"
    told = project.query("select event_id, is_told_differently from engagement.stg_click_events order by 1")
    assert told == [("e1", False), ("e2", True), ("e3", True)]
