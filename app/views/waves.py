"""Every client and wave; one wave: its score explained, its rows with issues, its columns, its files and its log."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.messages import link_to, plain, show_nothing_yet
from app.components.page_words import for_pages
from app.components.progress import run_job, show_own_job
from app.components.scores import judged, show_issues, show_parts
from app.components.tables import AMOUNTS, as_they_are, show_table
from app.components.tabs import show_tabs
from app.components.words import days, listed, moment, money, score, whole
from app.jobs import DONE, Job
from app.queries import waves
from app.service import Service
from app.settings import FAIL_BELOW, WARN_BELOW
from app.views import wave_columns, wave_files, wave_questions, wave_rollbacks
from loader.names import ClientKey
from loader.words import counted
from ops.comparison import Comparison

_ALL = "All"


def show(service: Service) -> None:
    """Draw the page."""
    st.title("Waves")
    clients = service.words()
    if not clients or service.snapshot.project is None:
        show_nothing_yet(service, "No wave has been loaded yet.")
        return
    wanted = st.query_params.get("client")
    if wanted not in (None, _ALL, *clients.values()):
        service.client(str(wanted))  # reports that the viewer has no such client
    line = st.columns([2, 1, 2])
    with line[0]:
        word = st.selectbox(
            "Client", [_ALL, *clients.values()], key="client", bind="query-params", on_change=_leave_wave
        )
    if word == _ALL:
        _show_all(service, clients)
        return
    client = service.client(word)
    files = service.files(client)
    numbers = sorted({file.wave_number for file in files if file.wave_number is not None}, reverse=True)
    show_own_job(service, _show_result)
    wave_rollbacks.show(service, client)
    if not numbers:
        st.info(f"{client} has no wave yet.")
        link_to("upload", "Upload its first export", client=word)
        return
    with line[1]:
        wave = _choose_wave(numbers)
    if wave is None:
        gone = f"{client} has no wave {st.query_params['wave']}; it may have been rolled back. Choose another."
        st.warning(plain(gone), icon=":material/help:")
    else:
        _show_wave(service, client, int(wave))


def _leave_wave() -> None:
    """Forget the wave: it is another client's."""
    st.session_state.pop("wave", None)
    st.query_params.pop("wave", None)


def _choose_wave(numbers: list[int]) -> int | None:
    """The wave of the address, which names the one that is shown; none in place of a wave that is not there.

    Another in its place, such as after a rollback, would get what is done next.
    """
    named = st.session_state.get("wave") or st.query_params.get("wave")
    is_gone = named is not None and str(named) not in map(str, numbers)
    if is_gone:
        st.session_state.pop("wave", None)
        st.query_params["wave"] = str(named)
    elif named is not None:
        st.session_state["wave"] = int(named)
    wave = st.selectbox("Wave", numbers, index=None if is_gone else 0, placeholder="Choose", key="wave")
    if wave is not None:
        st.query_params["wave"] = str(wave)
    return wave


def _show_all(service: Service, clients: dict[str, str]) -> None:
    """One row a wave of all clients; waves that wait to be built come first."""
    marts = service.marts
    _show_pending(service, clients)
    show_own_job(service)
    found = cached(marts, waves.waves) if marts.are_built() else pd.DataFrame()
    if found.empty:
        show_nothing_yet(service, "No wave has been built yet.")
        return
    variables = service.runtime.project.variables
    warn, fail = float(variables[WARN_BELOW]), float(variables[FAIL_BELOW])
    found = found.assign(
        name=[clients.get(schema, schema) for schema in found["client_schema"]],
        wave_name=[name or "" for name in found["wave_name"]],
        says=[judged(value, warn, fail) for value in found["data_quality_score"]],
        # the column is hidden where no wave has any
        questions=found["open_questions"].where(found["open_questions"] > 0),
        loaded=[moment(value) for value in found["last_upload"]],
        new=[listed(names, 3) if names else "" for names in found["new_columns"]],
        missing=[listed(names, 3) if names else "" for names in found["missing_columns"]],
    )

    def opened(row: int) -> None:
        st.session_state["client"] = clients[found["client_schema"].iloc[row]]
        st.session_state["wave"] = int(found["wave_number"].iloc[row])

    show_table(
        found,
        {
            "name": "client",
            "wave_number": st.column_config.NumberColumn("wave", format="%d"),
            "wave_name": "name",
            "row_count": st.column_config.NumberColumn("rows", format="localized"),
            "amount_spent": st.column_config.NumberColumn("spend", format="accounting"),
            "currency": "currency",
            "data_quality_score": st.column_config.NumberColumn("score", format="%.4f"),
            "says": "rating",
            "questions": st.column_config.NumberColumn("open questions", format="%d"),
            "amount_at_stake": st.column_config.NumberColumn(
                "at stake", format="accounting", help="As far as it is known; open the wave to see each question."
            ),
            "new": "new columns",
            "missing": "missing columns",
            "loaded": "loaded",
        },
        "All waves of your clients",
        "all waves",
        opened,
    )
    st.caption("Click a wave to see its rows, columns and files.")


