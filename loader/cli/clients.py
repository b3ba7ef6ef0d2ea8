"""The commands `spark9 client ...`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from loader.cli.commands import PositionalClient, command
from loader.cli.context import Context
from loader.cli.output import print_clients, print_differences, print_done, print_note
from loader.errors import ExitCode, Spark9Error

app = typer.Typer(no_args_is_help=True, help="Onboard clients, manage access to them, archive and drop them.")

UserArgument = Annotated[str, typer.Argument(help="An e-mail address or login.")]


@command(app)
def add(
    settings: Context,
    client: PositionalClient,
    grant: Annotated[
        list[str] | None, typer.Option(help="A person to give access to the schema. Can be repeated.")
    ] = None,
    no_models: Annotated[
        bool,
        typer.Option(
            "--no-models", help="Create only the schema, tables and stage; leave the registry and models unchanged."
        ),
    ] = False,
) -> None:
    """Onboard a client: registry, models folder, schema, tables, stage. Existing parts are kept.

    Example: spark9 client add acme/meta/2024 --grant ann@example.com
    """
    from loader.clients.onboarding import create_client_platform_schema
    from loader.files.headers import PlatformColumns

    done = create_client_platform_schema(settings.workspace, client, grants=grant or [], models=not no_models)
    granted = [user for user in grant or [] if user not in done.unknown_users]
    print_done(
        f"{client}: schema {done.schema} {'created' if done.created else 'already exists'}"
        + (", added to the registry" if done.registered else "")
        + (f", granted to {', '.join(granted)}" if granted else "")
    )
    known = PlatformColumns(settings.workspace).platforms()
    if client.platform not in known:
        print_note(
            f"{client.platform} is not a platform whose headers spark9 knows ({', '.join(known)}). Only headers that "
            "these agree on are recognized; if it is another name for one of them, use that name."
        )
    for user in done.unknown_users:
        print_note(
            f"{user} is not a user of the warehouse yet, so no role was granted. Run this command again once the "
            f"user exists."
        )
    if grant:
        _say_what_enforces(settings)


@command(app, "set")
def set_(
    settings: Context,
    client: PositionalClient,
    restatement: Annotated[
        str | None,
        typer.Option(
            help="What happens when a later export has the same days and ads: supersede (the later value counts), "
            "both (both count) or "
            "refuse (the load is refused)."
        ),
    ] = None,
    overlap: Annotated[
        str | None,
        typer.Option(
            help="What happens when exports have the same days at other levels, by breakdowns or by week: finest "
            "(the finest without a "
            "breakdown counts), both or refuse."
        ),
    ] = None,
    brand: Annotated[
        str | None, typer.Option(help="What the client is called across all of its platforms and years.")
    ] = None,
) -> None:
    """Set what happens when exports of a client cover the same days and campaigns, or what its brand is.

    Example: spark9 client set acme/meta/2024 --restatement both
    """
    from loader.clients.onboarding import set_policies
    from loader.clients.registry import Registry

    if restatement is None and overlap is None and brand is None:
        raise typer.BadParameter("Give --restatement, --overlap or --brand.")
    if brand is not None:
        is_new = Registry(settings.workspace).set_brand(client, brand)
        print_done(f"{client.client}: brand {brand}{'' if is_new else ' (unchanged)'}")
        if is_new:
            print_note("The next dbt build shows it in the marts.")
    if restatement is None and overlap is None:
        return
    changed = set_policies(settings.workspace, client, restatement=restatement, overlap=overlap)
    policies = [f"restated rows {restatement}"] * bool(restatement) + [f"overlapping rows {overlap}"] * bool(overlap)
    print_done(f"{client}: {', '.join(policies)}{'' if changed else ' (unchanged)'}")
    if changed:
        print_note("The next dbt build reevaluates all waves.")


@command(app, "list")
def list_(settings: Context) -> None:
    """List the registered clients and who may use them.

    Example: spark9 client list
    """
    from loader.clients.access import list_schema_access
    from loader.clients.onboarding import list_client_schemas

    print_clients(list_client_schemas(settings.workspace), list_schema_access(settings.workspace))


@command(app)
def grant(
    settings: Context,
    client: PositionalClient,
    user: UserArgument,
    access: Annotated[str, typer.Option(help="owner (full access to its tables) or reader.")] = "reader",
) -> None:
    """Give a person access to a client's schema.

    Example: spark9 client grant acme/meta/2024 ann@example.com --access reader
    """
    from loader.clients.access import grant_schema_access

    changed = grant_schema_access(settings.workspace, client, user, access)
    print_done(f"{client}: {user} {'is' if changed else 'was'} {access}{'' if changed else ' already'}")
    _say_what_enforces(settings)


@command(app)
def revoke(settings: Context, client: PositionalClient, user: UserArgument) -> None:
    """Revoke a person's access to a client's schema.

    Example: spark9 client revoke acme/meta/2024 ann@example.com
    """
    from loader.clients.access import revoke_schema_access

    changed = revoke_schema_access(settings.workspace, client, user)
    print_done(f"{client}: {user} {'no longer has access' if changed else 'had no access'}")


@command(app)
def archive(settings: Context, client: PositionalClient) -> None:
    """Exclude a client from builds, marts and loads. Tables and originals are kept; `client add` restores it.

    Example: spark9 client archive acme/meta/2023
    """
    from loader.clients.onboarding import archive_client_schema

    archive_client_schema(settings.workspace, client)
    print_done(f"{client} is archived: builds skip it; its tables and originals are kept")


@command(app)
def drop(
    settings: Context,
    client: PositionalClient,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Permanently delete a client: tables, originals, registry row, models folder. Asks for confirmation.

    Example: spark9 client drop acme/meta/2023 --yes
    """
    from loader.clients.onboarding import drop_client_schema

    if not yes:
        if not sys.stdin.isatty():
            raise Spark9Error(
                "not-confirmed",
                f"Dropping {client} permanently deletes its tables and originals.",
                remedy="Use --yes to confirm when the command does not run in a terminal.",
                exit_code=ExitCode.USAGE,
            )
        typer.confirm(f"Permanently delete {client} with all its tables and originals?", abort=True)
    drop_client_schema(settings.workspace, client)
    print_done(f"{client} is dropped: tables, originals, registry row and models folder are deleted")


@command(app)
def check(
    settings: Context,
    fix: Annotated[bool, typer.Option("--fix", help="Regenerate the files from the registry.")] = False,
) -> None:
    """Compare the generated files with the registry. Fails if they differ.

    Example: spark9 client check
    """
    from loader.clients.onboarding import check_clients
    from loader.clients.registry import Registry

    if fix:
        Registry(settings.workspace).regenerate()
    differences = check_clients(settings.workspace)
    print_differences(differences)
    if differences:
        raise typer.Exit(int(ExitCode.FAILED))


def _say_what_enforces(settings: Context) -> None:

    if not settings.workspace.warehouse.enforces_roles:
        print_note("DuckDB has no roles: the grant is recorded in seeds/client_access.csv, but not enforced.")
