"""The progress of a job: its current step, and the steps it has done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import streamlit as st

from app.components.messages import plain, show_error
from app.jobs import DONE, FAILED, WAITING, Job
from app.service import Service
from ops.comparison import Comparison

_LOOK_EVERY = 0.7
_SHOWN_STEPS = 8
_READ_BY = timedelta(minutes=1)


def show_job(service: Service, number: int, on_done: Callable[[Job], None]) -> None:
    """A job; polled while it waits or runs, and the whole page is redrawn when it ends.

    Args:
        service: of who looks.
        number: of the job.
        on_done: draws its result.

    """
    job = service.job(number)
    if job is None:
        st.info("This job is no longer available; see the log of the wave.")
        return
    if job.is_open:
        _watched(service, number)
        return
    if job.state == FAILED and job.error is not None:
        show_error(job.error)
        return
    on_done(job)


@st.fragment(run_every=_LOOK_EVERY)
def _watched(service: Service, number: int) -> None:
    job = service.job(number)
    if job is None or not job.is_open:
        st.rerun()
        return
    before = sum(1 for other in service.runtime.jobs.all() if other.is_open and other.number < number)
    if job.state == WAITING and before:
        st.progress(0.0, f"Waiting for {before} to finish. The job continues if you close this page.")
        return
    st.progress(min(job.share, 1.0), plain(f"{job.title}: {job.step or 'starting'}"))
    for step in job.steps[-_SHOWN_STEPS:]:
        st.caption(f"✓ {plain(step)}")
    st.caption("The job continues if you close this page.")


def run_job(job: Job) -> None:
    """Store a job as this page's, and redraw the page."""
    st.session_state["job"] = job.number
    st.rerun()


def show_own_job(service: Service, done: Callable[[Job], None] | None = None) -> None:
    """The job that was asked for last, if any; its completion is shown for a while, its findings until the next job."""
    number = st.session_state.get("job")
    if number is None:
        return
    show_job(service, number, done or _show_done)
    job = service.job(number)
    if job is None or (_is_over(job) and not isinstance(job.result, list | Comparison)):
        del st.session_state["job"]


def _is_over(job: Job) -> bool:
    """Whether a job ended so long ago that people have seen its result."""
    return job.ended is not None and datetime.now(UTC).replace(tzinfo=None) - job.ended > _READ_BY


def _show_done(job: Job) -> None:
    if job.state == DONE:
        warnings = getattr(job.result, "warnings", None) or []
        st.success(plain(f"{job.title}: done."), icon=":material/check_circle:")
        for warning in warnings:
            st.warning(plain(str(warning)))
