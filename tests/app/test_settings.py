"""The pages are open to nobody who has not signed in, wherever they listen."""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

import app.__main__ as pages
from app.settings import OIDC, PROXY, SERVED, SINGLE_USER, app_settings, streamlit_options
from loader.errors import ProjectError
from tests.support import ROOT

OIDC_VARIABLES = {
    "SPARK9_APP_SIGN_IN": OIDC,
    "SPARK9_OIDC_CLIENT_ID": "id",
    "SPARK9_OIDC_CLIENT_SECRET": "secret",
    "SPARK9_OIDC_METADATA_URL": "https://sign.in/.well-known/openid-configuration",
    "SPARK9_OIDC_COOKIE_SECRET": "cookie",
    "SPARK9_APP_URL": "https://pages.example.com/",
}


def test_without_settings_one_user_works_on_loopback() -> None:
    settings = app_settings({})
    assert (settings.address, settings.port, settings.sign_in) == ("127.0.0.1", 8501, SINGLE_USER)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_loopback_needs_no_sign_in(address: str) -> None:
    assert app_settings({"SPARK9_APP_ADDRESS": address}).address == address


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "10.0.0.1", "pages.example.com", ""])
def test_any_other_address_is_refused_without_a_sign_in(address: str) -> None:
    with pytest.raises(ProjectError, match="without sign-in"):
        app_settings({"SPARK9_APP_ADDRESS": address})


def test_any_other_address_is_served_with_one() -> None:
    assert app_settings({**OIDC_VARIABLES, "SPARK9_APP_ADDRESS": "0.0.0.0"}).sign_in == OIDC
    proxied = {"SPARK9_APP_ADDRESS": "0.0.0.0", "SPARK9_APP_SIGN_IN": PROXY, "SPARK9_APP_PROXY": "10.0.0.2, 10.0.0.3"}
    with pytest.raises(ProjectError, match="SPARK9_APP_HOSTS is not set"):
        app_settings(proxied)
    settings = app_settings({**proxied, "SPARK9_APP_HOSTS": "Pages.example.com"})
    assert settings.served_as == {"localhost", "127.0.0.1", "::1", "pages.example.com"}
    assert settings.proxies == {"10.0.0.2", "10.0.0.3"}
    assert streamlit_options(settings)["server.trustedUserHeaders"] == {"X-Forwarded-Email": "email"}


def test_a_proxy_must_be_named() -> None:
    with pytest.raises(ProjectError, match="SPARK9_APP_PROXY is not set"):
        app_settings({"SPARK9_APP_SIGN_IN": PROXY})


@pytest.mark.parametrize("variable", [name for name in OIDC_VARIABLES if name != "SPARK9_APP_SIGN_IN"])
def test_each_part_of_openid_connect_must_be_set(variable: str) -> None:
    with pytest.raises(ProjectError, match=variable):
        app_settings({name: value for name, value in OIDC_VARIABLES.items() if name != variable})


def test_secrets_are_no_part_of_what_streamlit_is_told_in_the_open() -> None:
    settings = app_settings(OIDC_VARIABLES)
    assert settings.oidc is not None
    assert settings.oidc["redirect_uri"] == "https://pages.example.com/oauth2callback"
    assert "secret" not in str(streamlit_options(settings))


@pytest.mark.parametrize("host", ["https://pages.example.com", "*.example.com", "pages.example.com:443"])
def test_a_public_name_is_a_name_alone(host: str) -> None:
    with pytest.raises(ProjectError, match="SPARK9_APP_HOSTS has "):
        app_settings({"SPARK9_APP_HOSTS": host})


@pytest.mark.parametrize("name", ["SPARK9_APP_SIGNIN", "SPARK9_APP_PROXIES", "SPARK9_OIDC_SECRET"])
def test_a_misspelt_setting_is_refused(name: str) -> None:
    with pytest.raises(ProjectError, match=f"There is no setting {name}"):
        app_settings({name: "oidc"})


@pytest.mark.parametrize("text", ["0", "-1", "many", ""])
def test_a_size_must_be_a_number(text: str) -> None:
    with pytest.raises(ProjectError, match="above 0"):
        app_settings({"SPARK9_APP_UPLOAD_MB": text})


def test_the_server_does_not_start_in_the_open() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "SPARK9_APP_ADDRESS": "0.0.0.0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "without sign-in" in done.stderr
    assert "Set SPARK9_APP_SIGN_IN" in done.stderr


def test_every_documented_setting_is_known() -> None:
    documented = re.findall(r"SPARK9_(?:APP|OIDC)_[A-Z_]+", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"))
    assert len(documented) > 10
    for name in documented:
        try:
            app_settings({name: "1"})
        except ProjectError as error:
            assert "There is no setting" not in error.problem, name


def test_ctrl_c_ends_the_pages_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pages, "served", lambda _settings: SimpleNamespace(run=interrupted))
    monkeypatch.setattr(pages, "exit_on_signals", lambda: None)
    monkeypatch.setattr(sys, "argv", ["app"])
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "")
    monkeypatch.setenv(SERVED, "")
    assert pages.main() == 0
