"""Render the project's dbt macros without dbt.

SQL stands once, in macros/. dbt renders it in builds and run-operations; the loader renders the same files here, since
importing dbt costs seconds (docs/decisions/0003) and a load needs no model.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2

from loader.errors import ProjectError

# What a macro of these folders needs from dbt is what MacroLibrary gives it: dispatch, return, target, exceptions.
RENDERED_FOLDERS = (
    "adapters",
    "names",
    "parsing",
    "onboarding",
    "waves",
    "access",
    "account",
    "native",
    "registry",
    "builds",
    "marts",
)
_MACRO = re.compile(r"{%-? macro (?P<name>\w+)\(.*?{%-? endmacro -?%}", re.DOTALL)


class _MacroReturn(Exception):  # noqa: N818 - it carries a value, as dbt's own does
    def __init__(self, value: object) -> None:
        self.value = value


def _return(value: object) -> None:
    raise _MacroReturn(value)


def _no_warehouse(_sql: str) -> object:
    raise ProjectError("This macro queries the warehouse, but there is no session.", "Call it with a session.")


def _raise_compiler_error(message: str) -> None:
    raise ProjectError(message, "Fix the macro or its arguments.")


def _bytecode_cache(folder: Path) -> jinja2.BytecodeCache | None:
    """Macros as compiled before, which Jinja tells from changed ones; a folder that can't be written has none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


class MacroLibrary:
    """The macros of a project, as callables that give text or what the macro returns.

    Args:
        project_root: the folder that holds dbt_project.yml.
        target: what macros may ask of `target`: name, type, schema, database, role. The type, 'duckdb' or
            'snowflake', decides what adapter.dispatch picks.
        variables: the project's dbt vars.
        run_query: what macros that ask the warehouse get as run_query(); none where there is no session.

    """

    def __init__(
        self,
        project_root: Path,
        target: Mapping[str, object],
        variables: Mapping[str, object],
        run_query: Callable[[str], object] | None = None,
    ) -> None:
        """Find the macros; each is compiled when it is first called."""
        self._root, self._target, self._variables = project_root, target, variables
        self._adapter_type = str(target["type"])
        # each macro is a template of its own, as in dbt: what a macro returns reaches its neighbours in the file too
        self._sources = {
            found["name"]: found[0]
            for pattern in (*(f"macros/{folder}/*.sql" for folder in RENDERED_FOLDERS), "areas/*/macros/**/*.sql")
            for path in project_root.glob(pattern)
            for found in _MACRO.finditer(path.read_text(encoding="utf-8"))
        }
        self._environment = jinja2.Environment(
            extensions=["jinja2.ext.do"],
            autoescape=False,  # noqa: S701 - SQL
            loader=jinja2.DictLoader(self._sources),
            bytecode_cache=_bytecode_cache(project_root / "target" / "loader_macros"),
        )
        self._functions: dict[str, Callable[..., Any]] = {}
        self._context: dict[str, Any] = {
            **{name: partial(self.call, name) for name in self._sources},
            "adapter": SimpleNamespace(dispatch=self._dispatch),
            "exceptions": SimpleNamespace(raise_compiler_error=_raise_compiler_error),
            "modules": SimpleNamespace(re=re),
            "return": _return,
            "execute": True,
            "run_query": run_query or _no_warehouse,
            "target": SimpleNamespace(**target),
            "tojson": json.dumps,
            "local_md5": lambda text: hashlib.md5(text.encode()).hexdigest(),  # noqa: S324 - as dbt's own; no secret
            "dbt_version": version("dbt-core"),
            "env_var": os.environ.get,
            "var": self._variable,
        }

    def asking(self, run_query: Callable[[str], object]) -> MacroLibrary:
        """The same macros, with a warehouse to query.

        Args:
            run_query: takes a statement, gives an object whose `rows` are mappings by lower-case column name.

        """
        return MacroLibrary(self._root, self._target, self._variables, run_query)

    def _variable(self, name: str, default: object = None) -> object:
        if name not in self._variables and default is None:
            raise ProjectError(f"dbt_project.yml has no var '{name}'.", "Compare it with the repository's.")
        return self._variables.get(name, default)

    def call(self, macro: str, *arguments: Any, **options: Any) -> Any:
        """Call a macro.

        Args:
            macro: its name.
            arguments: as in the comment above the macro.
            options: the same, by name.

        Raises:
            ProjectError: there is no such macro, or it refused its arguments.

        """
        return self._function(macro)(*arguments, **options)

    def _function(self, macro: str) -> Callable[..., Any]:
        if macro not in self._functions:
            self._functions[macro] = self._compiled(macro)
        return self._functions[macro]

    def _compiled(self, macro: str) -> Callable[..., Any]:
        if macro not in self._sources:
            raise ProjectError(f"The project has no macro '{macro}'.", "Restore its file under macros/.")
        function = getattr(self._environment.get_template(macro).make_module(self._context), macro)

        def called(*arguments: object, **options: object) -> object:
            try:
                return str(function(*arguments, **options))
            except _MacroReturn as returned:
                return returned.value
            except jinja2.UndefinedError as error:
                raise ProjectError(
                    f"The macro '{macro}' lacks what it calls: {error}.",
                    "Restore its file under macros/. `spark9 client check --fix` writes those that are generated.",
                ) from error

        return called

    def _dispatch(self, macro: str, _namespace: str) -> Callable[..., Any]:
        """The version of a macro for this warehouse, as adapter.dispatch finds it."""
        versions = [f"{prefix}__{macro}" for prefix in (self._adapter_type, "default")]
        for version_of_macro in versions:
            if version_of_macro in self._sources:
                return self._function(version_of_macro)
        raise ProjectError(
            f"The macro '{macro}' has no version for the warehouse '{self._adapter_type}'.",
            f"Add {versions[0]} beside the other versions, under macros/.",
        )
