"""Print dbt YAML that describes each macro and generic test by the comment above it, which dbt does not read.

Example: python -m docs.describe_macros > macros/_macros.yml (`make docs` does, and removes it again)
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
_COMMENT = r"(?:{#-?(?P<comment>(?:(?!#}).)*?)-?#}\s*)?"
_SIGNATURE = r"{%-? (?P<kind>macro|test|materialization) (?P<name>\w+)(?P<arguments>.*?) -?%}"
_DEFINITION = re.compile(_COMMENT + _SIGNATURE + r".*?{%-? end(?P=kind) -?%}", re.DOTALL)


def definitions(root: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    """Each macro, generic test and materialization of the project, with the file that it is in."""
    project = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8"))
    for folder in [*project["macro-paths"], *(f"{tests}/generic" for tests in project["test-paths"])]:
        for path in sorted((root / folder).rglob("*.sql")):
            for found in _DEFINITION.finditer(path.read_text(encoding="utf-8")):
                yield path, found


def main() -> None:
    """Print the YAML; dbt would run the examples, were they not marked as raw."""
    described = []
    for _, found in definitions(ROOT):
        text = re.sub(r"^ {2,3}", "", found["comment"] or "", flags=re.MULTILINE).strip()
        if text and found["kind"] != "materialization":
            name = f"test_{found['name']}" if found["kind"] == "test" else found["name"]
            described.append({"name": name, "description": f"{{% raw %}}{text}{{% endraw %}}"})
    yaml.safe_dump({"macros": described}, sys.stdout, allow_unicode=True)


if __name__ == "__main__":
    main()