def _show_pending(service: Service, clients: dict[str, str]) -> None:
    """The waves that wait to be built, and the button that builds them."""
    schemas = {client.client_schema: client.key for client in service.clients()}
    pending = cached(service.marts, waves.pending_waves, schemas)
    if pending.empty:
        return
    names = [f"{clients[row['client_schema']]} wave {row['wave_number']}" for row in pending.to_dict("records")]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"{counted(len(pending), 'wave')} waiting to be built: {plain(listed(names, 4))}",
            icon=":material/hourglass_empty:",
        )
        if service.own_clients() and st.button("Build what is new"):
            run_job(service.build())


def _show_wave(service: Service, client: ClientKey, wave: int) -> None:
    marts = service.marts
    found = cached(marts, waves.waves, client.name) if marts.are_built() else pd.DataFrame()
    built = found[found["wave_number"] == wave] if not found.empty else found
    row = None if built.empty else built.iloc[0]
    variables = service.runtime.project.variables
    warn, fail = float(variables[WARN_BELOW]), float(variables[FAIL_BELOW])
    title = f"{client}, wave {wave}" + (f" · {row['wave_name']}" if row is not None and row["wave_name"] else "")
    st.subheader(plain(title), anchor=False)
    if row is None:
        st.info("This wave is loaded but not built yet, so it has no score.", icon=":material/hourglass_empty:")
        if service.viewer.may_change(client.name) and st.button("Build now", type="primary"):
            run_job(service.build())
    else:
        tiles = st.columns(5)
        tiles[0].metric("Score", score(row["data_quality_score"]), help=judged(row["data_quality_score"], warn, fail))
        tiles[1].metric("Rows", whole(row["row_count"]))
        tiles[2].metric("Spend", money(row["amount_spent"], row["currency"]))
        tiles[3].metric("Days", days(row["first_date"], row["last_date"]))
        tiles[4].metric(
            "Superseded rows", whole(row["superseded_rows"]), help="Restated or overlapped by another export."
        )
        st.markdown(f"Score: **{judged(row['data_quality_score'], warn, fail)}**")
    asked = service.questions(client, wave)
    currency = _currency_of_questions(service, client, wave, row)
    wave_questions.show_count(asked, currency)
    show_tabs(
        {
            "Score": partial(_show_score, service, client, wave, row),
            "Questions": partial(wave_questions.show, service, client, asked, currency),
            "Rows": partial(_show_rows, service, client, wave, row),
            "Columns": partial(wave_columns.show, service, client, wave),
            "Files": partial(wave_files.show, service, client, wave, is_built=row is not None),
            "Log": partial(_show_log, service, client, wave),
        },
        "show",
    )


def _currency_of_questions(service: Service, client: ClientKey, wave: int, row: pd.Series | None) -> str | None:
    """The one currency of a wave; none if it has several, or a file of it that is not built could bring another."""
    waits = any(file.wave_number == wave and not file.is_processed for file in service.files(client))
    currency = None if row is None or waits else row["currency"]
    return currency if isinstance(currency, str) and currency != "mixed" else None


