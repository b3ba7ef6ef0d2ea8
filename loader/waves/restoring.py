"""Undo a rollback: load the same originals again, from the stage, under the same wave and with the same decisions."""

from __future__ import annotations

from collections.abc import Sequence

from loader.clients.registry import Registry
from loader.clients.tables import ClientTables, failures_logged, open_client
from loader.errors import WaveRefusedError
from loader.files.options import reading_options
from loader.filesystem import temporary_folder
from loader.log import StepNotice, no_notice
from loader.names import ClientKey
from loader.waves.known_loads import original_of
from loader.waves.loading import LoadResult, load_as_requested
from loader.waves.plan import LoadRequest
from loader.waves.rolled_back import RolledBack, rolled_back_files
from loader.waves.state import loads_of_wave, logged_load
from loader.workspace import Workspace


def list_rolled_back(workspace: Workspace, client: ClientKey) -> list[RolledBack]:
    """The files of a client that were rolled back and can be restored, the latest rollback first."""
    with open_client(workspace, client, archived_too=True) as tables:
        return [each for each in rolled_back_files(tables) if not each.in_place]


def undo_rollback(
    workspace: Workspace,
    client: ClientKey,
    wave: int,
    *,
    file_name: str | None = None,
    on_step: StepNotice = no_notice,
) -> list[LoadResult]:
    """Restore what the last rollback of a wave removed: the same originals, read with the same options.

    The wave's name, the order of its files, decisions about columns and answers to open questions are what they were.
    Each file is a transaction of its own; after a crash, the same call restores those that are left.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        wave: its number.
        file_name: only this file of the wave.
        on_step: called with each step and the share of the work done, 0 to 1.

    Raises:
        WaveRefusedError: nothing of the wave was rolled back, or another file was loaded as the wave since, or the
            original would now be read otherwise.
        WarehouseRefusedError: the original is not in the stage.

    """
    registered = Registry(workspace).get(client)
    with failures_logged(workspace, client, "restore", wave):
        with open_client(workspace, client) as tables:
            chosen = _chosen(tables, wave, file_name)
            logged = {each.load_id: logged_load(tables, each.load_id)[1] for each in chosen}
            has_files = bool(loads_of_wave(tables, wave))
            schema = tables.schema
        results = []
        for each in chosen:
            details = logged[each.load_id]
            with temporary_folder() as folder:
                request = LoadRequest(
                    original_of(workspace.warehouse, schema, details, folder),
                    registered,
                    wave,
                    None if has_files else each.wave_name,
                    other_platform=True,  # it was decided when the file was loaded
                    options=reading_options(**details["options"]),
                    restored=each,
                )
                results.append(load_as_requested(workspace, request, on_step=on_step))
        return results


def _chosen(tables: ClientTables, wave: int, file_name: str | None) -> Sequence[RolledBack]:
    """The files of the last rollback of the wave that are still to be restored, in the order of their upload."""
    there = [each for each in rolled_back_files(tables) if each.wave_number == wave]
    named = [each for each in there if file_name in (None, each.file_name)]
    if not named:
        known = ", ".join(dict.fromkeys(each.file_name for each in there))
        raise WaveRefusedError(
            "nothing-to-restore",
            f"Wave {wave} of {tables.key} has no file{f' named {file_name}' if file_name else ''} that was rolled back"
            + (f"; it has {known}." if known else "."),
            "What is still loaded needs no restoring.",
        )
    group = named[0].together if file_name is None else {named[0].load_id}
    chosen = [each for each in named if each.load_id in group]
    if chosen[0].in_place:
        raise WaveRefusedError(
            "wave-reused",
            f"{', '.join(chosen[0].in_place)} was loaded as wave {wave} of {tables.key} since the rollback; both would "
            "count.",
            "Roll that file back first, or load the original again as another wave.",
        )
    return sorted(chosen, key=lambda each: (each.uploaded, each.load_id))
