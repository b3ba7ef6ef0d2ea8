"""The corpus: one table of an export, written in every way that platforms, spreadsheets and agencies abroad write it.

All of it is made here. A case says what must be read from its file: the same table as ever, or a refusal.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

HEADER = (
    "Day",
    "Campaign name",
    "Ad set name",
    "Ad name",
    "Impressions",
    "Link clicks",
    "Amount spent (GBP)",
    "Comment",
)
NAME_HEADERS = ("Campaign name", "Ad set name", "Ad name")
NAMES = ("Spring, early", "Frühjahr", 'The "big" one', "Rabatt 20 %", "Été; soldes", "Launch's day")
ROWS = tuple(
    (
        f"2024-03-{day:02}",
        NAMES[(day + part) % len(NAMES)],
        f"Set {part}",
        f"Ad {part} of {day}",
        str(1000 + 37 * day + part),
        str(10 + day + part),
        f"{day * 3 + part}.{(day * 7 + part) % 100:02}",
        "" if day % 3 else "first line\nsecond line" if part else "plain",
    )
    for day in range(1, 16)
    for part in range(2)
)
PLAIN_ROWS = tuple((*row[:7], row[7].replace("\n", " ")) for row in ROWS)
SIMPLE_ROWS = tuple(
    (row[0], f"Campaign{number % 3}", f"Set{number % 2}", f"Ad{number}", *row[4:7], "x")
    for number, row in enumerate(ROWS)
)


@dataclass(frozen=True)
class Case:
    """A file and what must come of it.

    Args:
        name: what is special about the file.
        file_name: with its ending.
        content: its bytes.
        columns: the headers that must be read.
        rows: the rows of data that must be read, as text.
        excluded: rows that are no data, by kind.
        refused: the code of the error instead; columns and rows are empty then.
        options: what the user says about the file.
        is_csv: plain text that other CSV readers can be tried on (bench/readers.py).

    """

    name: str
    file_name: str
    content: bytes
    columns: tuple[str, ...] = HEADER
    rows: tuple[tuple[str, ...], ...] = ROWS
    excluded: dict[str, int] = field(default_factory=dict)
    refused: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    is_csv: bool = True


def written(
    rows: Sequence[Sequence[str]],
    *,
    header: Sequence[str] | None = HEADER,
    end: str = "\n",
    **form: Any,
) -> str:
    """A table as CSV text; `form` goes to csv.writer."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end, **form)
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def cases() -> list[Case]:
    """All cases."""
    makers: tuple[Callable[[], Iterator[Case]], ...] = (
        _encodings,
        _line_ends,
        _delimiters,
        _quotes,
        _oddities,
        _titles,
        _headers,
        _not_data,
        _ragged,
        _several_tables,
        _extremes,
        _containers,
        _refused,
    )
    return [case for maker in makers for case in maker()]


def _encodings() -> Iterator[Case]:
    text = written(ROWS)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"):
        yield Case(f"encoding {encoding}", "export.csv", text.encode(encoding))
    yield Case(
        "UTF-16 with mark, tabs, as Google writes it", "export.csv", written(ROWS, delimiter="\t").encode("utf-16")
    )
    mac = written(PLAIN_ROWS).encode("mac-roman")
    yield Case(
        "another encoding, named by the user", "export.csv", mac, rows=PLAIN_ROWS, options={"encoding": "mac-roman"}
    )
    nul = text.replace("Rabatt", "Ra\0batt")
    yield Case("NUL bytes within a cell", "export.csv", nul.encode())


def _line_ends() -> Iterator[Case]:
    for name, end in (("Windows", "\r\n"), ("old Mac", "\r")):
        yield Case(f"line ends of {name}", "export.csv", written(PLAIN_ROWS, end=end).encode(), rows=PLAIN_ROWS)
    lines = written(PLAIN_ROWS).split("\n")
    mixed = "".join(line + ("\n", "\r\n", "\r")[number % 3] for number, line in enumerate(lines[:-1]))
    yield Case("mixed line ends", "export.csv", mixed.encode(), rows=PLAIN_ROWS)
    yield Case("no line end after the last row", "export.csv", written(ROWS).rstrip("\n").encode())
    yield Case("quoted line breaks of Windows", "export.csv", written(ROWS, end="\r\n").encode())
    blank = "\n\n".join(written(PLAIN_ROWS).split("\n"))
    yield Case("an empty line after each row", "export.csv", blank.encode(), rows=PLAIN_ROWS)
    commas = written(PLAIN_ROWS) + ",,,,,,,\n,,,,,,,\n"
    yield Case(
        "rows of delimiters alone at the end", "export.csv", commas.encode(), rows=PLAIN_ROWS, excluded={"note": 2}
    )


