"""What is said of the locks: a package that nobody looked up is not one without vulnerabilities."""

from __future__ import annotations

from typing import Any

from ops.dependencies.__main__ import CLEAN, LOCKS, NOT_LOOKED_UP, VULNERABLE, judged, licences
from tests.support import ROOT, tracked_files

SAFE = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "Dependency not found on PyPI and could not be audited: b (1)"}
OPEN = {
    "name": "c",
    "version": "1",
    "vulns": [{"id": "CVE-2024-1", "fix_versions": ["2"], "aliases": [], "description": ""}],
}


def test_only_what_was_looked_up_is_clean() -> None:
    assert judged({"dependencies": [SAFE, SAFE]}, "x.lock")[0] == CLEAN
    reports: list[dict[str, Any] | None] = [
        None,
        {"dependencies": []},
        {"dependencies": [SKIPPED]},
        {"dependencies": [SAFE, SKIPPED]},
    ]
    for report in reports:
        outcome, (line,) = judged(report, "x.lock")
        assert (outcome, "can't be reached" in line) == (NOT_LOOKED_UP, True)


def test_a_vulnerability_is_named_with_its_remedy_even_where_others_were_not_looked_up() -> None:
    outcome, lines = judged({"dependencies": [SKIPPED, OPEN]}, "x.lock")
    assert (outcome, lines) == (VULNERABLE, ["x.lock: c 1: CVE-2024-1, fixed in 2"])


def test_every_lock_is_looked_up() -> None:
    assert {str(path.relative_to(ROOT)) for path in tracked_files() if path.name == "requirements.lock"} == set(LOCKS)


def test_licences_are_those_that_packages_state() -> None:
    parts = [
        {"name": "a", "version": "1", "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "MIT License"}}]},
        {"name": "b", "version": "2", "licenses": [{"expression": "MIT OR ISC"}]},
        {"name": "c"},
    ]
    stated = [("a", "1", "MIT; MIT License"), ("b", "2", "MIT OR ISC"), ("c", "", "not stated")]
    assert [*licences({"components": parts})] == stated
