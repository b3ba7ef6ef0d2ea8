"""The exports of an upload, one row each to check: client, wave, rows, days, spend; proposed, and changed by lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from app.components.formats import choose_written
from app.components.messages import link_to, plain, show_error
from app.components.page_words import HOW_WRITTEN
from app.components.plans import headline, show_plan, spend_of
from app.proposals import Proposal, ToPlace, propose_waves
from app.service import Service
from app.settings import FAIL_BELOW, WARN_BELOW
from app.tasks import FileToLoad
from loader.errors import Answer, FileRefusedError, NameRefusedError, Spark9Error
from loader.files.options import ReadingOptions, reading_options
from loader.names import ClientKey, client_schema
from loader.waves.loading import LoadResult
from loader.waves.plan import LoadPlan
from loader.waves.state import LoadedFile
from loader.words import counted

NEW: Literal["new"] = "new"
_MORE_WAVES = 3
_LOADED = "loaded-as-other-wave"


@dataclass(frozen=True)
class Part:
    """One export of an uploaded file, with the person's choices."""

    file: Path
    options: ReadingOptions
    other_platform: bool = False

    def answered(self, answer: Answer) -> Part:
        """The same with an answer to what the file leaves open."""
        if answer.option == "other_platform":
            return replace(self, other_platform=True)
        checked = getattr(reading_options(**{answer.option: answer.value}), answer.option)
        return replace(self, options=replace(self.options, **{answer.option: checked}))

    @property
    def name(self) -> str:
        """What people call it."""
        part = (
            self.options.member or self.options.sheet or (f"table {self.options.table}" if self.options.table else "")
        )
        return f"{self.file.name}: {part}" if part else self.file.name

    @property
    def key(self) -> str:
        """The same while the person decides how it is written."""
        return f"{self.file.parent}/{self.name}"


@dataclass
class Row:
    """One export, what it is proposed to be, what the person chose, and what loading it would do."""

    part: Part
    proposal: Proposal
    client: ClientKey | None = None
    is_new: bool = False
    wave: int = 1
    wave_name: str | None = None
    loaded: Sequence[LoadedFile] = ()
    replaces: bool = False
    may_move: bool = False
    result: LoadResult | None = None
    error: Spark9Error | None = None
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def is_new_wave(self) -> bool:
        """Whether no file of the client is in the wave yet."""
        return all(file.wave_number != self.wave for file in self.loaded)

    @property
    def is_loaded(self) -> bool:
        """Whether it is loaded already, as this wave or another."""
        return (self.result is not None and self.plan is None) or getattr(self.error, "code", "") == _LOADED

    @property
    def is_ready(self) -> bool:
        """Whether it can be loaded."""
        return self.plan is not None

    @property
    def plan(self) -> LoadPlan | None:
        """What loading it would do, if it can be loaded."""
        return self.result.plan if self.result else None

    @property
    def spend(self) -> tuple[float | None, str | None]:
        """Its spend, and the currency where all rows have one."""
        return spend_of(self.plan, self.proposal.currency) if self.plan else (None, None)

    def to_load(self) -> FileToLoad:
        """What the job is given."""
        assert self.plan is not None  # noqa: S101 - it is ready
        is_keys = self.plan.is_naming_keys
        return FileToLoad(
            self.part.file,
            None if is_keys else self.wave,
            self.wave_name,
            self.replaces,
            self.part.other_platform,
            self.part.options,
            is_new_wave=self.is_new_wave and not is_keys,
            may_move=self.may_move,
            answers=self.answers,
        )


def parts_of(service: Service, files: list[Path]) -> list[Part]:
    """Each export of the files, with the choices made so far; a damaged archive is shown as an error."""
    decided: dict[Path, list[Part]] = st.session_state.setdefault("decided", {})
    for file in files:
        if file not in decided:
            try:
                decided[file] = [Part(file, options) for options in service.exports_of(file)]
            except Spark9Error as error:
                decided[file] = []
                st.subheader(plain(file.name), anchor=False)
                show_error(error)
    return [part for file in files for part in decided[file]]


def decide(part: Part, *others: Part) -> None:
    """Put what the person decided in the place of an export: the same one otherwise, or several parts of it."""
    decided: dict[Path, list[Part]] = st.session_state["decided"]
    at = decided[part.file].index(part)
    decided[part.file][at : at + 1] = others


def show_rows(service: Service, parts: Sequence[Part]) -> list[Row]:
    """Draw a row for each export, and plan it for the client and wave that it has now."""
    rows = [Row(part, _proposed(service, part)) for part in parts]
    cards = [st.container(border=True) for _ in rows]
    for row, card in zip(rows, cards, strict=True):
        with card:
            _show_client(service, row, len(rows))
    _plan_for_waves(service, rows)
    for row, card in zip(rows, cards, strict=True):
        if row.client is not None:
            with card:
                _show_wave(row, rows)
                _show_found(service, row, is_alone=len(rows) == 1)
    return rows


