"""A client's naming convention: files that list valid ad set names and what their parts mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import duckdb

from loader.clients.tables import ClientTables
from loader.errors import FileRefusedError
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, row_as_json
from loader.names import quote_identifier
from loader.waves.columns import DAYS, MappedColumn
from loader.waves.targets import Target


def looks_like(targets: Collection[Target]) -> bool:
    """Whether a header is that of naming keys: it names ad sets, and has neither a date nor a figure."""
    columns = {target.column for target in targets}
    has_figures = any(target.role == "metric" for target in targets)
    return "ad_set_name" in columns and not has_figures and columns.isdisjoint(DAYS)


def read(
    connection: duckdb.DuckDBPyConnection, file_name: str, columns: Sequence[MappedColumn]
) -> list[tuple[str, str, int]]:
    """The keys of the file that `read_rows` read: name, attributes (JSON), row number; the last row of a name counts.

    Args:
        connection: the DuckDB that read the file.
        file_name: for messages.
        columns: the file's mapping; the column that fills ad_set_name is the key.

    Raises:
        FileRefusedError: no column names ad sets.

    """
    key = next((row.column_name for row in columns if row.target_column == "ad_set_name" and row.ordinal), None)
    if key is None:
        raise FileRefusedError(
            "no-ad-set-name",
            f"{file_name} has no column of ad set names.",
            "Give the column of ad set names the platform's own header, such as 'Ad set name'.",
        )
    name = f"trim({quote_identifier(key)})"
    number = quote_identifier(ROW_NUMBER)
    return connection.execute(
        f"select {name}, cast({row_as_json([row.column_name for row in columns if row.ordinal])} as varchar), {number} "
        f"from {TABLE} where {IS_DATA} and {name} <> '' "
        f"qualify row_number() over (partition by {name} order by {number} desc) = 1 order by {number}"
    ).fetchall()


def unknown_ad_sets(
    tables: ClientTables, connection: duckdb.DuckDBPyConnection, columns: Sequence[MappedColumn]
) -> list[str]:
    """One sentence on the ad set names of the file that was read which the client's naming keys do not have.

    None when the client has no naming keys, or the file names no ad sets.

    Args:
        tables: the client's.
        connection: the DuckDB that read the file.
        columns: the file's mapping.

    """
    key = next((row.column_name for row in columns if row.target_column == "ad_set_name" and row.ordinal), None)
    known = {name for (name,) in tables.query(f"select ad_set_name from {tables.schema}.naming_keys")}
    if key is None or not known:
        return []
    name = f"trim({quote_identifier(key)})"
    counted = connection.execute(
        f"select {name}, count(*) from {TABLE} where {IS_DATA} and {name} <> '' group by 1 order by 2 desc, 1"
    ).fetchall()
    unknown = {ad_set: rows for ad_set, rows in counted if ad_set not in known}
    if not unknown:
        return []
    names = ", ".join(f"'{name}'" for name in list(unknown)[:3])
    more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
    return [f"{sum(unknown.values())} rows have an ad set that is not in the naming keys: {names}{more}"]


def land(
    tables: ClientTables,
    keys: Sequence[tuple[str, str, int]],
    *,
    load_id: str,
    file_name: str,
    now: datetime,
) -> int:
    """Put keys into naming_keys, inside the caller's transaction.

    A key that is there already gets the file's attributes. All waves are marked for rescoring.

    Args:
        tables: the client's, in a transaction.
        keys: from `read`.
        load_id: of the file.
        file_name: of the file.
        now: the upload's time.

    Returns:
        How many keys there are.

    """
    tables.insert(
        "naming_keys",
        ("ad_set_name", "attributes", "row_number", "load_id", "file_name", "upload_timestamp"),
        [(*key, load_id, file_name, now) for key in keys],
    )
    table = f"{tables.schema}.naming_keys"
    tables.query(
        f"delete from {table} where load_id <> ? "
        f"and ad_set_name in (select ad_set_name from {table} where load_id = ?)",
        [load_id, load_id],
    )
    tables.run("reprocess_wave_sql", None)
    return len(keys)
