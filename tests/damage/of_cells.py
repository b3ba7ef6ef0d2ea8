"""Damages of cells: figures, ids, days and names, as spreadsheets, scripts and people write them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.damage.damages import add, damage, in_cells, some
from tests.damage.sheets import Fact, Sheet, id_header

_ARABIC, _FULL_WIDTH = (
    str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    str.maketrans("0123456789,.", "０１２３４５６７８９，．"),
)

# of the spend
in_cells(
    "spend_with_letters", "the letter O for zeros in the spend (1OOO.00)", "spend", lambda cell: cell.replace("0", "O")
)
in_cells("spend_not_available", "'n.v.' for the spend", "spend", lambda _: "n.v.", where="some")
in_cells("spend_error", "'#VALUE!' for the spend", "spend", lambda _: "#VALUE!", where="one")
in_cells("spend_blank", "a blank cell for the spend", "spend", lambda _: "")
in_cells("spend_null", "'null' for the spend", "spend", lambda _: "null", where="some")
in_cells(
    "spend_zero_width",
    "a zero-width space in the spend",
    "spend",
    lambda cell: f"{cell[:1]}\u200b{cell[1:]}",
    where="all one",
)
in_cells(
    "spend_directional", "a right-to-left mark before the spend", "spend", lambda cell: f"\u200f{cell}", where="all"
)
in_cells(
    "spend_arabic_digits", "Arabic digits in the spend", "spend", lambda cell: cell.translate(_ARABIC), where="all one"
)
in_cells(
    "spend_full_width",
    "full-width digits in the spend",
    "spend",
    lambda cell: cell.translate(_FULL_WIDTH),
    where="all one",
)
in_cells("spend_with_word", "a word after the spend (12.50 net)", "spend", lambda cell: f"{cell} net", where="all one")
in_cells("spend_percent", "a percent sign after the spend", "spend", lambda cell: f"{cell}%", where="all one")
in_cells(
    "spend_doubled_cell",
    "the spend twice in its cell (12.50 / 12.50)",
    "spend",
    lambda cell: f"{cell} / {cell}",
    where="one",
)
in_cells("spend_ten_fold", "a digit too many in the spend", "spend", lambda cell: f"1{cell}", where="one")
in_cells("spend_negative", "a minus before the spend", "spend", lambda cell: f"-{cell}", where="some")
in_cells(
    "spend_other_mark",
    "point and comma changed for each other in the spend",
    "spend",
    lambda cell: cell.translate(str.maketrans(",.", ".,")),
    where="all some one",
)
in_cells(
    "spend_without_mark",
    "the decimal mark of the spend lost (12.50 as 1250)",
    "spend",
    lambda cell: "".join(character for character in cell if character.isdigit()),
    where="all some one",
)
in_cells(
    "spend_in_dollars",
    "a dollar sign before the spend, which is in EUR",
    "spend",
    lambda cell: f"${cell.lstrip('€')}",
    where="all some",
)
in_cells("spend_in_pounds", "'GBP' after the spend, which is in EUR", "spend", lambda cell: f"{cell.lstrip('€')} GBP")
in_cells("impressions_not_available", "'n.v.' for the impressions", "impressions", lambda _: "n.v.", where="some")
in_cells("clicks_blank", "a blank cell for the clicks", "clicks", lambda _: "", where="some")


def _each_number(sheet: Sheet, kind: str, written: str, most: int = 0) -> Sheet | None:
    """The numbers of a column above `most`, by thousands or millions."""
    if sheet.at(kind) is None:
        return None
    mark = sheet.export.number[-3]

    def change(cell: str) -> str:
        number = sheet.number(cell)
        if number is None or number < most:
            return cell
        return written.format(number / 1000, number / 1_000_000, number).replace(".", mark)

    return sheet.with_cells(kind, change)


add(
    "spend_in_thousands",
    "thousands as K in the spend (1.2K)",
    lambda sheet: _each_number(sheet, "spend", "{0:.1f}K", 1000),
)
add(
    "impressions_in_thousands",
    "thousands as K in the impressions",
    lambda sheet: _each_number(sheet, "impressions", "{0:.1f}K", 1000),
)
add(
    "impressions_in_millions",
    "millions as M in the impressions",
    lambda sheet: _each_number(sheet, "impressions", "{1:.3f}M"),
)
add(
    "spend_rounded",
    "the spend rounded to whole units",
    lambda sheet: _each_number(sheet, "spend", "{2:.0f}") if sheet.has("spend") else None,
)
add(
    "spend_in_cents",
    "the spend in cents",
    lambda sheet: (
        sheet.with_cells("spend", lambda cell: f"{(sheet.number(cell) or Decimal(0)) * 100:.0f}")
        if sheet.has("spend")
        else None
    ),
)

# of days
in_cells("days_blank", "a blank cell for the day", "day", lambda _: "")
in_cells(
    "days_hidden", "'########' for the day, as a narrow column shows it", "day", lambda _: "########", where="some"
)
in_cells("days_zero_width", "a zero-width mark before the day", "day", lambda cell: f"\ufeff{cell}", where="all one")
in_cells("days_directional", "a left-to-right mark before the day", "day", lambda cell: f"\u200e{cell}", where="all")
in_cells("days_year_off", "the year before", "day", lambda cell: cell.replace("2026", "2025"), where="all some one")
in_cells("days_century_off", "the year 1926", "day", lambda cell: cell.replace("2026", "1926"), where="one")
in_cells("days_years_on", "the year 2062", "day", lambda cell: cell.replace("2026", "2062"), where="one")
in_cells(
    "days_without_year",
    "the day without its year",
    "day",
    lambda cell: cell.replace("2026", "").strip("-/. ,年").removesuffix(" de"),
    where="all some",
)
in_cells(
    "days_of_two_digits", "the year in two digits", "day", lambda cell: cell.replace("2026", "26"), where="all some"
)


def _days(sheet: Sheet, form: str, *, keep_from: int = 1, keep_to: int = 31, few: bool = False) -> Sheet:
    """The days in another form, those of some days of the month or of some rows."""
    written = {
        sheet.export.day.format(d=day, m=9, y=2026, name=sheet.export.month): day for day in range(1, 31)
    }  # fmt: skip

    def change(cell: str) -> str:
        day = written.get(cell)
        if day is None or not keep_from <= day <= keep_to:
            return cell
        return form.format(d=day, m=9, y=2026, serial=(date(2026, 9, day) - date(1899, 12, 30)).days, yy=26)

    for kind in ("day", "end"):
        if kind in sheet.kinds:
            sheet = sheet.with_cells(kind, change, some(sheet) if few else None)
    return sheet


def _turned(sheet: Sheet) -> str | None:
    """The form of a day with day and month in each other's places; none where a month is named or the year is first."""
    form = sheet.export.day
    if "{name}" in form or form.startswith("{y}"):
        return None
    return form.replace("{d", "{x").replace("{m", "{d").replace("{x", "{m")


