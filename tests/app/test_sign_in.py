"""People sign in by OpenID Connect, at a real provider on this machine, and see their own clients."""

from __future__ import annotations

import secrets
import time

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from tests.app.conftest import OWNER, STRANGER
from tests.app.served import free_port, served, settled
from tests.support import ProjectUnderTest


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


def test_people_sign_in_and_see_their_own_clients(
    agency: ProjectUnderTest, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    users = [
        User(sub=OWNER, claims={"email": OWNER, "email_verified": True}),
        User(sub=STRANGER, claims={"email": STRANGER, "email_verified": True}),
        User(sub="unsure", claims={"email": OWNER, "email_verified": False}),
    ]
    with run_server_in_thread(user_claims=users) as provider:
        monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        signs_in = {
            "SPARK9_APP_SIGN_IN": "oidc",
            "SPARK9_APP_PORT": str(port),
            "SPARK9_APP_URL": f"http://127.0.0.1:{port}",
            "SPARK9_OIDC_CLIENT_ID": "spark9",
            "SPARK9_OIDC_CLIENT_SECRET": "not a secret here",
            "SPARK9_OIDC_COOKIE_SECRET": secrets.token_hex(),
            "SPARK9_OIDC_METADATA_URL": f"http://127.0.0.1:{provider.server_port}/.well-known/openid-configuration",
        }
        with served(agency.root, port=port, **signs_in) as pages:
            for name, expected in (
                (OWNER, "acme"),
                (STRANGER, "None of your clients"),
                ("unsure", "Nobody is signed in"),
            ):
                context = chromium.new_context()
                page = context.new_page()
                sign_in(page, pages.url, name)
                expect(page.get_by_text(expected).first).to_be_attached()
                assert "nike" not in page.inner_text("body")
                assert page.request.get(f"{pages.url}/lineage").status != 200 or "dbt" not in page.content()
                context.close()
            assert "not a secret here" not in pages.log.read_text(encoding="utf-8")
        # a session ends after its hours
        with served(agency.root, port=port, **signs_in, SPARK9_APP_SESSION_HOURS="0.0005") as pages:
            page = chromium.new_context().new_page()
            sign_in(page, pages.url, OWNER)
            time.sleep(2)
            page.goto(f"{pages.url}/waves")
            page.wait_for_url("**/oauth2/end_session**")
