"""Serve the web pages: `python -m app`, or `make app`."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from app.auth import AllowedHostsOnly, ProxyOnly
from app.lineage import lineage_routes
from app.settings import PROXY, SERVED, AppSettings, app_settings, streamlit_options
from loader.errors import Spark9Error
from loader.filesystem import exit_on_signals

_SCRIPT = Path(__file__).with_name("streamlit_app.py")
_EXAMPLE = (
    "Example: python -m app, then open http://127.0.0.1:8501. docs/web_pages.md explains sign-in for other users."
)


def served(settings: AppSettings) -> st.App:
    """The application with the access checks of the settings."""
    guards = [Middleware(AllowedHostsOnly, settings.served_as)]
    if settings.sign_in == PROXY:
        guards.append(Middleware(ProxyOnly, settings.proxies, settings.proxy_header))
    # Streamlit accepts only plain strings
    secrets: Any = {"auth": {name: str(value) for name, value in settings.oidc.items()}} if settings.oidc else None
    return st.App(_SCRIPT, secrets=secrets, middleware=guards, routes=lineage_routes(settings))


def main() -> int:
    """Check the settings, then serve until Ctrl-C."""
    argparse.ArgumentParser(
        "python -m app",
        description="Serve the web pages of spark9. Environment variables SPARK9_APP_... set the address and the "
        "sign-in.",
        epilog=_EXAMPLE,
    ).parse_args()
    try:
        settings = app_settings()
    except Spark9Error as error:
        sys.stderr.write(f"error ({error.code}): {error.problem}\n{error.remedy}\n")
        return int(error.exit_code)
    # otherwise uvicorn would trust a proxy's claim about the origin of a request
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    os.environ[SERVED] = str(os.getpid())
    sys.argv = [str(_SCRIPT)]
    exit_on_signals()
    with suppress(KeyboardInterrupt):  # uvicorn has shut down by then, and raises it again
        served(settings).run(config=streamlit_options(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
