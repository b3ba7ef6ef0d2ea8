"""The dbt project that the loader works in: its folders, and the profile that dbt itself uses.

Connection settings stand in profiles.yml alone; the loader reads the same target as dbt does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
import yaml

from loader.errors import ProjectError
from loader.macros import MacroLibrary

PROJECT_FILE = "dbt_project.yml"


@dataclass(frozen=True)
class Target:
    """One output of the profile.

    Args:
        name: 'dev', 'prod', ...
        type: the warehouse, such as 'duckdb'.
        schema: 'main' for plain schema names, else the prefix of every schema.
        settings: the whole output, rendered.
        is_default: the profile names it as its own.
        loader_settings: the output that the loader connects with: `<name>_loader` where the profile has one, so that
            loads can have a role and warehouse of their own; else the same as settings.

    """

    name: str
    type: str
    schema: str
    settings: Mapping[str, Any]
    is_default: bool
    loader_settings: Mapping[str, Any]


@dataclass(frozen=True)
class Project:
    """A project folder with the target that commands work on; make it with `find_project()`."""

    root: Path
    target: Target

    @property
    def seeds(self) -> Path:
        """The folder of the registry and of platform_columns.csv."""
        return self.root / "seeds"

    @property
    def client_models(self) -> Path:
        """The folder that holds one generated folder a client schema."""
        return self.root / "models" / "clients"

    @property
    def profiles_folder(self) -> Path:
        """The folder of the profiles.yml that dbt and the loader use."""
        return _profiles_file(self.root).parent

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What dbt_project.yml says."""
        return dict(_yaml((self.root / PROJECT_FILE).read_text(encoding="utf-8")))

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

    def schema_name(self, client_schema_name: str) -> str:
        """The schema's name on this target, with the developer's prefix where the target has one."""
        return str(self.macros.call("schema_with_prefix", client_schema_name)).strip()


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
    profile_name = _yaml((root / PROJECT_FILE).read_text(encoding="utf-8"))["profile"]
    profiles_file = _profiles_file(root)
    profile = _render(_yaml(profiles_file.read_text(encoding="utf-8")) or {}).get(profile_name)
    if not isinstance(profile, dict) or "outputs" not in profile:
        raise ProjectError(f"{profiles_file} has no profile '{profile_name}'.", "Compare it with profiles.yml.example.")
    default = str(profile.get("target", "default"))
    name = target or default
    settings = profile["outputs"].get(name)
    if settings is None:
        raise ProjectError(
            f"{profiles_file} has no target '{name}'; it has {', '.join(profile['outputs'])}.",
            "Name one of these with --target.",
        )
    loader_settings = profile["outputs"].get(f"{name}_loader") or settings
    schema = settings.get("schema", "main")
    chosen = Target(name, settings["type"], schema, settings, name == default, loader_settings)
    return Project(root, chosen)


def _yaml(text: str) -> Any:
    # the parser in C is ten times as fast, but not part of every build of PyYAML
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def _project_root(project_dir: Path | None) -> Path:
    given = project_dir or (Path(os.environ["SPARK9_PROJECT_DIR"]) if "SPARK9_PROJECT_DIR" in os.environ else None)
    start = (given or Path.cwd()).resolve()
    for folder in (start,) if given else (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise ProjectError(
        f"There is no {PROJECT_FILE} in {start}{'' if given else ' or above it'}.",
        "Run the command in the project's folder, or name it with --project-dir.",
    )


def _profiles_file(root: Path) -> Path:
    """Where dbt looks for profiles.yml, in dbt's order."""
    folders = [Path(os.environ["DBT_PROFILES_DIR"])] if "DBT_PROFILES_DIR" in os.environ else []
    folders += [root, Path.home() / ".dbt"]
    for folder in folders:
        if (folder / "profiles.yml").is_file():
            return folder / "profiles.yml"
    raise ProjectError(
        f"There is no profiles.yml in {', '.join(map(str, folders))}.",
        "Make one with: cp profiles.yml.example profiles.yml",
    )


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ProjectError(f"The environment variable {name} is not set, but profiles.yml asks for it.", f"Set {name}.")
    return value


def _render(value: Any) -> Any:
    """Render the env_var() calls of a profile, as dbt does. A secret is never put in a message."""
    if isinstance(value, dict):
        return {key: _lazy_render(key, entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_render(entry) for entry in value]
    if isinstance(value, str) and "{{" in value:
        environment = jinja2.Environment(autoescape=False)  # noqa: S701 - YAML
        environment.filters |= {"as_number": str, "as_bool": str, "as_native": str, "as_text": str}  # dbt's own
        return environment.from_string(value).render(env_var=_env_var)
    return value


def _lazy_render(key: str, value: Any) -> Any:
    """Outputs other than the chosen one may ask for variables that are not set here; they stay as written."""
    if key == "outputs" and isinstance(value, dict):
        return _Outputs(value)
    return _render(value)


class _Outputs(dict[str, Any]):
    def get(self, key: str, default: Any = None) -> Any:
        return _render(self[key]) if key in self else default
