"""The settings of a connection to Snowflake, and the connector's errors as the loader's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from snowflake.connector.errors import DatabaseError, Error, OperationalError, ProgrammingError

from loader.errors import ProjectError, WarehouseBusyError, WarehouseRefusedError
from loader.project.profile import Target

_LOGIN_SECONDS = 60
_NO_PRIVILEGE = (3001, 3003, 3041)
_UNKNOWN_OBJECT = (2003, 2043)
_LOCKED = (625, 604)
# dbt-snowflake's names of settings, and the connector's
_SETTINGS = {
    "account": "account",
    "user": "user",
    "password": "password",
    "authenticator": "authenticator",
    "token": "token",
    "workload_identity_provider": "workload_identity_provider",
    "private_key_path": "private_key_file",
    "private_key_passphrase": "private_key_file_pwd",
    "database": "database",
    "warehouse": "warehouse",
    "role": "role",
    "host": "host",
    "port": "port",
    "protocol": "protocol",
    "client_session_keep_alive": "client_session_keep_alive",
}


def connection_settings(target: Target, wait_seconds: float = 0.0) -> dict[str, Any]:
    """What snowflake.connector.connect() is given: the target's settings under the connector's names.

    Args:
        target: the loader's output of the profile; see `Target.loader_settings`.
        wait_seconds: how long a statement waits for rows that another transaction holds.

    Raises:
        ProjectError: the private key can't be read.

    """
    given = target.loader_settings
    settings = {ours: given[theirs] for theirs, ours in _SETTINGS.items() if given.get(theirs) not in (None, "")}
    if given.get("private_key"):
        settings["private_key"] = _private_key(str(given["private_key"]), given.get("private_key_passphrase"))
        settings.pop("private_key_file_pwd", None)
    if given.get("authenticator") == "jwt":  # dbt's name for a token that the connector calls oauth
        settings["authenticator"] = "oauth"
    if "port" in settings:
        settings["port"] = int(settings["port"])
    if given.get("connect_timeout"):
        settings["network_timeout"] = int(given["connect_timeout"])
    session: dict[str, object] = {"LOCK_TIMEOUT": max(1, int(wait_seconds))}
    if given.get("query_tag"):
        session["QUERY_TAG"] = str(given["query_tag"])
    return {
        **settings,
        "paramstyle": "qmark",
        "application": "spark9",
        "login_timeout": _LOGIN_SECONDS,
        "session_parameters": session,
    }


def _private_key(text: str, passphrase: object) -> bytes:
    """A key given as text: PEM, or the base64 of DER, as dbt-snowflake takes it."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - only for keys given as text

    secret = str(passphrase).encode() if passphrase else None
    try:
        if "-----BEGIN" in text:
            key = serialization.load_pem_private_key(text.encode(), secret)
        else:
            import base64  # noqa: PLC0415

            key = serialization.load_der_private_key(base64.b64decode(text), secret)
    except (ValueError, TypeError) as error:
        # the error's own text could hold part of the key
        raise ProjectError(
            f"The private key of the profile can't be read ({type(error).__name__}).",
            "Give the whole key (PEM or base64 of DER) and its passphrase, or a file with private_key_path.",
        ) from None
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@contextmanager
def translated(*, connecting: bool = False) -> Iterator[None]:
    """Turn the connector's errors into the loader's."""
    try:
        yield
    except FileNotFoundError as error:
        if not connecting:
            raise
        remedy = "Set SNOWFLAKE_PRIVATE_KEY_PATH to its file."
        raise ProjectError(f"The private key {error.filename} does not exist.", remedy) from error
    except Error as error:
        message = str(error.msg or error).strip()
        if connecting:
            raise WarehouseRefusedError(
                "connection-failed",
                f"Snowflake can't be reached: {message}",
                remedy="Check account, user and key in profiles.yml and its environment variables: spark9 doctor",
            ) from error
        if error.errno in _LOCKED or "conflict" in message.lower():
            raise WarehouseBusyError(
                f"Another transaction holds the client's tables: {message}",
                "Let that load finish, then run the command again; `show locks` names a session that hangs.",
            ) from error
        if isinstance(error, OperationalError) or not isinstance(error, ProgrammingError | DatabaseError):
            raise WarehouseRefusedError(
                "connection-lost", f"The connection to Snowflake was lost: {message}", remedy="Run the command again."
            ) from error
        raise WarehouseRefusedError(
            _code(error), f"Snowflake refused a statement: {message}", remedy=_remedy(error)
        ) from error


def _code(error: Error) -> str:
    return "no-privilege" if error.errno in _NO_PRIVILEGE else "statement-refused"


def _remedy(error: Error) -> str:
    if "is not assigned to the executing user" in str(error.msg):
        return "Run it as a user who has that role: docs/snowflake.md, 'Users'."
    if error.errno in _NO_PRIVILEGE:
        return "The role lacks a privilege: `spark9 doctor` names it, and `spark9 audit` compares all grants."
    if error.errno in _UNKNOWN_OBJECT:
        return "An object is missing, or the role may not see it: `spark9 doctor` checks for both."
    return "See docs/snowflake.md, 'When something goes wrong'."
