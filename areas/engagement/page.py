"""Results of campaigns: sessions, customers and cost; for admins also pages, customers, checks and the log."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.cache import cached
from app.components.tables import AMOUNTS, as_they_are, show_table
from app.components.tabs import show_tabs
from app.components.words import moment
from app.navigation import AreaPage
from app.service import Service
from areas.engagement import queries


def show(service: Service) -> None:
    """Draw the page."""
    st.title("Engagement")
    if not service.marts.has_mart("campaign_engagement", queries.SCHEMA):
        st.info("Nothing has been built yet. Whoever runs spark9 ingests customers and clicks first.")
        return
    tabs = {"Campaigns": partial(_show_campaigns, service)}
    if service.viewer.is_admin:
        _show_totals(service)
        tabs |= {
            "Pages": partial(_show_pages, service),
            "Customers": partial(_show_customers, service),
            "Checks": partial(_show_checks, service),
            "Log": partial(_show_log, service),
        }
    show_tabs(tabs, "show")


def _show_totals(service: Service) -> None:
    found = cached(service.marts, queries.totals).iloc[0]
    for place, (title, value) in zip(st.columns(len(found)), found.items(), strict=True):
        place.metric(str(title).replace("_", " "), f"{int(value or 0):,}")


def _show_campaigns(service: Service) -> None:
    found = cached(service.marts, queries.campaigns)
    if found.empty:
        st.caption("There are no campaigns of your clients.")
        return
    names = service.words()
    found = found.assign(client=[names.get(schema, schema) for schema in found["client_schema"]])
    columns = {"client": "client", "platform": "platform", "campaign_name": "campaign", "utm_source": "utm_source",
               "utm_medium": "utm_medium", "utm_campaign": "utm_campaign", "match_status": "match",
               "sessions": st.column_config.NumberColumn("sessions", format="localized"),
               "engaged_sessions": "engaged", "engaged_customers": "customers", "sign_ups": "sign-ups",
               "amount_spent": AMOUNTS["amount_spent"], "currency": "currency",
               "cost_per_session": st.column_config.NumberColumn("per session", format="%.4f"),
               "cost_per_engaged_customer": st.column_config.NumberColumn("per customer", format="%.4f"),
               "cost_per_sign_up": st.column_config.NumberColumn("per sign-up", format="%.4f")}  # fmt: skip
    show_table(found, columns, "Campaigns with results and cost, most sessions first")
    st.caption(
        "Spend covers all days of a campaign. Campaigns without sessions and sessions without a campaign are shown "
        "as well."
    )


def _show_pages(service: Service) -> None:
    found = cached(service.marts, queries.pages)
    show_table(found, as_they_are(found), "Pages, most events first")


def _show_customers(service: Service) -> None:
    found = cached(service.marts, queries.customers)
    show_table(found, as_they_are(found), "Customers by region")


def _show_checks(service: Service) -> None:
    found = cached(service.marts, queries.checks)
    found = found.assign(when=[moment(value) for value in found["check_timestamp"]])
    columns = {"status": "status", "severity": "severity", "check_name": "check", "table_name": "table",
               "failures": "rows", "message": "message", "when": "when"}  # fmt: skip
    show_table(found, columns, "Checks of the last run, failures first")


def _show_log(service: Service) -> None:
    found = cached(service.marts, queries.log)
    found = found.assign(when=[moment(value) for value in found["log_timestamp"]])
    columns = {"when": "when", "step": "step", "feed": "feed", "status": "status", "files": "files",
               "records_loaded": "rows", "records_rejected": "rejected",
               "duration_seconds": st.column_config.NumberColumn("seconds", format="%.2f"), "error_code": "error",
               "error_message": "problem", "done_by": "by"}  # fmt: skip
    show_table(found, columns, "Steps of the runs, latest first")


PAGES = (AreaPage("Engagement", "engagement", ":material/ads_click:", show),)
