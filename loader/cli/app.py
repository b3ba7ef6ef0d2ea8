"""The console script `spark9`: parses, calls the library, prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from loader.areas import contributed
from loader.cli import clients, mapping, waves
from loader.cli.commands import command
from loader.cli.context import Context
from loader.cli.output import print_error, print_note
from loader.errors import ExitCode, Spark9Error, as_known
from loader.filesystem import exit_on_signals


@cache
def _of_areas() -> Mapping[str, Any]:
    """The commands that areas contribute."""
    found = typer.Typer(rich_markup_mode=None)
    for commands in contributed("commands"):
        found.add_typer(commands)
    return typer.main.get_group(found).commands if found.registered_groups else {}


class _Commands(TyperGroup):
    """The core's commands and those of areas, which are imported only where the core has none of that name."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The core's first."""
        self.commands.update(_of_areas())
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, if there is one."""
        if cmd_name not in self.commands:
            self.commands.update(_of_areas())
        return super().get_command(ctx, cmd_name)


app = typer.Typer(
    name="spark9",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Load waves of ad campaign exports, and manage the clients they belong to.\n\n"
    "Example: spark9 load export.csv --client acme/meta/2024 --wave 2 --build",
    epilog="Exit codes: 0 done, 1 failed, 2 usage error, 3 refused, 4 warehouse busy, 5 loaded but the build failed, "
    "6 differences found by compare or verify, 130 interrupted.",
)
for function in (
    waves.load,
    waves.reprocess,
    waves.build,
):
    command(app)(function)
app.add_typer(clients.app, name="client")
app.add_typer(mapping.app, name="mapping")
app.add_typer(waves.app, name="wave")


@app.callback()
def start(
    context: typer.Context,
    project_dir: Annotated[
        Path | None, typer.Option(help="The project folder. Default: the current folder, or the nearest one above it.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="The target in profiles.yml. Default: the profile's own.")] = None,
    wait: Annotated[
        float, typer.Option(help="How many seconds to wait while another process uses the warehouse.")
    ] = 300.0,
) -> None:
    """Store the options that all commands share; the project is found when a command needs it."""
    context.obj = Context(project_dir, target, wait)


def main() -> None:
    """Run the command line; every error of the library becomes a message and an exit code."""
    exit_on_signals()
    try:
        app()
    except Exception as error:
        if known := as_known(error):
            print_error(known)
            sys.exit(int(known.exit_code))
        if os.environ.get("SPARK9_DEBUG"):
            raise
        if str(error) == "Query interrupted":  # what DuckDB makes of Ctrl-C
            print_note("Interrupted.")
            sys.exit(int(ExitCode.INTERRUPTED))
        message = f"{type(error).__name__}: {error}"
        remedy = "This is a bug in spark9. Run the command again with SPARK9_DEBUG=1 set, and report what it prints."
        print_error(Spark9Error("internal-error", message, unchanged="", remedy=remedy))
        sys.exit(int(ExitCode.FAILED))
