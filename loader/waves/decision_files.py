"""People's decisions about columns as a CSV that is kept in git, so that every target has the same columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from loader.clients.registry import Registry
from loader.clients.tables import LOADER_TABLES, ClientTables, change_client, open_client
from loader.errors import (
    ClientUnknownError,
    ExitCode,
    NameRefusedError,
    Spark9Error,
    WaveRefusedError,
    is_disk_full,
)
from loader.files.headers import PlatformColumns
from loader.filesystem import write_atomically
from loader.names import ClientKey, client_from_word, normalised_header, wave_number
from loader.waves.columns import RULE_FIELDS, RULES, ColumnRule, core_columns
from loader.waves.decisions import apply_rule
from loader.waves.state import column_rules, load_mappings
from loader.workspace import Workspace

_NEW_TARGET = "new_target"
COLUMNS = ("client", *RULE_FIELDS, _NEW_TARGET)
_MAY_BE_EMPTY = ("column_type", "value_format", "default_value", _NEW_TARGET)
_MOST_SHOWN = 10


@dataclass(frozen=True)
class FiledDecision:
    """A decision of the file, and what applying it does.

    Args:
        client: the client.
        rule: the decision.
        line: of the file, from 1.
        new_target: its target is a column of this client's own, which may look like a misspelling of another one.
        changes: whether it is new here, or differs from the decision that is here.
        waits: no loaded wave has the column yet, so it applies to a wave that is loaded later.

    """

    client: ClientKey
    rule: ColumnRule
    line: int = 0
    new_target: bool = False
    changes: bool = False
    waits: bool = False


@dataclass(frozen=True)
class AppliedDecisions:
    """What a file of decisions changes.

    Args:
        decisions: those of the file, in its order.
        not_in_file: decisions of the file's clients that are on this target only; they stay.

    """

    decisions: list[FiledDecision]
    not_in_file: list[FiledDecision]


class _TriedOnlyError(Exception):
    """Ends a transaction that was only a trial."""


def export_decisions(workspace: Workspace, path: Path, client: ClientKey | None = None) -> list[FiledDecision]:
    """Write people's decisions about columns to a CSV, the same bytes for the same decisions.

    Args:
        workspace: from `open_workspace()`.
        path: the file; one that is there is replaced.
        client: only this client; otherwise all active clients that have tables on the target.

    Raises:
        ClientUnknownError: the client is not in the registry, or has no tables.
        Spark9Error: the file can't be written.

    """
    found = []
    for key in [client] if client else _clients_with_tables(workspace):
        with open_client(workspace, key) as tables:
            known = PlatformColumns(workspace).standard_columns() | core_columns(workspace).keys()
            found += [
                FiledDecision(key, rule, new_target=rule.target_column not in known) for rule in column_rules(tables)
            ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for decision in sorted(found, key=lambda one: (str(one.client), one.rule.from_wave, one.rule.column_name)):
        values = vars(decision.rule) | {"client": decision.client, _NEW_TARGET: decision.new_target}
        writer.writerow(
            [str(value).lower() if isinstance(value, bool) else value for value in map(values.get, COLUMNS)]
        )
    try:
        write_atomically(path, text.getvalue())
    except OSError as error:
        if is_disk_full(error):
            raise
        _refuse(f"{path} can't be written: {error.strerror or error}.", "Name a file that you can write to.")
    return found


def apply_decisions(workspace: Workspace, path: Path, *, dry_run: bool = False) -> AppliedDecisions:
    """Make the decisions of a file those of this target: all of them, or none if one is wrong.

    Args:
        workspace: from `open_workspace()`.
        path: a CSV from `export_decisions()`.
        dry_run: only say what would change.

    Raises:
        Spark9Error: the file can't be read, or a line is wrong; the message names all such lines.

    """
    by_client: dict[ClientKey, list[FiledDecision]] = {}
    for decision in _read(path):
        by_client.setdefault(decision.client, []).append(decision)
    problems: list[tuple[int, str]] = []
    tried = [_apply(workspace, client, asked, problems) for client, asked in by_client.items()]
    if problems:
        _refuse_lines(path, problems)
    if not dry_run:
        for client, asked in by_client.items():
            _apply(workspace, client, asked)
    return AppliedDecisions(
        sorted((one for found in tried for one in found.decisions), key=lambda one: one.line),
        [one for found in tried for one in found.not_in_file],
    )


def _clients_with_tables(workspace: Workspace) -> list[ClientKey]:
    with workspace.warehouse.session() as session:
        return [
            client.key
            for client in Registry(workspace).active_clients()
            if session.tables(workspace.raw_schema_name(client.client_schema)) >= LOADER_TABLES
        ]


def _apply(
    workspace: Workspace,
    client: ClientKey,
    asked: Sequence[FiledDecision],
    problems: list[tuple[int, str]] | None = None,
) -> AppliedDecisions:
    """Apply a client's decisions in one transaction; with a list for problems, only try."""
    done = AppliedDecisions([], [])
    try:
        with suppress(_TriedOnlyError), change_client(workspace, client, "mapping") as tables:
            done = _applied(tables, asked, problems)
            if problems is not None:
                raise _TriedOnlyError
    except ClientUnknownError as error:
        if problems is None:
            raise
        problems.append((asked[0].line, f"{error.problem} {error.remedy}"))
    return done


