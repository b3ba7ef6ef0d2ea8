"""Read the files of Pollock, the benchmark of CSV loading, with no options, and compute its scores.

Pollock (Vitagliano et al., "Pollock: A Data Loading Benchmark", VLDB 2023) has one table in 2,290 files, each polluted
in one way, beside the table that should come of it. A file scores 10 at best: 1 for being loaded, and precision, recall
and F1 each of its header's cells, its records and its cells. The simple score is the mean of all files, the weighted
score the mean by how common each pollution is in open data. A file that is refused scores 0.

The data set is not part of this project: it is a checkout of HPI-Information-Systems/Pollock on GitHub.

Example: python -m bench.pollock --data ../Pollock
"""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

from bench.processes import ROOT
from loader import find_project
from loader.errors import FileRefusedError
from loader.files.headers import PlatformColumns
from tests.support import read_export

Rows = Sequence[Sequence[str]]
RESULTS = ROOT / "bench" / "POLLOCK.md"
PERFECT = 10.0
# simple and weighted, as Pollock's README has them, of systems that are not told how a file is written
_PUBLISHED = {"CleverCSV 0.7.4": (9.193, 9.453), "DuckDB 1.2 (auto)": (9.075, 8.439)}
_NUMBER = re.compile(r"([.]?\d[\d\s.,']*)\s*?(?:[^%\d]|$)")
_NUMBERS = re.compile(r"(?<=row)\d+|(?<=quote)\d+|(?<=col)\d+|(?<=row_field_delimiter_)\d+")
_PROCESSES = 2


class Result(NamedTuple):
    """What came of a file: its score, and the code of the error where it was refused."""

    file: str
    score: float
    refused: str | None


@cache
def normalized(cell: str) -> str:
    """A cell of a header or record as Pollock compares it: by its value, where it is a number, time, date or price.

    Prices are those in dollars, dates those with slashes: the data set has no others.
    """
    if not cell.strip():
        return cell
    with suppress(ValueError):
        number = int(cell)
        return cell if cell in ("0", "1") else str(bool(number)) if number in (0, 1) else str(number)
    with suppress(ValueError):
        return str(float(cell))
    for form in ("%H:%M", "%d/%m/%Y"):
        with suppress(ValueError):
            return str(datetime.datetime.strptime(cell, form))
    return _price(cell) or cell.lower()


def _price(cell: str) -> str | None:
    found = _NUMBER.search(" ".join(cell.split())) if "$" in cell else None
    if found is None:
        return None
    text = re.sub("[', ]", "", found[1]).rstrip(".")
    try:
        return f"${float(text if text.count('.') == 1 else text.lstrip('.'))}"
    except ValueError:
        return None


def score(wanted: Rows, found: Rows | None) -> float:
    """The score of a file.

    Args:
        wanted: the rows of the clean file, the header first.
        found: the rows that were read; none where the file was refused.

    """
    if found is None:
        return 0.0
    if not wanted:
        return PERFECT
    header = [normalized(cell) for cell in wanted[0]]
    found_header = [normalized(cell) for cell in found[0]] if found else []
    return (
        1
        + _agreement(header, found_header)
        + _agreement(_records(wanted), _records(found))
        + _agreement([cell for row in wanted for cell in row], [cell for row in found for cell in row])
    )


def _records(rows: Rows) -> list[str]:
    return ["".join(map(normalized, row)) for row in rows[1:]]


def _agreement(wanted: Sequence[str], found: Sequence[str]) -> float:
    """The sum of precision, recall and F1 of two multisets."""
    if not wanted:
        return 3.0
    shared = (Counter(wanted) & Counter(found)).total()
    if not shared:
        return 0.0
    one, other = shared / len(wanted), shared / len(found)
    return one + other + 2 * one * other / (one + other)


@cache
def _known() -> PlatformColumns:
    return PlatformColumns(find_project(ROOT))


def _result(data: Path, name: str) -> Result:
    with (data / "polluted_files" / "clean" / name).open(encoding="utf-8-sig", newline="") as clean:
        wanted = list(csv.reader(clean))
    try:
        dialect, rows = read_export(data / "polluted_files" / "csv" / name, _known())
    except FileRefusedError as error:
        return Result(name, score(wanted, None), error.code)
    return Result(name, score(wanted, [dialect.headers, *([cell or "" for cell in row] for row in rows)]), None)


