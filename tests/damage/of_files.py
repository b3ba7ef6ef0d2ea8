"""Damages of files: delimiters, encodings, columns, totals, joined files, and files that are cut off."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from tests.damage.damages import add, damage, one, some
from tests.damage.sheets import Row, Sheet

_PAGES = {  # Windows, ISO, Mac and DOS
    "pl": ("cp1250", "iso8859-2", "mac-latin2", "cp852"),
    "tr": ("cp1254", "iso8859-9", "mac-turkish", "cp857"),
    "ja": ("cp932", "euc-jp", "cp932", "cp932"),
}
_WESTERN = ("cp1252", "iso8859-15", "mac-roman", "cp850")


# delimiters and rows
def _number_unquoted(sheet: Sheet, rows: Callable[[Sheet], list[int]]) -> Sheet | None:
    if sheet.delimiter != "," or not sheet.has("spend"):
        return None
    mark = sheet.export.number[-3]

    def change(cell: str) -> str:
        number = sheet.number(cell)
        return cell if number is None else f"{number:,.2f}" if mark == "." else f"{number:.2f}".replace(".", ",")

    plain = sheet.with_cells("campaign", lambda cell: cell.replace(",", "").replace('"', ""))
    facts = tuple(fact._replace(campaign=fact.campaign.replace(",", "").replace('"', "")) for fact in sheet.facts)
    points = {kind: (lambda cell: cell.replace(",", "")) for kind in ("impressions", "clicks", "conversions")}
    for kind, without in points.items():
        plain = plain.with_cells(kind, without)
    plain = replace(plain, facts=facts, titles=(), rows=tuple(plain.rows[at] for at in plain.data), is_quoted=False)
    if mark == ",":  # decimals of other rows and columns as a script writes them
        for kind in ("spend", "conversions"):
            plain = plain.with_cells(kind, lambda cell: str(sheet.number(cell)))
    if any(
        "," in cell
        for at in plain.data
        for kind, cell in zip(plain.kinds, plain.rows[at], strict=True)
        if kind not in ("spend", "day")
    ):
        return None
    plain = plain.with_cells("spend", lambda cell: cell.replace(",", ""))
    unquoted = plain.with_cells("spend", change if mark == "." else lambda cell: cell.replace(".", ","), rows(plain))
    return None if any("," in row[plain.at("day") or 0] for row in plain.rows) else unquoted


add(
    "spend_unquoted",
    "commas in the spend, without quotes",
    lambda sheet: _number_unquoted(sheet, lambda found: found.data),
)
add(
    "spend_unquoted_in_some_rows",
    "commas in the spend, without quotes, in some rows",
    lambda sheet: _number_unquoted(sheet, some),
)
add(
    "spend_unquoted_in_one_row",
    "commas in the spend, without quotes, in one row",
    lambda sheet: _number_unquoted(sheet, one),
)


@damage
def names_unquoted(sheet: Sheet) -> Sheet | None:
    """The delimiter in a campaign's name, without quotes."""
    texts = [
        cell for at in sheet.data for kind, cell in zip(sheet.kinds, sheet.rows[at], strict=True) if kind != "campaign"
    ]
    if any(sheet.delimiter in cell for cell in texts):
        return None
    named = sheet.with_cells("campaign", lambda cell: cell.replace(", ", f"{sheet.delimiter} ").replace('"', ""))
    facts = tuple(
        fact._replace(campaign=fact.campaign.replace(", ", f"{sheet.delimiter} ").replace('"', ""))
        for fact in sheet.facts
    )
    named = replace(named.with_cells("campaign", lambda cell: cell.replace('"', "")), facts=facts, is_quoted=False)
    return replace(named, rows=tuple(named.rows[at] for at in named.data))


def _shifted(sheet: Sheet, rows: list[int], by: int) -> Sheet:
    at = sheet.at("spend") or 0
    return replace(sheet, rows=tuple(
        ((*row[:at], "", *row[at:-1]) if by > 0 else (*row[: at - 1], *row[at:], "")) if number in rows else row
        for number, row in enumerate(sheet.rows)
    ))  # fmt: skip


