"""The area engagement as a DAG: a task a feed, a task a dbt model with its tests, the checks, and alerts.

It has the steps of `spark9 engagement run`, with the same commands, so both may be used on one warehouse. On Snowflake
feeds and models run side by side; a DuckDB file has one writer, so there the tasks wait for each other.

It runs each hour, and when files arrive: an event of the asset `spark9://engagement/bucket`. When it is done, it emits
an event of `spark9://engagement/marts`, by which other DAGs can start.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import yaml
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset, DeadlineAlert, DeadlineReference
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.timetables.assets import AssetOrTimeSchedule
from airflow.timetables.trigger import CronTriggerTimetable
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import InvocationMode, LoadMode, TestBehavior, TestIndirectSelection
from spark9_alerts import BIN, PROJECT, tell_failure, tell_late

TARGET = os.environ.get("SPARK9_TARGET", "dev")
PROFILE = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))["spark9"]
IS_EMBEDDED = PROFILE["outputs"][TARGET]["type"] == "duckdb"
RETRIES = int(os.environ.get("SPARK9_AIRFLOW_RETRIES", "2"))
# dbt is run from a copy of the project, from which a relative path would lead elsewhere
DATABASE = os.environ.get("SPARK9_DUCKDB_PATH", str(PROJECT / "warehouse" / "spark9.duckdb"))
ENVIRONMENT = {"SPARK9_RUN_ID": "{{ run_id }}", "SPARK9_TARGET": TARGET, "SPARK9_DUCKDB_PATH": DATABASE}
_SOURCES = PROJECT / "areas/engagement/models/engagement/_sources.yml"
SOURCES = yaml.safe_load(_SOURCES.read_text(encoding="utf-8"))
FEEDS = [
    table["name"]
    for source in SOURCES["sources"]
    for table in source["tables"]
    if "feed" in table.get("config", {}).get("meta", {})
]


def command(task_id: str, words: str, **options: object) -> BashOperator:
    """A task that runs one of the project's commands in its folder."""
    return BashOperator(
        task_id=task_id, bash_command=f"{BIN}/{words}", cwd=str(PROJECT), env=ENVIRONMENT, append_env=True, **options
    )


with DAG(
    "engagement",
    description="Customers and clickstream from S3 to the marts.",
    doc_md=__doc__,
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("15 * * * *", timezone="UTC"), assets=[Asset("spark9://engagement/bucket")]
    ),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    max_active_tasks=1 if IS_EMBEDDED else 8,
    default_args={"retries": RETRIES, "retry_delay": timedelta(minutes=2), "retry_exponential_backoff": True},
    deadline=DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, timedelta(minutes=50), AsyncCallback(tell_late)),
    tags=["spark9"],
) as dag:
    # ingestion and checks send their own alerts
    ingested = [
        command(f"ingest_{feed}", f"spark9 ingest engagement.{feed}", outlets=[Asset(f"spark9://engagement/{feed}")])
        for feed in FEEDS
    ]
    sources = command(
        "test_sources",
        f"dbt test --select source:engagement --indirect-selection cautious --target {TARGET}",
        on_failure_callback=tell_failure,
    )
    models = DbtTaskGroup(
        group_id="models",
        project_config=ProjectConfig(PROJECT, install_dbt_deps=False),
        profile_config=ProfileConfig(
            profile_name="spark9", target_name=TARGET, profiles_yml_filepath=PROJECT / "profiles.yml"
        ),
        execution_config=ExecutionConfig(
            dbt_executable_path=BIN / "dbt",
            invocation_mode=InvocationMode.SUBPROCESS,
            # a test of several models belongs to the last of them
            test_indirect_selection=TestIndirectSelection.BUILDABLE,
        ),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_LS,
            invocation_mode=InvocationMode.SUBPROCESS,
            dbt_executable_path=BIN / "dbt",
            selector="engagement",
            test_behavior=TestBehavior.BUILD,
            emit_datasets=False,
            env_vars={"SPARK9_DUCKDB_PATH": DATABASE},
        ),
        operator_args={"env": ENVIRONMENT, "append_env": True, "install_deps": False},
        default_args={"retries": RETRIES, "on_failure_callback": tell_failure},
    )
    # also if a model failed: what was found until then is reported
    check = command("check", "spark9 engagement check", trigger_rule="all_done", retries=0)
    done = EmptyOperator(task_id="done", outlets=[Asset("spark9://engagement/marts")])

    ingested >> sources >> models >> check
    [models, check] >> done
