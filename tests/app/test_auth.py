"""What a page of another site can have a browser ask of the pages: nothing, whatever the route."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.served import Served, served
from tests.support import ProjectUnderTest

ROUTES = (
    ("GET", "/"), ("GET", "/waves"), ("GET", "/lineage"), ("GET", "/_stcore/host-config"), ("GET", "/_stcore/stream"),
    ("PUT", "/_stcore/upload_file/a/b"), ("DELETE", "/_stcore/upload_file/a/b"), ("GET", "/media/a.csv"),
    ("GET", "/static/index.js"), ("GET", "/component/a/b"), ("GET", "/oauth2callback"), ("GET", "/nowhere"),
)  # fmt: skip
WEB_SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def pages(project_to_serve: Path) -> Iterator[Served]:
    """The pages of a project of which dbt docs are there."""
    with served(project_to_serve, SPARK9_APP_HOSTS="pages.example.com") as found:
        yield found


@pytest.fixture(scope="module")
def project_to_serve(parsed: ProjectUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = parsed.copy(tmp_path_factory.mktemp("guarded")).root
    (root / "target" / "static_index.html").write_text("<title>the lineage of all clients</title>", encoding="utf-8")
    return root


def asked(pages: Served, method: str, path: str, *headers: tuple[str, str]) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of a request with these headers alone."""
    connection = http.client.HTTPConnection("127.0.0.1", port(pages), timeout=20)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    given = {name.lower(): value for name, value in response.getheaders()}
    body = "" if response.status == 101 else response.read().decode("utf-8", "replace")
    connection.close()
    return response.status, given, body


def port(pages: Served) -> int:
    return int(pages.url.rpartition(":")[2])


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_answers_for_a_name_that_is_not_the_pages(pages: Served, method: str, path: str) -> None:
    here = f"127.0.0.1:{port(pages)}"
    foreign = ("evil.example.com", f"evil.example.com:{port(pages)}", "127.0.0.1.evil.example.com", "a@127.0.0.1", "")
    for host in foreign:
        status, _, body = asked(pages, method, path, ("Host", host))
        assert (status, "not served under that name" in body) == (421, True), host
    assert asked(pages, method, path)[0] in (400, 421)
    assert asked(pages, method, path, ("Host", here), ("Host", "evil.example.com"))[0] in (400, 421)
    assert asked(pages, method, path, ("Host", here))[0] != 421
    assert asked(pages, method, path, ("Host", "Pages.Example.com"))[0] != 421


@pytest.mark.parametrize("origin", ["http://evil.example.com", "null", "http://localhost:3000", "http://127.0.0.1:1"])
def test_no_route_answers_to_a_page_of_another_origin(pages: Served, origin: str) -> None:
    here = ("Host", f"127.0.0.1:{port(pages)}")
    for method, path in ROUTES:
        assert asked(pages, method, path, here, ("Origin", origin))[0] == 403, path
    socket = [here, ("Origin", origin), *WEB_SOCKET.items()]
    assert asked(pages, "GET", "/_stcore/stream", *socket)[0] == 403


def test_a_web_socket_opens_under_the_pages_names_alone(pages: Served) -> None:
    own = f"127.0.0.1:{port(pages)}"
    for host, origin, status in (
        (own, f"http://{own}", 101),
        ("pages.example.com", "https://pages.example.com", 101),
        (own, "https://pages.example.com", 403),
        ("evil.example.com", "http://evil.example.com", 403),
    ):
        headers = [("Host", host), ("Origin", origin), *WEB_SOCKET.items()]
        assert asked(pages, "GET", "/_stcore/stream", *headers)[0] == status, (host, origin)


def test_health_is_answered_under_any_name_and_says_nothing_else(pages: Served) -> None:
    assert asked(pages, "GET", "/_stcore/health", ("Host", "10.1.2.3:8501"))[::2] == (200, "ok")


def test_what_is_private_is_not_kept_or_framed(pages: Served) -> None:
    for path in ("/", "/lineage", "/_stcore/host-config", "/media/none.csv"):
        _, headers, _ = asked(pages, "GET", path, ("Host", f"127.0.0.1:{port(pages)}"))
        assert headers["cache-control"] == "no-store", path
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["content-security-policy"] == "frame-ancestors 'self'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    ["/lineage/../profiles.yml", "/lineage/%2e%2e/profiles.yml", "/static/../../profiles.yml", "/media/..%2f..%2fprofiles.yml",
     "/static/%2e%2e/%2e%2e/settings.py", "/component/../../profiles.yml", "/lineage?file=../profiles.yml"],
)  # fmt: skip
def test_no_path_leads_out_of_what_is_served(pages: Served, path: str) -> None:
    _, _, body = asked(pages, "GET", path, ("Host", "localhost"))
    assert "outputs" not in body
    assert "AppSettings" not in body