def _delimiters() -> Iterator[Case]:
    for name, delimiter in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        yield Case(f"delimiter {name}", "export.csv", written(ROWS, delimiter=delimiter).encode())
    yield Case("tab, as .tsv", "export.tsv", written(ROWS, delimiter="\t").encode())
    # headers of several words are quoted, since the delimiter stands in them
    yield Case("delimiter space", "export.txt", written(SIMPLE_ROWS, delimiter=" ").encode(), rows=SIMPLE_ROWS)
    european = tuple((*row[:6], row[6].replace(".", ","), row[7]) for row in ROWS)
    yield Case("semicolons and decimal commas", "export.csv", written(european, delimiter=";").encode(), rows=european)
    colon = written(PLAIN_ROWS, delimiter="~").encode()
    yield Case("a delimiter named by the user", "export.csv", colon, rows=PLAIN_ROWS, options={"delimiter": "~"})
    yield Case(
        "sep= above the header, as Excel reads it", "export.csv", ("sep=;\n" + written(ROWS, delimiter=";")).encode()
    )


def _oddities() -> Iterator[Case]:
    def joined(delimiter: str, quote: str, rows: Sequence[Sequence[str]]) -> str:
        return "".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) + "\n" for row in rows)

    yield Case("apostrophes in single quotes", "export.csv", joined(",", "'", [HEADER, *PLAIN_ROWS]).encode(),
               rows=PLAIN_ROWS)  # fmt: skip
    yield Case("quotes in quotes, not doubled", "export.csv", joined(",", '"', [HEADER, *PLAIN_ROWS]).encode(),
               rows=PLAIN_ROWS)  # fmt: skip
    commas = tuple((*row[:6], row[6].replace(".", ","), row[7]) for row in SIMPLE_ROWS)
    yield Case("comma and space between decimal commas", "export.csv", joined(", ", "", [HEADER, *commas]).encode(),
               rows=commas)  # fmt: skip
    plain = written(ROWS).partition("\n")[2]
    for name, header in (
        ("before", '"' + ",".join(HEADER)),
        ("within", ",".join(HEADER).replace("Ad set", '"Ad set')),
        ("after", ",".join(HEADER) + '"'),
        ("above", '"Report\n' + ",".join(HEADER)),
    ):
        yield Case(f"a stray quote {name} the header", "export.csv", f"{header}\n{plain}".encode())
    yield Case("a header with another delimiter", "export.csv", f"{';'.join(HEADER)}\n{plain}".encode())
    yield Case("rows with another delimiter", "export.csv",
               (",".join(HEADER) + "\n" + written(ROWS, delimiter=";").partition("\n")[2]).encode())  # fmt: skip
    yield Case("a header with an empty first cell", "export.csv", f",{','.join(HEADER)}\n{plain}".encode())
    yield Case("NUL as escape", "export.csv", written(ROWS).replace('""', '\0"').encode())
    broken = written(ROWS).replace("Ad set name", '"Ad set\nname"', 1)
    yield Case("a line break in the header", "export.csv", broken.encode())
    yield Case("a title of several lines", "export.csv", ('"Report\nfor Acme"\n' + written(ROWS)).encode())


def _quotes() -> Iterator[Case]:
    yield Case("every cell quoted", "export.csv", written(ROWS, quoting=csv.QUOTE_ALL).encode())
    yield Case("single quotes", "export.csv", written(ROWS, quotechar="'").encode())
    yield Case(
        "single quotes around every cell", "export.csv", written(ROWS, quotechar="'", quoting=csv.QUOTE_ALL).encode()
    )
    escaped = written(ROWS, doublequote=False, escapechar="\\")
    yield Case("quotes escaped by a backslash", "export.csv", escaped.encode())
    inches = tuple((*row[:3], f'Banner 5" {row[3]}', *row[4:7], "") for row in ROWS)
    stray = "\n".join(
        ",".join(row) for row in (HEADER, *(tuple(cell.replace(",", "") for cell in row) for row in inches))
    )
    clean = tuple(tuple(cell.replace(",", "") for cell in row) for row in inches)
    yield Case("stray quotes within cells", "export.csv", stray.encode(), rows=clean)
    opening = tuple(
        (*row[:3], f'"Best {row[3]}', *row[4:7], "") if number == 4 else row for number, row in enumerate(clean)
    )
    text = "\n".join(",".join(row) for row in (HEADER, *opening))
    yield Case("a quote that is never closed", "export.csv", text.encode(), rows=opening)
    spaced = written(ROWS, quoting=csv.QUOTE_ALL).replace('","', '", "')
    yield Case("spaces after the delimiter", "export.csv", spaced.encode())
    backslashes = tuple((*row[:3], f"C:\\{row[3]}\\", *row[4:]) for row in ROWS)
    yield Case("backslashes that escape nothing", "export.csv", written(backslashes).encode(), rows=backslashes)


