"""Users: which roles each has, and whether all of them count in a session.

https://docs.snowflake.com/en/sql-reference/sql/create-user (default_secondary_roles is ('ALL') where nothing else is
said), .../use-secondary-roles (making objects asks the primary role alone). The tests' own user U has every role, and
works with one at a time.
"""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

from tests.emulator.account import Account, Refused
from tests.emulator.names import part
from tests.emulator.statements import Answer, Session, handles

ADMINISTRATOR = "U"
_SECONDARY = re.compile(r"default_secondary_roles\s*=\s*\(\s*('all')?\s*\)", re.IGNORECASE)
_DONE = Answer(["status"], [["Statement executed successfully."]])


def _note_secondary_roles(account: Account, user: str, properties: str | None) -> None:
    if match := _SECONDARY.search(properties or ""):
        (account.with_secondary_roles.add if match[1] else account.with_secondary_roles.discard)(user)


@handles(r"create user( if not exists)? PART(?: (.*))?")
def _create_user(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-user."""
    user = part(match[2])
    if user in account.users:
        if not match[1]:
            raise Refused(f"Object '{user}' already exists.")
        return _DONE
    account.require_creator(session.role, "USER", user)
    account.users.add(user)
    account.create("USER", user, session.role)
    account.with_secondary_roles.add(user)
    _note_secondary_roles(account, user, match[3])
    return _DONE


@handles(r"alter user( if exists)? PART set (.*)")
def _alter_user(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """alter-user: for the owner."""
    user = part(match[2])
    if user not in account.users:
        raise Refused(f"User '{user}' does not exist or not authorized.")
    account.require_grantor(session.role, "OWNERSHIP", "USER", user)
    _note_secondary_roles(account, user, match[3])
    return _DONE


def require_assigned(account: Account, user: str, role: str) -> None:
    """Refuse a role that a user has neither itself nor by inheritance; everybody has PUBLIC.

    https://docs.snowflake.com/en/sql-reference/sql/use-role.
    """
    account.require_role(role)
    if user != ADMINISTRATOR and role not in {"PUBLIC"}.union(
        *(account.roles_of(held) for held in account.roles_of_user(user))
    ):
        raise Refused(
            f"Requested role '{role}' is not assigned to the executing user. Specify another role to activate."
        )


@handles(r"use role PART")
def _use_role(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """use-role."""
    role = part(match[1])
    require_assigned(account, session.user, role)
    session.role = role
    return _DONE


def secondary_roles(account: Account, session: Session) -> str:
    """What current_secondary_roles() tells."""
    held = account.roles_of_user(session.user) if session.user in account.with_secondary_roles else set()
    return json.dumps({"roles": ",".join(sorted(held)), "value": "ALL" if held else ""}, separators=(",", ":"))


async def user_of_login(request: Any) -> str:
    """The user of a login request."""
    body = await request.body()
    if request.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return str(json.loads(body)["data"].get("LOGIN_NAME") or ADMINISTRATOR).upper()
