"""Write what a run built and tested as Markdown, for the comment on a pull request.

Example: python -m orchestration.model_report target/run_results.json prod/run_results.json
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from loader.words import counted

_PASSED = ("success", "pass", "no-op", "reused")
_KINDS = {kind: kind.replace("_", " ") for kind in ("model", "seed", "snapshot", "test", "unit_test")}
_MOST_SHOWN = 50


def model_report(run: dict[str, Any], before: dict[str, Any] | None = None) -> str:
    """What became of each node of a run, as Markdown.

    Args:
        run: a run_results.json of dbt.
        before: that of production; models that were in it get the seconds that they took there.

    """
    results = [result for result in run["results"] if _kind(result) in _KINDS]
    counts = Counter((_kind(result), _outcome(result)) for result in results)
    of_kind = [
        counted(sum(count for (kind, _), count in counts.items() if kind == each), name)
        for each, name in _KINDS.items()
        if any(kind == each for kind, _ in counts)
    ]
    bad = [result for result in results if _outcome(result) != "passed"]
    failed = sum(_outcome(result) == "failed" for result in results)
    lines = [f"### {'Failed' if failed else 'Passed'}: {', '.join(of_kind) or 'nothing changed that dbt builds'}", ""]
    if bad:
        lines += ["| what | outcome | rows | message |", "|---|---|---:|---|"]
        lines += [
            f"| {_cell(_name(result))} | {result['status']} | {_number(result.get('failures'))} "
            f"| {_cell(result.get('message') or '')} |"
            for result in bad[:_MOST_SHOWN]
        ]
        lines += [f"\nAnd {len(bad) - _MOST_SHOWN} more." if len(bad) > _MOST_SHOWN else ""]
    seconds = {result["unique_id"]: result["execution_time"] for result in (before or {}).get("results", [])}
    models = [result for result in results if _kind(result) in ("model", "seed", "snapshot")]
    if models:
        lines += ["| built | seconds | in production |", "|---|---:|---:|"]
        lines += [
            f"| {_cell(_name(result))} | {_seconds(result['execution_time'])} "
            f"| {_seconds(seconds.get(result['unique_id']))} |"
            for result in sorted(models, key=lambda one: -one["execution_time"])[:_MOST_SHOWN]
        ]
        lines += [f"\nAnd {len(models) - _MOST_SHOWN} more." if len(models) > _MOST_SHOWN else ""]
    return "\n".join(lines).rstrip() + "\n"


def _kind(result: dict[str, Any]) -> str:
    return str(result["unique_id"]).split(".", maxsplit=1)[0]


def _name(result: dict[str, Any]) -> str:
    kind, _, *parts = str(result["unique_id"]).split(".")
    # the last part of a test's id is a hash
    return ".".join(parts[:-1] if kind == "test" and len(parts) > 1 else parts)


def _outcome(result: dict[str, Any]) -> str:
    status = str(result["status"])
    return "passed" if status in _PASSED else "warned" if status == "warn" else "failed"


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _seconds(value: float | None) -> str:
    return "new" if value is None else f"{value:.1f}"


def _cell(text: str) -> str:
    """A text in a cell of a table: one line, and nothing that Markdown or HTML takes for its own."""
    line = " ".join(text.split())[:300]
    return line.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("`", "'").replace("@", "&#64;")


def main() -> None:
    """Print the report of the file named first, beside that of production where there is one."""
    files = [Path(name) for name in sys.argv[1:]]
    read = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.is_file()]
    sys.stdout.write(model_report(*read[:2]))


if __name__ == "__main__":
    main()
