"""A score with the sentence that explains each of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from app.components.messages import plain
from app.components.words import listed, score

PARTS = {
    "completeness": "rows have every required value",
    "validity": "rows have no unreadable cell",
    "consistency": "rows have figures that agree with each other",
    "uniqueness": "rows occur only once in their file",
    "conformity": "rows have an ad set in the naming keys",
    "coverage": "of the columns of earlier waves are present",
}


def judged(value: float | None, warn_below: float, fail_below: float) -> str:
    """What a score means for people, in words."""
    if value is None or pd.isna(value):
        return "not built yet"
    if value < fail_below:
        return "fails the build"
    return "needs review" if value < warn_below else "good"


def show_parts(parts: Mapping[str, float], missing: Sequence[str] = ()) -> None:
    """Each part with its share and what it means."""
    rows = []
    for part, words in PARTS.items():
        share = parts.get(part)
        if share is None or pd.isna(share):
            continue
        lacks = f"; missing: {listed(list(missing))}" if part == "coverage" and missing else ""
        shown = "all" if share >= 1 else f"{100 * share:.2f} %"
        of_rows = "" if share >= 1 or part == "coverage" else "of the "
        rows.append({"part": part, "share": score(share), "meaning": f"{shown} {of_rows}{words}{lacks}"})
    st.table(pd.DataFrame(rows).set_index("part"), border="horizontal")


def show_issues(kinds: Mapping[str, int]) -> None:
    """The issues of rows, most frequent first."""
    if not kinds:
        return
    st.markdown("**Issues in the rows**")
    for issue, count in list(kinds.items())[:12]:
        st.markdown(f"- {count:,} × {plain(issue)}")
    if len(kinds) > 12:
        st.caption(f"and {len(kinds) - 12} other issues")
