"""Where an uploaded export may belong, by its contents and its name: proposed with the reasons, never decided."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from loader.names import ClientKey

_WAVE = re.compile(r"(?:^|[^a-z0-9])(?:wave|wv)[ _-]*([0-9]{1,4})(?![0-9])")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_YEAR = re.compile(r"(20[0-9]{2})(?:(?:0[1-9]|1[0-2])[0-3][0-9])?")
# what people and platforms call exports, beside whose they are
_COMMON = frozenset(
    re.findall(
        "[a-z]+",
        """ad ads adset account campaign campaigns report reports export exports data daily weekly monthly wave wv
        performance table sheet copy final new all by day days week month download csv xlsx untitled raw results
        overview keyword keywords creative creatives manager facebook fb instagram ig adwords bing of the and to from
        jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september
        october november december q""",
    )
)
_LONGEST_NAME = 3
_NAME_SAYS = "its name says "
_LEAST_NAMES, _LEAST_SHARE = 2, 0.5


@dataclass(frozen=True)
class NamedBy:
    """What the name of a file says.

    Args:
        clients: those of the known clients that it names.
        platforms: likewise.
        years: four digits from 2000 to 2099.
        wave: its number.
        rest: what else it says, as the name of a client could be written.

    """

    clients: frozenset[str]
    platforms: frozenset[str]
    years: frozenset[int]
    wave: int | None
    rest: str


@dataclass(frozen=True)
class Evidence:
    """What of a file earlier waves of a client have.

    Args:
        client: the client's name, on whatever platform and in whatever year.
        accounts: how many of the file's accounts.
        campaigns: how many of its campaigns.

    """

    client: str
    accounts: int
    campaigns: int


@dataclass(frozen=True)
class Proposal:
    """Where an export may belong; a person confirms it.

    Args:
        client: of those that the person may load; none where nothing is certain enough.
        name: of the client, for a new one; may be empty.
        platform: whose headers the file has, or its name says.
        year: of its days, or of its name; none if there are several.
        wave: that its name says.
        reasons: why, for people.
        doubts: what contradicts each other, for people.
        currency: the one that its cells name; none if they name none, or several.
        is_new: that client, platform and year have no waves yet, so they are one to onboard.

    """

    client: ClientKey | None = None
    is_new: bool = False
    name: str = ""
    platform: str | None = None
    year: int | None = None
    wave: int | None = None
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    currency: str | None = None


def named_by(file_name: str, clients: Collection[str], platforms: Mapping[str, str]) -> NamedBy:
    """What the name of a file says.

    Args:
        file_name: with its ending.
        clients: the names of the clients that may be meant.
        platforms: the known platforms, with what people call them.

    """
    stem = Path(file_name).stem.casefold()
    found_wave = _WAVE.search(stem)
    words = _WORD.findall(stem)
    taken: set[int] = set()
    named: dict[str, set[str]] = {"client": set(), "platform": set()}
    meant = [("client", name, name) for name in clients]
    meant += [("platform", name, spelt) for name, title in platforms.items() for spelt in {name, title.casefold()}
             if len(spelt.removesuffix(" ads")) > 1]  # fmt: skip
    # the longest first: acme_shoes is not acme
    for kind, name, spelt in sorted(meant, key=lambda each: -len(each[2])):
        parts = _WORD.findall(spelt.removesuffix(" ads") if kind == "platform" else spelt)
        for at in range(len(words) - len(parts) + 1):
            places = set(range(at, at + len(parts)))
            if parts and words[at : at + len(parts)] == parts and not places & taken:
                taken |= places
                named[kind].add(name)
    years = {int(year[1]) for word in words if (year := _YEAR.fullmatch(word))}
    first = min([*taken, *(at for at, word in enumerate(words) if _YEAR.fullmatch(word) or word == "wave")], default=0)
    rest = [
        word
        for at, word in enumerate(words)
        if at not in taken and word.isalpha() and word not in _COMMON and (at < first or not _said(words[:first]))
    ]
    return NamedBy(
        frozenset(named["client"]),
        frozenset(named["platform"]),
        frozenset(years),
        int(found_wave[1]) if found_wave and int(found_wave[1]) else None,
        "_".join(rest) if len(rest) <= _LONGEST_NAME else "",
    )


def _said(words: Sequence[str]) -> list[str]:
    """Those of the words that could be a client's name."""
    return [word for word in words if word.isalpha() and word not in _COMMON]


def propose(
    name: NamedBy,
    platform: str | None,
    years: Collection[int],
    counts: tuple[int, int],
    evidence: Sequence[Evidence],
    clients: Collection[ClientKey],
    titles: Mapping[str, str],
) -> Proposal:
    """Where a file may belong; no client where its name and its contents contradict each other, or do not say.

    Args:
        name: what its name says.
        platform: whose headers it has.
        years: of its days.
        counts: how many accounts and campaigns it names.
        evidence: what of it the clients' earlier waves have.
        clients: that the person may load.
        titles: what people call platforms.

    """
    reasons: list[str] = []
    doubts: list[str] = []
    found_platform = _platform(platform, name.platforms, titles, reasons, doubts)
    year = _year(set(years), name.years, reasons, doubts)
    client = _client(name, counts, evidence, reasons, doubts)
    there = [key for key in clients if (key.client, key.platform, key.year) == (client, found_platform, year)]
    # acme_meta_2024_wave3 says all there is to say, though no client is called so
    is_told = client or (name.rest and name.platforms and name.years and name.wave)
    return Proposal(
        there[0] if there and not doubts else None,
        bool(is_told and found_platform and year and not there and not doubts),
        client or name.rest,
        found_platform,
        year,
        name.wave,
        _merged(reasons),
        doubts,
    )


