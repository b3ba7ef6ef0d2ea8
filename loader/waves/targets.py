"""What each header of a file fills, before its cells are examined, and which columns are in millionths."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from loader.errors import Answer, FileRefusedError
from loader.files.headers import CURRENCIES, SMALL_CURRENCIES, KnownHeader, PlatformColumns, split_currency
from loader.files.options import ReadingOptions
from loader.files.profiling import Profiler
from loader.files.table import IS_DATA, TABLE, ColumnProfile
from loader.names import normalised_header, quote_identifier, snake_case
from loader.waves.columns import ColumnRule, CoreColumn

PERIOD = "period"
# core columns that describe the export as a whole; a header of that name is something else
_OF_THE_EXPORT = {"level", "breakdowns"}


@dataclass(frozen=True)
class Target:
    """What a header is taken for, before its cells are examined.

    Args:
        column: the target column.
        rule: 'core' or 'additional', or what a person decided in an earlier wave.
        role: the header's role in platform_columns.csv, or none for an unknown header.
        wanted_type: the type that the column must have; none where the cells decide.
        reason: why, for the plan.
        decision: the person's decision that holds for the wave.
        span: 'week', 'month', 'quarter' or 'year' where a date under the header is the first day of one; else ''.
        conversion_type: the kind of result that the column counts, where its header says so; else ''.
        unit: as in `KnownHeader`.
        is_unknown: no platform that counts here has the header.

    """

    column: str
    rule: str
    role: str | None
    wanted_type: str | None
    reason: str
    decision: ColumnRule | None = None
    span: str = ""
    conversion_type: str = ""
    unit: str = ""
    is_unknown: bool = False


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
    used = taken | {entry.standard_column for entry in winners.values()} | _OF_THE_EXPORT
    for name in columns:
        decision = decisions.get(name)
        entry = winners.get(name)
        if decision:
            targets[name] = _decided(name, decision, lookups[name])
        elif entry:
            standard = core.get(entry.standard_column)
            mapping_rule = "core" if standard else "additional"
            targets[name] = Target(
                entry.standard_column, mapping_rule, entry.role, _wanted(name, entry, standard),
                f"known header of {platform if platform in known.platforms() else 'other platforms'}",
                span=entry.span, conversion_type=entry.conversion_type, unit=entry.unit,
            )  # fmt: skip
        elif whole := _completes(lookups[name], winners):
            target = lookups[name][0].standard_column
            targets[name] = Target(target, "add", "rest", core[target].type, f"added to '{whole}'")
        else:
            targets[name] = _own_key(name, lookups[name], used, platform)
            used.add(targets[name].column)
    return _with_suggestions(targets, lookups, platform, known)


def _with_suggestions(
    targets: dict[str, Target], lookups: Mapping[str, Sequence[KnownHeader]], platform: str, known: PlatformColumns
) -> dict[str, Target]:
    """The targets; the reason of an unknown header names the known one that it resembles."""
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
            if entry.standard_column not in taken and entry.role != "rest"
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


def _decided(name: str, decision: ColumnRule, known: Sequence[KnownHeader]) -> Target:
    """What a person decided that a header fills."""
    mapping_rule = "additional" if decision.mapping_rule == "retired" else decision.mapping_rule
    wanted = decision.column_type or (_wanted(name, known[0], None) if known else _wanted_of_unknown(name))
    role = known[0].role if known else None
    return Target(decision.target_column, mapping_rule, role, wanted, "decided by a person", decision)


def _completes(entries: Sequence[KnownHeader], winners: Mapping[str, KnownHeader]) -> str | None:
    """The header of a metric that lacks what this header counts, as paid impressions lack the earned ones."""
    wanted = {entry.standard_column for entry in entries if entry.role == "rest"}
    return next((it for it, won in winners.items() if won.role == "part" and won.standard_column in wanted), None)


def _wanted(name: str, entry: KnownHeader, standard: CoreColumn | None) -> str | None:
    if standard:
        return standard.type
    if entry.standard_column.endswith("_id") or normalised_header(name).split()[-1:] == ["id"]:
        return "id"
    if entry.unit == "micros":
        return "decimal"
    return "text" if entry.role in ("breakdown", "account", "attribute", PERIOD) else None


def _own_key(name: str, known: Sequence[KnownHeader], used: set[str], platform: str) -> Target:
    """A header that fills no standard column keeps a key of its own in additional_metrics."""
    key = free_key(name, used)
    role = known[0].role if known else None
    reason = f"another column already fills {known[0].standard_column}" if known else f"unknown header of {platform}"
    return Target(key, "additional", role, _wanted_of_unknown(name), reason, is_unknown=not known)


def free_key(name: str, used: Collection[str]) -> str:
    """The key of a header in additional_metrics, with a number behind it where another column has it."""
    base = key = snake_case(split_currency(name)[0])
    copy = 2
    while key in used:
        key = f"{base}_{copy}"
        copy += 1
    return key


def _wanted_of_unknown(name: str) -> str | None:
    return "id" if normalised_header(name).split()[-1:] == ["id"] else None


MICROS = "micros"
# millionths of less than a cent are no figure that an API reports
_LEAST_MICROS = 10_000


def formats_of_units(targets: Mapping[str, Target], options: ReadingOptions) -> dict[str, str]:
    """The columns in millionths, with the value_format that says so: by their header, or as given by the user."""
    if options.money == "units":
        return {}
    is_given = options.money == MICROS
    return {
        name: MICROS
        for name, target in targets.items()
        if target.decision is None
        and (target.unit == MICROS or (is_given and (target.unit == "unsure" or target.column == "amount_spent")))
    }


# what no click, and no thousand impressions, cost: in a currency of which a dollar buys less than 100, in others of
# CURRENCIES, and in one that is not known
_TOO_DEAR = {"usual": (1_000, 20_000), "small": (2_000_000, 20_000_000), "unknown": (20_000, 1_000_000)}


def _costs_too_much(
    name: str,
    profiler: Profiler,
    targets: Mapping[str, Target],
    profiles: Mapping[str, ColumnProfile],
) -> bool:
    """Whether a column of spend is so large beside clicks or impressions that it is hardly in units of its currency."""
    sums = {
        target.column: profiles[other].control_sum or Decimal(0)
        for other, target in targets.items()
        if target.rule == "core" and target.column in ("clicks", "impressions")
    }
    currency = split_currency(name)[1]
    for other, target in targets.items():
        if target.column == "currency":
            code = profiler.project.local_macros.call("currency_code", f"trim({quote_identifier(other)})")
            found = profiler.connection.execute(f"select any_value({code}) from {TABLE} where {IS_DATA}").fetchall()
            currency = found[0][0] or currency
    kind = "small" if currency in SMALL_CURRENCIES else "usual" if currency in CURRENCIES else "unknown"
    spend = profiles[name].control_sum or Decimal(0)
    a_click, a_thousand = _TOO_DEAR[kind]
    clicks, impressions = sums.get("clicks", Decimal(0)), sums.get("impressions", Decimal(0))
    return (clicks > 0 and spend >= a_click * clicks) or (impressions > 0 and 1000 * spend >= a_thousand * impressions)


def find_millionths(
    file: Path,
    profiler: Profiler,
    targets: Mapping[str, Target],
    profiles: Mapping[str, ColumnProfile],
    options: ReadingOptions,
) -> list[str]:
    """The columns of money in millionths of which only other headers of the file tell that they are.

    A fraction proves units, and so does a column that has nothing of 10,000 and more. Under a header that platforms
    write in units, whole numbers are asked about where a click or a thousand impressions would cost what none does;
    beside headers that only an API has, such numbers are in millionths.

    Args:
        file: for messages.
        profiler: has profiled the file.
        targets: from `choose_targets()`.
        profiles: of its columns.
        options: given by the user.

    Raises:
        FileRefusedError: it is not clear which.

    """
    found = []
    is_of_api = any(target.unit == "api" for target in targets.values())
    for name, target in targets.items():
        if target.unit == MICROS or target.column != "amount_spent" or target.decision or options.money:
            continue
        is_too_much = _costs_too_much(name, profiler, targets, profiles)
        if target.unit != "unsure" and not is_too_much:
            continue
        if profiles[name].format.value_format != "plain" or not profiles[name].parsed:
            continue
        cell = f"try_cast(trim({quote_identifier(name)}) as decimal(38, 6))"
        largest, is_whole = profiler.connection.execute(
            f"select max({cell}), bool_and({cell} = trunc({cell})) from {TABLE} where {IS_DATA}"
        ).fetchall()[0]
        if is_whole and largest >= _LEAST_MICROS and is_of_api and is_too_much:
            found.append(name)
        elif is_whole and largest >= _LEAST_MICROS:
            _refuse_units(file, name, Decimal(largest))
    return found


def _refuse_units(file: Path, name: str, largest: Decimal) -> NoReturn:
    units, millionths = f"{largest:,.2f}", f"{largest / 1_000_000:,.2f}"
    raise FileRefusedError(
        "units-unsure",
        f"{file}: '{name}' may be in millionths, as APIs write amounts: its largest cell is {units} as written, or "
        f"{millionths} if in millionths.",
        "Compare with the platform, then use --money units or --money micros.",
        [
            Answer("money", "units", f"as written: the largest cell of '{name}' is {units}"),
            Answer("money", "micros", f"in millionths: the largest is {millionths}"),
        ],
    )
