"""Runs, failed steps, freshness, checks, and on Snowflake the cost."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.messages import plain, show_nothing_yet
from app.components.page_words import for_pages
from app.components.progress import run_job, show_job, show_own_job
from app.components.tables import as_they_are, show_table
from app.components.tabs import show_tabs
from app.components.words import moment
from app.jobs import Job
from app.queries import operations
from app.service import Service
from loader.words import counted

_STATES = {"waiting": "waits", "running": "runs", "done": "done", "failed": "failed"}


def show(service: Service) -> None:
    """Draw the page."""
    st.title("Operations")
    show_own_job(service)
    _show_jobs(service)
    if not service.marts.are_built():
        show_nothing_yet(service, "Nothing has been built yet.")
        return
    tabs = {
        "Failed steps": partial(_show_failed, service),
        "Freshness": partial(_show_freshness, service),
        "Runs": partial(_show_runs, service),
        "Checks": partial(_show_checks, service),
    }
    show_tabs(
        tabs | ({"Cost": partial(_show_cost, service)} if service.marts.has_mart("client_credits") else {}), "show"
    )


def _show_jobs(service: Service) -> None:
    """The jobs of these pages, and the button that builds."""
    if service.own_clients() and st.button("Build what is new", icon=":material/play_arrow:"):
        run_job(service.build())
    jobs = service.jobs()
    if not jobs:
        return
    found = pd.DataFrame(
        [
            {
                "requested": moment(job.requested_at),
                "job": job.title,
                "by": job.who,
                "state": _STATES[job.state],
                "step": job.step if job.is_open else "",
                "error": for_pages(job.error.problem) if job.error else "",
            }
            for job in jobs
        ]
    )
    with st.expander(f"Requested on these pages: {counted(len(jobs), 'job')}"):
        show_table(found, as_they_are(found), "Jobs of these pages, latest first")


def _show_failed(service: Service) -> None:
    found = cached(service.marts, operations.failed_steps)
    if found.empty:
        st.success("No steps have failed.", icon=":material/check_circle:")
        return
    found = found.assign(
        when=[moment(value) for value in found["processing_timestamp"]],
        client=_names(service, found),
        error_message=[for_pages(text or "") for text in found["error_message"]],
    )
    columns = {"when": "when", "client": "client", "wave_number": st.column_config.NumberColumn("wave", format="%d"),
               "processing_stage": "step", "file_name": "file", "error_code": "error",
               "error_message": st.column_config.TextColumn("problem", width="large"),
               "done_by": "by"}  # fmt: skip
    show_table(found, columns, "Failed steps, latest first")


def _show_freshness(service: Service) -> None:
    found = cached(service.marts, operations.freshness)
    if found.empty:
        st.caption("No wave has been built yet.")
        return
    found = found.assign(
        client=_names(service, found),
        loaded=[moment(value) for value in found["last_upload"]],
        days=(pd.Timestamp(service.snapshot.as_of) - pd.to_datetime(found["last_upload"])).dt.days,
    )
    columns = {"client": "client", "waves": "waves", "loaded": "last loaded",
               "days": st.column_config.NumberColumn("days ago", format="%d"), "last_day": "last day with figures",
               "lowest_score": st.column_config.NumberColumn("lowest score", format="%.4f")}  # fmt: skip
    show_table(found, columns, "When each client was last loaded, oldest first")


def _show_runs(service: Service) -> None:
    found = cached(service.marts, operations.runs)
    found = found.assign(when=[moment(value) for value in found["processing_timestamp"]], client=_names(service, found))
    columns = {"when": "when", "client": "client", "wave_number": st.column_config.NumberColumn("wave", format="%d"),
               "processing_stage": "step", "status": "status", "file_name": "file",
               "row_count": st.column_config.NumberColumn("rows", format="localized"),
               "duration_seconds": st.column_config.NumberColumn("seconds", format="%.2f"),
               "done_by": "by"}  # fmt: skip
    show_table(found, columns, "Steps, latest first")


def _show_checks(service: Service) -> None:
    """The results of `spark9 doctor` and `spark9 audit`."""
    if not service.viewer.is_admin:
        st.caption("Only admins can check files, connections, stages, roles and grants here.")
        return
    if st.button("Check the setup", icon=":material/health_and_safety:"):
        st.session_state["check job"] = service.look().number
        st.rerun()
    number = st.session_state.get("check job")
    if number is not None:
        show_job(service, number, _show_checked)


def _show_checked(job: Job) -> None:
    failed = [check for check in job.result if not check[1]]
    if not failed:
        st.success(f"{counted(len(job.result), 'check')}, all passed.", icon=":material/check_circle:")
    for name, _, finding, remedy in failed:
        st.error(plain(f"{name}: {finding} {remedy}"), icon=":material/error:")
    found = pd.DataFrame(
        [
            {"check": name, "result": "fine" if passed else "fails", "found": for_pages(finding)}
            for name, passed, finding, _ in job.result
        ]
    )
    show_table(found, as_they_are(found), "Checks")


def _show_cost(service: Service) -> None:
    found = cached(service.marts, operations.credits_used)
    if found.empty:
        st.caption("Snowflake reports credits with a delay of hours.")
        return
    found = found.assign(client=_names(service, found))
    columns = {"month_start": "month", "client": "client", "statements": "statements",
               "credits": st.column_config.NumberColumn("credits", format="%.4f")}  # fmt: skip
    show_table(found, columns, "Credits by month and client")


def _names(service: Service, found: pd.DataFrame) -> list[str]:
    names = service.words()
    return [names.get(schema, str(schema)) for schema in found["client_schema"]] if not found.empty else []
