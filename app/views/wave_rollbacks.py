"""The waves of a client that were rolled back, each with the button that undoes it."""

from __future__ import annotations

import streamlit as st

from app.components.messages import plain
from app.components.progress import run_job
from app.components.words import listed, moment
from app.service import Service
from loader.errors import ClientUnknownError
from loader.names import ClientKey
from loader.words import counted


def show(service: Service, client: ClientKey) -> None:
    """Draw the last rollback of each wave; nothing for who may not change the client."""
    if not service.viewer.may_change(client.name):
        return
    try:
        files = service.rolled_back(client)
    except ClientUnknownError:  # it was never made on this target, which the page says
        return
    for wave in sorted({file.wave_number for file in files}):
        of_wave = [file for file in files if file.wave_number == wave]
        last = [file for file in of_wave if file.load_id in of_wave[0].together]
        rows = counted(sum(file.row_count for file in last), "row")
        by = f" by {last[0].done_by}" if last[0].done_by else ""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(
                plain(
                    f"Rolled back from wave {wave}: {listed([file.file_name for file in last], 4)} ({rows}), "
                    f"{moment(last[0].when)}{by}."
                ),
                icon=":material/undo:",
            )
            if st.button(
                f"Undo rollback of wave {wave}",
                key=f"undo {client} {wave}",
                help="Loads the same originals again as the same wave, with the same decisions and answers.",
            ):
                run_job(service.undo_rollback(client, wave))
