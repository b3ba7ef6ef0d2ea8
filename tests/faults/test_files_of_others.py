"""Files that others put in the way: links in the stage, pipes, devices; and who may read what spark9 writes."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from app.replica import ReadReplica
from loader.errors import FileRefusedError, Spark9Error
from loader.filesystem import copy_new, temporary_folder
from tests.support import ACME, BIN, NAMED, SCHEMA, ProjectUnderTest, witnesses
from tests.written import meta_csv


def mode_of(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


def stage_of(project: ProjectUnderTest) -> Path:
    return project.root / "warehouse" / "stage"


def test_what_is_staged_and_logged_is_its_owners(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    (original,) = stage_of(acme).rglob("*.csv")
    folders = [stage_of(acme), original.parent.parent, original.parent]
    assert [mode_of(path) for path in (*folders, original)] == ["700", "700", "700", "600"]
    environment = os.environ | {"SPARK9_PROJECT_DIR": str(acme.root)}
    subprocess.run([str(BIN / "python"), "-m", "app.worker"], env=environment, input=b"", check=True, timeout=60)
    assert [mode_of(acme.root / "logs"), mode_of(acme.root / "logs" / "app.log")] == ["700", "600"]


def test_a_stage_that_its_owner_shares_stays_shared(acme: ProjectUnderTest) -> None:
    stage_of(acme).chmod(0o750)
    acme.load(acme.write("a.csv", meta_csv(3)), 7)
    (original,) = stage_of(acme).rglob("*.csv")
    assert [mode_of(stage_of(acme)), mode_of(original.parent), mode_of(original)] == ["750", "750", "640"]


def test_a_copy_to_read_is_as_closed_as_the_database(acme: ProjectUnderTest) -> None:
    acme.database.chmod(0o600)
    replica = ReadReplica(acme.project)
    assert replica.current().project
    (copy,) = acme.database.parent.glob(".spark9.reading.*.duckdb")
    assert mode_of(copy) == "600"
    replica.close()


@pytest.mark.parametrize("where", witnesses(["the original", "its wave", "its client"]))
def test_a_link_in_the_stage_is_not_followed(acme: ProjectUnderTest, tmp_path: Path, where: str) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    (original,) = stage_of(acme).rglob("*.csv")
    linked = {"its client": original.parent.parent, "its wave": original.parent, "the original": original}[where]
    elsewhere = linked.rename(tmp_path / "elsewhere")
    linked.symlink_to(elsewhere)
    run = acme.spark9("verify", *NAMED)
    assert (run.code, "links in it are not followed" in run.text) == (6, True), run.text
    with pytest.raises(Spark9Error, match="links in it are not followed"):
        acme.project.warehouse.stage_file(
            SCHEMA, acme.write("b.csv", "x"), str(original.relative_to(original.parents[1])), ""
        )
    assert original.read_text(encoding="utf-8") == meta_csv(3)


@pytest.mark.parametrize("name", witnesses(["../../secret.csv", "/etc/hostname", "wave_1/../../x.csv"], quick=2))
def test_a_name_leads_nowhere_out_of_the_stage(acme: ProjectUnderTest, tmp_path: Path, name: str) -> None:
    with pytest.raises(Spark9Error, match="leads out of it"):
        acme.project.warehouse.fetch_file(SCHEMA, name, tmp_path)


def test_a_link_in_the_place_of_a_temporary_copy_is_removed(tmp_path: Path) -> None:
    victim, file, goal = tmp_path / "victim", tmp_path / "file", tmp_path / "goal"
    victim.write_text("as it was", encoding="utf-8")
    file.write_text("new", encoding="utf-8")
    goal.symlink_to(victim)
    copy_new(file, goal, 0o600)
    assert (victim.read_text(encoding="utf-8"), goal.is_symlink()) == ("as it was", False)


def test_pipes_and_devices_are_refused_at_once(acme: ProjectUnderTest, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(FileRefusedError, match="is a pipe or a device") as caught:
            acme.load(path, 1, ACME)
        assert caught.value.code == "file-missing"
    (stage_of(acme) / f"{SCHEMA}_stage").mkdir(exist_ok=True)
    os.mkfifo(stage_of(acme) / f"{SCHEMA}_stage" / "pipe.csv")
    with pytest.raises(Spark9Error, match="is not a file"):
        acme.project.warehouse.fetch_file(SCHEMA, "pipe.csv", tmp_path)


def test_what_a_killed_process_of_the_same_number_left_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container a server has the same number each time."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"spark9-{platform.node()}-{os.getpid()}-left"
    left.mkdir()
    os.utime(left, (1e9, 1e9))
    with temporary_folder() as outer, temporary_folder() as inner:
        assert sorted(tmp_path.iterdir()) == sorted([outer, inner])


@pytest.mark.slow
def test_whoever_may_read_the_database_can_read_it(acme: ProjectUnderTest) -> None:
    """As another user: root without the capabilities that make it one, and files that are not root's."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can act as another user here: run as root to test it")
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    for path in (acme.root, *acme.root.rglob("*")):
        os.chown(path, 65534, 65534)
    other = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown", str(BIN / "spark9")]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*other, *words], cwd=acme.root, capture_output=True, text=True, check=False)

    for words in (("status",), ("log", *NAMED), ("wave", "list", *NAMED), ("build", "--dry-run")):
        done = run(*words)
        assert done.returncode == 0, done.stderr
    done = run("reprocess", *NAMED, "--wave", "1")
    assert (done.returncode, "error (no-privilege)" in done.stderr, "may be read here" in done.stderr) == (
        1,
        True,
        True,
    )
