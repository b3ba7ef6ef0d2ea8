"""How the command line shows the results of feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.cli.output import error_console, escape, out, print_done, table_of
from loader.words import counted

if TYPE_CHECKING:
    from areas.feeds.ingesting import IngestResult
    from areas.feeds.running import AreaRun, CheckedArea


def print_feed_result(result: IngestResult) -> None:
    """The result of an ingestion, and its warnings."""
    if not result.files:
        print_done(f"{result.feed}: no new files.")
        return
    replaced = f", {result.files_replaced} of them replacing an earlier version" if result.files_replaced else ""
    print_done(
        f"{result.feed}: {counted(result.files, 'file')}{replaced}: {result.rows_loaded:,} rows, "
        f"{result.rows_rejected:,} rejected, {result.seconds:.1f} s."
    )
    for note in result.notes:
        error_console().print(f"  note: {escape(note)}", style="yellow")


def print_area_run(run: AreaRun) -> None:
    """A row a step: files, of them new and changed ones, rows, and how long it took; then what the checks found."""
    table = table_of(f"run {run.run_id}", "step", "files", "rows", "rejected", "new", "changed", "checks", "seconds")
    for step in run.resumed:
        table.add_row(step, *[""] * 6, "done before")
    by_feed = {f"ingest {result.feed}": result for result in run.ingested}
    for step, seconds in run.seconds.items():
        result = by_feed.get(step)
        counts = [""] * 5
        if result:
            new = result.files - result.files_replaced
            numbers = (result.files, result.rows_loaded, result.rows_rejected, new, result.files_replaced)
            counts = [f"{number:,}" for number in numbers]
        checks = f"{run.checked.passed} pass, {len(run.checked.warnings)} warn" if step == "check" else ""
        table.add_row(step, *counts, checks, f"{seconds:.1f}")
    out().print(table)
    for result in run.ingested:
        for note in result.notes:
            error_console().print(f"  note: {result.feed}: {escape(note)}", style="yellow")
    print_checked(run.checked, are_counted=False)
    if not run.resumed and not any(result.files for result in run.ingested):
        print_done("No files are new or have changed; the tables were not changed.")


def print_checked(checked: CheckedArea, *, are_counted: bool = True) -> None:
    """The check results of an area."""
    if are_counted:
        print_done(f"{checked.passed} checks pass, {len(checked.warnings)} warn.")
    for name, message in checked.warnings.items():
        error_console().print(f"  warning: {escape(name)}: {escape(message)}", style="yellow")
