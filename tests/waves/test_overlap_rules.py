"""Random exports of one truth at all levels, breakdowns and periods: what counts is the truth, whatever was loaded."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import pytest

from loader import find_project
from tests.support import ROOT

FIRST = date(2026, 9, 1)
DAYS = 14
SEEDS = 40
LEVELS = ("account", "campaign", "ad_set", "ad")
COLUMNS = (
    "load_id varchar, row_number integer, row_key varchar, id_key varchar, wave_number integer, "
    "upload_timestamp timestamp, level varchar, breakdowns varchar, date_start date, date_end date, campaign_id varchar, "
    "campaign_name varchar, ad_set_id varchar, ad_set_name varchar, ad_id varchar, ad_name varchar, "
    "amount_spent decimal(18, 6), currency varchar, own_account_id varchar, own_account_name varchar"
)


@dataclass(frozen=True)
class Cell:
    """What one ad spent on one day on people of one age."""

    day: date
    campaign: str
    ad_set: str
    ad: str
    age: str
    spend: Decimal


@dataclass(frozen=True)
class Export:
    """A request to a platform: which days, in which portions, at which level, with which breakdown."""

    first: date
    last: date
    portion: str
    level: str
    by_age: bool

    def portions(self) -> Iterator[tuple[date, date]]:
        """The days of its rows."""
        if self.portion == "total":
            yield self.first, self.last
            return
        day = self.first
        while day <= self.last:
            end = day if self.portion == "day" else day + timedelta(6 - day.weekday())
            yield day, min(end, self.last)
            day = min(end, self.last) + timedelta(1)


def truth(chance: random.Random, first: date) -> list[Cell]:
    """What was spent: not every ad runs on every day."""
    return [
        Cell(
            first + timedelta(day),
            campaign,
            f"{campaign}{ad_set}",
            f"{campaign}{ad_set}{ad}",
            age,
            Decimal(cents) / 100,
        )
        for day in range(DAYS)
        for campaign in "xy"
        for ad_set in "12"
        for ad in "ab"
        for age in ("18-24", "25-34")
        if (cents := chance.choice([0, 0, 100, 250, 999]))
    ]


def rows_of(export: Export, cells: list[Cell], load: str, wave: int) -> list[tuple[object, ...]]:
    """The rows that a platform gives: a row where anything was spent."""
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    depth = LEVELS.index(export.level)
    for first, last in export.portions():
        for cell in cells:
            if first <= cell.day <= last:
                names = (cell.campaign, cell.ad_set, cell.ad)[:depth] + (None,) * (3 - depth)
                sums[first, last, *names, cell.age if export.by_age else None] += cell.spend
    return [
        (
            load, number, "|".join(map(str, key)), None, wave, datetime(2026, 10, 1), export.level,
            "age" if export.by_age else None, key[0], key[1], None, key[2], None, key[3], None, key[4], spend, None, None, None,
        )
        for number, (key, spend) in enumerate(sums.items(), 1)
    ]  # fmt: skip


def judged(judgement: str, rows: list[tuple[object, ...]]) -> list[tuple[Any, ...]]:
    """The rows that count: campaign, first and last day, spend."""
    with duckdb.connect() as connection:
        connection.execute(f"create table candidates ({COLUMNS})")
        connection.executemany(f"insert into candidates values ({', '.join('?' * 20)})", rows)
        counts = connection.execute(f"select count(*), count(distinct (load_id, row_number)) from ({judgement})")
        assert counts.fetchall() == [(len(rows), len(rows))], "each row is judged once"
        return connection.execute(
            "select campaign_name, date_start, date_end, amount_spent from candidates "
            f"inner join ({judgement}) as judged using (load_id, row_number) where judged.superseded_by is null"
        ).fetchall()


def random_exports(chance: random.Random, first: date) -> list[Export]:
    """Exports of days that lie in each other, beside each other or apart, never across each other."""
    whole = (first, first + timedelta(DAYS - 1))
    halves = [(first, first + timedelta(6)), (first + timedelta(7), whole[1])]
    return [
        Export(
            *chance.choice([whole, *halves]),
            chance.choice(["day", "day", "total"]),
            chance.choice(LEVELS),
            chance.random() < 0.3,
        )
        for _ in range(chance.randint(1, 5))
    ]


@dataclass(frozen=True)
class Case:
    """What was spent from a day on, and what was exported of it."""

    first: date
    cells: list[Cell]
    exports: list[Export]
    rows: list[tuple[object, ...]]


@cache
def case(seed: int) -> Case:
    """Each seed has weeks of its own, so that no row of one speaks of what another's does."""
    chance = random.Random(seed)  # noqa: S311 - a test
    first = FIRST + timedelta(28 * seed)
    cells, exports = truth(chance, first), random_exports(chance, first)
    rows = [
        row
        for number, export in enumerate(exports, 1)
        for row in rows_of(export, cells, f"load{seed:06d}{number:06d}", chance.randint(1, 3))
    ]
    return Case(first, cells, exports, rows)


