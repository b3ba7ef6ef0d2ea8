"""Who is at the other end: the machine's user, who signed in by OpenID Connect, or whom the proxy names."""

from __future__ import annotations

import os
import time

import streamlit as st

from app.access import Viewer, viewer_named
from app.runtime import Runtime
from app.settings import OIDC, SERVED, SINGLE_USER, SNOWFLAKE
from loader.log import who_works


def signed_in(runtime: Runtime) -> Viewer:
    """The person who looks; asks them to sign in, and ends the page, where nobody is."""
    settings = runtime.settings
    if settings.sign_in != SNOWFLAKE and os.environ.get(SERVED) != str(os.getpid()):
        st.error("Serve these pages with `python -m app`, which checks who can reach them.")
        st.stop()
    if settings.sign_in == SINGLE_USER:
        return Viewer(who_works() or "this machine's user", is_admin=True)
    if settings.sign_in == OIDC:
        _require_oidc(settings.session_hours)
    name = st.user.get("user_name" if settings.sign_in == SNOWFLAKE else "email")
    if not name or (settings.sign_in == OIDC and st.user.get("email_verified") is False):
        st.error("Nobody is signed in: there is no confirmed name. Ask whoever runs these pages.")
        st.stop()
    return viewer_named(runtime.project, str(name), settings.admins)


def _require_oidc(session_hours: float) -> None:
    if not st.user.is_logged_in:
        st.title("spark9")
        st.write("Sign in to see the campaigns of your clients.")
        if st.button("Sign in", type="primary"):
            st.login()
        st.stop()
    issued = st.user.get("iat")
    if isinstance(issued, int | float) and time.time() - issued > session_hours * 3600:
        st.logout()
        st.stop()
