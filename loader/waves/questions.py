"""Open questions of loads: what could change a figure, with the amount at stake, until a person settles it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from loader.clients.tables import ClientTables, change_client, open_client
from loader.errors import WaveRefusedError
from loader.log import SUCCESS, LogEntry, current_actor
from loader.names import ClientKey
from loader.words import counted
from loader.workspace import Workspace


@dataclass(frozen=True)
class OpenQuestion:
    """One question, as the table open_questions has it; docs/data_contract.md describes each field.

    Args:
        kind: stable name, as docs/quality.md lists them.
        question: what is uncertain, with both readings, as a sentence.
        remedy: what decides it.
        column_name: the header that it is about; none for rows as a whole.
        row_count: the rows concerned.
        row_numbers: the first of them.
        amount_at_stake: how far the spend could be off; none if the file does not say.
        other_loads: the earlier loads that it compares the file with; none for a question about the file alone.

    """

    kind: str
    question: str
    remedy: str
    column_name: str | None = None
    row_count: int = 0
    row_numbers: tuple[int, ...] = ()
    amount_at_stake: Decimal | None = None
    other_loads: tuple[str, ...] = ()

    def id(self, load_id: str) -> str:
        """What people name it by: the same each time that the file is loaded."""
        text = "\n".join((load_id, self.kind, self.column_name or "", self.question))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class FoundRows:
    """Rows that a question is about: how many, the numbers of the first of them, and the spend of all."""

    count: int = 0
    numbers: tuple[int, ...] = ()
    spend: Decimal = Decimal(0)

    @property
    def named(self) -> str:
        """The first of them, for a sentence."""
        more = " and more" if self.count > len(self.numbers[:3]) else ""
        return f"row{'s' * (self.count > 1)} {', '.join(map(str, self.numbers[:3]))}{more}"


NO_ROWS = FoundRows()


def asked(
    name: str,
    found: FoundRows = NO_ROWS,
    column: str | None = None,
    at_stake: Decimal | None = None,
    other_loads: Sequence[str] = (),
    /,
    **words: object,
) -> OpenQuestion:
    """A question in the words of questions.toml.

    Args:
        name: the kind, with the way in which it is asked where there are several, such as 'days-unlikely.future'.
        found: the rows that it is about.
        column: the header that it is about.
        at_stake: how far the spend could be off.
        other_loads: the earlier loads that it compares the file with.
        words: what its sentences name beside these rows and the column.

    """
    kind, _, way = name.partition(".")
    text = _texts()[kind] | (_texts()[kind][way] if way else {})
    words |= {"column": column, "named": found.named, "rows": counted(found.count, "row"), "spend": found.spend}
    words["first"] = next(iter(found.numbers), None)
    question, remedy = (text[part].format_map(words) for part in ("question", "remedy"))
    return OpenQuestion(kind, question, remedy, column, found.count, found.numbers, at_stake, tuple(other_loads))


def at_stake(questions: Sequence[OpenQuestion]) -> Decimal | None:
    """The spend at stake of several questions together; none where none of them names any."""
    amounts = [asked.amount_at_stake for asked in questions if asked.amount_at_stake is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def in_short(questions: Sequence[OpenQuestion]) -> str:
    """How many questions, of which kinds, and the spend at stake."""
    kinds = ", ".join(
        f"{count} {kind}" if count > 1 else kind for kind, count in Counter(asked.kind for asked in questions).items()
    )
    amount = at_stake(questions)
    spend = "" if amount is None else f"; {amount:,.2f} of spend at stake"
    return f"{counted(len(questions), 'open question')} ({kinds}{spend})"


@dataclass(frozen=True)
class AskedQuestion:
    """A question of a load that counts now.

    Args:
        question_id: what people name it by.
        wave_number: of its load.
        load_id: the load.
        question: what was asked.
        answer: of the person who settled it; none while it is open.
        settled_by: that person.

    """

    question_id: str
    wave_number: int
    load_id: str
    question: OpenQuestion
    answer: str | None = None
    settled_by: str | None = None


def insert_questions(
    tables: ClientTables, load_id: str, wave: int, questions: Sequence[OpenQuestion], now: datetime
) -> None:
    """Record the open questions of a load, inside the caller's transaction."""
    tables.insert(
        "open_questions",
        (
            "question_id", "load_id", "wave_number", "kind", "column_name", "row_count", "row_numbers",
            "amount_at_stake", "question", "remedy", "other_loads", "asked_timestamp",
        ),
        [
            (
                asked.id(load_id), load_id, wave, asked.kind, asked.column_name, asked.row_count,
                json.dumps(asked.row_numbers), asked.amount_at_stake, asked.question, asked.remedy,
                json.dumps(asked.other_loads), now,
            )
            for asked in questions
        ],
    )  # fmt: skip


