"""Onboarding and its end: registry, models folder, schema, tables and stage of a client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loader.clients.access import NO_SUCH_USER, give_access, run_with_admin_role
from loader.clients.registry import RegisteredClient, Registry
from loader.clients.tables import LOADER_TABLES, note_step, open_client
from loader.errors import ClientUnknownError, WarehouseRefusedError
from loader.log import SUCCESS, LogEntry, write_log
from loader.names import ClientKey
from loader.project.project import Project
from loader.warehouses.interface import Session
from loader.workspace import Workspace


@dataclass(frozen=True)
class Onboarded:
    """What onboarding changed.

    Args:
        schema: the schema's name on this target.
        registered: the client is new in the registry, or active again.
        created: its tables were made.
        unknown_users: people of the registry or of `grants` who are no users of the warehouse, so they got no role.

    """

    schema: str
    registered: bool
    created: bool
    unknown_users: list[str]


def create_client_platform_schema(
    workspace: Workspace,
    client: ClientKey,
    *,
    grants: Sequence[str] = (),
    models: bool = True,
) -> Onboarded:
    """Onboard a client on one platform in one year; existing parts are kept unchanged.

    Args:
        workspace: from `open_workspace()`.
        client: from `client_schema()`.
        grants: people who may use the schema as owners.
        models: write registry and models folder too; without it only the warehouse's side is made.

    Raises:
        NameRefusedError: a user's name is not valid.
        WarehouseBusyError: the warehouse stayed locked.

    """
    workspace.require_own_raw_rows()
    schema = workspace.raw_schema_name(client.name)
    warehouse = workspace.warehouse
    with warehouse.session() as session:
        there = session.tables(schema)
        created = not there >= LOADER_TABLES
        if not there & LOADER_TABLES:
            _refuse_if_lost(workspace, session, client)
        with session.definition():
            # of a client that is there: columns that came with a later version, and roles
            session.run(workspace.macros.call("with_admin_role", workspace.macros.call("client_schema_ddl", schema)))
            if created:
                write_log(session, schema, [LogEntry("onboard", SUCCESS)])
    warehouse.create_stage(schema)
    registry = Registry(workspace)
    registered = registry.add(client) if models else False
    wanted = dict.fromkeys(grants, "owner")
    if warehouse.enforces_roles:
        wanted = {row.user_name: row.access for row in registry.accesses(client)} | wanted
    unknown = []
    for user, access in wanted.items():
        try:
            give_access(workspace, warehouse, client, user, access)
        except WarehouseRefusedError as error:
            if error.code != NO_SUCH_USER:
                raise
            unknown.append(user)
    return Onboarded(schema, registered, created, unknown)


def _refuse_if_lost(project: Project, session: Session, client: ClientKey) -> None:
    """Stop if the marts show waves of a client that has no tables: empty ones would hide the loss.

    Raises:
        ClientUnknownError: that is so.

    """
    marts = project.schema_name("marts")
    if (marts,) not in session.query(project.macros.call("tables_found", "waves")):
        return
    if session.query(f"select 1 from {marts}.waves where client_schema = ? limit 1", [client.name]):
        raise ClientUnknownError(
            f"{client} has no tables on target '{project.target.name}', though marts.waves shows its waves.",
            "Restore its tables. If they were dropped on purpose, remove the client from seeds/clients.csv"
            " (spark9 client drop), run spark9 build, then add it again.",
        )


def list_client_schemas(project: Project) -> list[RegisteredClient]:
    """All clients of the registry, archived ones too, by schema."""
    return Registry(project).clients()


def set_policies(
    workspace: Workspace,
    client: ClientKey,
    *,
    restatement: str | None = None,
    overlap: str | None = None,
) -> bool:
    """Set what happens to restated and overlapping rows of a client; the next build reevaluates all its waves.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        restatement: 'supersede' (the later value counts), 'both' or 'refuse'; none to leave it.
        overlap: 'finest' (the finest export without a breakdown counts), 'both' or 'refuse'; none to leave it.

    Returns:
        Whether that is a change.

    Raises:
        NameRefusedError: a policy is none of these.
        ClientUnknownError: the client is not in the registry, or has no tables.

    """
    registry = Registry(workspace)
    before = registry.get(client)
    try:
        with open_client(workspace, client) as tables, tables.transaction():
            changed = registry.set_policies(client, restatement, overlap)
            if changed:
                tables.log(LogEntry("policies", SUCCESS, details={"restatement": restatement, "overlap": overlap}))
                tables.run("reprocess_wave_sql", None)
    except BaseException:
        registry.set_policies(client, before.restatement, before.overlap)
        raise
    return changed


def archive_client_schema(workspace: Workspace, client: ClientKey) -> None:
    """Exclude a client from builds, marts and loads; tables and originals are kept. `spark9 client add` restores it.

    On Snowflake its owners and readers lose their access.

    Raises:
        ClientUnknownError: the client is not in the registry.

    """
    registry = Registry(workspace)
    registry.get(client, archived_too=True)
    workspace.require_own_raw_rows()
    closing = workspace.macros.call("archive_access_ddl", workspace.raw_schema_name(client.name))
    warehouse = workspace.warehouse
    run_with_admin_role(workspace, warehouse, [closing])
    note_step(workspace, warehouse, client, LogEntry("archive", SUCCESS))
    registry.archive(client)


def drop_client_schema(workspace: Workspace, client: ClientKey) -> None:
    """Permanently delete a client: tables, originals, registry, access and models folder.

    The registry comes last, so that a drop that was interrupted can be run again.

    Raises:
        ClientUnknownError: the client is neither in the registry nor in the warehouse.
        WarehouseBusyError: the warehouse stayed locked.

    """
    workspace.require_own_raw_rows()
    schema = workspace.raw_schema_name(client.name)
    warehouse = workspace.warehouse
    registry = Registry(workspace)
    registered = client.name in {row.client_schema for row in registry.clients()}
    with warehouse.session() as session:
        if not registered and not session.tables(schema):
            raise ClientUnknownError(f"{client} is not in the registry.", "See `spark9 client list`.")
        with session.definition():
            session.run(
                workspace.macros.call("with_admin_role", workspace.macros.call("drop_client_schema_ddl", schema))
            )
    warehouse.drop_stage(schema)
    registry.remove(client)


def check_clients(project: Project) -> list[str]:
    """Where the generated files and the registry differ, one sentence each; none when all is as it should be."""
    return Registry(project).differences()
