"""What is ingested, what is rejected, and what stops an ingestion with nothing changed."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from areas.engagement.tests.conftest import LOCATION, Engagement, event
from areas.feeds.local_s3 import local_s3
from loader.errors import Spark9Error
from tests.support import witnesses

CLICKS = "engagement_raw.raw_clickstream_events"


def test_rows_that_are_none_are_kept_with_file_line_text_and_reason(engagement: Engagement) -> None:
    good = [event(number, "c1", number) for number in range(1000)]
    engagement.events(
        "a.json", [*good, "{bad", "", event(1, "c1", 0, timestamp="soon"), '["x"]', event(2, "c", 0, event_id="")]
    )
    engagement.put("clickstream/b.json.gz", gzip.compress(json.dumps(event(5000, None, 3, extra={"a": 1})).encode()))
    [result] = engagement.ingest("engagement.clickstream")
    assert (result.files, result.rows_loaded, result.rows_rejected) == (2, 1001, 4)
    assert result.notes == ("undeclared fields, stored in other_fields: extra",)
    assert engagement.query("select file_name, line_number, reason from engagement_raw.rejected_rows order by 2") == [
        ("a.json", 1001, "is no JSON object"),
        ("a.json", 1003, "timestamp is no time that can be read"),
        ("a.json", 1004, "is no JSON object"),
        ("a.json", 1005, "event_id is empty"),
    ]
    assert engagement.query("select row_text from engagement_raw.rejected_rows where line_number = 1001") == [("{bad",)]
    assert engagement.query(f"select line_number from {CLICKS} where event_id = 'e999'") == [(1000,)]
    assert engagement.query(f"select other_fields from {CLICKS} where event_id = 'e5000'") == [('{"extra":{"a":1}}',)]


NO_EVENTS = (
    "{bad", '["x"]', '"text"', '{"event_id": "a"} {"event_id": "b"}', "\t[1]\t", '{"event_id": "  ", "timestamp": "x"}',
    '{"timestamp": "2026-11-01T00:00:00Z"}', '{"event_id": "e", "timestamp": "-026-11-01T00:00:00.000Z"}',
)  # fmt: skip
WITH_BRACES = ('{"event_id": }', "  {'event_id': 'x'}  ", '{"event_id": "e", "duration_ms": 01}')


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("broken", [(), WITH_BRACES], ids=["plain", "checked"])
def test_each_line_is_landed_or_rejected_once_wherever_it_stands(
    engagement: Engagement, seed: int, broken: tuple[str, ...]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - which lines, no secret
    files = {}
    for name in ("a.json", "b.json"):
        bad = [*chance.choices(NO_EVENTS, k=8), *broken]
        good = [json.dumps(event(number, "c1", number % 1440)) for number in range(1200)]
        good = [chance.choice([line, line, f"\t{line} ", f" {line}"]) for line in good]
        lines = [*good, *[""] * 30, *bad[2:]]
        chance.shuffle(lines)
        files[name] = [bad[0], *lines, bad[1]]
        engagement.events(name, files[name])
    [result] = engagement.ingest("engagement.clickstream")
    assert (result.rows_loaded, result.rows_rejected) == (2400, 2 * (8 + len(broken)))
    rows = engagement.query(f"select file_name, line_number, event_id from {CLICKS}")
    wanted = {
        (name, at): json.loads(line)["event_id"]
        for name, lines in files.items()
        for at, line in enumerate(lines, 1)
        if line and line not in {*NO_EVENTS, *broken}
    }
    assert {(name, at): key for name, at, key in rows} == wanted
    assert len(rows) == len(wanted)
    rejected = engagement.query("select file_name, line_number, row_text from engagement_raw.rejected_rows")
    assert sorted(rejected) == sorted(
        (name, at, line)
        for name, lines in files.items()
        for at, line in enumerate(lines, 1)
        if line and (name, at) not in wanted
    )


def test_the_short_way_to_a_time_gives_what_the_long_one_gives(engagement: Engagement) -> None:
    """Of 24 signs, most forms are known without a pattern; each is compared with Python's reading of the pattern."""
    chance = random.Random(7)  # noqa: S311 - which times, no secret
    texts = [
        "-026-01-01T00:00:00.000Z",
        "2026-02-30T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z",
        "2026-01-01T00:00:60.000Z",
    ]
    for _ in range(3000):
        when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=chance.randrange(4_000_000_000_000))
        text = list(when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z")
        for _ in range(chance.choice([0, 0, 1, 2])):
            text[chance.randrange(24)] = chance.choice("0123456789:-TZ. +/")
        texts.append("".join(text))
    reading = engagement.project.macros.call("parse_event_time", "text")
    connection = duckdb.connect()
    connection.execute("create table given as select unnest(?) as text", [texts])
    found = dict(connection.execute(f"select text, {reading} from given").fetchall())
    form = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?")
    assert [text for text, value in found.items() if value is not None and not form.fullmatch(text)] == []
    # Python knows no year 0, and no hour 24
    common = [text for text in found if form.fullmatch(text) and text[:4] != "0000" and text[11:13] != "24"]
    assert [(text, found[text]) for text in common if found[text] != _time(text)] == []
    assert len([text for text in common if found[text] is not None]) > 1500


def _time(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when


def test_a_file_is_taken_in_once_and_a_changed_one_in_place_of_itself(engagement: Engagement) -> None:
    engagement.events("a.json", [event(1, "c1", 0), event(2, "c1", 1)])
    engagement.ingest("engagement.clickstream")
    assert [result.files for result in engagement.ingest("engagement.clickstream")] == [0]
    engagement.events("a.json", [event(2, "c1", 1), event(3, "c1", 2), event(4, "c1", 2)])
    [result] = engagement.ingest("engagement.clickstream")
    assert (result.files, result.files_replaced, result.rows_loaded) == (1, 1, 3)
    assert engagement.query(f"select event_id from {CLICKS} order by 1") == [("e2",), ("e3",), ("e4",)]
    assert engagement.query("select row_key from engagement_raw.replaced_rows order by 1") == [("e1",), ("e2",)]


def test_customers_are_what_the_current_files_say(engagement: Engagement) -> None:
    engagement.customers("a.csv", [["c1", "Ann", "a@x.org", "EU", "2026-01-01"]])
    engagement.customers("b.csv", [["c2", '"Bo, jr"', "", "US", ""]])
    engagement.ingest("engagement.customers")
    (engagement.bucket / "customers/a.csv").unlink()
    [result] = engagement.ingest("engagement.customers")
    assert (result.files, result.rows_loaded) == (1, 1)
    rows = engagement.query("select customer_id, first_name, email from engagement_raw.raw_customer_demographics")
    assert rows == [("c2", "Bo, jr", None)]


def test_bytes_that_are_no_utf8_are_rejected_and_the_rest_is_taken_in(engagement: Engagement) -> None:
    lines = "".join(json.dumps(event(number, "c1", number)) + "\n" for number in range(200)).encode()
    engagement.put("clickstream/a.json", lines + b'{"event_id": "\xff", "timestamp": "2026-11-01T00:00:00Z"}\n')
    [result] = engagement.ingest("engagement.clickstream")
    assert (result.rows_loaded, result.rows_rejected) == (200, 1)
    assert engagement.query("select line_number, reason from engagement_raw.rejected_rows") == [(201, "is not UTF-8")]


def test_a_json_array_is_taken_in_and_a_broken_one_refused(engagement: Engagement) -> None:
    sources = engagement.root / "areas/engagement/models/engagement/_sources.yml"
    sources.write_text(sources.read_text("utf-8").replace("format: json lines", "format: json array"), "utf-8")
    engagement.put("clickstream/a.json", json.dumps([event(1, "c1", 0), event(2, "c1", 1)]))
    engagement.ingest("engagement.clickstream")
    assert engagement.query(f"select event_id, line_number from {CLICKS} order by 2") == [("e1", 1), ("e2", 2)]
    engagement.put("clickstream/b.json", '[{"event_id": "e3"')
    with pytest.raises(Spark9Error, match=r"b\.json") as refused:
        engagement.ingest("engagement.clickstream")
    assert refused.value.code == "feed-unreadable"
    assert engagement.query(f"select count(*) from {CLICKS}") == [(2,)]


WRONG: dict[str, tuple[str, Callable[[Engagement], object]]] = {
    "other columns": ("feed-changed", lambda it: it.customers("b.csv", [["c9", "A"]], header="customer_id,name")),
    "a column twice": (
        "feed-changed",
        lambda it: it.customers("b.csv", [], header="customer_id,first_name,email,email,region,signup_date"),
    ),
    "JSON in place of CSV": ("feed-changed", lambda it: it.put("customers/b.csv", '{"customer_id": 1}\n')),
    "CSV in place of JSON": ("feed-rejected", lambda it: it.put("clickstream/b.json", "event_id,timestamp\n1,2\n")),
    "a field renamed": (
        "feed-changed",
        lambda it: it.put("clickstream/b.json", '{"event_id":"x","timestamp":"2026-11-01T00:00:00Z","userId":"c1"}\n'),
    ),
    "too many rejected": ("feed-rejected", lambda it: it.events("b.json", [event(7, "c1", 0), "{"])),
    "no files": ("feed-empty", lambda it: (it.bucket / "customers/a.csv").rename(it.bucket / "a.csv")),
    "no folder": ("feed-unreachable", lambda it: (it.bucket / "customers").rename(it.bucket / "gone")),
}


@pytest.mark.parametrize("case", witnesses(WRONG, lambda case: WRONG[case][0]))
def test_what_is_wrong_is_told_with_its_code_and_changes_nothing(engagement: Engagement, case: str) -> None:
    engagement.customers("a.csv", [["c1", "Ann", "a@x.org", "EU", "2026-01-01"]])
    engagement.events("a.json", [event(1, "c1", 0)])
    engagement.ingest()
    tables = ("raw_customer_demographics", "raw_clickstream_events", "ingested_files", "rejected_rows")
    before = {table: engagement.query(f"from engagement_raw.{table} order by all") for table in tables}
    code, do = WRONG[case]
    do(engagement)
    run = engagement.spark9("ingest", "engagement")
    assert run.code == 3, run.text
    assert f"error ({code})" in run.text
    assert "The feed's tables were not changed." in run.text
    assert {table: engagement.query(f"from engagement_raw.{table} order by all") for table in tables} == before
    logged = engagement.query("select error_code from engagement_raw.ingestion_logs where status = 'ERROR'")
    assert logged == [(code,)]
    assert f"error_code={code}" in (engagement.root / "logs/ingestion.log").read_text(encoding="utf-8")


def test_an_unknown_feed_is_answered_with_those_that_are(engagement: Engagement) -> None:
    run = engagement.spark9("ingest", "engagement.nope")
    assert run.code == 3
    assert "engagement.customers" in run.text


@pytest.mark.slow
def test_feeds_in_s3_are_read_and_a_wrong_bucket_or_endpoint_is_told(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "shop/clickstream/a.json": json.dumps(event(1, "c1", 0)).encode(),
        "shop/clickstream/b.json.gz": gzip.compress(json.dumps(event(2, "c1", 0)).encode()),
        "shop/customers/c.csv": b"customer_id,first_name,email,region,signup_date\nc1,Ann,,EU,2026-01-01\n",
    }
    with local_s3(files, "bucket") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv(LOCATION, "s3://bucket/shop")
        assert [(result.files, result.rows_loaded) for result in engagement.ingest()] == [(1, 1), (2, 2)]
        assert [result.files for result in engagement.ingest()] == [0, 0]
        monkeypatch.setenv(LOCATION, "s3://no-such-bucket")
        run = engagement.spark9("ingest", "engagement.customers")
        assert (run.code, "feed-unreachable" in run.text) == (3, True), run.text
        monkeypatch.setenv(LOCATION, "s3://bucket/empty")
        run = engagement.spark9("ingest", "engagement.customers")
        assert (run.code, "feed-empty" in run.text) == (3, True), run.text
    monkeypatch.setenv(LOCATION, "s3://bucket/shop")
    run = engagement.spark9("ingest", "engagement.customers")
    assert (run.code, "feed-unreachable" in run.text) == (3, True), run.text


def test_a_log_that_cannot_be_written_stops_nothing(engagement: Engagement) -> None:
    engagement.events("a.json", [event(1, "c1", 0)])
    (engagement.root / "logs").mkdir(exist_ok=True)
    (engagement.root / "logs/ingestion.log").unlink(missing_ok=True)
    Path(engagement.root / "logs/ingestion.log").mkdir()
    assert [result.rows_loaded for result in engagement.ingest("engagement.clickstream")] == [1]


UNDECLARED = "customer_id,first_name,email,region,signup_date,tier,consent,phone"
SHUFFLED = "tier,phone,customer_id,,signup_date,email,consent,region,first_name"


def test_undeclared_columns_keep_their_own_cells_wherever_they_stand(engagement: Engagement) -> None:
    engagement.customers("a.csv", [["c1", "Ann", "ann@x.com", "EMEA", "2024-01-01", "gold", "yes", "+49"]], UNDECLARED)
    engagement.customers(
        "b.csv", [["silver", "+1", "c2", "odd", "2024-02-01", "bo@x.com", "no", "NA", "Bo"]], f"{SHUFFLED},,"
    )
    [result] = engagement.ingest("engagement.customers")
    assert result.notes == ("undeclared fields, stored in other_fields: column_4, consent, phone, tier",)
    rows = engagement.query(
        "select * exclude (ingestion_id, ingested_at) from engagement_raw.raw_customer_demographics"
    )
    assert {row[0]: (row[1:5], json.loads(row[5])) for row in rows} == {
        "c1": (("Ann", "ann@x.com", "EMEA", "2024-01-01"), {"tier": "gold", "consent": "yes", "phone": "+49"}),
        "c2": (
            ("Bo", "bo@x.com", "NA", "2024-02-01"),
            {"tier": "silver", "phone": "+1", "column_4": "odd", "consent": "no"},
        ),
    }


def test_files_that_an_earlier_version_read_wrongly_are_ingested_again_on_demand(engagement: Engagement) -> None:
    engagement.customers("a.csv", [["c1", "Ann", "a@x.org", "EU", "2026-01-01", "gold"]], UNDECLARED[:-14])
    engagement.events("a.json", [event(1, "c1", 0)])
    engagement.ingest()
    engagement.change("""update engagement_raw.raw_customer_demographics set other_fields = '{"tier": "c1"}'""")
    assert [result.files for result in engagement.ingest()] == [0, 0]
    run = engagement.spark9("ingest", "engagement", "--again")
    assert run.code == 0, run.text
    assert engagement.query("select other_fields from engagement_raw.raw_customer_demographics") == [
        ('{"tier":"gold"}',)
    ]
    assert engagement.query(f"select event_id from {CLICKS}") == [("e1",)]
    assert engagement.query("select row_key from engagement_raw.replaced_rows") == [("e1",)]


@pytest.mark.slow
def test_an_event_of_a_broken_clock_is_rejected_and_stops_nothing(engagement: Engagement) -> None:
    good = [event(number, "c1", number) for number in range(1000)]
    soon = (datetime.now(UTC) + timedelta(hours=20)).isoformat()
    late = (datetime.now(UTC) + timedelta(hours=30)).isoformat()
    wrong = [event(2000 + at, "c1", 0, timestamp=when) for at, when in enumerate([0, "1970-01-01T00:00:01Z", late, "0001-01-01T00:00:00Z", 4102444800, "9999-12-31T23:59:59.999999Z"])]  # fmt: skip
    engagement.events("a.json", [*good, *wrong, event(3000, "c1", 0, timestamp=soon)])
    engagement.customers("a.csv", [["c1", "Ann", "a@x.org", "EU", "2026-01-01"]])
    assert engagement.ingest()[1].rows_loaded == 1001
    rejected = engagement.query("select line_number, reason from engagement_raw.rejected_rows order by 1")
    assert rejected == [
        (1001, "timestamp is no time that can be read"),
        (1002, "timestamp is before 2020-01-01, where the calendar begins"),
        (1003, "timestamp is more than a day in the future"),
        (1004, "timestamp is before 2020-01-01, where the calendar begins"),
        (1005, "timestamp is more than a day in the future"),
        (1006, "timestamp is more than a day in the future"),
    ]
    run = engagement.build()
    assert run.success, run.failures
