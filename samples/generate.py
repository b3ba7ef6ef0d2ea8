"""Make the sample exports of this folder: three waves each for three clients, and their naming keys.

Modelled on what Meta Ads Manager and LinkedIn Campaign Manager export. Seeded: the same files on every machine.

Example: python samples/generate.py --check
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).parent
AUDIENCES = ("Lookalike 1%", "Retargeting 30d", "Interest - Outdoor", "Broad 25-54")
LINKEDIN_AUDIENCES = ("IT Decision Makers", "HR Directors", "Founders")


@dataclass(frozen=True)
class Ad:
    """What one ad did on one day."""

    day: date
    campaign: str
    ad_set: str
    ad: str
    campaign_id: str
    impressions: int
    reach: int
    clicks: int
    cents: int
    results: int
    plays: int
    completions: int


def ads(client: str, wave: int, campaigns: Sequence[str], audiences: Sequence[str], days: int) -> list[Ad]:
    """The ads of a wave: each campaign, audience and creative on each day."""
    rng = random.Random(f"{client}-{wave}")
    first = date(2024, 1, 1) + timedelta(days=28 * (wave - 1))
    rows = []
    for number, campaign in enumerate(campaigns, 1):
        for audience in audiences:
            for creative in ("Video A", "Carousel B"):
                for offset in range(days):
                    impressions = rng.randint(400, 42_000)
                    clicks = int(impressions * rng.uniform(0.004, 0.03))
                    plays = int(impressions * rng.uniform(0.2, 0.5))
                    rows.append(
                        Ad(
                            day=first + timedelta(days=offset),
                            campaign=f"{client.title()} | {campaign} | W{wave}",
                            ad_set=f"{campaign} - {audience}",
                            ad=f"{audience} - {creative}",
                            campaign_id=f"12020{number:03d}{wave:02d}0000017",
                            impressions=impressions,
                            reach=int(impressions * rng.uniform(0.55, 0.95)),
                            clicks=clicks,
                            cents=int(impressions * rng.uniform(0.5, 1.6)),
                            results=int(clicks * rng.uniform(0.0, 0.2)),
                            plays=plays,
                            completions=int(plays * rng.uniform(0.05, 0.6)),
                        )
                    )
    return rows


def thousands(number: int) -> str:
    """1234 as 1,234, the way that both platforms show counts."""
    return f"{number:,}"


def money(cents: int) -> str:
    """123456 cents as 1,234.56."""
    return f"{cents // 100:,}.{cents % 100:02d}"


def rate(part: int, whole: int) -> str:
    """A percentage with two decimals, without the sign."""
    return f"{100 * part / whole:.2f}" if whole else ""


def meta_export(rows: Sequence[Ad], wave: int) -> str:
    """A Meta Ads Manager export: the totals row comes first and names nothing."""
    headers = [
        "Reporting starts",
        "Reporting ends",
        "Campaign name",
        "Ad set name",
        "Ad name",
        "Campaign ID",
        "Attribution setting",
        "Results",
        "Result indicator",
    ]
    if wave != 3:
        headers += ["Reach"]
    headers += [
        "Impressions",
        "Link clicks",
        "Amount spent (USD)",
        "CTR (link click-through rate)",
        "CPC (cost per link click) (USD)",
    ]
    if wave >= 2:
        headers += ["Video plays", "Video plays at 100%", "Video completion rate"]
    first, last = min(row.day for row in rows), max(row.day for row in rows)
    table = [headers, _meta_row(None, rows, wave, first, last)]
    table += [_meta_row(row, [row], wave, row.day, row.day) for row in rows]
    return _csv(table, ",")


def _meta_row(row: Ad | None, rows: Sequence[Ad], wave: int, first: date, last: date) -> list[str]:
    impressions, clicks = sum(ad.impressions for ad in rows), sum(ad.clicks for ad in rows)
    cents, plays = sum(ad.cents for ad in rows), sum(ad.plays for ad in rows)
    completions = sum(ad.completions for ad in rows)
    names = [row.campaign, row.ad_set, row.ad, row.campaign_id] if row else ["", "", "", ""]
    cells = [
        first.isoformat(),
        last.isoformat(),
        *names,
        "7-day click or 1-day view" if row else "",
        str(sum(ad.results for ad in rows)),
        "actions:link_click" if row else "",
    ]
    if wave != 3:
        cells.append(thousands(sum(ad.reach for ad in rows)))
    cells += [
        thousands(impressions),
        thousands(clicks),
        money(cents),
        rate(clicks, impressions),
        f"{cents / clicks / 100:.2f}" if clicks else "",
    ]
    if wave >= 2:
        cells += [thousands(plays), thousands(completions), f"{rate(completions, plays)}%"]
    return cells


def linkedin_export(rows: Sequence[Ad], wave: int) -> str:
    """A LinkedIn Campaign Manager export: lines above the header, tabs, US dates, a totals row at the end."""
    headers = [
        "Start Date (in UTC)",
        "Account Name",
        "Currency",
        "Campaign Group Name",
        "Campaign Name",
        "Campaign ID",
        "Creative Name",
        "Total Spent",
        "Impressions",
        "Clicks",
        "Click Through Rate",
        "Average CPC",
    ]
    if wave != 3:
        headers.insert(8, "Reach")
    headers += ["Conversions", "Total Engagements"]
    if wave >= 2:
        headers += ["Video Views", "Video Completions", "Video Completion Rate"]
    first, last = min(row.day for row in rows), max(row.day for row in rows)
    title = [
        ["Ad Performance Report (in UTC)"],
        [f"Report Start: {first:%B %d, %Y}, 12:00 AM"],
        [f"Report End: {last:%B %d, %Y}, 11:59 PM"],
        [f"Date Generated: {last + timedelta(days=2):%B %d, %Y}, 9:14 AM"],
        [],
    ]
    table = [*title, headers, *(_linkedin_row(row, [row], wave) for row in rows), _linkedin_row(None, rows, wave)]
    return _csv(table, "\t")


def _linkedin_row(row: Ad | None, rows: Sequence[Ad], wave: int) -> list[str]:
    impressions, clicks = sum(ad.impressions for ad in rows), sum(ad.clicks for ad in rows)
    cents, plays = sum(ad.cents for ad in rows), sum(ad.plays for ad in rows)
    completions = sum(ad.completions for ad in rows)
    names = (
        [f"{row.day:%m/%d/%Y}", "Nike EMEA", "EUR", row.campaign, row.ad_set, row.campaign_id[-9:], row.ad]
        if row
        else ["Total", "", "", "", "", "", ""]
    )
    cells = [
        *names,
        money(cents),
        thousands(impressions),
        thousands(clicks),
        f"{rate(clicks, impressions)}%",
        f"{cents / clicks / 100:.2f}" if clicks else "",
    ]
    if wave != 3:
        cells.insert(8, thousands(sum(ad.reach for ad in rows)))
    cells += [str(sum(ad.results for ad in rows)), thousands(clicks + sum(ad.results for ad in rows))]
    if wave >= 2:
        cells += [thousands(plays), thousands(completions), f"{rate(completions, plays)}%"]
    return cells


def naming_keys(rows: Sequence[Ad], left_out: str, header: str) -> str:
    """The naming convention of a client's ad sets, without one of them."""
    names = sorted({row.ad_set for row in rows} - {left_out})
    table = [[header, "Objective", "Audience", "Owner"]]
    table += [[name, name.split(" - ", 1)[0], name.split(" - ", 1)[1], "Spark No. 9"] for name in names]
    return _csv(table, ",")


