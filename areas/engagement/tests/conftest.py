"""A project with the area engagement, over a folder in place of S3."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from areas.feeds.declared import named_feeds
from areas.feeds.ingesting import IngestResult, ingest_feed
from tests.support import VARIABLES, DbtRun, ProjectUnderTest, copy_project, shared_project

LOCATION = "SPARK9_ENGAGEMENT_LOCATION"
Event = Mapping[str, Any]


def event(number: int, user: str | None, minute: float, **fields: Any) -> dict[str, Any]:
    """An event of the first of November, some minutes after midnight."""
    hours, minutes = divmod(minute, 60)
    days, hours = divmod(hours, 24)
    seconds = minutes % 1 * 60
    when = f"2026-11-{1 + int(days):02d}T{int(hours):02d}:{int(minutes):02d}:{seconds:06.3f}Z"
    return {
        "event_id": f"e{number}",
        "user_id": user,
        "event_type": "page_view",
        "page_url": "https://shop.example/products",
        "duration_ms": 1000,
        "timestamp": when,
    } | fields


@dataclass
class Engagement(ProjectUnderTest):
    """The project with shortcuts for feeds."""

    @property
    def bucket(self) -> Path:
        """The folder that the feeds read."""
        return self.root.parent / "bucket"

    def events(self, name: str, events: Sequence[Event | str]) -> Path:
        """Write a file of the clickstream; a text stands as it is."""
        lines = [line if isinstance(line, str) else json.dumps(line) for line in events]
        return self.put(f"clickstream/{name}", "".join(f"{line}\n" for line in lines))

    def customers(self, name: str, rows: Sequence[Sequence[str]], header: str = "") -> Path:
        """Write a file of customers."""
        lines = [header or "customer_id,first_name,email,region,signup_date", *(",".join(row) for row in rows)]
        return self.put(f"customers/{name}", "".join(f"{line}\n" for line in lines))

    def put(self, name: str, content: str | bytes) -> Path:
        """Write any file of the bucket."""
        path = self.bucket / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def ingest(self, name: str = "engagement") -> list[IngestResult]:
        """Take in feeds."""
        return [ingest_feed(self.project, feed) for feed in named_feeds(self.project, name)]

    def build(self, *options: str) -> DbtRun:
        """Build and check the area."""
        return self.dbt("build", "--selector", "engagement", *options)

    def figures(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables but what tells when and in which order files came."""
        without = {
            "engagement.dim_customer": "",
            "engagement.dim_page": "",
            "engagement.fact_click_events": "exclude (ingestion_id, changed_by)",
            "engagement.fact_sessions": "exclude (changed_by)",
            "engagement_marts.page_engagement": "",
            "engagement.page_days": "exclude (changed_by)",
            "engagement.visitor_days": "exclude (changed_by)",
            "engagement.utm_days": "exclude (changed_by)",
            "engagement_marts.customer_engagement": "",
            "engagement_marts.utm_engagement": "",
            "engagement_marts.campaign_engagement": "",
        }
        return {table: self.query(f"select * {some} from {table} order by all") for table, some in without.items()}


@pytest.fixture(scope="session")
def parsed_engagement(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """The project with the area, parsed."""

    def make(folder: Path) -> None:
        project = ProjectUnderTest(copy_project(folder, "engagement"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(LOCATION, "bucket")
            assert project.dbt("parse").success

    return shared_project(tmp_path_factory, "engagement", make)


@pytest.fixture
def engagement(
    parsed_engagement: ProjectUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engagement]:
    """A copy of it with an empty bucket."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    copied = Engagement(parsed_engagement.copy(tmp_path).root)
    for feed in ("customers", "clickstream"):
        (copied.bucket / feed).mkdir(parents=True)
    monkeypatch.setenv(LOCATION, str(copied.bucket))
    yield copied
