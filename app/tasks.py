"""What jobs do, in the process that changes the warehouse. Each function is given its job's number."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from app.jobs import Failure, Progress
from app.readers import Readers
from app.settings import app_settings
from loader.builds.stale import Marts, build_stale, stale_clients, unbuilt_clients
from loader.clients.access import grant_schema_access, revoke_schema_access
from loader.clients.onboarding import archive_client_schema, create_client_platform_schema, set_policies
from loader.errors import OutcomeUnknownError, Spark9Error
from loader.files.options import ReadingOptions
from loader.limits import Limits, tell
from loader.names import ClientKey
from loader.project.dbt import BuildResult
from loader.waves.changes import list_waves, reprocess_wave, rollback_wave
from loader.waves.decisions import MappingChange, set_mapping
from loader.waves.loading import LoadResult, load_wave
from loader.waves.plan import LoadPlan
from loader.waves.questions import OpenQuestion, settle_questions
from loader.waves.restoring import undo_rollback as restore_wave
from loader.waves.suggestions import accept_suggestion
from loader.workspace import Workspace, open_workspace
from ops.audit import audit_access
from ops.comparison import Comparison, compare_wave
from ops.doctor import examine
from ops.verification import VerifiedLoad, verify_waves

# listeners for the progress of a job; none if a function is called outside the worker
NOTICES: list[Callable[[Progress], None]] = []

# the schemas of the clients that who asks may have built; none for all
Builds = frozenset[str] | None
_WAIT = 600.0
# what differs from job to job: who asks, and in Snowflake the token of the moment
_OF_JOB = ("SPARK9_USER", "SNOWFLAKE_TOKEN")
_NO_MARTS = (
    "The overview does not show this yet, because another client was onboarded but never built. Ask an admin to build."
)


@dataclass(frozen=True)
class FileToLoad:
    """One export of an upload.

    Args:
        file: where it was put for the load.
        wave: none for naming keys.
        wave_name: none to keep the wave's name.
        replace: in place of the wave's file of the same name.
        other_platform: load it although its headers are another platform's.
        options: how it is written, as the person decided.
        is_new_wave: the wave must have no file yet.
        may_move: a new wave that somebody else took meanwhile becomes the next one; else the file is refused.
        answers: what the person answered to its open questions, by their ids.

    """

    file: Path
    wave: int | None
    wave_name: str | None
    replace: bool
    other_platform: bool
    options: ReadingOptions
    is_new_wave: bool = False
    may_move: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call it: of an archive with the name of its member."""
        return self.file.name if self.options.member is None else f"{self.file.name}:{self.options.member}"


@dataclass(frozen=True)
class LoadedUpload:
    """The result of loading the files of one wave.

    Args:
        files: name, outcome and sentence of each.
        notes: warnings.
        questions: the wave of each open question that was kept.

    """

    files: list[tuple[str, str, str]]
    notes: list[str]
    questions: list[int] = field(default_factory=list)


def _report(job: int, step: str, share: float) -> None:
    for notice in NOTICES:
        notice(Progress(job, step, share))


def _workspace(job: int) -> Workspace:
    """The project; listeners are notified when it waits for the warehouse."""
    return open_workspace(wait_seconds=_WAIT, on_wait=lambda words: _report(job, words, 0.0))


def without_folder(text: str, file: Path) -> str:
    """A message with an uploaded file's own name: where it was stored is an internal matter."""
    return text.replace(f"{file.parent}{os.sep}", "")


def failure_of(error: Spark9Error) -> Failure:
    """An error in a form that can be sent to the other process."""
    return Failure(error.code, error.problem, error.unchanged, error.remedy)


def load_upload(job: int, client: ClientKey, files: Sequence[FileToLoad], is_new: bool) -> LoadedUpload:
    """Load the exports of one wave one after the other; one that is refused does not stop the others.

    If somebody else took a new wave meanwhile, its files become the next one.
    """
    workspace = _workspace(job)
    if is_new:
        _report(job, f"onboarding {client}", 0.0)
        create_client_platform_schema(workspace, client, grants=_owner())
    result = LoadedUpload([], [])
    wave, is_new_wave = None, True
    for each in files:
        asked = each if wave is None or each.wave is None else replace(each, wave=wave)
        asked = replace(asked, is_new_wave=each.is_new_wave and is_new_wave)
        outcome, loaded_as = _loaded(job, workspace, client, asked, result)
        result.files.append(outcome)
        if outcome[1] == "loaded" and loaded_as is not None:
            wave, is_new_wave = loaded_as, False
    return result