@damage
def days_turned(sheet: Sheet) -> Sheet | None:
    """Day and month in each other's places, of a whole month."""
    form = _turned(sheet)
    return _days(sheet, form) if form else None


@damage
def days_turned_to_the_twelfth(sheet: Sheet) -> Sheet | None:
    """Day and month in each other's places, of the first twelve days of a month."""
    form = _turned(sheet)
    return _days(sheet.only(lambda fact: fact.day <= "2026-09-12"), form) if form else None


@damage
def days_turned_where_possible(sheet: Sheet) -> Sheet | None:
    """Day and month in each other's places where both are months, as a spreadsheet of another country saves them."""
    form = _turned(sheet)
    return _days(sheet, form, keep_to=12) if form else None


@damage
def days_turned_then_iso(sheet: Sheet) -> Sheet | None:
    """Days to the twelfth read the other way round and written as ISO, the others as they were."""
    return _days(sheet, "{y}-{d:02}-{m:02}", keep_to=12) if _turned(sheet) else None


@damage
def days_iso_turned(sheet: Sheet) -> Sheet | None:
    """Days to the twelfth of a month as ISO, turned round by a script (2026-03-09 for 9 March)."""
    return _days(sheet.only(lambda fact: fact.day <= "2026-09-12"), "{y}-{d:02}-{m:02}")