@pytest.fixture(scope="module")
def counted() -> list[tuple[Any, ...]]:
    """The rows of all seeds that count, judged by one statement: most of its time goes into planning it."""
    macros = find_project(ROOT).local_macros
    judgement = str(macros.call("judged_rows_sql", "select *, 1 as row_count from candidates", "supersede", "finest"))
    return judged(judgement, [row for seed in range(SEEDS) for row in case(seed).rows])


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_counts_is_the_truth_whatever_was_exported(seed: int, counted: list[tuple[Any, ...]]) -> None:
    start, cells, exports = case(seed).first, case(seed).cells, case(seed).exports
    rows = [row for row in counted if start <= row[1] < start + timedelta(DAYS)]
    covered = {cell.day for cell in cells for export in exports if export.first <= cell.day <= export.last}
    assert sum((row[3] for row in rows), Decimal(0)) == sum(
        (cell.spend for cell in cells if cell.day in covered), Decimal(0)
    ), exports
    for campaign in "xy":
        of_campaign = [row for row in rows if row[0] == campaign]
        for _, first, last, _ in of_campaign:
            own = sum((row[3] for row in of_campaign if first <= row[1] and row[2] <= last), Decimal(0))
            true = sum((c.spend for c in cells if c.campaign == campaign and first <= c.day <= last), Decimal(0))
            assert own == true, (campaign, first, last, exports)


@pytest.mark.parametrize(
    ("restatement", "overlap", "level", "spends"),
    [
        ("supersede", "finest", "ad", [7]),
        ("refuse", "finest", "ad", [7]),
        ("both", "finest", "ad", [5, 7]),
        ("supersede", "both", "ad", [7]),
        ("both", "both", "ad", [5, 7]),
        ("supersede", "finest", "campaign", [7]),
        ("supersede", "refuse", "campaign", [7]),
        ("supersede", "both", "campaign", [5, 7]),
    ],
)
def test_both_count_only_where_the_policy_says_so(
    restatement: str, overlap: str, level: str, spends: list[int]
) -> None:
    def row(load: str, wave: int, level: str, spend: int) -> tuple[object, ...]:
        ad = "y" if level == "ad" else None
        return (
            load, 1, f"{FIRST}|x|{ad}", None, wave, datetime(2026, 10, 1), level, None, FIRST, FIRST, None, "x", None,
            None, None, ad, Decimal(spend), None, None, None,
        )  # fmt: skip

    macros = find_project(ROOT).local_macros
    judgement = str(macros.call("judged_rows_sql", "select *, 1 as row_count from candidates", restatement, overlap))
    found = judged(judgement, [row("load000000000001", 1, "ad", 5), row("load000000000002", 2, level, 7)])
    assert sorted(spend for *_, spend in found) == spends
