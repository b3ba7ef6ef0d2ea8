"""What each column of a wave is: the loader's proposal, kept in wave_schema_mapping, and people's corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from decimal import Decimal

from loader.headers import KnownHeader, PlatformColumns, split_currency
from loader.names import normalised_header, snake_case
from loader.profiling import ColumnProfile
from loader.project import Project

RULES = ("core", "additional", "promote", "ignore", "missing", "retired", "constant")
NAME_COLUMNS = ("campaign_id", "campaign_name", "ad_set_id", "ad_set_name", "ad_id", "ad_name")


@dataclass(frozen=True)
class MappedColumn:
    """One row of wave_schema_mapping, without its load and wave; docs/data_contract.md describes each field."""

    ordinal: int | None
    column_name: str
    column_type: str
    value_format: str | None
    is_required: bool
    default_value: str | None
    mapping_rule: str
    target_column: str
    is_key: bool
    in_grain: bool
    filled_cells: int | None
    control_sum: Decimal | None
    reason: str
    decided_by: str


FIELDS = tuple(field.name for field in fields(MappedColumn))


@dataclass(frozen=True)
class ColumnRule:
    """What a person decided about a header, one row of column_rules: it holds from one wave on, until the next rule.

    Rules are kept apart from the mappings of loads: they outlast a rollback, and hold in whatever order waves are
    loaded.

    Args:
        column_type: the type in every wave; none where the cells of each file decide.

    """

    column_name: str
    from_wave: int
    mapping_rule: str
    target_column: str
    column_type: str | None
    value_format: str | None
    is_required: bool
    default_value: str | None


RULE_FIELDS = tuple(field.name for field in fields(ColumnRule))


def rules_for_wave(rules: Sequence[ColumnRule], wave: int) -> dict[str, ColumnRule]:
    """The rule of each header, case and punctuation apart, that holds for a wave."""
    holding = sorted((rule for rule in rules if rule.from_wave <= wave), key=lambda rule: rule.from_wave)
    return {normalised_header(rule.column_name): rule for rule in holding}


@dataclass(frozen=True)
class CoreColumn:
    """A typed column of processed_campaign_data, from the macro core_columns()."""

    name: str
    type: str
    required: bool
    in_key: bool


@dataclass(frozen=True)
class Target:
    """What a header is taken for, before its cells are looked at.

    Args:
        column: the target column.
        rule: 'core' or 'additional', or what a person decided in an earlier wave.
        role: the header's role in platform_columns.csv, or none for an unknown header.
        wanted_type: the type that the column must have; none where the cells decide.
        reason: why, for the plan.
        decision: the person's decision that holds for the wave.

    """

    column: str
    rule: str
    role: str | None
    wanted_type: str | None
    reason: str
    decision: ColumnRule | None = None


def core_columns(project: Project) -> dict[str, CoreColumn]:
    """The core columns of the project by name, in table order."""
    return {row["name"]: CoreColumn(**row) for row in project.macros.call("core_columns")}


def choose_targets(
    columns: Sequence[str],
    platform: str,
    known: PlatformColumns,
    core: Mapping[str, CoreColumn],
    rules: Mapping[str, ColumnRule],
) -> dict[str, Target]:
    """Decide what each header of a file fills; every target column once.

    Args:
        columns: the file's columns, in order.
        platform: the client's platform.
        known: platform_columns.csv.
        core: the core columns.
        rules: from `rules_for_wave()`.

    """
    decisions = {
        name: rule
        for name in columns
        if (rule := rules.get(normalised_header(name))) and rule.mapping_rule not in ("missing", "constant")
    }
    lookups = {name: known.lookup(platform, name) for name in columns}
    taken = {rule.target_column for rule in decisions.values()}
    winners = _winners({name: found for name, found in lookups.items() if name not in decisions}, core, taken)
    targets: dict[str, Target] = {}
    used = taken | {entry.standard_column for entry in winners.values()}
    for name in columns:
        decision = decisions.get(name)
        entry = winners.get(name)
        if decision:
            kept = "additional" if decision.mapping_rule == "retired" else decision.mapping_rule
            reason = "decided by a person"
            found = lookups[name][0] if lookups[name] else None
            wanted = decision.column_type or (_wanted(name, found, None) if found else _wanted_of_unknown(name))
            role = found.role if found else None
            targets[name] = Target(decision.target_column, kept, role, wanted, reason, decision)
        elif entry:
            standard = core.get(entry.standard_column)
            kept = "core" if standard else "additional"
            targets[name] = Target(
                entry.standard_column, kept, entry.role, _wanted(name, entry, standard), f"known header of {platform}"
            )
        else:
            targets[name] = _own_key(name, lookups[name], used, platform)
            used.add(targets[name].column)
    return _with_suggestions(targets, lookups, platform, known)


def _with_suggestions(
    targets: dict[str, Target], lookups: Mapping[str, Sequence[KnownHeader]], platform: str, known: PlatformColumns
) -> dict[str, Target]:
    """The targets; the reason of an unknown header names the known one that it is like."""
    filled = {target.column for name, target in targets.items() if lookups[name] or target.decision}
    for name, target in targets.items():
        if not lookups[name] and target.decision is None:
            suggestion = known.suggest(platform, name, filled)
            if suggestion:
                targets[name] = replace(target, reason=f"{target.reason}, {suggestion}")
    return targets


def _winners(
    lookups: Mapping[str, Sequence[KnownHeader]], core: Mapping[str, CoreColumn], taken: set[str]
) -> dict[str, KnownHeader]:
    """The standard column that each header fills: the header of lowest priority wins it, and wins only one."""
    offers = sorted(
        (
            (entry.standard_column not in core, entry.priority, position, name, entry)
            for position, (name, entries) in enumerate(lookups.items())
            for entry in entries
            if entry.standard_column not in taken
        ),
        key=lambda offer: offer[:3],
    )
    winners: dict[str, KnownHeader] = {}
    placed: set[str] = set()
    for _, _, _, name, entry in offers:
        if name not in winners and entry.standard_column not in placed:
            winners[name] = entry
            placed.add(entry.standard_column)
    return winners


def _wanted(name: str, entry: KnownHeader, standard: CoreColumn | None) -> str | None:
    if standard:
        return standard.type
    if entry.standard_column.endswith("_id") or normalised_header(name).split()[-1:] == ["id"]:
        return "id"
    return "text" if entry.role in ("breakdown", "attribute") else None


def _own_key(name: str, known: Sequence[KnownHeader], used: set[str], platform: str) -> Target:
    """A header that fills no standard column keeps a key of its own in additional_metrics."""
    base = snake_case(split_currency(name)[0])
    key = base
    copy = 2
    while key in used:
        key = f"{base}_{copy}"
        copy += 1
    role = known[0].role if known else None
    reason = f"another column fills {known[0].standard_column} already" if known else f"unknown header of {platform}"
    return Target(key, "additional", role, _wanted_of_unknown(name), reason)


def _wanted_of_unknown(name: str) -> str | None:
    return "id" if normalised_header(name).split()[-1:] == ["id"] else None


def propose(
    columns: Sequence[str],
    targets: Mapping[str, Target],
    profiles: Mapping[str, ColumnProfile],
    core: Mapping[str, CoreColumn],
    earlier: Sequence[MappedColumn],
    rules: Mapping[str, ColumnRule],
    cell_currency: str | None = None,
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

    """
    rows = [_present(position, name, targets[name], profiles[name], core) for position, name in enumerate(columns, 1)]
    filled = {row.target_column for row in rows}
    rows += _constants(columns, targets, core, filled, cell_currency)
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
        value_format=reading.value_format,
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


def is_text_like(column_type: str) -> bool:
    """Whether values of a type tell rows apart rather than measure something."""
    return column_type in ("text", "id", "date")


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
        if target in filled:
            continue
        rule = by_target.get(target) or rules.get(normalised_header(row.column_name))
        found.append(
            replace(
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
        )
    for name, column in core.items():
        if column.required and name not in filled and name not in latest:
            rule = by_target.get(name) or rules.get(normalised_header(name))
            absent = _absent(name, column.type, "missing", None, "required, but not in this file", core)
            if rule and rule.mapping_rule in ("missing", "retired", "constant"):
                absent = replace(
                    absent,
                    mapping_rule=rule.mapping_rule,
                    default_value=rule.default_value,
                    is_required=rule.is_required,
                    reason="decided by a person",
                    decided_by="person",
                )
            found.append(absent)
    return found


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


def as_row(column: MappedColumn) -> tuple[object, ...]:
    """The values in the order of FIELDS."""
    return astuple(column)
