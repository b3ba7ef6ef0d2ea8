"""Workbooks: one sheet of one, its cells written as CSV."""

from __future__ import annotations

import csv
import datetime
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from loader.errors import Answer, FileRefusedError
from loader.files.damaged_archives import DAMAGE, damaged_archives_refused
from loader.files.sheet_markup import Markup, read_markup
from loader.limits import LimitedProcess, Limits

if TYPE_CHECKING:
    import python_calamine

_CHUNK = 1 << 20
# a spreadsheet keeps numbers as doubles
_EXACT_INTEGERS = 1 << 53
# python-calamine takes 2.4 bytes of memory for one of XML (docs/decisions/0025)
MAX_WORKBOOK_BYTES = 512 << 20
_LIMITS = Limits(megabytes=4096, seconds=600)
_LONGEST_CELL = 500
_FIGURE = re.compile(r"[^\w\s]{0,2}\s?([A-Z]{3}|\W)?\s?[0-9][0-9\s.,'’]*([A-Z]{3}|\w{0,2}\W{0,2})[^\w\s]?|")
_SHEET_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]{0,200}?\br=["']([A-Z]{1,9})([0-9]{1,20})["']([^>]{0,200})>""")


@dataclass(frozen=True)
class Sheet:
    """A sheet that was written as CSV.

    Args:
        name: none where the workbook has no other.
        has_hidden_rows: whether `hidden_rows_of()` its CSV file has any.
        hidden_columns: those that the spreadsheet does not show, from 0.
        units: what each number format in a column writes beside the number, such as '€', by column.

    """

    name: str | None
    has_hidden_rows: bool
    hidden_columns: tuple[int, ...]
    units: Mapping[int, Collection[tuple[str, ...]]]


def hidden_rows_of(goal: Path) -> Path:
    """The CSV file of a sheet's hidden rows, beside that of all rows."""
    return goal.with_suffix(".hidden")


def is_workbook(path: Path) -> bool:
    """Whether a zip archive is an Office or OpenDocument workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return any(name.startswith("xl/") for name in names)
            return "content.xml" in names and "mimetype" in names
    except (*DAMAGE, OSError):
        return False


def write_sheet(path: Path, original: Path, wanted: str | None, goal: Path) -> Sheet:
    """Write one sheet of a workbook as CSV, in UTF-8.

    python-calamine makes room for every cell up to the last one, wherever that is said to be, and aborts its process
    where there is none: so it works in a process with limits.

    Args:
        path: the workbook.
        original: the file that the user named, for messages.
        wanted: the sheet that the user chose; none for the only one with cells.
        goal: the CSV file.

    Raises:
        FileRefusedError: it is damaged, too large, has formulas without values, or several sheets with cells and none
            is chosen.

    """
    _check_workbook_size(path, original)
    try:
        with LimitedProcess(_LIMITS) as process:
            sheet: Sheet = process.run(original, _write_sheet, path, original, wanted, goal)
    except FileRefusedError as error:
        last = _last_cell(path) if error.code == "file-too-large" else None
        if last is None:
            raise
        problem = f"{error.problem} Its cells extend to {last}; empty rows and columns count too."
        remedy = "Delete the rows and columns beyond the table, or save the sheet as CSV."
        raise FileRefusedError(error.code, problem, remedy) from error
    return sheet


def _write_sheet(path: Path, original: Path, wanted: str | None, goal: Path) -> Sheet:
    """See `write_sheet`."""
    import python_calamine  # noqa: PLC0415 - most exports are no workbooks

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        sheets = {name: workbook.get_sheet_by_name(name) for name in workbook.sheet_names}
        filled = {name: sheet for name, sheet in sheets.items() if _rows_of(sheet) > 1} or sheets
    except BaseException as error:
        # a fault of the Rust library comes as PanicException, which is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise FileRefusedError(
            "file-damaged", f"{original} can't be read as a workbook: {error}.", "Save it again, preferably as CSV."
        ) from error
    name = _chosen_sheet(
        original,
        {sheet: _rows_of(filled[sheet]) for sheet in filled if _rows_of(filled[sheet])},
        list(sheets),
        wanted,
    )
    markup = read_markup(path, name)
    _refuse_formulas(original, name, markup, sheets[name])
    _write_cells(sheets[name], markup, goal)
    name_of_several = name if len(sheets) > 1 else None
    return Sheet(name_of_several, bool(markup.hidden_rows), tuple(sorted(markup.hidden_columns)), markup.units)


def _write_cells(sheet: python_calamine.CalamineSheet, markup: Markup, goal: Path) -> None:
    """Write a sheet's cells, and those of its hidden rows once more in a file of their own."""
    left = (sheet.start or (0, 0))[1]
    below = _cells_below(sheet, left)
    for at, column, text in _ends_of_days(sheet, markup, left):
        markup.instead.setdefault(at, {})[column] = text
    with (
        goal.open("w", encoding="utf-8", newline="") as all_rows,
        hidden_rows_of(goal).open("w", encoding="utf-8", newline="") as hidden,
    ):
        writer, hidden_writer = (csv.writer(file, lineterminator="\n") for file in (all_rows, hidden))
        for number, row in enumerate(sheet.iter_rows()):
            cells = [""] * left + [_as_text(cell) for cell in row]
            for column, text in markup.instead.get(number, {}).items():
                cells[column : column + 1] = [text] if column < len(cells) else []
            is_filled = any(cells)
            for column, value in below.get(number, {}).items() if is_filled else ():
                cells[column] = cells[column] or value
            writer.writerow(cells if is_filled else [])
            if number in markup.hidden_rows and is_filled:
                hidden_writer.writerow(cells)


def _ends_of_days(sheet: python_calamine.CalamineSheet, markup: Markup, left: int) -> Iterator[tuple[int, int, str]]:
    """The last microsecond of days in columns whose dates all are one; by row and column.

    Where a column has other dates too, it is what a computation has lost of the next day.
    """
    for column, rows in markup.ends_of_days.items():
        dates = {
            number: cell
            for number, cells in enumerate(sheet.iter_rows())
            if 0 <= column - left < len(cells) and isinstance(cell := cells[column - left], datetime.date)
        }
        if dates and dates.keys() <= rows:
            for number, day in dates.items():
                midnight = datetime.datetime.combine(day, datetime.time())
                yield number, column, (midnight - datetime.timedelta(microseconds=1)).isoformat(sep=" ")


def _cells_below(sheet: python_calamine.CalamineSheet, left: int) -> dict[int, dict[int, str]]:
    """Names and days of cells that are merged over several rows, by row and column; a figure counts once."""
    merged = {first: last[0] for first, last in sheet.merged_cell_ranges or () if first[1] == last[1]}
    below: dict[int, dict[int, str]] = {}
    for number, row in enumerate(sheet.iter_rows() if merged else ()):
        for column, cell in enumerate(row, left):
            if (number, column) in merged and _is_name(cell):
                for under in range(number + 1, merged[number, column] + 1):
                    below.setdefault(under, {})[column] = _as_text(cell)
    return below


def _is_name(cell: object) -> bool:
    """Whether a cell holds a name or a day, and no figure."""
    return isinstance(cell, datetime.date) or (isinstance(cell, str) and not _FIGURE.fullmatch(cell.strip()))


def _refuse_formulas(original: Path, name: str, markup: Markup, sheet: python_calamine.CalamineSheet) -> None:
    """Stop where formulas have no values; sums in the last row are totals, which no one misses."""
    last = _rows_of(sheet) - 1
    missed = [formula for formula in markup.formulas if not (formula.is_sum and formula.row >= last)]
    if missed:
        first = missed[0]
        raise FileRefusedError(
            "formulas-without-values",
            f"{original}: {len(missed)} cells of the sheet '{name}' have a formula but no value, the first of them in "
            f"row {first.row + 1} (={first.text}). The program that wrote the workbook has not computed them.",
            "Open the workbook in a spreadsheet and save it, or save the sheet as CSV; then load that.",
        )


def _rows_of(sheet: python_calamine.CalamineSheet) -> int:
    return 0 if sheet.end is None else sheet.end[0] + 1


def _check_workbook_size(path: Path, original: Path) -> None:
    """A workbook is read whole, so its size unpacked is the memory that it takes."""
    if not zipfile.is_zipfile(path):
        return
    total = 0
    with damaged_archives_refused(original), zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():  # two may have one name
            with archive.open(entry) as member:
                while chunk := member.read(_CHUNK):
                    total += len(chunk)
                    if total > MAX_WORKBOOK_BYTES:
                        raise FileRefusedError(
                            "file-bomb",
                            f"{original} unpacks to more than {MAX_WORKBOOK_BYTES >> 20} MB.",
                            "Save the sheet as CSV and load that.",
                        )


def _last_cell(path: Path) -> str | None:
    """The last row and the last column of an Excel workbook's cells, as far as they can be found."""
    column, row = b"", 0
    with suppress(*DAMAGE, OSError), zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if not entry.filename.startswith("xl/worksheets/"):
                continue
            with archive.open(entry) as sheet:
                rest = b""
                while chunk := sheet.read(_CHUNK):
                    for letters, digits, others in _SHEET_CELL.findall(rest + chunk):
                        if not others.endswith(b"/"):  # one without a value is none
                            column, row = max((len(column), column), (len(letters), letters))[1], max(row, int(digits))
                    rest = chunk[-_LONGEST_CELL:]
    return f"{column.decode()}{row}" if row else None


def _chosen_sheet(original: Path, rows: dict[str, int], sheets: list[str], wanted: str | None) -> str:
    listed = ", ".join(f"'{name}' ({rows.get(name, 0)} rows)" for name in sheets[:20])
    if wanted is not None:
        if wanted not in sheets:
            raise FileRefusedError(
                "no-such-part", f"{original} has no sheet '{wanted}'; it has {listed}.", "Name one of these."
            )
        return wanted
    if not rows:
        raise FileRefusedError("file-empty", f"{original} has only empty sheets.", "Export it again.")
    if len(rows) > 1:
        raise FileRefusedError(
            "several-sheets",
            f"{original} has {len(rows)} sheets with cells: {listed}.",
            "Choose one with --sheet; each sheet is a load of its own.",
            [Answer("sheet", name, f"the sheet '{name}' with {count} rows") for name, count in rows.items()],
        )
    return next(iter(rows))


def _as_text(cell: object) -> str:
    """A workbook's cell as text: what Excel shows without any format, and ISO dates."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # larger whole numbers lost their last digits in the spreadsheet; '1.2e+17' keeps that to be seen
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_INTEGERS else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ") if cell.time() != datetime.time() else cell.date().isoformat()
    if isinstance(cell, (datetime.date, datetime.time, datetime.timedelta)):
        return str(cell)
    return str(cell)
