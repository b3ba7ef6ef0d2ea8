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


def plain(name: str, text: str, **expected: Any) -> Case:
    """A case of a CSV file in UTF-8."""
    return Case(name, "export.csv", text.encode(), **expected)


def refusal(name: str, file_name: str, content: bytes, code: str, **form: Any) -> Case:
    """A case of a file of which nothing is read."""
    return Case(name, file_name, content, (), (), refused=code, **form)


def written(
    rows: Sequence[Sequence[str]], *, header: Sequence[str] | None = HEADER, end: str = "\n", **form: Any
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
    yield plain("NUL bytes within a cell", nul)


def _line_ends() -> Iterator[Case]:
    for name, end in (("Windows", "\r\n"), ("old Mac", "\r")):
        yield plain(f"line ends of {name}", written(PLAIN_ROWS, end=end), rows=PLAIN_ROWS)
    lines = written(PLAIN_ROWS).split("\n")
    mixed = "".join(line + ("\n", "\r\n", "\r")[number % 3] for number, line in enumerate(lines[:-1]))
    yield plain("mixed line ends", mixed, rows=PLAIN_ROWS)
    yield plain("no line end after the last row", written(ROWS).rstrip("\n"))
    yield plain("quoted line breaks of Windows", written(ROWS, end="\r\n"))
    blank = "\n\n".join(written(PLAIN_ROWS).split("\n"))
    yield plain("an empty line after each row", blank, rows=PLAIN_ROWS)
    commas = written(PLAIN_ROWS) + ",,,,,,,\n,,,,,,,\n"
    yield plain("rows of delimiters alone at the end", commas, rows=PLAIN_ROWS, excluded={"note": 2})


def _delimiters() -> Iterator[Case]:
    for name, delimiter in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        yield plain(f"delimiter {name}", written(ROWS, delimiter=delimiter))
    yield Case("tab, as .tsv", "export.tsv", written(ROWS, delimiter="\t").encode())
    # headers of several words are quoted, since the delimiter stands in them
    yield Case("delimiter space", "export.txt", written(SIMPLE_ROWS, delimiter=" ").encode(), rows=SIMPLE_ROWS)
    european = tuple((*row[:6], row[6].replace(".", ","), row[7]) for row in ROWS)
    yield plain("semicolons and decimal commas", written(european, delimiter=";"), rows=european)
    colon = written(PLAIN_ROWS, delimiter="~").encode()
    yield Case("a delimiter named by the user", "export.csv", colon, rows=PLAIN_ROWS, options={"delimiter": "~"})
    yield plain("sep= above the header, as Excel reads it", "sep=;\n" + written(ROWS, delimiter=";"))


def _oddities() -> Iterator[Case]:
    def joined(delimiter: str, quote: str, rows: Sequence[Sequence[str]]) -> str:
        return "".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) + "\n" for row in rows)

    yield plain("apostrophes in single quotes", joined(",", "'", [HEADER, *PLAIN_ROWS]), rows=PLAIN_ROWS)
    yield plain("quotes in quotes, not doubled", joined(",", '"', [HEADER, *PLAIN_ROWS]), rows=PLAIN_ROWS)
    commas = tuple((*row[:6], row[6].replace(".", ","), row[7]) for row in SIMPLE_ROWS)
    yield plain("comma and space between decimal commas", joined(", ", "", [HEADER, *commas]), rows=commas)
    rest = written(ROWS).partition("\n")[2]
    for name, header in (
        ("before", '"' + ",".join(HEADER)),
        ("within", ",".join(HEADER).replace("Ad set", '"Ad set')),
        ("after", ",".join(HEADER) + '"'),
        ("above", '"Report\n' + ",".join(HEADER)),
    ):
        yield plain(f"a stray quote {name} the header", f"{header}\n{rest}")
    yield plain("a header with another delimiter", f"{';'.join(HEADER)}\n{rest}")
    yield plain(
        "rows with another delimiter", ",".join(HEADER) + "\n" + written(ROWS, delimiter=";").partition("\n")[2]
    )
    yield plain("a header with an empty first cell", f",{','.join(HEADER)}\n{rest}")
    yield plain("NUL as escape", written(ROWS).replace('""', '\0"'))
    broken = written(ROWS).replace("Ad set name", '"Ad set\nname"', 1)
    yield plain("a line break in the header", broken)
    yield plain("a title of several lines", '"Report\nfor Acme"\n' + written(ROWS))


