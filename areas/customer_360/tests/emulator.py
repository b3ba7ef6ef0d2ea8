"""Shares: what other accounts are given of this one.

Each handler names the page of Snowflake's documentation that it follows, under https://docs.snowflake.com/en/sql-reference/sql/.
"""

from __future__ import annotations

import re

from tests.emulator import privileges
from tests.emulator.account import Account, Grant, Refused
from tests.emulator.names import NAME, part
from tests.emulator.statements import NOTES, REWRITES, Answer, Session, full_name, handles

_SECURE = re.compile(
    rf"\s*(?:/\*.*?\*/)?\s*(create(?: or replace)?)\s+secure\s+view\s+({NAME})", re.IGNORECASE | re.DOTALL
)
_DONE = Answer(["status"], [["Statement executed successfully."]])


def plain_view(_account: Account, _session: Session, sql: str) -> str:
    """create-view: a secure view as one that fakesnow makes."""
    return _SECURE.sub(r"\1 view \2", sql, count=1)


def note_secure(account: Account, session: Session, sql: str) -> None:
    """Note of a view that it was made secure."""
    if match := _SECURE.match(sql):
        account.objects["VIEW", full_name(session, "VIEW", match[2])]["SECURE"] = "true"


def _share(account: Account, name: str) -> str:
    share = part(name)
    if ("SHARE", share) not in account.objects:
        raise Refused(f"Share '{share}' does not exist or not authorized.")
    return share


@handles(r"create share( if not exists)? PART(?: comment ?= ?'.*')?")
def _create_share(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """create-share: for ACCOUNTADMIN, or who has CREATE SHARE."""
    share = part(match[2])
    if not account.holds(session.role, "CREATE SHARE", "ACCOUNT", "ACCOUNT"):
        raise Refused(f"{session.role} has no CREATE SHARE on ACCOUNT.")
    if ("SHARE", share) not in account.objects:
        account.create("SHARE", share, session.role, ACCOUNTS="")
    elif not match[1]:
        raise Refused(f"Object '{share}' already exists.")
    return _DONE


@handles(r"drop share( if exists)? PART")
def _drop_share(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """drop-share: its grants go with it."""
    share = part(match[2])
    if not match[1]:
        _share(account, share)
    account.drop("SHARE", share)
    account.grants = {grant for grant in account.grants if grant.role != f"<SHARE {share}>"}
    return _DONE


@handles(r"grant (usage|select) on (database|schema|view|table) NAME to share PART")
def _grant_to_share(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """grant-privilege-share: of views only secure ones, and in a schema and database that the share may use."""
    kind, share = match[2].upper(), _share(account, match[4])
    name = full_name(session, kind, match[3])
    if (kind, name) not in account.objects:
        raise Refused(f"{kind.title()} '{name}' does not exist or not authorized.")
    if kind == "VIEW" and account.objects[kind, name].get("SECURE") != "true":
        raise Refused(f"Non-secure object '{name}' can't be granted to the share '{share}'.")
    outer = name.split(".")
    for held in [("DATABASE", outer[0]), ("SCHEMA", ".".join(outer[:2]))][: len(outer) - 1]:
        if Grant("USAGE", *held, f"<SHARE {share}>") not in account.grants:
            raise Refused(f"Share '{share}' has no USAGE on {' '.join(held)}.")
    privileges.require(account, session, match[1].upper(), kind, name)
    account.grants.add(Grant(match[1].upper(), kind, name, f"<SHARE {share}>"))
    return _DONE


@handles(r"alter share PART set accounts ?= ?([\w., ]+)")
def _alter_share(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """alter-share."""
    share = _share(account, match[1])
    account.objects["SHARE", share]["ACCOUNTS"] = ", ".join(name.strip().upper() for name in match[2].split(","))
    return _DONE


@handles(r"show shares like '(.*)'")
def _show_shares(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-shares."""
    rows: list[list[str | None]] = [
        [name, properties["ACCOUNTS"]]
        for (kind, name), properties in sorted(account.objects.items())
        if kind == "SHARE" and name == match[1].upper()
    ]
    return Answer(["name", "to"], rows)


@handles(r"show grants to share PART")
def _show_grants(account: Account, _session: Session, match: re.Match[str]) -> Answer:
    """show-grants."""
    share = _share(account, match[1])
    rows: list[list[str | None]] = [
        [grant.privilege, grant.kind, grant.name]
        for grant in sorted(account.grants)
        if grant.role == f"<SHARE {share}>"
    ]
    return Answer(["privilege", "granted_on", "name"], rows)


REWRITES.append(plain_view)
NOTES.append(note_secure)
