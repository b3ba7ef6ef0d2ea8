"""The commands that build, and that show what happened and whether all is well."""

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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be built, and build nothing.")] = False,
) -> None:
    """Build the clients that have anything new, and the marts, with dbt.

    First checks which clients have anything new, and exits at once if there is nothing to do.

    Example: spark9 build
    """
    from loader.operations.stale import build_stale, stale_clients
    from loader.project.dbt import import_dbt_meanwhile

    clients, are_marts_old = stale_clients(settings.workspace)
    if not clients and not are_marts_old:
        print_done("Nothing is new since the last build.")
        return
    import_dbt_meanwhile()
    named = ", ".join(map(str, clients[:10])) + (f" and {len(clients) - 10} more" if len(clients) > 10 else "")
    print_note(f"new: {named or 'the marts'}")
    if not dry_run:
        print_build(build_stale(settings.workspace, clients))


def status(settings: Context) -> None:
    """Show clients, waves, scores and failed steps.

    Example: spark9 status
    """
    from loader.operations.status import client_statuses

    print_status(client_statuses(settings.workspace))


def doctor(settings: Context) -> None:
    """Check files, connection, role, warehouse and each client's stage, and say what to fix; fails when one fails.

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
    """Compare the registry with the warehouse's roles and grants; fails when they differ.

    Example: spark9 audit
    """
    from loader.clients.access import audit_access

    if not settings.workspace.warehouse.enforces_roles:
        print_note("DuckDB has no roles: the registry says who may use what, and nothing enforces it.")
        return
    differences = audit_access(settings.workspace)
    print_access_differences(differences)
    if differences:
        raise typer.Exit(int(ExitCode.FAILED))
    print_done("Roles and grants are as the registry says.")


def log(
    settings: Context,
    client: ClientKey,
    errors: Annotated[bool, typer.Option("--errors", help="Only the steps that failed.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many steps to show, the latest first.")] = 50,
) -> None:
    """Show the log of a client, the latest step first.

    Example: spark9 log --client acme/meta/2024 --errors
    """
    from loader.operations.status import read_log

    steps = read_log(settings.workspace, client, errors_only=errors, limit=limit)
    print_log(client, steps, errors_only=errors)
