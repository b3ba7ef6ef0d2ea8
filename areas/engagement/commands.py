"""The commands of feeds: `spark9 ingest`, and `spark9 engagement ...`."""

from __future__ import annotations

from typing import Annotated

import typer

from loader.cli.commands import command
from loader.cli.context import Context
from loader.cli.feed_output import print_area_run, print_checked, print_feed_result
from loader.cli.output import print_note

app = typer.Typer(no_args_is_help=True, help="Run the area engagement: customers and clickstream.")


def ingest(
    settings: Context,
    feed: Annotated[str, typer.Argument(help="An area such as engagement, or one feed of it: engagement.customers.")],
    again: Annotated[
        bool,
        typer.Option("--again", help="Ingest unchanged files, too: after an upgrade that reads them better."),
    ] = False,
) -> None:
    """Ingest the files of feeds that are new or have changed; each feed's in one transaction.

    Example: spark9 ingest engagement.clickstream
    """
    from loader.feeds.running import ingest_with_alerts
    from loader.project.feeds import named_feeds

    for declared in named_feeds(settings.project, feed):
        print_note(f"{declared.name}: reading {declared.location}")
        print_feed_result(ingest_with_alerts(settings.project, declared, again=again, **settings.waiting))


@command(app)
def run(
    settings: Context,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew, also where the last run failed half-way.")
    ] = False,
) -> None:
    """Take in what is new, build the models, look at their checks; goes on after the step that failed.

    Example: spark9 engagement run
    """
    from loader.cli.progress import StepBar
    from loader.feeds.running import run_area

    with StepBar("engagement") as bar:
        done = run_area(
            settings.project,
            "engagement",
            fresh=fresh,
            on_step=print_note,
            on_node=bar.step,
            **settings.waiting,
        )
    print_area_run(done)


@command(app)
def check(settings: Context) -> None:
    """Say what the checks of the last build found, and alert who is to know; fails when a critical one does not hold.

    Example: spark9 engagement check
    """
    from loader.feeds.running import check_area

    print_checked(check_area(settings.project, "engagement", **settings.waiting))
