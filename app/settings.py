"""All that can be set of the web pages, in one place; docs/settings.md lists the environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from loader.errors import ProjectError
from loader.project.profile import with_secrets

SINGLE_USER, OIDC, PROXY, SNOWFLAKE = "single-user", "oidc", "proxy", "snowflake"
SIGN_INS = (SINGLE_USER, OIDC, PROXY, SNOWFLAKE)
# set by `python -m app` to its process: what it checked of address and proxy holds for that one alone
SERVED = "SPARK9_APP_SERVED"
_PREFIXES = ("SPARK9_APP_", "SPARK9_OIDC_")
_VARIABLES = frozenset(
    [f"SPARK9_APP_{name}" for name in ("ADDRESS", "PORT", "SIGN_IN", "ADMINS", "UPLOAD_MB", "SESSION_HOURS", "URL")]
    + [f"SPARK9_APP_{name}" for name in ("READ_MB", "READ_SECONDS")]
    + [f"SPARK9_APP_{name}" for name in ("HOSTS", "PROXY", "PROXY_HEADER", "SERVED")]
    + [f"SPARK9_OIDC_{name}" for name in ("CLIENT_ID", "CLIENT_SECRET", "METADATA_URL", "COOKIE_SECRET")]
)
# where Snowflake puts the token of what runs inside it
SNOWFLAKE_TOKEN = Path("/snowflake/session/token")
UPLOAD_TYPES = ("csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "gz", "zip")
# scores below these need review, or fail; the thresholds of the build
WARN_BELOW, FAIL_BELOW = "quality_warn_below", "quality_error_below"


@dataclass(frozen=True)
class AppSettings:
    """How the pages are served.

    Args:
        address: where to listen.
        port: likewise.
        sign_in: one of SIGN_INS.
        admins: who may see every client and onboard, by the name that they sign in with.
        upload_mb: the largest upload, in megabytes.
        read_mb: how much memory reading an upload may take, in megabytes; see loader/limits.py.
        read_seconds: and how many seconds.
        session_hours: after how many hours a person has to sign in again.
        proxies: the addresses from which the proxy comes that sets `proxy_header`.
        proxy_header: holds the name of who is signed in.
        oidc: what Streamlit's st.login is given.
        hosts: the names by which browsers call the pages, beside those of this machine.

    """

    address: str = "127.0.0.1"
    port: int = 8501
    sign_in: str = SINGLE_USER
    admins: frozenset[str] = frozenset()
    upload_mb: int = 512
    read_mb: int = 4096
    read_seconds: float = 300.0
    session_hours: float = 10.0
    proxies: frozenset[str] = frozenset()
    proxy_header: str = "X-Forwarded-Email"
    oidc: Mapping[str, str] | None = None
    hosts: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Keep secrets out of whatever prints settings."""
        object.__setattr__(self, "oidc", with_secrets(self.oidc))

    @property
    def served_as(self) -> frozenset[str]:
        """Every name that the pages answer to, in lower case."""
        every = {"0.0.0.0", "::", ""}  # noqa: S104 - nobody's name
        return frozenset({"localhost", "127.0.0.1", "::1", self.address.lower()} - every) | self.hosts

    @property
    def is_on_loopback(self) -> bool:
        """Whether only this machine reaches the pages."""
        try:
            return self.address == "localhost" or ip_address(self.address).is_loopback
        except ValueError:
            return False


