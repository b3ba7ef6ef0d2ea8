"""Running dbt for a command."""

from __future__ import annotations

import pytest

import loader
from loader.errors import BuildFailedError
from tests.support import ACME, SCHEMA, ProjectUnderTest
from tests.written import meta_csv


@pytest.mark.slow
def test_a_build_started_by_a_load_covers_that_client_and_lets_go_of_the_database(acme: ProjectUnderTest) -> None:
    other = acme.add("other", "meta", 2024)
    acme.load(acme.write("a.csv", meta_csv(2)), 1)
    acme.load(acme.write("b.csv", meta_csv(2)), 1, other)
    loader.build_client(acme.project, ACME)
    assert acme.load(acme.write("c.csv", meta_csv(2, day="2024-02-01")), 2).outcome == "loaded"
    tables = acme.query("select schema_name from duckdb_tables() where table_name = 'processed_campaign_data'")
    assert tables == [(SCHEMA,)]


@pytest.mark.slow
def test_a_build_for_a_client_without_tables_says_how_to_make_them(acme: ProjectUnderTest) -> None:
    acme.change(f"drop schema {SCHEMA} cascade")
    with pytest.raises(BuildFailedError, match="spark9 client add acme/meta/2024"):
        loader.build_client(acme.project, ACME)


def test_a_failed_build_leaves_the_load_pending(built: ProjectUnderTest) -> None:
    built.load(built.write("c.csv", meta_csv(2, day="2024-03-01")), 3)
    built.change(f"alter table {SCHEMA}.processing_log rename column row_count to gone")
    assert not built.dbt("run", "--select", f"{SCHEMA}__processed_campaign_data").success
    built.change(f"alter table {SCHEMA}.processing_log rename column gone to row_count")
    assert len(built.processed("1")) == 8
    assert built.build_clients().success
    assert len(built.processed("1")) == 10
