"""Run dbt in this process, for commands that build what they have loaded."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from loader.errors import DAMAGED_WORDS, DISK_FULL_WORDS, BuildFailedError
from loader.filesystem import make_private, write_atomically
from loader.names import ClientKey
from loader.project.project import PROJECT_FILE, Project, find_project

# what profiles.yml.example takes the database's path from
_DATABASE = "SPARK9_DUCKDB_PATH"
# they test macros, whatever the tables hold (docs/dbt.md)
_NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
# dbt's events at the end of a model, test or seed
_RESULT_LINES = ("LogModelResult", "LogTestResult", "LogSeedResult", "LogNodeResult")

NodeNotice = Callable[[str, float], None]


@dataclass(frozen=True)
class BuildResult:
    """The result of a build.

    Args:
        passed: nodes that succeeded.
        warnings: tests that warn, each with the number of rows it found.

    """

    passed: int
    warnings: list[str]


def import_dbt_meanwhile() -> None:
    """Import dbt in a thread, while a load waits for its warehouse and its disk: that takes 2 s of Python."""
    threading.Thread(target=_import_dbt, daemon=True).start()


def _import_dbt() -> None:
    """Import dbt without looking for garbage among what it makes, then or later (docs/decisions/0016)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        import_module("dbt.cli.main")
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def no_notice(_node: str, _share: float) -> None:
    """For callers that show no progress."""


def build_client(project: Project, client: ClientKey, on_node: NodeNotice = no_notice) -> BuildResult:
    """Run `dbt build` for one client's models and tests, on the project's target.

    Args:
        project: from `find_project()`.
        client: the client.
        on_node: called with each model, seed or test that has ended, and the share of the work done, 0 to 1.

    Raises:
        BuildFailedError: dbt could not run, a model failed, or a test found an error.

    """
    arguments = ["build", *_target(project), "--select", f"clients.{client.name}"]
    with _absolute_database(project) as is_absolute:
        if is_absolute:
            outcome = _run_alone(project, client, arguments, on_node)
        else:
            outcome = run_dbt(project.root, arguments, on_node)
    return _result(outcome, arguments)


def build_selection(
    project: Project, selection: Sequence[str], on_node: NodeNotice = no_notice, *, indirect_selection: str = "eager"
) -> BuildResult:
    """Run `dbt build` for a selection of the project, on the project's target.

    Args:
        project: from `find_project()`.
        selection: selectors, as dbt's --select takes them; none for everything.
        on_node: see build_client.
        indirect_selection: which tests of selected models run, as dbt's option of this name has it.

    Raises:
        BuildFailedError: dbt could not run, a model failed, or a test found an error.

    """
    arguments = ["build", *_target(project), *_NO_UNIT_TESTS, *(["--select", *selection] if selection else [])]
    arguments += ["--indirect-selection", indirect_selection]
    return _result(run_dbt(project.root, arguments, on_node), arguments)


def build_area(project: Project, area: str, on_node: NodeNotice = no_notice) -> BuildResult:
    """Run `dbt build` for a subject area, by its selector, on the project's target.

    Args:
        project: from `find_project()`.
        area: the name of a selector in selectors.yml.
        on_node: see build_client.

    Raises:
        BuildFailedError: dbt could not run, a model failed, or a test found an error.

    """
    arguments = ["--quiet", "build", *_target(project), *_NO_UNIT_TESTS, "--selector", area]
    return _result(run_dbt(project.root, arguments, on_node), arguments)


def _target(project: Project) -> list[str]:
    """--target where it is needed: dbt reparses everything when that comes or goes, even if it names the default."""
    return [] if project.target.is_default else ["--target", project.target.name]


def _result(outcome: Any, arguments: Sequence[str]) -> BuildResult:
    command = f"dbt {' '.join(arguments)}"
    # a model is skipped with a message where the ephemeral one that it reads could not be compiled
    failed = [r for r in outcome.result or [] if r.status in ("error", "fail") or (r.status == "skipped" and r.message)]
    said = "\n".join([str(outcome.exception), *(str(result.message) for result in failed)])
    if any(words in said for words in DISK_FULL_WORDS):
        raise BuildFailedError(f"{command} failed: the disk is full.", "Free some disk space, then build again.")
    if any(words in said for words in DAMAGED_WORDS):
        raise BuildFailedError(
            f"{command} failed: the database is damaged.",
            "See the messages above. docs/reliability.md says what is safe, and how to go on.",
        )
    if outcome.exception:
        raise BuildFailedError(f"{command} could not run: {outcome.exception}.", "Fix the cause, then build again.")
    # hooks of the project are results too, but no one asked for them
    results = [result for result in outcome.result or [] if result.node.resource_type != "operation"]
    if not outcome.success:
        unsaid = "".join(f", `dbt compile --select {r.node.name}`" for r in failed if r.status == "skipped")
        raise BuildFailedError(
            f"{command} failed: {', '.join(result.node.name for result in failed)}.",
            f"See the messages above{unsaid} and `spark9 log`. Correct the mapping or the file, then build again.",
            are_checks_alone=bool(failed) and all(result.node.resource_type == "test" for result in failed),
        )
    warnings = [f"{result.node.name} ({result.failures} rows)" for result in results if result.status == "warn"]
    return BuildResult(sum(result.status in ("success", "pass") for result in results), warnings)


