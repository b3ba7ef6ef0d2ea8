"""The warnings of a load, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from loader.files.table import ValueFormat
from loader.waves.mapping import is_missed
from loader.waves.plan import LoadPlan

_MOST_NAMED = 12


def warnings_of(plan: LoadPlan) -> list[str]:
    """The warnings of a plan, one sentence each."""
    if plan.is_naming_keys:
        return []
    return [
        *_unclear_columns(plan),
        *(load.sentence(plan.policy) for load in plan.restated),
        *(rows.sentence(plan.overlap) for rows in plan.overlapping if plan.overlap == "both" or not rows.is_asked),
        *_damage(plan),
        *_names_given_once(plan),
        *_missing_columns(plan),
    ]


def unknown_ad_sets(rows_by_name: Mapping[str, int]) -> list[str]:
    """One sentence on the ad sets that are not in the naming keys; none when all are."""
    if not rows_by_name:
        return []
    names = ", ".join(f"'{name}'" for name in list(rows_by_name)[:3])
    more = f" and {len(rows_by_name) - 3} more" if len(rows_by_name) > 3 else ""
    return [f"{sum(rows_by_name.values())} rows have an ad set that is not in the naming keys: {names}{more}"]


def _unclear_columns(plan: LoadPlan) -> Iterator[str]:
    unclear = [row for row in plan.columns if row.unclear]
    for row in unclear[:_MOST_NAMED]:
        yield f"column '{row.column_name}': {'; '.join(row.unclear)}"
    if len(unclear) > _MOST_NAMED:
        yield f"{len(unclear) - _MOST_NAMED} more columns are unclear; --dry-run names them"


def _damage(plan: LoadPlan) -> Iterator[str]:
    yield from plan.dialect.notes
    if plan.dialect.nul_bytes:
        yield "the file has NUL bytes, which no table can hold; they were removed"


def _names_given_once(plan: LoadPlan) -> Iterator[str]:
    given_once = [
        row.column_name for row in plan.columns if row.ordinal and ValueFormat.of(row.value_format).fills_down
    ]
    if given_once:
        names = ", ".join(f"'{name}'" for name in given_once)
        yield f"blank cells of {names} repeat the cell above, as in a pivot table; subtotals are excluded"


def _missing_columns(plan: LoadPlan) -> Iterator[str]:
    missing = [row for row in plan.columns if is_missed(row) and row.default_value is None]
    reasons: dict[str, list[str]] = {}
    for row in missing:
        reasons.setdefault(row.reason, []).append(f"'{row.target_column}'")
    for reason, names in reasons.items():
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        columns = "column is" if len(names) == 1 else "columns are"
        yield f"{len(names)} {columns} missing ({reason}): {', '.join(names[:_MOST_NAMED])}{more}"
