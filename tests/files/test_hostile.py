"""Whatever is uploaded is read or refused within limits, for the reason that it is; nothing is left and nothing else is touched."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from loader.errors import FileRefusedError
from loader.files.headers import PlatformColumns
from loader.limits import LimitedProcess, Limits
from loader.workspace import open_workspace
from tests.files.hostile import HOSTILE
from tests.support import ROOT, read_export, witnesses

LIMITS = Limits(megabytes=1500, seconds=60)
# these take seconds to make or to read
SLOW = {
    "zeros.csv.gz",
    "zeros.zip",
    "far.xlsx",
    "heavy.xlsx",
    "long line.csv",
    "open quote.csv",
    "commas.csv",
    "many.zip",
}


def rows_in(path: Path, root: Path) -> int:
    """How many rows an export has; called in the process with limits."""
    with duckdb.connect() as connection:
        return len(read_export(path, PlatformColumns(open_workspace(root)), connection)[1])


@pytest.fixture(scope="module")
def limited() -> Iterator[list[LimitedProcess]]:
    """A process that is started again once a file has ended it."""
    processes = [LimitedProcess(LIMITS)]
    yield processes
    processes[0].close()


@pytest.mark.parametrize("name", witnesses(HOSTILE, lambda name: "slow" if name in SLOW else name))
def test_a_hostile_file_gets_what_it_must(limited: list[LimitedProcess], tmp_path: Path, name: str) -> None:
    make, allowed = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(make())
    if not limited[0].is_alive:
        limited[0] = LimitedProcess(LIMITS)
    started = time.monotonic()
    try:
        outcome: str | int = limited[0].run(path, rows_in, path, ROOT)
    except FileRefusedError as error:
        outcome = error.code
    assert outcome in allowed
    assert time.monotonic() - started < LIMITS.seconds
    assert [found for place in ("/tmp", "/etc") for found in Path(place).glob("spark9-hostile*")] == []  # noqa: S108
