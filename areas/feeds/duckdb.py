"""Files of a feed on their way into DuckDB."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from areas.feeds.declared import Feed, require_columns
from areas.feeds.errors import FeedDamagedError
from areas.feeds.files import FeedFile, FeedFiles, ParseMode
from loader.filesystem import one_file, temporary_folder
from loader.names import quote_text
from loader.project.project import Project

# parts of one statement run side by side; each is planned by itself
_FILES_A_STATEMENT = 64
_MAX_LINE_BYTES = 8_000_000
_CELLS_BEYOND_HEADER = 50


def land_feed(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    feed: Feed,
    schema: str,
    files: Mapping[int, FeedFile],
    ingested_at: datetime,
    *,
    parse_mode: ParseMode,
) -> None:
    """Land files of a feed; see landing.py."""
    place = FeedFiles(feed)
    if feed.is_in_s3:
        _let_read_s3(connection, place)
    # numbered lines keep their order within a part; the order of parts is undefined
    connection.execute("set preserve_insertion_order = false")
    # a condition on an extracted field would be pushed down, and extract the field again
    connection.execute("set disabled_optimizers = 'filter_pushdown,filter_pullup'")
    connection.execute(f"set memory_limit = {quote_text(os.environ.get('SPARK9_FEED_MEMORY', '1400MB'))}")
    when = f"timestamp {quote_text(ingested_at.isoformat(sep=' '))}"
    with temporary_folder() as folder:
        described = [
            _described(place, file, number, folder if parse_mode == "mended" else None)
            for number, file in files.items()
        ]
        for start in range(0, len(described), _FILES_A_STATEMENT):
            some = described[start : start + _FILES_A_STATEMENT]
            is_checked = parse_mode != "plain"
            statements = project.macros.call("land_feed_files_sql", schema, feed.for_macros(), some, when, is_checked)
            try:
                connection.execute(statements)
            except duckdb.InvalidInputException as error:
                raise FeedDamagedError(f"{feed.name}: {_reason(error, some)}") from error
    connection.execute("reset disabled_optimizers")


def _described(place: FeedFiles, file: FeedFile, number: int, folder: Path | None) -> dict[str, Any]:
    """A file as land_feed_files_sql takes it.

    Raises:
        FeedRefusedError: it lacks columns that the feed declares.

    """
    header = place.header(file) if place.feed.file_format == "csv" else []
    require_columns(place.feed, file.name, header)
    path = place.path(file) if folder is None else _mended(place, file, folder / str(number))
    return {
        "name": file.name,
        "ingestion_id": number,
        "header": header,
        "rows": _rows(place.feed, path, len(header)),
    }


def _rows(feed: Feed, path: str, header_cells: int) -> str:
    """The select that reads a file: content and line_number."""
    where = quote_text(one_file(path))
    if feed.file_format == "json array":
        return (
            "select cast(json as varchar) as content, row_number() over () as line_number "
            f"from read_json_objects({where}, format = 'array')"
        )
    options = f"header = false, auto_detect = false, strict_mode = false, max_line_size = {_MAX_LINE_BYTES}"
    if feed.file_format == "json lines":
        return (
            "select line as content, row_number() over () as line_number "
            f"from read_csv({where}, columns = {{line: 'varchar'}}, delim = '', quote = '', escape = '', {options})"
        )
    names = [f"c{at}" for at in range(header_cells + _CELLS_BEYOND_HEADER)]
    columns = ", ".join(f"{name}: 'varchar'" for name in names)
    return (
        f"select [{', '.join(names)}] as content, row_number() over () as line_number "
        f"from read_csv({where}, columns = {{{columns}}}, delim = ',', quote = '\"', escape = '\"', "
        f"null_padding = true, parallel = false, {options})"
    )


def _mended(place: FeedFiles, file: FeedFile, goal: Path) -> str:
    """A copy of a file in which each byte that is no UTF-8 is U+FFFD; where it is."""
    with place.unpacked(file) as stream, goal.open("w", encoding="utf-8", newline="") as copy:
        for line in stream:
            copy.write(line.decode("utf-8", errors="replace"))
    return str(goal)


def _let_read_s3(connection: duckdb.DuckDBPyConnection, place: FeedFiles) -> None:
    """Have DuckDB read s3:// by its own extension where it is installed, else by the file system that lists it."""
    installed = connection.execute(
        "select 1 from duckdb_extensions() where extension_name = 'httpfs' and installed"
    ).fetchall()
    if not installed:
        with suppress(ValueError):  # it is registered already
            connection.register_filesystem(place.s3)
        return
    connection.execute("load httpfs")
    connection.execute(_secret(place))


def _secret(place: FeedFiles) -> str:
    """The statement that gives httpfs what AWS's own tools find in the environment."""
    import botocore.session  # noqa: PLC0415 - comes with s3fs

    session = botocore.session.get_session()
    found = session.get_credentials()
    frozen = found.get_frozen_credentials() if found else None
    endpoint = str(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "")
    options = {
        "key_id": frozen.access_key if frozen else "",
        "secret": frozen.secret_key if frozen else "",
        "session_token": (frozen.token or "") if frozen else "",
        "region": session.get_config_variable("region") or "us-east-1",
        "endpoint": endpoint.partition("://")[2].rstrip("/"),
        "url_style": "path" if endpoint else "",
        "scope": f"s3://{place.feed.folder.removeprefix('s3://').split('/')[0]}",
    }
    given = "".join(f", {name} {quote_text(str(value))}" for name, value in options.items() if value)
    use_ssl = ", use_ssl false" if endpoint.startswith("http://") else ""
    return f"create or replace temporary secret spark9_feeds (type s3{given}{use_ssl})"


def _reason(error: duckdb.Error, files: list[dict[str, Any]]) -> str:
    """DuckDB's message about a file that it can't read, on one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reason = " ".join(lines[:3])[:400]
    named = [file["name"] for file in files if file["name"] in str(error)]
    return f"{named[0] if named else 'a file'} can't be read: {reason}"
