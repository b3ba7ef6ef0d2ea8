"""The vocabulary of exports: known headers by platform, currencies, and the words for totals and periods."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from loader.errors import ProjectError
from loader.names import normalised_header
from loader.project.project import Project

_COLUMNS = (
    "platform", "header", "standard_column", "column_role", "priority", "language", "span", "conversion_type", "unit",
)  # fmt: skip
_LONGEST_HEADER = 120
# how many headers an export must have of another platform, and for each that only its client's platform has
_LEAST_GAINED, _GAINED_FOR_LOST = 2, 3
LEAST_SCORE = 75
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CURRENCY_SUFFIX = re.compile(r"\s*[(\[]([A-Z]{3})[)\]]\s*$")

# a share or a change of an amount
_RELATIVE = re.compile(r"[%±↑↓ΔΔ]|\+/-")
_AMOUNTS = ("amount_spent", "impressions", "clicks", "reach", "conversions", "conversion_value")


class KnownHeader(NamedTuple):
    """One row of platform_columns.csv.

    Args:
        standard_column: the column that the header fills.
        role: 'dimension', 'breakdown', 'account' (what stands above campaigns), 'attribute', 'period', 'metric',
            'part' (a metric that lacks what the platform counts apart) or 'rest' (that, which is added to it).
        priority: when several headers of a file fill one column, the lowest counts and the others stay additional.
        language: of the header, in two letters.
        span: 'week', 'month', 'quarter' or 'year' where a date under the header is the first day of one; else ''.
        conversion_type: the kind of result that the column counts, where the header says so; else ''.
        unit: 'micros' where the platform writes millionths, 'unsure' where it writes them in some reports, 'api'
            where only its API, which writes them, has the header; else ''.

    """

    standard_column: str
    role: str
    priority: int
    language: str = "en"
    span: str = ""
    conversion_type: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A known header that an unknown one resembles; `spark9 mapping accept` makes it a rule.

    Args:
        header: the known header.
        standard_column: what it fills.
        score: their similarity, up to 100.

    """

    header: str
    standard_column: str
    score: int

    def __str__(self) -> str:
        """As plans show it."""
        if self.score == 100:
            return f"'{self.header}' is {self.standard_column} on other platforms"
        return f"similar to '{self.header}' ({self.standard_column}, {self.score} of 100)"


