"""The open questions of a wave, and the form that settles each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.components.messages import plain
from app.components.open_questions import show_question
from app.components.progress import run_job
from app.components.words import money
from app.service import Service
from loader.names import ClientKey
from loader.waves.questions import AskedQuestion
from loader.words import counted

_LONGEST_ANSWER = 500


def show_count(asked: Sequence[AskedQuestion], currency: str | None) -> None:
    """How many questions are open, and what is at stake; nothing where none is.

    Args:
        asked: the open questions of the wave.
        currency: of all of them; none if they may be in several, whose amounts are not added up.

    """
    if not asked:
        return
    amounts = [each.question.amount_at_stake for each in asked]
    known = [amount for amount in amounts if amount is not None]
    stake = f", {money(sum(known), currency)} of spend at stake" if known and currency else ""
    unknown = f", {len(amounts) - len(known)} with an unknown amount" if len(known) < len(amounts) else ""
    words = f"{counted(len(asked), 'open question')}{stake}{unknown}. See the tab Questions."
    st.warning(plain(words), icon=":material/help:")


def show(service: Service, client: ClientKey, asked: Sequence[AskedQuestion], currency: str | None) -> None:
    """Draw the tab."""
    if not asked:
        st.success("This wave has no open questions.", icon=":material/check_circle:")
        return
    may_settle = service.viewer.may_change(client.name)
    st.caption(
        "Settle a question if what is loaded is right; your name and answer go to the log, and no figure changes. "
        "Where a figure is wrong, replace the file or correct the column."
        if may_settle
        else "Only owners of the client can settle questions."
    )
    names = {file.load_id: file.file_name for file in service.files(client)}
    for each in asked:
        with st.container(border=True):
            show_question(each.question, currency, names.get(each.load_id, ""))
            if may_settle:
                _show_form(service, client, each)


def _show_form(service: Service, client: ClientKey, asked: AskedQuestion) -> None:
    with st.form(f"settle {asked.question_id}", border=False):
        answer = st.text_input(
            "What did you find?", key=f"answer {asked.question_id}", max_chars=_LONGEST_ANSWER,
            placeholder="Such as: agrees with Ads Manager",
        )  # fmt: skip
        if st.form_submit_button("Settle", key=f"submit {asked.question_id}"):
            if answer.strip():
                run_job(service.settle(client, asked.wave_number, asked.question_id, answer.strip()))
            st.error("Write what you found, then settle.", icon=":material/error:")