def _applied(
    tables: ClientTables,
    asked: Sequence[FiledDecision],
    problems: list[tuple[int, str]] | None,
) -> AppliedDecisions:
    decisions = []
    for one in sorted(asked, key=lambda one: one.rule.from_wave):
        try:
            changes = apply_rule(tables, one.rule, new_target=one.new_target)
        except (NameRefusedError, WaveRefusedError) as error:
            if problems is None:
                raise
            problems.append((one.line, error.problem))
        else:
            decisions.append(replace(one, changes=changes, waits=_waits(tables, one.rule)))
    of_file = {_place(one.rule) for one in asked}
    others = [FiledDecision(tables.key, rule) for rule in column_rules(tables) if _place(rule) not in of_file]
    return AppliedDecisions(decisions, others)


def _place(rule: ColumnRule) -> tuple[str, int]:
    return normalised_header(rule.column_name), rule.from_wave


def _waits(tables: ClientTables, rule: ColumnRule) -> bool:
    header = normalised_header(rule.column_name)
    return not any(
        normalised_header(row.column_name) == header or row.target_column == rule.target_column
        for mapping in load_mappings(tables)
        if mapping.wave >= rule.from_wave
        for row in mapping.rows
    )


def _read(path: Path) -> list[FiledDecision]:
    decisions: list[FiledDecision] = []
    problems: list[tuple[int, str]] = []
    first_line: dict[tuple[ClientKey, str, int], int] = {}
    for line, row in _rows(path):
        try:
            decision = _decision(line, row)
        except (NameRefusedError, ValueError) as error:
            problems.append((line, error.problem if isinstance(error, NameRefusedError) else str(error)))
            continue
        before = first_line.setdefault((decision.client, *_place(decision.rule)), line)
        if before != line:
            problems.append((line, f"'{decision.rule.column_name}' is decided in line {before} already."))
        decisions.append(decision)
    if problems:
        _refuse_lines(path, problems)
    return decisions


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        _refuse(
            f"{path} can't be read: {getattr(error, 'strerror', None) or error}.",
            "Name a file that `spark9 mapping export` wrote.",
        )
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
    if tuple(reader.fieldnames or ()) not in (COLUMNS, COLUMNS[:-1]):  # the last may be left out
        _refuse(
            f"{path} is not a file of decisions: its columns are {', '.join(reader.fieldnames or ['none'])}.",
            f"The columns must be {', '.join(COLUMNS)}; `spark9 mapping export` writes such a file.",
        )
    for row in reader:
        yield reader.line_num, row


def _decision(line: int, row: Mapping[str, str]) -> FiledDecision:
    if "" in row or None in row.values():
        raise ValueError("it has more cells than the header.")
    empty = [name for name in COLUMNS if not row.get(name) and name not in _MAY_BE_EMPTY]
    if empty:
        raise ValueError(f"{' and '.join(empty)} must not be empty.")
    if not row["from_wave"].isdecimal():
        raise ValueError(f"from_wave must be a whole number, not '{row['from_wave']}'.")
    if row["is_required"] not in ("true", "false"):
        raise ValueError(f"is_required must be true or false, not '{row['is_required']}'.")
    if row.get(_NEW_TARGET, "") not in ("true", "false", ""):
        raise ValueError(f"{_NEW_TARGET} must be true or false, not '{row[_NEW_TARGET]}'.")
    if row["mapping_rule"] not in RULES:
        raise ValueError(f"mapping_rule must be one of {', '.join(RULES)}, not '{row['mapping_rule']}'.")
    if row["mapping_rule"] == "promote" and not row["column_type"]:
        raise ValueError(f"column_type must not be empty for the rule {row['mapping_rule']}.")
    rule = ColumnRule(
        column_name=row["column_name"],
        from_wave=wave_number(int(row["from_wave"])),
        mapping_rule=row["mapping_rule"],
        target_column=row["target_column"],
        column_type=row["column_type"] or None,
        value_format=row["value_format"] or None,
        is_required=row["is_required"] == "true",
        default_value=row["default_value"] or None,
    )
    return FiledDecision(client_from_word(row["client"]), rule, line, new_target=row.get(_NEW_TARGET) == "true")


def _refuse_lines(path: Path, problems: Sequence[tuple[int, str]]) -> NoReturn:
    lines = [f"line {line}: {problem}" for line, problem in sorted(problems)]
    more = f" And {len(lines) - _MOST_SHOWN} more." if len(lines) > _MOST_SHOWN else ""
    _refuse(f"{path}, {' '.join(lines[:_MOST_SHOWN])}{more}", "Correct the file, or export the decisions again.")


def _refuse(problem: str, remedy: str) -> NoReturn:
    raise Spark9Error("decisions-refused", problem, remedy=remedy, exit_code=ExitCode.REFUSED)