class PlatformColumns:
    """The headers that the project knows."""

    def __init__(self, project: Project) -> None:
        """Read the seed."""
        self._known: dict[str, dict[str, list[KnownHeader]]] = defaultdict(lambda: defaultdict(list))
        self._spelt: dict[str, dict[str, KnownHeader]] = defaultdict(dict)
        self._plain: dict[str, dict[str, str]] = defaultdict(dict)
        # thousands of rows, read before every load: csv.DictReader would take as long again
        with (project.seeds / "platform_columns.csv").open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            if tuple(next(rows)) != _COLUMNS:
                raise ProjectError(
                    f"{file.name} does not have the columns {', '.join(_COLUMNS)}.", "Restore it from git."
                )
            for platform, header, standard_column, role, priority, *rest in rows:
                known = KnownHeader(standard_column, role, int(priority), *rest)
                plain = normalised_header(header)
                self._known[platform][plain].append(known)
                self._spelt[platform].setdefault(header, known)
                self._plain[platform].setdefault(header, plain)
        with (project.seeds / "platforms.csv").open(encoding="utf-8", newline="") as file:
            self._titles = {row["platform"]: row["title"] for row in csv.DictReader(file)}
        self._names = frozenset(name for columns in self._known.values() for name in columns)

    def lookup(self, platform: str, header: str) -> list[KnownHeader]:
        """What a header of a platform can fill, best first; none for an unknown one.

        A currency code behind the header, as in 'Amount spent (USD)', does not count, and an API's column may be
        written CampaignName. For a platform without headers of its own, a header means what it means on all platforms
        that have it, if they agree. 'Cost (%)' and 'Cost +/-' are no cost.
        """
        for name in _names_of(header):
            known = self._known[platform].get(name, []) if platform in self._known else self._common(name)
            if known and (known[0].standard_column not in _AMOUNTS or not _RELATIVE.search(header)):
                return sorted(known, key=lambda entry: entry.priority)
        return []

    def meaning(self, platform: str, header: str) -> Suggestion | None:
        """What a header means, with a score of 100, or resembles; capitals in brackets behind it apart.

        Args:
            platform: the client's.
            header: as it stands in the file.

        """
        plain = _CURRENCY_SUFFIX.sub("", header)
        if _RELATIVE.search(header):
            return None
        known = self.lookup(platform, plain)
        return Suggestion(plain, known[0].standard_column, 100) if known else self.suggest(platform, plain)

    def suggest(self, platform: str, header: str, filled: Container[str] = ()) -> Suggestion | None:
        """The known header that an unknown one resembles most, by rapidfuzz; none below a score of 75.

        Args:
            platform: the client's platform; its headers in all languages are offered. A platform without headers of
                its own gets no suggestion.
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
            return self._suggest_of_others(header, filled)
        return Suggestion(found[2], self._spelt[platform][found[2]].standard_column, round(found[1]))

    def _suggest_of_others(self, header: str, filled: Container[str]) -> Suggestion | None:
        """What a header means on all other platforms that have it."""
        spelt, name = split_currency(header)[0], normalised_header(split_currency(header)[0])
        meant = next(iter(self._common(name)), None)
        return Suggestion(spelt, meant.standard_column, 100) if meant and meant.standard_column not in filled else None

    def standard_columns(self) -> set[str]:
        """What the headers of all platforms fill."""
        return {entry.standard_column for headers in self._spelt.values() for entry in headers.values()}

    def platforms(self) -> list[str]:
        """The platforms that have headers, by name."""
        return sorted(self._known)

    def title(self, platform: str) -> str:
        """The display name of a platform; its own name if no other is known."""
        return self._titles.get(platform, platform)

    def likely_platform(self, headers: Collection[str], core: Container[str]) -> str | None:
        """The platform that knows more of an export's telling headers than any other; none where two know as many."""
        names = [header for header in headers if header]
        counts = Counter(
            {
                platform: sum(bool(self.lookup(platform, name)) and self._tells(platform, name, core) for name in names)
                for platform in list(self._known)
            }
        ).most_common(2)
        is_clear = len(counts) == 1 or counts[0][1] > counts[1][1]
        return counts[0][0] if is_clear and counts[0][1] > 1 else None

    def looks_like(self, platform: str, headers: Collection[str], core: Container[str]) -> tuple[str, list[str]] | None:
        """The other platform whose export this must be, and its headers that the client's platform has not.

        That is one that knows two headers more than the client's platform, and for each header that only the client's
        has, three that only it has. Headers of core columns and accounts are counted: every platform has leads and
        shares. Exports of search platforms share most headers, and a table that people made has few of either.

        Args:
            platform: the client's; nothing is said for one without headers of its own.
            headers: of the file.
            core: the core columns.

        """
        if platform not in self._known:
            return None
        names = {header: list(_names_of(header)) for header in headers if header}
        by_platform = {
            name: {header for header in names if any(form in columns for form in names[header])}
            for name, columns in self._known.items()
        }
        own = by_platform[platform]
        best: tuple[int, str, list[str]] | None = None
        for other, known in by_platform.items():
            telling = [header for header in headers if header in known - own and self._tells(other, header, core)]
            gained, lost = len(telling), len(own - known)
            if other == platform or gained < lost + _LEAST_GAINED or gained < _GAINED_FOR_LOST * lost:
                continue
            if best is None or len(known) > best[0]:
                best = (len(known), other, telling)
        return best[1:] if best else None

    def _tells(self, platform: str, header: str, core: Container[str]) -> bool:
        """Whether a header identifies a row, or measures its cost or results."""
        return any(entry.standard_column in core or entry.role == "account" for entry in self.lookup(platform, header))

    def _common(self, name: str) -> list[KnownHeader]:
        """What a header means on a platform without headers of its own: what it means on all others that have it."""
        meanings = [columns[name][0] for columns in self._known.values() if name in columns]
        if len({meaning.standard_column for meaning in meanings}) != 1:
            return []
        return sorted(meanings, key=lambda meaning: meaning.unit != "")[:1]

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

    @functools.cached_property
    def _beyond_ascii(self) -> frozenset[str]:
        """The headers that are not ASCII, as `_as_spelt()` gives them."""
        return frozenset(_as_spelt(name) for names in self._spelt.values() for name in names if not name.isascii())

    def count_spelt(self, headers: Iterable[str]) -> int:
        """How many of these headers any platform has with the same accents and letters that are not ASCII."""
        return sum(_as_spelt(split_currency(header)[0]) in self._beyond_ascii for header in headers)

    def languages(self, headers: Iterable[str]) -> Counter[str]:
        """How many of these headers any platform has in each language but English."""
        names = {name for header in headers if self.is_known(header) for name in _names_of(header)}
        found: Counter[str] = Counter()
        for name in names:
            meant = {entry.language for columns in self._known.values() for entry in columns.get(name, ())}
            found.update(meant if "en" not in meant else ())
        return found

    def are_all_known(self, cells: Iterable[str]) -> bool:
        """Whether a row holds nothing but known headers, and at least two of them."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        return len(filled) > 1 and self.count_known(filled) == len(filled)

    def is_known(self, header: str) -> bool:
        """Whether any platform has this header."""
        if not header or len(header) > _LONGEST_HEADER:
            return False
        return any(name in self._names for name in _names_of(header))


def _names_of(header: str) -> Iterator[str]:
    """What a header is looked up as, one after the other."""
    yield normalised_header(header)
    plain = split_currency(header)[0]
    if plain != header:
        yield normalised_header(plain)
    if " " not in plain and _WORD_START.search(plain):
        yield normalised_header(_WORD_START.sub(" ", plain))


def _as_spelt(header: str) -> str:
    """A header with its accents, in small letters."""
    return " ".join(unicodedata.normalize("NFKC", header).casefold().split())


def split_currency(header: str) -> tuple[str, str | None]:
    """'Amount spent (USD)' gives ('Amount spent', 'USD'); a header without a currency code gives itself and None."""
    match = _CURRENCY_SUFFIX.search(header)
    return (header[: match.start()], match.group(1)) if match and match.group(1) in CURRENCIES else (header, None)


@dataclass(frozen=True)
class ExportWords:
    """The words of seeds/export_words.csv, as patterns for lower-case text; RE2 and Python read them alike.

    Args:
        total: what a cell of a totals row says, whole.
        subtotal: likewise; those of pivot tables, which name what they add up, are among them.
        any_total: finds a part of every cell that `subtotal` matches; cheaper to look for than that.
        average: what a cell of a row of averages says, whole.
        says_all: what stands in the place of a name where a row is for all of them, whole.
        says_sum: the same for a breakdown, where 'Total: Campaign' is no name either.
        period_start: finds the word before the first day of a period.
        period_end: finds the word before its last day.
        other_period: finds what is written beside a period that the export is compared with.

    """

    total: str
    subtotal: str
    any_total: str
    average: str
    says_all: str
    says_sum: str
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
    all_of = [*words["all"], *(word for word in totals if "*" not in word)]
    subtotals = totals + words["subtotal"]
    return ExportWords(
        total=_any_of(totals),
        subtotal=_any_of(subtotals),
        any_total="(?i)" + "|".join(_escaped(part) for part in _shortest({_longest_part(word) for word in subtotals})),
        average=_any_of(words["average"]),
        says_all=_any_of(all_of),
        says_sum=_any_of([*all_of, *words["sum"]]),
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


# of ISO 4217; ALL and TOP are words in headers
_CODES = (
    "AED AFN AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
    "RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH "
    "UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG "
)
CURRENCIES = frozenset(_CODES.split())
# of which a dollar buys thirty or more, so that amounts are often whole
_SMALL = "ARS CLP COP CRC HUF IDR ISK JPY KRW NGN PYG RSD TWD UGX VND XAF XOF"
SMALL_CURRENCIES = frozenset(_SMALL.split())
