"""Python models of dbt: an anonymous procedure, with the part of Snowpark that they use.

https://docs.snowflake.com/en/sql-reference/sql/call-with and .../developer-guide/snowpark/reference/python (Session,
DataFrame). A frame of pandas goes through a temporary table, a stage and a file format, and its names keep their case
(write_pandas: quote_identifiers).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fakesnow.cursor import FakeSnowflakeCursor

from tests.emulator.account import Account, Refused
from tests.emulator.names import NAME
from tests.emulator.statements import Session, full_name, plain

_CALL = re.compile(
    rf"with\s+({NAME})\s+as\s+procedure\s*\(\)\s*returns\s+string\s+language\s+python\s+runtime_version\s*=\s*'([\d.]+)'"
    r"\s+packages\s*=\s*\([^)]*\)\s+handler\s*=\s*'main'\s+execute\s+as\s+caller\s+as\s+\$\$(.*)\$\$\s*call\s.*",
    re.IGNORECASE | re.DOTALL,
)
# https://docs.snowflake.com/en/developer-guide/stored-procedure/python/procedure-python-overview
_RUNTIMES = ("3.10", "3.11", "3.12", "3.13")
Execute = Callable[[FakeSnowflakeCursor, str], Any]


def procedure_of(sql: str) -> re.Match[str] | None:
    """The call of an anonymous Python procedure; none when the statement is another one."""
    return _CALL.fullmatch(plain(sql))


class Rows:
    """The part of snowflake.snowpark.DataFrame that is asked for."""

    def __init__(self, session: SnowparkSession, sql: str) -> None:
        """Nothing is asked yet."""
        self._session = session
        self.sql = sql
        self._mode = ""

    def filter(self, condition: str) -> Rows:
        """Rows for which a condition holds."""
        return Rows(self._session, f"select * from ({self.sql}) as rows_before where {condition}")

    def count(self) -> int:
        """How many there are."""
        return int(self._session.run(f"select count(*) from ({self.sql}) as counted").fetchall()[0][0])

    def to_pandas(self) -> Any:
        """A frame, with upper-case names."""
        frame = self._session.run(self.sql).fetch_pandas_all()
        return frame.rename(columns=str.upper)

    @property
    def write(self) -> Rows:
        """What writes them."""
        return self

    def mode(self, mode: str) -> Rows:
        """Only 'overwrite' is written out here."""
        if mode != "overwrite":
            raise NotImplementedError(mode)
        return self

    def save_as_table(self, name: str, table_type: str = "") -> None:
        """Make a table of them."""
        self._session.run(f"create or replace {table_type} table {name} as {self.sql}")


class SnowparkSession:
    """The part of snowflake.snowpark.Session that is asked for."""

    def __init__(self, account: Account, cursor: FakeSnowflakeCursor, session: Session, execute: Execute) -> None:
        """Work with the caller's session and rights."""
        self._account = account
        self._cursor = cursor
        self._session = session
        self._execute = execute
        self._schema = ""

    def run(self, sql: str) -> FakeSnowflakeCursor:
        """Run a statement with the caller's rights."""
        cursor = self._cursor._conn.cursor()
        self._execute(cursor, sql)
        return cursor

    def table(self, name: str) -> Rows:
        """The rows of a table."""
        return Rows(self, f"select * from {name}")

    def use_database(self, _name: str) -> None:
        """There is one."""

    def use_schema(self, name: str) -> None:
        """Where temporary objects are made."""
        self._schema = full_name(self._session, "SCHEMA", name)

    def createDataFrame(self, frame: Any) -> Rows:  # noqa: N802 - Snowpark's name
        """A temporary table of a frame, for which a stage and a file format are made."""
        for kind in ("TABLE", "STAGE", "FILE FORMAT"):
            self._account.require_creator(self._session.role, kind, f"{self._schema}.SNOWPARK_TEMP")
        # DuckDB tells no case apart: a name that is not upper case gets another one
        self._cursor._duck_conn.register(
            "SNOWPARK_TEMP",
            frame.rename(columns=lambda name: name if name == name.upper() else f"{name} as it is written"),
        )
        return Rows(self, "select * from SNOWPARK_TEMP")


def call(
    account: Account, cursor: FakeSnowflakeCursor, session: Session, match: re.Match[str], execute: Execute
) -> str:
    """Run the procedure; what it returns.

    Raises:
        Refused: there is no such version of Python.

    """
    if match[2] not in _RUNTIMES:
        raise Refused(f"Python {match[2]} is not supported; choose one of {', '.join(_RUNTIMES)}.")
    names: dict[str, Any] = {"__name__": "procedure"}
    exec(compile(match[3], str(match[1]), "exec"), names)  # noqa: S102 - that is what it is for
    return str(names["main"](SnowparkSession(account, cursor, session, execute)))
