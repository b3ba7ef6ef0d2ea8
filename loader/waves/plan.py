"""What a load does, known before anything is written, and what to warn of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from loader.clients.registry import RegisteredClient, today
from loader.errors import Answer, FileRefusedError, WaveRefusedError
from loader.files.containers import Export, unpacked
from loader.files.dialects import Dialect, recognise
from loader.files.file_reader import read_rows
from loader.files.headers import PlatformColumns, Suggestion
from loader.files.options import ReadingOptions
from loader.files.profiling import Profiler
from loader.files.row_kinds import TotalCheck, check_totals
from loader.files.table import ValueFormat, count_rows, reader
from loader.log import Steps
from loader.names import ClientKey, safe_file_name
from loader.project.project import Project
from loader.warehouses.machine_errors import as_spark9_error
from loader.waves import naming_keys
from loader.waves.columns import ColumnRule, CoreColumn, Level, MappedColumn, core_columns, level_of
from loader.waves.contents import ADDITIVE, FileContents, days_of, mark, read_contents
from loader.waves.file_rows import FileRows
from loader.waves.find_questions import find_questions
from loader.waves.mapping import is_missed, propose
from loader.waves.money import Currencies, find_currencies
from loader.waves.overlaps import OverlappingRows
from loader.waves.questions import OpenQuestion
from loader.waves.restated import RestatedLoad
from loader.waves.rolled_back import RolledBack
from loader.waves.targets import ReadFile, Target, choose_targets, with_days_of_rows, with_report_period

_MOST_NAMED = 12


@dataclass(frozen=True)
class LoadRequest:
    """The load that the user requests.

    Args:
        file: the export.
        client: the registry's row.
        wave: its number; none for a file of naming keys.
        wave_name: a name for the wave; none to keep the one it has.
        replace: replace the wave's earlier file of the same name.
        as_naming_keys: the file holds naming keys; otherwise detected from its header.
        other_platform: load it even though its headers are those of another platform.
        options: how the file is written, as far as the user states it.
        today: the day of the upload, after which no figure can be; none for the current day.
        is_new_wave: the wave must have no file yet.
        restored: what was rolled back, and is loaded again as it was.

    """

    file: Path
    client: RegisteredClient
    wave: int | None
    wave_name: str | None = None
    replace: bool = False
    as_naming_keys: bool = False
    other_platform: bool = False
    options: ReadingOptions = field(default_factory=ReadingOptions)
    today: date | None = None
    is_new_wave: bool = False
    restored: RolledBack | None = None


@dataclass(frozen=True)
class EarlierColumns:
    """What the client's tables say about columns, for a wave.

    Args:
        mappings: of all waves before it, the latest last.
        rules: what people decided that holds for it, by header.

    """

    mappings: Sequence[MappedColumn]
    rules: Mapping[str, ColumnRule]


@dataclass(frozen=True)
class LoadPlan:
    """What a load does, known before anything is written.

    Args:
        file: the file that the user named.
        file_name: how the client's tables name it: with the sheet, member or table where it has several.
        file_hash: the SHA-256 of the export's text, in hexadecimal.
        options: given by the user.
        dialect: how it is written.
        row_count: data rows.
        other_rows: rows of other kinds, by kind ('total', 'note', 'header').
        columns: the proposed mapping.
        new_columns: targets that no earlier wave has; none for the first wave.
        missing_columns: targets of earlier waves that this file lacks.
        total_checks: the file's own totals beside the sums of its rows.
        possible_totals: rows between rows of data that could be totals, and count as data.
        questions: what could change a figure, and only a person can settle.
        is_workbook: its rows are those of a sheet.
        days: the first and last day that its rows cover; none if unknown.
        is_naming_keys: the file holds naming keys, no wave.
        restated: the loads that have the same days and ads.
        policy: what then happens, as set in the registry.
        overlapping: rows that cover the same days as others at other levels, by breakdowns or over other periods.
        overlap: what then happens, as set in the registry.

    """

    file: Path
    file_name: str
    file_hash: str
    options: ReadingOptions
    dialect: Dialect
    row_count: int
    other_rows: dict[str, int]
    columns: list[MappedColumn]
    new_columns: list[str]
    missing_columns: list[str]
    total_checks: list[TotalCheck]
    possible_totals: list[int]
    questions: list[OpenQuestion] = field(default_factory=list)
    is_workbook: bool = False
    days: tuple[date, date] | None = None
    is_naming_keys: bool = False
    restated: list[RestatedLoad] = field(default_factory=list)
    policy: str = "supersede"
    overlapping: list[OverlappingRows] = field(default_factory=list)
    overlap: str = "finest"

    @property
    def level(self) -> Level:
        """The level of its rows, and their breakdowns."""
        return level_of(self.columns)

    def staged_as(self, client: ClientKey, wave: int | None) -> str:
        """The name that the original gets in the client's stage: the standard name of exports.

        Args:
            client: the client.
            wave: its number; none for naming keys.

        """
        folder = "naming_keys" if wave is None or self.is_naming_keys else f"wave_{wave}"
        suffix = "".join(Path(safe_file_name(self.file.name)).suffixes[-1:]) or ".csv"
        return f"{folder}/{client.name}__{folder}__{self.load_id}{suffix}"

    @property
    def load_id(self) -> str:
        """The load's name in all tables: the start of the file's SHA-256."""
        return self.file_hash[:16]


def plan_load(
    project: Project,
    request: LoadRequest,
    export: Export,
    connection: duckdb.DuckDBPyConnection,
    earlier: EarlierColumns,
    steps: Steps,
) -> LoadPlan:
    """Read a file and find out what it holds; nothing of it is written anywhere.

    Args:
        project: from `find_project()`.
        request: what the user asks for.
        export: from `unpacked()`.
        connection: from `reader()`; the file's rows are in it afterwards, for landing.
        earlier: what the client's tables say about columns.
        steps: records what was done.

    Raises:
        FileRefusedError: the file can't be read, or can be read in two ways.
        WaveRefusedError: it belongs to a wave, but none is given.

    """
    known, core = PlatformColumns(project), core_columns(project)
    file = _read(Profiler(connection, project, request.options), request, export, known, core, earlier, steps)
    marked = mark(file)
    columns = file.dialect.columns
    steps.done("read", 0.4, export.name, row_count=count_rows(connection), column_count=len(columns))
    contents = read_contents(file, marked, known, earlier.mappings)
    currencies = Currencies() if file.is_naming_keys else find_currencies(file, contents.profiles)
    mapping = propose(columns, file.targets, contents, core, earlier.mappings, earlier.rules, currencies)
    rows = FileRows(
        **vars(file),
        mapping=mapping,
        contents=contents,
        checks=_check_totals(file, mapping, contents) if contents.excluded.get("total") else [],
        currencies=currencies,
        year=request.client.key.year,
        today=request.today or date.fromisoformat(today()),
        earlier=earlier.mappings,
        meanings=_meanings(known, file, mapping),
    )
    plan = _plan(request, rows, [] if file.is_naming_keys else find_questions(rows))
    steps.done("profile", 0.6, export.name, row_count=contents.row_count)
    return plan


def _read(
    profiler: Profiler,
    request: LoadRequest,
    export: Export,
    known: PlatformColumns,
    core: Mapping[str, CoreColumn],
    earlier: EarlierColumns,
    steps: Steps,
) -> ReadFile:
    """Read the rows, and choose what the headers fill."""
    connection, platform = profiler.connection, request.client.platform
    dialect = recognise(export, known, request.options)
    steps.done("recognise", 0.1, export.name, column_count=len(dialect.headers))
    dialect = read_rows(export, dialect, connection, known, request.options)
    targets = choose_targets(dialect.columns, platform, known, core, earlier.rules)
    targets = with_days_of_rows(targets, connection, platform, known, core)
    targets = with_report_period(targets, connection, core)
    is_naming_keys = _is_naming_keys(request, export, targets)
    if not is_naming_keys and not request.other_platform:
        _refuse_other_platform(request, known, core, dialect)
    return ReadFile(export, dialect, profiler, targets, platform, is_naming_keys)


def _plan(request: LoadRequest, file: FileRows, questions: list[OpenQuestion]) -> LoadPlan:
    before = {row.target_column for row in file.earlier if row.ordinal is not None}
    present = {row.target_column for row in file.mapping if row.ordinal is not None}
    missing = sorted(row.target_column for row in file.mapping if is_missed(row))
    return LoadPlan(
        file=request.file,
        file_name=file.export.name,
        file_hash=file.export.sha256,
        options=request.options,
        dialect=file.dialect,
        row_count=file.contents.row_count,
        other_rows=file.contents.excluded,
        columns=list(file.mapping),
        new_columns=sorted(present - before) if before else [],
        missing_columns=[] if file.is_naming_keys else missing,
        total_checks=list(file.checks),
        possible_totals=file.contents.possible_totals,
        questions=questions,
        is_workbook=file.export.sheet is not None,
        days=days_of(file.mapping, file.profiler),
        is_naming_keys=file.is_naming_keys,
    )


def _is_naming_keys(request: LoadRequest, export: Export, targets: Mapping[str, Target]) -> bool:
    found = request.as_naming_keys or naming_keys.looks_like(list(targets.values()))
    if request.wave is None and not found:
        problem = f"{export.name} holds figures, so it must belong to a wave."
        raise WaveRefusedError("no-wave", problem, "Give the wave with --wave.")
    return found


def _refuse_other_platform(
    request: LoadRequest, known: PlatformColumns, core: Mapping[str, CoreColumn], dialect: Dialect
) -> None:
    """Stop if the headers belong to a platform other than the client's."""
    client = request.client.key
    found = known.looks_like(client.platform, dialect.headers, core)
    if found is None:
        return
    other, headers = found
    shown = ", ".join(f"'{header}'" for header in headers[:4])
    raise FileRefusedError(
        "other-platform",
        f"{request.file} looks like an export of {known.title(other)} ({shown}); {client} is on "
        f"{known.title(client.platform)}.",
        f"Load it for the client on {other}. If it does belong here, use --other-platform.",
        [Answer("other_platform", True, f"it belongs to {client} in spite of its headers")],
    )


