"""The jobs that run the project on a schedule, in dbt Cloud and in GitHub Actions."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Template

from orchestration.model_report import model_report
from tests.support import BIN, ROOT, SCHEMA, ProjectUnderTest
from tests.written import meta_csv

_CLOUD = ROOT / "orchestration" / "dbt_cloud"
_WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
_SCRIPTS = sorted(path for path in (ROOT / ".ci").iterdir())


def _cloud_jobs() -> dict[str, Any]:
    numbers = yaml.safe_load((_CLOUD / "production.example.yml").read_text())
    jobs = yaml.safe_load(Template((_CLOUD / "jobs.yml").read_text()).render(numbers))["jobs"]
    return dict(jobs)


def test_each_selector_that_a_job_names_is_there() -> None:
    there = {each["name"] for each in yaml.safe_load((ROOT / "selectors.yml").read_text())["selectors"]}
    for file in (_CLOUD / "jobs.yml", *_WORKFLOWS, *_SCRIPTS):
        assert set(re.findall(r"--selector (\w+)", file.read_text())) <= there, file


def test_github_and_dbt_cloud_have_the_same_jobs_at_the_same_times() -> None:
    workflow = (ROOT / ".github" / "workflows" / "production.yml").read_text()
    at_github = dict(re.findall(r"inputs.job == '(\w+)' \|\| github.event.schedule == '([^']+)'", workflow))
    assert at_github == {name: job["schedule"]["cron"] for name, job in _cloud_jobs().items() if "schedule" in job}
    read = yaml.safe_load(workflow)
    schedules = read[True]["schedule"]  # YAML reads `on` as true
    assert [each["cron"] for each in schedules] == list(at_github.values())
    assert read[True]["workflow_dispatch"]["inputs"]["job"]["options"] == list(at_github)


def test_each_script_of_a_workflow_is_there_runs_and_is_explained() -> None:
    named = {name for file in _WORKFLOWS for name in re.findall(r"(?<![\w/])\.ci/(\w+)", file.read_text())}
    assert named <= {script.name for script in _SCRIPTS}
    explained = (ROOT / "docs" / "jobs.md").read_text()
    for script in _SCRIPTS:
        assert os.access(script, os.X_OK), script
        assert script.read_text().startswith("#!/usr/bin/env bash\n# "), script
        assert f"`.ci/{script.name}" in explained, script


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("fix(loader): read days of Korean exports", 0),
        ("feat!: one brand for a client", 0),
        ("Read days of Korean exports", 1),
        ("fix: read days.", 1),
        ("fix:read days", 1),
        ("feature: read days", 1),
        ("", 1),
    ],
)
def test_the_title_of_a_pull_request_is_a_conventional_commit(title: str, code: int) -> None:
    run = subprocess.run([ROOT / ".ci" / "check_title", title], capture_output=True, text=True, check=False)
    assert run.returncode == code, run.stderr


def test_a_release_is_told_by_the_changelog() -> None:
    notes = subprocess.run([ROOT / ".ci" / "release_notes"], capture_output=True, text=True, check=True).stdout
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert notes.strip() == changelog.partition("## Unreleased\n")[2].partition("\n## 0")[0].strip()


def test_a_report_names_what_failed_and_what_each_model_takes() -> None:
    def result(node: str, status: str, seconds: float, message: str | None = None) -> dict[str, Any]:
        return {"unique_id": node, "status": status, "execution_time": seconds, "failures": None, "message": message}

    before = {"results": [result("model.spark9.waves", "success", 1.0)]}
    run = {
        "results": [
            result("model.spark9.waves", "success", 2.0),
            result("model.spark9.new_mart", "error", 0.5, "no column `a|b`\n<b>@all</b>"),
            result("test.spark9.waves__one_row_each.0f1e", "pass", 0.1),
            result("operation.spark9.hook", "success", 0.1),
        ]
    }
    assert model_report(run, before).splitlines() == [
        "### Failed: 2 models, 1 test",
        "",
        "| what | outcome | rows | message |",
        "|---|---|---:|---|",
        "| new_mart | error |  | no column 'a\\|b' &lt;b>&#64;all&lt;/b> |",
        "",
        "| built | seconds | in production |",
        "|---|---:|---:|",
        "| waves | 2.0 | 1.0 |",
        "| new_mart | 0.5 | new |",
    ]
    assert model_report({"results": []}) == "### Passed: nothing changed that dbt builds\n"


def _script(project: ProjectUnderTest, name: str, **more: str) -> str:
    """Run a script of .ci/ in a project; what it printed."""
    for folder in (".ci", "orchestration"):
        shutil.copytree(ROOT / folder, project.root / folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "selectors.yml", project.root)
    environment = {**os.environ, "DBT": str(BIN / "dbt"), **more}
    run = subprocess.run(
        [project.root / ".ci" / name, "prod"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    return run.stdout


def _built_nodes(folder: Path) -> set[str]:
    results = json.loads((folder / "run_results.json").read_text())["results"]
    return {result["unique_id"].split(".")[2] for result in results if result["unique_id"].startswith("model.")}


@pytest.mark.slow
def test_production_builds_everything_and_later_runs_what_is_new(built: ProjectUnderTest) -> None:
    assert "everything is built" in _script(built, "new_uploads")
    state = built.root / "prod"
    assert {path.name for path in state.iterdir()} >= {"manifest.json", "sources.json", "run_results.json"}
    assert f"{SCHEMA}__processed_campaign_data" in _built_nodes(state)
    assert "static_index.html" in {path.name for path in state.iterdir()}
    _script(built, "new_uploads")
    nothing_new = _built_nodes(state)
    assert f"{SCHEMA}__processed_campaign_data" not in nothing_new
    assert "waves" in nothing_new
    built.load(built.write("c.csv", meta_csv(2, day="2024-03-01")), 3)
    _script(built, "new_uploads")
    assert f"{SCHEMA}__processed_campaign_data" in _built_nodes(state)
    assert built.query("select max(wave_number) from marts.waves") == [(3,)]


@pytest.mark.slow
def test_a_pull_request_builds_what_it_changes_reports_it_and_leaves_nothing(built: ProjectUnderTest) -> None:
    _script(built, "production")
    mart = built.root / "models" / "marts" / "uploads_by_day.sql"
    mart.write_text(mart.read_text() + "-- changed\n")
    _script(built, "slim_ci", PULL_REQUEST_NUMBER="12")
    made = (
        "select schema_name from duckdb_schemas() where database_name = current_database() and schema_name like 'pr%'"
    )
    assert built.query(made) == [("pr_12_marts",)]
    report = (built.root / "target" / "model_report.md").read_text()
    assert report.startswith("### Passed: 1 model, ")
    assert "| uploads_by_day | " in report
    built.change("create schema pr_1_marts; create schema pr_12x; create schema dbt_cloud_pr_7_12_marts")
    assert built.dbt("run-operation", "drop_pull_request_schemas", "--args", "{number: 12}").success
    assert sorted(built.query(made)) == [("pr_12x",), ("pr_1_marts",)]
    assert built.dbt("run-operation", "drop_pull_request_schemas").success  # DuckDB notes no age
    assert sorted(built.query(made)) == [("pr_12x",), ("pr_1_marts",)]
