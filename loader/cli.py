"""The console script `spark9`: parses, calls the library, prints."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from loader import cli_checks, cli_clients, cli_waves
from loader.cli_context import Context
from loader.cli_output import (
    print_access_differences,
    print_build,
    print_check,
    print_done,
    print_error,
    print_log,
    print_note,
    print_status,
)
from loader.errors import ExitCode, Spark9Error

app = typer.Typer(
    name="spark9",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Load waves of ad campaign exports, and look after the clients that they belong to.\n\n"
    "Example: spark9 load export.csv --client acme --platform meta --year 2024 --wave 2 --build",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused, 4 warehouse busy, 5 loaded but the build failed, "
    "6 compared or verified and different.",
)
app.add_typer(cli_clients.app, name="client")
app.command("load")(cli_waves.load)
app.command("verify")(cli_checks.verify)
app.command("compare")(cli_checks.compare)
app.command("reprocess")(cli_waves.reprocess)
app.add_typer(cli_waves.mapping_app, name="mapping")
app.add_typer(cli_waves.wave_app, name="wave")


@app.callback()
def start(
    context: typer.Context,
    project_dir: Annotated[
        Path | None, typer.Option(help="The project's folder; without it the current one or the nearest above it.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="The target of profiles.yml; without it the profile's own.")
    ] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait while another process uses the warehouse.")] = 300.0,
) -> None:
    """Keep the options that all commands share; the project is looked for when a command needs it."""
    context.obj = Context(project_dir, target, wait)


@app.command()
def build(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be built, and build nothing.")] = False,
) -> None:
    """Build the clients that have anything new, and the marts, with dbt; ends at once where there is nothing.

    Example: spark9 build
    """
    from loader.building import build_news, clients_with_news, import_dbt_meanwhile

    settings: Context = context.obj
    clients, are_marts_old = clients_with_news(settings.project, wait_seconds=settings.wait, on_wait=settings.on_wait)
    if not clients and not are_marts_old:
        print_done("Nothing is new since the last build.")
        return
    import_dbt_meanwhile()
    named = ", ".join(map(str, clients[:10])) + (f" and {len(clients) - 10} more" if len(clients) > 10 else "")
    print_note(f"new: {named or 'the marts'}")
    if not dry_run:
        print_build(build_news(settings.project, clients))


@app.command()
def status(context: typer.Context) -> None:
    """Show clients, waves, scores and failed steps.

    Example: spark9 status
    """
    from loader.status import client_statuses

    settings: Context = context.obj
    print_status(client_statuses(settings.project, wait_seconds=settings.wait, on_wait=settings.on_wait))


@app.command()
def doctor(context: typer.Context) -> None:
    """Check files, connection, role, warehouse and each client's stage, and say what to mend; fails when one fails.

    Example: spark9 doctor
    """
    from loader.doctor import examine

    settings: Context = context.obj
    failed = 0
    for check in examine(settings.project, wait_seconds=min(settings.wait, 10.0)):
        print_check(check)
        failed += not check.passed
    if failed:
        raise typer.Exit(int(ExitCode.FAILED))


@app.command()
def audit(context: typer.Context) -> None:
    """Compare the registry with the warehouse's roles and grants; fails when they differ.

    Example: spark9 audit
    """
    from loader.clients import audit_access
    from loader.warehouse import open_warehouse

    settings: Context = context.obj
    if not open_warehouse(settings.project).enforces_roles:
        print_note("DuckDB has no roles: the registry says who may use what, and nothing enforces it.")
        return
    differences = audit_access(settings.project, wait_seconds=settings.wait)
    print_access_differences(differences)
    if differences:
        raise typer.Exit(int(ExitCode.FAILED))
    print_done("Roles and grants are as the registry says.")


@app.command()
def log(
    context: typer.Context,
    client: cli_waves.ClientOption,
    platform: cli_waves.PlatformOption,
    year: cli_waves.YearOption,
    errors: Annotated[bool, typer.Option("--errors", help="Only the steps that failed.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many steps to show, the latest first.")] = 50,
) -> None:
    """Show the log of a client, the latest step first.

    Example: spark9 log --client acme --platform meta --year 2024 --errors
    """
    from loader.status import read_log

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    steps = read_log(
        settings.project, names, errors_only=errors, limit=limit, wait_seconds=settings.wait, on_wait=settings.on_wait
    )
    print_log(names, steps, errors_only=errors)


def main() -> None:
    """Run the command line; every error of the library becomes a message and an exit code."""
    try:
        app()
    except Spark9Error as error:
        print_error(error)
        sys.exit(int(error.exit_code))
    except Exception as error:
        if os.environ.get("SPARK9_DEBUG"):
            raise
        message = f"{type(error).__name__}: {error}"
        remedy = "This is a fault of spark9: run it again with SPARK9_DEBUG=1 set, and report what that prints."
        print_error(Spark9Error("internal-error", message, unchanged="", remedy=remedy))
        sys.exit(int(ExitCode.FAILED))
