"""The files that were rolled back, from the client's log, with all that restoring them as they were needs."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from loader.clients.tables import ClientTables
from loader.errors import WaveRefusedError
from loader.waves.columns import MappedColumn
from loader.waves.questions import OpenQuestion, questions_of
from loader.waves.state import LoadedFile, loads


@dataclass(frozen=True)
class RolledBack:
    """A file that was rolled back, and is not loaded now.

    Args:
        load_id: its load.
        wave_number: its wave.
        file_name: as the client's tables named it.
        row_count: its data rows.
        when: it was rolled back; UTC.
        done_by: who rolled it back.
        uploaded: when it was first loaded; of two files of a wave, the later one counts.
        wave_name: of its wave.
        sums: the sum of each column that filled a standard or promoted one, by that column.
        questions: its open questions by id, each with its answer and who gave it; none while it was open.
        others: the loads that it was compared with, or that were compared with it.
        together: the loads that were rolled back in one go.
        in_place: files that were loaded as the same wave since.

    """

    load_id: str
    wave_number: int
    file_name: str
    row_count: int
    when: datetime
    done_by: str | None
    uploaded: datetime
    wave_name: str | None = None
    sums: Mapping[str, str] | None = None
    questions: Mapping[str, tuple[str, str] | None] | None = None
    others: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    in_place: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """How its rollback settled the questions of other loads about it."""
        return gone_because(self.file_name, self.wave_number, "rollback")

    def refuse_if_read_otherwise(self, load_id: str, columns: Sequence[MappedColumn], row_count: int) -> None:
        """Stop if the original is another file, or would now be read in another way, than before the rollback.

        Raises:
            WaveRefusedError: its content, rows or sums are others; the message names one.

        """
        now = sums_of(columns)
        was = self.sums if self.sums is not None else now
        different = sorted(name for name in {*now, *was} if now.get(name) != was.get(name))
        if (load_id, row_count) == (self.load_id, self.row_count) and not different:
            return
        what = f"{self.row_count} rows then, {row_count} now"
        if load_id != self.load_id:
            what = "the original in the stage was changed"
        elif different:
            name = different[0]
            what = f"{name} added up to {was.get(name, 'nothing')} then, and to {now.get(name, 'nothing')} now"
        raise WaveRefusedError(
            "restored-differently",
            f"{self.file_name} would not be what it was before the rollback: {what}.",
            "Load the original again and review its plan.",
        )

    def asks(self, question: OpenQuestion) -> bool:
        """Whether a question of the restored load is to be kept: what both loads had been asked before is not new."""
        if self.questions is None or not question.other_loads or question.id(self.load_id) in self.questions:
            return True
        return not self.others.issuperset(question.other_loads)


def gone_because(file_name: str, wave: int | None, step: str) -> str:
    """The answer that removing a load gives to the questions about it."""
    return f"{file_name} of wave {wave} was {'replaced' if step == 'replace' else 'rolled back'}"


def sums_of(columns: Sequence[MappedColumn]) -> dict[str, str]:
    """The sums of what fills standard and promoted columns."""
    return {
        row.target_column: f"{row.control_sum.normalize():f}"
        for row in columns
        if row.mapping_rule in ("core", "promote") and row.ordinal is not None and row.control_sum is not None
    }


def details_of(
    tables: ClientTables, load: LoadedFile, columns: Sequence[MappedColumn], together: Collection[str]
) -> dict[str, Any]:
    """What the log keeps of a load that is rolled back, so that it can be restored."""
    return {
        "uploaded": load.upload_timestamp.isoformat(),
        "wave_name": load.wave_name,
        "sums": sums_of(columns),
        "questions": {
            asked.question_id: None if asked.answer is None else [asked.answer, asked.settled_by or ""]
            for asked in questions_of(tables, load.wave_number, settled_too=True)
            if asked.load_id == load.load_id
        },
        "together": sorted(together),
    }


def rolled_back_files(tables: ClientTables) -> list[RolledBack]:
    """The files that were rolled back and are not loaded now, the latest rollback first."""
    there = {load.load_id: load for load in loads(tables)}
    steps = tables.query(
        "select processing_timestamp, processing_stage, load_id, wave_number, file_name, row_count, done_by, "
        f"cast(details as varchar) from {tables.schema}.processing_log "
        "where processing_stage in ('UPLOAD', 'REPLACE', 'ROLLBACK') and status = 'SUCCESS' "
        "and load_id is not null and wave_number is not null order by processing_timestamp"
    )
    last = {load: (when, stage) for when, stage, load, *_ in steps}
    uploaded = {load: when for when, stage, load, *_ in steps if stage == "UPLOAD"}
    found = []
    for when, stage, load, wave, name, rows, who, details in steps:
        if stage != "ROLLBACK" or last[load] != (when, stage) or load in there or load not in uploaded:
            continue
        since = [
            there[other].file_name
            for at, step, other, *_, noted in steps
            if (step == "UPLOAD" and at > when and other in there and there[other].wave_number == wave)
            and not json.loads(noted or "{}").get("restored")
        ]
        found.append(
            _from_log(json.loads(details or "{}"), load, wave, name, rows, when, who, uploaded[load], there, since)
        )
    return sorted(found, key=lambda each: each.when, reverse=True)


def _from_log(
    details: dict[str, Any],
    load: str,
    wave: int,
    name: str,
    rows: int,
    when: datetime,
    who: str | None,
    uploaded: datetime,
    there: Mapping[str, LoadedFile],
    since: list[str],
) -> RolledBack:
    """A rollback; earlier versions logged no details."""
    together = frozenset(details.get("together", [load]))
    asked = details.get("questions")
    return RolledBack(
        load,
        wave,
        name,
        rows,
        when,
        who,
        datetime.fromisoformat(details["uploaded"]) if "uploaded" in details else uploaded,
        details.get("wave_name"),
        details.get("sums"),
        None if asked is None else {key: tuple(value) if value else None for key, value in asked.items()},
        together | {other for other, loaded in there.items() if loaded.upload_timestamp < when},
        together,
        since,
    )