def questions_of(tables: ClientTables, wave: int | None = None, *, settled_too: bool = False) -> list[AskedQuestion]:
    """The questions of a client that are open, by wave."""
    found = tables.query(
        "select question_id, wave_number, load_id, kind, question, remedy, column_name, row_count, "
        "cast(row_numbers as varchar), amount_at_stake, cast(other_loads as varchar), answer, settled_by "
        f"from {tables.schema}.open_questions "
        f"where {'true' if settled_too else 'settled_timestamp is null'} and wave_number = coalesce(?, wave_number) "
        "order by wave_number, asked_timestamp, load_id, amount_at_stake desc nulls last, question_id",
        [wave],
    )
    return [
        AskedQuestion(
            *(name, number, load),
            OpenQuestion(
                kind, asked, remedy, column, count, tuple(json.loads(rows)), amount, tuple(json.loads(others or "[]"))
            ),
            answer,
            by,
        )
        for name, number, load, kind, asked, remedy, column, count, rows, amount, others, answer, by in found
    ]


def list_questions(workspace: Workspace, client: ClientKey, wave: int | None = None) -> list[AskedQuestion]:
    """The open questions of a client, or of one wave; settled ones are not among them."""
    with open_client(workspace, client, archived_too=True) as tables:
        return questions_of(tables, wave)


def settle_questions(
    workspace: Workspace, client: ClientKey, wave: int, answer: str, question_ids: Sequence[str] = ()
) -> list[AskedQuestion]:
    """Settle open questions of a wave: a person has looked, and what is loaded is right.

    The log keeps who settled what, when, and with which answer. No figure changes: where it is wrong, the file has to
    be corrected and loaded again, or the mapping set.

    Args:
        workspace: from `open_workspace()`.
        client: the client.
        wave: the wave's number.
        answer: what was found, in words.
        question_ids: which of them; all of the wave's without any.

    Raises:
        WaveRefusedError: the answer is empty, or the wave has no such open question.

    """
    with change_client(workspace, client, "settle", wave) as tables:
        if not answer.strip():
            raise WaveRefusedError(
                "no-answer",
                "An open question is settled by an answer, and none was given.",
                "Say what you found: --answer.",
            )
        there = questions_of(tables, wave)
        chosen = [asked for asked in there if not question_ids or asked.question_id in question_ids]
        unknown = sorted({*question_ids} - {asked.question_id for asked in chosen})
        if unknown or not chosen:
            asked_for = f" {', '.join(unknown)}" if unknown else "s"
            known = f"; open are {', '.join(asked.question_id for asked in there)}" if there else ""
            raise WaveRefusedError(
                "no-such-question",
                f"Wave {wave} of {client} has no open question{asked_for}{known}.",
                f"See: spark9 wave questions --client {client} --wave {wave}",
            )
        for asked in chosen:
            _settle(tables, asked, answer.strip())
        return chosen


def settle_comparisons(tables: ClientTables, removed: str, reason: str) -> None:
    """Settle the questions that compare a load with others of which none is left, inside the caller's transaction.

    Args:
        tables: the client's, in a transaction.
        removed: the load that was removed just now.
        reason: what became of it, for the answer.

    """
    asked_of = [asked for asked in questions_of(tables) if removed in asked.question.other_loads]
    if not asked_of:
        return
    there = {load for (load,) in tables.query(f"select distinct load_id from {tables.schema}.wave_schema_mapping")}
    for asked in asked_of:
        if there.isdisjoint(asked.question.other_loads):
            _settle(tables, asked, reason)


def restore_answers(tables: ClientTables, load_id: str, given: Mapping[str, tuple[str, str] | None]) -> None:
    """Settle questions of a restored load as people had settled them before, inside the caller's transaction.

    Args:
        tables: the client's, in a transaction.
        load_id: the load.
        given: the answer and who gave it, by the question's id.

    """
    for asked in questions_of(tables):
        if asked.load_id == load_id and (before := given.get(asked.question_id)):
            _settle(tables, asked, *before)


def reopen_comparisons(tables: ClientTables, restored: str, reason: str) -> None:
    """Open the questions again that only the rollback of a load had settled, inside the caller's transaction.

    Args:
        tables: the client's, in a transaction.
        restored: the load.
        reason: the answer that the rollback gave.

    """
    for asked in questions_of(tables, settled_too=True):
        if restored in asked.question.other_loads and asked.answer == reason:
            tables.query(
                f"update {tables.schema}.open_questions set settled_timestamp = null, settled_by = null, answer = null "
                "where load_id = ? and question_id = ?",
                [asked.load_id, asked.question_id],
            )
            details = {"question_id": asked.question_id, "kind": asked.question.kind}
            tables.log(LogEntry("reopen", SUCCESS, asked.wave_number, asked.load_id, details=details))


def _settle(tables: ClientTables, asked: AskedQuestion, answer: str, by: str | None = None) -> None:
    """Settle one question in the table and the log."""
    tables.query(
        f"update {tables.schema}.open_questions set settled_timestamp = ?, settled_by = ?, answer = ? "
        "where load_id = ? and question_id = ?",
        [tables.session.now(), by or current_actor(), answer, asked.load_id, asked.question_id],
    )
    details = {"question_id": asked.question_id, "kind": asked.question.kind, "answer": answer}
    tables.log(LogEntry("settle", SUCCESS, asked.wave_number, asked.load_id, details=details))
