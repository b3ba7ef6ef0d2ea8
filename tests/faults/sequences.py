"""Random sequences of what people do with waves, and the tables that must come of them whatever the order."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import loader
import ops
from loader.errors import Spark9Error
from loader.waves.decisions import MappingChange
from tests.support import ACME, SCHEMA, ProjectUnderTest, copy_project
from tests.written import META_HEADER, as_csv, meta_rows

WAVES = (1, 2, 3, 4)
EXTRAS = ("Video plays", "Mood", "Score (points)")
# what may differ between a history and its recomputation: clocks, how often a row was processed, and the wording of why
COMPARED = {
    "raw_data_staging": "* exclude (upload_timestamp, schema_version, processed_flag)",
    "wave_schema_mapping": "* exclude (updated_timestamp, reason)",
    "column_rules": "* exclude (updated_timestamp)",
    "processed_campaign_data": "* exclude (processed_timestamp, upload_timestamp, schema_version)",
    "wave_quality": "* exclude (processed_timestamp, first_upload, last_upload, signature)",
}


@dataclass(frozen=True)
class File:
    """A file that counts."""

    wave: int
    name: str
    content: str


@dataclass
class History:
    """A project, what was done to it, and the files that should count, in the order of their upload."""

    project: ProjectUnderTest
    random: random.Random
    files: list[File] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    builds: int = 0

    def step(self) -> None:
        """Do one thing that people do."""
        deeds: list[tuple[int, Callable[[], str | None]]] = [
            (8, self._load),
            (2, self._load_again),
            (2, self._replace),
            (3, self._roll_back),
            (3, self._roll_back_and_undo),
            (2, self._reprocess),
            (4, self._decide),
            (2, self._build),
        ]
        deed = self.random.choices([deed for _, deed in deeds], [weight for weight, _ in deeds])[0]
        said = deed()
        if said:
            self.done.append(said)

    def _export(self, wave: int) -> str:
        """Rows of days that overlap those of other waves, in one of many shapes."""
        first = self.random.randint(1, 6)
        rows = []
        for day in range(wave, wave + 2):
            rows += meta_rows(self.random.randint(1, 4), day=f"2024-01-{day:02}", first=first)
        for row in rows:
            row[-1] = f"{self.random.randint(0, 99999) / 100:.2f}"
        header: list[object] = list(META_HEADER)
        for name in EXTRAS:
            if self.random.random() < 0.5:
                header.append(name)
                for row in rows:
                    row.append(self.random.choice(["", "7", "12", "good"] if name == "Mood" else ["", "7", "1.5"]))
        return as_csv([header, *rows])

    def _load(self) -> str:
        wave = self.random.choice(WAVES)
        file = File(wave, f"export {len(self.done)}.csv", self._export(wave))
        self.project.load(self.project.write(file.name, file.content), wave)
        if file.content not in {known.content for known in self.files}:
            self.files.append(file)
        return f"load {file.name} as wave {wave}"

    def _load_again(self) -> str | None:
        if not self.files:
            return None
        file = self.random.choice(self.files)
        result = self.project.load(self.project.write(f"again {file.name}", file.content), file.wave)
        assert result.outcome == "already loaded"
        return f"load {file.name} again"

    def _replace(self) -> str | None:
        if not self.files:
            return None
        old = self.random.choice(self.files)
        new = File(old.wave, old.name, self._export(old.wave))
        self.project.load(self.project.write(new.name, new.content), new.wave, replace=True)
        self.files = [file for file in self.files if (file.wave, file.name) != (old.wave, old.name)] + [new]
        return f"replace {old.name} of wave {old.wave}"

    def _roll_back(self) -> str | None:
        if not self.files:
            return None
        file = self.random.choice(self.files)
        name = self.random.choice([None, file.name])
        loader.rollback_wave(self.project.project, ACME, file.wave, file_name=name)
        self.files = [
            known for known in self.files if known.wave != file.wave or (name is not None and known.name != name)
        ]
        return f"roll back {name or 'all'} of wave {file.wave}"

    def _roll_back_and_undo(self) -> str | None:
        """The files that count, and their order, are what they were."""
        if not self.files:
            return None
        file = self.random.choice(self.files)
        name = self.random.choice([None, file.name])
        removed = loader.rollback_wave(self.project.project, ACME, file.wave, file_name=name)
        if self.random.random() < 0.5:
            self._build()
        restored = loader.undo_rollback(self.project.project, ACME, file.wave)
        assert [result.outcome for result in restored] == ["loaded"] * len(removed)
        return f"roll back {name or 'all'} of wave {file.wave}, and undo it"

    def _reprocess(self) -> str | None:
        if not self.files:
            return None
        wave = self.random.choice(self.files).wave
        loader.reprocess_wave(self.project.project, ACME, wave)
        return f"reprocess wave {wave}"

    def _decide(self) -> str | None:
        if not self.files:
            return None
        wave = self.random.choice(self.files).wave
        column = self.random.choice(EXTRAS)
        change = self.random.choice(
            [
                MappingChange(rule="promote", column_type="decimal" if column != "Mood" else "text"),
                MappingChange(rule="additional"),
                MappingChange(rule="ignore"),
                MappingChange(default="3"),
                MappingChange(rule="promote", required=True, column_type="text"),
            ]
        )
        try:
            loader.set_mapping(self.project.project, ACME, wave, column, change)
        except Spark9Error as error:
            return f"refused: {error.code}"
        return f"decide on {column} of wave {wave}: {change}"

    def _build(self) -> str:
        self.builds += 1
        self.project.dbt("build", "--select", "clients")
        return "build"


def tables(project: ProjectUnderTest) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that must not depend on the order."""
    found = {}
    for name, columns in COMPARED.items():
        present = [
            column
            for (column,) in project.query(
                f"select column_name from duckdb_columns() where schema_name = '{SCHEMA}' and table_name = '{name}' "
                "order by column_name"
            )
        ]
        excluded = columns.partition("(")[2].rstrip(")").split(", ")
        # a column that was promoted once stays, empty
        kept = [column for column in present if column not in excluded]
        some = project.query(f"select {', '.join(kept)} from {SCHEMA}.{name} order by all")
        filled = [at for at in range(len(kept)) if any(row[at] is not None for row in some)]
        found[name] = [tuple((kept[at], row[at]) for at in filled) for row in some]
    return found


