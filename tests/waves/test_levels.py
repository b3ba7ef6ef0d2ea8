"""Exports at several levels: what they need to be complete, which of them counts, and what the load says of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from loader.errors import WaveRefusedError
from tests.support import SCHEMA, ProjectUnderTest, notices
from tests.written import META_HEADER, as_csv, meta_csv, meta_rows

BY_CAMPAIGN = ["Day", "Campaign name", "Impressions", "Amount spent (EUR)"]
BY_AD = ["Day", "Campaign name", "Ad set name", "Ad name", "Impressions", "Amount spent (EUR)"]


def campaign_rows(*spends: str, first: int = 1) -> str:
    return as_csv([BY_CAMPAIGN, *([f"2024-01-{day:02d}", "c", 10, spend] for day, spend in enumerate(spends, first))])


def ad_rows(*spends: str, first: int = 1) -> str:
    rows = [
        [f"2024-01-{day:02d}", "c", "s", ad, 5, spend] for day, spend in enumerate(spends, first) for ad in ("a", "b")
    ]
    return as_csv([BY_AD, *rows])


def counting(project: ProjectUnderTest) -> list[tuple[Any, ...]]:
    return project.query(
        f"select wave_number, count(*), sum(amount_spent) from {SCHEMA}.processed_campaign_data "
        "where superseded_by is null group by 1 order by 1"
    )


def reasons(project: ProjectUnderTest) -> list[tuple[Any, ...]]:
    return project.query(
        f"select wave_number, superseded_because, count(*) from {SCHEMA}.processed_campaign_data "
        "where superseded_by is not null group by all order by all"
    )


@pytest.mark.slow
def test_a_complete_export_of_any_level_scores_one(project: ProjectUnderTest) -> None:
    exports = {
        "spend": (["Campaign name", "Amount spent (EUR)"], ["c", "1.50"], "campaign"),
        "ids": (["Campaign ID", "Impressions"], ["77", "10"], "campaign"),
        "sets": (["Ad set name", "Impressions", "Amount spent (EUR)"], ["s", "10", "1.50"], "ad_set"),
        "ads": (["Ad ID", "Campaign name", "Amount spent (EUR)"], ["7", "c", "1.50"], "ad"),
        "account": (["Account name", "Impressions", "Amount spent (EUR)"], ["acct", "10", "1.50"], "account"),
        "clicks": (["Campaign name", "Link clicks", "Amount spent (EUR)"], ["c", "", "1.50"], "campaign"),
    }
    for client, (header, cells, _) in exports.items():
        names = project.add(client, "meta", 2024)
        text = as_csv([["Day", *header], ["2024-01-01", *cells]])
        project.load(project.write(f"{client}.csv", text), 1, names)
    assert project.dbt("build").success
    assert project.query("select client, data_quality_score from marts.waves order by 1") == [
        (client, 1) for client in sorted(exports)
    ]
    assert project.query("select client, level from marts.performance_by_day order by 1") == [
        (client, level) for client, (*_, level) in sorted(exports.items())
    ]


def test_a_wave_by_campaign_after_waves_by_ad_scores_one(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("a.csv", ad_rows("5.00")), 1)
    acme.load(acme.write("b.csv", campaign_rows("10.00", first=2)), 2)
    assert acme.build_clients().success
    assert acme.query(f"select wave_number, data_quality_score from {SCHEMA}.wave_quality order by 1") == [
        (1, 1),
        (2, 1),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["Amount spent", "Link clicks", "Campaign name"])
def test_a_wave_that_lost_what_earlier_waves_had_is_incomplete(acme: ProjectUnderTest, lost: str) -> None:
    acme.load(acme.write("a.csv", meta_csv(3)), 1)
    kept = [at for at, name in enumerate(META_HEADER) if not name.startswith(lost)]
    rows = [[row[at] for at in kept] for row in meta_rows(3, day="2024-02-01")]
    acme.load(acme.write("b.csv", as_csv([[META_HEADER[at] for at in kept], *rows])), 2)
    assert not acme.build_clients().success
    assert acme.query(f"select completeness from {SCHEMA}.wave_quality where wave_number = 2") == [(0,)]


@pytest.mark.slow
def test_an_export_without_ad_sets_is_incomplete_where_there_are_naming_keys(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("keys.csv", "Ad set name,Audience\ns,x\n"), None)
    acme.load(acme.write("a.csv", campaign_rows("10.00")), 1)
    assert not acme.build_clients().success
    assert acme.processed("completeness, row_issues::varchar") == [
        (0, '["ad_set_name: required, since there are naming keys"]')
    ]


def test_the_finest_level_that_adds_up_counts_whatever_was_loaded_first(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("ads.csv", ad_rows("5.00", "6.00")), 1)
    later = acme.load(acme.write("campaigns.csv", campaign_rows("10.00", "12.50", "7.00")), 2)
    assert [notice for notice in notices(later) if "the same days" in notice] == [
        "2 rows of wave 1 (ads.csv, by ad) cover the same days and campaigns as this file (by campaign), "
        "2024-01-02: a level with another total counts, and they are marked as superseded; their spend is 12.00, "
        "the spend that counts for these days is 12.50 (+0.50)",
        "1 row of this file (by campaign) covers the same days and campaigns as wave 1 (ads.csv, by ad), "
        "2024-01-01: a finer level counts, and they are marked as superseded; the spend is the same",
    ]
    assert acme.build_clients().success
    assert counting(acme) == [(1, 2, Decimal(10)), (2, 2, Decimal("19.5"))]
    assert reasons(acme) == [(1, "a level with another total counts", 2), (2, "a finer level counts", 1)]
    acme.spark9("wave", "rollback", "--client", "acme/meta/2024", "--wave", "1")
    assert acme.build_clients().success
    assert counting(acme) == [(2, 3, Decimal("29.5"))]


@pytest.mark.slow
def test_a_week_gives_way_to_its_days_once_they_are_all_there(acme: ProjectUnderTest) -> None:
    week = as_csv(
        [["Reporting starts", "Reporting ends", *BY_CAMPAIGN[1:]], ["2024-01-01", "2024-01-07", "c", 70, "70.00"]]
    )
    acme.load(acme.write("week.csv", week), 1)
    some = acme.load(acme.write("some.csv", campaign_rows("10.00", "10.00", "10.00")), 2)
    assert any("an export of more days counts" in warning for warning in notices(some))
    assert acme.build_clients().success
    assert counting(acme) == [(1, 1, Decimal(70))]
    rest = acme.load(acme.write("rest.csv", campaign_rows("10.00", "10.00", "10.00", "10.00", first=4)), 3)
    assert any("finer days count" in warning and "the spend is the same" in warning for warning in notices(rest))
    assert acme.build_clients().success
    assert counting(acme) == [(2, 3, Decimal(30)), (3, 4, Decimal(40))]


@pytest.mark.slow
def test_totals_of_the_account_give_way_to_campaigns(acme: ProjectUnderTest) -> None:
    account = as_csv([["Day", "Account name", "Impressions", "Amount spent (EUR)"], ["2024-01-01", "x", 9, "11.00"]])
    acme.load(acme.write("account.csv", account), 1)
    later = acme.load(acme.write("campaigns.csv", campaign_rows("10.00")), 2)
    assert any("an export by campaign counts" in warning and "(-1.00)" in warning for warning in notices(later))
    assert acme.build_clients().success
    assert counting(acme) == [(2, 1, Decimal(10))]


@pytest.mark.slow
def test_an_ad_set_without_its_campaign_is_given_the_one_that_others_tell(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("ads.csv", ad_rows("5.00")), 1)
    lone = as_csv([["Day", "Ad set name", "Impressions", "Amount spent (EUR)"], ["2024-01-01", "s", 10, "10.00"]])
    acme.load(acme.write("sets.csv", lone), 2)
    assert acme.build_clients().success
    assert counting(acme) == [(1, 2, Decimal(10))]


@pytest.mark.slow
def test_the_policy_is_the_clients(acme: ProjectUnderTest) -> None:
    acme.load(acme.write("ads.csv", ad_rows("5.00")), 1)
    assert acme.spark9("client", "set", "acme/meta/2024", "--overlap", "refuse").code == 0
    with pytest.raises(WaveRefusedError, match="a finer level counts") as refused:
        acme.load(acme.write("campaigns.csv", campaign_rows("10.00")), 2)
    assert refused.value.code == "rows-overlap"
    assert acme.spark9("client", "set", "acme/meta/2024", "--overlap", "both").code == 0
    both = acme.load(acme.write("campaigns.csv", campaign_rows("10.00")), 2)
    assert any("both count, as set in the registry: 10.00 and 10.00 of spend" in warning for warning in both.warnings)
    assert acme.build_clients().success
    assert counting(acme) == [(1, 2, Decimal(10)), (2, 1, Decimal(10))]
    assert acme.spark9("client", "set", "acme/meta/2024").code == 2
    assert acme.spark9("client", "set", "acme/meta/2024", "--overlap", "some").code == 2


@pytest.mark.slow
def test_results_of_different_kinds_are_not_added_up(acme: ProjectUnderTest) -> None:
    header = ["Day", "Campaign name", "Results", "Result indicator", "Purchases conversion value", "Amount spent (EUR)"]
    rows = [
        ["2024-01-01", "c", 4, "actions:offsite_conversion.fb_pixel_purchase", "80.00", "20.00"],
        ["2024-01-02", "c", 900, "actions:post_engagement", "", "10.00"],
    ]
    acme.load(acme.write("a.csv", as_csv([header, *rows])), 1)
    purchases = as_csv([["Day", "Campaign name", "Purchases", "Amount spent (EUR)"], ["2024-02-01", "c", 3, "9.00"]])
    acme.load(acme.write("b.csv", purchases), 2)
    assert acme.dbt("build").success
    found = acme.query("select conversion_type, conversions, roas from marts.campaign_performance order by conversions")
    assert found == [
        ("purchases", 3, None),
        ("actions:offsite_conversion.fb_pixel_purchase", 4, 4),
        ("actions:post_engagement", 900, None),
    ]


def test_a_sign_beside_currency_codes_is_no_doubt(acme: ProjectUnderTest) -> None:
    header = ["Day", "Campaign name", "Currency", "Impressions", "Amount spent"]
    plain = acme.load(acme.write("a.csv", as_csv([header, ["2024-01-01", "c", "AUD", 9, "$1.50"]])), 1)
    assert plain.warnings == []
    unsure = acme.load(acme.write("b.csv", as_csv([header, ["2024-02-01", "c", "", 9, "$1.50"]])), 2)
    assert unsure.plan
    assert unsure.plan.questions == []