def _titles() -> Iterator[Case]:
    text = written(ROWS)
    yield Case(
        "a title and a date range above", "export.csv", f"Ad report\nMarch 1, 2024 - March 15, 2024\n{text}".encode()
    )
    yield Case(
        "titles and an empty line",
        "export.csv",
        f"Campaign performance for Acme\n2024-03-01,2024-03-15\n\n{text}".encode(),
    )
    key_value = "Report:,Campaign report,,,,,,\nAccount:,Acme Ltd,,,,,,\nCurrency:,GBP,,,,,,\n,,,,,,,\n"
    yield Case("titles as wide as the table", "export.csv", (key_value + text).encode())
    many = "".join(f"Note {number}: whatever\n" for number in range(45))
    yield Case("45 lines of notes above", "export.csv", (many + text).encode())
    yield Case("a byte-order mark and a title", "export.csv", f"Ad report\n{text}".encode("utf-8-sig"))


def _headers() -> Iterator[Case]:
    groups = "Time,Names,,,Figures,,,\n"
    yield Case("groups above the header", "export.csv", (groups + written(ROWS)).encode())
    two = ",Campaign,Ad set,Ad,,Link,Amount,\nDay,name,name,name,Impressions,clicks,spent (GBP),Comment\n"
    yield Case("a header in two rows", "export.csv", (two + written(ROWS, header=None)).encode())
    merged = (
        "Day,Campaign name,Ad set name,Ad name,Figures,,,Comment\n,,,,Impressions,Link clicks,Amount spent (GBP),\n"
    )
    yield Case("a header of merged cells", "export.csv", (merged + written(ROWS, header=None)).encode())
    units = "Day,Campaign name,Ad set name,Ad name,Impressions,Link clicks,Amount spent,Comment\n,,,,,,(GBP),\n"
    yield Case("a row of units under the header", "export.csv", (units + written(ROWS, header=None)).encode())
    long = (*HEADER[:7], "A very long header " * 200)
    yield Case(
        "a header of 3,800 characters",
        "export.csv",
        written(ROWS, header=long).encode(),
        columns=(*HEADER[:7], long[7].strip()),
    )
    twice = (*HEADER[:7], "Impressions")
    yield Case(
        "the same header twice",
        "export.csv",
        written(ROWS, header=twice).encode(),
        columns=(*HEADER[:7], "Impressions (2)"),
    )
    empty = (*HEADER[:7], "")
    filled = tuple((*row[:7], row[7] or "x") for row in ROWS)
    yield Case(
        "an empty header",
        "export.csv",
        written(filled, header=empty).encode(),
        columns=(*HEADER[:7], "column 8"),
        rows=filled,
    )
    unknown = tuple(f"Feld {letter}" for letter in "ABCDEFGH")
    yield Case(
        "headers that nobody knows",
        "export.csv",
        written(ROWS, header=unknown, delimiter=";").encode(),
        columns=unknown,
    )
    spaces = tuple(f"  {name} " for name in HEADER)
    yield Case("spaces around headers", "export.csv", written(ROWS, header=spaces).encode())


def _not_data() -> Iterator[Case]:
    total = {"total": 1}
    impressions = str(sum(int(row[4]) for row in ROWS))
    clicks = str(sum(int(row[5]) for row in ROWS))
    spend = f"{sum(round(float(row[6]) * 100) for row in ROWS) / 100:.2f}"
    figures = ("", impressions, clicks, spend, "")
    for word in (
        "Total",
        "Grand total",
        "Gesamt",
        "Total: Account",
        "Totals",
        "Summe",
        "Totaux",
        "Total general",
        "Insgesamt",
    ):
        row = (word, "", "", *figures)
        yield Case(f"'{word}' below", "export.csv", written((*ROWS, row)).encode(), excluded=total)
        yield Case(f"'{word}' under the header", "export.csv", written((row, *ROWS)).encode(), excluded=total)
    blank = ("", "", "", *figures)
    yield Case("sums without a name below", "export.csv", written((*ROWS, blank)).encode(), excluded=total)
    dated = ("2024-03-01", "", "", *figures)
    yield Case(
        "sums under the first day, as Meta writes them", "export.csv", written((dated, *ROWS)).encode(), excluded=total
    )
    notes = written(ROWS) + "\n* Data may be delayed by up to 72 hours.\nExported on 2024-03-16\n"
    yield Case("notes below", "export.csv", notes.encode(), excluded={"note": 2})
    again = written(ROWS[:15]) + written(ROWS[15:])
    yield Case("the header once more in the middle", "export.csv", again.encode(), excluded={"header": 1})


