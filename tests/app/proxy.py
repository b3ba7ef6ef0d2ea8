"""A reverse proxy that signs people in: a header with a name, put into the head of each connection's first request."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65536


@contextmanager
def proxy(port: int, name: str, header: str = "X-Forwarded-Email") -> Iterator[str]:
    """Pass what comes on to a port of loopback as somebody; where it listens."""
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listening, port, f"{header}: {name}\r\n".encode()), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def _accept(listening: socket.socket, port: int, line: bytes) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            threading.Thread(target=_serve, args=(client, port, line), daemon=True).start()


def _serve(client: socket.socket, port: int, line: bytes) -> None:
    with suppress(OSError), client, socket.create_connection(("127.0.0.1", port)) as server:
        head = b""
        while b"\r\n\r\n" not in head and (more := client.recv(_CHUNK)):
            head += more
        request, _, rest = head.partition(b"\r\n")
        # one request a connection, so that none goes by without the name; a web socket is one
        if b"upgrade: websocket" not in rest.lower():
            rest = b"Connection: close\r\n" + rest.replace(b"Connection: keep-alive\r\n", b"")
        server.sendall(request + b"\r\n" + line + rest)
        back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
        back.start()
        _pass_on(client, server)
        back.join()


def _pass_on(source: socket.socket, goal: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            goal.sendall(data)
    with suppress(OSError):
        goal.shutdown(socket.SHUT_WR)
