"""Saved views: a person's own names for selections; the address is what others are sent."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.components.address import current_address, go_to
from app.components.messages import plain, show_error
from app.saved_views import LONGEST_NAME, SavedView, SavedViewError, SavedViews
from app.service import Service

_FAILED = "saved views failed"


def show_saved_views(service: Service) -> None:
    """Draw the menu of saved views."""
    with st.container(key="views"), st.popover("Saved views", icon=":material/bookmark:"):
        st.caption("To share what you see, send the address of this page. It shows others their own clients only.")
        file = service.runtime.saved_views_file
        if file is None:
            st.caption(
                "Views can't be saved in this deployment, whose files last until the next one: keep the address."
            )
            return
        kept = SavedViews(file, service.viewer.name)
        if error := st.session_state.pop(_FAILED, None):
            show_error(error)
        try:
            views = kept.all()
        except SavedViewError as unreadable:
            show_error(unreadable)
            return
        for view in views:
            st.button(
                plain(view.name), key=f"view {view.name}", type="tertiary", icon=":material/bookmark:",
                on_click=go_to, args=(view.address,),
            )  # fmt: skip
        name = st.text_input("Name", key="view name", max_chars=LONGEST_NAME, placeholder="such as weekly report")
        address = current_address()
        st.button("Save this view", on_click=_try, args=(lambda: kept.save(SavedView(name, address)),))
        if views:
            _show_changes(kept, [view.name for view in views])


def _show_changes(kept: SavedViews, names: list[str]) -> None:
    """Rename or delete a view."""
    st.divider()
    chosen = st.selectbox("Rename or delete", names, index=None, key="view to change", placeholder="Choose a view")
    if chosen is None:
        return
    new_name = st.text_input("New name", chosen, key=f"new name {chosen}", max_chars=LONGEST_NAME)
    with st.container(horizontal=True):
        st.button("Rename", on_click=_try, args=(lambda: kept.rename(chosen, new_name),), disabled=new_name == chosen)
        st.button("Delete", on_click=_try, args=(lambda: kept.delete(chosen),))


def _try(change: Callable[[], None]) -> None:
    """Change the saved views; what is wrong is shown when the page is drawn."""
    try:
        change()
    except SavedViewError as error:
        st.session_state[_FAILED] = error
    else:
        st.session_state["view name"] = ""
