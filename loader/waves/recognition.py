"""Guess the platform of a file before the user names it."""

from __future__ import annotations

from pathlib import Path

from loader.errors import Spark9Error
from loader.files.containers import exports_in, unpacked
from loader.files.dialects import recognise
from loader.files.headers import PlatformColumns
from loader.files.options import ReadingOptions
from loader.project.project import Project
from loader.waves.columns import core_columns


def recognised_platform(project: Project, file: Path, options: ReadingOptions | None = None) -> str | None:
    """The platform whose headers a file has; none if its headers are inconclusive, or it can't be read as it is.

    Args:
        project: from `find_project()`.
        file: the export; of an archive with several, the first.
        options: how the file is written, as far as the user states it.

    """
    known = PlatformColumns(project)
    try:
        members = exports_in(file) if file.is_file() else []
        given = options or ReadingOptions(member=members[0] if len(members) > 1 else None)
        with unpacked(file, given) as export:
            return known.likely_platform(recognise(export, known, given).headers, core_columns(project))
    except Spark9Error:
        return None  # the plan reports what is wrong with it