def _merged(reasons: Sequence[str]) -> list[str]:
    """The reasons; what the name says in one."""
    of_name = [reason.removeprefix(_NAME_SAYS) for reason in reasons if reason.startswith(_NAME_SAYS)]
    others = [reason for reason in reasons if not reason.startswith(_NAME_SAYS)]
    return [*([f"{_NAME_SAYS}{_and(of_name)}"] if of_name else []), *others]


def _platform(
    of_contents: str | None,
    of_name: Collection[str],
    titles: Mapping[str, str],
    reasons: list[str],
    doubts: list[str],
) -> str | None:
    """The platform of a file; none where its headers and its name differ."""
    if of_contents and of_name and of_contents not in of_name:
        named = ", ".join(titles.get(each, each) for each in sorted(of_name))
        doubts.append(f"its name says {named}, its headers say {titles.get(of_contents, of_contents)}")
        return of_contents
    if of_contents:
        reasons.append(f"its headers are those of {titles.get(of_contents, of_contents)}")
        return of_contents
    if len(of_name) == 1:
        found = next(iter(of_name))
        reasons.append(f"its name says {titles.get(found, found)}")
        return found
    return None


def _year(of_days: set[int], of_name: Collection[int], reasons: list[str], doubts: list[str]) -> int | None:
    """The year of a file; none where it has several, or its days and its name differ."""
    named = next(iter(of_name)) if len(of_name) == 1 else None
    if not of_days:
        if named:
            reasons.append(f"its name says {named}")
        return named
    if named is not None and named not in of_days:
        doubts.append(f"its name says {named}, its days are of {_and(sorted(of_days))}")
        return None
    if len(of_days) == 1:
        reasons.append(f"its days are of {next(iter(of_days))}")
        return next(iter(of_days))
    if named is not None:
        reasons.append(f"its name says {named}")
        return named
    doubts.append(f"its days are of {_and(sorted(of_days))}; each year is a client of its own")
    return None


def _client(
    name: NamedBy,
    counts: tuple[int, int],
    evidence: Sequence[Evidence],
    reasons: list[str],
    doubts: list[str],
) -> str | None:
    """The name of the client; none where nothing says it, or several are named."""
    if len(name.clients) > 1:
        doubts.append(f"its name says {_and(sorted(name.clients))}")
        return None
    named = next(iter(name.clients), None)
    with_account = {each.client: each.accounts for each in evidence if each.accounts}
    with_campaigns = {
        each.client: each.campaigns
        for each in evidence
        if each.campaigns >= _LEAST_NAMES and each.campaigns >= _LEAST_SHARE * counts[1]
    }
    found = with_account or with_campaigns
    what = f"its {'account' if with_account else 'campaigns'}"
    if found and (len(found) > 1 if named is None else named not in found):
        said = f"its name says {named}, but " if named else ""
        doubts.append(f"{said}earlier waves of {_and(sorted(found))} have {what}")
        return None
    client = named or next(iter(found), None)
    if named:
        reasons.append(f"its name says {named}")
    if client in found:
        of_all = "its account" if with_account else f"{found[client]} of its {counts[1]} campaigns"
        reasons.append(f"earlier waves of {client} have {of_all}")
    return client


def _and(values: Sequence[object]) -> str:
    *before, last = map(str, values)
    return f"{', '.join(before)} and {last}" if before else last


@dataclass(frozen=True)
class ToPlace:
    """An export whose wave is to be proposed.

    Args:
        wave: that its name says.
        days: the first and last day of its rows; none if unknown.

    """

    wave: int | None = None
    days: tuple[date, date] | None = None


def propose_waves(exports: Sequence[ToPlace], loaded: Collection[int]) -> list[int]:
    """A wave for each export of one client, in one go: those that are named, then the next ones by days.

    Exports that have days in common are one wave; others, and those whose days are unknown, are waves of their own.

    Args:
        exports: in the order of the page.
        loaded: the waves that are there.

    """
    waves = [each.wave if each.wave is not None and each.wave not in loaded else None for each in exports]
    free = max([*loaded, *(wave for wave in waves if wave)], default=0) + 1
    groups: list[list[int]] = []
    left = [at for at, wave in enumerate(waves) if wave is None]
    for at in sorted(left, key=lambda at: (exports[at].days is None, exports[at].days or (), at)):
        days = exports[at].days
        group = groups[-1] if groups else []
        last = max((end for other in group if (found := exports[other].days) for end in found), default=None)
        if days is not None and last is not None and days[0] <= last:
            group.append(at)
        else:
            groups.append([at])
    for number, group in enumerate(groups):
        for at in group:
            waves[at] = free + number
    return [wave or 1 for wave in waves]
