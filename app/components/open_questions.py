"""An open question of a load: what could change a figure, in which rows, how much is at stake, and what decides it."""

from __future__ import annotations

import streamlit as st

from app.components.messages import plain
from app.components.words import money
from loader.waves.questions import OpenQuestion
from loader.words import counted


def show_question(question: OpenQuestion, currency: str | None, file_name: str = "") -> None:
    """One question of a plan or a load; the currency is that of the amount at stake, if it is known."""
    asked = question.question
    st.markdown(f"**{plain(asked[:1].upper() + asked[1:])}**")
    amount = question.amount_at_stake
    facts = [
        question.kind,
        file_name,
        f"column '{question.column_name}'" if question.column_name else "",
        _rows(question),
        "unknown spend at stake" if amount is None else f"{money(amount, currency)} of spend at stake",
    ]
    st.caption(plain(" · ".join(filter(None, facts))))
    st.markdown(f"What decides: {plain(question.remedy)}")


def _rows(question: OpenQuestion) -> str:
    if not question.row_count:
        return ""
    numbers = ", ".join(map(str, question.row_numbers))
    such_as = "such as " if question.row_count > len(question.row_numbers) else ""
    return counted(question.row_count, "row") + (f" ({such_as}{numbers})" if numbers else "")
