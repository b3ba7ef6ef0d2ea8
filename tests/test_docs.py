"""What the docs point to is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support import ROOT, tracked_files

DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_lead_to_files_and_headings() -> None:
    dead = []
    for page in (path for path in tracked_files() if path.suffix == ".md"):
        for name, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
            there = (page.parent / name).resolve() if name else page
            if (ROOT / "areas") in there.parents and not (ROOT / "areas" / there.relative_to(ROOT).parts[1]).is_dir():
                continue  # of an area that was deleted
            if not there.exists() or (anchor and anchor not in anchors(there)):
                dead.append(f"{page.relative_to(ROOT)}: {name}{anchor}")
    assert dead == []


def test_decisions_are_numbered_listed_and_of_one_form() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    titles = {path.name: path.read_text(encoding="utf-8").split("\n", 1)[0] for path in DECISIONS}
    rows = re.findall(r"^\| (\d+) \| \[(.*)\]\((.*)\) \|$", index, re.M)
    assert {name: f"# {int(number)}. {title}" for number, title, name in rows} == titles
    form = ["Context", "Decision", "Figures", "Consequences"]
    assert [
        path for path in DECISIONS if re.findall(r"^## (.*)$", path.read_text(encoding="utf-8"), re.M) != form
    ] == []


def test_decisions_that_the_code_names_exist() -> None:
    numbers = {path.name[:4] for path in DECISIONS}
    texts = {
        path: path.read_text("utf-8", "ignore")
        for path in tracked_files()
        if path.suffix in (".py", ".sql", ".yml", ".md")
    }
    named = {(path, number) for path, text in texts.items() for number in re.findall(r"docs/decisions/(\w+)", text)}
    assert {(path, number) for path, number in named if number[:4] not in numbers and number != "README"} == set()
