"""The commands `spark9 mapping ...`: show and correct how the columns of a wave are mapped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from loader.cli.commands import WaveOption, command
from loader.cli.completion import complete_wave
from loader.cli.context import Context
from loader.cli.output import print_done, print_mapping, print_note, print_suggestions
from loader.errors import NameRefusedError
from loader.names import ClientKey
from loader.words import counted

app = typer.Typer(no_args_is_help=True, help="Show and correct how the columns of a wave are mapped.")


@command(app)
def show(
    settings: Context,
    client: ClientKey,
    wave: Annotated[int | None, typer.Option(help="Only this wave.", autocompletion=complete_wave)] = None,
) -> None:
    """Show how each column of a client's waves is mapped, and why.

    Example: spark9 mapping show --client acme/meta/2024 --wave 2
    """
    from loader.waves.changes import show_mapping

    print_mapping(client, show_mapping(settings.workspace, client, wave))


@command(app, "set")
def set_(
    settings: Context,
    client: ClientKey,
    wave: WaveOption,
    column: Annotated[str, typer.Option(help="The header, or the name of a column that is missing from the wave.")],
    rule: Annotated[
        str | None,
        typer.Option(
            help="core, additional, promote or ignore; for a column that is missing from the wave: missing or retired."
        ),
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column to fill.")] = None,
    new_target: Annotated[
        bool, typer.Option("--new-target", help="The target is a new name, though it resembles a known one.")
    ] = False,
    column_type: Annotated[
        str | None, typer.Option("--type", help="text, id, integer, decimal, percent or date.")
    ] = None,
    value_format: Annotated[
        str | None, typer.Option("--format", help="How numbers or dates are written, such as comma or dmy_slash.")
    ] = None,
    default: Annotated[str | None, typer.Option(help="The value for empty cells, or for the missing column.")] = None,
    no_default: Annotated[bool, typer.Option("--no-default", help="Leave empty cells empty.")] = False,
    required: Annotated[bool | None, typer.Option(help="Whether rows without it count as incomplete.")] = None,
) -> None:
    """Set how a column of a wave is mapped. Later waves follow, and the next build reprocesses the wave.

    Example: spark9 mapping set --client acme/meta/2024 --wave 2 --column "Video plays" --rule promote
    """
    from loader.waves.decisions import MappingChange, set_mapping

    change = MappingChange(rule, target, column_type, value_format, default, no_default, required, new_target)
    if change == MappingChange(new_target=new_target):
        raise NameRefusedError("Nothing to set. Give --rule, --target, --type, --format, --default or --required.")
    rows = set_mapping(settings.workspace, client, wave, column, change)
    if not rows:
        print_done(f"Nothing changed: '{column}' of wave {wave} of {client} is already mapped this way.")
        return
    for row in rows:
        shown = f", default {row.default_value}" if row.default_value is not None else ""
        print_done(
            f"'{row.column_name}' of wave {wave} of {client}: "
            f"{row.mapping_rule} {row.target_column} ({row.column_type}{shown})"
        )
    print_note("The next dbt build reprocesses the wave.")


@command(app)
def suggestions(settings: Context, client: ClientKey) -> None:
    """Show a client's unknown headers that resemble a known one. None is applied automatically.

    Example: spark9 mapping suggestions --client acme/meta/2024
    """
    from loader.waves.suggestions import suggested_columns

    print_suggestions(client, suggested_columns(settings.workspace, client))


@command(app)
def accept(
    settings: Context, client: ClientKey, column: Annotated[str, typer.Option(help="The unknown header.")]
) -> None:
    """Accept the suggestion for a header as a rule of the client; it applies to all waves with that header.

    Example: spark9 mapping accept --client acme/meta/2024 --column "Amount spend (GBP)"
    """
    from loader.waves.suggestions import accept_suggestion

    accepted, rows = accept_suggestion(settings.workspace, client, column)
    for row in rows:
        print_done(
            f"'{row.column_name}' of {client} is mapped to {row.target_column} from wave {accepted.wave} on, "
            f"like '{accepted.suggestion.header}'"
        )
    print_note("The next dbt build reprocesses those waves.")


@command(app)
def export(
    settings: Context, client: ClientKey | None, file: Annotated[Path, typer.Argument(help="The CSV to write.")]
) -> None:
    """Write people's decisions about columns to a CSV, to keep in git and apply on other targets.

    Without --client, those of all active clients.

    Example: spark9 mapping export decisions.csv
    """
    from loader.waves.decision_files import export_decisions

    found = export_decisions(settings.workspace, file, client)
    clients = {decision.client for decision in found}
    print_done(f"{file}: {counted(len(found), 'decision')} of {counted(len(clients), 'client')}")


@command(app)
def apply(
    settings: Context,
    file: Annotated[Path, typer.Argument(help="A CSV that `spark9 mapping export` wrote.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
) -> None:
    """Make the decisions of a file those of this target: all of them, or none if one is wrong.

    Applying a file again changes nothing. Decisions that are on this target only stay, and are named.

    Example: spark9 mapping apply decisions.csv --dry-run
    """
    from loader.waves.decision_files import apply_decisions

    applied = apply_decisions(settings.workspace, file, dry_run=dry_run)
    changed = [decision for decision in applied.decisions if decision.changes]
    for decision in changed:
        rule = decision.rule
        later = "; no loaded wave has it yet" if decision.waits else ""
        print_done(
            f"'{rule.column_name}' of {decision.client} from wave {rule.from_wave} on: "
            f"{rule.mapping_rule} {rule.target_column}{later}"
        )
    same = len(applied.decisions) - len(changed)
    if same:
        print_note(f"{counted(same, 'decision')} of {file} {'is' if same == 1 else 'are'} here already.")
    for decision in applied.not_in_file:
        print_note(
            f"Not in the file, and kept: '{decision.rule.column_name}' of {decision.client} "
            f"from wave {decision.rule.from_wave} on."
        )
    if dry_run:
        print_note("Nothing was changed.")
    elif changed:
        print_note("The next dbt build reprocesses the waves concerned.")
