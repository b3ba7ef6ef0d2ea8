"""Waves after they are loaded: list them, process them again, take them out, correct their mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from loader.errors import NameRefusedError, WaveRefusedError
from loader.failures import failures_logged
from loader.headers import PlatformColumns, Suggestion
from loader.log import LogEntry, write_log
from loader.mapping import (
    FIELDS,
    RULE_FIELDS,
    RULES,
    ColumnRule,
    CoreColumn,
    MappedColumn,
    core_columns,
    is_text_like,
    rules_for_wave,
)
from loader.names import ClientSchema, normalised_header, target_column
from loader.project import Project
from loader.registry import Registry
from loader.warehouse import Session, WaitNotice, open_warehouse
from loader.wave_state import (
    LoadedFile,
    LoadMapping,
    align_missing_columns,
    column_rules,
    load_mappings,
    loads,
    loads_of_wave,
    remove_load,
    require_tables,
)


@dataclass(frozen=True)
class MappingChange:
    """What a person decides about a column; what is none stays as it is."""

    rule: str | None = None
    target: str | None = None
    column_type: str | None = None
    value_format: str | None = None
    default: str | None = None
    no_default: bool = False
    required: bool | None = None


def list_waves(
    project: Project, names: ClientSchema, *, wait_seconds: float = 300.0, on_wait: WaitNotice | None = None
) -> list[LoadedFile]:
    """The files that count now, by wave and upload."""
    Registry(project).get(names, archived_too=True)
    with open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session:
        require_tables(session, project, names)
        return loads(session, project.schema_name(names.name))


def reprocess_wave(
    project: Project,
    names: ClientSchema,
    wave: int,
    *,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> list[LoadedFile]:
    """Have the next build flatten a wave again; the files that it concerns.

    Raises:
        WaveRefusedError: the wave is not loaded.

    """
    Registry(project).get(names)
    schema = project.schema_name(names.name)
    with (
        failures_logged(project, names, "reprocess", wave),
        open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session,
    ):
        require_tables(session, project, names)
        files = _loaded(session, schema, names, wave)
        with session.transaction(lock=schema):
            session.run(project.macros.call("reprocess_wave_sql", schema, wave))
    return files


def rollback_wave(
    project: Project,
    names: ClientSchema,
    wave: int,
    *,
    file_name: str | None = None,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> list[LoadedFile]:
    """Take a wave, or one file of it, out of all tables; the files that it concerned.

    The originals stay in the stage, and the log says what was done.

    Raises:
        WaveRefusedError: the wave is not loaded, or has no such file.

    """
    policy = Registry(project).get(names).restatement
    schema = project.schema_name(names.name)
    with (
        failures_logged(project, names, "rollback", wave),
        open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session,
    ):
        require_tables(session, project, names)
        files = _loaded(session, schema, names, wave)
        if file_name is not None:
            known = ", ".join(load.file_name for load in files)
            files = [load for load in files if load.file_name == file_name]
            if not files:
                raise WaveRefusedError(
                    "no-such-file", f"Wave {wave} of {names} has no file named {file_name}; it has {known}."
                )
        with session.transaction(lock=schema):
            for load in files:
                remove_load(session, project, schema, load, "rollback", policy)
            align_missing_columns(session, project, schema, wave)
    return files


def show_mapping(
    project: Project,
    names: ClientSchema,
    wave: int | None = None,
    *,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> list[tuple[int, str, MappedColumn]]:
    """The mapping of a client, or of one wave: wave, load and column, in file order.

    Raises:
        WaveRefusedError: the wave is not loaded.

    """
    Registry(project).get(names, archived_too=True)
    schema = project.schema_name(names.name)
    with open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session:
        require_tables(session, project, names)
        if wave is not None:
            _loaded(session, schema, names, wave)
        return [
            (row[0], row[1], MappedColumn(*row[2:]))
            for row in session.query(
                f"select wave_number, load_id, {', '.join(FIELDS)} from {schema}.wave_schema_mapping "
                f"{'where wave_number = ?' if wave is not None else ''} "
                "order by wave_number, updated_timestamp, load_id, ordinal nulls last, target_column",
                [] if wave is None else [wave],
            )
        ]


def set_mapping(
    project: Project,
    names: ClientSchema,
    wave: int,
    column: str,
    change: MappingChange,
    *,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> list[MappedColumn]:
    """Decide what a column of a wave is; the wave is processed again by the next build, and later waves follow.

    Args:
        project: from `find_project()`.
        names: the client.
        wave: the wave's number.
        column: a header of the wave, or the name of a column that it lacks; case and punctuation apart.
        change: the decision.
        wait_seconds: how long to wait for a locked warehouse.
        on_wait: is told when the warehouse is waited for.

    Returns:
        The column's mapping as it is now, one entry a file of the wave.

    Raises:
        WaveRefusedError: the wave is not loaded or has no such column, or the decision contradicts another.
        NameRefusedError: a rule, type, format or name is not a valid one.

    """
    Registry(project).get(names)
    schema = project.schema_name(names.name)
    with (
        failures_logged(project, names, "mapping", wave),
        open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session,
        session.transaction(lock=schema),
    ):
        require_tables(session, project, names)
        _loaded(session, schema, names, wave)
        return decide(project, session, names, wave, column, change)


def decide(
    project: Project, session: Session, names: ClientSchema, wave: int, column: str, change: MappingChange
) -> list[MappedColumn]:
    """Make a rule for a column from a wave on, inside the caller's transaction; see `set_mapping`."""
    schema = project.schema_name(names.name)
    core = core_columns(project)
    mappings = load_mappings(session, schema)
    here = [mapping for mapping in mappings if mapping.wave == wave]
    wanted = _rows_named(here, column)
    if not wanted:
        known = ", ".join(sorted({row.column_name for mapping in here for row in mapping.rows}))
        raise WaveRefusedError("no-such-column", f"Wave {wave} of {names} has no column '{column}'; it has: {known}.")
    is_breakdown = _is_breakdown(project, names, wanted[0][1].column_name)
    before = rules_for_wave(column_rules(session, schema), wave).get(normalised_header(wanted[0][1].column_name))
    change = _with_one_type(project, core, change, before, wanted)
    changed = []
    for mapping, row in wanted:
        new = _changed(project, core, row, change, mapping.rows, is_breakdown=is_breakdown)
        _check_default(project, session, new)
        new = _measured(project, session, schema, mapping.load_id, new, keep_format=change.value_format is not None)
        _store(session, schema, mapping.load_id, row, new)
        entry = LogEntry("mapping", "completed", wave, mapping.load_id, column_count=1, column_names=[row.column_name])
        write_log(session, schema, [entry])
        changed.append(new)
    # a wave of several files can have the column in one of them and lack it in another
    rule = _rule(next((row for row in changed if row.ordinal is not None), changed[0]), wave, change, before)
    _store_rule(session, schema, rule)
    session.run(project.macros.call("reprocess_wave_sql", schema, wave))
    _have_later_waves_follow(project, session, names, mappings, rule)
    align_missing_columns(session, project, schema, wave)
    return changed


