"""What the headers of exports mean: seeds/platform_columns.csv, looked up by platform, case and punctuation apart."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass

from loader.names import normalised_header
from loader.project.project import Project

_LONGEST_HEADER = 120
LEAST_SCORE = 75
_CURRENCY_SUFFIX = re.compile(r"\s*[(\[]([A-Z]{3})[)\]]\s*$")


@dataclass(frozen=True)
class KnownHeader:
    """One row of platform_columns.csv.

    Args:
        standard_column: the column that the header fills.
        role: 'dimension', 'breakdown', 'attribute' or 'metric'.
        priority: when several headers of a file fill one column, the lowest counts and the others stay additional.
        language: of the header, in two letters.
        span: 'week', 'month', 'quarter' or 'year' where a date under the header is the first day of one; else ''.
        conversion_type: the kind of result that the column counts, where the header says so; else ''.

    """

    standard_column: str
    role: str
    priority: int
    language: str = "en"
    span: str = ""
    conversion_type: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A known header that an unknown one is like; `spark9 mapping accept` makes a rule of it.

    Args:
        header: the known header.
        standard_column: what it fills.
        score: how alike they are, to 100.

    """

    header: str
    standard_column: str
    score: int

    def __str__(self) -> str:
        """As plans show it."""
        return f"like '{self.header}' ({self.standard_column}, {self.score} of 100)"


class PlatformColumns:
    """The headers that the project knows."""

    def __init__(self, project: Project) -> None:
        """Read the seed."""
        self._known: dict[str, dict[str, list[KnownHeader]]] = defaultdict(lambda: defaultdict(list))
        self._spelt: dict[str, dict[str, KnownHeader]] = defaultdict(dict)
        with (project.seeds / "platform_columns.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                known = KnownHeader(
                    row["standard_column"], row["column_role"], int(row["priority"]),
                    row["language"], row["span"], row["conversion_type"],
                )  # fmt: skip
                self._known[row["platform"]][normalised_header(row["header"])].append(known)
                self._spelt[row["platform"]].setdefault(row["header"], known)
        self._plain = {
            platform: {name: normalised_header(name) for name in spelt} for platform, spelt in self._spelt.items()
        }
        self._names = frozenset(name for columns in self._known.values() for name in columns)

    def lookup(self, platform: str, header: str) -> list[KnownHeader]:
        """What a header of a platform can fill, best first; none for an unknown one.

        A currency code behind the header, as in 'Amount spent (USD)', does not count. For a platform without headers of
        its own, a header means what it means on all platforms that have it, if they agree.
        """
        for text in (header, split_currency(header)[0]):
            name = normalised_header(text)
            known = self._known[platform].get(name, []) if platform in self._known else self._common(name)
            if known:
                return sorted(known, key=lambda entry: entry.priority)
        return []

    def suggest(self, platform: str, header: str, filled: Container[str] = ()) -> Suggestion | None:
        """The known header that an unknown one is most like, by rapidfuzz; none below a score of 75.

        Args:
            platform: the client's platform; a platform without headers of its own gets no suggestion.
            header: the unknown header.
            filled: standard columns that need none any more.

        """
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - files with known headers need it not

        if len(header) > _LONGEST_HEADER or platform not in self._spelt:
            return None
        offers = {
            name: plain
            for name, plain in self._plain[platform].items()
            if self._spelt[platform][name].standard_column not in filled
        }
        found = process.extractOne(
            normalised_header(split_currency(header)[0]),
            offers,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=LEAST_SCORE,
        )
        if found is None:
            return None
        return Suggestion(found[2], self._spelt[platform][found[2]].standard_column, round(found[1]))

    def _common(self, name: str) -> list[KnownHeader]:
        """What a header means on a platform without headers of its own: what it means on all others that have it."""
        meanings = [columns[name][0] for columns in self._known.values() if name in columns]
        return meanings[:1] if len({meaning.standard_column for meaning in meanings}) == 1 else []

    def count_known(self, headers: Iterable[str]) -> int:
        """How many of these headers any platform has; what tells a header row from other rows."""
        return sum(map(self.is_known, headers))

    def language(self, platform: str, headers: Iterable[str]) -> str | None:
        """The language of the headers that are known; none where none is.

        Exports in other languages keep some English headers, such as CTR: two of another language are enough.
        """
        found = Counter(known[0].language for header in headers if (known := self.lookup(platform, header)))
        english = found.pop("en", 0)
        for language, count in found.most_common(1):
            if count >= min(2, english + 1):
                return language
        return "en" if english else None

    def are_all_known(self, cells: Iterable[str]) -> bool:
        """Whether a row holds nothing but known headers, and at least two of them."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        return len(filled) > 1 and self.count_known(filled) == len(filled)

    def is_known(self, header: str) -> bool:
        """Whether any platform has this header."""
        if not header or len(header) > _LONGEST_HEADER:
            return False
        return normalised_header(header) in self._names or normalised_header(split_currency(header)[0]) in self._names


def split_currency(header: str) -> tuple[str, str | None]:
    """'Amount spent (USD)' gives ('Amount spent', 'USD'); a header without a currency code gives itself and None."""
    match = _CURRENCY_SUFFIX.search(header)
    return (header[: match.start()], match.group(1)) if match else (header, None)
