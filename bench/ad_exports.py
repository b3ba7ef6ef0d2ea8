"""An open data set of damaged ad exports, each beside the right table, and how CSV readers do on it.

The files are exports of eleven ad platforms, in the languages in which they are known, with what people, spreadsheets,
scripts and platforms do to them (tests/damage). `--write` writes them for other readers, with a README.md that
describes their form and the measure; without it the readers are run, and bench/AD_EXPORTS.md is written.

Example: python -m bench.ad_exports --write exports; python -m bench.ad_exports
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from bench.processes import ROOT, reference_python, say
from tests.damage.damages import DAMAGES
from tests.damage.matrix import Cell, cells, damaged, outcomes
from tests.damage.outcomes import Outcome
from tests.damage.sheets import SHEETS, Fact, Sheet

RESULTS = ROOT / "bench" / "AD_EXPORTS.md"
FIGURES = ("impressions", "clicks", "spend")
COLUMNS = ("day", "campaign", *FIGURES, "currency")
VERDICTS = ("right", "stopped or asked", "wrong in silence", "crashed")
RIGHT, STOPPED, WRONG, CRASHED = VERDICTS
_OURS = {"right": RIGHT, "refused": STOPPED, "asked": STOPPED, "crash": CRASHED}
_READERS = {
    "duckdb": "DuckDB, `read_csv` with its sniffer",
    "pandas": "pandas, `read_csv(sep=None, engine='python')`",
    "clevercsv": "clevercsv, `read_table`",
    "dlt": "dlt, `read_csv` of its filesystem source",
}
_NOT_MEASURED = {"ad_set", "campaign_id", "currency", "conversions", "rows"}
_CENT = Decimal("0.005")
_NO_VALUE = ("", "-", "--")
_MEASURE = """\
A reader is told, for each file, under which header the day, campaign, impressions, clicks and spend stand, how the days
of the undamaged export are written, its decimal mark, and whether the spend is in millionths. It is not told the
encoding, delimiter, quotes, or the line of the header. Of the table that it gives:

- Rows without a day or a campaign, such as totals, are left out.
- Numbers and dates that it found are taken as they are. Text is converted by what was told; blank cells are 0, currency
  signs and codes are ignored.

| verdict | when |
|---|---|
| right | the sums of impressions, clicks and spend, the set of days and the set of campaigns are those of the truth |
| stopped or asked | the reader asks, refuses the file with an error of its own, lacks a column that was told, or \
gives text where a number or day is needed, so that whoever uses the table gets an error |
| wrong in silence | it is not right, and nothing says so |
| crashed | any other error |
"""
_README = """\
# Damaged ad exports

{count:,} exports of ad platforms, each of 120 rows, as platforms write them or with one damage: what people,
spreadsheets, scripts and platforms do to an export. All names and figures are invented. Written by
`python -m bench.ad_exports --write`.

| path | what |
|---|---|
| `files/<name>.csv` | the export |
| `truth/<name>.csv` | the right table, in UTF-8: {columns}; days as YYYY-MM-DD, spend in units of the currency |
| `index.jsonl` | a line of JSON for each file: `name`, `platform`, `language`, `damage`, `what` is damaged, `told` |

A truth has blank cells where the export does not say it, and fewer rows where the damage took rows away.

## Measure

{measure}"""

_PAGE = """\
<!-- Written by `python -m bench.ad_exports`. -->
# Damaged ad exports

{count:,} damaged exports of {platforms} ad platforms, and {others} as the platforms write them.
`python -m bench.ad_exports --write <folder>` writes them, each beside the right table, for any other reader.
`make .venv-bench/.installed` and `python -m bench.ad_exports` (ten minutes) make this page.
[docs/damage.md](../docs/damage.md) lists the damages.

{tables}
## Measure

