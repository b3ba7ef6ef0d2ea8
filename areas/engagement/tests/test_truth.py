"""Random batches end in the same tables as one big batch, and as an independent computation."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from areas.engagement.tests.conftest import Engagement, Event, event

SESSION = timedelta(minutes=30)


def random_events(draw: random.Random, count: int) -> list[dict[str, Any]]:
    """Events of few visitors close together, some without one, some sent twice and differently."""
    events = []
    for number in range(count):
        user = draw.choice(["c1", "c2", "c3", "v9", None])
        minute = draw.choice([draw.uniform(0, 300), draw.uniform(1400, 1500), 30 * draw.randint(0, 9)])
        query = draw.choice(["", "?utm_source=Facebook&utm_campaign=spring%20sale", "?utm_source=x&utm_medium=mail"])
        one = event(
            number,
            user,
            minute,
            event_type=draw.choice(["page_view", "click", "sign_up"]),
            page_url=f"https://shop.example/{draw.choice(['', 'products', 'about'])}{query}",
            duration_ms=draw.choice([None, 0, 1500]),
        )
        events.append(one)
        if draw.random() < 0.2:
            later = event(number, draw.choice([user, "c3"]), minute + draw.choice([0, 0, 25, 200]), duration_ms=7)
            events.append(later)
    draw.shuffle(events)
    return events


def expected_sessions(events: Sequence[Event]) -> list[tuple[str, datetime, datetime, int]]:
    """Visitor, start, end and number of events of each session, computed in plain Python."""
    chosen: dict[str, tuple[datetime, Event]] = {}
    for one in events:
        when = datetime.fromisoformat(one["timestamp"]).replace(tzinfo=None)
        before = chosen.get(one["event_id"])
        if before is None or when > before[0]:
            chosen[one["event_id"]] = (when, one)
    visits: dict[str, list[datetime]] = {}
    for when, one in chosen.values():
        if one["user_id"]:
            visits.setdefault(one["user_id"], []).append(when)
    sessions = []
    for visitor, times in visits.items():
        times.sort()
        start = end = times[0]
        count = 0
        for when in times:
            if when - end > SESSION:
                sessions.append((visitor, start, end, count))
                start, count = when, 0
            end, count = when, count + 1
        sessions.append((visitor, start, end, count))
    return sorted(sessions)


def without_ties(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events, of two tellings of one event and one time only the first; which of them counts is a matter of their content."""
    seen: set[tuple[str, str]] = set()
    return [
        one
        for one in events
        if (key := (one["event_id"], one["timestamp"])) not in seen and not seen.add(key)  # type: ignore[func-returns-value]
    ]


def customers_of(batch: int) -> list[list[str]]:
    """Customers as they are at a batch: c1 changes, c2 comes later, c4 goes."""
    rows = [["c1", "Ann", f"ann{min(batch, 2)}@x.org", "EU", "2026-01-01"], ["c3", "Cid", "", "US", "2026-02-31"]]
    return rows + ([["c2", "Bo", "BO@x.org ", "US", "2026-03-01"]] if batch >= 1 else [])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak), pytest.param(3, marks=pytest.mark.soak)])
def test_random_batches_end_as_one_big_batch_does(engagement: Engagement, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    events = without_ties(random_events(draw, 150))
    cuts = sorted(draw.sample(range(1, len(events)), 2))
    batches = [events[: cuts[0]], events[cuts[0] : cuts[1]], events[cuts[1] :]]
    big = Engagement(shutil.copytree(engagement.root, tmp_path / "big"))

    for number, batch in enumerate(batches):
        # the first file holds events too many, and one is missing, until it is sent again
        wrong = [*batch[5:], event(9000, "c1", 40), event(9001, "v9", 1000)] if number == 0 else batch
        engagement.events(f"part{2 - number}.json", wrong)
        if number == 2:
            engagement.events("part2.json", batches[0])
        engagement.customers("all.csv", customers_of(number))
        engagement.ingest()
        run = engagement.build()
        assert run.success, run.failures
    for file in (engagement.bucket / "clickstream").iterdir():
        file.unlink()
    engagement.events("everything.json", events)
    big.ingest()
    assert big.build().success

    # names of files and lines are those of the batches
    where = "engagement.fact_click_events"
    many, one = engagement.figures(), big.figures()
    assert [row[:-2] for row in many.pop(where)] == [row[:-2] for row in one.pop(where)]
    assert many == one
    found = big.query(
        "select visitor_id, session_start, session_end, events from engagement.fact_sessions order by all"
    )
    assert found == expected_sessions(events)
    assert big.query("select count(*) from engagement.fact_click_events") == [
        (len({told["event_id"] for told in events}),)
    ]
    history = engagement.query("select email from engagement.customer_history where customer_id = 'c1' order by 1")
    assert history == [("ann0@x.org",), ("ann1@x.org",), ("ann2@x.org",)]
