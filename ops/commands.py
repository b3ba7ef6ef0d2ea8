"""The commands of operations: verify, compare, explain, status, doctor, audit and log."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from loader.cli.commands import WaveOption, command
from loader.cli.completion import complete_wave
from loader.cli.context import Context, default_client, required_client
from loader.cli.output import print_done, print_note
from loader.errors import ExitCode, NameRefusedError
from loader.files.options import reading_options
from loader.names import ClientKey, client_from_word
from ops.output import (
    print_access_differences,
    print_check,
    print_comparison,
    print_explained,
    print_log,
    print_probe_summary,
    print_probed,
    print_status,
    print_verified,
)
from ops.recovery import commands as recovery

app = typer.Typer()
app.add_typer(recovery.app)


@command(app)
def verify(
    settings: Context,
    client: ClientKey | None,
    wave: Annotated[int | None, typer.Option(help="Only this wave.", autocompletion=complete_wave)] = None,
    everything: Annotated[bool, typer.Option("--all", help="All waves of all clients.")] = False,
) -> None:
    """Verify that the tables hold what the original files in the stage contain.

    Compares each file's hash, rows, filled cells and column sums with raw_data_staging and processed_campaign_data.
    Exits with code 6 if anything differs.

    Example: spark9 verify --client acme/meta/2024 --wave 2
    """
    from ops.verification import verify_waves

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


@command(app)
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
    from ops.comparison import compare_wave
    from ops.comparison_report import write_report

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


@command(app)
def explain(
    settings: Context,
    client: ClientKey | None,
    wave: WaveOption,
    row: Annotated[int, typer.Option(help="The row_number: 1 is the first row below the header.")],
    word: Annotated[str | None, typer.Argument(metavar="client", help="The client, as with --client.")] = None,
    file: Annotated[str | None, typer.Option(help="The file, if the wave has several.")] = None,
    load: Annotated[str | None, typer.Option(help="The same, by its load_id.")] = None,
    column: Annotated[str | None, typer.Option(help="Show only this header or target column.")] = None,
) -> None:
    """Explain how one row of a file became figures.

    Shows each cell with its value and why it is read so, whether the row counts, its score, and where marts have it.

    Example: spark9 explain acme/meta/2024 --wave 2 --row 7

    Example: spark9 explain acme/meta/2024 --wave 2 --row 7 --column amount_spent
    """
    from ops.explanation import explain_row

    if word and client:
        raise NameRefusedError("Name the client once: as acme/meta/2024, or with --client.")
    key = client_from_word(word) if word else client or required_client({})
    found = explain_row(settings.workspace, key, wave, row, file_name=file, load_id=load, column=column)
    print_explained(found, is_one_column=column is not None)


@command(app)
def status(settings: Context) -> None:
    """Show clients, waves, scores and failed steps.

    Example: spark9 status
    """
    from ops.status import client_statuses

    print_status(client_statuses(settings.workspace))


@command(app)
def doctor(
    settings: Context,
    probe: Annotated[
        bool,
        typer.Option("--probe", help="Try what the project rests on, on a Snowflake account."),
    ] = False,
    probe_database: Annotated[
        str, typer.Option(help="The throwaway database; all names that a probe makes begin with it.")
    ] = "spark9_probe",
    anew: Annotated[bool, typer.Option("--anew", help="Try again what passed in an interrupted probe.")] = False,
) -> None:
    """Check files, connection, role, warehouse and each client's stage; print how to fix what fails.

    With --probe, makes a database, roles, users and a warehouse of its own, tries statements, a load and builds with
    each role, and drops all of it at the end. It needs a user with the role accountadmin. A second start goes on after
    what passed.

    Example: spark9 doctor

    Example: SPARK9_TARGET=prod spark9 doctor --probe
    """
    if probe:
        _probe(settings, probe_database, anew=anew)
        return
    from ops.doctor import examine

    failed = 0
    for check in examine(settings.workspace.waiting(min(settings.wait, 10.0))):
        print_check(check)
        failed += not check.passed
    if failed:
        raise typer.Exit(int(ExitCode.FAILED))


@command(app)
def audit(settings: Context) -> None:
    """Compare the registry with the warehouse's roles and grants. Fails if they differ.

    Example: spark9 audit
    """
    from ops.audit import audit_access

    if not settings.workspace.warehouse.enforces_roles:
        print_note("DuckDB has no roles: the registry records who may use what, but it is not enforced.")
        return
    differences = audit_access(settings.workspace)
    print_access_differences(differences)
    if differences:
        raise typer.Exit(int(ExitCode.FAILED))
    print_done("Roles and grants match the registry.")


@command(app)
def log(
    settings: Context,
    client: ClientKey,
    errors: Annotated[bool, typer.Option("--errors", help="Show only failed steps.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many steps to show, latest first.")] = 50,
) -> None:
    """Show the log of a client, latest step first.

    Example: spark9 log --client acme/meta/2024 --errors
    """
    from ops.status import read_log

    steps = read_log(settings.workspace, client, errors_only=errors, limit=limit)
    print_log(client, steps, errors_only=errors)


def _probe(settings: Context, database: str, *, anew: bool) -> None:
    from ops.probe.running import probe

    results = probe(settings.workspace, database, print_probed, anew=anew)
    print_probe_summary(results, database)
    if any(result.status in ("failed", "not dropped") for result in results):
        raise typer.Exit(int(ExitCode.FAILED))


def _tolerance(text: str) -> Decimal:
    try:
        largest = Decimal(text)
    except InvalidOperation:
        raise NameRefusedError(f"The tolerance '{text}' is not a number.") from None
    if not largest.is_finite() or largest < 0:
        raise NameRefusedError(f"The tolerance '{text}' is not a number of 0 or more.")
    return largest
