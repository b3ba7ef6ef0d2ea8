"""Restore a backup: everything, to an empty or broken place, or one client into the database that is there."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from loader.clients.registry import RegisteredClient, Registry
from loader.clients.tables import tables_of
from loader.errors import ClientUnknownError, Spark9Error
from loader.filesystem import make_private, temporary_folder
from loader.log import SUCCESS, LogEntry, StepNotice, no_notice
from loader.names import ClientKey
from loader.words import counted
from loader.workspace import Workspace
from ops.recovery.backup import BESIDE, DATABASE, PROJECT, STAGE, beside, pieces_of
from ops.recovery.errors import RecoveryError
from ops.recovery.store import Snapshot, Store

_REGISTRY = f"{PROJECT}seeds/"


@dataclass(frozen=True)
class RestoreResult:
    """What a restore did.

    Args:
        snapshot: the backup.
        files: how many files it has.
        written: how many of them were not there, or not like this.
        aside: where the database is that was there before; none where there was none.

    """

    snapshot: Snapshot
    files: int
    written: int
    aside: Path | None = None


def restore(
    workspace: Workspace, target: str, at: str | None = None, *, force: bool = False, on_step: StepNotice = no_notice
) -> RestoreResult:
    """Restore database, stage and registry; the database takes its place last and at once.

    Each piece is checked before anything takes effect. Originals that the backup lacks stay in the stage.

    Args:
        workspace: from `open_workspace()`.
        target: where the backups are.
        at: an id or a time, see `Store.snapshot`; none for the last backup.
        force: replace a database that is in order and has tables.
        on_step: called with each step and the share of the work done, 0 to 1.

    Raises:
        RecoveryError: there is no such backup, it is damaged, the key is wrong, or the place is in use.

    """
    warehouse, database = workspace.file_warehouse, _database(workspace)
    if not force and (there := tables_in(workspace)):
        raise RecoveryError(
            "restore-refused",
            f"The database {database} is in order and has {counted(there, 'table')}.",
            "To bring back one client: spark9 undo CLIENT --from TARGET. To replace all of it, add --replace; the "
            "database that is there now is kept beside it.",
        )
    store = Store(target)
    snapshot = store.snapshot(at)
    files = store.read_list(snapshot)
    with beside(database, "restore") as fresh:
        on_step("database", 0.05)
        _write(store, files[DATABASE], fresh)
        on_step("originals", 0.5)
        written = _restore_stage(workspace, store, files, STAGE)
        on_step("registry", 0.9)
        for name in _names(files, PROJECT):
            path = workspace.root / name.removeprefix(PROJECT)
            written += _is_written(store, files[name], path, workspace.root)
        for name in _names(files, BESIDE):
            path = database.with_name(name.removeprefix(BESIDE))
            written += _is_written(store, files[name], path, database.parent, 0o600)
        Registry(workspace).regenerate()
        aside = warehouse.put_database(fresh)
    on_step("restored", 1.0)
    return RestoreResult(snapshot, len(files), written + 1, aside)


def restore_client(
    workspace: Workspace,
    target: str,
    client: ClientKey,
    at: str | None = None,
    *,
    on_step: StepNotice = no_notice,
) -> RestoreResult:
    """Take one client back to a backup: tables, originals and registry; all other clients stay as they are.

    Args:
        workspace: from `open_workspace()`.
        target: where the backups are.
        client: the client; it need not exist any more.
        at: see `restore`.
        on_step: likewise.

    Raises:
        RecoveryError: there is no such backup, it is damaged, the key is wrong, or it does not have the client.

    """
    workspace.require_own_raw_rows()
    warehouse, schema = workspace.file_warehouse, workspace.raw_schema_name(client.name)
    store = Store(target)
    snapshot = store.snapshot(at)
    files = store.read_list(snapshot)
    with beside(_database(workspace), "undo") as old:
        before, owners = _registered_then(workspace, store, files, client, snapshot)
        on_step("database", 0.05)
        _write(store, files[DATABASE], old)
        on_step("originals", 0.6)
        written = _restore_stage(workspace, store, files, f"{STAGE}{schema}_stage/")
        on_step("tables", 0.8)
        warehouse.take_schema(old, schema)
    registry = Registry(workspace)
    registry.add(client)
    registry.set_policies(client, before.restatement, before.overlap)
    for user, access in owners:
        registry.grant(client, user, access)
    for name in _names(files, f"{PROJECT}models/clients/{client.name}/"):  # people's own models too
        path = workspace.root / name.removeprefix(PROJECT)
        if not path.exists():
            written += _is_written(store, files[name], path, workspace.root)
    with tables_of(workspace, registry.get(client), warehouse) as tables, tables.transaction():
        tables.log(LogEntry("restore", SUCCESS, details={"backup": snapshot.id}))
    on_step("restored", 1.0)
    return RestoreResult(snapshot, len(files), written)


def verify_backup(target: str, at: str | None = None, *, on_step: StepNotice = no_notice) -> RestoreResult:
    """Read every piece of a backup, and check that it is what it was.

    Raises:
        RecoveryError: one is missing or was changed, there is no such backup, or the key is wrong.

    """
    store = Store(target)
    snapshot = store.snapshot(at)
    files = store.read_list(snapshot)
    for number, file in enumerate(files.values()):
        on_step("reading", number / len(files))
        for _ in store.get_all(file["pieces"]):
            pass
    return RestoreResult(snapshot, len(files), 0)


def tables_in(workspace: Workspace) -> int | None:
    """How many tables the database has; none where it is not there or damaged."""
    if not _database(workspace).exists():
        return None
    try:
        with workspace.warehouse.session() as session:
            of_it = "from information_schema.tables where table_catalog = current_database()"
            return int(session.query(f"select count(*) {of_it}")[0][0])
    except Spark9Error as error:
        if error.code == "database-damaged":
            return None
        raise


def _database(workspace: Workspace) -> Path:
    database = workspace.database_file
    assert database is not None  # noqa: S101 - of a warehouse that is a file
    return database


def _names(files: Mapping[str, Any], start: str) -> list[str]:
    return [name for name in files if name.startswith(start)]


def _restore_stage(workspace: Workspace, store: Store, files: Mapping[str, Any], start: str) -> int:
    """Put originals in the stage that are not there, or not as they were; how many."""
    stage = make_private(workspace.stage_folder)
    mode = stat.S_IMODE(stage.stat().st_mode)
    paths = {name: stage / name.removeprefix(STAGE) for name in _names(files, start)}
    return sum(_is_written(store, files[name], path, stage, mode) for name, path in paths.items())


def _is_written(store: Store, file: Mapping[str, Any], path: Path, inside: Path, mode: int = 0o777) -> bool:
    """Write a file of the backup where it is not there already; whether it was written."""
    if not path.parent.resolve().is_relative_to(inside.resolve()):  # links are not followed
        raise RecoveryError("restore-refused", f"{path} leads out of {inside}.", "Remove the link, then restore again.")
    if path.is_file() and path.stat().st_size == file["size"]:
        there = [store.name_of(piece) for piece in pieces_of(path, is_database=False)]
        if there == file["pieces"]:
            return False
    for folder in reversed([parent for parent in path.parents if not parent.exists()]):
        folder.mkdir(mode=mode, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write(store, file, temporary, mode & 0o666)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _write(store: Store, file: Mapping[str, Any], path: Path, mode: int = 0o666) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as goal:
        for piece in store.get_all(file["pieces"]):
            goal.write(piece)
        goal.flush()
        os.fsync(goal.fileno())


def _registered_then(
    workspace: Workspace, store: Store, files: Mapping[str, Any], client: ClientKey, snapshot: Snapshot
) -> tuple[RegisteredClient, list[tuple[str, str]]]:
    """The registry's row of a client in a backup, and who might use its schema."""
    with temporary_folder() as folder, suppress(ClientUnknownError):
        for name in _names(files, _REGISTRY):
            path = folder / name.removeprefix(PROJECT)
            _is_written(store, files[name], path, folder)
        then = Registry(replace(workspace, root=folder))
        accesses = [(access.user_name, access.access) for access in then.accesses(client)]
        return then.get(client, archived_too=True), accesses
    raise RecoveryError(
        "no-backup",
        f"The backup {snapshot.id} in {store.target} does not have {client}.",
        "Name the client as it was, or an earlier backup with --at.",
    )


def restore_originals(
    workspace: Workspace, target: str, at: str | None = None, *, on_step: StepNotice = no_notice
) -> RestoreResult:
    """Put originals back in the stage that it lost, or that were changed there; the tables stay as they are.

    Raises:
        RecoveryError: there is no such backup, it is damaged, or the key is wrong.

    """
    store = Store(target)
    snapshot = store.snapshot(at)
    files = store.read_list(snapshot)
    on_step("originals", 0.1)
    written = _restore_stage(workspace, store, files, STAGE)
    return RestoreResult(snapshot, len(_names(files, STAGE)), written)
