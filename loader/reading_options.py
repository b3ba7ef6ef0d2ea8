"""What a user says about how an export is written; whatever is left open is found out."""

from __future__ import annotations

from dataclasses import dataclass, fields

from loader.errors import NameRefusedError

_DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " "}
_QUOTES = {"double": '"', "single": "'", "none": ""}


@dataclass(frozen=True)
class ReadingOptions:
    """Make it with `reading_options()`, which checks each.

    Args:
        encoding: a Python codec name.
        delimiter: one character.
        quote: '"', "'" or '' for none.
        header_row: the line of the header, from 1; 0 when the file has none.
        columns: the headers of a file that has none.
        skip_footer: rows at the end that are no data.
        table: which table of a file with several, from 1.
        sheet: of a workbook.
        member: of a zip archive.
        dates: 'day-first' or 'month-first', where a column could be both.
        numbers: 'point' or 'comma', the decimal mark where a column could have both.

    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_row: int | None = None
    columns: tuple[str, ...] | None = None
    skip_footer: int = 0
    table: int | None = None
    sheet: str | None = None
    member: str | None = None
    dates: str | None = None
    numbers: str | None = None

    def given(self) -> dict[str, object]:
        """What was said, for the log and for reading the file again."""
        return {
            field.name: list(value) if isinstance(value, tuple) else value
            for field in fields(self)
            if (value := getattr(self, field.name)) != field.default
        }


def reading_options(
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    quote: str | None = None,
    header_row: int | None = None,
    columns: str | tuple[str, ...] | list[str] | None = None,
    skip_footer: int = 0,
    table: int | None = None,
    sheet: str | None = None,
    member: str | None = None,
    dates: str | None = None,
    numbers: str | None = None,
) -> ReadingOptions:
    """Check what a user says about a file; see ReadingOptions.

    Args:
        encoding: such as utf-8, utf-16, cp1252, latin-1, mac-roman.
        delimiter: a character, or comma, semicolon, tab, pipe or space.
        quote: double, single or none, or the character.
        header_row: see ReadingOptions.
        columns: names separated by commas, or a list.
        skip_footer: see ReadingOptions.
        table: see ReadingOptions.
        sheet: see ReadingOptions.
        member: see ReadingOptions.
        dates: see ReadingOptions.
        numbers: see ReadingOptions.

    Raises:
        NameRefusedError: one of them is not possible.

    """
    for name, number, least in (("header row", header_row, 0), ("footer", skip_footer, 0), ("table", table, 1)):
        if number is not None and number < least:
            raise NameRefusedError(f"The {name} {number} is not a whole number from {least}.")
    _one_of("dates", dates, ("day-first", "month-first"))
    _one_of("numbers", numbers, ("point", "comma"))
    if isinstance(columns, str):
        columns = tuple(part.strip() for part in columns.split(","))
    if columns is not None and header_row is None:
        header_row = 0
    return ReadingOptions(
        encoding=_checked_encoding(encoding),
        delimiter=_checked_delimiter(delimiter),
        quote=_checked_quote(quote),
        header_row=header_row,
        columns=None if columns is None else tuple(columns),
        skip_footer=skip_footer,
        table=table,
        sheet=sheet,
        member=member,
        dates=dates,
        numbers=numbers,
    )


def _checked_encoding(encoding: str | None) -> str | None:
    if encoding is not None:
        try:
            "".encode(encoding)
        except (LookupError, ValueError) as error:
            raise NameRefusedError(
                f"The encoding '{encoding}' is not known; utf-8, utf-16, cp1252 and latin-1 are."
            ) from error
    return encoding


def _checked_delimiter(delimiter: str | None) -> str | None:
    if delimiter is None:
        return None
    character = _DELIMITER_NAMES.get(delimiter, delimiter)
    if len(character) != 1 or character in '"\r\n\0' or character.isalnum():
        raise NameRefusedError(
            f"The delimiter '{delimiter}' is not one character, nor one of comma, semicolon, tab, pipe and space."
        )
    return character


def _checked_quote(quote: str | None) -> str | None:
    if quote is None:
        return None
    character = _QUOTES.get(quote, quote)
    if character not in _QUOTES.values():
        raise NameRefusedError(f"The quote '{quote}' is not one of double, single and none.")
    return character


def _one_of(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value not in (None, *allowed):
        raise NameRefusedError(f"--{name} is {' or '.join(allowed)}, not '{value}'.")
