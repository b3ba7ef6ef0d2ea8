"""How users name a client: in one word, in three options, or once in the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from loader.errors import NameRefusedError
from loader.names import ClientKey, client_from_word, client_schema

CLIENT_VARIABLE = "SPARK9_CLIENT"


def given_client(given: Mapping[str, Any]) -> ClientKey | None:
    """The client of --client, --platform and --year, or of --client alone; none where none of them is given.

    Raises:
        NameRefusedError: some are missing, or a part breaks its rule.

    """
    client, platform, year = (given.get(name) for name in ("client", "platform", "year"))
    if client is None and platform is None and year is None:
        return None
    if client is not None and platform is None and year is None:
        return client_from_word(client)
    if client is None or platform is None or year is None or "/" in client:
        raise NameRefusedError(
            "Name a client with --client acme/meta/2024, or with --client, --platform and --year together."
        )
    return client_schema(client, platform, year)


def default_client() -> ClientKey | None:
    """The client that SPARK9_CLIENT names, for commands that are given none.

    Raises:
        NameRefusedError: what it names is no client.

    """
    word = os.environ.get(CLIENT_VARIABLE)
    return client_from_word(word) if word else None


def required_client(given: Mapping[str, Any]) -> ClientKey:
    """The client given by the user, or the default one.

    Raises:
        NameRefusedError: there is neither, or what names it is no client.

    """
    client = given_client(given) or default_client()
    if client is None:
        raise NameRefusedError(
            f"No client is named. Use --client acme/meta/2024, or set {CLIENT_VARIABLE} for all commands."
        )
    return client
