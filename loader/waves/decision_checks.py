"""What a decision about a column must not be: of no known type, in contradiction to the file, or misspelt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from loader.clients.tables import ClientTables
from loader.errors import NameRefusedError
from loader.files.headers import PlatformColumns, split_currency
from loader.names import misspelling_of, promoted_column, snake_case
from loader.waves.columns import OF_ABSENT, ColumnRule, CoreColumn, MappedColumn
from loader.waves.state import LoadMapping


def one_of(what: str, value: str, allowed: Collection[str]) -> None:
    """Refuse a value that is not one of those allowed."""
    if value not in allowed:
        raise NameRefusedError(f"The {what} '{value}' is not one of {', '.join(allowed)}.")


def refuse_contradictions(
    row: MappedColumn,
    rule: str,
    target: str,
    column_type: str,
    core: Mapping[str, CoreColumn],
    others: Sequence[MappedColumn],
) -> None:
    """Refuse a decision that contradicts the file, the core columns or another column's mapping."""
    if rule == "core" and target not in core:
        raise NameRefusedError(
            f"'{target}' is not a core column; core columns are {', '.join(core)}. Use the rule promote."
        )
    if rule == "core" and column_type != core[target].type:
        raise NameRefusedError(f"The core column '{target}' is of type {core[target].type}, not {column_type}.")
    if rule == "promote":
        promoted_column(target)
    if rule in ("promote", "additional") and target in core:
        raise NameRefusedError(f"'{target}' is a core column; use the rule core, or another --target.")
    if row.ordinal is None and rule not in OF_ABSENT:
        raise NameRefusedError(
            f"'{row.column_name}' is not in this wave's file, so its rule must be missing or retired."
        )
    if row.ordinal is not None and rule in OF_ABSENT:
        raise NameRefusedError(f"'{row.column_name}' is in this wave's file; to exclude it, use the rule ignore.")
    for other in others:
        clash = other.column_name != row.column_name and other.target_column == target and other.ordinal is not None
        if clash and rule in ("additional", "promote"):
            raise NameRefusedError(
                f"The column '{other.column_name}' already fills '{target}'; choose another --target."
            )


def refuse_misspelt(
    target: str,
    rule: str | None,
    header: str,
    known: PlatformColumns,
    core: Collection[str],
    mappings: Sequence[LoadMapping],
    rules: Sequence[ColumnRule],
) -> None:
    """Refuse a target that no column of the client has, and that is a letter or two away from one that it could mean.

    Args:
        target: what the column is to fill.
        rule: of the decision, where it is given.
        header: the column's, whose own key is never misspelt.
        known: platform_columns.csv.
        core: the core columns.
        mappings: of the client's loads.
        rules: people's decisions about the client's columns.

    """
    names = {*core, *known.standard_columns(), *(rule.target_column for rule in rules)}
    names |= {row.target_column for mapping in mappings for row in mapping.rows}
    meant = None if target == snake_case(split_currency(header)[0]) else misspelling_of(target, names)
    if meant:
        # a core column can't be made
        way = "" if rule == "core" else " If not, mark it as new: --new-target, or new_target in a file of decisions."
        raise NameRefusedError(
            f"There is no column '{target}' yet; did you mean '{meant}'?{way}", code="target-unknown"
        )


def is_of_type(tables: ClientTables, default: str, column_type: str) -> bool:
    """Whether a default is a value of a type, as people write it."""
    macros = tables.project.macros
    value_format = tables.project.local_macros.call("default_format", column_type)
    value = macros.call("parse_cell", macros.call("text_literal", default), column_type, value_format)
    return bool(tables.query(f"select {value}")[0][0] is not None)


def check_default(tables: ClientTables, row: MappedColumn) -> None:
    """Refuse a default that is no value of the column's type."""
    if row.default_value is not None and not is_of_type(tables, row.default_value, row.column_type):
        raise NameRefusedError(
            f"The default '{row.default_value}' is not of type {row.column_type}.", code="default-refused"
        )
