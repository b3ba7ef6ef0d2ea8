"""Check the locks: `make dependencies`.

Example: python -m ops.dependencies .venv-dependencies
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_OTHERS = (
    "bench/requirements.lock",
    "orchestration/requirements.lock",
    "ops/*/requirements.lock",
    "areas/*/*/requirements.lock",
)
LOCKS = ("requirements.lock", *(str(path.relative_to(ROOT)) for some in _OTHERS for path in sorted(ROOT.glob(some))))
CLEAN, VULNERABLE, NOT_LOOKED_UP = 0, 1, 2


def judged(report: Mapping[str, Any] | None, lock: str) -> tuple[int, list[str]]:
    """What pip-audit's report says of a lock: how to exit, and lines for people.

    A package that was not looked up is not a package without vulnerabilities: pip-audit itself passes over it.

    Args:
        report: its JSON; none where it could not reach its database.
        lock: the file's name.

    """
    packages: Sequence[Mapping[str, Any]] = report["dependencies"] if report else ()
    looked_up = [package for package in packages if "skip_reason" not in package]
    found = [
        f"{lock}: {package['name']} {package['version']}: {each['id']}, "
        f"fixed in {', '.join(each['fix_versions']) or 'no version'}"
        for package in looked_up
        for each in package["vulns"]
    ]
    if found:
        return VULNERABLE, found
    if not looked_up or len(looked_up) < len(packages):
        missing = f"{len(packages) - len(looked_up)} of {len(packages)} packages were" if packages else "nothing was"
        return NOT_LOOKED_UP, [f"{lock}: {missing} not looked up: the database of vulnerabilities can't be reached"]
    return CLEAN, [f"{lock}: {len(packages)} packages, none with a known vulnerability"]


def licences(bill: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, version and licences of each component of a bill of materials."""
    for part in bill["components"]:
        stated = [
            each.get("expression") or each["license"].get("id") or each["license"]["name"]
            for each in part.get("licenses", ())
        ]
        yield part["name"], part.get("version", ""), "; ".join(dict.fromkeys(stated)) or "not stated"


def main(tools: Path) -> int:
    """Look up every lock, and write the bill of materials and the licences to target/dependencies."""
    folder = ROOT / "target" / "dependencies"
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = []
    for lock in LOCKS:
        outcome, lines = judged(_audited(tools, ROOT / lock), lock)
        outcomes.append(outcome)
        print("\n".join(lines))  # noqa: T201
    bill, of_environment = folder / "sbom.cdx.json", folder / "environment.cdx.json"
    _run(tools / "cyclonedx-py", "requirements", ROOT / LOCKS[0], "--output-reproducible", "-o", bill)
    _run(tools / "cyclonedx-py", "environment", sys.executable, "--output-reproducible", "-o", of_environment)
    rows = sorted(licences(json.loads(of_environment.read_text(encoding="utf-8"))))
    with (folder / "licences.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("package", "version", "licence"), *rows])
    print(f"{bill.relative_to(ROOT)}: CycloneDX of {LOCKS[0]}; {len(rows)} licences: target/dependencies/licences.csv")  # noqa: T201
    return VULNERABLE if VULNERABLE in outcomes else max(outcomes)


def _audited(tools: Path, lock: Path) -> Mapping[str, Any] | None:
    """pip-audit's report on a lock; none where it can't reach its database."""
    options = ("--require-hashes", "--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json")
    done = subprocess.run([tools / "pip-audit", *options, "-r", lock], capture_output=True, text=True, check=False)  # noqa: S603
    try:
        report: Mapping[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        print(done.stderr.strip().rpartition("\n")[2], file=sys.stderr)  # noqa: T201
        return None
    return report


def _run(*words: Path | str) -> None:
    subprocess.run(list(words), check=True, capture_output=True)  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) / "bin"))