@cache
def _readers() -> Readers:
    """Loads have the limits of previews, and the time for which they may wait besides."""
    settings = app_settings()
    return Readers(Limits(settings.read_mb, settings.read_seconds + _WAIT))


def load_alone(of_job: Mapping[str, str], workspace: Workspace, client: ClientKey, each: FileToLoad) -> LoadResult:
    """Load an export; in a process with limits, which serves one person after the other."""
    os.environ.update({name: value for name, value in of_job.items() if value})
    return load_wave(
        workspace.waiting(_WAIT, lambda words: tell((words, 0.0))),
        each.file,
        client,
        each.wave,
        wave_name=each.wave_name,
        replace=each.replace,
        as_naming_keys=each.wave is None,
        other_platform=each.other_platform,
        is_new_wave=each.is_new_wave,
        options=each.options,
        on_step=lambda step, share: tell((f"{each.name}: {step}", share)),
    )


def _owner() -> list[str]:
    """Whoever onboards a client by uploading its first wave becomes its owner, where people sign in."""
    who = os.environ["SPARK9_USER"]
    return [who] if "@" in who else []


def _loaded(
    job: int, workspace: Workspace, client: ClientKey, each: FileToLoad, upload: LoadedUpload
) -> tuple[tuple[str, str, str], int | None]:
    """Load a file: its name, outcome and sentence, and the wave that it became."""
    name, wanted = each.name, each.wave
    try:
        while True:
            try:
                result: LoadResult = _readers().run(
                    *(each.file, load_alone, {it: os.environ.get(it, "") for it in _OF_JOB}, workspace, client, each),
                    on_news=lambda news: _report(job, *news),
                )
                break
            except Spark9Error as error:
                if error.code != "wave-taken" or not each.may_move:
                    raise
                loaded = (file.wave_number or 0 for file in list_waves(workspace, client))
                each = replace(each, wave=max(loaded) + 1)
    except Spark9Error as error:
        if error.code == "file-too-large":  # it may have been ended after its last step
            error.unchanged = "It is loaded as a whole or not at all."
        outcome = "unknown" if isinstance(error, OutcomeUnknownError) else "refused"
        words = without_folder(f"{error.problem} {error.unchanged} {error.remedy}".strip(), each.file)
        return (name, outcome, words), None
    if each.wave != wanted and result.outcome == "loaded":
        upload.notes.append(f"{name}: somebody else loaded wave {wanted} meanwhile, so this is wave {each.wave}")
    upload.notes.extend(f"{name}: {note}" for note in result.warnings)
    if result.plan and each.wave is not None and result.outcome == "loaded":
        upload.questions.extend(each.wave for _ in _left_open(workspace, client, each, result.plan))
    return (name, result.outcome, result.message), each.wave


def _left_open(workspace: Workspace, client: ClientKey, each: FileToLoad, plan: LoadPlan) -> list[OpenQuestion]:
    """The open questions of a load that the person had not answered; those that they had are settled."""
    asked = {question.id(plan.load_id): question for question in plan.questions}
    by_answer: dict[str, list[str]] = {}
    for name in asked:
        if answer := each.answers.get(name):
            by_answer.setdefault(answer, []).append(name)
    for answer, names in by_answer.items():
        settle_questions(workspace, client, each.wave or 0, answer, names)
    return [question for name, question in asked.items() if name not in each.answers]


def _build(job: int, workspace: Workspace, builds: Builds) -> BuildResult | None:
    """Build the stale clients among these, and the marts; none if nothing is stale."""
    _report(job, "checking what is new", 0.0)
    found, are_marts_old = stale_clients(workspace)
    clients = [client for client in found if builds is None or client.name in builds]
    unbuilt = [] if builds is None else unbuilt_clients(workspace)
    others = [client for client in found if client not in clients]
    left = any(client in others for client in unbuilt)
    if not clients and (left or not are_marts_old):
        return None

    def on_node(node: str, share: float) -> None:
        _report(job, f"building: {node}", share)

    marts: Marts = "left" if left else "untested" if others else "tested"
    built = build_stale(workspace, clients, on_node, marts=marts)
    return replace(built, warnings=[*built.warnings, _NO_MARTS]) if left else built


