"""Questions that a file leaves open, with the answers side by side; an answer is a reading option."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app.components.messages import plain
from app.components.plans import headline, show_typed_rows
from loader.errors import Answer, FileRefusedError, Spark9Error
from loader.waves.loading import LoadResult

_SIDE_BY_SIDE = 3
# each of these is a load of its own, and people may want several
PARTS = ("sheet", "table", "member")


def ask(
    error: FileRefusedError, key: str, read_as: Callable[[Answer], LoadResult], on_answer: Callable[[Answer], None]
) -> None:
    """One question: each answer with what the file then contains, and a button to choose it.

    Args:
        error: what stopped the plan.
        key: makes this file's buttons unique.
        read_as: plans the file with an answer.
        on_answer: called with the chosen answer.

    """
    st.warning(f"**This needs your decision.** {plain(error.problem)}", icon=":material/help:")
    width = min(_SIDE_BY_SIDE, len(error.answers))
    for at, answer in enumerate(error.answers):
        if at % width == 0:
            columns = st.columns(width)
        with columns[at % width], st.container(border=True):
            st.markdown(f"**{plain(answer.meaning)}**")
            _show_reading(answer, read_as)
            if st.button("Use this", key=f"{key} {answer.option} {answer.value}", type="primary"):
                on_answer(answer)
                st.rerun()
    st.caption("Not sure? Compare with the figures on the platform, or export the file again.")


def ask_parts(error: FileRefusedError, key: str, on_answers: Callable[[Sequence[Answer]], None]) -> None:
    """Which of several sheets, tables or files are to be loaded; each is a load of its own."""
    st.warning(f"**This needs your decision.** {plain(error.problem)}", icon=":material/help:")
    chosen = st.multiselect("Which ones?", error.answers, format_func=lambda answer: answer.meaning, key=f"{key} parts")
    if st.button("Load these", key=f"{key} read", type="primary", disabled=not chosen):
        on_answers(chosen)
        st.rerun()


def _show_reading(answer: Answer, read_as: Callable[[Answer], LoadResult]) -> None:
    try:
        result = read_as(answer)
    except Spark9Error as error:
        st.caption(plain(f"With this choice, another question remains: {error.problem}"))
        return
    if result.plan is not None:
        st.caption(plain(headline(result.plan)))
    if result.preview is not None:
        show_typed_rows(result.preview, f"The first rows: {answer.meaning}", 5)