def _ragged() -> Iterator[Case]:
    lines = written(PLAIN_ROWS).split("\n")
    short = "\n".join(line.rstrip(",") for line in lines)
    yield Case("empty cells at the end left out", "export.csv", short.encode(), rows=PLAIN_ROWS)
    longer = "\n".join(f"{line}," if number % 4 == 1 else line for number, line in enumerate(lines))
    yield Case("a delimiter too many in some rows", "export.csv", longer.encode(), rows=PLAIN_ROWS)
    extra = "\n".join(f"{line},extra" if number == 7 else line for number, line in enumerate(lines))
    rows = tuple((*row, "extra" if number == 6 else "") for number, row in enumerate(PLAIN_ROWS))
    yield Case("a cell too many in one row", "export.csv", extra.encode(), columns=(*HEADER, "column 9"), rows=rows)
    trailing = "\n".join(f"{line}," if line else line for line in lines)
    yield Case("a delimiter at the end of each row", "export.csv", trailing.encode(), rows=PLAIN_ROWS)


def _several_tables() -> Iterator[Case]:
    ages = written((("18-24", "100"), ("25-34", "200")), header=("Age", "Impressions"))
    both = f"Table 1\n{written(ROWS)}\nTable 2\n{ages}"
    yield Case("two tables", "export.csv", both.encode(), refused="several-tables", columns=(), rows=())
    yield Case("two tables, the first chosen", "export.csv", both.encode(), options={"table": 1})
    age_rows = (("18-24", "100"), ("25-34", "200"))
    yield Case(
        "two tables, the second chosen",
        "export.csv",
        both.encode(),
        columns=("Age", "Impressions"),
        rows=age_rows,
        options={"table": 2},
    )


def _extremes() -> Iterator[Case]:
    wide = tuple(f"Metric {number}" for number in range(5000))
    header = (*HEADER[:7], *wide)
    rows = tuple((*row[:7], *(str(number % 9) for number in range(5000))) for row in ROWS[:5])
    yield Case(
        "5,007 columns", "export.csv", written(rows, header=header).encode(), columns=header, rows=rows, is_csv=False
    )
    huge = tuple((*row[:7], "x" * (10 << 20)) if number == 3 else row for number, row in enumerate(ROWS))
    yield Case("a cell of 10 MB", "export.csv", written(huge).encode(), rows=huge, is_csv=False)
    yield Case("one row", "export.csv", written(ROWS[:1]).encode(), rows=ROWS[:1])
    one = tuple((row[1].replace(",", ""),) for row in ROWS)
    yield Case(
        "one column",
        "export.csv",
        written(one, header=("Campaign name",)).encode(),
        columns=("Campaign name",),
        rows=one,
    )


def _containers() -> Iterator[Case]:
    text = written(ROWS).encode()
    yield Case("gzip", "export.csv.gz", gzip.compress(text), is_csv=False)
    yield Case("gzip under another name", "export.csv", gzip.compress(text), is_csv=False)
    yield Case(
        "a zip with one export", "export.zip", zipped({"export.csv": text, "__MACOSX/._export.csv": b"x"}), is_csv=False
    )
    several = zipped({"a/first.csv": text, "second.csv": written(ROWS[:4]).encode()})
    yield Case(
        "a zip with two exports", "export.zip", several, refused="several-files", columns=(), rows=(), is_csv=False
    )
    yield Case(
        "a zip with two exports, one chosen",
        "export.zip",
        several,
        rows=ROWS[:4],
        options={"member": "second.csv"},
        is_csv=False,
    )
    yield Case("a workbook", "export.xlsx", workbook({"Report": (HEADER, *ROWS)}), is_csv=False)
    yield Case("a workbook under the name of a CSV", "export.csv", workbook({"Report": (HEADER, *ROWS)}), is_csv=False)
    titled = workbook({"Info": (("Report", "x"),), "Data": (("Ad report",), (), HEADER, *ROWS)})
    yield Case("a workbook with a title page", "export.xlsx", titled, is_csv=False)
    two = workbook({"Ages": (("Age", "Impressions"), ("18-24", 100)), "Data": (HEADER, *ROWS)})
    yield Case(
        "a workbook with two tables", "export.xlsx", two, refused="several-sheets", columns=(), rows=(), is_csv=False
    )
    yield Case("a workbook, one sheet chosen", "export.xlsx", titled, options={"sheet": "Data"}, is_csv=False)
    empty = workbook({"Report": (HEADER, *ROWS), "Sheet2": ()})
    yield Case("a workbook with an empty sheet", "export.xlsx", empty, is_csv=False)
    yield Case("a workbook in a zip", "export.zip", zipped({"r.xlsx": workbook({"R": (HEADER, *ROWS)})}), is_csv=False)


