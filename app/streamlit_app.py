"""The script that Streamlit runs for each look at a page: who looks, what is read, which page."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

# Streamlit runs this file alone; the project's folder is where `app` and `loader` are
if (root := str(Path(__file__).resolve().parent.parent)) not in sys.path:
    sys.path.insert(0, root)

import streamlit as st

from app.auth import signed_in
from app.components.messages import show_error, show_freshness
from app.components.style import apply_style
from app.navigation import navigation
from app.runtime import Runtime, open_runtime
from app.service import Service
from loader.errors import Spark9Error, as_known


@st.cache_resource(show_spinner=False)
def _runtime() -> Runtime:
    return open_runtime()


def _run() -> None:
    st.set_page_config(page_title="spark9", page_icon=":material/campaign:", layout="wide")
    apply_style()
    runtime = _runtime()
    viewer = signed_in(runtime)
    service = Service(runtime, viewer, runtime.snapshot())
    pages = {
        area: [
            st.Page(
                partial(page.show, service),
                title=page.title,
                url_path=page.path if number else "start",
                icon=page.icon,
                default=number == 0,
            )
            for number, page in enumerate(listed)
        ]
        for area, listed in navigation().items()
    }
    # pages link to each other by path
    st.session_state["pages"] = {page.url_path or "overview": page for listed in pages.values() for page in listed}
    # Streamlit serves the first page as / alone; it is under its own name too, as the exposures have it
    heading, listed = next(iter(navigation().items()))
    by_name = partial(listed[0].show, service)
    pages[heading].append(st.Page(by_name, title=listed[0].title, url_path=listed[0].path, visibility="hidden"))
    only = next(iter(pages.values())) if len(pages) == 1 else None
    chosen = st.navigation(only or pages, position="top")
    show_freshness(service)
    try:
        chosen.run()
    except (Spark9Error, OSError) as error:
        known = as_known(error)
        if known is None:
            raise
        show_error(known)


_run()
