"""Customers of the card issuer: the tables of gold. They belong to no client, so only admins see them."""

from __future__ import annotations

import pandas as pd

from app.marts import Marts

SCHEMA = "gold"


def totals(marts: Marts) -> pd.DataFrame:
    """One row: customers, those who bought lately, what they spent, are worth, and how many are expected to leave."""
    return marts.frame(
        "select count(*) as customers, sum(case when transactions_90_days > 0 then 1 else 0 end) as active_customers, "
        "sum(spend_90_days) as spend_90_days, avg(lifetime_value) as average_lifetime_value, "
        "sum(churn_probability) as expected_leavers, max(as_of_day) as as_of_day "
        f"from {_gold(marts, 'customer_360_profile')}"
    )


def months(marts: Marts) -> pd.DataFrame:
    """A row a whole month: spend, its change, and customers who bought."""
    return marts.frame(
        "select month_start as day, spend, spend_change_share, active_customers "
        f"from {_gold(marts, 'metric_mom_spend_change')} "
        "where segment = 'all' and is_whole_month order by month_start"
    )


def segments(marts: Marts) -> pd.DataFrame:
    """A row a segment, with its part of the spend, value and risk."""
    return marts.frame(
        "select performance.segment, performance.customers, performance.transactions_90_days, "
        "performance.spend_90_days, performance.share_of_spend, performance.average_amount_90_days, "
        "performance.average_lifetime_value, risk.average_churn_probability, performance.customers_change, "
        f"performance.spend_change, performance.earlier_day from {_gold(marts, 'v_segment_performance')} "
        "as performance left join (select segment, avg(churn_probability) as average_churn_probability "
        f"from {_gold(marts, 'customer_360_profile')} group by segment) as risk "
        "on performance.segment = risk.segment order by performance.spend_90_days desc"
    )


def segment_months(marts: Marts) -> pd.DataFrame:
    """A row a whole month and segment: spend."""
    return marts.frame(
        "select month_start as day, segment, spend "
        f"from {_gold(marts, 'metric_mom_spend_change')} "
        "where segment <> 'all' and is_whole_month order by month_start, segment"
    )


def transactions(marts: Marts, by: str) -> pd.DataFrame:
    """A row a merchant category or channel: transactions, spend, average value, approved share.

    Args:
        marts: what the person reads.
        by: merchant_category or channel.

    """
    column = {"merchant_category": "merchant_category", "channel": "channel"}[by]
    return marts.frame(
        f"select {column} as label, sum(transactions) as transactions, sum(approved_amount) as spend, "
        "sum(approved_amount) / nullif(sum(approved_transactions), 0) as average_transaction_value, "
        "cast(sum(approved_transactions) as double) / nullif(sum(transactions), 0) as approved_share "
        f"from {_gold(marts, 'metric_avg_transaction_value')} group by {column} order by spend desc"
    )


def weekdays(marts: Marts) -> pd.DataFrame:
    """A row a day of the week, Monday first: transactions and spend of such a day on average."""
    return marts.frame(
        "select day_of_week, cast(sum(transactions) as double) / count(distinct transaction_date) as transactions, "
        "sum(approved_amount) / count(distinct transaction_date) as spend "
        f"from {_gold(marts, 'spend_days')} as days inner join {_gold(marts, 'dim_date')} as dates "
        "on days.transaction_date = dates.date_day group by day_of_week order by day_of_week"
    )


def at_risk(marts: Marts, most: int = 200) -> pd.DataFrame:
    """The customers most likely to leave, with reasons and lifetime value."""
    profile = _gold(marts, "customer_360_profile")
    return marts.frame(
        "select predictions.customer_id, predictions.churn_probability, predictions.reason_1, predictions.reason_2, "
        "predictions.reason_3, profiles.segment, profiles.days_since_purchase, profiles.spend_90_days, "
        f"profiles.lifetime_value from {_gold(marts, 'churn_predictions')} as predictions "
        f"inner join {profile} as profiles on predictions.customer_id = profiles.customer_id "
        f"order by predictions.churn_probability desc, predictions.customer_id limit {int(most)}"
    )


def model_runs(marts: Marts) -> pd.DataFrame:
    """Every trained model, latest first."""
    return marts.frame(
        "select trained_at, model_run_id, auc, logistic_auc, recency_auc, average_precision, "
        "recency_average_precision, top_decile_lift, brier_score, calibration_error, judged_rows, learned_rows, "
        f"judged_first_day, judged_last_day from {_gold(marts, 'churn_model_runs')} order by trained_at desc"
    )


def calibration(marts: Marts) -> pd.DataFrame:
    """A row a decile of the evaluated rows: predicted and observed churn, and the lift."""
    return marts.frame(
        "select decile, mean_probability as predicted, churned_share as observed, lift, customers "
        f"from {_gold(marts, 'churn_calibration')} order by decile"
    )


def checks(marts: Marts) -> pd.DataFrame:
    """The latest result of each check, failures first."""
    return marts.frame(
        "select check_name, table_name, severity, latest_status, latest_failures, latest_timestamp, times_checked, "
        f"passed_share from {_gold(marts, 'v_data_quality_dashboard')} "
        "order by case latest_status when 'pass' then 1 else 0 end, check_name"
    )


def generations(marts: Marts, most: int = 100) -> pd.DataFrame:
    """Generated data, latest first."""
    return marts.frame(
        "select generated_at, kind, first_day, last_day, records, seed, done_by "
        f"from {_gold(marts, 'generation_telemetry')} order by generated_at desc, batch_id desc "
        f"limit {int(most)}"
    )


def _gold(marts: Marts, table: str) -> str:
    return marts.of_no_client(table, SCHEMA)