def _quotes() -> Iterator[Case]:
    yield plain("every cell quoted", written(ROWS, quoting=csv.QUOTE_ALL))
    yield plain("single quotes", written(ROWS, quotechar="'"))
    yield plain("single quotes around every cell", written(ROWS, quotechar="'", quoting=csv.QUOTE_ALL))
    escaped = written(ROWS, doublequote=False, escapechar="\\")
    yield plain("quotes escaped by a backslash", escaped)
    inches = tuple((*row[:3], f'Banner 5" {row[3]}', *row[4:7], "") for row in ROWS)
    stray = "\n".join(
        ",".join(row) for row in (HEADER, *(tuple(cell.replace(",", "") for cell in row) for row in inches))
    )
    clean = tuple(tuple(cell.replace(",", "") for cell in row) for row in inches)
    yield plain("stray quotes within cells", stray, rows=clean)
    opening = tuple(
        (*row[:3], f'"Best {row[3]}', *row[4:7], "") if number == 4 else row for number, row in enumerate(clean)
    )
    text = "\n".join(",".join(row) for row in (HEADER, *opening))
    yield plain("a quote that is never closed", text, rows=opening)
    spaced = written(ROWS, quoting=csv.QUOTE_ALL).replace('","', '", "')
    yield plain("spaces after the delimiter", spaced)
    apart = written(SIMPLE_ROWS).replace(",", ", ")
    yield plain("spaces after each delimiter, without quotes", apart, rows=SIMPLE_ROWS)
    for name, at in (("first", 0), ("second", 1), ("last", len(HEADER) - 1)):
        lines = written(PLAIN_ROWS).splitlines()
        cells = PLAIN_ROWS[3]
        lines[4] = ",".join((*cells[:at], f'"{cells[at]}', *cells[at + 1 :]))
        text = "\n".join(lines) + "\n"
        yield plain(f"a quote before the {name} cell of a row, never closed, among quoted cells", text, rows=PLAIN_ROWS)
    backslashes = tuple((*row[:3], f"C:\\{row[3]}\\", *row[4:]) for row in ROWS)
    yield plain("backslashes that escape nothing", written(backslashes), rows=backslashes)


def _titles() -> Iterator[Case]:
    text = written(ROWS)
    yield plain("a title and a date range above", f"Ad report\nMarch 1, 2024 - March 15, 2024\n{text}")
    yield plain("titles and an empty line", f"Campaign performance for Acme\n2024-03-01,2024-03-15\n\n{text}")
    key_value = "Report:,Campaign report,,,,,,\nAccount:,Acme Ltd,,,,,,\nCurrency:,GBP,,,,,,\n,,,,,,,\n"
    yield plain("titles as wide as the table", key_value + text)
    many = "".join(f"Note {number}: whatever\n" for number in range(45))
    yield plain("45 lines of notes above", many + text)
    yield Case("a byte-order mark and a title", "export.csv", f"Ad report\n{text}".encode("utf-8-sig"))


