"""What an account keeps beside its tables: roles, grants, warehouses and other objects, and questions about them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

SYSTEM_ROLES = ("ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN", "SYSADMIN", "PUBLIC")
# https://docs.snowflake.com/en/user-guide/security-access-control-overview#system-defined-roles
_SYSTEM_HIERARCHY = (("SYSADMIN", "ACCOUNTADMIN"), ("SECURITYADMIN", "ACCOUNTADMIN"), ("USERADMIN", "SECURITYADMIN"))
_SYSTEM_PRIVILEGES = (
    ("CREATE DATABASE", "SYSADMIN"),
    ("CREATE WAREHOUSE", "SYSADMIN"),
    ("CREATE ROLE", "USERADMIN"),
    ("CREATE USER", "USERADMIN"),
    ("CREATE RESOURCE MONITOR", "ACCOUNTADMIN"),
    ("MANAGE GRANTS", "SECURITYADMIN"),
)


class Refused(Exception):  # noqa: N818 - what the account answers, not a fault of the emulator
    """A statement that the account refuses, as Snowflake would."""


@dataclass(frozen=True, order=True)
class Grant:
    """A privilege on an object, held by a role. `kind` is TABLE, SCHEMA, ...; `name` has all its parts."""

    privilege: str
    kind: str
    name: str
    role: str


@dataclass
class Account:
    """The bookkeeping. One lock: the server answers requests in threads."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    roles: set[str] = field(default_factory=lambda: set(SYSTEM_ROLES))
    users: set[str] = field(default_factory=lambda: {"U"})
    with_secondary_roles: set[str] = field(default_factory=set)
    grants: set[Grant] = field(
        default_factory=lambda: {Grant(name, "ACCOUNT", "ACCOUNT", role) for name, role in _SYSTEM_PRIVILEGES}
    )
    grant_options: set[Grant] = field(default_factory=set)
    future_grants: set[Grant] = field(default_factory=set)
    role_members: set[tuple[str, str, str]] = field(
        default_factory=lambda: {(role, "ROLE", to) for role, to in _SYSTEM_HIERARCHY}
    )
    objects: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    # a number for each object that is made, by which one is told from another of its name
    made: int = 0
    # how dates and timestamps are written where no format is given, in DuckDB's form
    formats: dict[str, str] = field(
        default_factory=lambda: {
            "DATE_OUTPUT_FORMAT": "%Y-%m-%d",
            "TIMESTAMP_NTZ_OUTPUT_FORMAT": "%Y-%m-%d %H:%M:%S.%g",
        }
    )
    # statements of this form are cancelled, as by a time-out or a resource monitor
    cancels: str = ""
    database_comments: dict[str, str] = field(default_factory=dict)
    # of each statement: text, session, user, role, how it ended, error
    history: list[list[str | None]] = field(default_factory=list)

    def require_role(self, role: str) -> None:
        """Refuse a role that does not exist."""
        if role not in self.roles:
            raise Refused(f"Role '{role}' does not exist or not authorized.")

    def holds(self, role: str, privilege: str, kind: str, name: str) -> bool:
        """Whether a role has a privilege on an object, itself or inherited; owning the object is having it."""
        if role == "ACCOUNTADMIN":
            return True
        return any(
            grant.privilege in (privilege, "OWNERSHIP") and (grant.kind, grant.name) == (kind, name)
            for grant in self.privileges(role)
        )

    def require_creator(self, role: str, kind: str, name: str) -> None:
        """Refuse unless the role may make an object of a kind where its name says: in a schema, database or account."""
        outer = name.partition("(")[0].rpartition(".")[0]
        container = {0: ("ACCOUNT", "ACCOUNT"), 1: ("DATABASE", outer), 2: ("SCHEMA", outer)}[name.count(".")]
        if not self.holds(role, f"CREATE {kind}", *container):
            raise Refused(f"{role} has no CREATE {kind} on {' '.join(container)}.")

    def require_grantor(self, role: str, privilege: str, kind: str, name: str) -> None:
        """Refuse unless the role may give a privilege on an object.

        It may when it manages grants, owns the object, owns the schema (all of this project's have managed access), or
        has the privilege with grant option: https://docs.snowflake.com/en/sql-reference/sql/grant-privilege.
        """
        schema = name if kind == "SCHEMA" else name.partition("(")[0].rpartition(".")[0]
        with_option = {option for option in self.grant_options if option.role in self.roles_of(role)}
        if not (
            self.holds(role, "MANAGE GRANTS", "ACCOUNT", "ACCOUNT")
            or self.holds(role, "OWNERSHIP", kind, name)
            or self.holds(role, "OWNERSHIP", "SCHEMA", schema)
            or any((option.privilege, option.kind, option.name) == (privilege, kind, name) for option in with_option)
        ):
            raise Refused(f"{role} may not give {privilege} on {kind} {name}.")

    def owner(self, kind: str, name: str) -> str:
        """The role that owns an object."""
        key = ("OWNERSHIP", kind, name)
        return next(grant.role for grant in self.grants if (grant.privilege, grant.kind, grant.name) == key)

    def create(self, kind: str, name: str, owner: str, **properties: str) -> None:
        """Note a new object: its owner, and what future grants of its schema give."""
        self._put(kind, name, owner, properties)
        schema = name.rpartition(".")[0]
        for grant in self.future_grants:
            if grant.kind == kind and grant.name == f"{schema}.<{kind}>":
                self.grants.add(Grant(grant.privilege, kind, name, grant.role))

    def _put(self, kind: str, name: str, owner: str, properties: dict[str, str]) -> None:
        self.drop(kind, name)
        self.made += 1
        self.objects[kind, name] = {**properties, "MADE": str(self.made)}
        self.grants.add(Grant("OWNERSHIP", kind, name, owner))

    def replace(self, kind: str, name: str, owner: str, *, copy_grants: bool) -> None:
        """Note that an object took the place of another of its name, or is made by a statement that could replace one.

        With COPY GRANTS it "does not inherit any future grants", whether there was another or not:
        https://docs.snowflake.com/en/sql-reference/sql/create-table.
        """
        if not copy_grants:
            self.create(kind, name, owner)
            return
        kept = {grant for grant in self.grants if (grant.kind, grant.name) == (kind, name)}
        self._put(kind, name, owner, {})
        self.grants |= {grant for grant in kept if grant.privilege != "OWNERSHIP"}

    def drop(self, kind: str, name: str) -> None:
        """Forget an object, what is in it, and the grants on all of these."""

        def is_gone(other_kind: str, other: str) -> bool:
            return (other_kind, other) == (kind, name) or (
                # of a table: the policies and tags of its columns
                (kind in ("SCHEMA", "DATABASE") or (kind == "TABLE" and other_kind.endswith("OF COLUMN")))
                and other.startswith(f"{name}.")
            )

        self.objects = {key: value for key, value in self.objects.items() if not is_gone(*key)}
        self.grants = {grant for grant in self.grants if not is_gone(grant.kind, grant.name)}
        self.future_grants = {grant for grant in self.future_grants if not is_gone(grant.kind, grant.name)}

    def drop_role(self, role: str) -> None:
        """Forget a role, what it holds and who has it."""
        self.require_role(role)
        self.roles.discard(role)
        self.grants = {grant for grant in self.grants if grant.role != role}
        self.future_grants = {grant for grant in self.future_grants if grant.role != role}
        self.role_members = {member for member in self.role_members if role not in (member[0], member[2])}

    def names_in(self, kind: str, schema: str) -> list[str]:
        """The objects of a kind in a schema."""
        return sorted(name for known, name in self.objects if known == kind and name.rpartition(".")[0] == schema)

    def roles_of(self, role: str) -> set[str]:
        """The role itself and all roles that it inherits."""
        found = {role}
        while True:
            more = {inner for inner, to, outer in self.role_members if to == "ROLE" and outer in found} - found
            if not more:
                return found
            found |= more

    def roles_of_user(self, user: str) -> set[str]:
        """The roles that were granted to a user directly."""
        return {role for role, kind, to in self.role_members if (kind, to) == ("USER", user)}

    def active_roles(self, user: str, role: str) -> set[str]:
        """The session's role, and the user's others where all of them count."""
        return {role} | (self.roles_of_user(user) if user in self.with_secondary_roles else set())

    def privileges(self, role: str) -> Iterator[Grant]:
        """Every grant that a role holds, its own and inherited ones."""
        roles = self.roles_of(role)
        return (grant for grant in sorted(self.grants) if grant.role in roles)
