"""Backups, restores and rebuilds: what comes back is what was there, and what can't come back is named."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from areas.feeds.local_s3 import local_s3
from loader import ReadingOptions, drop_client_schema, rollback_wave, set_mapping
from loader.clients.ledger import LEDGER
from loader.waves.decisions import MappingChange
from ops.recovery.backup import back_up, kept_by_rule
from ops.recovery.restore import restore, verify_backup
from ops.recovery.store import Snapshot, Store
from tests.faults.shared import limited_files
from tests.faults.test_damaged_database import with_bytes
from tests.golden.tables import hashes_of_database
from tests.support import ACME, SCHEMA, ProjectUnderTest, witnesses
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows

# what losing() loses
LOST = ("database", "stage/", "project/seeds/clients.csv")
KEY = "a key of more than sixteen characters"


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place for backups, and no key."""
    monkeypatch.delenv("SPARK9_BACKUP_KEY", raising=False)
    return str(tmp_path / "backups")


def pieces(target: str) -> list[Path]:
    return sorted(path for path in Path(target, "objects").rglob("*") if path.is_file())


def originals(project: ProjectUnderTest) -> dict[str, bytes]:
    stage = project.root / "warehouse" / "stage"
    return {str(path.relative_to(stage)): path.read_bytes() for path in stage.rglob("*") if path.is_file()}


def left_beside(project: ProjectUnderTest) -> list[str]:
    return [path.name for path in project.database.parent.glob(".*") if path.name != ".gitkeep"]


def without_log(hashes: dict[str, str]) -> dict[str, str]:
    logs = ("processing_log", "processing_steps", "processing_status_today", "build_runs")
    return {name: found for name, found in hashes.items() if not name.endswith(logs)}


def losing(project: ProjectUnderTest) -> None:
    """Lose database and stage, and the registry."""
    project.database.unlink(missing_ok=True)
    for path in (project.root / "warehouse" / "stage").rglob("*"):
        if path.is_file():
            path.unlink()
    header = (project.root / "seeds" / "clients.csv").read_text("utf-8").splitlines()[0]
    (project.root / "seeds" / "clients.csv").write_text(f"{header}\n", encoding="utf-8")


@pytest.mark.parametrize("key", witnesses(["", KEY]))
def test_what_was_lost_comes_back_as_it_was(
    built: ProjectUnderTest, target: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_BACKUP_KEY", key)
    views = built.database.with_name("saved_views.sqlite")
    with closing(sqlite3.connect(views)) as saved:
        saved.executescript("create table views (name text); insert into views values ('mine')")
    run = built.spark9("backup", target)
    assert (run.code, "loads waited" in run.text) == (0, True), run.text
    tables, files = hashes_of_database(built.database), originals(built)
    losing(built)
    views.unlink()
    run = built.spark9("restore", target)
    assert (run.code, "2 loads verified, none with differences" in run.text) == (0, True), run.text
    assert without_log(hashes_of_database(built.database)) == without_log(tables)
    assert originals(built) == files
    with closing(sqlite3.connect(views)) as saved:
        assert saved.execute("select name from views").fetchall() == [("mine",)]
    assert built.spark9("client", "check").code == 0
    assert built.spark9("build", "--dry-run").text == "Nothing has changed since the last build."
    for path in (*pieces(target), *Path(target, "snapshots").iterdir()):
        with pytest.raises(zlib.error) if key else nullcontext():
            zlib.decompress(path.read_bytes())
    assert left_beside(built) == []


def test_a_second_backup_writes_what_is_new_alone(acme: ProjectUnderTest, target: str) -> None:
    rows = meta_rows(15_000)
    acme.load(acme.write("a.csv", as_csv([META_HEADER, *rows])), 1)
    first = back_up(acme.project, target)
    acme.load(acme.write("b.csv", meta_csv(50, day="2024-02-01")), 2)
    second = back_up(acme.project, target)
    assert back_up(acme.project, target).written < first.written / 20
    assert second.written < first.written / 2
    assert len(Store(target).snapshots()) == 3


def test_a_backup_is_of_the_moment_that_is_asked_for(acme: ProjectUnderTest, target: str) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    first = back_up(acme.project, target).snapshot
    acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2)
    back_up(acme.project, target)
    refused = acme.spark9("restore", target)
    assert (refused.code, "error (restore-refused)" in refused.text) == (3, True)
    assert acme.query(f"select max(wave_number) from {SCHEMA}.raw_data_staging") == [(2,)]
    run = acme.spark9("restore", target, "--at", first.id, "--replace")
    assert (run.code, "What was there before is in" in run.text) == (0, True), run.text
    assert acme.query(f"select max(wave_number) from {SCHEMA}.raw_data_staging") == [(1,)]
    (aside,) = acme.database.parent.glob("*.replaced-*")
    assert hashes_of_database(aside)[f"{SCHEMA}.raw_data_staging"].startswith("7 rows")
    assert "no-backup" in acme.spark9("restore", target, "--at", "2020-01-01", "--replace").text
    assert "no-backup" in acme.spark9("restore", target, "--at", "yesterday", "--replace").text


