"""Run the DAG engagement once in this process, in Airflow's environment; prints each task's state as JSON, last of all."""

from __future__ import annotations

import json
import sys

sys.path.insert(0, sys.argv[1])

import engagement  # type: ignore[import-not-found]
from airflow.serialization.serialized_objects import DagSerialization  # type: ignore[import-not-found]

kept = DagSerialization.to_dict(engagement.dag)["dag"]
# dag.test() of Airflow 3.3 can't end a run that has a deadline
engagement.dag.deadline = None
run = engagement.dag.test()
states = {task.task_id: str(task.state) for task in run.get_task_instances()}
answer = {"run": str(run.state), "run_id": run.run_id, "tasks": states, "has_deadline": bool(kept.get("deadline"))}
print(json.dumps(answer))  # noqa: T201 - the answer
