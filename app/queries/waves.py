"""Waves, their scores, their rows and their issues."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from app.marts import Marts, literal
from app.queries.filters import Filters
from loader.names import ClientKey

PARTS = ("completeness", "validity", "consistency", "uniqueness", "conformity", "coverage")


def waves(marts: Marts, client_schema: str | None = None) -> pd.DataFrame:
    """A row a built wave, the latest upload first, as the mart has it; new and missing columns as lists."""
    found = marts.frame(
        "select client_schema, client, platform, year, wave_number, wave_name, loads, row_count, superseded_rows, "
        "first_date, last_date, amount_spent, currency, completeness, validity, consistency, uniqueness, conformity, "
        "coverage, data_quality_score, rows_with_issues, rows_without_naming_key, open_questions, "
        # amounts of several currencies are not added up
        "case when currency = 'mixed' then null else amount_at_stake end as amount_at_stake, "
        "cast(new_columns as varchar) as new_columns, cast(missing_columns as varchar) as missing_columns, "
        f"last_upload from {marts.mart('waves')} "
        f"where {'1 = 1' if client_schema is None else f'client_schema = {literal(client_schema)}'} "
        "order by last_upload desc, client_schema, wave_number desc"
    )
    for name in ("new_columns", "missing_columns"):
        if name in found:
            found[name] = found[name].map(lambda text: json.loads(text) if text else [])
    return found


def issue_kinds(marts: Marts, client: ClientKey, wave: int) -> dict[str, int]:
    """How many rows of a wave have each issue, in words, most first."""
    rows = _rows_with_issues(marts, client, wave, most=20_000)
    counts: dict[str, int] = {}
    for row in rows:
        for issue in json.loads(row["row_issues"] or "[]"):
            counts[issue] = counts.get(issue, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def cells_with_issues(marts: Marts, client: ClientKey, wave: int, most: int = 500) -> pd.DataFrame:
    """A row an issue: the file, its row, the issue, the header it is about and the original cell."""
    rows = _rows_with_issues(marts, client, wave, most)
    headers = _headers(marts, client, wave)
    found: list[dict[str, Any]] = []
    for row in rows:
        raw = json.loads(row["raw_data"])
        for issue in json.loads(row["row_issues"] or "[]"):
            header = headers.get(row["load_id"], {}).get(issue.partition(":")[0])
            found.append(
                {
                    "file": row["file_name"],
                    "row": row["row_number"],
                    "issue": issue,
                    "header": header,
                    "cell": raw.get(header) if header else None,
                    "score": float(row["data_quality_score"]),
                    "whole row": json.dumps(raw, ensure_ascii=False),
                }
            )
    return pd.DataFrame(found)


def processed_rows(
    marts: Marts, client: ClientKey, filters: Filters, most: int = 500, *, exact: bool = False
) -> pd.DataFrame:
    """The rows that a client's figures are made of, each with its wave, file and row; superseded rows are excluded.

    Args:
        marts: who looks at what.
        client: the client.
        filters: what is looked at; rows of several days are there where any of these is one of theirs.
        most: how many rows there are at most.
        exact: amounts as decimals, for a file.

    """
    days = "1 = 1"
    if filters.first is not None and filters.last is not None:
        days = f"date_start <= {literal(filters.last)} and coalesce(date_end, date_start) >= {literal(filters.first)}"
    # brand and platform are the client's
    within = filters.over(None).without("brand", "client_schema", "platform")
    return marts.frame(
        "select wave_number, file_name, row_number, date_start, date_end, campaign_name, ad_set_name, ad_name, "
        "impressions, clicks, conversions, amount_spent, currency, data_quality_score, load_id "
        f"from {marts.table(client, 'processed_campaign_data')} "
        f"where superseded_by is null and {days} and {within.of_rows()} "
        f"order by date_start, wave_number, row_number limit {int(most)}",
        exact=exact,
    )


def wave_rows(marts: Marts, client: ClientKey, wave: int, most: int = 200) -> pd.DataFrame:
    """The first rows of a wave, typed."""
    return marts.frame(
        "select row_number, file_name, date_start, date_end, campaign_name, ad_set_name, ad_name, impressions, reach, "
        "clicks, conversions, conversion_value, amount_spent, currency, data_quality_score, superseded_because "
        f"from {marts.table(client, 'processed_campaign_data')} where wave_number = {int(wave)} "
        f"order by load_id, row_number limit {int(most)}"
    )


def pending_waves(marts: Marts, schemas: Mapping[str, ClientKey]) -> pd.DataFrame:
    """Waves with rows that wait to be built: client_schema, wave_number, row_count; of clients that have tables."""
    onboarded = marts.onboarded()
    selects = [
        f"select {literal(schema)} as client_schema, wave_number, count(*) as row_count "
        f"from {marts.table(client, 'raw_data_staging')} where not processed_flag group by wave_number"
        for schema, client in schemas.items()
        if schema in onboarded
    ]
    return marts.frame(" union all ".join(selects)) if selects else pd.DataFrame()


def _rows_with_issues(marts: Marts, client: ClientKey, wave: int, most: int) -> list[dict[str, Any]]:
    raw = marts.table(client, "raw_data_staging")
    return marts.rows(
        "select processed.load_id, processed.file_name, processed.row_number, processed.data_quality_score, "
        "cast(processed.row_issues as varchar) as row_issues, cast(raw.raw_data as varchar) as raw_data "
        f"from (select * from {marts.table(client, 'processed_campaign_data')} "
        f"where wave_number = {int(wave)} and data_quality_score < 1 and superseded_by is null "
        f"order by load_id, row_number limit {int(most)}) as processed "
        f"inner join {raw} as raw on processed.load_id = raw.load_id and processed.row_number = raw.row_number "
        "order by processed.load_id, processed.row_number"
    )


def _headers(marts: Marts, client: ClientKey, wave: int) -> dict[str, dict[str, str]]:
    """The header that fills each target, by load."""
    found: dict[str, dict[str, str]] = {}
    for row in marts.rows(
        "select load_id, target_column, column_name "
        f"from {marts.table(client, 'wave_schema_mapping')} where wave_number = {int(wave)} and ordinal is not null "
        "order by ordinal"
    ):
        found.setdefault(row["load_id"], {}).setdefault(row["target_column"], row["column_name"])
    return found
