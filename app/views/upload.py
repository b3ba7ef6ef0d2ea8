"""Upload exports: where each may belong, what could change a figure, and what each becomes; then all are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from app.components.messages import link_to, plain, show_error
from app.components.progress import show_job
from app.components.tables import as_they_are, show_table
from app.components.words import days, money
from app.jobs import FAILED, Job
from app.service import Service
from app.settings import UPLOAD_TYPES
from app.views.upload_doubts import show_doubts
from app.views.upload_rows import Row, parts_of, show_rows
from loader.errors import Spark9Error
from loader.names import ClientKey
from loader.words import counted


def show(service: Service) -> None:
    """Draw the page."""
    st.title("Upload")
    if not service.own_clients() and not service.viewer.is_admin:
        st.info("You have read access only; owners can upload. Ask an admin to make you an owner.")
        return
    # both take a while to start, while the person chooses a file
    service.runtime.jobs.warm_up()
    service.runtime.readers.warm_up()
    numbers: list[int] | None = st.session_state.get("upload jobs")
    if numbers:
        _show_jobs(service, numbers)
        return
    _show_open_jobs(service)
    files = _bring(service)
    if not files:
        return
    parts = parts_of(service, files)
    doubts = st.container()
    st.subheader("Check where each export goes" if len(parts) > 1 else "Check where it goes", anchor=False)
    in_all = st.container()
    rows = show_rows(service, parts)
    if len(rows) > 1:
        with in_all:
            _show_in_all(rows)
    with doubts:
        show_doubts(service, rows)
    st.divider()
    _show_load(service, rows)


def _show_in_all(rows: Sequence[Row]) -> None:
    """All exports in one table, and what they are together."""
    spent: dict[str, float] = {}
    for amount, currency in (row.spend for row in rows):
        if amount is not None:
            spent[currency or "of unknown currency"] = spent.get(currency or "of unknown currency", 0.0) + amount
    waves = {(row.client, row.wave) for row in rows if row.client and not row.is_loaded}
    sums = ", ".join(money(amount, currency) for currency, amount in spent.items())
    st.markdown(
        plain(
            f"{counted(len(rows), 'export')} for {counted(len({client for client, _ in waves}), 'client')} and "
            f"{counted(len(waves), 'wave')}: {counted(sum(row.plan.row_count for row in rows if row.plan), 'row')}"
            f"{f', spend {sums}' if sums else ''}"
        )
    )
    found = pd.DataFrame(
        [
            {
                "file": row.part.name,
                "client": str(row.client) if row.client else "not chosen",
                "wave": None
                if row.client is None or row.is_loaded
                else f"{row.wave}{' (new)' if row.is_new_wave else ''}",
                "rows": row.plan.row_count if row.plan else None,
                "days": days(*(row.plan.days or (None, None))) if row.plan else None,
                "spend": None if row.spend[0] is None else money(*row.spend),
                "open questions": len(row.plan.questions) if row.plan else None,
                "state": _state(row),
            }
            for row in rows
        ]
    )
    show_table(found, as_they_are(found), "Each export, where it goes and what it holds")


def _state(row: Row) -> str:
    if row.client is None:
        return "choose a client"
    if row.plan is not None:
        return "ready"
    return "already loaded" if row.is_loaded else "needs your decision"


def _show_load(service: Service, rows: Sequence[Row]) -> None:
    ready = [row for row in rows if row.is_ready]
    label = f"Load {counted(len(ready), 'export')} and build"
    if st.button(label, type="primary", disabled=not ready, icon=":material/upload:"):
        _load(service, ready)
        st.rerun()
    if not ready and all(row.is_loaded for row in rows):
        st.caption("There is nothing to load: all of it is loaded already.")
    elif not ready:
        st.caption("Nothing can be loaded yet. See the questions or errors above.")
    elif len(ready) < len(rows):
        left = counted(len(rows) - len(ready), "export")
        st.caption(f"{left} above would be left out; upload it again later, or decide above first.")


def _load(service: Service, rows: Sequence[Row]) -> None:
    """One job for each wave, and one that builds all of them."""
    groups: dict[tuple[ClientKey, int], list[Row]] = {}
    for row in rows:
        assert row.client is not None  # noqa: S101 - it is ready
        file = row.to_load()
        groups.setdefault((row.client, file.wave or 0), []).append(row)
    new = {row.client for row in rows if row.is_new}
    folder: Path = st.session_state.pop("upload folder")
    numbers = []
    for client, _ in sorted(groups):
        files = [row.to_load() for row in groups[client, _]]
        numbers.append(service.load(client, files, is_new=client in new).number)
        new.discard(client)
    st.session_state["upload jobs"] = [*numbers, service.build(folder).number]


def _show_open_jobs(service: Service) -> None:
    for job in service.jobs():
        if job.is_open and job.who == service.viewer.name and job.task == "load_upload":
            with st.container(horizontal=True, vertical_alignment="center"):
                st.info(plain(f"Still running: {job.title}"), icon=":material/hourglass_top:")
                if st.button("Show progress", key=f"watch {job.number}"):
                    st.session_state["upload jobs"] = [job.number]
                    st.rerun()


def _bring(service: Service) -> list[Path]:
    """The uploaded files, in a folder of this session's."""
    turn = st.session_state.setdefault("upload turn", 0)
    uploaded = st.file_uploader(
        "Exports, unchanged from the platform",
        type=list(UPLOAD_TYPES),
        accept_multiple_files=True,
        key=f"exports {turn}",
        help="CSV in any form, workbooks, zip and gz; of as many clients and platforms as you like.",
    )
    if not uploaded:
        st.caption("Nothing is written until you have reviewed each file.")
        return []
    if "upload folder" not in st.session_state:
        st.session_state["upload folder"] = service.upload_folder()
    folder: Path = st.session_state["upload folder"]
    there: dict[str, Path] = st.session_state.setdefault("uploaded", {})
    for each in uploaded:
        if each.file_id not in there:
            own = folder / f"{len(there) + 1}"
            own.mkdir()
            try:
                there[each.file_id] = service.save_upload(each.name, each, own)
            except Spark9Error as error:
                show_error(error)
    return [there[each.file_id] for each in uploaded if each.file_id in there]


