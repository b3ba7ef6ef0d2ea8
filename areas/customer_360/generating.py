"""Generate customers and transactions in the warehouse itself; no row passes through Python."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from areas.customer_360.errors import GenerationRefusedError, GenerationStoppedError
from areas.customer_360.plan import (
    AREA,
    CUSTOMERS,
    TRANSACTIONS,
    Batch,
    GenerationPlan,
    GenerationRequest,
    day_number,
    generated_until,
    install,
    missing_batches,
    plan_there,
)
from areas.feeds.logs import INFO, RunStep, log_steps, new_run_id
from loader.errors import WarehouseRefusedError
from loader.log import current_actor
from loader.names import quote_text
from loader.project.dbt import NodeNotice, no_notice
from loader.project.project import Project
from loader.warehouses.interface import Session
from loader.warehouses.machine_errors import as_spark9_error
from loader.workspace import Workspace


@dataclass(frozen=True)
class GenerationResult:
    """What a generation did.

    Args:
        kind: customers or transactions.
        records: new rows; 0 if there was nothing to do.
        batches: how many batches they came in.
        until: the day up to which rows are there.
        seconds: from the first question to the commit.

    """

    kind: str
    records: int
    batches: int
    until: date
    seconds: float


def generate_customers(
    workspace: Workspace,
    request: GenerationRequest,
    *,
    run_id: str | None = None,
) -> GenerationResult:
    """Generate the customers as of a day, replacing those of an earlier day.

    Args:
        workspace: from `open_workspace()`.
        request: how many, from which seed, as of which day.
        run_id: for the logs; a new one by default.

    Raises:
        GenerationRefusedError: a number is out of range, there are other customers already, or the day is earlier.

    """
    started = time.monotonic()
    run_id = run_id or new_run_id()
    # numbers that are out of range are refused before anything is deleted
    plan = request.as_first(workspace.variables[AREA])
    day = plan.last_day
    with workspace.warehouse.session() as session:
        schema = install(workspace, session)
        if request.fresh:
            _reset(workspace, session, schema)
        there = plan_there(session, schema)
        until = generated_until(session, schema, CUSTOMERS)
        if there is not None and until is not None:
            plan, day = there, request.as_continuation(there, until)
        if until == day:
            return GenerationResult(CUSTOMERS, 0, 0, day, time.monotonic() - started)
        with session.transaction(lock=schema):
            records = _write_customers(workspace, session, schema, plan, day, run_id)
            seconds = time.monotonic() - started
            step = RunStep(run_id, "generate", INFO, f"{AREA}.{CUSTOMERS}", 1, records, 0, seconds)
            log_steps(workspace, session, schema, [step])
    return GenerationResult(CUSTOMERS, records, 1, day, seconds)


def _reset(project: Project, session: Session, schema: str) -> None:
    session.run(project.macros.call("with_admin_role", project.macros.call("customer_360_reset_ddl", schema)))
    install(project, session)


def _write_customers(
    project: Project, session: Session, schema: str, plan: GenerationPlan, as_of: date, run_id: str
) -> int:
    """Replace the existing customers, with their rows in the ledger and the telemetry."""
    dates = [_date(day) for day in (plan.first_day, plan.last_day, as_of)]
    statements = project.macros.call(
        "generate_customers_script",
        schema,
        plan.for_macros(as_of),
        quote_text(str(as_of)),
        day_number(as_of),
        quote_text(run_id),
        _actor(),
        dates,
    )
    for statement in statements:
        session.query(statement)
    return int(session.query(f"select count(*) from {schema}.raw_customers")[0][0])


def generate_transactions(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    run_id: str | None = None,
    on_batch: NodeNotice = no_notice,
) -> GenerationResult:
    """Generate the transactions of each day up to a day that has none yet: a month in a transaction of its own.

    A killed run is resumed where it stopped, without duplicates.

    Args:
        workspace: from `open_workspace()`.
        as_of: the last day; by default that of the customers.
        run_id: for the logs; a new one by default.
        on_batch: called with each finished batch, and the share of the work done, 0 to 1.

    Raises:
        GenerationRefusedError: there are no customers, or they are of an earlier day.
        WarehouseRefusedError: the disk is full, or the warehouse refused a statement.

    """
    started = time.monotonic()
    run_id = run_id or new_run_id()
    with workspace.warehouse.session() as session:
        schema = install(workspace, session)
        plan, until = plan_there(session, schema), generated_until(session, schema, CUSTOMERS)
        if plan is None or until is None:
            raise GenerationRefusedError(
                "customers-missing",
                "There are no customers to generate transactions for.",
                "Generate them first: spark9 customer-360 generate-customers",
            )
        day = _day_within(until, as_of)
        batches = missing_batches(session, schema, plan, day)
        if not batches:
            return GenerationResult(TRANSACTIONS, 0, 0, day, time.monotonic() - started)
        scripts = [_batch_script(workspace, schema, plan, batch, day, run_id) for batch in batches]
        _run_batches(session, schema, batches, scripts, on_batch)
        first = batches[0].batch_id
        records = int(
            session.query(f"select sum(records) from {schema}.generation_telemetry where batch_id >= {first}")[0][0]
        )
        seconds = time.monotonic() - started
        step = RunStep(run_id, "generate", INFO, f"{AREA}.{TRANSACTIONS}", len(batches), records, 0, seconds)
        log_steps(workspace, session, schema, [step])
    return GenerationResult(TRANSACTIONS, records, len(batches), day, seconds)


def _day_within(until: date, as_of: date | None) -> date:
    if as_of and as_of > until:
        raise GenerationRefusedError(
            "customers-older",
            f"Transactions up to {as_of} were requested, but the customers are as of {until}.",
            f"Generate the customers of that day first: spark9 customer-360 generate-customers --as-of {as_of}",
        )
    return as_of or until


def _run_batches(
    session: Session, schema: str, batches: Sequence[Batch], scripts: Sequence[str], on_batch: NodeNotice
) -> None:
    done = 0

    def on_done(number: int) -> None:
        nonlocal done
        done += 1
        on_batch(f"{batches[number].first_day:%Y-%m}", done / len(batches))

    try:
        session.run_side_by_side(scripts, on_done, schema)
    except (duckdb.Error, OSError, WarehouseRefusedError) as error:
        cause = error if isinstance(error, WarehouseRefusedError) else as_spark9_error(Path("transactions"), error)
        raise GenerationStoppedError(cause.code, cause.problem) from error


def _batch_script(project: Project, schema: str, plan: GenerationPlan, batch: Batch, as_of: date, run_id: str) -> str:
    """The statements that generate and record one batch, unless another process has done so meanwhile."""
    select = project.macros.call(
        "generate_transactions_sql",
        f"{schema}.customer_traits",
        f"{schema}.spending_habits",
        plan.for_macros(as_of),
        _date(batch.first_day),
        day_number(batch.first_day),
        batch.days,
        batch.batch_id,
    )
    counted = f"(select count(*) from {schema}.raw_transactions where batch_id = {batch.batch_id})"
    noted = project.macros.call(
        "generation_telemetry_sql",
        schema,
        TRANSACTIONS,
        plan.for_macros(as_of),
        batch.batch_id,
        *(_date(day) for day in (plan.first_day, plan.last_day, batch.first_day, batch.last_day)),
        counted,
        quote_text(run_id),
        _actor(),
    )
    is_new = f"where not exists (select 1 from {schema}.generation_telemetry where batch_id = {batch.batch_id})"
    columns = ", ".join(name for name, *_ in project.macros.call("customer_360_tables")["raw_transactions"])
    return (
        f"insert into {schema}.raw_transactions ({columns})\nselect {columns} from ({select}) as made {is_new};\n"
        f"{noted}\n{is_new};"
    )


def _date(day: date) -> str:
    return f"cast('{day}' as date)"


def _actor() -> str:
    who = current_actor()
    return quote_text(who) if who else "null"
