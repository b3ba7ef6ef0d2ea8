"""Upload exports: preview each before anything is written, answer open questions, load, see the result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from app.components.messages import link_to, plain, show_error
from app.components.plans import show_plan
from app.components.progress import show_job
from app.components.questions import PARTS, ask, ask_parts
from app.jobs import Job
from app.service import Service
from app.settings import FAIL_BELOW, UPLOAD_TYPES, WARN_BELOW
from app.tasks import FileToLoad, LoadedUpload
from loader.errors import Answer, FileRefusedError, NameRefusedError, Spark9Error
from loader.files.options import ReadingOptions, reading_options
from loader.names import ClientKey, client_schema
from loader.waves.loading import LoadResult
from loader.waves.state import LoadedFile
from loader.words import counted

_NEW: Literal["new"] = "new"


@dataclass(frozen=True)
class _Goal:
    """Where the files go."""

    client: ClientKey
    wave: int
    wave_name: str | None
    is_new: bool
    files: tuple[LoadedFile, ...] = ()


@dataclass(frozen=True)
class _Part:
    """One export of an uploaded file, with the person's choices."""

    file: Path
    options: ReadingOptions
    other_platform: bool = False

    def answered(self, answer: Answer) -> _Part:
        if answer.option == "other_platform":
            return replace(self, other_platform=True)
        checked = getattr(reading_options(**{answer.option: answer.value}), answer.option)
        return replace(self, options=replace(self.options, **{answer.option: checked}))

    @property
    def name(self) -> str:
        part = (
            self.options.member or self.options.sheet or (f"table {self.options.table}" if self.options.table else "")
        )
        return f"{self.file.name}: {part}" if part else self.file.name


def show(service: Service) -> None:
    """Draw the page."""
    st.title("Upload")
    if not service.own_clients() and not service.viewer.is_admin:
        st.info("You have read access only; owners can upload. Ask an admin to make you an owner.")
        return
    # both take a while to start, while the person chooses a file
    service.runtime.jobs.warm_up()
    service.runtime.readers.warm_up()
    number = st.session_state.get("upload job")
    if number is not None:
        show_job(service, number, partial(_show_result, service))
        job = service.job(number)
        if job is not None and not job.is_open and st.button("Upload another export", type="primary"):
            _start_over()
        return
    _show_open_jobs(service)
    files = _bring(service)
    if not files:
        return
    goal = _choose_goal(service, files)
    if goal is None:
        return
    ready = [plan for part in _parts(service, files) if (plan := _consider(service, goal, part)) is not None]
    st.divider()
    label = f"Load {counted(len(ready), 'export')} and build"
    if st.button(label, type="primary", disabled=not ready, icon=":material/upload:"):
        folder = st.session_state.pop("upload folder")
        st.session_state["upload job"] = service.load(goal.client, ready, folder, is_new=goal.is_new).number
        st.rerun()
    if not ready:
        st.caption("Nothing can be loaded yet. See the questions or errors above.")


def _show_open_jobs(service: Service) -> None:
    for job in service.jobs():
        if job.is_open and job.who == service.viewer.name and job.task == "load_upload":
            with st.container(horizontal=True, vertical_alignment="center"):
                st.info(plain(f"Still running: {job.title}"), icon=":material/hourglass_top:")
                if st.button("Show progress", key=f"watch {job.number}"):
                    st.session_state["upload job"] = job.number
                    st.rerun()


