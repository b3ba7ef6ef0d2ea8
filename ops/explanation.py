"""The data for `spark9 explain`: how the cells of one row became figures, and which rows of the marts have these."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from loader.clients.registry import RegisteredClient
from loader.clients.tables import ClientTables, open_client
from loader.errors import WaveRefusedError
from loader.files.headers import PlatformColumns
from loader.names import ClientKey, normalised_header
from loader.warehouses.interface import Row
from loader.waves.columns import ColumnRule, CoreColumn, MappedColumn, core_columns, rules_for_wave
from loader.waves.decision_checks import is_of_type
from loader.waves.decisions import rows_named
from loader.waves.state import LoadedFile, LoadMapping, column_rules, load_mappings, loads, require_wave
from loader.waves.targets import reason_now
from loader.workspace import Workspace

_SUMS = "sum(amount_spent), sum(impressions), sum(clicks), sum(conversions), sum(conversion_value)"
# how the entries of row_issues end that are not about what is in a cell, and the parts of the score that they lower
_LOWERED = {
    ": required, but empty": ("completeness",),
    ": required, since there are naming keys": ("completeness", "conformity"),
    ": not in naming_keys": ("conformity",),
    "same row as an earlier one of the file": ("uniqueness",),
}


@dataclass(frozen=True)
class ExplainedValue:
    """A column of the row and its value.

    Args:
        column: its mapping; without a position in the file, the value is not that of a cell of its own.
        cell: as it was in the file; none for an empty one.
        value: of the target column, or of that key of additional_metrics.
        why: whose decision the mapping is, and what else makes the value.
        issues: what row_issues has about the target column.

    """

    column: MappedColumn
    cell: str | None
    value: object
    why: str
    issues: list[str]


@dataclass(frozen=True)
class MartRows:
    """The rows of a mart that a row is part of.

    Args:
        mart: its name.
        condition: finds them, as SQL.
        row_count: the rows of files that they are made of; none if the mart has no such row.
        amount_spent: their spend.
        is_current: they are the sums of the client's rows as these are now, or the mart leaves such rows out.

    """

    mart: str
    condition: str
    row_count: int | None
    amount_spent: Decimal | None
    is_current: bool


@dataclass(frozen=True)
class ExplainedRow:
    """One row of an export.

    Args:
        client: whose it is.
        load: its file.
        raw: its row of raw_data_staging.
        built: its row of processed_campaign_data; empty if there is none.
        values: those of the file's headers, in order, then the others.
        parts: of the score, each with the issues that lower it.
        superseding: the file that counts in its place, while it is loaded.
        marts: empty if the row does not count.

    """

    client: RegisteredClient
    load: LoadedFile
    raw: dict[str, Any]
    built: dict[str, Any]
    values: list[ExplainedValue]
    parts: dict[str, list[str]]
    superseding: LoadedFile | None
    marts: list[MartRows]


def explain_row(
    workspace: Workspace,
    client: ClientKey,
    wave: int,
    row: int,
    *,
    file_name: str | None = None,
    load_id: str | None = None,
    column: str | None = None,
) -> ExplainedRow:
    """Explain one row of an export; nothing is changed.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        wave: its number.
        row: its number, as raw_data_staging has it.
        file_name: the file, if the wave has several.
        load_id: the same, by its load.
        column: a header or target column, to leave out the others.

    Raises:
        WaveRefusedError: there is no such wave, file, row or column, or the wave has several files.

    """
    with open_client(workspace, client, archived_too=True) as tables:
        there = require_wave(tables, wave)
        found = [load for load in there if file_name in (None, load.file_name) and load_id in (None, load.load_id)]
        listed = ", ".join(f"{load.file_name} (load {load.load_id})" for load in found or there)
        if not found:
            problem = f"Wave {wave} of {client} has no such file or load; it has {listed}."
            raise WaveRefusedError("no-such-file", problem)
        if len(found) > 1:
            problem = f"Wave {wave} of {client} has several files: {listed}."
            raise WaveRefusedError("several-loads", problem, "Name one of them with --file or --load.")
        return _Row(tables, found[0], row).explained(column)


@dataclass(frozen=True)
class _Row:
    tables: ClientTables
    load: LoadedFile
    number: int

    def explained(self, column: str | None) -> ExplainedRow:
        raw, built = self._raw, self._built
        values = [*self._of_mapping(), *self._beside_others()]
        if column is not None:
            named = rows_named([replace(self._mapping, rows=[value.column for value in values])], column)
            if not named:
                known = ", ".join(value.column.column_name for value in values)
                problem = (
                    f"Wave {self.load.wave_number} of {self.tables.key} has no column '{column}'; it has: {known}."
                )
                raise WaveRefusedError("no-such-column", problem)
            values = [value for value in values if value.column in [row for _, row in named]]
        return ExplainedRow(
            self.tables.client,
            self.load,
            raw,
            built,
            values,
            {part: list(self._why_lowered(part)) for part in self._call("row_parts")},
            next((load for load in loads(self.tables) if load.load_id == built.get("superseded_by")), None),
            list(self._marts()) if built and not built["superseded_by"] else [],
        )

    def _call(self, macro: str, *arguments: object) -> Any:
        return self.tables.project.macros.call(macro, *arguments)

    def _condition(self, values: dict[str, object]) -> str:
        """That columns have these values."""

        def is_it(value: object) -> str:
            if value is None:
                return "is null"
            return f"= {value if isinstance(value, int) else self._call('text_literal', value)}"

        return " and ".join(f"{name} {is_it(value)}" for name, value in values.items())

    def _row_of(self, table: str) -> dict[str, Any]:
        which = self._condition({"load_id": self.load.load_id, "row_number": self.number})
        return next(iter(self.tables.session.rows(f"select * from {table} where {which}")), {})

    @cached_property
    def _raw(self) -> dict[str, Any]:
        staging = f"{self.tables.schema}.raw_data_staging"
        row = self._row_of(staging)
        if not row:
            numbers = f"select min(row_number), max(row_number) from {staging} where load_id = ?"
            first, last = self.tables.query(numbers, [self.load.load_id])[0]
            file = f"{self.load.file_name} (wave {self.load.wave_number} of {self.tables.key})"
            raise WaveRefusedError("no-such-row", f"{file} has no row {self.number}; its rows are {first} to {last}.")
        return row

    @cached_property
    def _built(self) -> dict[str, Any]:
        return self._row_of(self._processed) if self.tables.have("processed_campaign_data") else {}

    @property
    def _processed(self) -> str:
        return f"{self.tables.built_schema}.processed_campaign_data"

    @cached_property
    def _issues(self) -> list[str]:
        return list(json.loads(self._built.get("row_issues", "[]")))

    @cached_property
    def _mapping(self) -> LoadMapping:
        return next(mapping for mapping in load_mappings(self.tables) if mapping.load_id == self.load.load_id)

    @cached_property
    def _rules(self) -> dict[str, ColumnRule]:
        return rules_for_wave(column_rules(self.tables), self._mapping.wave)

    @cached_property
    def _core(self) -> dict[str, CoreColumn]:
        return core_columns(self.tables.project)

    @cached_property
    def _known(self) -> PlatformColumns:
        return PlatformColumns(self.tables.project)

    def _of_mapping(self) -> Iterator[ExplainedValue]:
        """The columns of the file, then those that the mapping has beside them: constants, missing ones."""
        cells, core = json.loads(self._raw["raw_data"]), self._core
        metrics = json.loads(self._built.get("additional_metrics") or "{}", parse_float=Decimal)
        for column in self._mapping.rows:
            target = column.target_column
            is_typed = target in core or (column.mapping_rule == "promote" and target in self._built)
            cell = None if column.ordinal is None else cells.get(column.column_name)
            value = (self._built if is_typed else metrics).get(target)
            issues = [issue for issue in self._issues if issue.startswith(f"{target}: ")]
            yield ExplainedValue(column, cell, value, "; ".join(self._why(column)), issues)

    def _beside_others(self) -> Iterator[ExplainedValue]:
        """The last day and the currency that a cell names beside its own value, where no column has them."""
        targets = [column.target_column for column in self._mapping.rows]
        for macro, target, kind in (("names_a_period", "date_end", "date"), ("names_a_currency", "currency", "text")):
            for column in self._mapping.rows:
                if target not in targets and self._call(macro, column):
                    beside = replace(column, ordinal=None, target_column=target, column_type=kind, value_format=None)
                    yield ExplainedValue(beside, None, self._built.get(target), "named in the same cell", [])

    def _why(self, column: MappedColumn) -> Iterator[str]:
        rule = self._rules.get(normalised_header(column.column_name))
        is_earlier = column.decided_by == "person" and rule is not None and rule.from_wave < self._mapping.wave
        meant = self._known.lookup(self.tables.key.platform, column.column_name)
        yield reason_now(column, self._mapping.rows, meant) + (
            f" from wave {rule.from_wave} on" if rule and is_earlier else ""
        )
        of_file = [row for row in self._mapping.rows if row.ordinal is not None and row.mapping_rule != "ignore"]
        same = [row for row in of_file if row.target_column == column.target_column]
        if column in same and len(same) > 1:
            made = "sum" if any(row.mapping_rule == "add" for row in same) else "first filled"
            yield f"the value is the {made} of {', '.join(row.column_name for row in same)}"
        kind = self._core[column.target_column].type if column.target_column in self._core else column.column_type
        if column.default_value is not None and not is_of_type(self.tables, column.default_value, kind):
            yield f"the default, {column.default_value}, is not of type {kind} and fills no cell"
        elif column in same and column.default_value is not None:
            yield f"where the cell is empty the default, {column.default_value}"

    def _why_lowered(self, part: str) -> Iterator[str]:
        for issue in self._issues:
            of_cell = () if issue.partition("'")[0].endswith(": only a bound: ") else ("validity",)
            others = next((parts for end, parts in _LOWERED.items() if issue.endswith(end)), ("consistency",))
            if part in (of_cell if issue.endswith("'") else others):
                yield issue

    def _marts(self) -> Iterator[MartRows]:
        built, marts = self._built, self.tables.project.schema_name("marts")
        first, last = built["date_start"], built["date_end"] or built["date_start"]
        days = (last - first).days + 1 if first and last else 1
        is_spread = self.tables.project.variables["rows_of_several_days"] == "spread"
        for mart, keys in self._call("performance_keys").items():
            of_rows = {key: built[key] for key in keys}
            of_mart = {"client_schema": self.tables.client.client_schema, **of_rows}
            span = ""
            if mart == "performance_by_day":
                of_rows["coalesce(date_end, date_start)"] = last
                of_mart = {name.replace("date_start", "date_day"): value for name, value in of_mart.items()}
                of_mart["days_in_row"] = days
                if days > 1:
                    span = f" and date_day between '{of_mart.pop('date_day')}' and '{last}'"
            where = self._condition(of_mart) + span
            has: Row = (None, None)
            if mart in self.tables.session.tables(marts):
                has = self.tables.query(f"select sum(row_count), {_SUMS} from {marts}.{mart} where {where}")[0]
            counted = f"{self._processed} where superseded_by is null and {self._condition(of_rows)}"
            now = self.tables.query(f"select count(*), {_SUMS} from {counted}")[0]
            # days of other rows can lie between those of a longer one
            is_current = bool(has[0]) or not is_spread if span else has == now
            yield MartRows(mart, where, has[0], has[1], is_current)
