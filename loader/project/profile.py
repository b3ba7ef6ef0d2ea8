"""profiles.yml as dbt reads it: its location, and its outputs with their environment variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import jinja2
import yaml

from loader.errors import ProjectError

# settings that messages may show; any other text of a profile is taken for a secret
_SHOWN = {"type", "path", "schema", "database", "account", "user", "role", "warehouse", "host", "port", "protocol"}
_SECRET_NAME = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)


class Secret(str):
    """A text that works like any other, but is printed as stars (also inside a dict or dataclass) and not pickled."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Stars."""
        return "'***'"

    def __deepcopy__(self, _memo: object) -> Secret:
        """Itself: a copy would be made by way of a pickle."""
        return self

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        """Refuse: a pickle holds the plain text.

        Raises:
            TypeError: always.

        """
        raise TypeError("A secret can't be pickled.")


def with_secrets(value: Any, name: str = "") -> Any:
    """Settings with each text that may be a secret as a Secret.

    Args:
        value: a mapping, list or single setting.
        name: of the setting.

    """
    if isinstance(value, Mapping):
        return {key: entry if key in _SHOWN else with_secrets(entry, key) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [with_secrets(entry, name) for entry in value]
    is_secret = isinstance(value, str) or (_SECRET_NAME.search(name) and isinstance(value, int | float))
    return Secret(value) if is_secret and not isinstance(value, bool) else value


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

    def __post_init__(self) -> None:
        """Keep secrets out of whatever prints a target."""
        for name in ("settings", "loader_settings"):
            object.__setattr__(self, name, with_secrets(getattr(self, name)))


def read_target(file: Path, profile_name: str, name: str | None = None) -> Target:
    """One output of a profile.

    Args:
        file: profiles.yml.
        profile_name: as dbt_project.yml names it.
        name: the output; none for the profile's own `target`.

    Raises:
        ProjectError: the file is no YAML, has no such profile or output, or asks for a variable that is not set.

    """
    profile = _render(_profiles(file)).get(profile_name)
    if not isinstance(profile, dict) or "outputs" not in profile:
        raise ProjectError(f"{file} has no profile '{profile_name}'.", "Compare it with profiles.yml.example.")
    default = str(profile.get("target", "default"))
    name = name or default
    settings = profile["outputs"].get(name)
    if settings is None:
        raise ProjectError(
            f"{file} has no target '{name}'; it has {', '.join(profile['outputs'])}.",
            "Choose one of these with --target.",
        )
    loader_settings = profile["outputs"].get(f"{name}_loader") or settings
    schema = settings.get("schema", "main")
    return Target(name, settings["type"], schema, settings, name == default, loader_settings)


def _profiles(file: Path) -> Any:
    try:
        return read_yaml(file.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        # the error's own text quotes the file, which may hold a password
        raise ProjectError(f"{file} is not valid YAML{where}.", "Compare it with profiles.yml.example.") from None


def profiles_file(root: Path) -> Path:
    """Where dbt looks for profiles.yml, in dbt's order.

    Raises:
        ProjectError: there is none.

    """
    folders = [Path(os.environ["DBT_PROFILES_DIR"])] if "DBT_PROFILES_DIR" in os.environ else []
    folders += [root, Path.home() / ".dbt"]
    for folder in folders:
        if (folder / "profiles.yml").is_file():
            return folder / "profiles.yml"
    raise ProjectError(
        f"There is no profiles.yml in {', '.join(map(str, folders))}.",
        "Create it with: cp profiles.yml.example profiles.yml",
    )


def read_yaml(text: str) -> Any:
    """What a YAML text holds."""
    # the parser in C is ten times as fast, but not part of every build of PyYAML
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def rendered(value: Any) -> Any:
    """A part of a YAML file with its env_var() calls rendered, as dbt does.

    Raises:
        ProjectError: it asks for a variable that is not set.

    """
    return _render(value)


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ProjectError(f"The environment variable {name} is not set, but the project needs it.", f"Set {name}.")
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
        try:
            return environment.from_string(value).render(env_var=_env_var)
        except jinja2.TemplateError as error:
            # the error's own text quotes the setting
            raise ProjectError(
                f"A setting with {{{{ ... }}}} can't be rendered ({type(error).__name__}).",
                "Correct it in profiles.yml; settings may only call env_var('NAME').",
            ) from None
    return value


def _lazy_render(key: str, value: Any) -> Any:
    """Outputs other than the chosen one may ask for variables that are not set here; they stay as written."""
    if key == "outputs" and isinstance(value, dict):
        return _Outputs(value)
    return _render(value)


class _Outputs(dict[str, Any]):
    def get(self, key: str, default: Any = None) -> Any:
        return _render(self[key]) if key in self else default
