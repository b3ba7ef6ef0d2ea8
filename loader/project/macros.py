"""Render the project's dbt macros without dbt.

SQL stands once, in macros/. dbt renders it in builds and run-operations; the loader renders the same files here, since
importing dbt costs seconds (docs/decisions.md) and a load needs no model.
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


class _MacroReturn(Exception):  # noqa: N818 - it carries a value, as dbt's own does
    def __init__(self, value: object) -> None:
        self.value = value


def _return(value: object) -> None:
    raise _MacroReturn(value)


def _no_warehouse(_sql: str) -> object:
    raise ProjectError("This macro asks the warehouse, but there is no session.", "Call it with a session.")


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
        sources: the tables that source() names, by their name in the client's schema; none where no macro may read one.

    """

    def __init__(
        self,
        project_root: Path,
        target: Mapping[str, object],
        variables: Mapping[str, object],
        run_query: Callable[[str], object] | None = None,
        sources: Mapping[str, str] | None = None,
    ) -> None:
        """Find the macro files; each is compiled when it is first called."""
        self._root, self._target, self._variables = project_root, target, variables
        self._adapter_type = str(target["type"])
        self._environment = jinja2.Environment(
            extensions=["jinja2.ext.do"],
            autoescape=False,  # noqa: S701 - SQL
            loader=jinja2.FileSystemLoader(project_root),
            bytecode_cache=_bytecode_cache(project_root / "target" / "loader_macros"),
        )
        self._files = {
            path.stem: path
            for pattern in (*(f"macros/{folder}/*.sql" for folder in RENDERED_FOLDERS), "areas/*/macros/**/*.sql")
            for path in project_root.glob(pattern)
        }
        self._dispatched: dict[str, Callable[..., Any]] = {}
        self._functions: dict[tuple[str, str], Callable[..., Any]] = {}
        self._context: dict[str, Any] = {
            **{name: partial(self.call, name) for name in self._files},
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
            "source": lambda _schema, table: (sources or {})[table],
            "var": self._variable,
        }

    def asking(self, run_query: Callable[[str], object]) -> MacroLibrary:
        """The same macros, with a warehouse to ask.

        Args:
            run_query: takes a statement, gives an object whose `rows` are mappings by lower-case column name.

        """
        return MacroLibrary(self._root, self._target, self._variables, run_query)

    def reading(self, sources: Mapping[str, str]) -> MacroLibrary:
        """The same macros over other tables than the client's own, such as those of a file that is not loaded yet.

        Args:
            sources: SQL names of tables, by the name that each has in a client's schema.

        """
        return MacroLibrary(self._root, self._target, self._variables, sources=sources)

    def _variable(self, name: str, default: object = None) -> object:
        if name not in self._variables and default is None:
            raise ProjectError(f"dbt_project.yml has no var '{name}'.", "Compare it with the repository's.")
        return self._variables.get(name, default)

    def call(self, macro: str, *arguments: Any, **options: Any) -> Any:
        """Call a macro.

        Args:
            macro: its name, which is its file's name.
            arguments: as in the macro's header comment.
            options: the same, by name.

        Raises:
            ProjectError: there is no such macro, or it refused its arguments.

        """
        return self._function(macro, macro)(*arguments, **options)

    def _function(self, file_stem: str, macro: str) -> Callable[..., Any]:
        key = (file_stem, macro)
        if key not in self._functions:
            self._functions[key] = self._compiled(file_stem, macro)
        return self._functions[key]

    def _compiled(self, file_stem: str, macro: str) -> Callable[..., Any]:
        path = self._files.get(file_stem)
        if path is None:
            raise ProjectError(f"The project has no macro '{file_stem}'.", "Restore its file under macros/.")
        template = self._environment.get_template(path.relative_to(self._root).as_posix())
        function = getattr(template.make_module(self._context), macro, None)
        if function is None:
            raise ProjectError(f"{path} does not define the macro '{macro}'.", f"Write {macro} in that file.")

        def called(*arguments: object, **options: object) -> object:
            try:
                return str(function(*arguments, **options))
            except _MacroReturn as returned:
                return returned.value

        return called

    def _dispatch(self, macro: str, _namespace: str) -> Callable[..., Any]:
        """The version of a macro for this warehouse, from the macro's own file, as adapter.dispatch does."""
        if macro not in self._dispatched:
            source = self._files[macro].read_text(encoding="utf-8")
            own = f"{self._adapter_type}__{macro}"
            name = own if re.search(rf"macro {own}\b", source) else f"default__{macro}"
            self._dispatched[macro] = self._function(macro, name)
        return self._dispatched[macro]