def _rows_named(mappings: Sequence[LoadMapping], column: str) -> list[tuple[LoadMapping, MappedColumn]]:
    """The rows of a header, case and punctuation apart, or else of a target column."""
    rows = [(mapping, row) for mapping in mappings for row in mapping.rows]
    by_header = [(m, row) for m, row in rows if normalised_header(row.column_name) == normalised_header(column)]
    return by_header or [(mapping, row) for mapping, row in rows if row.target_column == column]


def _is_breakdown(project: Project, names: ClientSchema, column: str) -> bool:
    known = PlatformColumns(project).lookup(names.platform, column)
    return bool(known) and known[0].role == "breakdown"


def _with_one_type(
    project: Project,
    core: dict[str, CoreColumn],
    change: MappingChange,
    before: ColumnRule | None,
    wanted: Sequence[tuple[LoadMapping, MappedColumn]],
) -> MappingChange:
    """The change with the type that the column must have in every file; none where the cells of each decide."""
    row = next((row for _, row in wanted if row.ordinal is not None), wanted[0][1])
    target = target_column(change.target) if change.target else row.target_column
    rule = change.rule or _implied_rule(row, target, core)
    kind = change.column_type or (before.column_type if before else None)
    if kind is None and rule == "promote":
        kind = row.column_type
    if rule == "core":
        kind = change.column_type
    _one_of("type", kind or "text", project.local_macros.call("column_types"))
    return replace(change, column_type=kind)