def _headers() -> Iterator[Case]:
    groups = "Time,Names,,,Figures,,,\n"
    yield plain("groups above the header", groups + written(ROWS))
    two = ",Campaign,Ad set,Ad,,Link,Amount,\nDay,name,name,name,Impressions,clicks,spent (GBP),Comment\n"
    yield plain("a header in two rows", two + written(ROWS, header=None))
    merged = (
        "Day,Campaign name,Ad set name,Ad name,Figures,,,Comment\n,,,,Impressions,Link clicks,Amount spent (GBP),\n"
    )
    yield plain("a header of merged cells", merged + written(ROWS, header=None))
    units = "Day,Campaign name,Ad set name,Ad name,Impressions,Link clicks,Amount spent,Comment\n,,,,,,(GBP),\n"
    yield plain("a row of units under the header", units + written(ROWS, header=None))
    long = (*HEADER[:7], "A very long header " * 200)
    yield plain("a header of 3,800 characters", written(ROWS, header=long), columns=(*HEADER[:7], long[7].strip()))
    twice = (*HEADER[:7], "Impressions")
    yield plain("the same header twice", written(ROWS, header=twice), columns=(*HEADER[:7], "Impressions (2)"))
    empty = (*HEADER[:7], "")
    filled = tuple((*row[:7], row[7] or "x") for row in ROWS)
    yield plain("an empty header", written(filled, header=empty), columns=(*HEADER[:7], "column 8"), rows=filled)
    unknown = tuple(f"Feld {letter}" for letter in "ABCDEFGH")
    yield plain("headers that nobody knows", written(ROWS, header=unknown, delimiter=";"), columns=unknown)
    spaces = tuple(f"  {name} " for name in HEADER)
    yield plain("spaces around headers", written(ROWS, header=spaces))


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
        yield plain(f"'{word}' below", written((*ROWS, row)), excluded=total)
        yield plain(f"'{word}' under the header", written((row, *ROWS)), excluded=total)
    blank = ("", "", "", *figures)
    yield plain("sums without a name below", written((*ROWS, blank)), excluded=total)
    dated = ("2024-03-01", "", "", *figures)
    yield plain("sums under the first day, as Meta writes them", written((dated, *ROWS)), excluded=total)
    notes = written(ROWS) + "\n* Data may be delayed by up to 72 hours.\nExported on 2024-03-16\n"
    yield plain("notes below", notes, excluded={"note": 2})
    again = written(ROWS[:15]) + written(ROWS[15:])
    yield plain("the header once more in the middle", again, excluded={"header": 1})


def _ragged() -> Iterator[Case]:
    lines = written(PLAIN_ROWS).split("\n")
    short = "\n".join(line.rstrip(",") for line in lines)
    yield plain("empty cells at the end left out", short, rows=PLAIN_ROWS)
    longer = "\n".join(f"{line}," if number % 4 == 1 else line for number, line in enumerate(lines))
    yield plain("a delimiter too many in some rows", longer, rows=PLAIN_ROWS)
    extra = "\n".join(f"{line},extra" if number == 7 else line for number, line in enumerate(lines))
    rows = tuple((*row, "extra" if number == 6 else "") for number, row in enumerate(PLAIN_ROWS))
    yield plain("a cell too many in one row", extra, columns=(*HEADER, "column 9"), rows=rows)
    trailing = "\n".join(f"{line}," if line else line for line in lines)
    yield plain("a delimiter at the end of each row", trailing, rows=PLAIN_ROWS)


def _several_tables() -> Iterator[Case]:
    ages = written((("18-24", "100"), ("25-34", "200")), header=("Age", "Impressions"))
    both = f"Table 1\n{written(ROWS)}\nTable 2\n{ages}"
    yield refusal("two tables", "export.csv", both.encode(), "several-tables")
    yield plain("two tables, the first chosen", both, options={"table": 1})
    age_rows = (("18-24", "100"), ("25-34", "200"))
    yield plain(
        "two tables, the second chosen", both, columns=("Age", "Impressions"), rows=age_rows, options={"table": 2}
    )


def _extremes() -> Iterator[Case]:
    wide = tuple(f"Metric {number}" for number in range(5000))
    header = (*HEADER[:7], *wide)
    rows = tuple((*row[:7], *(str(number % 9) for number in range(5000))) for row in ROWS[:5])
    yield plain("5,007 columns", written(rows, header=header), columns=header, rows=rows, is_csv=False)
    huge = tuple((*row[:7], "x" * (10 << 20)) if number == 3 else row for number, row in enumerate(ROWS))
    yield plain("a cell of 10 MB", written(huge), rows=huge, is_csv=False)
    yield plain("one row", written(ROWS[:1]), rows=ROWS[:1])
    one = tuple((row[1].replace(",", ""),) for row in ROWS)
    yield plain("one column", written(one, header=("Campaign name",)), columns=("Campaign name",), rows=one)


