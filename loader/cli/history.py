"""`spark9 load --manifest`: what is printed of many files, and the loads themselves."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from loader.cli.context import Context
from loader.cli.output import days_of, file_bar, print_build, print_done, print_note, print_open, print_table, spend_of
from loader.errors import ExitCode

if TYPE_CHECKING:
    from loader.history.loading import FileOutcome, HistoryPlan

_REPORT_COLUMNS = (
    "line", "file", "client", "platform", "year", "wave", "wave_name", "outcome", "error_code", "level", "first_day",
    "last_day", "row_count", "open_questions", "question_kinds", "amount_at_stake", "message", "notes",
)  # fmt: skip


def load_many(
    settings: Context, manifest: Path, *, onboard: bool, dry_run: bool, build: bool, report: Path | None
) -> None:
    """Plan the files of a manifest or folder, print the plan, and load them unless it is a dry run."""
    from loader.history.loading import load_history, plan_history
    from loader.history.manifest import read_manifest

    entries = read_manifest(manifest)
    with file_bar("planning", len(entries)) as on_file:
        plan = plan_history(settings.workspace, entries, onboard=onboard, on_file=on_file)
    _print_plan(plan)
    outcomes: list[FileOutcome] = list(plan.files) if dry_run else []
    try:
        if not dry_run:
            with file_bar("loading", len(plan.files)) as on_file:
                # one by one, so that those before an interruption are known
                outcomes.extend(load_history(settings.workspace, plan, on_file=on_file))
    except BaseException:
        print_note(
            f"Stopped after {len(outcomes)} of {len(plan.files)} files. Loaded files are kept; run the same "
            f"command to continue."
        )
        raise
    finally:
        if report:
            _write_report(report, outcomes)
    if not dry_run:
        _print_outcomes(outcomes)
        if build:
            _build(settings)
    if any(outcome.outcome == "refused" for outcome in outcomes):
        raise typer.Exit(ExitCode.REFUSED)


def _build(settings: Context) -> None:
    from loader.builds.stale import build_stale, stale_clients

    clients, are_marts_old = stale_clients(settings.workspace)
    if clients or are_marts_old:
        print_build(build_stale(settings.workspace, clients))


def _print_plan(plan: HistoryPlan) -> None:
    """One line a file: its client, its rows and its outcome; then refusals, open questions and notes."""
    from loader.waves.questions import in_short

    rows = []
    for file in plan.files:
        found = file.plan
        rows.append(
            (
                str(file.entry.client or "?"),
                _wave_of(file),
                found.file_name if found else file.entry.file.name,
                "" if found is None or found.is_naming_keys else str(found.level),
                "" if found is None or found.is_naming_keys else days_of(found),
                f"{found.row_count:,}" if found else "",
                "" if found is None or found.is_naming_keys else spend_of(found).removeprefix("spend "),
                "would be loaded" if file.outcome == "planned" else file.outcome,
            )
        )
    print_table("plan", ("client", "wave", "file", "by", "days", "rows", "spend", ""), rows)
    if plan.new_clients:
        print_done(f"would onboard {', '.join(map(str, plan.new_clients))}")
    _print_refusals(plan.files)
    for file in plan.files:
        if file.outcome == "planned":
            if file.questions:
                print_open(f"  {file.entry.file.name}: {in_short(file.questions)}")
            for note in file.notes:
                print_note(f"  {file.entry.file.name}: {note}")
    print_done(f"{_counted(plan.files)}; nothing has been changed")


def _print_outcomes(outcomes: Sequence[FileOutcome]) -> None:
    from loader.waves.questions import in_short

    for outcome in outcomes:
        if outcome.outcome == "loaded":
            print_done(outcome.message)
            if outcome.questions:
                client = f"--client {outcome.entry.client} --wave {outcome.entry.wave}"
                print_open(f"  {in_short(outcome.questions)}; see: spark9 wave questions {client}")
            for note in outcome.notes:
                print_note(f"  note: {note}")
    _print_refusals(outcomes)
    print_done(_counted(outcomes))


def _print_refusals(files: Sequence[FileOutcome]) -> None:
    for file in files:
        if file.error:
            line = f"line {file.entry.line}, " if file.entry.line else ""
            print_done(
                f"refused: {line}{file.entry.file.name} ({file.error.code}): {file.error.problem} {file.error.remedy}"
            )


def _counted(files: Sequence[FileOutcome]) -> str:
    counts = Counter(file.outcome for file in files)
    words = {"planned": "would be loaded"}
    order = ("planned", "loaded", "already loaded", "refused")
    parts = ", ".join(f"{counts[name]} {words.get(name, name)}" for name in order if counts[name])
    return f"{len(files)} files: {parts or 'nothing'}"


def _wave_of(file: FileOutcome) -> str:
    wave = "naming keys" if file.entry.wave is None else str(file.entry.wave)
    return f"{wave} {file.entry.wave_name or ''}".strip()


def _write_report(path: Path, outcomes: Sequence[FileOutcome]) -> None:
    from loader.waves.questions import at_stake

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_REPORT_COLUMNS)
        for outcome in outcomes:
            entry, plan, client = outcome.entry, outcome.plan, outcome.entry.client
            days = plan.days if plan and plan.days else ("", "")
            amount = at_stake(outcome.questions)
            writer.writerow(
                (
                    entry.line or "", entry.file,
                    *((client.client, client.platform, client.year) if client else ("", "", "")),
                    entry.wave or "", entry.wave_name or "", outcome.outcome,
                    outcome.error.code if outcome.error else "",
                    plan.level if plan and not plan.is_naming_keys else "", *days, plan.row_count if plan else "",
                    len(outcome.questions) if plan else "",
                    ", ".join(dict.fromkeys(asked.kind for asked in outcome.questions)),
                    "" if amount is None else f"{amount:f}", outcome.message, " | ".join(outcome.notes),
                )
            )  # fmt: skip
    print_note(f"Report written to {path}.")
