"""What each warehouse does with the files of a feed: list them, and land their rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from areas.feeds.declared import Feed
from areas.feeds.files import FeedFile, FeedFiles, ParseMode
from loader.project.project import Project
from loader.warehouses.interface import Session


def feed_files(project: Project, session: Session, feed: Feed) -> list[FeedFile]:
    """The files at a feed's location, by name.

    Args:
        project: from `find_project()`.
        session: of the warehouse.
        feed: the feed.

    Raises:
        FeedRefusedError: the place can't be reached.

    """
    if project.target.type == "duckdb":
        return FeedFiles(feed).listed()
    from areas.feeds.snowflake import listed_files  # noqa: PLC0415 - each warehouse for itself

    # as LIST tells them: on Snowflake the loader never reads the files
    return listed_files(session, project.raw_schema_name(feed.schema_name), feed)


def land_feed(
    project: Project,
    session: Session,
    feed: Feed,
    schema: str,
    files: Mapping[int, FeedFile],
    ingested_at: datetime,
    *,
    parse_mode: ParseMode,
) -> None:
    """Land files of a feed in its raw table and in rejected_rows, within the caller's transaction.

    Args:
        project: from `find_project()`.
        session: of the warehouse.
        feed: the feed.
        schema: of its raw table on this target.
        files: by the ingestion_id of each.
        ingested_at: the time for its rows, UTC.
        parse_mode: how carefully; each is slower than the one before, and all give the same rows. On Snowflake there is
            no difference: its file formats replace bytes that are no UTF-8, and its parser may meet any line.

    Raises:
        FeedDamagedError: a file can't be read in that way; the transaction is lost.
        FeedRefusedError: a file lacks columns.

    """
    if project.target.type == "duckdb":
        from areas.feeds import duckdb  # noqa: PLC0415 - each warehouse for itself
        from loader.warehouses.duckdb import DuckDBSession  # noqa: PLC0415

        connection = cast("DuckDBSession", session).connection
        duckdb.land_feed(connection, project, feed, schema, files, ingested_at, parse_mode=parse_mode)
        return
    from areas.feeds import snowflake  # noqa: PLC0415

    snowflake.land_feed(project, session, feed, schema, files, ingested_at)
