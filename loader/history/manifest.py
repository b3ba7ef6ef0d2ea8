"""Which file belongs to which client: a manifest with one line a file, or a folder whose file names say so."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from loader.errors import FileRefusedError, NameRefusedError
from loader.files.containers import EXPORT_ENDINGS
from loader.files.options import ReadingOptions, declared_options, reading_options
from loader.filesystem import copies_last
from loader.names import ClientKey, client_from_word, client_schema, wave_number

COLUMNS = ("file", "client", "platform", "year", "wave", "wave_name", "options")
_FLAGS = ("replace", "naming_keys", "other_platform")
_MOST_SHOWN = 5
_NAME = re.compile(
    r"(?:client_)?(?P<client>[a-z0-9]+(?:_[a-z0-9]+)*)_(?P<platform>[a-z0-9]+)_(?P<year>20[0-9]{2})_"
    r"(?:wave_?(?P<wave>[0-9]{1,4})(?:_(?P<name>.+))?|(?P<keys>naming_keys)(?:_.*)?)"
)


@dataclass(frozen=True)
class ManifestEntry:
    """One file, and what the manifest says about it.

    Args:
        file: the export.
        client: its client; none if not given.
        wave: its number; none for naming keys.
        wave_name: what people call the wave.
        replace: put the file in place of the wave's earlier file of the same name.
        as_naming_keys: it holds naming keys; found out from its header otherwise.
        other_platform: load it although its headers are those of another platform.
        options: how it is written.
        line: of the manifest, from 1; 0 for a file of a folder.

    """

    file: Path
    client: ClientKey | None
    wave: int | None = None
    wave_name: str | None = None
    replace: bool = False
    as_naming_keys: bool = False
    other_platform: bool = False
    options: ReadingOptions = field(default_factory=ReadingOptions)
    line: int = 0


def read_manifest(path: Path) -> list[ManifestEntry]:
    """The files that a manifest lists, or those of a folder.

    A manifest is a CSV with the columns file (relative to the manifest), client, platform, year (or all three in
    client, as acme/meta/2024), wave, and where there is something to say wave_name and options (as on the command line:
    `--dates day-first --replace`). In a folder the names say it: acme_meta_2024_wave3_spring.csv, or
    acme/meta/2024/wave 3.csv; files of which nothing says it are listed without a client.

    Args:
        path: a CSV file or a folder.

    Raises:
        FileRefusedError: the manifest can't be read, or a line of it is wrong; all such lines are named.

    """
    if path.is_dir():
        entries = sorted(_entries_of_folder(path), key=_order)
        if not entries:
            raise FileRefusedError("manifest-unreadable", f"{path} contains no exports.", "Name another folder.")
        return entries
    entries, problems = [], []
    for line, row in _rows(path):
        try:
            entries.append(_entry(path.parent, line, row))
        except (NameRefusedError, ValueError) as error:
            problems.append(f"line {line}: {error.problem if isinstance(error, NameRefusedError) else error}")
    if problems:
        shown = " ".join(problems[:_MOST_SHOWN]) + (f" And {len(problems) - _MOST_SHOWN} more."
                                                    if len(problems) > _MOST_SHOWN else "")  # fmt: skip
        _refuse(f"{path}: {shown}")
    if not entries:
        _refuse(f"{path} lists no files.")
    return entries


def _refuse(problem: str) -> NoReturn:
    raise FileRefusedError(
        "manifest-unreadable",
        problem,
        f"Correct the manifest. Its columns are {', '.join(COLUMNS)} (spark9 load --help).",
    )


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        _refuse(f"{path} can't be read: {error}.")
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter, restkey="", restval="")
    names = [name.strip().casefold().replace(" ", "_") for name in reader.fieldnames or ()]
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in ("file", "client", "wave") if name not in names]
    if unknown or missing:
        what = f"has no column {', '.join(missing)}" if missing else f"has an unknown column: {', '.join(unknown)}"
        _refuse(f"{path} {what}.")
    reader.fieldnames = names
    for row in reader:
        if any(str(cell).strip() for cell in row.values()):
            yield reader.line_num, {name: (row[name] or "").strip() for name in names}


def _entry(folder: Path, line: int, row: Mapping[str, str]) -> ManifestEntry:
    if not row["file"]:
        raise ValueError("no file is named.")
    platform, year = row.get("platform", ""), row.get("year", "")
    client = client_schema(row["client"], platform, year) if platform or year else client_from_word(row["client"])
    given, flags = _file_options(row.get("options", ""))
    wave = row["wave"]
    if not wave and not flags["naming_keys"]:
        raise ValueError("no wave is named, and --naming-keys is not among the options.")
    if wave and not wave.isdecimal():
        raise ValueError(f"the wave '{wave}' is not a number.")
    return ManifestEntry(
        file=folder / row["file"],
        client=client,
        wave=wave_number(int(wave)) if wave else None,
        wave_name=row.get("wave_name") or None,
        replace=flags["replace"],
        as_naming_keys=flags["naming_keys"],
        other_platform=flags["other_platform"],
        options=given,
        line=line,
    )


def _file_options(words: str) -> tuple[ReadingOptions, dict[str, bool]]:
    """The options of a line, as they are written on the command line."""
    flags = dict.fromkeys(_FLAGS, False)
    kinds = {option.name: option.kind for option in declared_options()}
    given: dict[str, object] = {}
    rest = iter(shlex.split(words))
    for word in rest:
        name, _, value = word.removeprefix("--").partition("=")
        name = name.replace("-", "_")
        if word.startswith("--") and name in flags:
            flags[name] = True
        elif word.startswith("--") and name in kinds:
            given[name] = kinds[name](value or next(rest, ""))
        else:
            raise ValueError(f"'{word}' is not an option for a file.")
    return reading_options(**given), flags


def _entries_of_folder(folder: Path) -> Iterator[ManifestEntry]:
    for file in copies_last(sorted(folder.rglob("*"))):
        inside = file.relative_to(folder)
        if not file.is_file() or not file.name.lower().endswith(EXPORT_ENDINGS):
            continue
        if any(part.startswith((".", "~$")) for part in inside.parts):
            continue
        words = [*inside.parent.parts, file.name.partition(".")[0]]
        yield _named_by(words, file)


def _named_by(words: Sequence[str], file: Path) -> ManifestEntry:
    """The entry of a file by its name, or by its name and as many of the folders above it as it needs."""
    for count in range(1, len(words) + 1):
        text = "_".join(words[-count:]).casefold()
        found = _NAME.fullmatch(re.sub(r"[^a-z0-9]+", "_", text).strip("_"))
        if found:
            client = client_schema(found["client"], found["platform"], found["year"])
            name = (found["name"] or "").replace("_", " ") or None
            wave = int(found["wave"]) if found["wave"] else None
            return ManifestEntry(file, client, wave, name, as_naming_keys=wave is None)
    return ManifestEntry(file, None)


def _order(entry: ManifestEntry) -> tuple[str, int]:
    """Naming keys and early waves first."""
    return entry.client.name if entry.client else "~", entry.wave or 0