def results(data: Path, every: int = 1) -> list[Result]:
    """Read the files of a checkout.

    Args:
        data: the checkout.
        every: 10 reads every tenth file.

    """
    names = sorted(path.name for path in (data / "polluted_files" / "csv").glob("*.csv"))[::every]
    with ProcessPoolExecutor(_PROCESSES) as pool:
        return list(pool.map(_result, repeat(data), names, chunksize=20))


def simple_and_weighted(found: Sequence[Result], weights: dict[str, float]) -> tuple[float, float]:
    """The two scores of a system.

    Args:
        found: the result of each file.
        weights: how common each file's pollution is (pollock_weights.json).

    """
    of_all = sum(weights[result.file] for result in found)
    return (
        sum(result.score for result in found) / len(found),
        sum(result.score * weights[result.file] for result in found) / of_all,
    )


def page(found: Sequence[Result], weights: dict[str, float]) -> str:
    """The page of the results, in Markdown."""
    simple, weighted = simple_and_weighted(found, weights)
    of_kinds: dict[str, list[Result]] = defaultdict(list)
    for result in found:
        of_kinds[_NUMBERS.sub("N", result.file)].append(result)
    kinds = sorted(of_kinds.items(), key=lambda kind: sum(PERFECT - result.score for result in kind[1]), reverse=True)
    lost = [(name, part) for name, part in kinds if any(result.score < PERFECT - 1e-9 for result in part)]
    lines = [
        "<!-- Written by `python -m bench.pollock --data <checkout>`. -->",
        "# Pollock",
        "",
        f"[Pollock](https://github.com/HPI-Information-Systems/Pollock) (VLDB 2023) has {len(found):,} CSV files of"
        " one table, each polluted in one way. A file scores 10 where its header, records and cells are all read;"
        " `bench/pollock.py` says how, and gives what Pollock's own evaluation gives. Each file is read as"
        " `spark9 load` reads an export, with no options. A refused file scores 0, also where a refusal is meant: a"
        " file without rows, or one whose first row may be a header or not. A quote that opens a cell and is never"
        " closed is left out of the cell, which Pollock counts as a difference.",
        "",
        "| system, not told how files are written | simple | weighted |",
        "|---|---:|---:|",
        f"| this project | {simple:.3f} | {weighted:.3f} |",
        *(f"| {name}, as published | {one:.3f} | {other:.3f} |" for name, (one, other) in _PUBLISHED.items()),
        "",
        "To measure it again, clone Pollock with its files (Git LFS) and run"
        " `.venv/bin/python -m bench.pollock --data <checkout>`; it takes two minutes.",
        "",
        "## Where points are lost",
        "",
        "| files | how many | read whole | refused | points lost of the simple score | of the weighted |",
        "|---|---:|---:|---|---:|---:|",
        *(_row(name, part, found, weights) for name, part in lost),
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, part: Sequence[Result], found: Sequence[Result], weights: dict[str, float]) -> str:
    whole = sum(result.score > PERFECT - 1e-9 for result in part)
    refused = Counter(result.refused for result in part if result.refused)
    shown = ", ".join(f"{count} `{code}`" for code, count in sorted(refused.items()))
    of_all = sum(weights[result.file] for result in found)
    simple = sum(PERFECT - result.score for result in part) / len(found)
    weighted = sum((PERFECT - result.score) * weights[result.file] for result in part) / of_all
    return f"| {name} | {len(part)} | {whole} | {shown} | {simple:.4f} | {weighted:.4f} |"


def main() -> None:
    """Read the files, print the scores and write bench/POLLOCK.md."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True, help="a checkout of Pollock, with its files")
    options.add_argument("--every", type=int, default=1, help="10 reads every tenth file, and writes nothing")
    arguments = options.parse_args()
    weights_file = arguments.data / "pollock_weights.json"
    if not weights_file.is_file():
        sys.exit(f"{arguments.data} is no checkout of Pollock: it has no pollock_weights.json")
    weights = json.loads(weights_file.read_text(encoding="utf-8"))
    found = results(arguments.data, arguments.every)
    print("simple {:.3f}, weighted {:.3f}".format(*simple_and_weighted(found, weights)))
    if arguments.every == 1:
        RESULTS.write_text(page(found, weights), encoding="utf-8")


if __name__ == "__main__":
    main()
