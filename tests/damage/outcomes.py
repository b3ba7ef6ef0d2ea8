"""What comes of a damaged export: read right, refused, asked about, or wrong in silence."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from loader.clients.registry import RegisteredClient
from loader.errors import FileRefusedError
from loader.files.options import reading_options
from loader.files.profiling import Profiler
from loader.files.table import IS_DATA, ROW_NUMBER, TABLE, ColumnFormat, ValueFormat
from loader.names import client_schema, quote_identifier, quote_text
from loader.project.project import Project
from loader.waves.columns import MappedColumn
from loader.waves.plan import LoadPlan, LoadRequest, planned_alone, warnings_of
from tests.damage.sheets import Fact, Sheet

# what nothing in such a file says: whether whole sums are in millionths
MICROS_UNSURE = ("reddit api",)
_COLUMNS = {
    "date_start": "date", "campaign_name": "varchar", "campaign_id": "varchar", "ad_set_name": "varchar",
    "currency": "varchar", "impressions": "decimal(38, 6)", "clicks": "decimal(38, 6)",
    "conversions": "decimal(38, 6)", "amount_spent": "decimal(38, 6)",
}  # fmt: skip
# rows and columns that are not in the file, or cut at the wrong places, have neither a number nor an amount
_OF_ROWS_UNSEEN = ("file-cut-off", "column-missing", "quote-open", "rows-shifted")
# of a file read wrongly: nothing at all was said, only a warning was, or a question about something else than the spend
SILENT = ("silent", "warned", "beside")
# the share of a wrong spend that the questions must name
_LEAST_NAMED = Decimal("0.5")


@dataclass(frozen=True)
class Outcome:
    """What came of a file.

    Args:
        name: 'right', 'refused', 'asked', 'beside' (the spend is wrong, and the questions are about something else),
            'warned' (wrong, with a warning that nobody has to settle), 'silent' or 'crash'.
        detail: the code, the kinds of the questions, or what differs.
        off: how far the spend is off, as a share of it; 0 where other things differ.

    """

    name: str
    detail: str = ""
    off: Decimal = Decimal(0)


def outcome(project: Project, sheet: Sheet, folder: Path) -> Outcome:
    """Plan a load of a sheet for a client without tables, and compare its rows with the sheet's facts.

    Args:
        project: from `find_project()`.
        sheet: damaged, or not.
        folder: where its file is written.

    """
    export = sheet.export
    key = client_schema("acme", export.platform, 2026)
    client = RegisteredClient(key.name, key.client, key.platform, key.year, "active", "2026-01-01")
    options = reading_options(money="micros" if export.name in MICROS_UNSURE else None)
    file = folder / "export.csv"
    file.write_bytes(sheet.content())
    try:
        with planned_alone(project, LoadRequest(file, client, 1, options=options, today=date(2026, 12, 31))) as (
            plan,
            connection,
        ):
            return _compared(plan, _facts(plan, connection, project), sheet)
    except FileRefusedError as error:
        return Outcome("refused" if error.code and (error.answers or error.remedy) else "crash", error.code)
    except Exception as error:
        return Outcome("crash", f"{type(error).__name__}: {str(error)[:200]}")


def _compared(plan: LoadPlan, facts: list[Fact], sheet: Sheet) -> Outcome:
    kinds = ", ".join(sorted({question.kind for question in plan.questions}))
    missing, extra = (Counter(sheet.facts) - Counter(facts)), (Counter(facts) - Counter(sheet.facts))
    if not missing and not extra:
        return Outcome("asked" if plan.questions else "right", kinds)
    off, spend = _off(facts, sheet.facts), sum(fact.spend or 0 for fact in sheet.facts)
    if plan.questions:
        return Outcome("asked" if _is_named(plan, off * spend) else "beside", kinds, off)
    differs = ", ".join(
        name
        for name in Fact._fields
        if Counter(getattr(fact, name) for fact in facts) != Counter(getattr(fact, name) for fact in sheet.facts)
    )
    return Outcome("warned" if warnings_of(plan) else "silent", differs or "rows", off)


def _is_named(plan: LoadPlan, amount: Decimal) -> bool:
    """Whether the questions name an amount by which the spend is off, or cells of it."""
    spend = {row.column_name for row in plan.columns if row.target_column == "amount_spent"}
    if any(asked.column_name in spend or asked.kind in _OF_ROWS_UNSEEN for asked in plan.questions):
        return True
    return sum((asked.amount_at_stake or Decimal(0) for asked in plan.questions), Decimal(0)) >= amount * _LEAST_NAMED


def _off(facts: list[Fact], truth: tuple[Fact, ...]) -> Decimal:
    """How far the sums by currency are off, as a share of the spend."""
    sums: dict[str | None, Decimal] = defaultdict(Decimal)
    for fact in facts:
        sums[fact.currency] += fact.spend or 0
    for fact in truth:
        sums[fact.currency] -= fact.spend or 0
    # a sum without its currency is not off itself
    if None in sums:
        lost = sums.pop(None)
        largest = max(sums, key=lambda currency: abs(sums[currency]), default=None)
        sums[largest] += lost
    return sum(map(abs, sums.values()), Decimal(0)) / sum(fact.spend or 0 for fact in truth)


def _facts(plan: LoadPlan, connection: duckdb.DuckDBPyConnection, project: Project) -> list[Fact]:
    """The rows of a planned file, as its mapping reads them."""
    profiler = Profiler(connection, project, plan.options)
    mapped = {row.target_column: row for row in plan.columns if row.mapping_rule in ("core", "constant")}
    values = ", ".join(
        f"cast({_value(profiler, mapped[name])} as {kind}) as {name}" if name in mapped else f"null as {name}"
        for name, kind in _COLUMNS.items()
    )
    rows = connection.execute(
        f"select cast(date_start as varchar), * exclude (date_start, is_data) from "
        f"(select {values}, {IS_DATA} as is_data from {TABLE}) where is_data"
    ).fetchall()
    return [Fact(*row) for row in rows]


def _value(profiler: Profiler, row: MappedColumn) -> str:
    if row.ordinal is None:
        return quote_text(row.default_value or "")
    form = ValueFormat.of(row.value_format)
    value = profiler.parsed(row.column_name, ColumnFormat(row.column_type, str(form.of_cells) or None))
    if not form.fills_down:
        return value
    return f"last_value({value} ignore nulls) over (order by {quote_identifier(ROW_NUMBER)})"
