"""Onboarding: registry, models folder, schema, tables and stage of a client, and who may use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loader.errors import ClientUnknownError
from loader.log import LogEntry, write_log
from loader.names import ClientSchema
from loader.project import Project
from loader.registry import Access, RegisteredClient, Registry
from loader.warehouse import WaitNotice, open_warehouse
from loader.wave_state import LOADER_TABLES


@dataclass(frozen=True)
class Onboarded:
    """What onboarding changed.

    Args:
        schema: the schema's name on this target.
        registered: the client is new in the registry, or active again.
        created: its tables were made.

    """

    schema: str
    registered: bool
    created: bool


def create_client_platform_schema(
    project: Project,
    names: ClientSchema,
    *,
    grants: Sequence[str] = (),
    models: bool = True,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> Onboarded:
    """Onboard a client on one platform in one year; what is there already stays as it is.

    Args:
        project: from `find_project()`.
        names: from `client_schema()`.
        grants: people who may use the schema as owners.
        models: write registry and models folder too; without it only the warehouse's side is made.
        wait_seconds: how long to wait for a locked warehouse.
        on_wait: is told when the warehouse is waited for.

    Raises:
        NameRefusedError: a user's name is not valid.
        WarehouseBusyError: the warehouse stayed locked.

    """
    schema = project.schema_name(names.name)
    warehouse = open_warehouse(project, wait_seconds)
    with warehouse.session(on_wait=on_wait) as session:
        created = not session.tables(schema) >= LOADER_TABLES
        if created:
            with session.transaction():
                session.run(project.macros.call("as_admin", project.macros.call("client_schema_ddl", schema)))
                write_log(session, schema, [LogEntry("onboard", "completed")])
    warehouse.create_stage(schema)
    registry = Registry(project)
    registered = registry.add(names) if models else False
    for user in grants:
        registry.grant(names, user, "owner")
    return Onboarded(schema, registered, created)


def list_client_schemas(project: Project) -> list[RegisteredClient]:
    """All clients of the registry, archived ones too, by schema."""
    return Registry(project).clients()


def grant_schema_access(project: Project, names: ClientSchema, user_name: str, access: str = "reader") -> bool:
    """Let a person use a client's schema; true if that is a change.

    DuckDB has no roles: there the grant is kept in seeds/client_access.csv and shown, and nothing enforces it.

    Args:
        project: from `find_project()`.
        names: the client.
        user_name: an e-mail address or login.
        access: 'owner' or 'reader'.

    Raises:
        ClientUnknownError: the client is not in the registry.
        NameRefusedError: the user or access is not valid.

    """
    return Registry(project).grant(names, user_name, access)


def revoke_schema_access(project: Project, names: ClientSchema, user_name: str) -> bool:
    """Take a person's access away; true if there was any. See `grant_schema_access`."""
    return Registry(project).revoke(names, user_name)


def list_schema_access(project: Project, names: ClientSchema | None = None) -> list[Access]:
    """Who may use which client's schema."""
    return Registry(project).accesses(names)


def archive_client_schema(project: Project, names: ClientSchema) -> None:
    """Take a client out of builds, marts and loads; its tables and originals stay. `spark9 client add` brings it back.

    Raises:
        ClientUnknownError: the client is not in the registry.

    """
    Registry(project).archive(names)


def drop_client_schema(
    project: Project, names: ClientSchema, *, wait_seconds: float = 300.0, on_wait: WaitNotice | None = None
) -> None:
    """Remove a client for good: tables, originals, registry, access and models folder.

    The registry comes last, so that a drop that was interrupted can be run again.

    Raises:
        ClientUnknownError: the client is neither in the registry nor in the warehouse.
        WarehouseBusyError: the warehouse stayed locked.

    """
    schema = project.schema_name(names.name)
    warehouse = open_warehouse(project, wait_seconds)
    registry = Registry(project)
    registered = names.name in {client.client_schema for client in registry.clients()}
    with warehouse.session(on_wait=on_wait) as session:
        if not registered and not session.tables(schema):
            raise ClientUnknownError(f"{names} is not in the registry.", "See `spark9 client list`.")
        session.run(project.macros.call("as_admin", project.macros.call("drop_client_schema_ddl", schema)))
    warehouse.drop_stage(schema)
    registry.remove(names)


def check_clients(project: Project) -> list[str]:
    """Where the generated files and the registry differ, one sentence each; none when all is as it should be."""
    return Registry(project).differences()
