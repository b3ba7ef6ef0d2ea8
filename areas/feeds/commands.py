"""The command of feeds: `spark9 ingest`."""

from __future__ import annotations

from typing import Annotated

import typer

from areas.feeds.output import print_feed_result
from loader.cli.commands import command
from loader.cli.context import Context
from loader.cli.output import print_note

app = typer.Typer()


@command(app)
def ingest(
    settings: Context,
    feed: Annotated[
        str, typer.Argument(help="An area, such as engagement, or one of its feeds: engagement.customers.")
    ],
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Also ingest unchanged files, for example after an upgrade that reads them better."
        ),
    ] = False,
) -> None:
    """Ingest new and changed files of feeds, each feed in one transaction.

    Example: spark9 ingest engagement.clickstream
    """
    from areas.feeds.declared import named_feeds
    from areas.feeds.running import ingest_with_alerts

    for declared in named_feeds(settings.workspace, feed):
        print_note(f"{declared.name}: reading {declared.location}")
        print_feed_result(ingest_with_alerts(settings.workspace, declared, again=again))
