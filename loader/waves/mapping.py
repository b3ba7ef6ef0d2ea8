"""Propose the mapping of a file: what each column is, and what the file has no column for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from loader.exports.headers import split_currency
from loader.exports.periods import Period
from loader.exports.readings import ColumnProfile, Reading
from loader.names import normalised_header
from loader.waves.columns import DAYS, ColumnRule, CoreColumn, MappedColumn, is_text_like
from loader.waves.targets import Target


def propose(
    columns: Sequence[str],
    targets: Mapping[str, Target],
    profiles: Mapping[str, ColumnProfile],
    core: Mapping[str, CoreColumn],
    earlier: Sequence[MappedColumn],
    rules: Mapping[str, ColumnRule],
    cell_currency: str | None = None,
    period: Period | None = None,
) -> list[MappedColumn]:
    """Propose the mapping of a file: its columns, then what it has no column for.

    Args:
        columns: the file's columns, in order.
        targets: from `choose_targets`.
        profiles: from the profiler.
        core: the core columns.
        earlier: mappings of earlier waves, the latest last.
        rules: from `rules_for_wave()`.
        cell_currency: the one currency that the cells of the spend name.
        period: what the lines above the header say of the export's days.

    """
    rows = [_present(position, name, targets[name], profiles[name], core) for position, name in enumerate(columns, 1)]
    filled = {row.target_column for row in rows}
    rows += _constants(columns, targets, core, filled, cell_currency)
    rows += _days_above(rows, period, core)
    return rows + missing_columns(rows, core, earlier, rules)


def _present(
    position: int, name: str, target: Target, profile: ColumnProfile, core: Mapping[str, CoreColumn]
) -> MappedColumn:
    standard = core.get(target.column) if target.rule == "core" else None
    reading = profile.reading
    reason = target.reason
    lost = profile.filled - profile.parsed
    if lost and reading.column_type == "id":
        reason += f"; {lost} of {profile.filled} ids were damaged by a spreadsheet and have lost digits"
    elif lost:
        reason += f"; {lost} of {profile.filled} cells are not of type {reading.column_type}"
    if profile.why:
        reason += f", {profile.why}"
    if profile.ambiguous_with:
        reason += f"; could be {profile.ambiguous_with} as well as {reading.value_format}"
    is_key = (
        standard.in_key
        if standard
        else is_text_like(reading.column_type)
        if target.decision
        else (target.role == "breakdown" or (target.role is None and is_text_like(reading.column_type)))
    )
    decision = target.decision
    return MappedColumn(
        ordinal=position,
        column_name=name,
        column_type=reading.column_type,
        value_format=_with_span(reading, target),
        is_required=decision.is_required if decision else bool(standard and standard.required),
        default_value=decision.default_value if decision else None,
        mapping_rule=target.rule,
        target_column=target.column,
        is_key=is_key,
        in_grain=standard.in_key if standard else target.role == "breakdown",
        filled_cells=profile.filled,
        control_sum=profile.control_sum,
        reason=reason,
        decided_by="person" if decision else "loader",
    )


def _with_span(reading: Reading, target: Target) -> str | None:
    """The format of the cells; of a date whose header says so, that it is the first day of a week, month or more."""
    is_day = reading.column_type == "date" and ":" not in (reading.value_format or "")
    return f"{reading.value_format}:{target.span}" if target.span and is_day else reading.value_format


def _constants(
    columns: Sequence[str],
    targets: Mapping[str, Target],
    core: Mapping[str, CoreColumn],
    filled: set[str],
    cell_currency: str | None,
) -> list[MappedColumn]:
    """The currency that a header names, as in 'Amount spent (USD)', or its cells, when no column gives it."""
    if "currency" in filled or "currency" not in core:
        return []
    for name in columns:
        currency = split_currency(name)[1]
        if currency and targets[name].column == "amount_spent":
            return [_absent("currency", "text", "constant", currency, f"from the header '{name}'", core)]
    if cell_currency:
        return [_absent("currency", "text", "constant", cell_currency, "from the cells of amount_spent", core)]
    return []


def _days_above(
    rows: Sequence[MappedColumn], period: Period | None, core: Mapping[str, CoreColumn]
) -> list[MappedColumn]:
    """The export's days as the lines above its header name them, where no cell does."""
    has_days = any(row.target_column in DAYS and row.filled_cells for row in rows)
    if has_days or period is None or period.days is None:
        return []
    reason = f"from line {period.line} above the header"
    return [
        _absent(target, "date", "constant", str(day), reason, core)
        for target, day in zip(DAYS, period.days, strict=True)
    ]


def missing_columns(
    rows: Sequence[MappedColumn],
    core: Mapping[str, CoreColumn],
    earlier: Sequence[MappedColumn],
    rules: Mapping[str, ColumnRule],
) -> list[MappedColumn]:
    """A row for each column that is required or was in an earlier wave, and is not in this file.

    Args:
        rows: the mapping of the file's own columns and constants.
        core: the core columns.
        earlier: mappings of earlier waves, the latest last.
        rules: from `rules_for_wave()`; a default of one holds on while the column is missing.

    """
    filled = {row.target_column for row in rows}
    latest = {row.target_column: row for row in earlier if row.ordinal is not None and row.mapping_rule != "ignore"}
    by_target = {rule.target_column: rule for rule in rules.values()}
    found = []
    for target, row in latest.items():
        if target not in filled:
            found.append(_gone(row, by_target.get(target) or rules.get(normalised_header(row.column_name))))
    for name, column in core.items():
        if column.required and name not in filled and name not in latest:
            found.append(_never_there(column, by_target.get(name) or rules.get(normalised_header(name)), core))
    return found


def _gone(row: MappedColumn, rule: ColumnRule | None) -> MappedColumn:
    """A column of an earlier wave that this file lacks."""
    return replace(
        row,
        ordinal=None,
        mapping_rule="retired" if rule and rule.mapping_rule == "retired" else "missing",
        value_format=None,
        is_required=rule.is_required if rule else row.is_required,
        default_value=rule.default_value if rule else None,
        filled_cells=None,
        control_sum=None,
        reason="decided by a person" if rule else "in an earlier wave, not in this file",
        decided_by="person" if rule else "loader",
    )


def _never_there(column: CoreColumn, rule: ColumnRule | None, core: Mapping[str, CoreColumn]) -> MappedColumn:
    """A required column that neither this file nor an earlier wave has."""
    absent = _absent(column.name, column.type, "missing", None, "required, but not in this file", core)
    if rule is None or rule.mapping_rule not in ("missing", "retired", "constant"):
        return absent
    return replace(
        absent,
        mapping_rule=rule.mapping_rule,
        default_value=rule.default_value,
        is_required=rule.is_required,
        reason="decided by a person",
        decided_by="person",
    )


def _absent(
    target: str, column_type: str, rule: str, default: str | None, reason: str, core: Mapping[str, CoreColumn]
) -> MappedColumn:
    standard = core.get(target)
    return MappedColumn(
        ordinal=None,
        column_name=target,
        column_type=column_type,
        value_format=None,
        is_required=bool(standard and standard.required and rule == "missing"),
        default_value=default,
        mapping_rule=rule,
        target_column=target,
        is_key=bool(standard and standard.in_key),
        in_grain=bool(standard and standard.in_key),
        filled_cells=None,
        control_sum=None,
        reason=reason,
        decided_by="loader",
    )
