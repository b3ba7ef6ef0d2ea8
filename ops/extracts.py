"""Downloads: a wave's processed rows as a file, and the original export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loader.clients.registry import Registry
from loader.clients.tables import ClientTables, open_client, tables_of
from loader.errors import NameRefusedError, WaveRefusedError
from loader.files.table import reader
from loader.names import ClientKey, quote_identifier, quote_text
from loader.waves.columns import MappedColumn
from loader.waves.known_loads import original_of
from loader.waves.state import load_mappings, logged_load, require_wave
from loader.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

FORMATS = ("csv", "xlsx", "parquet")
_ROWS = "extracted_rows"
_MOST_EXCEL_ROWS = 1_048_575
_ROWS_A_BATCH = 10_000
_IDENTITY = (("load_id", "varchar"), ("row_number", "bigint"), ("wave_number", "integer"), ("file_name", "varchar"))
_JUDGEMENT = (
    ("data_quality_score", "decimal(5, 4)"),
    ("row_issues", "varchar"),
    ("superseded_by", "varchar"),
    ("superseded_because", "varchar"),
)

_ISSUES = "nullif(array_to_string(from_json(row_issues, '[\"VARCHAR\"]'), '; '), '')"
# what a spreadsheet takes for a formula (OWASP, CSV injection)
FORMULA = "[=+@\\t\\r-].*"


def write_wave_rows(workspace: Workspace, client: ClientKey, wave: int, path: Path) -> int:
    """Write the processed rows of a wave to a file: typed columns, then each additional metric in one of its own.

    Texts that a spreadsheet would run as a formula get an apostrophe before them in CSV; in a workbook they are texts.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        wave: its number.
        path: the file; its ending, one of FORMATS, says how it is written.

    Returns:
        How many rows there are.

    Raises:
        NameRefusedError: another ending.
        WaveRefusedError: the wave is not loaded or not built, or has more rows than a sheet.

    """
    ending = path.suffix.lower().lstrip(".")
    if ending not in FORMATS:
        raise NameRefusedError(f"The file extension of '{path.name}' is not one of {', '.join(FORMATS)}.")
    registered = Registry(workspace).get(client, archived_too=True)
    with (
        reader() as connection,
        tables_of(workspace, registered, workspace.warehouse, connection) as tables,
    ):
        tables.require()
        require_wave(tables, wave)
        if not tables.have("processed_campaign_data"):
            raise WaveRefusedError("wave-not-built", f"Wave {wave} of {client} is not built yet.", "Build it first.")
        mapping = [row for loaded in load_mappings(tables) if loaded.wave == wave for row in loaded.rows]
        count = _bring(tables, mapping, wave)
        select = _select(tables, mapping, is_csv=ending == "csv")
        if ending == "xlsx":
            _write_sheet(connection, select, count, path)
        else:
            options = "format csv, header true" if ending == "csv" else "format parquet"
            connection.execute(f"copy ({select}) to {quote_text(str(path))} ({options})")
    return count


def fetch_original(workspace: Workspace, client: ClientKey, load_id: str, folder: Path) -> Path:
    """Copy the original of a load from the client's stage, under the name that it was uploaded with.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        load_id: the load.
        folder: where to put it.

    Raises:
        WaveRefusedError: the log knows no such load.
        WarehouseRefusedError: the stage can't be read.

    """
    with open_client(workspace, client, archived_too=True) as tables:
        details = logged_load(tables, load_id)[1]
        schema = tables.schema
    if "staged_as" not in details:
        raise WaveRefusedError("no-such-file", f"The log of {client} has no load {load_id}.")
    return original_of(workspace.warehouse, schema, details, folder)


def _columns(tables: ClientTables, mapping: Sequence[MappedColumn]) -> list[tuple[str, str]]:
    """The typed columns with DuckDB's types: core ones, then those that people promoted."""
    macros = tables.project.local_macros
    types = macros.call("column_types")
    core = [(row["name"], types[row["type"]]["sql"]) for row in macros.call("core_columns")]
    promoted = {row.target_column: types[row.column_type]["sql"] for row in mapping if row.mapping_rule == "promote"}
    return core + sorted(promoted.items())


def _bring(tables: ClientTables, mapping: Sequence[MappedColumn], wave: int) -> int:
    typed = [*_IDENTITY, *_columns(tables, mapping), ("additional_metrics", "varchar"), *_JUDGEMENT]
    as_text = ("additional_metrics", "row_issues")
    listed = ", ".join(f"cast({name} as varchar) as {name}" if name in as_text else name for name, _ in typed)
    select = f"select {listed} from {tables.built_schema}.processed_campaign_data where wave_number = {int(wave)}"
    return tables.session.copy_to_reader(_ROWS, typed, select)


def _select(tables: ClientTables, mapping: Sequence[MappedColumn], *, is_csv: bool) -> str:
    types = tables.project.local_macros.call("column_types")
    taken = {name for name, _ in (*_IDENTITY, *_columns(tables, mapping), *_JUDGEMENT)}
    additional = {
        row.target_column: "varchar" if row.column_type == "date" else types[row.column_type]["sql"]
        for row in mapping
        if row.mapping_rule == "additional" and row.ordinal is not None and row.target_column not in taken
    }
    expressions = [
        *((name, kind, name) for name, kind in (*_IDENTITY, *_columns(tables, mapping))),
        *(
            (name, kind, f"try_cast(json_extract_string(additional_metrics, {quote_text('/' + name)}) as {kind})")
            for name, kind in additional.items()
        ),
        *((name, kind, _ISSUES if name == "row_issues" else name) for name, kind in _JUDGEMENT),
    ]
    listed = ", ".join(
        f"{_harmless(value) if is_csv and kind == 'varchar' else value} as {quote_identifier(name)}"
        for name, kind, value in expressions
    )
    return f"select {listed} from {_ROWS} order by load_id, row_number"


def _harmless(value: str) -> str:
    return f"case when regexp_full_match({value}, '(?s){FORMULA}') then '''' || {value} else {value} end"


def _write_sheet(connection: duckdb.DuckDBPyConnection, select: str, count: int, path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - few download a workbook

    if count > _MOST_EXCEL_ROWS:
        raise WaveRefusedError(
            "too-many-rows", f"A sheet holds {_MOST_EXCEL_ROWS:,} rows, but the wave has {count:,}.", "Use CSV instead."
        )
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        sheet = workbook.add_worksheet("rows")
        as_date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        result = connection.execute(select)
        kinds = [str(column[1]) for column in result.description or []]
        sheet.write_row(0, 0, [column[0] for column in result.description or []])
        sheet.freeze_panes(1, 0)
        at = 1
        while batch := result.fetchmany(_ROWS_A_BATCH):
            for row in batch:
                _write_row(sheet, at, row, kinds, as_date)
                at += 1


def _write_row(sheet: Any, at: int, row: Sequence[Any], kinds: Sequence[str], as_date: Any) -> None:
    for column, (value, kind) in enumerate(zip(row, kinds, strict=True)):
        if value is None:
            continue
        if kind == "DATE":
            sheet.write_datetime(at, column, value, as_date)
        elif isinstance(value, str):
            sheet.write_string(at, column, value)
        else:
            sheet.write_number(at, column, value)
