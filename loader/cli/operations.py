"""The commands that build, and that show history and health."""

from __future__ import annotations

from typing import Annotated

import typer

from loader.cli.context import Context
from loader.cli.output import (
    print_access_differences,
    print_build,
    print_check,
    print_done,
    print_log,
    print_note,
    print_status,
)
from loader.errors import ExitCode
from loader.names import ClientKey


def build(
    settings: Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be built, and build nothing.")] = False,
) -> None:
    """Build stale clients and the marts with dbt.

    Checks first which clients have changes, and exits at once if nothing has changed.

    Example: spark9 build
    """
    from loader.operations.stale import build_stale, stale_clients
    from loader.project.dbt import import_dbt_meanwhile

    clients, are_marts_old = stale_clients(settings.workspace)
    if not clients and not are_marts_old:
        print_done("Nothing has changed since the last build.")
        return
    import_dbt_meanwhile()
    named = ", ".join(map(str, clients[:10])) + (f" and {len(clients) - 10} more" if len(clients) > 10 else "")
    print_note(f"to build: {named or 'the marts'}")
    if not dry_run:
        print_build(build_stale(settings.workspace, clients))


def status(settings: Context) -> None:
    """Show clients, waves, scores and failed steps.

    Example: spark9 status
    """
    from loader.operations.status import client_statuses

    print_status(client_statuses(settings.workspace))


def doctor(settings: Context) -> None:
    """Check files, connection, role, warehouse and each client's stage; print how to fix what fails.

    Example: spark9 doctor
    """
    from loader.operations.doctor import examine

    failed = 0
    for check in examine(settings.workspace.waiting(min(settings.wait, 10.0))):
        print_check(check)
        failed += not check.passed
    if failed:
        raise typer.Exit(int(ExitCode.FAILED))


def audit(settings: Context) -> None:
    """Compare the registry with the warehouse's roles and grants. Fails if they differ.

    Example: spark9 audit
    """
    from loader.clients.access import audit_access

    if not settings.workspace.warehouse.enforces_roles:
        print_note("DuckDB has no roles: the registry records who may use what, but it is not enforced.")
        return
    differences = audit_access(settings.workspace)
    print_access_differences(differences)
    if differences:
        raise typer.Exit(int(ExitCode.FAILED))
    print_done("Roles and grants match the registry.")


def log(
    settings: Context,
    client: ClientKey,
    errors: Annotated[bool, typer.Option("--errors", help="Show only failed steps.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many steps to show, latest first.")] = 50,
) -> None:
    """Show the log of a client, latest step first.

    Example: spark9 log --client acme/meta/2024 --errors
    """
    from loader.operations.status import read_log

    steps = read_log(settings.workspace, client, errors_only=errors, limit=limit)
    print_log(client, steps, errors_only=errors)
