"""What stands before all pages, uploads and downloads where a reverse proxy signs people in."""

from __future__ import annotations

from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

_HEALTH = "/_stcore/health"


class OnlyTheProxy:
    """Let in what the proxy sends, with the name of who is signed in; anybody else could write that header too.

    Args:
        app: what is guarded.
        proxies: the addresses that the proxy connects from.
        header: holds the name.

    """

    def __init__(self, app: ASGIApp, proxies: Collection[str], header: str) -> None:
        """Keep what is let in."""
        self._app = app
        self._proxies = frozenset(proxies)
        self._header = header.lower().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to all others."""
        if scope["type"] in ("http", "websocket") and not self._may_enter(scope):
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 4403})
                return
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Sign in through the proxy.\n"})
            return
        await self._app(scope, receive, send)

    def _may_enter(self, scope: Scope) -> bool:
        client = scope.get("client")
        if not client or client[0] not in self._proxies:
            return False
        names = [value for key, value in scope["headers"] if key == self._header]
        is_named = len(names) == 1 and bool(names[0].strip())
        return is_named or (scope["type"] == "http" and scope["path"] == _HEALTH)
