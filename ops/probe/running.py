"""Run the checks of a probe one after the other, remember what passed, and leave nothing behind."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Sequence

from loader.areas import contributed
from loader.errors import Spark9Error
from loader.filesystem import temporary_folder, write_atomically
from loader.workspace import Workspace
from ops.probe.bench import SECONDS, Bench
from ops.probe.checks import CHECKS
from ops.probe.model import Check, Result, Status, Step, Unavailable, Unexpected
from ops.probe.throwaway import Names, as_owner, claim, drop_all, throwaway_project, write_key


def probe(
    workspace: Workspace,
    database: str,
    on_result: Callable[[Result], None],
    *,
    anew: bool = False,
    checks: Sequence[Check] | None = None,
    seconds: float = SECONDS,
) -> list[Result]:
    """Run the checks in a throwaway database, and drop all that was made for them.

    Args:
        workspace: the project, on a target of Snowflake; its user must have the role accountadmin.
        database: the name of the throwaway database, with which all names begin.
        on_result: called with each result as it comes.
        anew: run those that passed before too.
        checks: those to run; none for all.
        seconds: after this long no further check begins.

    Returns:
        Every result.

    Raises:
        Spark9Error: it can't begin: not on Snowflake, no connection, a name is taken.

    """
    names, memory = Names(database), _Memory(workspace, database)
    if anew:
        memory.forget()
    results: list[Result] = []

    def tell(result: Result) -> None:
        results.append(result)
        on_result(result)

    with temporary_folder() as folder:
        copy = throwaway_project(workspace, names, folder / "project")
        owner = as_owner(workspace).waiting(60).warehouse
        with owner.session() as session:
            claim(session, names)
            try:
                bench = Bench(copy, names, owner, write_key(copy.root))
                _run_all(bench, list(checks or all_checks()), memory, tell, time.monotonic() + seconds)
            finally:
                for statement, error in drop_all(session, names):
                    tell(Result(statement, "owner", "not dropped", error, f"Run it yourself: {statement};"))
    if all(result.status in ("passed", "passed before", "skipped") for result in results):
        memory.forget()
    return results


def all_checks() -> list[Check]:
    """Those of the project, and of each area."""
    return [*CHECKS, *(check for found in contributed("probes") for check in found)]


def _run_all(
    bench: Bench, checks: list[Check], memory: _Memory, tell: Callable[[Result], None], deadline: float
) -> None:
    ended: dict[str, Status] = {}
    for check in checks:
        if check.name in memory.passed and not check.prepares:
            tell(Result(check.name, check.job, "passed before"))
            continue
        before = ended.get(check.needs, "failed") if check.needs not in ("", check.name) else "passed"
        if before != "passed":
            status: Status = "skipped" if before == "skipped" else "failed"
            result = Result(check.name, check.job, status, f"not tried: it needs '{check.needs}'")
        elif time.monotonic() > deadline:
            result = Result(
                check.name, check.job, "failed", "not tried: the time is over", "Start the probe again: it goes on."
            )
        else:
            result = _tried(bench, check)
        ended[check.name] = result.status
        if result.status == "passed":
            memory.note(check.name)
        tell(result)


def _tried(bench: Bench, check: Check) -> Result:
    try:
        finding = check.attempt(bench) if check.attempt else _steps(bench, check)
    except Unavailable as missing:
        return Result(check.name, check.job, "skipped", str(missing))
    except (Unexpected, Spark9Error, subprocess.TimeoutExpired) as error:
        problem = error.problem if isinstance(error, Spark9Error) else str(error)
        if any(text in problem for text in check.lacks):
            return Result(check.name, check.job, "skipped", problem)
        return Result(check.name, check.job, "failed", problem, bench.filled(check.remedy))
    return Result(check.name, check.job, "passed", finding)


def _steps(bench: Bench, check: Check) -> str:
    try:
        for step in check.steps:
            _step(bench, step, step.job or check.job)
    except (Unexpected, Spark9Error):
        with bench.session(check.job) as session:
            session.query("rollback")
        raise
    return f"{len(check.steps)} statements"


def _step(bench: Bench, step: Step, job: str) -> None:
    sql = bench.filled(step.sql)
    with bench.session(job) as session:
        try:
            rows = session.query(sql)
        except Spark9Error as error:
            if step.fails and step.fails in error.problem:
                return
            raise
    if step.fails:
        raise Unexpected(f"{sql} was not refused")
    if step.gives is not None and [tuple(row) for row in rows] != step.gives:
        raise Unexpected(f"{sql} gave {rows} instead of {step.gives}")


class _Memory:
    """What passed, in a file of the project's folder target, so that a second start goes on.

    Args:
        workspace: the project.
        database: the name of the throwaway database.

    """

    def __init__(self, workspace: Workspace, database: str) -> None:
        """Read what an earlier probe of the same account noted."""
        self._file = workspace.root / "target" / "probe" / f"{database}.json"
        self._account = str(workspace.target.settings.get("account"))
        known = json.loads(self._file.read_text(encoding="utf-8")) if self._file.is_file() else {}
        self.passed: list[str] = known.get("passed", []) if known.get("account") == self._account else []

    def note(self, name: str) -> None:
        """Remember a check that passed."""
        self.passed = [*dict.fromkeys([*self.passed, name])]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._file, json.dumps({"account": self._account, "passed": self.passed}))

    def forget(self) -> None:
        """Begin anew."""
        self.passed = []
        self._file.unlink(missing_ok=True)