@damage
def days_as_us(sheet: Sheet) -> Sheet:
    """Days of a whole month as 9/30/2026."""
    return _days(sheet, "{m}/{d}/{y}")


@damage
def days_as_us_to_the_twelfth(sheet: Sheet) -> Sheet:
    """Days to the twelfth of a month as 9/12/2026."""
    return _days(sheet.only(lambda fact: fact.day <= "2026-09-12"), "{m}/{d}/{y}")


@damage
def days_as_us_in_some_rows(sheet: Sheet) -> Sheet:
    """Days as 9/30/2026 in some rows."""
    return _days(sheet, "{m}/{d}/{y}", few=True)


@damage
def days_as_serials(sheet: Sheet) -> Sheet:
    """Days as a spreadsheet counts them (46266)."""
    return _days(sheet, "{serial}")


@damage
def days_as_serials_in_some_rows(sheet: Sheet) -> Sheet:
    """Days as a spreadsheet counts them, in some rows."""
    return _days(sheet, "{serial}", few=True)


@damage
def days_as_serials_of_1904(sheet: Sheet) -> Sheet:
    """Days as an old Mac workbook counts them (44804)."""
    return _days(sheet, "{serial}").with_cells("day", lambda cell: str(int(cell) - 1462) if cell.isdigit() else cell)


# of names
in_cells(
    "names_zero_width",
    "a zero-width space behind the campaign's name",
    "campaign",
    lambda cell: f"{cell}\u200b",
    where="some",
)
in_cells(
    "names_directional",
    "directional marks around the campaign's name",
    "campaign",
    lambda cell: f"\u202a{cell}\u202c",
    where="all some",
)
in_cells(
    "names_with_hard_spaces",
    "no-break spaces in the campaign's name",
    "campaign",
    lambda cell: cell.replace(" ", "\u00a0"),
    where="some",
)
in_cells("names_with_spaces", "spaces around the campaign's name", "campaign", lambda cell: f"  {cell} ", where="some")
in_cells("names_upper", "the campaign's name in capitals", "campaign", str.upper, where="some")
in_cells(
    "names_decomposed",
    "accents apart from their letters (NFD) in the campaign's name",
    "campaign",
    lambda cell: unicodedata.normalize("NFD", cell),
    where="some",
)
in_cells("names_blank", "a blank cell for the campaign's name", "campaign", lambda _: "")
in_cells("names_error", "'#NAME?' for the campaign's name", "campaign", lambda _: "#NAME?")
in_cells(
    "names_escaped",
    "HTML escapes in the campaign's name",
    "campaign",
    lambda cell: cell.replace("'", "&#39;").replace('"', "&quot;").replace("-", "&ndash;").replace("2026", "&copy;"),
    where="some",
)
in_cells(
    "names_questioned",
    "'?' for what is not ASCII in the campaign's name",
    "campaign",
    lambda cell: cell.encode("ascii", "replace").decode(),
    where="all some",
)
in_cells(
    "names_replaced",
    "U+FFFD for what is not ASCII in the campaign's name",
    "campaign",
    lambda cell: "".join(character if character.isascii() else "\ufffd" for character in cell),
    where="some",
)
in_cells(
    "names_misread",
    "UTF-8 read as Windows-1252 in the campaign's name",
    "campaign",
    lambda cell: cell.encode().decode("cp1252", "replace"),
    where="all some",
)


@damage
def names_given_once(sheet: Sheet) -> Sheet:
    """The campaign's name only in the first of its rows, as in a pivot table."""
    sheet = sheet.without_totals()
    at = sheet.at("campaign") or 0
    above = dict(zip(sheet.data[1:], sheet.data, strict=False))
    blank = [row for row, before in above.items() if sheet.rows[row][at] == sheet.rows[before][at]]
    return sheet.with_cells("campaign", lambda _: "", blank)


