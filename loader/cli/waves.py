"""The commands on waves: load, reprocess, build and `spark9 wave ...`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from loader.cli.commands import WaveOption, command
from loader.cli.completion import complete_wave
from loader.cli.context import Context, required_client
from loader.cli.history import load_many
from loader.cli.output import (
    StepBar,
    print_build,
    print_done,
    print_files,
    print_note,
    print_plan,
    print_preview,
    print_questions,
    print_result,
)
from loader.errors import NameRefusedError
from loader.files.options import ReadingOptions
from loader.names import ClientKey

app = typer.Typer(no_args_is_help=True, help="List waves and their open questions, settle these, and roll waves back.")

_Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help="Replace the wave's earlier file of the same name, or read the same file again with other options.",
    ),
]
_NamingKeys = Annotated[
    bool, typer.Option("--naming-keys", help="The file holds naming keys. Usually detected from its header.")
]
_OtherPlatform = Annotated[
    bool, typer.Option("--other-platform", help="Load the file even though its headers are those of another platform.")
]
_Manifest = Annotated[
    Path | None, typer.Option(help="A CSV that lists files and their clients, or a folder whose file names do.")
]
_Onboard = Annotated[
    bool, typer.Option("--onboard", help="Onboard clients that are in the manifest but not in the registry.")
]
_Report = Annotated[Path | None, typer.Option(help="Write the outcome of each file in the manifest to this CSV.")]


def load(
    settings: Context,
    client: ClientKey | None,
    files: Annotated[list[Path] | None, typer.Argument(help="The exports; each is one load.")] = None,
    wave: Annotated[int | None, typer.Option(help="The number of the wave, from 1. Omit it for naming keys.")] = None,
    wave_name: Annotated[str | None, typer.Option(help="A name for the wave.")] = None,
    replace: _Replace = False,
    naming_keys: _NamingKeys = False,
    other_platform: _OtherPlatform = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and change nothing.")] = False,
    build: Annotated[bool, typer.Option("--build", help="Then run dbt build for what was loaded.")] = False,
    manifest: _Manifest = None,
    onboard: _Onboard = False,
    report: _Report = None,
    *,
    options: ReadingOptions,
) -> None:
    """Load exports as (part of) a wave. Loading the same file again changes nothing.

    Accepts CSV in any form, .xlsx, .gz and .zip, and detects how each is written. Each file is a separate transaction:
    if one is refused, those before it stay loaded.

    With --manifest, plans all files first, continues after a refusal, and skips files that are already loaded when it
    is run again. Columns: file, client, platform, year, wave, wave_name, options (such as --dates day-first).

    Example: spark9 load export.csv --client acme/meta/2024 --wave 2 --wave-name "Spring push"

    Example: spark9 load --manifest waves.csv --onboard --build
    """
    from loader.builds.failures import failures_alerted
    from loader.project.dbt import build_client, import_dbt_meanwhile

    if manifest is not None:
        elsewhere = (files, client, wave is not None, wave_name, replace, naming_keys, other_platform)
        if any(elsewhere) or options != ReadingOptions():
            raise NameRefusedError("With --manifest, give files, clients, waves and options in the manifest.")
        load_many(settings, manifest, onboard=onboard, dry_run=dry_run, build=build, report=report)
        return
    if not files or onboard or report:
        raise NameRefusedError("Name files, or a manifest with --manifest (which --onboard and --report need).")
    client = client or required_client({})
    if build and not dry_run:
        import_dbt_meanwhile()
    given = {"wave_name": wave_name, "replace": replace, "dry_run": dry_run, "as_naming_keys": naming_keys}
    _load_each(settings, files, client, wave, options, {**given, "other_platform": other_platform})
    if build and not dry_run:
        with failures_alerted(settings.workspace, [client]):
            print_build(build_client(settings.workspace, client))
    elif not dry_run:
        print_note(f"To build it and the marts: dbt build --select clients.{client.name}+")


def _load_each(
    settings: Context,
    files: Sequence[Path],
    client: ClientKey,
    wave: int | None,
    options: ReadingOptions,
    given: Mapping[str, Any],
) -> None:
    from loader.files.containers import each_export
    from loader.waves.loading import load_wave

    for file, of_file in each_export(files, options):
        with StepBar(file.name) as bar:
            result = load_wave(settings.workspace, file, client, wave, options=of_file, on_step=bar.step, **given)
        print_result(result)
        if given["dry_run"] and result.plan:
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
    print_done(f"wave {wave} of {client}: the next build will reprocess {rows} rows")


@command(app, "list")
def list_(settings: Context, client: ClientKey) -> None:
    """List the files that count, by wave.

    Example: spark9 wave list --client acme/meta/2024
    """
    from loader.waves.changes import list_waves

    print_files(client, list_waves(settings.workspace, client))


@command(app)
def questions(
    settings: Context,
    client: ClientKey,
    wave: Annotated[int | None, typer.Option(help="Only this wave.", autocompletion=complete_wave)] = None,
) -> None:
    """List the open questions: what could change a figure, and the spend at stake.

    Example: spark9 wave questions --client acme/meta/2024
    """
    from loader.waves.questions import list_questions

    print_questions(client, list_questions(settings.workspace, client, wave))


@command(app)
def settle(
    settings: Context,
    client: ClientKey,
    wave: WaveOption,
    answer: Annotated[str, typer.Option(help="What you found, for the log.")],
    question: Annotated[
        list[str] | None, typer.Option(help="Only this question, by its id. Default: all open ones of the wave.")
    ] = None,
) -> None:
    """Settle open questions of a wave after looking at them: what is loaded is right. No figure changes.

    Example: spark9 wave settle --client acme/meta/2024 --wave 3 --answer "agrees with Ads Manager"
    """
    from loader.waves.questions import settle_questions

    for asked in settle_questions(settings.workspace, client, wave, answer, question or []):
        print_done(f"settled {asked.question_id}: {asked.question.question}")


@command(app)
def rollback(
    settings: Context,
    client: ClientKey,
    wave: WaveOption,
    file: Annotated[str | None, typer.Option(help="Only this file of the wave.")] = None,
) -> None:
    """Roll a wave back: remove it from all tables. The originals stay in the stage, and the log records the rollback.

    Example: spark9 wave rollback --client acme/meta/2024 --wave 3
    """
    from loader.waves.changes import rollback_wave

    for removed in rollback_wave(settings.workspace, client, wave, file_name=file):
        print_done(f"{removed.file_name}: {removed.row_count} rows of wave {wave} of {client} removed from all tables")
    print_note("The originals stay in the stage. The next dbt build updates the marts.")
    print_note(f"To undo it: spark9 wave restore --client {client} --wave {wave}")


@command(app)
def restore(
    settings: Context,
    client: ClientKey,
    wave: WaveOption,
    file: Annotated[str | None, typer.Option(help="Only this file of the wave.")] = None,
) -> None:
    """Undo the last rollback of a wave: load the same originals again, with the same decisions and answers.

    Example: spark9 wave restore --client acme/meta/2024 --wave 3
    """
    from loader.waves.restoring import undo_rollback

    with StepBar(f"wave {wave}") as bar:
        results = undo_rollback(settings.workspace, client, wave, file_name=file, on_step=bar.step)
    for result in results:
        print_result(result)
    print_note(f"To build it and the marts: dbt build --select clients.{client.name}+")


def build(
    settings: Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be built, and build nothing.")] = False,
) -> None:
    """Build stale clients and the marts with dbt.

    Checks first which clients have changes, and exits at once if nothing has changed.

    Example: spark9 build
    """
    from loader.builds.stale import build_stale, stale_clients
    from loader.project.dbt import import_dbt_meanwhile

    clients, are_marts_old = stale_clients(settings.workspace)
    if not clients and not are_marts_old:
        print_done("Nothing has changed since the last build.")
        return
    import_dbt_meanwhile()
    named = ", ".join(map(str, clients[:10])) + (f" and {len(clients) - 10} more" if len(clients) > 10 else "")
    print_note(f"to build: {named or 'the marts'}")
    if not dry_run:
        print_build(build_stale(settings.workspace, clients))
