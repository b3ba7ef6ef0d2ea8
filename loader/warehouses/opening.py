"""The one place that knows which warehouses there are."""

from __future__ import annotations

from loader.errors import ProjectError
from loader.project.project import Project
from loader.warehouses.interface import WaitNotice, Warehouse

_WAIT_SECONDS = 300.0


def open_warehouse(
    project: Project, *, wait_seconds: float = _WAIT_SECONDS, on_wait: WaitNotice | None = None
) -> Warehouse:
    """The warehouse of the project's target.

    Args:
        project: the project.
        wait_seconds: how long to wait while another process uses it.
        on_wait: called when the wait begins.

    Raises:
        ProjectError: the loader does not know the target's warehouse.

    """
    wait = wait_seconds, on_wait
    if project.target.type == "duckdb":
        from loader.warehouses.duckdb import DuckDBWarehouse  # noqa: PLC0415 - each warehouse brings its own driver

        return DuckDBWarehouse(project, *wait)
    if project.target.type == "snowflake":
        try:
            from loader.warehouses.snowflake.warehouse import SnowflakeWarehouse  # noqa: PLC0415
        except ImportError as error:
            raise ProjectError(
                f"The target '{project.target.name}' is on Snowflake, but its driver is not installed ({error}).",
                "Install it with: make install",
            ) from error
        return SnowflakeWarehouse(project, *wait)
    raise ProjectError(
        f"The target '{project.target.name}' is of type '{project.target.type}', which the loader does not know.",
        "Use a target of type duckdb or snowflake.",
    )
