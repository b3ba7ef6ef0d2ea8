"""Customers of the card issuer: figures and trends, segments, transactions, who is at risk, checks."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.cache import cached
from app.components.charts import show_bars, show_months, show_pairs
from app.components.tables import as_they_are, show_table
from app.components.tabs import show_tabs
from app.components.words import decimals, moment, whole
from app.navigation import AreaPage
from app.service import Service
from areas.customer_360 import queries

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def show(service: Service) -> None:
    """Draw the page."""
    st.title("Customer 360")
    if not service.viewer.is_admin:
        st.info("Only admins can see these customers; they do not belong to a client.")
        return
    if not service.marts.has_mart("customer_360_profile", queries.SCHEMA):
        st.info("Nothing has been built yet. Whoever runs spark9 generates and builds it.")
        return
    tabs = {
        "Overview": partial(_show_overview, service),
        "Segments": partial(_show_segments, service),
        "Transactions": partial(_show_transactions, service),
        "Churn": partial(_show_churn, service),
        "Data quality": partial(_show_quality, service),
    }
    show_tabs(tabs, "show")


def _show_overview(service: Service) -> None:
    found = cached(service.marts, queries.totals).iloc[0]
    figures = {
        "customers": whole(found["customers"]),
        "active, last 90 days": whole(found["active_customers"]),
        "spend, last 90 days": whole(found["spend_90_days"]),
        "lifetime value": decimals(found["average_lifetime_value"]),
        "expected to leave": whole(found["expected_leavers"]),
    }
    for place, (title, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(title, value)
    st.caption(
        f"As of {found['as_of_day']}. Customers leave if they buy nothing in the next 60 days, as predicted by the "
        f"churn model."
    )
    months = cached(service.marts, queries.months)
    show_months(months, "spend", "spend by month", ",.0f")
    show_months(months, "active_customers", "active customers", ",.0f")
    columns = {"day": st.column_config.DateColumn("month", format="MMM YYYY"),
               "spend": st.column_config.NumberColumn("spend", format="localized"),
               "spend_change_share": st.column_config.NumberColumn("change from previous month", format="percent"),
               "active_customers": st.column_config.NumberColumn("customers", format="localized")}  # fmt: skip
    show_table(months.iloc[::-1], columns, "Whole months, latest first")


def _show_segments(service: Service) -> None:
    found = cached(service.marts, queries.segments)
    columns = {"segment": "segment", "customers": st.column_config.NumberColumn("customers", format="localized"),
               "spend_90_days": st.column_config.NumberColumn("spend, last 90 days", format="localized"),
               "share_of_spend": st.column_config.NumberColumn("share of spend", format="percent"),
               "average_amount_90_days": st.column_config.NumberColumn("per purchase", format="%.2f"),
               "average_lifetime_value": st.column_config.NumberColumn("lifetime value", format="%.2f"),
               "average_churn_probability": st.column_config.NumberColumn("risk of leaving", format="percent"),
               "customers_change": "change in customers", "spend_change": "change in spend",
               "earlier_day": "since"}  # fmt: skip
    show_table(found, columns, "Segments, highest spend first")
    st.caption("Segments are based on the figures of the last 90 days; areas/customer_360/docs has the rule.")
    show_bars(found.assign(label=found["segment"]), "spend_90_days", "spend, last 90 days", ",.0f", "segment")
    by_value = found.sort_values("average_lifetime_value", ascending=False)
    show_bars(by_value.assign(label=by_value["segment"]), "average_lifetime_value", "lifetime value", ",.2f", "segment")
    months = cached(service.marts, queries.segment_months)
    shown = months.pivot_table(index="day", columns="segment", values="spend").reset_index()
    show_table(shown, as_they_are(shown), "Spend by month and segment")


def _show_transactions(service: Service) -> None:
    categories = cached(service.marts, queries.transactions, "merchant_category")
    show_bars(categories, "spend", "spend", ",.0f", "merchant category")
    columns = {"label": "name", "transactions": st.column_config.NumberColumn("transactions", format="localized"),
               "spend": st.column_config.NumberColumn("spend", format="localized"),
               "average_transaction_value": st.column_config.NumberColumn("per purchase", format="%.2f"),
               "approved_share": st.column_config.NumberColumn("approved", format="percent")}  # fmt: skip
    show_table(categories, columns, "Merchant categories, highest spend first")
    channels = cached(service.marts, queries.transactions, "channel")
    show_table(channels, columns, "Channels, highest spend first")
    weekdays = cached(service.marts, queries.weekdays)
    weekdays = weekdays.assign(label=[_WEEKDAYS[int(number) - 1] for number in weekdays["day_of_week"]])
    show_bars(weekdays, "transactions", "transactions per day", ",.0f", "day of the week")


def _show_churn(service: Service) -> None:
    if not service.marts.has_mart("churn_predictions", queries.SCHEMA):
        st.info("No model has been trained yet. Whoever runs spark9 trains it.")
        return
    runs = cached(service.marts, queries.model_runs)
    latest = runs.iloc[0]
    figures = {
        "AUC": decimals(latest["auc"], 3),
        "AUC, recency alone": decimals(latest["recency_auc"], 3),
        "lift of the top decile": decimals(latest["top_decile_lift"], 1),
        "Brier score": decimals(latest["brier_score"], 4),
    }
    for place, (title, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(title, value)
    st.caption(
        f"Evaluated on {whole(latest['judged_rows'])} rows of {latest['judged_first_day']} and "
        f"{latest['judged_last_day']}, days after its training data."
    )
    found = cached(service.marts, queries.at_risk)
    columns = {"customer_id": "customer",
               "churn_probability": st.column_config.NumberColumn("probability", format="percent"),
               "reason_1": "main reason", "reason_2": "second reason", "reason_3": "third reason", "segment": "segment",
               "days_since_purchase": "days since last purchase",
               "spend_90_days": st.column_config.NumberColumn("spend, last 90 days", format="localized"),
               "lifetime_value": st.column_config.NumberColumn("lifetime value", format="%.2f")}  # fmt: skip
    show_table(found, columns, "Customers most likely to leave")
    compared = cached(service.marts, queries.calibration)
    show_pairs(compared, "decile", ("predicted", "observed"), "share of customers who left")
    show_table(compared, as_they_are(compared), "Predicted and observed churn, by decile")
    show_table(runs, as_they_are(runs), "Trained models, latest first")


def _show_quality(service: Service) -> None:
    checks = cached(service.marts, queries.checks)
    if checks.empty:
        st.caption("No checks have been run yet.")
    else:
        checks = checks.assign(when=[moment(value) for value in checks["latest_timestamp"]])
        columns = {"latest_status": "status", "severity": "severity", "check_name": "check", "table_name": "table",
                   "latest_failures": "rows", "passed_share": st.column_config.NumberColumn("passed", format="percent"),
                   "times_checked": "times", "when": "when"}  # fmt: skip
        show_table(checks, columns, "Latest results of the checks, failures first")
    made = cached(service.marts, queries.generations)
    made = made.assign(when=[moment(value) for value in made["generated_at"]])
    columns = {"when": "when", "kind": "what", "first_day": "from", "last_day": "to",
               "records": st.column_config.NumberColumn("rows", format="localized"), "seed": "seed",
               "done_by": "by"}  # fmt: skip
    show_table(made, columns, "Generated data, latest first")


PAGES = (AreaPage("Customer 360", "customer_360", ":material/account_circle:", show),)
