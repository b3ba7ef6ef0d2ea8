"""dbt project objects: https://docs.snowflake.com/en/sql-reference/sql/create-dbt-project, .../execute-dbt-project.

The dbt of this machine runs in a copy of the files, as the role of their profile, which the caller's must have. Of one
object one runs at a time: "several at once are not supported" (user-guide/data-engineering/dbt-projects-on-snowflake-limitations).
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import yaml
from fakesnow.transforms import stage
from snowflake.connector.errors import ProgrammingError

from tests.emulator.account import Account, Refused
from tests.emulator.names import NAME
from tests.emulator.statements import Answer, Session, full_name, handles, plain

_CREATE = re.compile(
    rf"create(?:\s+or\s+replace)?\s+dbt\s+project(?:\s+if\s+not\s+exists)?\s+({NAME})\s+from\s+'@({NAME})/?([^']*)'.*",
    re.IGNORECASE | re.DOTALL,
)
_EXECUTE = re.compile(
    rf"execute\s+dbt\s+project\s+(?:if\s+exists\s+)?({NAME})(?:\s+args\s*=\s*'((?:[^']|'')*)')?"
    r"(?:\s+dbt_version\s*=\s*'([\d.]+)')?",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\benv_var\s*\(")
_FILES = 20_000
# what runs, and whose statement it is
_running: dict[str, tuple[Session, Future[Answer]]] = {}
_lock = threading.Lock()


def define(account: Account, session: Session, sql: str) -> None:
    """Keep the files of a project object that is made, as they are in its stage now.

    Raises:
        Refused: there is no project, or it has too many files.

    """
    match = _CREATE.fullmatch(plain(sql))
    if match is None:
        return
    name, place = full_name(session, "DBT PROJECT", match[1]), full_name(session, "STAGE", match[2])
    folder = Path(stage.internal_dir(place)) / match[3].strip("/")
    if ("STAGE", place) not in account.objects:
        return  # a Git repository stage, of which there are none here
    problem = ""
    if not (folder / "dbt_project.yml").is_file() or not (folder / "profiles.yml").is_file():
        problem = f"dbt_project.yml or profiles.yml does not exist in '@{match[2]}'."
    elif sum(path.is_file() for path in folder.rglob("*")) > _FILES:
        problem = f"A dbt project can't have more than {_FILES} files."
    if problem:
        account.drop("DBT PROJECT", name)
        raise Refused(problem)
    files = Path(tempfile.mkdtemp(prefix="dbt_project_")) / "files"
    shutil.copytree(folder, files)
    account.objects["DBT PROJECT", name]["FILES"] = str(files)


def execute(account: Account, session: Session, sql: str, port: int) -> Answer | None:
    """Run a project object; none when the statement is another one.

    Raises:
        Refused: it does not exist, runs already, or its profile has a role that the caller has not.
        ProgrammingError: dbt failed, with what it said.

    """
    match = _EXECUTE.fullmatch(plain(sql))
    if match is None:
        return None
    name = full_name(session, "DBT PROJECT", match[1])
    with account.lock:
        files = account.objects.get(("DBT PROJECT", name), {}).get("FILES")
        if files is None or not account.holds(session.role, "USAGE", "DBT PROJECT", name):
            raise Refused(f"DBT project '{name}' does not exist or not authorized.")
        profiles = _profiles(Path(files), port)
        for output in (output for profile in profiles.values() for output in profile["outputs"].values()):
            if session.role != "ACCOUNTADMIN" and output["role"].upper() not in account.roles_of(session.role):
                raise Refused(f"{session.role} may not use the role {output['role']} of the project's profile.")
    with _lock:
        running = _running.get(name)
        if running and running[0] is not session:
            raise Refused(f"{name} is executed already: several at once on one object are not supported.")
        ours: Future[Answer] = Future()
        if not running:
            _running[name] = session, ours
    if running:  # a client that gets no answer for a minute asks again
        return running[1].result()
    try:
        ours.set_result(_run(Path(files), profiles, match[2].replace("''", "'") if match[2] else "run"))
    except BaseException as error:
        ours.set_exception(error)
    finally:
        del _running[name]
    return ours.result()


def _profiles(files: Path, port: int) -> dict[str, Any]:
    """The profiles of a project, with the place of this emulator; Snowflake looks at no account and user of theirs."""
    profiles: dict[str, Any] = yaml.safe_load((files / "profiles.yml").read_text(encoding="utf-8"))
    for profile in profiles.values():
        for output in profile["outputs"].values():
            output |= {"account": "emulator", "user": "u", "password": "p"}
            output |= {"host": "127.0.0.1", "port": port, "protocol": "http"}
    return profiles


def _run(files: Path, profiles: dict[str, Any], arguments: str) -> Answer:
    for path in files.rglob("*"):
        if path.suffix in (".sql", ".yml") and _VARIABLE.search(path.read_text(encoding="utf-8")):
            raise Refused(f"{path.relative_to(files)}: environment variables are not supported.")
    with tempfile.TemporaryDirectory(prefix="dbt_project_run_") as folder:
        project = Path(folder) / "project"
        shutil.copytree(files, project)
        (project / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
        # nothing of the environment leads elsewhere
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SNOWFLAKE_", "SPARK9_", "DBT_", "COVERAGE"))
        }
        done = subprocess.run(
            [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--no-use-colors", *shlex.split(arguments)],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            env={**environment, "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true", "DBT_PROFILES_DIR": str(project)},
        )
    if done.returncode:
        raise ProgrammingError(msg=f"dbt failed: {(done.stdout + done.stderr)[-4000:]}", errno=100357, sqlstate="22000")
    return Answer(["SUCCESS", "EXCEPTION", "STDOUT", "OUTPUT_ARCHIVE_URL"], [["true", None, done.stdout, None]])


@handles(r"execute dbt project (?:if exists )?NAME.*")
def _execute(_account: Account, _session: Session, _match: re.Match[str]) -> Answer:
    """execute-dbt-project: `execute` answers it, before the account is asked."""
    raise NotImplementedError


@handles(r"show dbt projects(?: in (schema|database) NAME)?")
def _show(account: Account, session: Session, match: re.Match[str]) -> Answer:
    """show-dbt-projects."""
    place = f"{full_name(session, match[1].upper(), match[2])}." if match[1] else ""
    names = sorted(name for kind, name in account.objects if kind == "DBT PROJECT" and name.startswith(place))
    return Answer(["name", "schema_name"], [[*reversed(name.split(".")[1:])] for name in names])
