"""Waves after they are loaded: list, reprocess and roll them back, show their mapping."""

from __future__ import annotations

from dataclasses import replace

from loader.clients.tables import change_client, open_client
from loader.errors import WaveRefusedError
from loader.files.headers import PlatformColumns
from loader.names import ClientKey
from loader.waves.columns import MappedColumn
from loader.waves.rolled_back import details_of, gone_because
from loader.waves.state import LoadedFile, align_missing_columns, load_mappings, loads, remove_load, require_wave
from loader.waves.targets import reason_now
from loader.workspace import Workspace


def list_waves(workspace: Workspace, client: ClientKey) -> list[LoadedFile]:
    """The files that count now, by wave and upload."""
    with open_client(workspace, client, archived_too=True) as tables:
        return loads(tables)


def reprocess_wave(workspace: Workspace, client: ClientKey, wave: int) -> list[LoadedFile]:
    """Mark a wave for reprocessing in the next build; the files concerned.

    Raises:
        WaveRefusedError: the wave is not loaded.

    """
    with change_client(workspace, client, "reprocess", wave) as tables:
        files = require_wave(tables, wave)
        tables.run("reprocess_wave_sql", wave)
    return files


def rollback_wave(
    workspace: Workspace, client: ClientKey, wave: int, *, file_name: str | None = None
) -> list[LoadedFile]:
    """Roll back a wave, or one file of it: remove it from all tables; the files concerned.

    The originals stay in the stage, and the log records the rollback; `undo_rollback()` restores the files.

    Raises:
        WaveRefusedError: the wave is not loaded, or has no such file.

    """
    with change_client(workspace, client, "rollback", wave) as tables:
        there = require_wave(tables, wave)
        files = [load for load in there if file_name in (None, load.file_name)]
        if not files:
            known = ", ".join(load.file_name for load in there)
            raise WaveRefusedError(
                "no-such-file", f"Wave {wave} of {client} has no file named {file_name}; it has {known}."
            )
        columns = {mapping.load_id: mapping.rows for mapping in load_mappings(tables)}
        kept = {
            load.load_id: details_of(tables, load, columns[load.load_id], [each.load_id for each in files])
            for load in files
        }
        for load in files:
            reason = gone_because(load.file_name, wave, "rollback")
            remove_load(tables, load, "rollback", reason, kept[load.load_id])
        align_missing_columns(tables, wave)
    return files


def show_mapping(
    workspace: Workspace, client: ClientKey, wave: int | None = None
) -> list[tuple[int, str, MappedColumn]]:
    """The mapping of a client, or of one wave: wave, load and column, in file order.

    Raises:
        WaveRefusedError: the wave is not loaded.

    """
    with open_client(workspace, client, archived_too=True) as tables:
        if wave is not None:
            require_wave(tables, wave)
        known, platform = PlatformColumns(tables.project), tables.key.platform
        return [
            (
                mapping.wave,
                mapping.load_id,
                replace(row, reason=reason_now(row, mapping.rows, known.lookup(platform, row.column_name))),
            )
            for mapping in load_mappings(tables)
            if wave in (None, mapping.wave)
            for row in mapping.rows
        ]
