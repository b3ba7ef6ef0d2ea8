"""External stages: files in S3 that Snowflake lists and copies itself.

Each handler names the page of Snowflake's documentation that it follows, under https://docs.snowflake.com/en/sql-reference/sql/.
S3 is reached as AWS's own tools reach it, by the environment of the emulator's process; a storage integration is only a
name that must be there and be allowed. Files are read by Python here, and not by the reader that DuckDB's tables come from.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import snowflake.connector.errors
from fakesnow.cursor import FakeSnowflakeCursor

from tests.emulator import privileges
from tests.emulator.account import Account, Refused
from tests.emulator.copying import COLUMNS, was_loaded
from tests.emulator.names import NAME, part
from tests.emulator.statements import COPIES, Answer, Session, full_name, handles

_COPY = re.compile(
    rf"\s*copy\s+into\s+({NAME})\s*\(([^)]*)\)\s+from\s*\(\s*select\s+metadata\$filename\s*,\s*metadata\$file_row_number\s*,"
    rf"\s*(.*?)\s+from\s+@({NAME})\s*\)\s*files\s*=\s*\((.*?)\)\s*file_format\s*=\s*\(\s*format_name\s*=\s*'({NAME})'\s*\)(.*)",
    re.IGNORECASE | re.DOTALL,
)


@handles(r"create( or replace)? storage integration( if not exists)? PART(.*)")
def _create_integration(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-storage-integration."""
    account.create("INTEGRATION", part(match[3]), session.role, DEFINITION=match[4])
    return Answer(["status"], [[f"Integration {part(match[3])} successfully created."]])


