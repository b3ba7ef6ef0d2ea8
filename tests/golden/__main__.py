"""Write the hashes anew: `make golden`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.golden.parts import HASHES, PARTS, made


def main() -> None:
    """Make each part that is named, or all of them."""
    for part in sys.argv[1:] or PARTS:
        file = HASHES[part]
        found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        with tempfile.TemporaryDirectory() as folder:
            found[part] = made(part, Path(folder))
        file.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


main()