def _rule(row: MappedColumn, wave: int, change: MappingChange, before: ColumnRule | None) -> ColumnRule:
    return ColumnRule(
        column_name=row.column_name,
        from_wave=wave,
        mapping_rule=row.mapping_rule,
        target_column=row.target_column,
        column_type=row.column_type if row.mapping_rule in ("core", "promote") else change.column_type,
        value_format=change.value_format or (before.value_format if before else None),
        is_required=row.is_required,
        default_value=row.default_value,
    )


def _store_rule(session: Session, schema: str, rule: ColumnRule) -> None:
    """One rule a header and wave: the last decision counts."""
    for (name,) in session.query(
        f"select distinct column_name from {schema}.column_rules where from_wave = ?", [rule.from_wave]
    ):
        if normalised_header(name) == normalised_header(rule.column_name):
            session.query(
                f"delete from {schema}.column_rules where from_wave = ? and column_name = ?", [rule.from_wave, name]
            )
    session.insert(
        schema,
        "column_rules",
        (*RULE_FIELDS, "updated_timestamp"),
        [(*(getattr(rule, name) for name in RULE_FIELDS), session.now())],
    )


def _have_later_waves_follow(
    project: Project, session: Session, names: ClientSchema, mappings: Sequence[LoadMapping], rule: ColumnRule
) -> None:
    """Apply a rule to the waves after it that are loaded already, as it will be to those that come."""
    schema = project.schema_name(names.name)
    core = core_columns(project)
    rules = column_rules(session, schema)
    is_breakdown = _is_breakdown(project, names, rule.column_name)
    followed = set()
    for mapping in mappings:
        if mapping.wave <= rule.from_wave:
            continue
        for row in mapping.rows:
            header = normalised_header(row.column_name)
            if row.ordinal is None or header != normalised_header(rule.column_name):
                continue
            if rules_for_wave(rules, mapping.wave).get(header) != rule or rule.mapping_rule in ("missing", "constant"):
                continue
            change = MappingChange(
                "additional" if rule.mapping_rule == "retired" else rule.mapping_rule,
                rule.target_column,
                rule.column_type,
                rule.value_format,
                rule.default_value,
                rule.default_value is None,
                rule.is_required,
            )
            new = _changed(project, core, row, change, mapping.rows, is_breakdown=is_breakdown)
            new = _measured(project, session, schema, mapping.load_id, new, keep_format=rule.value_format is not None)
            if new != row:
                _store(session, schema, mapping.load_id, row, new)
                followed.add(mapping.wave)
    for wave in sorted(followed):
        session.run(project.macros.call("reprocess_wave_sql", schema, wave))


@dataclass(frozen=True)
class SuggestedColumn:
    """An unknown header of a wave, and the known one that it is like."""

    wave: int
    column_name: str
    suggestion: Suggestion


def suggested_columns(
    project: Project, names: ClientSchema, *, wait_seconds: float = 300.0, on_wait: WaitNotice | None = None
) -> list[SuggestedColumn]:
    """The unknown headers of a client that are like a known one, each in the first wave that has it."""
    Registry(project).get(names, archived_too=True)
    with open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session:
        require_tables(session, project, names)
        return _suggested(project, session, names)


def _suggested(project: Project, session: Session, names: ClientSchema) -> list[SuggestedColumn]:
    known = PlatformColumns(project)
    found: dict[str, SuggestedColumn] = {}
    for mapping in sorted(load_mappings(session, project.schema_name(names.name)), key=lambda mapping: mapping.wave):
        filled = {
            row.target_column
            for row in mapping.rows
            if row.ordinal is not None and (row.decided_by == "person" or known.lookup(names.platform, row.column_name))
        }
        for row in mapping.rows:
            is_open = row.ordinal is not None and row.decided_by == "loader"
            if not is_open or known.lookup(names.platform, row.column_name):
                continue
            suggestion = known.suggest(names.platform, row.column_name, filled)
            if suggestion:
                column = SuggestedColumn(mapping.wave, row.column_name, suggestion)
                found.setdefault(normalised_header(row.column_name), column)
    return list(found.values())