def _refused() -> Iterator[Case]:
    none: dict[str, Any] = {"columns": (), "rows": ()}
    headless = written(ROWS, header=None).encode()
    yield Case("no header", "export.csv", headless, refused="no-header", **none)
    numbered = tuple(f"column {number}" for number in range(1, 9))
    yield Case("no header, said by the user", "export.csv", headless, columns=numbered, options={"header_row": 0})
    yield Case("no header, names given", "export.csv", headless, options={"header_row": 0, "columns": HEADER})
    # by evenness alone the comma would win, and the placement be read as 'Home<tab>61'
    publisher = "Placement\tViewable, %\n" + "".join(f"Home | Box {at}\t{60 + at},5\n" for at in range(9))
    yield Case("two delimiters as even", "export.tsv", publisher.encode(), refused="delimiter-unsure", **none)
    yield Case("empty", "export.csv", b"", refused="file-empty", **none)
    yield Case("white space only", "export.csv", b"\n \r\n,,,\n", refused="file-empty", **none)
    yield Case("a header only", "export.csv", written(()).encode(), refused="no-rows", **none)
    text = written(ROWS).encode()
    yield Case(
        "a damaged gzip", "export.csv.gz", gzip.compress(text)[:-40], refused="file-damaged", is_csv=False, **none
    )
    yield Case(
        "a damaged zip", "export.zip", zipped({"export.csv": text})[:-60], refused="file-damaged", is_csv=False, **none
    )
    yield Case("an empty zip", "export.zip", zipped({}), refused="file-empty", is_csv=False, **none)
    yield Case(
        "a zip bomb",
        "export.zip",
        zipped({"export.csv": b"0" * (300 << 20)}),
        refused="file-bomb",
        is_csv=False,
        **none,
    )
    yield Case(
        "a gzip bomb",
        "export.csv.gz",
        gzip.compress(b"a,b\n" + b"0" * (300 << 20)),
        refused="file-bomb",
        is_csv=False,
        **none,
    )
    block = gzip.compress(b"".join(b"%d,%s\n" % (number, b"0" * 300) for number in range(3_500)))
    yield Case(
        "a gzip file of a gzip file, each in proportion to the one before",
        "export.csv.gz.gz",
        gzip.compress(block * 120),
        refused="file-bomb",
        is_csv=False,
        **none,
    )
    yield Case(
        "a workbook with a cell in its last row and column",
        "export.xlsx",
        with_cell(workbook({"Report": [HEADER, *ROWS]}), "XFD1048576"),
        refused="file-too-large",
        is_csv=False,
        **none,
    )
    yield Case(
        "a workbook with a cell beyond any row",
        "export.xlsx",
        with_cell(workbook({"Report": [HEADER, *ROWS]}), "A4294967295"),
        refused="file-too-large",
        is_csv=False,
        **none,
    )
    yield Case(
        "a picture",
        "export.csv",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50,
        refused="not-text",
        is_csv=False,
        **none,
    )
    yield Case(
        "a PDF", "export.csv", b"%PDF-1.7 \n" + bytes(range(128, 256)) * 20, refused="not-text", is_csv=False, **none
    )


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    goal = io.BytesIO()
    with zipfile.ZipFile(goal, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return goal.getvalue()


def with_cell(content: bytes, place: str, value: bytes = b"<v>5</v>") -> bytes:
    """A workbook with one more cell in its first sheet."""
    members = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            members[name] = archive.read(name)
    row = place.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<row r="{row}"><c r="{place}">'.encode() + value + b"</c></row></sheetData>"
    first = "xl/worksheets/sheet1.xml"
    members[first] = members[first].replace(b"</sheetData>", cell)
    return zipped(members)


def workbook(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """An Excel workbook; numbers and dates that are not text become Excel's own."""
    goal = io.BytesIO()
    book = xlsxwriter.Workbook(
        goal, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_numbers": False}
    )
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return goal.getvalue()