def _meanings(known: PlatformColumns, file: ReadFile, mapping: Sequence[MappedColumn]) -> dict[str, Suggestion]:
    """What the headers of numbers mean or resemble that fill no standard column."""
    headers = dict(zip(file.dialect.columns, file.dialect.headers, strict=True))
    others = [row for row in mapping if row.ordinal and row.mapping_rule == "additional" and row.control_sum]
    found = {row.column_name: known.meaning(file.platform, headers[row.column_name]) for row in others}
    return {name: meaning for name, meaning in found.items() if meaning}


def _check_totals(file: ReadFile, mapping: Sequence[MappedColumn], contents: FileContents) -> list[TotalCheck]:
    additive = {
        row.column_name: contents.profiles[row.column_name].format
        for row in mapping
        if row.target_column in ADDITIVE and row.ordinal is not None
    }
    return check_totals(file.profiler, additive)


def plan_alone(project: Project, request: LoadRequest) -> LoadPlan:
    """Plan a load for a client that has no tables yet; nothing is changed. See `planned_alone`."""
    with planned_alone(project, request) as (plan, _):
        return plan


@contextmanager
def planned_alone(project: Project, request: LoadRequest) -> Iterator[tuple[LoadPlan, duckdb.DuckDBPyConnection]]:
    """The plan of a load for a client without tables yet, and the DuckDB that has read the file; nothing is changed.

    Args:
        project: from `find_project()`.
        request: what the user asks for; the client need not be in the registry.

    Raises:
        FileRefusedError: the file can't be read, or can be read in two ways.
        WaveRefusedError: it belongs to a wave, but none is given.
        WarehouseRefusedError: there is not enough disk space or memory.

    """
    try:
        with unpacked(request.file, request.options) as export, reader() as connection:
            none = EarlierColumns([], {})
            yield plan_load(project, request, export, connection, none, Steps(request.wave)), connection
    except (duckdb.Error, OSError) as error:
        raise as_spark9_error(request.file, error) from error


