"""How the commands of operations show what they found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from loader.cli.output import escape, out, print_done, print_note, print_table, table_of
from loader.clients.registry import ARCHIVED
from loader.names import ClientKey
from loader.words import counted

if TYPE_CHECKING:
    from ops.audit import AccessDifference
    from ops.comparison import Comparison
    from ops.doctor import Check
    from ops.explanation import ExplainedRow, ExplainedValue
    from ops.probe.model import Result
    from ops.status import ClientStatus, LoggedStep, WaveStatus
    from ops.verification import VerifiedLoad

_SHOWN_DIFFERENCES = 20


def print_verified(load: VerifiedLoad) -> None:
    """The result of verifying one load."""
    built = "raw and processed" if load.is_built else "raw only; not built yet"
    verdict = "differs" if load.differences else "matches its file"
    print_done(
        f"{load.client}, wave {load.wave_number}, {load.file_name}: {verdict} "
        f"({load.rows:,} rows, {load.cells:,} cells, {load.sums} sums, {built})"
    )
    for difference in load.differences:
        print_done(f"  {difference}")


def print_comparison(comparison: Comparison) -> None:
    """How a wave and a reference agree."""
    print_done(f"matched on {', '.join(comparison.on)}; compared {', '.join(comparison.compared) or 'nothing else'}")
    if comparison.not_compared:
        print_note(f"Not compared, because the wave does not have them: {', '.join(comparison.not_compared)}")
    if comparison.repeated_keys:
        print_note(f"{comparison.repeated_keys} rows share their key with another row; their figures were added up.")
    print_done(
        f"{comparison.matching_rows} rows agree, {comparison.differing_rows} differ, {comparison.only_in_wave} only in "
        f"the wave, {comparison.only_in_reference} only in the reference"
    )
    for column, count in sorted(comparison.differences_by_column.items()):
        print_done(f"  {column}: {count} rows differ")
    for found in comparison.differences[:_SHOWN_DIFFERENCES]:
        key = ", ".join(map(str, found.key))
        if found.column is None:
            print_done(f"  {key}: {found.problem}")
        else:
            print_done(f"  {key}: {found.column} is {found.in_wave} in the wave, {found.in_reference} in the reference")
    if len(comparison.differences) > _SHOWN_DIFFERENCES:
        print_note(
            f"{len(comparison.differences) - _SHOWN_DIFFERENCES} more differences; use --report to write all of them."
        )


def print_status(statuses: Sequence[ClientStatus]) -> None:
    """All clients with their waves, then the failed steps."""
    if not statuses:
        print_done("The registry is empty; add a client with: spark9 client add acme/meta/2024")
        return
    table = table_of(
        "status", "client", "wave", "rows", "new columns", "missing columns", "score", "spend", "open questions"
    )
    for status in statuses:
        name = str(status.client.key)
        if not status.has_tables:
            table.add_row(name, "tables missing here; create them with: spark9 client add", *[""] * 6)
        elif not status.waves:
            table.add_row(name, "none loaded", *[""] * 6)
        for wave in status.waves:
            title = f"{wave.wave_number}" + (f" {wave.wave_name}" if wave.wave_name else "")
            table.add_row(
                name,
                escape(title),
                f"{wave.row_count:,}",
                escape(", ".join(wave.new_columns)) or "-",
                escape(", ".join(wave.missing_columns)) or "-",
                _score(wave),
                _spend(wave),
                _questions(wave),
            )
    out().print(table)
    for status in statuses:
        for step in status.failed_steps:
            print_done(f"failed: {status.client.key}, {_step_text(step)}")


def _spend(wave: WaveStatus) -> str:
    """The spend of a wave, or why there is none to show."""
    if wave.amount_spent is not None:
        return f"{wave.amount_spent:,.2f} {wave.currency or ''}".strip()
    if not wave.is_built:
        return ""
    if wave.is_superseded:
        return "superseded"
    return "several currencies" if wave.currency == "mixed" else "no spend"


def _questions(wave: WaveStatus) -> str:
    if not wave.open_questions:
        return "-"
    at_stake = "" if wave.amount_at_stake is None else f" ({wave.amount_at_stake:,.2f} at stake)"
    return f"[yellow]{wave.open_questions}{at_stake}[/yellow]"


def _score(wave: WaveStatus) -> str:
    if wave.data_quality_score is None:
        return "not built yet"
    return f"{wave.data_quality_score:.4f}" + (" [red]failed[/red]" if wave.is_failed else "")


def _step_text(step: LoggedStep) -> str:
    entry = step.entry
    wave = f", wave {entry.wave_number}" if entry.wave_number is not None else ""
    file = f", {entry.file_name}" if entry.file_name else ""
    return f"{step.when:%Y-%m-%d %H:%M}{wave}{file}: {entry.error_code}: {entry.error_message}"


def print_log(client: ClientKey, steps: Sequence[LoggedStep], *, errors_only: bool) -> None:
    """The log of a client."""
    if not steps:
        print_done(f"{client}: no {'failed steps' if errors_only else 'steps'} in the log.")
        return
    table = table_of(str(client), "when (UTC)", "step", "status", "wave", "file", "rows", "seconds", "by", "error")
    for step in steps:
        entry = step.entry
        table.add_row(
            step.when.strftime("%Y-%m-%d %H:%M:%S"),
            entry.processing_stage,
            entry.status,
            "" if entry.wave_number is None else str(entry.wave_number),
            escape(entry.file_name or ""),
            "" if entry.row_count is None else f"{entry.row_count:,}",
            "" if entry.duration_seconds is None else f"{entry.duration_seconds:.2f}",
            escape(entry.done_by or ""),
            escape(f"{entry.error_code}: {entry.error_message}" if entry.error_code else ""),
        )
    out().print(table)


def print_check(check: Check) -> None:
    """One line of `spark9 doctor`, with the remedy if it failed."""
    mark = "[green]ok[/green]" if check.passed else "[red]--[/red]"
    out().print(f"{mark}  {escape(check.name)}: {escape(check.finding)}", soft_wrap=True)
    if check.remedy:
        out().print(f"    {escape(check.remedy)}", soft_wrap=True)


_MARKS = {"passed": "[green]ok[/green]  ", "passed before": "[green]ok[/green]  ", "skipped": "[yellow]skip[/yellow]"}


def print_probed(result: Result) -> None:
    """One row of a probe's table, as it comes: what was tried as whom, what came out, and what to do."""
    finding = result.finding or result.status
    mark = _MARKS.get(result.status, "[red]FAIL[/red]")
    out().print(f"{mark}  {result.name:<48} {result.job:<11}  {escape(finding)}", soft_wrap=True)
    if result.remedy:
        out().print(f"      {escape(result.remedy)}", soft_wrap=True)


