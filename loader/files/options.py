"""Options for how an export is written; whatever the user leaves open is detected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from loader.errors import NameRefusedError
from loader.files import mixed_text  # noqa: F401 - has encodings that can be named

_DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " "}
_QUOTES = {"double": '"', "single": "'", "none": ""}


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise NameRefusedError(
            f"The encoding '{name}' is not known. Known are, for example, utf-8, utf-16, cp1250, cp1252 and mac-roman."
        ) from error
    return name


def _delimiter(name: str) -> str:
    character = _DELIMITER_NAMES.get(name, name)
    if len(character) != 1 or character in '"\r\n\0' or character.isalnum():
        raise NameRefusedError(
            f"The delimiter '{name}' is neither a single character nor one of comma, semicolon, tab, pipe and space."
        )
    return character


def _quote(name: str) -> str:
    character = _QUOTES.get(name, name)
    if character not in _QUOTES.values():
        raise NameRefusedError(f"The quote '{name}' is not one of double, single and none.")
    return character


def _currency(text: str) -> str:
    code = text.strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise NameRefusedError(f"The currency '{text}' is not a code of three letters, such as EUR.")
    return code


def _names(columns: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for part in columns.split(",")) if isinstance(columns, str) else tuple(columns)


def _number(name: str, least: int) -> Callable[[int], int]:
    def checked(number: int) -> int:
        if number < least:
            raise NameRefusedError(f"The {name} {number} is not a whole number from {least}.")
        return number

    return checked


def _one_of(name: str, *allowed: str) -> Callable[[str], str]:
    def checked(value: str) -> str:
        if value not in allowed:
            raise NameRefusedError(f"--{name} must be {' or '.join(allowed)}, not '{value}'.")
        return value

    return checked


def _option(
    what: str, check: Callable[[Any], Any] | None = None, kind: type[str] | type[int] = str, default: int | None = None
) -> Any:
    """A field that a user can set: its help text, its check, and its type on the command line."""
    return field(default=default, metadata={"help": what, "check": check, "type": kind})


@dataclass(frozen=True)
class ReadingOptions:
    """How a file is written, as given by the user and checked; make it with `reading_options()`.

    The one table of these options: `spark9 load` takes them from here, and so does the log, from which a file is
    read again.
    """

    sheet: str | None = _option("The sheet to read from a workbook.")
    member: str | None = _option("The file to read from a zip archive. Default: all of them.")
    table: int | None = _option("The table to read from a file with several, counted from 1.", _number("table", 1), int)
    encoding: str | None = _option("The encoding, such as utf-8, utf-16, cp1252 or mac-roman.", _encoding)
    delimiter: str | None = _option("The delimiter: a character, or comma, semicolon, tab, pipe or space.", _delimiter)
    quote: str | None = _option("The quote around cells: double, single or none.", _quote)
    header_row: int | None = _option(
        "The line of the header, from 1; 0 if the file has none.", _number("header row", 0), int
    )
    columns: tuple[str, ...] | None = _option("Headers for a file that has none, separated by commas.", _names)
    skip_footer: int = _option("How many rows at the end are not data.", _number("footer", 0), int, 0)
    subtotals: str | None = _option(
        "Rows that could be subtotals: keep them as data, or drop them.", _one_of("subtotals", "keep", "drop")
    )
    dates: str | None = _option(
        "The order of dates where both fit: day-first or month-first.", _one_of("dates", "day-first", "month-first")
    )
    date_cells: str | None = _option(
        "Days that a spreadsheet made dates of beside others that are text: keep them, or swap day and month.",
        _one_of("date-cells", "keep", "swap"),
    )
    numbers: str | None = _option(
        "The decimal mark where both fit: point or comma.", _one_of("numbers", "point", "comma")
    )

    money: str | None = _option(
        "Whole amounts that an API may have written in millionths: units or micros.",
        _one_of("money", "units", "micros"),
    )

    unread: str | None = _option(
        "Cells of days and spend that can't be read, or rows that may have slipped: keep them, with an open question.",
        _one_of("unread", "keep"),
    )

    currency: str | None = _option("The currency of the spend, such as EUR, whatever the file says.", _currency)

    def given(self) -> dict[str, object]:
        """The options given, for the log and for reading the file again."""
        return {
            field.name: list(value) if isinstance(value, tuple) else value
            for field in fields(self)
            if (value := getattr(self, field.name)) != field.default
        }


@dataclass(frozen=True)
class DeclaredOption:
    """One reading option as a command line declares it."""

    name: str
    kind: type[str] | type[int]
    default: int | None
    help: str


def declared_options() -> Iterator[DeclaredOption]:
    """Every reading option, in the order of help texts."""
    for option in fields(ReadingOptions):
        default = option.default if isinstance(option.default, int) else None
        yield DeclaredOption(option.name, option.metadata["type"], default, option.metadata["help"])


def reading_options(**given: Any) -> ReadingOptions:
    """Check the options given for a file; whatever is none is detected.

    Args:
        given: fields of ReadingOptions by name. A delimiter or quote can be named (comma, single), columns can be one
            text with commas; with columns and no header row, the file has no header.

    Raises:
        NameRefusedError: one of them is not possible.
        TypeError: there is no such option.

    """
    checks = {option.name: option.metadata["check"] for option in fields(ReadingOptions)}
    checked = {
        name: check(value) if value is not None and (check := checks.get(name)) else value
        for name, value in given.items()
    }
    if checked.get("columns") is not None and checked.get("header_row") is None:
        checked["header_row"] = 0
    return ReadingOptions(**checked)
