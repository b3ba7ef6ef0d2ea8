"""What tests of faults share: whether a load left anything, a file that takes a while, and less room for files."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import SCHEMA, ProjectUnderTest
from tests.written import META_HEADER, as_csv, meta_rows


def is_clean(project: ProjectUnderTest) -> bool:
    """Nothing of a load is there, and all that is there is as in its files."""
    rows = project.query(f"select count(*) from {SCHEMA}.raw_data_staging")
    mapped = project.query(f"select count(*) from {SCHEMA}.wave_schema_mapping")
    return rows == mapped == [(0,)]


def large(project: ProjectUnderTest) -> Path:
    rows = meta_rows(60_000)
    return project.write("large.csv", as_csv([META_HEADER, *rows]))


@contextmanager
def limited_files(size: int) -> Iterator[None]:
    """Let this process write no file of more bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
