"""Decisions of people about columns: one rule a header and wave, which later waves follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from loader.clients.tables import ClientTables, change_client
from loader.errors import WaveRefusedError
from loader.files.headers import PlatformColumns
from loader.files.table import ValueFormat
from loader.log import SUCCESS, LogEntry
from loader.names import ClientKey, normalised_header, target_column
from loader.waves.columns import (
    FIELDS,
    OF_ABSENT,
    RULE_FIELDS,
    RULES,
    ColumnRule,
    CoreColumn,
    MappedColumn,
    as_row,
    core_columns,
    is_text_like,
    rules_for_wave,
)
from loader.waves.decision_checks import check_default, one_of, refuse_contradictions, refuse_misspelt
from loader.waves.state import LoadMapping, align_missing_columns, column_rules, load_mappings, require_wave
from loader.workspace import Workspace


@dataclass(frozen=True)
class MappingChange:
    """What a person decides about a column; fields that are none stay unchanged.

    A target that no column has, and that looks like a misspelling of one, needs `new_target`.
    """

    rule: str | None = None
    target: str | None = None
    column_type: str | None = None
    value_format: str | None = None
    default: str | None = None
    no_default: bool = False
    required: bool | None = None
    new_target: bool = False


def set_mapping(
    workspace: Workspace, client: ClientKey, wave: int, column: str, change: MappingChange
) -> list[MappedColumn]:
    """Decide what a column of a wave is; the wave is processed again by the next build, and later waves follow.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        wave: the wave's number.
        column: a header of the wave, or the name of a column that it lacks; case and punctuation apart.
        change: the decision.

    Returns:
        The column's mapping as it is now, one entry a file of the wave; none if the decision changes nothing.

    Raises:
        WaveRefusedError: the wave is not loaded or has no such column, or the decision contradicts another.
        NameRefusedError: a rule, type, format or name is not a valid one.

    """
    with change_client(workspace, client, "mapping", wave) as tables:
        require_wave(tables, wave)
        return decide(tables, wave, column, change)


def decide(tables: ClientTables, wave: int, column: str, change: MappingChange) -> list[MappedColumn]:
    """Make a rule for a column from a wave on, inside the caller's transaction; see `set_mapping`."""
    return _Decision(tables, wave, column).make(change)


def apply_rule(tables: ClientTables, rule: ColumnRule, *, new_target: bool = False) -> bool:
    """Make a rule exactly as it was made elsewhere, inside the caller's transaction; loaded waves follow.

    A rule from a wave that is not loaded is kept for the waves to come.

    Args:
        tables: the client's, in a transaction.
        rule: from `spark9 mapping export`, on another target.
        new_target: its target may look like a misspelling of another one.

    Returns:
        Whether it changed anything.

    Raises:
        WaveRefusedError: its wave is loaded and has no such column.
        NameRefusedError: its rule, type, format or name is not valid, or contradicts the file or another column.

    """
    header = normalised_header(rule.column_name)
    for known in column_rules(tables):
        if normalised_header(known.column_name) == header and replace(known, column_name=rule.column_name) == rule:
            return False
    _Decision(tables, rule.from_wave, rule.column_name, rule).make(replace(_change_of(rule), new_target=new_target))
    return True


