"""Compute what `make demo` must print, from the sample files alone: no code of the project is used."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

SAMPLES = {"caterpillar": "meta", "nike": "linkedin", "startup": "meta"}


@dataclass(frozen=True)
class WaveFigures:
    """What a sample file holds."""

    rows: int
    spend: Decimal
    currency: str
    impressions: int
    clicks: int
    headers: frozenset[str]


def figures_of(path: Path) -> WaveFigures:
    """Read a sample file with the csv module and add it up."""
    content = path.read_bytes()
    is_linkedin = content.startswith(b"\xff\xfe")
    text = content.decode("utf-16" if is_linkedin else "utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if is_linkedin else ","))
    start = next(position for position, line in enumerate(lines) if "Impressions" in line)
    header = lines[start]
    rows = [dict(zip(header, line, strict=True)) for line in lines[start + 1 :]]
    data = [row for row in rows if row["Campaign Group Name" if is_linkedin else "Campaign name"]]
    spend = "Total Spent" if is_linkedin else "Amount spent (USD)"
    return WaveFigures(
        rows=len(data),
        spend=sum((Decimal(row[spend].replace(",", "")) for row in data), Decimal(0)),
        currency=data[0]["Currency"] if is_linkedin else "USD",
        impressions=sum(int(row["Impressions"].replace(",", "")) for row in data),
        clicks=sum(int(row["Clicks" if is_linkedin else "Link clicks"].replace(",", "")) for row in data),
        headers=frozenset(header),
    )


def assert_the_marts_add_up(database: Path, samples: Path) -> None:
    """That rows, spend, impressions and clicks of each wave in the mart are those of its sample file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select client, wave_number, sum(row_count), sum(amount_spent), sum(impressions), sum(clicks) "
            "from marts.campaign_performance group by all"
        ).fetchall()
    expected = []
    for client, platform in SAMPLES.items():
        for wave in (1, 2, 3):
            figures = figures_of(samples / f"{client}_{platform}_wave{wave}.csv")
            expected.append((client, wave, figures.rows, figures.spend, figures.impressions, figures.clicks))
    assert sorted(found) == sorted(expected)
