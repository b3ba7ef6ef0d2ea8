"""Every platform in every language, and its API's columns: the same table from each, to the cent and the day."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

from loader import LoadResult, client_schema, create_client_platform_schema, find_project
from loader.errors import FileRefusedError
from loader.files.headers import PlatformColumns
from loader.files.options import reading_options
from loader.names import normalised_header
from loader.waves.columns import core_columns
from tests.platform_exports import PLATFORM_EXPORTS, PlatformExport
from tests.support import ROOT, ProjectUnderTest, copy_project

# what nothing in such a file says: whether whole sums are in millionths
MICROS_UNSURE = ("reddit api",)
PLATFORMS = sorted({export.platform for export in PLATFORM_EXPORTS})
TRUTH = (
    "date_start",
    "campaign_name",
    "ad_set_name",
    "currency",
    "impressions",
    "clicks",
    "conversions",
    "amount_spent",
)


@pytest.fixture(scope="module")
def onboarded(tmp_path_factory: pytest.TempPathFactory) -> ProjectUnderTest:
    """A client for each platform, without waves."""
    project = ProjectUnderTest(copy_project(tmp_path_factory.mktemp("exports") / "project"))
    for platform in PLATFORMS:
        create_client_platform_schema(project.project, client_schema("acme", platform, 2026))
    return project


def load(project: ProjectUnderTest, export: PlatformExport, wave: int, dry_run: bool = False) -> LoadResult:
    client = client_schema("acme", export.platform, 2026)
    options = reading_options(money="micros" if export.name in MICROS_UNSURE else None)
    file = project.write(f"{export.name}.csv", export.content())
    return project.load(file, wave, client, options=options, dry_run=dry_run)


# one of each platform; the slow test below has all of them
@pytest.mark.parametrize(
    "export",
    {export.platform: export for export in reversed(PLATFORM_EXPORTS)}.values(),
    ids=lambda export: export.name,
)
def test_an_export_in_any_dress_gives_the_rows_that_it_holds(
    onboarded: ProjectUnderTest, export: PlatformExport
) -> None:
    preview = load(onboarded, export, 1, dry_run=True).preview
    assert preview is not None
    rows = [dict(zip(("row_number", *preview.columns), row, strict=True)) for row in preview.rows]
    assert all(row.get("date_end") in (None, row["date_start"]) for row in rows)
    assert sorted((str(row["date_start"]), *(row[column] for column in TRUTH[1:])) for row in rows) == export.truth()


@pytest.mark.slow
def test_exports_of_all_platforms_in_any_dress_are_built_to_the_rows_that_they_hold(
    onboarded: ProjectUnderTest, tmp_path: Path
) -> None:
    project = onboarded.copy(tmp_path)
    for _, exports in groupby(PLATFORM_EXPORTS, key=lambda export: export.platform):
        for wave, export in enumerate(exports, 1):
            load(project, export, wave)
    assert project.dbt("build", "--exclude-resource-type", "test", "unit_test").success
    for export in PLATFORM_EXPORTS:
        rows = project.query(
            f"select date_start::varchar, {', '.join(TRUTH[1:-1])}, cast(amount_spent as decimal(18, 2)) "
            f"from client_acme_{export.platform}_2026.processed_campaign_data where file_name = '{export.name}.csv' "
            "and coalesce(date_end, date_start) = date_start"
        )
        assert sorted(rows) == export.truth(), export.name


@pytest.mark.parametrize("name", MICROS_UNSURE)
def test_whole_sums_that_could_be_millionths_stop_the_load(onboarded: ProjectUnderTest, name: str) -> None:
    export = next(export for export in PLATFORM_EXPORTS if export.name == name)
    client = client_schema("acme", export.platform, 2026)
    file = onboarded.write(f"{name} again.csv", export.content() + b"\n")
    with pytest.raises(FileRefusedError) as caught:
        onboarded.load(file, 9, client, dry_run=True)
    assert caught.value.code == "units-unsure"
    assert "3,000,000,000.00 as written, or 3,000.00 if in millionths" in caught.value.problem
    planned = onboarded.load(file, 9, client, dry_run=True, options=reading_options(money="units"))
    assert planned.plan
    spend = next(row for row in planned.plan.columns if row.target_column == "amount_spent")
    assert spend.control_sum == 5_254_950_000


def test_sums_with_fractions_and_small_ones_are_no_millionths(onboarded: ProjectUnderTest) -> None:
    client = client_schema("acme", "reddit", 2026)
    for sums in (("12000.50", "20000"), ("0", "9999")):
        text = "date,campaign_name,spend\n" + "".join(f"2026-10-0{day},c,{cell}\n" for day, cell in enumerate(sums, 1))
        plan = onboarded.plan(text, 9, client)
        assert [row.value_format for row in plan.columns if row.target_column == "amount_spent"] == ["plain"]


def test_millionths_are_said_in_the_plan_and_can_be_contradicted(onboarded: ProjectUnderTest) -> None:
    client = client_schema("acme", "pinterest", 2026)
    text = "date,campaign_name,spend_in_micro_dollar\n2026-10-01,c,10500000\n"
    reasons, sums = [], []
    for money in (None, "units"):
        plan = onboarded.plan(text, 9, client, money=money)
        spend = next(row for row in plan.columns if row.target_column == "amount_spent")
        reasons.append(spend.reason)
        sums.append(spend.control_sum)
    assert reasons == ["known header of pinterest, in millionths", "known header of pinterest"]
    assert sums == [Decimal("10.5"), Decimal(10_500_000)]


def test_days_of_a_campaign_are_no_days_of_its_figures(onboarded: ProjectUnderTest) -> None:
    text = "Campaigns,Start date,End date,Impressions,Spend\na,2026-01-01,,100,1.50\nb,2026-03-01,2026-12-31,100,2.50\n"
    result = onboarded.load(onboarded.write("ads.csv", text), 9, client_schema("acme", "amazon", 2026), dry_run=True)
    assert result.plan
    assert result.plan.days is None
    assert [warning for warning in result.warnings if "missing" in warning] == [
        "1 column is missing (required, but not in this file): 'date_start'"
    ]


HOURS = {
    "tiktok": ("Campaign name,By Hour,Impressions,Cost", "A,2026-10-01 {:02}:00:00,100,5"),
    "googleads": ("Campaign,Day,Hour of the day,Impr.,Cost", "A,2026-10-01,{},100,5"),
    "meta": ("Campaign name,Day,Time of day (ad account time zone),Impressions,Amount spent (EUR)",
             "A,2026-10-01,{0:02}:00:00 - {0:02}:59:59,100,5"),
    "microsoft": ("Campaign name,Gregorian date,Hour of day,Impressions,Spend", "A,2026-10-01,{},100,5"),
}  # fmt: skip


@pytest.mark.slow
def test_hours_of_one_day_are_no_repeated_rows(project: ProjectUnderTest) -> None:
    for platform, (header, row) in HOURS.items():
        client = project.add("hours", platform, 2026)
        file = project.write("hours.csv", "\n".join([header, *(row.format(hour) for hour in range(24))]) + "\n")
        plan = project.load(file, 1, client).plan
        assert plan
        assert plan.questions == []
        assert plan.days == (date(2026, 10, 1), date(2026, 10, 1))
    # the same hour twice
    client = project.add("hours", "snapchat", 2026)
    cells = "2026-10-01 05:00:00,A,100,5.00\n"
    project.load(project.write("twice.csv", f"Date,Campaign Name,Impressions,Spend\n{cells}{cells}"), 1, client)
    project.build_clients()
    scores = {
        platform: project.query(f"select data_quality_score, row_count from client_hours_{platform}_2026.wave_quality")
        for platform in (*HOURS, "snapchat")
    }
    assert scores == {platform: [(1, 24)] for platform in HOURS} | {"snapchat": [(Decimal("0.925"), 2)]}


def test_unknown_headers_are_suggested_what_they_mean_in_other_languages_and_on_other_platforms(
    onboarded: ProjectUnderTest,
) -> None:
    known = PlatformColumns(onboarded.project)
    found = {
        (platform, header): str(known.suggest(platform, header))
        for platform, header in (
            ("meta", "Importo speso totale"),
            ("meta", "Linkklick"),
            ("tiktok", "Importo speso (EUR)"),
        )
    }
    assert found == {
        ("meta", "Importo speso totale"): "similar to 'Importo speso' (amount_spent, 79 of 100)",
        ("meta", "Linkklick"): "similar to 'Linkklicks' (clicks, 95 of 100)",
        ("tiktok", "Importo speso (EUR)"): "'Importo speso' is amount_spent on other platforms",
    }
    assert known.suggest("tiktok", "Nothing of the kind") is None


def test_an_export_looks_like_no_other_platforms_on_its_own(onboarded: ProjectUnderTest) -> None:
    known = PlatformColumns(onboarded.project)
    for export in PLATFORM_EXPORTS:
        headers = [column.partition("=")[0] for column in export.columns]
        assert known.looks_like(export.platform, headers, CORE) is None, export.name
        assert known.looks_like("quora", headers, CORE) is None, export.name  # nothing is known of it


CORE = core_columns(find_project(ROOT))
# words that all platforms use tell these from no other, and Microsoft names some columns as Google and X do
NOT_TOLD = {("reddit api", platform) for platform in PLATFORMS if platform != "reddit"} | {
    ("googleads en", "microsoft"),
    ("microsoft api", "googleads"),
    ("microsoft api", "pinterest"),
    ("microsoft api", "twitter"),
    ("reddit en", "linkedin"),
    ("reddit en", "pinterest"),
    ("reddit en", "tiktok"),
}


def test_figures_that_every_platform_has_tell_no_platform(onboarded: ProjectUnderTest) -> None:
    known = PlatformColumns(onboarded.project)
    for headers in (
        ["Day", "Campaign name", "Impressions", "Amount spent (EUR)", "Leads", "Cost per lead", "Shares"],
        ["Date", "Campaign", "Cost", "Clicks", "Impressions"],
        ["Day", "Campaign name", "Results", "Amount spent (EUR)", "Ad group", "Avg. CPC", "Conversion rate"],
    ):
        assert known.looks_like("meta", headers, CORE) is None


def test_an_export_of_another_platform_stops_the_load(onboarded: ProjectUnderTest) -> None:
    known = PlatformColumns(onboarded.project)
    found = {
        (export.name, platform)
        for export in PLATFORM_EXPORTS
        for platform in PLATFORMS
        if export.platform != platform
        and known.looks_like(platform, [column.partition("=")[0] for column in export.columns], CORE) is None
    }
    assert found == NOT_TOLD
    google = next(export for export in PLATFORM_EXPORTS if export.name == "googleads en")
    file = onboarded.write("report.csv", google.content())
    with pytest.raises(FileRefusedError) as caught:
        onboarded.load(file, 20, client_schema("acme", "meta", 2026))
    assert caught.value.code == "other-platform"
    assert "looks like an export of Google Ads ('Ad group', 'Currency code', 'Impr.', 'Cost')" in caught.value.problem
    assert "acme/meta/2026 is on Meta Ads" in caught.value.problem
    assert onboarded.load(file, 20, client_schema("acme", "meta", 2026), other_platform=True, dry_run=True).plan


def seed(name: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_language_of_every_platform_has_a_dress_and_a_source() -> None:
    known = {(row["platform"], row["language"]) for row in seed("platform_columns")}
    assert known == {(row["platform"], row["language"]) for row in seed("platform_languages")}
    assert known == {(export.platform, export.language) for export in PLATFORM_EXPORTS if export.language != "api"}
    assert {row["platform"] for row in seed("platforms")} == {platform for platform, _ in known}


def test_no_header_of_a_platform_means_two_things_in_two_languages() -> None:
    meanings: dict[tuple[str, str], set[str]] = {}
    for row in seed("platform_columns"):
        key = (row["platform"], normalised_header(row["header"]))
        meanings.setdefault(key, set()).add(row["language"])
    assert {key: found for key, found in meanings.items() if len(found) > 1} == {}
