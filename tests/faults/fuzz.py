"""Coverage-guided fuzzing of the reader: no file gives anything but a table or an error that says what to do.

libFuzzer's options follow the command, such as -max_total_time=60; the seeds are the small files of the corpus.
Example: python -m tests.faults.fuzz /tmp/found -max_total_time=60
"""

from __future__ import annotations

import os
import sys
import tempfile
import zlib
from pathlib import Path

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["loader"]):
    import duckdb

    from loader.errors import Spark9Error
    from loader.files.containers import unpacked
    from loader.files.dialects import recognise
    from loader.files.file_reader import read_rows
    from loader.files.headers import PlatformColumns, export_words
    from loader.files.options import ReadingOptions
    from loader.files.profiling import Profiler
    from loader.files.row_kinds import mark_rows
    from loader.project.project import find_project
    from loader.waves.columns import NAME_COLUMNS, core_columns
    from loader.waves.targets import choose_targets

from tests.files.cases import cases

PROJECT = find_project(Path(__file__).parent.parent.parent)
KNOWN = PlatformColumns(PROJECT)
CORE = core_columns(PROJECT)
OPTIONS = ReadingOptions()
WORDS = export_words(PROJECT)
FOLDER = Path(tempfile.mkdtemp(prefix="spark9-fuzz-"))
LARGEST_SEED = 20_000


def read_file(content: bytes) -> None:
    """Do all that a load does before it writes anything."""
    path = FOLDER / "export.csv"
    path.write_bytes(content)
    connection = duckdb.connect()
    try:
        with unpacked(path, OPTIONS) as export:
            dialect = recognise(export, KNOWN, OPTIONS)
            dialect = read_rows(export, dialect, connection, KNOWN, OPTIONS)
        columns = dialect.columns
        targets = choose_targets(columns, "meta", KNOWN, CORE, {})
        names = [name for name in columns if targets[name].column in NAME_COLUMNS]
        mark_rows(connection, columns, dialect.headers, names, WORDS)
        if zlib.crc32(content) % 8:  # profiling takes ten times as long as all else
            return
        Profiler(connection, PROJECT, OPTIONS).profile(columns, {name: targets[name].wanted_type for name in columns})
    except Spark9Error as error:
        assert error.remedy, error
    finally:
        connection.close()


def main() -> None:
    """Fuzz until libFuzzer's limits are reached; it exits with another code than 0 when something was found."""
    seeds = Path(sys.argv[1])
    seeds.mkdir(parents=True, exist_ok=True)
    writer = os.fork()
    if writer == 0:  # the corpus takes gigabytes for a moment, which would count as the fuzzer's
        for number, case in enumerate(cases()):
            if len(case.content) <= LARGEST_SEED:
                (seeds / f"seed{number}").write_bytes(case.content)
        os._exit(0)
    os.waitpid(writer, 0)
    arguments = [
        sys.argv[0],
        str(seeds),
        f"-artifact_prefix={seeds}/",
        "-timeout=60",
        "-rss_limit_mb=2048",
        *sys.argv[2:],
    ]
    atheris.Setup(arguments, read_file)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
