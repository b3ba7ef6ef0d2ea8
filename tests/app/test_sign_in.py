"""People sign in by OpenID Connect, at a real provider on this machine, and see their own clients."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from tests.app.conftest import OWNER
from tests.app.served import free_port, served, settled
from tests.support import ProjectUnderTest

pytestmark = pytest.mark.slow


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(url)
    settled(page)
    expect(page.get_by_text("Sign in to see the campaigns of your clients.")).to_be_visible()
    assert "acme" not in page.inner_text("body")
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(name)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{url}/**")
    settled(page)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An OpenID provider, as the settings that name it."""
    port = free_port()
    users = [
        User(sub=OWNER, claims={"email": OWNER, "email_verified": True}),
        User(sub="unsure", claims={"email": OWNER, "email_verified": False}),
    ]
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with run_server_in_thread(user_claims=users) as server:
        yield {
            "SPARK9_APP_SIGN_IN": "oidc",
            "SPARK9_APP_PORT": str(port),
            "SPARK9_APP_URL": f"http://127.0.0.1:{port}",
            "SPARK9_OIDC_CLIENT_ID": "spark9",
            "SPARK9_OIDC_CLIENT_SECRET": "not a secret here",
            "SPARK9_OIDC_COOKIE_SECRET": secrets.token_hex(),
            "SPARK9_OIDC_METADATA_URL": f"http://127.0.0.1:{server.server_port}/.well-known/openid-configuration",
        }


def test_people_sign_in_and_see_their_own_clients(
    two_clients: ProjectUnderTest, tmp_path: Path, chromium: Browser, provider: dict[str, str]
) -> None:
    project = two_clients.copy(tmp_path / "signed_in")
    with served(project.root, port=int(provider["SPARK9_APP_PORT"]), **provider) as pages:
        for name, expected in ((OWNER, "acme"), ("unsure", "You are not signed in")):
            context = chromium.new_context()
            page = context.new_page()
            sign_in(page, pages.url, name)
            expect(page.get_by_text(expected).first).to_be_attached()
            assert "nike" not in page.inner_text("body")
            assert "dbt" not in page.request.get(f"{pages.url}/lineage").text()
            context.close()
        assert "not a secret here" not in pages.log.read_text(encoding="utf-8")


@pytest.mark.soak
def test_a_session_ends_after_its_hours(
    two_clients: ProjectUnderTest, tmp_path: Path, chromium: Browser, provider: dict[str, str]
) -> None:
    project = two_clients.copy(tmp_path / "signed_in")
    port = int(provider["SPARK9_APP_PORT"])
    with served(project.root, port=port, **provider, SPARK9_APP_SESSION_HOURS="0.0005") as pages:
        page = chromium.new_context().new_page()
        sign_in(page, pages.url, OWNER)
        time.sleep(2)
        page.goto(f"{pages.url}/waves")
        page.wait_for_url("**/oauth2/end_session**")
