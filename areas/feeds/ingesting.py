"""Ingest the new files of a feed: which ones, all of them or none, and the rejected rows."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

from areas.feeds.declared import Feed, sources_file
from areas.feeds.errors import FeedDamagedError, FeedRefusedError
from areas.feeds.files import FeedFile, ParseMode
from areas.feeds.landing import feed_files, land_feed
from areas.feeds.logs import ERROR, INFO, RunStep, log_steps, new_run_id, write_lines
from loader.errors import Spark9Error
from loader.project.project import Project
from loader.warehouses.interface import Session, Warehouse
from loader.workspace import Workspace

_SHOWN = 3
_LEDGER = (
    "feed",
    "file_name",
    "etag",
    "size_bytes",
    "ingestion_id",
    "run_id",
    "rows_read",
    "rows_loaded",
    "rows_rejected",
    "ingested_at",
)


@dataclass(frozen=True)
class IngestResult:
    """What an ingestion did.

    Args:
        feed: engagement.customers, ...
        files: how many were ingested.
        files_replaced: of these, the ones that had changed.
        rows_read: lines that are not empty, a CSV file's header apart.
        rows_loaded: of these, the good ones.
        rows_rejected: of these, the others.
        seconds: from the first question to the commit.
        notes: warnings.

    """

    feed: str
    files: int = 0
    files_replaced: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


def ingest_feed(workspace: Workspace, feed: Feed, *, run_id: str | None = None, again: bool = False) -> IngestResult:
    """Ingest the files of a feed that are new or have changed, in one transaction.

    Args:
        workspace: from `open_workspace()`.
        feed: from `named_feeds()`.
        run_id: for the logs; a new one by default.
        again: also ingest unchanged files.

    Raises:
        FeedRefusedError: the files can't be reached or read, lack columns, or too many rows are rejected.
        WarehouseBusyError: another process held the warehouse too long.

    """
    run_id = run_id or new_run_id()
    started = time.monotonic()
    warehouse = workspace.warehouse
    try:
        return _ingested(workspace, feed, warehouse, run_id, started, again=again)
    except Spark9Error as error:
        step = RunStep(
            run_id,
            "ingest",
            ERROR,
            feed.name,
            duration_seconds=time.monotonic() - started,
            error_code=error.code,
            error_message=error.problem,
        )
        try:
            with warehouse.session() as session:
                log_steps(workspace, session, workspace.raw_schema_name(feed.schema_name), [step])
        except Spark9Error:
            write_lines(workspace.root, [step])
        raise


def install_feeds(
    project: Project, session: Session, feeds: Sequence[Feed], *, to_read: bool = True, again: bool = False
) -> None:
    """Create missing schemas, tables and columns of an area's feeds, with the role that owns schemas.

    Args:
        project: from `find_project()`.
        session: of the warehouse.
        feeds: of one area.
        to_read: also what the warehouse needs to read their files.
        again: run the statements even where nothing is missing; grants and masks are renewed by them.

    Raises:
        WaveRefusedError: the target reads production's raw rows.

    """
    project.require_own_raw_rows()
    schema = project.raw_schema_name(feeds[0].schema_name)
    macros = project.macros
    described = [feed.for_macros() | ({} if to_read else {"folder": ""}) for feed in feeds]
    tables = macros.call("feed_tables") | {
        feed.table: macros.call("raw_feed_columns", given) for feed, given in zip(feeds, described, strict=True)
    }
    wanted = {(table, column) for table, columns in tables.items() for column, _, _ in columns}
    if to_read:
        wanted |= {(table, column) for given in described for table, column in macros.call("landed_columns", given)}
    there = session.query(
        "select lower(table_name), lower(column_name) from information_schema.columns where lower(table_schema) = ?",
        [schema],
    )
    if again or wanted - set(there):
        session.run(macros.call("with_admin_role", macros.call("feed_schema_ddl", schema, described)))


def _ingested(
    project: Project, feed: Feed, warehouse: Warehouse, run_id: str, started: float, *, again: bool
) -> IngestResult:
    with warehouse.session() as session:
        install_feeds(project, session, [feed], again=again)
        work = _Ingestion(project, session, feed, run_id, again)
        files = feed_files(project, session, feed)
        damaged: list[FeedDamagedError] = []
        for parse_mode in get_args(ParseMode):
            try:
                return work.done(files, started, parse_mode)
            except FeedDamagedError as error:
                damaged.append(error)
        raise damaged[-2]  # it names the file, and not its copy


@dataclass(frozen=True)
class _Ingestion:
    """One ingestion of one feed, within a session."""

    project: Project
    session: Session
    feed: Feed
    run_id: str
    again: bool

    @cached_property
    def schema(self) -> str:
        return self.project.raw_schema_name(self.feed.schema_name)

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.feed.table}"

    def done(self, files: Sequence[FeedFile], started: float, parse_mode: ParseMode) -> IngestResult:
        """Ingest the new files with their row in the log, or nothing."""
        with self.session.transaction(lock=self.schema):
            result = self._ingested(files, parse_mode)
            result = replace(result, seconds=time.monotonic() - started)
            counts = (result.files, result.rows_loaded, result.rows_rejected, result.seconds)
            step = RunStep(self.run_id, "ingest", INFO, self.feed.name, *counts)
            log_steps(self.project, self.session, self.schema, [step])
        return result

    def _ingested(self, files: Sequence[FeedFile], parse_mode: ParseMode) -> IngestResult:
        feed = self.feed
        ledger = self.session.query(
            f"select file_name, etag, ingestion_id from {self.schema}.ingested_files "
            "where feed = ? and replaced_by is null",
            [feed.name],
        )
        known = {name: (etag, int(number)) for name, etag, number in ledger}
        changed = self._changed(files, known)
        if not changed:
            return IngestResult(feed.name)
        first = int(
            self.session.query(f"select coalesce(max(ingestion_id), 0) + 1 from {self.schema}.ingested_files")[0][0]
        )
        numbered = dict(enumerate(changed, start=first))
        taken = known if feed.mode == "full" else {file.name for file in changed} & set(known)
        self._archive([known[name][1] for name in taken], max(numbered))
        now = self.session.now()
        land_feed(self.project, self.session, feed, self.schema, numbered, now, parse_mode=parse_mode)
        counts = self._counts(first)
        loaded, rejected = (sum(counted[at] for counted in counts.values()) for at in (0, 1))
        self._check_rejected(first, loaded, rejected)
        unknown = self._unknown_fields(first)
        self._check_fields(first, unknown)
        self._check_unchanged(numbered)
        rows = [
            (feed.name, file.name, file.etag, file.size_bytes, number, self.run_id, sum(counted), *counted, now)
            for number, file in numbered.items()
            for counted in [counts.get(number, (0, 0))]
        ]
        self.session.insert(self.schema, "ingested_files", _LEDGER, rows)
        notes = (f"undeclared fields, stored in other_fields: {', '.join(unknown)}",) if unknown else ()
        return IngestResult(feed.name, len(changed), len(taken), loaded + rejected, loaded, rejected, notes=notes)

    def _changed(self, files: Sequence[FeedFile], known: Mapping[str, tuple[str, int]]) -> list[FeedFile]:
        """The files to ingest: of a full feed all or none.

        Raises:
            FeedRefusedError: there is no file at all.

        """
        feed = self.feed
        if not files and (feed.mode == "full" or not known):
            raise FeedRefusedError(
                "feed-empty",
                f"{feed.name}: no file matches {feed.location}.",
                f"Check that the files exist, and check the location in {sources_file(feed.area)}.",
            )
        if self.again:
            return [replace(file, is_again=True) for file in files]
        changed = [file for file in files if known.get(file.name, ("",))[0] != file.etag]
        is_full = feed.mode == "full" and (changed or len(known) != len(files))
        return list(files) if is_full else changed

    def _archive(self, replaced: Sequence[int], by: int) -> None:
        """Delete the rows of files that are ingested again; those of an append feed are archived in replaced_rows."""
        if not replaced:
            return
        those = f"where ingestion_id in ({', '.join(map(str, replaced))})"
        if self.feed.mode == "append":
            fields = [field.name for field in self.feed.fields]
            row = self.project.macros.call("json_object", [[name, name] for name in fields])
            self.session.query(
                f"insert into {self.schema}.replaced_rows "
                "(feed, row_key, row_data, file_name, line_number, ingestion_id, replaced_by) "
                f"select '{self.feed.name}', {self.feed.key}, {row}, file_name, line_number, ingestion_id, {by} "
                f"from {self.table} {those}"
            )
        self.session.query(f"delete from {self.table} {those}")
        self.session.query(f"delete from {self.schema}.rejected_rows {those}")
        self.session.query(f"update {self.schema}.ingested_files set replaced_by = {by} {those}")

    def _counts(self, first: int) -> dict[int, tuple[int, int]]:
        """Loaded and rejected rows of each new ingestion."""
        found: dict[int, tuple[int, int]] = {}
        for at, table in enumerate((self.table, f"{self.schema}.rejected_rows")):
            for number, count in self.session.query(
                f"select ingestion_id, count(*) from {table} where ingestion_id >= {first} group by ingestion_id"
            ):
                loaded, rejected = found.get(int(number), (0, 0))
                found[int(number)] = (count, rejected) if at == 0 else (loaded, count)
        return found

    def _check_rejected(self, first: int, loaded: int, rejected: int) -> None:
        """Stop where too many rows are rejected.

        Raises:
            FeedRefusedError: with the first rows and reasons.

        """
        feed, rows = self.feed, loaded + rejected
        if rejected <= feed.max_rejected_share * rows:
            return
        examples = self.session.query(
            f"select file_name, line_number, reason, row_text from {self.schema}.rejected_rows "
            f"where ingestion_id >= {first} order by ingestion_id, line_number limit {_SHOWN}"
        )
        shown = "; ".join(f"{name} line {line} {reason} ({str(text)[:80]})" for name, line, reason, text in examples)
        raise FeedRefusedError(
            "feed-rejected",
            f"{feed.name}: {rejected:,} of {rows:,} rows were rejected, more than "
            f"{feed.max_rejected_share:.2%}: {shown}.",
            "Have the files corrected, or raise max_rejected_share (in dbt_project.yml, or in meta.feed of this feed).",
        )

    def _check_fields(self, first: int, unknown: Sequence[str]) -> None:
        """Stop if a declared field disappeared while an unknown one appeared: it was probably renamed.

        Raises:
            FeedRefusedError: that is so.

        """
        if not unknown:
            return
        counts = [f"count({field.name}) as {field.name}" for field in self.feed.fields]
        filled = self.session.rows(
            f"select count(*) as all_rows, {', '.join(counts)} from {self.table} where ingestion_id >= {first}"
        )[0]
        empty = [name for name, count in filled.items() if count == 0]
        if empty and filled["all_rows"]:
            raise FeedRefusedError(
                "feed-changed",
                f"{self.feed.name}: no row has {', '.join(empty)}, but the files have {', '.join(unknown)}, "
                "which is not declared.",
                f"If the field was renamed, change it in {sources_file(self.feed.area)}; otherwise correct the files.",
            )

    def _check_unchanged(self, used: Mapping[int, FeedFile]) -> None:
        """Stop if a file was written while it was read.

        Raises:
            FeedRefusedError: that is so.

        """
        there = {file.name: file.etag for file in feed_files(self.project, self.session, self.feed)}
        for file in used.values():
            if there.get(file.name) != file.etag:
                problem = f"{self.feed.name}: {file.name} changed while it was being read."
                raise FeedRefusedError(
                    "feed-moved", problem, "Wait until the file is complete, then run the command again."
                )

    def _unknown_fields(self, first: int) -> list[str]:
        """Names of fields that the feed does not declare, in the new rows."""
        relation = f"(select other_fields from {self.table} where ingestion_id >= {first} and other_fields is not null)"
        keys = self.project.macros.call("json_keys_sql", relation, "other_fields")
        return [name for (name,) in self.session.query(f"select field_name from ({keys}) as found order by 1 limit 20")]
