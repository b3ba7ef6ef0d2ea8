"""The commands that check loaded data: `spark9 verify` and `spark9 compare`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from loader.cli.commands import WaveOption
from loader.cli.completion import complete_wave
from loader.cli.context import Context
from loader.cli.naming import default_client
from loader.cli.output import print_comparison, print_done, print_verified
from loader.errors import ExitCode, NameRefusedError
from loader.files.options import reading_options
from loader.names import ClientKey


def verify(
    settings: Context,
    client: ClientKey | None,
    wave: Annotated[int | None, typer.Option(help="Only this wave.", autocompletion=complete_wave)] = None,
    everything: Annotated[bool, typer.Option("--all", help="All waves of all clients.")] = False,
) -> None:
    """Verify against the originals in the stage that the tables hold what the files contain.

    Compares each file's hash, rows, filled cells and column sums with raw_data_staging and processed_campaign_data.
    Exits with code 6 if anything differs.

    Example: spark9 verify --client acme/meta/2024 --wave 2
    """
    from loader.waves.verification import verify_waves

    wanted = client or (None if everything else default_client())
    if everything == (wanted is not None) or (everything and wave is not None):
        raise NameRefusedError(
            "Name a client with --client acme/meta/2024, or use --all to verify all waves of all clients."
        )
    count = wrong = 0
    for load in verify_waves(settings.workspace, wanted, wave):
        print_verified(load)
        count += 1
        wrong += bool(load.differences)
    print_done(f"{count} loads verified, {wrong or 'none'} with differences")
    if wrong:
        raise typer.Exit(int(ExitCode.DIFFERENT))


def compare(
    settings: Context,
    reference: Annotated[Path, typer.Argument(help="The output of the process that the wave replaces.")],
    client: ClientKey,
    wave: WaveOption,
    on: Annotated[str, typer.Option(help="The columns to match rows on, separated by commas.")],
    tolerance: Annotated[
        str, typer.Option(help="The largest difference between two figures that still agree.")
    ] = "0.005",
    report: Annotated[Path | None, typer.Option(help="Write every difference to this .csv or .html file.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="As in spark9 load.")] = None,
    encoding: Annotated[str | None, typer.Option(help="As in spark9 load.")] = None,
) -> None:
    """Compare a built wave with a reference file, column by column. Exits with code 6 if they differ.

    Rows with the same key are added up on both sides.

    Example: spark9 compare old.csv --client acme/meta/2024 --wave 2 --on ad_set_name,date_start
    """
    from loader.waves.comparison import compare_wave
    from loader.waves.comparison_report import write_report

    comparison = compare_wave(
        settings.workspace,
        client,
        wave,
        reference,
        [name.strip() for name in on.split(",") if name.strip()],
        tolerance=_tolerance(tolerance),
        options=reading_options(sheet=sheet, delimiter=delimiter, encoding=encoding),
    )
    print_comparison(comparison)
    if report is not None:
        write_report(comparison, report, f"Wave {wave} of {client} against {reference.name}")
        print_done(f"report: {report}")
    if not comparison.agrees:
        raise typer.Exit(int(ExitCode.DIFFERENT))


def _tolerance(text: str) -> Decimal:
    try:
        largest = Decimal(text)
    except InvalidOperation:
        raise NameRefusedError(f"The tolerance '{text}' is not a number.") from None
    if not largest.is_finite() or largest < 0:
        raise NameRefusedError(f"The tolerance '{text}' is not a number of 0 or more.")
    return largest
