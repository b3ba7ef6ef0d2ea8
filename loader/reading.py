"""Read the rows of an export into DuckDB, each cell as the text that stands in the file.

DuckDB reads a regular file; one that it refuses, or that needs a closer look (ragged rows, empty lines, several tables,
escaped quotes, mixed line ends), is first written again as a regular one, losing no cell.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

import duckdb

from loader.containers import Export
from loader.dialects import CsvWriter, Dialect, csv_reader, looks_like_names, looks_like_values, with_plain_backslashes
from loader.errors import FileRefusedError
from loader.headers import PlatformColumns
from loader.names import quote_identifier, quote_text
from loader.reading_options import ReadingOptions

TABLE = "memory.main.export_rows"
# what `mark_rows` updates; TABLE shows it with the row number, which is the order of the file
CELLS = "memory.main.export_cells"
# names that no header can have: headers are trimmed
ROW_NUMBER, ROW_KIND, ROW_REASON = " row number", " row kind", " row reason"
IS_DATA = f"{quote_identifier(ROW_KIND)} = 'data'"
_CHUNK = 1 << 20
# of DuckDB; Python and what DuckDB does not count come to 300 MB more
_MEMORY = "1200MB"
# DuckDB reads a file in buffers of several lines of this size, so it has to be small for both cores to get some
_USUAL_LINE, _LONGEST_LINE = 1 << 20, 64 << 20
_COLUMNS_A_QUERY = 500
_MOST_SHOWN_TABLES = 5
_MOST_FIRST_CELLS = 5000


@dataclass(frozen=True)
class _Lines:
    """What the line ends of a UTF-8 file tell."""

    count: int
    are_mixed: bool
    has_empty: bool
    has_nul: bool
    has_last_end: bool


@dataclass
class _Table:
    """One of the tables in a file."""

    line: int
    headers: list[str]
    rows: int = 0


@dataclass
class _Evened:
    """A file written again: its tables, the widest row of the chosen one, and the width of its last."""

    tables: list[_Table] = field(default_factory=list)
    width: int = 0
    last_width: int = 0


@contextmanager
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB for one file; rows that its share of the memory can't hold wait on disk."""
    with tempfile.TemporaryDirectory(prefix="spark9-") as folder:
        connection = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": folder})
        try:
            yield connection
        finally:
            connection.close()


def read_rows(
    export: Export,
    dialect: Dialect,
    connection: duckdb.DuckDBPyConnection,
    known: PlatformColumns,
    options: ReadingOptions | None = None,
) -> Dialect:
    """Read all rows of a file into the table TABLE: row_number (from 1), a text column a header, and the row_kind.

    Args:
        export: from `unpacked()`.
        dialect: from `recognise()`.
        connection: an in-memory DuckDB.
        known: the headers by which a second table is told from rows of the first.
        options: what the user says.

    Returns:
        The dialect, with columns added for cells beyond the last header.

    Raises:
        FileRefusedError: the file has no rows under its header, holds several tables, or can be read in two ways.

    """
    options = options or ReadingOptions()
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="spark9-")))
        source = export.path
        if dialect.encoding not in ("utf-8", "utf-8-sig"):
            source = folder / "text.csv"
            _to_utf8(export.path, dialect, source)
        line_ends = _count_line_ends(source)
        is_regular = options.table is None and line_ends is not None and _is_regular(dialect)
        is_read = is_regular and _load(connection, source, dialect)
        lines = None
        # a row a line: then no line is empty, and no quoted cell holds any
        if not (is_read and line_ends == _count(connection) + dialect.skipped_lines and len(dialect.columns) > 1):
            lines = _look_at_lines(source)
            is_regular = is_regular and not (lines.are_mixed or lines.has_empty)
            is_read = is_read and is_regular
        if is_read and _has_other_header(connection, dialect, known):
            is_read = False
        elif is_regular and not is_read and options.quote is None and _quotes_mean_nothing(connection, source, dialect):
            return replace(dialect, quote="")
        if not is_read:
            lines = lines or _look_at_lines(source)
            dialect = _read_closely(export, source, dialect, connection, known, options, lines, folder)
        count = _count(connection)
        if (
            lines
            and dialect.quote
            and lines.count > count + dialect.skipped_lines + 1
            and _swallows_rows(connection, dialect)
        ):
            dialect = _read_without_quotes(export, source, dialect, connection, options)
        elif count == 0:
            raise FileRefusedError(
                "no-rows",
                f"{export.original} has a header with {len(dialect.headers)} columns, but no rows.",
                "Export the file again, and check the date range.",
            )
    return dialect


def row_as_json(columns: Sequence[str]) -> str:
    """The SQL expression of a row of TABLE as one JSON object, keyed by header."""
    cells = ", ".join(f"{quote_text(name)}: {quote_identifier(name)}" for name in columns)
    return f"to_json({{{cells}}})"


