"""dbt knows every page and what it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.navigation import navigation
from tests.support import ROOT

# is there on one warehouse only; an exposure may name only what dbt builds
ON_SNOWFLAKE_ALONE = {"client_credits"}


def _exposures() -> Iterator[tuple[Path, dict[str, Any]]]:
    for folder in ("models", "areas"):
        for path in sorted((ROOT / folder).rglob("*exposures.yml")):
            for exposure in yaml.safe_load(path.read_text(encoding="utf-8"))["exposures"]:
                yield path, exposure


def _read(exposures: Iterator[dict[str, Any]]) -> set[str]:
    """The tables that exposures name."""
    return {re.sub(r"ref\('(?:\w+__)?(\w+)'\)", r"\1", named) for one in exposures for named in one["depends_on"]}


def test_every_page_has_its_exposure() -> None:
    pages = {page.path: page.title for pages in navigation().values() for page in pages}
    found = {one["url"].rpartition("/")[2]: one["label"] for _, one in _exposures() if "url" in one}
    assert found == pages
    assert all(one["name"] == f"page_{one['url'].rpartition('/')[2]}" for _, one in _exposures() if "url" in one)


def test_every_exposure_says_whose_it_is_and_what_it_reads() -> None:
    for path, exposure in _exposures():
        assert exposure["owner"].get("name"), (path, exposure["name"])
        assert exposure["description"], (path, exposure["name"])
        assert exposure["depends_on"], (path, exposure["name"])


PAGES_OF = ("app", *(f"areas/{path.parent.name}" for path in sorted(ROOT.glob("areas/*/page.py"))))


@pytest.mark.parametrize("folder", PAGES_OF)
def test_what_pages_ask_for_is_named(folder: str) -> None:
    asked = re.compile(r"(?:\.mart|\.of_no_client|_gold)\((?:marts, )?['\"](\w+)['\"]")
    queries = [path for path in (ROOT / folder).rglob("*.py") if "queries" in path.as_posix()]
    tables = {name for path in queries for name in asked.findall(path.read_text(encoding="utf-8"))}
    where = "models" if folder == "app" else folder
    named = _read(one for path, one in _exposures() if path.is_relative_to(ROOT / where) and "url" in one)
    assert tables
    assert tables - ON_SNOWFLAKE_ALONE <= named
    there = {path.stem.rpartition("__")[2] for path in (ROOT / where).rglob("*.sql")} | {
        path.stem for path in (ROOT / "seeds").glob("*.csv")
    }
    assert named <= there


def test_every_view_of_a_share_is_named() -> None:
    for macro in sorted(ROOT.glob("areas/*/macros/**/*_shared_views.sql")):
        views = set(re.findall(r"'(\w+)'", macro.read_text(encoding="utf-8")))
        area = ROOT / macro.relative_to(ROOT).parts[0] / macro.relative_to(ROOT).parts[1]
        shares = [one for path, one in _exposures() if path.is_relative_to(area) and one["name"].startswith("share_")]
        assert views
        assert _read(iter(shares)) == views