def _run_alone(project: Project, client: ClientKey, arguments: Sequence[str], on_node: NodeNotice) -> Any:
    """Run dbt in a project that has this client's models and no other's, and all else of the project.

    dbt reads the whole project before it builds any of it: with 300 clients 10 s, with one 1 s (docs/decisions/0016).
    What was parsed is handed from client to client, so that macros are parsed once.
    """
    folder = project.root / "target" / "one_client" / client.name
    models = folder / "models" / "clients" / client.name
    _mirror(project.client_models / client.name, models)
    _mirror(project.root / "models" / "code_example", folder / "models" / "code_example")
    settings = project.settings | {
        "model-paths": ["models"],
        "macro-paths": ["../../../macros"],
        "seed-paths": ["../../../seeds"],
        "test-paths": ["../../../tests/data"],
        "packages-install-path": "../../../dbt_packages",
    }
    write_atomically(folder / PROJECT_FILE, yaml.safe_dump(settings, sort_keys=False))
    for name in ("packages.yml", "models/groups.yml"):
        write_atomically(folder / name, (project.root / name).read_text(encoding="utf-8"))
    parsed = folder.parent / "partial_parse.msgpack"
    outcome = run_dbt(
        project.root,
        [
            *arguments,
            *("--project-dir", str(folder)),
            *("--profiles-dir", str(project.profiles_folder)),
            *("--log-path", str(project.root / "logs")),
            *(("--partial-parse-file-path", str(parsed)) if parsed.is_file() else ()),
            "--no-write-json",
        ],
        on_node,
    )
    with suppress(FileNotFoundError):
        (folder / "target" / parsed.name).replace(parsed)
    return outcome


@contextmanager
def _absolute_database(project: Project) -> Iterator[bool]:
    """Have the profile name the database by its whole path; whether it does.

    dbt takes a relative path from the folder of the project that it runs.
    """
    path = project.target.settings.get("path")
    before = os.environ.get(_DATABASE)
    if path is not None and not Path(path).is_absolute():
        os.environ[_DATABASE] = str(project.root / path)
        path = find_project(project.root, project.target.name).target.settings["path"]
    try:
        yield path is None or Path(path).is_absolute()
    finally:
        if before is None:
            os.environ.pop(_DATABASE, None)
        else:
            os.environ[_DATABASE] = before


def _mirror(source: Path, goal: Path) -> None:
    """Make a folder hold the files of another, touching none that is the same."""
    goal.mkdir(parents=True, exist_ok=True)
    wanted = {path.name: path.read_text(encoding="utf-8") for path in source.iterdir() if path.is_file()}
    for path in goal.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        write_atomically(goal / name, text)


def run_dbt(root: Path, arguments: Sequence[str], on_node: NodeNotice = no_notice) -> Any:
    """Run one dbt command in this process and release the warehouse afterwards.

    Args:
        root: the project's folder.
        arguments: the command and its options.
        on_node: see build_client.

    Returns:
        dbt's dbtRunnerResult: success, exception, result.

    """
    # importing dbt costs seconds, which commands that only load need not pay
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    def heard(event: Any) -> None:
        # the lines that dbt prints as each node ends say which it is of how many; an error here would be the node's
        if event.info.name not in _RESULT_LINES:
            return
        total: int = getattr(event.data, "total", None) or getattr(event.data, "num_models", None) or 0
        if total:
            on_node(event.data.node_info.node_name, event.data.index / total)

    make_private(root / "logs")  # where dbt writes what it does, unless it is told otherwise
    with chdir(root):
        outcome = dbtRunner(callbacks=[] if on_node is no_notice else [heard]).invoke(
            ["--no-version-check", *arguments]
        )
    # dbt-duckdb keeps the file open, and so locked, for as long as the process lives; other adapters are not imported
    if connections := sys.modules.get("dbt.adapters.duckdb.connections"):
        connections.DuckDBConnectionManager.close_all_connections()
    return outcome