{measure}
This project is told nothing but that the spend of two APIs is in millionths, and finds the columns, formats and totals
itself. Its days and names are compared with their number of rows, and what it asks about something else than the wrong
spend counts as silence.
"""


class Told(NamedTuple):
    """What readers are told of a file.

    Args:
        columns: the header of each column of the measure that the file has.
        days: each day, as the undamaged export writes it.
        mark: the decimal mark of the undamaged export.
        in_millionths: whether the spend is.

    """

    columns: dict[str, str]
    days: dict[str, str]
    mark: str
    in_millionths: bool


def told_of(sheet: Sheet) -> Told:
    """What readers are told of a sheet's file."""
    found = {kind: sheet.at(kind) for kind in ("day", "campaign", *FIGURES)}
    columns = {kind: sheet.header[at] for kind, at in found.items() if at is not None and at < len(sheet.header)}
    whole = SHEETS[sheet.export.name]
    day = whole.at("day") or 0
    days = {whole.rows[at][day]: fact.day for at, fact in zip(whole.data, whole.facts, strict=True)}
    return Told(columns, days, sheet.export.number[-3], "micros" in sheet.kinds)


def verdict(found: Mapping[str, Any], told: Told, truth: Sequence[Fact]) -> str:
    """What a reader made of a file, by the measure.

    Args:
        found: a line of bench/reference_csv.py.
        told: of the file.
        truth: the right rows.

    """
    if "error" in found:
        return STOPPED if found["stopped"] else CRASHED
    headers = [str(header).strip() for header in found["columns"]]
    at = {kind: headers.index(name.strip()) for kind, name in told.columns.items() if name.strip() in headers}
    if at.keys() != told.columns.keys():
        return STOPPED
    sums: dict[str, Decimal] = defaultdict(Decimal)
    days, names = set(), set()
    for row in found["rows"]:
        cells_of = {kind: row[place] if place < len(row) else None for kind, place in at.items()}
        if any(str(cells_of.get(kind, "told") or "").strip() in _NO_VALUE for kind in ("day", "campaign")):
            continue
        values = {kind: number(cells_of[kind], told.mark) for kind in FIGURES if kind in at}
        day = _day(cells_of["day"], told) if "day" in at else None
        if None in values.values() or ("day" in at and day is None):
            return STOPPED
        days.add(day)
        names.add(str(cells_of.get("campaign")).strip())
        for kind, value in values.items():
            sums[kind] += value or 0
    if told.in_millionths:
        sums["spend"] /= 1_000_000
    is_right = (
        all(abs(sums[kind] - sum(getattr(fact, kind) or 0 for fact in truth)) < _CENT for kind in FIGURES if kind in at)
        and ("day" not in at or days == {fact.day for fact in truth})
        and ("campaign" not in at or names == {fact.campaign.strip() for fact in truth})
    )
    return RIGHT if is_right else WRONG


def number(cell: object, mark: str) -> Decimal | None:
    """A number as a reader found it, or as its text says with a decimal mark; 0 for a blank, none for other text."""
    if isinstance(cell, (int, float)):
        return Decimal(repr(cell))
    text = re.sub(r"[\s€$£¥]|\b[A-Z]{3}\b", "", str(cell or ""))
    if text in _NO_VALUE:
        return Decimal(0)
    group = "[.']" if mark == "," else "[,']"
    if re.fullmatch(rf"-?(\d+|\d{{1,3}}({group}\d{{3}})+)({re.escape(mark)}\d+)?", text) is None:
        return None
    return Decimal(re.sub(group, "", text).replace(mark, "."))


def _day(cell: object, told: Told) -> str | None:
    text = str(cell).strip()
    iso = re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", text)
    return told.days.get(text) or (iso[0] if iso else None)


def _sheets(chosen: Sequence[Cell]) -> dict[Cell, Sheet]:
    found = ((cell, damaged(cell)) for cell in chosen)
    return {cell: sheet for cell, sheet in found if sheet}


def name_of(cell: Cell) -> str:
    """The name of a cell's file, without its ending."""
    damage, export = cell
    return f"{export.replace(' ', '_')}__{damage or 'undamaged'}"