@damage
def names_and_days_given_once(sheet: Sheet) -> Sheet:
    """Days, then campaigns: the day only in the first of its rows, as in a pivot table."""
    sheet = sheet.without_totals()
    order = sorted(range(len(sheet.rows)), key=lambda at: (sheet.facts[at].day, sheet.facts[at].campaign))
    day = sheet.at("day") or 0
    sheet = replace(sheet, rows=tuple(sheet.rows[at] for at in order), facts=tuple(sheet.facts[at] for at in order))
    blank = [at for at in range(1, len(order)) if sheet.rows[at][day] == sheet.rows[at - 1][day]]
    for kind in ("day", "end"):
        if kind in sheet.kinds:
            sheet = sheet.with_cells(kind, lambda _: "", blank)
    return sheet


# of ids
def _with_ids(sheet: Sheet) -> Sheet | None:
    """The sheet with a column of long ids, one a campaign."""
    if any(fact.campaign_id for fact in sheet.facts):
        return None
    ids = {fact.campaign: f"1202{number}0987654321{number}47" for number, fact in enumerate(sheet.facts[::30], 1)}
    facts = tuple(fact._replace(campaign_id=ids[fact.campaign]) for fact in sheet.facts)
    by_row = dict(zip(sheet.data, facts, strict=True))
    return replace(sheet, facts=facts).with_column(
        id_header(sheet.export), "id", lambda row: by_row[row].campaign_id or ""
    )


def _ids(name: str, what: str, form: str, *, few: bool = False) -> None:
    def apply(sheet: Sheet) -> Sheet | None:
        found = _with_ids(sheet)
        mark = sheet.export.number[-3]
        if found is None:
            return None

        def change(cell: str) -> str:
            power = f"{Decimal(cell):.2E}".replace(".", mark)
            return form.format(
                cell, rounded=cell[:15] + "0" * (len(cell) - 15), power=power, thousands=f"{int(cell):,}"
            )

        return found.with_cells("id", change, some(found) if few else None)

    add(name, what, apply)


_ids("ids_rounded", "ids rounded to 15 digits", "{rounded}")
_ids("ids_rounded_in_some_rows", "ids rounded to 15 digits in some rows", "{rounded}", few=True)
_ids("ids_as_floats", "ids as 120210987654321147.0", "{0}.0")
_ids("ids_as_floats_in_some_rows", "ids with .0 in some rows", "{0}.0", few=True)
_ids("ids_as_formulas", 'ids as ="120210987654321147"', '="{0}"')
_ids("ids_with_apostrophe", "ids with an apostrophe before them", "'{0}")
_ids("ids_as_powers", "ids as 1.20E+17", "{power}")
_ids("ids_as_powers_in_some_rows", "ids as 1.20E+17 in some rows", "{power}", few=True)
_ids("ids_with_thousands", "ids with commas between thousands", "{thousands}")


@damage
def currency_differs_in_some_rows(sheet: Sheet) -> Sheet | None:
    """Another currency (USD) in some rows of the currency column: two sums."""
    if not sheet.has("currency"):
        return None
    rows = {sheet.data.index(row) for row in some(sheet)}
    facts: tuple[Fact, ...] = tuple(
        fact._replace(currency="USD") if at in rows else fact for at, fact in enumerate(sheet.facts)
    )
    return replace(sheet, facts=facts).with_cells("currency", lambda _: "USD", some(sheet))


in_cells("currency_blank", "a blank cell for the currency", "currency", lambda _: "")


@damage
def currency_blank(sheet: Sheet) -> Sheet | None:
    """A blank cell for the currency in all rows: nobody knows it then."""
    if not sheet.has("currency"):
        return None
    return sheet.unknown("currency").with_cells("currency", lambda _: "")


in_cells("currency_by_sign", "'$' for the currency", "currency", lambda _: "$", where="some")


@damage
def currency_in_header_contradicts_column(sheet: Sheet) -> Sheet | None:
    """'(USD)' in the header of the spend, EUR in the currency column."""
    if not sheet.has("currency", "spend"):
        return None
    at = sheet.at("spend") or 0
    return replace(sheet, header=(*sheet.header[:at], f"{sheet.header[at]} (USD)", *sheet.header[at + 1 :]))
