"""Propose the mapping of a file: what each column is, and which columns are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from loader.files.dates import Period
from loader.files.table import ColumnProfile, ValueFormat
from loader.names import normalised_header, snake_case
from loader.waves.columns import (
    DAYS,
    LEVELS,
    NAME_COLUMNS,
    ColumnRule,
    CoreColumn,
    MappedColumn,
    has_names_of,
    is_text_like,
    level_of,
)
from loader.waves.contents import FileContents
from loader.waves.money import Currencies
from loader.waves.targets import MICROS, Target

# by which an export is broken down whose days have a time, as if a column named the hour
_HOUR = "hour_of_day"


def propose(
    columns: Sequence[str],
    targets: Mapping[str, Target],
    contents: FileContents,
    core: Mapping[str, CoreColumn],
    earlier: Sequence[MappedColumn],
    rules: Mapping[str, ColumnRule],
    currencies: Currencies | None = None,
) -> list[MappedColumn]:
    """Propose the mapping of a file: its columns, then what it has no column for.

    Args:
        columns: the file's columns, in order.
        targets: from `choose_targets`.
        contents: what the columns hold, and the days above the header.
        core: the core columns.
        earlier: mappings of earlier waves, the latest last.
        rules: from `rules_for_wave()`.
        currencies: from `find_currencies()`.

    """
    rows = [
        _present(position, name, targets[name], contents.profiles[name], core, fills_down=name in contents.fills_down)
        for position, name in enumerate(columns, 1)
    ]
    filled = {row.target_column for row in rows}
    currencies = currencies or Currencies()
    if currencies.is_given:
        rows = [_ignored_currency(row) for row in rows]
        filled -= {"currency"}
    rows = [_with_currency_format(row, currencies) for row in rows]
    rows += _constants(columns, targets, core, filled, currencies)
    rows += _days_above(rows, contents.period, core)
    accounts = {target.column for target in targets.values() if target.role == "account"}
    rows = _with_level(rows, core, accounts, is_hourly=contents.is_hourly)
    return rows + missing_columns(rows, core, earlier, rules)


def _with_level(
    rows: Sequence[MappedColumn], core: Mapping[str, CoreColumn], accounts: Collection[str], *, is_hourly: bool
) -> list[MappedColumn]:
    """The rows, with those of the file's level required, and the level and breakdowns themselves."""
    level = level_of(rows)
    named = [name for name in ("campaign", "ad_set", "ad") if has_names_of(rows, name)]
    above = accounts if level.name == "account" else ()
    marked = [_marked(row, named, core, is_account=row.target_column in above) for row in rows]
    lowest = "the lowest level named in the file" if named else "the file names no campaign, ad set or ad"
    marked.append(_absent("level", "text", "constant", level.name, lowest, core))
    breakdowns = sorted({*level.breakdowns, *([_HOUR] if is_hourly else [])})
    if breakdowns:
        reason = "the breakdowns of each row in the file"
        marked.append(_absent("breakdowns", "text", "constant", ", ".join(breakdowns), reason, core))
    return marked


def _marked(
    row: MappedColumn, named: Sequence[str], core: Mapping[str, CoreColumn], *, is_account: bool
) -> MappedColumn:
    """A column of the file, required or not, and with what tells the rows of an export by account apart."""
    if row.decided_by == "loader" and row.target_column in core and row.ordinal is not None:
        return replace(row, is_required=_is_required(core[row.target_column], named))
    return replace(row, in_grain=True) if is_account and row.ordinal is not None else row


def _is_required(column: CoreColumn, named: Sequence[str]) -> bool:
    """Whether a row of a file that has a core column is incomplete without it."""
    if column.required == "level":
        return column.name.rpartition("_")[0] in named
    return column.required in ("always", "figure")


def _present(
    position: int,
    name: str,
    target: Target,
    profile: ColumnProfile,
    core: Mapping[str, CoreColumn],
    *,
    fills_down: bool,
) -> MappedColumn:
    standard = core.get(target.column) if target.rule == "core" else None
    column_format = profile.format
    unclear = tuple(_unclear(profile))
    is_key = (
        standard.in_key
        if standard
        else is_text_like(column_format.column_type)
        if target.decision
        else (target.role == "breakdown" or (target.role is None and is_text_like(column_format.column_type)))
    )
    decision = target.decision
    return MappedColumn(
        ordinal=position,
        column_name=name,
        column_type=column_format.column_type,
        value_format=_value_format(profile, target, fills_down=fills_down),
        is_required=decision.is_required if decision else False,
        default_value=decision.default_value if decision else None,
        mapping_rule=target.rule,
        target_column=target.column,
        is_key=is_key,
        in_grain=standard.in_key if standard else target.role == "breakdown",
        filled_cells=profile.filled,
        control_sum=profile.control_sum,
        reason=_reason(profile, target, unclear, fills_down=fills_down),
        decided_by="person" if decision else "loader",
        unclear=unclear,
        is_unknown=target.is_unknown,
    )


def _unclear(profile: ColumnProfile) -> Iterator[str]:
    """What the cells of a column leave open, each in words."""
    column_format, lost = profile.format, profile.filled - profile.parsed
    if lost and column_format.column_type == "id":
        yield f"{lost} of {profile.filled} ids were damaged by a spreadsheet and have lost digits"
    elif lost:
        yield f"{lost} of {profile.filled} cells are not of type {column_format.column_type}"
    if profile.why and profile.is_unsure_of_history:
        yield f"read {profile.why}"
    if profile.ambiguous_with:
        yield f"could be {profile.ambiguous_with} as well as {column_format.value_format}"


