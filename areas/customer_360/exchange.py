"""Customers as files in S3: uploaded there, and ingested from there like any feed."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import dataclass, replace

from areas.customer_360.errors import GenerationRefusedError
from areas.customer_360.plan import area_feed, install, install_stage
from areas.feeds.declared import Feed
from areas.feeds.errors import FeedRefusedError
from areas.feeds.files import FeedFiles
from areas.feeds.ingesting import IngestResult
from areas.feeds.logs import INFO, RunStep, log_steps, new_run_id
from areas.feeds.running import ingest_with_alerts
from loader.project.project import Project
from loader.workspace import Workspace

_FILE = "customers.csv"


@dataclass(frozen=True)
class UploadResult:
    """What was uploaded.

    Args:
        location: s3://bucket/customers/customers.csv.
        records: rows in it.
        size_bytes: of the file.
        seconds: from the first question to the last byte.

    """

    location: str
    records: int
    size_bytes: int
    seconds: float


def feed_in(project: Project, bucket: str | None) -> Feed:
    """The feed of customers, at its own location or in a bucket.

    Args:
        project: from `find_project()`.
        bucket: its name, with or without a leading s3://.

    """
    feed = area_feed(project)
    if not bucket:
        return feed
    name = bucket.removeprefix("s3://").strip("/")
    return replace(feed, location=f"s3://{name}/customers/*.csv*")


def upload_customers(workspace: Workspace, bucket: str, *, run_id: str | None = None) -> UploadResult:
    """Upload the generated customers to a bucket as a CSV file, replacing an existing one.

    Args:
        workspace: from `open_workspace()`.
        bucket: its name; endpoint and credentials are found as AWS's own tools find them.
        run_id: for the logs; a new one by default.

    Raises:
        FeedRefusedError: the bucket can't be reached or written.
        GenerationRefusedError: there are no customers.

    """
    started = time.monotonic()
    run_id = run_id or new_run_id()
    if not bucket.strip("/ "):
        raise FeedRefusedError("feed-unreachable", "No bucket was given.", "Name one with --bucket my-bucket")
    feed = feed_in(workspace, bucket)
    warehouse = workspace.warehouse
    with warehouse.session() as session:
        schema = install(workspace, session)
        names = [field.name for field in feed.fields]
        rows = session.query(
            f"select {', '.join(names)} from {schema}.{feed.table} order by cast(customer_id as bigint)"
        )
        if not rows:
            raise GenerationRefusedError(
                "customers-missing",
                "There are no customers to upload.",
                "Generate them first: spark9 customer-360 generate-customers",
            )
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
        content = text.getvalue().encode()
        FeedFiles(feed).write(_FILE, content)
        seconds = time.monotonic() - started
        step = RunStep(run_id, "upload", INFO, feed.name, 1, len(rows), 0, seconds)
        log_steps(workspace, session, schema, [step])
    return UploadResult(f"{feed.folder}{_FILE}", len(rows), len(content), seconds)


def load_customers(workspace: Workspace, bucket: str | None = None, *, run_id: str | None = None) -> IngestResult:
    """Ingest the customers from S3, replacing the existing ones, in one transaction.

    Args:
        workspace: from `open_workspace()`.
        bucket: its name; by default the feed's own location.
        run_id: for the logs; a new one by default.

    Raises:
        FeedRefusedError: see `ingest_feed`.

    """
    feed = feed_in(workspace, bucket)
    with workspace.warehouse.session() as session:
        install_stage(workspace, session, feed)
    return ingest_with_alerts(workspace, feed, run_id=run_id)
