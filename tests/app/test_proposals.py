"""Where an upload is proposed to go: by its name and contents, and nothing where these leave it open."""

from __future__ import annotations

from datetime import date

import pytest

from app.proposals import Evidence, Proposal, ToPlace, named_by, propose, propose_waves
from loader import client_schema

TITLES = {"meta": "Meta Ads", "googleads": "Google Ads", "tiktok": "TikTok Ads", "twitter": "X Ads"}
CLIENTS = [
    client_schema("acme", "meta", 2024), client_schema("acme", "googleads", 2024), client_schema("acme", "meta", 2025),
    client_schema("acme_shoes", "meta", 2024), client_schema("nike", "tiktok", 2024),
]  # fmt: skip


def proposed(
    name: str,
    platform: str | None = "meta",
    years: tuple[int, ...] = (2024,),
    counts: tuple[int, int] = (0, 4),
    *evidence: Evidence,
) -> Proposal:
    found = named_by(name, {client.client for client in CLIENTS}, TITLES)
    return propose(found, platform, years, counts, evidence, CLIENTS, TITLES)


@pytest.mark.parametrize(
    ("name", "client", "wave"),
    [
        ("acme_meta_2024_wave3.csv", "acme/meta/2024", 3),
        ("2024-03 Meta Acme.csv", "acme/meta/2024", None),
        ("Acme Shoes - Facebook Ads Manager.xlsx", "acme_shoes/meta/2024", None),
        ("ACME_20240301-20240331.csv", "acme/meta/2024", None),
        ("client_acme_meta_2024_wave_12_spring.csv", "acme/meta/2024", 12),
        ("acme wave 0.csv", "acme/meta/2024", None),
    ],
)
def test_a_name_and_the_headers_propose_a_client(name: str, client: str, wave: int | None) -> None:
    found = proposed(name)
    assert (str(found.client), found.wave, found.doubts) == (client, wave, [])
    assert "its headers are those of Meta Ads" in found.reasons


def test_contents_propose_a_client_whatever_the_file_is_called() -> None:
    by_account = proposed("export.csv", "meta", (2025,), (1, 4), Evidence("acme", 1, 0))
    assert (str(by_account.client), by_account.reasons[-1]) == (
        "acme/meta/2025",
        "earlier waves of acme have its account",
    )
    by_campaigns = proposed("export.csv", "googleads", (2024,), (0, 4), Evidence("acme", 0, 3))
    assert str(by_campaigns.client) == "acme/googleads/2024"
    assert by_campaigns.reasons[-1] == "earlier waves of acme have 3 of its 4 campaigns"


@pytest.mark.parametrize(
    ("name", "platform", "years", "evidence", "doubt"),
    [
        # nothing says whose it is
        ("export.csv", "meta", (2024,), [], ""),
        ("export.csv", "meta", (2024,), [Evidence("acme", 0, 1)], ""),
        # headers that no platform alone has
        ("acme.csv", None, (2024,), [], ""),
        # the name and the contents contradict each other
        ("acme.csv", "meta", (2024,), [Evidence("nike", 1, 0)], "its name says acme, but earlier waves of nike have its account"),
        ("acme.csv", "meta", (2024,), [Evidence("nike", 0, 4)], "its name says acme, but earlier waves of nike have its campaigns"),
        ("acme google.csv", "meta", (2024,), [], "its name says Google Ads, its headers say Meta Ads"),
        ("acme_meta_2025.csv", "meta", (2024,), [], "its name says 2025, its days are of 2024"),
        # several
        ("acme nike.csv", "meta", (2024,), [], "its name says acme and nike"),
        ("export.csv", "meta", (2024,), [Evidence("acme", 1, 0), Evidence("nike", 1, 0)], "earlier waves of acme and nike have its account"),
        ("acme.csv", "meta", (2024, 2025), [], "its days are of 2024 and 2025; each year is a client of its own"),
    ],
)  # fmt: skip
def test_nothing_is_proposed_where_it_could_be_wrong(
    name: str, platform: str | None, years: tuple[int, ...], evidence: list[Evidence], doubt: str
) -> None:
    found = proposed(name, platform, years, (1, 4), *evidence)
    assert (found.client, found.is_new) == (None, False)
    assert "".join(found.doubts) == doubt


def test_a_client_of_its_name_decides_between_those_that_share_campaigns() -> None:
    shared = (Evidence("acme", 0, 4), Evidence("nike", 0, 4))
    assert str(proposed("acme.csv", "meta", (2024,), (0, 4), *shared).client) == "acme/meta/2024"
    assert proposed("export.csv", "meta", (2024,), (0, 4), *shared).client is None


def test_a_client_that_is_not_there_is_proposed_as_new() -> None:
    found = proposed("acme tiktok.csv", "tiktok", (2024,))
    assert (found.client, found.is_new, found.name, found.platform, found.year) == (None, True, "acme", "tiktok", 2024)
    globex = proposed("globex_meta_2024_wave1_spring.csv")
    assert (globex.is_new, globex.name, globex.wave) == (True, "globex", 1)
    # a name that could be anything fills the form, and does not choose it
    could_be = proposed("2024-03 Meta Globex.csv")
    assert (could_be.is_new, could_be.name) == (False, "globex")


JANUARY, FEBRUARY = (date(2024, 1, 1), date(2024, 1, 31)), (date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    ("exports", "waves"),
    [
        ([ToPlace()], [3]),
        ([ToPlace(7)], [7]),
        # a wave that is there is not taken for granted
        ([ToPlace(2)], [3]),
        # by days: the earlier ones first; those with days in common are one wave
        ([ToPlace(days=FEBRUARY), ToPlace(days=JANUARY)], [4, 3]),
        ([ToPlace(days=JANUARY), ToPlace(days=FEBRUARY), ToPlace(days=(date(2024, 1, 15), date(2024, 1, 20)))], [3, 4, 3]),
        ([ToPlace(), ToPlace(days=JANUARY), ToPlace()], [4, 3, 5]),
        # by name, and what has none comes after
        ([ToPlace(5, JANUARY), ToPlace(5, FEBRUARY), ToPlace(days=FEBRUARY)], [5, 5, 6]),
    ],
)  # fmt: skip
def test_waves_are_proposed_by_name_and_by_days(exports: list[ToPlace], waves: list[int]) -> None:
    assert propose_waves(exports, {1, 2}) == waves