def _reason(profile: ColumnProfile, target: Target, unclear: Sequence[str], *, fills_down: bool) -> str:
    """Why a column is read as it is, then what is unclear about it."""
    sure = [target.reason]
    if profile.format.value_format == MICROS:
        sure.append("in millionths")
    if profile.why and not profile.is_unsure_of_history:
        sure.append(profile.why)
    if fills_down:
        sure.append("blank cells repeat the one above")
    return "; ".join([", ".join(sure), *unclear])


def _value_format(profile: ColumnProfile, target: Target, *, fills_down: bool) -> str | None:
    """The format of the cells, with the span that the header of a date names, and whether blank ones are filled."""
    found = ValueFormat.of(profile.format.value_format)
    if target.span and profile.format.column_type == "date" and not found.span:
        found = found._replace(span=target.span)
    if found.form == "clean" and target.column not in NAME_COLUMNS:
        found = found._replace(form="")  # an ad's text keeps its line breaks
    return str(found._replace(fills_down=fills_down)) or None


def _ignored_currency(row: MappedColumn) -> MappedColumn:
    if row.target_column != "currency":
        return row
    return replace(row, mapping_rule="ignore", reason="the user gave another currency")


def _with_currency_format(row: MappedColumn, currencies: Currencies) -> MappedColumn:
    """The row, with a format that reads currencies as codes where it names them otherwise, or beside its amounts."""
    found = ValueFormat.of(row.value_format)
    if currencies.are_coded and row.target_column == "currency" and row.column_type == "text":
        return replace(row, value_format=str(found._replace(form="code")))
    if currencies.are_in_cells and row.target_column == "amount_spent" and row.mapping_rule == "core":
        reason = f"{row.reason}, its cells name the currency of each row"
        return replace(row, value_format=str(found._replace(span="currency")), reason=reason)
    return row


def _constants(
    columns: Sequence[str],
    targets: Mapping[str, Target],
    core: Mapping[str, CoreColumn],
    filled: set[str],
    currencies: Currencies,
) -> list[MappedColumn]:
    """What one header or the cells say of all rows: the currency of 'Amount spent (USD)', the kind of 'Purchases'."""
    constants = []
    if "currency" not in filled and currencies.code:
        constants.append(_absent("currency", "text", "constant", currencies.code, currencies.reason, core))
    for name in columns:
        kind = targets[name].conversion_type
        if kind and targets[name].column == "conversions" and "conversion_type" not in filled:
            constants.append(_absent("conversion_type", "text", "constant", kind, f"from the header '{name}'", core))
    return constants


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
    there = [row for row in earlier if row.ordinal is not None]
    latest = {row.target_column: row for row in there if row.mapping_rule not in ("ignore", "add")}
    by_target = {rule.target_column: rule for rule in rules.values()}
    found = []
    for target, row in latest.items():
        if target not in filled:
            rule = by_target.get(target) or rules.get(normalised_header(row.column_name))
            found.append(_gone(row, rule, is_required=_is_lost(core.get(target), rows)))
    names = {row.column_name: row for row in rows}
    for row in there:
        of_same = latest.get(row.target_column)
        if row.mapping_rule == "add" and row.column_name not in names and of_same and of_same.column_name in names:
            alone = replace(row, target_column=snake_case(row.column_name))
            found.append(_gone(alone, rules.get(normalised_header(row.column_name)), is_required=False))
    has_figure = any(column.required == "figure" and name in filled for name, column in core.items())
    for name, column in core.items():
        is_wanted = column.required == "always" or (column.required == "figure" and not has_figure)
        if is_wanted and name not in filled and name not in latest:
            found.append(_never_there(column, by_target.get(name) or rules.get(normalised_header(name)), core))
    return found


def is_missed(row: MappedColumn) -> bool:
    """Whether people should know that a column is missing; names below the file's level are not missed."""
    return row.mapping_rule == "missing" and (row.is_required or row.target_column not in NAME_COLUMNS)


def _is_lost(column: CoreColumn | None, rows: Sequence[MappedColumn]) -> bool:
    """Whether a column of earlier waves is one that no row is complete without, and not only of a finer level."""
    if column is None or not column.required:
        return False
    if column.required != "level":
        return True
    of_level = column.name.rpartition("_")[0]
    if has_names_of(rows, of_level):
        return False
    lowest = level_of(rows).name
    return of_level == "campaign" or LEVELS.index(of_level) > (LEVELS.index(lowest) if lowest in LEVELS else 1)


def _gone(row: MappedColumn, rule: ColumnRule | None, *, is_required: bool) -> MappedColumn:
    """A column of an earlier wave that this file lacks."""
    return replace(
        row,
        ordinal=None,
        mapping_rule="retired" if rule and rule.mapping_rule == "retired" else "missing",
        value_format=None,
        is_required=rule.is_required if rule else is_required,
        default_value=rule.default_value if rule else None,
        filled_cells=None,
        control_sum=None,
        reason="decided by a person" if rule else "in an earlier wave, not in this file",
        decided_by="person" if rule else "loader",
    )


def _never_there(column: CoreColumn, rule: ColumnRule | None, core: Mapping[str, CoreColumn]) -> MappedColumn:
    """A required column that neither this file nor an earlier wave has."""
    reason = "neither this nor any other figure is in this file" if column.required == "figure" else ""
    absent = _absent(column.name, column.type, "missing", None, reason or "required, but not in this file", core)
    if rule is None or rule.mapping_rule not in ("missing", "retired", "constant"):
        return replace(absent, is_required=True)
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
        is_required=False,
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
