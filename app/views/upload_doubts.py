"""What could change a figure of an upload: all of it in one place, with what it is worth, before anything is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from app.components.formats import CURRENCIES, WRITTEN
from app.components.messages import plain, show_error
from app.components.open_questions import show_question
from app.components.questions import PARTS, ask, ask_parts
from app.components.words import money
from app.service import Service
from app.views.upload_rows import NEW, Row, choose_client, client_title, decide, planned
from loader.errors import Answer, FileRefusedError
from loader.names import ClientKey, client_schema
from loader.waves.questions import OpenQuestion
from loader.words import counted

LATER = "Decide later, on the page Waves"
_RIGHT = ("It is right: agrees with the platform", "It is right: checked with the client")
_MOST_OTHERS = 8
# the kinds that a reading option decides
_OPTIONS = {
    "total-or-data": "subtotals",
    "days-unlikely": "dates",
    "currency-unknown": "currency",
    "currencies-mixed": "currency",
}


def show_doubts(service: Service, rows: Sequence[Row]) -> None:
    """Draw what stops exports, then their open questions, the most spend first; nothing where there is none."""
    stopped = [row for row in rows if row.error is not None and not row.is_loaded]
    asked = [(row, question) for row in rows if row.plan is not None for question in row.plan.questions]
    if not stopped and not asked:
        return
    st.subheader("What could change a figure", anchor=False)
    st.markdown(plain(_in_all(stopped, asked)))
    for row in stopped:
        with st.container(border=True):
            st.markdown(f"**{plain(row.part.name)}**")
            _show_stop(service, row)
    for row, question in sorted(asked, key=lambda each: _worth(each[1]), reverse=True):
        with st.container(border=True):
            _show_question(row, question)


def _worth(question: OpenQuestion) -> Decimal:
    """What may be at stake; an unknown amount may be all of it."""
    return Decimal("Infinity") if question.amount_at_stake is None else question.amount_at_stake


def _in_all(stopped: Sequence[Row], asked: Sequence[tuple[Row, OpenQuestion]]) -> str:
    """How much is open, and what it is worth by currency."""
    parts = []
    if stopped:
        parts.append(
            f"{counted(len(stopped), 'export')} can't be loaded as {'it is' if len(stopped) == 1 else 'they are'}."
        )
    if asked:
        sums: dict[str, Decimal] = {}
        for row, question in asked:
            if question.amount_at_stake is not None:
                currency = row.spend[1] or "of unknown currency"
                sums[currency] = sums.get(currency, Decimal(0)) + question.amount_at_stake
        unknown = sum(question.amount_at_stake is None for _, question in asked)
        stake = [money(amount, currency) for currency, amount in sums.items()]
        words = f"{counted(len(asked), 'open question')} that could change a figure"
        words += f", with {' and '.join(stake)} of spend at stake" if stake else ""
        words += f", {unknown} with an unknown amount" if unknown else ""
        parts.append(f"{words}. Answer here, or load and decide later.")
    return " ".join(parts)


def _show_question(row: Row, question: OpenQuestion) -> None:
    assert row.plan is not None  # noqa: S101 - it is planned
    show_question(question, row.spend[1], row.part.name)
    answers = _answers(question, row)
    labels = {f"{at}": answer.meaning for at, answer in enumerate(answers)}
    name = question.id(row.plan.load_id)
    chosen = st.selectbox(
        "Your decision",
        [LATER, *_RIGHT, *labels],
        format_func=lambda value: labels.get(value, value),
        accept_new_options=True,
        help="Or write what you found, if the file is right.",
        key=f"decision {row.part.key} {name}",
    )
    if chosen in labels:
        decide(row.part, row.part.answered(answers[int(chosen)]))
        st.rerun()
    if chosen and chosen != LATER:
        row.answers[name] = chosen.removeprefix("It is right: ")


def _answers(question: OpenQuestion, row: Row) -> list[Answer]:
    """The ways to read the file that decide a question, other than those given already."""
    option = _OPTIONS.get(question.kind)
    if option is None or getattr(row.part.options, option) is not None:
        return []
    if option == "currency":
        return [Answer("currency", code, f"All spend is in {code}") for code in CURRENCIES]
    label, values = WRITTEN[option]
    return [Answer(option, value, f"{label}: {meaning}") for value, meaning in values.items()]


def _show_stop(service: Service, row: Row) -> None:
    error, part = row.error, row.part
    if error is None:
        return
    if not isinstance(error, FileRefusedError) or not error.answers:
        show_error(error)
    elif error.code == "other-platform":
        _show_other_platform(service, row, error)
    elif error.answers[0].option in PARTS:
        ask_parts(error, part.key, lambda answers: decide(part, *(part.answered(answer) for answer in answers)))
    else:
        ask(
            error,
            part.key,
            lambda answer: planned(service, row, part.answered(answer)),
            lambda answer: decide(part, part.answered(answer)),
        )


def _show_other_platform(service: Service, row: Row, error: FileRefusedError) -> None:
    """The right client first, then others of that platform; to load it where it does not seem to belong comes last."""
    st.warning(f"**This needs your decision.** {plain(error.problem)}", icon=":material/help:")
    platform, client = row.proposal.platform, row.client
    assert client is not None  # noqa: S101 - it was planned for one
    there = [each.key for each in service.own_clients() if each.platform == platform]
    right, others = _ranked(client, row, there)
    for at, each in enumerate(right):
        st.button(
            plain(f"Load it for {client_title(service, each)}"),
            key=f"right {row.part.key} {each}",
            type="primary" if at == 0 else "secondary",
            on_click=choose_client,
            args=(row.part.key, str(each)),
        )
    may_onboard = service.viewer.is_admin and service.runtime.can_change_registry
    if not right and platform and may_onboard:
        new = client_schema(client.client, platform, row.proposal.year or client.year)
        st.button(
            plain(f"Onboard {client_title(service, new)} and load it there"),
            key=f"onboard {row.part.key}",
            type="secondary" if others else "primary",
            on_click=_choose_new,
            args=(row.part.key, new),
        )
    if others:
        chosen = st.selectbox(
            "Another client of this platform",
            [str(each) for each in others],
            index=None,
            format_func=lambda word: client_title(service, next(each for each in others if str(each) == word)),
            key=f"other {row.part.key}",
            placeholder="Choose a client",
        )
        if chosen is not None:
            st.button("Load it there", key=f"there {row.part.key}", on_click=choose_client, args=(row.part.key, chosen))
    st.divider()
    st.caption(plain(f"Only if {error.answers[0].meaning}:"))
    if st.button(plain(f"Load it for {client_title(service, client)} anyway"), key=f"anyway {row.part.key}"):
        decide(row.part, row.part.answered(error.answers[0]))
        st.rerun()


def _ranked(client: ClientKey, row: Row, there: Sequence[ClientKey]) -> tuple[list[ClientKey], list[ClientKey]]:
    """The clients that the file may be for, by the proposal or by name and year; and the others of its platform."""
    proposed = row.proposal.client
    year = row.proposal.year or client.year
    same = [each for each in there if each == proposed or (each.client == client.client and each.year == year)]
    same.sort(key=lambda each: each != proposed)
    others = sorted((each for each in there if each not in same), key=lambda each: (each.client != client.client, each))
    return same, others[:_MOST_OTHERS] if len(others) <= _MOST_OTHERS else others


def _choose_new(key: str, client: ClientKey) -> None:
    """Have the row of an export show the form of a new client, filled."""
    choose_client(key, NEW)
    st.session_state[f"new client {key}"] = client.client
    st.session_state[f"new platform {key}"] = client.platform
    st.session_state[f"new year {key}"] = client.year
