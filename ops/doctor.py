"""The checks of `spark9 doctor`: everything that a load or a build needs."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from loader.areas import contributed
from loader.clients.registry import Registry
from loader.clients.tables import LOADER_TABLES
from loader.errors import Spark9Error
from loader.project.project import Project
from loader.warehouses.interface import Warehouse
from loader.workspace import Workspace

_OTHERS = 0o077


@dataclass(frozen=True)
class Check:
    """One check.

    Args:
        name: what was checked.
        passed: whether it is in order.
        finding: what was found.
        remedy: what to do; empty if nothing.

    """

    name: str
    passed: bool
    finding: str
    remedy: str = ""


def examine(workspace: Workspace) -> Iterator[Check]:
    """Check files, connections, roles and clients in turn; checks that depend on a failed one are skipped.

    Args:
        workspace: from `open_workspace()`.

    """
    yield Check("target", True, f"{workspace.target.name} ({workspace.target.type}), project {workspace.root}")
    yield from _files(workspace)
    yield from _key_files(workspace)
    connected = []
    for check in _connections(workspace):
        connected.append(check.passed)
        yield check
    if all(connected):
        warehouse = workspace.warehouse
        yield from _clients(workspace, warehouse)
        for checks in contributed("checks"):
            yield from checks(workspace, warehouse)


def _files(project: Project) -> Iterator[Check]:
    folders = [project.seeds, project.client_models, project.root / "macros" / "registry", Path(tempfile.gettempdir())]
    closed = [str(folder) for folder in folders if not os.access(folder, os.W_OK)]
    yield Check(
        "folders",
        not closed,
        "seeds, models/clients and the temporary folder are writable" if not closed else f"{closed} is not writable",
        "" if not closed else "Give the user who runs spark9 write permission there.",
    )
    differences = Registry(project).differences()
    yield Check(
        "generated files",
        not differences,
        "match the registry" if not differences else "; ".join(differences[:3]),
        "" if not differences else "Regenerate them with: spark9 client check --fix",
    )


def _key_files(project: Project) -> Iterator[Check]:
    outputs = (project.target.settings, project.target.loader_settings)
    for given in dict.fromkeys(str(output.get("private_key_path") or "") for output in outputs):
        if given:
            yield _key_file(Path(given).expanduser())


def _key_file(path: Path) -> Check:
    if not path.is_file():
        return Check(
            "private key", False, f"{path} does not exist", "Set SNOWFLAKE_PRIVATE_KEY_PATH to the key's file."
        )
    is_open = bool(path.stat().st_mode & _OTHERS)
    return Check(
        "private key",
        not is_open,
        f"{path} {'is readable by others' if is_open else 'is readable only by its owner'}",
        f"chmod 600 {path}" if is_open else "",
    )


def _connections(workspace: Workspace) -> Iterator[Check]:
    """Connect as the loader does, and as dbt does where that is another role."""
    yield from _connection("spark9", workspace)
    if workspace.target.loader_settings != workspace.target.settings:
        as_dbt = replace(workspace, target=replace(workspace.target, loader_settings=workspace.target.settings))
        yield from _connection("dbt", as_dbt)


def _connection(of: str, workspace: Workspace) -> Iterator[Check]:
    try:
        warehouse = workspace.warehouse
        with warehouse.session() as session:
            session.query("select 1")
            if not warehouse.enforces_roles:
                yield Check(
                    f"connection of {of}",
                    True,
                    f"{workspace.root / str(workspace.target.settings['path'])} can be opened",
                )
                return
            row = session.rows(
                'select current_user() as "user", current_role() as "role", current_warehouse() as "warehouse", '
                'current_database() as "database", current_secondary_roles() as "secondary"'
            )[0]
    except Spark9Error as error:
        yield Check(f"connection of {of}", False, error.problem, error.remedy)
        return
    yield Check(f"connection of {of}", True, f"user {row['user']} at {workspace.target.loader_settings['account']}")
    others = json.loads(row["secondary"] or "{}").get("roles", "")
    yield Check(
        f"secondary roles of {of}",
        not others,
        f"{others} count too, whatever the role" if others else "none",
        f"Have an administrator run: alter user {row['user']} set default_secondary_roles = ();" if others else "",
    )
    for what, remedy in (
        ("role", "Have an administrator grant it: grant role {wanted} to user {user}"),
        ("warehouse", "Run setup_account, or: grant usage on warehouse {wanted} to role {role}"),
        ("database", "Run: dbt run-operation setup_account"),
    ):
        wanted, found = str(workspace.target.loader_settings.get(what)), row[what]
        passed = bool(found) and found.lower() == wanted.lower()
        yield Check(
            f"{what} of {of}",
            passed,
            f"{found}" if passed else f"{found or 'none'} instead of {wanted}",
            "" if passed else remedy.format(wanted=wanted, **{key: row[key] for key in ("user", "role")}),
        )


def _clients(project: Project, warehouse: Warehouse) -> Iterator[Check]:
    """Each client's tables, and whether its stage accepts a file and lets it be removed."""
    for client in Registry(project).active_clients():
        schema = project.raw_schema_name(client.client_schema)
        add = f"spark9 client add {client.key}"
        with warehouse.session() as session:
            missing = sorted(LOADER_TABLES - session.tables(schema))
        if missing:
            yield Check(schema, False, f"no table {', '.join(missing)}", f"Create them with: {add}")
            continue
        yield _tried(schema, partial(warehouse.try_stage, schema), f"Restore it with: {add}")


def _tried(schema: str, attempt: Callable[[], str], remedy: str) -> Check:
    try:
        return Check(schema, True, f"tables exist; {attempt()}")
    except Spark9Error as error:
        return Check(schema, False, error.problem, remedy)
    except OSError as error:
        return Check(schema, False, f"the stage is not writable: {error}", "Fix the folder's permissions.")