def accept_suggestion(
    project: Project,
    names: ClientSchema,
    column: str,
    *,
    wait_seconds: float = 300.0,
    on_wait: WaitNotice | None = None,
) -> tuple[SuggestedColumn, list[MappedColumn]]:
    """Make the suggestion for an unknown header a rule of the client; every wave that has the header follows.

    Args:
        project: from `find_project()`.
        names: the client.
        column: the header, case and punctuation apart.
        wait_seconds: how long to wait for a locked warehouse.
        on_wait: is told when the warehouse is waited for.

    Returns:
        The suggestion, and the column's mapping in the first wave that has it.

    Raises:
        WaveRefusedError: there is no suggestion for this header.

    """
    Registry(project).get(names)
    schema = project.schema_name(names.name)
    core = core_columns(project)
    with (
        failures_logged(project, names, "mapping"),
        open_warehouse(project, wait_seconds).session(on_wait=on_wait) as session,
        session.transaction(lock=schema),
    ):
        require_tables(session, project, names)
        offered = _suggested(project, session, names)
        chosen = next((s for s in offered if normalised_header(s.column_name) == normalised_header(column)), None)
        if chosen is None:
            listed = ", ".join(f"'{entry.column_name}'" for entry in offered) or "none"
            raise WaveRefusedError(
                "no-suggestion",
                f"There is no suggestion for '{column}' of {names}; headers with one: {listed}.",
                "Say yourself what it is: spark9 mapping set",
            )
        target = chosen.suggestion.standard_column
        change = MappingChange(
            rule="core" if target in core else "additional",
            target=target,
            column_type=core[target].type if target in core else None,
        )
        return chosen, decide(project, session, names, chosen.wave, column, change)


def _loaded(session: Session, schema: str, names: ClientSchema, wave: int) -> list[LoadedFile]:
    files = loads_of_wave(session, schema, wave)
    if not files:
        numbers = sorted({str(load.wave_number) for load in loads(session, schema)}, key=int)
        known = f"loaded are the waves {', '.join(numbers)}" if numbers else "no wave is loaded yet"
        raise WaveRefusedError("no-such-wave", f"Wave {wave} of {names} is not loaded; {known}.")
    return files


def _changed(
    project: Project,
    core: dict[str, CoreColumn],
    row: MappedColumn,
    change: MappingChange,
    others: Sequence[MappedColumn],
    *,
    is_breakdown: bool,
) -> MappedColumn:
    """The row with a person's decision in it, checked against the rules of docs/data_contract.md."""
    target = target_column(change.target) if change.target else row.target_column
    rule = change.rule or _implied_rule(row, target, core)
    column_type = change.column_type or (core[target].type if rule == "core" and target in core else row.column_type)
    types = project.local_macros.call("column_types")
    _one_of("rule", rule, RULES)
    _one_of("type", column_type, types)
    if rule == "core" and target not in core:
        raise NameRefusedError(
            f"'{target}' is no core column; core columns are {', '.join(core)}. Use the rule promote."
        )
    if rule == "core" and column_type != core[target].type:
        raise NameRefusedError(f"The core column '{target}' is of type {core[target].type}, not {column_type}.")
    if rule in ("promote", "additional") and target in core:
        raise NameRefusedError(f"'{target}' is a core column already; use the rule core, or another --target.")
    if row.ordinal is None and rule not in ("missing", "retired", "constant"):
        raise NameRefusedError(f"'{row.column_name}' is not in this wave's file, so its rule is missing or retired.")
    if row.ordinal is not None and rule in ("missing", "retired", "constant"):
        raise NameRefusedError(f"'{row.column_name}' is in this wave's file; to leave it out use the rule ignore.")
    for other in others:
        clash = other.column_name != row.column_name and other.target_column == target and other.ordinal is not None
        if clash and rule in ("additional", "promote"):
            raise NameRefusedError(f"The column '{other.column_name}' fills '{target}' already; name another --target.")
    formats = {**project.local_macros.call("number_formats"), **project.local_macros.call("date_formats")}
    value_format = change.value_format or (row.value_format if column_type == row.column_type else None)
    if change.value_format:
        _one_of("format", change.value_format, formats)
    default = None if change.no_default else (row.default_value if change.default is None else change.default)
    return MappedColumn(
        ordinal=row.ordinal,
        column_name=row.column_name,
        column_type=column_type,
        value_format=value_format or project.local_macros.call("default_format", column_type),
        is_required=row.is_required if change.required is None else change.required,
        default_value=default,
        mapping_rule=rule,
        target_column=target,
        is_key=core[target].in_key if rule == "core" else is_text_like(column_type),
        in_grain=core[target].in_key if rule == "core" else is_breakdown,
        filled_cells=row.filled_cells,
        control_sum=row.control_sum,
        reason="decided by a person",
        decided_by="person",
    )


