"""What reads S3 and sends alerts shows no secret, either (tests/project/test_secrets.py)."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from areas.feeds.alerts import Alert, send_without_warehouse
from areas.feeds.declared import feeds_of
from areas.feeds.files import FeedFiles
from loader.alerts import CRITICAL
from tests.project.test_secrets import DUCKDB, FORMS, SENTINEL, shows, with_profile
from tests.support import copy_project


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", f"{SENTINEL}-aws-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", f"{SENTINEL}-aws")
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    return copy_project(tmp_path / "project", "engagement")


def test_the_file_system_of_s3_shows_no_secret(root: Path) -> None:
    s3 = FeedFiles(feeds_of(with_profile(root, DUCKDB), "engagement")[0]).s3
    for carrier in (s3, vars(s3)):
        assert [form for form, write in FORMS.items() if shows(write(carrier))] == []


def test_an_alert_that_can_not_be_sent_does_not_name_its_address(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(
        "SPARK9_ALERTS", f"json://ann:{SENTINEL}@127.0.0.1:1/{SENTINEL} nonsense://{SENTINEL} {SENTINEL}"
    )
    project = with_profile(root, DUCKDB)
    with caplog.at_level(logging.DEBUG):
        send_without_warehouse(project, "engagement_raw", "r1", Alert("ingest x", CRITICAL, "it failed"))
    written = "".join(path.read_text(encoding="utf-8") for path in (root / "logs").rglob("*") if path.is_file())
    printed = capfd.readouterr()
    assert "could not be sent" in written
    assert not shows(written + caplog.text + printed.out + printed.err)
