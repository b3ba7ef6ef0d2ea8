"""The commands `spark9 mapping ...`: see and correct what each column of a wave is."""

from __future__ import annotations

from typing import Annotated

import typer

from loader.cli.commands import WaveOption, command
from loader.cli.completion import complete_wave
from loader.cli.context import Context
from loader.cli.output import print_done, print_mapping, print_note, print_suggestions
from loader.errors import NameRefusedError
from loader.names import ClientKey

app = typer.Typer(no_args_is_help=True, help="See and correct what each column of a wave is.")


@command(app)
def show(
    settings: Context,
    client: ClientKey,
    wave: Annotated[int | None, typer.Option(help="Only this wave.", autocompletion=complete_wave)] = None,
) -> None:
    """Show what each column of a client's waves is, and why.

    Example: spark9 mapping show --client acme/meta/2024 --wave 2
    """
    from loader.waves.changes import show_mapping

    print_mapping(client, show_mapping(settings.workspace, client, wave))


@command(app, "set")
def set_(
    settings: Context,
    client: ClientKey,
    wave: WaveOption,
    column: Annotated[str, typer.Option(help="The header, or the name of a column that the wave lacks.")],
    rule: Annotated[
        str | None,
        typer.Option(help="core, additional, promote or ignore; for a column that the wave lacks: missing or retired."),
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column that it fills.")] = None,
    column_type: Annotated[
        str | None, typer.Option("--type", help="text, id, integer, decimal, percent or date.")
    ] = None,
    value_format: Annotated[
        str | None, typer.Option("--format", help="How numbers or dates are written, such as comma or dmy_slash.")
    ] = None,
    default: Annotated[str | None, typer.Option(help="The value of empty cells, or of the missing column.")] = None,
    no_default: Annotated[bool, typer.Option("--no-default", help="Empty cells stay empty.")] = False,
    required: Annotated[bool | None, typer.Option(help="Whether a row without it is incomplete.")] = None,
) -> None:
    """Decide what a column of a wave is; later waves follow. The next build processes the wave again.

    Example: spark9 mapping set --client acme/meta/2024 --wave 2 --column "Video plays" --rule promote
    """
    from loader.waves.decisions import MappingChange, set_mapping

    change = MappingChange(rule, target, column_type, value_format, default, no_default, required)
    if change == MappingChange():
        raise NameRefusedError("Nothing to set: give --rule, --target, --type, --format, --default or --required.")
    for row in set_mapping(settings.workspace, client, wave, column, change):
        shown = f", default {row.default_value}" if row.default_value is not None else ""
        print_done(
            f"'{row.column_name}' of wave {wave} of {client}: "
            f"{row.mapping_rule} {row.target_column} ({row.column_type}{shown})"
        )
    print_note("The next dbt build processes the wave again.")


@command(app)
def suggestions(settings: Context, client: ClientKey) -> None:
    """Show the unknown headers of a client that are like a known one. None is applied by itself.

    Example: spark9 mapping suggestions --client acme/meta/2024
    """
    from loader.waves.suggestions import suggested_columns

    print_suggestions(client, suggested_columns(settings.workspace, client))


@command(app)
def accept(
    settings: Context, client: ClientKey, column: Annotated[str, typer.Option(help="The unknown header.")]
) -> None:
    """Make the suggestion for a header a rule of the client; all waves that have the header follow.

    Example: spark9 mapping accept --client acme/meta/2024 --column "Amount spend (GBP)"
    """
    from loader.waves.suggestions import accept_suggestion

    accepted, rows = accept_suggestion(settings.workspace, client, column)
    for row in rows:
        print_done(
            f"'{row.column_name}' of {client} is {row.target_column} from wave {accepted.wave} on, "
            f"as '{accepted.suggestion.header}'"
        )
    print_note("The next dbt build processes those waves again.")
