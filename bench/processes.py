"""Run commands as whole processes, and note how long they take and how much memory they hold at most."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
REFERENCES = ROOT / ".venv-bench" / "bin"
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER")


@dataclass
class Runs:
    """The runs of one command.

    Args:
        seconds: of each run, from start to end of the process.
        megabytes: the most memory that each run held.

    """

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median time, in seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        """The most memory that any run held, in MB."""
        return max(self.megabytes)


def reference_python() -> str:
    """The Python that has the libraries to compare with; the benchmark ends where it is not installed."""
    python = REFERENCES / "python"
    if not python.is_file():
        sys.exit(f"{python} is missing: install the libraries to compare with, by: make .venv-bench/.installed")
    return str(python)


def run(command: Sequence[str], folder: Path, runs: Runs, more: Mapping[str, str] | None = None) -> None:
    """Run a command once, with an environment that holds nothing of this one; end the benchmark where it fails.

    Args:
        command: the program of this project's environment, or a whole path, and its arguments.
        folder: where it runs.
        runs: gets the figures.
        more: environment variables besides.

    """
    program = command[0] if Path(command[0]).is_absolute() else str(BIN / command[0])
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(more or {})
    log, figures = folder / ".bench.log", folder / ".bench.json"
    with log.open("wb") as output:
        subprocess.run(
            [sys.executable, "-S", str(ROOT / "bench" / "launcher.py"), str(figures), program, *command[1:]],
            cwd=folder,
            stdout=output,
            stderr=output,
            env=environment,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    seconds, most, code = json.loads(figures.read_text(encoding="utf-8"))
    runs.seconds.append(seconds)
    runs.megabytes.append(most / (1 << 20 if sys.platform == "darwin" else 1 << 10))
    if code:
        sys.exit(f"{' '.join(command)} failed:\n{log.read_text(errors='replace')[-3000:]}")


def repeat(count: int, commands: Mapping[str, Callable[[Runs], None]]) -> dict[str, Runs]:
    """Run several commands in turn, so that what the machine does besides meets them all alike.

    Args:
        count: rounds.
        commands: by name, each a function that runs it once.

    """
    found = {name: Runs() for name in commands}
    for number in range(1, count + 1):
        for name, command in commands.items():
            command(found[name])
            say(f"  round {number} of {count}: {name}: {found[name].seconds[-1]:.2f} s")
    return found


def say(message: str) -> None:
    """Show how far the benchmark is."""
    print(message, file=sys.stderr, flush=True)


def put_back(saved: Path, path: Path) -> None:
    """Put a saved database in the place of one that a run changed."""
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    shutil.copyfile(saved, path)
