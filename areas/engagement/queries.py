"""Results of campaigns, and activity of visitors: the marts of engagement."""

from __future__ import annotations

import pandas as pd

from app.marts import Marts

SCHEMA = "engagement_marts"


def campaigns(marts: Marts) -> pd.DataFrame:
    """A row a campaign with its sessions, customers and cost; for admins those too that name no campaign."""
    return marts.frame(
        "select client_schema, platform, campaign_name, utm_source, utm_medium, utm_campaign, match_status, sessions, "
        "engaged_sessions, engaged_customers, sign_ups, engaged_seconds, currency, amount_spent, cost_per_session, "
        f"cost_per_engaged_customer, cost_per_sign_up from {marts.mart('campaign_engagement', SCHEMA)} "
        "order by sessions desc, amount_spent desc nulls last, campaign_name, utm_source, utm_campaign"
    )


def totals(marts: Marts) -> pd.DataFrame:
    """One row: sessions, engaged sessions, customers with a session, and sign-ups."""
    return marts.frame(
        "select sum(sessions) as sessions, sum(engaged_sessions) as engaged_sessions, sum(sign_ups) as sign_ups, "
        "sum(case when sessions > 0 and customer_key <> 'unknown' then 1 else 0 end) as customers "
        f"from {marts.of_no_client('customer_engagement', SCHEMA)}"
    )


def pages(marts: Marts, most: int = 200) -> pd.DataFrame:
    """A row a page, the one with most events first."""
    return marts.frame(
        "select page_host, page_path, sum(events) as events, sum(page_views) as page_views, sum(entries) as entries, "
        "sum(exits) as exits, sum(engaged_seconds) as engaged_seconds, "
        "sum(events_without_visitor) as events_without_visitor "
        f"from {marts.of_no_client('page_engagement', SCHEMA)} group by page_host, page_path "
        f"order by events desc, page_host, page_path limit {int(most)}"
    )


def customers(marts: Marts) -> pd.DataFrame:
    """A row a region: customers, those with a session, and what they did."""
    return marts.frame(
        "select coalesce(region, 'unknown') as region, count(*) as customers, "
        "sum(case when sessions > 0 then 1 else 0 end) as with_sessions, sum(sessions) as sessions, "
        "sum(engaged_sessions) as engaged_sessions, sum(sign_ups) as sign_ups "
        f"from {marts.of_no_client('customer_engagement', SCHEMA)} group by coalesce(region, 'unknown') "
        "order by sessions desc, region"
    )


def checks(marts: Marts) -> pd.DataFrame:
    """The check results of the last run, failures first."""
    mart = marts.of_no_client("quality_checks", SCHEMA)
    return marts.frame(
        f"select check_timestamp, severity, status, check_name, table_name, failures, message from {mart} "
        f"where check_timestamp = (select max(check_timestamp) from {mart}) "
        "order by case status when 'pass' then 1 else 0 end, severity, check_name"
    )


def log(marts: Marts, most: int = 200) -> pd.DataFrame:
    """The steps of runs, latest first."""
    return marts.frame(
        "select log_timestamp, step, feed, status, files, records_loaded, records_rejected, duration_seconds, "
        f"error_code, error_message, done_by from {marts.of_no_client('ingestion_log', SCHEMA)} "
        f"order by log_timestamp desc limit {int(most)}"
    )
