"""The checks of `spark9 doctor` on feeds."""

from __future__ import annotations

from collections.abc import Iterator

from areas.feeds.declared import Feed, areas_of, feeds_of
from areas.feeds.landing import feed_files
from loader.errors import Spark9Error
from loader.project.project import Project
from loader.warehouses.interface import Session, Warehouse
from ops.doctor import Check


def feed_checks(project: Project, warehouse: Warehouse) -> Iterator[Check]:
    """Whether the files of each feed can be listed, for areas that have ingested any."""
    for area in areas_of(project):
        for feed in feeds_of(project, area):
            schema = project.raw_schema_name(feed.schema_name)
            try:
                with warehouse.session() as session:
                    if feed.table not in session.tables(schema) or not _has_files(session, schema, feed):
                        continue
                    count = len(feed_files(project, session, feed))
            except Spark9Error as error:
                yield Check(feed.name, False, error.problem, error.remedy)
            else:
                yield Check(feed.name, True, f"{count} files at {feed.location}")


def _has_files(session: Session, schema: str, feed: Feed) -> bool:
    """Whether files were ingested; data generated in the warehouse has none."""
    statement = (
        f"select count(*) from {schema}.ingested_files where feed = ? and replaced_by is null and size_bytes > 0"
    )
    return bool(session.query(statement, [feed.name])[0][0])
