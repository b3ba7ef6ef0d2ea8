"""Who may use a client's schema: roles and grants of the warehouse."""

from __future__ import annotations

from collections.abc import Sequence

from loader.clients.registry import Access, Registry
from loader.clients.tables import note_step
from loader.errors import WarehouseRefusedError
from loader.log import SUCCESS, LogEntry
from loader.names import ClientKey
from loader.project.project import Project
from loader.warehouses.interface import Warehouse
from loader.workspace import Workspace

NO_SUCH_USER = "no-such-user"


def grant_schema_access(workspace: Workspace, client: ClientKey, user_name: str, access: str = "reader") -> bool:
    """Give a person access to a client's schema; true if that changes the registry.

    On Snowflake the person gets the client's role for owners or readers. DuckDB has no roles: there the grant is
    recorded in seeds/client_access.csv, but not enforced.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        user_name: an e-mail address or login.
        access: 'owner' or 'reader'.

    Raises:
        ClientUnknownError: the client is not in the registry.
        NameRefusedError: the user or access is not valid.
        WarehouseRefusedError: the person is not a user of the warehouse.

    """
    return give_access(workspace, workspace.warehouse, client, user_name, access)


def revoke_schema_access(workspace: Workspace, client: ClientKey, user_name: str) -> bool:
    """Revoke a person's access; true if there was any. See `grant_schema_access`."""
    registry = Registry(workspace)
    held = registry.held(client, user_name)
    statements = [_user_access(workspace, client, row.user_name, row.access, revoke=True) for row in held]
    warehouse = workspace.warehouse
    run_with_admin_role(workspace, warehouse, statements)
    changed = registry.revoke(client, user_name)
    if changed:
        note_step(workspace, warehouse, client, LogEntry("revoke", SUCCESS, details={"user": user_name.strip()}))
    return changed


def list_schema_access(project: Project, client: ClientKey | None = None) -> list[Access]:
    """Who may use which client's schema."""
    return Registry(project).accesses(client)


def give_access(project: Project, warehouse: Warehouse, client: ClientKey, user_name: str, access: str) -> bool:
    """See `grant_schema_access`; the registry is written once the warehouse has agreed."""
    registry = Registry(project)
    registry.check_grant(client, user_name, access)
    former = {row.access for row in registry.held(client, user_name)} - {access}
    statements = [_user_access(project, client, user_name, level, revoke=True) for level in sorted(former)]
    try:
        run_with_admin_role(project, warehouse, [*statements, _user_access(project, client, user_name, access)])
    except WarehouseRefusedError as error:
        if error.code != "statement-refused" or user_name.strip().upper() not in error.problem.upper():
            raise
        raise WarehouseRefusedError(
            NO_SUCH_USER,
            f"{user_name} could not be granted a role: {error.problem}",
            remedy="Have an administrator create the user in Snowflake under that name (in upper case), then run "
            "the command again.",
        ) from error
    changed = registry.grant(client, user_name, access)
    if changed:
        details = {"user": user_name.strip(), "access": access}
        note_step(project, warehouse, client, LogEntry("grant", SUCCESS, details=details))
    return changed


def _user_access(project: Project, client: ClientKey, user_name: str, access: str, *, revoke: bool = False) -> str:
    schema = project.raw_schema_name(client.name)
    return str(project.macros.call("user_access_ddl", schema, user_name.strip(), access, revoke))


def run_with_admin_role(project: Project, warehouse: Warehouse, statements: Sequence[str]) -> None:
    """Run statements as the role that owns clients' roles, where the warehouse has roles."""
    text = "\n".join(statement for statement in statements if statement.strip())
    if warehouse.enforces_roles and text:
        with warehouse.session() as session:
            session.run(project.macros.call("with_admin_role", text))
