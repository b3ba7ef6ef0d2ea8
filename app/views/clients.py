"""The registry: who is a client, who may use it, onboarding and its end, policies, audit, lineage."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from app.components.messages import link_to, plain, show_error, show_nothing_yet
from app.components.progress import run_job, show_own_job
from app.components.tables import as_they_are, show_table
from app.components.words import listed
from app.lineage import PATH, lineage_file
from app.service import Service
from app.settings import OIDC
from loader.clients.registry import ARCHIVED, OVERLAPS, POLICY_MEANINGS, RESTATEMENTS, RegisteredClient
from loader.errors import NameRefusedError
from loader.names import client_schema


def show(service: Service) -> None:
    """Draw the page."""
    st.title("Clients")
    show_own_job(service)
    clients = service.clients(archived_too=service.viewer.is_admin)
    if clients:
        _show_registry(service, clients)
    else:
        show_nothing_yet(service, "You have no clients yet.")
    if service.viewer.is_admin:
        _show_onboarding(service)
    active = [client for client in clients if client.status != ARCHIVED]
    if active:
        _show_client(service, active)
    _show_lineage(service, active)


def _show_registry(service: Service, clients: list[RegisteredClient]) -> None:
    titles = service.platform_titles()
    found = pd.DataFrame(
        [
            {
                "client": client.client,
                "platform": titles.get(client.platform, client.platform),
                "year": client.year,
                "status": client.status,
                "since": client.added_on,
                "restated days": POLICY_MEANINGS[client.restatement],
                "overlapping exports": POLICY_MEANINGS[client.overlap],
                "access": listed([f"{row.user_name} ({row.access})" for row in service.accesses(client.key)]),
            }
            for client in clients
        ]
    )
    columns = as_they_are(found, year=st.column_config.NumberColumn("year", format="%d"))
    show_table(found, columns, "Your clients")
    if not service.runtime.enforces_roles:
        st.caption(
            "These pages enforce this table. DuckDB has no roles: anyone who can read its file can read all clients."
        )


def _show_onboarding(service: Service) -> None:
    with st.expander("Onboard a client"), st.form("onboard", border=False):
        titles = service.platform_titles()
        line = st.columns([3, 2, 1])
        name = line[0].text_input("Name", placeholder="acme_shoes", max_chars=60)
        platform = line[1].selectbox(
            "Platform", sorted(titles, key=titles.__getitem__), format_func=lambda word: titles[word]
        )
        year = line[2].number_input("Year", 2000, 2099, datetime.now(UTC).year)
        owners = st.text_input(
            "Owners", placeholder="ann@example.com, bob@example.com", help="Owners can load and correct."
        )
        if st.form_submit_button("Onboard", type="primary"):
            try:
                client = client_schema(name.strip(), platform, int(year))
            except NameRefusedError as error:
                show_error(error)
                return
            run_job(service.onboard(client, [part.strip() for part in owners.split(",") if part.strip()]))


def _show_client(service: Service, clients: list[RegisteredClient]) -> None:
    known = {str(client.key): client for client in clients if service.viewer.may_change(client.client_schema)}
    if not known:
        return
    st.subheader("Manage a client", anchor=False)
    chosen = st.selectbox("Client", list(known), key="client", bind="query-params")
    client = known[chosen]
    left, right = st.columns(2)
    with left, st.form(f"policies {chosen}", border=True):
        st.markdown("**When exports cover the same days again**")
        restatement = st.selectbox(
            "Restated days",
            RESTATEMENTS,
            RESTATEMENTS.index(client.restatement),
            format_func=lambda name: POLICY_MEANINGS[name],
        )
        overlap = st.selectbox(
            "Overlapping exports",
            OVERLAPS,
            OVERLAPS.index(client.overlap),
            format_func=lambda name: POLICY_MEANINGS[name],
        )
        if st.form_submit_button("Save and build"):
            run_job(service.set_policies(client.key, restatement, overlap))
    if service.viewer.is_admin:
        with right:
            _show_access(service, client)


def _show_access(service: Service, client: RegisteredClient) -> None:
    with st.form(f"access {client.client_schema}", border=True):
        st.markdown("**Access**")
        user = st.text_input("E-mail address", placeholder="ann@example.com", max_chars=255)
        access = st.selectbox(
            "Access", ["reader", "owner"], format_func={"reader": "read", "owner": "load and correct"}.__getitem__
        )
        if st.form_submit_button("Grant access") and user.strip():
            run_job(service.grant(client.key, user, access))
    held = [row.user_name for row in service.accesses(client.key)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        leaving = st.selectbox(
            "Revoke access of", held, index=None, key=f"revoke {client.client_schema}", placeholder="nobody"
        )
        if st.button("Revoke", disabled=leaving is None) and leaving is not None:
            run_job(service.revoke(client.key, leaving))
    if st.button("Archive this client …", icon=":material/archive:"):
        _confirm_archiving(service, client)


@st.dialog("Archive")
def _confirm_archiving(service: Service, client: RegisteredClient) -> None:
    st.write(
        plain(
            f"{client.key} will be excluded from builds, marts and uploads. Its tables and originals are kept; "
            f"onboard it "
            "again to restore it."
        )
    )
    with st.container(horizontal=True):
        if st.button("Archive", type="primary"):
            run_job(service.archive(client.key))
        if st.button("Cancel"):
            st.rerun()


def _show_lineage(service: Service, clients: list[RegisteredClient]) -> None:
    st.subheader("Lineage", anchor=False)
    if clients:
        chosen = st.selectbox("Client", [client.client_schema for client in clients], key="lineage of")
        st.graphviz_chart(_graph(chosen, "#e6eaee" if st.context.theme.type == "dark" else "#1d2329"))
        st.caption("From the export to the marts. dbt docs show every column.")
    if service.viewer.is_admin:
        link_to("operations", "Audit of roles and grants, and other checks", show="Checks")
    if service.viewer.is_admin and service.runtime.settings.sign_in != OIDC:
        if lineage_file(service.runtime.project.root):
            st.link_button("dbt docs of all clients", PATH, icon=":material/account_tree:")
        else:
            st.caption("These pages show the dbt docs of all clients once whoever runs spark9 has generated them.")


def _graph(schema: str, colour: str) -> str:
    marts = (
        "campaign_performance",
        "performance_by_day",
        "waves",
        "wave_columns",
        "schema_changes",
        "processing_steps",
    )
    own = ("raw_data_staging", "wave_schema_mapping", "naming_keys", "processing_log")
    edges = [
        '"export" -> "stage"', '"export" -> "raw_data_staging"', '"export" -> "wave_schema_mapping"',
        '"export" -> "processing_log"', *(f'"{name}" -> "processed_campaign_data"' for name in own[:3]),
        '"processed_campaign_data" -> "wave_quality"', '"processed_campaign_data" -> "campaign_performance"',
        '"processed_campaign_data" -> "performance_by_day"', '"wave_quality" -> "waves"',
        '"wave_schema_mapping" -> "wave_columns"', '"wave_columns" -> "schema_changes"',
        '"processing_log" -> "processing_steps"',
    ]  # fmt: skip
    nodes = "; ".join(f'"{name}"' for name in (*own, "processed_campaign_data", "wave_quality"))
    listed_marts = "; ".join(f'"{name}"' for name in marts)
    return (
        f'digraph {{ rankdir=LR; bgcolor=transparent; color="{colour}"; fontcolor="{colour}"; '
        f'node [shape=box, fontsize=11, color="{colour}", fontcolor="{colour}"]; edge [color="{colour}"]; '
        f'subgraph cluster_client {{ label="{schema}"; {nodes} }} '
        f'subgraph cluster_marts {{ label="marts"; {listed_marts} }} {"; ".join(edges)} }}'
    )
