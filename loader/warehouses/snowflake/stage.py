"""The originals in a client's stage on Snowflake."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from loader.errors import WarehouseRefusedError
from loader.filesystem import temporary_folder
from loader.warehouses.snowflake.session import SnowflakeSession

_PARALLEL_UPLOADS = 8


def staged_files(session: SnowflakeSession, schema: str) -> list[str]:
    """The originals of a client's stage, by path."""
    return sorted(str(row["name"]).partition("/")[2] for row in session.rows(f"list @{schema}.{schema}_stage"))


def put_original(session: SnowflakeSession, schema: str, path: Path, staged_name: str) -> str:
    """Put an original in the client's stage, compressed, in parts when it is large; where it is now."""
    folder, _, name = staged_name.rpartition("/")
    with temporary_folder() as temporary:
        renamed = temporary / name
        try:
            renamed.hardlink_to(path)
        except OSError:
            shutil.copyfile(path, renamed)
        goal = f"@{schema}.{schema}_stage/{folder}/"
        session.query(
            f"put {session.local_file(str(renamed))} {goal} "
            f"parallel = {_PARALLEL_UPLOADS} auto_compress = true overwrite = true"
        )
    return f"{goal}{name}.gz"


def get_original(session: SnowflakeSession, schema: str, staged_name: str, folder: Path) -> Path:
    """Download an original from the client's stage, as it was before `put` compressed it; where it is now."""
    name = staged_name.rpartition("/")[2]
    staged = staged_name if staged_name.endswith(".gz") else f"{staged_name}.gz"
    with temporary_folder() as temporary:
        session.query(f"get @{schema}.{schema}_stage/{staged} {session.local_file(f'{temporary}/')}")
        fetched = temporary / staged.rpartition("/")[2]
        if not fetched.exists():
            raise WarehouseRefusedError(
                "stage-refused", f"The stage of {schema} has no file {staged_name}.", "Load the file again."
            )
        goal = folder / name
        if name.endswith(".gz"):
            shutil.copyfile(fetched, goal)
        else:
            with gzip.open(fetched) as packed, goal.open("wb") as text:
                shutil.copyfileobj(packed, text)
    return goal