def _bring(service: Service) -> list[Path]:
    """The uploaded files, in a folder of this session's."""
    turn = st.session_state.setdefault("upload turn", 0)
    uploaded = st.file_uploader(
        "Exports, unchanged from the platform",
        type=list(UPLOAD_TYPES),
        accept_multiple_files=True,
        key=f"exports {turn}",
        help="CSV in any form, workbooks, zip and gz; you can upload several at once.",
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


def _choose_goal(service: Service, files: list[Path]) -> _Goal | None:
    """Client and wave; admins can create a new client here."""
    likely = _likely_platform(service, files)
    titles = service.platform_titles()
    own = sorted(service.own_clients(), key=lambda client: (client.platform != likely, str(client.key)))
    options: list[str] = [str(client.key) for client in own]
    if service.viewer.is_admin:
        options.append(_NEW)
    shown = {
        str(client.key): f"{client.client} · {titles.get(client.platform, client.platform)} · {client.year}"
        for client in own
    }
    wanted = st.query_params.get("client")
    line = st.columns([3, 1, 2])
    with line[0]:
        chosen = st.selectbox(
            "Client",
            options,
            index=options.index(wanted) if wanted in options else 0,
            format_func=lambda name: "A new client …" if name == _NEW else shown[name],
            key="goal client",
            help=f"The headers look like {titles[likely]}." if likely else None,
        )
    if likely:
        st.caption(f"The headers look like an export of {titles[likely]}.")
    client = _new_client(service, likely) if chosen == _NEW else service.client(chosen)
    if client is None:
        return None
    is_new = chosen == _NEW and all(row.key != client for row in service.clients())
    loaded = () if is_new else tuple(service.files(client))
    waves = sorted({file.wave_number for file in loaded if file.wave_number is not None})
    with line[1]:
        wanted = st.query_params.get("wave", "")
        proposed = int(wanted) if wanted.isdigit() and 0 < int(wanted) < 10_000 else max(waves, default=0) + 1
        wave = st.number_input("Wave", 1, 9999, proposed, key=f"goal wave {client.name}", help=_loaded_waves(waves))
    with line[2]:
        known = next((file.wave_name for file in loaded if file.wave_number == wave), None)
        name = st.text_input(
            "Name of the wave (optional)", known or "", key=f"goal name {client.name} {wave}", max_chars=80
        )
    return _Goal(client, int(wave), name.strip() or None, is_new, loaded)


def _loaded_waves(waves: list[int]) -> str:
    return (
        f"Loaded waves: {', '.join(map(str, waves[-12:]))}. Another file for one of these is added to it."
        if waves
        else "The first wave."
    )


def _likely_platform(service: Service, files: list[Path]) -> str | None:
    known: dict[Path, str | None] = st.session_state.setdefault("likely platforms", {})
    for file in files:
        if file not in known:
            known[file] = service.likely_platform(file)
    found = {known[file] for file in files if known[file]}
    return found.pop() if len(found) == 1 else None


def _new_client(service: Service, likely: str | None) -> ClientKey | None:
    titles = service.platform_titles()
    platforms = sorted(titles, key=lambda name: (name != likely, titles[name]))
    with st.container(border=True):
        line = st.columns([3, 2, 1])
        name = line[0].text_input("Name of the client", key="new client", placeholder="acme_shoes", max_chars=60)
        platform = line[1].selectbox("Platform", platforms, format_func=lambda word: titles[word], key="new platform")
        year = line[2].number_input("Year", 2000, 2099, datetime.now(UTC).year, key="new year")
        if not name:
            st.caption("Lower-case letters, digits and single underscores.")
            return None
        try:
            return client_schema(name.strip().lower().replace(" ", "_"), platform, int(year))
        except NameRefusedError as error:
            show_error(error)
            return None


def _parts(service: Service, files: list[Path]) -> list[_Part]:
    """Each export of the files, with the choices made so far."""
    decided: dict[Path, list[_Part]] = st.session_state.setdefault("decided", {})
    for file in files:
        if file not in decided:
            try:
                decided[file] = [_Part(file, options) for options in service.exports_of(file)]
            except Spark9Error as error:
                decided[file] = []
                st.subheader(plain(file.name), anchor=False)
                show_error(error)
    return [part for file in files for part in decided[file]]


def _consider(service: Service, goal: _Goal, part: _Part) -> FileToLoad | None:
    """One export: its plan, or the questions it leaves open; none if it can't be loaded."""
    with st.container(border=True):
        st.subheader(plain(part.name), anchor=False)
        key = f"{part.file} {part.options} {part.other_platform}"
        same = any(file.wave_number == goal.wave and file.file_name == part.file.name for file in goal.files)
        replaces = same and st.checkbox(f"Replace the file of the same name in wave {goal.wave}", key=f"replace {key}")
        is_decided = bool(part.options.given()) or part.other_platform
        if is_decided and st.button("Change my choices", key=f"redo {key}", icon=":material/undo:"):
            st.session_state["decided"].pop(part.file, None)
            st.rerun()
        try:
            result = _planned(service, goal, part, replaces=bool(replaces))
        except FileRefusedError as error:
            _ask(service, goal, part, error, key)
            return None
        except Spark9Error as error:
            show_error(error)
            return None
        variables = service.runtime.project.variables
        staged = result.plan.staged_as(goal.client, goal.wave) if result.plan else ""
        show_plan(result, staged, float(variables[WARN_BELOW]), float(variables[FAIL_BELOW]))
        if result.plan is None:
            return None
        wave = None if result.plan.is_naming_keys else goal.wave
        return FileToLoad(part.file, wave, goal.wave_name, bool(replaces), part.other_platform, part.options)


def _ask(service: Service, goal: _Goal, part: _Part, error: FileRefusedError, key: str) -> None:
    decided: dict[Path, list[_Part]] = st.session_state["decided"]

    def take(answers: Any) -> None:
        listed = answers if isinstance(answers, list | tuple) else [answers]
        at = decided[part.file].index(part)
        decided[part.file][at : at + 1] = [part.answered(answer) for answer in listed]

    if not error.answers:
        show_error(error)
    elif error.answers[0].option in PARTS:
        ask_parts(error, key, take)
    else:
        ask(error, key, lambda answer: _planned(service, goal, part.answered(answer), replaces=False), take)


def _planned(service: Service, goal: _Goal, part: _Part, *, replaces: bool) -> LoadResult:
    """The plan of an export, made once for the same figures and the same decisions."""
    plans: dict[Any, Any] = st.session_state.setdefault("plans", {})
    key = (service.snapshot.key, goal.client, goal.wave, part, replaces)
    if key not in plans:
        with st.spinner(f"Reading {plain(part.name)} …"):
            try:
                plans[key] = service.plan(
                    part.file,
                    goal.client,
                    goal.wave,
                    part.options,
                    replace=replaces,
                    other_platform=part.other_platform,
                )
            except Spark9Error as error:
                plans[key] = error
    if isinstance(plans[key], Spark9Error):
        raise plans[key]
    found: LoadResult = plans[key]
    return found


def _show_result(service: Service, job: Job) -> None:
    """The result of an upload, with links to what needs review."""
    result: LoadedUpload = job.result
    for name, outcome, message in result.files:
        if outcome == "refused":
            st.error(plain(f"{name} was not loaded. {message}"), icon=":material/error:")
        elif outcome == "unknown":
            st.warning(plain(f"{name}: {message}"), icon=":material/help:")
        else:
            st.success(plain(message), icon=":material/check_circle:")
    for note in result.notes:
        st.warning(plain(note), icon=":material/visibility:")
    if result.build_error is not None:
        st.error(plain(f"{result.build_error.problem} {result.build_error.unchanged}"), icon=":material/error:")
    elif result.build is not None:
        for warning in result.build.warnings:
            st.warning(plain(f"Build warning: {warning}"), icon=":material/visibility:")
        st.success(f"Built: {counted(result.build.passed, 'step')}.", icon=":material/check_circle:")
    word = service.words().get(job.client_schema or "", "")
    if any(outcome == "loaded" for _, outcome, _ in result.files):
        if result.questions:
            count = counted(len(result.questions), "open question")
            st.warning(f"{count} that could change a figure.", icon=":material/help:")
            goal = {"client": word, "wave": str(result.questions[0]), "show": "Questions"}
            link_to("waves", "Review and settle", **goal)
        with st.container(horizontal=True):
            link_to("waves", "See the scores and rows of this client's waves", client=word)
            link_to("overview", "See the results of the campaigns", client=word, period="All days")
        _show_suggestions(service, word)


def _show_suggestions(service: Service, word: str) -> None:
    client = service.client(word)
    for column in service.suggestions(client):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(f"'{column.column_name}' is not a known header; it is {column.suggestion}."))
            if st.button("Accept", key=f"accept {column.column_name}"):
                st.session_state["upload job"] = None
                st.session_state["job"] = service.accept_suggestion(client, column.column_name).number
                st.switch_page(st.session_state["pages"]["waves"], query_params={"client": word})


def _start_over() -> None:
    for name in ("upload job", "upload folder", "uploaded", "decided", "plans", "likely platforms"):
        st.session_state.pop(name, None)
    st.session_state["upload turn"] = st.session_state.get("upload turn", 0) + 1
    st.query_params.clear()
    st.rerun()