add(
    "rows_shifted_right",
    "some rows shifted by a cell, from the spend on",
    lambda sheet: _shifted(sheet, some(sheet), 1),
)
add("row_shifted_right", "one row shifted by a cell, from the spend on", lambda sheet: _shifted(sheet, one(sheet), 1))
add(
    "rows_shifted_left", "some rows with the cell before the spend lost", lambda sheet: _shifted(sheet, some(sheet), -1)
)
add("row_shifted_left", "one row with the cell before the spend lost", lambda sheet: _shifted(sheet, one(sheet), -1))


@damage
def quote_left_open(sheet: Sheet) -> Sheet:
    """A quote in one row that is never closed."""
    name = sheet.facts[57].day and sheet.rows[one(sheet)[0]][sheet.at("ad_set") or 0]
    return sheet.with_cells("ad_set", lambda _: "\0", one(sheet)).with_step(lambda text: text.replace("\0", f'"{name}'))


@damage
def name_on_two_lines(sheet: Sheet) -> Sheet:
    """A line break in one campaign's name, without quotes."""
    broken = sheet.with_cells("campaign", lambda cell: cell.replace(" ", "\0", 1), one(sheet))
    return broken.with_step(lambda text: text.replace("\0", "\n"))


@damage
def lines_quoted(sheet: Sheet) -> Sheet:
    """Each line in quotes as one cell, as a spreadsheet saves a file that it did not split."""
    return sheet.with_step(lambda text: "".join('"' + line.replace('"', '""') + '"\n' for line in text.splitlines()))


@damage
def rows_by_other_delimiter(sheet: Sheet) -> Sheet:
    """The rows with another delimiter than the header."""
    other = ";" if sheet.delimiter != ";" else "\t"

    def change(text: str) -> str:
        head, _, rows = text.partition(sheet.header[-1] + "\n")
        return (
            head + sheet.header[-1] + "\n" + replace(sheet, delimiter=other, titles=()).text().partition("\n")[2]
            if rows
            else text
        )

    return sheet.with_step(change)


@damage
def lines_blank_between(sheet: Sheet) -> Sheet:
    """A blank line after each line."""
    return sheet.with_step(lambda text: text.replace("\n", "\n\n"))


# encodings
def _encoded(name: str, what: str, page: int) -> None:
    def apply(sheet: Sheet) -> Sheet | None:
        encoding = _PAGES.get(sheet.export.language, _WESTERN)[page]
        try:
            sheet.text().encode(encoding)
        except UnicodeEncodeError:
            if "\u202f" not in sheet.text():
                return None
        return replace(sheet.with_step(lambda text: text.replace("\u202f", "\u00a0")),
                       encode=lambda text: text.encode(encoding, "replace"))  # fmt: skip

    add(name, what, apply)


for _position, _kind in enumerate(("Windows", "ISO", "Mac", "DOS")):
    _encoded(f"saved_as_{_kind.lower()}", f"saved in the language's {_kind} code page", _position)


def _saved(name: str, what: str, encode: Callable[[str], bytes]) -> None:
    add(name, what, lambda sheet: replace(sheet, encode=encode))


_saved("saved_as_utf8", "saved as UTF-8 with a byte-order mark", lambda text: codecs.BOM_UTF8 + text.encode())
_saved("saved_as_utf16", "saved as UTF-16 without a byte-order mark", lambda text: text.encode("utf-16-le"))
_saved("saved_as_ascii", "saved as ASCII, with '?' for all else", lambda text: text.encode("ascii", "replace"))
_saved(
    "misread_as_windows",
    "UTF-8 read as Windows-1252 and saved as UTF-8",
    lambda text: text.encode().decode("cp1252", "replace").encode(),
)


def _mixed(name: str, what: str, is_other: Callable[[int, int], bool]) -> None:
    def encode(text: str, page: str) -> bytes:
        lines = text.splitlines(keepends=True)
        return b"".join(
            line.replace("\u202f", "\u00a0").encode(page, "replace") if is_other(at, len(lines)) else line.encode()
            for at, line in enumerate(lines)
        )

    def apply(sheet: Sheet) -> Sheet:
        page = _PAGES.get(sheet.export.language, _WESTERN)[0]
        return replace(sheet, encode=lambda text: encode(text, page))

    add(name, what, apply)


