"""The service layer: all that a page may read or request for the signed-in user; each function checks their access."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from app import readers, tasks
from app.access import NotAllowedError, Viewer, masked
from app.jobs import Job
from app.marts import Marts
from app.proposals import Proposal, named_by, propose
from app.queries.uploads import evidence
from app.replica import Snapshot
from app.runtime import Runtime
from app.settings import UPLOAD_TYPES
from loader.clients.registry import ACTIVE, Access, RegisteredClient, Registry
from loader.errors import FileRefusedError, Spark9Error, WarehouseBusyError
from loader.files.headers import PlatformColumns
from loader.files.options import ReadingOptions
from loader.filesystem import temporary_folder
from loader.names import ClientKey, client_from_word
from loader.waves.changes import list_waves, show_mapping
from loader.waves.columns import MappedColumn
from loader.waves.decisions import MappingChange
from loader.waves.loading import LoadResult
from loader.waves.questions import AskedQuestion, list_questions
from loader.waves.recognition import Glimpse, glimpse
from loader.waves.restoring import list_rolled_back
from loader.waves.rolled_back import RolledBack
from loader.waves.state import LoadedFile
from loader.waves.suggestions import SuggestedColumn, suggested_columns
from loader.workspace import Workspace
from ops.extracts import fetch_original, write_wave_rows
from ops.status import LoggedStep, read_log

_WAIT, _LONGEST_NAME = 30.0, 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@dataclass(frozen=True)
class Service:
    """The state of one page view of one person.

    Args:
        runtime: where the pages run.
        viewer: who is signed in.
        snapshot: what is read.

    """

    runtime: Runtime
    viewer: Viewer
    snapshot: Snapshot

    @property
    def marts(self) -> Marts:
        """The marts with this person's clients."""
        return Marts(self.runtime, self.snapshot, self.viewer)

    @property
    def project(self) -> Workspace:
        """The project that is read: its registry is the one there is, its target what pages read.

        Raises:
            WarehouseBusyError: there is nothing to read yet.

        """
        if self.snapshot.project is None:
            raise WarehouseBusyError(
                "There is no database to read yet: nothing has been loaded, or the first load is still running.",
                "Wait a moment. If nothing has been loaded yet, upload the first export.",
            )
        return self.snapshot.project.waiting(_WAIT)

    def clients(self, *, archived_too: bool = False) -> list[RegisteredClient]:
        """The clients that this person may see."""
        return [
            client
            for client in Registry(self.runtime.project).clients()
            if self.viewer.may_see(client.client_schema) and (archived_too or client.status == ACTIVE)
        ]

    def own_clients(self) -> list[RegisteredClient]:
        """The clients that this person may load and correct."""
        return [client for client in self.clients() if self.viewer.may_change(client.client_schema)]

    def client(self, word: str) -> ClientKey:
        """A client in one word, as addresses and messages name it: acme/meta/2024.

        Raises:
            NameRefusedError: it is no such name.
            ClientUnknownError: the client is not this person's, or not there.

        """
        client = client_from_word(word)
        self.viewer.require_seeing(client)
        return Registry(self.runtime.project).get(client, archived_too=True).key

    def words(self) -> dict[str, str]:
        """How each of this person's clients is named in one word, by its schema."""
        return {client.client_schema: str(client.key) for client in self.clients()}

    def accesses(self, client: ClientKey) -> list[Access]:
        """Who may use a client."""
        self.viewer.require_seeing(client)
        return Registry(self.runtime.project).accesses(client)

    def files(self, client: ClientKey) -> list[LoadedFile]:
        """The files of a client that count; none where it was never onboarded on this target."""
        self.viewer.require_seeing(client)
        if self.snapshot.project is None or client.name not in self.marts.onboarded():
            return []
        return list_waves(self.project, client)

    def mapping(self, client: ClientKey, wave: int) -> list[tuple[int, str, MappedColumn]]:
        """What the columns of a wave are."""
        self.viewer.require_seeing(client)
        return show_mapping(self.project, client, wave)

    def suggestions(self, client: ClientKey) -> list[SuggestedColumn]:
        """Unknown headers that are like known ones."""
        self.viewer.require_seeing(client)
        return suggested_columns(self.project, client)

    def questions(self, client: ClientKey, wave: int) -> list[AskedQuestion]:
        """The open questions of a wave."""
        self.viewer.require_seeing(client)
        return list_questions(self.project, client, wave)

    def log(self, client: ClientKey, limit: int = 200) -> list[LoggedStep]:
        """The log of a client."""
        self.viewer.require_seeing(client)
        return read_log(self.project, client, limit=limit)

    def platform_titles(self) -> dict[str, str]:
        """The known platforms with what people call them."""
        known = PlatformColumns(self.runtime.project)
        return {name: known.title(name) for name in known.platforms()}

    def jobs(self) -> list[Job]:
        """The jobs that this person asked for, or that are about a client of theirs; they name no other's client."""
        hidden = self._hidden()
        return [masked(job, hidden) for job in self.runtime.jobs.all() if self._may_see(job)]

    def job(self, number: int) -> Job | None:
        """One of them."""
        job = self.runtime.jobs.get(number)
        return masked(job, self._hidden()) if job is not None and self._may_see(job) else None

    def _hidden(self) -> list[str]:
        """The names of the clients that this person may not see."""
        clients = Registry(self.runtime.project).clients()
        hidden = [client.key for client in clients if not self.viewer.may_see(client.client_schema)]
        return [word for client in hidden for word in (client.name, str(client))]

    def _may_see(self, job: Job) -> bool:
        if job.client_schema is None:
            return self.viewer.is_admin or job.who == self.viewer.name
        return self.viewer.may_see(job.client_schema)

    # uploads and downloads

    def upload_folder(self) -> Path:
        """A folder for what this session uploads.

        Raises:
            NotAllowedError: there is no client that this person may load.

        """
        self._require_loading()
        return self.runtime.upload_folder()

    def save_upload(self, name: str, content: BinaryIO, folder: Path) -> Path:
        """Write an uploaded file in a folder, under a name that is none but a name.

        Raises:
            FileRefusedError: its ending is not one of UPLOAD_TYPES.

        """
        self._require_loading()
        if name.rpartition(".")[2].lower() not in UPLOAD_TYPES:
            raise FileRefusedError(
                "not-text", f"'{name[:_LONGEST_NAME]}' is not an export.", f"Allowed are {', '.join(UPLOAD_TYPES)}."
            )
        path = folder / clean_name(name)
        try:
            with path.open("wb") as file:
                shutil.copyfileobj(content, file)
        except OSError:
            path.unlink(missing_ok=True)  # a part of a file, on a disk that may be full
            raise
        return path

    def exports_of(self, file: Path) -> list[ReadingOptions]:
        """A file, or each export of an archive, as options that name it."""
        self._require_loading()
        found: list[ReadingOptions] = self._read(file, readers.exports_of, file)
        return found

    def propose(self, file: Path, options: ReadingOptions) -> Proposal:
        """Where an export may belong, among the clients that this person may load."""
        self._require_loading()
        own = {client.client_schema: client.key for client in self.own_clients()}
        titles = self.platform_titles()
        name = named_by(options.member or file.name, {key.client for key in own.values()}, titles)
        platform = next(iter(name.platforms)) if len(name.platforms) == 1 else None
        try:
            seen: Glimpse = self._read(file, glimpse, self.runtime.project, file, options, platform)
        except FileRefusedError:
            seen = Glimpse()  # the plan reports what is wrong with it
        found = evidence(self.marts, own, seen.accounts, seen.campaigns)
        counts = (len(seen.accounts), len(seen.campaigns))
        proposal = propose(name, seen.platform, seen.years, counts, found, own.values(), titles)
        return replace(proposal, currency=next(iter(seen.currencies)) if len(seen.currencies) == 1 else None)

    def rolled_back(self, client: ClientKey) -> list[RolledBack]:
        """The files of a client that were rolled back and can be restored."""
        self.viewer.require_seeing(client)
        return list_rolled_back(self.project, client)

    def plan(
        self,
        file: Path,
        client: ClientKey,
        wave: int | None,
        options: ReadingOptions,
        *,
        other_platform: bool = False,
        replace: bool = False,
    ) -> LoadResult:
        """What loading a file would do; nothing is written. A client that is new has no tables to compare with.

        Args:
            file: the export.
            client: the client.
            wave: its number; none for naming keys.
            options: how it is written, as the person decided.
            other_platform: as load_wave takes it.
            replace: likewise.

        Raises:
            Spark9Error: it can't be loaded as it is; FileRefusedError.answers has what settles it.

        """
        known = {row.client_schema for row in Registry(self.runtime.project).clients()}
        if client.name in known:
            self.viewer.require_changing(client)
            given = {"other_platform": other_platform, "replace": replace}
            values = (self.project, file, client, wave, options, given)
            found: LoadResult = self._read(file, readers.planned, *values)
            return found
        self.viewer.require_admin()
        new = RegisteredClient(client.name, client.client, client.platform, client.year, ACTIVE, "")
        project = self.runtime.project
        alone: LoadResult = self._read(file, readers.planned_alone, project, file, new, wave, options, other_platform)
        return alone

    def _read(self, file: Path, function: Callable[..., Any], *values: Any) -> Any:
        """Have an uploaded file read within the limits; errors name it as people do."""
        try:
            return self.runtime.readers.run(file, function, *values)
        except Spark9Error as error:
            error.problem = tasks.without_folder(error.problem, file)
            raise

    def rows_as_file(self, client: ClientKey, wave: int, ending: str) -> bytes:
        """The processed rows of a wave as CSV, workbook or Parquet."""
        self.viewer.require_seeing(client)
        with temporary_folder() as folder:
            path = folder / f"rows.{ending}"
            write_wave_rows(self.project, client, wave, path)
            return path.read_bytes()

    def original(self, client: ClientKey, load_id: str) -> bytes:
        """The original of a load, as uploaded."""
        self.viewer.require_seeing(client)
        with temporary_folder() as folder:
            project = self.snapshot.originals or self.project
            return fetch_original(project, client, load_id, folder).read_bytes()

    # changes: one job each

    def load(self, client: ClientKey, files: Sequence[tasks.FileToLoad], *, is_new: bool) -> Job:
        """Load the files of one wave; onboard the client first where it is new. `build` comes after the last wave."""
        if is_new:
            self._require_registry()
        else:
            self.viewer.require_changing(client)
        title = f"Load {', '.join(each.name for each in files[:3])}{' …' if len(files) > 3 else ''} for {client}"
        return self._start(title, client.name, tasks.load_upload, client, tuple(files), is_new)

    def build(self, uploaded: Path | None = None) -> Job:
        """Build the stale clients that this person may load, and remove the folder of their upload first.

        Raises:
            NotAllowedError: there are none.

        """
        self._require_loading()
        return self._start("Build what is new", None, tasks.build, uploaded, self._builds())

    def change_mapping(self, client: ClientKey, wave: int, column: str, change: MappingChange) -> Job:
        """Decide what a column is."""
        title = f"Correct '{column}' of wave {wave}"
        return self._change(client, title, tasks.change_mapping, wave, column, change, self._builds())

    def accept_suggestion(self, client: ClientKey, column: str) -> Job:
        """Make the suggestion for a header a rule."""
        return self._change(client, f"Accept the suggestion for '{column}'", tasks.accept, column, self._builds())

    def settle(self, client: ClientKey, wave: int, question_id: str, answer: str) -> Job:
        """Settle an open question of a wave, with what this person found."""
        values = (wave, question_id, answer, self._builds())
        return self._change(client, f"Settle a question of wave {wave}", tasks.settle, *values)

    def reprocess(self, client: ClientKey, wave: int) -> Job:
        """Reprocess a wave."""
        return self._change(client, f"Reprocess wave {wave}", tasks.reprocess, wave, self._builds())

    def roll_back(self, client: ClientKey, wave: int, file_name: str | None = None) -> Job:
        """Roll back a wave, or one of its files."""
        what = f"{file_name} of wave {wave}" if file_name else f"wave {wave}"
        return self._change(client, f"Roll back {what}", tasks.roll_back, wave, file_name, self._builds())

    def undo_rollback(self, client: ClientKey, wave: int) -> Job:
        """Restore what the last rollback of a wave removed."""
        return self._change(client, f"Undo the rollback of wave {wave}", tasks.undo_rollback, wave, self._builds())

    def compare(self, client: ClientKey, wave: int, reference: Path, on: Sequence[str]) -> Job:
        """Compare a wave with an uploaded table; what was found is noted in the client's log, so owners may."""
        title = f"Compare wave {wave} with {reference.name}"
        return self._change(client, title, tasks.compare, wave, reference, tuple(on))

    def verify(self, client: ClientKey, wave: int) -> Job:
        """Compare a wave with its originals."""
        return self._change(client, f"Verify wave {wave}", tasks.verify, wave)

    def onboard(self, client: ClientKey, grants: Sequence[str]) -> Job:
        """Onboard a client."""
        self._require_registry()
        return self._start(f"Onboard {client}", client.name, tasks.onboard, client, tuple(grants))

    def grant(self, client: ClientKey, user: str, access: str) -> Job:
        """Give a person access to a client."""
        self._require_registry()
        return self._start(f"Give {user} access to {client} ({access})", client.name, tasks.grant, client, user, access)

    def revoke(self, client: ClientKey, user: str) -> Job:
        """Revoke a person's access."""
        self._require_registry()
        return self._start(f"Revoke access of {user} to {client}", client.name, tasks.revoke, client, user)

    def archive(self, client: ClientKey) -> Job:
        """Exclude a client from builds and marts."""
        self._require_registry()
        return self._start(f"Archive {client}", client.name, tasks.archive, client)

    def set_policies(self, client: ClientKey, restatement: str, overlap: str) -> Job:
        """Set what happens to restated and overlapping rows."""
        return self._change(client, "Change the policies", tasks.policies, restatement, overlap, self._builds())

    def look(self) -> Job:
        """Check files, connections, stages, roles and grants."""
        self.viewer.require_admin()
        return self._start("Check the setup", None, tasks.look)

    def _builds(self) -> tasks.Builds:
        """The clients that a job of this person may build; none for all."""
        return None if self.viewer.is_admin else frozenset(client.client_schema for client in self.own_clients())

    def _require_loading(self) -> None:
        """Stop if this person may not load or build anything."""
        if not self.viewer.is_admin and not self.own_clients():
            raise NotAllowedError("You have read access only; loading and building needs an owner of a client.")

    def _require_registry(self) -> None:
        """Stop if this person, or this deployment, can't change the registry."""
        self.viewer.require_admin()
        if not self.runtime.can_change_registry:
            raise NotAllowedError("The registry is part of this deployment; whoever deploys these pages changes it.")

    def _change(self, client: ClientKey, title: str, function: Callable[..., Any], *values: Any) -> Job:
        self.viewer.require_changing(client)
        return self._start(f"{title}, {client}", client.name, function, client, *values)

    def _start(self, title: str, client: str | None, function: Callable[..., Any], *values: Any) -> Job:
        owned = None if self.viewer.is_admin else client
        return self.runtime.jobs.start(title, client, self.viewer.name, function, *values, owned=owned)


def clean_name(name: str) -> str:
    """The name of an uploaded file as a name in a folder: nothing in it leads elsewhere, and its ending stays."""
    plain = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(". ") or "export"
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[-_LONGEST_NAME:]}{dot}{ending[:10]}" if stem else plain[-_LONGEST_NAME:]