class _Decision:
    """The steps of one decision, with what they share; with a rule, the decision is exactly that rule."""

    def __init__(self, tables: ClientTables, wave: int, column: str, exact: ColumnRule | None = None) -> None:
        self._tables = tables
        self._wave = wave
        self._exact = exact
        self._core = core_columns(tables.project)
        self._mappings = load_mappings(tables)
        here = [mapping for mapping in self._mappings if mapping.wave == wave]
        self._wanted = rows_named(here, column)
        if not self._wanted and (here or exact is None):
            known = ", ".join(sorted({row.column_name for mapping in here for row in mapping.rows}))
            raise WaveRefusedError(
                "no-such-column", f"Wave {wave} of {tables.key} has no column '{column}'; it has: {known}."
            )
        self._header = self._wanted[0][1].column_name if self._wanted else column
        self._known = PlatformColumns(tables.project)
        found = self._known.lookup(tables.key.platform, self._header)
        self._is_breakdown = bool(found) and found[0].role == "breakdown"

    def make(self, change: MappingChange) -> list[MappedColumn]:
        """Change the rows of the wave, keep the rule, and have later waves follow."""
        rules, before = column_rules(self._tables), None
        if change.target and not change.new_target:
            refuse_misspelt(change.target, change.rule, self._header, self._known, self._core, self._mappings, rules)
        if self._exact is None:
            before = rules_for_wave(rules, self._wave).get(normalised_header(self._header))
        if self._wanted:
            change = self._with_one_type(change, before)
        else:
            check_default(self._tables, self._changed(_not_loaded(change, self._header), change, []))
        changed = []
        for mapping, row in self._wanted:
            new = self._changed(row, self._for_row(row, change), mapping.rows)
            check_default(self._tables, new)
            changed.append(_measured(self._tables, mapping.load_id, new, keep_format=change.value_format is not None))
        rule = self._exact or self._rule(changed, change, before)
        if rule == before and changed == [row for _, row in self._wanted]:
            return []
        for (mapping, row), new in zip(self._wanted, changed, strict=True):
            _store(self._tables, mapping.load_id, row, new)
            self._tables.log(
                LogEntry(
                    "mapping",
                    SUCCESS,
                    self._wave,
                    mapping.load_id,
                    column_count=1,
                    column_names=[row.column_name],
                )
            )
        _store_rule(self._tables, rule)
        if self._wanted:
            self._tables.run("reprocess_wave_sql", self._wave)
        else:
            self._tables.log(LogEntry("mapping", SUCCESS, self._wave, column_count=1, column_names=[self._header]))
        self._have_later_waves_follow(rule)
        align_missing_columns(self._tables, self._wave)
        return changed

    def _rule(self, changed: Sequence[MappedColumn], change: MappingChange, before: ColumnRule | None) -> ColumnRule:
        # a wave of several files can have the column in one of them and lack it in another
        shown = next((row for row in changed if row.ordinal is not None), changed[0])
        return _rule(shown, self._wave, change, before)

    def _for_row(self, row: MappedColumn, change: MappingChange) -> MappingChange:
        """The change for a row; an exact rule about a column leaves files of the wave alone that lack it."""
        is_about_absent = change.rule in OF_ABSENT
        others = (other for _, other in self._wanted if (other.ordinal is None) == is_about_absent)
        if self._exact is None or (row.ordinal is None) == is_about_absent or next(others, None) is None:
            return change
        return replace(change, rule=None, target=None)

    def _with_one_type(self, change: MappingChange, before: ColumnRule | None) -> MappingChange:
        """The change with the type that the column must have in every file; none where the cells of each decide."""
        row = next((row for _, row in self._wanted if row.ordinal is not None), self._wanted[0][1])
        target = target_column(change.target) if change.target else row.target_column
        rule = change.rule or _implied_rule(row, target, self._core)
        kind = change.column_type or (before.column_type if before else None)
        if kind is None and rule == "promote":
            kind = row.column_type
        if rule == "core":
            kind = change.column_type
        one_of("type", kind or "text", self._macro("column_types"))
        return replace(change, column_type=kind)

    def _changed(self, row: MappedColumn, change: MappingChange, others: Sequence[MappedColumn]) -> MappedColumn:
        """The row with a person's decision in it, checked against the rules of docs/data_contract.md."""
        core = self._core
        target = target_column(change.target) if change.target else row.target_column
        rule = change.rule or _implied_rule(row, target, core)
        of_core = core[target].type if rule == "core" and target in core else row.column_type
        column_type = change.column_type or of_core
        one_of("rule", rule, RULES)
        one_of("type", column_type, self._macro("column_types"))
        refuse_contradictions(row, rule, target, column_type, core, others)
        value_format = change.value_format or (row.value_format if column_type == row.column_type else None)
        if change.value_format:
            given = ValueFormat.of(change.value_format)
            for form in given.form.replace("+swapped_", "+").split("+"):
                one_of("format", form, {**self._macro("number_formats"), **self._macro("date_formats")})
            span = "down" if given.fills_down else given.span or "range"
            one_of("period of a format", span, ("range", "week", "month", "quarter", "year"))
        default = None if change.no_default else (row.default_value if change.default is None else change.default)
        return replace(
            row,
            column_type=column_type,
            value_format=value_format or self._macro("default_format", column_type),
            is_required=row.is_required if change.required is None else change.required,
            default_value=default,
            mapping_rule=rule,
            target_column=target,
            is_key=core[target].in_key if rule == "core" else is_text_like(column_type),
            in_grain=core[target].in_key if rule == "core" else self._is_breakdown,
            reason="decided by a person",
            decided_by="person",
        )

    def _have_later_waves_follow(self, rule: ColumnRule) -> None:
        """Apply a rule to the waves after it that are loaded already, as it will be to those that come."""
        rules = column_rules(self._tables)
        header = normalised_header(rule.column_name)
        change = _change_of(rule)
        if rule.mapping_rule == "retired":
            change = replace(change, rule="additional")
        followed = set()
        for mapping in self._mappings:
            is_other = rules_for_wave(rules, mapping.wave).get(header) != rule
            if mapping.wave <= rule.from_wave or is_other or rule.mapping_rule in ("missing", "constant"):
                continue
            for row in mapping.rows:
                if row.ordinal is None or normalised_header(row.column_name) != header:
                    continue
                new = self._changed(row, change, mapping.rows)
                new = _measured(self._tables, mapping.load_id, new, keep_format=rule.value_format is not None)
                if new != row:
                    _store(self._tables, mapping.load_id, row, new)
                    followed.add(mapping.wave)
        for wave in sorted(followed):
            self._tables.run("reprocess_wave_sql", wave)

    def _macro(self, name: str, *arguments: object) -> Any:
        """What a macro returns; those asked here are the same for every warehouse."""
        return self._tables.project.local_macros.call(name, *arguments)


