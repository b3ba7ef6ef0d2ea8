"""The files of a wave: originals to download, and what can be done with the wave as a whole."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from app.components.messages import link_to, plain, show_error
from app.components.progress import run_job
from app.components.tables import as_they_are, show_table
from app.components.words import moment
from app.service import Service
from app.settings import UPLOAD_TYPES
from loader.errors import Spark9Error
from loader.names import ClientKey
from loader.words import counted


def show(service: Service, client: ClientKey, wave: int, *, is_built: bool) -> None:
    """Draw the tab."""
    files = [file for file in service.files(client) if file.wave_number == wave]
    found = pd.DataFrame(
        [
            {
                "file": file.file_name,
                "rows": file.row_count,
                "loaded": moment(file.upload_timestamp),
                "built": "yes" if file.is_processed else "no",
                "load": file.load_id,
            }
            for file in files
        ]
    )
    show_table(found, as_they_are(found), "The files of the wave")
    with st.container(horizontal=True):
        for file in files:
            st.download_button(
                plain(f"Original of {file.file_name}"),
                partial(service.original, client, file.load_id),
                file_name=file.file_name.partition(":")[0].partition("#")[0],
                key=f"original {file.load_id}",
                on_click="ignore",
                icon=":material/download:",
            )
    if not service.viewer.may_change(client.name):
        st.caption("Only owners of the client can replace, verify, compare and roll back.")
        return
    _show_actions(service, client, wave, [file.file_name for file in files])
    if is_built:
        _show_comparison(service, client, wave)


def _show_actions(service: Service, client: ClientKey, wave: int, files: list[str]) -> None:
    with st.container(horizontal=True):
        link_to("upload", "Replace or add a file", client=str(client), wave=str(wave))
        if st.button("Reprocess", icon=":material/refresh:", help="Rebuild all its rows; no upload is needed."):
            run_job(service.reprocess(client, wave))
        if st.button("Verify", icon=":material/fact_check:", help="Compare every table with the originals."):
            run_job(service.verify(client, wave))
        if st.button("Roll back …", icon=":material/undo:"):
            _confirm(service, client, wave, files)


@st.dialog("Roll back")
def _confirm(service: Service, client: ClientKey, wave: int, files: list[str]) -> None:
    whole = f"the whole wave ({counted(len(files), 'file')})"
    chosen = st.radio("What should be removed from all tables?", [whole, *files] if len(files) > 1 else [whole])
    st.write(plain(f"Wave {wave} of {client}. You can undo it on this page: the originals are kept."))
    with st.container(horizontal=True):
        if st.button("Roll back", type="primary"):
            run_job(service.roll_back(client, wave, None if chosen == whole else chosen))
        if st.button("Cancel"):
            st.rerun()


def _show_comparison(service: Service, client: ClientKey, wave: int) -> None:
    with st.expander("Compare the wave with your own table"):
        uploaded = st.file_uploader("The table", type=list(UPLOAD_TYPES), key=f"reference {wave}")
        keys = ["campaign_name", "ad_set_name", "ad_name", "date_start", "campaign_id", "ad_set_id", "ad_id"]
        on = st.multiselect("Match rows on", keys, ["ad_name", "date_start"], accept_new_options=True, key=f"on {wave}")
        if st.button("Compare", disabled=uploaded is None or not on) and uploaded is not None:
            folder = service.upload_folder()
            try:
                path = service.save_upload(uploaded.name, uploaded, folder)
            except Spark9Error as error:
                show_error(error)
                return
            run_job(service.compare(client, wave, path, on))
