"""Feeds, on which the other areas stand: `spark9 ingest`, the ledger of files, logs and alerts."""

from loader.areas import Area

AREA = Area(
    name="feeds",
    commands="areas.feeds.commands:app",
    checks="areas.feeds.doctor:feed_checks",
    tables=("feed_tables",),
)
