"""The DAG of Airflow, run whole on DuckDB and a local S3; `make airflow-test`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from areas.engagement.sample import BUCKET, sample
from areas.engagement.tests.conftest import Engagement
from areas.feeds.local_s3 import local_s3
from tests.support import BIN, ROOT, copy_project

pytestmark = pytest.mark.airflow
AIRFLOW = ROOT / ".venv-airflow" / "bin"
DAGS = ROOT / "areas" / "engagement" / "airflow" / "dags"


class Airflow:
    """An Airflow with a database of its own, over a project."""

    def __init__(self, project: Path, folder: Path, variables: Mapping[str, str]) -> None:
        """Make its database."""
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SPARK9_"))},
            **variables,
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "SPARK9_PROJECT": str(project),
            "SPARK9_BIN": str(BIN),
            "SPARK9_AIRFLOW_RETRIES": "0",
        }
        self._run(str(AIRFLOW / "airflow"), "db", "migrate")

    def run(self, **variables: str) -> dict[str, Any]:
        """Run the DAG."""
        said = self._run(str(AIRFLOW / "python"), str(Path(__file__).with_name("run_dag.py")), str(DAGS), **variables)
        answer: dict[str, Any] = json.loads(said.splitlines()[-1])
        return answer

    def _run(self, *command: str, **variables: str) -> str:
        done = subprocess.run(
            command, env={**self.environment, **variables}, capture_output=True, text=True, check=False, timeout=900
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, str]]:
    """The sample in a local S3."""
    with local_s3(sample(), BUCKET) as variables:
        yield variables


def test_the_dag_ends_in_the_tables_of_the_command(tmp_path: Path, served: dict[str, str]) -> None:
    by_command = Engagement(copy_project(tmp_path / "command", "engagement"))
    by_dag = Engagement(shutil.copytree(by_command.root, tmp_path / "dag"))
    done = subprocess.run(
        [str(BIN / "spark9"), "engagement", "run"],
        cwd=by_command.root, env={**os.environ, **served}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    airflow = Airflow(by_dag.root, tmp_path / "airflow", served)

    first = airflow.run()

    assert first["run"] == "success", first
    assert set(first["tasks"].values()) == {"success"}
    assert {"ingest_customers", "ingest_clickstream", "test_sources", "check", "done"} < set(first["tasks"])
    assert len(first["tasks"]) > 20
    assert by_dag.figures() == by_command.figures()
    checks = "select distinct check_name from engagement_raw.dq_check_logs order by 1"
    assert by_dag.query(checks) == by_command.query(checks)
    assert by_dag.query("select distinct run_id from engagement_raw.dq_check_logs") == [(first["run_id"],)]
    assert first["has_deadline"]


def test_a_feed_that_can_not_be_read_fails_the_run(tmp_path: Path, served: dict[str, str]) -> None:
    project = Engagement(copy_project(tmp_path / "project", "engagement"))
    airflow = Airflow(project.root, tmp_path / "airflow", served)
    failed = airflow.run(SPARK9_ENGAGEMENT_LOCATION="s3://no-such-bucket")
    assert failed["run"] == "failed"
    assert failed["tasks"]["ingest_customers"] == failed["tasks"]["ingest_clickstream"] == "failed"
    assert failed["tasks"]["done"] == "upstream_failed"
