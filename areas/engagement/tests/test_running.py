"""Runs and alerts: sent once, to real local servers, and resumed after the step that failed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from areas.engagement.sample import BUCKET
from areas.engagement.tests.conftest import LOCATION, Engagement, event
from areas.feeds.errors import FeedRefusedError
from tests.emulator.process import free_port


class Mailbox:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self.texts: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a message."""
        self.texts.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def posted() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A web server that takes JSON messages: its URL for apprise, and what it got."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}", got
    server.shutdown()


@pytest.fixture
def mailed() -> Iterator[tuple[str, Mailbox]]:
    """A mail server: its URL for apprise, and what it got."""
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"mailto://127.0.0.1:{port}?from=spark9@example.com&to=ops@example.com&mode=insecure", box
    controller.stop()


def test_a_failure_is_told_once_and_its_recovery_too(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch, posted: tuple[str, list[dict[str, Any]]]
) -> None:
    monkeypatch.setenv("SPARK9_ALERTS", posted[0])
    engagement.events("a.json", ["{broken"])
    for _ in range(2):
        assert engagement.spark9("ingest", "engagement.clickstream").code == 3
    assert [message["title"] for message in posted[1]] == ["engagement: ingest engagement.clickstream failed"]
    assert "{broken" in posted[1][0]["message"]
    engagement.events("a.json", [event(1, "c1", 0)])
    for _ in range(2):
        assert engagement.spark9("ingest", "engagement.clickstream").code == 0
    assert [message["title"] for message in posted[1]][1:] == ["engagement: resolved"]


def test_a_broken_alert_is_logged_without_its_secret_and_tried_again(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch, posted: tuple[str, list[dict[str, Any]]]
) -> None:
    monkeypatch.setenv("SPARK9_ALERTS", "json://user:secret@127.0.0.1:9 nonsense")
    engagement.events("a.json", ["{broken"])
    run = engagement.spark9("ingest", "engagement.clickstream")
    assert run.code == 3
    logged = engagement.query(
        "select error_code, error_message from engagement_raw.ingestion_logs where step = 'alert'"
    )
    assert [code for code, _ in logged] == ["alert-failed"]
    assert "secret" not in run.text + str(logged) + (engagement.root / "logs/ingestion.log").read_text("utf-8")
    monkeypatch.setenv("SPARK9_ALERTS", posted[0])
    engagement.spark9("ingest", "engagement.clickstream")
    assert len(posted[1]) == 1


@pytest.mark.slow
def test_a_run_resumes_fails_on_critical_checks_and_tells_warnings_elsewhere(
    engagement: Engagement,
    monkeypatch: pytest.MonkeyPatch,
    posted: tuple[str, list[dict[str, Any]]],
    mailed: tuple[str, Mailbox],
) -> None:
    monkeypatch.setenv("SPARK9_ALERTS", posted[0])
    monkeypatch.setenv("SPARK9_WARNINGS", mailed[0])
    engagement.customers("a.csv", [["c1", "Ann", "a@x.org", "EU", "2026-02-31"]])
    engagement.events("a.json", ["{broken"])
    assert engagement.spark9("engagement", "run").code == 3
    assert len(posted[1]) == 1

    engagement.events("a.json", [event(1, "c1", 0), event(2, "c1", 60)])
    run = engagement.spark9("engagement", "run")
    assert run.code == 0, run.text
    assert "ingest engagement.customers done before" in " ".join(run.text.replace("│", " ").split())
    assert engagement.query("select count(distinct run_id) from engagement_raw.ingestion_logs") == [(1,)]
    assert [message["title"] for message in posted[1]][1:] == ["engagement: resolved"]
    assert len(mailed[1].texts) == 1
    assert "customers__sign_up_days_can_be_read" in mailed[1].texts[0]

    engagement.change("delete from engagement_raw.raw_clickstream_events where event_id = 'e2'")
    run = engagement.spark9("engagement", "run")
    assert (run.code, "checks-failed" in run.text) == (5, True), run.text
    assert "click_events__rows_agree_with_the_files" in str(posted[1][-1])
    assert len(mailed[1].texts) == 1
    severities = engagement.query(
        "select distinct severity from engagement_marts.quality_checks where check_name = 'click_events__rows_agree_with_the_files'"
    )
    assert severities == [("critical",)]


def test_an_area_without_a_check_is_not_said_to_be_well(engagement: Engagement) -> None:
    run = engagement.spark9("engagement", "check")
    assert (run.code, "checks-missing" in run.text) == (1, True), run.text


def test_dbt_unit_tests_of_sessions_and_merges_pass(engagement: Engagement) -> None:
    run = engagement.dbt(
        "test",
        "--select",
        "test_type:unit,areas/engagement/models/engagement",
        "--indirect-selection",
        "eager",
    )
    assert run.success, run.statuses
    assert set(run.statuses) == {
        "sessions_end_after_half_an_hour_of_silence",
        "a_late_event_joins_two_sessions",
        "of_a_double_event_the_later_one_is_merged",
        "only_customers_that_changed_are_merged",
        "a_visitor_stays_counted_while_some_day_shows_them",
    }


@pytest.mark.slow
def test_the_doctor_says_whether_the_files_can_be_listed(engagement: Engagement) -> None:
    assert "engagement" not in engagement.spark9("doctor").text
    engagement.customers("a.csv", [["c1", "Ann", "a@x.org", "EU", "2026-01-01"]])
    engagement.events("a.json", [event(1, "c1", 0)])
    engagement.ingest()
    well = engagement.spark9("doctor")
    assert well.code == 0, well.text
    assert "1 files at" in well.text
    shutil.rmtree(engagement.bucket / "clickstream")
    ill = engagement.spark9("doctor")
    assert ill.code == 1
    assert "engagement.clickstream: the folder" in ill.text


@pytest.mark.slow
def test_wrong_credentials_are_said_and_nothing_is_taken_in(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    # a process of its own, since moto asks who somebody is in the whole process or not at all
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "0"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_port(port)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv(LOCATION, f"s3://{BUCKET}")
        with pytest.raises(FeedRefusedError) as refused:
            engagement.ingest("engagement.clickstream")
    finally:
        server.terminate()
        server.wait(10)
    assert refused.value.code == "feed-unreachable"
    assert "AWS_ACCESS_KEY_ID" in refused.value.remedy
    assert "not-the-secret" not in refused.value.problem
    assert engagement.query("select count(*) from engagement_raw.raw_clickstream_events") == [(0,)]


def wait_for_port(port: int) -> None:
    """Wait until somebody listens on a port of this machine."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens on port {port}")
