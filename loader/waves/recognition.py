"""What an export says about where it belongs, before anybody names its client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from loader.errors import Spark9Error
from loader.files.containers import exports_in, unpacked
from loader.files.dialects import recognise
from loader.files.file_reader import read_rows
from loader.files.headers import PlatformColumns
from loader.files.options import ReadingOptions
from loader.files.table import TABLE, reader
from loader.names import quote_identifier
from loader.project.project import Project
from loader.waves.columns import ACCOUNT_COLUMNS, DAYS, core_columns
from loader.waves.targets import Target, choose_targets

_MOST_NAMES = 500
_CODE = re.compile("[A-Z]{3}")
# 2024 in 2024-01-31, 31/01/2024 and 20240131
_YEAR = r"(?:^|[^0-9])(20[0-9]{2})(?:[^0-9]|$)|^(20[0-9]{2})(?:0[1-9]|1[0-2])[0-3][0-9]$"
# rows beside the data, such as totals, have no day
_LEAST_DATED = 0.9


@dataclass(frozen=True)
class Glimpse:
    """What an export says about where it belongs.

    Args:
        platform: whose headers it has; none if they are inconclusive.
        campaigns: names and ids of its campaigns.
        accounts: names and ids of its accounts.
        years: of its days; none if most of them show no year of four digits.
        currencies: as the cells of a column of its own name them.

    """

    platform: str | None = None
    campaigns: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    currencies: frozenset[str] = frozenset()


def recognised_platform(project: Project, file: Path, options: ReadingOptions | None = None) -> str | None:
    """The platform whose headers a file has; none if its headers are inconclusive, or it can't be read as it is.

    Args:
        project: from `find_project()`.
        file: the export; of an archive with several, the first.
        options: how the file is written, as far as the user states it.

    """
    known = PlatformColumns(project)
    try:
        members = exports_in(file) if file.is_file() else []
        given = options or ReadingOptions(member=members[0] if len(members) > 1 else None)
        with unpacked(file, given) as export:
            return known.likely_platform(recognise(export, known, given).headers, core_columns(project))
    except Spark9Error:
        return None  # the plan reports what is wrong with it


def glimpse(project: Project, file: Path, options: ReadingOptions, named: str | None = None) -> Glimpse:
    """What a file says about where it belongs; as much of it as can be read as it is.

    Args:
        project: from `find_project()`.
        file: the export.
        options: how it is written, as far as the user states it.
        named: the platform that its name says, for headers that are inconclusive.

    """
    known, core = PlatformColumns(project), core_columns(project)
    platform = recognised_platform(project, file, options)
    likely = platform or named
    if likely is None:
        return Glimpse()
    try:
        with unpacked(file, options) as export, reader() as connection:
            dialect = read_rows(export, recognise(export, known, options), connection, known, options)
            targets = choose_targets(dialect.columns, likely, known, core, {})
            return Glimpse(
                platform,
                _names(connection, targets, ("campaign_name", "campaign_id")),
                _names(connection, targets, ACCOUNT_COLUMNS),
                _years(connection, targets),
                frozenset(filter(_CODE.fullmatch, _names(connection, targets, ("currency",)))),
            )
    except (Spark9Error, duckdb.Error, OSError):
        return Glimpse(platform)


def _names(
    connection: duckdb.DuckDBPyConnection, targets: Mapping[str, Target], wanted: Iterable[str]
) -> frozenset[str]:
    """The cells of the columns that fill one of these."""
    found: set[str] = set()
    for column, target in targets.items():
        if target.column in wanted:
            cell = f"trim({quote_identifier(column)})"
            found.update(
                name
                for (name,) in connection.execute(
                    f"select distinct {cell} from {TABLE} where {cell} <> '' limit {_MOST_NAMES}"
                ).fetchall()
            )
    return frozenset(found)


def _years(connection: duckdb.DuckDBPyConnection, targets: Mapping[str, Target]) -> frozenset[int]:
    """The years of the days, as far as their cells show them."""
    found: set[int] = set()
    for column, target in targets.items():
        if target.column not in DAYS:
            continue
        cell = f"trim({quote_identifier(column)})"
        years = (
            f"select coalesce(nullif(regexp_extract({cell}, '{_YEAR}', 1), ''), "
            f"nullif(regexp_extract({cell}, '{_YEAR}', 2), '')) as year from {TABLE} where {cell} <> ''"
        )
        rows = connection.execute(f"select year, count(*) from ({years}) group by year").fetchall()
        filled, dated = sum(count for _, count in rows), sum(count for year, count in rows if year)
        if not filled or dated < _LEAST_DATED * filled:
            return frozenset()
        found.update(int(year) for year, _ in rows if year)
    return frozenset(found)
