"""Read damaged ad exports with other libraries, which are told nothing of how a file is written.

Writes a line of JSON for each file: its name, and its columns and rows, or the error, with `stopped` where it is the
library's own word on the file. Installed in the benchmark's own environment alone.

Example: .venv-bench/bin/python bench/reference_csv.py duckdb files/*.csv
"""

import csv
import json
import math
import sys
import warnings
from pathlib import Path

import clevercsv
import duckdb
import pandas as pd
from dlt.sources.filesystem import filesystem, read_csv  # type: ignore[import-not-found]

Table = tuple[list[str], list[list[object]]]


def by_duckdb(path: Path) -> Table:
    """The sniffer of read_csv."""
    relation = duckdb.connect().execute("from read_csv(?)", [str(path)])
    return [column[0] for column in relation.description], [list(row) for row in relation.fetchall()]


def by_pandas(path: Path) -> Table:
    """Its Python engine, which finds the delimiter."""
    frame = pd.read_csv(path, sep=None, engine="python")
    return list(map(str, frame.columns)), frame.astype(object).values.tolist()


def by_clevercsv(path: Path) -> Table:
    """The dialect that it finds, in the encoding that it finds."""
    header, *rows = clevercsv.read_table(str(path))
    return header, [list[object](row) for row in rows]


def by_dlt(path: Path) -> Table:
    """The CSV reader of its filesystem source."""
    rows = list(filesystem(bucket_url=path.parent.resolve().as_uri(), file_glob=path.name) | read_csv())
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return columns, [[row.get(name) for name in columns] for row in rows]


READERS = {"duckdb": by_duckdb, "pandas": by_pandas, "clevercsv": by_clevercsv, "dlt": by_dlt}
# what a library says of a file that it can't read
STOPS = (duckdb.Error, pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeError, csv.Error, clevercsv.Error,
         clevercsv.exceptions.NoDetectionResult)  # fmt: skip


def _plain(value: object) -> object:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value if isinstance(value, (str, int, float)) else str(value)


def main() -> None:
    """Read the files that are named."""
    warnings.simplefilter("ignore")
    name, *files = sys.argv[1:]
    for file in files:
        try:
            columns, rows = READERS[name](Path(file))
            found: dict[str, object] = {"columns": columns, "rows": [[_plain(cell) for cell in row] for row in rows]}
        except Exception as error:
            cause = error.__cause__ or error
            found = {"error": type(cause).__name__, "stopped": isinstance(cause, STOPS) or isinstance(error, STOPS)}
        print(json.dumps({"file": Path(file).name, **found}, default=str), flush=True)


if __name__ == "__main__":
    main()
