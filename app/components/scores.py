"""A score with the sentence that explains each of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from app.components.messages import plain
from app.components.words import listed, score

PARTS = {
    "completeness": "rows have every required value",
    "validity": "rows have no cell that could not be read",
    "consistency": "rows have figures that agree with each other",
    "uniqueness": "rows stand once in their file",
    "conformity": "rows have an ad set of the naming keys",
    "coverage": "of the columns that earlier waves had are there",
}


def judged(value: float | None, warn_below: float, fail_below: float) -> str:
    """What a score means for people, in words."""
    if value is None or pd.isna(value):
        return "not built yet"
    if value < fail_below:
        return "fails the build"
    return "wants a look" if value < warn_below else "fine"


def show_parts(parts: Mapping[str, float], missing: Sequence[str] = ()) -> None:
    """Each part with its share and what it means."""
    rows = []
    for part, words in PARTS.items():
        share = parts.get(part)
        if share is None or pd.isna(share):
            continue
        lacks = f"; missing: {listed(list(missing))}" if part == "coverage" and missing else ""
        said = "all" if share >= 1 else f"{100 * share:.2f} %"
        of_rows = "" if share >= 1 or part == "coverage" else "of the "
        rows.append({"part": part, "share": score(share), "what it says": f"{said} {of_rows}{words}{lacks}"})
    st.table(pd.DataFrame(rows).set_index("part"), border="horizontal")


def show_issues(kinds: Mapping[str, int]) -> None:
    """What rows are doubtful for, most first."""
    if not kinds:
        return
    st.markdown("**What rows are doubtful for**")
    for issue, count in list(kinds.items())[:12]:
        st.markdown(f"- {count:,} × {plain(issue)}")
    if len(kinds) > 12:
        st.caption(f"and {len(kinds) - 12} other kinds")
