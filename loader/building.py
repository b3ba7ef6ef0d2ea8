"""Run dbt in this process, for commands that build what they have loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.errors import BuildFailedError
from loader.names import ClientSchema
from loader.project import Project


@dataclass(frozen=True)
class BuildResult:
    """How a build went.

    Args:
        passed: nodes that succeeded.
        warnings: tests that warn, each with the number of rows that it shows.

    """

    passed: int
    warnings: list[str]


def build_client(project: Project, names: ClientSchema) -> BuildResult:
    """Run `dbt build` for one client's models and tests, on the project's target.

    Args:
        project: from `find_project()`.
        names: the client.

    Raises:
        BuildFailedError: dbt could not run, a model failed, or a test found an error.

    """
    # dbt parses everything anew when --target comes or goes, even if it names the default
    target = [] if project.target.is_default else ["--target", project.target.name]
    arguments = ["build", *target, "--select", f"clients.{names.name}"]
    outcome = run_dbt(project.root, arguments)
    command = f"dbt {' '.join(arguments)}"
    if outcome.exception:
        raise BuildFailedError(f"{command} could not run: {outcome.exception}.", "Mend that, then build again.")
    # hooks of the project are results too, but no one asked for them
    results = [result for result in outcome.result or [] if result.node.resource_type != "operation"]
    failed = [result.node.name for result in results if result.status in ("error", "fail")]
    if not outcome.success:
        raise BuildFailedError(
            f"{command} failed: {', '.join(failed)}.",
            "See the messages above and `spark9 log`; correct the mapping or the file, then build again.",
        )
    warnings = [f"{result.node.name} ({result.failures} rows)" for result in results if result.status == "warn"]
    return BuildResult(sum(result.status in ("success", "pass") for result in results), warnings)


def run_dbt(root: Path, arguments: Sequence[str]) -> Any:
    """Run one dbt command in this process and let go of the warehouse afterwards.

    Args:
        root: the project's folder.
        arguments: the command and its options.

    Returns:
        dbt's dbtRunnerResult: success, exception, result.

    """
    # importing dbt costs seconds, which commands that only load need not pay
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    with chdir(root):
        outcome = dbtRunner().invoke(["--no-version-check", *arguments])
    # dbt-duckdb keeps the file open, and so locked, for as long as the process lives; other adapters are not imported
    if connections := sys.modules.get("dbt.adapters.duckdb.connections"):
        connections.DuckDBConnectionManager.close_all_connections()
    return outcome
