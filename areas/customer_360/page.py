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
        st.info("Only admins see these customers; they are no client's.")
        return
    if not service.marts.has_mart("customer_360_profile", queries.SCHEMA):
        st.info("Nothing is built yet: `spark9 customer-360 run-all` generates and builds it (areas/customer_360).")
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
        "bought in 90 days": whole(found["active_customers"]),
        "spend of 90 days": whole(found["spend_90_days"]),
        "lifetime value": decimals(found["average_lifetime_value"]),
        "expected leavers": whole(found["expected_leavers"]),
    }
    for place, (title, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(title, value)
    st.caption(
        f"Up to {found['as_of_day']}. Leavers: who buys nothing in the next sixty days, as the churn model has it."
    )
    months = cached(service.marts, queries.months)
    show_months(months, "spend", "spend by month", ",.0f")
    show_months(months, "active_customers", "customers who bought", ",.0f")
    columns = {"day": st.column_config.DateColumn("month", format="MMM YYYY"),
               "spend": st.column_config.NumberColumn("spend", format="localized"),
               "spend_change_share": st.column_config.NumberColumn("against the month before", format="percent"),
               "active_customers": st.column_config.NumberColumn("customers", format="localized")}  # fmt: skip
    show_table(months.iloc[::-1], columns, "Whole months, the latest first")


def _show_segments(service: Service) -> None:
    found = cached(service.marts, queries.segments)
    columns = {"segment": "segment", "customers": st.column_config.NumberColumn("customers", format="localized"),
               "spend_90_days": st.column_config.NumberColumn("spend of 90 days", format="localized"),
               "share_of_spend": st.column_config.NumberColumn("of all spend", format="percent"),
               "average_amount_90_days": st.column_config.NumberColumn("a purchase", format="%.2f"),
               "average_lifetime_value": st.column_config.NumberColumn("lifetime value", format="%.2f"),
               "average_churn_probability": st.column_config.NumberColumn("risk of leaving", format="percent"),
               "customers_change": "more customers", "spend_change": "more spend",
               "earlier_day": "than on"}  # fmt: skip
    show_table(found, columns, "Segments, the one with most spend first")
    st.caption("Segments follow from figures of ninety days alone; areas/customer_360/docs has the rule.")
    show_bars(found.assign(label=found["segment"]), "spend_90_days", "spend of 90 days", ",.0f", "segment")
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
               "average_transaction_value": st.column_config.NumberColumn("a purchase", format="%.2f"),
               "approved_share": st.column_config.NumberColumn("approved", format="percent")}  # fmt: skip
    show_table(categories, columns, "Merchant categories, the one with most spend first")
    channels = cached(service.marts, queries.transactions, "channel")
    show_table(channels, columns, "Channels, the one with most spend first")
    weekdays = cached(service.marts, queries.weekdays)
    weekdays = weekdays.assign(label=[_WEEKDAYS[int(number) - 1] for number in weekdays["day_of_week"]])
    show_bars(weekdays, "transactions", "transactions on such a day", ",.0f", "day of the week")


def _show_churn(service: Service) -> None:
    if not service.marts.has_mart("churn_predictions", queries.SCHEMA):
        st.info("No model is trained yet: `spark9 customer-360 train-churn` does it (areas/customer_360).")
        return
    runs = cached(service.marts, queries.model_runs)
    latest = runs.iloc[0]
    figures = {
        "AUC": decimals(latest["auc"], 3),
        "AUC, recency alone": decimals(latest["recency_auc"], 3),
        "lift of the first tenth": decimals(latest["top_decile_lift"], 1),
        "Brier score": decimals(latest["brier_score"], 4),
    }
    for place, (title, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(title, value)
    st.caption(
        f"Judged on {whole(latest['judged_rows'])} rows of {latest['judged_first_day']} and "
        f"{latest['judged_last_day']}, days after those that it learned from."
    )
    found = cached(service.marts, queries.at_risk)
    columns = {"customer_id": "customer",
               "churn_probability": st.column_config.NumberColumn("probability", format="percent"),
               "reason_1": "most of all for", "reason_2": "then for", "reason_3": "and for", "segment": "segment",
               "days_since_purchase": "days since a purchase",
               "spend_90_days": st.column_config.NumberColumn("spend of 90 days", format="localized"),
               "lifetime_value": st.column_config.NumberColumn("lifetime value", format="%.2f")}  # fmt: skip
    show_table(found, columns, "Customers likeliest to leave")
    deciles = cached(service.marts, queries.calibration)
    compared = deciles.rename(columns={"said": "predicted", "seen": "observed"})
    show_pairs(compared, "decile", ("predicted", "observed"), "share of customers that left")
    show_table(compared, as_they_are(compared), "What the model said and what happened, by decile")
    show_table(runs, as_they_are(runs), "Models that were trained, the latest first")


def _show_quality(service: Service) -> None:
    checks = cached(service.marts, queries.checks)
    if checks.empty:
        st.caption("No check was made yet.")
    else:
        checks = checks.assign(when=[moment(value) for value in checks["latest_timestamp"]])
        columns = {"latest_status": "status", "severity": "severity", "check_name": "check", "table_name": "table",
                   "latest_failures": "rows", "passed_share": st.column_config.NumberColumn("passed", format="percent"),
                   "times_checked": "times", "when": "when"}  # fmt: skip
        show_table(checks, columns, "Checks as they stand, the worst first")
    made = cached(service.marts, queries.generations)
    made = made.assign(when=[moment(value) for value in made["generated_at"]])
    columns = {"when": "when", "kind": "what", "first_day": "from", "last_day": "to",
               "records": st.column_config.NumberColumn("rows", format="localized"), "seed": "seed",
               "done_by": "by"}  # fmt: skip
    show_table(made, columns, "What was generated, the latest first")


PAGES = (AreaPage("Customer 360", "customer_360", ":material/account_circle:", show),)
