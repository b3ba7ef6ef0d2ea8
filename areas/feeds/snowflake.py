"""Files of a feed on their way into Snowflake: an external stage and COPY; the loader never carries the bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from fnmatch import translate

from areas.feeds.declared import Feed, header_names, require_columns
from areas.feeds.errors import FeedRefusedError
from areas.feeds.files import FeedFile
from loader.names import quote_text
from loader.project.project import Project
from loader.warehouses.interface import Session

# what COPY takes in one list of files: https://docs.snowflake.com/en/sql-reference/sql/copy-into-table
_FILES_A_COPY = 1000
# cells of a CSV row that are looked at; a header must be shorter
_CELLS = 200
_FORMATS = {"csv": "feed_csv", "json lines": "feed_lines", "json array": "feed_array"}


def listed_files(session: Session, schema: str, feed: Feed) -> list[FeedFile]:
    """The files that match the feed's location; see landing.py.

    Raises:
        FeedRefusedError: the stage reads from elsewhere.

    """
    pattern = re.compile(translate(feed.pattern))
    # name is the whole address of a file in an external stage: https://docs.snowflake.com/en/sql-reference/sql/list
    found = session.rows(f"list @{schema}.{feed.table}_stage")
    foreign = next((str(row["name"]) for row in found if not str(row["name"]).startswith(feed.folder)), None)
    if foreign:
        stage = f"{schema}.{feed.table}_stage"
        raise FeedRefusedError(
            "feed-unreachable",
            f"{feed.name}: the stage {stage} has {foreign}, which is not in {feed.folder}.",
            f"If the feed has moved, an administrator has to run: alter stage {stage} set url = "
            f"{quote_text(feed.folder)};",
        )
    files = [
        FeedFile(str(row["name"]).removeprefix(feed.folder), str(row["md5"]), int(row["size"]))
        for row in found
        if int(row["size"])
    ]
    return sorted((file for file in files if pattern.fullmatch(file.name)), key=lambda file: file.name)


def land_feed(
    project: Project,
    session: Session,
    feed: Feed,
    schema: str,
    files: Mapping[int, FeedFile],
    ingested_at: datetime,
) -> None:
    """Land files of a feed; see landing.py."""
    landing = f"{schema}.landed_{feed.table}"
    session.query(f"delete from {landing}")
    some = list(files.values())
    for start in range(0, len(some), _FILES_A_COPY):
        _copy(session, feed, schema, landing, some[start : start + _FILES_A_COPY])
    headers = _headers(session, landing) if feed.file_format == "csv" else {}
    described = []
    for number, file in files.items():
        header = headers.get(file.name, [])
        require_columns(feed, file.name, header)
        if len(header) >= _CELLS:
            problem = f"{feed.name}: {file.name} has {_CELLS} columns or more, but not all of them are read."
            raise FeedRefusedError(
                "feed-unreadable", problem, "Have the file created with only the columns that are needed."
            )
        described.append({"name": file.name, "ingestion_id": number, "header": header})
    when = f"cast({quote_text(ingested_at.isoformat(sep=' '))} as timestamp_ntz(6))"
    session.run(project.macros.call("land_feed_files_sql", schema, feed.for_macros(), described, when))


def _copy(session: Session, feed: Feed, schema: str, landing: str, files: Sequence[FeedFile]) -> None:
    """Copy files to the landing table.

    Of an append feed, COPY's own load metadata must agree with the ledger: a file that it knows is skipped.

    Raises:
        FeedRefusedError: that happened.

    """
    content = {
        "csv": f"array_construct({', '.join(f'${at}' for at in range(1, _CELLS + 1))})",
        "json lines": "$1",
        "json array": "to_json($1)",
    }[feed.file_format]
    listed = ", ".join(quote_text(file.name) for file in files)
    # files are older than the 64 days for which Snowflake knows what it loaded, when a bucket is first ingested
    is_forced = feed.mode == "full" or any(file.is_again for file in files)
    again = "force = true" if is_forced else "load_uncertain_files = true"
    rows = session.rows(
        f"copy into {landing} (file_name, line_number, content) "
        f"from (select metadata$filename, metadata$file_row_number, {content} from @{schema}.{feed.table}_stage) "
        f"files = ({listed}) file_format = (format_name = '{schema}.{_FORMATS[feed.file_format]}') "
        f"on_error = abort_statement {again}"
    )
    skipped = [str(row["file"]) for row in rows if str(row.get("status", "")).upper() == "LOAD_SKIPPED"]
    if skipped:
        raise FeedRefusedError(
            "feed-skipped",
            f"{feed.name}: Snowflake's load metadata has {skipped[0]}, but the ledger does not.",
            f"If its rows are missing, have the file written again; see areas/{feed.area}/docs/{feed.area}.md.",
        )
    # metadata$filename is the path in the bucket; files are named from the feed's folder on
    prefix = feed.folder.removeprefix("s3://").partition("/")[2]
    if prefix:
        session.query(
            f"update {landing} set file_name = substr(file_name, {len(prefix) + 1}) "
            f"where startswith(file_name, {quote_text(prefix)})"
        )


def _headers(session: Session, landing: str) -> dict[str, list[str]]:
    """The first row of each CSV file."""
    found: dict[str, list[str]] = {}
    for row in session.rows(
        f"select file_name, index as place, value::varchar as name from {landing}, lateral flatten(input => content) "
        "where line_number = 1 order by file_name, index"
    ):
        cells = found.setdefault(str(row["file_name"]), [])
        cells += [""] * (int(row["place"]) - len(cells))  # an empty cell need not have a row
        cells.append(str(row["name"] or ""))
    return {name: header_names(cells) for name, cells in found.items()}
