"""The area engagement on Snowflake: the same tables as on DuckDB, and who may see what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from snowflake.connector.errors import ProgrammingError

from areas.engagement.sample import BUCKET
from areas.engagement.tests.conftest import event
from areas.feeds.declared import named_feeds
from areas.feeds.ingesting import ingest_feed
from areas.feeds.local_s3 import local_s3
from areas.feeds.running import check_area
from loader.errors import Spark9Error
from tests.support import VARIABLES, ProjectUnderTest, copy_project
from tests.warehouses.snowflake.conftest import accounts  # noqa: F401 - a fixture
from tests.warehouses.snowflake.support import (
    Accounts,
    SnowflakeProject,
    differences,
    table_of_duckdb,
    table_of_snowflake,
    unknown_statements,
)

pytestmark = pytest.mark.slow

INTEGRATION = (
    "use role accountadmin",
    "create storage integration spark9_feeds type = external_stage storage_provider = s3 enabled = true "
    "storage_aws_role_arn = 'arn:aws:iam::1:role/spark9' storage_allowed_locations = ('s3://spark9-engagement/')",
    "grant usage on integration spark9_feeds to role spark9_admin",
)
TABLES = {
    "engagement_raw": (
        "raw_customer_demographics", "raw_clickstream_events", "ingested_files", "rejected_rows", "replaced_rows",
        "dq_check_logs",
    ),
    "engagement": (
        "stg_customers", "stg_click_events", "click_event_changes", "stg_campaigns", "dim_customer", "dim_page", "dim_date",
        "customer_history", "fact_click_events", "fact_sessions", "page_days", "visitor_days",
        "utm_days", "utm_visitors", "utm_rules",
    ),
    "engagement_marts": (
        "customer_engagement", "page_engagement", "utm_engagement", "campaign_engagement", "quality_checks",
    ),
}  # fmt: skip
# when and in which run; dbt's own hash of a version and its time
CLOCKS = frozenset(
    {"ingested_at", "run_id", "check_timestamp", "dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to"}
)
# columns that no feed declares stand among the others, one without a name
HEADER = "customer_id,phone,first_name,,email,region,signup_date,loyalty_tier,,"


def lines(*events: Mapping[str, Any] | str) -> bytes:
    """A file of JSON lines."""
    return "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in events).encode()


def first_files() -> dict[str, bytes]:
    """What lies in the bucket at first: two kinds of dirt for each feed, and letters that are not ASCII."""
    address = "https://Shop.example/Größe/a%20b?utm_source=Facebook&utm_medium=cpc&utm_campaign=spring%20sale%7Cx+y"
    visits = [event(number, f"c{number % 7}", 13 * number) for number in range(400)]
    odd = [
        event(1001, None, 5, page_url=address),
        event(1002, "v9", 5, page_url="mailto:x", duration_ms="12.0", extra={"a": [1, None]}),
        event(1003, "c1", 5, timestamp="2026-11-01T02:00:00+0200", page_url=""),
        event(1004, "c1", 5, timestamp=1793491200000, event_type=" Click ", duration_ms=None),
        event(1005, "c1", 5, timestamp="1793491201", duration_ms="-7"),
        event(1006, "c1", 5, timestamp="2026-11-01 00:00:01.123456", duration_ms=1.5),
        event(7, "c0", 99, duration_ms=3),
    ]
    wrong = ["{bad", '["x"]', json.dumps(event(3, "c1", 0, timestamp="soon")), json.dumps({"event_id": ""})]
    people = [f"c{number},+49,Ann,x,Ann{number}@Example.com ,EU,2026-01-{number + 1:02d},gold" for number in range(300)]
    awkward = [
        'c900,,"O\'Neil, ""Q""",,,US,2026-02-31,',
        "c1,,Again,,again@x.org,US,2026-03-01,",
        ",,No,,no@x.org,EU,,",
    ]
    return {
        "clickstream/a.json": lines(*visits, *odd, *wrong, ""),
        "clickstream/b.json": lines(event(2000, "c5", 6000), event(2001, "c5", 6010, event_type="sign_up")),
        "customers/all.csv": "\n".join(
            [HEADER, *people, *awkward, "c901,too,many,,x,EU,2026-01-01,gold,,,cells"]
        ).encode(),
    }


