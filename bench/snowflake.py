"""What a load sends to Snowflake: statements and bytes, counted on the emulator, which is no measure of time."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from snowflake.connector.cursor import SnowflakeCursor

from bench.generator import write_export
from bench.processes import say
from loader import client_schema, create_client_platform_schema, load_wave
from tests.emulator.process import running
from tests.support import copy_project
from tests.warehouses.snowflake.support import SnowflakeProject

_PUT = re.compile(r"put '?file://([^' ]+)'? ", re.IGNORECASE)


@dataclass
class Sent:
    """What one load sent.

    Args:
        rows: of the file.
        csv_bytes: its size.
        statements: that the load sent.
        row_bytes: of the Parquet files with the rows.
        original_bytes: of the original in the stage, compressed.

    """

    rows: int
    csv_bytes: int
    statements: int
    row_bytes: int
    original_bytes: int

    @property
    def share(self) -> float:
        """Bytes sent, to those of the CSV file."""
        return (self.row_bytes + self.original_bytes) / self.csv_bytes


def measure(folder: Path, sizes: tuple[int, int] = (100_000, 1_000_000)) -> list[Sent]:
    """Load files of several sizes, each as the first wave of a client.

    Args:
        folder: an empty one.
        sizes: rows of each file.

    """
    (folder / "emulator").mkdir()
    found = []
    with running(folder / "emulator") as emulator, mock.patch.dict(os.environ, emulator.environment()):
        project = SnowflakeProject(copy_project(folder / "project"), emulator)
        with emulator.connect() as connection:
            connection.execute_string(project.project.macros.call("account_ddl"))
        for rows in sizes:
            names = client_schema(f"bench{rows}", "meta", 2024)
            create_client_platform_schema(project.project, names)
            file = write_export(folder / f"{names.client}.csv", rows)
            sent: list[str] = []
            put: list[int] = []
            with mock.patch.object(SnowflakeCursor, "execute", _noting(sent, put)):
                load_wave(project.project, file, names, 1)
            listed = emulator.query(f"list @{names.name}.{names.name}_stage")
            originals = sum(int(row[1]) for row in listed if "/wave_1/" in row[0])
            # what is put is the original, here before it is compressed, and the rows
            rows_put = sum(put) - file.stat().st_size
            found.append(Sent(rows, file.stat().st_size, len(sent), rows_put, originals))
            say(f"  {rows} rows: {len(sent)} statements, {found[-1].share:.2f} of the CSV's bytes")
    return found


def _noting(sent: list[str], sizes: list[int]) -> Any:
    """SnowflakeCursor.execute, noting what is sent and the size of the files that it puts.

    The connector asks the emulator once more for each file that it puts; that is not counted.
    """
    execute = SnowflakeCursor.execute

    def noted(self: SnowflakeCursor, command: str, *arguments: Any, **options: Any) -> Any:
        sent.append(command)
        if put := _PUT.match(command):
            sizes.append(sum(Path(path).stat().st_size for path in glob.glob(put[1])))  # noqa: PTH207
        return execute(self, command, *arguments, **options)

    return noted
