"""Write docs/platforms.md from the seeds: which platforms and languages are known, how sure that is, and from where.

Example: python docs/generate_platforms.py --check
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "platforms.md"
HEAD = """# Platforms and languages

Generated from `seeds/platforms.csv`, `platform_languages.csv` and `platform_columns.csv` by `python
docs/generate_platforms.py`; a test keeps it true. For each row of the second table, and for the columns of each
platform's API, `tests/platform_exports.py` has an export in that form (headers, days, decimal mark, totals, lines
above and below, quotes, encoding), and `tests/models/test_platform_exports.py` loads it to the same typed table, to
the cent and the day.
These files are made after the sources named here; none is a client's.

## What each platform calls the levels

| platform | | campaign | ad set | ad |
|---|---|---|---|---|
"""
BETWEEN = """
What stands above campaigns (account, portfolio, advertiser) tells the rows of an export by account apart, and is kept
in additional_metrics elsewhere. Headers of another platform than the client's stop the load (`other-platform`).

## How sure the headers are

*documented*: the platform documents them. *seen*: in downloads, or in public code that reads them. *translated*: as the
platform shows its columns in that language; no download was seen, so a header may be spelt otherwise there. It then
gets a suggestion (`spark9 mapping suggestions`) and is never guessed.

| platform | language | headers | how sure | from |
|---|---|---:|---|---|
"""
TAIL = """
English headers count in every language: exports keep some of them, such as CTR.

## Millionths

| platform | header | |
|---|---|---|
"""
AFTER = """
*always* are divided by 1,000,000. *by its API only*: the same word heads sums of money in downloads. A fraction proves
those, and so does a column without anything of 10,000 and more; else the load stops (`units-unsure`) and asks for
`--money units` or `--money micros`.

## Days

'Start date' and 'End date' are the report's days in LinkedIn's downloads. Elsewhere they can be a campaign's own first
and last day, so they are kept in additional_metrics, and a file without another column of days says that it has none.
"""


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed."""
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
        if row["unit"]
    )
    return "".join((HEAD, *levels, BETWEEN, *languages, TAIL, *units, AFTER))


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
