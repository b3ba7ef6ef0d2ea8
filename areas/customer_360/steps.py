"""All steps of the area in order, as one command: each can be repeated, so a failed run is simply run again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from areas.customer_360.building import build_models, train_churn, validate_data
from areas.customer_360.errors import GenerationRefusedError
from areas.customer_360.exchange import load_customers, upload_customers
from areas.customer_360.generating import generate_customers, generate_transactions
from areas.customer_360.plan import GenerationRequest
from areas.customer_360.reporting import delta_analysis, take_baseline, write_eda_report
from areas.feeds.logs import INFO, RunStep, log_steps, new_run_id
from loader.project.dbt import NodeNotice, import_dbt_meanwhile, no_notice
from loader.workspace import Workspace

REPORT = "target/customer_360/report.html"


@dataclass
class StepResult:
    """What one step did.

    Args:
        name: as commands name it.
        rows: that it created or checked; none if that does not apply.
        seconds: how long it took.
        result: in a few words.

    """

    name: str
    rows: int | None = None
    seconds: float = 0.0
    result: str = ""


@dataclass
class PipelineRun:
    """What a whole run did.

    Args:
        run_id: in the logs.
        steps: in their order.

    """

    run_id: str
    steps: list[StepResult] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Of all steps."""
        return sum(step.seconds for step in self.steps)


def run_all(
    workspace: Workspace,
    request: GenerationRequest,
    *,
    bucket: str | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    on_progress: NodeNotice = no_notice,
) -> PipelineRun:
    """Generate, load, build, train, validate and report.

    Args:
        workspace: from `open_workspace()`.
        request: what is generated.
        bucket: upload the customers there, and load them from there.
        on_step: called with each step before its turn.
        on_progress: called with each finished part of a step, and the share of the step done, 0 to 1.

    Raises:
        Spark9Error: of the step that failed; the steps before it are kept.

    """
    run = PipelineRun(new_run_id())
    import_dbt_meanwhile()
    has_baseline = not request.fresh and _take_baseline(workspace, run, on_step)
    _generate(workspace, request, bucket, run, on_step, on_progress)
    _build_and_judge(workspace, run, on_step, on_progress)
    if not has_baseline:
        _take_baseline(workspace, run, on_step)
    with _step(run, "run-delta-analysis", on_step) as step:
        differences = delta_analysis(workspace)
        step.rows = len(differences)
        step.result = f"{sum(bool(one.change) for one in differences)} metrics changed"
    with _step(run, "run-full-eda", on_step) as step:
        step.result = str(write_eda_report(workspace, workspace.root / REPORT).relative_to(workspace.root))
    with workspace.warehouse.session() as session:
        whole = RunStep(run.run_id, "run", INFO, duration_seconds=run.seconds)
        log_steps(workspace, session, workspace.raw_schema_name("bronze"), [whole])
    return run


def _generate(
    workspace: Workspace,
    request: GenerationRequest,
    bucket: str | None,
    run: PipelineRun,
    on_step: Callable[[str], None],
    on_progress: NodeNotice,
) -> None:
    with _step(run, "generate-customers", on_step) as step:
        made = generate_customers(workspace, request, run_id=run.run_id)
        step.rows, step.result = made.records, f"as of {made.until}" if made.records else "nothing new"
    if bucket:
        with _step(run, "upload-customers", on_step) as step:
            up = upload_customers(workspace, bucket, run_id=run.run_id)
            step.rows, step.result = up.records, up.location
        with _step(run, "load-customers", on_step) as step:
            loaded = load_customers(workspace, bucket, run_id=run.run_id)
            step.rows = loaded.rows_loaded
            step.result = f"{loaded.rows_rejected} rejected" if loaded.files else "nothing new"
    with _step(run, "generate-transactions", on_step) as step:
        spent = generate_transactions(workspace, on_batch=on_progress, run_id=run.run_id)
        step.rows, step.result = spent.records, f"up to {spent.until}" if spent.records else "nothing new"


def _build_and_judge(
    workspace: Workspace,
    run: PipelineRun,
    on_step: Callable[[str], None],
    on_progress: NodeNotice,
) -> None:
    with _step(run, "run-dbt", on_step) as step:
        built = build_models(workspace, on_node=on_progress, run_id=run.run_id)
        step.result = f"{built.passed} nodes"
    with _step(run, "train-churn", on_step) as step:
        model = train_churn(workspace, on_node=on_progress, run_id=run.run_id)
        step.rows, step.result = model.judged_rows, f"AUC {model.auc:.3f}, recency alone {model.recency_auc:.3f}"
    with _step(run, "validate-data", on_step) as step:
        checked, checks = validate_data(workspace, on_node=on_progress, run_id=run.run_id)
        step.result = f"{sum(one.status == 'pass' for one in checks)} of {len(checks)} checks pass"
        step.result += f", {len(checked.warnings)} warn" if checked.warnings else ""


def _take_baseline(workspace: Workspace, run: PipelineRun, on_step: Callable[[str], None]) -> bool:
    """Save the current metrics, if anything is built."""
    step = StepResult("run-baseline-eda")
    started = time.monotonic()
    try:
        step.rows = take_baseline(workspace)
    except GenerationRefusedError:
        return False
    on_step(step.name)
    step.seconds, step.result = time.monotonic() - started, "metrics saved"
    run.steps.append(step)
    return True


@contextmanager
def _step(run: PipelineRun, name: str, on_step: Callable[[str], None]) -> Iterator[StepResult]:
    on_step(name)
    step = StepResult(name)
    started = time.monotonic()
    yield step
    step.seconds = time.monotonic() - started
    run.steps.append(step)