# the result


def _show_jobs(service: Service, numbers: Sequence[int]) -> None:
    """The jobs of an upload: those that are done in a table, the one that runs with its steps, then the result."""
    jobs = [job for number in numbers if (job := service.job(number)) is not None]
    loads = [job for job in jobs if job.task == "load_upload"]
    _show_loads(service, loads)
    running = next((job for job in jobs if job.is_open), None)
    if running is not None:
        show_job(service, running.number, lambda _: None)
        return
    _show_builds([job for job in jobs if job.task != "load_upload"])
    _show_next(service, loads)
    if st.button("Upload another export", type="primary"):
        _start_over()


def _show_loads(service: Service, jobs: Sequence[Job]) -> None:
    """Each file with its outcome; a failure of one leaves the others as they are."""
    words = service.words()
    files = [(job, *file) for job in jobs if job.result for file in job.result.files]
    failed = [(job, job.title, "failed", "") for job in jobs if job.state == FAILED]
    if len(files) + len(failed) > 1:
        table = pd.DataFrame(
            [
                {
                    "file": name,
                    "client": words.get(job.client_schema or "", ""),
                    "outcome": "not loaded" if outcome == "refused" else outcome,
                }
                for job, name, outcome, _ in [*files, *failed]
            ]
        )
        show_table(table, as_they_are(table), "The files of this upload and what became of each")
    for job in jobs:
        if job.error is not None:
            show_error(job.error)
        for name, outcome, message in job.result.files if job.result else []:
            _show_outcome(name, outcome, message)
        for note in job.result.notes if job.result else []:
            st.warning(plain(note), icon=":material/visibility:")


def _show_outcome(name: str, outcome: str, message: str) -> None:
    if outcome == "refused":
        st.error(plain(f"{name} was not loaded. {message}"), icon=":material/error:")
    elif outcome == "unknown":
        st.warning(plain(f"{name}: {message}"), icon=":material/help:")
    else:
        st.success(plain(message), icon=":material/check_circle:")


def _show_builds(jobs: Sequence[Job]) -> None:
    for job in jobs:
        if job.error is not None:
            show_error(job.error)
        elif job.result is not None:
            for warning in job.result.warnings:
                st.warning(plain(f"Build warning: {warning}"), icon=":material/visibility:")
            st.success(f"Built: {counted(job.result.passed, 'step')}.", icon=":material/check_circle:")


def _show_next(service: Service, jobs: Sequence[Job]) -> None:
    """Links to what needs review, by client."""
    words = service.words()
    loaded = [job for job in jobs if job.result and any(outcome == "loaded" for _, outcome, _ in job.result.files)]
    left = sum(len(job.result.questions) for job in loaded)
    if left:
        st.warning(f"{counted(left, 'open question')} that could change a figure.", icon=":material/help:")
        for job in loaded:
            for wave in dict.fromkeys(job.result.questions):
                word = words.get(job.client_schema or "", "")
                label = "Review and settle" if len(loaded) == 1 else f"Review and settle: {word}, wave {wave}"
                link_to("waves", label, client=word, wave=str(wave), show="Questions")
    for word in dict.fromkeys(words.get(job.client_schema or "", "") for job in loaded):
        with st.container(horizontal=True):
            is_only = len({job.client_schema for job in loaded}) == 1
            whose = "this client's" if is_only else f"{word}'s"
            link_to("waves", f"See the scores and rows of {whose} waves", client=word)
            link_to(
                "overview",
                "See the results of the campaigns" if is_only else f"See the results of {word}",
                client=word,
                period="All days",
            )
        _show_suggestions(service, word)


def _show_suggestions(service: Service, word: str) -> None:
    client = service.client(word)
    for column in service.suggestions(client):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(f"'{column.column_name}' is not a known header: {column.suggestion}."))
            if st.button("Accept", key=f"accept {word} {column.column_name}"):
                st.session_state["upload jobs"] = None
                st.session_state["job"] = service.accept_suggestion(client, column.column_name).number
                st.switch_page(st.session_state["pages"]["waves"], query_params={"client": word})


def _start_over() -> None:
    for name in ("upload jobs", "upload folder", "uploaded", "decided", "plans", "proposals"):
        st.session_state.pop(name, None)
    st.session_state["upload turn"] = st.session_state.get("upload turn", 0) + 1
    st.query_params.clear()
    st.rerun()
