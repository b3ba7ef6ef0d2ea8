"""The page Engagement: its figures are the marts', and only admins see what is no client's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from app.access import NotAllowedError, Viewer
from app.runtime import Runtime
from app.service import Service
from app.settings import AppSettings
from areas.engagement import queries
from areas.engagement.tests.conftest import Engagement, event
from tests.app.conftest import READER
from tests.app.served import served, settled
from tests.app.test_browser import serious_violations
from tests.app.test_views import Draw, drawn, words  # noqa: F401 - drawn is a fixture
from tests.support import ProjectUnderTest
from tests.written import meta_csv


@pytest.fixture
def built_area(engagement: Engagement) -> Engagement:
    """The area built, beside a client with a campaign that the visitors came by."""
    engagement.add("acme", "meta", 2024)
    engagement.load(engagement.write("a.csv", meta_csv(4)), 1)
    assert engagement.dbt("build").success
    [(campaign,)] = engagement.query("select distinct campaign_name from marts.campaign_performance limit 1")
    url = f"https://shop.example/?utm_source=facebook&utm_campaign={campaign.replace(' ', '%20')}"
    engagement.customers("a.csv", [["c1", "Ann", "ann@x.org", "EU", "2026-01-01"]])
    engagement.events(
        "a.json",
        [
            event(1, "c1", 0, page_url=url),
            event(2, "c1", 1),
            event(3, "v1", 0, page_url="https://shop.example/?utm_source=x"),
        ],
    )
    engagement.ingest()
    assert engagement.build().success
    return engagement


@pytest.mark.slow
def test_the_page_shows_what_campaigns_brought_and_keeps_the_rest_for_admins(
    built_area: Engagement, drawn: Draw
) -> None:
    runtime = Runtime(built_area.project, AppSettings())
    admin = Service(runtime, Viewer("ann", is_admin=True), runtime.snapshot())
    found = queries.campaigns(admin.marts)
    spent = built_area.query("select sum(amount_spent) from marts.campaign_performance")[0][0]
    assert float(found["amount_spent"].sum()) == pytest.approx(float(spent))
    matched = found[found["match_status"] == "matched"].iloc[0]
    assert (matched["sessions"], matched["engaged_customers"]) == (1, 1)
    assert matched["cost_per_session"] == pytest.approx(matched["amount_spent"])
    assert list(found[found["client_schema"].isna()]["match_status"]) == ["no rule"]
    assert queries.totals(admin.marts).iloc[0]["sessions"] == 2

    stranger = Service(runtime, Viewer("eve", accesses={"client_other_meta_2024": "owner"}), runtime.snapshot())
    assert queries.campaigns(stranger.marts).empty
    for query in (queries.totals, queries.pages, queries.customers, queries.checks, queries.log):
        with pytest.raises(NotAllowedError):
            query(stranger.marts)

    for tab in ("Campaigns", "Pages", "Customers", "Checks", "Log"):
        shown = drawn("areas.engagement.page", built_area.root, show=tab)
        assert len(shown.dataframe) == 1, tab
    assert "ann@x.org" not in str(shown)


def test_a_page_without_the_area_says_what_to_do(drawn: Draw, two_built_waves: ProjectUnderTest) -> None:
    for person in ("", READER):
        assert "Whoever runs spark9 ingests customers and clicks first." in words(
            drawn("areas.engagement.page", two_built_waves.root, person)
        )


@pytest.mark.slow
def test_the_page_fits_and_can_be_used_by_all_in_a_browser(built_area: Engagement, chromium: Browser) -> None:
    with served(built_area.root) as pages:
        for width, scheme in ((390, "dark"), (1280, "light")):
            context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(f"{pages.url}/engagement")
            settled(page)
            assert page.get_by_role("heading", level=1).inner_text() == "Engagement"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert serious_violations(page) == []
            for tab in ("Pages", "Customers", "Checks", "Log"):
                page.get_by_role("tab", name=tab).click()
                settled(page)
                assert page.get_by_text("Traceback").count() == 0
            context.close()
