"""The commands on waves: load, reprocess and `spark9 wave ...`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from loader.cli.commands import WaveOption, command
from loader.cli.context import Context
from loader.cli.history import load_many
from loader.cli.naming import required_client
from loader.cli.output import print_build, print_done, print_files, print_note, print_plan, print_preview, print_result
from loader.cli.progress import StepBar
from loader.errors import NameRefusedError
from loader.files.options import ReadingOptions
from loader.names import ClientKey

app = typer.Typer(no_args_is_help=True, help="List waves, and roll them back.")

_Replace = Annotated[
    bool, typer.Option("--replace", help="Put the file in place of the wave's earlier file of the same name.")
]
_NamingKeys = Annotated[
    bool, typer.Option("--naming-keys", help="The file holds naming keys; usually seen from its header.")
]
_OtherPlatform = Annotated[
    bool, typer.Option("--other-platform", help="Load it although its headers are another platform's.")
]
_Manifest = Annotated[
    Path | None, typer.Option(help="A CSV that lists files and whose they are, or a folder whose names say it.")
]
_Onboard = Annotated[bool, typer.Option("--onboard", help="Onboard clients that only the manifest names.")]
_Report = Annotated[Path | None, typer.Option(help="Write what came of each file of the manifest as CSV.")]


def load(
    settings: Context,
    client: ClientKey | None,
    files: Annotated[list[Path] | None, typer.Argument(help="The exports; each is one load.")] = None,
    wave: Annotated[int | None, typer.Option(help="The number of the wave, from 1; not for naming keys.")] = None,
    wave_name: Annotated[str | None, typer.Option(help="What people call the wave.")] = None,
    replace: _Replace = False,
    naming_keys: _NamingKeys = False,
    other_platform: _OtherPlatform = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and change nothing.")] = False,
    build: Annotated[bool, typer.Option("--build", help="Then run dbt build for this client, or these.")] = False,
    manifest: _Manifest = None,
    onboard: _Onboard = False,
    report: _Report = None,
    *,
    options: ReadingOptions,
) -> None:
    """Load exports as (part of) a wave. Loading the same file again changes nothing.

    Takes CSV in any form, .xlsx, .gz and .zip, and finds out how each is written. Each file is a transaction of its
    own: if one is refused, those before it stay loaded.

    With --manifest, plans all files first, goes on after a refusal, and skips what is loaded already when it is run
    again. Columns: file, client, platform, year, wave, wave_name, options (such as --dates day-first).

    Example: spark9 load export.csv --client acme/meta/2024 --wave 2 --wave-name "Spring push"

    Example: spark9 load --manifest waves.csv --onboard --build
    """
    from loader.operations.alerts import failures_alerted
    from loader.project.dbt import build_client, import_dbt_meanwhile

    if manifest is not None:
        elsewhere = (files, client, wave is not None, wave_name, replace, naming_keys, other_platform)
        if any(elsewhere) or options != ReadingOptions():
            raise NameRefusedError("With --manifest, files, clients, waves and their options stand in the manifest.")
        load_many(settings, manifest, onboard=onboard, dry_run=dry_run, build=build, report=report)
        return
    if not files or onboard or report:
        raise NameRefusedError("Name the files, or a manifest (--manifest), to which --onboard and --report belong.")
    client = client or required_client({})
    if build and not dry_run:
        import_dbt_meanwhile()
    said = {"wave_name": wave_name, "replace": replace, "dry_run": dry_run, "as_naming_keys": naming_keys}
    _load_each(settings, files, client, wave, options, {**said, "other_platform": other_platform})
    if build and not dry_run:
        with failures_alerted(settings.workspace, [client]):
            print_build(build_client(settings.workspace, client))
    elif not dry_run:
        print_note(f"To build: dbt build --select clients.{client.name}")


def _load_each(
    settings: Context,
    files: Sequence[Path],
    client: ClientKey,
    wave: int | None,
    options: ReadingOptions,
    said: Mapping[str, Any],
) -> None:
    from loader.files.containers import each_export
    from loader.waves.loading import load_wave

    for file, of_file in each_export(files, options):
        with StepBar(file.name) as bar:
            result = load_wave(settings.workspace, file, client, wave, options=of_file, on_step=bar.step, **said)
        print_result(result)
        if said["dry_run"] and result.plan:
            print_plan(result.plan)
        if result.preview:
            print_preview(result.preview)


def reprocess(settings: Context, client: ClientKey, wave: WaveOption) -> None:
    """Mark a wave for reprocessing in the next build.

    Example: spark9 reprocess --client acme/meta/2024 --wave 3
    """
    from loader.waves.changes import reprocess_wave

    files = reprocess_wave(settings.workspace, client, wave)
    rows = sum(file.row_count for file in files)
    print_done(f"wave {wave} of {client}: {rows} rows will be processed again by the next build")


@command(app, "list")
def list_(settings: Context, client: ClientKey) -> None:
    """Show the files that count, by wave.

    Example: spark9 wave list --client acme/meta/2024
    """
    from loader.waves.changes import list_waves

    print_files(client, list_waves(settings.workspace, client))


@command(app)
def rollback(
    settings: Context,
    client: ClientKey,
    wave: WaveOption,
    file: Annotated[str | None, typer.Option(help="Only this file of the wave.")] = None,
) -> None:
    """Take a wave out of all tables. The originals stay in the stage, and the log says what was done.

    Example: spark9 wave rollback --client acme/meta/2024 --wave 3
    """
    from loader.waves.changes import rollback_wave

    for taken in rollback_wave(settings.workspace, client, wave, file_name=file):
        print_done(f"{taken.file_name}: {taken.row_count} rows of wave {wave} of {client} are out of all tables")
    print_note("The originals stay in the stage. Marts follow with the next dbt build.")
