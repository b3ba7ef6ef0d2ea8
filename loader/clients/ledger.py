"""A client's ledger: what `spark9 rebuild` needs beside the originals, in one small file of the stage.

It has what people decided and answered, the waves' names, the order and time of loads, their mappings, and the log.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loader.clients.registry import RegisteredClient
from loader.filesystem import sha256_of, temporary_folder
from loader.project.project import Project
from loader.warehouses.interface import Session, Warehouse
from loader.workspace import Workspace

LEDGER = "ledger.jsonl.gz"
Ledger = Mapping[str, list[dict[str, Any]]]


def write_ledger(project: Project, client: RegisteredClient, session: Session, warehouse: Warehouse) -> bool:
    """Put the ledger of a client in its stage, in place of the one before; whether that could be done.

    What is in the tables has taken effect already, so nothing here may call it failed: the next change writes it again.

    Args:
        project: from `find_project()`.
        client: the registry's row, which is part of it.
        session: of the warehouse, outside of any transaction.
        warehouse: has the stage.

    """
    schema = project.raw_schema_name(client.client_schema)
    try:
        entries = session.query(project.macros.call("ledger_sql", schema))
        lines = [json.dumps({"table": "client", "entry": asdict(client)})]
        lines += [f'{{"table": "{table}", "entry": {entry}}}' for table, entry in entries]
        with temporary_folder() as folder:
            path = folder / LEDGER
            path.write_bytes(gzip.compress("\n".join(lines).encode(), compresslevel=1, mtime=0))
            warehouse.stage_file(schema, path, LEDGER, sha256_of(path))
    except Exception:
        return False
    return True


def write_ledgers(workspace: Workspace, clients: Iterable[RegisteredClient]) -> None:
    """Have the stage say what the tables say, whoever changed them; on a warehouse of files only.

    Args:
        workspace: from `open_workspace()`.
        clients: those without tables are passed over.

    """
    warehouse = workspace.warehouse
    if not warehouse.is_on_this_machine or not workspace.macros.call("owns_raw_rows"):
        return
    with warehouse.session() as session:
        for client in clients:
            if "processing_log" in session.tables(workspace.raw_schema_name(client.client_schema)):
                write_ledger(workspace, client, session, warehouse)


def read_ledger(path: Path) -> Ledger:
    """The entries of a ledger by table: the loader's, 'loads', 'other_rows' and 'client', each a mapping by column.

    Raises:
        OSError: it can't be read.
        ValueError: it is damaged.

    """
    found: dict[str, list[dict[str, Any]]] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                found.setdefault(row["table"], []).append(row["entry"])
    except (EOFError, KeyError, gzip.BadGzipFile) as error:
        raise ValueError(str(error)) from error
    return found
