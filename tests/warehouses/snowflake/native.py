"""What runs inside the emulator: the project deployed as a dbt project object, and the graphs of tasks."""

from __future__ import annotations

import shutil
import subprocess
import time

from ops.native_project import put_statements, write_native_project
from tests.support import ROOT
from tests.warehouses.snowflake.support import SnowflakeProject


def deploy_project(project: SnowflakeProject, name: str) -> None:
    """`make native-project` and `snow dbt deploy`, which puts the files on a stage and makes the object of them."""
    for needed in ("selectors.yml", "native"):
        source, goal = ROOT / needed, project.root / needed
        shutil.copytree(source, goal, dirs_exist_ok=True) if source.is_dir() else shutil.copy(source, goal)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "The project"]):
        subprocess.run([*git, *command], cwd=project.root, check=True)
    folder = project.root.parent / f"native_project_{name}"
    write_native_project(project.root, folder, {})
    place = f"spark_no9_main.native.files_of_{name}"
    with project.emulator.connect("spark9_admin") as connection:
        cursor = connection.cursor()
        cursor.execute(f"create stage {place}")
        for statement in put_statements(folder, place):
            cursor.execute(statement)
        cursor.execute(f"create or replace dbt project spark_no9_main.native.{name} from '@{place}'")


def executed(project: SnowflakeProject, root: str, count: int) -> dict[str, str]:
    """Execute a task of the schema and name in `root`, and wait until its graph has run so many: how each ended."""
    asked = (
        "select name, state || coalesce(': ' || error_message, '') from table(spark_no9_main.information_schema.task_history()) "
        "where graph_run_group_id not in ({})"
    )
    before = project.query(
        "select distinct graph_run_group_id from table(spark_no9_main.information_schema.task_history())"
    )
    known = ", ".join(f"'{group}'" for (group,) in before) or "''"
    project.emulator.query(f"execute task spark_no9_main.{root}", "spark9_admin")
    for _ in range(6000):
        rows = dict(project.query(asked.format(known)))
        ended = [state for state in rows.values() if state != "EXECUTING"]
        if len(ended) == len(rows) and (len(rows) == count or any(state != "SUCCEEDED" for state in ended)):
            return rows
        time.sleep(0.1)
    raise AssertionError(rows)
