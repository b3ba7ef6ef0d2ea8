"""What an ingestion is measured against: dlt landing Arrow batches of DuckDB's own JSON reader, its fastest path.

Example: .venv-bench/bin/python areas/engagement/bench_reference_dlt.py 'bucket/clickstream/*.json' folder
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# installed in the benchmark's own environment alone
import dlt  # type: ignore[import-not-found]
import duckdb

pattern, folder = sys.argv[1], Path(sys.argv[2]).resolve()
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir()
pipeline = dlt.pipeline(
    "reference",
    destination=dlt.destinations.duckdb(str(folder / "events.duckdb")),
    dataset_name="reference",
    pipelines_dir=str(folder / "state"),
)


@dlt.resource(name="events", write_disposition="replace")  # type: ignore[untyped-decorator]
def events() -> Iterator[Any]:
    """Batches of the files' events; lines that are not JSON are skipped."""
    found: Any = duckdb.connect().execute(f"select * from read_json('{pattern}', ignore_errors = true)")
    yield from found.to_arrow_reader(200_000)


pipeline.run(events(), loader_file_format="parquet")
