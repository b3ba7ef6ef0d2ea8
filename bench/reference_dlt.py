"""What a load is measured against: dlt's filesystem source with its DuckDB reader, landing Arrow tables in DuckDB.

Example: .venv-bench/bin/python bench/reference_dlt.py wave.csv folder
"""

import shutil
import sys
from pathlib import Path

# installed in the benchmark's own environment alone
import dlt  # type: ignore[import-not-found]
from dlt.sources.filesystem import filesystem, read_csv_duckdb  # type: ignore[import-not-found]

source, folder = (Path(argument).resolve() for argument in sys.argv[1:])
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir()
pipeline = dlt.pipeline(
    "reference",
    destination=dlt.destinations.duckdb(str(folder / "wave.duckdb")),
    dataset_name="reference",
    pipelines_dir=str(folder / "state"),
)
rows = filesystem(bucket_url=source.parent.as_uri(), file_glob=source.name) | read_csv_duckdb(use_pyarrow=True)
pipeline.run(rows.with_name("wave"), write_disposition="replace")
