"""How the command line shows things: tables, the progress bar, messages."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING

from loader.errors import Spark9Error
from loader.names import ClientKey

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from loader.clients.registry import Access, RegisteredClient
    from loader.project.dbt import BuildResult
    from loader.waves.columns import MappedColumn
    from loader.waves.loading import LoadResult
    from loader.waves.plan import LoadPlan
    from loader.waves.preview import Preview
    from loader.waves.questions import AskedQuestion
    from loader.waves.state import LoadedFile
    from loader.waves.suggestions import SuggestedColumn


_PIPED_WIDTH = 200  # if no terminal reports its width
_BAR_AFTER_SECONDS = 1.0


@cache
def out() -> Console:
    """The console for results; rich is imported on first use, since it takes a fifth of the startup time."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)


@cache
def error_console() -> Console:
    """The console for notes and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def escape(text: str) -> str:
    """Text that rich prints literally; no markup may follow at once, for which rich doubles a backslash at the end."""
    from rich.markup import escape as escaped

    literal = escaped(text)
    return literal[:-1] if literal.endswith("\\\\") and not text.endswith("\\\\") else literal


def print_done(message: str) -> None:
    """Print what was done."""
    out().print(escape(message), soft_wrap=True)


def print_note(message: str) -> None:
    """Print a note on the error stream."""
    error_console().print(escape(message), style="dim")


def print_open(message: str) -> None:
    """Print what is left open, on the error stream."""
    error_console().print(escape(message), style="bold yellow")


def print_error(error: Spark9Error) -> None:
    """Print what went wrong, what was not changed and what to do next."""
    error_console().print(f"error ({error.code}): {escape(error.problem)}", style="bold red")
    for line in (error.unchanged, error.remedy):
        if line:
            error_console().print(escape(line))


def print_result(result: LoadResult) -> None:
    """The outcome of a load, its open questions and its warnings."""
    print_done(result.message)
    for asked in result.plan.questions if result.plan else []:
        print_open(f"  open question ({asked.kind}): {asked.question}")
        error_console().print(f"    {escape(asked.remedy)}", style="yellow")
    for warning in result.warnings:
        error_console().print(f"  note: {escape(warning)}", style="yellow")


def print_plan(plan: LoadPlan) -> None:
    """What a load would do: the dialect, the rows, and each column with its mapping and why."""
    dialect = plan.dialect
    other = "".join(
        f", {count} {kind} row{'s' if count > 1 else ''} excluded" for kind, count in plan.other_rows.items()
    )
    quote = "" if dialect.quote == '"' else ", single quotes" if dialect.quote else ", no quotes"
    quote += ", quotes escaped by backslashes" if dialect.backslash else ""
    written = f"{dialect.encoding}, {dialect.delimiter_name}-separated{quote}"
    written = "workbook" if plan.is_workbook else written
    header = f"header in line {dialect.header_line}" if dialect.header_line else "no header"
    part = "" if plan.file_name == plan.file.name else f" ({plan.file_name})"
    print_done(
        f"{plan.file}{part}: {written}, "
        f"{header}, {len(dialect.columns)} columns,"
        f" {plan.row_count} rows{other}, SHA-256 {plan.file_hash[:16]}..."
    )
    if not plan.is_naming_keys:
        print_done(f"rows by {plan.level}, {days_of(plan)}, {spend_of(plan)}")
    _print_columns("plan", plan.columns)
    print_done(f"new columns: {', '.join(plan.new_columns) or 'none'}")
    print_done(f"missing columns: {', '.join(plan.missing_columns) or 'none'}")
    for check in plan.total_checks:
        verdict = "agrees with its rows" if check.agrees else f"but its rows add up to {check.computed.normalize():f}"
        print_done(f"the totals row has {check.given.normalize():f} for '{check.column}': {verdict}")


def print_preview(preview: Preview) -> None:
    """The expected score of the file's rows."""
    parts = ", ".join(f"{part} {share.normalize():f}" for part, share in preview.parts.items())
    print_done(f"expected score {preview.score}, from {preview.judged_rows:,} rows: {parts}")


def days_of(plan: LoadPlan) -> str:
    """The days of a plan's rows, as text."""
    if plan.days is None:
        return "no days"
    first, last = plan.days
    return f"{first}" if first == last else f"{first} to {last}"


def spend_of(plan: LoadPlan) -> str:
    """The spend of a plan's rows with its currency."""
    spend = next((row.control_sum for row in plan.columns if row.target_column == "amount_spent" and row.ordinal), None)
    currency = next((row for row in plan.columns if row.target_column == "currency"), None)
    in_what = "" if currency is None else f" {currency.default_value or f'(see {currency.column_name})'}"
    return "no spend" if spend is None else f"spend {spend:,.2f}{in_what}"


def print_mapping(client: ClientKey, rows: Sequence[tuple[int, str, MappedColumn]]) -> None:
    """The mappings of a client, a table a load."""
    if not rows:
        print_done(f"{client}: no wave is loaded yet.")
    for wave, load in dict.fromkeys((wave, load) for wave, load, _ in rows):
        _print_columns(
            f"{client}, wave {wave}, load {load}", [row for number, of, row in rows if (number, of) == (wave, load)]
        )


def print_suggestions(client: ClientKey, columns: Sequence[SuggestedColumn]) -> None:
    """Unknown headers, and what each resembles."""
    if not columns:
        print_done(f"{client}: no unknown header resembles a known one.")
        return
    rows = [
        (column.column_name, str(column.wave), like.header, like.standard_column, str(like.score))
        for column in columns
        for like in [column.suggestion]
    ]
    print_table(f"{client}: unknown headers", ("column", "first wave", "similar to", "fills", "score"), rows)
    print_note("To accept a suggestion: spark9 mapping accept --column ...")


