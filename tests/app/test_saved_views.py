"""Saved views are a person's own, survive several servers, and a damaged file is said and does no harm."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.saved_views import LONGEST_NAME, SavedView, SavedViewError, SavedViews

MONDAY = SavedView("Monday report", "brand=Nike+%26+Co&period=Last+week")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / "saved_views.sqlite"


def test_a_view_is_its_owners_under_its_name(file: Path) -> None:
    ann, bob = SavedViews(file, "Ann@Example.com"), SavedViews(file, "bob@example.com")
    assert ann.all() == []
    assert not file.exists(), "a look makes no file"
    ann.save(MONDAY)
    ann.save(SavedView("  a   b ", "x=1"))
    assert bob.all() == []
    assert SavedViews(file, "ann@example.com").all() == [SavedView("a b", "x=1"), MONDAY]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ann.save(SavedView("Monday report", "brand=acme"))
    assert SavedView("Monday report", "brand=acme") in ann.all()
    ann.rename("Monday report", "Tuesday report")
    ann.delete("a b")
    ann.delete("not there")
    assert ann.all() == [SavedView("Tuesday report", "brand=acme")]


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST_NAME + 1)])
def test_a_view_needs_a_name(file: Path, name: str) -> None:
    with pytest.raises(SavedViewError, match="A view needs a name"):
        SavedViews(file, "ann").save(SavedView(name, "x=1"))


def test_no_view_is_lost_to_another_name(file: Path) -> None:
    ann = SavedViews(file, "ann")
    ann.save(SavedView("a", "x=1"))
    ann.save(SavedView("b", "x=2"))
    with pytest.raises(SavedViewError, match="You have a view 'b' already"):
        ann.rename("a", "b")
    assert [view.name for view in ann.all()] == ["a", "b"]
    with pytest.raises(SavedViewError, match="too many values"):
        ann.save(SavedView("c", "x" * 10_000))


def test_a_name_is_a_value(file: Path) -> None:
    ann = SavedViews(file, "ann'; drop table saved_views; --")
    ann.save(SavedView("x'); drop table saved_views; --", "a=1"))
    assert [view.address for view in ann.all()] == ["a=1"]


def test_several_servers_save_at_once(file: Path) -> None:
    def save(number: int) -> None:
        SavedViews(file, f"person {number % 4}").save(SavedView(f"view {number}", "x=1"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(40)))
    assert [len(SavedViews(file, f"person {number}").all()) for number in range(4)] == [10] * 4


@pytest.mark.parametrize(
    "content", [b"not a database at all, but longer than a page header" * 50, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_damaged_file_is_said_and_stays_as_it_is(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    for change in (SavedViews(file, "ann").all, lambda: SavedViews(file, "ann").save(MONDAY)):
        with pytest.raises(SavedViewError, match="can't be read or written") as refused:
            change()
        assert refused.value.code == "views-unreadable"
        assert str(file) in refused.value.remedy
    assert file.read_bytes() == content


def test_a_table_that_was_changed_by_hand_does_no_harm(file: Path) -> None:
    ann = SavedViews(file, "ann")
    ann.save(MONDAY)
    with sqlite3.connect(file) as connection:
        connection.execute("insert into saved_views values ('ann', 'binary', x'ff00')")
    connection.close()
    assert ann.all() == [MONDAY]
    with sqlite3.connect(file) as connection:
        connection.execute("alter table saved_views rename to others")
        connection.execute("create table saved_views (something integer)")
    connection.close()
    with pytest.raises(SavedViewError, match="no such column"):
        ann.all()