def test_a_damaged_database_is_replaced_without_a_question(acme: ProjectUnderTest, target: str) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    before = acme.snapshot()
    back_up(acme.project, target)
    with_bytes(acme.database, 12_288 + 500, b"changed" * 50)
    said = acme.spark9("status").text
    assert "spark9 restore" in said
    assert "spark9 rebuild --all" in said
    assert acme.spark9("restore", target).code == 0
    assert acme.snapshot() == before


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "changed": lambda path: with_bytes(path, path.stat().st_size // 2, bytes([path.read_bytes()[path.stat().st_size // 2] ^ 255])),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "key"), witnesses([(name, key) for name in DAMAGES for key in ("", KEY)]))
def test_a_backup_that_was_changed_is_never_restored(
    acme: ProjectUnderTest, target: str, damage: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK9_BACKUP_KEY", key)
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    back_up(acme.project, target)
    assert acme.spark9("backups", target, "--verify").code == 0
    store = Store(target)
    files = store.read_list(store.snapshots()[0])
    needed = {name for file in files if file.startswith(LOST) for name in files[file]["pieces"]}
    assert len(needed) > 3
    # a list that is passed off as a later one
    (listed,) = Path(target, "snapshots").iterdir()
    later = listed.with_name(listed.name.replace(listed.name[:4], "2199"))
    later.write_bytes(listed.read_bytes())
    assert "error (backup-damaged)" in acme.spark9("backups", target, "--verify").text
    later.unlink()
    for path in (*(path for path in pieces(target) if path.name in needed), *Path(target, "snapshots").iterdir()):
        losing(acme)
        whole = path.read_bytes()
        DAMAGES[damage](path)
        run = acme.spark9("restore", target)
        said = "no-backup" if (damage, path.parent.name) == ("missing", "snapshots") else "backup-damaged"
        assert (run.code > 0, f"error ({said})" in run.text) == (True, True), run.text
        assert acme.spark9("backups", target, "--verify").code == run.code
        assert not acme.database.exists()
        path.write_bytes(whole)
    assert acme.spark9("restore", target).code == 0


def test_a_backup_is_read_with_its_own_key_alone(
    acme: ProjectUnderTest, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    monkeypatch.setenv("SPARK9_BACKUP_KEY", "short")
    assert "error (backup-key-wrong)" in acme.spark9("backup", target).text
    monkeypatch.setenv("SPARK9_BACKUP_KEY", KEY)
    assert acme.spark9("backup", target).code == 0
    for key in ("", f"{KEY}!"):
        monkeypatch.setenv("SPARK9_BACKUP_KEY", key)
        for command in ("backups", "backup"):
            run = acme.spark9(command, target)
            assert (run.code, "error (backup-key-wrong)" in run.text) == (3, True), run.text
            assert key not in run.text or not key
    monkeypatch.delenv("SPARK9_BACKUP_KEY")
    assert acme.spark9("backup", f"{target}-plain").code == 0
    monkeypatch.setenv("SPARK9_BACKUP_KEY", KEY)
    assert "are not encrypted" in acme.spark9("backup", f"{target}-plain").text


@pytest.mark.slow
def test_nothing_is_lost_of_a_load_during_a_backup(acme: ProjectUnderTest, target: str) -> None:
    acme.load(acme.write("a.csv", as_csv([META_HEADER, *meta_rows(20_000)])), 1)
    forked = multiprocessing.get_context("fork")
    stop = forked.Event()

    def load_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            acme.load(acme.write(f"{number}.csv", meta_csv(3, first=number * 10)), 2)

    loading = forked.Process(target=load_on)
    loading.start()
    done = [back_up(acme.project, target) for _ in range(3)]
    stop.set()
    loading.join()
    assert loading.exitcode == 0
    assert max(result.seconds_locked for result in done) < 5
    for result in done:
        losing(acme)
        assert acme.spark9("restore", target, "--at", result.snapshot.id).code == 0, result
    assert acme.spark9("verify", "--all").code == 0


def test_two_backups_do_not_write_to_one_place(acme: ProjectUnderTest, target: str) -> None:
    back_up(acme.project, target)
    with Store(target).locked():
        (Path(target) / "lock").write_text(f'{{"host": "elsewhere", "pid": 1, "since": {time.time()}}}', "utf-8")
        run = acme.spark9("backup", target)
        assert (run.code, "error (backup-busy)" in run.text) == (4, True), run.text
    (Path(target) / "lock").write_text(f'{{"host": "elsewhere", "pid": 1, "since": {time.time() - 30_000}}}', "utf-8")
    assert acme.spark9("backup", target).code == 0


def test_a_full_disk_leaves_backup_and_database_as_they_were(acme: ProjectUnderTest, target: str) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    back_up(acme.project, target)
    acme.load(acme.write("b.csv", as_csv([META_HEADER, *meta_rows(3000)])), 2)
    for size in (1_000, 100_000):
        with limited_files(size):
            run = acme.spark9("backup", target)
        assert (run.code, "error (disk-full)" in run.text) == (1, True), run.text
    assert verify_backup(target).files
    assert len(Store(target).snapshots()) == 1
    acme.database.unlink()
    with limited_files(100_000):
        run = acme.spark9("restore", target)
    assert (run.code, "error (disk-full)" in run.text, acme.database.exists()) == (1, True, False), run.text
    assert acme.spark9("restore", target).code == 0
    assert left_beside(acme) == []


def test_a_client_that_was_dropped_comes_back_and_others_stay(built: ProjectUnderTest, target: str) -> None:
    built.add("other", "meta", 2024)
    tables = without_log(hashes_of_database(built.database))
    back_up(built.project, target)
    drop_client_schema(built.project, ACME)
    built.load(built.write("o.csv", meta_csv(2)), 1, built.add("other", "meta", 2024))
    run = built.spark9("undo", "acme/meta/2024", "--from", target)
    assert run.code == 0, run.text
    now = hashes_of_database(built.database)
    assert {name: now[name] for name in tables if name.startswith(SCHEMA)} == {
        name: found for name, found in tables.items() if name.startswith(SCHEMA)
    }
    assert now["client_other_meta_2024.raw_data_staging"].startswith("2 rows")
    assert built.spark9("verify", "--all").code == 0
    assert built.spark9("client", "check").code == 0
    assert "to build: acme/meta/2024" in built.spark9("build", "--dry-run").text
    unknown = built.spark9("undo", "acme/meta/2019", "--from", target)
    assert (unknown.code, "does not have acme/meta/2019" in unknown.text) == (3, True)


def with_decisions(acme: ProjectUnderTest) -> None:
    """All that people do to waves: names, decisions, defaults, answers, a rollback, a replacement, naming keys, totals."""
    rows = meta_rows(6)
    total = ["", "", "Total", "", "", *(str(sum(float(str(row[at])) for row in rows)) for at in range(5, 9))]
    acme.load(acme.write("a.csv", as_csv([META_HEADER, *rows, total])), 1, wave_name="Spring ü\n2")
    acme.load(acme.write("b.csv", meta_csv(4, day="2024-02-01")), 2)
    acme.load(acme.write("k.csv", 'Ad set name,Market\nset 1,DE\nset 2,"F,R"\n'), None)
    set_mapping(acme.project, ACME, 1, "Impressions", MappingChange(default="0"))
    acme.load(acme.write("c.csv", meta_csv(3, day="2024-02-01", first=2)), 3, options=ReadingOptions(numbers="point"))
    acme.load(acme.write("d.csv", meta_csv(2, day="2024-03-01")), 4)
    rollback_wave(acme.project, ACME, 4)
    acme.load(acme.write("b.csv", meta_csv(5, day="2024-02-01")), 2, replace=True)


@pytest.mark.slow
def test_a_rebuild_gives_the_tables_that_were_there(acme: ProjectUnderTest) -> None:
    with_decisions(acme)
    assert acme.spark9("build").code in (0, 5)
    tables = hashes_of_database(acme.database)
    exact = acme.query(f"select * exclude (processed_flag) from {SCHEMA}.raw_data_staging order by all")
    for lost in (False, True):
        if lost:
            acme.database.unlink()
            registry = acme.root / "seeds" / "clients.csv"
            registry.write_text(registry.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
        else:
            acme.change(f"update {SCHEMA}.raw_data_staging set raw_data = '{{}}', wave_name = 'wrong'")
        run = acme.spark9("rebuild", "--all")
        assert run.code == 0, run.text
        assert acme.query(f"select * exclude (processed_flag) from {SCHEMA}.raw_data_staging order by all") == exact
        assert acme.spark9("build").code in (0, 5)
        assert without_log(hashes_of_database(acme.database)) == without_log(tables)
        assert acme.spark9("verify", "--all").code == 0


def test_what_a_rebuild_needs_is_named_where_it_is_missing(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    before = acme.snapshot()
    stage = acme.root / "warehouse" / "stage" / f"{SCHEMA}_stage"
    (original,) = (stage / "wave_1").iterdir()
    for path, content in ((original, b"x"), (original, None), (stage / LEDGER, b"x"), (stage / LEDGER, None)):
        whole = path.read_bytes()
        path.unlink()
        if content:
            path.write_bytes(content)
        run = acme.spark9("rebuild", "acme/meta/2024")
        assert (run.code, "error (rebuild-refused)" in run.text) == (3, True), run.text
        assert acme.snapshot() == before
        path.write_bytes(whole)
    (stage / "wave_1" / "client_acme_meta_2024__wave_1__0123456789abcdef.csv").write_bytes(b"a")
    run = acme.spark9("rebuild", "acme/meta/2024")
    assert (run.code, "wave_1__0123456789abcdef.csv. If it counts" in run.text) == (0, True), run.text
    assert acme.snapshot() == before


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An S3 of its own."""
    with local_s3({}, "backups") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield "s3://backups/spark9"


@pytest.mark.slow
def test_backups_are_in_s3_as_in_a_folder(acme: ProjectUnderTest, target: str, bucket: str) -> None:
    del target
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    before = acme.snapshot()
    first = back_up(acme.project, bucket)
    acme.load(acme.write("b.csv", meta_csv(3, day="2024-02-01")), 2)
    second = back_up(acme.project, bucket)
    assert second.written < first.written
    with Store(bucket).locked():
        assert not Store(bucket)._place.create("lock", b"")  # what keeps two backups apart
    losing(acme)
    assert acme.spark9("restore", bucket, "--at", first.snapshot.id).code == 0
    assert acme.snapshot() == before
    unknown = acme.spark9("backup", "s3://no-such-bucket/x")
    assert (unknown.code, "error (backup-unreachable)" in unknown.text) == (1, True), unknown.text


def test_backups_are_kept_by_day_week_and_month() -> None:
    hours = [Snapshot(f"2026{month:02}{day:02}T{hour:02}0000Z-0000", "") for month in range(1, 13) for day in (1, 2, 8, 9, 20, 28) for hour in (0, 12)]  # fmt: skip
    kept = kept_by_rule(hours)
    assert kept[-1] == hours[-1]
    assert [one.id[:11] for one in kept] == [
        *(f"2026{month:02}28T12" for month in range(1, 12)),
        *(f"202612{day}T12" for day in ("01", "02", "08", "09", "20")),
        "20261228T00",
        "20261228T12",
    ]
    assert kept_by_rule(kept) == kept
    assert kept_by_rule([]) == []


def test_a_restore_into_nothing_makes_the_folders(acme: ProjectUnderTest, target: str, tmp_path: Path) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    back_up(acme.project, target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK9_DUCKDB_PATH", str(tmp_path / "new" / "x.duckdb"))
        other = ProjectUnderTest(acme.root)
        restore(other.project, target)
        assert (tmp_path / "new" / "stage").stat().st_mode & 0o777 == 0o700
        assert other.spark9("verify", "--all").code == 0
