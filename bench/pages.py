"""How long pages take in a browser, from the click to the last figure: on the demo's size, many clients, many rows."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Page

from bench.clients import give_rows, named, onboard
from bench.generator import write_export
from bench.processes import ROOT, Runs, say
from loader import load_wave
from tests.app.served import CHROMIUM, browser, served, settled
from tests.support import ProjectUnderTest, copy_project

PAGES = ("Overview", "Upload", "Waves", "Clients", "Operations")
ONE_CLIENT, ONE_WAVE = "Overview of one client, by its address", "One wave, by its address"
RESULTS = ROOT / "bench" / "PAGES.md"
# clients, and rows of each
SIZES = {"3 clients of 100 rows": (3, 100), "300 clients of 100 rows": (300, 100), "10,000,000 rows": (1, 10_000_000)}


def measure(folder: Path, sizes: Mapping[str, tuple[int, int]], rounds: int) -> dict[str, dict[str, Runs]]:
    """Open each page again and again.

    Args:
        folder: an empty one.
        sizes: clients and rows a client, by what each is called.
        rounds: how often each page is opened; the first visit of a server is not counted.

    Returns:
        By size and page; none where no browser is installed.

    """
    if CHROMIUM is None:
        say("  no Chromium is installed: pages are not measured")
        return {}
    return {
        name: _opened(folder / f"pages_{number}", *size, rounds) for number, (name, size) in enumerate(sizes.items())
    }


def _opened(folder: Path, clients: int, rows: int, rounds: int) -> dict[str, Runs]:
    project = ProjectUnderTest(copy_project(folder / "project"))
    onboard(project, clients)
    load_wave(project.project, write_export(folder / "wave.csv", rows), named(1), 1)
    give_rows(project, named(1), [named(number) for number in range(2, clients + 1)])
    if not project.dbt("build").success:
        sys.exit("the build failed")
    found = {name: Runs() for name in (*PAGES, ONE_CLIENT, ONE_WAVE)}
    with served(project.root) as pages, browser() as opened:
        page = opened.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(120_000)
        _go(page, f"{pages.url}/?period=All+days")
        for name in PAGES:
            page.get_by_role("link", name=name).first.click()
            settled(page)
        for _ in range(rounds):
            for name in PAGES:
                started = time.perf_counter()
                page.get_by_role("link", name=name).first.click()
                _drawn(page, name)
                found[name].seconds.append(time.perf_counter() - started)
            for name, path in (
                (ONE_CLIENT, f"?period=All+days&client={named(1)}"),
                (ONE_WAVE, f"waves?client={named(1)}&wave=1"),
            ):
                started = time.perf_counter()
                _go(page, f"{pages.url}/{path}")
                found[name].seconds.append(time.perf_counter() - started)
    return found


def _go(page: Page, url: str) -> None:
    page.goto(url)
    _drawn(page, None)


def _drawn(page: Page, title: str | None) -> None:
    """Wait until the page is drawn, looking more closely than a test does."""
    page.wait_for_selector("h1" if title is None else f"h1:has-text('{title}')")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function("!document.querySelector('[data-stale=true]')")


def main() -> None:
    """Measure and write bench/PAGES.md."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="Example: python -m bench.pages --rounds 5")
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is opened (default: %(default)s)")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES), help="only some of the sizes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spark9-bench-") as folder:
        found = measure(Path(folder), {name: SIZES[name] for name in arguments.sizes}, arguments.rounds)
    if not found:
        return
    text = _report(found, arguments.rounds)
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _report(found: Mapping[str, Mapping[str, Runs]], rounds: int) -> str:
    lines = [
        "# How long pages take",
        "",
        f"From the click to the last figure, in Chromium on the server's own {os.cpu_count()} cores: seconds, the "
        f"median of {rounds} visits after a first one.",
        f"Made by `python -m bench.pages` with Streamlit {version('streamlit')} on Python {platform.python_version()}. "
        "A page opened by its address brings the whole application first.",
        "",
        f"| page | {' | '.join(found)} |",
        f"|---|{'---:|' * len(found)}",
    ]
    lines += [
        f"| {page} | {' | '.join(f'{sizes[page].median:.2f}' for sizes in found.values())} |"
        for page in next(iter(found.values()))
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
