"""Onboarding: registry, models folder, schema, tables and stage of a client, and who may use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from loader.errors import ClientUnknownError, WarehouseRefusedError
from loader.log import LogEntry, write_log
from loader.names import ClientSchema
from loader.project import Project
from loader.registry import Access, RegisteredClient, Registry
from loader.warehouse import WaitNotice, Warehouse, open_warehouse
from loader.wave_state import LOADER_TABLES, require_tables

_NO_SUCH_USER = "no-such-user"


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


@dataclass(frozen=True)
class AccessDifference:
    """One difference between the registry and the warehouse's roles and grants.

    Args:
        client_schema: the client, or several.
        problem: what differs, as a sentence.
        remedy: the statement or command that mends it; none where a person has to decide.

    """

    client_schema: str
    problem: str
    remedy: str | None


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
        elif warehouse.enforces_roles:
            session.run(project.macros.call("as_admin", project.macros.call("client_schema_ddl", schema)))
    warehouse.create_stage(schema)
    registry = Registry(project)
    registered = registry.add(names) if models else False
    wanted = dict.fromkeys(grants, "owner")
    if warehouse.enforces_roles:
        wanted = {row.user_name: row.access for row in registry.accesses(names)} | wanted
    unknown = []
    for user, access in wanted.items():
        try:
            _give_access(project, warehouse, names, user, access)
        except WarehouseRefusedError as error:
            if error.code != _NO_SUCH_USER:
                raise
            unknown.append(user)
    return Onboarded(schema, registered, created, unknown)


def list_client_schemas(project: Project) -> list[RegisteredClient]:
    """All clients of the registry, archived ones too, by schema."""
    return Registry(project).clients()


def grant_schema_access(project: Project, names: ClientSchema, user_name: str, access: str = "reader") -> bool:
    """Let a person use a client's schema; true if that is a change of the registry.

    On Snowflake the person gets the client's role for owners or readers. DuckDB has no roles: there the grant is kept
    in seeds/client_access.csv and shown, and nothing enforces it.

    Args:
        project: from `find_project()`.
        names: the client.
        user_name: an e-mail address or login.
        access: 'owner' or 'reader'.

    Raises:
        ClientUnknownError: the client is not in the registry.
        NameRefusedError: the user or access is not valid.
        WarehouseRefusedError: the person is no user of the warehouse.

    """
    return _give_access(project, open_warehouse(project), names, user_name, access)


def _give_access(project: Project, warehouse: Warehouse, names: ClientSchema, user_name: str, access: str) -> bool:
    """See `grant_schema_access`; the registry is written once the warehouse has agreed."""
    registry = Registry(project)
    registry.check_grant(names, user_name, access)
    former = {row.access for row in registry.accesses(names) if row.user_name == user_name.strip()} - {access}
    statements = [_user_access(project, names, user_name, level, revoke=True) for level in sorted(former)]
    try:
        _run_as_admin(project, warehouse, [*statements, _user_access(project, names, user_name, access)])
    except WarehouseRefusedError as error:
        if error.code != "statement-refused" or user_name.strip().upper() not in error.problem.upper():
            raise
        raise WarehouseRefusedError(
            _NO_SUCH_USER,
            f"{user_name} could not be given a role: {error.problem}",
            remedy="Have the user made in Snowflake under that name (in upper case), then run the command again.",
        ) from error
    return registry.grant(names, user_name, access)


def revoke_schema_access(project: Project, names: ClientSchema, user_name: str) -> bool:
    """Take a person's access away; true if there was any. See `grant_schema_access`."""
    registry = Registry(project)
    held = [row for row in registry.accesses(names) if row.user_name == user_name.strip()]
    statements = [_user_access(project, names, row.user_name, row.access, revoke=True) for row in held]
    _run_as_admin(project, open_warehouse(project), statements)
    return registry.revoke(names, user_name)


def audit_access(project: Project, *, wait_seconds: float = 300.0) -> list[AccessDifference]:
    """Where the registry and the warehouse's roles and grants differ; none on DuckDB, which has no roles.

    Args:
        project: from `find_project()`.
        wait_seconds: how long to wait for a locked warehouse.

    Raises:
        WarehouseRefusedError: the user may not look at roles.

    """
    warehouse = open_warehouse(project, wait_seconds)
    if not warehouse.enforces_roles:
        return []
    with warehouse.session() as session:
        macros = project.macros.asking(lambda sql: SimpleNamespace(rows=session.rows(sql)))
        return [AccessDifference(**difference) for difference in macros.call("access_differences")]


def _user_access(project: Project, names: ClientSchema, user_name: str, access: str, *, revoke: bool = False) -> str:
    schema = project.schema_name(names.name)
    return str(project.macros.call("user_access_ddl", schema, user_name.strip(), access, revoke))


def _run_as_admin(project: Project, warehouse: Warehouse, statements: Sequence[str]) -> None:
    """Run statements as the role that owns clients' roles, where the warehouse has roles."""
    text = "\n".join(statement for statement in statements if statement.strip())
    if warehouse.enforces_roles and text:
        with warehouse.session() as session:
            session.run(project.macros.call("as_admin", text))


def list_schema_access(project: Project, names: ClientSchema | None = None) -> list[Access]:
    """Who may use which client's schema."""
    return Registry(project).accesses(names)


def set_restatement(
    project: Project,
    names: ClientSchema,
    policy: str,
    *,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> bool:
    """Set what happens to restated rows of a client; the next build judges all of its waves again.

    Args:
        project: from `find_project()`.
        names: the client.
        policy: 'supersede' (the later value counts), 'both' or 'refuse'.
        wait_seconds: how long to wait for a locked warehouse.
        on_wait: is told when the warehouse is waited for.

    Returns:
        Whether that is a change.

    Raises:
        NameRefusedError: the policy is none of the three.
        ClientUnknownError: the client is not in the registry, or has no tables.

    """
    schema = project.schema_name(names.name)
    Registry(project).get(names)
    with open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session, session.transaction(lock=schema):
        require_tables(session, project, names)
        changed = Registry(project).set_restatement(names, policy)
        if changed:
            session.run(project.macros.call("reprocess_wave_sql", schema, None))
    return changed


def archive_client_schema(project: Project, names: ClientSchema) -> None:
    """Take a client out of builds, marts and loads; its tables and originals stay. `spark9 client add` brings it back.

    On Snowflake its owners and readers lose their way in.

    Raises:
        ClientUnknownError: the client is not in the registry.

    """
    registry = Registry(project)
    registry.get(names, archived_too=True)
    closing = project.macros.call("archive_access_ddl", project.schema_name(names.name))
    _run_as_admin(project, open_warehouse(project), [closing])
    registry.archive(names)


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
