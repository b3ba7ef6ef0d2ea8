"""What a load would do, as a card: warnings, the rows as they will be built, and each column with its reason."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.messages import plain
from app.components.scores import judged, show_parts
from app.components.tables import AMOUNTS, as_they_are, show_table
from app.components.words import days, listed, money, score
from loader.waves.loading import LoadResult
from loader.waves.plan import LoadPlan
from loader.waves.preview import Preview
from loader.words import counted

_SHOWN_NOTES = 12


def headline(plan: LoadPlan, of_cells: str | None = None) -> str:
    """A one-line summary of the rows; `of_cells` is the currency that a column of the file names."""
    if plan.is_naming_keys:
        return f"{counted(plan.row_count, 'naming key')}"
    spent, currency = spend_of(plan, of_cells)
    spend = "no spend" if spent is None else f"spend {money(spent, currency)}"
    return f"{counted(plan.row_count, 'row')} by {plan.level} · {days(*(plan.days or (None, None)))} · {spend}"


def spend_of(plan: LoadPlan, of_cells: str | None = None) -> tuple[float | None, str | None]:
    """The spend of a plan's rows, and its currency where all have one.

    Args:
        plan: of the file.
        of_cells: the one currency that the cells of its currency column name.

    """
    spent = next((row.control_sum for row in plan.columns if row.target_column == "amount_spent" and row.ordinal), None)
    found = next((row for row in plan.columns if row.target_column == "currency"), None)
    currency = None if found is None else found.default_value or (of_cells if found.ordinal is not None else None)
    return None if spent is None else float(spent), currency


def show_plan(result: LoadResult, staged_as: str, warn_below: float, fail_below: float) -> None:
    """The card of a file that can be loaded; its open questions are asked elsewhere."""
    plan = result.plan
    if plan is None:
        st.info(plain(result.message), icon=":material/check:")
        return
    _show_notes(result.warnings)
    if result.preview is not None:
        _show_score(result.preview, plan, warn_below, fail_below)
    _show_changes(plan)
    rows, columns, written = st.tabs(["Preview", "Columns", "File format"])
    with rows:
        _show_rows(result.preview)
    with columns:
        _show_columns(plan)
    with written:
        _show_dialect(plan, staged_as)


def _show_notes(notes: Sequence[str]) -> None:
    for note in notes[:_SHOWN_NOTES]:
        st.warning(plain(note[:1].upper() + note[1:]), icon=":material/visibility:")
    if len(notes) > _SHOWN_NOTES:
        st.caption(f"and {len(notes) - _SHOWN_NOTES} more, listed in the result")


def _show_score(preview: Preview, plan: LoadPlan, warn_below: float, fail_below: float) -> None:
    value = float(preview.score)
    of = "" if preview.judged_rows >= plan.row_count else f", from the first {preview.judged_rows:,} rows"
    with st.expander(f"Expected score {score(value)}: {judged(value, warn_below, fail_below)}{of}"):
        show_parts({part: float(share) for part, share in preview.parts.items()}, plan.missing_columns)


def _show_changes(plan: LoadPlan) -> None:
    parts = []
    if plan.new_columns:
        parts.append(f"**New columns:** {plain(listed(plan.new_columns))}")
    if plan.missing_columns:
        parts.append(f"**Missing columns:** {plain(listed(plan.missing_columns))}")
    for check in plan.total_checks:
        verdict = "agrees with its rows" if check.agrees else f"but its rows add up to {check.computed.normalize():f}"
        parts.append(f"**Totals row:** {check.given.normalize():f} for '{plain(check.column)}', {verdict}")
    for part in parts:
        st.markdown(part)


def _show_rows(preview: Preview | None) -> None:
    if preview is None:
        st.caption("Available once the client is onboarded.")
        return
    show_typed_rows(preview, "The first rows as the build will produce them")
    st.caption(f"The first {counted(len(preview.rows), 'row')}. All other rows are loaded as well.")


def show_typed_rows(preview: Preview, alt: str, most: int = 50) -> None:
    """The rows of a preview, amounts to the cent."""
    found = pd.DataFrame(preview.rows[:most], columns=["row", *preview.columns])
    if any(preview.issues[:most]):
        found.insert(1, "issues", preview.issues[:most])
    show_table(found, as_they_are(found, **AMOUNTS), alt)


def _show_columns(plan: LoadPlan) -> None:
    rows = [
        {
            "column": row.column_name,
            "becomes": row.target_column,
            "rule": row.mapping_rule,
            "type": row.column_type + (f" ({row.value_format})" if row.value_format else ""),
            "default": row.default_value or "",
            "why": row.reason,
        }
        for row in plan.columns
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=320, alt="Each column, its mapping, and why")


def _show_dialect(plan: LoadPlan, staged_as: str) -> None:
    dialect = plan.dialect
    written = f"encoding {dialect.encoding}, cells separated by {dialect.delimiter_name}"
    written = "a sheet of a workbook" if plan.is_workbook else written
    header = f"line {dialect.header_line}" if dialect.header_line else "none"
    excluded = ", ".join(f"{count} {kind}" for kind, count in plan.other_rows.items()) or "none"
    given = ", ".join(f"{name} {value}" for name, value in plan.options.given().items()) or "nothing"
    st.markdown(
        f"- {plain(written)}\n"
        f"- header: {header}, {len(dialect.columns)} columns\n"
        f"- excluded rows: {plain(excluded)}\n"
        f"- your choices: {plain(given)}\n"
        f"- name in the stage: {plain(staged_as)}"
    )