@handles(r"create stage( if not exists)? NAME url ?= ?'(s3://[^']*)' storage_integration ?= ?PART")
def _create_stage(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-stage: an external one."""
    name, integration = full_name(session, "STAGE", match[2]), part(match[4])
    if ("INTEGRATION", integration) not in account.objects:
        raise Refused(f"Integration '{integration}' does not exist or not authorized.")
    privileges.require(account, session, "USAGE", "INTEGRATION", integration)
    if ("STAGE", name) not in account.objects:
        account.require_creator(session.role, "STAGE", name)
        account.create("STAGE", name, session.role, URL=match[3])
    elif not match[1]:
        raise Refused(f"Object '{name}' already exists.")
    return Answer(["status"], [[f"Stage area {name} successfully created."]])


@handles(r"alter stage( if exists)? NAME set url ?= ?'(s3://[^']*)'")
def _alter_stage(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """alter-stage."""
    name = full_name(session, "STAGE", match[2])
    privileges.require(account, session, "OWNERSHIP", "STAGE", name)
    account.objects["STAGE", name]["URL"] = match[3]
    return Answer(["status"], [["Statement executed successfully."]])


@handles(r"(?:list|ls) @NAME")
def _list(account: Account, session: Session, match: re.Match[str]) -> Answer | str:
    """The page list: the files of an external stage; others are fakesnow's."""
    name = full_name(session, "STAGE", match[1])
    if ("STAGE", name) not in account.objects:
        raise Refused(f"Stage '{name}' does not exist or not authorized.")
    url = account.objects["STAGE", name].get("URL")
    if url is None:
        return match[0]
    privileges.require(account, session, "USAGE", "STAGE", name)
    rows = [
        [f"s3://{bucket}/{found['Key']}", str(found["Size"]), found["ETag"].strip('"'), f"{found['LastModified']:%c}"]
        for bucket, found in _objects(url)
    ]
    return Answer(["name", "size", "md5", "last_modified"], rows)


def copy_from_external(account: Account, cursor: FakeSnowflakeCursor, session: Session, sql: str) -> Answer | None:
    """Run a COPY of named files of an external stage, of the three forms that feeds use; none for another statement.

    copy-into-table: files are loaded whole or not at all, those that the table's load metadata knows are skipped unless
    force = true.
    """
    match = _COPY.fullmatch(sql.strip().rstrip(";"))
    if match is None:
        return None
    table, columns, content, stage_name, files, file_format, options = match.groups()
    target = full_name(session, "TABLE", table)
    url = account.objects["STAGE", full_name(session, "STAGE", stage_name)]["URL"]
    format_name = full_name(session, "FILE FORMAT", file_format)
    privileges.require(account, session, "USAGE", "FILE FORMAT", format_name)
    format_options = account.objects["FILE FORMAT", format_name]["DEFINITION"]
    is_forced = re.search(r"force\s*=\s*true", options, re.IGNORECASE) is not None
    there = {f"s3://{bucket}/{found['Key']}": found for bucket, found in _objects(url)}
    rows: list[list[str | None]] = []
    for name in re.findall(r"'((?:[^']|'')*)'", files):
        address = url + name.replace("''", "'")
        if address not in there:
            raise _failure(f"Remote file '{address}' was not found. There are several potential causes.", 91016)
        tag = f"{address}#{there[address]['ETag']}"
        if was_loaded(cursor, target, tag) and not is_forced:
            rows.append([address, "LOAD_SKIPPED", "0", "0", None, "1", "File was loaded before.", None, None, None])
            continue
        found = list(_rows(_content(address), format_options, content, address))
        path = address.removeprefix("s3://").partition("/")[2]
        _insert(cursor, target, columns, [(path, number, text) for number, text in found])
        was_loaded(cursor, target, tag, note=len(found))
        rows.append([address, "LOADED", str(len(found)), str(len(found)), "1", "0", None, None, None, None])
    return Answer(COLUMNS, rows)


def _objects(url: str) -> Iterator[tuple[str, dict[str, Any]]]:
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    try:
        for page in _s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for found in page.get("Contents", []):
                yield bucket, found
    except Exception as error:
        raise _failure(f"Failure using stage area. Cause: [{error}]", 93200) from error


def _content(address: str) -> bytes:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    content: bytes = _s3().get_object(Bucket=bucket, Key=key)["Body"].read()
    return gzip.decompress(content) if key.endswith(".gz") else content


def _s3() -> Any:
    import boto3  # noqa: PLC0415 - only where a stage is external

    return boto3.client("s3")


def _rows(content: bytes, options: str, wanted: str, address: str) -> Iterator[tuple[int, str | None]]:
    """The rows of a file by METADATA$FILE_ROW_NUMBER, as the file format and the select say."""
    text = content.decode("utf-8", errors="replace").removeprefix("\ufeff")
    if "strip_outer_array" in options:
        try:
            elements = json.loads(text)
        except ValueError as error:
            raise _failure(f"Error parsing JSON: {error} File '{address}'", 100069) from error
        yield from enumerate((json.dumps(element, separators=(",", ":")) for element in elements), start=1)
    elif "field_delimiter = none" in options:
        lines = text.replace("\r\n", "\n").split("\n")
        for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, start=1):
            yield number, line or None
    else:
        count = wanted.count("$")
        for number, cells in enumerate(
            (cells for cells in csv.reader(io.StringIO(text, newline="")) if cells), start=1
        ):
            kept: list[str | None] = [cell or None for cell in cells[:count]]
            yield number, json.dumps(kept + [None] * (count - len(kept)), ensure_ascii=False)


def _insert(
    cursor: FakeSnowflakeCursor, target: str, columns: str, rows: Sequence[tuple[str, int, str | None]]
) -> None:
    names, numbers, contents = zip(*rows, strict=True) if rows else ((), (), ())
    arrow = pa.table(
        {"n": pa.array(names, pa.string()), "l": pa.array(numbers, pa.int64()), "c": pa.array(contents, pa.string())}
    )
    connection = cursor._duck_conn
    connection.register("copied_rows", arrow)
    connection.execute(f"insert into {target} ({columns}) select n, l, c from copied_rows")
    connection.unregister("copied_rows")


def _failure(message: str, number: int) -> snowflake.connector.errors.ProgrammingError:
    return snowflake.connector.errors.ProgrammingError(msg=message, errno=number, sqlstate="22018")


COPIES.append(copy_from_external)
