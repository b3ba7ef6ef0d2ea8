"""What is generated: which customers, which days, and which of them already exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from areas.customer_360.errors import GenerationRefusedError
from areas.feeds.declared import Feed, feeds_of
from areas.feeds.ingesting import install_feeds
from loader.project.project import Project
from loader.warehouses.interface import Session

AREA = "customer_360"
CUSTOMERS, TRANSACTIONS = "customers", "transactions"
# a transaction_id has room for so many
MOST_CUSTOMERS = 2_000_000
_MOST_MONTHS = 120
_DAY_ZERO = date(2000, 1, 1)
# one new customer among so many in each thirty days after the history
_ONE_NEWCOMER_AMONG = 125
_NEWCOMER_DAYS = 30


def day_number(day: date) -> int:
    """Days since 2000-01-01."""
    return (day - _DAY_ZERO).days


@dataclass(frozen=True)
class GenerationPlan:
    """The parameters that determine every generated row.

    Args:
        customers: how many there are at the end of the history; more come afterwards.
        seed: another one gives other customers; 0 to 2147483646.
        first_day: of the history.
        last_day: of the history.

    """

    customers: int
    seed: int
    first_day: date
    last_day: date

    def for_macros(self, as_of: date) -> dict[str, int]:
        """The plan as the macros of macros/generation take it, with the people that there are by a day."""
        newcomers = max(1, self.customers // _ONE_NEWCOMER_AMONG)
        later = max(0, -(-(as_of - self.last_day).days // _NEWCOMER_DAYS))
        return {
            "customers": self.customers,
            "seed": self.seed,
            "first_day": day_number(self.first_day),
            "base_last_day": day_number(self.last_day),
            "newcomers": newcomers,
            "people": self.customers + newcomers * later,
        }


@dataclass(frozen=True)
class GenerationRequest:
    """A request to generate data; what is not given stays as it is, or comes from the settings.

    Args:
        customers: how many at the end of the first history.
        seed: another one gives other customers.
        as_of: the day up to which rows are generated.
        months: of the first history, that of `as_of` among them.
        fresh: delete everything that was generated and built, and start over.

    """

    customers: int | None = None
    seed: int | None = None
    as_of: date | None = None
    months: int | None = None
    fresh: bool = False

    def as_first(self, settings: Mapping[str, Any]) -> GenerationPlan:
        """The plan of a first history.

        Args:
            settings: the dbt var customer_360.

        Raises:
            GenerationRefusedError: a number is out of its range.

        """
        return history(
            int(settings["customers"]) if self.customers is None else self.customers,
            int(settings["seed"]) if self.seed is None else self.seed,
            self.as_of or date.fromisoformat(str(settings["as_of"])),
            int(settings["history_months"]) if self.months is None else self.months,
        )

    def as_continuation(self, there: GenerationPlan, until: date) -> date:
        """The day up to which a history is continued.

        Args:
            there: the plan of the existing data.
            until: the day of the existing customers.

        Raises:
            GenerationRefusedError: the existing data differs, or the day is earlier.

        """
        for what, given, found in (("customers", self.customers, there.customers), ("the seed", self.seed, there.seed)):
            if given is not None and given != found:
                raise GenerationRefusedError(
                    "generated-otherwise",
                    f"The existing data was generated with {found} for {what}, not {given};"
                    " the two histories cannot coexist.",
                    "Omit it to continue the existing history, or start over with --fresh, which removes that history.",
                )
        day = self.as_of or until
        if day < until:
            raise GenerationRefusedError(
                "generated-later",
                f"The day {day} is before {until}, the last day of the existing rows.",
                "Give a later day with --as-of, or start over with --fresh.",
            )
        return day


@dataclass(frozen=True)
class Batch:
    """Days that are generated together.

    Args:
        batch_id: its number, which its rows carry.
        first_day: of it.
        last_day: of it.

    """

    batch_id: int
    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1


def history(customers: int, seed: int, as_of: date, months: int) -> GenerationPlan:
    """The plan of whole months up to a day.

    Args:
        customers: how many.
        seed: of what is drawn.
        as_of: the last day.
        months: how many calendar months, that of `as_of` among them.

    Raises:
        GenerationRefusedError: a number is out of its range.

    """
    for what, value, least, most in (
        ("the number of customers", customers, 1, MOST_CUSTOMERS),
        ("the seed", seed, 0, 2_147_483_646),
        ("the number of months", months, 1, _MOST_MONTHS),
    ):
        if not least <= value <= most:
            raise GenerationRefusedError(
                "generation-invalid", f"{what.capitalize()} is {value}.", f"Give a number from {least} to {most:,}."
            )
    month = as_of.year * 12 + as_of.month - months
    return GenerationPlan(customers, seed, date(month // 12, month % 12 + 1, 1), as_of)


def area_feed(project: Project) -> Feed:
    """The feed of the area: customers.

    Args:
        project: from `find_project()`.

    """
    return feeds_of(project, AREA)[0]


def install(project: Project, session: Session) -> str:
    """Create the schema bronze and its tables if they are missing; its name on this target.

    Args:
        project: from `find_project()`.
        session: of the warehouse.

    Raises:
        WaveRefusedError: the target reads production's raw rows.

    """
    project.require_own_raw_rows()
    feed = area_feed(project)
    schema = project.raw_schema_name(feed.schema_name)
    tables = project.macros.call("customer_360_tables")
    if not session.tables(schema).issuperset({feed.table, "ingestion_logs", *tables}):
        described = [feed.for_macros() | {"folder": ""}]
        session.run(project.macros.call("with_admin_role", project.macros.call("customer_360_ddl", schema, described)))
    return schema


def install_stage(project: Project, session: Session, feed: Feed) -> None:
    """Make what a warehouse needs to read the feed's files.

    Args:
        project: from `find_project()`.
        session: of the warehouse.
        feed: with the location of the files.

    """
    install(project, session)
    install_feeds(project, session, [feed])


def plan_there(session: Session, schema: str) -> GenerationPlan | None:
    """The plan by which the existing rows were generated; none if there are none.

    Args:
        session: of the warehouse.
        schema: bronze, on this target.

    """
    rows = session.query(
        "select customer_count, seed, history_first_day, history_last_day "
        f"from {schema}.generation_telemetry order by batch_id limit 1"
    )
    if not rows:
        return None
    customers, seed, first, last = rows[0]
    return GenerationPlan(int(customers), int(seed), first, last)


def generated_until(session: Session, schema: str, kind: str) -> date | None:
    """The last day for which customers or transactions were generated.

    Args:
        session: of the warehouse.
        schema: bronze, on this target.
        kind: CUSTOMERS or TRANSACTIONS.

    """
    found: date | None = session.query(
        f"select max(last_day) from {schema}.generation_telemetry where kind = ?", [kind]
    )[0][0]
    return found


def missing_batches(session: Session, schema: str, plan: GenerationPlan, as_of: date) -> list[Batch]:
    """The days up to `as_of` without transactions, by calendar month; also those that a killed run left out.

    Args:
        session: of the warehouse.
        schema: bronze, on this target.
        plan: from `plan_there`.
        as_of: the last day.

    """
    rows = session.query(
        f"select batch_id, first_day, last_day from {schema}.generation_telemetry where kind = ?", [TRANSACTIONS]
    )
    there = {first + timedelta(days=day) for _, first, last in rows for day in range((last - first).days + 1)}
    all_days = (plan.first_day + timedelta(days=day) for day in range((as_of - plan.first_day).days + 1))
    next_id = int(session.query(f"select coalesce(max(batch_id), 0) + 1 from {schema}.generation_telemetry")[0][0])
    return _by_month([day for day in all_days if day not in there], next_id)


def _by_month(days: Sequence[date], next_id: int) -> list[Batch]:
    batches: list[Batch] = []
    for day in days:
        last = batches[-1].last_day if batches else None
        if last and day - last == timedelta(days=1) and day.month == last.month:
            batches[-1] = Batch(batches[-1].batch_id, batches[-1].first_day, day)
        else:
            batches.append(Batch(next_id + len(batches), day, day))
    return batches
