"""Status, errors and next steps: always in words, never by colour alone."""

from __future__ import annotations

import streamlit as st

from app.components.page_words import for_pages
from app.components.words import clock
from app.service import Service
from loader.errors import Spark9Error

# where the remedy of an error is a button
_WHERE = {
    "client-unknown": ("clients", "See the clients"),
    "rows-restated": ("clients", "Change what happens to restated days"),
    "rows-overlap": ("clients", "Change what happens to overlapping exports"),
    "loaded-as-other-wave": ("waves", "See the wave that has it"),
    "already-loaded-otherwise": ("waves", "See the wave that has it"),
    "build-failed": ("operations", "See the failed steps"),
    "outcome-unknown": ("operations", "See the last steps"),
    "connection-failed": ("operations", "Check the setup"),
}


def show_error(error: Spark9Error) -> None:
    """What went wrong, what was not changed, what to do next."""
    remedy = f"\n\n{_plain(error.remedy)}" if error.remedy else ""
    st.error(f"{_plain(error.problem)} {_plain(error.unchanged)}{remedy}", icon=":material/error:")
    st.caption(f"Error code: {error.code}")
    if error.code in _WHERE:
        link_to(*_WHERE[error.code])


def show_freshness(service: Service) -> None:
    """The age of the figures, and whether newer ones are on their way."""
    figures = service.snapshot
    running = next((job for job in service.jobs() if job.is_open), None)
    if figures.trouble:
        st.warning(f"{_plain(figures.trouble)} Data as of {clock(figures.as_of)}.", icon=":material/warning:")
    elif figures.project is None:
        if figures.is_behind:
            st.info("A load or build is running; figures appear when it has finished.", icon=":material/hourglass_top:")
    elif running is not None or figures.is_behind:
        what = f"{_plain(running.title)}: running. " if running is not None else "A load or build is running. "
        st.info(f"{what}Data as of {clock(figures.as_of)}.", icon=":material/hourglass_top:")
    else:
        st.caption(f"Data as of {clock(figures.as_of)}")


def show_nothing_yet(service: Service, what: str) -> None:
    """An empty page that says what to do."""
    st.info(f"{what} {'Upload an export to get started.' if service.own_clients() or service.viewer.is_admin else ''}")
    pages = st.session_state.get("pages", {})
    if "upload" in pages and (service.own_clients() or service.viewer.is_admin):
        st.page_link(pages["upload"], label="Upload an export", icon=":material/upload_file:")


def link_to(path: str, label: str, **parameters: str) -> None:
    """A link to another page, with parameters for what it shows."""
    pages = st.session_state.get("pages", {})
    if path in pages:
        st.page_link(pages[path], label=label, query_params=parameters, icon=":material/arrow_forward:")


def _plain(text: str) -> str:
    """Text from files and messages, without commands, and escaped so that Markdown shows it literally."""
    text = for_pages(text)
    return "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|<>~$:" else character for character in text)


plain = _plain
