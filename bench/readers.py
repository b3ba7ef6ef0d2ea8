"""Try CSV readers and encoding detectors on the corpus (tests/files/cases.py): how many files each reads right.

Example: python -m bench.readers
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from tests.files.cases import Case, cases

Table = Sequence[Sequence[str | None]]
_ENCODING_ALIASES = {
    "utf_8": "utf-8",
    "cp1252": "latin-1",
    "utf_16": "utf-16",
    "ascii": "utf-8",
    "iso8859_1": "latin-1",
}


def by_duckdb(_case: Case, path: Path) -> Table:
    """DuckDB finds everything out itself."""
    relation = duckdb.connect().execute("from read_csv(?, all_varchar = true, sample_size = -1)", [str(path)])
    return [[column[0] for column in relation.description or []], *relation.fetchall()]


def by_clevercsv(case: Case, _path: Path) -> Table:
    """Clevercsv finds the dialect, and reads."""
    import clevercsv  # noqa: PLC0415

    text = _text(case)
    dialect = clevercsv.Sniffer().sniff(text[:200_000])
    return list(clevercsv.reader(io.StringIO(text, newline=""), dialect)) if dialect else []


def by_csv_sniffer(case: Case, _path: Path) -> Table:
    """Python's own Sniffer."""
    text = _text(case)
    return list(csv.reader(io.StringIO(text, newline=""), csv.Sniffer().sniff(text[:200_000])))


def by_spark9(_case: Case, path: Path) -> Table:
    """The loader's own way: a dialect scored by known headers, DuckDB reads."""
    from loader.files.headers import PlatformColumns  # noqa: PLC0415
    from loader.project.project import find_project  # noqa: PLC0415
    from tests.support import read_export  # noqa: PLC0415

    dialect, rows = read_export(path, PlatformColumns(find_project()))
    return [list(dialect.columns), *rows]


def _text(case: Case) -> str:
    """The text as a person would decode it, so that only the dialect is judged."""
    for encoding in ("utf-8-sig", "utf-16"):
        if encoding != "utf-16" or case.content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            try:
                return case.content.decode(encoding)
            except UnicodeDecodeError:
                continue
    return case.content.decode("latin-1")


def holds(table: Table, case: Case) -> bool:
    """Whether the table has the case's rows, each once and in order, whatever stands around them."""
    width = len(case.columns)
    found = [tuple((cell or "").strip() for cell in row)[:width] for row in table]
    wanted = [tuple(cell.strip() for cell in row) for row in case.rows]
    return [row for row in found if row in set(wanted)] == wanted


def encodings() -> list[tuple[str, str, str]]:
    """What charset-normalizer takes each encoding of the corpus for."""
    import charset_normalizer  # noqa: PLC0415

    found = []
    for case in cases():
        if case.name.startswith("encoding "):
            best = charset_normalizer.from_bytes(case.content).best()
            found.append((case.name, best.encoding if best else "none", "utf-8" if best is None else str(best.bom)))
    return found


def main() -> None:
    """Print how many files each reader reads right, which it does not, and its seconds."""
    tried = [case for case in cases() if case.is_csv and not case.refused and not case.options]
    readers: dict[str, Callable[[Case, Path], Table]] = {
        "duckdb": by_duckdb,
        "clevercsv": by_clevercsv,
        "csv.Sniffer": by_csv_sniffer,
        "spark9": by_spark9,
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, read in readers.items():
            if len(sys.argv) > 1 and name not in sys.argv[1:]:
                continue
            wrong = []
            started = time.perf_counter()
            for case in tried:
                path = Path(folder) / case.file_name
                path.write_bytes(case.content)
                try:
                    right = holds(read(case, path), case)
                except Exception as error:
                    wrong.append(f"{case.name} ({type(error).__name__})")
                else:
                    if not right:
                        wrong.append(case.name)
            seconds = time.perf_counter() - started
            print(f"{name}: {len(tried) - len(wrong)} of {len(tried)} right, {seconds:.1f} s")
            print("   not: " + "; ".join(wrong))
    for name, encoding, mark in encodings():
        print(f"charset-normalizer: {name}: {encoding} {mark}")


if __name__ == "__main__":
    main()
