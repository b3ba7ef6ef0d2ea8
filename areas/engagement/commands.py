"""The commands of the area engagement: `spark9 engagement ...`."""

from __future__ import annotations

from typing import Annotated

import typer

from areas.feeds.output import print_area_run, print_checked
from loader.cli.commands import command
from loader.cli.context import Context
from loader.cli.output import print_note

app = typer.Typer(name="engagement", no_args_is_help=True, help="Run the area engagement: customers and clickstream.")


@command(app)
def run(
    settings: Context,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over, even if the last run failed half-way.")] = False,
) -> None:
    """Ingest new files, build the models and evaluate their checks. Resumes after the step that failed.

    Example: spark9 engagement run
    """
    from areas.feeds.running import run_area
    from loader.cli.output import StepBar

    with StepBar("engagement") as bar:
        done = run_area(
            settings.workspace,
            "engagement",
            fresh=fresh,
            on_step=print_note,
            on_node=bar.step,
        )
    print_area_run(done)


@command(app)
def check(settings: Context) -> None:
    """Show the check results of the last build, and send alerts. Fails if a critical check fails.

    Example: spark9 engagement check
    """
    from areas.feeds.running import check_area

    print_checked(check_area(settings.workspace, "engagement"))
