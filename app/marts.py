"""The marts and tables as one person may see them: the only way for a query to name one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from app.access import Viewer
from app.replica import Snapshot
from app.runtime import Runtime
from loader.clients.registry import Registry
from loader.clients.tables import LOADER_TABLES
from loader.names import ClientKey, quote_text


@dataclass(frozen=True)
class Marts:
    """What a person can read at one moment.

    Args:
        runtime: opens sessions.
        snapshot: what is read.
        viewer: whose clients are seen; no statement reaches a row of another's.

    """

    runtime: Runtime
    snapshot: Snapshot
    viewer: Viewer

    @property
    def key(self) -> str:
        """Another one for other figures, or another set of clients; the cache key of queries."""
        who = "admin" if self.viewer.is_admin else ",".join(sorted(self.viewer.accesses))
        return f"{self.snapshot.key} {hashlib.sha256(who.encode()).hexdigest()[:16]}"

    def mart(self, name: str, schema: str = "marts") -> str:
        """A mart as a relation for a statement: this person's clients; for admins also what is no client's."""
        return f"(select * from {self._schema(schema)}.{name} where {self.own_clients()}) as {name}"

    def shared(self, name: str) -> str:
        """A mart of facts that everybody may know, such as exchange rates, as a relation."""
        return f"{self._schema('marts')}.{name}"

    def of_no_client(self, name: str, schema: str) -> str:
        """A table that belongs to no client, as a relation.

        Args:
            name: of the table.
            schema: that has it.

        Raises:
            NotAllowedError: this person is no admin.

        """
        self.viewer.require_admin()
        return f"{self._schema(schema)}.{name}"

    def own_clients(self, column: str = "client_schema") -> str:
        """The condition that a client is this person's."""
        if self.viewer.is_admin:
            return "1 = 1"
        listed = ", ".join(map(quote_text, sorted(self.viewer.accesses)))
        return f"{column} in ({listed})" if listed else "1 = 0"

    def table(self, client: ClientKey, table: str) -> str:
        """A table of a client as a relation for a statement.

        Raises:
            ClientUnknownError: the client is not this person's.

        """
        self.viewer.require_seeing(client)
        schema_of = self._raw_schema if table in LOADER_TABLES else self._schema
        return f"{schema_of(client.name)}.{table}"

    def onboarded(self) -> set[str]:
        """The client schemas that have tables on this target; the registry may name others, never made here."""
        found = self.frame(self.macro("tables_found", "raw_data_staging"))
        there = set() if found.empty else set(found["schema_name"])
        schemas = [client.client_schema for client in Registry(self.runtime.project).clients()]
        return {schema for schema in schemas if self._raw_schema(schema) in there}

    def are_built(self) -> bool:
        """Whether there are marts to read."""
        return self.has_mart("performance_by_day")

    def has_mart(self, name: str, schema: str = "marts") -> bool:
        """Whether a mart is there; some are on Snowflake alone."""
        if self.snapshot.project is None:
            return False
        with self.runtime.session(self.snapshot) as session:
            return name in session.tables(self._schema(schema))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a statement."""
        with self.runtime.session(self.snapshot) as session:
            return session.rows(sql)

    def frame(self, sql: str, *, exact: bool = False) -> pd.DataFrame:
        """The rows of a statement for the screen, where decimals become floating point; `exact` for a file."""
        with self.runtime.session(self.snapshot) as session:
            names, rows = session.table(sql)
        if exact:
            return pd.DataFrame(rows, columns=names, dtype=object)
        shown = [[float(value) if isinstance(value, Decimal) else value for value in row] for row in rows]
        return pd.DataFrame(shown, columns=names)

    def macro(self, name: str, *arguments: object) -> Any:
        """What a macro of the project gives."""
        return self.runtime.project.macros.call(name, *arguments)

    def _schema(self, name: str) -> str:
        return self.runtime.project.schema_name(name)

    def _raw_schema(self, client_schema: str) -> str:
        return self.runtime.project.raw_schema_name(client_schema)


def literal(value: object) -> str:
    """A value as a literal of SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, date):
        return f"date {quote_text(value.isoformat())}"
    return quote_text(str(value))