def _print_columns(title: str, columns: Sequence[MappedColumn]) -> None:
    rows = [
        (
            *(str(row.ordinal or ""), row.column_name, row.mapping_rule),
            row.target_column + (" *" if row.is_required else ""),
            row.column_type + (f" ({row.value_format})" if row.value_format else ""),
            *(row.default_value or "", row.reason),
        )
        for row in columns
    ]
    names = ("#", "column", "rule", "target", "type", "default", "why")
    print_table(title, names, rows, caption="* required")


def print_clients(clients: Sequence[RegisteredClient], accesses: Sequence[Access]) -> None:
    """The registry."""
    if not clients:
        print_done("The registry is empty; add a client with: spark9 client add acme/meta/2024")
        return
    users: dict[str, list[str]] = {}
    for access in accesses:
        users.setdefault(access.client_schema, []).append(f"{access.user_name} ({access.access})")
    rows = [
        (
            *(client.client, client.platform, str(client.year), client.client_schema, client.status, client.added_on),
            client.brand,
            ", ".join(users.get(client.client_schema, [])),
        )
        for client in clients
    ]
    print_table("clients", ("client", "platform", "year", "schema", "status", "added on", "brand", "access"), rows)


def print_differences(differences: Sequence[str]) -> None:
    """Differences between generated files and registry."""
    if not differences:
        print_done("Generated files match the registry.")
        return
    for difference in differences:
        print_done(difference)
    print_note("Regenerate them with: spark9 client check --fix")


def print_files(client: ClientKey, files: Sequence[LoadedFile]) -> None:
    """The files that count, by wave."""
    if not files:
        print_done(f"{client}: no wave is loaded yet.")
        return
    rows = [
        (
            *(str(file.wave_number), file.wave_name or "", file.file_name, f"{file.row_count:,}"),
            *(f"{file.upload_timestamp:%Y-%m-%d %H:%M}", file.load_id, "yes" if file.is_processed else "no"),
        )
        for file in files
    ]
    print_table(str(client), ("wave", "name", "file", "rows", "loaded (UTC)", "load", "built"), rows)


def print_questions(client: ClientKey, questions: Sequence[AskedQuestion]) -> None:
    """The open questions of a client."""
    if not questions:
        print_done(f"{client}: no open question.")
        return
    rows = [
        (
            *(asked.question_id, str(asked.wave_number), question.kind),
            f"{question.row_count:,}" if question.row_count else "",
            "unknown" if question.amount_at_stake is None else f"{question.amount_at_stake:,.2f}",
            *(question.question, question.remedy),
        )
        for asked in questions
        for question in [asked.question]
    ]
    print_table(str(client), ("id", "wave", "kind", "rows", "spend at stake", "question", "what decides"), rows)
    print_note(f"To settle them: spark9 wave settle --client {client} --wave ... --answer ...")


def print_build(result: BuildResult) -> None:
    """How a build went."""
    found = len(result.warnings)
    print_done(f"build: {result.passed} steps passed, {found} warning{'' if found == 1 else 's'}")
    for warning in result.warnings:
        error_console().print(f"  note: {escape(warning)}", style="yellow")


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str | None = None) -> None:
    """A table of texts."""
    table = table_of(title, *columns)
    table.caption = caption
    for row in rows:
        table.add_row(*map(escape, row))
    out().print(table)


def table_of(title: str, *columns: str) -> Table:
    """An empty table in the style of all commands."""
    from rich import box
    from rich.table import Table

    table = Table(title=escape(title), box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(
            column, justify="right" if column in ("rows", "score", "spend", "seconds", "#") else "left", overflow="fold"
        )
    return table


@contextmanager
def file_bar(what: str, count: int) -> Iterator[Callable[[str], None]]:
    """A bar for many files; yields the callback that takes each file's name before it is processed.

    Args:
        what: is done with them.
        count: of files.

    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[file]}"))
    with Progress(*columns, TimeElapsedColumn(), console=error_console(), transient=True) as progress:
        task = progress.add_task("", total=count, file="")
        begun = 0

        def on_file(name: str) -> None:
            nonlocal begun
            progress.update(task, completed=begun, file=escape(name))
            begun += 1

        yield on_file
        progress.update(task, completed=count, file="")


class StepBar:
    """A progress bar that appears only when a file takes more than a second.

    Args:
        label: what is being loaded.

    """

    def __init__(self, label: str) -> None:
        """Nothing is shown yet."""
        self._label = label
        self._step, self._share = "reading", 0.0
        self._progress: Progress | None = None
        self._timer = threading.Timer(_BAR_AFTER_SECONDS, self._show)

    def _show(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn(escape(self._label)),
            BarColumn(),
            TextColumn("{task.fields[step]}"),
            TimeElapsedColumn(),
            console=error_console(),
            transient=True,
        )
        task = self._progress.add_task("", total=1.0, step=self._step)
        self._progress.update(task, completed=self._share)
        self._progress.start()

    def step(self, name: str, share: float) -> None:
        """Show the step that has just ended, and the share of the work done."""
        self._step, self._share = name, share
        if self._progress and self._progress.task_ids:
            self._progress.update(self._progress.task_ids[0], completed=share, step=name)

    def __enter__(self) -> StepBar:
        """Start the clock."""
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._timer.cancel()
        self._timer.join()
        if self._progress:
            self._progress.stop()
