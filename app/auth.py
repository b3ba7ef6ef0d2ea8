"""Who may call these pages, and who the caller is."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from urllib.parse import urlsplit

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access import Viewer, viewer_named
from app.runtime import Runtime
from app.settings import OIDC, SERVED, SINGLE_USER, SNOWFLAKE
from loader.log import current_actor

_HEALTH = "/_stcore/health"
# the script and styles of the pages, which are nobody's; all else is of who looks, and no cache keeps it
_PUBLIC = "/static/"
_HEADERS = (
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"content-security-policy", b"frame-ancestors 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class AllowedHostsOnly:
    """Answer for the names that these pages have, to pages of the same origin; add what keeps other sites out.

    A page of another site could otherwise have the browser call this server by a name of its own (DNS rebinding), or
    call it across origins, or show it in a frame.

    Args:
        app: the application to protect.
        hosts: the names, in lower case.

    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        """Store the names."""
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 for other names, 403 to other origins."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = _only(scope, b"host")
        if _name_of(f"//{host}") not in self._hosts and not _is_health(scope):
            await _refuse(scope, receive, send, 421, "These pages are not served under that name (SPARK9_APP_HOSTS).")
        elif any(_place_of(origin) != host for origin in _all(scope, b"origin")):
            await _refuse(scope, receive, send, 403, "This request came from a page of another site.")
        else:
            await self._app(scope, receive, _with_headers(scope, send))


class ProxyOnly:
    """Accept only requests of the proxy, with the name of the signed-in user; anybody else could set that header too.

    Args:
        app: the application to protect.
        proxies: the addresses that the proxy connects from.
        header: holds the name.

    """

    def __init__(self, app: ASGIApp, proxies: Collection[str], header: str) -> None:
        """Store what is allowed."""
        self._app = app
        self._proxies = frozenset(proxies)
        self._header = header.lower().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to all others."""
        if scope["type"] in ("http", "websocket") and not self._may_enter(scope):
            await _refuse(scope, receive, send, 403, "Sign in through the proxy.")
            return
        await self._app(scope, receive, send)

    def _may_enter(self, scope: Scope) -> bool:
        client = scope.get("client")
        if not client or client[0] not in self._proxies:
            return False
        return bool(_only(scope, self._header).strip()) or _is_health(scope)


def _is_health(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["path"] == _HEALTH)


def _all(scope: Scope, header: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == header]


def _only(scope: Scope, header: bytes) -> str:
    """A header that is there once; empty where it is not, or is there twice."""
    found = _all(scope, header)
    return found[0] if len(found) == 1 else ""


def _name_of(address: str) -> str:
    """The name of the host in an address, without its port; empty where it is no plain one."""
    try:
        parts = urlsplit(address)
        is_plain = parts.username is None and not (parts.path or parts.query or parts.fragment)
        return (parts.hostname or "").rstrip(".") if is_plain and parts.port != 0 else ""
    except ValueError:
        return ""


def _place_of(origin: str) -> str:
    """Host and port of an origin; empty where it is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            added = dict(_HEADERS) | ({} if scope["path"].startswith(_PUBLIC) else {b"cache-control": b"no-store"})
            remaining = [(key, value) for key, value in message.get("headers", []) if key.lower() not in added]
            message = {**message, "headers": [*remaining, *added.items()]}
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403})
        return
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": f"{words}\n".encode()})


def signed_in(runtime: Runtime) -> Viewer:
    """The viewer; if nobody is signed in, asks them to sign in and ends the page."""
    settings = runtime.settings
    if settings.sign_in != SNOWFLAKE and os.environ.get(SERVED) != str(os.getpid()):
        st.error("Serve these pages with `python -m app`, which checks who can reach them.")
        st.stop()
    if settings.sign_in == SINGLE_USER:
        return Viewer(current_actor() or "this machine's user", is_admin=True)
    if settings.sign_in == OIDC:
        _require_oidc(settings.session_hours)
    name = st.user.get("user_name" if settings.sign_in == SNOWFLAKE else "email")
    if not name or (settings.sign_in == OIDC and st.user.get("email_verified") is False):
        st.error("You are not signed in: the sign-in gave no verified name. Contact the administrator of these pages.")
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