def later_files() -> dict[str, bytes]:
    """What is written afterwards: a file that changed, a late one, and the customers again."""
    people = [f"c{number},+1,Bea,y,bea{number}@example.com,NA,2026-01-{number + 1:02d},gold" for number in range(8)]
    return {
        "clickstream/b.json": lines(event(2001, "c5", 6050, event_type="sign_up"), event(2002, "v9", 20)),
        "clickstream/late.json": lines(event(3000, "c5", 6030), event(5, "c6", 70), event(3001, None, 1)),
        "customers/all.csv": "\n".join([HEADER, *people]).encode(),
    }


def put(files: Mapping[str, bytes]) -> None:
    """Write files of the bucket."""
    for name, content in files.items():
        boto3.client("s3").put_object(Bucket=BUCKET, Key=name, Body=content)


def ingest(project: ProjectUnderTest, name: str = "engagement") -> list[tuple[Any, ...]]:
    """Take in feeds; what each result says, without its time."""
    results = [ingest_feed(project.project, feed) for feed in named_feeds(project.project, name)]
    return [(one.feed, one.files, one.files_replaced, one.rows_loaded, one.rows_rejected, one.notes) for one in results]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """The project with the area, whose edition has masking."""
    root = copy_project(tmp_path_factory.mktemp("engagement") / "project", "engagement")
    settings = root / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("edition: standard", "edition: enterprise"), encoding="utf-8")
    return ProjectUnderTest(root)


@pytest.fixture(scope="module")
def both(
    accounts: Accounts, parsed: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ProjectUnderTest, SnowflakeProject]]:
    """DuckDB and Snowflake over one bucket, after two batches that were ingested and built."""
    folder = tmp_path_factory.mktemp("both")
    with pytest.MonkeyPatch.context() as patch, local_s3(first_files(), BUCKET) as variables:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in variables.items():
            patch.setenv(name, value)
        with accounts.forks.running(folder, [*accounts.set_up, *INTEGRATION], variables) as emulator:
            ours = parsed.copy(folder / "duckdb")
            theirs = SnowflakeProject(parsed.copy(folder / "snowflake").root, emulator)
            for files in ({}, later_files()):
                put(files)
                for project in (ours, theirs):
                    with pytest.MonkeyPatch.context() as target:
                        for name, value in (emulator.environment() if project is theirs else {}).items():
                            target.setenv(name, value)
                        ingest(project)
                        run = project.dbt("build", "--selector", "engagement")
                        assert run.success, run.failures
            for name, value in emulator.environment().items():
                patch.setenv(name, value)
            yield ours, theirs