def build(job: int, uploaded: Path | None = None, builds: Builds = None) -> BuildResult | None:
    """Build what is new; the folder of an upload that is loaded by then is removed first."""
    if uploaded is not None:
        shutil.rmtree(uploaded, ignore_errors=True)
    return _build(job, _workspace(job), builds)


def change_mapping(
    job: int, client: ClientKey, wave: int, column: str, change: MappingChange, builds: Builds = None
) -> BuildResult | None:
    """Decide what a column is, then build."""
    workspace = _workspace(job)
    _report(job, f"updating '{column}'", 0.0)
    set_mapping(workspace, client, wave, column, change)
    return _build(job, workspace, builds)


def accept(job: int, client: ClientKey, column: str, builds: Builds = None) -> BuildResult | None:
    """Make the suggestion for a header a rule, then build."""
    workspace = _workspace(job)
    accept_suggestion(workspace, client, column)
    return _build(job, workspace, builds)


def settle(
    job: int, client: ClientKey, wave: int, question_id: str, answer: str, builds: Builds = None
) -> BuildResult | None:
    """Settle an open question of a wave, then build: marts count the open ones."""
    workspace = _workspace(job)
    settle_questions(workspace, client, wave, answer, [question_id])
    return _build(job, workspace, builds)


def reprocess(job: int, client: ClientKey, wave: int, builds: Builds = None) -> BuildResult | None:
    """Reprocess a wave."""
    workspace = _workspace(job)
    reprocess_wave(workspace, client, wave)
    return _build(job, workspace, builds)


def roll_back(
    job: int, client: ClientKey, wave: int, file_name: str | None, builds: Builds = None
) -> BuildResult | None:
    """Roll back a wave, or one of its files, then build."""
    workspace = _workspace(job)
    _report(job, f"rolling back wave {wave}", 0.0)
    rollback_wave(workspace, client, wave, file_name=file_name)
    return _build(job, workspace, builds)


def undo_rollback(job: int, client: ClientKey, wave: int, builds: Builds = None) -> BuildResult | None:
    """Restore what the last rollback of a wave removed, then build."""
    workspace = _workspace(job)
    restore_wave(workspace, client, wave, on_step=lambda step, share: _report(job, f"restoring: {step}", share))
    return _build(job, workspace, builds)


def compare(job: int, client: ClientKey, wave: int, reference: Path, on: Sequence[str]) -> Comparison:
    """Compare a wave with an uploaded table; its folder is removed afterwards."""
    _report(job, "comparing", 0.0)
    try:
        return compare_wave(_workspace(job), client, wave, reference, on, tolerance=Decimal("0.005"))
    finally:
        shutil.rmtree(reference.parent, ignore_errors=True)


def verify(job: int, client: ClientKey, wave: int) -> list[VerifiedLoad]:
    """Compare a wave with its originals."""
    _report(job, "comparing with the originals", 0.0)
    return list(verify_waves(_workspace(job), client, wave))


def onboard(job: int, client: ClientKey, grants: Sequence[str]) -> BuildResult | None:
    """Onboard a client, and build its empty tables: the marts of all clients can't be made without them."""
    workspace = _workspace(job)
    create_client_platform_schema(workspace, client, grants=grants)
    return _build(job, workspace, None)


def grant(job: int, client: ClientKey, user: str, access: str) -> bool:
    """Give a person access to a client."""
    return grant_schema_access(_workspace(job), client, user, access)


def revoke(job: int, client: ClientKey, user: str) -> bool:
    """Revoke a person's access."""
    return revoke_schema_access(_workspace(job), client, user)


def archive(job: int, client: ClientKey) -> BuildResult | None:
    """Exclude a client from builds, marts and loads."""
    workspace = _workspace(job)
    archive_client_schema(workspace, client)
    return _build(job, workspace, None)


def policies(job: int, client: ClientKey, restatement: str, overlap: str, builds: Builds = None) -> BuildResult | None:
    """Set what happens to restated and overlapping rows, then build."""
    workspace = _workspace(job)
    set_policies(workspace, client, restatement=restatement, overlap=overlap)
    return _build(job, workspace, builds)


def look(job: int) -> list[tuple[str, bool, str, str]]:
    """The checks of `spark9 doctor`, and the audit of roles and grants."""
    workspace = _workspace(job)
    checks = [(check.name, check.passed, check.finding, check.remedy) for check in examine(workspace.waiting(10.0))]
    differences = audit_access(workspace)
    checks += [("access", False, difference.problem, difference.remedy or "") for difference in differences]
    return checks
