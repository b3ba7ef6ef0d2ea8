"""Plan many files together, then load them in turn; a refusal does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from loader.clients.onboarding import create_client_platform_schema
from loader.clients.registry import POLICY_MEANINGS, RegisteredClient, Registry, today
from loader.errors import ClientUnknownError, FileRefusedError, OutcomeUnknownError, Spark9Error, WarehouseBusyError
from loader.files.containers import each_export
from loader.history.manifest import ManifestEntry
from loader.names import ClientKey
from loader.waves.loading import LoadResult, load_wave
from loader.waves.plan import LoadPlan, LoadRequest, plan_alone, warnings_of
from loader.waves.questions import OpenQuestion
from loader.workspace import Workspace

FileNotice = Callable[[str], None]
_MOST_NAMED = 3


def no_notice(_file: str) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class FileOutcome:
    """The outcome, or planned outcome, of a file.

    Args:
        entry: the file; of an archive, one of its members.
        outcome: 'planned', 'loaded', 'already loaded' or 'refused'.
        message: one sentence for people.
        plan: none where there is none.
        notes: warnings, and other files of the manifest that have the same days.
        error: why it is refused.

    """

    entry: ManifestEntry
    outcome: str
    message: str
    plan: LoadPlan | None = None
    notes: list[str] = field(default_factory=list)
    error: Spark9Error | None = None

    @property
    def questions(self) -> list[OpenQuestion]:
        """The open questions of the plan."""
        return self.plan.questions if self.plan else []


@dataclass(frozen=True)
class HistoryPlan:
    """What loading many files would do.

    Args:
        files: in the order in which they would be loaded.
        new_clients: clients that it would onboard.

    """

    files: list[FileOutcome]
    new_clients: list[ClientKey]


def plan_history(
    workspace: Workspace,
    entries: Sequence[ManifestEntry],
    *,
    onboard: bool = False,
    on_file: FileNotice = no_notice,
) -> HistoryPlan:
    """Plan many files; nothing is changed.

    Args:
        workspace: from `open_workspace()`.
        entries: from `read_manifest()`.
        onboard: clients that are not in the registry would be onboarded; else their files are refused.
        on_file: called with the name of each file before it is read.

    Raises:
        WarehouseBusyError: the warehouse stayed locked.

    """
    _ = workspace.warehouse  # refuses what it can't take before the first file is read
    registered = {client.key: client for client in Registry(workspace).clients()}
    files: list[FileOutcome] = []
    for entry in _members(entries):
        on_file(entry.file.name)
        is_new = onboard and entry.client is not None and entry.client not in registered
        files.append(_tried(lambda: _planned(workspace, entry, is_new=is_new), entry))  # noqa: B023 - called at once
    new = {file.entry.client: None for file in files if onboard and file.entry.client and file.outcome != "refused"}
    return HistoryPlan(
        [
            _with_others(file, files[:position], registered.get(file.entry.client) if file.entry.client else None)
            for position, file in enumerate(files)
        ],
        [client for client in new if client not in registered],
    )


def load_history(workspace: Workspace, plan: HistoryPlan, *, on_file: FileNotice = no_notice) -> Iterator[FileOutcome]:
    """Onboard the plan's new clients, then load its files, each in a transaction of its own.

    A file that is loaded already is left as it is, so the same command continues where it was interrupted. A file that
    the plan refuses is tried in its turn: a load before it can have settled what it leaves open.

    Args:
        workspace: from `open_workspace()`.
        plan: from `plan_history()`.
        on_file: called with the name of each file before it is loaded.

    Yields:
        The outcome of each file, as soon as it is known.

    Raises:
        WarehouseBusyError: the warehouse stayed locked; the files before are loaded.

    """
    _ = workspace.warehouse  # likewise
    return _loaded(workspace, plan, on_file)


def _loaded(workspace: Workspace, plan: HistoryPlan, on_file: FileNotice) -> Iterator[FileOutcome]:
    for client in plan.new_clients:
        create_client_platform_schema(workspace, client)
    for file in plan.files:
        on_file(file.entry.file.name)
        loaded = _tried(lambda: _load(workspace, file.entry), file.entry)  # noqa: B023 - called at once
        # a client is not onboarded for files that the plan refuses, so the plan alone knows what is wrong with them
        yield file if file.error and isinstance(loaded.error, ClientUnknownError) else loaded


def _members(entries: Sequence[ManifestEntry]) -> Iterator[ManifestEntry]:
    """Each entry, or one for each export in its archive; a damaged one is refused when it is its turn."""
    for entry in entries:
        try:
            parts = list(each_export([entry.file], entry.options))
        except FileRefusedError:
            parts = [(entry.file, entry.options)]
        for _, options in parts:
            yield replace(entry, options=options)


def _tried(attempt: Callable[[], FileOutcome], entry: ManifestEntry) -> FileOutcome:
    try:
        return attempt()
    except (WarehouseBusyError, OutcomeUnknownError):
        raise  # the next file would wait as long, or fail as well
    except Spark9Error as error:
        return FileOutcome(entry, "refused", error.problem, error=error)


def _planned(workspace: Workspace, entry: ManifestEntry, *, is_new: bool) -> FileOutcome:
    if not is_new:
        return _load(workspace, entry, dry_run=True)
    client = _required(entry)
    new = RegisteredClient(client.name, client.client, client.platform, client.year, "active", today())
    plan = plan_alone(
        workspace,
        LoadRequest(
            entry.file, new, entry.wave, entry.wave_name, entry.replace, entry.as_naming_keys,
            entry.other_platform, entry.options,
        ),
    )  # fmt: skip
    message = f"{plan.file_name}: {plan.row_count} rows would be loaded for {client}, which would be onboarded."
    return FileOutcome(entry, "planned", message, plan, warnings_of(plan))


def _load(workspace: Workspace, entry: ManifestEntry, *, dry_run: bool = False) -> FileOutcome:
    result: LoadResult = load_wave(
        workspace,
        entry.file,
        _required(entry),
        entry.wave,
        wave_name=entry.wave_name,
        replace=entry.replace,
        dry_run=dry_run,
        as_naming_keys=entry.as_naming_keys,
        other_platform=entry.other_platform,
        options=entry.options,
    )
    return FileOutcome(entry, result.outcome, result.message, result.plan, result.warnings)


def _required(entry: ManifestEntry) -> ClientKey:
    if entry.client is None:
        raise ClientUnknownError(
            f"The name of {entry.file} does not identify its client.",
            "Rename it like acme_meta_2024_wave3.csv or acme/meta/2024/wave 3.csv, or list it in a manifest.",
        )
    return entry.client


def _with_others(file: FileOutcome, before: Sequence[FileOutcome], client: RegisteredClient | None) -> FileOutcome:
    """The outcome with notes on the files before it in the manifest that it meets: the same one, or the same days."""
    if file.plan is None or file.plan.is_naming_keys:
        return file
    others = [
        other
        for other in before
        if other.entry.client == file.entry.client and other.plan and not other.plan.is_naming_keys
    ]
    notes = [
        f"is the same file as {other.plan.file_name}, and is loaded only once"
        for other in others
        if other.plan and other.plan.file_hash == file.plan.file_hash
    ]
    return replace(file, notes=[*file.notes, *(notes or _common_days(file.plan, others, client))])


def _common_days(plan: LoadPlan, others: Sequence[FileOutcome], client: RegisteredClient | None) -> Iterator[str]:
    """A sentence on files with the same days, for each thing that can come of it."""
    restatement, overlap = (client.restatement, client.overlap) if client else ("supersede", "finest")
    alike: dict[str, list[str]] = {}
    for other in others:
        assert other.plan  # noqa: S101 - others are planned
        days = _days_of_both(plan.days, other.plan.days)
        if days is None:
            continue
        kind = POLICY_MEANINGS[restatement]
        if plan.level != other.plan.level:
            kind = f"{POLICY_MEANINGS[overlap]} (this one is by {plan.level}, the other by {other.plan.level})"
        alike.setdefault(kind, []).append(f"{other.plan.file_name} ({days[0]} to {days[1]})")
    for kind, names in alike.items():
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        yield f"has days in common with {', '.join(names[:_MOST_NAMED])}{more}; of the same campaigns, {kind}"


def _days_of_both(one: tuple[date, date] | None, two: tuple[date, date] | None) -> tuple[date, date] | None:
    if one is None or two is None or one[1] < two[0] or two[1] < one[0]:
        return None
    return max(one[0], two[0]), min(one[1], two[1])