def test_every_table_is_the_same(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    ours, theirs = both
    found = []
    for schema, tables in TABLES.items():
        for table in tables:
            one = table_of_duckdb(ours, f"{schema}.{table}", CLOCKS)
            other = table_of_snowflake(theirs.emulator, f"{schema}.{table}", CLOCKS)
            assert one or table == "stg_campaigns", table
            found += differences(f"{schema}.{table}", one, other)
    assert not found, "\n".join(found[:40])
    assert ours.query("select count(*) from engagement.fact_click_events") == [(410,)]
    assert theirs.query("select count(*) from engagement.customer_history where dbt_valid_to is not null") == [(8,)]
    others = {"phone": "+1", "column_4": "y", "loyalty_tier": "gold"}
    for project in (ours, theirs):
        asked = "select other_fields from engagement_raw.raw_customer_demographics where customer_id = 'c3'"
        assert [json.loads(text) for (text,) in project.query(asked)] == [others]


def test_loader_transformer_and_analyst_have_what_their_work_needs(
    both: tuple[ProjectUnderTest, SnowflakeProject],
) -> None:
    project = both[1]

    def may(role: str, sql: str) -> bool:
        try:
            project.query(sql, role)
        except ProgrammingError as error:
            assert "access control" in str(error), error
            return False
        return True

    asked = {
        "select count(*) from engagement_marts.customer_engagement": "transformer analyst",
        "select count(*) from engagement_marts.quality_checks": "transformer analyst",
        "select count(*) from engagement.dim_customer": "transformer",
        "select count(*) from engagement.customer_history": "transformer",
        "select count(*) from engagement_raw.raw_customer_demographics": "loader transformer",
        "update engagement_raw.ingested_files set rows_read = rows_read": "loader",
        "delete from engagement_raw.rejected_rows where 1 = 0": "loader",
        "insert into engagement_raw.open_alerts select * from engagement_raw.open_alerts where 1 = 0": "loader",
        "insert into engagement_raw.dq_check_logs select * from engagement_raw.dq_check_logs where 1 = 0": "loader transformer",
        "insert into engagement_raw.ingestion_logs select * from engagement_raw.ingestion_logs where 1 = 0": "loader transformer",
        "list @engagement_raw.raw_clickstream_events_stage": "loader",
    }  # fmt: skip
    for sql, allowed in asked.items():
        roles = [job for job in ("loader", "transformer", "analyst", "developer") if may(f"spark9_{job}", sql)]
        assert roles == allowed.split(), sql


def test_the_mail_address_is_tagged_and_masked_in_each_table_that_has_it(
    both: tuple[ProjectUnderTest, SnowflakeProject],
) -> None:
    project = both[1]
    for grant in (
        "grant usage on schema engagement to role spark9_analyst",
        "grant usage on schema engagement_raw to role spark9_analyst",
        "grant select on table engagement.dim_customer to role spark9_analyst",
        "grant select on table engagement.customer_history to role spark9_analyst",
        "grant select on table engagement_raw.raw_customer_demographics to role spark9_analyst",
    ):
        project.change(grant)
    for table in (
        "engagement.dim_customer",
        "engagement.customer_history",
        "engagement_raw.raw_customer_demographics",
    ):
        asked = f"select first_name, email from {table} as t where customer_id = 'c3' order by 2 desc limit 1"
        assert project.query(asked, "spark9_analyst") == [("***", "***")], table
        assert project.query(asked, "spark9_transformer")[0][1].lower().startswith("bea3@example.com"), table
    # what is not declared may be personal, too, and so may the text of a row that was rejected or replaced
    for table, column in {
        "raw_customer_demographics": "other_fields",
        "rejected_rows": "row_text",
        "replaced_rows": "row_data",
    }.items():
        project.change(f"grant select on table engagement_raw.{table} to role spark9_analyst")
        asked = f"select distinct {column} from engagement_raw.{table} where {column} is not null"
        assert project.query(asked, "spark9_analyst") == [("***" if column == "row_text" else '"***"',)], table
        assert len(str(project.query(asked, "spark9_transformer"))) > 40, table
    sent = " ".join(entry["sql"] for entry in project.emulator.statements())
    for column in ("email", "first_name"):
        tag = f"modify column {column} set tag spark_no9_main.engagement.personal_data = 'yes'"
        assert f"alter table spark_no9_main.engagement_raw.raw_customer_demographics {tag}" in sent
        assert f"alter table spark_no9_main.engagement.dim_customer {tag}" in sent
    marts = project.query(
        "select table_name, column_name from information_schema.columns where table_schema = 'ENGAGEMENT_MARTS'"
    )
    assert marts
    assert not [row for row in marts if row[1] in ("EMAIL", "FIRST_NAME")]


def test_checks_are_read_from_the_log_alike(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    ours, theirs = both
    there = check_area(theirs.project, "engagement")
    with pytest.MonkeyPatch.context() as target:
        for name in theirs.emulator.environment():
            target.delenv(name)
        here = check_area(ours.project, "engagement")
    assert there == here
    assert here.passed > 20
    assert not here.critical


def test_nothing_new_changes_nothing_and_moves_no_byte(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    project = both[1]
    before = len(project.emulator.statements())
    assert [result[1:5] for result in ingest(project)] == [(0, 0, 0, 0), (0, 0, 0, 0)]
    sent = [entry["sql"].lower() for entry in project.emulator.statements()[before:]]
    assert not [sql for sql in sent if sql.startswith(("copy", "put", "create"))]
    everything = [entry["sql"].lower() for entry in project.emulator.statements()]
    assert not [sql for sql in everything if sql.startswith("put")]


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        pytest.param("clickstream/wrong.json", lines(*["{bad"] * 20), "feed-rejected", id="rejected"),
        pytest.param("customers/wrong.csv", b"customer_id,first_name,mail,region,signup_date\n1,a,b,c,2026-01-01\n", "feed-changed", id="lacks a column"),
        pytest.param("clickstream/renamed.json", lines({"event_id": "r", "user": "c1", "timestamp": "2026-11-01T00:00:00Z"}), "feed-changed", id="renamed field"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(
    both: tuple[ProjectUnderTest, SnowflakeProject], file: str, content: bytes, code: str
) -> None:
    project = both[1]
    tables = ("raw_customer_demographics", "raw_clickstream_events", "ingested_files", "rejected_rows", "replaced_rows")
    before = [table_of_snowflake(project.emulator, f"engagement_raw.{table}", frozenset()) for table in tables]
    put({file: content})
    try:
        with pytest.raises(Spark9Error) as refused:
            ingest(project)
    finally:
        boto3.client("s3").delete_object(Bucket=BUCKET, Key=file)
    assert refused.value.code == code
    assert before == [table_of_snowflake(project.emulator, f"engagement_raw.{table}", frozenset()) for table in tables]
    [(told,)] = project.query(
        "select error_code from engagement_raw.ingestion_logs order by log_timestamp desc limit 1"
    )
    assert told == code


def test_a_file_that_copy_knows_and_the_ledger_does_not_is_refused(
    both: tuple[ProjectUnderTest, SnowflakeProject],
) -> None:
    project = both[1]
    project.change("update engagement_raw.ingested_files set file_name = 'x' where file_name = 'late.json'")
    try:
        with pytest.raises(Spark9Error, match=r"load metadata has s3://spark9-engagement/clickstream/late\.json"):
            ingest(project, "engagement.clickstream")
    finally:
        project.change("update engagement_raw.ingested_files set file_name = 'late.json' where file_name = 'x'")


def test_a_location_that_has_moved_or_is_a_folder_is_refused(
    both: tuple[ProjectUnderTest, SnowflakeProject], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = both[1]
    monkeypatch.setenv("SPARK9_ENGAGEMENT_LOCATION", str(tmp_path))
    moved = SnowflakeProject(project.root, project.emulator)
    with pytest.raises(Spark9Error, match=r"has s3://spark9-engagement/customers/all.csv, which is not in"):
        ingest(moved)
    ddl = moved.project.macros
    with pytest.raises(Spark9Error, match=r"is in the folder .* which Snowflake can't read"):
        ddl.call(
            "feed_schema_ddl", "other_raw", [feed.for_macros() for feed in named_feeds(moved.project, "engagement")]
        )


def test_every_statement_sent_is_snowflakes_sql(both: tuple[ProjectUnderTest, SnowflakeProject]) -> None:
    sent = {entry["sql"] for entry in both[1].emulator.statements() if not entry["error"]}
    assert not unknown_statements(sent)
    kinds = " ".join(sorted(sent)).lower()
    for form in (
        "create stage if not exists",
        "list @",
        "copy into",
        "create masking policy",
        "create tag",
        "merge into",
    ):
        assert form in kinds, form


def test_rows_whose_replacement_is_cancelled_are_replaced_by_the_next_build(
    both: tuple[ProjectUnderTest, SnowflakeProject], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delete that is committed without its insert would take sessions and visitors away for good."""
    ours, theirs = both
    for number, table in enumerate(("fact_sessions", "utm_visitors")):
        columns, name = CLOCKS | {"page_key"}, f"engagement.{table}"
        standing = table_of_snowflake(theirs.emulator, name, columns)
        # in the midst of sessions that stand there
        moved = [event(4000 + 100 * number + at, f"c{at}", 13 * at + 3) for at in range(7)]
        put({f"clickstream/midst{number}.json": lines(*moved)})
        ingest(theirs)
        theirs.change(f"alter account set emulator_cancels = 'insert into \\S*engagement.{table}'")
        assert theirs.dbt("build", "--selector", "engagement").statuses[table] == "error"
        theirs.change("alter account set emulator_cancels = ''")
        assert table_of_snowflake(theirs.emulator, name, columns) == standing
        assert theirs.dbt("build", "--selector", "engagement").success
        with monkeypatch.context() as target:
            for variable in theirs.emulator.environment():
                target.delenv(variable)
            ingest(ours)
            assert ours.dbt("build", "--selector", "engagement").success
        rows = table_of_snowflake(theirs.emulator, name, columns)
        assert not differences(name, table_of_duckdb(ours, name, columns), rows)
        assert rows != standing
