"""The files of the registry as people leave them: each line is checked, and what is wrong is named by its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from loader.errors import NameRefusedError, ProjectError

_Row = TypeVar("_Row")
_MOST_NAMED = 5


def read_rows(path: Path, kind: Any, identity: Callable[[_Row], Hashable]) -> list[_Row]:
    """The lines of a file of the registry.

    Args:
        path: the file; UTF-8, with or without the mark that spreadsheets write before it.
        kind: a dataclass with a field for each column, and `from_row`, which checks a line. A column whose field has a
            default may be missing.
        identity: what no two lines may have in common.

    Raises:
        ProjectError: it can't be read, or lines of it are wrong.

    """
    columns = [field.name for field in fields(kind)]
    required = {field.name for field in fields(kind) if field.default is MISSING}
    found: dict[Hashable, tuple[int, _Row]] = {}
    wrong = []
    try:
        lines = _lines(path)
        _, header = next(lines)
        _check_header(header, columns, required)
        for line, cells in lines:
            try:
                check_value("number of values", str(len(cells)), [str(len(header))])
                row: _Row = kind.from_row(dict(zip(header, cells, strict=True)))
            except NameRefusedError as error:
                wrong.append(f"line {line}: {error.problem}")
                continue
            first, _ = found.setdefault(identity(row), (line, row))
            if first != line:
                wrong.append(f"line {line}: It says what line {first} says already.")
    except NameRefusedError as error:
        wrong.append(error.problem)
    if wrong:
        raise _unusable(path, wrong, columns)
    return [row for _, row in found.values()]


def check_value(column: str, value: str, allowed: Collection[str]) -> None:
    """Stop at a value that a column can't have.

    Raises:
        NameRefusedError: that is so.

    """
    if value not in allowed:
        raise NameRefusedError(f"The {column} is '{value}', not {' or '.join(allowed)}.")


def check_day(column: str, value: str) -> None:
    """Stop at what is not a day.

    Raises:
        NameRefusedError: that is so.

    """
    try:
        date.fromisoformat(value)
    except ValueError:
        raise NameRefusedError(f"The {column} is '{value}', not a day such as 2024-01-31.") from None


def _check_header(header: Sequence[str], columns: Sequence[str], required: set[str]) -> None:
    if not required <= set(header) <= set(columns) or len(header) != len(set(header)):
        raise NameRefusedError(f"line 1: The header is {','.join(header)!r}.")


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not blank, and its number; the header first, if only as an empty line."""
    reader = csv.reader(io.StringIO(_text(path), newline=None), strict=True)
    yield 1, next(reader, [])
    start = 2
    try:
        for cells in reader:
            if cells:
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise NameRefusedError(f"line {start}: It is not CSV ({error}).") from None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise NameRefusedError(f"line {line}: It is not in UTF-8.") from None
    except OSError as error:
        raise NameRefusedError(f"{error.strerror or error}.") from None


def _unusable(path: Path, wrong: Sequence[str], columns: Sequence[str]) -> ProjectError:
    more = [f"and {len(wrong) - _MOST_NAMED} more lines."] if len(wrong) > _MOST_NAMED else []
    return ProjectError(
        f"{path} can't be used: {' '.join([*wrong[:_MOST_NAMED], *more])}",
        f"Correct the file, or restore it from git. It is CSV in UTF-8, and its header is {','.join(columns)}.",
    )
