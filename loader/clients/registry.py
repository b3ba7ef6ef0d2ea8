"""The registry: seeds/clients.csv and seeds/client_access.csv, and what is generated from them.

Every write is whole or not at all (a new file put in the old one's place), and one process writes at a time.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from loader.clients import generated
from loader.clients.registry_files import check_day, check_value, read_rows
from loader.errors import ClientUnknownError, NameRefusedError
from loader.filesystem import write_atomically
from loader.names import ClientKey, client_schema
from loader.project.project import Project

ACTIVE = "active"
ARCHIVED = "archived"
# the later value counts, both count, or the load is refused
RESTATEMENTS = ("supersede", "both", "refuse")
# the finest export without a breakdown counts, all count, or the load is refused
OVERLAPS = ("finest", "both", "refuse")
# what each policy means, for people
POLICY_MEANINGS = {
    "supersede": "the later value counts",
    "finest": "the finest export without a breakdown counts",
    "both": "both count",
    "refuse": "the later file is refused",
}
ACCESS_LEVELS = ("owner", "reader")
_LONGEST_BRAND = 80
# how many clients an unknown one is told, and how alike, of 100, one is that was probably meant
_MOST_NAMED, _LEAST_ALIKE = 5, 85
_USER = re.compile(r"[\w.@+$'-]{1,255}")
_SCHEMA = re.compile(r"client_[a-z0-9_]+")


@dataclass(frozen=True)
class RegisteredClient:
    """One row of seeds/clients.csv.

    Args:
        restatement: what happens when a later export has the same days and ads: one of RESTATEMENTS.
        overlap: what happens when exports have the same days and campaigns at different levels, by different
            breakdowns or over different periods: one of OVERLAPS.
        brand: what the client is called across platforms and years.

    """

    client_schema: str
    client: str
    platform: str
    year: int
    status: str
    added_on: str
    restatement: str = "supersede"
    overlap: str = "finest"
    brand: str = ""

    @property
    def key(self) -> ClientKey:
        """The checked parts."""
        return client_schema(self.client, self.platform, self.year)

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> RegisteredClient:
        """A line of the file, which people may have edited.

        Raises:
            NameRefusedError: a value breaks its rule.

        """
        key = client_schema(row["client"], row["platform"], row["year"])
        client = cls(**{**row, "year": key.year, "brand": row.get("brand") or key.client})  # type: ignore[arg-type]
        check_value("client_schema", client.client_schema, [key.name])
        check_value("status", client.status, [ACTIVE, ARCHIVED])
        check_value("restatement", client.restatement, RESTATEMENTS)
        check_value("overlap", client.overlap, OVERLAPS)
        check_day("added_on", client.added_on)
        _check_brand(client.brand)
        return client


@dataclass(frozen=True)
class Access:
    """One row of seeds/client_access.csv: a person who may use a client's schema.

    Args:
        access: 'owner' (all on its tables) or 'reader'.

    """

    client_schema: str
    user_name: str
    access: str
    granted_on: str

    @property
    def identity(self) -> tuple[str, str]:
        """The schema and the person; names of mail addresses are the same in any case."""
        return self.client_schema, self.user_name.casefold()

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Access:
        """A line of the file, which people may have edited.

        Raises:
            NameRefusedError: a value breaks its rule.

        """
        access = cls(**row)
        if not _SCHEMA.fullmatch(access.client_schema):
            raise NameRefusedError(f"'{access.client_schema}' is not the schema of a client.")
        _check_access(access.user_name, access.access)
        check_day("granted_on", access.granted_on)
        return access


class Registry:
    """Reads and writes the registry of a project."""

    def __init__(self, project: Project) -> None:
        """Nothing is read yet."""
        self._project = project
        self._clients_file = project.seeds / "clients.csv"
        self._access_file = project.seeds / "client_access.csv"

    def clients(self) -> list[RegisteredClient]:
        """All clients, archived ones too, by schema."""
        rows: list[RegisteredClient] = read_rows(
            self._clients_file, RegisteredClient, lambda client: client.client_schema
        )
        return sorted(rows, key=lambda client: client.client_schema)

    def active_clients(self) -> list[RegisteredClient]:
        """The clients that are built."""
        return [client for client in self.clients() if client.status == ACTIVE]

    def get(self, client: ClientKey, *, archived_too: bool = False) -> RegisteredClient:
        """The registry's row of a client.

        Raises:
            ClientUnknownError: it is not there, or archived.

        """
        add_command = f"spark9 client add {client}"
        for row in self.clients():
            if row.client_schema == client.name:
                if row.status == ARCHIVED and not archived_too:
                    raise ClientUnknownError(f"{client} is archived.", f"Restore it with: {add_command}")
                return row
        raise ClientUnknownError(
            f"{client} is not in the registry ({self._clients_file.name}).{self._nearest(client)}",
            f"See `spark9 client list`, or add it with: {add_command}",
        )

    def _nearest(self, client: ClientKey) -> str:
        """The clients whose names are nearest, as sentences behind that one is unknown."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only who misspells a client needs it

        names = [str(row.key) for row in self.clients()]
        near = process.extract(str(client), names, scorer=fuzz.ratio, limit=_MOST_NAMED)
        if not near:
            return " It has no client yet."
        meant = f" Did you mean {near[0][0]}?" if near[0][1] >= _LEAST_ALIKE else ""
        more = f" and {len(names) - len(near)} more" if len(names) > len(near) else ""
        return f"{meant} The registry has {', '.join(name for name, *_ in near)}{more}."

    def add(self, client: ClientKey) -> bool:
        """Put a client in the registry, active, and generate its models folder; true if it was not there."""
        with self._lock():
            clients = {row.client_schema: row for row in self.clients()}
            known = clients.get(client.name)
            is_new = known is None or known.status != ACTIVE
            if known is None:
                brand = next((row.brand for row in clients.values() if row.client == client.client), client.client)
                clients[client.name] = RegisteredClient(
                    client.name, client.client, client.platform, client.year, ACTIVE, today(), brand=brand
                )
            elif is_new:
                clients[client.name] = replace(known, status=ACTIVE)
            self._write_clients(clients.values(), [client.name])
        return is_new

    def set_policies(self, client: ClientKey, restatement: str | None, overlap: str | None) -> bool:
        """Record what happens to restated and overlapping rows of a client; true if that is a change.

        Args:
            client: the client.
            restatement: one of RESTATEMENTS; none to leave it.
            overlap: one of OVERLAPS; none to leave it.

        Raises:
            NameRefusedError: a policy is not one of those.
            ClientUnknownError: the client is not in the registry.

        """
        for policy, allowed in ((restatement, RESTATEMENTS), (overlap, OVERLAPS)):
            if policy is not None and policy not in allowed:
                raise NameRefusedError(f"The policy '{policy}' is not one of {', '.join(allowed)}.")
        with self._lock():
            known = self.get(client)
            wanted = replace(known, restatement=restatement or known.restatement, overlap=overlap or known.overlap)
            self._change(client, restatement=wanted.restatement, overlap=wanted.overlap)
        return known != wanted

    def set_brand(self, client: ClientKey, brand: str) -> bool:
        """Record what a client is called across platforms and years, for all of its schemas; true if that is a change.

        Args:
            client: one of the client's schemas.
            brand: 1 to 80 characters on one line.

        Raises:
            NameRefusedError: it is empty, too long, or has control characters.
            ClientUnknownError: the client is not in the registry.

        """
        brand = " ".join(brand.split())
        _check_brand(brand)
        with self._lock():
            self.get(client, archived_too=True)
            before = self.clients()
            after = [replace(row, brand=brand) if row.client == client.client else row for row in before]
            self._write_clients(after, [])
        return after != before

    def archive(self, client: ClientKey) -> None:
        """Exclude a client from builds and loads; its tables are kept."""
        with self._lock():
            self.get(client, archived_too=True)
            self._change(client, status=ARCHIVED)

    def remove(self, client: ClientKey) -> None:
        """Remove a client, and its grants, from the registry."""
        with self._lock():
            self._write_accesses(access for access in self.accesses() if access.client_schema != client.name)
            self._write_clients((row for row in self.clients() if row.client_schema != client.name), [])

    def accesses(self, client: ClientKey | None = None) -> list[Access]:
        """Who may use what; of one client, or of all."""
        rows: list[Access] = read_rows(self._access_file, Access, lambda row: row.identity)
        return sorted(
            (row for row in rows if client is None or row.client_schema == client.name),
            key=lambda row: (row.client_schema, row.user_name),
        )

    def grant(self, client: ClientKey, user_name: str, access: str) -> bool:
        """Record that a person may use a client's schema; true if that is a change.

        Raises:
            NameRefusedError: no user name, or an unknown access.

        """
        self.check_grant(client, user_name, access)
        with self._lock():
            rows = {row.identity: row for row in self.accesses()}
            wanted = Access(client.name, user_name.strip(), access, today())
            known = rows.get(wanted.identity)
            if known is not None and known.access == access:
                return False
            rows[wanted.identity] = wanted
            self._write_accesses(rows.values())
        return True

    def check_grant(self, client: ClientKey, user_name: str, access: str) -> None:
        """Check what `grant` would write, without writing it.

        Raises:
            NameRefusedError: no user name, or an unknown access.
            ClientUnknownError: the client is not in the registry.

        """
        _check_access(user_name.strip(), access)
        self.get(client, archived_too=True)

    def held(self, client: ClientKey, user_name: str) -> list[Access]:
        """The access that a person has to a client's schema: one, or none."""
        return [row for row in self.accesses(client) if row.user_name.casefold() == user_name.strip().casefold()]

    def revoke(self, client: ClientKey, user_name: str) -> bool:
        """Revoke a person's access to a client's schema; true if there was any."""
        with self._lock():
            self.get(client, archived_too=True)
            held = self.held(client, user_name)
            self._write_accesses(row for row in self.accesses() if row not in held)
        return bool(held)

    def differences(self) -> list[str]:
        """Where generated files and registry differ, one sentence each; none when all is as it should be."""
        clients = self.clients()
        schemas = {client.client_schema for client in clients}
        strays = [row for row in self.accesses() if row.client_schema not in schemas]
        return generated.differences(self._project, self._content(clients)) + [
            f"seeds/{self._access_file.name} gives {row.user_name} {row.client_schema}, which is not in the registry"
            for row in strays
        ]

    def regenerate(self) -> None:
        """Regenerate every generated file, and remove folders of clients that are not active."""
        with self._lock():
            self._write_clients(self.clients())

    @contextmanager
    def _lock(self) -> Iterator[None]:
        from filelock import FileLock  # noqa: PLC0415 - brings asyncio, and few commands write the registry

        with FileLock(self._project.root / ".spark9.lock", timeout=60):
            yield

    def _change(self, client: ClientKey, **changes: str) -> None:
        """Write fields of one client; the others stay as they are."""
        self._write_clients(
            (
                replace(row, **changes) if row.client_schema == client.name else row  # type: ignore[arg-type]
                for row in self.clients()
            ),
            [client.name],
        )

    def _write_clients(self, clients: Iterable[RegisteredClient], changed: Collection[str] | None = None) -> None:
        rows = sorted(clients, key=lambda client: client.client_schema)
        _write_rows(self._clients_file, map(asdict, rows), [field.name for field in fields(RegisteredClient)])
        generated.write(self._project, self._content(rows), changed)

    def _content(self, clients: Sequence[RegisteredClient]) -> generated.RegistryContent:
        return generated.RegistryContent(
            clients=[client.key for client in clients if client.status == ACTIVE],
            policies={client.client_schema: (client.restatement, client.overlap) for client in clients},
            archived=[client.key for client in clients if client.status == ARCHIVED],
            accesses=[(row.client_schema, row.user_name, row.access) for row in self.accesses()],
        )

    def _write_accesses(self, accesses: Iterable[Access]) -> None:
        rows = sorted(accesses, key=lambda row: (row.client_schema, row.user_name))
        _write_rows(self._access_file, map(asdict, rows), [field.name for field in fields(Access)])
        generated.write(self._project, self._content(self.clients()), [])


def today() -> str:
    """The current day in UTC, as the registry writes it."""
    return datetime.now(UTC).date().isoformat()


def _check_brand(brand: str) -> None:
    if not brand.isprintable() or not 1 <= len(brand) <= _LONGEST_BRAND:
        raise NameRefusedError(f"The brand '{brand}' must have 1 to {_LONGEST_BRAND} printable characters.")


def _check_access(user_name: str, access: str) -> None:
    if not _USER.fullmatch(user_name):
        raise NameRefusedError(f"The user '{user_name}' is not a valid name: an e-mail address or login.")
    if access not in ACCESS_LEVELS:
        raise NameRefusedError(f"The access '{access}' is not one of {', '.join(ACCESS_LEVELS)}.")


def _write_rows(path: Path, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(path, text.getvalue())