def refuse_by_policy(plan: LoadPlan, client: ClientKey) -> None:
    """Stop a load that restates or overlaps others, where the registry says so for the client.

    Raises:
        WaveRefusedError: it does; the message names the earlier load.

    """
    if plan.policy == "refuse" and plan.restated:
        first = plan.restated[0]
        raise WaveRefusedError(
            "rows-restated",
            f"{plan.file_name} restates {first.matched_rows} rows of {first.file_name} "
            f"(wave {first.wave_number}), {first.first_date} to {first.last_date}, which the policy of {client} "
            f"does not allow.",
            "Roll that file back first, or let the later values count: "
            f"spark9 client set {client} --restatement supersede",
        )
    if plan.overlap == "refuse" and plan.overlapping:
        raise WaveRefusedError(
            "rows-overlap",
            f"{plan.file_name}: {plan.overlapping[0].sentence('finest')}. The policy of {client} does not allow this.",
            "Roll the other file back first, or let the finest export count: "
            f"spark9 client set {client} --overlap finest",
        )


def warnings_of(plan: LoadPlan) -> list[str]:
    """The warnings of a plan, one sentence each."""
    if plan.is_naming_keys:
        return []
    return [
        *_unclear_columns(plan),
        *(load.sentence(plan.policy) for load in plan.restated),
        *(rows.sentence(plan.overlap) for rows in plan.overlapping if plan.overlap == "both" or not rows.is_asked),
        *_damage(plan),
        *_names_given_once(plan),
        *_missing_columns(plan),
    ]


def _unclear_columns(plan: LoadPlan) -> Iterator[str]:
    unclear = [row for row in plan.columns if row.unclear]
    for row in unclear[:_MOST_NAMED]:
        yield f"column '{row.column_name}': {'; '.join(row.unclear)}"
    if len(unclear) > _MOST_NAMED:
        yield f"{len(unclear) - _MOST_NAMED} more columns are unclear; --dry-run names them"


def _damage(plan: LoadPlan) -> Iterator[str]:
    yield from plan.dialect.notes
    if plan.dialect.nul_bytes:
        yield "the file has NUL bytes, which no table can hold; they were removed"


def _names_given_once(plan: LoadPlan) -> Iterator[str]:
    given_once = [
        row.column_name for row in plan.columns if row.ordinal and ValueFormat.of(row.value_format).fills_down
    ]
    if given_once:
        names = ", ".join(f"'{name}'" for name in given_once)
        yield f"blank cells of {names} repeat the cell above, as in a pivot table; subtotals are excluded"


def _missing_columns(plan: LoadPlan) -> Iterator[str]:
    missing = [row for row in plan.columns if is_missed(row) and row.default_value is None]
    reasons: dict[str, list[str]] = {}
    for row in missing:
        reasons.setdefault(row.reason, []).append(f"'{row.target_column}'")
    for reason, names in reasons.items():
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        columns = "column is" if len(names) == 1 else "columns are"
        yield f"{len(names)} {columns} missing ({reason}): {', '.join(names[:_MOST_NAMED])}{more}"
