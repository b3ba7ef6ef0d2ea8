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
    filled_cells: int | None
    control_sum: Decimal | None
    reason: str
    decided_by: str


FIELDS = tuple(field.name for field in fields(MappedColumn))


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
        decision: the person's decision in an earlier wave that is taken over.

    """

    column: str
    rule: str
    role: str | None
    wanted_type: str | None
    reason: str
    decision: MappedColumn | None = None


def core_columns(project: Project) -> dict[str, CoreColumn]:
    """The core columns of the project by name, in table order."""
    return {row["name"]: CoreColumn(**row) for row in project.macros.call("core_columns")}


def choose_targets(
    columns: Sequence[str],
    platform: str,
    known: PlatformColumns,
    core: Mapping[str, CoreColumn],
    earlier: Sequence[MappedColumn],
) -> dict[str, Target]:
    """Decide what each header of a file fills; every target column once.

    Args:
        columns: the file's columns, in order.
        platform: the client's platform.
        known: platform_columns.csv.
        core: the core columns.
        earlier: mappings of earlier waves, the latest last; people's decisions in them hold for the same header.

    """
    decisions = {normalised_header(row.column_name): row for row in earlier if row.decided_by == "person"}
    lookups = {name: known.lookup(platform, name) for name in columns}
    taken = {decisions[normalised_header(n)].target_column for n in columns if normalised_header(n) in decisions}
    winners = _winners(lookups, core, taken)
    targets: dict[str, Target] = {}
    used = taken | {entry.standard_column for entry in winners.values()}
    for name in columns:
        decision = decisions.get(normalised_header(name))
        entry = winners.get(name)
        if decision and decision.mapping_rule not in ("missing", "constant"):
            rule = "additional" if decision.mapping_rule == "retired" else decision.mapping_rule
            targets[name] = Target(
                decision.target_column,
                rule,
                None,
                decision.column_type,
                "decided by a person in an earlier wave",
                decision,
            )
        elif entry:
            standard = core.get(entry.standard_column)
            rule = "core" if standard else "additional"
            targets[name] = Target(
                entry.standard_column, rule, entry.role, _wanted(name, entry, standard), f"known header of {platform}"
            )
        else:
            targets[name] = _own_key(name, lookups[name], used, platform)
            used.add(targets[name].column)
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
    wanted = "id" if normalised_header(name).split()[-1:] == ["id"] else None
    return Target(key, "additional", role, wanted, reason)


def propose(
    columns: Sequence[str],
    targets: Mapping[str, Target],
    profiles: Mapping[str, ColumnProfile],
    core: Mapping[str, CoreColumn],
    earlier: Sequence[MappedColumn],
) -> list[MappedColumn]:
    """Propose the mapping of a file: its columns, then what it has no column for.

    Args:
        columns: the file's columns, in order.
        targets: from `choose_targets`.
        profiles: from the profiler.
        core: the core columns.
        earlier: mappings of earlier waves, the latest last.

    """
    rows = [_present(position, name, targets[name], profiles[name], core) for position, name in enumerate(columns, 1)]
    filled = {row.target_column for row in rows}
    rows += _constants(columns, targets, core, filled)
    filled |= {row.target_column for row in rows}
    return rows + _missing(filled, core, earlier)


def _present(
    position: int, name: str, target: Target, profile: ColumnProfile, core: Mapping[str, CoreColumn]
) -> MappedColumn:
    standard = core.get(target.column) if target.rule == "core" else None
    reading = profile.reading
    reason = target.reason
    if profile.parsed < profile.filled:
        reason += f"; {profile.filled - profile.parsed} of {profile.filled} cells are not of type {reading.column_type}"
    if profile.ambiguous_with:
        reason += f"; could be {profile.ambiguous_with} as well as {reading.value_format}"
    is_key = (
        standard.in_key
        if standard
        else (target.role == "breakdown" or (target.role is None and reading.column_type in ("text", "id", "date")))
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
        filled_cells=profile.filled,
        control_sum=profile.control_sum,
        reason=reason,
        decided_by="person" if decision else "loader",
    )


def _constants(
    columns: Sequence[str], targets: Mapping[str, Target], core: Mapping[str, CoreColumn], filled: set[str]
) -> list[MappedColumn]:
    """The currency that a header names, as in 'Amount spent (USD)', when no column gives it."""
    if "currency" in filled or "currency" not in core:
        return []
    for name in columns:
        currency = split_currency(name)[1]
        if currency and targets[name].column == "amount_spent":
            return [_absent("currency", "text", "constant", currency, f"from the header '{name}'", core)]
    return []


def _missing(filled: set[str], core: Mapping[str, CoreColumn], earlier: Sequence[MappedColumn]) -> list[MappedColumn]:
    """A row for each column that is required or was in an earlier wave, and is not in this file."""
    latest: dict[str, MappedColumn] = {}
    for row in earlier:
        if row.mapping_rule not in ("ignore", "constant"):
            known = latest.get(row.target_column)
            # a default that a person gave holds on when the column is missing again
            latest[row.target_column] = (
                row if row.decided_by == "person" or not known else replace(row, default_value=known.default_value)
            )
    rows = [
        replace(
            row,
            ordinal=None,
            mapping_rule="missing",
            filled_cells=None,
            control_sum=None,
            reason="in an earlier wave, not in this file",
        )
        for target, row in latest.items()
        if target not in filled and row.mapping_rule != "retired"
    ]
    rows += [
        _absent(name, column.type, "missing", None, "required, but not in this file", core)
        for name, column in core.items()
        if column.required and name not in filled and name not in latest
    ]
    return rows


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
        filled_cells=None,
        control_sum=None,
        reason=reason,
        decided_by="loader",
    )


def as_row(column: MappedColumn) -> tuple[object, ...]:
    """The values in the order of FIELDS."""
    return astuple(column)