def _show_score(service: Service, client: ClientKey, wave: int, row: pd.Series | None) -> None:
    if row is None:
        st.caption("Build the wave first.")
        return
    show_parts({part: row[part] for part in waves.PARTS}, row["missing_columns"])
    if row["new_columns"]:
        st.markdown(f"**New columns:** {plain(listed(row['new_columns'], 12))}")
    show_issues(cached(service.marts, waves.issue_kinds, client, wave))
    cells = cached(service.marts, waves.cells_with_issues, client, wave)
    if cells.empty:
        st.success("No row of this wave has issues.", icon=":material/check_circle:")
        return
    st.markdown("**The rows, each with its original cell**")
    show_table(
        cells,
        {
            "file": "file",
            "row": st.column_config.NumberColumn("row", format="%d"),
            "issue": st.column_config.TextColumn("issue", width="medium"),
            "header": "header",
            "cell": "original cell",
            "score": st.column_config.NumberColumn("score", format="%.4f"),
            "whole row": st.column_config.TextColumn("original row", width="large"),
        },
        "Rows with issues, each with its original cell",
    )


def _show_rows(service: Service, client: ClientKey, wave: int, row: pd.Series | None) -> None:
    if row is None:
        st.caption("Build the wave first.")
        return
    found = cached(service.marts, waves.wave_rows, client, wave)
    show_table(found, as_they_are(found, **AMOUNTS), "The rows of the wave, typed")
    st.caption(f"The first {counted(len(found), 'row')}.")
    st.markdown("**Download all rows**")
    with st.container(horizontal=True):
        for ending, title in (("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet")):
            st.download_button(
                title,
                partial(service.rows_as_file, client, wave, ending),
                file_name=f"{client.name}__wave_{wave}.{ending}",
                key=f"download {ending}",
                on_click="ignore",
                icon=":material/download:",
            )


def _show_log(service: Service, client: ClientKey, wave: int) -> None:
    steps = [step for step in service.log(client) if step.entry.wave_number in (wave, None)]
    found = pd.DataFrame(
        [
            {
                "when": moment(step.when),
                "step": step.entry.processing_stage,
                "status": step.entry.status,
                "file": step.entry.file_name,
                "rows": step.entry.row_count,
                "seconds": step.entry.duration_seconds,
                "by": step.entry.done_by,
                "error": for_pages(f"{step.entry.error_code}: {step.entry.error_message}")
                if step.entry.error_code
                else None,
            }
            for step in steps
        ]
    )
    if found.empty:
        st.caption("The log is empty.")
        return
    show_table(
        found,
        as_they_are(found, seconds=st.column_config.NumberColumn("seconds", format="%.2f")),
        "The log of the wave, latest first",
    )


def _show_result(job: Job) -> None:
    """The result of a job of this page."""
    if job.state != DONE:
        return
    result = job.result
    if isinstance(result, Comparison):
        verdict = "matches the table" if result.agrees else "differs from the table"
        show = st.success if result.agrees else st.warning
        show(
            plain(
                f"The wave {verdict}: {counted(result.matching_rows, 'row')} agree, {result.differing_rows} differ, "
                f"{result.only_in_wave} only in the wave, {result.only_in_reference} only in the table."
            )
        )
        if result.differences:
            st.dataframe(
                pd.DataFrame(
                    [
                        {"row": ", ".join(map(str, found.key)), "column": found.column, "problem": found.problem,
                         "in the wave": str(found.in_wave or ""), "in the table": str(found.in_reference or "")}
                        for found in result.differences[:500]
                    ]
                ),
                hide_index=True, alt="Differences",
            )  # fmt: skip
        return
    if isinstance(result, list):
        for load in result:
            show = st.warning if load.differences else st.success
            verdict = "; ".join(map(str, load.differences)) if load.differences else "matches its file"
            show(plain(f"{load.file_name} {verdict}: {load.rows:,} rows, {load.cells:,} cells, {load.sums} sums."))
        return
    st.success(plain(f"{job.title}: done."), icon=":material/check_circle:")
    for warning in getattr(result, "warnings", []):
        st.warning(plain(f"Build warning: {warning}"))
