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
    area_feed,
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

GENERATED_FILE = "generated"
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
    with open_warehouse(project, **waiting).session() as session:
        schema = install(project, session)
        if fresh:
            reset = project.macros.call("as_admin", project.macros.call("customer_360_reset_ddl", schema))
            session.run(reset)
            install(project, session)
        there = plan_there(session, schema)
        until = generated_until(session, schema, CUSTOMERS)
        if there is None:
            first = as_of or date.fromisoformat(str(settings["as_of"]))
            given = (customers, int(settings["customers"])), (seed, int(settings["seed"]))
            count, number = (one if one is not None else default for one, default in given)
            plan = history(count, number, first, months or int(settings["history_months"]))
            day = first
        else:
            plan, day = there, as_of or until or there.last_day
            _refuse_others(plan, customers, seed)
        _refuse_earlier(day, until or plan.last_day if there else None)
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


def _refuse_earlier(day: date, until: date | None) -> None:
    if until is not None and day < until:
        raise GenerationRefusedError(
            "generated-later",
            f"The day {day} lies before {until}, up to which rows are there.",
            "Give a later day with --as-of, or begin anew with --fresh.",
        )


def _write_customers(
    project: Project, session: Session, schema: str, plan: GenerationPlan, as_of: date, run_id: str
) -> int:
    """Put the customers in the place of those that are there, with their rows in the ledger and the telemetry."""
    macros, feed = project.macros, area_feed(project)
    write_traits(project, session, schema, plan, as_of)
    customers = macros.call(
        "generate_customers_sql", f"{schema}.customer_traits", plan.for_macros(as_of), str(as_of), day_number(as_of)
    )
    number = int(
        session.query(f"select coalesce(max(ingestion_id), 0) + 1 from {schema}.ingested_files")[0][0]
    )
    now = macros.call("current_time_utc").strip()
    fields = ", ".join(field.name for field in feed.fields)
    session.query(f"update {schema}.ingested_files set replaced_by = {number} where replaced_by is null")
    session.query(f"delete from {schema}.{feed.table}")
    session.query(
        f"insert into {schema}.{feed.table} ({fields}, file_name, line_number, ingestion_id, ingested_at) "
        f"select {fields}, '{GENERATED_FILE}', cast(customer_id as bigint), {number}, {now} from ({customers}) as made"
    )
    records = int(session.query(f"select count(*) from {schema}.{feed.table}")[0][0])
    batch = int(session.query(f"select coalesce(max(batch_id), 0) + 1 from {schema}.generation_telemetry")[0][0])
    etag = f"seed={plan.seed} customers={plan.customers} as_of={as_of}"
    session.insert(
        schema,
        "ingested_files",
        ("feed", "file_name", "etag", "size_bytes", "ingestion_id", "run_id", "rows_read", "rows_loaded",
         "rows_rejected", "ingested_at"),
        [(feed.name, GENERATED_FILE, etag, 0, number, run_id, records, records, 0, session.now())],
    )  # fmt: skip
    session.query(_telemetry(project, schema, CUSTOMERS, plan, Batch(batch, plan.first_day, as_of), run_id, records))
    return records


def write_traits(project: Project, session: Session, schema: str, plan: GenerationPlan, as_of: date) -> None:
    """Fill the generator's own tables: what it knows of each customer, and the kinds of purchase.

    Args:
        project: from `find_project()`.
        session: of the warehouse.
        schema: bronze, on this target.
        plan: what is generated.
        as_of: with the people that there are by this day.

    """
    macros = project.macros
    session.query(f"delete from {schema}.customer_traits")
    session.query(f"insert into {schema}.customer_traits {macros.call('customer_traits', plan.for_macros(as_of))}")
    for statement in macros.call("spending_habits_sql", f"{schema}.spending_habits").split(";\n"):
        if statement.strip():
            session.query(statement)


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
        str(batch.first_day),
        day_number(batch.first_day),
        batch.days,
        batch.batch_id,
    )
    counted = f"(select count(*) from {schema}.raw_transactions where batch_id = {batch.batch_id})"
    noted = _telemetry(project, schema, TRANSACTIONS, plan, batch, run_id, counted)
    return f"insert into {schema}.raw_transactions ({', '.join(_COLUMNS)})\n{select};\n{noted};"


def _telemetry(
    project: Project, schema: str, kind: str, plan: GenerationPlan, batch: Batch, run_id: str, records: object
) -> str:
    """The statement that notes a batch; `records` is a number or an expression."""
    days = [plan.first_day, plan.last_day, batch.first_day, batch.last_day]
    dates = ", ".join(f"cast('{day}' as date)" for day in days)
    who = who_works()
    by = quote_text(who) if who else "null"
    return (
        f"insert into {schema}.generation_telemetry (batch_id, kind, seed, customer_count, history_first_day, "
        "history_last_day, first_day, last_day, records, run_id, done_by, generated_at) "
        f"select {batch.batch_id}, '{kind}', {plan.seed}, {plan.customers}, {dates}, {records}, {quote_text(run_id)}, "
        f"{by}, {project.macros.call('current_time_utc').strip()}"
    )
