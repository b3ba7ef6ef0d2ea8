"""The pages served as a user serves them, and a browser that looks at them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import ROOT

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
NO_BROWSER = "no Chromium is installed, so the pages were not looked at in a browser"
# the last five keep it from calling home, which a closed network makes slow
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_START_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """Pages that are being served."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def worker(self) -> int:
        """The process that does the jobs."""
        children = (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii").split()
        )
        return int(children[0])


@contextmanager
def served(root: Path, port: int | None = None, **environment: str) -> Iterator[Served]:
    """Serve the pages of a project, on a free port where none is given, until the end."""
    port = port or free_port()
    log = root / "app_output.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "SPARK9_PROJECT_DIR": str(root), "SPARK9_APP_PORT": str(port), **environment},
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/_stcore/health", process, environment)
            yield Served(url, process, log)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes], environment: Mapping[str, str]) -> None:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise AssertionError(f"the pages ended with {process.returncode}, {dict(environment)}")
        with suppress(OSError), urllib.request.urlopen(url, timeout=1):  # noqa: S310 - http
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            yield opened
        finally:
            opened.close()


def settled(page: Page) -> Page:
    """The page, once Streamlit has drawn all of it."""
    page.wait_for_selector("h1, [data-testid=stAlert]")
    page.wait_for_timeout(200)  # a click takes a moment to reach the server
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function("!document.querySelector('[data-stale=true]')")
    page.wait_for_timeout(100)
    return page
