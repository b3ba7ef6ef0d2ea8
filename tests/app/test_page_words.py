"""No page shows a command: every message that can reach one names a button, or is a sentence."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.components.page_words import COMMAND, FALLBACK, for_pages
from loader.errors import Spark9Error
from tests.cli.test_app import COMMANDS
from tests.support import ROOT

# what only the command line or the probe says, and no page
_NO_PAGE = (
    "loader/cli", "ops/recovery", "loader/clients/generated.py", "loader/history", "loader/project/profile.py",
    "loader/project/packages.py", "loader/waves/decision_files.py", "ops/probe", "ops/output.py", "ops/commands.py",
    "ops/monitoring", "ops/dependencies", "ops/explanation.py", "ops/native_project.py", "app/components/page_words.py", "app/components/style.py",
)  # fmt: skip
# a person on a page can do nothing about these; whoever runs the server can
_OF_THE_SERVER = (
    "loader/workspace.py",
    "loader/project",
    "loader/warehouses",
    "loader/limits.py",
    "ops/doctor.py",
    "ops/recovery",
    "areas",
)


def sources() -> list[Path]:
    found = [path for package in ("loader", "ops", "app", "areas") for path in (ROOT / package).rglob("*.py")]
    named = {path.relative_to(ROOT).as_posix(): path for path in found if "tests" not in path.parts}
    return [path for name, path in named.items() if not name.startswith(_NO_PAGE) and "commands.py" not in name]


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The texts of a module but its docstrings, with a word in place of what is filled in."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(_part(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | inside:
            yield node.lineno, node.value


def _part(part: ast.expr) -> str:
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "12"


def messages() -> list[tuple[str, str]]:
    """Each text that holds a command, with where it stands; of code that is a message, not an argument of a process."""
    found = []
    for path in sources():
        for line, text in texts(ast.parse(path.read_text(encoding="utf-8"))):
            if COMMAND.search(text) and " " in text.strip():
                found.append((f"{path.relative_to(ROOT)}:{line}", text))
    questions = tomllib.loads((ROOT / "loader/waves/questions.toml").read_text(encoding="utf-8"))
    entries = [(f"questions.toml: {kind}", entry) for kind, entry in questions.items()]
    for kind, entry in entries:
        for name, value in entry.items():
            ways = value.items() if isinstance(value, dict) else [(name, value)]
            found += [(kind, text.format_map(_Filled())) for _, text in ways]
    return found


class _Filled(dict[str, object]):
    """What questions are filled in with."""

    def __missing__(self, name: str) -> object:
        return "spark9 wave rollback --client ... --wave ... --file 'a b.csv'" if name == "rollback" else _Anything()


class _Anything:
    """Takes any format, index and attribute."""

    def __format__(self, _spec: str) -> str:
        return "12"

    def __getitem__(self, _key: object) -> _Anything:
        return self


def test_no_message_shows_a_command_on_a_page() -> None:
    shown = [(where, for_pages(text)) for where, text in messages()]
    assert len(shown) > 120
    assert [(where, text) for where, text in shown if COMMAND.search(text)] == []


def test_each_remedy_has_words_of_the_pages() -> None:
    """The general sentence is left to what only whoever runs the server can do."""
    general = [(where, text) for where, text in messages() if FALLBACK in for_pages(text)]
    assert [(where, text) for where, text in general if not where.startswith(_OF_THE_SERVER)] == []


def test_every_command_and_option_is_known_as_one() -> None:
    for name, command in COMMANDS.items():
        assert COMMAND.search(f"Use {name}."), name
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        assert [option for option in options if not COMMAND.search(f"Use {option}.")] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Correct them, and load the file with --replace.",
         "Correct them, and load the file in place of this one, under the same name."),
        ("roll this file back (spark9 wave rollback --client acme/meta/2024 --wave 3 --file 'my file.csv'), and load",
         "roll this file back ('Roll back' on the tab Files of its wave), and load"),
        ("Use --numbers point or --numbers comma.", "Choose it under 'How the file is written'."),
        ("Name it with spark9 mapping set --rule core --target impressions, or export again.",
         "Choose on the tab Columns of the wave that it becomes impressions, or export again."),
        ("Free some disk space, then run the command again.", "Free some disk space, then try again."),
        ("The role lacks a thing. Run `spark9 audit --fix` first.", f"The role lacks a thing. {FALLBACK}"),
    ],
)  # fmt: skip
def test_commands_become_what_the_page_does(text: str, shown: str) -> None:
    assert for_pages(text) == shown


@pytest.mark.parametrize(
    "text", ["export --final.csv: 3 rows", "spark9 is busy", "they make sense", "a -- b", "What you make of it", "2--3"]
)
def test_what_is_no_command_stays_as_it_is(text: str) -> None:
    assert for_pages(text) == text


def test_pages_draw_messages_through_one_function() -> None:
    """A problem, remedy or finding is drawn by `plain()` or `for_pages()`, and never by itself."""
    drawn = re.compile(
        r"st\.(?:markdown|error|warning|info|success|caption|write)\((?!plain|\s*plain|f?\"|\"|\w*label)"
    )
    for path in [*(ROOT / "app" / "views").glob("*.py"), *(ROOT / "app" / "components").glob("*.py")]:
        for found in drawn.finditer(text := path.read_text(encoding="utf-8")):
            line = text[found.start() : text.find("\n", found.start())]
            assert not re.search(r"\.(?:problem|remedy|unchanged|message)\b", line), (path.name, line)
    assert Spark9Error("x", "y").remedy == ""