_mixed(
    "encodings_mixed", "the second half in the Windows code page, the first in UTF-8", lambda at, count: at > count // 2
)
_mixed("encodings_mixed_in_one_row", "one row in the Windows code page, the others in UTF-8", lambda at, _: at == 40)


# totals
def _total(sheet: Sheet, name: str, place: str) -> Sheet:
    plain = sheet.without_totals()
    export = sheet.export
    row = tuple(export.total_row(name))
    at = sheet.at("campaign") or 0
    if place == "named":  # in the column of the campaign, where the first is another
        row = ("", *row[1:at], name, *row[at + 1 :]) if at else row
    middle = len(plain.rows) // 2
    index = {"first": 0, "middle": middle}.get(place, len(plain.rows))
    return replace(plain, rows=(*plain.rows[:index], row, *plain.rows[index:]))


def _totals(name: str, place: str) -> None:
    shown = "last, under the campaigns," if place == "named" else place
    slug = {"": "blank", "N/A": "n_a", "Acme GmbH": "client", "Σ": "sign"}.get(name, "overall")
    add(
        f"total_{slug}_{place}",
        f"a total named '{name}' {shown} among the rows",
        lambda sheet: _total(sheet, name, place),
    )


for _name in ("", "N/A", "Overall total - 2 campaigns", "Acme GmbH", "Σ"):
    for _place in ("first", "middle", "last", "named"):
        _totals(_name, _place)


def _campaign_totals(sheet: Sheet, named: str) -> Sheet:
    """A total after each campaign's rows, without a day."""
    plain = sheet.without_totals()
    rows: list[Row] = []
    figures = sheet.export.figures
    for start in range(0, len(plain.rows), 30):
        part = plain.rows[start : start + 30]
        row = replace(sheet.export, figures=figures[start : start + 30]).total_row("")
        at = sheet.at("campaign") or 0
        row[at] = named.format(part[0][at])
        rows += [*part, tuple(row)]
    return replace(plain, rows=tuple(rows))


add("totals_of_campaigns", "'<campaign> Total' after each campaign", lambda sheet: _campaign_totals(sheet, "{} Total"))
add(
    "totals_of_campaigns_by_name",
    "a total under the campaign's own name after each",
    lambda sheet: _campaign_totals(sheet, "{}"),
)


@damage
def total_on_each_row_day(sheet: Sheet) -> Sheet | None:
    """A total under a campaign 'All campaigns' on a day of the month."""
    if not sheet.has("day"):
        return None
    row = list(sheet.export.total_row(""))
    at, day, ad_set = sheet.at("campaign") or 0, sheet.at("day") or 0, sheet.at("ad_set") or 0
    row[at], row[day], row[ad_set] = "All campaigns", sheet.rows[sheet.data[-1]][day], "All"
    return replace(sheet.without_totals(), rows=(*sheet.without_totals().rows, tuple(row)))


@damage
def rows_lost_under_total(sheet: Sheet) -> Sheet | None:
    """Rows deleted, the total as it was."""
    if sheet.export.total is None:
        return None
    lost = set(some(sheet))
    return replace(sheet, rows=tuple(row for at, row in enumerate(sheet.rows) if at not in lost))


# joined files
def _joined(sheet: Sheet, change: Callable[[Sheet, Sheet], Sheet | None]) -> Sheet | None:
    """The last ten days under the others, changed."""
    first, second = (sheet.only(lambda fact, late=late: (fact.day > "2026-09-20") == late) for late in (False, True))  # type: ignore[misc]
    return change(first, second)


def _under(first: Sheet, *rows: Row, second: Sheet) -> Sheet:
    return replace(first, rows=(*first.rows, *rows, *second.rows), facts=(*first.facts, *second.facts), footer=())


@damage
def joined_with_header(sheet: Sheet) -> Sheet | None:
    """Two files under each other, with the same header."""
    return _joined(sheet, lambda first, second: _under(first, second.header, second=second))


@damage
def joined_in_other_order(sheet: Sheet) -> Sheet | None:
    """Two files under each other, the second with its columns in another order."""
    return _joined(sheet, lambda first, second: _under(
        first, second.header[::-1], second=replace(second, rows=tuple(row[::-1] for row in second.rows))))  # fmt: skip


