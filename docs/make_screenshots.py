"""Make the pictures of the web pages in docs/images from the demo's data: `make screenshots`.

Needs Chromium (Debian: apt-get install chromium). Look at each of them before you commit it.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from loader.areas import areas
from tests.app.served import browser, served, settled
from tests.support import BIN, ROOT, ProjectUnderTest, copy_project

_IMAGES = ROOT / "docs" / "images"
_COLOURS = 128


@dataclass(frozen=True)
class Shot:
    """One picture."""

    name: str
    path: str
    scheme: str = "light"
    width: int = 1280
    height: int = 900
    export: str = ""


AREAS = [area.name for area in areas() if area.pages]
# a file whose days could be read either way, and a plain one with a column less
_UNSURE = "Day,Campaign name,Ad set name,Impressions,Link clicks,Amount spent (USD)\n" + "".join(
    f"0{day}/05/2024,Caterpillar | Spring,Prospecting {day},{1000 * day},{12 * day},{7.25 * day:.2f}\n"
    for day in range(1, 8)
)
SHOTS = (
    Shot("overview", "?period=All+days", height=1180),
    Shot("overview_dark", "?period=All+days", "dark", height=1180),
    Shot("overview_phone", "?period=All+days", width=390, height=844),
    Shot("upload", "upload?client=caterpillar/meta/2024", export=_UNSURE, height=760),
    Shot("waves", "waves", height=560),
    Shot("wave", "waves?client=caterpillar/meta/2024&wave=3", height=900),
    Shot("wave_dark", "waves?client=caterpillar/meta/2024&wave=3&show=Columns", "dark", height=1000),
    Shot("clients", "clients", height=1000),
    Shot("operations", "operations?show=Runs", height=700),
)


def main() -> None:
    """Load the demo and the samples of the other areas in a folder of their own, serve it, and take every picture."""
    _IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="spark9-pictures-") as folder:
        project = _demo(Path(folder))
        with served(project.root) as pages, browser() as opened:
            for shot in SHOTS:
                _take(opened, pages.url, shot, Path(folder), _IMAGES)
            for area in AREAS:
                for shot in _of_area(area).SHOTS:
                    _take(opened, pages.url, Shot(**shot), Path(folder), ROOT / "areas" / area / "docs" / "images")


def _demo(folder: Path) -> ProjectUnderTest:
    project = ProjectUnderTest(copy_project(folder / "project", *AREAS))
    (project.root / "samples").symlink_to(ROOT / "samples")
    script = (ROOT / "samples" / "demo.sh").read_text(encoding="utf-8").replace('cd "$(dirname "$0")/.."', "")
    environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(folder), "SPARK9_USER": "ann@example.com"}
    commands = [["/bin/bash", "-c", script], *(_of_area(area).COMMAND for area in AREAS)]
    for command in commands:
        subprocess.run(command, cwd=project.root, env=environment, check=True, capture_output=True)
    return project


def _of_area(area: str) -> Any:
    """The pictures of an area, SHOTS, and the COMMAND that makes what they show."""
    return import_module(f"areas.{area}.screenshots")


def _take(opened: Browser, url: str, shot: Shot, folder: Path, goal: Path) -> None:
    context = opened.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{url}/{shot.path}")
    settled(page)
    if shot.export:
        _bring(page, folder, shot.export)
    page.wait_for_timeout(2500)  # charts and tables draw themselves
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    picture.save(goal / f"{shot.name}.png", optimize=True)
    context.close()


def _bring(page: Page, folder: Path, export: str) -> None:
    file = folder / "caterpillar_may.csv"
    file.write_text(export, encoding="utf-8")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_text("This needs your decision.").wait_for()
    settled(page)


if __name__ == "__main__":
    main()
