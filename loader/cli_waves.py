"""The commands on waves: load, reprocess, `spark9 wave ...` and `spark9 mapping ...`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loader.cli_context import Context
from loader.cli_output import (
    StepBar,
    print_build,
    print_done,
    print_files,
    print_mapping,
    print_note,
    print_plan,
    print_result,
    print_suggestions,
)
from loader.errors import NameRefusedError

if TYPE_CHECKING:
    from loader.reading_options import ReadingOptions


mapping_app = typer.Typer(no_args_is_help=True, help="See and correct what each column of a wave is.")
wave_app = typer.Typer(no_args_is_help=True, help="See what is loaded, and take it out again.")

_READING = "How the file is written, where that is not found out"

ClientOption = Annotated[str, typer.Option(help="The client.")]
PlatformOption = Annotated[str, typer.Option(help="The platform.")]
YearOption = Annotated[int, typer.Option(help="The year of the campaigns.")]
WaveOption = Annotated[int, typer.Option(help="The number of the wave, from 1.")]


def load(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="The exports; each is one load.")],
    client: ClientOption,
    platform: PlatformOption,
    year: YearOption,
    wave: Annotated[int | None, typer.Option(help="The number of the wave, from 1; not for naming keys.")] = None,
    wave_name: Annotated[str | None, typer.Option(help="What people call the wave.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the file in place of the wave's earlier file of the same name.")
    ] = False,
    naming_keys: Annotated[
        bool, typer.Option("--naming-keys", help="The file holds naming keys; usually seen from its header.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and change nothing.")] = False,
    build: Annotated[bool, typer.Option("--build", help="Then run dbt build for this client.")] = False,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.", rich_help_panel=_READING)] = None,
    member: Annotated[
        str | None,
        typer.Option(help="The file in a zip archive; without it all are loaded.", rich_help_panel=_READING),
    ] = None,
    table: Annotated[
        int | None, typer.Option(help="Which table of a file with several, from 1.", rich_help_panel=_READING)
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Such as utf-8, utf-16, cp1252 or mac-roman.", rich_help_panel=_READING)
    ] = None,
    delimiter: Annotated[
        str | None,
        typer.Option(help="A character, or comma, semicolon, tab, pipe or space.", rich_help_panel=_READING),
    ] = None,
    quote: Annotated[str | None, typer.Option(help="double, single or none.", rich_help_panel=_READING)] = None,
    header_row: Annotated[
        int | None, typer.Option(help="The line of the header, from 1; 0 for none.", rich_help_panel=_READING)
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(help="The headers of a file that has none, separated by commas.", rich_help_panel=_READING),
    ] = None,
    skip_footer: Annotated[int, typer.Option(help="Rows at the end that are no data.", rich_help_panel=_READING)] = 0,
    dates: Annotated[
        str | None, typer.Option(help="day-first or month-first, where both fit.", rich_help_panel=_READING)
    ] = None,
    numbers: Annotated[
        str | None, typer.Option(help="The decimal mark where both fit: point or comma.", rich_help_panel=_READING)
    ] = None,
) -> None:
    """Load exports as (part of) a wave. The same file again changes nothing.

    CSV in any form, .xlsx, .gz and .zip; how each is written is found out and shown by --dry-run. Each file is a
    transaction of its own: when one is refused, those before it stay loaded.

    Example: spark9 load export.csv --client acme --platform meta --year 2024 --wave 2 --wave-name "Spring push"
    """
    from loader.building import build_client, import_dbt_meanwhile
    from loader.loading import load_wave
    from loader.reading_options import reading_options

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    options = reading_options(
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        header_row=header_row,
        columns=columns,
        skip_footer=skip_footer,
        table=table,
        sheet=sheet,
        member=member,
        dates=dates,
        numbers=numbers,
    )
    if build and not dry_run:
        import_dbt_meanwhile()
    for file, of_file in _exports(files, options):
        with StepBar(file.name) as bar:
            result = load_wave(
                settings.project,
                file,
                names,
                wave,
                wave_name=wave_name,
                replace=replace,
                dry_run=dry_run,
                as_naming_keys=naming_keys,
                options=of_file,
                wait_seconds=settings.wait,
                on_step=bar.step,
                on_wait=settings.on_wait,
            )
        if dry_run and result.plan:
            print_plan(result.plan)
        print_result(result)
    if build and not dry_run:
        print_build(build_client(settings.project, names))
    elif not dry_run:
        print_note(f"To build: dbt build --select clients.{names.name}")


def _exports(files: Sequence[Path], options: ReadingOptions) -> Iterator[tuple[Path, ReadingOptions]]:
    """Each file, and each member of an archive with several where none is chosen."""
    from loader.containers import exports_in

    for file in files:
        members = exports_in(file) if options.member is None and file.is_file() else []
        if len(members) < 2:
            yield file, options
        for member in members if len(members) > 1 else []:
            yield file, dataclasses.replace(options, member=member)


def reprocess(
    context: typer.Context, client: ClientOption, platform: PlatformOption, year: YearOption, wave: WaveOption
) -> None:
    """Have the next build flatten a wave again; no upload is needed.

    Example: spark9 reprocess --client acme --platform meta --year 2024 --wave 3
    """
    from loader import waves

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    files = waves.reprocess_wave(settings.project, names, wave, wait_seconds=settings.wait, on_wait=settings.on_wait)
    rows = sum(file.row_count for file in files)
    print_done(f"wave {wave} of {names}: {rows} rows will be processed again by the next build")


@wave_app.command(name="list")
def list_(context: typer.Context, client: ClientOption, platform: PlatformOption, year: YearOption) -> None:
    """Show the files that count, by wave.

    Example: spark9 wave list --client acme --platform meta --year 2024
    """
    from loader import waves

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    print_files(names, waves.list_waves(settings.project, names, wait_seconds=settings.wait, on_wait=settings.on_wait))


@wave_app.command()
def rollback(
    context: typer.Context,
    client: ClientOption,
    platform: PlatformOption,
    year: YearOption,
    wave: WaveOption,
    file: Annotated[str | None, typer.Option(help="Only this file of the wave.")] = None,
) -> None:
    """Take a wave out of all tables. The originals stay in the stage, and the log says what was done.

    Example: spark9 wave rollback --client acme --platform meta --year 2024 --wave 3
    """
    from loader import waves

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    files = waves.rollback_wave(
        settings.project, names, wave, file_name=file, wait_seconds=settings.wait, on_wait=settings.on_wait
    )
    for taken in files:
        print_done(f"{taken.file_name}: {taken.row_count} rows of wave {wave} of {names} are out of all tables")
    print_note("The originals stay in the stage. Marts follow with the next dbt build.")


@mapping_app.command()
def show(
    context: typer.Context,
    client: ClientOption,
    platform: PlatformOption,
    year: YearOption,
    wave: Annotated[int | None, typer.Option(help="Only this wave.")] = None,
) -> None:
    """Show what each column of a client's waves is, and why.

    Example: spark9 mapping show --client acme --platform meta --year 2024 --wave 2
    """
    from loader import waves

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    print_mapping(
        names, waves.show_mapping(settings.project, names, wave, wait_seconds=settings.wait, on_wait=settings.on_wait)
    )


@mapping_app.command(name="set")
def set_(
    context: typer.Context,
    client: ClientOption,
    platform: PlatformOption,
    year: YearOption,
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

    Example: spark9 mapping set --client acme --platform meta --year 2024 --wave 2 --column "Video plays" --rule promote
    """
    from loader import waves

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    change = waves.MappingChange(rule, target, column_type, value_format, default, no_default, required)
    if change == waves.MappingChange():
        raise NameRefusedError("Nothing to set: give --rule, --target, --type, --format, --default or --required.")
    rows = waves.set_mapping(
        settings.project, names, wave, column, change, wait_seconds=settings.wait, on_wait=settings.on_wait
    )
    for row in rows:
        shown = f", default {row.default_value}" if row.default_value is not None else ""
        print_done(
            f"'{row.column_name}' of wave {wave} of {names}: "
            f"{row.mapping_rule} {row.target_column} ({row.column_type}{shown})"
        )
    print_note("The next dbt build processes the wave again.")


