"""Tables of figures; a click on a row drills down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

_MOST_ROWS, _HEIGHT = 14, 440
# core columns that are money, to the cent
AMOUNTS = {
    name: st.column_config.NumberColumn(name, format="accounting") for name in ("amount_spent", "conversion_value")
}

# the columns of files, in their order
FILE_COLUMNS = {
    "amount_spent": "spend",
    "impressions": "impressions",
    "clicks": "clicks",
    "ctr_percent": "CTR %",
    "cpc": "CPC",
    "cpm": "CPM",
    "conversions": "conversions",
    "conversion_value": "conversion value",
    "roas": "ROAS",
}


def as_they_are(found: pd.DataFrame, **others: Any) -> dict[str, Any]:
    """All columns of a table under their own names; `others` are shown otherwise."""
    return {str(name): others.get(str(name).replace(" ", "_"), str(name)) for name in found}


def height_of(rows: int) -> int | Literal["content"]:
    """A height that shows all of a small table and scrolls a large one."""
    return "content" if rows <= _MOST_ROWS else _HEIGHT


def show_table(
    found: pd.DataFrame,
    columns: Mapping[str, Any],
    alt: str,
    key: str | None = None,
    on_row: Callable[[int], None] | None = None,
) -> None:
    """A table with some of its columns.

    Args:
        found: the rows.
        columns: what is shown, and how: st.column_config by name.
        alt: a description of the table for screen readers.
        key: of this table on its page.
        on_row: called with the row that was clicked, before the page is redrawn.

    """
    # empty columns are hidden
    filled = [name for name in columns if name in found and (found[name].notna().any() or found.empty)]
    shown = found[filled]
    config = {name: columns[name] for name in filled}
    size = height_of(len(shown))
    if on_row is None or key is None:
        st.dataframe(shown, column_config=config, hide_index=True, height=size, alt=alt, key=key, placeholder="")
        return

    def clicked() -> None:
        cells: Sequence[tuple[int, str]] = st.session_state[key]["selection"]["cells"]
        if cells:
            on_row(cells[0][0])

    st.dataframe(
        shown,
        column_config=config,
        hide_index=True,
        height=size,
        alt=alt,
        placeholder="",
        key=key,
        on_select=clicked,
        selection_mode="single-cell",
    )


def figures_of(currency: str | None) -> dict[str, Any]:
    """How sums and rates are shown."""
    number = st.column_config.NumberColumn
    return {
        "amount_spent": number(f"spend {currency or ''}".strip(), format="accounting"),
        "impressions": number("impressions", format="localized"),
        "clicks": number("clicks", format="localized"),
        "ctr_percent": number("CTR %", format="%.2f"),
        "cpc": number(f"CPC {currency or ''}".strip(), format="%.2f"),
        "cpm": number(f"CPM {currency or ''}".strip(), format="%.2f"),
        "conversions": number("conversions", format="localized"),
        "conversion_value": number(f"conversion value {currency or ''}".strip(), format="accounting"),
        "roas": number("ROAS", format="%.2f"),
    }


def for_file(found: pd.DataFrame, first: Mapping[str, Any], currency: str | None) -> pd.DataFrame:
    """Figures with the columns of files, after those that say of what they are.

    Args:
        found: sums and rates.
        first: the columns before them.
        currency: of the amounts.

    """
    figures = {title: found[name] for name, title in FILE_COLUMNS.items()}
    return pd.DataFrame({**first, "currency": currency or "", **figures})
