"""Saved views: the address of a selection under a name, for each person, in a small SQLite file.

Several servers may share it. The warehouse is no place for them: DuckDB has one writer, so that saving would wait for a
build, and on Snowflake no role of the pages may create tables (docs/decisions/0058).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from loader.errors import ExitCode, Spark9Error

LONGEST_NAME, _LONGEST_ADDRESS, _MOST_VIEWS = 80, 8_000, 200
_SECONDS_TO_WAIT = 5
_TABLE = (
    "create table if not exists saved_views (owner text not null, name text not null, address text not null, "
    "primary key (owner, name))"
)


class SavedViewError(Spark9Error):
    """A view was not saved, or the saved ones can't be read."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        """Say what to do."""
        super().__init__(
            code, problem, unchanged="No saved view was changed.", remedy=remedy, exit_code=ExitCode.REFUSED
        )


@dataclass(frozen=True)
class SavedView:
    """A selection under a name.

    Args:
        name: as its owner calls it.
        address: what follows the question mark in the address of the page.

    """

    name: str
    address: str


class SavedViews:
    """The saved views of one person.

    Args:
        file: where they are; made with the first one.
        owner: who is signed in.

    """

    def __init__(self, file: Path, owner: str) -> None:
        """Nothing is opened yet."""
        self._file = file
        self._owner = owner.casefold()

    def all(self) -> list[SavedView]:
        """Their views by name; rows that hold no text, as after a change by hand, are passed over.

        Raises:
            SavedViewError: the file can't be read.

        """
        if not self._file.exists():
            return []
        with self._opened() as connection:
            rows = connection.execute(
                "select name, address from saved_views where owner = ? order by lower(name), name", (self._owner,)
            ).fetchall()
        return [SavedView(*row) for row in rows if all(isinstance(value, str) for value in row)]

    def save(self, view: SavedView) -> None:
        """Save a view; one of the same name is replaced.

        Raises:
            SavedViewError: it has no name, or too long a one; there are too many; the file can't be written.

        """
        name = _checked(view.name)
        if len(view.address) > _LONGEST_ADDRESS:
            raise SavedViewError("view-refused", "This selection has too many values to be saved.", "Choose fewer.")
        with self._opened() as connection:
            [count] = connection.execute(
                "select count(*) from saved_views where owner = ? and name <> ?", (self._owner, name)
            ).fetchone()
            if count >= _MOST_VIEWS:
                raise SavedViewError(
                    "view-refused", f"You have {count} saved views.", "Delete one that you no longer use."
                )
            connection.execute("insert or replace into saved_views values (?, ?, ?)", (self._owner, name, view.address))

    def rename(self, name: str, new_name: str) -> None:
        """Give a view another name.

        Raises:
            SavedViewError: another view has it; it is no name; the file can't be written.

        """
        new_name = _checked(new_name)
        try:
            with self._opened() as connection:
                connection.execute(
                    "update saved_views set name = ? where owner = ? and name = ?", (new_name, self._owner, name)
                )
        except sqlite3.IntegrityError:
            raise SavedViewError(
                "view-refused", f"You have a view '{new_name}' already.", "Choose another name."
            ) from None

    def delete(self, name: str) -> None:
        """Delete a view; nothing happens where it is gone already.

        Raises:
            SavedViewError: the file can't be written.

        """
        with self._opened() as connection:
            connection.execute("delete from saved_views where owner = ? and name = ?", (self._owner, name))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept together, or not at all."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(mode=0o600)
            with closing(sqlite3.connect(self._file, timeout=_SECONDS_TO_WAIT)) as connection, connection:
                connection.execute(_TABLE)
                yield connection
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError) as error:
            raise SavedViewError(
                "views-unreadable",
                f"The saved views in {self._file.name} can't be read or written: {error}.",
                f"If the file is damaged, restore it from a backup, or move it away to start anew: {self._file}. "
                "Addresses of views work without it.",
            ) from error


def _checked(name: str) -> str:
    """A name without white space around it.

    Raises:
        SavedViewError: it is empty or too long.

    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise SavedViewError("view-refused", "A view needs a name.", f"Use 1 to {LONGEST_NAME} characters.")
    return name
