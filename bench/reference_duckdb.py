"""What a load is measured against: DuckDB reads a CSV file into a typed table of a database file, and nothing else.

Example: python bench/reference_duckdb.py wave.csv wave.duckdb
"""

import sys
from pathlib import Path

import duckdb

source, goal = sys.argv[1:]
Path(goal).unlink(missing_ok=True)
with duckdb.connect(goal) as connection:
    connection.execute("create table wave as select * from read_csv(?)", [source])