@damage
def joined_in_other_order_without_header(sheet: Sheet) -> Sheet | None:
    """Two files under each other, the second in another order and without its header."""
    return _joined(sheet, lambda first, second: _under(
        first, second=replace(second, rows=tuple(row[::-1] for row in second.rows))))  # fmt: skip


@damage
def joined_with_spend_and_clicks_changed(sheet: Sheet) -> Sheet | None:
    """Two files under each other, the second with clicks and impressions in each other's places and its own header."""

    def swapped(row: Row) -> Row:
        one_at, other_at = sheet.kinds.index("impressions"), sheet.kinds.index("clicks")
        cells = list(row)
        cells[one_at], cells[other_at] = cells[other_at], cells[one_at]
        return tuple(cells)

    return _joined(sheet, lambda first, second: _under(
        first, swapped(second.header), second=replace(second, rows=tuple(map(swapped, second.rows)))))  # fmt: skip


@damage
def joined_in_other_currency(sheet: Sheet) -> Sheet | None:
    """Two files under each other, the second with USD in its header or its currency column."""

    def joined(first: Sheet, second: Sheet) -> Sheet:
        facts = tuple(fact._replace(currency="USD") for fact in second.facts)
        dollars = replace(second, facts=facts, header=tuple(name.replace("(EUR)", "(USD)") for name in second.header))
        if second.has("currency"):
            dollars = dollars.with_cells("currency", lambda _: "USD")
        return _under(first, dollars.header, second=dollars)

    return _joined(sheet, joined)


@damage
def joined_with_itself(sheet: Sheet) -> Sheet:
    """The same file twice under each other, with the header."""
    plain = sheet.without_totals()
    return replace(plain, rows=(*plain.rows, plain.header, *plain.rows))


@damage
def joined_overlapping(sheet: Sheet) -> Sheet:
    """Two files that have ten days in common under each other."""
    plain = sheet.without_totals()
    late = sheet.only(lambda fact: fact.day > "2026-09-20")
    return replace(plain, rows=(*plain.rows, plain.header, *late.rows))


@damage
def row_doubled(sheet: Sheet) -> Sheet:
    """One row twice."""
    at = one(sheet)[0]
    return replace(sheet, rows=(*sheet.rows[: at + 1], *sheet.rows[at:]))


@damage
def rows_doubled_in_some(sheet: Sheet) -> Sheet:
    """Some rows twice."""
    chosen = some(sheet)
    return replace(sheet, rows=tuple(row for at, row in enumerate(sheet.rows) for _ in range(1 + (at in chosen))))


def _per_action(sheet: Sheet, header: str, kinds: tuple[str, ...]) -> Sheet:
    plain = sheet.without_totals()
    rows = tuple((*row, kind) for row in plain.rows for kind in kinds)
    return replace(plain, header=(*plain.header, header), kinds=(*plain.kinds, "action"), rows=rows)


add(
    "rows_per_action",
    "each row once for each of three action types, with the same figures",
    lambda sheet: _per_action(sheet, "Action type", ("link_click", "lead", "purchase")),
)


@damage
def rows_per_action_of_some(sheet: Sheet) -> Sheet:
    """Some rows twice, for two action types, with other conversions."""
    plain = _per_action(sheet, "Action type", ("link_click",))
    chosen, at = some(sheet)[:9], plain.at("conversions") or 0
    more = [(*plain.rows[n][:at], "1", *plain.rows[n][at + 1 : -1], "lead") for n in chosen if n < len(plain.rows)]
    return replace(plain, rows=(*plain.rows, *more))


# columns
def _without(kind: str) -> None:
    add(f"{kind}_lost", f"the column of the {kind} lost", lambda sheet: sheet.without_column(kind))


for _kind in ("day", "spend"):
    _without(_kind)


@damage
def campaign_lost(sheet: Sheet) -> Sheet | None:
    """The column of the campaign lost: nobody knows it then."""
    found = sheet.without_column("campaign")
    return found.unknown("campaign") if found else None


@damage
def currency_lost(sheet: Sheet) -> Sheet | None:
    """The column of the currency lost: nobody knows it then."""
    found = sheet.without_column("currency")
    is_in_cells = "€" in sheet.export.money
    return found if found is None or is_in_cells else found.unknown("currency")