@mapping_app.command()
def suggestions(context: typer.Context, client: ClientOption, platform: PlatformOption, year: YearOption) -> None:
    """Show the unknown headers of a client that are like a known one. None is applied by itself.

    Example: spark9 mapping suggestions --client acme --platform meta --year 2024
    """
    from loader import waves

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    found = waves.suggested_columns(settings.project, names, wait_seconds=settings.wait, on_wait=settings.on_wait)
    print_suggestions(names, found)


@mapping_app.command()
def accept(
    context: typer.Context,
    client: ClientOption,
    platform: PlatformOption,
    year: YearOption,
    column: Annotated[str, typer.Option(help="The unknown header.")],
) -> None:
    """Make the suggestion for a header a rule of the client; all waves that have the header follow.

    Example: spark9 mapping accept --client acme --platform meta --year 2024 --column "Amount spend (GBP)"
    """
    from loader import waves

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    accepted, rows = waves.accept_suggestion(
        settings.project, names, column, wait_seconds=settings.wait, on_wait=settings.on_wait
    )
    for row in rows:
        print_done(
            f"'{row.column_name}' of {names} is {row.target_column} from wave {accepted.wave} on, "
            f"as '{accepted.suggestion.header}'"
        )
    print_note("The next dbt build processes those waves again.")
