"""Generate customers and transactions in the warehouse itself: no row passes through this machine's memory but on DuckDB."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Unpack

import duckdb

from loader.customer_360.plan import (
    AREA,
    CUSTOMERS,
    TRANSACTIONS,
    Batch,
    GenerationPlan,
    day_number,
    generated_until,
    history,
    install,
    missing_batches,
    plan_there,
)
from loader.errors import GenerationRefusedError
from loader.feeds.logs import INFO, RunStep, log_steps, new_run_id
from loader.log import who_works
from loader.names import quote_text
from loader.project.project import Project
from loader.warehouses.interface import Session, Waiting
from loader.warehouses.opening import open_warehouse
from loader.waves.machine_errors import as_told

BatchNotice = Callable[[str, float], None]
_COLUMNS = (
    "transaction_id",
    "customer_id",
    "transaction_date",
    "transaction_amount",
    "merchant_name",
    "merchant_category",
    "channel",
    "status",
    "batch_id",
)


def no_notice(_what: str, _share: float) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class GenerationResult:
    """What a generation did.

    Args:
        kind: customers or transactions.
        records: rows that are new; 0 where nothing was to be done.
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
    project: Project,
    customers: int | None = None,
    *,
    seed: int | None = None,
    as_of: date | None = None,
    months: int | None = None,
    fresh: bool = False,
    run_id: str | None = None,
    **waiting: Unpack[Waiting],
) -> GenerationResult:
    """Generate the customers as they are on a day, in place of those of an earlier day.

    Args:
        project: from `find_project()`.
        customers: how many at the end of the history; what is there, or the setting, where it is not given.
        seed: likewise.
        as_of: the day; the last one that is there, or the setting, where it is not given.
        months: of history up to the first such day; the setting where it is not given.
        fresh: take away all that was generated and built, and begin anew.
        run_id: for the logs; a new one where it is not given.
        waiting: see Waiting.

    Raises:
        GenerationRefusedError: a number is out of range, others are there already, or the day lies before.

    """
    started = time.monotonic()
    run_id = run_id or new_run_id()
    settings = project.variables[AREA]
    # numbers that are out of range are refused before anything is taken away
    wanted = history(
        int(settings["customers"]) if customers is None else customers,
        int(settings["seed"]) if seed is None else seed,
        as_of or date.fromisoformat(str(settings["as_of"])),
        int(settings["history_months"]) if months is None else months,
    )
    with open_warehouse(project, **waiting).session() as session:
        schema = install(project, session)
        if fresh:
            reset = project.macros.call("as_admin", project.macros.call("customer_360_reset_ddl", schema))
            session.run(reset)
            install(project, session)
        there = plan_there(session, schema)
        until = generated_until(session, schema, CUSTOMERS)
        if there is None:
            plan, day = wanted, wanted.last_day
        else:
            plan, day = there, as_of or until or there.last_day
            _refuse_others(plan, customers, seed)
            _refuse_earlier(day, until or plan.last_day)
        if until == day:
            return GenerationResult(CUSTOMERS, 0, 0, day, time.monotonic() - started)
        with session.transaction(lock=schema):
            records = _write_customers(project, session, schema, plan, day, run_id)
            seconds = time.monotonic() - started
            step = RunStep(run_id, "generate", INFO, f"{AREA}.{CUSTOMERS}", 1, records, 0, seconds)
            log_steps(project, session, schema, [step])
    return GenerationResult(CUSTOMERS, records, 1, day, seconds)


def _refuse_others(plan: GenerationPlan, customers: int | None, seed: int | None) -> None:
    for what, given, there in (("customers", customers, plan.customers), ("the seed", seed, plan.seed)):
        if given is not None and given != there:
            raise GenerationRefusedError(
                "generated-otherwise",
                f"What is there was generated with {there} for {what}, not {given}; both can't stand side by side.",
                "Leave it away to go on with what is there, or take all of it away and begin anew with --fresh.",
            )