def _doubled(sheet: Sheet, factor: int) -> Sheet | None:
    at = sheet.at("spend") or 0
    if not sheet.has("spend"):
        return None
    cells = {n: sheet.rows[n][at] for n in sheet.data}
    other = {
        n: sheet.export.money.format(sheet.export.written((sheet.number(cell) or Decimal(0)) * factor, 2))
        for n, cell in cells.items()
    }
    return sheet.with_column(sheet.header[at], "again", lambda n: cells[n] if factor == 1 else other[n], at)


add("spend_doubled", "the column of the spend twice", lambda sheet: _doubled(sheet, 1))
add(
    "spend_doubled_with_other_figures",
    "a column of the same header before the spend, of another period",
    lambda sheet: _doubled(sheet, 3),
)


@damage
def spend_in_unknown_header(sheet: Sheet) -> Sheet:
    """A header of the spend that nobody knows."""
    at = sheet.at("spend") or 0
    return replace(sheet, header=(*sheet.header[:at], "Media EUR net net", *sheet.header[at + 1 :]))


@damage
def header_blank_over_spend(sheet: Sheet) -> Sheet:
    """A blank header over the spend."""
    at = sheet.at("spend") or 0
    return replace(sheet, header=(*sheet.header[:at], "", *sheet.header[at + 1 :]))


@damage
def headers_shifted(sheet: Sheet) -> Sheet:
    """The headers shifted by one column, as where the rows begin with a number that has no header."""
    rows = tuple((str(n), *row) for n, row in enumerate(sheet.rows))
    return replace(sheet, header=(*sheet.header, ""), kinds=("", *sheet.kinds), rows=rows, is_quoted=True)


@damage
def headers_of_two_changed(sheet: Sheet) -> Sheet:
    """The headers of impressions and clicks in each other's places."""
    one_at, other_at = sheet.kinds.index("impressions"), sheet.kinds.index("clicks")
    header = list(sheet.header)
    header[one_at], header[other_at] = header[other_at], header[one_at]
    return replace(sheet, header=tuple(header))


@damage
def header_lost(sheet: Sheet) -> Sheet:
    """No header, nor what stands above it."""
    return replace(sheet, titles=(), header=sheet.rows[0], rows=sheet.rows[1:])


# files that end too early
@damage
def cut_off_in_a_row(sheet: Sheet) -> Sheet:
    """The file cut off in the middle of a row, after two thirds."""
    return sheet.with_step(lambda text: text[: text.rfind("\n", 0, len(text) * 2 // 3) + 12])


@damage
def cut_off_between_rows(sheet: Sheet) -> Sheet:
    """The file cut off at the end of a row, after two thirds."""
    return sheet.with_step(lambda text: text[: text.rfind("\n", 0, len(text) * 2 // 3) + 1])


@damage
def cut_off_in_spend(sheet: Sheet) -> Sheet | None:
    """The file cut off in the last row, within the spend."""
    at = sheet.at("spend")
    if at is None or sheet.footer:
        return None
    plain = sheet.without_totals()
    *rows, last = plain.rows
    cut = last[at][: max(len(last[at]) // 2, 1)]
    return replace(plain, rows=tuple(rows)).with_step(lambda text: text + plain.delimiter.join((*last[:at], cut)))


@damage
def nul_bytes(sheet: Sheet) -> Sheet:
    """NUL bytes at the end, as after a failed copy."""
    return sheet.with_step(lambda text: text + "\0" * 40)


@damage
def summary_below(sheet: Sheet) -> Sheet:
    """A second table of the campaigns' sums below, after a blank line."""
    totals = [replace(sheet.export, figures=sheet.export.figures[at : at + 30]) for at in range(0, 120, 30)]
    lines = [sheet.delimiter.join((campaign.figures[0][0].replace(",", "").replace('"', ""), re.sub(r"[^0-9]", "", cell)))
             for campaign in totals for cell in [campaign.total_row("")[sheet.at("spend") or 0]]]  # fmt: skip
    return sheet.with_step(lambda text: text + "\n" + "\n".join(lines) + "\n")
