"""A database that was cut off or changed on the disk: it is said which file it is, what is safe and how to go on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.support import NAMED, ProjectUnderTest, witnesses
from tests.written import meta_csv

COMMANDS = (
    ("status",),
    ("log", *NAMED),
    ("build",),
    ("verify", *NAMED),
    ("wave", "list", *NAMED),
    ("client", "add", "acme/meta/2024"),
)


def with_bytes(path: Path, at: int, change: bytes) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:at] + change + content[at + len(change) :])


def with_damaged_log(path: Path) -> None:
    """Steps of a process that was ended before it merged them, one of which the disk changed."""
    copy = path.with_name("copy")
    with duckdb.connect(str(path)) as connection:
        connection.execute("set wal_autocheckpoint = '1TB'; create table main.steps as select 1 from range(5000)")
        shutil.copy(path, copy)
        shutil.copy(f"{path}.wal", f"{copy}.wal")
    for end in ("", ".wal"):
        shutil.move(f"{copy}{end}", f"{path}{end}")
    with_bytes(path.with_name(f"{path.name}.wal"), 300, b"changed")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off after its header": lambda path: path.write_bytes(path.read_bytes()[:20_000]),
    "changed in a block": lambda path: with_bytes(path, 12_288 + 500, b"changed" * 50),
    "its log changed": with_damaged_log,
    "cut off in its header": lambda path: path.write_bytes(path.read_bytes()[:1000]),
    "empty": lambda path: path.write_bytes(b""),
    "another file": lambda path: path.write_text("not a database " * 1000, encoding="utf-8"),
    "changed in its header": lambda path: with_bytes(path, 4096 + 20, b"changed"),
}


@pytest.mark.parametrize("damage", witnesses(DAMAGES, quick=3))
def test_a_damaged_database_is_named_with_the_way_out(acme: ProjectUnderTest, damage: str) -> None:
    DAMAGES[damage](acme.database)
    damaged = acme.database.read_bytes()
    for command in (*COMMANDS, ("load", str(acme.write("a.csv", meta_csv(3))), *NAMED, "--wave", "1")):
        run = acme.spark9(*command)
        assert (run.code, f"error (database-damaged): The database {acme.database} is damaged" in run.text) == (1, True)
        assert "The original files in the stage, the registry and the project" in run.text
        assert "bug in spark9" not in run.text
        assert "profiles.yml" not in run.text
    assert "is damaged" in acme.spark9("doctor").text
    assert acme.database.read_bytes() == damaged


def test_the_way_out_leads_out(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1, wave_name="Spring")
    before = acme.snapshot()
    with_bytes(acme.database, 12_288 + 500, b"changed" * 50)
    damaged = acme.database.read_bytes()
    run = acme.spark9("rebuild", "--all")
    assert (run.code, "The damaged database is in" in run.text) == (0, True), run.text
    assert acme.spark9("verify", *NAMED).code == 0
    assert acme.snapshot() == before
    (aside,) = acme.database.parent.glob("*.replaced-*")
    assert aside.read_bytes() == damaged


@pytest.mark.soak
def test_a_build_over_a_damaged_database_says_so(built: ProjectUnderTest) -> None:
    """Whichever of its blocks is damaged (here every third): the build does not need it, or says that it is, or which model it stopped."""
    built.load(built.write("more.csv", meta_csv(3, day="2024-05-01")), 2)
    whole = built.database.read_bytes()
    outcomes = set()
    for at in range(12_288 + 600, len(whole), 3 * 262_144):
        built.database.write_bytes(whole)
        with_bytes(built.database, at, b"changed" * 10)
        run = built.spark9_alone("build")
        said = "is damaged" in run.text or "dbt compile --select client_" in run.text
        assert said == (run.code != 0), run.text
        assert "bug in spark9" not in run.text
        outcomes.add(run.code)
    assert outcomes > {0}