def app_settings(environment: Mapping[str, str] = os.environ, token: Path = SNOWFLAKE_TOKEN) -> AppSettings:
    """What the environment says, checked.

    Args:
        environment: the variables SPARK9_APP_... and SPARK9_OIDC_....
        token: the file that is there inside Snowflake, which signs people in itself.

    Raises:
        ProjectError: something is missing, impossible or misspelt; or the pages would be open to others without a
            sign-in.

    """
    unknown = sorted(name for name in environment if name.startswith(_PREFIXES) and name not in _VARIABLES)
    if unknown:
        raise ProjectError(f"There is no setting {', '.join(unknown)}.", "docs/settings.md lists all settings.")
    sign_in = SNOWFLAKE if token.is_file() else environment.get("SPARK9_APP_SIGN_IN", SINGLE_USER)
    if sign_in not in SIGN_INS or (sign_in == SNOWFLAKE and not token.is_file()):
        allowed = ", ".join(name for name in SIGN_INS if name != SNOWFLAKE)
        raise ProjectError(f"SPARK9_APP_SIGN_IN is '{sign_in}'.", f"Set it to one of {allowed}.")
    settings = AppSettings(
        address=environment.get("SPARK9_APP_ADDRESS", "127.0.0.1"),
        port=int(_number(environment, "SPARK9_APP_PORT", 8501)),
        sign_in=sign_in,
        admins=_listed(environment, "SPARK9_APP_ADMINS"),
        upload_mb=int(_number(environment, "SPARK9_APP_UPLOAD_MB", 512)),
        read_mb=int(_number(environment, "SPARK9_APP_READ_MB", 4096)),
        read_seconds=_number(environment, "SPARK9_APP_READ_SECONDS", 300),
        session_hours=_number(environment, "SPARK9_APP_SESSION_HOURS", 10),
        proxies=_listed(environment, "SPARK9_APP_PROXY"),
        proxy_header=environment.get("SPARK9_APP_PROXY_HEADER", "X-Forwarded-Email"),
        oidc=_oidc(environment) if sign_in == OIDC else None,
        hosts=_hosts(environment),
    )
    if sign_in == SINGLE_USER and not settings.is_on_loopback:
        raise ProjectError(
            f"The pages would listen on {settings.address}, where others can reach them, without sign-in.",
            "Set SPARK9_APP_SIGN_IN to oidc or proxy, or listen on 127.0.0.1.",
        )
    if sign_in == PROXY and not settings.proxies:
        raise ProjectError(
            "SPARK9_APP_SIGN_IN is proxy, but SPARK9_APP_PROXY is not set.",
            "Set it to the addresses from which the proxy connects, such as 127.0.0.1; from others, its header can't "
            "be trusted.",
        )
    if sign_in == PROXY and not settings.hosts:
        raise ProjectError(
            "SPARK9_APP_SIGN_IN is proxy, but SPARK9_APP_HOSTS is not set.",
            "Set SPARK9_APP_HOSTS to the proxy's public name, such as campaigns.example.com.",
        )
    return settings


def _oidc(environment: Mapping[str, str]) -> dict[str, str]:
    names = {
        "client_id": "SPARK9_OIDC_CLIENT_ID",
        "client_secret": "SPARK9_OIDC_CLIENT_SECRET",
        "server_metadata_url": "SPARK9_OIDC_METADATA_URL",
        "cookie_secret": "SPARK9_OIDC_COOKIE_SECRET",
        "redirect_uri": "SPARK9_APP_URL",
    }
    missing = [variable for variable in names.values() if not environment.get(variable)]
    if missing:
        raise ProjectError(
            f"SPARK9_APP_SIGN_IN is oidc, but {', '.join(missing)} is not set.", "docs/web_pages.md explains each."
        )
    given = {name: environment[variable] for name, variable in names.items()}
    return given | {"redirect_uri": f"{given['redirect_uri'].rstrip('/')}/oauth2callback"}


def _hosts(environment: Mapping[str, str]) -> frozenset[str]:
    """The public names of the pages: those that are listed, and that of their address."""
    url = environment.get("SPARK9_APP_URL", "")
    name = urlsplit(url).hostname
    if url and not name:
        raise ProjectError(f"SPARK9_APP_URL is '{url}'.", "Give the whole URL, such as https://campaigns.example.com.")
    listed = frozenset(host.lower() for host in _listed(environment, "SPARK9_APP_HOSTS"))
    odd = sorted(host for host in listed if "/" in host or "*" in host or (":" in host and "::" not in host))
    if odd:
        raise ProjectError(
            f"SPARK9_APP_HOSTS has {', '.join(odd)}.",
            "List only names, without https://, port or wildcard, such as campaigns.example.com.",
        )
    return listed | ({name} if name else frozenset())


def _listed(environment: Mapping[str, str], variable: str) -> frozenset[str]:
    return frozenset(part.strip() for part in environment.get(variable, "").split(",") if part.strip())


def _number(environment: Mapping[str, str], variable: str, default: float) -> float:
    text = environment.get(variable, str(default))
    try:
        number = float(text)
    except ValueError:
        number = 0
    if number <= 0:
        raise ProjectError(f"{variable} is '{text}'.", "Set it to a number above 0.")
    return number


def streamlit_options(settings: AppSettings) -> dict[str, Any]:
    """The settings that Streamlit is given; what is the same everywhere stands in app/.streamlit/config.toml."""
    options: dict[str, Any] = {
        "server.address": settings.address,
        "server.port": settings.port,
        "server.maxUploadSize": settings.upload_mb,
        "server.allowedHosts": sorted(settings.served_as),
    }
    if settings.sign_in == PROXY:
        options["server.trustedUserHeaders"] = {settings.proxy_header: "email"}
    return options