def _implied_rule(row: MappedColumn, target: str, core: dict[str, CoreColumn]) -> str:
    """The rule of a new target: core for a core column; a column that was core becomes additional."""
    if row.ordinal is None or target == row.target_column:
        return row.mapping_rule
    if target in core:
        return "core"
    return "additional" if row.mapping_rule == "core" else row.mapping_rule


def _one_of(what: str, value: str, allowed: Sequence[str] | dict[str, object]) -> None:
    if value not in allowed:
        raise NameRefusedError(f"The {what} '{value}' is not one of {', '.join(allowed)}.")


def _check_default(project: Project, session: Session, row: MappedColumn) -> None:
    """A default must be a value of the column's type."""
    if row.default_value is None:
        return
    value_format = project.local_macros.call("default_format", row.column_type)
    literal = project.macros.call("text_literal", row.default_value)
    parsed = project.macros.call("parse_cell", literal, row.column_type, value_format)
    if session.query(f"select {parsed}")[0][0] is None:
        raise NameRefusedError(f"The default '{row.default_value}' is not of type {row.column_type}.")


def _measured(
    project: Project, session: Session, schema: str, load: str, row: MappedColumn, *, keep_format: bool
) -> MappedColumn:
    """The row with the format that parses most of the load's raw cells, and the sum that the build must then reach."""
    types = project.local_macros.call("column_types")
    if row.ordinal is None or row.column_type in ("text", "id"):
        return replace(row, value_format=None, control_sum=None)
    cell = f"nullif(trim({project.macros.call('json_text', 'raw_data', row.column_name)}), '')"
    kind = "date_formats" if row.column_type == "date" else "number_formats"
    formats = [row.value_format] if keep_format else [row.value_format, *project.local_macros.call(kind)]
    parsed = {name: project.macros.call("parse_cell", cell, row.column_type, name) for name in formats if name}
    figures = [f"count({value})" for value in parsed.values()]
    if types[row.column_type]["numeric"]:
        figures += [f"cast(coalesce(sum({value}), 0) as decimal(38, 8))" for value in parsed.values()]
    counts = session.query(
        f"select {', '.join(figures)} from {schema}.raw_data_staging where load_id = ? and row_kind = 'data'", [load]
    )[0]
    names = list(parsed)
    best = max(range(len(names)), key=lambda position: (counts[position], -position))
    control_sum: Decimal | None = counts[len(names) + best] if len(figures) > len(names) else None
    return replace(row, value_format=names[best], control_sum=control_sum)


def _store(session: Session, schema: str, load: str, old: MappedColumn, new: MappedColumn) -> None:
    values = [getattr(new, name) for name in FIELDS]
    session.query(
        f"update {schema}.wave_schema_mapping set {', '.join(f'{name} = ?' for name in FIELDS)}, updated_timestamp = ? "
        "where load_id = ? and column_name = ? and target_column = ?",
        [*values, session.now(), load, old.column_name, old.target_column],
    )
