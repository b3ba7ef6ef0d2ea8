"""What differs between a server of one's own and Streamlit in Snowflake; all else is the same files.

On a server, jobs run in a process beside the pages, and DuckDB is read from a copy. In Snowflake there is neither
a second process nor dbt: what changes tables runs in the page, and the build is Snowflake's own (docs/web_pages.md
says what was never run there).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Protocol

from app.jobs import Jobs
from app.reading import Figures, ReadingCopy, Sessions
from app.settings import AppSettings, app_settings
from loader.project.project import Project, find_project
from loader.warehouses.interface import Session
from loader.warehouses.opening import open_warehouse

# how long pages on Snowflake may show what they have; a job of theirs ends it sooner
_FRESH_SECONDS = 60


class _Reading(Protocol):
    def current(self) -> Figures:
        """What to read now."""


class Host:
    """Where the pages run.

    Args:
        project: from `find_project()`.
        settings: from `app_settings()`.

    """

    can_change_registry = True

    def __init__(self, project: Project, settings: AppSettings) -> None:
        """Nothing is opened yet."""
        self.project = project
        self.settings = settings
        self._sessions = Sessions()
        is_copied = open_warehouse(project).is_on_this_machine
        self._reading: _Reading = ReadingCopy(project) if is_copied else _AlwaysFresh(project, self)

    @cached_property
    def jobs(self) -> Jobs:
        """What pages have done."""
        return Jobs()

    def figures(self) -> Figures:
        """What to read now."""
        return self._reading.current()

    @contextmanager
    def session(self, figures: Figures) -> Iterator[Session]:
        """A session on what is read."""
        with self._sessions.session(figures) as session:
            yield session


class _AlwaysFresh:
    """A warehouse that is read while it is written."""

    def __init__(self, project: Project, host: Host) -> None:
        self._project, self._host = project, host
        # dbt's role reads marts and clients' tables; the loader's reads the stage
        target = replace(project.target, loader_settings=project.target.settings)
        self._to_read = replace(project, target=target)
        self._since = datetime.now(UTC).replace(tzinfo=None)

    def current(self) -> Figures:
        now = datetime.now(UTC).replace(tzinfo=None)
        ended = [job.ended for job in self._host.jobs.all() if job.ended]
        if now - self._since > timedelta(seconds=_FRESH_SECONDS) or any(end > self._since for end in ended):
            self._since = now
        is_behind = any(job.is_open for job in self._host.jobs.all())
        return Figures(self._to_read, self._since, f"{self._since:%Y%m%d%H%M%S}", is_behind, originals=self._project)


def open_host() -> Host:
    """The host of this process, by the environment and the folder that it runs in."""
    # a process beside the pages finds the same project
    project = find_project()
    os.environ.setdefault("SPARK9_PROJECT_DIR", str(project.root))
    return Host(project, app_settings())