def _containers() -> Iterator[Case]:
    text = written(ROWS).encode()
    yield Case("gzip", "export.csv.gz", gzip.compress(text), is_csv=False)
    yield Case("gzip under another name", "export.csv", gzip.compress(text), is_csv=False)
    yield Case(
        "a zip with one export", "export.zip", zipped({"export.csv": text, "__MACOSX/._export.csv": b"x"}), is_csv=False
    )
    several = zipped({"a/first.csv": text, "second.csv": written(ROWS[:4]).encode()})
    yield refusal("a zip with two exports", "export.zip", several, "several-files", is_csv=False)
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
    yield refusal("a workbook with two tables", "export.xlsx", two, "several-sheets", is_csv=False)
    yield Case("a workbook, one sheet chosen", "export.xlsx", titled, options={"sheet": "Data"}, is_csv=False)
    empty = workbook({"Report": (HEADER, *ROWS), "Sheet2": ()})
    yield Case("a workbook with an empty sheet", "export.xlsx", empty, is_csv=False)
    yield Case("a workbook in a zip", "export.zip", zipped({"r.xlsx": workbook({"R": (HEADER, *ROWS)})}), is_csv=False)


def _refused() -> Iterator[Case]:
    headless = written(ROWS, header=None).encode()
    yield refusal("no header", "export.csv", headless, "no-header")
    numbered = tuple(f"column {number}" for number in range(1, 9))
    yield Case("no header, said by the user", "export.csv", headless, columns=numbered, options={"header_row": 0})
    yield Case("no header, names given", "export.csv", headless, options={"header_row": 0, "columns": HEADER})
    # by evenness alone the comma would win, and the placement be read as 'Home<tab>61'
    publisher = "Placement\tViewable, %\n" + "".join(f"Home | Box {at}\t{60 + at},5\n" for at in range(9))
    yield refusal("two delimiters as even", "export.tsv", publisher.encode(), "delimiter-unsure")
    yield refusal("empty", "export.csv", b"", "file-empty")
    yield refusal("white space only", "export.csv", b"\n \r\n,,,\n", "file-empty")
    yield refusal("a header only", "export.csv", written(()).encode(), "no-rows")
    text = written(ROWS).encode()
    yield refusal("a damaged gzip", "export.csv.gz", gzip.compress(text)[:-40], "file-damaged", is_csv=False)
    yield refusal("a damaged zip", "export.zip", zipped({"export.csv": text})[:-60], "file-damaged", is_csv=False)
    yield refusal("an empty zip", "export.zip", zipped({}), "file-empty", is_csv=False)
    yield refusal(
        "a zip bomb", "export.zip", zipped({"export.csv": b"0" * (300 << 20)}, level=1), "file-bomb", is_csv=False
    )
    yield refusal(
        "a gzip bomb",
        "export.csv.gz",
        gzip.compress(b"a,b\n") + gzip.compress(b"0" * (1 << 20)) * 300,
        "file-bomb",
        is_csv=False,
    )
    block = gzip.compress(b"".join(b"%d,%s\n" % (number, b"0" * 300) for number in range(3_500)))
    yield refusal(
        "a gzip file of a gzip file, each in proportion to the one before",
        "export.csv.gz.gz",
        gzip.compress(block * 120),
        "file-bomb",
        is_csv=False,
    )
    yield refusal(
        "a workbook with a cell in its last row and column",
        "export.xlsx",
        with_cell(workbook({"Report": [HEADER, *ROWS]}), "XFD1048576"),
        "file-too-large",
        is_csv=False,
    )
    yield refusal(
        "a workbook with a cell beyond any row",
        "export.xlsx",
        with_cell(workbook({"Report": [HEADER, *ROWS]}), "A4294967295"),
        "file-too-large",
        is_csv=False,
    )
    yield refusal("a picture", "export.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "not-text", is_csv=False)
    page = b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><th>Day</th></tr></table></html>"
    for name, content in {
        "a web page called .xls": page,
        "a table of HTML in UTF-16": "\ufeff\r\n<TABLE border=1><tr><td>Day".encode("utf-16"),
        "XML called .xls": b'\xef\xbb\xbf<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>',
    }.items():
        yield refusal(name, "export.xls", content, "not-a-table", is_csv=False)
    yield refusal("a PDF", "export.csv", b"%PDF-1.7 \n" + bytes(range(128, 256)) * 20, "not-text", is_csv=False)


def zipped(members: dict[str, bytes], level: int | None = None) -> bytes:
    """A zip archive."""
    goal = io.BytesIO()
    with zipfile.ZipFile(goal, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
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
