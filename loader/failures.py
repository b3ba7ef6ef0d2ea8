"""Failed commands in the client's processing_log, with the code that people see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from loader.errors import Spark9Error, WarehouseBusyError
from loader.log import LogEntry, write_log
from loader.names import ClientSchema
from loader.project import Project
from loader.warehouse import open_warehouse

_SECONDS_TO_LOG = 5.0


@contextmanager
def failures_logged(
    project: Project, names: ClientSchema, stage: str, wave: int | None = None, file: Path | None = None
) -> Iterator[None]:
    """Note in the client's log when what is done inside fails; the first error is what counts.

    A warehouse that is busy or can't be reached can't be written to either.

    Args:
        project: from `find_project()`.
        names: the client.
        stage: what the log calls it.
        wave: the wave that it is about.
        file: the file that it is about.

    """
    try:
        yield
    except WarehouseBusyError:
        raise
    except Spark9Error as error:
        entry = LogEntry(
            stage,
            "failed",
            wave,
            file_name=file.name if file else None,
            error_code=error.code,
            error_message=error.problem,
        )
        schema = project.schema_name(names.name)
        with suppress(Exception), open_warehouse(project, _SECONDS_TO_LOG).session() as session:
            if "processing_log" in session.tables(schema):
                write_log(session, schema, [entry])
        raise
