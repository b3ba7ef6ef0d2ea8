"""Undo on a warehouse that keeps earlier states itself: Snowflake's Time Travel."""

from __future__ import annotations

from loader.clients.registry import Registry
from loader.clients.tables import LOADER_TABLES, tables_of
from loader.log import SUCCESS, LogEntry
from loader.names import ClientKey
from loader.workspace import Workspace
from ops.recovery.errors import RecoveryError
from ops.recovery.store import as_time


def travel_back(workspace: Workspace, client: ClientKey, at: str | None) -> str:
    """Bring a dropped client's schema back, or take its tables back to a time; what was done, as a sentence.

    Args:
        workspace: from `open_workspace()`.
        client: the client; of one that was dropped, the registry need not have it.
        at: a time (UTC) such as 2026-11-30T18:00; none to bring a dropped schema back.

    Raises:
        RecoveryError: the schema is there and no time is given, or it is no time.
        WarehouseRefusedError: Snowflake does not keep that state any more.

    """
    workspace.require_own_raw_rows()
    schema, warehouse, macros = workspace.raw_schema_name(client.name), workspace.warehouse, workspace.macros
    with warehouse.session() as session:
        if not session.tables(schema) & LOADER_TABLES:
            session.run(macros.call("with_admin_role", macros.call("undrop_schema_ddl", schema)))
            return f"The schema {schema} is back. For roles, registry and models: spark9 client add {client}"
    if at is None:
        raise RecoveryError(
            "no-backup", f"{client} has its tables, and no time is given.", "Name the time to go back to with --at."
        )
    back_to = f"{as_time(at):%Y-%m-%d %H:%M:%S}"
    with tables_of(workspace, Registry(workspace).get(client), warehouse) as tables, tables.transaction():
        tables.run("undo_client_sql", back_to)
        tables.log(LogEntry("restore", SUCCESS, details={"back_to": back_to}))
    return f"{client} is as it was at {back_to} UTC."
