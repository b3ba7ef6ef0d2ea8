"""History and health: the marts of steps, uploads and cost."""

from __future__ import annotations

import pandas as pd

from app.marts import Marts


def today(marts: Marts) -> pd.DataFrame:
    """A row a client: what happened today, as processing_status_today has it."""
    return marts.frame(
        "select client_schema, client, platform, year, status_date, loads_completed, loads_failed, rows_landed, "
        "rows_processed, failed_steps, last_step, latest_wave, lowest_score, status "
        f"from {marts.mart('processing_status_today')} "
        "order by failed_steps desc, last_step desc nulls last, client_schema"
    )


def week(marts: Marts) -> pd.DataFrame:
    """One row, of the last seven days: uploads, loaded_percent, and seconds_per_wave (of all loads of a wave)."""
    today = str(marts.macro("as_of_date")).strip()
    loaded_waves = (
        "count(distinct case when load_seconds is not null "
        "then client_schema || ':' || coalesce(cast(wave_number as varchar), '') end)"
    )
    return marts.frame(
        "select sum(uploads) as uploads, "
        "cast(100 - 100 * cast(sum(failed_uploads) as double) / nullif(sum(uploads), 0) as decimal(7, 2)) "
        "as loaded_percent, "
        f"cast(sum(load_seconds) as double) / nullif({loaded_waves}, 0) as seconds_per_wave "
        f"from {marts.mart('uploads_by_day')} where upload_day <= {today} and upload_day > {today} - 7"
    )


def failed_steps(marts: Marts, most: int = 200) -> pd.DataFrame:
    """The failed steps, the latest first."""
    return marts.frame(
        "select processing_timestamp, client_schema, wave_number, processing_stage, file_name, error_code, "
        f"error_message, done_by from {marts.mart('processing_steps')} where status = 'ERROR' "
        f"order by processing_timestamp desc limit {int(most)}"
    )


def runs(marts: Marts, most: int = 300) -> pd.DataFrame:
    """The steps of loads, builds and corrections, the latest first; the parts of a load are left to its own log."""
    return marts.frame(
        "select processing_timestamp, client_schema, wave_number, processing_stage, status, file_name, row_count, "
        f"duration_seconds, done_by from {marts.mart('processing_steps')} "
        "where processing_stage not in ('RECOGNISE', 'READ', 'PROFILE', 'STAGE', 'LAND', 'MAP') "
        f"order by processing_timestamp desc limit {int(most)}"
    )


def freshness(marts: Marts) -> pd.DataFrame:
    """A row a client: when it was last loaded, its last day with figures, and its lowest score."""
    return marts.frame(
        "select client_schema, max(last_upload) as last_upload, max(last_date) as last_day, "
        f"min(data_quality_score) as lowest_score, count(*) as waves from {marts.mart('waves')} "
        "group by client_schema order by last_upload"
    )


def credits_used(marts: Marts) -> pd.DataFrame:
    """Snowflake's credits by client and month."""
    return marts.frame(
        "select month_start, client_schema, statements, credits "
        f"from {marts.mart('client_credits')} order by month_start desc, credits desc"
    )