def _change_of(rule: ColumnRule) -> MappingChange:
    return MappingChange(
        rule.mapping_rule,
        rule.target_column,
        rule.column_type,
        rule.value_format,
        rule.default_value,
        rule.default_value is None,
        rule.is_required,
    )


def _not_loaded(change: MappingChange, header: str) -> MappedColumn:
    """A column of a wave that is not loaded, for the checks of what is decided about it."""
    return MappedColumn(
        ordinal=None if change.rule in OF_ABSENT else 1,
        column_name=header,
        column_type=change.column_type or "text",
        value_format=None,
        is_required=False,
        default_value=None,
        mapping_rule=change.rule or "additional",
        target_column=change.target or "",
        is_key=False,
        in_grain=False,
        filled_cells=None,
        control_sum=None,
        reason="",
        decided_by="person",
    )


def rows_named(mappings: Sequence[LoadMapping], column: str) -> list[tuple[LoadMapping, MappedColumn]]:
    """The rows of a header, exactly, else case and punctuation apart, or else of a target column."""
    rows = [(mapping, row) for mapping in mappings for row in mapping.rows]
    exactly = [(mapping, row) for mapping, row in rows if row.column_name == column]
    by_header = [(m, row) for m, row in rows if normalised_header(row.column_name) == normalised_header(column)]
    return exactly or by_header or [(mapping, row) for mapping, row in rows if row.target_column == column]


def _implied_rule(row: MappedColumn, target: str, core: Mapping[str, CoreColumn]) -> str:
    """The rule of a new target: core for a core column; a column that was core becomes additional."""
    if row.mapping_rule == "use_default_value":  # written by hand, and in no build yet
        return "missing" if row.ordinal is None else "core" if target in core else "additional"
    if row.ordinal is None or target == row.target_column:
        return row.mapping_rule
    return "core" if target in core else "additional" if row.mapping_rule == "core" else row.mapping_rule


def _measured(tables: ClientTables, load: str, row: MappedColumn, *, keep_format: bool) -> MappedColumn:
    """The row with the format that parses most of the load's raw cells, and the sum that the build must then reach."""
    project = tables.project
    types = project.local_macros.call("column_types")
    if row.ordinal is None or row.column_type in ("text", "id"):
        found = ValueFormat.of(row.value_format)
        is_kept = (row.column_type, found.form) in (("id", "unwrapped"), ("text", "clean"), ("text", "code"))
        filled = ValueFormat(found.form if is_kept else "", fills_down=found.fills_down)
        return replace(row, value_format=str(filled) or None, control_sum=None)
    cell = f"nullif(trim({project.macros.call('json_text', 'raw_data', row.column_name)}), '')"
    kind = "date_formats" if row.column_type == "date" else "number_formats"
    known = [name for name, form in project.local_macros.call(kind).items() if not form.get("yearless")]
    formats = [row.value_format] if keep_format else [row.value_format, *known]
    parsed = {name: project.macros.call("parse_cell", cell, row.column_type, name) for name in formats if name}
    figures = [f"count({value})" for value in parsed.values()]
    if types[row.column_type]["numeric"]:
        figures += [f"cast(coalesce(sum({value}), 0) as decimal(38, 8))" for value in parsed.values()]
    counts = tables.query(
        f"select {', '.join(figures)} from {tables.schema}.raw_data_staging where load_id = ? and row_kind = 'data'",
        [load],
    )[0]
    names = list(parsed)
    best = max(range(len(names)), key=lambda position: (counts[position], -position))
    control_sum: Decimal | None = counts[len(names) + best] if len(figures) > len(names) else None
    return replace(row, value_format=names[best], control_sum=control_sum)


def _store(tables: ClientTables, load: str, old: MappedColumn, new: MappedColumn) -> None:
    tables.query(
        f"update {tables.schema}.wave_schema_mapping "
        f"set {', '.join(f'{name} = ?' for name in FIELDS)}, updated_timestamp = ? "
        "where load_id = ? and column_name = ? and target_column = ?",
        [*as_row(new), tables.session.now(), load, old.column_name, old.target_column],
    )


def _rule(row: MappedColumn, wave: int, change: MappingChange, before: ColumnRule | None) -> ColumnRule:
    return ColumnRule(
        column_name=row.column_name,
        from_wave=wave,
        mapping_rule=row.mapping_rule,
        target_column=row.target_column,
        column_type=row.column_type if row.mapping_rule in ("core", "promote") else change.column_type,
        value_format=change.value_format or (before.value_format if before else None),
        is_required=row.is_required,
        default_value=row.default_value,
    )


def _store_rule(tables: ClientTables, rule: ColumnRule) -> None:
    """One rule a header and wave: the last decision counts."""
    table = f"{tables.schema}.column_rules"
    for (name,) in tables.query(f"select distinct column_name from {table} where from_wave = ?", [rule.from_wave]):
        if normalised_header(name) == normalised_header(rule.column_name):
            tables.query(f"delete from {table} where from_wave = ? and column_name = ?", [rule.from_wave, name])
    tables.insert("column_rules", (*RULE_FIELDS, "updated_timestamp"), [(*as_row(rule), tables.session.now())])
