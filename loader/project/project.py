"""The dbt project that the loader works in: its folders, its macros, and the target that dbt uses too.

Connection settings are in profiles.yml only; the loader reads the same target as dbt does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from loader.errors import ProjectError, WaveRefusedError
from loader.project.macros import MacroLibrary
from loader.project.profile import Target, profiles_file, read_target, read_yaml

PROJECT_FILE = "dbt_project.yml"


@dataclass(frozen=True)
class Project:
    """A project folder with the target that commands work on; make it with `find_project()`."""

    root: Path
    target: Target

    def __reduce__(self) -> tuple[Callable[..., Project], tuple[object, ...]]:
        """In another process it is looked up again, so that no secret is passed on; a DuckDB target keeps its file."""
        settings = self.target.settings
        mode = (settings.get("config_options") or {}).get("access_mode")
        of_file = {"path": str(settings["path"])} if self.target.type == "duckdb" else {}
        return _found_again, (self.root, self.target.name, of_file, mode and str(mode))

    @property
    def seeds(self) -> Path:
        """The folder of the registry and of platform_columns.csv."""
        return self.root / "seeds"

    @property
    def client_models(self) -> Path:
        """The folder that holds one generated folder a client schema."""
        return self.root / "models" / "clients"

    @property
    def database_file(self) -> Path | None:
        """The file of the target's database; none where the warehouse is elsewhere."""
        path = self.target.settings.get("path") if self.target.type == "duckdb" else None
        return None if path in (None, "", ":memory:") else self.root / str(path)

    @property
    def stage_folder(self) -> Path:
        """The folder that holds the stage of each client, where the warehouse is a file."""
        beside = self.database_file.parent if self.database_file else self.root
        return Path(os.environ.get("SPARK9_STAGE_DIR") or beside / "stage")

    @property
    def profiles_folder(self) -> Path:
        """The folder of the profiles.yml that dbt and the loader use."""
        return profiles_file(self.root).parent

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What dbt_project.yml says."""
        return dict(read_yaml((self.root / PROJECT_FILE).read_text(encoding="utf-8")))

    @property
    def variables(self) -> Mapping[str, Any]:
        """The project's dbt vars, from dbt_project.yml."""
        return dict(self.settings.get("vars", {}).get(self.settings["name"], {}))

    @cached_property
    def macros(self) -> MacroLibrary:
        """The project's macros, for this target's warehouse."""
        return MacroLibrary(self.root, self._macro_target(self.target.type), self.variables)

    @cached_property
    def local_macros(self) -> MacroLibrary:
        """The same macros for DuckDB, which reads and profiles every file whatever the warehouse is."""
        return MacroLibrary(self.root, self._macro_target("duckdb"), self.variables)

    def _macro_target(self, warehouse_type: str) -> Mapping[str, object]:
        settings = self.target.loader_settings
        return {
            "name": self.target.name,
            "type": warehouse_type,
            "schema": self.target.schema,
            "database": settings.get("database"),
            "role": settings.get("role"),
        }

    def schema_name(self, schema: str) -> str:
        """The schema that dbt builds in on this target, with the developer's prefix where the target has one."""
        return str(self.macros.call("schema_with_prefix", schema)).strip()

    def raw_schema_name(self, client_schema: str) -> str:
        """The schema of a client's raw rows: production's, whatever the target."""
        return str(self.macros.call("raw_schema", client_schema)).strip()

    def require_own_raw_rows(self) -> None:
        """Check that the target's raw rows are its own, so that it may change them.

        Raises:
            WaveRefusedError: they are production's.

        """
        if not self.macros.call("owns_raw_rows"):
            raise WaveRefusedError(
                "target-reads-only",
                f"Target '{self.target.name}' with the prefix '{self.target.schema}' builds from production's raw rows"
                " and does not change them.",
                "Use the target that owns them, or a warehouse of your own (SPARK9_DUCKDB_PATH, SNOWFLAKE_DATABASE).",
            )


def find_project(project_dir: Path | None = None, target: str | None = None) -> Project:
    """Find the project and the target to work on.

    Args:
        project_dir: the project folder; without it SPARK9_PROJECT_DIR, else the current folder or the nearest one
            above it that holds dbt_project.yml.
        target: an output of the profile; without it the profile's own `target`.

    Raises:
        ProjectError: there is no project, no profile, or no such target.

    """
    root = _project_root(project_dir)
    profile = read_yaml((root / PROJECT_FILE).read_text(encoding="utf-8"))["profile"]
    return Project(root, read_target(profiles_file(root), profile, target))


def _found_again(root: Path, target_name: str, of_file: dict[str, object], access_mode: str | None) -> Project:
    project = find_project(root, target_name)
    if access_mode:
        options = dict(project.target.settings.get("config_options") or {})
        of_file = {**of_file, "config_options": {**options, "access_mode": access_mode}}
    settings, for_loader = ({**given, **of_file} for given in (project.target.settings, project.target.loader_settings))
    return replace(project, target=replace(project.target, settings=settings, loader_settings=for_loader))


def _project_root(project_dir: Path | None) -> Path:
    given = project_dir or (Path(os.environ["SPARK9_PROJECT_DIR"]) if "SPARK9_PROJECT_DIR" in os.environ else None)
    start = (given or Path.cwd()).resolve()
    for folder in (start,) if given else (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise ProjectError(
        f"There is no {PROJECT_FILE} in {start}{'' if given else ' or above it'}.",
        "Run the command in the project folder, or name the folder with --project-dir.",
    )
