"""Tables and texts as hashes that do not depend on when and by whom they were made."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

# when, by whom, in which run, how long; dbt's own keys, which hash a time
_CLOCKS = re.compile(
    r".*_timestamp|.*_at|(added|granted)_on|(first|last)_upload|last_step|status_date|upload_day|week_start|duration_seconds|load_seconds.*|code_version|signature|invocation_id|made_of"
    r"|details|done_by|run_id|model_run_id|etag|dbt_.*|first_day|last_day|seconds|batches_per_second|rows_per_second|files_etag"
)
# what a training gives depends on the processor's arithmetic: of these columns there is only their name
_TRAINED = re.compile(r"(churn_scores|churn_predictions|churn_model_runs|churn_calibration)\..*(?<!customer_id)")
_MADE_AT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?|\d+[.]\d+ s\b")


def hashed(rows: Iterable[object]) -> str:
    """A hash of rows in any order."""
    text = "\n".join(sorted(json.dumps(row, default=str, ensure_ascii=False, sort_keys=True) for row in rows))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def hash_of_text(text: str) -> str:
    """A hash of what a command printed, without times."""
    return hashed([_MADE_AT.sub("", " ".join(text.split()))])


def hash_of_table(name: str, rows: list[dict[str, Any]]) -> str:
    """How many rows, and a hash of what they say."""
    table = name.rpartition(".")[2]
    shown = [
        {column: _plain(value) for column, value in row.items() if _counts(f"{table}.{column}", column)} for row in rows
    ]
    columns = hashed(sorted(rows[0])) if rows else ""
    return f"{len(rows)} rows {hashed(shown)} {columns}".strip()


def hashes_of_database(file: Path) -> dict[str, str]:
    """Every table of a DuckDB file."""
    with duckdb.connect(str(file), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not temporary order by 1"
        ).fetchall()
        found = {}
        for (name,) in names:
            result = connection.execute(f"from {name}")
            columns = [column[0] for column in result.description or []]
            found[name] = hash_of_table(name, [dict(zip(columns, row, strict=True)) for row in result.fetchall()])
    return found


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What is not as it was, a line each."""
    return [
        f"{name}: was {before.get(name, 'not there')}, is {now.get(name, 'not there')}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


def _counts(name: str, column: str) -> bool:
    return not _CLOCKS.fullmatch(column) and not _TRAINED.fullmatch(name)


def _plain(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value
