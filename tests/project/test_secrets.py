"""Nothing that carries a secret shows it: printed, logged, in a traceback, in a message, as a dict or as a pickle."""

from __future__ import annotations

import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import served
from app.access import Viewer
from app.runtime import Runtime
from app.service import Service
from app.settings import OIDC, app_settings, streamlit_options
from loader.errors import ProjectError
from loader.project.profile import read_target
from loader.warehouses.snowflake.connecting import connection_settings
from loader.workspace import Workspace, open_workspace
from tests.support import copy_project

SENTINEL = "s3ntin3l-of-a-secret"
NUMBER = 987_654_321
SNOWFLAKE = f"""
spark9:
  target: prod
  outputs:
    prod: &prod
      type: snowflake
      account: acme
      user: loader
      database: spark9
      schema: main
      password: "{{{{ env_var('SNOWFLAKE_PASSWORD') }}}}"
      token: {SENTINEL}-token
      private_key_path: keys/{SENTINEL}.p8
      private_key_passphrase: {SENTINEL}-passphrase
      authenticator: {SENTINEL}-authenticator
      something_new: {SENTINEL}-new
      pin_token: {NUMBER}
    prod_loader: *prod
"""
DUCKDB = f"""
spark9:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: warehouse/spark9.duckdb
      schema: main
      secrets: [{{type: s3, key_id: {SENTINEL}-id, secret: {SENTINEL}-s3}}]
      config_options: {{s3_secret_access_key: {SENTINEL}-config}}
"""
OIDC_VARIABLES = {
    "SPARK9_APP_SIGN_IN": OIDC,
    "SPARK9_OIDC_CLIENT_ID": "id",
    "SPARK9_OIDC_CLIENT_SECRET": f"{SENTINEL}-client",
    "SPARK9_OIDC_METADATA_URL": f"https://sign.in/?token={SENTINEL}",
    "SPARK9_OIDC_COOKIE_SECRET": f"{SENTINEL}-cookie",
    "SPARK9_APP_URL": "https://pages.example.com/",
}


def with_profile(root: Path, profile: str) -> Workspace:
    (root / "profiles.yml").write_text(profile, encoding="utf-8")
    return open_workspace(root)


def carriers(root: Path) -> dict[str, Any]:
    """Everything that holds a secret, or something that does."""
    on_snowflake, on_duckdb = with_profile(root, SNOWFLAKE), with_profile(root, DUCKDB)
    settings = app_settings(OIDC_VARIABLES)
    host = Runtime(on_duckdb, settings)
    found = {
        "project": on_snowflake,
        "target": on_snowflake.target,
        "settings of a target": on_snowflake.target.settings,
        "their values": list(on_snowflake.target.loader_settings.items()),
        "connection settings": connection_settings(on_snowflake.target),
        "warehouse on Snowflake": on_snowflake.warehouse,
        "project on DuckDB": on_duckdb,
        "warehouse on DuckDB": on_duckdb.warehouse,
        "settings of the pages": settings,
        "OpenID Connect": settings.oidc,
        "application": served(settings),
        "options of Streamlit": streamlit_options(settings),
        "host": host,
        "service": Service(host, Viewer("ann"), host.snapshot()),
    }
    # what Streamlit's own application has inside is its own
    open_to_us = {name: each for name, each in found.items() if hasattr(each, "__dict__") and name != "application"}
    return found | {f"parts of {name}": vars(each) for name, each in open_to_us.items()}


def traced(carrier: object) -> str:
    """A traceback with the values of local names, as some tools print them."""
    try:
        int(f"{carrier} is no number")
    except ValueError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return ""


def as_dict(carrier: Any) -> str:
    with suppress(TypeError):  # what has no copy
        return repr(asdict(carrier)) if is_dataclass(carrier) and not isinstance(carrier, type) else ""
    return ""


def pickled(carrier: object) -> str:
    with suppress(TypeError, pickle.PicklingError, AttributeError):
        return pickle.dumps(carrier).decode("latin-1")
    return ""


FORMS: dict[str, Callable[[Any], str]] = {
    "repr": repr,
    "str": str,
    "format": lambda carrier: f"{carrier}",
    "pprint": pprint.pformat,
    "asdict": as_dict,
    "traceback": traced,
    "pickle": pickled,
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SNOWFLAKE_PASSWORD", f"{SENTINEL}-password")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", f"{SENTINEL}-aws-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", f"{SENTINEL}-aws")
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    return copy_project(tmp_path / "project")


def shows(text: str) -> bool:
    return SENTINEL in text or str(NUMBER) in text


def test_nothing_that_carries_a_secret_shows_it(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    shown = []
    for name, carrier in carriers(root).items():
        # an application of Streamlit has the plain texts inside, and nothing pickles it
        forms = {form: write for form, write in FORMS.items() if (name, form) != ("application", "pickle")}
        shown += [f"{name}: {form}" for form, write in forms.items() if shows(write(carrier))]
        with caplog.at_level(logging.DEBUG):
            logging.getLogger("test").error("refused: %s", carrier)
        shown += [f"{name}: log"] if shows(caplog.text) else []
        caplog.clear()
    assert not shown


def test_secrets_are_what_they_were_for_whoever_uses_them(root: Path) -> None:
    target = with_profile(root, SNOWFLAKE).target
    assert target.settings["password"] == f"{SENTINEL}-password"
    assert connection_settings(target)["private_key_file_pwd"].encode() == f"{SENTINEL}-passphrase".encode()
    assert target.settings["pin_token"] == str(NUMBER)
    oidc = app_settings(OIDC_VARIABLES).oidc
    assert oidc is not None
    assert oidc["cookie_secret"] == f"{SENTINEL}-cookie"


@pytest.mark.parametrize(
    ("profile", "problem"),
    [
        (f"spark9:\n  outputs:\n    dev:\n      password: '{SENTINEL}\n", "is not valid YAML in line"),
        (f"spark9:\n  outputs:\n    dev:\n      password: [{SENTINEL}: x: y\n", "is not valid YAML in line"),
        (
            f"spark9:\n  outputs:\n    dev:\n      type: duckdb\n      password: 'x{{{{{SENTINEL}'\n",
            "can't be rendered",
        ),
        (f"spark9:\n  outputs:\n    dev:\n      password: \"{{{{ env_vra('{SENTINEL}') }}}}\"\n", "can't be rendered"),
    ],
)
def test_a_profile_that_can_not_be_read_is_not_quoted(tmp_path: Path, profile: str, problem: str) -> None:
    file = tmp_path / "profiles.yml"
    file.write_text(profile, encoding="utf-8")
    with pytest.raises(ProjectError, match=problem) as refused:
        read_target(file, "spark9", "dev")
    printed = "".join(traceback.format_exception(refused.value))
    assert not shows(f"{refused.value.problem} {refused.value.remedy} {printed}")
