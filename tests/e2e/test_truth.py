"""Random exports of one truth, loaded and built as users do: no day and campaign of a mart differs, or the load said so."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from loader import reading_options
from loader.errors import FileRefusedError, WaveRefusedError
from tests.support import ProjectUnderTest, notices
from tests.written import as_csv

FIRST = date(2024, 9, 1)
DAYS = 10
NAMES = {"campaign": "Campaign name", "ad_set": "Ad set name", "ad": "Ad name"}
Spent = dict[tuple[date, str, str, str, str], Decimal]


def truth(chance: random.Random) -> Spent:
    """Spend by day, campaign, ad set, ad and age."""
    return {
        (FIRST + timedelta(day), campaign, f"{campaign}{ad_set}", f"{campaign}{ad_set}{ad}", age): Decimal(cents) / 100
        for day in range(DAYS)
        for campaign in "xy"
        for ad_set in "12"
        for ad in "ab"
        for age in ("18-24", "25-34")
        if (cents := chance.choice([0, 100, 250, 1299]))
    }


def written(day: date, order: str) -> str:
    return day.strftime(
        {"iso": "%Y-%m-%d", "day-first": "%d/%m/%Y", "month-first": "%m/%d/%Y", "name": "%b %d, %Y"}[order]
    )


def export(spent: Spent, chance: random.Random, own_order: str) -> tuple[str, str]:
    """An export as somebody may ask for it, and the order of day and month in it: one client's people write it alike.

    The platform may have corrected figures of its days meanwhile; then the truth is what it says now.
    """
    start = chance.choice([0, 0, 5])
    end = chance.choice([4, DAYS - 1]) if start == 0 else DAYS - 1
    whole = (FIRST + timedelta(start), FIRST + timedelta(end))
    if chance.random() < 0.3:
        spent |= {
            key: value + chance.choice([0, 0, 0, 1]) for key, value in spent.items() if whole[0] <= key[0] <= whole[1]
        }
    is_total = chance.random() < 0.3
    depth = chance.randint(1, 3)
    by_age = chance.random() < 0.3
    order = chance.choice(["iso", own_order, own_order, "name"])
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for (day, *names, age), amount in spent.items():
        if whole[0] <= day <= whole[1]:
            sums[(*(whole if is_total else (day, day)), *names[:depth], *([age] if by_age else []))] += amount
    levels = [NAMES[level] for level in ("campaign", "ad_set", "ad")[:depth]]
    header = [
        "Reporting starts",
        "Reporting ends",
        *levels,
        *(["Age"] if by_age else []),
        "Impressions",
        "Amount spent (EUR)",
    ]
    rows = [
        [written(key[0], order), written(key[1], order), *key[2:], 10, f"{amount:.2f}"]  # type: ignore[arg-type]
        for key, amount in sums.items()
    ]
    return as_csv([header, *rows]), order


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.slow if seed < 2 else pytest.mark.soak) for seed in range(4)]
)
def test_no_mart_differs_from_the_truth_unless_the_load_said_so(acme: ProjectUnderTest, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test
    own_order = chance.choice(["day-first", "month-first"])
    spent = truth(chance)
    said: list[Decimal] = []
    covered: set[date] = set()
    for number in range(1, chance.randint(3, 5)):
        text, order = export(spent, chance, own_order)
        file = acme.write(f"{number}.csv", text)
        wave = chance.choice([number, number, 9 - number])
        try:
            result = acme.load(file, wave)
        except WaveRefusedError as refused:
            assert refused.code == "loaded-as-other-wave"
            continue
        except FileRefusedError as refused:
            assert (refused.code, order in ("day-first", "month-first")) == ("dates-unsure", True)
            result = acme.load(file, wave, options=reading_options(dates=order))
        for warning in notices(result):
            said += [abs(Decimal(found.replace(",", ""))) for found in re.findall(r"\(([-+][0-9,.]+)\)", warning)]
        if result.plan and result.plan.days:
            first, last = result.plan.days
            covered |= {first + timedelta(day) for day in range((last - first).days + 1)}
        if chance.random() < 0.5:
            assert acme.build_clients().success
    assert acme.dbt("build").success
    true = sum((amount for (day, *_), amount in spent.items() if day in covered), Decimal(0))
    in_campaigns, in_days = (
        acme.query(f"select sum(amount_spent) from marts.{mart}")[0][0]
        for mart in ("campaign_performance", "performance_by_day")
    )
    assert in_campaigns == in_days
    assert abs(in_campaigns - true) <= sum(said), (in_campaigns, true, said)
    wrong = 0
    for day, campaign, amount in acme.query(
        "select date_day, campaign_name, sum(amount_spent) from marts.performance_by_day "
        "group by all having max(days_in_row) = 1"
    ):
        own = sum((value for key, value in spent.items() if key[:2] == (day, campaign)), Decimal(0))
        wrong += abs(amount - own)
    assert wrong <= sum(said)
