"""Run dbt in this process, for commands that build what they have loaded."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass

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

    Raises:
        BuildFailedError: dbt could not run, a model failed, or a test found an error.
    """
    return build(project, ["--select", f"clients.{names.name}"])


def build(project: Project, arguments: Sequence[str] = ()) -> BuildResult:
    """Run `dbt build` with further arguments. See `build_client`."""
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - importing dbt costs seconds, which other commands need not pay

    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    command = f"dbt build {' '.join(arguments)}"
    with chdir(project.root):
        outcome = dbtRunner().invoke(["--no-version-check", "build", "--target", project.target.name, *arguments])
    if outcome.exception:
        raise BuildFailedError(f"{command} could not run: {outcome.exception}.", "Mend that, then build again.")
    results = list(outcome.result or [])  # type: ignore[arg-type]
    failed = [result.node.name for result in results if result.status in ("error", "fail")]
    if failed or not outcome.success:
        raise BuildFailedError(
            f"{command} failed: {', '.join(failed)}.",
            "See the messages above and `spark9 log`; correct the mapping or the file, then build again.",
        )
    warnings = [f"{result.node.name} ({result.failures} rows)" for result in results if result.status == "warn"]
    return BuildResult(sum(result.status in ("success", "pass") for result in results), warnings)
