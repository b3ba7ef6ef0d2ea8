"""The page Customer 360: its figures are those of gold, and only admins see them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.access import NotAllowedError, Viewer
from app.runtime import Runtime
from app.service import Service
from app.settings import AppSettings
from areas.customer_360 import queries
from tests.app.conftest import READER
from tests.app.served import served, settled
from tests.app.test_browser import serious_violations
from tests.app.test_views import Draw, drawn, words  # noqa: F401 - drawn is a fixture
from tests.support import ProjectUnderTest

TABS = ("Overview", "Segments", "Transactions", "Churn", "Data quality")


def test_the_page_shows_gold_and_keeps_it_for_admins(built: ProjectUnderTest, drawn: Draw) -> None:
    runtime = Runtime(built.project, AppSettings())
    admin = Service(runtime, Viewer("ann", is_admin=True), runtime.snapshot())
    found = queries.totals(admin.marts).iloc[0]
    [(customers, spend)] = built.query("select count(*), sum(spend_90_days) from gold.customer_segments")
    assert found["customers"] == customers
    assert found["spend_90_days"] == pytest.approx(float(spend))
    assert queries.segments(admin.marts)["share_of_spend"].sum() == pytest.approx(1)
    [(transactions, total)] = built.query(
        "select count(*), sum(case when status = 'approved' then transaction_amount end) from bronze.raw_transactions"
    )
    for by in ("merchant_category", "channel"):
        split = queries.transactions(admin.marts, by)
        assert split["transactions"].sum() == transactions
        assert split["spend"].sum() == pytest.approx(float(total))
    risky = queries.at_risk(admin.marts)
    assert risky["churn_probability"].is_monotonic_decreasing
    assert list(queries.calibration(admin.marts)["decile"]) == list(range(1, 11))
    assert set(queries.checks(admin.marts)["latest_status"]) == {"pass"}
    assert len(queries.generations(admin.marts)) == 19
    stranger = Service(runtime, Viewer("eve", accesses={"client_other_meta_2024": "owner"}), runtime.snapshot())
    for query in (queries.totals, queries.months, queries.segments, queries.at_risk, queries.checks, queries.weekdays):
        with pytest.raises(NotAllowedError):
            query(stranger.marts)
    for tab in TABS:
        shown = drawn("areas.customer_360.page", built.root, show=tab)
        assert len(shown.dataframe) >= 1, tab
        assert not shown.exception
    assert "Only admins" in words(drawn("areas.customer_360.page", built.root, READER))


def test_a_page_without_the_area_says_what_to_do(drawn: Draw, two_built_waves: ProjectUnderTest) -> None:
    assert "Nothing has been built yet. Whoever runs spark9 generates and builds it." in words(
        drawn("areas.customer_360.page", two_built_waves.root)
    )


@pytest.mark.slow
def test_the_page_fits_and_can_be_used_by_all_in_a_browser(built: ProjectUnderTest, chromium: Browser) -> None:
    with served(built.root) as pages:
        for width, scheme in ((390, "dark"), (1280, "light")):
            context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(f"{pages.url}/customer_360")
            settled(page)
            assert page.get_by_role("heading", level=1).inner_text() == "Customer 360"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert serious_violations(page) == []
            for tab in TABS[1:]:
                page.get_by_role("tab", name=tab).click()
                settled(page)
                assert page.get_by_text("Traceback").count() == 0
            context.close()


@pytest.mark.slow
def test_pages_pass_over_clients_and_areas_that_were_never_made(
    built: ProjectUnderTest, drawn: Draw, tmp_path: Path
) -> None:
    """As in a fresh clone, whose registry has the clients of the demo: customer 360 is built, and nothing else."""
    project = built.copy(tmp_path)
    project.add("acme", "meta", 2024)
    project.change("drop schema client_acme_meta_2024 cascade")
    areas = ("areas.engagement.page", "areas.customer_360.page")
    for view in ("overview", "upload", "waves", *areas, "clients", "operations"):
        assert not drawn(view, project.root).error, view
        for parameters in ({"client": "acme/meta/2024"}, {"client": "acme/meta/2024", "wave": "1"}):
            assert not drawn(view, project.root, **parameters).exception, view
    run = project.spark9("build")
    assert run.code == 0, run.text
    for view in ("overview", "waves", "operations"):
        assert not drawn(view, project.root).exception, view
