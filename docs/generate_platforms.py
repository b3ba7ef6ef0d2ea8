"""Write docs/platforms.md from the seeds: the known platforms and languages, how reliable they are, and their sources.

Example: python docs/generate_platforms.py --check
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "platforms.md"
HEAD = """# Platforms and languages

Generated from `seeds/platforms.csv`, `platform_languages.csv` and `platform_columns.csv` by `python
docs/generate_platforms.py`; a test checks that it is up to date. For each row of the second table, and for the columns
of each platform's API, `tests/platform_exports.py` has an export in that form (headers, dates, decimal mark, totals,
lines above and below, quotes, encoding), and `tests/models/test_platform_exports.py` checks that it loads to the same
typed table, to the cent and the day. These files follow the sources named here; none comes from a client.

## Names of the levels

| platform | | campaign | ad set | ad |
|---|---|---|---|---|
"""
BETWEEN = """
A column of the account (account, customer or advertiser; its id or name) tells the rows of two accounts apart, also
where campaigns, ad sets and ads have the same names. It is kept in additional_metrics, and so is a portfolio. Headers
of a platform other than the client's stop the load (`other-platform`).

## Reliability of the headers

*documented*: documented by the platform. *seen*: found in downloads, or in public code that reads them. *translated*:
taken from the platform's user interface in that language; since no download was available, a header may be spelled
differently there. Such a header gets a suggestion (`spark9 mapping suggestions`) and is never guessed.

| platform | language | headers | reliability | source |
|---|---|---:|---|---|
"""
TAIL = """
English headers are recognized in every language, because exports keep some of them, such as CTR.

## Millionths

| platform | header | |
|---|---|---|
"""
UNITS = """
*always*: values are divided by 1,000,000. *by its API only*: in downloads, the same header is used for plain amounts.
A fraction, or a column with no value of 10,000 or more, shows that amounts are plain; otherwise the load stops
(`units-unsure`) and asks for `--money units` or `--money micros`. It stops likewise under any header of any platform if
whole amounts are more than the clicks or impressions beside them can cost. Beside headers that only an API has, such
amounts are in millionths: {api}.

## Clicks

Platforms count several kinds of clicks. Where an export has more than one, `clicks` is the click that leads to the
advertiser's destination, as far as the platform counts it (Meta's and X's link clicks, TikTok's clicks to the
destination); all clicks are kept in additional_metrics. In the order in which they count:

| platform | English headers |
|---|---|
"""
PARTS = """
An export with one of the later headers alone has those in `clicks`; where a later wave has an earlier header too, an
open question says so (`source-changed`).

## Added up

What Pinterest's API counts apart, its Ads Manager shows as one figure. Where an export has no such figure, the second
is added to the first. A rate (CTR, CPC) is then of one of them, and is not compared.

| platform | first | added to it |
|---|---|---|
"""
DAYS = """
## Dates

In LinkedIn's downloads, 'Start date' and 'End date' are the dates of the report. Elsewhere they can be the first and
last day of a campaign, so they are kept in additional_metrics, and a file without another date column is reported as
having none.
"""


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed."""
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _clicks(columns: list[dict[str, str]]) -> Iterator[str]:
    """The rows of the table of clicks: the headers of each platform in the order in which they count."""
    clicks: dict[str, list[str]] = {}
    for row in sorted(columns, key=lambda row: int(row["priority"])):
        if row["standard_column"] == "clicks" and row["language"] == "en" and row["column_role"] != "rest":
            clicks.setdefault(row["platform"], []).append(row["header"])
    for platform, headers in sorted(clicks.items()):
        yield f"| {platform} | {', '.join(headers)} |\n"


def _parts(columns: list[dict[str, str]]) -> Iterator[str]:
    """The rows of the table of figures that are added up."""
    for platform, column in sorted(
        {(r["platform"], r["standard_column"]) for r in columns if r["column_role"] == "rest"}
    ):
        of_column = [row for row in columns if (row["platform"], row["standard_column"]) == (platform, column)]
        first, rest = (
            ", ".join(row["header"] for row in of_column if row["column_role"] == role) for role in ("part", "rest")
        )
        yield f"| {platform} | {first} | {rest} |\n"


def page() -> str:
    """The page."""
    columns = seed("platform_columns")
    headers = Counter((row["platform"], row["language"]) for row in columns)
    levels = (
        f"| {row['platform']} | {row['title']} | {row['campaign']} | {row['ad_set']} | {row['ad']} |\n"
        for row in seed("platforms")
    )
    languages = (
        f"| {row['platform']} | {row['language']} | {headers[row['platform'], row['language']]} | {row['certainty']} "
        f"| {row['source']} |\n"
        for row in seed("platform_languages")
    )
    units = (
        f"| {row['platform']} | {row['header']} | {'always' if row['unit'] == 'micros' else 'by its API only'} |\n"
        for row in columns
        if row["unit"] in ("micros", "unsure")
    )
    api = ", ".join(f"{row['header']} ({row['platform']})" for row in columns if row["unit"] == "api")
    tables = (HEAD, *levels, BETWEEN, *languages, TAIL, *units, UNITS.format(api=api), *_clicks(columns))
    return "".join((*tables, PARTS, *_parts(columns), DAYS))


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