def _refuse_earlier(day: date, until: date) -> None:
    if day < until:
        raise GenerationRefusedError(
            "generated-later",
            f"The day {day} lies before {until}, up to which rows are there.",
            "Give a later day with --as-of, or begin anew with --fresh.",
        )


def _write_customers(
    project: Project, session: Session, schema: str, plan: GenerationPlan, as_of: date, run_id: str
) -> int:
    """Put the customers in the place of those that are there, with their rows in the ledger and the telemetry."""
    dates = [_date(day) for day in (plan.first_day, plan.last_day, as_of)]
    statements = project.macros.call(
        "generate_customers_script",
        schema,
        plan.for_macros(as_of),
        quote_text(str(as_of)),
        day_number(as_of),
        quote_text(run_id),
        _done_by(),
        dates,
    )
    for statement in statements:
        session.query(statement)
    return int(session.query(f"select count(*) from {schema}.raw_customers")[0][0])


def generate_transactions(
    project: Project,
    *,
    as_of: date | None = None,
    run_id: str | None = None,
    on_batch: BatchNotice = no_notice,
    **waiting: Unpack[Waiting],
) -> GenerationResult:
    """Generate the transactions of each day up to a day that has none yet: a month in a transaction of its own.

    A run that was killed is taken up where it stopped; nothing is there twice.

    Args:
        project: from `find_project()`.
        as_of: the last day; that of the customers where it is not given.
        run_id: for the logs; a new one where it is not given.
        on_batch: is told each batch that is done, and the share of the work done, 0 to 1.
        waiting: see Waiting.

    Raises:
        GenerationRefusedError: there are no customers, or they are of an earlier day.
        WarehouseRefusedError: the disk is full, or the warehouse refused a statement.

    """
    started = time.monotonic()
    run_id = run_id or new_run_id()
    with open_warehouse(project, **waiting).session() as session:
        schema = install(project, session)
        plan, until = plan_there(session, schema), generated_until(session, schema, CUSTOMERS)
        if plan is None or until is None:
            raise GenerationRefusedError(
                "customers-missing",
                "No customers were generated, so there is nobody to spend anything.",
                "Generate them first: spark9 customer-360 generate-customers",
            )
        day = as_of or until
        if day > until:
            raise GenerationRefusedError(
                "customers-older",
                f"The customers are those of {until}, and transactions up to {day} were asked for.",
                f"Generate the customers of that day first: spark9 customer-360 generate-customers --as-of {day}",
            )
        batches = missing_batches(session, schema, plan, day)
        if not batches:
            return GenerationResult(TRANSACTIONS, 0, 0, day, time.monotonic() - started)
        scripts = [_batch_script(project, schema, plan, batch, day, run_id) for batch in batches]
        done = 0

        def on_done(number: int) -> None:
            nonlocal done
            done += 1
            on_batch(f"{batches[number].first_day:%Y-%m}", done / len(batches))

        try:
            session.run_side_by_side(scripts, on_done)
        except (duckdb.Error, OSError) as error:
            raise as_told(Path("transactions"), error) from error
        first = batches[0].batch_id
        records = int(
            session.query(f"select sum(records) from {schema}.generation_telemetry where batch_id >= {first}")[0][0]
        )
        seconds = time.monotonic() - started
        step = RunStep(run_id, "generate", INFO, f"{AREA}.{TRANSACTIONS}", len(batches), records, 0, seconds)
        log_steps(project, session, schema, [step])
    return GenerationResult(TRANSACTIONS, records, len(batches), day, seconds)


def _batch_script(
    project: Project, schema: str, plan: GenerationPlan, batch: Batch, as_of: date, run_id: str
) -> str:
    """The statements that make one batch and note it."""
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
        _done_by(),
    )
    return f"insert into {schema}.raw_transactions ({', '.join(_COLUMNS)})\n{select};\n{noted};"


def _date(day: date) -> str:
    return f"cast('{day}' as date)"


def _done_by() -> str:
    who = who_works()
    return quote_text(who) if who else "null"