def _proposed(service: Service, part: Part) -> Proposal:
    """Where it may belong, found out once for the same options."""
    known: dict[Any, Proposal] = st.session_state.setdefault("proposals", {})
    key = (part.file, part.options)
    if key not in known:
        with st.spinner(f"Reading {plain(part.name)} …"):
            known[key] = service.propose(part.file, part.options)
    return known[key]


# client


def client_title(service: Service, client: ClientKey) -> str:
    """A client as lists have it: acme · Meta Ads · 2024."""
    return f"{client.client} · {service.platform_titles().get(client.platform, client.platform)} · {client.year}"


def choose_client(key: str, word: str | None) -> None:
    """Have the list of clients of an export show another one; for buttons."""
    st.session_state[f"client of {key}"] = word


def _show_client(service: Service, row: Row, count: int) -> None:
    proposal, key = row.proposal, row.part.key
    own = sorted(
        (client.key for client in service.own_clients()), key=lambda each: (each.platform != proposal.platform, each)
    )
    may_onboard = service.viewer.is_admin and service.runtime.can_change_registry
    options = [*map(str, own), *([NEW] if may_onboard else [])]
    shown = {str(client): client_title(service, client) for client in own} | {NEW: "A new client …"}
    widget = f"client of {key}"
    if widget not in st.session_state or st.session_state[widget] not in (*options, None):
        st.session_state[widget] = _default_client(row, options)
    st.markdown(f"**{plain(row.part.name)}**")
    line = st.columns([3, 2, 3])
    with line[0]:
        chosen = st.selectbox(
            "Client", options, index=None, format_func=shown.__getitem__, key=widget, placeholder="Choose a client"
        )
    st.session_state[f"line of {key}"] = line
    if proposal.reasons:
        st.caption(plain(f"Proposed because {'; '.join(proposal.reasons)}." if _is_as_proposed(row, chosen)
                         else f"In the file: {'; '.join(proposal.reasons)}."))  # fmt: skip
    if proposal.doubts:
        st.warning(plain(f"No client is proposed: {'; '.join(proposal.doubts)}."), icon=":material/help:")
    if chosen == NEW:
        row.client = _new_client(service, row)
        row.is_new = row.client is not None and all(client.key != row.client for client in service.clients())
    elif chosen is not None:
        row.client = service.client(chosen)
    elif count:
        st.caption("Choose the client to see what loading it would do.")
    if row.client is not None and not row.is_new:
        row.loaded = service.files(row.client)


def _is_as_proposed(row: Row, chosen: str | None) -> bool:
    proposal = row.proposal
    return chosen is not None and (chosen == str(proposal.client) or (chosen == NEW and proposal.is_new))


def _default_client(row: Row, options: list[str]) -> str | None:
    """The client of the address, or the proposed one; else none."""
    wanted, proposed = st.query_params.get("client"), row.proposal.client
    if wanted in options:
        return wanted
    if proposed is not None and str(proposed) in options:
        return str(proposed)
    return NEW if NEW in options and (row.proposal.is_new or len(options) == 1) else None


def _new_client(service: Service, row: Row) -> ClientKey | None:
    """The form of a new client, with what the file says about it."""
    proposal, key = row.proposal, row.part.key
    titles = service.platform_titles()
    platforms = sorted(titles, key=titles.__getitem__)
    line = st.columns([3, 2, 1])
    name = line[0].text_input(
        "Name of the client", proposal.name, key=f"new client {key}", placeholder="acme_shoes", max_chars=60
    )
    platform = line[1].selectbox(
        "Platform",
        platforms,
        platforms.index(proposal.platform) if proposal.platform in platforms else None,
        format_func=titles.__getitem__,
        key=f"new platform {key}",
        placeholder="Choose",
    )
    year = line[2].number_input(
        "Year", 2000, 2099, proposal.year, key=f"new year {key}", placeholder=str(datetime.now(UTC).year)
    )
    if not name or platform is None or year is None:
        st.caption("Give its name, platform and year. Names have lower-case letters, digits and single underscores.")
        return None
    try:
        return client_schema(name.strip().lower().replace(" ", "_"), platform, int(year))
    except NameRefusedError as error:
        show_error(error)
        return None


# wave


def _plan_for_waves(service: Service, rows: Sequence[Row]) -> None:
    """Propose the wave of each export: by its name, then by the days of all exports of the client."""
    for client in dict.fromkeys(row.client for row in rows if row.client is not None):
        of_client = [row for row in rows if row.client == client]
        loaded = {file.wave_number for row in of_client for file in row.loaded if file.wave_number is not None}
        places = [ToPlace(row.proposal.wave) for row in of_client]
        if len(of_client) > 1:
            for at, row in enumerate(of_client):
                row.wave = max(loaded, default=0) + 1
                plan_row(service, row)
                places[at] = ToPlace(row.proposal.wave, row.plan.days if row.plan else None)
        wanted = st.query_params.get("wave", "")
        is_wanted = str(client) == st.query_params.get("client") and wanted.isdigit() and 0 < int(wanted) < 10_000
        for row, wave in zip(of_client, propose_waves(places, loaded), strict=True):
            row.wave = int(wanted) if is_wanted else wave
            # nobody named it, so the next one will do where it is taken meanwhile
            row.may_move = not is_wanted and wave != row.proposal.wave


