"""The columns of a wave: what each is and why, suggestions, and the form that corrects one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from app.components.formats import AS_DETECTED, TYPES, format_words, formats_by_type
from app.components.messages import plain
from app.components.page_words import for_pages
from app.components.progress import run_job
from app.components.tables import as_they_are, show_table
from app.service import Service
from loader.files.table import ValueFormat
from loader.names import ClientKey
from loader.waves.columns import MappedColumn, core_columns
from loader.waves.decisions import MappingChange

_LEAVE = "leave unchanged"
_RULES = {
    _LEAVE: _LEAVE,
    "core": "fills a standard column",
    "add": "is added to a standard column that lacks it",
    "promote": "gets a typed column of its own",
    "additional": "is kept as an additional metric",
    "ignore": "is excluded from the typed rows",
    "missing": "is missing from this file",
    "retired": "is permanently gone",
}


def show(service: Service, client: ClientKey, wave: int) -> None:
    """Draw the tab."""
    rows = [row for _, _, row in service.mapping(client, wave)]
    formats = formats_by_type(service.marts.macro)
    found = pd.DataFrame(
        [
            {
                "column": row.column_name,
                "becomes": row.target_column,
                "rule": row.mapping_rule,
                "type": TYPES.get(row.column_type, row.column_type),
                "written as": format_words(row.value_format, formats.get(row.column_type, {})),
                "default": row.default_value,
                "required": row.is_required,
                "filled cells": row.filled_cells,
                "decided by": row.decided_by,
                "why": for_pages(row.reason),
            }
            for row in rows
        ]
    )
    show_table(
        found,
        as_they_are(
            found,
            type=st.column_config.TextColumn("type", width="medium"),
            written_as=st.column_config.TextColumn("written as", width="medium"),
            why=st.column_config.TextColumn("why", width="large"),
        ),
        "Each column of the wave, its mapping, and why",
    )
    if not service.viewer.may_change(client.name):
        st.caption("Only owners of the client can correct columns.")
        return
    for column in service.suggestions(client):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(f"'{column.column_name}' is not a known header: {column.suggestion}."))
            if st.button("Accept", key=f"accept {column.column_name}"):
                run_job(service.accept_suggestion(client, column.column_name))
    _show_form(service, client, wave, rows)


def _show_form(service: Service, client: ClientKey, wave: int, rows: list[MappedColumn]) -> None:
    st.markdown("**Correct a column**")
    st.caption("No upload is needed. The wave is rebuilt at once, and later waves follow.")
    known = {row.column_name: row for row in rows if row.mapping_rule != "constant"}
    if not known:
        return
    chosen = st.selectbox("Column", list(known), key=f"column of {wave}")
    row = known[chosen]
    core = core_columns(service.runtime.project)
    kind, offered = _choose_type(service, wave, row)
    with st.form(f"correct {wave} {chosen}", border=True):
        line = st.columns(3)
        rule = line[0].selectbox(
            "The column", list(_RULES), format_func=lambda name: _RULES[name], help=f"Now: {row.mapping_rule}"
        )
        targets = [row.target_column, *(name for name in core if name != row.target_column)]
        hint = "A standard column, or a new name in lower case."
        target = line[1].selectbox("Becomes", targets, accept_new_options=True, help=hint)
        form = line[2].selectbox(
            "Written as",
            [AS_DETECTED, *offered],
            format_func=lambda name: format_words(name, offered) or name,
            help=f"Now: {format_words(row.value_format, offered) or AS_DETECTED}",
            key=f"format {wave} {chosen} {kind}",
            disabled=not offered,
        )
        left, right = st.columns(2)
        default = left.text_input("Value for empty cells", row.default_value or "", placeholder="none")
        required = right.selectbox("Required", [_LEAVE, "yes", "no"], help=f"Now: {'yes' if row.is_required else 'no'}")
        is_new = st.checkbox("'Becomes' is a new name, though it resembles a known one")
        if st.form_submit_button("Correct and build", type="primary"):
            change = MappingChange(
                rule=None if rule == _LEAVE else rule,
                target=None if target == row.target_column else str(target),
                column_type=None if kind == _LEAVE else kind,
                value_format=None if form == AS_DETECTED else _with_form(row, kind, form),
                default=default if default and default != row.default_value else None,
                no_default=bool(row.default_value) and not default,
                required=None if required == _LEAVE else required == "yes",
                new_target=is_new,
            )
            if change == MappingChange(new_target=is_new):
                st.info("The column is already mapped that way.")
            else:
                run_job(service.change_mapping(client, wave, chosen, change))


def _choose_type(service: Service, wave: int, row: MappedColumn) -> tuple[str, Mapping[str, Mapping[str, Any]]]:
    """The type that a column is to have, outside the form: the ways to write it, which follow, depend on it."""
    kind = st.selectbox(
        "Type",
        [_LEAVE, *service.marts.macro("column_types")],
        format_func=lambda name: TYPES.get(name, name),
        help=f"Now: {TYPES.get(row.column_type, row.column_type)}",
        key=f"type {wave} {row.column_name}",
    )
    return kind, formats_by_type(service.marts.macro).get(row.column_type if kind == _LEAVE else kind, {})


def _with_form(row: MappedColumn, kind: str, form: str) -> str:
    """Another way to write a cell; of the same type it names as many days, and repeats in blank cells, as before."""
    return str(ValueFormat.of(row.value_format)._replace(form=form)) if kind == _LEAVE else form
