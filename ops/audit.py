"""Whether the warehouse's roles and grants are those of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

from loader.workspace import Workspace


@dataclass(frozen=True)
class AccessDifference:
    """One difference between the registry and the warehouse's roles and grants.

    Args:
        client_schema: the client, or several.
        problem: what differs, as a sentence.
        remedy: the statement or command that fixes it; none where a person has to decide.

    """

    client_schema: str
    problem: str
    remedy: str | None


def audit_access(workspace: Workspace) -> list[AccessDifference]:
    """Where the registry and the warehouse's roles and grants differ; none on DuckDB, which has no roles.

    Args:
        workspace: from `open_workspace()`.

    Raises:
        WarehouseRefusedError: the user may not look at roles.

    """
    warehouse = workspace.warehouse
    if not warehouse.enforces_roles:
        return []
    with warehouse.session() as session:
        macros = workspace.macros.asking(lambda sql: SimpleNamespace(rows=session.rows(sql)))
        return [AccessDifference(**difference) for difference in macros.call("access_differences")]
