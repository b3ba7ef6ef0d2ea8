"""Write hashes.json anew: `make golden`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.golden.parts import PARTS, made
from tests.golden.tables import HASHES


def main() -> None:
    """Make each part that is named, or all of them."""
    found = json.loads(HASHES.read_text(encoding="utf-8")) if HASHES.is_file() else {}
    for part in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            found[part] = made(part, Path(folder))
    HASHES.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


main()