def number_in_cells(columns: Sequence[str]) -> str:
    """The SQL expression of the row number in CELLS, where TABLE can't be updated."""
    return f"export_cells.{quote_identifier(ROW_NUMBER)}" if _number_where_needed(columns) else "export_cells.rowid + 1"


def _is_regular(dialect: Dialect) -> bool:
    return not dialect.backslash and dialect.delimiter != " " and len(dialect.delimiter.encode()) == 1


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    count: int = connection.execute(f"select count(*) from {CELLS}").fetchall()[0][0]
    return count


def _count_line_ends(path: Path) -> int | None:
    """How many lines a file has; none where its line ends are of several kinds, or it has NUL bytes."""
    line_feeds = returns = pairs = 0
    last = b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if chunk.endswith(b"\r"):
                chunk += file.read(1)
            if b"\0" in chunk:
                return None
            line_feeds += chunk.count(b"\n")
            if b"\r" in chunk:
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n")
            last = chunk[-1:]
    if (
        (returns and pairs not in (0, returns))
        or (pairs and pairs != line_feeds)
        or (returns and not pairs and line_feeds)
    ):
        return None
    return max(line_feeds, returns) + (last not in b"\r\n")


def _look_at_lines(path: Path) -> _Lines:
    """Look closer at the line ends of a file, in one pass over its bytes."""
    line_feeds = returns = pairs = 0
    has_empty = has_nul = ends_in_gap = False
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            line_feeds += chunk.count(b"\n")
            has_nul = has_nul or b"\0" in chunk
            gaps = [b"\n\n"]
            if b"\r" in chunk or b"\r" in last:
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last[-1:] == b"\r" and chunk[:1] == b"\n")
                gaps += [b"\n\r\n", b"\r\r"]
            # empty lines at the end of a file are no gap in it; what spans two chunks is seen with the one before
            filled = chunk.rstrip(b"\r\n")
            joint = last + chunk[:3]
            has_empty = has_empty or bool(filled and (ends_in_gap or any(gap in joint for gap in gaps)))
            has_empty = has_empty or any(gap in filled for gap in gaps)
            ends_in_gap = any(gap in chunk[len(filled) :] for gap in gaps) or (ends_in_gap and not filled)
            last = chunk[-3:]
    alone = (line_feeds - pairs, returns - pairs, pairs)
    return _Lines(
        line_feeds + returns - pairs,
        sum(count > 0 for count in alone) > 1,
        has_empty,
        has_nul,
        last[-1:] in (b"\n", b"\r"),
    )


def _load(
    connection: duckdb.DuckDBPyConnection, source: Path, dialect: Dialect, *, is_written_here: bool = False
) -> bool:
    """Have DuckDB read the rows under the header; whether it took the file.

    Strict as it must be with files of others, it refuses cells with other line ends than those of the rows.
    """
    columns = dialect.columns
    for longest_line in (_USUAL_LINE, _LONGEST_LINE):
        try:
            _create_cells(connection, source, dialect, longest_line, is_written_here=is_written_here)
            break
        except (duckdb.OutOfMemoryException, duckdb.IOException):
            raise  # the machine's doing, not the file's
        except duckdb.Error as error:
            if longest_line == _LONGEST_LINE or "maximum line size" not in str(error).lower():
                return False
    number = "" if _number_where_needed(columns) else f"rowid + 1 as {quote_identifier(ROW_NUMBER)}, "
    connection.execute(f"create or replace view {TABLE} as select {number}* from {CELLS}")
    return True


def _create_cells(
    connection: duckdb.DuckDBPyConnection, source: Path, dialect: Dialect, longest_line: int, *, is_written_here: bool
) -> None:
    columns = dialect.columns
    struct = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in columns)
    cells = ", ".join(quote_identifier(name) for name in columns)
    quote = dialect.quote
    connection.execute(
        f"create or replace table {CELLS} as select {_number_where_needed(columns)}{cells}, "
        f"'data' as {quote_identifier(ROW_KIND)}, cast(null as varchar) as {quote_identifier(ROW_REASON)} "
        f"from read_csv(?, auto_detect = false, header = false, all_varchar = true, delim = ?, quote = ?, "
        f"escape = ?, skip = {dialect.skipped_lines}, max_line_size = {longest_line}, "
        f"strict_mode = {not is_written_here}, parallel = {not is_written_here}, columns = {{{struct}}})",
        [str(source), dialect.delimiter, quote, quote],
    )


def _number_where_needed(columns: Sequence[str]) -> str:
    """The expression of the row number, where a header hides DuckDB's rowid.

    A table keeps the order of the file, so rowid tells; row_number() over () would have DuckDB read on one core.
    """
    if all(name.casefold() != "rowid" for name in columns):
        return ""
    return f"row_number() over () as {quote_identifier(ROW_NUMBER)}, "