def _show_wave(row: Row, rows: Sequence[Row]) -> None:
    proposed, key = row.wave, f"wave of {row.part.key} {row.client}"
    names = {file.wave_number: file.wave_name for file in row.loaded if file.wave_number is not None}
    of_client = [other for other in rows if other.client == row.client]
    free = max([*names, 0]) + 1
    new = sorted({free + more for more in range(max(_MORE_WAVES, len(of_client)))} | {proposed} - set(names))
    options = [*new, *sorted(names, reverse=True)]
    # what the person chose stays; what was proposed follows the proposal
    if st.session_state.get(key) in (None, st.session_state.get(f"proposed {key}")):
        st.session_state[key] = proposed
    st.session_state[f"proposed {key}"] = proposed

    def worded(wave: int) -> str:
        if wave not in names:
            return f"{wave} (new)"
        return f"{wave} · {names[wave]} (add a file)" if names[wave] else f"{wave} (add a file)"

    line = st.session_state[f"line of {row.part.key}"]
    with line[1]:
        row.wave = st.selectbox("Wave", options, format_func=worded, key=key)
    row.may_move = row.may_move and row.wave == proposed
    first = next(other for other in of_client if other.wave == row.wave)
    with line[2]:
        if first is row:
            name = st.text_input(
                "Name of the wave (optional)",
                names.get(row.wave) or "",
                key=f"name of {row.client} {row.wave}",
                max_chars=80,
            )
        else:
            name = first.wave_name or ""
            st.caption(plain(f"The same wave as {first.part.name}."))
    row.wave_name = name.strip() or None
    same = any(file.wave_number == row.wave and file.file_name == row.part.file.name for file in row.loaded)
    row.replaces = same and st.checkbox(
        f"Replace the file of the same name in wave {row.wave}", key=f"replace {key} {row.wave}"
    )


# plan


def plan_row(service: Service, row: Row) -> None:
    """Plan an export for its client and wave."""
    row.result, row.error = None, None
    try:
        row.result = planned(service, row, row.part)
    except Spark9Error as error:
        row.error = error


def planned(service: Service, row: Row, part: Part) -> LoadResult:
    """The plan of an export, made once for the same figures and the same decisions."""
    assert row.client is not None  # noqa: S101 - it is chosen by then
    plans: dict[Any, Any] = st.session_state.setdefault("plans", {})
    key = (service.snapshot.key, row.client, row.wave, part, row.replaces)
    if key not in plans:
        with st.spinner(f"Reading {plain(part.name)} …"):
            try:
                plans[key] = service.plan(
                    part.file,
                    row.client,
                    row.wave,
                    part.options,
                    replace=row.replaces,
                    other_platform=part.other_platform,
                )
            except Spark9Error as error:
                plans[key] = error
    if isinstance(plans[key], Spark9Error):
        raise plans[key]
    found: LoadResult = plans[key]
    return found


def _show_found(service: Service, row: Row, *, is_alone: bool) -> None:
    """What loading the export would do; its questions are asked above all rows."""
    plan_row(service, row)
    result, part = row.result, row.part
    with st.container(horizontal=True, vertical_alignment="center"):
        if result is not None and result.plan is not None:
            st.markdown(plain(headline(result.plan, row.proposal.currency)))
        elif result is not None:
            st.markdown(plain(result.message))
        elif row.is_loaded and row.error is not None:
            st.markdown(plain(row.error.problem))
            link_to("waves", "See the wave that has it", client=str(row.client))
        else:
            needs = isinstance(row.error, FileRefusedError) and row.error.answers
            st.markdown("Needs your decision, see above." if needs else "Can't be loaded, see above.")
        is_decided = bool(part.options.given()) or part.other_platform
        if is_decided and st.button("Change my choices", key=f"redo {part.key}", icon=":material/undo:"):
            st.session_state["decided"].pop(part.file, None)
            st.rerun()
        with st.popover(HOW_WRITTEN):
            chosen = choose_written(part.options, part.key)
            if chosen is not None:
                decide(part, replace(part, options=chosen))
                st.rerun()
    if result is None or result.plan is None or row.client is None:
        return
    variables = service.runtime.project.variables
    staged = result.plan.staged_as(row.client, row.wave)
    notes = f", {counted(len(result.warnings), 'note')}" if result.warnings else ""
    with st.expander(f"Preview, columns and score{notes}", expanded=is_alone):
        show_plan(result, staged, float(variables[WARN_BELOW]), float(variables[FAIL_BELOW]))
