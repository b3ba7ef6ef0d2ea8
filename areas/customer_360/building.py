"""Build the area's models, train the churn model, and evaluate the twelve data checks."""

from __future__ import annotations

import time
from dataclasses import dataclass

from areas.customer_360.errors import GenerationRefusedError
from areas.customer_360.plan import AREA, CUSTOMERS, TRANSACTIONS, generated_until, install
from areas.feeds.logs import new_run_id
from areas.feeds.running import CheckedArea, check_area, numbered
from loader.errors import BuildFailedError
from loader.project.dbt import BuildResult, NodeNotice, build_area, no_notice
from loader.workspace import Workspace

_MODELS, _CHURN, _VALIDATION = f"{AREA}_models", f"{AREA}_churn", f"{AREA}_validation"


@dataclass(frozen=True)
class ModelRun:
    """The churn model's quality on later days; the columns of gold.churn_model_runs.

    Args:
        model_run_id: its number; the same data, seed and parameters have the same.
        auc: area under the ROC curve.
        recency_auc: of the days since the last purchase alone.
        logistic_auc: of a logistic regression on the same features.
        average_precision: of the model.
        top_decile_lift: how many times the average churn rate the tenth with the highest predicted risk has.
        brier_score: mean squared difference of probability and outcome.
        judged_rows: rows of the days that it was judged on.
        seconds: of the training with its features and profiles.

    """

    model_run_id: str
    auc: float
    recency_auc: float
    logistic_auc: float
    average_precision: float
    top_decile_lift: float
    brier_score: float
    judged_rows: int
    seconds: float


@dataclass(frozen=True)
class DataCheck:
    """The result of one of the twelve checks.

    Args:
        name: of the check.
        status: pass, fail, warn or error.
        failures: rows that it found.
        message: dbt's message.

    """

    name: str
    status: str
    failures: int
    message: str


def build_models(workspace: Workspace, *, run_id: str | None = None, on_node: NodeNotice = no_notice) -> BuildResult:
    """Build silver and gold with their tests, except the churn model.

    Args:
        workspace: from `open_workspace()`.
        run_id: for the logs; a new one by default.
        on_node: called with each model and test as it ends; see build_client.

    Raises:
        GenerationRefusedError: there is nothing to build from.
        BuildFailedError: a model or a test failed.

    """
    _require_rows(workspace)
    with numbered(run_id or new_run_id()):
        return build_area(workspace, _MODELS, on_node)


def train_churn(workspace: Workspace, *, run_id: str | None = None, on_node: NodeNotice = no_notice) -> ModelRun:
    """Train the churn model on earlier days, judge it on later ones, and score the customers as they are.

    Args:
        workspace: from `open_workspace()`.
        run_id: for the logs; a new one by default.
        on_node: see build_models.

    Raises:
        GenerationRefusedError: nothing is built yet.
        BuildFailedError: the model could not be trained.

    """
    started = time.monotonic()
    gold = workspace.schema_name("gold")
    with workspace.warehouse.session() as session:
        if "fct_transactions" not in session.tables(gold):
            raise GenerationRefusedError(
                "gold-missing",
                "There are no transactions in gold to train on.",
                "Build it: spark9 customer-360 run-dbt",
            )
    with numbered(run_id or new_run_id()):
        build_area(workspace, _CHURN, on_node)
    with workspace.warehouse.session() as session:
        row = session.rows(
            "select model_run_id, auc, recency_auc, logistic_auc, average_precision, top_decile_lift, brier_score, "
            f"judged_rows from {gold}.churn_model_runs "
            f"where model_run_id = (select max(model_run_id) from {gold}.churn_predictions)"
        )[0]
    figures = {name: float(value or 0) for name, value in row.items() if name not in ("model_run_id", "judged_rows")}
    return ModelRun(
        row["model_run_id"], judged_rows=int(row["judged_rows"]), seconds=time.monotonic() - started, **figures
    )


def validate_data(
    workspace: Workspace, *, run_id: str | None = None, on_node: NodeNotice = no_notice
) -> tuple[CheckedArea, list[DataCheck]]:
    """Evaluate the twelve data checks, and send alerts when one fails or is resolved.

    Args:
        workspace: from `open_workspace()`.
        run_id: for the logs; a new one by default.
        on_node: see build_models.

    Raises:
        GenerationRefusedError: there is nothing to check.
        BuildFailedError: dbt could not run.
        ChecksFailedError: a critical check failed.

    """
    _require_rows(workspace)
    run_id = run_id or new_run_id()
    with numbered(run_id):
        try:
            build_area(workspace, _VALIDATION, on_node)
        except BuildFailedError as error:
            if not error.are_checks_alone:
                raise
        checked = check_area(workspace, AREA, run_id=run_id)
    return checked, data_checks(workspace, run_id)


def data_checks(workspace: Workspace, run_id: str | None = None) -> list[DataCheck]:
    """The results of the twelve checks in a run, or in the last run that evaluated them.

    Args:
        workspace: from `open_workspace()`.
        run_id: of the run.

    """
    with workspace.warehouse.session() as session:
        log = f"{install(workspace, session)}.dq_check_logs"
        rows = session.query(
            "select check_name, status, failures, message from ("
            "select *, row_number() over (partition by check_name order by check_timestamp desc) as place "
            f"from {log} where check_name like 'check|___|_%' escape '|' and run_id = coalesce(?, run_id)) as checks "
            "where place = 1 order by check_name",
            [run_id],
        )
    return [DataCheck(name, status, int(failures or 0), message or "") for name, status, failures, message in rows]


def _require_rows(workspace: Workspace) -> None:
    with workspace.warehouse.session() as session:
        schema = install(workspace, session)
        for kind, code in ((CUSTOMERS, "customers-missing"), (TRANSACTIONS, "transactions-missing")):
            if generated_until(session, schema, kind) is None:
                remedy = f"Generate them first: spark9 customer-360 generate-{kind}"
                raise GenerationRefusedError(code, f"There are no {kind} yet.", remedy)
