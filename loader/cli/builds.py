"""The command that builds what changed: `spark9 build`."""

from __future__ import annotations

from typing import Annotated

import typer

from loader.cli.context import Context
from loader.cli.output import print_build, print_done, print_note


def build(
    settings: Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be built, and build nothing.")] = False,
) -> None:
    """Build stale clients and the marts with dbt.

    Checks first which clients have changes, and exits at once if nothing has changed.

    Example: spark9 build
    """
    from loader.builds.stale import build_stale, stale_clients
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
