"""A person's way through the pages, in a real browser, by what is on the screen."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as Late

from app.components.page_words import COMMAND
from tests.app.conftest import READER
from tests.app.proxy import proxy
from tests.app.served import Served, served, settled
from tests.platform_exports import PLATFORM_EXPORTS
from tests.support import ProjectUnderTest
from tests.written import as_csv, meta_csv

# half of them by night on a phone, half by day on a screen; the soak has both of each
BY_NIGHT = ("overview?period=All+days", "upload", "waves?client=nike/meta/2024&wave=1")
BY_DAY = ("waves", "clients", "operations")
_HEADER = [
    "Day",
    "Campaign name",
    "Ad set name",
    "Ad name",
    "Reach",
    "Impressions",
    "Link clicks",
    "Amount spent (USD)",
]


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def look(page: Page, url: str) -> Page:
    page.goto(url)
    return settled(page)


def unsure_export(month: str, extra: bool = False) -> str:
    """An export whose days could be read either way; with a column that is new and one that is missing."""
    header = [name for name in _HEADER if not extra or name != "Reach"] + (["Video plays"] if extra else [])
    rows = [
        [f"0{day}/{month}/2026", "Brand", f"Set {day}", f"Ad {day}", *([] if extra else [900]), 1000 * day, 10 * day,
         f"{1.5 * day:.2f}", *(["77"] if extra else [])]
        for day in range(1, 6)
    ]  # fmt: skip
    return as_csv([header, *rows])


def upload(page: Page, *files: Path) -> None:
    page.set_input_files("input[type=file]", [str(file) for file in files])
    settled(page)


def load(page: Page) -> None:
    page.get_by_role("button", name=re.compile(r"Load \d exports? and build")).click()
    page.get_by_role("button", name="Upload another export").wait_for()
    settled(page)


@pytest.mark.slow
def test_from_the_first_export_to_a_chart_and_back(project: ProjectUnderTest, page: Page, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    first, second = project.write("may.csv", unsure_export("05")), project.write("june.csv", unsure_export("06", True))
    with served(project.root, TMPDIR=str(temporary)) as pages:
        # onboard by the first upload; what the file leaves open is asked, with both readings
        look(page, f"{pages.url}/")
        page.get_by_role("link", name="Upload an export").click()
        upload(page, first)
        expect(page.get_by_text("its headers are those of Meta Ads; its days are of 2026")).to_be_visible()
        page.get_by_label("Name of the client").fill("acme")
        page.keyboard.press("Enter")
        expect(page.get_by_text("This needs your decision.")).to_be_visible()
        assert str(temporary) not in page.inner_text("[data-testid=stMainBlockContainer]")
        expect(page.get_by_text("5 rows by ad · 2026-05-01 to 2026-05-05 · spend 22.50 USD")).to_be_visible()
        expect(page.get_by_text("5 rows by ad · 2026-01-05 to 2026-05-05 · spend 22.50 USD")).to_be_visible()
        assert not project.database.exists()
        page.get_by_role("button", name="Use this").first.click()
        expect(page.get_by_text("Expected score 1.0000: good")).to_be_visible()
        load(page)
        expect(page.get_by_text("5 rows, 8 columns loaded as wave 1 of acme/meta/2026")).to_be_visible()
        # the chart, and a view that can be sent to somebody
        page.get_by_text("See the results of the campaigns").click()
        expect(page.get_by_role("heading", name="By campaign")).to_be_visible()
        page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for()
        assert "client=acme%2Fmeta%2F2026" in page.url
        expect(page.get_by_text("22.50 USD").first).to_be_visible()
        # a second wave with a new and a missing column: the decision of the first holds, as the note says
        page.get_by_role("link", name="Upload").first.click()
        settled(page)
        page.get_by_role("button", name="Upload another export").click()
        settled(page)
        upload(page, second)
        choose(page, "Client", "acme · Meta Ads · 2026")
        expect(page.get_by_text("New columns: video_plays")).to_be_visible()
        expect(page.get_by_text("Missing columns: reach")).to_be_visible()
        load(page)
        page.get_by_text("See the scores and rows of this client's waves").click()
        expect(page.get_by_role("heading", name="acme/meta/2026, wave 2")).to_be_visible()
        expect(page.get_by_text("of the columns of earlier waves are present; missing: reach")).to_be_visible()
        correct_and_roll_back(page)
    assert list(temporary.glob("spark9-*")) == [], "uploads go with the server"
    assert project.query("select wave_number, count(*), sum(amount_spent) from client_acme_meta_2026.processed_campaign_data "
                         "group by 1")[0][:2] == (1, 5)  # fmt: skip
    by = project.query("select distinct processing_stage, done_by from client_acme_meta_2026.processing_log")
    assert {"UPLOAD", "MAPPING", "ROLLBACK", "PROCESS"} <= {stage for stage, who in by if who}


def correct_and_roll_back(page: Page) -> None:
    """Give a column a type of its own, process the wave again, and roll it back."""
    page.get_by_role("tab", name="Columns").click()
    choose(page, "Column", "Video plays")
    choose(page, "The column", "gets a typed column of its own")
    page.get_by_role("button", name="Correct and build").click()
    expect(page.get_by_text("Correct 'Video plays' of wave 2, acme/meta/2026: done.")).to_be_visible()
    page.get_by_role("tab", name="Files").click()
    page.get_by_role("button", name="Reprocess").click()
    expect(page.get_by_text("Reprocess wave 2, acme/meta/2026: done.")).to_be_visible()
    page.get_by_role("tab", name="Rows").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    header = Path(download.value.path()).read_text(encoding="utf-8").splitlines()[0]
    assert "video_plays" in header
    page.get_by_role("tab", name="Files").click()
    page.get_by_role("button", name="Roll back …").click()
    page.get_by_role("button", name="Roll back", exact=True).click()
    expect(page.get_by_text("Roll back wave 2, acme/meta/2026: done.")).to_be_visible()
    # nothing else is shown in its place, which the next click would roll back
    expect(page.get_by_text("has no wave 2")).to_be_visible()
    choose(page, "Wave", "1")
    expect(page.get_by_role("heading", name="acme/meta/2026, wave 1")).to_be_visible()


def choose(page: Page, label: str, option: str, at: int = 0) -> None:
    """Choose from a list; again where the page was drawn anew meanwhile, which closes the list."""
    for _ in range(3):
        page.get_by_label(label, exact=True).nth(at).click()
        with suppress(Late):
            page.get_by_role("option", name=option).click(timeout=5_000)
            break
    settled(page)


@pytest.mark.slow
def test_another_persons_client_is_refused_by_address(
    two_clients: ProjectUnderTest, tmp_path: Path, page: Page
) -> None:
    copy = two_clients.copy(tmp_path / "signed_in")
    with (
        served(
            copy.root, SPARK9_APP_SIGN_IN="proxy", SPARK9_APP_PROXY="127.0.0.1", SPARK9_APP_HOSTS="127.0.0.1"
        ) as pages,
        proxy(int(pages.url.rpartition(":")[2]), READER) as url,
    ):
        response = page.goto(pages.url)
        assert response is not None
        assert (response.status, page.inner_text("body").strip()) == (403, "Sign in through the proxy.")
        look(page, f"{url}/waves?client=nike/meta/2024&wave=1")
        expect(page.get_by_text("There is no client nike/meta/2024 that you have access to.")).to_be_visible()
        look(page, f"{url}/waves")
        assert "nike" not in page.inner_text("body")
        look(page, f"{url}/?client=nike/meta/2024&currency=EUR")
        assert "nike" not in page.inner_text("body")
        assert "EUR" not in page.inner_text("body")
        assert page.request.get(f"{url}/lineage").status == 403
        look(page, f"{url}/waves?client=acme/meta/2024&wave=1")
        page.get_by_role("tab", name="Files").click()
        expect(
            page.get_by_text("Only owners of the client can replace, verify, compare and roll back.")
        ).to_be_visible()


@pytest.mark.slow
def test_a_view_is_in_its_address(looked_at: Served, page: Page, context: BrowserContext) -> None:
    look(page, f"{looked_at.url}/")
    choose(page, "Period", "All days")
    choose(page, "Currency", "USD")
    choose(page, "Client", "acme/meta/2024")
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Clicks").click()
    settled(page)
    address = page.url
    assert {"period=All+days", "client=acme%2Fmeta%2F2024", "measure=Clicks"} <= set(
        address.partition("?")[2].split("&")
    )
    other = look(context.new_page(), address)
    figures = "[data-testid=stMetricValue]"
    expect(other.locator(figures)).to_have_count(page.locator(figures).count())
    assert other.locator(figures).all_inner_texts() == page.locator(figures).all_inner_texts()
    assert "24.00 USD" in other.inner_text("body")
    # a click goes deeper, down to the rows
    table = other.locator("[data-testid=stDataFrame] canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    other.mouse.click(box["x"] + 60, box["y"] + box["height"] - 16)
    expect(
        other.locator(".st-key-filters [data-tag]", has_text="Spring")
        .or_(other.locator(".st-key-filters span[title=Spring]"))
        .first
    ).to_be_visible()
    assert "campaign=Spring" in other.url
    expect(other.get_by_role("heading", name="By ad set")).to_be_visible()
    # each page is under its own name, the first one too
    look(other, f"{looked_at.url}/overview")
    expect(other.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    expect(other.get_by_role("dialog")).to_have_count(0)
    # the latest wave is in the address too, where another may soon be the latest
    look(other, f"{looked_at.url}/waves?client=acme%2Fmeta%2F2024")
    expect(other.get_by_role("heading", name="acme/meta/2024, wave 2")).to_be_visible()
    assert "wave=2" in other.url
    choose(other, "Wave", "1")
    expect(other.get_by_role("heading", name="acme/meta/2024, wave 1")).to_be_visible()
    assert "wave=1" in other.url
    look(other, other.url.replace("wave=1", "wave=99"))
    expect(other.get_by_text("has no wave 99")).to_be_visible()


@pytest.mark.slow
def test_a_saved_view_is_sent_printed_and_taken_along(
    agency: ProjectUnderTest, page: Page, context: BrowserContext
) -> None:
    with served(agency.root) as pages:
        look(page, f"{pages.url}/?period=All+days&currency=USD")
        choose(page, "Campaign", "Spring")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Saved views").click()
        page.get_by_label("Name", exact=True).fill("Spring & summer")
        page.keyboard.press("Tab")
        settled(page)
        page.get_by_role("button", name="Save this view").click()
        settled(page)
        address, figures = page.url, figures_of(page)
        assert "campaign=Spring" in address
        # by name, from another window and another selection
        look(page, f"{pages.url}/")
        assert figures_of(page) != figures
        page.get_by_role("button", name="Saved views").click()
        page.get_by_role("button", name="Spring & summer").click()
        settled(page)
        expect(page.locator("[data-testid=stMetricValue]")).to_have_count(len(figures))
        assert (page.url, figures_of(page)) == (address, figures)
        # by address
        other = look(context.new_page(), address)
        expect(other.locator("[data-testid=stMetricValue]")).to_have_count(len(figures))
        assert figures_of(other) == figures
        taken_along(other)
        printed(other)


def figures_of(page: Page) -> list[str]:
    return page.locator("[data-testid=stMetricValue]").all_inner_texts()


def taken_along(page: Page) -> None:
    """Downloads have the figures of the screen."""
    for button, ending, begins in (
        ("CSV", ".csv", b"\xef\xbb\xbfclient,from,to,currency,spend,"),
        ("Excel", ".xlsx", b"PK"),
        ("Chart as PNG", ".png", b"\x89PNG"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).last.click()
        assert download.value.suggested_filename.endswith(ending)
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(begins), button
        if ending == ".csv":
            assert b"\r\nacme/meta/2024,2024-01-01,2024-03-01,USD,24,8020,100,1.2469,0.24,2.9925,,,\r\n" in content


def printed(page: Page) -> None:
    """On paper there is nothing to click, and nothing is wider than the page."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})
    page.wait_for_timeout(500)
    assert page.get_by_role("button").all() == [] or not any(
        one.is_visible() for one in page.get_by_role("button").all()
    )
    assert not page.get_by_test_id("stHeader").is_visible()
    expect(page.locator(".on-paper table")).to_be_visible()
    expect(page.get_by_text("Currency: USD; Campaign: Spring")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    for chart in page.get_by_test_id("stVegaLiteChart").all():
        box = chart.locator("canvas, svg").first.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 700
    page.emulate_media(media="screen")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "scheme", "paths"),
    [
        (390, "dark", BY_NIGHT),
        (1280, "light", BY_DAY),
        pytest.param(390, "light", (*BY_NIGHT, *BY_DAY), marks=pytest.mark.soak),
        pytest.param(1280, "dark", (*BY_NIGHT, *BY_DAY), marks=pytest.mark.soak),
    ],
)
def test_pages_fit_and_can_be_used_by_all(
    looked_at: Served, chromium: Browser, width: int, scheme: str, paths: tuple[str, ...]
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for path in paths:
        look(page, f"{looked_at.url}/{path}")
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert serious_violations(page) == [], (path, width, scheme)
    context.close()


def serious_violations(page: Page) -> list[tuple[str, list[object]]]:
    """What hinders people on a page; looked at again, since what Streamlit draws anew is pale for a moment."""
    serious: list[tuple[str, list[object]]] = []
    for _ in range(4):
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
        serious = [
            (violation["id"], [node["target"] for node in violation["nodes"]][:3])
            for violation in found.response["violations"]
            if violation["impact"] in ("serious", "critical") and not is_streamlits(violation)
        ]
        if not serious:
            break
        page.wait_for_timeout(1500)
    return serious


def is_streamlits(violation: dict[str, object]) -> bool:
    """What Streamlit's own widgets break, and no page can mend."""
    return json.dumps(violation).count('data-testid=\\"stFileUploader') > 0 and violation["id"] == "nested-interactive"


@pytest.mark.soak
def test_what_goes_wrong_is_said_and_nothing_is_half_done(agency: ProjectUnderTest, context: BrowserContext) -> None:
    again = agency.write("a.csv", meta_csv(4))
    picture = agency.write("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    google = agency.write(
        "google.csv",
        "Day,Campaign,Ad group,Clicks,Impr.,Cost,Currency code,Avg. CPC\n2024-05-01,c,g,1,2,3.00,USD,3.00\n",
    )
    new = agency.write("new.csv", meta_csv(4, day="2024-05-01"))
    with served(agency.root) as pages:
        page = look(context.new_page(), f"{pages.url}/upload?client=acme/meta/2024")
        upload(page, again, picture, google)
        expect(page.get_by_text("already loaded as wave 1").first).to_be_visible()
        expect(page.get_by_text("is not a text file")).to_be_visible()
        expect(page.get_by_text("looks like an export of Google Ads")).to_be_visible()
        expect(page.get_by_role("button", name="Load 0 exports and build")).to_be_disabled()
        # somebody else builds meanwhile
        holder = hold(agency.database)
        page = look(context.new_page(), f"{pages.url}/upload?client=acme/meta/2024")
        expect(page.get_by_text("A load or build is running. Data as of")).to_be_visible()
        upload(page, new)
        page.get_by_role("button", name="Load 1 export and build").click()
        expect(page.get_by_text("The database is in use")).to_be_visible()
        # the tab is closed in the middle, and the process that loads is ended
        page.close()
        os.kill(pages.worker(), signal.SIGKILL)
        holder.communicate("", timeout=30)
        page = look(context.new_page(), f"{pages.url}/operations")
        expect(page.get_by_text("Requested on these pages: 2 jobs")).to_be_visible()
        page = look(context.new_page(), f"{pages.url}/upload?client=acme/meta/2024")
        upload(page, new)
        load(page)
        expect(page.get_by_text("loaded as wave 3 of acme/meta/2024")).to_be_visible()
    assert agency.query("select wave_number, count(*) from client_acme_meta_2024.processed_campaign_data group by 1 order by 1") == [
        (1, 4), (2, 4), (3, 4),
    ]  # fmt: skip


def hold(database: Path) -> subprocess.Popen[str]:
    """Another process that writes the database until it is told to end."""
    code = (
        f"import duckdb, sys; c = duckdb.connect({str(database)!r}); c.execute('create table marts.held (a integer)'); "
        "c.execute('checkpoint'); print('at work', flush=True); sys.stdin.read(); c.execute('drop table marts.held')"
    )
    held = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert held.stdout is not None
    held.stdout.readline()
    return held


@pytest.mark.slow
def test_three_files_of_three_platforms_go_where_they_belong_in_one_go(agency: ProjectUnderTest, page: Page) -> None:
    for platform in ("googleads", "tiktok"):
        agency.add("acme", platform, 2026)
    google, tiktok = (
        next(export for export in PLATFORM_EXPORTS if export.name == name).content()
        for name in ("googleads de", "tiktok en")
    )
    # the first says all of it, the second its client, the third nothing
    files = [
        agency.write("acme_meta_2024_wave3.csv", meta_csv(5, day="2024-03-01")),
        agency.write("2026 Acme Google.csv", google),
        agency.write("export.csv", tiktok),
    ]
    with served(agency.root) as pages:
        look(page, f"{pages.url}/upload")
        upload(page, *files)
        expect(page.get_by_text("3 exports for 2 clients and 2 waves")).to_be_visible()
        expect(
            page.get_by_text("Proposed because its name says acme; its headers are those of Meta Ads")
        ).to_be_visible()
        assert [box.input_value() for box in page.get_by_label("Client", exact=True).all()] == [
            "acme · Meta Ads · 2024", "acme · Google Ads · 2026", "",
        ]  # fmt: skip
        # first for a wrong client, whose page offers the right one first
        choose(page, "Client", "nike · Meta Ads · 2024", 2)
        expect(page.get_by_text("looks like an export of TikTok Ads")).to_be_visible()
        offers = [button.inner_text() for button in page.get_by_role("button", name="Load it for").all()]
        assert offers[-1] == "Load it for nike · Meta Ads · 2024 anyway"
        choose(page, "Client", "acme · TikTok Ads · 2026", 2)
        expect(page.get_by_text("looks like an export of TikTok Ads")).to_have_count(0)
        expect(page.get_by_text("3 exports for 3 clients and 3 waves")).to_be_visible()
        page.get_by_role("button", name="Load 3 exports and build").click()
        page.get_by_role("button", name="Upload another export").wait_for(timeout=120_000)
        settled(page)
        for word in ("acme/meta/2024", "acme/googleads/2026", "acme/tiktok/2026"):
            expect(page.get_by_text(f"of {word}.").first).to_be_visible()
        expect(page.get_by_text("Built: ")).to_be_visible()
        assert no_command(page)
        # a roll-back of one of them, and back again
        look(page, f"{pages.url}/waves?client=acme/meta/2024&wave=3&show=Files")
        page.get_by_role("button", name="Roll back …").click()
        page.get_by_role("button", name="Roll back", exact=True).click()
        expect(page.get_by_text("Roll back wave 3, acme/meta/2024: done.")).to_be_visible(timeout=120_000)
        page.get_by_role("button", name="Undo rollback of wave 3").click()
        expect(page.get_by_text("Undo the rollback of wave 3, acme/meta/2024: done.")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("Rolled back from wave 3")).to_have_count(0)
        assert no_command(page)
    assert agency.query(
        "select client_schema, wave_number, row_count, open_questions from marts.waves "
        "where client_schema = 'client_acme_tiktok_2026'"
    ) == [("client_acme_tiktok_2026", 1, 4, 0)]
    assert agency.query("select wave_number, count(*) from client_acme_meta_2024.processed_campaign_data group by 1 order by 1") == [
        (1, 4), (2, 4), (3, 5),
    ]  # fmt: skip


def no_command(page: Page) -> bool:
    return not COMMAND.search(page.inner_text("[data-testid=stMain]"))
