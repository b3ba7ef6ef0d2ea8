"""Write docs/commands.md from the --help of every command, or check that it is up to date.

Example: python docs/generate_commands.py --check
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from loader.cli.app import app
from loader.errors import ExitCode

FILE = Path(__file__).parent / "commands.md"
EXIT_CODES = {
    ExitCode.DONE: "Done. Also if the same file was already loaded and nothing had to change.",
    ExitCode.FAILED: "Failed for a reason outside the command, or `client check` found differences.",
    ExitCode.USAGE: "Usage error: an unknown option, an invalid name, no project or profile.",
    ExitCode.REFUSED: "Refused: an unknown client or wave, or a file that can't be read or is already loaded.",
    ExitCode.BUSY: "The warehouse stayed locked for longer than `--wait`.",
    ExitCode.BUILD_FAILED: "The file was loaded, but the build that followed failed or a test found an error.",
    ExitCode.DIFFERENT: "`spark9 compare` or `spark9 verify` found differences.",
    ExitCode.INTERRUPTED: "Interrupted by Ctrl-C. Files that were loaded before are kept.",
}


def commands(command: Any, name: str, parent: Any = None) -> Iterator[tuple[str, str]]:
    """Each command with its help, groups before what they hold."""
    context = command.make_context(
        name, [], parent=parent, resilient_parsing=True, max_content_width=100, terminal_width=100
    )
    yield context.command_path, command.get_help(context)
    for child in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield from commands(command.get_command(context, child), child, context)


def reference() -> str:
    """The text of docs/commands.md."""
    lines = [
        "# Commands",
        "",
        "Generated from `--help` by `python docs/generate_commands.py`; a test checks that it is up to date.",
        "",
        "| exit code | meaning |",
        "|---|---|",
        *(f"| {int(code)} | {text} |" for code, text in EXIT_CODES.items()),
        "",
        "An error is printed as `error (code): what went wrong`, followed by what was not changed and what to do next.",
        "Failed loads are in the client's `processing_log` with the same code.",
    ]
    for path, text in commands(typer.main.get_command(app), "spark9"):
        lines += ["", f"## {path}", "", "```", *(line.rstrip() for line in text.splitlines()), "```"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the file differs")
    if parser.parse_args().check:
        return int(not FILE.is_file() or FILE.read_text(encoding="utf-8") != reference())
    FILE.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
