"""What needs attention, and the results of the campaigns: the filters, and the figures they select."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.cache import cached
from app.components.address import Address
from app.components.messages import link_to, plain, show_nothing_yet
from app.components.words import decimals, listed, percent, whole
from app.queries import operations, performance, waves
from app.service import Service
from app.settings import FAIL_BELOW, WARN_BELOW
from app.views.performance import show_performance
from app.views.saved import show_saved_views
from app.views.selection import choose_selection
from loader.words import counted

_SHOWN_CLIENTS = 5


def show(service: Service) -> None:
    """Draw the page."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title("Overview", width="content")
        show_saved_views(service)
    if not service.marts.are_built():
        show_nothing_yet(service, "Nothing has been built yet.")
        return
    if cached(service.marts, performance.days_and_currencies).empty:
        show_nothing_yet(service, "None of your clients has figures yet.")
        return
    _show_state(service)
    address = Address()
    ignored = st.container()
    selection = choose_selection(service, address)
    if selection is not None:
        show_performance(service, selection, address)
    elif not address.selects_nothing:
        st.info("There are no figures for this selection. Choose another brand, client or platform.")
    with ignored:
        address.show_ignored()


def _show_state(service: Service) -> None:
    """Today, failed steps, scores below the limits, seconds per wave, success of uploads."""
    marts = service.marts
    steps, week, all_waves = (cached(marts, ask) for ask in (operations.today, operations.week, waves.waves))
    variables = service.runtime.project.variables
    warn, fail = float(variables[WARN_BELOW]), float(variables[FAIL_BELOW])
    scores = all_waves["data_quality_score"] if not all_waves.empty else pd.Series(dtype=float)
    failed = int(steps["failed_steps"].sum()) if not steps.empty else 0
    under, to_review = int((scores < fail).sum()), int(((scores >= fail) & (scores < warn)).sum())
    loaded, seconds = week.iloc[0]["loaded_percent"], week.iloc[0]["seconds_per_wave"]
    tiles = st.columns(6)
    loads = int(steps["loads_completed"].sum()) if not steps.empty else 0
    tiles[0].metric("Loads today", whole(loads), help="Days are in UTC, as of the last build.")
    tiles[1].metric("Failed steps today", whole(failed))
    tiles[2].metric(f"Waves below {fail:.2f}", whole(under), help="These fail the build.")
    tiles[3].metric(f"Waves below {warn:.2f}", whole(to_review), help=f"At least {fail:.2f}; these waves need review.")
    tiles[4].metric(
        "Uploads loaded, 7 days",
        percent(loaded, 1),
        help="Share of uploaded files that were loaded; the others were refused.",
    )
    tiles[5].metric("Seconds per wave, 7 days", decimals(seconds, 1), help="The total time of all loads of a wave.")
    _show_attention(service, steps, all_waves, warn, fail)


def _show_attention(service: Service, steps: pd.DataFrame, all_waves: pd.DataFrame, warn: float, fail: float) -> None:
    """What needs attention, with a link each; red is reserved for these."""
    names = service.words()
    if not steps.empty:
        for row in steps[steps["failed_steps"] > 0].head(5).to_dict("records"):
            st.error(
                f"{plain(names.get(row['client_schema'], row['client_schema']))}: "
                f"{counted(int(row['failed_steps']), 'failed step')} today",
                icon=":material/error:",
            )
    if all_waves.empty:
        return
    _show_questions(names, all_waves[all_waves["open_questions"] > 0])
    to_review = all_waves[all_waves["data_quality_score"] < warn].sort_values("data_quality_score").head(5)
    for row in to_review.to_dict("records"):
        name = names.get(row["client_schema"], row["client_schema"])
        words = f"{plain(name)}, wave {row['wave_number']}: score {row['data_quality_score']:.4f}"
        show, icon = (
            (st.error, ":material/error:")
            if row["data_quality_score"] < fail
            else (st.warning, ":material/visibility:")
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            show(words, icon=icon)
            link_to("waves", "Review", client=name, wave=str(row["wave_number"]))


def _show_questions(names: dict[str, str], asked: pd.DataFrame) -> None:
    """How many questions are open, by client; most first."""
    counts = asked.groupby("client_schema")["open_questions"].sum().sort_values(ascending=False)
    for schema, count in counts.head(_SHOWN_CLIENTS).items():
        name = names.get(str(schema), str(schema))
        numbers = sorted(asked.loc[asked["client_schema"] == schema, "wave_number"])
        where = f"wave{'s' if len(numbers) > 1 else ''} {listed([str(number) for number in numbers])}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(plain(f"{name}, {where}: {counted(int(count), 'open question')}"), icon=":material/help:")
            link_to("waves", "Review", client=name, wave=str(numbers[0]), show="Questions")
    if len(counts) > _SHOWN_CLIENTS:
        st.caption(f"and {counted(len(counts) - _SHOWN_CLIENTS, 'other client')} with open questions, see Waves")
