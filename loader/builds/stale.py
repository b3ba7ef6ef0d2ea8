"""Which clients are stale, and a build of just these."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal

from loader.builds.failures import failures_alerted
from loader.clients.ledger import write_ledgers
from loader.clients.registry import Registry
from loader.clients.tables import ClientTables
from loader.errors import Spark9Error
from loader.names import ClientKey
from loader.project.dbt import BuildResult, NodeNotice, build_selection, no_notice
from loader.project.project import Project
from loader.warehouses.interface import Session
from loader.workspace import Workspace

Marts = Literal["tested", "untested", "left"]
# what a model says that has no table to be old, and what YAML says of one
_NOT_BUILT = re.compile(r"enabled\s*=\s*(?!true\b)|materialized\s*=\s*.ephemeral", re.IGNORECASE)
_DISABLED = r"- name: {}\s(?:(?!- name:).)*?\benabled: false"


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
    last_steps = []
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
                if last_step:
                    last_steps.append(f"{client_schema} {last_step}")
                if is_clean and not waiting:
                    idle.add(client_schema)
        found = [client.key for client in there if client.client_schema not in idle]
        are_marts_old = bool(found) or _are_marts_old(session, workspace, last_steps)
    return found, are_marts_old


def _are_marts_old(session: Session, workspace: Workspace, last_steps: Iterable[str]) -> bool:
    """Whether the marts are of another day, code, seed or client, from before a client's last step, or failed."""
    macros, marts = workspace.macros, workspace.schema_name("marts")
    tables = session.query(macros.call("tables_among", ["processing_status_today", "build_runs"]))
    if not {(marts, "processing_status_today"), (marts, "build_runs")} <= set(tables):
        return True
    # one that began before the last and ended after it may have made marts of older code
    last_run = session.query(
        f"select failed_nodes is null and finished_at = (select max(finished_at) from {marts}.build_runs), made_of "
        f"from {marts}.build_runs order by started_at desc limit 1"
    )
    if not any(passed and _is_made_of_this(workspace, json.loads(made_of), last_steps) for passed, made_of in last_run):
        return True
    days = session.query(f"select max(status_date) from {marts}.processing_status_today")
    return session.query(f"select {macros.call('as_of_date')}") != days


def _is_made_of_this(workspace: Workspace, made_of: Mapping[str, str | None], last_steps: Iterable[str]) -> bool:
    """Whether marts were made of the models and seeds that the project's files have, and of the clients' last steps."""
    files = {path: workspace.root / path for path in sorted(made_of)}
    if not all(file.is_file() for file in files.values()):
        return False
    texts = {path: file.read_bytes().decode().strip() for path, file in files.items()}
    models = [path for path in texts if path.startswith("models/")]
    seeds = [path for path in texts if path not in models]
    checksums = [hashlib.sha256(texts[path].encode()).hexdigest() for path in seeds]  # as dbt has it
    version = workspace.macros.call("marts_version", [texts[path] for path in models], checksums, sorted(last_steps))
    is_as_made = made_of == dict.fromkeys(models, version) | dict(zip(seeds, checksums, strict=True))
    return is_as_made and not any(
        path.relative_to(workspace.root).as_posix() not in made_of and _is_built(workspace, path)
        for part in _parts_of_marts(workspace)
        for path in _models_of(part)
    )


def _parts_of_marts(project: Project) -> list[Path]:
    """The folders and files of models that marts are made of."""
    is_of_marts = partial(project.local_macros.call, "is_of_marts")
    parts = sorted((project.root / "models").iterdir())
    return [part for part in parts if is_of_marts(f"models/{part.name}/") and _models_of(part)]


def _models_of(part: Path) -> list[Path]:
    return [path for path in (part, *part.rglob("*")) if path.suffix in (".sql", ".py")]


def _is_built(project: Project, model: Path) -> bool:
    """Whether dbt makes anything of a model, as far as files say it."""
    disabled = re.compile(_DISABLED.format(re.escape(model.stem)), re.DOTALL)
    files = [*(project.root / "models").rglob("*.yml")]
    return not _NOT_BUILT.search(model.read_text("utf-8")) and not any(
        disabled.search(file.read_text("utf-8")) for file in files
    )


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
    try:
        with failures_alerted(workspace, clients):
            selection = _selection(workspace, clients, marts)
            tests = "empty" if marts != "tested" else "cautious"
            return build_selection(workspace, selection, on_node, indirect_selection=tests if selection else "eager")
    finally:  # production's build decides what people wrote in the mapping with SQL
        with suppress(Spark9Error):
            write_ledgers(workspace, [client for client in Registry(workspace).clients() if client.key in clients])


def _selection(project: Project, clients: Sequence[ClientKey], marts: Marts) -> list[str]:
    if len(clients) == len(Registry(project).active_clients()):
        return []
    selection = [f"clients.{client.name}" for client in clients]
    for part in _parts_of_marts(project):
        path = f"path:{part.relative_to(project.root).as_posix()}"
        if marts != "left":
            selection.append(path if marts == "tested" else f"{path},resource_type:model")
        # marts join the registry, which is a seed; what only loads read is seeded by builds of everything
        selection.append(f"1+{path},resource_type:seed")
    return selection