def recomputed(history: History, folder: Path) -> ProjectUnderTest:
    """A project that knows only the files that should count, and what was decided, built once."""
    project = ProjectUnderTest(copy_project(folder / "project"))
    project.add("acme", "meta", 2024)
    rules = history.project.query(f"select * from {SCHEMA}.column_rules")
    for rule in rules:
        values = ", ".join("null" if value is None else f"'{value}'" for value in rule)
        project.change(f"insert into {SCHEMA}.column_rules values ({values})")
    for file in history.files:
        project.load(project.write(file.name, file.content), file.wave)
    project.dbt("build", "--select", "clients")
    return project


def figures_by_hand(files: list[File]) -> dict[int, tuple[int, int, Decimal]]:
    """Rows, impressions and spend that count of each wave, from the files by the csv module alone."""
    latest: dict[tuple[str, ...], tuple[int, int]] = {}
    rows: dict[tuple[int, int], list[tuple[tuple[str, ...], dict[str, str]]]] = defaultdict(list)
    for position, file in enumerate(files):
        for row in csv.DictReader(io.StringIO(file.content)):
            key = (row["Reporting starts"], row["Campaign name"], row["Ad set name"], row["Ad name"])
            rows[file.wave, position].append((key, row))
            latest[key] = max(latest.get(key, (0, 0)), (file.wave, position))
    figures: dict[int, tuple[int, int, Decimal]] = {}
    for at, found in rows.items():
        counting = [row for key, row in found if latest[key] == at]
        count, impressions, spend = figures.get(at[0], (0, 0, Decimal(0)))
        figures[at[0]] = (
            count + len(counting),
            impressions + sum(int(row["Impressions"]) for row in counting),
            spend + sum(Decimal(row["Amount spent (USD)"]) for row in counting),
        )
    return figures


def figures_in_tables(project: ProjectUnderTest) -> dict[int, tuple[int, int, Decimal]]:
    """The same from wave_quality."""
    rows = project.query(
        f"select wave_number, row_count, coalesce(impressions, 0), coalesce(amount_spent, 0) from {SCHEMA}.wave_quality"
    )
    return {wave: (count, impressions, spend) for wave, count, impressions, spend in rows}


def run_sequence(seed: int, steps: int, folder: Path) -> History:
    """Do random things in random order, then compare all tables with a recomputation; raises when they differ."""
    history = History(ProjectUnderTest(copy_project(folder / "history" / "project")), random.Random(seed))  # noqa: S311
    history.project.add("acme", "meta", 2024)
    for _ in range(steps):
        history.step()
    history.project.dbt("build", "--select", "clients")
    expected = recomputed(history, folder / "recomputed") if history.files else None
    said = "\n".join(history.done)
    assert figures_in_tables(history.project) == figures_by_hand(history.files), said
    if expected:
        here, there = tables(history.project), tables(expected)
        for name in COMPARED:
            assert here[name] == there[name], f"{name} differs after:\n{said}"
    assert [found for load in ops.verify_waves(history.project.project, ACME) for found in load.differences] == []
    return history
