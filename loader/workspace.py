"""A project at work: its warehouse, and how to wait for it. The one place that knows which warehouses there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from loader.errors import ProjectError, WarehouseRefusedError
from loader.project.project import Project
from loader.project.project import find_project as _found
from loader.warehouses.interface import FileWarehouse, WaitNotice, Warehouse


@dataclass(frozen=True)
class Workspace(Project):
    """What every command works in; make it with `open_workspace()`.

    Args:
        wait_seconds: how long to wait for a warehouse that another process uses.
        on_wait: called when the wait begins.

    """

    wait_seconds: float = 300.0
    on_wait: WaitNotice | None = None

    def __reduce__(self) -> tuple[Callable[..., Workspace], tuple[object, ...]]:
        """As of Project; the callback for waits is dropped."""
        return _reopened, (*super().__reduce__(), self.wait_seconds)

    def waiting(self, wait_seconds: float, on_wait: WaitNotice | None = None) -> Workspace:
        """The same, with another patience."""
        return replace(self, wait_seconds=wait_seconds, on_wait=on_wait)

    @property
    def file_warehouse(self) -> FileWarehouse:
        """The warehouse, where its database is one file.

        Raises:
            WarehouseRefusedError: it is not.

        """
        if self.target.type != "duckdb":
            raise WarehouseRefusedError(
                "no-database-file",
                f"The target '{self.target.name}' is on {self.target.type}, whose database is not a file of yours.",
                "Snowflake keeps earlier states itself: spark9 undo, and docs/runbooks.",
            )
        from loader.warehouses.duckdb import DuckDBWarehouse  # noqa: PLC0415

        return DuckDBWarehouse(self, self.wait_seconds, self.on_wait)

    def with_database(self, file: Path) -> Workspace:
        """The same project on another database file, with the stage that it has."""
        settings = {**self.target.settings, "path": str(file)}
        return replace(self, target=replace(self.target, settings=settings, loader_settings=settings))

    @property
    def warehouse(self) -> Warehouse:
        """The warehouse of the target, for one command: each has its own connection.

        Raises:
            ProjectError: the loader does not know the target's warehouse.

        """
        if self.target.type == "duckdb":
            from loader.warehouses.duckdb import DuckDBWarehouse  # noqa: PLC0415 - each brings its own driver

            return DuckDBWarehouse(self, self.wait_seconds, self.on_wait)
        if self.target.type == "snowflake":
            try:
                from loader.warehouses.snowflake.warehouse import SnowflakeWarehouse  # noqa: PLC0415
            except ImportError as error:
                raise ProjectError(
                    f"The target '{self.target.name}' is on Snowflake, but its driver is not installed ({error}).",
                    "Install it with: make install",
                ) from error
            return SnowflakeWarehouse(self, self.wait_seconds, self.on_wait)
        raise ProjectError(
            f"The target '{self.target.name}' is of type '{self.target.type}', which the loader does not know.",
            "Use a target of type duckdb or snowflake.",
        )


def open_workspace(
    project_dir: Path | None = None,
    target: str | None = None,
    *,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> Workspace:
    """Find the project and the target to work on; see `find_project()`. Nothing is connected yet.

    Args:
        project_dir: the project's folder, or none to look for it.
        target: an output of the profile, or none for its default.
        wait_seconds: see Workspace.
        on_wait: likewise.

    """
    return as_workspace(_found(project_dir, target)).waiting(wait_seconds, on_wait)


def as_workspace(project: Project) -> Workspace:
    """A project that was found already, as a workspace."""
    return Workspace(project.root, project.target)


def _reopened(find: Callable[..., Project], values: tuple[object, ...], wait_seconds: float) -> Workspace:
    return as_workspace(find(*values)).waiting(wait_seconds)


# its name before 0.2
find_project = open_workspace
