"""The words by which exports say that a row is a total or a name means all, and name periods: export_words.csv."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from loader.project.project import Project


@dataclass(frozen=True)
class ExportWords:
    """The words of seeds/export_words.csv, as patterns for lower-case text; RE2 and Python read them alike.

    Args:
        total: what a cell of a totals row says, whole.
        subtotal: likewise; those of pivot tables, which name what they add up, are among them.
        any_total: finds a part of every cell that `subtotal` matches; cheaper to look for than that.
        says_all: what stands in the place of a name where a row is for all of them, whole.
        period_start: finds the word before the first day of a period.
        period_end: finds the word before its last day.
        other_period: finds what is written beside a period that the export is compared with.

    """

    total: str
    subtotal: str
    any_total: str
    says_all: str
    period_start: re.Pattern[str]
    period_end: re.Pattern[str]
    other_period: re.Pattern[str]


def export_words(project: Project) -> ExportWords:
    """Read the seed."""
    words: dict[str, list[str]] = defaultdict(list)
    with (project.seeds / "export_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words[row["kind"]].append(row["word"])
    totals = words["total"]
    subtotals = totals + words["subtotal"]
    return ExportWords(
        total=_any_of(totals),
        subtotal=_any_of(subtotals),
        any_total="(?i)" + "|".join(_escaped(part) for part in _shortest({_longest_part(word) for word in subtotals})),
        says_all=_any_of([*words["all"], *(word for word in totals if "*" not in word)]),
        period_start=_found(words["period_start"]),
        period_end=_found(words["period_end"]),
        other_period=_found(words["other_period"]),
    )


def _any_of(words: Sequence[str]) -> str:
    return "|".join(_pattern(word) for word in dict.fromkeys(words))


def _found(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern that finds any of the words; Japanese has no spaces between its words."""
    return re.compile("|".join(_pattern(word) if _is_unspaced(word) else rf"\b{_pattern(word)}\b" for word in words))


def _pattern(word: str) -> str:
    return ".*".join(_escaped(part) for part in word.split("*"))


def _longest_part(word: str) -> str:
    return max((part.strip() for part in word.split("*")), key=len)


def _shortest(parts: Collection[str]) -> list[str]:
    """The parts that have no other one in them."""
    return sorted(part for part in parts if not any(other in part for other in parts if other != part))


def _escaped(text: str) -> str:
    """Text whose characters mean themselves; re.escape() would escape spaces, which RE2 does not take."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def _is_unspaced(word: str) -> bool:
    return any("\u3040" <= character <= "\u9fff" for character in word)
