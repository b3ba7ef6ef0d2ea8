"""Unknown headers that resemble known ones; none is applied until a person accepts it."""

from __future__ import annotations

from dataclasses import dataclass

from loader.clients.tables import ClientTables, change_client, open_client
from loader.errors import WaveRefusedError
from loader.files.headers import PlatformColumns, Suggestion
from loader.names import ClientKey, normalised_header
from loader.waves.columns import MappedColumn, core_columns
from loader.waves.decisions import MappingChange, decide
from loader.waves.state import load_mappings
from loader.workspace import Workspace


@dataclass(frozen=True)
class SuggestedColumn:
    """An unknown header of a wave, and the known one that it resembles."""

    wave: int
    column_name: str
    suggestion: Suggestion


def suggested_columns(workspace: Workspace, client: ClientKey) -> list[SuggestedColumn]:
    """The unknown headers of a client that resemble a known one, each in the first wave that has it."""
    with open_client(workspace, client, archived_too=True) as tables:
        return _suggested(tables)


def accept_suggestion(
    workspace: Workspace, client: ClientKey, column: str
) -> tuple[SuggestedColumn, list[MappedColumn]]:
    """Make the suggestion for an unknown header a rule of the client; every wave that has the header follows.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        column: the header, case and punctuation apart.

    Returns:
        The suggestion, and the column's mapping in the first wave that has it.

    Raises:
        WaveRefusedError: there is no suggestion for this header.

    """
    core = core_columns(workspace)
    with change_client(workspace, client, "mapping") as tables:
        offered = _suggested(tables)
        chosen = next((s for s in offered if normalised_header(s.column_name) == normalised_header(column)), None)
        if chosen is None:
            listed = ", ".join(f"'{entry.column_name}'" for entry in offered) or "none"
            raise WaveRefusedError(
                "no-suggestion",
                f"There is no suggestion for '{column}' of {client}; headers with one: {listed}.",
                "Map it yourself: spark9 mapping set",
            )
        target = chosen.suggestion.standard_column
        change = MappingChange(
            rule="core" if target in core else "additional",
            target=target,
            column_type=core[target].type if target in core else None,
        )
        return chosen, decide(tables, chosen.wave, column, change)


def _suggested(tables: ClientTables) -> list[SuggestedColumn]:
    known, platform = PlatformColumns(tables.project), tables.key.platform
    found: dict[str, SuggestedColumn] = {}
    for mapping in sorted(load_mappings(tables), key=lambda mapping: mapping.wave):
        filled = {
            row.target_column
            for row in mapping.rows
            if row.ordinal is not None and (row.decided_by == "person" or known.lookup(platform, row.column_name))
        }
        for row in mapping.rows:
            is_open = row.ordinal is not None and row.decided_by == "loader"
            if not is_open or known.lookup(platform, row.column_name):
                continue
            suggestion = known.suggest(platform, row.column_name, filled)
            if suggestion:
                column = SuggestedColumn(mapping.wave, row.column_name, suggestion)
                found.setdefault(normalised_header(row.column_name), column)
    return list(found.values())
