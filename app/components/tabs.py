"""Tabs of which only the open one is drawn, so that a page asks for what it shows; the open one is in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st


def show_tabs(tabs: Mapping[str, Callable[[], None]], key: str) -> None:
    """Draw the open tab.

    Args:
        tabs: what draws each, by title.
        key: names the open one in the address.

    """
    for (_, draw), tab in zip(tabs.items(), st.tabs(list(tabs), key=key, bind="query-params"), strict=True):
        if tab.open:
            with tab:
                draw()