def _csv(table: Sequence[Sequence[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    return text.getvalue()


def files() -> dict[str, bytes]:
    """All sample files by name."""
    made: dict[str, bytes] = {}
    campaigns = {"caterpillar": ("Awareness", "Dealer Leads"), "startup": ("Launch",)}
    for client, names in campaigns.items():
        waves = {wave: ads(client, wave, names, AUDIENCES, 5) for wave in (1, 2, 3)}
        for wave, rows in waves.items():
            made[f"{client}_meta_wave{wave}.csv"] = ("\ufeff" + meta_export(rows, wave)).encode()
        if client == "caterpillar":
            left_out = "Dealer Leads - Broad 25-54"
            made["caterpillar_meta_naming_keys.csv"] = naming_keys(waves[1], left_out, "Ad set name").encode()
    for wave in (1, 2, 3):
        rows = ads("nike", wave, ("Run Club", "Store Opening"), LINKEDIN_AUDIENCES, 5)
        made[f"nike_linkedin_wave{wave}.csv"] = ("\ufeff" + linkedin_export(rows, wave)).encode("utf-16-le")
    return made


def main() -> int:
    """Write the files, or check that they are what this script makes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file differs")
    check = parser.parse_args().check
    wrong = []
    for name, content in files().items():
        path = FOLDER / name
        if check and (not path.is_file() or path.read_bytes() != content):
            wrong.append(name)
        elif not check:
            path.write_bytes(content)
    if wrong:
        print(f"not as generated: {', '.join(wrong)}; run python samples/generate.py", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
