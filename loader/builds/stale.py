"""Which clients are stale, and a build of just these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from loader.builds.failures import failures_alerted
from loader.clients.registry import Registry
from loader.clients.tables import ClientTables
from loader.names import ClientKey
from loader.project.dbt import BuildResult, NodeNotice, build_selection, no_notice
from loader.project.project import Project
from loader.warehouses.interface import Session
from loader.workspace import Workspace

Marts = Literal["tested", "untested", "left"]


def stale_clients(workspace: Workspace) -> tuple[list[ClientKey], bool]:
    """The active clients that a build would change, and whether the marts are out of date.

    Args:
        workspace: from `open_workspace()`.

    Returns:
        A client is stale if rows wait, if any step came after its last build, if that build warned or failed, or if
        the project's settings changed since: the same test as in the dbt models. A client without tables on the
        target is not stale.

    Raises:
        ClientUnknownError: a client has the tables of an earlier version.

    """
    macros = workspace.macros
    last_steps: dict[str, datetime] = {}
    with workspace.warehouse.session() as session:
        tables = set(session.query(macros.call("tables_among", ["raw_data_staging", "wave_quality", "open_questions"])))
        there, built = [], []
        for client in Registry(workspace).active_clients():
            schema, models = (of(client.client_schema) for of in (workspace.raw_schema_name, workspace.schema_name))
            if (schema, "raw_data_staging") not in tables:
                continue
            if (schema, "open_questions") not in tables:
                ClientTables(workspace, client, session).require()  # raises: they are of an earlier version
            there.append(client)
            if (models, "wave_quality") in tables:
                built.append(
                    {
                        "client_schema": client.client_schema,
                        "staging": f"{schema}.raw_data_staging",
                        "processed": f"{models}.processed_campaign_data",
                        "mapping": f"{schema}.wave_schema_mapping",
                        "log": f"{schema}.processing_log",
                    }
                )
        idle = set()
        for statement in macros.call("build_states_sql", built):
            for client_schema, waiting, is_clean, last_step in session.query(statement):
                last_steps[client_schema] = last_step
                if is_clean and not waiting:
                    idle.add(client_schema)
        found = [client.key for client in there if client.client_schema not in idle]
        are_marts_old = bool(found) or _are_marts_old(session, workspace, last_steps)
    return found, are_marts_old


def _are_marts_old(session: Session, project: Project, last_steps: Mapping[str, datetime]) -> bool:
    """Whether the marts are of another day, of other clients, from before a client's last step, or failed."""
    macros, marts = project.macros, project.schema_name("marts")
    built = {schema for (schema,) in session.query(macros.call("tables_found", "processing_status_today"))}
    if marts not in built:
        return True
    if session.query(macros.call("tables_found", "build_outcomes")):
        outcomes = f"select failed_nodes from {marts}.build_outcomes order by finished_at desc limit 1"
        if any(failed for (failed,) in session.query(outcomes)):
            return True
    days = session.query(f"select max(status_date) from {marts}.processing_status_today")
    shown = session.query(
        f"select client_schema, {macros.call('last_step_sql')} from {marts}.processing_steps group by client_schema"
    )
    return dict(shown) != last_steps or session.query(f"select {macros.call('as_of_date')}") != days


def unbuilt_clients(workspace: Workspace) -> list[ClientKey]:
    """The active clients that were never built; marts, which are of all clients, can't be made before they are.

    Args:
        workspace: from `open_workspace()`.

    """
    with workspace.warehouse.session() as session:
        onboarded, built = (
            {schema for (schema,) in session.query(workspace.macros.call("tables_found", table))}
            for table in ("raw_data_staging", "wave_quality")
        )
    clients = Registry(workspace).active_clients()
    return [
        client.key
        for client in clients
        if workspace.raw_schema_name(client.client_schema) in onboarded
        and workspace.schema_name(client.client_schema) not in built
    ]


def build_stale(
    workspace: Workspace,
    clients: Sequence[ClientKey],
    on_node: NodeNotice = no_notice,
    *,
    marts: Marts = "tested",
) -> BuildResult:
    """Run `dbt build` for some clients and for the marts of all; alerts are sent for waves that fail.

    Args:
        workspace: from `open_workspace()`.
        clients: from `stale_clients()`; none for the marts alone.
        on_node: see build_client.
        marts: 'untested' where others' clients wait to be built, which tests of marts would find; 'left' where one was
            never built, so that marts can't be made.

    Raises:
        BuildFailedError: dbt could not run, a model failed, or a test found an error.

    """
    with failures_alerted(workspace, clients):
        selection = _selection(workspace, clients, marts)
        tests = "empty" if marts != "tested" else "cautious"
        return build_selection(workspace, selection, on_node, indirect_selection=tests if selection else "eager")


def _selection(project: Project, clients: Sequence[ClientKey], marts: Marts) -> list[str]:
    if len(clients) == len(Registry(project).active_clients()):
        return []
    # marts join the registry, which is a seed; what only loads read is seeded by builds of everything
    of_marts = {"tested": ["marts"], "untested": ["marts,resource_type:model"], "left": []}[marts]
    return [*of_marts, "1+marts,resource_type:seed", *(f"clients.{client.name}" for client in clients)]