def write(folder: Path, sheets: Mapping[Cell, Sheet]) -> None:
    """Write the data set."""
    for part in ("files", "truth"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    with (folder / "index.jsonl").open("w", encoding="utf-8") as index:
        for cell, sheet in sheets.items():
            name, damage = name_of(cell), cell[0]
            (folder / "files" / f"{name}.csv").write_bytes(sheet.content())
            with (folder / "truth" / f"{name}.csv").open("w", encoding="utf-8", newline="") as truth:
                rows = csv.writer(truth, lineterminator="\n")
                rows.writerows([COLUMNS, *([getattr(fact, column) for column in COLUMNS] for fact in sheet.facts)])
            what = DAMAGES[damage].what if damage else "nothing"
            of_file = {"name": name, "platform": sheet.export.platform, "language": sheet.export.language}
            told = told_of(sheet)._asdict()
            line = {**of_file, "damage": damage or None, "what": what, "told": told}
            index.write(json.dumps(line, ensure_ascii=False) + "\n")
    text = _README.format(count=len(sheets), columns=", ".join(COLUMNS), measure=_MEASURE)
    (folder / "README.md").write_text(text, encoding="utf-8")


def by_reference(reader: str, folder: Path, sheets: Mapping[Cell, Sheet]) -> dict[Cell, str]:
    """The verdict on a library for each file of a folder that `write()` wrote."""
    cells_of = {f"{name_of(cell)}.csv": cell for cell in sheets}
    command = [reference_python(), str(ROOT / "bench" / "reference_csv.py"), reader]
    paths = [str(folder / "files" / file) for file in cells_of]
    read = subprocess.run([*command, *paths], stdout=subprocess.PIPE, check=True, encoding="utf-8")
    verdicts = {}
    for found in map(json.loads, read.stdout.splitlines()):
        cell = cells_of[found["file"]]
        verdicts[cell] = verdict(found, told_of(sheets[cell]), sheets[cell].facts)
    return verdicts


def by_spark9(sheets: Mapping[Cell, Sheet]) -> dict[Cell, str]:
    """The verdict on this project: the outcomes of tests/damage, but for what the measure leaves out."""
    return {cell: _ours(found) for cell, found in outcomes(sheets).items()}


def _ours(found: Outcome) -> str:
    is_left_out = found.name in ("silent", "warned") and set(found.detail.split(", ")) <= _NOT_MEASURED
    return RIGHT if is_left_out else _OURS.get(found.name, WRONG)


def page(verdicts: Mapping[str, Mapping[Cell, str]]) -> str:
    """The page of the results, in Markdown.

    Args:
        verdicts: of each reader, named as the page shall name it.

    """
    files = next(iter(verdicts.values()))
    damaged_files = [cell for cell in files if cell[0]]
    parts = {"damaged": damaged_files, "undamaged": [cell for cell in files if not cell[0]]}
    tables = (_table(what, {name: [of[cell] for cell in part] for name, of in verdicts.items()})
              for what, part in parts.items())  # fmt: skip
    return _PAGE.format(
        count=len(damaged_files),
        others=len(files) - len(damaged_files),
        platforms=len({export.split()[0] for _, export in files}),
        tables="\n".join(tables),
        measure=_MEASURE,
    )


def _table(what: str, found: Mapping[str, Sequence[str]]) -> str:
    lines = [f"| {what} | {' | '.join(VERDICTS)} |", f"|---|{'---:|' * len(VERDICTS)}"]
    for name, verdicts in found.items():
        counts = Counter(verdicts)
        shares = " | ".join(f"{counts[each] / max(len(verdicts), 1):.1%}" for each in VERDICTS)
        lines.append(f"| {name} | {shares} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the data set, or run the readers and write bench/AD_EXPORTS.md."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", type=Path, metavar="FOLDER", help="write the data set here, and run no reader")
    options.add_argument("--every", type=int, default=1, help="10 takes every tenth file, and prints the page only")
    arguments = options.parse_args()
    if not arguments.write:
        reference_python()  # ends here if it is not installed, before the files are made
    sheets = _sheets([*(("", name) for name in SHEETS), *cells()][:: arguments.every])
    if arguments.write:
        write(arguments.write, sheets)
        return
    verdicts = {}
    with tempfile.TemporaryDirectory(prefix="spark9-bench-") as folder:
        write(Path(folder), sheets)
        for reader, name in _READERS.items():
            say(reader)
            verdicts[name] = by_reference(reader, Path(folder), sheets)
    say("spark9")
    verdicts["this project"] = by_spark9(sheets)
    text = page(verdicts)
    print(text)
    if arguments.every == 1:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
