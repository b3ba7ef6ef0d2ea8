"""The commands that prove something: `spark9 verify` and `spark9 compare`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from loader.cli_context import Context
from loader.cli_output import print_comparison, print_done, print_verified
from loader.cli_waves import ClientOption, PlatformOption, WaveOption, YearOption
from loader.errors import ExitCode, NameRefusedError


def verify(
    context: typer.Context,
    client: Annotated[str | None, typer.Option(help="The client.")] = None,
    platform: Annotated[str | None, typer.Option(help="The platform.")] = None,
    year: Annotated[int | None, typer.Option(help="The year of the campaigns.")] = None,
    wave: Annotated[int | None, typer.Option(help="Only this wave.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All waves of all clients.")] = False,
) -> None:
    """Prove from the originals in the stage that the tables hold what stood in the files.

    Compares each file's hash, rows, filled cells and column sums with raw_data_staging and processed_campaign_data.
    Ends with exit code 6 when anything differs.

    Example: spark9 verify --client acme --platform meta --year 2024 --wave 2
    """
    from loader.verification import verify_waves

    settings: Context = context.obj
    if client is not None and platform is not None and year is not None and not everything:
        names = settings.names(client, platform, year)
    elif everything and (client, platform, year, wave) == (None, None, None, None):
        names = None
    else:
        raise NameRefusedError("Name --client, --platform and --year, or say --all.")
    count = wrong = 0
    for load in verify_waves(settings.project, names, wave, wait_seconds=settings.wait, on_wait=settings.on_wait):
        print_verified(load)
        count += 1
        wrong += bool(load.differences)
    print_done(f"{count} loads verified, {wrong or 'none'} with differences")
    if wrong:
        raise typer.Exit(int(ExitCode.DIFFERENT))


def compare(
    context: typer.Context,
    reference: Annotated[Path, typer.Argument(help="The output of the process that the wave replaces.")],
    client: ClientOption,
    platform: PlatformOption,
    year: YearOption,
    wave: WaveOption,
    on: Annotated[str, typer.Option(help="The columns that rows are matched on, separated by commas.")],
    tolerance: Annotated[str, typer.Option(help="The largest difference of two figures that agree.")] = "0.005",
    report: Annotated[Path | None, typer.Option(help="Write every difference to this .csv or .html file.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="As in spark9 load.")] = None,
    encoding: Annotated[str | None, typer.Option(help="As in spark9 load.")] = None,
) -> None:
    """Compare a built wave with a reference file, column by column; exit code 6 when they differ.

    Rows of one key are added up on both sides.

    Example: spark9 compare old.csv --client acme --platform meta --year 2024 --wave 2 --on ad_set_name,date_start
    """
    from loader.comparison import compare_wave, write_report
    from loader.reading_options import reading_options

    settings: Context = context.obj
    names = settings.names(client, platform, year)
    try:
        largest = Decimal(tolerance)
    except InvalidOperation:
        raise NameRefusedError(f"The tolerance '{tolerance}' is not a number.") from None
    if not largest.is_finite() or largest < 0:
        raise NameRefusedError(f"The tolerance '{tolerance}' is not a number from 0.")
    comparison = compare_wave(
        settings.project,
        names,
        wave,
        reference,
        [name.strip() for name in on.split(",") if name.strip()],
        tolerance=largest,
        options=reading_options(sheet=sheet, delimiter=delimiter, encoding=encoding),
        wait_seconds=settings.wait,
        on_wait=settings.on_wait,
    )
    print_comparison(comparison)
    if report is not None:
        write_report(comparison, report, f"Wave {wave} of {names} against {reference.name}")
        print_done(f"report: {report}")
    if not comparison.agrees:
        raise typer.Exit(int(ExitCode.DIFFERENT))
