"""What differs between a server of one's own and Streamlit in Snowflake; all else is the same files.

On a server, people sign in by what `settings.py` names, and DuckDB is read from a copy. Snowflake signs them in itself,
and gives a token to connect with; the registry comes with the deployment there (docs/web_pages.md says what was never
run there).
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Protocol

from app.jobs import Jobs
from app.readers import Readers
from app.replica import ReadReplica, Sessions, Snapshot
from app.settings import SNOWFLAKE, SNOWFLAKE_TOKEN, AppSettings, app_settings
from loader.filesystem import temporary_folder
from loader.limits import Limits
from loader.warehouses.interface import Session
from loader.workspace import Workspace, open_workspace

# how long pages on Snowflake may show what they have; a job of theirs ends it sooner
_FRESH_SECONDS = 60


class _ReplicaSource(Protocol):
    def current(self) -> Snapshot:
        """What to read now."""


class Runtime:
    """Where the pages run.

    Args:
        project: from `open_workspace()`.
        settings: from `app_settings()`.

    """

    can_change_registry = True

    def __init__(self, project: Workspace, settings: AppSettings) -> None:
        """Nothing is opened yet."""
        self.project = project
        self.settings = settings
        self._sessions = Sessions()
        warehouse = project.warehouse
        self.enforces_roles = warehouse.enforces_roles
        is_copied = warehouse.is_on_this_machine
        with temporary_folder():
            pass  # removes what a server that was killed left, before anybody uploads
        self._source: _ReplicaSource = ReadReplica(project) if is_copied else _AlwaysFresh(project, self)

    @cached_property
    def jobs(self) -> Jobs:
        """The jobs of the pages."""
        return Jobs(self.project.root, self.project.target.name)

    @cached_property
    def readers(self) -> Readers:
        """Reads the files that people upload."""
        return Readers(Limits(self.settings.read_mb, self.settings.read_seconds))

    @property
    def saved_views_file(self) -> Path | None:
        """Where people's views are saved; none where the folder does not last."""
        return self.project.root / "warehouse" / "saved_views.sqlite"

    def snapshot(self) -> Snapshot:
        """What to read now."""
        return self._source.current()

    def upload_folder(self) -> Path:
        """A folder for what one session uploads; those that nobody came back to are removed."""
        oldest = time.time() - 2 * self.settings.session_hours * 3600
        for folder in self._uploads.iterdir():
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=self._uploads))

    @cached_property
    def _uploads(self) -> Path:
        """Where uploads lie until they are loaded; gone when the server ends, or later if it was killed."""
        folder = temporary_folder()
        atexit.register(folder.__exit__, None, None, None)
        return folder.__enter__()

    @contextmanager
    def session(self, snapshot: Snapshot) -> Iterator[Session]:
        """A session on what is read."""
        with self._sessions.session(snapshot) as session:
            yield session


class _AlwaysFresh:
    """A warehouse that is read while it is written."""

    def __init__(self, project: Workspace, runtime: Runtime) -> None:
        self._project, self._runtime = project, runtime
        # dbt's role reads marts and clients' tables; the loader's reads the stage
        target = replace(project.target, loader_settings=project.target.settings)
        self._to_read = replace(project, target=target)
        self._since = datetime.now(UTC).replace(tzinfo=None)

    def current(self) -> Snapshot:
        now = datetime.now(UTC).replace(tzinfo=None)
        ended = [job.ended for job in self._runtime.jobs.all() if job.ended]
        if now - self._since > timedelta(seconds=_FRESH_SECONDS) or any(end > self._since for end in ended):
            self._since = now
        is_behind = any(job.is_open for job in self._runtime.jobs.all())
        return Snapshot(self._to_read, self._since, f"{self._since:%Y%m%d%H%M%S}", is_behind, originals=self._project)


class SnowflakeRuntime(Runtime):
    """Streamlit in Snowflake, on a container: it signs people in, and gives a token in place of a key.

    The folder is a copy that lasts until the next deployment, so the registry can't be changed there.
    """

    can_change_registry = False

    @property
    def saved_views_file(self) -> Path | None:
        """See Runtime."""
        return None

    def snapshot(self) -> Snapshot:
        """See Runtime. The token changes every few minutes, and what is connected later needs the one of then."""
        if take_token():
            self.project = open_workspace()
            self._source = _AlwaysFresh(self.project, self)
        return super().snapshot()


def take_token() -> bool:
    """Take the token that Snowflake gives now; whether it is another one. Nothing is done elsewhere."""
    file = os.environ.get("SNOWFLAKE_TOKEN_FILE")
    if file is None:
        return False
    token = Path(file).read_text(encoding="utf-8").strip()
    is_new = os.environ.get("SNOWFLAKE_TOKEN") != token
    os.environ["SNOWFLAKE_TOKEN"] = token
    return is_new


def open_runtime(token: Path = SNOWFLAKE_TOKEN) -> Runtime:
    """The runtime of this process, by the environment and the folder that it runs in.

    Args:
        token: the file that is there inside Snowflake.

    """
    settings = app_settings(token=token)
    if settings.sign_in != SNOWFLAKE:
        return Runtime(open_workspace(), settings)
    os.environ.setdefault("SPARK9_PROJECT_DIR", str(Path(__file__).resolve().parent.parent))
    os.environ |= {"SPARK9_TARGET": "in_snowflake", "SNOWFLAKE_TOKEN_FILE": str(token)}
    take_token()
    return SnowflakeRuntime(open_workspace(), settings)
