"""Messages as pages show them: what the library words for the command line, as a button or a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

_FILE = r"(?:'[^']*'|\"'\"|[\w@%+=:,./-])+"
_ROLL_BACK = r"`?spark9 wave rollback --client \S+ --wave \S+(?: --file (?:\.\.\.|" + _FILE + r"))?`?"
_OPTION_VALUE = (
    r"(?:=?\s?(?:keep|drop|swap|point|comma|units|micros|none|double|day-first|month-first|N|0|\d+|utf-8\S*))?"
)
_ON_COLUMNS = "on the tab Columns of the wave"
_IN_PLACE = "in place of this one, under the same name"
HOW_WRITTEN = "How the file is written"
# what is left where no rule has a better word: whoever runs the server can do it
FALLBACK = "Ask whoever runs spark9 to do this."

# a command, or an option of one
COMMAND = re.compile(
    r"\bspark9 (?:audit|backups?|build|client|compare|customer-360|doctor|engagement|explain|ingest|load|log|mapping"
    r"|rebuild|reprocess|restore|status|undo|verify|wave)\b"
    r"|\bdbt (?:build|run|run-operation|compile|docs generate|deps|test|seed)\b"
    r"|\bmake (?:install|demo|app|deps|monitoring|engagement|run-all|docs|native-project)\b"
    r"|`?mapping (?:set|export)`|(?<![\w-])--[a-z]{2}[a-z-]*(?![\w.-]*\.\w)"
    r"|\brun the (?:same )?command\b|\bRun the command\b|`show locks`"
)

_RULES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (_ROLL_BACK, "'Roll back' on the tab Files of its wave"),
    # columns
    (r"\b(N|n)ame it with spark9 mapping set --rule core --target (\w+)", rf"Choose {_ON_COLUMNS} that it becomes \2"),
    (r"name the column with spark9 mapping set --rule core --target (\w+)",
     rf"choose {_ON_COLUMNS} that it becomes \1"),
    (r"use spark9 mapping set --target (\w+)", rf"choose {_ON_COLUMNS} that it becomes \1"),
    (r" with spark9 mapping set\b", f", {_ON_COLUMNS}"),
    (r"(Map it yourself): spark9 mapping set\b", rf"\1 {_ON_COLUMNS}"),
    (r"State it with `mapping set`", f"State it {_ON_COLUMNS}"),
    (r" with `mapping set`", f" {_ON_COLUMNS}"),
    (r"another --target", "another name"),
    (r"If not, mark it as new: --new-target, or new_target in a file of decisions",
     "If not, tick that it is a new name"),
    (r"Say what you found: --answer", "Say what you found"),
    (r"See: spark9 wave questions --client \S+ --wave \S+", "See the tab Questions of the wave"),
    # replacing
    (r"load the file with --replace --subtotals drop",
     f"upload the file again {_IN_PLACE}, and choose that subtotals are left out"),
    (r", under its name and with --replace", ", under its name"),
    (r"into the same wave with --replace", "into the same wave in place of it"),
    (r"(in place of (?:the|each) file that lacks (?:it|them)), with --replace", r"\1"),
    (r"To replace it, roll this file back and load it with --replace",
     "To replace it, roll this file back, upload it again and choose to replace the file of the same name"),
    (r"To read it again with these options, add --replace",
     "To read it again in this way, choose to replace the file of the same name"),
    (r", or load it without --replace", ", or do not choose to replace a file"),
    (r",? with --replace\b", f" {_IN_PLACE}"),
    # how a file is written: the page asks it with its answers, or has it among what can be chosen
    (r"Choose one(?: of them)? with --(?:table|sheet|member)", "Choose one"),
    (r"Choose (?:one|the right one) with --\w+", f"Choose it under '{HOW_WRITTEN}'"),
    (r"Use --encoding \S+ to read each part in its own encoding\. With --encoding \S+, what is not",
     f"Choose the encoding under '{HOW_WRITTEN}'. Read as UTF-8, what is not"),
    (r"Use --encoding (\S+) to read those as question marks", rf"Choose the encoding \1 under '{HOW_WRITTEN}' to read "
     "those as question marks"),
    (r"If it is the header, use --header-row \d+; if the file has none, use --header-row 0 or name its columns with "
     r"--columns", "Say which line is the header, or add one to the file"),
    (r" or name its columns with --columns", ", or add a header to the file"),
    (r"name the currency of the spend with --currency", f"choose the currency of the spend under '{HOW_WRITTEN}'"),
    (r"--unread keep loads", "You can also load"),
    (r"use --unread keep to leave them empty", "leave them empty"),
    (r"\(it is data\) or --subtotals drop \(it is a subtotal\)", "that it is data, or that it is a subtotal"),
    (r"(U|u)se --subtotals keep that it is data", r"choose that it is data"),
    (r"If it does belong here, use --other-platform", "If it does belong here, load it anyway"),
    (rf"\b([Uu])se --[a-z-]+{_OPTION_VALUE}(?: or --[a-z-]+{_OPTION_VALUE})*",
     lambda found: f"{'C' if found[1] == 'U' else 'c'}hoose it under '{HOW_WRITTEN}'"),
    (r"Give the wave with --wave", "Choose the wave"),
    (r"; --dry-run names them", "; the tab Columns names them"),
    (r"left out by --skip-footer", "left out as the end of the file"),
    (r"--([a-z-]+) must be", r"\1 must be"),
    # clients and policies
    (r": spark9 client set \S+ --(?:restatement|overlap) \w+", ", on the page Clients"),
    (r"Create them with: spark9 client add \S+",
     "Ask an admin to onboard it again on the page Clients, which creates them"),
    (r"See `spark9 client list`, or add it with: spark9 client add \S+",
     "See the page Clients; an admin can onboard it there"),
    (r"See `spark9 client list`", "See the page Clients"),
    # the machine
    (r"Let that build or load finish, then run the command again, or wait longer with --wait\.",
     "Let that build or load finish, then try again."),
    (r"When the warehouse can be reached again, `spark9 log` shows the client's last steps\. If this one is not among "
     r"them, run the command again", "When the warehouse can be reached again, the tab Log of the wave shows the last "
     "steps. If this one is not among them, try again"),
    (r"See the messages above.*? and `spark9 log`",
     "See the failed steps on the page Operations"),
    (r"`dbt build[^`]*` failed", "The build failed"),
    (r"Build it first: dbt build --select \S+", "Build it first, on the page Waves"),
    (r"; `show locks` names a session that hangs", ""),
    (r"`spark9 doctor` names it, and `spark9 audit` compares all grants", "the checks on the page Operations name it"),
    (r"`spark9 doctor` checks for both", "the checks on the page Operations look for both"),
    (r": spark9 doctor\b", ", with the checks on the page Operations"),
    (r"run the (?:same )?command again", "try again"),
    (r"Run the command again", "Try again"),
    (r"Run the command in the message", "Follow the message"),
)  # fmt: skip
_COMPILED = [(re.compile(pattern), words) for pattern, words in _RULES]
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z'`])")


def for_pages(text: str) -> str:
    """A message without any command: what a command would do is named as the page does it.

    Args:
        text: of an error, a warning or a question, as the library words it.

    """
    if not COMMAND.search(text):
        return text
    for pattern, words in _COMPILED:
        text = pattern.sub(words, text)
    if not COMMAND.search(text):
        return text
    kept = [FALLBACK if COMMAND.search(sentence) else sentence for sentence in _SENTENCE.split(text)]
    return " ".join(dict.fromkeys(kept))