def _has_other_header(connection: duckdb.DuckDBPyConnection, dialect: Dialect, known: PlatformColumns) -> bool:
    """Whether a row among the data is the header of another table, told by its first cell."""
    if len(dialect.columns) < 2:
        return False
    first = quote_identifier(dialect.columns[0])
    cells = connection.execute(
        f"select distinct {first} from {TABLE} where length({first}) < 60 limit {_MOST_FIRST_CELLS}"
    ).fetchall()
    names = [cell for (cell,) in cells if known.is_known(cell) and cell.strip() != dialect.headers[0]]
    for name in names[:_MOST_SHOWN_TABLES]:
        rows = connection.execute(f"select * from {TABLE} where {first} = ? limit 3", [name]).fetchall()
        if any(_is_known_header([cell or "" for cell in row[1:]], known) for row in rows):
            return True
    return False


def _is_known_header(row: Sequence[str], known: PlatformColumns) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) > 1 and known.count_known(cells) == len(cells)


def _quotes_mean_nothing(connection: duckdb.DuckDBPyConnection, source: Path, dialect: Dialect) -> bool:
    """Whether each row has its width without quotes, and no cell begins and ends with one."""
    if not dialect.quote or not _load(connection, source, replace(dialect, quote="")):
        return False
    names = [quote_identifier(name) for name in dialect.columns]
    quote = quote_text(dialect.quote)
    quoted = [f"bool_or(starts_with({name}, {quote}) and ends_with({name}, {quote}))" for name in names]
    for start in range(0, len(quoted), _COLUMNS_A_QUERY):
        query = f"select {', '.join(quoted[start : start + _COLUMNS_A_QUERY])} from {TABLE}"
        if any(connection.execute(query).fetchall()[0]):
            return False
    return True


def _to_utf8(path: Path, dialect: Dialect, goal: Path) -> None:
    with (
        path.open(encoding=dialect.encoding, errors="replace", newline="") as source,
        goal.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(_CHUNK):
            copy.write(text)


def _read_closely(
    export: Export,
    source: Path,
    dialect: Dialect,
    connection: duckdb.DuckDBPyConnection,
    known: PlatformColumns,
    options: ReadingOptions,
    lines: _Lines,
    folder: Path,
) -> Dialect:
    """Write the file again as a regular one, and read that."""
    regular = folder / "regular.csv"
    with source.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        found = _even_out(text, dialect, known, regular, options.table or 1)
    tables = found.tables
    if options.table is None and len(tables) > 1:
        shown = "; ".join(
            f"table {number} from line {table.line}: {', '.join(table.headers[:4])} ({table.rows} rows)"
            for number, table in enumerate(tables[:_MOST_SHOWN_TABLES], 1)
        )
        raise FileRefusedError(
            "several-tables",
            f"{export.original} holds {len(tables)} tables: {shown}.",
            "Choose one with --table; each table is a load of its own.",
        )
    if options.table is not None:
        if options.table > len(tables):
            raise FileRefusedError(
                "no-such-part",
                f"{export.original} has {len(tables)} table(s), so no table {options.table}.",
                "Name one.",
            )
        chosen = tables[options.table - 1]
        dialect = replace(dialect, headers=tuple(chosen.headers), header_line=chosen.line, table=options.table)
    dialect = replace(
        dialect,
        headers=dialect.headers + ("",) * (found.width - len(dialect.headers)),
        is_cut_off=not lines.has_last_end and 1 < found.last_width < len(dialect.headers),
        nul_bytes=lines.has_nul,
    )
    # DuckDB fills up short rows of a file that the csv module wrote
    written = replace(dialect, delimiter=",", quote='"', skipped_lines=0)
    if not _load(connection, regular, written, is_written_here=True):
        raise FileRefusedError(
            "file-unreadable", f"{export.original} can't be read as CSV.", "Export it again, or save it as CSV."
        )
    return dialect


def _even_out(text: TextIO, dialect: Dialect, known: PlatformColumns, goal: Path, wanted: int) -> _Evened:
    """Write the rows of the wanted table with as many cells in each; count the rows of all tables."""
    found = _Evened([_Table(dialect.header_line, list(dialect.headers))])
    first_pass = goal.with_suffix(".rows")
    with first_pass.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, quoting=csv.QUOTE_ALL)
        held: list[str] | None = None
        is_after_gap = False
        first_row: list[str] = []
        for line, row in _records(text, dialect):
            filled = [cell for cell in row if cell.strip()]
            table = found.tables[-1]
            if _begins_table(row, table, first_row, known, is_after_gap=is_after_gap):
                held = None  # the title of the next table
                found.tables.append(_Table(line, _without_empty_end(row)))
                is_after_gap, first_row = False, []
                continue
            if held is not None:
                _keep(writer, found, held, wanted)
                held = None
            is_after_gap = len(filled) <= 1 and len(table.headers) > 1
            if not row:
                continue
            first_row = first_row or row
            if is_after_gap and filled:
                held = row
            else:
                _keep(writer, found, row, wanted)
        if held is not None:
            _keep(writer, found, held, wanted)
    width = max(found.width, len(found.tables[min(wanted, len(found.tables)) - 1].headers))
    found.width = width
    with first_pass.open(encoding="utf-8", newline="") as rows, goal.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in csv.reader(rows):
            writer.writerow(row + [""] * (width - len(row)))
    return found