def print_probe_summary(results: Sequence[Result], database: str) -> None:
    """How many checks ended in which way, and whether anything is left."""
    counts = Counter(result.status for result in results)
    left = counts.pop("not dropped", 0)
    out().print(", ".join(f"{count} {status}" for status, count in counts.items()))
    if left:
        out().print(f"{left} objects were not dropped; the statements above drop them.")
    else:
        out().print(f"Nothing is left: the database {database} and all names that begin with it are dropped.")


def print_access_differences(differences: Sequence[AccessDifference]) -> None:
    """Audit findings, each with the statement that fixes it."""
    for difference in differences:
        out().print(f"{escape(difference.client_schema)}: {escape(difference.problem)}", soft_wrap=True)
        if difference.remedy:
            out().print(f"    {escape(difference.remedy)}", soft_wrap=True)


def print_explained(row: ExplainedRow, *, is_one_column: bool) -> None:
    """One row of an export: its values, whether it counts, its score, and the rows of the marts that it is part of."""
    raw, built, client = row.raw, row.built, row.client.key
    title = (
        f"{row.load.file_name}, row {raw['row_number']} (wave {raw['wave_number']} of {client}, load {raw['load_id']})"
    )
    headers = [value for value in row.values if value.column.ordinal is not None]
    _print_values(title, headers, is_built=bool(built))
    others = [value for value in row.values if value.column.ordinal is None]
    _print_values("without a cell of its own", others, is_built=bool(built))
    build = f"To build it: dbt build --select clients.{client.name}+"
    if row.client.status == ARCHIVED:
        build = "The client is archived, so builds leave it out."
    print_done(_verdict(row, build))
    if built and built["schema_version"] != raw["schema_version"]:
        print_done(f"The values are those of the last build; it waits to be processed again. {build}")
    if not built or is_one_column:
        return
    parts = ", ".join(f"{part} {built[part]}" for part in row.parts)
    print_done(f"score {built['data_quality_score']}: {parts}")
    for part in row.parts:
        if not built[part]:
            print_done(f"  {part}: {'; '.join(row.parts[part])}")
    for mart in row.marts:
        has = "leaves out rows of several days (var rows_of_several_days)" if mart.is_current else "lacks it"
        if mart.row_count:
            has = f"{counted(mart.row_count, 'row')} of files, spend {_shown(mart.amount_spent)}"
        print_done(f"{mart.mart}: {has}{'' if mart.is_current else f'; out of date. {build}'}")
        print_done(f"    where {mart.condition}")


def _verdict(row: ExplainedRow, build: str) -> str:
    """Whether a row counts, and why not."""
    if row.raw["row_kind"] != "data":
        return f"It does not count: it is a row of the kind '{row.raw['row_kind']}' ({row.raw['row_reason']})."
    if not row.built:
        return f"It does not count yet: processed_campaign_data lacks it. {build}"
    if by := row.built["superseded_by"]:
        file = f"{row.superseding.file_name}, wave {row.superseding.wave_number}, " if row.superseding else ""
        return f"It does not count: {row.built['superseded_because']} ({file}load {by})."
    return "It counts."


def _print_values(title: str, values: Sequence[ExplainedValue], *, is_built: bool) -> None:
    has_issues = any(value.issues for value in values)
    rows = [
        (
            *(column.column_name, "" if column.ordinal is None else _shown(value.cell)),
            *(column.mapping_rule, column.target_column),
            column.column_type + (f" ({column.value_format})" if column.value_format else ""),
            _shown(value.value) if is_built and column.mapping_rule != "ignore" else "",
            *(value.why, *(["; ".join(value.issues)] if has_issues else [])),
        )
        for value in values
        for column in [value.column]
    ]
    if rows:
        names = ("column", "cell", "rule", "target", "type", "value", "why", *(["issue"] if has_issues else []))
        print_table(title, names, rows)


def _shown(value: object) -> str:
    """A value, texts in quotes, so that an empty one is told from none."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "null" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
