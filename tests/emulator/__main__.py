"""Serve an emulator for trying things by hand: `make emulator`."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from tests.emulator.process import running


def main() -> None:
    """Start it, say how to reach it, and wait for Ctrl-C. Nothing that it holds outlives it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="spark9-emulator-") as folder, running(Path(folder)) as emulator:
        lines = [f"export {name}={value}" for name, value in emulator.environment().items()]
        sys.stdout.write(
            "An emulator of Snowflake is running; Ctrl-C ends it. In another terminal, in the project's folder:\n\n"
            + "\n".join(lines)
            + f"\n\nIt notes each statement in {emulator.statement_log}\n"
        )
        sys.stdout.flush()
        signal.pause()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
