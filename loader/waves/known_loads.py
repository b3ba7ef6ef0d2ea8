"""Whether a file is loaded already, and as it is read now."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from loader.clients.tables import ClientTables
from loader.errors import WaveRefusedError
from loader.files.containers import Export
from loader.log import SUCCESS, LogEntry
from loader.warehouses.interface import Warehouse
from loader.waves.plan import LoadRequest
from loader.waves.state import LoadedFile, load_of, loads, logged_load

# they choose what is read, and so which load it is
_PARTS = ("sheet", "member", "table")


def already_loaded(tables: ClientTables, request: LoadRequest, export: Export) -> str | None:
    """What to say of a file that is loaded already, without its full stop; none where it is to be loaded.

    Args:
        tables: the client's.
        request: what the user asks for; with other options, `replace` reads the file again.
        export: the file.

    Raises:
        WaveRefusedError: it is loaded as another wave, or was read with other options.

    """
    name, load_id = export.name, export.load_id
    loaded = load_of(tables, load_id)
    if loaded is None:
        return None
    of_wave = f"wave {loaded.wave_number}"
    when = f"{loaded.upload_timestamp:%Y-%m-%d %H:%M} UTC"
    if loaded.wave_number is None:
        return f"{name}: already loaded as naming keys on {when}"
    if request.wave not in (None, loaded.wave_number):
        raise WaveRefusedError(
            "loaded-as-other-wave",
            f"{name} was already loaded as {of_wave} of {tables.key} on {when} (as {loaded.file_name}).",
            f"If it belongs to wave {request.wave}, roll it back first: spark9 wave rollback --client {tables.key}"
            f" --wave {loaded.wave_number} --file {shlex.quote(loaded.file_name)}",
        )
    given = _read_by(request.options.given())
    was_given = _read_by(logged_load(tables, load_id)[1].get("options") or {})
    as_file = "" if loaded.file_name == name else f" (as {loaded.file_name})"
    how = f" with {_as_words(was_given)}" if was_given else ""
    if given != was_given and request.replace and request.wave is not None:
        return None
    # what is not given says nothing against how it was read: a folder that is loaded again gives no options
    if any(was_given.get(option) != value for option, value in given.items()):
        raise WaveRefusedError(
            "already-loaded-otherwise",
            f"{name} was already loaded as {of_wave} of {tables.key} on {when}{as_file}"
            f"{how or ' without options'}, and not with {_as_words(given)}.",
            "To read it again with these options, add --replace.",
        )
    return f"{name}: already loaded as {of_wave} on {when}{as_file}{how}"


def original_put_back(tables: ClientTables, warehouse: Warehouse, request: LoadRequest, export: Export) -> bool:
    """Stage the original of a load again where the stage lost it or has another; whether that was so.

    Args:
        tables: the client's.
        warehouse: its warehouse.
        request: names the file, which is loaded already.
        export: the file; packed otherwise than the one that was loaded it is not the original.

    """
    details = logged_load(tables, export.load_id)[1]
    if details.get("original_sha256") != export.original_sha256 or "staged_as" not in details:
        return False
    given = (tables.schema, details["staged_as"], export.original_sha256)
    if warehouse.holds_file(*given):
        return False
    schema, staged, sha256 = given
    warehouse.stage_file(schema, request.file, staged, sha256)
    tables.log(LogEntry("stage", SUCCESS, request.wave, export.load_id, export.name, details={"put_back": staged}))
    return True


def wave_taken(tables: ClientTables, there: Sequence[LoadedFile]) -> WaveRefusedError:
    """The error for a wave that was to be new, and that another load took meanwhile.

    Args:
        tables: the client's.
        there: the files of the wave.

    """
    names = ", ".join(load.file_name for load in there)
    free = max(load.wave_number or 0 for load in loads(tables)) + 1
    return WaveRefusedError(
        "wave-taken",
        f"Wave {there[0].wave_number} of {tables.key} was to be new, and has {names} by now.",
        f"Load it as wave {free}, or as another file of wave {there[0].wave_number}.",
    )


def original_of(warehouse: Warehouse, schema: str, details: Mapping[str, Any], folder: Path) -> Path:
    """Copy the original of a load from the stage, under the name that it was uploaded with; where it is.

    Args:
        warehouse: the client's.
        schema: the client's, on this target.
        details: of the load, from `logged_load()`.
        folder: where to put it.

    Raises:
        WarehouseRefusedError: the stage can't be read.

    """
    fetched = warehouse.fetch_file(schema, details["staged_as"], folder)
    return fetched.rename(folder / Path(details["original"]).name)


def _read_by(options: Mapping[str, object]) -> dict[str, object]:
    """The options that say how a file is read."""
    return {name: value for name, value in options.items() if name not in _PARTS}


def _as_words(options: Mapping[str, object]) -> str:
    """Options as the command line takes them."""
    return " ".join(
        f"--{name.replace('_', '-')} {shlex.quote(','.join(value) if isinstance(value, list) else str(value))}"
        for name, value in options.items()
    )
