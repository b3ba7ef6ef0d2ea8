"""Make a Meta-like export of any number of rows: one row an ad and day, twelve columns, the same for the same seed.

Example: python -m bench.generator wave.csv --rows 1000000
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

_DAYS = 28
# multiplier and increment of a linear congruential generator (Numerical Recipes), so no library's version matters
_SQL = """
copy (
    with
    drawn as (
        select
            i // {ads} as day,
            i % {ads} as ad,
            ((i + {seed}) * 1664525 + 1013904223) % 4294967296 as first_draw,
            ((i + {seed} + 7919) * 22695477 + 12345) % 4294967296 as second_draw
        from range({rows}) as numbers(i)
    ),
    figures as (
        select
            *,
            ad // 10 as ad_set,
            ad // 50 as campaign,
            20 + first_draw // 64 % 9000 as impressions,
            second_draw // 1024 as draw
        from drawn
    ),
    counted as (
        select
            *,
            impressions * (60 + draw % 35) // 100 as reach,
            impressions * (draw % 50) // 1000 as clicks,
            cast(impressions * (300 + draw % 1500) / 100000 as decimal(12, 2)) as spend
        from figures
    )
    select
        cast(120200000000000000 + campaign * 7919 as varchar) as "Campaign ID",
        'spring_' || ['us', 'uk', 'de', 'fr', 'jp'][1 + campaign % 5] || '_'
            || ['prospect', 'retarget', 'brand'][1 + campaign % 3] || '_' || campaign as "Campaign name",
        ['lookalike', 'interest', 'broad'][1 + ad_set % 3] || '_' || ad_set as "Ad set name",
        ['video', 'carousel', 'image', 'story'][1 + ad % 4] || '_' || ad as "Ad name",
        cast(date '2024-01-01' + cast({first_day} + day as integer) as varchar) as "Reporting starts",
        cast(date '2024-01-01' + cast({first_day} + day as integer) as varchar) as "Reporting ends",
        impressions as "Impressions",
        reach as "Reach",
        clicks as "Link clicks",
        spend as "Amount spent (USD)",
        round(100.0 * clicks / impressions, 2) as "CTR (link click-through rate)",
        round(spend / nullif(clicks, 0), 2) as "CPC (cost per link click) (USD)"
    from counted
    order by day, ad
) to '{path}' (header true)
"""


def write_export(path: Path, rows: int, *, wave: int = 1, seed: int = 9) -> Path:
    """Write an export.

    Args:
        path: the file to write.
        rows: how many rows of data; 1,000,000 make 117 MB.
        wave: each wave has the 28 days after the one before, so that waves restate nothing.
        seed: the same seed and arguments give the same bytes.

    Returns:
        The path.

    """
    ads = max(1, -(-rows // _DAYS))
    sql = _SQL.format(
        ads=ads, rows=rows, seed=seed + 104729 * wave, first_day=(wave - 1) * _DAYS, path=str(path).replace("'", "''")
    )
    with duckdb.connect() as connection:
        connection.execute(sql)
    return path


def main() -> None:
    """Write the export that the arguments describe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="the file to write")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of data (default: %(default)s)")
    parser.add_argument("--wave", type=int, default=1, help="which wave, from 1 (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=9, help="another seed gives other figures (default: %(default)s)")
    arguments = parser.parse_args()
    write_export(arguments.path, arguments.rows, wave=arguments.wave, seed=arguments.seed)
    print(f"{arguments.path}: {arguments.rows} rows, {arguments.path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