def _keep(writer: CsvWriter, found: _Evened, row: list[str], wanted: int) -> None:
    table = found.tables[-1]
    table.rows += 1
    if len(found.tables) == wanted:
        row = row if len(row) <= len(table.headers) else _without_empty_end(row, len(table.headers))
        found.width = max(found.width, len(row))
        found.last_width = len(row)
        writer.writerow(row)


def _without_empty_end(row: list[str], least: int = 1) -> list[str]:
    end = len(row)
    while end > least and not row[end - 1].strip():
        end -= 1
    return [cell.strip() if least == 1 else cell for cell in row[:end]]


def _begins_table(
    row: Sequence[str], table: _Table, first_row: Sequence[str], known: PlatformColumns, *, is_after_gap: bool
) -> bool:
    """Whether a row is the header of another table: known names only, or names after a gap where figures were."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) < 2 or cells == [header for header in table.headers if header]:
        return False
    if _is_known_header(cells, known):
        return True
    has_names = looks_like_names(cells) and looks_like_values(first_row)
    return is_after_gap and has_names and known.count_known(cells) > 0


def _records(file: TextIO, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """The rows under the header with their lines; an empty line is a row without cells."""
    text: Iterator[str] = (line.replace("\0", "") for line in _physical_lines(file))
    if dialect.backslash:
        text = (with_plain_backslashes(line, dialect.quote) for line in text)
    reader = csv_reader(
        text, dialect.delimiter, dialect.quote, backslash=dialect.backslash, skips_spaces=dialect.skips_spaces
    )
    before = dialect.skipped_lines
    for _ in range(before):
        next(text, None)
    for row in reader:
        yield before + 1, row
        before = dialect.skipped_lines + reader.line_num


def _physical_lines(file: TextIO) -> Iterator[str]:
    """Lines ended by any of the three line ends; csv takes a return alone only at the end of what it is given."""
    for line in file:
        if "\r" in line[:-2]:
            yield from io.StringIO(line, newline="")
        else:
            yield line


def _swallows_rows(connection: duckdb.DuckDBPyConnection, dialect: Dialect) -> bool:
    """Whether a cell holds a line that is a row by itself: a quote was never closed."""
    columns = dialect.columns
    for start in range(0, len(columns), _COLUMNS_A_QUERY):
        names = [quote_identifier(name) for name in columns[start : start + _COLUMNS_A_QUERY]]
        with_breaks = connection.execute(
            f"select {', '.join(f'bool_or(contains({name}, chr(10)) or contains({name}, chr(13)))' for name in names)} "
            f"from {TABLE}"
        ).fetchall()[0]
        for name, has_breaks in zip(names, with_breaks, strict=True):
            if has_breaks and _has_whole_row(connection, name, dialect):
                return True
    return False


def _has_whole_row(connection: duckdb.DuckDBPyConnection, name: str, dialect: Dialect) -> bool:
    needed = max(len(dialect.headers) - 1, 1)
    delimiter = quote_text(dialect.delimiter)
    return bool(
        connection.execute(
            f"select 1 from (select unnest(regexp_split_to_array({name}, '\\r\\n|\\n|\\r')) as line from {TABLE} "
            f"where contains({name}, chr(10)) or contains({name}, chr(13))) "
            f"where length(line) - length(replace(line, {delimiter}, '')) >= {needed} limit 1"
        ).fetchall()
    )


def _read_without_quotes(
    export: Export, source: Path, dialect: Dialect, connection: duckdb.DuckDBPyConnection, options: ReadingOptions
) -> Dialect:
    """Read a file in which a quote swallows rows as one where quotes mean nothing, if every row then has its width."""
    plain = replace(dialect, quote="")
    with_quotes = _count(connection)
    if options.quote is None and _load(connection, source, plain):
        return plain
    if options.quote is not None:
        return dialect
    raise FileRefusedError(
        "quotes-unsure",
        f"{export.original} has a quote that is never closed: read with quotes it has {with_quotes} rows, some of them "
        "within a cell; read without, its rows differ in width.",
        "Mend the quote in the file, or say --quote none or --quote double.",
    )
