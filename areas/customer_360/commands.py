"""The commands of the area customer 360: `spark9 customer-360 ...`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from loader.cli.commands import command
from loader.cli.context import Context
from loader.cli.output import out, print_done, print_note, table_of

app = typer.Typer(
    name="customer-360",
    no_args_is_help=True,
    help="Generate, model and check customers and transactions of a card issuer.",
)

Count = Annotated[int | None, typer.Option("--customer-count", help="How many customers. Default: 50,000.")]
Seed = Annotated[
    int | None, typer.Option("--seed", help="The random seed; another seed gives other customers. Default: 42.")
]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day up to which rows are generated.")
]
Months = Annotated[int | None, typer.Option("--months", help="Months of history. Default: 18.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Delete everything that was generated and built, and start over.")]


@command(app)
def run_all(
    settings: Context,
    customer_count: Count = None,
    seed: Seed = None,
    as_of: AsOf = None,
    months: Months = None,
    bucket: Annotated[
        str | None, typer.Option(help="Upload the customers to this bucket, and load them from there.")
    ] = None,
    fresh: Fresh = False,
) -> None:
    """Generate, load, build, train, validate and report. When run again, it does only what is missing.

    Example: spark9 customer-360 run-all --customer-count 1000
    """
    from areas.customer_360.plan import GenerationRequest
    from areas.customer_360.steps import run_all as run_whole
    from loader.cli.output import StepBar

    with StepBar("customer 360") as bar:
        run = run_whole(
            settings.workspace,
            GenerationRequest(customer_count, seed, _day(as_of), months, fresh),
            bucket=bucket,
            on_step=print_note,
            on_progress=bar.step,
        )
    table = table_of(f"run {run.run_id}", "step", "rows", "seconds", "result")
    for step in run.steps:
        table.add_row(step.name, "" if step.rows is None else f"{step.rows:,}", f"{step.seconds:.1f}", step.result)
    table.add_row("all", "", f"{run.seconds:.1f}", "done")
    out().print(table)


@command(app)
def generate_customers(
    settings: Context,
    customer_count: Count = None,
    seed: Seed = None,
    as_of: AsOf = None,
    months: Months = None,
    fresh: Fresh = False,
) -> None:
    """Generate the customers as they are on a day, in the warehouse itself.

    Example: spark9 customer-360 generate-customers --customer-count 50000 --seed 42
    """
    from areas.customer_360.generating import generate_customers as generate
    from areas.customer_360.plan import GenerationRequest

    request = GenerationRequest(customer_count, seed, _day(as_of), months, fresh)
    made = generate(settings.workspace, request)
    if not made.records:
        print_done(f"The customers of {made.until} already exist.")
        return
    print_done(f"{made.records:,} customers as of {made.until}, {made.seconds:.1f} s.")


@command(app)
def upload_customers(
    settings: Context, bucket: Annotated[str, typer.Option(help="The bucket, with or without a leading s3://.")]
) -> None:
    """Upload the customers to S3 as a CSV file, replacing an existing one.

    Example: spark9 customer-360 upload-customers --bucket my-bucket
    """
    from areas.customer_360.exchange import upload_customers as upload

    done = upload(settings.workspace, bucket)
    print_done(f"{done.records:,} customers, {done.size_bytes:,} bytes, in {done.location}, {done.seconds:.1f} s.")


@command(app)
def load_customers(
    settings: Context,
    bucket: Annotated[str | None, typer.Option(help="The bucket. Default: the feed's own location.")] = None,
) -> None:
    """Ingest the customers from S3, replacing the existing ones.

    Example: spark9 customer-360 load-customers --bucket my-bucket
    """
    from areas.customer_360.exchange import load_customers as load
    from areas.feeds.output import print_feed_result

    print_feed_result(load(settings.workspace, bucket))


@command(app)
def generate_transactions(settings: Context, as_of: AsOf = None) -> None:
    """Generate the transactions of each day that has none yet, month by month.

    Example: spark9 customer-360 generate-transactions
    """
    from areas.customer_360.generating import generate_transactions as generate
    from loader.cli.output import StepBar

    with StepBar("transactions") as bar:
        made = generate(settings.workspace, as_of=_day(as_of), on_batch=bar.step)
    if not made.records:
        print_done(f"The transactions up to {made.until} already exist.")
        return
    print_done(f"{made.records:,} transactions in {made.batches} batches, up to {made.until}, {made.seconds:.1f} s.")


@command(app)
def run_dbt(settings: Context) -> None:
    """Build silver and gold with their tests, except the churn model and the twelve checks.

    Example: spark9 customer-360 run-dbt
    """
    from areas.customer_360.building import build_models
    from loader.cli.output import StepBar, print_build

    with StepBar("customer 360") as bar:
        built = build_models(settings.workspace, on_node=bar.step)
    print_build(built)


@command(app)
def train_churn(settings: Context) -> None:
    """Train the churn model on earlier days, evaluate it on later ones, and score the current customers.

    Example: spark9 customer-360 train-churn
    """
    from areas.customer_360.building import train_churn as train
    from loader.cli.output import StepBar

    with StepBar("churn model") as bar:
        run = train(settings.workspace, on_node=bar.step)
    table = table_of(f"model {run.model_run_id}", "figure", "model", "recency alone", "logistic regression")
    table.add_row("AUC", f"{run.auc:.4f}", f"{run.recency_auc:.4f}", f"{run.logistic_auc:.4f}")
    table.add_row("average precision", f"{run.average_precision:.4f}", "", "")
    table.add_row("lift of the first decile", f"{run.top_decile_lift:.2f}", "", "")
    table.add_row("Brier score", f"{run.brier_score:.5f}", "", "")
    out().print(table)
    print_done(f"Evaluated on {run.judged_rows:,} rows of later days, {run.seconds:.1f} s.")


@command(app)
def validate_data(settings: Context) -> None:
    """Evaluate the twelve data checks. Fails if a critical check fails.

    Example: spark9 customer-360 validate-data
    """
    from areas.customer_360.building import data_checks
    from areas.customer_360.building import validate_data as validate
    from areas.feeds.running import ChecksFailedError
    from loader.cli.output import StepBar

    failed: ChecksFailedError | None = None
    with StepBar("checks") as bar:
        try:
            validate(settings.workspace, on_node=bar.step)
        except ChecksFailedError as error:
            failed = error
    table = table_of("data checks", "check", "status", "rows", "message")
    for check in data_checks(settings.workspace):
        table.add_row(check.name, check.status, f"{check.failures:,}", "" if check.status == "pass" else check.message)
    out().print(table)
    if failed:
        raise failed


@command(app)
def run_baseline_eda(settings: Context) -> None:
    """Save the current metrics as the baseline for later comparisons.

    Example: spark9 customer-360 run-baseline-eda
    """
    from areas.customer_360.reporting import take_baseline

    print_done(f"{take_baseline(settings.workspace)} metrics saved as the baseline.")


@command(app)
def run_delta_analysis(
    settings: Context, every: Annotated[bool, typer.Option("--all", help="Show every group, including months.")] = False
) -> None:
    """Show the current metrics next to the baseline.

    Example: spark9 customer-360 run-delta-analysis
    """
    from areas.customer_360.reporting import delta_analysis

    table = table_of("baseline and now", "metric", "group", "baseline", "now", "change", "change, %")
    for one in delta_analysis(settings.workspace):
        if every or one.grouping_name in ("all", "segment"):
            figures = (one.baseline_value, one.current_value, one.change)
            share = "" if one.change_share is None else f"{100 * one.change_share:.2f}"
            shown = ["" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".") for value in figures]
            table.add_row(one.metric, one.group_value, *shown, share)
    out().print(table)


@command(app)
def run_full_eda(
    settings: Context,
    report: Annotated[
        Path | None, typer.Option(help="Where to write the report. Default: target/customer_360/report.html.")
    ] = None,
) -> None:
    """Write a report with charts: spend, segments, churn model, baseline and now, checks.

    Example: spark9 customer-360 run-full-eda --report report.html
    """
    from areas.customer_360.reporting import write_eda_report
    from areas.customer_360.steps import REPORT

    path = report or settings.workspace.root / REPORT
    print_done(f"{write_eda_report(settings.workspace, path)} was written.")


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
