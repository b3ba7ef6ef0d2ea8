"""What the headers of exports mean: seeds/platform_columns.csv, looked up by platform, case and punctuation apart."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from loader.names import normalised_header
from loader.project import Project

_CURRENCY_SUFFIX = re.compile(r"\s*[(\[]([A-Z]{3})[)\]]\s*$")


@dataclass(frozen=True)
class KnownHeader:
    """One row of platform_columns.csv.

    Args:
        standard_column: the column that the header fills.
        role: 'dimension', 'breakdown', 'attribute' or 'metric'.
        priority: when several headers of a file fill one column, the lowest counts and the others stay additional.

    """

    standard_column: str
    role: str
    priority: int


class PlatformColumns:
    """The headers that the project knows."""

    def __init__(self, project: Project) -> None:
        """Read the seed."""
        self._known: dict[str, dict[str, list[KnownHeader]]] = defaultdict(lambda: defaultdict(list))
        with (project.seeds / "platform_columns.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                known = KnownHeader(row["standard_column"], row["column_role"], int(row["priority"]))
                self._known[row["platform"]][normalised_header(row["header"])].append(known)

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

    def _common(self, name: str) -> list[KnownHeader]:
        """What a header means on a platform without headers of its own: what it means on all others that have it."""
        meanings = [columns[name][0] for columns in self._known.values() if name in columns]
        return meanings[:1] if len({meaning.standard_column for meaning in meanings}) == 1 else []

    def count_known(self, headers: Iterable[str]) -> int:
        """How many of these headers any platform has; what tells a header row from other rows."""
        return sum(any(self.lookup(platform, header) for platform in self._known) for header in headers)


def split_currency(header: str) -> tuple[str, str | None]:
    """'Amount spent (USD)' gives ('Amount spent', 'USD'); a header without a currency code gives itself and None."""
    match = _CURRENCY_SUFFIX.search(header)
    return (header[: match.start()], match.group(1)) if match else (header, None)
